//! The records in SQLite: `deliveries.db`, apart from what must not be lost.
//!
//! Commits do not wait for the disk: after a power cut the newest records may be missing, and the file is whole all the same.

use std::path::Path;

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::delivery_log::Bounds;
use crate::delivery_log::record::{Owner, Record, Scope, Whole};
use crate::sqlite;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS records (
        id INTEGER PRIMARY KEY, owner TEXT NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL,
        record TEXT NOT NULL, head TEXT NOT NULL, body BLOB);
    CREATE INDEX IF NOT EXISTS records_of ON records (owner, id);
    CREATE INDEX IF NOT EXISTS records_at ON records (at);
    CREATE TABLE IF NOT EXISTS last (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL);
";

/// Bytes of bodies that are kept for one owner; older records lose theirs.
const BODIES: i64 = 64 * 1024 * 1024;
/// Bytes of the whole file from which on the oldest bodies go.
const FILE: i64 = 512 * 1024 * 1024;
/// How many go at a time.
const ROOM: i64 = 64;

/// The writing side. There is one.
#[derive(Debug)]
pub(super) struct Table {
    db: Connection,
    bounds: Bounds,
}

impl Table {
    /// Opens the file, or makes it; with the last number that was used.
    pub(super) fn open(path: &Path, bounds: Bounds) -> rusqlite::Result<(Self, u64)> {
        let db = sqlite::open(path, SCHEMA)?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        let last = "SELECT max(coalesce((SELECT max(id) FROM records), 0), coalesce((SELECT id FROM last), 0))";
        let last: i64 = db.query_row(last, [], |row| row.get(0))?;
        Ok((Self { db, bounds }, u64::try_from(last).unwrap_or_default()))
    }

    /// Writes all of it in one commit, and drops what is beyond the bounds at `now`.
    pub(super) fn write(&mut self, all: &[Whole], now: Timestamp) -> rusqlite::Result<()> {
        let tx = self.db.transaction()?;
        let mut owners: Vec<Owner> = all.iter().map(|it| it.record.owner()).collect();
        for (whole, owner) in all.iter().zip(&owners) {
            let Whole { record, head, body } = whole;
            let values = params![
                number(record.id),
                owner.text(),
                record.at.as_millisecond(),
                body.as_ref().map_or(0, |it| number(it.len() as u64)),
                json(record),
                json(head),
                body.as_deref(),
            ];
            let insert = "INSERT OR REPLACE INTO records (id, owner, at, size, record, head, body)
                          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            tx.prepare_cached(insert)?.execute(values)?;
        }
        if let Some(last) = all.iter().map(|it| it.record.id).max() {
            tx.prepare_cached("INSERT OR REPLACE INTO last (one, id) VALUES (1, ?1)")?.execute([number(last)])?;
        }
        owners.sort_by(|a, b| a.text().cmp(b.text()));
        owners.dedup();
        for owner in owners {
            let many = "DELETE FROM records WHERE owner = ?1 AND id <=
                        (SELECT id FROM records WHERE owner = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
            tx.prepare_cached(many)?.execute(params![owner.text(), number(self.bounds.records as u64)])?;
            let large = "UPDATE records SET body = NULL, size = 0 WHERE id IN (SELECT id FROM
                         (SELECT id, sum(size) OVER (ORDER BY id DESC) AS total FROM records
                          WHERE owner = ?1 AND size > 0) WHERE total > ?2)";
            tx.prepare_cached(large)?.execute(params![owner.text(), BODIES])?;
        }
        let old = now.as_millisecond() - i64::try_from(self.bounds.age.as_millis()).unwrap_or(i64::MAX);
        tx.prepare_cached("DELETE FROM records WHERE at < ?1")?.execute([old])?;
        tx.commit()?;
        self.make_room()
    }

    /// Changes what is told of a record, when it is still there.
    pub(super) fn change(
        &mut self,
        id: u64,
        change: impl FnOnce(&mut Record) -> bool,
    ) -> rusqlite::Result<Option<Record>> {
        let select = "SELECT record FROM records WHERE id = ?1";
        let found = self.db.prepare_cached(select)?.query_row([number(id)], record).optional()?;
        let Some(mut record) = found.flatten() else { return Ok(None) };
        if !change(&mut record) {
            return Ok(None);
        }
        let update = "UPDATE records SET record = ?2 WHERE id = ?1";
        self.db.prepare_cached(update)?.execute(params![number(id), json(&record)])?;
        Ok(Some(record))
    }

    /// Deletes the records of an account, those too that were dropped by the bounds before: the file is written anew without
    /// what it no longer holds, and the log file beside it is emptied. To overwrite all that is ever dropped would cost each
    /// delivery, and nobody is forgotten often.
    pub(super) fn forget(&mut self, nsid: &str) -> rusqlite::Result<()> {
        self.db.execute("DELETE FROM records WHERE owner = ?1", [nsid])?;
        self.db.execute_batch("VACUUM")?;
        sqlite::empty_log(&self.db)
    }

    fn make_room(&mut self) -> rusqlite::Result<()> {
        let used = "SELECT (page_count - freelist_count) * page_size
                    FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()";
        while self.db.prepare_cached(used)?.query_row([], |row| row.get::<_, i64>(0))? > FILE {
            let oldest = "UPDATE records SET body = NULL, size = 0 WHERE id IN
                          (SELECT id FROM records WHERE size > 0 ORDER BY id LIMIT ?1)";
            if self.db.prepare_cached(oldest)?.execute([ROOM])? == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// The reading side.
#[derive(Debug)]
pub(super) struct Reader(Connection);

impl Reader {
    /// Opens the file that a [`Table`] has made.
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        sqlite::open_to_read(path).map(Self)
    }

    /// The newest `limit` records in `scope` that are younger than `since` and come before `before`, the newest first.
    pub(super) fn newest(
        &self,
        scope: &Scope,
        before: Option<u64>,
        limit: usize,
        since: Timestamp,
    ) -> rusqlite::Result<Vec<Record>> {
        let (before, limit) = (before.map_or(i64::MAX, number), number(limit as u64));
        let (owner, of) = match scope {
            Scope::Account(nsid) => (nsid.as_str(), "owner = ?1"),
            Scope::Everything => ("", "?1 = ''"),
        };
        let select =
            format!("SELECT record FROM records WHERE {of} AND id < ?2 AND at >= ?3 ORDER BY id DESC LIMIT ?4");
        let mut select = self.0.prepare_cached(&select)?;
        let rows = select.query_map(params![owner, before, since.as_millisecond(), limit], record)?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// The record `id`, with its bytes.
    pub(super) fn get(&self, id: u64, since: Timestamp) -> rusqlite::Result<Option<Whole>> {
        let select = "SELECT record, head, body FROM records WHERE id = ?1 AND at >= ?2";
        let read = |row: &Row<'_>| {
            let Some(record) = record(row)? else { return Ok(None) };
            let head = serde_json::from_str(row.get_ref(1)?.as_str()?).unwrap_or_default();
            let body = row.get::<_, Option<Vec<u8>>>(2)?.map(Bytes::from);
            Ok(Some(Whole { record, head, body }))
        };
        let mut select = self.0.prepare_cached(select)?;
        Ok(select.query_row(params![number(id), since.as_millisecond()], read).optional()?.flatten())
    }
}

/// What a later version wrote, and this one cannot read, is passed over.
fn record(row: &Row<'_>) -> rusqlite::Result<Option<Record>> {
    Ok(serde_json::from_str(row.get_ref(0)?.as_str()?).ok())
}

fn json(value: &impl serde::Serialize) -> String {
    // Nothing in here has keys that are no strings.
    serde_json::to_string(value).unwrap_or_default()
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// When the oldest record came that is still to be seen at `now`.
pub(super) fn since(now: Timestamp, bounds: &Bounds) -> Timestamp {
    now.checked_sub(bounds.age).unwrap_or(Timestamp::UNIX_EPOCH)
}
