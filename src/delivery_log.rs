//! The delivery log: the newest requests of hubs to callbacks, what became of each, and the exact bytes.
//!
//! One path through it: whoever answers a hub hands a [`Draft`] to [`DeliveryLog::note`], which never waits (`queue`).
//! The log's own thread makes a [`Record`] of it without secrets ([`mask`]), tells who listens, and writes it down
//! with whatever else came within a second (`table`). When a screen shows one of its photos, the record changes
//! (`paints`).
//!
//! Invariants:
//! - no hub waits for it, and none notices when it cannot be written: then records are missing, and the log says so;
//! - no secret of a request reaches the disk, a page or a listener;
//! - of each account, of all callbacks that were minted by hand, and of all that are unknown, so many records are kept
//!   as LOG_DELIVERIES says, for LOG_HOURS.

pub mod draft;
mod keeper;
pub mod mask;
mod paints;
mod queue;
pub mod record;
mod table;
#[cfg(test)]
mod tests;
pub mod verdict;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{broadcast, oneshot};

use crate::clock::Clock;
use crate::event_name::EventName;
use crate::signing::Keys;
use crate::sqlite;
pub use draft::{Call, Draft};
use keeper::Keeper;
use queue::{Message, Paint, Queue};
pub use record::{Cause, Head, Hub, Kind, Owner, Painted, Parsed, Record, Scope, Whole};
use table::{Reader, Table};
pub use verdict::{Mood, Verdict};

/// How many flaws of one delivery are kept in words.
pub const FLAWS: usize = 20;
/// How many changes a listener may be behind before it misses some.
const HEARD: usize = 512;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Records of each owner; with 0 nothing is logged at all.
    pub records: usize,
    /// How long.
    pub age: SignedDuration,
}

/// A record that is new, or that changed.
#[derive(Debug, Clone)]
pub struct Heard {
    /// As it is now.
    pub record: Arc<Record>,
    /// Whether it was not there before.
    pub new: bool,
}

/// A handle to the log. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DeliveryLog(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    queue: Arc<Queue>,
    next: AtomicU64,
    reader: Mutex<Reader>,
    heard: broadcast::Sender<Heard>,
    expecting: Arc<Expecting>,
    bounds: Bounds,
    clock: Clock,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Whether photos were handed to screens that none of them has shown yet: then what screens say is urgent.
#[derive(Debug, Default)]
struct Expecting(AtomicBool);

impl Expecting {
    fn set(&self, is: bool) {
        self.0.store(is, Ordering::Relaxed);
    }

    fn is(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl DeliveryLog {
    /// Opens the log in `folder`, or makes it, and starts its thread.
    ///
    /// # Errors
    /// When the file cannot be used; the message names it.
    pub fn open(folder: &Path, bounds: Bounds, keys: Arc<Keys>, clock: Clock) -> Result<Self, LogError> {
        if bounds.records == 0 {
            return Ok(Self(None));
        }
        let path = folder.join("deliveries.db");
        let unusable = |cause| LogError::Unusable { path: path.clone(), cause };
        let (table, last) = Table::open(&path, bounds).map_err(unusable)?;
        let reader = Reader::open(&path).map_err(unusable)?;
        let (queue, heard) = (Arc::new(Queue::default()), broadcast::Sender::new(HEARD));
        let expecting = Arc::new(Expecting::default());
        let keeper = Keeper {
            queue: queue.clone(),
            table,
            bounds,
            keys,
            clock: clock.clone(),
            heard: heard.clone(),
            expecting: expecting.clone(),
        };
        let thread = std::thread::Builder::new().name("delivery-log".into()).spawn(move || keeper.run());
        let thread = thread.map_err(LogError::NoThread)?;
        Ok(Self(Some(Arc::new(Inner {
            queue,
            next: AtomicU64::new(last + 1),
            reader: Mutex::new(reader),
            heard,
            expecting,
            bounds,
            clock,
            thread: Mutex::new(Some(thread)),
        }))))
    }

    /// A log that keeps nothing.
    #[must_use]
    pub fn off() -> Self {
        Self(None)
    }

    /// How much is kept; `None` when nothing is.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.0.as_ref().map(|it| it.bounds)
    }

    /// Notes what became of a request; the answer is the number of its record, if there will be one. Never waits.
    pub fn note(&self, draft: Draft) -> Option<u64> {
        let inner = self.0.as_ref()?;
        let id = inner.next.fetch_add(1, Ordering::Relaxed);
        if draft.parsed.as_ref().is_some_and(|it| it.screens > 0 && it.fresh > 0) {
            inner.expecting.set(true);
        }
        inner.queue.note(id, Box::new(draft), inner.heard.receiver_count() > 0);
        Some(id)
    }

    /// A screen of a wall of `events` has just begun to show `photos`. Never waits.
    pub fn painted(&self, screen: &str, events: Arc<[EventName]>, photos: Vec<String>, at: Timestamp) {
        if let Some(inner) = &self.0
            && !photos.is_empty()
        {
            let urgent = inner.expecting.is();
            inner.queue.send(Message::Painted(Paint { at, screen: screen.to_owned(), events, photos }), urgent);
        }
    }

    /// Hears of every record that is new or changes, from now on; `None` when nothing is logged. What is somebody else's
    /// must be passed over: [`Scope::holds`].
    #[must_use]
    pub fn hear(&self) -> Option<broadcast::Receiver<Heard>> {
        self.0.as_ref().map(|it| it.heard.subscribe())
    }

    /// The newest records in `scope` that come before the record `before`, at most `limit`, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn newest(&self, scope: &Scope, before: Option<u64>, limit: usize) -> Result<Vec<Record>, LogError> {
        let scope = scope.clone();
        let read = move |reader: &Reader, since| reader.newest(&scope, before, limit, since);
        Ok(self.read(read).await?.unwrap_or_default())
    }

    /// The record `id` with all that is kept of it, if it is in `scope`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn get(&self, scope: &Scope, id: u64) -> Result<Option<Whole>, LogError> {
        let found = self.read(move |reader, since| reader.get(id, since)).await?.flatten();
        Ok(found.filter(|it| scope.holds(&it.record.owner())))
    }

    /// Deletes the records of an account: what was there is on no disk of ours when this returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget(&self, nsid: &str) -> Result<(), LogError> {
        let Some(inner) = &self.0 else { return Ok(()) };
        let (done, forgotten) = oneshot::channel();
        inner.queue.send(Message::Forget(nsid.to_owned(), done), true);
        forgotten.await.map_err(|_| LogError::Closed)?.map_err(LogError::Failed)
    }

    /// Writes what waits, and stops the thread. What is noted afterwards is dropped.
    pub async fn close(&self) {
        let Some(inner) = &self.0 else { return };
        inner.queue.close();
        let thread = inner.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }

    /// Reads, after everything that was noted before is in the file.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader, Timestamp) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Option<T>, LogError> {
        let Some(inner) = self.0.clone() else { return Ok(None) };
        let (done, flushed) = oneshot::channel();
        inner.queue.send(Message::Flush(done), true);
        // A log that is closed has written everything.
        let _ = flushed.await;
        let reading = tokio::task::spawn_blocking(move || {
            let since = table::since(inner.clock.now(), &inner.bounds);
            read(&inner.reader.lock().unwrap_or_else(PoisonError::into_inner), since)
        });
        reading.await.map_err(|_| LogError::Closed)?.map(Some).map_err(LogError::Failed)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Who never called `close` leaves no thread behind.
        self.queue.close();
    }
}

/// Why the log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file is there and cannot be used, or cannot be made.
    #[error(
        "the delivery log {} cannot be used: {cause}. It may be deleted at any time; LOG_DELIVERIES=0 does without it. {}",
        path.display(), sqlite::remedy(cause)
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        cause: rusqlite::Error,
    },
    /// A statement failed.
    #[error("the delivery log failed: {0}")]
    Failed(rusqlite::Error),
    /// There is no thread to be had.
    #[error("the delivery log gets no thread: {0}")]
    NoThread(std::io::Error),
    /// The server is stopping.
    #[error("the delivery log is closed")]
    Closed,
}
