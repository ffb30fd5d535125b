use super::*;
use crate::store::{Account, Wall};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn kittens() -> (Topic, EventName) {
    let topic = Topic::tags(["kitten"]).unwrap();
    let event = topic.event_name("1@N01").unwrap();
    (topic, event)
}

async fn store(folder: &std::path::Path) -> Store {
    let store = Store::open(folder).unwrap();
    let account =
        Account { nsid: "1@N01".into(), name: "Ida".into(), token: Some(vec![1]), since: at(0), signed_in_at: at(0) };
    store.record_account(account).await.unwrap();
    store
}

#[tokio::test]
async fn a_wish_and_its_standing_are_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (topic, event) = kittens();
    let store = store(dir.path()).await;
    store.want("1@N01", &topic, &event, at(0)).await.unwrap();
    let standing = Standing {
        asked_at: Some(at(1)),
        trouble: Some("no answer".into()),
        lasting: true,
        failures: 3,
        retry_at: Some(at(60)),
        ..Standing::default()
    };
    store.record_standing(&event, &Standing::default(), standing.clone()).await.unwrap();
    store.record_label(&event, "Cats").await.unwrap();
    let tallied = Tallied { deliveries: 2, events: 5, last_delivery_at: at(9), pushed_at: None };
    store.record_life(vec![(event.clone(), tallied.clone())], vec![(event.clone(), at(10))]).await.unwrap();
    store.record_life(vec![(event.clone(), tallied)], vec![]).await.unwrap();

    let store = Store::open(dir.path()).unwrap();
    let expected = Subscription {
        event: event.clone(),
        account: "1@N01".into(),
        topic: topic.clone(),
        label: "Cats".into(),
        created_at: at(0),
        wanted: true,
        standing,
        serving: Default::default(),
        watched_at: Some(at(10)),
        verified_at: None,
        last_delivery_at: Some(at(9)),
        deliveries: 4,
        events: 10,
    };
    assert_eq!(store.subscriptions().await.unwrap(), std::slice::from_ref(&expected));
    assert_eq!(store.subscription(&event).await.unwrap(), Some(expected));

    // The same choice again is the same subscription, and a new try.
    store.want("1@N01", &topic, &event, at(20)).await.unwrap();
    let again = store.subscriptions_of("1@N01").await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].label.as_str(), again[0].standing.failures, again[0].standing.retry_at), ("Cats", 0, None));
    assert_eq!(store.subscriptions_of("2@N01").await.unwrap(), []);
}

#[tokio::test]
async fn what_has_ended_leaves_its_walls_at_once_and_the_store_when_the_hub_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let (topic, event) = kittens();
    let store = store(dir.path()).await;
    store.want("1@N01", &topic, &event, at(0)).await.unwrap();
    let wall = Wall {
        link: "w".into(),
        account: "1@N01".into(),
        title: "Home".into(),
        created_at: at(0),
        events: vec![event.clone()],
    };
    store.add_wall(wall.clone()).await.unwrap();
    assert_eq!(store.wall("w").await.unwrap(), Some(wall));

    store.remove_ended(&event).await.unwrap();
    assert!(store.subscription(&event).await.unwrap().is_some(), "what is wanted is not removed");
    let mut changes = store.wall_changes();
    store.end(&event).await.unwrap();
    assert!(changes.has_changed().unwrap(), "screens are told");
    changes.mark_unchanged();
    assert_eq!(store.wall("w").await.unwrap().unwrap().events, []);
    assert!(!store.subscription(&event).await.unwrap().unwrap().wanted);
    store.remove_ended(&event).await.unwrap();
    assert_eq!(store.subscription(&event).await.unwrap(), None);

    store.revoke_wall("w").await.unwrap();
    assert!(changes.has_changed().unwrap());
    assert_eq!(store.walls_of("1@N01").await.unwrap(), []);
}

#[tokio::test]
async fn nothing_of_a_forgotten_account_stays_but_the_refusal_of_its_callbacks() {
    let dir = tempfile::tempdir().unwrap();
    let (topic, event) = kittens();
    let store = Store::open(dir.path()).unwrap();
    let account =
        Account { nsid: "1@N01".into(), name: "Ida".into(), token: Some(vec![1]), since: at(0), signed_in_at: at(0) };
    store.record_account(account.clone()).await.unwrap();
    store.want("1@N01", &topic, &event, at(0)).await.unwrap();
    let wall = Wall {
        link: "w".into(),
        account: "1@N01".into(),
        title: "".into(),
        created_at: at(0),
        events: vec![event.clone()],
    };
    store.add_wall(wall).await.unwrap();
    store.record_token_lost("1@N01", &[1]).await.unwrap();
    assert_eq!(store.account("1@N01").await.unwrap(), Some(Account { token: None, ..account }));

    store.end_all_of("1@N01").await.unwrap();
    assert!(store.was_let_go(&event), "deliveries are refused from now on");
    store.forget_account("1@N01").await.unwrap();
    // Whoever was about to ask for something comes too late.
    store.want("1@N01", &topic, &event, at(1)).await.unwrap();
    assert_eq!(store.accounts().await.unwrap(), []);
    assert_eq!(store.subscriptions().await.unwrap(), []);
    assert_eq!(store.wall("w").await.unwrap(), None);
    assert_eq!(store.callback(&event).await.unwrap().wish, crate::handshake::Wish::Ended);
}
