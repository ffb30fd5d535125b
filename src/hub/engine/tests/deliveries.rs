//! From what happened to what is pushed.

use super::*;

#[tokio::test]
async fn a_delivery_looks_like_flickrs() {
    let (hub, _guard) = start(quick());
    let (subscriber, _) = subscribed(&hub).await;
    hub.happened(upload(5));
    until("it came", || !subscriber.photos().is_empty()).await;
    let (headers, body) = subscriber.seen(|seen| seen.posts.remove(0));
    assert_eq!(headers["content-type"], "application/atom+xml");
    assert_eq!(headers["user-agent"], "Flickr Kitten Hose");
    assert!(body.contains("<title>Photos tagged cat</title>"), "{body}");
    assert!(body.contains("<updated>2026-03-01T12:00:00Z</updated>"), "{body}");
    assert!(body.contains("  <entry><id>5</id><title>a cat</title></entry>\n</feed>"), "{body}");
    until("it is counted", || hub.counts().deliveries == 1).await;
    let pushed = hub.pushed().remove(0);
    assert_eq!((pushed.at, pushed.account.as_str(), pushed.photos, pushed.entries), (noon(), ME, vec![5], 1));
    assert_eq!((pushed.outcome.as_str(), pushed.interest), ("200", Interest::Topic(cats())));
    assert!(pushed.host.starts_with("http://127.0.0.1:") && !pushed.host.contains("callback"), "{}", pushed.host);
}

#[tokio::test]
async fn a_task_goes_to_everybody_whom_it_concerns_and_to_nobody_else() {
    let (hub, _guard) = start(quick());
    let topics = ["topic=tags&tags=cat", "topic=tags&tags=cat,kitten", "topic=tags&tags=dog", "topic=my_photos"];
    let mut subscribers = Vec::new();
    for topic in topics {
        let subscriber = Subscriber::default();
        let interest = Interest::Topic(Topic::from_text(topic).unwrap());
        hub.subscribe(Request { interest, ..request(&subscriber.listen().await) }).await.unwrap();
        subscribers.push(subscriber);
    }
    let all = Subscriber::default();
    hub.subscribe(Request { interest: Interest::Everything, ..request(&all.listen().await) }).await.unwrap();
    let mut task = upload(1);
    task.concerns.tags.push("kitten".into());
    hub.happened(task);
    let mut dog = upload(2);
    dog.concerns.tags = vec!["dog".into()];
    hub.happened(dog);
    until("all came", || hub.counts().entries == 5).await;
    let came: Vec<Vec<u64>> = subscribers.iter().chain([&all]).map(|it| it.photos().concat()).collect();
    assert_eq!(came, [vec![1], vec![1], vec![2], vec![], vec![1, 2]]);
}

#[tokio::test]
async fn what_is_due_together_goes_in_bundles_and_in_order() {
    let (hub, _guard) = start(Settings { delay: ms(100), ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    // The index is asked for each when it is due, and they are due one after another, so what is behind the first
    // delivery waits there.
    subscriber.shut.send_replace(true);
    (0..46).for_each(|photo| hub.happened(upload(photo)));
    until("the first came, and the others wait", || {
        hub.counts().waiting == 0 && subscriber.seen(|seen| seen.posts.len() == 1)
    })
    .await;
    subscriber.shut.send_replace(false);
    until("all came", || hub.counts().entries == 46).await;
    let came = subscriber.photos();
    assert_eq!(came.concat(), (0..46).collect::<Vec<_>>());
    assert!(came.iter().all(|it| it.len() <= 20) && came[1].len() == 20, "{came:?}");
}

#[tokio::test]
async fn ten_edits_push_once_with_the_last_title() {
    let (hub, _guard) = start(Settings { delay: ms(100), ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    for edit in 1..=10 {
        hub.happened(cat(1, Why::Update("title"), &format!("title {edit}")));
    }
    hub.happened(cat(2, Why::Update("title"), "the end"));
    until("both came", || hub.counts().entries == 2).await;
    let bodies = subscriber.seen(|seen| seen.accepted.concat());
    assert!(bodies.contains("<title>title 10</title>") && !bodies.contains("title 9"), "{bodies}");
    assert_eq!(hub.counts().swallowed, 9);
}

#[tokio::test]
async fn a_removal_swallows_what_waits_for_its_photo() {
    let (hub, _guard) = start(Settings { delay: ms(100), ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    hub.happened(upload(1));
    hub.happened(cat(1, Why::Fave("2@N01".into()), "faved"));
    hub.happened(cat(1, Why::Removed, "gone"));
    until("it came", || hub.counts().entries == 1).await;
    assert_eq!((hub.counts().swallowed, hub.counts().waiting), (2, 0));
    assert!(subscriber.seen(|seen| seen.accepted[0].contains("<title>gone</title>")));
}

#[tokio::test]
async fn what_is_not_accepted_comes_again_in_order_and_nothing_is_lost() {
    let (hub, _guard) = start(Settings { bundle: 3, ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    subscriber.seen(|seen| seen.answers.extend([503, 500, 200, 302, 404]));
    for photo in 0..10 {
        hub.happened(upload(photo));
        sleep(ms(5)).await;
    }
    until("all came", || hub.counts().entries == 10).await;
    assert_eq!(subscriber.photos().concat(), (0..10).collect::<Vec<_>>());
    assert_eq!((hub.counts().failed, hub.counts().dropped), (4, 0));
    let outcomes: Vec<String> = hub.pushed().into_iter().rev().map(|it| it.outcome).collect();
    assert_eq!(outcomes[..6], ["503", "500", "200", "302", "404", "200"]);
}

#[tokio::test]
async fn what_nobody_accepts_for_long_is_dropped_and_the_next_is_tried() {
    let (hub, _guard) = start(Settings { patience: ms(100), bundle: 1, ..quick() });
    let (subscriber, callback) = subscribed(&hub).await;
    subscriber.seen(|seen| seen.answers.extend([503; 1000]));
    hub.happened(upload(1));
    until("it was dropped", || hub.counts().dropped == 1).await;
    subscriber.seen(|seen| seen.answers.clear());
    hub.happened(upload(2));
    until("the next came", || subscriber.photos() == [[2]]).await;
    assert_eq!(hub.subscriptions(ME)[0].callback, callback);
}

#[tokio::test]
async fn a_callback_that_answers_410_is_left_alone() {
    let (hub, _guard) = start(Settings { bundle: 1, ..quick() });
    let (subscriber, callback) = subscribed(&hub).await;
    subscriber.seen(|seen| seen.answers.push_back(410));
    hub.happened(upload(1));
    hub.happened(upload(2));
    until("the subscription is over", || hub.subscriptions(ME).is_empty()).await;
    hub.subscribe(request(&callback)).await.unwrap();
    hub.happened(upload(3));
    until("a new one gets what is new", || subscriber.photos() == [[3]]).await;
    until("it was counted", || hub.counts().deliveries == 1).await;
    assert_eq!((hub.pushed()[1].outcome.as_str(), hub.counts().failed), ("410", 1));
}

#[tokio::test]
async fn a_subscription_that_is_forgotten_gets_and_hears_nothing() {
    let (hub, _guard) = start(quick());
    let (subscriber, callback) = subscribed(&hub).await;
    let (other, _) = subscribed(&hub).await;
    assert!(hub.forget(ME, &callback));
    assert!(!hub.forget(ME, &callback));
    hub.happened(upload(1));
    until("the other got it", || !other.photos().is_empty()).await;
    assert_eq!(subscriber.seen(|seen| (seen.posts.len(), seen.questions.len())), (0, 1));
}

#[tokio::test]
async fn a_quiet_hub_has_nothing_on_its_agenda_and_a_fave_is_pushed_within_a_second_and_a_half() {
    let (hub, _guard) = start(Settings::default());
    let (subscriber, _) = subscribed(&hub).await;
    let began = Instant::now();
    hub.happened(cat(1, Why::Fave("2@N01".into()), "faved"));
    until("it came", || !subscriber.photos().is_empty()).await;
    let took = began.elapsed();
    assert!(took >= ms(700) && took < ms(1500), "{took:?}");
    until("it was counted", || hub.counts().deliveries == 1).await;
    let next = hub.lock().next().unwrap();
    assert!(next > Instant::now() + Duration::from_secs(80_000), "only the renewal is left to do");
}
