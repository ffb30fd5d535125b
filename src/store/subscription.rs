//! Subscriptions: what people want, and how it stands with the hub.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, params};

use crate::event_name::EventName;
use crate::store::serving::{self, Serving};
use crate::store::{Store, StoreError, Touched};
use crate::topic::Topic;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS subscriptions (
        event TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        topic TEXT NOT NULL,
        label TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        asked_at TEXT, confirmed_at TEXT, expires_at TEXT,
        asleep_at TEXT,
        trouble TEXT, lasting INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, retry_at TEXT,
        watched_at TEXT,
        last_delivery_at TEXT, deliveries INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS subscriptions_account ON subscriptions (account);
";

const COLUMNS: &str = "
    SELECT s.event, account, topic, label, created_at, asked_at, confirmed_at, expires_at, asleep_at, trouble, lasting,
           failures, retry_at, watched_at, last_delivery_at, deliveries, events, c.wish = 'wanted', c.verified_at,
           v.bridged_at, v.why, v.verified_at, v.pushed_at, v.missed_at, v.noticed_at
    FROM subscriptions s LEFT JOIN callbacks c ON c.event = s.event LEFT JOIN serving v ON v.event = s.event";

/// Our standing wish for a topic on behalf of an account, and what became of it at the hub.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// The bus channel, which its callback maps to.
    pub event: EventName,
    /// Whose it is.
    pub account: String,
    /// What is wanted.
    pub topic: Topic,
    /// What its owner calls it; may be empty.
    pub label: String,
    /// When it was first wanted.
    pub created_at: Timestamp,
    /// Whether it is still wanted. When not, it stays until the hub was told.
    pub wanted: bool,
    /// How it stands.
    pub standing: Standing,
    /// Which hub serves it.
    pub serving: Serving,
    /// When somebody last watched it.
    pub watched_at: Option<Timestamp>,
    /// When the callback was last verified by a hub.
    pub verified_at: Option<Timestamp>,
    /// When the last delivery came.
    pub last_delivery_at: Option<Timestamp>,
    /// Deliveries so far.
    pub deliveries: u64,
    /// New photo events so far.
    pub events: u64,
}

/// How a subscription stands with its hub, as far as we know.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// When the hub was last asked to subscribe it.
    pub asked_at: Option<Timestamp>,
    /// Since when the hub has it, as it said itself (its API's answer, its verification, or its list).
    pub confirmed_at: Option<Timestamp>,
    /// When the hub's lease ends, where it says so.
    pub expires_at: Option<Timestamp>,
    /// Since when it rests since nobody watches.
    pub asleep_at: Option<Timestamp>,
    /// Why it does not work, as a sentence for its owner.
    pub trouble: Option<String>,
    /// Whether trying again cannot help until somebody acts.
    pub lasting: bool,
    /// Attempts that failed in a row.
    pub failures: u32,
    /// Not to be tried before.
    pub retry_at: Option<Timestamp>,
}

/// What deliveries brought since it was last written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// Deliveries.
    pub deliveries: u64,
    /// New photo events in them.
    pub events: u64,
    /// When the last came.
    pub last_delivery_at: Timestamp,
    /// When the last came that was none of the bridge's.
    pub pushed_at: Option<Timestamp>,
}

impl Store {
    /// Records that `account` wants `topic`; what is there already stays and is wanted again. The record comes before
    /// the hub is asked, since the hub may verify before it answers. Nothing is recorded of an account that was forgotten.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn want(&self, account: &str, topic: &Topic, event: &EventName, at: Timestamp) -> Result<(), StoreError> {
        let (account, topic, event, store) = (account.to_owned(), topic.to_text(), event.clone(), self.clone());
        self.with(move |db| {
            let transaction = db.transaction()?;
            let at = at.to_string();
            // A wish that is repeated is a new try, whatever was wrong before. What the hub has stays as it is.
            transaction.execute(
                "INSERT INTO subscriptions (event, account, topic, created_at, watched_at)
                 SELECT ?1, ?2, ?3, ?4, ?4 WHERE EXISTS (SELECT 1 FROM accounts WHERE nsid = ?2)
                 ON CONFLICT (event) DO UPDATE SET watched_at = ?4, retry_at = NULL, failures = 0, lasting = 0,
                     trouble = NULL, asked_at = CASE WHEN confirmed_at IS NULL THEN NULL ELSE asked_at END",
                params![event.as_str(), account, topic, at],
            )?;
            transaction.execute(
                "INSERT INTO callbacks (event, wish)
                 SELECT ?1, 'wanted' WHERE EXISTS (SELECT 1 FROM subscriptions WHERE event = ?1)
                 ON CONFLICT (event) DO UPDATE SET wish = 'wanted', let_go_at = NULL",
                [event.as_str()],
            )?;
            transaction.commit()?;
            store.close_or_open(&[event], false);
            Ok(())
        })
        .await?;
        self.touch(Touched::Any);
        Ok(())
    }

    /// Records that a subscription is no longer wanted: its walls show it no more, and its callback takes nothing any
    /// more. The hub is told afterwards.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn end(&self, event: &EventName) -> Result<(), StoreError> {
        let (event, store) = (event.clone(), self.clone());
        self.with(move |db| {
            let transaction = db.transaction()?;
            for statement in [
                "UPDATE callbacks SET wish = 'ended' WHERE event = ?1",
                "UPDATE subscriptions SET retry_at = NULL, failures = 0, lasting = 0 WHERE event = ?1",
                "DELETE FROM wall_events WHERE event = ?1",
                "DELETE FROM serving WHERE event = ?1",
            ] {
                transaction.execute(statement, [event.as_str()])?;
            }
            transaction.commit()?;
            store.close_or_open(&[event], true);
            Ok(())
        })
        .await?;
        self.walls_changed.send_replace(());
        self.touch(Touched::Any);
        Ok(())
    }

    /// Removes the record of a subscription that has ended; one that is wanted again meanwhile stays.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn remove_ended(&self, event: &EventName) -> Result<(), StoreError> {
        let event = event.clone();
        self.with(move |db| {
            let delete = "DELETE FROM subscriptions WHERE event = ?1
                          AND event IN (SELECT event FROM callbacks WHERE wish = 'ended')";
            db.execute(delete, [event.as_str()])
        })
        .await?;
        self.touch(Touched::Any);
        Ok(())
    }

    /// All subscriptions, those of one account together, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.with(|db| {
            let mut select = db.prepare_cached(&format!("{COLUMNS} ORDER BY account, created_at, s.event"))?;
            select.query_map([], read)?.collect()
        })
        .await
    }

    /// The subscriptions of one account, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn subscriptions_of(&self, account: &str) -> Result<Vec<Subscription>, StoreError> {
        let account = account.to_owned();
        self.with(move |db| {
            let select = format!("{COLUMNS} WHERE account = ?1 ORDER BY created_at, s.event");
            let mut select = db.prepare_cached(&select)?;
            select.query_map([account], read)?.collect()
        })
        .await
    }

    /// The subscription of one event name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn subscription(&self, event: &EventName) -> Result<Option<Subscription>, StoreError> {
        let event = event.clone();
        self.with(move |db| db.query_row(&format!("{COLUMNS} WHERE s.event = ?1"), [event.as_str()], read).optional())
            .await
    }

    /// Records how a subscription stands, unless it stands otherwise than it was `seen`: somebody knew better meanwhile
    /// (a hub verified, a person asked again), and what was worked out from the old is void. The answer is whether it was
    /// recorded.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_standing(
        &self,
        event: &EventName,
        seen: &Standing,
        standing: Standing,
    ) -> Result<bool, StoreError> {
        let (event, seen) = (event.clone(), seen.clone());
        self.with(move |db| {
            let text = |at: Option<Timestamp>| at.map(|it| it.to_string());
            let update = "UPDATE subscriptions SET asked_at = ?2, confirmed_at = ?3, expires_at = ?4, asleep_at = ?5,
                          trouble = ?6, lasting = ?7, failures = ?8, retry_at = ?9
                          WHERE event = ?1 AND asked_at IS ?10 AND confirmed_at IS ?11 AND asleep_at IS ?12
                          AND trouble IS ?13 AND failures IS ?14";
            let values = params![
                event.as_str(),
                text(standing.asked_at),
                text(standing.confirmed_at),
                text(standing.expires_at),
                text(standing.asleep_at),
                standing.trouble,
                standing.lasting,
                standing.failures,
                text(standing.retry_at),
                text(seen.asked_at),
                text(seen.confirmed_at),
                text(seen.asleep_at),
                seen.trouble,
                seen.failures
            ];
            db.prepare_cached(update)?.execute(values).map(|changed| changed > 0)
        })
        .await
    }

    /// Lets everything be tried again that was waiting or given up, but for want of a permission.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn retry_all(&self) -> Result<(), StoreError> {
        let retry = "UPDATE subscriptions SET lasting = 0, failures = 0, retry_at = NULL
                     WHERE trouble IS NOT NULL AND account IN (SELECT nsid FROM accounts WHERE token IS NOT NULL)";
        self.with(|db| db.execute(retry, []).map(drop)).await
    }

    /// Records what its owner calls a subscription.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_label(&self, event: &EventName, label: &str) -> Result<(), StoreError> {
        let (event, label) = (event.clone(), label.to_owned());
        self.with(move |db| {
            db.execute("UPDATE subscriptions SET label = ?2 WHERE event = ?1", params![event.as_str(), label])
        })
        .await?;
        self.touch(Touched::Any);
        Ok(())
    }

    /// Adds what deliveries brought, and when each event was last watched, all in one commit.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is added then.
    pub async fn record_life(
        &self,
        tallied: Vec<(EventName, Tallied)>,
        watched: Vec<(EventName, Timestamp)>,
    ) -> Result<(), StoreError> {
        self.with(move |db| {
            let transaction = db.transaction()?;
            for (event, it) in &tallied {
                let add = "UPDATE subscriptions SET deliveries = deliveries + ?2, events = events + ?3,
                           last_delivery_at = ?4 WHERE event = ?1";
                let values = params![event.as_str(), it.deliveries, it.events, it.last_delivery_at.to_string()];
                transaction.prepare_cached(add)?.execute(values)?;
            }
            for (event, at) in tallied.iter().filter_map(|(event, it)| Some((event, it.pushed_at?))) {
                serving::record_pushed(&transaction, event, at)?;
            }
            for (event, at) in &watched {
                let set = "UPDATE subscriptions SET watched_at = ?2 WHERE event = ?1";
                transaction.prepare_cached(set)?.execute(params![event.as_str(), at.to_string()])?;
            }
            transaction.commit()
        })
        .await
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let damaged = |column, cause: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, cause)
    };
    let moment = |column| -> rusqlite::Result<Option<Timestamp>> {
        let text = row.get::<_, Option<String>>(column)?;
        text.map(|it| it.parse().map_err(|cause: jiff::Error| damaged(column, cause.into()))).transpose()
    };
    let event = row.get::<_, String>(0)?.parse().map_err(|cause| damaged(0, Box::new(cause)))?;
    let topic = Topic::from_text(&row.get::<_, String>(2)?).map_err(|cause| damaged(2, cause.into()))?;
    let standing = Standing {
        asked_at: moment(5)?,
        confirmed_at: moment(6)?,
        expires_at: moment(7)?,
        asleep_at: moment(8)?,
        trouble: row.get(9)?,
        lasting: row.get(10)?,
        failures: row.get(11)?,
        retry_at: moment(12)?,
    };
    Ok(Subscription {
        event,
        account: row.get(1)?,
        topic,
        label: row.get(3)?,
        created_at: moment(4)?.unwrap_or(Timestamp::UNIX_EPOCH),
        wanted: row.get::<_, Option<bool>>(17)?.unwrap_or(false),
        standing,
        serving: Serving {
            bridged_at: moment(19)?,
            why: row.get(20)?,
            verified_at: moment(21)?,
            pushed_at: moment(22)?,
            missed_at: moment(23)?,
            noticed_at: moment(24)?,
        },
        watched_at: moment(13)?,
        verified_at: moment(18)?,
        last_delivery_at: moment(14)?,
        deliveries: row.get(15)?,
        events: row.get(16)?,
    })
}

#[cfg(test)]
mod tests;
