//! What waits for the log's thread. Bounded: when it is full, a record loses its bytes, and then there is none, which is
//! counted. Nobody who puts something in ever waits.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::delivery_log::draft::Draft;
use crate::event_name::EventName;

/// The most records that wait.
const RECORDS: usize = 4096;
/// Beyond so many bytes of bodies, a record loses that of its own.
const BYTES: usize = 32 * 1024 * 1024;
/// Beyond so many bytes of headers and the like, there is no record.
const HEADS: usize = 16 * 1024 * 1024;
/// From here on they are written at once.
const MANY_RECORDS: usize = 1024;
const MANY_BYTES: usize = 4 * 1024 * 1024;
/// How long what nobody waits for may lie, so that many are written together, and what is outdated by then not at all.
const LINGER: Duration = Duration::from_secs(1);

/// Something for the thread to do.
#[derive(Debug)]
pub(super) enum Message {
    /// To be kept.
    Note(u64, Box<Draft>),
    /// A screen shows something new.
    Painted(Paint),
    /// Everything so far is to be in the file.
    Flush(oneshot::Sender<()>),
    /// The records of an account are to be gone.
    Forget(String, oneshot::Sender<rusqlite::Result<()>>),
}

/// Photos that a screen has just begun to show.
#[derive(Debug, Clone)]
pub(super) struct Paint {
    pub(super) at: Timestamp,
    pub(super) screen: String,
    pub(super) events: std::sync::Arc<[EventName]>,
    pub(super) photos: Vec<String>,
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    change: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    messages: Vec<Message>,
    /// Of bodies, and of all else.
    bytes: usize,
    heads: usize,
    urgent: bool,
    closed: bool,
    lost: Lost,
}

/// What there was no room for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lost {
    /// Records that were dropped.
    pub(super) records: u64,
    /// Records whose bytes were dropped.
    pub(super) bodies: u64,
}

/// What the thread is handed.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) messages: Vec<Message>,
    /// What there was no room for since the last time.
    pub(super) lost: Lost,
    /// Nothing comes any more.
    pub(super) closed: bool,
}

impl Queue {
    /// Adds a record. `heard`: somebody wants to know of it at once.
    pub(super) fn note(&self, id: u64, mut draft: Box<Draft>, heard: bool) {
        let mut waiting = self.lock();
        if waiting.closed {
            return;
        }
        if waiting.messages.len() >= RECORDS || waiting.heads + draft.head() > HEADS {
            waiting.lost.records += 1;
            return;
        }
        if waiting.bytes + draft.held() > BYTES && draft.body.take().is_some_and(|it| !it.is_empty()) {
            waiting.lost.bodies += 1;
        }
        waiting.bytes += draft.held();
        waiting.heads += draft.head();
        let many = waiting.messages.len() >= MANY_RECORDS || waiting.bytes >= MANY_BYTES;
        self.push(waiting, Message::Note(id, draft), heard || many);
    }

    /// Adds something else, unless the queue is closed: then it is dropped.
    pub(super) fn send(&self, message: Message, urgent: bool) {
        let waiting = self.lock();
        let is_paint = matches!(message, Message::Painted(_));
        if !waiting.closed && (!is_paint || waiting.messages.len() < RECORDS) {
            self.push(waiting, message, urgent);
        }
    }

    fn push(&self, mut waiting: MutexGuard<'_, Waiting>, message: Message, urgent: bool) {
        let first = waiting.messages.is_empty();
        waiting.messages.push(message);
        let wakes = first || (urgent && !waiting.urgent);
        waiting.urgent |= urgent;
        drop(waiting);
        if wakes {
            self.change.notify_one();
        }
    }

    /// Nothing comes any more: the thread does what is there, and ends.
    pub(super) fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        waiting.urgent = true;
        drop(waiting);
        self.change.notify_one();
    }

    /// Waits for something, at most for `limit`, and then a little for more, unless it is urgent. For the thread.
    pub(super) fn take(&self, limit: Duration) -> Taken {
        let waiting = self.lock();
        let idle = |it: &mut Waiting| it.messages.is_empty() && !it.closed;
        let (waiting, _) = self.change.wait_timeout_while(waiting, limit, idle).unwrap_or_else(PoisonError::into_inner);
        let calm = |it: &mut Waiting| !it.messages.is_empty() && !it.urgent;
        let (mut waiting, _) =
            self.change.wait_timeout_while(waiting, LINGER, calm).unwrap_or_else(PoisonError::into_inner);
        waiting.urgent = false;
        (waiting.bytes, waiting.heads) = (0, 0);
        Taken { messages: mem::take(&mut waiting.messages), lost: mem::take(&mut waiting.lost), closed: waiting.closed }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
