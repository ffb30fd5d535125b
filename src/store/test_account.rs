//! Test accounts: who lets us fave, for the fave test alone. They are apart from accounts: none ever gets a wall, a session
//! or a subscription by it.

use rusqlite::{OptionalExtension, params};

use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS test_accounts (
        owner TEXT PRIMARY KEY, nsid TEXT NOT NULL, name TEXT NOT NULL, token BLOB NOT NULL) WITHOUT ROWID;
";

/// Somebody who lets us fave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestAccount {
    /// Flickr's id of it.
    pub nsid: String,
    /// The name that it shows.
    pub name: String,
    /// The permission to write, [encrypted](crate::signing::Keys::encrypt_token) under a name of its own.
    pub token: Vec<u8>,
}

impl Store {
    /// Keeps the test account of `owner`: an account, or the operator. There is one; a new one takes its place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_test_account(&self, owner: &str, it: TestAccount) -> Result<(), StoreError> {
        let owner = owner.to_owned();
        self.with(move |db| {
            let insert = "INSERT OR REPLACE INTO test_accounts (owner, nsid, name, token) VALUES (?1, ?2, ?3, ?4)";
            db.execute(insert, params![owner, it.nsid, it.name, it.token]).map(drop)
        })
        .await
    }

    /// The test account of `owner`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn test_account(&self, owner: &str) -> Result<Option<TestAccount>, StoreError> {
        let owner = owner.to_owned();
        self.with(move |db| {
            let select = "SELECT nsid, name, token FROM test_accounts WHERE owner = ?1";
            let read =
                |row: &rusqlite::Row<'_>| Ok(TestAccount { nsid: row.get(0)?, name: row.get(1)?, token: row.get(2)? });
            db.query_row(select, [owner], read).optional()
        })
        .await
    }

    /// Forgets it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_test_account(&self, owner: &str) -> Result<(), StoreError> {
        let owner = owner.to_owned();
        self.with(move |db| db.execute("DELETE FROM test_accounts WHERE owner = ?1", [owner]).map(drop)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_test_account_is_kept_replaced_and_forgotten_with_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let it = |nsid: &str| TestAccount { nsid: nsid.into(), name: "Tess".into(), token: vec![1, 2] };
        store.record_test_account("1@N01", it("7@N01")).await.unwrap();
        store.record_test_account("1@N01", it("8@N01")).await.unwrap();
        store.record_test_account("operator", it("9@N01")).await.unwrap();
        assert_eq!(store.test_account("1@N01").await.unwrap(), Some(it("8@N01")));
        assert!(store.accounts().await.unwrap().is_empty(), "it is no account");
        store.forget_account("1@N01").await.unwrap();
        assert_eq!(store.test_account("1@N01").await.unwrap(), None);
        store.forget_test_account("operator").await.unwrap();
        assert_eq!(store.test_account("operator").await.unwrap(), None);
    }
}
