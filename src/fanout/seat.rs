//! A client's place at a shard, as its own task holds it.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::event_name::EventName;
use crate::fanout::Fanout;
use crate::fanout::mailbox::{Mailbox, Start, Work};
use crate::fanout::wire::Wire;
use crate::frame::Frames;

/// A place. The client has left when this is dropped.
#[derive(Debug)]
pub struct Seat {
    fanout: Fanout,
    /// Which shard, and which number there.
    at: usize,
    slot: u32,
    names: Arc<[EventName]>,
}

/// Resolves when what was said is on its way through the kernel, or never will be.
pub type Said = oneshot::Receiver<()>;

impl Seat {
    pub(super) fn new(fanout: Fanout, at: usize, slot: u32, names: Arc<[EventName]>) -> Self {
        Self { fanout, at, slot, names }
    }

    /// The client is here. Everything for it was kept meanwhile.
    pub fn start(&self, start: Start) {
        self.mailbox().push(Work::Start { slot: self.slot, start: Box::new(start) });
    }

    /// Says something to this client alone, after what was published before. One thing at a time: wait for it.
    pub fn say(&self, frames: Frames) -> Said {
        let (done, said) = oneshot::channel();
        self.mailbox().push(Work::Say { slot: self.slot, frames, done });
        said
    }

    /// Answers a ping; of several that wait, the last (RFC 6455 section 5.5.3).
    pub fn pong(&self, wire: &Wire, payload: Bytes) {
        if wire.put_pong(payload) {
            self.mailbox().push(Work::Pong { slot: self.slot });
        }
    }

    /// Says goodbye: the close is the last that the client gets. To be called once.
    pub fn close(&self, code: Option<u16>, reason: &str) -> Said {
        let (done, said) = oneshot::channel();
        self.mailbox().push(Work::Close { slot: self.slot, frame: Frames::close(code, reason), done });
        said
    }

    fn mailbox(&self) -> &Mailbox {
        &self.fanout.0.desks[self.at].mailbox
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.fanout.leave(self.at, self.slot, &self.names);
    }
}
