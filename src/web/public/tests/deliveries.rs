//! What a subscriber of the public hub gets.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::*;
use crate::feed;

#[tokio::test]
async fn a_topic_leads_to_its_hub_by_headers_and_in_the_feed() {
    let stage = Stage::new();
    let answer = stage.get("/topics/tags?tags=Cat").await;
    assert_eq!(answer.headers["link"], format!("<http://hub.test/hub>; rel=\"hub\", <{CATS}>; rel=\"self\""));
    assert!(answer.headers[CONTENT_TYPE].to_str().unwrap().starts_with("application/atom+xml"));
    assert!(answer.text.contains(&format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{CATS}\"/>")));
    assert!(answer.text.contains("<link rel=\"hub\" href=\"http://hub.test/hub\"/>"), "{}", answer.text);
    assert!(!answer.text.contains("<entry>"));
    (1..=25).for_each(|photo| stage.cat(photo));
    until("they are known", || stage.engine.counts().waiting == 0).await;
    let answer = stage.get("/topics/tags?tags=cat,dog").await;
    let ids: Vec<u64> =
        answer.text.split("<entry><id>").skip(1).map(|it| it.split('<').next().unwrap().parse().unwrap()).collect();
    assert_eq!(ids, (6..=25).rev().collect::<Vec<_>>(), "the newest twenty, the newest first");
    assert!(!stage.get("/topics/tags?tags=dog").await.text.contains("<entry>"));
}

#[tokio::test]
async fn a_delivery_is_a_feed_with_links_and_a_signature() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[("hub.secret", "hush")]).await;
    let open = stage.subscribed(&[]).await;
    stage.cat(7);
    until("both got it", || [&subscriber, &open].iter().all(|it| it.seen(|seen| seen.posts.len()) == 1)).await;
    let (headers, body) = subscriber.seen(|seen| seen.posts.remove(0));
    assert_eq!(headers[CONTENT_TYPE], "application/atom+xml");
    assert_eq!(headers["link"], format!("<http://hub.test/hub>; rel=\"hub\", <{CATS}>; rel=\"self\""));
    let signature = headers["x-hub-signature"].to_str().unwrap().strip_prefix("sha256=").unwrap().to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"hush").unwrap();
    mac.update(body.as_bytes());
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signature, hex);
    assert!(body.contains("<entry><id>7</id>") && body.contains(&format!("href=\"{CATS}\"")), "{body}");
    assert!(feed::read(body.as_bytes()).is_ok(), "{body}");
    assert!(!open.seen(|seen| seen.posts[0].0.contains_key("x-hub-signature")));
}

#[tokio::test]
async fn what_is_not_accepted_comes_again_and_410_ends_it() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[]).await;
    subscriber.seen(|seen| seen.answers.extend([500, 302, 200, 410]));
    stage.cat(1);
    until("it was accepted", || stage.engine.counts().deliveries == 1).await;
    assert_eq!(subscriber.seen(|seen| (seen.posts.len(), seen.followed)), (3, 0), "a redirect is no acceptance");
    stage.cat(2);
    until("it is over", || stage.engine.all().is_empty()).await;
}

#[tokio::test]
async fn who_accepts_nothing_for_too_long_is_told_that_it_is_over() {
    let quick = Duration::from_millis(10);
    let hasty = Settings { retry: quick, retry_most: quick, patience: quick * 5, ..Settings::default() };
    let settings = Settings { delay: quick, burst: 1000, ..hasty };
    let engine = Hub::new(settings, endpoint::client().unwrap(), Clock::system(), Faults::default(), 7);
    let stop = CancellationToken::new();
    let (runner, ended) = (engine.clone(), stop.clone());
    tokio::spawn(async move { runner.run(ended).await });
    let caller = Caller::new(Reach::ThisMachine).unwrap();
    let hub = PublicHub::new(engine.clone(), "http://hub.test", caller, Clock::system());
    let stage = Stage { router: router(hub), engine, _guard: stop.drop_guard() };
    let subscriber = stage.subscribed(&[]).await;
    subscriber.seen(|seen| seen.answers.extend([500; 1000]));
    stage.cat(1);
    until("it is told", || subscriber.asked("hub.mode").as_deref() == Some("denied")).await;
    until("nothing is left of it", || stage.engine.all().is_empty()).await;
}
