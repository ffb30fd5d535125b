//! The remotes of accounts: which of the links that were ever given out is the one that counts.

use rusqlite::{OptionalExtension, params};

use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS remotes (account TEXT PRIMARY KEY, generation TEXT NOT NULL) WITHOUT ROWID;
";

impl Store {
    /// The generation of an account's remote: a text that its link carries, and that was drawn at random, so that a link
    /// of somebody who was forgotten and came back is as dead as any other old one. `None` when there was none yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn remote(&self, nsid: &str) -> Result<Option<String>, StoreError> {
        let nsid = nsid.to_owned();
        self.with(move |db| {
            let select = "SELECT generation FROM remotes WHERE account = ?1";
            db.query_row(select, [nsid], |row| row.get(0)).optional()
        })
        .await
    }

    /// Lets `generation` be that of an account's remote, in place of the one before, when the account is known here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_remote(&self, nsid: &str, generation: &str) -> Result<(), StoreError> {
        let (nsid, generation) = (nsid.to_owned(), generation.to_owned());
        self.with(move |db| {
            let insert = "INSERT OR REPLACE INTO remotes (account, generation)
                          SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM accounts WHERE nsid = ?1)";
            db.execute(insert, params![nsid, generation]).map(drop)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::Account;

    #[tokio::test]
    async fn a_remote_counts_until_the_next_one_and_until_its_account_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        store.record_remote("1@N01", "none").await.unwrap();
        assert_eq!(store.remote("1@N01").await.unwrap(), None, "nobody of that id was here");
        let since = Timestamp::UNIX_EPOCH;
        let account = Account { nsid: "1@N01".into(), name: "Ida".into(), token: None, since, signed_in_at: since };
        store.record_account(account).await.unwrap();
        store.record_remote("1@N01", "first").await.unwrap();
        store.record_remote("1@N01", "second").await.unwrap();
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(store.remote("1@N01").await.unwrap().as_deref(), Some("second"));
        store.forget_account("1@N01").await.unwrap();
        assert_eq!(store.remote("1@N01").await.unwrap(), None);
    }
}
