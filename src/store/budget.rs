//! How much of the hour's calls is left, so that a restart cannot exceed it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::store::{Store, StoreError};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS budget (one INTEGER PRIMARY KEY CHECK (one = 1), level REAL NOT NULL, at TEXT NOT NULL);
";

impl Store {
    /// What was last recorded: how many calls were left, and when. Blocks for a moment: for the start.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn budget(&self) -> Result<Option<(f64, Timestamp)>, StoreError> {
        let select = "SELECT level, at FROM budget";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
        let found: Option<(f64, String)> =
            self.lock().query_row(select, [], read).optional().map_err(StoreError::Failed)?;
        Ok(found.and_then(|(level, at)| Some((level, at.parse().ok()?))))
    }

    /// Records how many calls are left.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_budget(&self, level: f64, at: Timestamp) -> Result<(), StoreError> {
        self.with(move |db| {
            let set = "INSERT OR REPLACE INTO budget (one, level, at) VALUES (1, ?1, ?2)";
            db.execute(set, params![level, at.to_string()]).map(drop)
        })
        .await
    }
}
