//! The bus: named event channels with history.
//!
//! One path through it: [`Bus::publish`] hands the photo events of one delivery to the writer thread (`writer`),
//! which commits them, together with whatever else is waiting, to the history on disk ([`history`]) and *then* hands
//! them to the channels ([`channels`]), which put them into the bounded inbox ([`inbox`]) of every listener, and into the
//! shards of the fan-out, each once for all its clients. A listener joins by [`Bus::follow`]: its inbox is open before the
//! history is read, so that nothing falls between.
//!
//! Invariants:
//! - what `publish` has returned is on disk, and a `kill -9` does not lose it;
//! - of one event name everybody sees the same order, that of the [positions](position::Position);
//! - publishing never waits for who reads: a full inbox loses its oldest events, and its owner is told how many;
//! - an event name with no listener costs no memory.

pub mod channels;
pub mod hear;
pub mod history;
pub mod inbox;
pub mod item;
pub mod position;
pub mod row;
pub mod table;
mod writer;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::event_name::EventName;
use crate::photo::PhotoEvent;
use crate::sqlite;
use channels::{Channels, Listener};
use history::{Backlog, From, History};
use position::Epoch;

/// How many events of one name the history keeps.
pub const HISTORY: usize = 500;
// A delivery that the history cannot hold would lose its first events at once, and repeat them whenever it is repeated.
const _: () = assert!(crate::feed::ENTRIES <= HISTORY);

/// A handle to the bus. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bus {
    history: Arc<History>,
    channels: Channels,
    writer: writer::Writer,
}

/// What became of the photo events of one delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The photos of events that are new, and now in the history, in order.
    pub photos: Vec<String>,
    /// Events that were there already, to the letter.
    pub repeats: usize,
    /// Listeners that the new ones were handed to.
    pub listeners: usize,
}

impl Published {
    /// How many events are new.
    #[must_use]
    pub fn fresh(&self) -> usize {
        self.photos.len()
    }
}

/// A listener that has joined: what it missed, and what comes.
#[derive(Debug)]
pub struct Followed {
    /// The events before it joined, and the names whose history does not reach back far enough.
    pub backlog: Backlog,
    /// The events from now on.
    pub listener: Listener,
}

impl Bus {
    /// Opens the history in `folder`, or makes a new one, and starts the writer.
    ///
    /// # Errors
    /// When the folder or the file cannot be used; the message names it.
    pub fn open(folder: &Path, clock: &Clock) -> Result<Self, BusError> {
        let path = folder.join("history.db");
        let unusable = |cause: rusqlite::Error| BusError::Unusable { path: path.display().to_string(), cause };
        let seed = clock.random::<8>().map_err(|_| BusError::NoRandomness)?;
        let (history, table) = History::open(&path, Epoch::from_random(seed)).map_err(unusable)?;
        let channels = Channels::default();
        let writer = writer::start(table, channels.clone());
        Ok(Self { history: Arc::new(history), channels, writer })
    }

    /// Makes `events` durable and hands them to all who follow `name`. Returns when they are on disk.
    ///
    /// # Errors
    /// When the history cannot be written: nothing of the delivery is then published, and the hub should retry.
    pub async fn publish(&self, name: &EventName, events: &[PhotoEvent]) -> Result<Published, BusError> {
        if events.is_empty() {
            return Ok(Published::default());
        }
        let rows = events.iter().map(row::Row::of).collect::<Result<_, _>>().map_err(BusError::Encode)?;
        let (done, committed) = oneshot::channel();
        self.writer.send(writer::Job { name: name.clone(), rows, done }).await?;
        committed.await.map_err(|_| BusError::Closed)?
    }

    /// Deletes the history of these names: what was there is on no disk of ours when this returns, and whoever resumes
    /// is told of the gap.
    ///
    /// # Errors
    /// When the history cannot be written.
    pub async fn forget(&self, names: Vec<EventName>) -> Result<(), BusError> {
        let (done, forgotten) = oneshot::channel();
        self.writer.forget(names, done).await?;
        forgotten.await.map_err(|_| BusError::Closed)?.map_err(|cause| BusError::Write(Arc::new(cause)))
    }

    /// Joins `names`: the backlog as `from` asks for it, then everything that is published from now on.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn follow(&self, names: Vec<EventName>, from: From) -> Result<Followed, BusError> {
        let mut listener = self.channels.join(&names);
        let backlog = self.backlog(names, from).await?;
        // What was committed before the history was read may be on its way to the inbox too: it comes once.
        listener.skip_through(backlog.head.offset);
        Ok(Followed { backlog, listener })
    }

    /// What is there of `names` now, as `from` asks for it. Who entered the channels before gets everything after its head.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn backlog(&self, names: Vec<EventName>, from: From) -> Result<Backlog, BusError> {
        let history = self.history.clone();
        let read = tokio::task::spawn_blocking(move || history.read(&names, from));
        read.await.map_err(|_| BusError::Closed)?.map_err(BusError::Read)
    }

    /// Who listens.
    pub fn channels(&self) -> &Channels {
        &self.channels
    }

    /// Whether the photo `id` is in the history of one of `names`, and was not removed.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn has_photo(&self, names: Vec<EventName>, id: &str) -> Result<bool, BusError> {
        let (history, id) = (self.history.clone(), id.to_owned());
        let read = tokio::task::spawn_blocking(move || history.has_photo(&names, &id));
        read.await.map_err(|_| BusError::Closed)?.map_err(BusError::Read)
    }

    /// Whether deliveries can be made durable just now. After a commit that failed it tries another, so that a server
    /// that gets no deliveries since it is not ready does not stay so for ever.
    pub async fn is_writable(&self) -> bool {
        self.writer.works().await
    }

    /// Listeners, and the event names that they follow.
    pub fn listeners(&self) -> channels::Count {
        self.channels.count()
    }

    /// The event names that somebody listens to, in no order.
    pub fn followed(&self) -> Vec<EventName> {
        self.channels.followed()
    }

    /// Writes what is waiting, then stops the writer. Publishing fails from now on.
    pub async fn close(&self) {
        self.writer.close().await;
    }
}

/// Why the bus cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The history file is there and cannot be used, or cannot be made.
    #[error("the history {path} cannot be used: {cause}. {}", sqlite::remedy(cause))]
    Unusable {
        /// The file.
        path: String,
        /// What SQLite said.
        cause: rusqlite::Error,
    },
    /// A commit failed; nothing of it was published.
    #[error("the history cannot be written: {0}")]
    Write(Arc<rusqlite::Error>),
    /// A read failed.
    #[error("the history cannot be read: {0}")]
    Read(rusqlite::Error),
    /// A photo event that JSON cannot say.
    #[error("a photo event cannot be encoded: {0}")]
    Encode(serde_json::Error),
    /// No name for a new history.
    #[error("the operating system gives no random numbers, so the history cannot be named")]
    NoRandomness,
    /// The server is stopping.
    #[error("the bus is closed")]
    Closed,
}

#[cfg(test)]
mod tests;
