//! The last events of each name, in SQLite.
//!
//! `events` holds one row for each event: its offset in the whole history, its name, its photo, a key that recognises
//! a repeat, when it happened, whether it is a removal, and the photo event as JSON. A tombstone blanks the JSON of its photo's rows and leaves the keys, so that a
//! late repeat does not bring back what was deleted. `names` knows how many rows a name has and how far they were
//! dropped: what lies at or before `dropped_through` is a gap to whoever asks for it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::bus::item::Item;
use crate::bus::position::{Epoch, Position};
use crate::bus::table::Table;
use crate::event_name::EventName;
use crate::sqlite;

/// The most events that a listener gets from the history at once.
pub const MAX_BACKLOG: usize = 500;

/// Memory of the writer for pages of the file; SQLite takes a negative number as KiB.
const CACHE_KIB: i32 = -16_000;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS meta (epoch TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS names (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
        rows INTEGER NOT NULL DEFAULT 0, dropped_through INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS events (
        offset INTEGER PRIMARY KEY, name INTEGER NOT NULL, photo TEXT NOT NULL, key INTEGER, at INTEGER,
        removed INTEGER NOT NULL, json TEXT);
    CREATE INDEX IF NOT EXISTS events_in_order ON events (name);
    CREATE INDEX IF NOT EXISTS events_of_photo ON events (name, photo);
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
        let db = sqlite::open(path, SCHEMA)?;
        db.pragma_update(None, "cache_size", CACHE_KIB)?;
        let kept: Option<String> = db.query_row("SELECT epoch FROM meta", [], |row| row.get(0)).optional()?;
        let epoch = match kept.and_then(|text| text.parse().ok()) {
            Some(epoch) => epoch,
            None => {
                db.execute("INSERT INTO meta (epoch) VALUES (?1)", [new_epoch.to_string()])?;
                new_epoch
            }
        };
        let head = db.query_row("SELECT coalesce(max(offset), 0) FROM events", [], |row| row.get(0))?;
        let reader = sqlite::open_to_read(path)?;
        Ok((Self { epoch, reader: Mutex::new(reader) }, Table::new(db, epoch, head)))
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
                    // Cut as it grows: a hundred names are never in memory together.
                    backlog.items.sort_by_key(|it| it.position.offset);
                    backlog.items.drain(..backlog.items.len().saturating_sub(last));
                }
            }
            From::After(after, last) => self.read_after(&tx, names, Some(after), last, &mut backlog)?,
            From::Lost(last) => self.read_after(&tx, names, None, last, &mut backlog)?,
        }
        Ok(backlog)
    }

    /// Whether the photo `id` is there under one of `names`, and was not removed. Blocks on the disk.
    pub fn has_photo(&self, names: &[EventName], id: &str) -> rusqlite::Result<bool> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut select = reader.prepare_cached(
            "SELECT 1 FROM events WHERE name = (SELECT id FROM names WHERE name = ?1) AND photo = ?2
             AND NOT removed AND json IS NOT NULL",
        )?;
        for name in names {
            if select.exists([name.as_str(), id])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Everything after `after` when that is at most [`MAX_BACKLOG`] events. Otherwise, and for each name whose history
    /// does not reach back, the newest of each, `last` at most and together no more than that bound, with a gap.
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
        let share = last.min(MAX_BACKLOG / names.len().max(1));
        let (mut whole, mut cut) = (Vec::new(), Vec::new());
        for name in names {
            match known {
                Some(after) if dropped_through(tx, name)? <= after.offset => whole.push((name, after)),
                _ => cut.push(name),
            }
        }
        let mut room = MAX_BACKLOG.saturating_sub(share * cut.len());
        let mut items = Vec::new();
        for &(name, after) in &whole {
            let found = self.newest(tx, name, after.offset, room + 1)?;
            if found.len() > room {
                // Never a flood: it is too much, so each name gives its newest, and says so.
                items.clear();
                cut.extend(whole.iter().map(|(name, _)| *name));
                break;
            }
            room -= found.len();
            items.extend(found);
        }
        for name in cut {
            backlog.gaps.push(name.clone());
            items.extend(self.newest(tx, name, 0, share)?);
        }
        items.sort_by_key(|it| it.position.offset);
        backlog.items = items;
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
