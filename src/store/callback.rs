//! What we know of callbacks: what somebody wants of them, and what hubs said.
//!
//! A callback is recognised by its MAC alone; most have no record here. One appears when somebody wants it, when it
//! was let go, and when a hub denied it.

use std::sync::PoisonError;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::event_name::EventName;
use crate::handshake::{Mode, Wish};
use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS callbacks (
        event TEXT PRIMARY KEY,
        wish TEXT CHECK (wish IN ('wanted', 'ended')),
        verified_at TEXT, let_go_at TEXT,
        denied_at TEXT, denied_reason TEXT) WITHOUT ROWID;
";

/// What is recorded of one callback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    /// What somebody wants of it.
    pub wish: Wish,
    /// When a hub last confirmed that it delivers here.
    pub verified_at: Option<String>,
    /// When its end was confirmed; deliveries are answered with 410 since.
    pub let_go_at: Option<String>,
    /// When, and in which words, a hub denied it.
    pub denied: Option<(String, String)>,
    /// Whether an account's subscription stands behind it, which rests while nobody watches.
    pub subscribed: bool,
}

impl Store {
    /// What is recorded of the callback of `event`; nothing is the default.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn callback(&self, event: &EventName) -> Result<Callback, StoreError> {
        let event = event.clone();
        self.with(move |db| {
            let select = "SELECT wish, verified_at, let_go_at, denied_at, denied_reason,
                          EXISTS (SELECT 1 FROM subscriptions s WHERE s.event = c.event)
                          FROM callbacks c WHERE event = ?1";
            let read = |row: &rusqlite::Row<'_>| {
                let wish = match row.get_ref(0)?.as_str_or_null()? {
                    Some("wanted") => Wish::Wanted,
                    Some(_) => Wish::Ended,
                    None => Wish::Unrecorded,
                };
                let denied = row.get::<_, Option<String>>(3)?.zip(row.get(4)?);
                let subscribed = row.get(5)?;
                Ok(Callback { wish, verified_at: row.get(1)?, let_go_at: row.get(2)?, denied, subscribed })
            };
            Ok(db.query_row(select, [event.as_str()], read).optional()?.unwrap_or_default())
        })
        .await
    }

    /// Records that somebody wants the events of this callback, or no longer does: then it takes no delivery any more.
    /// Ask the hub afterwards: it may verify before it answers.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_wish(&self, event: &EventName, wanted: bool) -> Result<(), StoreError> {
        let (event, wish, store) = (event.clone(), if wanted { "wanted" } else { "ended" }, self.clone());
        self.with(move |db| {
            let upsert = "INSERT INTO callbacks (event, wish) VALUES (?1, ?2)
                          ON CONFLICT (event) DO UPDATE SET wish = excluded.wish,
                          let_go_at = CASE excluded.wish WHEN 'wanted' THEN NULL ELSE let_go_at END";
            db.execute(upsert, params![event.as_str(), wish])?;
            store.close_or_open(&[event], !wanted);
            Ok(())
        })
        .await
    }

    /// Records that a verification was confirmed. After an unsubscription the callback is let go, after a
    /// subscription it is not.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_verified(&self, event: &EventName, mode: Mode, at: Timestamp) -> Result<(), StoreError> {
        let store = self.clone();
        let event = event.clone();
        self.with(move |db| {
            let upsert = match mode {
                Mode::Subscribe => {
                    "INSERT INTO callbacks (event, verified_at) VALUES (?1, ?2) ON CONFLICT (event) DO UPDATE
                     SET verified_at = excluded.verified_at, let_go_at = NULL, denied_at = NULL, denied_reason = NULL"
                }
                Mode::Unsubscribe => {
                    "INSERT INTO callbacks (event, let_go_at) VALUES (?1, ?2) ON CONFLICT (event) DO UPDATE
                     SET let_go_at = excluded.let_go_at"
                }
            };
            db.execute(upsert, params![event.as_str(), at.to_string()])?;
            if mode == Mode::Subscribe {
                // Whatever went wrong before, the hub has it now. A sync hub says so again when it answers our call.
                let confirm = "UPDATE subscriptions SET confirmed_at = coalesce(confirmed_at, ?2), asleep_at = NULL,
                               trouble = NULL, lasting = 0, failures = 0, retry_at = NULL WHERE event = ?1";
                db.execute(confirm, params![event.as_str(), at.to_string()])?;
            }
            store.close_or_open(&[event], mode == Mode::Unsubscribe);
            Ok(())
        })
        .await
    }

    /// Records that a hub denied the subscription.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_denied(&self, event: &EventName, reason: &str, at: Timestamp) -> Result<(), StoreError> {
        let (event, reason) = (event.clone(), reason.to_owned());
        self.with(move |db| {
            let upsert = "INSERT INTO callbacks (event, denied_at, denied_reason) VALUES (?1, ?2, ?3)
                          ON CONFLICT (event) DO UPDATE
                          SET denied_at = excluded.denied_at, denied_reason = excluded.denied_reason";
            db.execute(upsert, params![event.as_str(), at.to_string(), reason]).map(drop)
        })
        .await
    }

    /// Whether the callback was let go, or nobody wants it any more.
    pub fn was_let_go(&self, event: &EventName) -> bool {
        self.let_go.read().unwrap_or_else(PoisonError::into_inner).contains(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_hubs_said_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let event: EventName = "kittens".parse().unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.callback(&event).await.unwrap(), Callback::default());
        store.record_wish(&event, false).await.unwrap();
        store.record_denied(&event, "Pro only", at).await.unwrap();
        store.record_verified(&event, Mode::Unsubscribe, at).await.unwrap();
        assert!(store.was_let_go(&event));

        let store = Store::open(dir.path()).unwrap();
        let since = Some(at.to_string());
        let denied = since.clone().zip(Some("Pro only".to_owned()));
        let known =
            Callback { wish: Wish::Ended, verified_at: None, let_go_at: since.clone(), denied, subscribed: false };
        assert_eq!(store.callback(&event).await.unwrap(), known);
        assert!(store.was_let_go(&event));

        store.record_verified(&event, Mode::Subscribe, at).await.unwrap();
        assert!(!store.was_let_go(&event), "a new subscription takes it up again");
        let known = Callback { wish: Wish::Ended, verified_at: since, ..Callback::default() };
        assert_eq!(store.callback(&event).await.unwrap(), known);
    }
}
