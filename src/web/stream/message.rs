//! The messages of a stream, except the photos, which the bus encodes ([`crate::bus::item::Item`]).

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use crate::bus::position::{Epoch, Position};
use crate::event_name::EventName;
use crate::fanout::Manners;
use crate::frame::{Builder, Frames};
use crate::web::stream::view::View;

/// A message that concerns the stream itself. As JSON: `{"type":"hello",…}`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Message<'m> {
    /// The first message of every stream.
    Hello {
        /// Of the server.
        version: &'static str,
        /// Of the pages that this server has.
        build: &'static str,
        /// Of the history.
        epoch: Epoch,
        /// The server's clock.
        time: Timestamp,
        /// Where the history ended when the stream began: what stands at or before it is not live.
        position: Position,
        /// How many photos of the history follow. When there are none, the stream already is at `position`.
        backlog: usize,
        /// Seconds after which the stream says something at the latest.
        heartbeat: u64,
        /// What is followed.
        events: &'m [EventName],
    },
    /// What a screen must know of its wall.
    Wall(&'m View),
    /// A screen shall do something.
    Command {
        /// What.
        #[serde(rename = "do")]
        what: &'static str,
        /// The link of the wall to open.
        #[serde(skip_serializing_if = "Option::is_none")]
        wall: Option<&'m str>,
    },
    /// Events of this name are missing between the position that was asked for and what follows.
    Gap {
        /// The name.
        event: &'m EventName,
    },
    /// This client was too slow, and so many events were dropped from its queue.
    Missed {
        /// Of all names together.
        count: u64,
    },
    /// Nothing happened, and the stream lives.
    Ping,
}

impl Message<'_> {
    /// The message as it is sent.
    pub fn encode(&self) -> Bytes {
        // A map with string keys and no foreign Serialize inside cannot fail.
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

/// How the clients of the fan-out are kept at this heartbeat.
pub fn manners(heartbeat: Duration) -> Manners {
    Manners {
        heartbeat,
        silence: silence(heartbeat),
        // The frame is answered by every client; the message is for scripts, which never see the frame.
        ping: Builder::default().text(&Message::Ping.encode()).ping().build(),
        missed: |count| Frames::text(&Message::Missed { count }.encode()),
    }
}

/// A WebSocket client that sent nothing for so long, not even a pong, is gone: it has missed one heartbeat at least.
fn silence(heartbeat: Duration) -> Duration {
    heartbeat.mul_f64(1.6).max(Duration::from_secs(40))
}
