//! How a callback is asked, and what its answers mean.

use super::*;

#[tokio::test]
async fn a_callback_is_asked_what_websub_says() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[]).await;
    let question = subscriber.seen(|seen| seen.questions[0].clone());
    let names: Vec<_> = question.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["of", "hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds"]);
    assert_eq!(subscriber.asked("hub.topic").as_deref(), Some(CATS));
    assert_eq!(subscriber.asked("hub.lease_seconds").as_deref(), Some("86400"));
    // To subscribe anew is allowed at any time, and asks with another challenge.
    let first = subscriber.asked("hub.challenge").unwrap();
    assert_eq!(stage.subscribe(&subscriber.callback, &[]).await.status, StatusCode::ACCEPTED);
    until("it is asked again", || subscriber.seen(|seen| seen.questions.len()) == 2).await;
    let second = subscriber.asked("hub.challenge").unwrap();
    assert!(first != second && first.len() == 36, "{first} {second}");
    until("it is one subscription", || stage.active() == 1).await;
}

#[tokio::test]
async fn a_topic_is_repeated_to_the_letter_and_is_the_same_however_it_is_spelled() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[]).await;
    let other = "http://hub.test:80/topics/tags?x=%20y&tags=CAT";
    let form = [("hub.mode", "subscribe"), ("hub.topic", other), ("hub.callback", &*subscriber.callback)];
    assert_eq!(stage.ask(&form).await.status, StatusCode::ACCEPTED);
    until("it is asked", || subscriber.asked("hub.topic").as_deref() == Some(other)).await;
    assert_eq!(stage.engine.all().len(), 1);
}

#[tokio::test]
async fn one_callback_may_have_several_topics() {
    let stage = Stage::new();
    let subscriber = stage.subscribed(&[]).await;
    let dogs = "http://hub.test/topics/tags?tags=dog";
    let form = [("hub.mode", "subscribe"), ("hub.topic", dogs), ("hub.callback", &*subscriber.callback)];
    assert_eq!(stage.ask(&form).await.status, StatusCode::ACCEPTED);
    until("both are verified", || stage.active() == 2).await;
}

#[tokio::test]
async fn no_lease_is_for_ever_and_none_too_short() {
    let stage = Stage::new();
    for (asked, granted) in [("1", "300"), ("3600", "3600"), ("99999999999999999999", "86400"), ("0", "86400")] {
        let subscriber = stage.subscribed(&[("hub.lease_seconds", asked)]).await;
        assert_eq!(subscriber.asked("hub.lease_seconds").as_deref(), Some(granted));
    }
    assert!(stage.engine.all().iter().all(|it| it.lease.is_some() && it.guest));
}

#[tokio::test]
async fn an_answer_that_is_no_confirmation_is_final() {
    // WebSub section 5.3: 404, any other status, a redirect, another body.
    let check = async |status: u16, echo: Option<&str>| {
        let stage = Stage::new();
        let subscriber = Subscriber::listen().await;
        subscriber.seen(|seen| (seen.answers, seen.echo) = ([status].into(), echo.map(str::to_owned)));
        assert_eq!(stage.subscribe(&subscriber.callback, &[]).await.status, StatusCode::ACCEPTED);
        until("it is given up", || stage.engine.all().is_empty()).await;
        assert_eq!(subscriber.seen(|seen| (seen.questions.len(), seen.followed)), (1, 0), "{status} {echo:?}");
    };
    check(404, None).await;
    check(400, None).await;
    check(302, None).await;
    check(307, None).await;
    check(200, Some("")).await;
    check(200, Some("no")).await;
}

#[tokio::test]
async fn who_fails_for_a_moment_is_asked_three_times() {
    let stage = Stage::new();
    let subscriber = Subscriber::listen().await;
    subscriber.seen(|seen| seen.answers.extend([500, 503, 500]));
    assert_eq!(stage.subscribe(&subscriber.callback, &[]).await.status, StatusCode::ACCEPTED);
    until("it is given up", || stage.engine.all().is_empty()).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 3);
}

#[tokio::test]
async fn the_end_of_a_subscription_is_verified_too() {
    let stage = Stage::with(Limits { burst: 10_000, host_burst: 10_000, ..Limits::default() }, Reach::ThisMachine);
    let subscriber = stage.subscribed(&[]).await;
    let form = [("hub.mode", "unsubscribe"), ("hub.topic", CATS), ("hub.callback", &*subscriber.callback)];
    subscriber.seen(|seen| seen.answers.extend([404]));
    assert_eq!(stage.ask(&form).await.status, StatusCode::ACCEPTED);
    until("it was asked, and did not want that", || subscriber.asked("hub.mode").as_deref() == Some("unsubscribe"))
        .await;
    assert_eq!(subscriber.asked("hub.lease_seconds"), None);
    // The refusal is seen to when the same may be asked for again.
    let answer = async || stage.ask(&form).await.status;
    let mut status = answer().await;
    while status == StatusCode::TOO_MANY_REQUESTS {
        sleep(Duration::from_millis(10)).await;
        status = answer().await;
    }
    assert_eq!(status, StatusCode::ACCEPTED);
    until("it is over", || stage.engine.all().is_empty()).await;
    assert_eq!(answer().await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_topic_of_an_account_is_denied_with_a_reason() {
    let stage = Stage::new();
    let subscriber = Subscriber::listen().await;
    let topic = "http://hub.test/topics/contacts_faves";
    let form = [("hub.mode", "subscribe"), ("hub.topic", topic), ("hub.callback", &*subscriber.callback)];
    assert_eq!(stage.ask(&form).await.status, StatusCode::ACCEPTED);
    until("it is told", || subscriber.asked("hub.mode").as_deref() == Some("denied")).await;
    assert_eq!(subscriber.asked("hub.topic").as_deref(), Some(topic));
    assert!(subscriber.asked("hub.reason").unwrap().contains("belongs to an account"));
    assert_eq!(subscriber.asked("hub.challenge"), None);
    until("nothing is left of it", || stage.engine.all().is_empty()).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 1);
}

#[tokio::test]
async fn pubsubhubbub_asks_before_it_answers_and_shows_the_token() {
    let stage = Stage::new();
    let subscriber = Subscriber::listen().await;
    let old = [("hub.verify", "sync"), ("hub.verify_token", "a token & more")];
    assert_eq!(stage.subscribe(&subscriber.callback, &old).await.status, StatusCode::NO_CONTENT);
    assert_eq!(subscriber.asked("hub.verify_token").as_deref(), Some("a token & more"));
    assert_eq!(stage.active(), 1);
    let refusing = Subscriber::listen().await;
    refusing.seen(|seen| seen.answers.extend([404]));
    let answer = stage.subscribe(&refusing.callback, &old).await;
    assert_eq!((answer.status, answer.text.contains("404")), (StatusCode::CONFLICT, true), "{}", answer.text);
}
