//! The handshake.

use super::*;

#[tokio::test]
async fn a_verification_asks_in_flickrs_words_after_the_callbacks_own_query() {
    let (hub, _guard) = start(quick());
    let (subscriber, callback) = subscribed(&hub).await;
    let question = subscriber.seen(|seen| seen.questions[0].clone());
    let challenge = subscriber.asked("challenge").remove(0);
    assert_eq!(challenge.len(), 20);
    let expected =
        "sub=me&mode=subscribe&topic=tags&challenge=CHALLENGE&verify_token=a+token+%26+more&lease_seconds=86400";
    assert_eq!(question.replace(&challenge, "CHALLENGE"), expected);
    let subscription = hub.subscriptions(ME).remove(0);
    assert!(!subscription.pending && subscription.callback == callback && subscription.verify_attempts == 0);
    assert_eq!((subscription.created, subscription.lease), (noon(), None));
    assert_eq!(subscription.expiry.as_second() - noon().as_second(), 86_400);
    assert_eq!(hub.subscriptions("2@N01").len(), 0);

    let other = subscriber.listen().await;
    let lease = Some(Duration::from_secs(60));
    hub.subscribe(Request { verify_token: None, lease, ..request(&other) }).await.unwrap();
    let question = subscriber.seen(|seen| seen.questions[1].clone());
    assert!(!question.contains("verify_token") && question.ends_with("&lease_seconds=60"), "{question}");
    assert_eq!(hub.subscriptions(ME)[1].expiry.as_second() - noon().as_second(), 60);
}

#[tokio::test]
async fn a_synchronous_verification_that_fails_says_how_and_leaves_nothing() {
    let (hub, _guard) = start(quick());
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    let failed = |why: &str| Err(SubscribeError::Failed(why.to_owned()));
    for status in [404, 504, 302] {
        subscriber.seen(|seen| seen.verdicts.push_back(status));
        let expected = if status == 302 { "400".to_owned() } else { status.to_string() };
        assert_eq!(hub.subscribe(request(&callback)).await, failed(&expected));
    }
    for echo in ["", "abc\n", "<html>not here\n</html>"] {
        subscriber.seen(|seen| seen.echo = Some(echo.to_owned()));
        assert_eq!(hub.subscribe(request(&callback)).await, failed("wrong challenge"));
    }
    let nobody = "http://127.0.0.1:9/callback".parse().unwrap();
    assert_eq!(hub.subscribe(request(&nobody)).await, failed("no answer"));
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 6, "each was asked once");
    assert_eq!(hub.counts().subscriptions, 0);
}

#[tokio::test]
async fn an_asynchronous_verification_is_tried_again_and_nothing_is_pushed_before() {
    let (hub, _guard) = start(Settings { reask: ms(400), reask_most: ms(400), ..quick() });
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    subscriber.seen(|seen| seen.verdicts.extend([404, 503]));
    hub.subscribe(Request { verify: Verify::Async, ..request(&callback) }).await.unwrap();
    let state = || hub.subscriptions(ME).first().map(|it| (it.pending, it.verify_attempts));
    assert_eq!(state(), Some((true, 0)));
    until("one attempt failed", || state() == Some((true, 1))).await;
    hub.happened(upload(1));
    assert_eq!(hub.subscribe(request(&callback)).await, Err(SubscribeError::Awaiting));
    until("that task was due", || hub.counts().waiting == 0).await;
    until("it is verified", || state() == Some((false, 2))).await;
    hub.happened(upload(2));
    until("something came", || !subscriber.photos().is_empty()).await;
    assert_eq!(subscriber.photos(), [[2]]);
    let mut challenges = subscriber.asked("challenge");
    challenges.dedup();
    assert_eq!(challenges.len(), 3);
}

#[tokio::test]
async fn an_asynchronous_verification_is_given_up_one_day() {
    let (hub, _guard) = start(Settings { attempts: 3, ..quick() });
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.echo = Some("no".into()));
    hub.subscribe(Request { verify: Verify::Async, ..request(&subscriber.listen().await) }).await.unwrap();
    until("it is gone", || hub.subscriptions(ME).is_empty()).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 3);
}

#[tokio::test]
async fn a_callback_is_for_one_subscription_of_an_account() {
    let (hub, _guard) = start(quick());
    let (subscriber, callback) = subscribed(&hub).await;
    let dogs = Interest::Topic(Topic::tags(["dog"]).unwrap());
    let wish = Request { interest: dogs, ..request(&callback) };
    assert_eq!(hub.subscribe(wish.clone()).await, Err(SubscribeError::InUse));
    hub.subscribe(Request { account: "2@N01".into(), ..wish }).await.unwrap();
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 2);
    assert_eq!(hub.counts().subscriptions, 2);
}

#[tokio::test]
async fn to_subscribe_anew_changes_token_and_lease_if_the_callback_agrees() {
    let (hub, _guard) = start(quick());
    let (subscriber, callback) = subscribed(&hub).await;
    let lease = Some(Duration::from_secs(60));
    let anew = Request { lease, verify_token: Some("new".into()), ..request(&callback) };
    subscriber.seen(|seen| seen.verdicts.push_back(404));
    assert_eq!(hub.subscribe(anew.clone()).await, Err(SubscribeError::Failed("404".into())));
    assert_eq!(hub.subscriptions(ME)[0].lease, None, "the old one goes on");
    hub.subscribe(anew).await.unwrap();
    let subscriptions = hub.subscriptions(ME);
    assert_eq!((subscriptions.len(), subscriptions[0].lease), (1, lease));
    hub.happened(upload(1));
    until("it came", || !subscriber.photos().is_empty()).await;
    assert_eq!(subscriber.photos(), [[1]], "once");
}

#[tokio::test]
async fn a_subscription_ends_when_the_callback_agrees() {
    let (hub, _guard) = start(quick());
    let (subscriber, callback) = subscribed(&hub).await;
    let end = async |verify| hub.unsubscribe(ME, Kind::Tags, &callback, verify, Some("bye".into())).await;
    subscriber.seen(|seen| seen.verdicts.push_back(404));
    assert_eq!(end(Verify::Sync).await, Err(SubscribeError::Failed("404".into())));
    assert_eq!(hub.subscriptions(ME).len(), 1);
    assert_eq!(end(Verify::Sync).await, Ok(()));
    assert_eq!(hub.subscriptions(ME).len(), 0);
    assert_eq!(end(Verify::Sync).await, Err(SubscribeError::NotFound));
    assert_eq!(subscriber.asked("mode"), ["subscribe", "unsubscribe", "unsubscribe"]);
    assert_eq!(subscriber.asked("verify_token")[2], "bye");

    hub.subscribe(request(&callback)).await.unwrap();
    let other = hub.unsubscribe(ME, Kind::Geo, &callback, Verify::Sync, None).await;
    assert_eq!(other, Err(SubscribeError::NotFound), "of another topic");
    subscriber.seen(|seen| seen.verdicts.push_back(503));
    assert_eq!(end(Verify::Async).await, Ok(()));
    assert_eq!(end(Verify::Async).await, Err(SubscribeError::Awaiting));
    until("it is gone", || hub.subscriptions(ME).is_empty()).await;
}

#[tokio::test]
async fn no_debug_output_of_a_hub_shows_a_callback() {
    let (hub, _guard) = start(quick());
    subscribed(&hub).await;
    let shown = format!("{hub:?} {:?} {:?}", hub.subscriptions(ME), hub.pushed());
    assert!(!shown.contains("sub=me"), "{shown}");
}
