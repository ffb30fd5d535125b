//! What a callback may cost others, and itself.

use super::*;

#[tokio::test]
async fn a_slow_callback_delays_no_other() {
    let settings = Settings { fast: 1, slow: 1, slow_after: ms(40), bundle: 1, ..quick() };
    let (hub, _guard) = start(settings);
    let mut slow = Vec::new();
    for _ in 0..3 {
        let (subscriber, _) = subscribed(&hub).await;
        subscriber.shut.send_replace(true);
        slow.push(subscriber);
    }
    let (fast, _) = subscribed(&hub).await;
    (0..5).for_each(|photo| hub.happened(upload(photo)));
    until("the other got all of it", || fast.photos().len() == 5).await;
    for subscriber in &slow {
        assert_eq!(subscriber.seen(|seen| (seen.posts.len(), seen.accepted.len())), (1, 0));
    }
    for subscriber in &slow {
        subscriber.shut.send_replace(false);
    }
    until("the slow ones got it too", || slow.iter().all(|it| it.photos().len() == 5)).await;
    assert_eq!(slow[2].photos().concat(), [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_callback_that_is_not_there_delays_no_other() {
    let (hub, _guard) = start(Settings { fast: 1, slow: 1, ..quick() });
    let (gone, callback) = subscribed(&hub).await;
    gone.hang_up(&callback).await;
    let (other, _) = subscribed(&hub).await;
    for photo in 0..5 {
        hub.happened(upload(photo));
        until("the other got it", || other.photos().concat().len() as u64 == photo + 1).await;
    }
    until("it was tried", || hub.pushed().iter().any(|it| it.outcome == "could not be reached")).await;
}

#[tokio::test]
async fn a_callback_gets_one_delivery_at_a_time() {
    let (hub, _guard) = start(Settings { bundle: 1, ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    subscriber.shut.send_replace(true);
    (0..5).for_each(|photo| hub.happened(upload(photo)));
    until("the first came", || subscriber.seen(|seen| seen.open == 1)).await;
    (5..10).for_each(|photo| hub.happened(upload(photo)));
    until("the others wait", || hub.counts().waiting == 0).await;
    subscriber.shut.send_replace(false);
    until("all came", || hub.counts().entries == 10).await;
    assert_eq!(subscriber.photos().concat(), (0..10).collect::<Vec<_>>());
    assert_eq!(subscriber.seen(|seen| seen.most_open), 1);
}

#[tokio::test]
async fn a_full_queue_drops_its_oldest_and_counts_them() {
    let (hub, _guard) = start(Settings { bundle: 1, queue: 5, ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    subscriber.shut.send_replace(true);
    hub.happened(upload(0));
    until("the first came", || subscriber.seen(|seen| seen.open == 1)).await;
    (1..9).for_each(|photo| hub.happened(upload(photo)));
    until("the queue is full", || hub.counts().waiting == 0).await;
    assert_eq!(hub.counts().dropped, 3);
    subscriber.shut.send_replace(false);
    until("the rest came", || hub.counts().entries == 6).await;
    assert_eq!(subscriber.photos().concat(), [0, 4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn a_busy_subscription_gets_bundles() {
    let (hub, _guard) = start(Settings { burst: 2, refill: Duration::from_secs(2), ..quick() });
    let (subscriber, _) = subscribed(&hub).await;
    for photo in 0..2 {
        hub.happened(upload(photo));
        until("it came at once", || subscriber.photos().len() as u64 == photo + 1).await;
    }
    for photo in 2..6 {
        hub.happened(upload(photo));
        until("it waits in the queue", || hub.counts().waiting == 0).await;
    }
    until("they came", || subscriber.photos().len() == 3).await;
    assert_eq!(subscriber.photos(), [vec![0], vec![1], vec![2, 3, 4, 5]]);
}

#[tokio::test]
async fn a_hub_that_is_full_says_so() {
    let (hub, _guard) = start(Settings { subscriptions: 1, ..quick() });
    let (subscriber, callback) = subscribed(&hub).await;
    let other = subscriber.listen().await;
    assert_eq!(hub.subscribe(request(&other)).await, Err(SubscribeError::Full(1)));
    assert_eq!(hub.subscribe(request(&callback)).await, Ok(()), "to subscribe anew needs no room");
}

#[tokio::test]
async fn calls_under_way_come_to_their_end_when_the_hub_stops_and_no_new_ones_begin() {
    let hub = Hub::new(quick(), client().unwrap(), Clock::still(noon(), 1), Faults::default(), 7);
    let stop = CancellationToken::new();
    let (runner, ended) = (hub.clone(), stop.clone());
    let run = tokio::spawn(async move { runner.run(ended).await });
    let (subscriber, _) = subscribed(&hub).await;
    let (deaf, _) = subscribed(&hub).await;
    subscriber.shut.send_replace(true);
    deaf.shut.send_replace(true);
    hub.happened(upload(1));
    until("both came", || subscriber.seen(|seen| seen.open) + deaf.seen(|seen| seen.open) == 2).await;
    stop.cancel();
    hub.happened(upload(2));
    subscriber.shut.send_replace(false);
    timeout(Duration::from_secs(10), run).await.expect("the deaf one holds it up for two seconds only").unwrap();
    assert_eq!(hub.counts().deliveries, 1);
    assert_eq!(subscriber.photos(), [[1]]);
}

#[tokio::test]
async fn who_waits_for_a_verification_need_not_wait_for_a_hub_that_stops() {
    let hub = Hub::new(quick(), client().unwrap(), Clock::still(noon(), 1), Faults::default(), 7);
    hub.faults().set(Fault::VerifiedLate, 1);
    let stop = CancellationToken::new();
    let (runner, ended) = (hub.clone(), stop.clone());
    let run = tokio::spawn(async move { runner.run(ended).await });
    let callback = Subscriber::default().listen().await;
    let (asker, wish) = (hub.clone(), request(&callback));
    let asked = tokio::spawn(async move { asker.subscribe(wish).await });
    until("it is postponed", || hub.faults().left().is_empty()).await;
    stop.cancel();
    run.await.unwrap();
    let answer = timeout(Duration::from_secs(10), asked).await.expect("an answer").unwrap();
    assert_eq!(answer, Err(SubscribeError::Failed("no answer".into())));
}
