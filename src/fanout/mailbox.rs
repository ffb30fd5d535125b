//! What a shard is to do, in the order in which it was asked.
//!
//! Events and everything else are in one queue, so that a client hears exactly what is handed out after it has come.
//! Both are bounded: events by [`CAPACITY`], the rest by what a seat may ask before it is answered (it enters, starts,
//! says one thing, answers one ping, closes, and leaves).

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, oneshot};

use crate::bus::hear::Hear;
use crate::bus::item::Batch;
use crate::event_name::EventName;
use crate::fanout::wire::Wire;
use crate::frame::Frames;

/// How many events wait for a shard at most; with more, the bus waits for it.
pub const CAPACITY: usize = 2048;
/// How many deliveries go out in one write at most.
const TOGETHER: usize = 64;

/// Something for a shard to do. `slot` is a client's number there.
#[derive(Debug)]
pub enum Work {
    /// Events of one name, in order, of one delivery or of several that have piled up.
    Events(Vec<Batch>),
    /// A client comes that follows these names.
    Enter {
        /// A number that no other client has.
        slot: u32,
        /// What it follows.
        names: Arc<[EventName]>,
    },
    /// Its socket is there.
    Start {
        /// Whose.
        slot: u32,
        /// How it begins.
        start: Box<Start>,
    },
    /// Something for it alone.
    Say {
        /// For whom.
        slot: u32,
        /// What.
        frames: Frames,
        /// Told when it was written; dropped when it will not be.
        done: Done,
    },
    /// It wants the pong that is in its wire.
    Pong {
        /// Who.
        slot: u32,
    },
    /// The last that it is sent.
    Close {
        /// Who.
        slot: u32,
        /// The close frame.
        frame: Frames,
        /// As with `Say`.
        done: Done,
    },
    /// It is gone. Nothing is asked for it after this.
    Leave {
        /// Who.
        slot: u32,
        /// What it followed.
        names: Arc<[EventName]>,
    },
}

/// How a client begins.
#[derive(Debug)]
pub struct Start {
    /// Its socket.
    pub wire: Arc<Wire>,
    /// What it gets before everything else.
    pub opening: Frames,
    /// What stands at or before this offset is in the opening, or was not asked for.
    pub skip_through: i64,
    /// Whether it takes compressed messages.
    pub deflate: bool,
}

/// Told when something was written.
pub type Done = oneshot::Sender<()>;

/// A shard's queue.
#[derive(Debug, Default)]
pub struct Mailbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
    room: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    work: VecDeque<Work>,
    events: usize,
    /// Numbers that clients had who left, and how many numbers there are.
    free: Vec<u32>,
    slots: u32,
    abandoned: bool,
    closed: bool,
}

impl Mailbox {
    /// A number for a client that comes; `None` when the shard has ended.
    pub fn enter(&self, names: &Arc<[EventName]>) -> Option<u32> {
        let mut waiting = self.lock();
        if waiting.closed {
            return None;
        }
        let slot = waiting.free.pop().unwrap_or(waiting.slots);
        waiting.slots = waiting.slots.max(slot + 1);
        waiting.work.push_back(Work::Enter { slot, names: names.clone() });
        drop(waiting);
        self.arrived.notify_one();
        Some(slot)
    }

    /// Asks for something. A shard that has ended does not do it.
    pub fn push(&self, work: Work) {
        let mut waiting = self.lock();
        if !waiting.closed {
            waiting.work.push_back(work);
            drop(waiting);
            self.arrived.notify_one();
        }
    }

    /// Waits for the next thing to do. For the one shard; safe to cancel.
    pub async fn next(&self) -> Work {
        loop {
            // `notify_one` leaves a permit when nobody waits yet, so nothing is overlooked between the two lines.
            if let Some(work) = self.next_now() {
                return work;
            }
            self.arrived.notified().await;
        }
    }

    fn next_now(&self) -> Option<Work> {
        let mut waiting = self.lock();
        let mut next = waiting.work.pop_front()?;
        if let Work::Events(batches) = &mut next {
            // What follows of the same name goes out with it.
            while batches.len() < TOGETHER
                && let Some(Work::Events(more)) = waiting.work.front_mut()
                && more.first().map(Batch::event) == batches.first().map(Batch::event)
            {
                batches.append(more);
                waiting.work.pop_front();
            }
            waiting.events -= batches.iter().map(Batch::len).sum::<usize>();
            self.room.notify_all();
        }
        Some(next)
    }

    /// A client has left, and its number may be given to another.
    pub fn free(&self, slot: u32) {
        self.lock().free.push(slot);
    }

    /// Nobody will come any more.
    pub fn abandon(&self) {
        self.lock().abandoned = true;
        self.arrived.notify_one();
    }

    /// Ends it, if nothing is waiting and nobody can come any more (as when the server is `stopping`).
    pub fn try_close(&self, stopping: bool) -> bool {
        let mut waiting = self.lock();
        waiting.closed |= waiting.work.is_empty() && (stopping || waiting.abandoned);
        waiting.closed
    }

    /// Ends it, whatever is waiting.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        let work = std::mem::take(&mut waiting.work);
        waiting.events = 0;
        drop(waiting);
        drop(work);
        self.room.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can panic half-way; a poisoned queue is still a whole one.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hear for Mailbox {
    /// Waits for a shard that is far behind, and for no client: a hub that delivers faster than the machine can send is
    /// answered more slowly, and nobody misses anything.
    fn hear(&self, batch: &Batch) {
        let waiting = self.lock();
        let is_full = |it: &mut Waiting| !it.closed && it.events > 0 && it.events + batch.len() > CAPACITY;
        let mut waiting = self.room.wait_while(waiting, is_full).unwrap_or_else(PoisonError::into_inner);
        if !waiting.closed {
            waiting.events += batch.len();
            waiting.work.push_back(Work::Events(vec![batch.clone()]));
            drop(waiting);
            self.arrived.notify_one();
        }
    }
}
