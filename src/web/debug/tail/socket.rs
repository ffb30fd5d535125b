//! A tail over a WebSocket: a seat at the fan-out that follows no event name, and what its own task says.

use std::sync::Arc;

use axum::response::Response;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::bus::BusError;
use crate::error::AppResult;
use crate::frame::{Builder, Frames};
use crate::state::AppState;
use crate::web::debug::tail::Tail;
use crate::web::debug::tail::message::Told;
use crate::web::stream::handshake::Handshake;
use crate::web::stream::session::Ended;
use crate::web::stream::socket::{self, Own};

/// A tail, and when to look whether it may go on.
struct Watched {
    tail: Tail,
    look: Interval,
    must_look: bool,
}

/// Answers the handshake.
///
/// # Errors
/// When the server is about to end.
pub(super) fn accept(handshake: Handshake, tail: Tail, state: &AppState) -> AppResult<Response> {
    let seat = state.fanout.sit(Arc::from([])).ok_or(BusError::Closed)?;
    let heartbeat = state.site.heartbeat;
    let mut look = interval_at(Instant::now() + heartbeat, heartbeat);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    Ok(socket::accept(handshake, Watched { tail, look, must_look: false }, seat, 0, state))
}

impl Own for Watched {
    fn opening(&mut self) -> Frames {
        let opening = std::mem::take(&mut self.tail.opening);
        opening.iter().fold(Builder::default(), |frames, it| frames.text(it.json.as_bytes())).build()
    }

    async fn next(&mut self) -> Result<Frames, Ended> {
        loop {
            // Remembered until it was done, since whoever waits here may be cancelled while the store is asked.
            if self.must_look {
                if !self.tail.may_stay().await {
                    return Err(Ended::Gone);
                }
                self.must_look = false;
            }
            tokio::select! {
                Told { json, .. } = self.tail.next() => return Ok(Frames::text(json.as_bytes())),
                _ = self.look.tick() => self.must_look = true,
            }
        }
    }
}
