//! One client, as its shard knows it.

use std::io::{self, IoSlice};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use crate::bus::item::Batch;
use crate::fanout::Manners;
use crate::fanout::mailbox::{Done, Start};
use crate::fanout::rest::Rest;
use crate::fanout::wire::Wire;
use crate::frame::Frames;

/// A client that takes no byte for so long is gone.
const STALLED: Duration = Duration::from_secs(20);
/// How long a client may take to take what is before its close.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long we wait for it to answer our close.
const FAREWELL: Duration = Duration::from_secs(1);

/// The close codes of a shard: RFC 6455 section 7.4.1, and the registry for 1012 "service restart".
const POLICY: u16 = 1008;
const RESTART: u16 = 1012;

/// A client. Small, since thousands of them lie side by side.
#[derive(Debug)]
pub struct Client {
    /// `None` until its socket is there.
    wire: Option<Arc<Wire>>,
    /// What is not for it any more, by offset; `i64::MIN` once everything is for it.
    skip_through: i64,
    deflate: bool,
    stage: Stage,
    pinged: Instant,
    /// What it did not take at once.
    rest: Option<Box<Rest>>,
    /// Whether its shard waits for its socket.
    is_awaited: bool,
}

/// How far a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It gets what comes.
    Open,
    /// Its close is on its way since then.
    Closing(Instant),
    /// It has its close since then.
    Closed(Instant),
    /// Its connection is over. Its own task sees that too, and leaves.
    Over,
}

/// Events for all who follow a name, as they are written.
#[derive(Debug)]
pub struct Events<'b> {
    /// The deliveries.
    pub batches: &'b [Batch],
    /// Their bytes.
    pub pieces: Vec<IoSlice<'b>>,
    /// How many bytes.
    pub len: usize,
}

impl<'b> Events<'b> {
    /// As clients get them that take compressed messages, or do not.
    pub fn new(batches: &'b [Batch], deflate: bool) -> Self {
        let bytes = |it: &'b Batch| &it.frames_for(deflate).bytes()[..];
        let pieces: Vec<_> = batches.iter().map(|it| IoSlice::new(bytes(it))).collect();
        Self { batches, len: pieces.iter().map(|it| it.len()).sum(), pieces }
    }
}

impl Client {
    /// One that comes.
    pub fn new() -> Self {
        Self {
            wire: None,
            skip_through: i64::MIN,
            deflate: false,
            stage: Stage::Open,
            pinged: Instant::now(),
            rest: None,
            is_awaited: false,
        }
    }

    /// Whether it takes compressed messages.
    pub fn deflates(&self) -> bool {
        self.deflate
    }

    /// Whether its socket must be waited for from now on.
    pub fn begins_to_wait(&mut self) -> bool {
        !self.is_awaited && self.waits()
    }

    /// Whether its socket must be waited for, since something is there that it shall take.
    pub fn waits(&mut self) -> bool {
        self.is_awaited = self.rest.is_some() && self.wire.is_some() && self.stage != Stage::Over;
        self.is_awaited
    }

    /// Waits until its socket may take something.
    pub fn poll_writable(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.wire.as_ref().map_or(Poll::Pending, |wire| wire.poll_writable(cx))
    }

    /// Its socket is there, and it begins.
    pub fn start(&mut self, start: Start, manners: &Manners) {
        let Start { wire, opening, skip_through, deflate } = start;
        let mut rest = self.rest.take().unwrap_or_else(|| Box::new(Rest::new(Instant::now())));
        rest.open(opening, skip_through);
        *self = Self { wire: Some(wire), skip_through, deflate, rest: Some(rest), ..Self::new() };
        self.flush(manners);
    }

    /// Events of a name that it follows; says how many had to be dropped.
    pub fn hear(&mut self, events: &Events<'_>) -> usize {
        if self.stage != Stage::Open {
            return 0;
        }
        let is_new = self.skip_through == i64::MIN || self.is_past(events.batches);
        if is_new
            && self.rest.is_none()
            && let Some(wire) = &self.wire
        {
            // The way that all but a few go.
            match wire.write_all_of(&events.pieces) {
                Ok(taken) if taken == events.len => return 0,
                Ok(taken) => return self.queue(events.batches, taken),
                Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    self.lose();
                    return 0;
                }
            }
        }
        self.queue(events.batches, 0)
    }

    /// Everything from here on is for it, since offsets grow.
    fn is_past(&mut self, batches: &[Batch]) -> bool {
        let is_past = batches.first().is_some_and(|it| it.through(self.skip_through) == 0);
        if is_past {
            self.skip_through = i64::MIN;
        }
        is_past
    }

    /// Keeps what comes, of which the client took so many bytes.
    fn queue(&mut self, batches: &[Batch], taken: usize) -> usize {
        let rest = self.rest.get_or_insert_with(|| Box::new(Rest::new(Instant::now())));
        for batch in batches {
            rest.push_events(batch, batch.through(self.skip_through));
        }
        // What was taken is not among what may be dropped.
        rest.took(taken, self.deflate);
        let dropped = rest.bound();
        if rest.is_empty() {
            self.rest = None;
        }
        dropped
    }

    /// Something for it alone.
    pub fn say(&mut self, frames: Frames, done: Done, manners: &Manners) {
        if self.stage == Stage::Open {
            self.rest().push(frames, Some(done));
            self.flush(manners);
        }
    }

    /// The answer to its last ping.
    pub fn pong(&mut self, manners: &Manners) {
        let payload = self.wire.as_ref().and_then(|it| it.take_pong());
        if let Some(payload) = payload
            && self.stage == Stage::Open
        {
            self.rest().pong(Frames::pong(&payload));
            self.flush(manners);
        }
    }

    /// The last that it gets. What waits for it is dropped, but for the frame that was begun: it may come back and resume.
    pub fn close(&mut self, frame: Frames, done: Option<Done>, manners: &Manners) {
        if self.stage == Stage::Open && self.wire.is_some() {
            self.stage = Stage::Closing(Instant::now());
            self.rest().close(frame, done);
            self.flush(manners);
        }
    }

    /// The server stops.
    pub fn stop(&mut self, manners: &Manners) {
        self.close(Frames::close(Some(RESTART), "restarting"), None, manners);
    }

    /// Writes what waits, as far as the client takes it.
    pub fn flush(&mut self, manners: &Manners) {
        let (Some(wire), Some(rest)) = (&self.wire, &mut self.rest) else { return };
        if self.stage == Stage::Over {
            return;
        }
        match rest.flush(|pieces| wire.write_all_of(pieces), self.deflate, manners) {
            Ok(true) => {
                self.rest = None;
                if let Stage::Closing(_) = self.stage {
                    self.stage = Stage::Closed(Instant::now());
                }
            }
            Ok(false) => {}
            Err(_) => self.lose(),
        }
    }

    /// Looks whether the client lives, and asks it when it is time. The next look is at `next`. Says whether it is on its
    /// way out, so that somebody must look soon.
    pub fn look(&mut self, now: Instant, next: Instant, manners: &Manners) -> bool {
        let Some(wire) = &self.wire else { return false };
        match self.stage {
            Stage::Open => {
                let has_stalled = self.rest.as_ref().is_some_and(|it| now >= it.since() + STALLED);
                if has_stalled || now >= wire.last_heard() + manners.silence {
                    self.close(Frames::close(Some(POLICY), "silent"), None, manners);
                } else if next > self.pinged + manners.heartbeat {
                    self.pinged = now;
                    self.rest().ping(&manners.ping);
                    self.flush(manners);
                }
            }
            Stage::Closing(since) if now >= since + LAST_WORDS => self.lose(),
            Stage::Closed(since) if now >= since + FAREWELL => self.lose(),
            Stage::Closing(_) | Stage::Closed(_) | Stage::Over => {}
        }
        matches!(self.stage, Stage::Closing(_) | Stage::Closed(_))
    }

    /// Cuts the connection, and forgets what waits: whoever waits for it to be written hears so.
    pub fn lose(&mut self) {
        if let Some(wire) = &self.wire {
            wire.cut();
        }
        (self.stage, self.rest) = (Stage::Over, None);
    }

    fn rest(&mut self) -> &mut Rest {
        self.rest.get_or_insert_with(|| Box::new(Rest::new(Instant::now())))
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}
