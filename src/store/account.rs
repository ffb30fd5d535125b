//! Accounts: who signed in, and with what permission we act for them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS accounts (
        nsid TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        token BLOB,
        signed_in_at TEXT NOT NULL) WITHOUT ROWID;
";

/// Somebody who signed in with Flickr.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Flickr's id of the account.
    pub nsid: String,
    /// The name that they show.
    pub name: String,
    /// The permission that they gave, [encrypted](crate::signing::Keys::encrypt_token); `None` since Flickr said that it
    /// is no longer valid.
    pub token: Option<Vec<u8>>,
    /// When they last signed in.
    pub signed_in_at: Timestamp,
}

impl Store {
    /// Records that somebody signed in: the newest token counts.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_account(&self, account: Account) -> Result<(), StoreError> {
        self.with(move |db| {
            let upsert = "INSERT OR REPLACE INTO accounts (nsid, name, token, signed_in_at) VALUES (?1, ?2, ?3, ?4)";
            let Account { nsid, name, token, signed_in_at } = account;
            db.execute(upsert, params![nsid, name, token, signed_in_at.to_string()]).map(drop)
        })
        .await
    }

    /// The account of this id, when it signed in here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn account(&self, nsid: &str) -> Result<Option<Account>, StoreError> {
        let nsid = nsid.to_owned();
        self.with(move |db| {
            let select = "SELECT nsid, name, token, signed_in_at FROM accounts WHERE nsid = ?1";
            db.query_row(select, [nsid], read).optional()
        })
        .await
    }

    /// Everybody who signed in here and was not forgotten.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        self.with(|db| {
            let mut select = db.prepare("SELECT nsid, name, token, signed_in_at FROM accounts ORDER BY nsid")?;
            select.query_map([], read)?.collect()
        })
        .await
    }

    /// Records that Flickr no longer accepts the account's token. Signing in again brings a new one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_token_lost(&self, nsid: &str) -> Result<(), StoreError> {
        let nsid = nsid.to_owned();
        self.with(move |db| db.execute("UPDATE accounts SET token = NULL WHERE nsid = ?1", [nsid]).map(drop)).await
    }

    /// Forgets an account: its token, its subscriptions and its walls.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is forgotten then.
    pub async fn forget_account(&self, nsid: &str) -> Result<(), StoreError> {
        let nsid = nsid.to_owned();
        self.with(move |db| {
            let transaction = db.transaction()?;
            // Their callbacks stay known as ended, so that a hub that calls once more is refused.
            let end = "UPDATE callbacks SET wish = 'ended'
                       WHERE event IN (SELECT event FROM subscriptions WHERE account = ?1)";
            for statement in [
                end,
                "DELETE FROM wall_events WHERE wall IN (SELECT link FROM walls WHERE account = ?1)",
                "DELETE FROM walls WHERE account = ?1",
                "DELETE FROM subscriptions WHERE account = ?1",
                "DELETE FROM accounts WHERE nsid = ?1",
            ] {
                transaction.execute(statement, [&nsid])?;
            }
            transaction.commit()
        })
        .await?;
        self.walls_changed.send_replace(());
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let signed_in_at = row.get::<_, String>(3)?.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Account { nsid: row.get(0)?, name: row.get(1)?, token: row.get(2)?, signed_in_at })
}
