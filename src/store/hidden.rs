//! What a wall does not show, whatever comes: hidden photos and muted owners. Screens follow at once.
//!
//! They belong to a wall's link, whether it is a saved one or one that spells its event names, and go with a saved wall.

use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};

use crate::store::{Store, StoreError, Touched, wall};

/// The most hidden photos of a wall; the oldest are forgotten, since by then nothing brings them any more.
pub const MAX_HIDDEN: usize = 500;
/// The most muted owners of a wall; the oldest are forgotten.
pub const MAX_MUTED: usize = 200;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS wall_hidden (
        n INTEGER PRIMARY KEY, wall TEXT NOT NULL, photo TEXT NOT NULL,
        title TEXT NOT NULL, owner TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (wall, photo));
    CREATE TABLE IF NOT EXISTS wall_muted (
        n INTEGER PRIMARY KEY, wall TEXT NOT NULL, nsid TEXT NOT NULL,
        name TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (wall, nsid));
";

/// A photo that a wall does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Its number.
    pub photo: String,
    /// What it was called; may be empty.
    pub title: String,
    /// The name of whose it is; may be empty.
    pub owner: String,
    /// When it was hidden.
    pub at: Timestamp,
}

/// Somebody whose photos a wall does not show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Muted {
    /// Flickr's id of them.
    pub nsid: String,
    /// Their name; may be empty.
    pub name: String,
    /// When they were muted.
    pub at: Timestamp,
}

/// What one wall does not show, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotShown {
    /// Photos.
    pub hidden: Vec<Hidden>,
    /// Owners.
    pub muted: Vec<Muted>,
}

impl Store {
    /// Hides a photo on the wall of this link. One that is hidden already stays so, as if it were hidden now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn hide(&self, link: &str, it: Hidden) -> Result<(), StoreError> {
        let insert = "INSERT OR REPLACE INTO wall_hidden (wall, photo, title, owner, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.change_what_is_shown(link, move |db, link| {
            db.execute(insert, params![link, it.photo, it.title, it.owner, it.at.to_string()])?;
            keep(db, "wall_hidden", link, MAX_HIDDEN)?;
            Ok(true)
        })
        .await
        .map(drop)
    }

    /// Mutes an owner on the wall of this link. One who is muted already stays so, as if they were muted now.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn mute(&self, link: &str, it: Muted) -> Result<(), StoreError> {
        let insert = "INSERT OR REPLACE INTO wall_muted (wall, nsid, name, at) VALUES (?1, ?2, ?3, ?4)";
        self.change_what_is_shown(link, move |db, link| {
            db.execute(insert, params![link, it.nsid, it.name, it.at.to_string()])?;
            keep(db, "wall_muted", link, MAX_MUTED)?;
            Ok(true)
        })
        .await
        .map(drop)
    }

    /// Shows a hidden photo again. The answer is whether it was hidden.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn unhide(&self, link: &str, photo: &str) -> Result<bool, StoreError> {
        let photo = photo.to_owned();
        self.change_what_is_shown(link, move |db, link| {
            db.execute("DELETE FROM wall_hidden WHERE wall = ?1 AND photo = ?2", [link, &photo]).map(|n| n > 0)
        })
        .await
    }

    /// Shows the photos of a muted owner again. The answer is whether they were muted.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn unmute(&self, link: &str, nsid: &str) -> Result<bool, StoreError> {
        let nsid = nsid.to_owned();
        self.change_what_is_shown(link, move |db, link| {
            db.execute("DELETE FROM wall_muted WHERE wall = ?1 AND nsid = ?2", [link, &nsid]).map(|n| n > 0)
        })
        .await
    }

    /// What the wall of this link does not show.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn not_shown(&self, link: &str) -> Result<NotShown, StoreError> {
        let link = link.to_owned();
        self.with(move |db| read(db, &link)).await
    }

    /// Does `work`, unless the wall was revoked meanwhile, and tells its screens when it says that something is other.
    async fn change_what_is_shown(
        &self,
        link: &str,
        work: impl FnOnce(&Transaction<'_>, &str) -> rusqlite::Result<bool> + Send + 'static,
    ) -> Result<bool, StoreError> {
        let owned = link.to_owned();
        let changed = self
            .with(move |db| {
                let transaction = db.transaction()?;
                let there = "SELECT EXISTS (SELECT 1 FROM walls WHERE link = ?1)";
                let is_gone = wall::is_link(&owned) && !transaction.query_row(there, [&owned], |row| row.get(0))?;
                if is_gone {
                    return Ok(false);
                }
                let changed = work(&transaction, &owned)?;
                transaction.commit()?;
                Ok(changed)
            })
            .await?;
        if changed {
            self.touch(Touched::Wall(link.into()));
        }
        Ok(changed)
    }
}

/// What the wall of this link does not show.
pub(super) fn read(db: &Connection, link: &str) -> rusqlite::Result<NotShown> {
    let moment = |row: &Row<'_>, column| -> rusqlite::Result<Timestamp> {
        Ok(row.get::<_, String>(column)?.parse().unwrap_or(Timestamp::UNIX_EPOCH))
    };
    let mut hidden =
        db.prepare_cached("SELECT photo, title, owner, at FROM wall_hidden WHERE wall = ?1 ORDER BY n DESC")?;
    let hidden = hidden.query_map([link], |row| {
        Ok(Hidden { photo: row.get(0)?, title: row.get(1)?, owner: row.get(2)?, at: moment(row, 3)? })
    })?;
    let hidden = hidden.collect::<Result<_, _>>()?;
    let mut muted = db.prepare_cached("SELECT nsid, name, at FROM wall_muted WHERE wall = ?1 ORDER BY n DESC")?;
    let muted = muted
        .query_map([link], |row| Ok(Muted { nsid: row.get(0)?, name: row.get(1)?, at: moment(row, 2)? }))?
        .collect::<Result<_, _>>()?;
    Ok(NotShown { hidden, muted })
}

/// Forgets all that the wall of this link does not show.
pub(super) fn forget(db: &Connection, link: &str) -> rusqlite::Result<()> {
    db.execute("DELETE FROM wall_hidden WHERE wall = ?1", [link])?;
    db.execute("DELETE FROM wall_muted WHERE wall = ?1", [link])?;
    Ok(())
}

fn keep(db: &Connection, table: &str, link: &str, newest: usize) -> rusqlite::Result<()> {
    let delete = format!(
        "DELETE FROM {table} WHERE wall = ?1
         AND n NOT IN (SELECT n FROM {table} WHERE wall = ?1 ORDER BY n DESC LIMIT {newest})"
    );
    db.prepare_cached(&delete)?.execute([link]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Account, Wall};

    const SAVED: &str = "AAAAAAAAAAAAAAAAAAAAAA";
    const SPELLED: &str = "kittens,puppies.BBBBBBBBBBBBBBBBBBBBBB";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn hidden(photo: &str, second: i64) -> Hidden {
        Hidden { photo: photo.into(), title: format!("Photo {photo}"), owner: "Ann".into(), at: at(second) }
    }

    fn muted(nsid: &str) -> Muted {
        Muted { nsid: nsid.into(), name: "Ann".into(), at: at(1) }
    }

    async fn store(folder: &std::path::Path) -> Store {
        let store = Store::open(folder).unwrap();
        let (nsid, name) = ("1@N01".to_owned(), "Ida".to_owned());
        let account = Account { nsid: nsid.clone(), name, token: None, since: at(0), signed_in_at: at(0) };
        store.record_account(account).await.unwrap();
        let wall = Wall { link: SAVED.into(), account: nsid, title: "W".into(), created_at: at(0), events: vec![] };
        store.add_wall(wall).await.unwrap();
        store
    }

    #[tokio::test]
    async fn what_is_hidden_is_so_after_a_restart_until_it_is_shown_again() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path()).await;
        for link in [SAVED, SPELLED] {
            store.hide(link, hidden("1", 1)).await.unwrap();
            store.hide(link, hidden("2", 2)).await.unwrap();
            store.hide(link, hidden("1", 3)).await.unwrap();
            store.mute(link, muted("9@N00")).await.unwrap();
        }
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        let all = NotShown { hidden: vec![hidden("1", 3), hidden("2", 2)], muted: vec![muted("9@N00")] };
        assert_eq!(store.not_shown(SAVED).await.unwrap(), all);
        assert!(store.unhide(SAVED, "1").await.unwrap() && store.unmute(SAVED, "9@N00").await.unwrap());
        assert!(!store.unhide(SAVED, "1").await.unwrap() && !store.unmute(SAVED, "9@N00").await.unwrap());
        assert_eq!(store.not_shown(SAVED).await.unwrap().hidden, [hidden("2", 2)]);
        assert_eq!(store.not_shown(SPELLED).await.unwrap(), all, "each wall has its own");
    }

    #[tokio::test]
    async fn the_oldest_are_forgotten_when_there_are_too_many() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path()).await;
        for n in 0..i64::try_from(MAX_HIDDEN + 3).unwrap() {
            store.hide(SPELLED, hidden(&n.to_string(), n)).await.unwrap();
        }
        for n in 0..MAX_MUTED + 2 {
            store.mute(SPELLED, muted(&format!("{n}@N00"))).await.unwrap();
        }
        let NotShown { hidden, muted } = store.not_shown(SPELLED).await.unwrap();
        assert_eq!((hidden.len(), hidden[0].photo.as_str()), (MAX_HIDDEN, "502"));
        assert_eq!(hidden[MAX_HIDDEN - 1].photo, "3");
        assert_eq!((muted.len(), muted[MAX_MUTED - 1].nsid.as_str()), (MAX_MUTED, "2@N00"));
    }

    #[tokio::test]
    async fn it_goes_with_its_wall_and_with_its_account() {
        for forget in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let store = store(dir.path()).await;
            for link in [SAVED, SPELLED] {
                store.hide(link, hidden("1", 1)).await.unwrap();
                store.mute(link, muted("9@N00")).await.unwrap();
            }
            if forget {
                store.forget_account("1@N01").await.unwrap();
            } else {
                store.revoke_wall(SAVED).await.unwrap();
            }
            store.hide(SAVED, hidden("2", 2)).await.unwrap();
            assert_eq!(store.not_shown(SAVED).await.unwrap(), NotShown::default(), "and none comes back");
            assert_eq!(store.not_shown(SPELLED).await.unwrap().hidden.len(), 1);
        }
    }
}
