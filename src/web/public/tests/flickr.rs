//! `flickr.push.*` for strangers.

use super::*;

async fn call(stage: &Stage, arguments: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(arguments).finish();
    let answer = stage.get(&format!("/services/rest?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    answer.text
}

async fn subscribe(stage: &Stage, more: &[(&str, &str)]) -> String {
    let usual = [
        ("method", "flickr.push.subscribe"),
        ("format", "json"),
        ("nojsoncallback", "1"),
        ("topic", "tags"),
        ("tags", "cat"),
        ("verify", "sync"),
        ("callback", "http://127.0.0.1:9/"),
    ];
    call(stage, &[&usual, more].concat()).await
}

#[tokio::test]
async fn a_flickr_conduit_subscribes_as_it_did_and_is_spoken_to_as_it_was() {
    let stage = Stage::new();
    let subscriber = Subscriber::listen().await;
    let more = [("callback", &*subscriber.callback), ("verify_token", "nolans funtime")];
    assert_eq!(subscribe(&stage, &more).await, r#"{"stat":"ok"}"#);
    let names: Vec<String> = subscriber.seen(|seen| seen.questions[0].iter().map(|(name, _)| name.clone()).collect());
    assert_eq!(names, ["of", "mode", "topic", "challenge", "verify_token", "lease_seconds"]);
    assert_eq!(subscriber.asked("verify_token").as_deref(), Some("nolans funtime"));
    stage.cat(1);
    until("it got it", || subscriber.seen(|seen| seen.posts.len()) == 1).await;
    assert!(!subscriber.seen(|seen| seen.posts[0].0.contains_key("link")));
    let end = [
        ("method", "flickr.push.unsubscribe"),
        ("topic", "tags"),
        ("verify", "sync"),
        ("callback", &*subscriber.callback),
    ];
    assert!(call(&stage, &end).await.contains("<rsp stat=\"ok\"></rsp>"));
    assert!(stage.engine.all().is_empty());
    assert!(call(&stage, &end).await.contains("code=\"7\""));
}

#[tokio::test]
async fn what_is_refused_has_flickrs_number() {
    let stage = Stage::new();
    let token = "t".repeat(201);
    for (name, value, code) in [
        ("topic", "", 1),
        ("topic", "airports", 2),
        ("topic", "my_faves", 99),
        ("topic", "contacts_photos", 99),
        ("tags", "", 1),
        ("verify", "", 1),
        ("verify", "maybe", 2),
        ("callback", "", 1),
        ("callback", "mailto:a@b.test", 2),
        ("callback", "http://10.0.0.1/", 2),
        ("lease_seconds", "59", 2),
        ("lease_seconds", "86401", 2),
        ("verify_token", &*token, 2),
        ("method", "flickr.push.getSubscriptions", 99),
        ("method", "flickr.photos.search", 112),
        ("callback", "http://127.0.0.1:9/", 2),
    ] {
        let answer = subscribe(&stage, &[(name, value)]).await;
        assert!(answer.contains(&format!("\"code\":{code},")), "{name}={value}: {answer}");
    }
    let refusing = Subscriber::listen().await;
    refusing.seen(|seen| seen.answers.extend([404]));
    let answer = subscribe(&stage, &[("callback", &refusing.callback)]).await;
    assert!(answer.contains("\"code\":4,") && answer.contains("404"), "{answer}");
}

#[tokio::test]
async fn it_answers_in_xml_and_in_json() {
    let stage = Stage::new();
    let xml = call(&stage, &[("method", "flickr.push.getTopics")]).await;
    assert!(xml.contains("<topic name=\"tags\" display_name=\"photos with a tag (or tags)\"/>"), "{xml}");
    assert_eq!(xml.matches("<topic ").count(), 3, "{xml}");
    let json = call(&stage, &[("method", "flickr.push.getTopics"), ("format", "json")]).await;
    assert!(json.starts_with("jsonFlickrApi({") && json.contains("\"name\":\"geo\""), "{json}");
    let odd = call(&stage, &[("method", "a\"<b>"), ("format", "rest")]).await;
    assert!(odd.contains("code=\"112\"") && !odd.contains("<b>"), "{odd}");
    assert!(call(&stage, &[("format", "php")]).await.contains("code=\"111\""));
}

#[tokio::test]
async fn one_callback_that_subscribes_in_both_ways_is_spoken_to_in_both() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[]).await;
    assert_eq!(subscribe(&stage, &[("callback", &*subscriber.callback)]).await, r#"{"stat":"ok"}"#);
    assert_eq!(stage.active(), 2, "neither takes the other's place");
    stage.cat(1);
    until("it got both", || subscriber.seen(|seen| seen.posts.len()) == 2).await;
    let linked = subscriber.seen(|seen| seen.posts.iter().filter(|(headers, _)| headers.contains_key("link")).count());
    assert_eq!(linked, 1);
    let end = [
        ("method", "flickr.push.unsubscribe"),
        ("format", "json"),
        ("nojsoncallback", "1"),
        ("topic", "tags"),
        ("verify", "sync"),
        ("callback", &*subscriber.callback),
    ];
    assert_eq!(call(&stage, &end).await, r#"{"stat":"ok"}"#);
    assert_eq!(stage.active(), 1, "and each ends its own");
    stage.cat(2);
    until("it got one more", || subscriber.seen(|seen| seen.posts.len()) == 3).await;
    assert!(subscriber.seen(|seen| seen.posts[2].0.contains_key("link")));
}
