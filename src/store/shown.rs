//! What the bridge has shown in the last day, so that a restart does not forget to look whether it is still there.

use jiff::Timestamp;
use rusqlite::params;

use crate::store::{Store, StoreError};

/// The bridge bounds it: some thousand rows at most.
pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS bridge_shown (
        photo TEXT PRIMARY KEY, since INTEGER NOT NULL, made INTEGER NOT NULL, page TEXT, events TEXT NOT NULL)
        WITHOUT ROWID;
";

/// A photo that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub photo: String,
    /// When it was shown first.
    pub since: Timestamp,
    /// How often it was looked at since.
    pub made: u32,
    /// Its page at Flickr.
    pub page: Option<String>,
    /// To whom, with spaces between them.
    pub events: String,
}

impl Store {
    /// All that was shown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn shown(&self) -> Result<Vec<Kept>, StoreError> {
        self.with(|db| {
            let mut select = db.prepare("SELECT photo, since, made, page, events FROM bridge_shown")?;
            let row = |row: &rusqlite::Row<'_>| {
                let since = Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
                Ok(Kept { photo: row.get(0)?, since, made: row.get(2)?, page: row.get(3)?, events: row.get(4)? })
            };
            select.query_map([], row)?.collect()
        })
        .await
    }

    /// Records what was shown, and forgets what is `over`, all in one commit.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is recorded then.
    pub async fn record_shown(&self, shown: Vec<Kept>, over: Vec<String>) -> Result<(), StoreError> {
        self.with(move |db| {
            let transaction = db.transaction()?;
            for it in &shown {
                let upsert = "INSERT INTO bridge_shown (photo, since, made, page, events) VALUES (?1, ?2, ?3, ?4, ?5)
                              ON CONFLICT (photo) DO UPDATE SET since = excluded.since, made = excluded.made,
                              page = excluded.page, events = excluded.events";
                let values = params![it.photo, it.since.as_millisecond(), it.made, it.page, it.events];
                transaction.prepare_cached(upsert)?.execute(values)?;
            }
            for photo in &over {
                transaction.prepare_cached("DELETE FROM bridge_shown WHERE photo = ?1")?.execute([photo])?;
            }
            transaction.commit()
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_shown_is_there_after_a_restart_until_it_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let kept = |photo: &str, made| {
            let (since, page) = (Timestamp::from_second(7).unwrap(), Some("https://a.test/1/".to_owned()));
            Kept { photo: photo.into(), since, made, page, events: "a b".into() }
        };
        let store = Store::open(dir.path()).unwrap();
        store.record_shown(vec![kept("1", 0), kept("2", 0)], vec![]).await.unwrap();
        store.record_shown(vec![kept("1", 3)], vec!["2".into(), "3".into()]).await.unwrap();
        drop(store);
        assert_eq!(Store::open(dir.path()).unwrap().shown().await.unwrap(), [kept("1", 3)]);
    }
}
