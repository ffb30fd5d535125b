//! What the bridge has seen at Flickr, so that a restart neither repeats nor misses anything.

use jiff::Timestamp;
use rusqlite::params;

use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS bridge_seen (
        source TEXT NOT NULL, photo TEXT NOT NULL, print TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (source, photo)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS bridge_seen_at ON bridge_seen (at);
";

/// Rows that are kept at most, the oldest go first: 300 for each of some 600 busy sources, about 20 MB.
const ROWS: i64 = 200_000;

/// One photo that a source has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The source, as a line of text.
    pub source: String,
    /// The photo's number.
    pub photo: String,
    /// What it looked like.
    pub print: String,
}

impl Store {
    /// What a source has shown: photos and prints, the longest unseen first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn seen(&self, source: &str) -> Result<Vec<(String, String)>, StoreError> {
        let source = source.to_owned();
        self.with(move |db| {
            let select = "SELECT photo, print FROM bridge_seen WHERE source = ?1 ORDER BY at, photo";
            let mut select = db.prepare_cached(select)?;
            select.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .await
    }

    /// Records what sources have shown, all in one commit, `keep` of each source at most.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is recorded then.
    pub async fn record_seen(&self, seen: Vec<Seen>, at: Timestamp, keep: usize) -> Result<(), StoreError> {
        let keep = i64::try_from(keep).unwrap_or(i64::MAX);
        self.with(move |db| {
            let transaction = db.transaction()?;
            let mut sources: Vec<&str> = seen.iter().map(|it| it.source.as_str()).collect();
            sources.dedup();
            for it in &seen {
                let upsert = "INSERT INTO bridge_seen (source, photo, print, at) VALUES (?1, ?2, ?3, ?4)
                              ON CONFLICT (source, photo) DO UPDATE SET print = excluded.print, at = excluded.at";
                let values = params![it.source, it.photo, it.print, at.as_millisecond()];
                transaction.prepare_cached(upsert)?.execute(values)?;
            }
            for source in sources {
                let trim = "DELETE FROM bridge_seen WHERE source = ?1 AND photo IN (SELECT photo FROM bridge_seen
                            WHERE source = ?1 ORDER BY at DESC, photo DESC LIMIT -1 OFFSET ?2)";
                transaction.prepare_cached(trim)?.execute(params![source, keep])?;
            }
            let surplus =
                transaction.query_row("SELECT count(*) FROM bridge_seen", [], |row| row.get::<_, i64>(0))? - ROWS;
            if surplus > 0 {
                let trim = "DELETE FROM bridge_seen WHERE (source, photo) IN
                            (SELECT source, photo FROM bridge_seen ORDER BY at LIMIT ?1)";
                transaction.execute(trim, [surplus])?;
            }
            transaction.commit()
        })
        .await
    }

    /// Forgets a photo that is gone: when it comes back, it is new.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_seen(&self, photo: &str) -> Result<(), StoreError> {
        let photo = photo.to_owned();
        self.with(move |db| db.execute("DELETE FROM bridge_seen WHERE photo = ?1", [photo]).map(drop)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(source: &str, photos: std::ops::Range<u32>) -> Vec<Seen> {
        let one = |n| Seen { source: source.into(), photo: format!("{n:04}"), print: format!("p{n}") };
        photos.map(one).collect()
    }

    #[tokio::test]
    async fn what_was_seen_is_there_after_a_restart_and_the_oldest_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let at = |n| Timestamp::from_second(n).unwrap();
        store.record_seen(seen("tags", 0..5), at(1), 8).await.unwrap();
        store.record_seen(seen("tags", 5..10), at(2), 8).await.unwrap();
        store.record_seen(seen("faves", 0..1), at(3), 8).await.unwrap();
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        let photos: Vec<_> = store.seen("tags").await.unwrap().into_iter().map(|(photo, _)| photo).collect();
        assert_eq!(photos, ["0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009"]);
        store.forget_seen("0002").await.unwrap();
        assert_eq!(store.seen("tags").await.unwrap().len(), 7);
        assert_eq!(store.seen("faves").await.unwrap(), [("0000".to_owned(), "p0".to_owned())]);
    }

    #[tokio::test]
    async fn of_a_forgotten_account_nothing_that_was_seen_stays() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let at = Timestamp::from_second(1).unwrap();
        let account = crate::store::Account {
            nsid: "1@N01".into(),
            name: "Ida".into(),
            token: None,
            since: at,
            signed_in_at: at,
        };
        store.record_account(account).await.unwrap();
        let topic = crate::topic::Topic::MyFaves;
        let event = topic.event_name("1@N01").unwrap();
        store.want("1@N01", &topic, &event, at).await.unwrap();
        let theirs = ["flickr.photos.getContactsPhotos?by=1%40N01", "flickr.favorites.getList?user_id=1%40N01"];
        let others = ["flickr.favorites.getList?user_id=1%40N012", "flickr.photos.search?tags=cat"];
        let sources = theirs.iter().chain(&others);
        let mut rows: Vec<_> = sources.flat_map(|source| seen(source, 0..1)).collect();
        rows.push(Seen { source: "opened".into(), photo: event.to_string(), print: String::new() });
        store.record_seen(rows, at, 8).await.unwrap();
        store.forget_account("1@N01").await.unwrap();
        for (source, left) in theirs.iter().map(|it| (it, 0)).chain(others.iter().map(|it| (it, 1))) {
            assert_eq!(store.seen(source).await.unwrap().len(), left, "{source}");
        }
        assert_eq!(store.seen("opened").await.unwrap(), []);
        store.record_missed(&event, at, at).await.unwrap();
        assert!(store.subscription(&event).await.unwrap().is_none(), "an answer under way brings nothing back");
    }
}
