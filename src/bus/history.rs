//! The last events of each name, in SQLite.
//!
//! `events` holds one row for each event: its offset in the whole history, its name, its photo, a key that recognises
//! a repeat, and the photo event as JSON. A tombstone blanks the JSON of its photo's rows and leaves the keys, so that a
//! late repeat does not bring back what was deleted. `names` knows how many rows a name has and how far they were
//! dropped: what lies at or before `dropped_through` is a gap to whoever asks for it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use crate::bus::HISTORY;
use crate::bus::item::Item;
use crate::bus::position::{Epoch, Position};
use crate::bus::row::Row;
use crate::event_name::EventName;

/// The most events that a listener gets from the history at once.
pub const MAX_BACKLOG: usize = 500;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS meta (epoch TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS names (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        rows INTEGER NOT NULL DEFAULT 0, dropped_through INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS events (
        offset INTEGER PRIMARY KEY, name INTEGER NOT NULL, photo TEXT NOT NULL, key INTEGER, json TEXT);
    CREATE INDEX IF NOT EXISTS events_in_order ON events (name);
    CREATE UNIQUE INDEX IF NOT EXISTS events_once ON events (name, key);
    PRAGMA user_version = 1;
";

/// From where a listener wants to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The newest events of all names together, at most so many.
    Newest(usize),
    /// Everything after a position; where that is not to be had, the newest so many of each name.
    After(Position, usize),
    /// Everything after a position that nobody can read any more (of another version, say): the newest so many of each
    /// name, all of them with a gap.
    Lost(usize),
}

/// What a listener gets before the live events.
#[derive(Debug)]
pub struct Backlog {
    /// Where the history ended when it was read.
    pub head: Position,
    /// Names of which events are missing between the position that was asked for and `items`.
    pub gaps: Vec<EventName>,
    /// In order, all at or before `head`.
    pub items: Vec<Item>,
}

/// The reading side.
#[derive(Debug)]
pub struct History {
    epoch: Epoch,
    reader: Mutex<Connection>,
}

impl History {
    /// Opens the file, or makes it with `new_epoch`; returns the reading and the writing side.
    pub fn open(path: &Path, new_epoch: Epoch) -> rusqlite::Result<(Self, Table)> {
        let db = Connection::open(path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        // FULL: a commit has reached the disk, and outlives a power cut and not only a kill.
        db.pragma_update(None, "synchronous", "FULL")?;
        db.pragma_update(None, "cache_size", -16_000)?;
        db.execute_batch(SCHEMA)?;
        let kept: Option<String> = db.query_row("SELECT epoch FROM meta", [], |row| row.get(0)).optional()?;
        let epoch = match kept.and_then(|text| text.parse().ok()) {
            Some(epoch) => epoch,
            None => {
                db.execute("INSERT INTO meta (epoch) VALUES (?1)", [new_epoch.to_string()])?;
                new_epoch
            }
        };
        let head = db.query_row("SELECT coalesce(max(offset), 0) FROM events", [], |row| row.get(0))?;
        let reader = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.busy_timeout(Duration::from_secs(5))?;
        Ok((Self { epoch, reader: Mutex::new(reader) }, Table { db, epoch, head }))
    }

    /// The epoch of this history.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The backlog of `names`, from one consistent state. Blocks on the disk.
    pub fn read(&self, names: &[EventName], from: From) -> rusqlite::Result<Backlog> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = reader.transaction()?;
        let offset = tx.query_row("SELECT coalesce(max(offset), 0) FROM events", [], |row| row.get(0))?;
        let head = Position { epoch: self.epoch, offset };
        let mut backlog = Backlog { head, gaps: Vec::new(), items: Vec::new() };
        match from {
            From::Newest(last) => {
                let last = last.min(MAX_BACKLOG);
                for name in names {
                    backlog.items.extend(self.newest(&tx, name, 0, last)?);
                }
                backlog.items.sort_by_key(|it| it.position.offset);
                backlog.items.drain(..backlog.items.len().saturating_sub(last));
            }
            From::After(after, last) => self.read_after(&tx, names, Some(after), last, &mut backlog)?,
            From::Lost(last) => self.read_after(&tx, names, None, last, &mut backlog)?,
        }
        Ok(backlog)
    }

    fn read_after(
        &self,
        tx: &Transaction<'_>,
        names: &[EventName],
        after: Option<Position>,
        last: usize,
        backlog: &mut Backlog,
    ) -> rusqlite::Result<()> {
        // A position of another history, or of a future that this one has not seen, tells nothing about any name.
        let known = after.filter(|it| it.epoch == self.epoch && it.offset <= backlog.head.offset);
        let last = last.min(MAX_BACKLOG);
        let mut whole = Vec::new();
        for name in names {
            match known {
                Some(after) if dropped_through(tx, name)? <= after.offset => {
                    whole.push((name, self.newest(tx, name, after.offset, HISTORY)?));
                }
                _ => {
                    backlog.gaps.push(name.clone());
                    backlog.items.extend(self.newest(tx, name, 0, last)?);
                }
            }
        }
        // Never a flood: when all of it is too much, each name gives its newest, and says so.
        let flood = whole.iter().map(|(_, items)| items.len()).sum::<usize>() > MAX_BACKLOG;
        for (name, items) in whole {
            let cut = if flood { items.len().saturating_sub(last) } else { 0 };
            if cut > 0 {
                backlog.gaps.push(name.clone());
            }
            backlog.items.extend(items.into_iter().skip(cut));
        }
        backlog.items.sort_by_key(|it| it.position.offset);
        Ok(())
    }

    /// The newest `n` of `name` after `offset`, in order.
    fn newest(&self, tx: &Transaction<'_>, name: &EventName, offset: i64, n: usize) -> rusqlite::Result<Vec<Item>> {
        let mut select = tx.prepare_cached(
            "SELECT offset, json FROM events WHERE name = (SELECT id FROM names WHERE name = ?1)
             AND offset > ?2 AND json IS NOT NULL ORDER BY offset DESC LIMIT ?3",
        )?;
        let mut rows = select.query(params![name.as_str(), offset, i64::try_from(n).unwrap_or(i64::MAX)])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let position = Position { epoch: self.epoch, offset: row.get(0)? };
            items.push(Item::new(name.clone(), position, row.get_ref(1)?.as_str()?));
        }
        items.reverse();
        Ok(items)
    }
}

fn dropped_through(tx: &Transaction<'_>, name: &EventName) -> rusqlite::Result<i64> {
    tx.prepare_cached("SELECT dropped_through FROM names WHERE name = ?1")?
        .query_row([name.as_str()], |row| row.get(0))
        .optional()
        .map(Option::unwrap_or_default)
}

/// The writing side. There is one.
#[derive(Debug)]
pub struct Table {
    db: Connection,
    epoch: Epoch,
    head: i64,
}

impl Table {
    /// Runs `append` in one transaction: all of it is on disk when this returns, or nothing.
    pub fn commit<T>(&mut self, append: impl FnOnce(&mut Appender<'_>) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let mut appender = Appender { tx: self.db.transaction()?, epoch: self.epoch, head: self.head };
        let result = append(&mut appender)?;
        let head = appender.head;
        appender.tx.commit()?;
        self.head = head;
        Ok(result)
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
    /// Appends `rows` to `name`: the fresh ones, in order. Repeats are passed over.
    pub fn append(&mut self, name: &EventName, rows: &[Row]) -> rusqlite::Result<Vec<Item>> {
        let (id, held) = self.name(name)?;
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            if self.insert(id, row)? {
                let position = Position { epoch: self.epoch, offset: self.head };
                fresh.push(Item::new(name.clone(), position, &row.json));
            }
        }
        let held = held + i64::try_from(fresh.len()).unwrap_or(i64::MAX);
        self.settle(id, held)?;
        Ok(fresh)
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
            let mut blank = self.tx.prepare_cached(
                "UPDATE events SET json = NULL
                 WHERE name = ?1 AND photo = ?2 AND json IS NOT NULL AND json NOT LIKE '{\"change\":\"removed\"%'",
            )?;
            // A tombstone that finds something to delete is never a repeat, though it may equal an earlier one: the
            // photo was published again in between. The earlier one gives up its key.
            if blank.execute(params![name, row.photo])? > 0 {
                let mut retire = self.tx.prepare_cached("UPDATE events SET key = NULL WHERE name = ?1 AND key = ?2")?;
                retire.execute([name, row.key])?;
            }
        }
        let mut insert = self.tx.prepare_cached(
            "INSERT OR IGNORE INTO events (offset, name, photo, key, json) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let fresh = insert.execute(params![self.head + 1, name, row.photo, row.key, row.json])? > 0;
        self.head += i64::from(fresh);
        Ok(fresh)
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
