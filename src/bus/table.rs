//! The writing side of the history.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::bus::HISTORY;
use crate::bus::item::Batch;
use crate::bus::position::Epoch;
use crate::bus::row::Row;
use crate::event_name::EventName;
use crate::photo::UpdateType;

/// The writing side. There is one.
#[derive(Debug)]
pub struct Table {
    db: Connection,
    epoch: Epoch,
    head: i64,
}

impl Table {
    /// The table behind `db`, whose last event has the offset `head`.
    pub fn new(db: Connection, epoch: Epoch, head: i64) -> Self {
        Self { db, epoch, head }
    }

    /// Runs `append` in one transaction: all of it is on disk when this returns, or nothing.
    pub fn commit<T>(&mut self, append: impl FnOnce(&mut Appender<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let mut appender = Appender { tx: self.db.transaction()?, epoch: self.epoch, head: self.head };
        let result = append(&mut appender)?;
        let head = appender.head;
        appender.tx.commit()?;
        self.head = head;
        Ok(result)
    }

    /// Deletes what is there of `names`: the bytes are overwritten, and the log file beside the history is emptied.
    pub fn forget(&mut self, names: &[EventName]) -> rusqlite::Result<()> {
        let head = self.head;
        self.db.pragma_update(None, "secure_delete", true)?;
        let forgotten = self.commit(|appender| names.iter().try_for_each(|name| appender.forget(name, head)));
        self.db.pragma_update(None, "secure_delete", false)?;
        forgotten?;
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

/// An open transaction on the history.
#[derive(Debug)]
pub struct Appender<'t> {
    tx: Transaction<'t>,
    epoch: Epoch,
    head: i64,
}

impl Appender<'_> {
    /// Writes something without changing anything, to find out whether writing works.
    pub fn touch(&mut self) -> rusqlite::Result<()> {
        self.tx.execute("UPDATE meta SET epoch = epoch", []).map(drop)
    }

    /// Appends `rows` to `name`: the fresh ones, in order, and the photos that they are of. Repeats are passed over.
    pub fn append(&mut self, name: &EventName, rows: &[Row]) -> rusqlite::Result<(Batch, Vec<String>)> {
        let (id, held) = self.name(name)?;
        let (mut fresh, mut photos) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            if self.insert(id, row)? {
                fresh.push((self.head, row.json.as_str()));
                photos.push(row.photo.clone());
            }
        }
        let held = held + i64::try_from(fresh.len()).unwrap_or(i64::MAX);
        self.settle(id, held)?;
        Ok((Batch::new(name.clone(), self.epoch, fresh), photos))
    }

    fn forget(&self, name: &EventName, head: i64) -> rusqlite::Result<()> {
        let gone = "DELETE FROM events WHERE name = (SELECT id FROM names WHERE name = ?1)";
        self.tx.execute(gone, [name.as_str()])?;
        // The name stays as a stone without an inscription: positions before it are a gap.
        let empty = "UPDATE names SET rows = 0, dropped_through = ?2 WHERE name = ?1";
        self.tx.execute(empty, params![name.as_str(), head]).map(drop)
    }

    fn name(&self, name: &EventName) -> rusqlite::Result<(i64, i64)> {
        let mut select = self.tx.prepare_cached("SELECT id, rows FROM names WHERE name = ?1")?;
        if let Some(found) = select.query_row([name.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()? {
            return Ok(found);
        }
        self.tx.prepare_cached("INSERT INTO names (name) VALUES (?1)")?.execute([name.as_str()])?;
        Ok((self.tx.last_insert_rowid(), 0))
    }

    /// Whether the row is fresh, and then in the table.
    fn insert(&mut self, name: i64, row: &Row) -> rusqlite::Result<bool> {
        if row.removes {
            self.remove(name, row)?;
        } else if self.was_removed_since(name, row)? || self.arrived(name, row)? {
            return Ok(false);
        }
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO events (offset, name, photo, key, at, removed, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (name, key) DO NOTHING",
        )?;
        let values = params![self.head + 1, name, row.photo, row.key, row.at, row.removes, row.json];
        let fresh = insert.execute(values)? > 0;
        self.head += i64::from(fresh);
        Ok(fresh)
    }

    /// Takes what is known of the photo out of the history.
    fn remove(&self, name: i64, row: &Row) -> rusqlite::Result<()> {
        let mut blank = self.tx.prepare_cached(
            "UPDATE events SET json = NULL WHERE name = ?1 AND photo = ?2 AND json IS NOT NULL AND NOT removed",
        )?;
        // A tombstone that finds something to delete is never a repeat, though it may equal an earlier one: the photo
        // was published again in between. The earlier one gives up its key.
        if blank.execute(params![name, row.photo])? > 0 {
            let mut retire = self.tx.prepare_cached("UPDATE events SET key = NULL WHERE name = ?1 AND key = ?2")?;
            retire.execute([name, row.key])?;
        }
        Ok(())
    }

    /// Whether the photo was removed after what the row tells of: deliveries may overtake one another, and what comes
    /// late must not bring a photo back.
    fn was_removed_since(&self, name: i64, row: &Row) -> rusqlite::Result<bool> {
        let Some(at) = row.at else { return Ok(false) };
        self.tx
            .prepare_cached("SELECT 1 FROM events WHERE name = ?1 AND photo = ?2 AND removed AND at >= ?3")?
            .exists(params![name, row.photo, at])
    }

    /// Whether another entry told of the same arrival: the photo under this title, faved by this person if it was a fave.
    /// Where a hub takes over from another, both may tell of it, each with its own details.
    fn arrived(&self, name: i64, row: &Row) -> rusqlite::Result<bool> {
        let Some(arrival) = &row.arrival else { return Ok(false) };
        // `json_each` has a column `json` of its own, so the table's is named in full.
        let why = if arrival.faved_by.is_some() { UpdateType::FAVES } else { UpdateType::CREATED };
        self.tx
            .prepare_cached(
                "SELECT 1 FROM events WHERE name = ?1 AND photo = ?2 AND NOT removed AND json IS NOT NULL
                 AND json_extract(json, '$.title') IS ?3 AND json_extract(json, '$.faved_by.nsid') IS ?4
                 AND EXISTS (SELECT 1 FROM json_each(events.json, '$.updates') WHERE value = ?5)",
            )?
            .exists(params![name, row.photo, arrival.title, arrival.faved_by, why])
    }

    /// Drops the oldest rows past the bound, and notes how far.
    fn settle(&self, name: i64, held: i64) -> rusqlite::Result<()> {
        let bound = i64::try_from(HISTORY).unwrap_or(i64::MAX);
        let surplus = (held - bound).max(0);
        let mut dropped_through: Option<i64> = None;
        if surplus > 0 {
            dropped_through = self
                .tx
                .prepare_cached("SELECT offset FROM events WHERE name = ?1 ORDER BY offset LIMIT 1 OFFSET ?2")?
                .query_row([name, surplus - 1], |row| row.get(0))
                .optional()?;
            self.tx
                .prepare_cached("DELETE FROM events WHERE name = ?1 AND offset <= ?2")?
                .execute(params![name, dropped_through])?;
        }
        self.tx
            .prepare_cached(
                "UPDATE names SET rows = ?2, dropped_through = coalesce(?3, dropped_through) WHERE id = ?1",
            )?
            .execute(params![name, held - surplus, dropped_through])?;
        Ok(())
    }
}
