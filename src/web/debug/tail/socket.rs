//! A tail over a WebSocket: a seat at the fan-out that follows no event name, and what its own task says.

use std::sync::Arc;

use axum::response::Response;

use crate::bus::BusError;
use crate::error::AppResult;
use crate::frame::{Builder, Frames};
use crate::state::AppState;
use crate::web::debug::tail::Tail;
use crate::web::stream::handshake::Handshake;
use crate::web::stream::session::Ended;
use crate::web::stream::socket::{self, Own};

/// Answers the handshake.
///
/// # Errors
/// When the server is about to end.
pub(super) fn accept(handshake: Handshake, tail: Tail, state: &AppState) -> AppResult<Response> {
    let seat = state.fanout.sit(Arc::from([])).ok_or(BusError::Closed)?;
    Ok(socket::accept(handshake, tail, seat, 0, state))
}

impl Own for Tail {
    fn opening(&mut self) -> Frames {
        let opening = std::mem::take(&mut self.opening);
        opening.iter().fold(Builder::default(), |frames, it| frames.text(it.json.as_bytes())).build()
    }

    async fn next(&mut self) -> Result<Frames, Ended> {
        let told = Tail::next(self).await.ok_or(Ended::Gone)?;
        Ok(Frames::text(told.json.as_bytes()))
    }
}
