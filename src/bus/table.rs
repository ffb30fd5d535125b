//! The writing side of the history.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::bus::HISTORY;
use crate::bus::item::Batch;
use crate::bus::position::Epoch;
use crate::bus::row::{Arrival, Row};
use crate::event_name::EventName;
use crate::photo::PhotoEvent;
use crate::sqlite;

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
        sqlite::empty_log(&self.db)
    }
}

/// What is known of an arrival already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Never,
    /// The photo has been renamed since, and nobody has told of that yet: a change of its title, and no new photo.
    UnderAnotherTitle,
    AlreadySo,
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
            let row = match self.told(id, row)? {
                Told::Never => Cow::Borrowed(row),
                Told::UnderAnotherTitle => Cow::Owned(row.as_retitled().unwrap_or_else(|| row.clone())),
                Told::AlreadySo => continue,
            };
            if self.insert(id, &row)? {
                photos.push(row.photo.clone());
                fresh.push((self.head, row));
            }
        }
        let held = held + i64::try_from(fresh.len()).unwrap_or(i64::MAX);
        self.settle(id, held)?;
        let events = fresh.iter().map(|(offset, row)| (*offset, row.json.as_str()));
        Ok((Batch::new(name.clone(), self.epoch, events), photos))
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
        } else if self.was_removed_since(name, row)? {
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

    /// What other entries told of the same arrival. Where a hub takes over from another, both may tell of it, each with its
    /// own details; and one that looks seldom sees the new title only of a photo that was renamed in between.
    fn told(&self, name: i64, row: &Row) -> rusqlite::Result<Told> {
        let Some(arrival) = &row.arrival else { return Ok(Told::Never) };
        let mut select = self.tx.prepare_cached(
            "SELECT json FROM events WHERE name = ?1 AND photo = ?2 AND NOT removed AND json IS NOT NULL ORDER BY offset",
        )?;
        let mut rows = select.query(params![name, row.photo])?;
        let (mut told, mut newest_title) = (Told::Never, None);
        while let Some(earlier) = rows.next()? {
            let Ok(event) = serde_json::from_str::<PhotoEvent>(earlier.get_ref(0)?.as_str()?) else { continue };
            match Arrival::of(&event) {
                Some(it) if it == *arrival => return Ok(Told::AlreadySo),
                Some(it) if it.faved_by == arrival.faved_by => told = Told::UnderAnotherTitle,
                _ => {}
            }
            newest_title = event.title;
        }
        let is_renamed = told == Told::UnderAnotherTitle && newest_title == arrival.title;
        Ok(if is_renamed { Told::AlreadySo } else { told })
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
