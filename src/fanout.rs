//! The fan-out: one event to many WebSockets, at little more than what the kernel asks for the same bytes.
//!
//! A *shard* ([`shard`]) is one task that owns the writing side of many sockets; there is one for each core. It hears
//! each event once, for all its clients, and writes the bytes that the bus encoded ([`crate::bus::item::Batch`]) to
//! one after another, without asking first whether they can take them: all events of one delivery, and of all that have
//! piled up meanwhile, in one write for each client. Only a client that takes a part, or nothing, gets a queue ([`rest`])
//! and is waited for. Its own task holds a [`seat`] and reads ([`wire`]): what it wants to say to its one client goes by
//! way of the shard too.
//!
//! Invariants:
//! - nobody but the shard writes to a socket, and it writes whole frames: what was cut is gone on with before all else;
//! - a client sees the events of its names once, in the order of their positions, from where the history that it was
//!   given ends; what its queue could not hold it is told by number;
//! - a shard waits for no client. The bus waits for a shard that is behind by [`mailbox::CAPACITY`] events, which then
//!   writes faster, since what has piled up goes out together;
//! - whatever ends a stream, a close frame is the last thing that a client gets which takes what is sent to it; who takes
//!   nothing is cut off ([`client`] has the limits);
//! - what a shard has in memory for a client that takes everything is [`client::Client`], and nothing in proportion to
//!   what it sends.

pub mod client;
pub mod mailbox;
pub mod rest;
pub mod seat;
pub mod shard;
pub mod wire;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use crate::bus::channels::Channels;
use crate::bus::hear::Hear;
use crate::event_name::EventName;
use crate::frame::Frames;
use crate::metrics::Metrics;
use crate::shutdown::Shutdown;
use mailbox::{Mailbox, Work};
use seat::Seat;
use shard::Shard;

/// All shards. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fanout(Arc<Inner>);

/// How clients are kept, and what a shard says by itself.
#[derive(Debug, Clone)]
pub struct Manners {
    /// How often a client is asked for a sign of life.
    pub heartbeat: Duration,
    /// A client that gave none for so long is gone.
    pub silence: Duration,
    /// How it is asked.
    pub ping: Frames,
    /// How a client is told that so many events were dropped from its queue.
    pub missed: fn(u64) -> Frames,
}

#[derive(Debug)]
struct Inner {
    channels: Channels,
    desks: Vec<Desk>,
    start: Once,
    manners: Manners,
    metrics: Metrics,
    shutdown: Shutdown,
}

/// A shard as it is seen from outside.
#[derive(Debug)]
struct Desk {
    mailbox: Arc<Mailbox>,
    /// The same, as the bus knows it.
    hears: Arc<dyn Hear>,
    seats: AtomicUsize,
}

impl Fanout {
    /// A fan-out of what `channels` carry. Its tasks begin with the first client.
    pub fn new(channels: Channels, manners: Manners, metrics: Metrics, shutdown: Shutdown) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let desks = (0..cores).map(|_| Desk::default()).collect();
        Self(Arc::new(Inner { channels, desks, start: Once::new(), manners, metrics, shutdown }))
    }

    /// A place for a client that follows `names`, each once: from now on everything that is committed is kept for it. `None`
    /// when the server is about to end.
    pub fn sit(&self, names: Arc<[EventName]>) -> Option<Seat> {
        self.0.start.call_once(|| self.start());
        let least = self.0.desks.iter().enumerate().min_by_key(|(_, it)| it.seats.load(Ordering::Relaxed));
        let (at, desk) = least?;
        // Entered first: what the bus hands out from here on lies behind the client's own entrance.
        self.0.channels.enter(&names, &desk.hears);
        let Some(slot) = desk.mailbox.enter(&names) else {
            self.0.channels.leave(&names, &desk.hears);
            return None;
        };
        desk.seats.fetch_add(1, Ordering::Relaxed);
        Some(Seat::new(self.clone(), at, slot, names))
    }

    fn start(&self) {
        let Inner { manners, metrics, shutdown, .. } = &*self.0;
        for desk in &self.0.desks {
            let shard = Shard::new(desk.mailbox.clone(), manners.clone(), metrics.clone());
            // It gives way by itself; tokio's own accounting would count each client that is written to.
            shutdown.tasks.spawn(tokio::task::unconstrained(shard.run(shutdown.stopping.clone())));
        }
    }

    fn leave(&self, at: usize, slot: u32, names: &Arc<[EventName]>) {
        let desk = &self.0.desks[at];
        self.0.channels.leave(names, &desk.hears);
        desk.mailbox.push(Work::Leave { slot, names: names.clone() });
        desk.seats.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for Desk {
    fn default() -> Self {
        let mailbox = Arc::new(Mailbox::default());
        Self { hears: mailbox.clone(), mailbox, seats: AtomicUsize::new(0) }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Nobody can take a seat any more, and nobody has one.
        for desk in &self.desks {
            desk.mailbox.abandon();
        }
    }
}
