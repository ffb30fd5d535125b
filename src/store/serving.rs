//! Which hub serves a subscription: Flickr's own push, or the bridge, and why.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::event_name::EventName;
use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS serving (
        event TEXT PRIMARY KEY,
        bridged_at TEXT, why TEXT, verified_at TEXT,
        pushed_at TEXT, missed_at TEXT, noticed_at TEXT) WITHOUT ROWID;
";

/// Who serves, and what is known of the push meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Serving {
    /// Since when the bridge serves it; `None` while the push does.
    pub bridged_at: Option<Timestamp>,
    /// Why it does, as a sentence for its owner.
    pub why: Option<String>,
    /// When the bridge last verified the callback.
    pub verified_at: Option<Timestamp>,
    /// When the push last delivered something.
    pub pushed_at: Option<Timestamp>,
    /// When the first thing happened that the bridge found and the push did not bring.
    pub missed_at: Option<Timestamp>,
    /// When the bridge found it.
    pub noticed_at: Option<Timestamp>,
}

impl Store {
    /// Records that the bridge serves it from now on, and why. One that it serves already keeps its time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_bridged(&self, event: &EventName, why: &str, at: Timestamp) -> Result<(), StoreError> {
        let (event, why) = (event.clone(), why.to_owned());
        self.with(move |db| {
            let upsert =
                "INSERT INTO serving (event, bridged_at, why) VALUES (?1, ?2, ?3) ON CONFLICT (event) DO UPDATE
                          SET bridged_at = coalesce(bridged_at, excluded.bridged_at), why = excluded.why,
                          missed_at = NULL, noticed_at = NULL";
            db.execute(upsert, params![event.as_str(), at.to_string(), why]).map(drop)
        })
        .await
    }

    /// Records that the push serves it again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_pushing(&self, event: &EventName) -> Result<(), StoreError> {
        let event = event.clone();
        self.with(move |db| {
            let update = "UPDATE serving SET bridged_at = NULL, why = NULL, missed_at = NULL, noticed_at = NULL
                          WHERE event = ?1";
            db.execute(update, [event.as_str()]).map(drop)
        })
        .await
    }

    /// Records that the bridge verified the callback.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_bridge_verified(&self, event: &EventName, at: Timestamp) -> Result<(), StoreError> {
        let event = event.clone();
        self.with(move |db| {
            let upsert = "INSERT INTO serving (event, verified_at)
                          SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM subscriptions WHERE event = ?1)
                          ON CONFLICT (event) DO UPDATE SET verified_at = excluded.verified_at";
            db.execute(upsert, params![event.as_str(), at.to_string()]).map(drop)
        })
        .await
    }

    /// Records that the bridge found, at `at`, something that happened at `happened`. Of several that the push has not
    /// brought yet the first counts.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_missed(&self, event: &EventName, happened: Timestamp, at: Timestamp) -> Result<(), StoreError> {
        let event = event.clone();
        self.with(move |db| {
            // As text, a moment with a fraction would stand before the whole second that it is in.
            let upsert = "INSERT INTO serving (event, missed_at, noticed_at)
                          SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM subscriptions WHERE event = ?1)
                          ON CONFLICT (event) DO UPDATE
                          SET missed_at = excluded.missed_at, noticed_at = excluded.noticed_at
                          WHERE missed_at IS NULL OR julianday(pushed_at) >= julianday(missed_at)";
            db.execute(upsert, params![event.as_str(), happened.to_string(), at.to_string()]).map(drop)
        })
        .await
    }
}

/// Records that the push delivered something.
pub(super) fn record_pushed(db: &Connection, event: &EventName, at: Timestamp) -> rusqlite::Result<()> {
    let upsert = "INSERT INTO serving (event, pushed_at)
                  SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM subscriptions WHERE event = ?1)
                  ON CONFLICT (event) DO UPDATE SET pushed_at = excluded.pushed_at";
    db.prepare_cached(upsert)?.execute(params![event.as_str(), at.to_string()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::subscription::Tallied;
    use crate::store::{Account, Subscription};
    use crate::topic::Topic;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    async fn there(store: &Store, event: &EventName) -> Subscription {
        store.subscription(event).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn who_serves_and_what_the_push_missed_is_there_after_a_restart_and_goes_with_the_wish() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let account =
            Account { nsid: "1@N01".into(), name: "Ida".into(), token: None, since: at(0), signed_in_at: at(0) };
        store.record_account(account).await.unwrap();
        let event = Topic::MyFaves.event_name("1@N01").unwrap();
        store.want("1@N01", &Topic::MyFaves, &event, at(0)).await.unwrap();
        assert_eq!(there(&store, &event).await.serving, Serving::default());

        // Of what is missed the first counts, until the push brings something that is newer.
        store.record_missed(&event, at(10), at(20)).await.unwrap();
        store.record_missed(&event, at(15), at(25)).await.unwrap();
        assert_eq!(there(&store, &event).await.serving.missed_at, Some(at(10)));
        let pushed = Tallied { deliveries: 1, events: 1, last_delivery_at: at(30), pushed_at: Some(at(30)) };
        store.record_life(vec![(event.clone(), pushed)], Vec::new()).await.unwrap();
        store.record_missed(&event, at(30), at(35)).await.unwrap();
        let fraction = Some(at(30) + jiff::SignedDuration::from_millis(500));
        let pushed = Tallied { deliveries: 1, events: 1, last_delivery_at: at(31), pushed_at: fraction };
        store.record_life(vec![(event.clone(), pushed)], Vec::new()).await.unwrap();
        store.record_missed(&event, at(40), at(50)).await.unwrap();
        let serving = there(&store, &event).await.serving;
        assert_eq!((serving.missed_at, serving.noticed_at, serving.pushed_at), (Some(at(40)), Some(at(50)), fraction));

        store.record_bridged(&event, "It is silent.", at(60)).await.unwrap();
        store.record_bridged(&event, "It is still silent.", at(70)).await.unwrap();
        store.record_bridge_verified(&event, at(61)).await.unwrap();
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        let serving = there(&store, &event).await.serving;
        let why = Some("It is still silent.".to_owned());
        assert_eq!((serving.bridged_at, serving.why, serving.verified_at), (Some(at(60)), why, Some(at(61))));

        store.record_pushing(&event).await.unwrap();
        assert_eq!(there(&store, &event).await.serving.bridged_at, None);
        store.end(&event).await.unwrap();
        assert_eq!(there(&store, &event).await.serving, Serving::default());
    }
}
