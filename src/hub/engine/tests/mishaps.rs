//! Each fault does what it says.

use super::*;

/// A hub with a subscription, and then with one fault.
async fn struck(fault: Fault, settings: Settings) -> (Hub, DropGuard, Subscriber) {
    let (hub, guard) = start(settings);
    let (subscriber, _) = subscribed(&hub).await;
    hub.faults().set(fault, 1);
    (hub, guard, subscriber)
}

#[tokio::test]
async fn late_holds_a_delivery_up_and_keeps_the_order() {
    let (hub, _guard, subscriber) = struck(Fault::Late, Settings { late: ms(300), ..quick() }).await;
    let began = Instant::now();
    hub.happened(upload(1));
    until("it struck", || hub.faults().left().is_empty()).await;
    hub.happened(upload(2));
    until("both came", || hub.counts().entries == 2).await;
    assert!(began.elapsed() >= ms(300));
    assert_eq!(subscriber.photos().concat(), [1, 2]);
}

#[tokio::test]
async fn lost_never_comes_and_counts_as_delivered() {
    let (hub, _guard, subscriber) = struck(Fault::Lost, quick()).await;
    hub.happened(upload(1));
    until("it was lost", || hub.counts().deliveries == 1).await;
    hub.happened(upload(2));
    until("the next came", || subscriber.photos() == [[2]]).await;
    assert_eq!(subscriber.seen(|seen| seen.posts.len()), 1);
    assert_eq!(hub.pushed().last().unwrap().outcome, "never sent, on purpose");
}

#[tokio::test]
async fn doubled_comes_twice() {
    let (hub, _guard, subscriber) = struck(Fault::Doubled, quick()).await;
    hub.happened(upload(1));
    until("it came twice", || subscriber.photos() == [[1], [1]]).await;
    hub.happened(upload(2));
    until("the next came", || subscriber.photos() == [[1], [1], [2]]).await;
    until("all is counted", || hub.counts().deliveries == 2).await;
}

#[tokio::test]
async fn out_of_order_comes_after_the_next_one() {
    let (hub, _guard, subscriber) = struck(Fault::OutOfOrder, quick()).await;
    hub.happened(upload(1));
    until("it waits", || hub.faults().left().is_empty()).await;
    hub.happened(upload(2));
    until("both came", || hub.counts().entries == 2).await;
    assert_eq!(subscriber.photos(), [[2], [1]]);
}

#[tokio::test]
async fn out_of_order_does_not_wait_for_ever() {
    let (hub, _guard, subscriber) = struck(Fault::OutOfOrder, Settings { aside: ms(100), ..quick() }).await;
    hub.happened(upload(1));
    until("it came", || subscriber.photos() == [[1]]).await;
}

#[tokio::test]
async fn malformed_breaks_off_and_is_sent_whole_when_it_is_refused() {
    let (hub, _guard, subscriber) = struck(Fault::Malformed, quick()).await;
    subscriber.seen(|seen| seen.answers.push_back(400));
    hub.happened(upload(1));
    until("the whole one came", || subscriber.photos() == [[1]]).await;
    let bodies = subscriber.seen(|seen| seen.posts.iter().map(|(_, body)| body.clone()).collect::<Vec<_>>());
    assert!(bodies.len() == 2 && bodies[1].starts_with(&bodies[0]) && bodies[0].len() == bodies[1].len() / 2);
    until("it is counted", || hub.counts().deliveries == 1).await;
    assert_eq!(hub.counts().failed, 0, "both are one attempt");
    assert_eq!(hub.pushed()[1].outcome, "400 (broken off on purpose)");
}

#[tokio::test]
async fn malformed_is_not_sent_again_to_who_accepts_it() {
    let (hub, _guard, subscriber) = struck(Fault::Malformed, quick()).await;
    hub.happened(upload(1));
    until("it is counted", || hub.counts().deliveries == 1).await;
    assert_eq!(subscriber.seen(|seen| seen.posts.len()), 1);
}

#[tokio::test]
async fn verified_twice_asks_two_different_challenges() {
    let (hub, _guard) = start(quick());
    hub.faults().set(Fault::VerifiedTwice, 1);
    let (subscriber, _) = subscribed(&hub).await;
    let challenges = subscriber.asked("challenge");
    assert!(challenges.len() == 2 && challenges[0] != challenges[1], "{challenges:?}");
    assert_eq!(hub.subscriptions(ME).len(), 1);
}

#[tokio::test]
async fn verified_late_comes_after_the_call_has_failed() {
    let (hub, _guard) = start(Settings { sync_limit: ms(50), verified_late: ms(300), ..quick() });
    hub.faults().set(Fault::VerifiedLate, 1);
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    let answer = hub.subscribe(request(&callback)).await;
    assert_eq!(answer, Err(SubscribeError::Failed("no answer".into())));
    assert!(hub.subscriptions(ME)[0].pending);
    until("it was verified after all", || hub.subscriptions(ME).first().is_some_and(|it| !it.pending)).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 1);
}

#[tokio::test]
async fn wrong_token_comes_before_the_right_one() {
    let (hub, _guard) = start(quick());
    hub.faults().set(Fault::WrongToken, 1);
    let subscriber = Subscriber::default();
    subscriber.seen(|seen| seen.token = Some("a token & more".into()));
    hub.subscribe(request(&subscriber.listen().await)).await.unwrap();
    let tokens = subscriber.asked("verify_token");
    assert!(tokens.len() == 2 && tokens[0] != tokens[1] && tokens[1] == "a token & more", "{tokens:?}");
}

#[tokio::test]
async fn a_delivery_meets_one_fault_at_most() {
    let (hub, _guard, subscriber) = struck(Fault::Late, Settings { late: ms(50), ..quick() }).await;
    hub.faults().set(Fault::Late, 2);
    hub.faults().set(Fault::Doubled, 1);
    hub.happened(upload(1));
    until("it came", || hub.counts().deliveries == 1).await;
    assert_eq!(subscriber.photos(), [[1]]);
    assert_eq!(hub.faults().left(), [(Fault::Late, 1), (Fault::Doubled, 1)]);
}
