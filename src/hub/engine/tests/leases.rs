//! Renewals and ends.

use super::*;

fn short() -> Settings {
    Settings { lease: ms(200), renewals: 3, ..quick() }
}

#[tokio::test]
async fn a_subscription_without_a_lease_is_renewed_by_itself() {
    let (hub, _guard) = start(short());
    let (subscriber, _) = subscribed(&hub).await;
    until("it was renewed twice", || subscriber.asked("challenge").len() >= 3).await;
    let mut challenges = subscriber.asked("challenge");
    challenges.sort();
    challenges.dedup();
    assert!(challenges.len() >= 3, "each with a challenge of its own");
    assert!(subscriber.asked("verify_token").iter().all(|it| it == "a token & more"));
    hub.happened(upload(1));
    until("it still gets what happens", || !subscriber.photos().is_empty()).await;
}

#[tokio::test]
async fn a_renewal_that_is_refused_ends_the_subscription() {
    let check = async |spoil: fn(&mut subscriber::Seen), questions: usize| {
        let (hub, _guard) = start(short());
        let (subscriber, _) = subscribed(&hub).await;
        subscriber.seen(spoil);
        until("it is over", || hub.subscriptions(ME).is_empty()).await;
        assert_eq!(subscriber.seen(|seen| seen.questions.len()), questions);
    };
    check(|seen| seen.verdicts.push_back(404), 2).await;
    check(|seen| seen.echo = Some("no".into()), 2).await;
    check(|seen| seen.verdicts.extend([503; 9]), 4).await;
}

#[tokio::test]
async fn a_renewal_that_is_answered_503_is_tried_again() {
    let (hub, _guard) = start(short());
    let (subscriber, _) = subscribed(&hub).await;
    subscriber.seen(|seen| seen.verdicts.extend([503, 503, 200, 503, 503, 200]));
    until("it was renewed twice", || subscriber.asked("challenge").len() >= 8).await;
    assert_eq!(hub.subscriptions(ME).len(), 1);
}

#[tokio::test]
async fn a_lease_that_was_asked_for_ends_without_a_word() {
    let (hub, _guard) = start(quick());
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    hub.subscribe(Request { lease: Some(ms(150)), ..request(&callback) }).await.unwrap();
    assert_eq!(hub.subscriptions(ME).len(), 1);
    until("it is over", || hub.subscriptions(ME).is_empty()).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 1);
}

#[tokio::test]
async fn a_lease_that_ends_while_a_new_one_is_asked_for_leaves_the_wish() {
    let (hub, _guard) = start(quick());
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    hub.subscribe(Request { lease: Some(ms(150)), ..request(&callback) }).await.unwrap();
    subscriber.seen(|seen| seen.verdicts.extend([503; 9]));
    hub.subscribe(Request { verify: Verify::Async, ..request(&callback) }).await.unwrap();
    until("the old lease has ended", || hub.subscriptions(ME)[0].pending).await;
    until("the new one has begun", || !hub.subscriptions(ME)[0].pending).await;
    assert_eq!(hub.subscriptions(ME)[0].lease, None);
    hub.happened(upload(1));
    until("it gets what happens", || subscriber.photos() == [[1]]).await;
}
