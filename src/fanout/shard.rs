//! A shard: the task that owns the writing side of many sockets.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::bus::item::Batch;
use crate::event_name::EventName;
use crate::fanout::Manners;
use crate::fanout::client::{Client, Events};
use crate::fanout::mailbox::{Mailbox, Work};
use crate::metrics::Metrics;

/// After how many clients others on the same core get their turn.
const AT_ONE_GO: usize = 128;
/// How often clients are looked at while some are on their way out.
const SOON: Duration = Duration::from_millis(100);

/// Many clients.
#[derive(Debug)]
pub struct Shard {
    mailbox: Arc<Mailbox>,
    manners: Manners,
    metrics: Metrics,
    /// By their numbers, side by side.
    clients: Vec<Option<Client>>,
    n_clients: usize,
    followers: HashMap<EventName, Vec<u32>>,
    /// Those that did not take everything, for whose sockets we wait.
    stalled: Vec<u32>,
    stopping: bool,
}

impl Shard {
    /// Without clients.
    pub fn new(mailbox: Arc<Mailbox>, manners: Manners, metrics: Metrics) -> Self {
        let (clients, followers, stalled) = (Vec::new(), HashMap::new(), Vec::new());
        Self { mailbox, manners, metrics, clients, n_clients: 0, followers, stalled, stopping: false }
    }

    /// Serves until nobody is there and nobody can come any more.
    pub async fn run(mut self, stopping: CancellationToken) {
        let mailbox = self.mailbox.clone();
        let mut look = pin!(sleep_until(Instant::now()));
        let mut stopped = pin!(stopping.cancelled());
        while self.n_clients > 0 || !mailbox.try_close(self.stopping) {
            tokio::select! {
                work = mailbox.next() => self.work(work).await,
                ready = poll_fn(|cx| self.poll_stalled(cx)) => self.flush(&ready),
                // Nobody is there, nobody is looked at: an idle server sleeps.
                () = look.as_mut(), if self.n_clients > 0 => look.as_mut().reset(self.look(Instant::now())),
                () = stopped.as_mut(), if !self.stopping => {
                    self.stopping = true;
                    self.each(Client::stop);
                    look.as_mut().reset(Instant::now() + SOON);
                }
            }
        }
    }

    async fn work(&mut self, work: Work) {
        match work {
            Work::Events(batches) => self.hand_out(&batches).await,
            Work::Enter { slot, names } => {
                let at = index(slot);
                if self.clients.len() <= at {
                    self.clients.resize_with(at + 1, || None);
                }
                self.clients[at] = Some(Client::new());
                self.n_clients += 1;
                for name in names.iter() {
                    self.followers.entry(name.clone()).or_default().push(slot);
                }
            }
            Work::Start { slot, start } => self.one(slot, |client, manners| client.start(*start, manners)),
            Work::Say { slot, frames, done } => self.one(slot, |client, manners| client.say(frames, done, manners)),
            Work::Pong { slot } => self.one(slot, Client::pong),
            Work::Close { slot, frame, done } => {
                self.one(slot, |client, manners| client.close(frame, Some(done), manners));
            }
            Work::Leave { slot, names } => self.leave(slot, &names),
        }
    }

    /// Events to all who follow their name.
    async fn hand_out(&mut self, batches: &[Batch]) {
        let Some(followers) = batches.first().and_then(|it| self.followers.get(it.event())) else { return };
        let plain = Events::new(batches, false);
        let mut deflated: Option<Events<'_>> = None;
        let mut dropped = 0;
        for (n, slot) in followers.iter().enumerate() {
            if n % AT_ONE_GO == AT_ONE_GO - 1 {
                yield_now().await;
            }
            let Some(client) = self.clients[index(*slot)].as_mut() else { continue };
            let events =
                if client.deflates() { deflated.get_or_insert_with(|| Events::new(batches, true)) } else { &plain };
            dropped += client.hear(events);
            if client.begins_to_wait() {
                self.stalled.push(*slot);
            }
        }
        let events: usize = batches.iter().map(Batch::len).sum();
        self.metrics.sent.inc_by((events * followers.len()) as u64);
        self.metrics.missed.inc_by(dropped as u64);
    }

    fn leave(&mut self, slot: u32, names: &[EventName]) {
        for name in names {
            if let Some(followers) = self.followers.get_mut(name) {
                if let Some(at) = followers.iter().position(|it| *it == slot) {
                    followers.swap_remove(at);
                }
                if followers.is_empty() {
                    self.followers.remove(name);
                }
            }
        }
        self.clients[index(slot)] = None;
        self.n_clients -= 1;
        self.stalled.retain(|it| *it != slot);
        self.mailbox.free(slot);
    }

    /// Which of those that stalled may go on.
    fn poll_stalled(&self, cx: &mut Context<'_>) -> Poll<Vec<u32>> {
        let client = |slot: &u32| self.clients[index(*slot)].as_ref();
        let is_ready = |slot: &u32| client(slot).is_some_and(|it| it.poll_writable(cx).is_ready());
        let ready: Vec<_> = self.stalled.iter().copied().filter(is_ready).collect();
        if ready.is_empty() { Poll::Pending } else { Poll::Ready(ready) }
    }

    fn flush(&mut self, ready: &[u32]) {
        for slot in ready {
            self.one(*slot, Client::flush);
        }
        let clients = &mut self.clients;
        self.stalled.retain(|slot| clients[index(*slot)].as_mut().is_some_and(Client::waits));
    }

    /// Looks at everybody; says when to look again.
    fn look(&mut self, now: Instant) -> Instant {
        let usual = self.manners.heartbeat.min(Duration::from_secs(4)) / 4;
        let next = now + usual;
        let mut some_go = false;
        self.each(|client, manners| some_go |= client.look(now, next, manners));
        if some_go || self.stopping { now + SOON } else { next }
    }

    fn one(&mut self, slot: u32, act: impl FnOnce(&mut Client, &Manners)) {
        if let Some(client) = self.clients[index(slot)].as_mut() {
            act(client, &self.manners);
            if self.stopping {
                client.stop(&self.manners);
            }
            if client.begins_to_wait() {
                self.stalled.push(slot);
            }
        }
    }

    fn each(&mut self, mut act: impl FnMut(&mut Client, &Manners)) {
        for slot in 0..self.clients.len() {
            self.one(u32::try_from(slot).unwrap_or(u32::MAX), &mut act);
        }
    }
}

impl Drop for Shard {
    /// Ends also where it is dropped in the middle, with its runtime.
    fn drop(&mut self) {
        self.mailbox.close();
        self.clients.iter_mut().flatten().for_each(Client::lose);
    }
}

fn index(slot: u32) -> usize {
    slot as usize
}
