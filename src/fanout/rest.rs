//! What waits for a client that takes slowly, or has no socket yet.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf, Bytes};
use tokio::time::Instant;

use crate::bus::item::Batch;
use crate::fanout::Manners;
use crate::fanout::mailbox::Done;
use crate::frame::Frames;

/// How many events wait for a client at most. They are shared with all others who wait for them.
pub const CAPACITY: usize = 2048;
/// How many pieces are written at once.
const TOGETHER: usize = 32;

/// What waits. Written in this order: what is left of the frame that was begun, pings and pongs, the queue.
#[derive(Debug)]
pub struct Rest {
    cut: Bytes,
    ping: Option<Frames>,
    pong: Option<Frames>,
    /// Where the last dropped event stood.
    missed_through: i64,
    queue: VecDeque<Piece>,
    /// Events in the queue.
    events: usize,
    /// When the client last took something.
    since: Instant,
}

/// Frames, from the one with the number `next` on.
#[derive(Debug)]
enum Piece {
    Events {
        batch: Batch,
        next: usize,
    },
    Own {
        frames: Frames,
        next: usize,
        done: Option<Done>,
    },
    /// So many events were dropped here. The message is made when it is about to be written.
    Missed {
        count: usize,
        message: Frames,
    },
}

impl Rest {
    /// Nothing yet.
    pub fn new(now: Instant) -> Self {
        Self {
            cut: Bytes::new(),
            ping: None,
            pong: None,
            missed_through: 0,
            queue: VecDeque::new(),
            events: 0,
            since: now,
        }
    }

    /// Whether everything was written.
    pub fn is_empty(&self) -> bool {
        self.cut.is_empty() && self.ping.is_none() && self.pong.is_none() && self.queue.is_empty()
    }

    /// When the client last took something, or began not to.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// Adds the events of `batch` from number `next` on; [`Self::bound`] is to follow.
    pub fn push_events(&mut self, batch: &Batch, next: usize) {
        if next < batch.len() {
            self.events += batch.len() - next;
            self.queue.push_back(Piece::Events { batch: batch.clone(), next });
        }
    }

    /// Drops the oldest events of more than [`CAPACITY`], and says how many. The client is told where they would have been.
    pub fn bound(&mut self) -> usize {
        let mut dropped = 0;
        while self.events > CAPACITY
            && let Some(at) = self.queue.iter().position(|it| it.events() > 0)
            && let Piece::Events { batch, next } = &mut self.queue[at]
        {
            let surplus = (self.events - CAPACITY).min(batch.len() - *next);
            *next += surplus;
            self.missed_through = batch.offset(*next - 1);
            if *next == batch.len() {
                self.queue.remove(at);
            }
            self.events -= surplus;
            dropped += surplus;
            match at.checked_sub(1).map(|before| &mut self.queue[before]) {
                Some(Piece::Missed { count, message }) => (*count, *message) = (*count + surplus, Frames::default()),
                _ => self.queue.insert(at, Piece::Missed { count: surplus, message: Frames::default() }),
            }
        }
        dropped
    }

    /// Adds something for this client alone, which is not empty.
    pub fn push(&mut self, frames: Frames, done: Option<Done>) {
        self.queue.push_back(Piece::Own { frames, next: 0, done });
    }

    /// Puts `opening` before everything, and takes out what stands at or before the offset `through`.
    pub fn open(&mut self, opening: Frames, through: i64) {
        self.queue.retain_mut(|piece| match piece {
            Piece::Events { batch, next } => {
                let begin = batch.through(through).max(*next);
                self.events -= begin - *next;
                *next = begin;
                begin < batch.len()
            }
            // What was dropped before it began and is in the opening, nobody misses.
            Piece::Missed { .. } => self.missed_through > through,
            Piece::Own { .. } => true,
        });
        // The first message is the first of all, before any ping.
        self.cut = opening.frame(0);
        if opening.len() > 1 {
            self.queue.push_front(Piece::Own { frames: opening, next: 1, done: None });
        }
    }

    /// Asks for a sign of life, unless that is still to be asked.
    pub fn ping(&mut self, ping: &Frames) {
        self.ping.get_or_insert_with(|| ping.clone());
    }

    /// Answers a ping, in the place of an answer that still waits.
    pub fn pong(&mut self, pong: Frames) {
        self.pong = Some(pong);
    }

    /// The client gets what is left of the frame that was begun, then `close`, and nothing else.
    pub fn close(&mut self, close: Frames, done: Option<Done>) {
        let cut = std::mem::take(&mut self.cut);
        *self = Self { cut, ..Self::new(self.since) };
        self.push(close, done);
    }

    /// Writes by `write`, as far as that takes it; says whether that was everything.
    ///
    /// # Errors
    /// When the connection is broken.
    pub fn flush(
        &mut self,
        mut write: impl FnMut(&[IoSlice<'_>]) -> io::Result<usize>,
        deflate: bool,
        manners: &Manners,
    ) -> io::Result<bool> {
        while !self.is_empty() {
            for piece in self.queue.iter_mut().take(TOGETHER) {
                if let Piece::Missed { count, message } = piece
                    && message.is_empty()
                {
                    *message = (manners.missed)(*count as u64);
                }
            }
            let mut pieces = [IoSlice::new(&[]); TOGETHER];
            let first = [&self.ping, &self.pong].into_iter().flatten().map(|it| &it.bytes()[..]);
            let queue = self.queue.iter().map(|it| it.bytes(deflate));
            let all = std::iter::once(&self.cut[..]).chain(first).chain(queue).filter(|it| !it.is_empty());
            let n = pieces.iter_mut().zip(all).map(|(slice, bytes)| *slice = IoSlice::new(bytes)).count();
            let taken = match write(&pieces[..n]) {
                Ok(taken) => taken,
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(cause) => return Err(cause),
            };
            self.since = Instant::now();
            self.took(taken, deflate);
        }
        Ok(true)
    }

    /// Takes note that the client took so many bytes.
    pub fn took(&mut self, mut n: usize, deflate: bool) {
        let of_cut = n.min(self.cut.len());
        self.cut.advance(of_cut);
        n -= of_cut;
        for slot in [&mut self.ping, &mut self.pong] {
            if n > 0
                && let Some(frames) = slot.take()
            {
                self.cut = remainder(&frames, &mut n);
            }
        }
        while n > 0
            && let Some(piece) = self.queue.front_mut()
        {
            let (whole, events) = (piece.bytes(deflate).len(), piece.events());
            if n < whole {
                let is_over = piece.advance(n, deflate, &mut self.cut);
                self.events -= events - piece.events();
                n = 0;
                if !is_over {
                    break;
                }
            } else {
                self.events -= events;
                n -= whole;
            }
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(Piece::Own { done: Some(done), .. }) = self.queue.pop_front() {
            let _ = done.send(());
        }
    }
}

impl Piece {
    fn frames(&self, deflate: bool) -> (&Frames, usize) {
        match self {
            Self::Events { batch, next } => (batch.frames_for(deflate), *next),
            Self::Own { frames, next, .. } => (frames, *next),
            Self::Missed { message, .. } => (message, 0),
        }
    }

    fn bytes(&self, deflate: bool) -> &[u8] {
        let (frames, next) = self.frames(deflate);
        frames.from(next)
    }

    fn events(&self) -> usize {
        match self {
            Self::Events { batch, next } => batch.len() - next,
            Self::Own { .. } | Self::Missed { .. } => 0,
        }
    }

    /// Goes `n` bytes on, and puts what is left of the frame that they end in into `cut`. Whether nothing else is left.
    fn advance(&mut self, n: usize, deflate: bool, cut: &mut Bytes) -> bool {
        let (frames, begun) = self.frames(deflate);
        let (after, all) = (frames.after(begun, n), frames.len());
        *cut = after.1;
        match self {
            Self::Events { next, .. } | Self::Own { next, .. } => *next = after.0,
            Self::Missed { .. } => {}
        }
        after.0 == all
    }
}

/// What is left of `frames` after `n` bytes, which are counted down.
fn remainder(frames: &Frames, n: &mut usize) -> Bytes {
    let taken = (*n).min(frames.bytes().len());
    *n -= taken;
    frames.bytes().slice(taken..)
}

#[cfg(test)]
mod tests;
