//! Accounts: who signed in, and with what permission we act for them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use crate::event_name::EventName;
use crate::store::{Store, StoreError, Touched};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS accounts (
        nsid TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        token BLOB,
        since TEXT NOT NULL,
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
    /// When they first signed in, since they were last forgotten if they were. No session is older.
    pub since: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Timestamp,
}

impl Store {
    /// Records that somebody signed in: the newest token counts. Who is here already stays here since they first came.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_account(&self, account: Account) -> Result<(), StoreError> {
        self.with(move |db| {
            let upsert = "INSERT INTO accounts (nsid, name, token, since, signed_in_at) VALUES (?1, ?2, ?3, ?4, ?5)
                          ON CONFLICT (nsid) DO UPDATE
                          SET name = excluded.name, token = excluded.token, signed_in_at = excluded.signed_in_at";
            let Account { nsid, name, token, since, signed_in_at } = account;
            db.execute(upsert, params![nsid, name, token, since.to_string(), signed_in_at.to_string()]).map(drop)
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
            let select = "SELECT nsid, name, token, since, signed_in_at FROM accounts WHERE nsid = ?1";
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
            let mut select = db.prepare("SELECT nsid, name, token, since, signed_in_at FROM accounts ORDER BY nsid")?;
            select.query_map([], read)?.collect()
        })
        .await
    }

    /// Records that Flickr no longer accepts this token of the account's. Signing in again brings a new one; if it has
    /// done so already, nothing is recorded. The answer is whether it was.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_token_lost(&self, nsid: &str, token: &[u8]) -> Result<bool, StoreError> {
        let (nsid, token) = (nsid.to_owned(), token.to_owned());
        self.with(move |db| {
            let lose = "UPDATE accounts SET token = NULL WHERE nsid = ?1 AND token = ?2";
            db.execute(lose, params![nsid, token]).map(|changed| changed > 0)
        })
        .await
    }

    /// Closes the callbacks of all subscriptions of an account: from now on they take nothing, and refuse a renewal.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end_all_of(&self, nsid: &str) -> Result<(), StoreError> {
        let (nsid, store) = (nsid.to_owned(), self.clone());
        self.with(move |db| {
            let end = "UPDATE callbacks SET wish = 'ended'
                       WHERE event IN (SELECT event FROM subscriptions WHERE account = ?1) RETURNING event";
            let ended = db.prepare(end)?.query_map([nsid], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
            let ended: Vec<EventName> = ended.iter().filter_map(|it| it.parse().ok()).collect();
            store.close_or_open(&ended, true);
            Ok(())
        })
        .await
    }

    /// Forgets an account: its token, its remote, its subscriptions, and its walls with what they do not show. Callbacks that were [ended](Self::end_all_of) stay
    /// known as that, so that a hub that calls once more is refused.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is forgotten then.
    pub async fn forget_account(&self, nsid: &str) -> Result<(), StoreError> {
        let nsid = nsid.to_owned();
        self.with(move |db| {
            let transaction = db.transaction()?;
            for statement in [
                "DELETE FROM wall_hidden WHERE wall IN (SELECT link FROM walls WHERE account = ?1)",
                "DELETE FROM wall_muted WHERE wall IN (SELECT link FROM walls WHERE account = ?1)",
                "DELETE FROM remotes WHERE account = ?1",
                "DELETE FROM test_accounts WHERE owner = ?1",
                "DELETE FROM wall_events WHERE wall IN (SELECT link FROM walls WHERE account = ?1)",
                "DELETE FROM walls WHERE account = ?1",
                // What the bridge saw on their behalf, and of whom: what others wish too is found again.
                "DELETE FROM bridge_seen
                 WHERE instr(source || '&', 'by=' || replace(?1, '@', '%40') || '&') > 0
                 OR instr(source || '&', '_id=' || replace(?1, '@', '%40') || '&') > 0
                 OR (source = 'opened' AND photo IN (SELECT event FROM subscriptions WHERE account = ?1))",
                "DELETE FROM serving WHERE event IN (SELECT event FROM subscriptions WHERE account = ?1)",
                "DELETE FROM subscriptions WHERE account = ?1",
                "DELETE FROM accounts WHERE nsid = ?1",
            ] {
                transaction.execute(statement, [&nsid])?;
            }
            transaction.commit()
        })
        .await?;
        self.walls_changed.send_replace(());
        self.touch(Touched::Any);
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let moment = |column| -> rusqlite::Result<Timestamp> {
        Ok(row.get::<_, String>(column)?.parse().unwrap_or(Timestamp::UNIX_EPOCH))
    };
    let (since, signed_in_at) = (moment(3)?, moment(4)?);
    Ok(Account { nsid: row.get(0)?, name: row.get(1)?, token: row.get(2)?, since, signed_in_at })
}
