//! The stream: the bus as browsers, terminals and programs see it.
//!
//! One address, three surfaces, the same JSON messages in all of them: a WebSocket to whoever upgrades, server-sent
//! events by default and to `Accept: text/event-stream`, and one JSON array of what there is now to
//! `Accept: application/json`. A stream names what it follows by capabilities: `token=` (one event name) and `wall=`
//! (all names of a wall), each any number of times. The stream of a screen gets what concerns its wall, and commands
//! ([`screen`]). With `debug=` it is the delivery log instead of the bus ([`tail`]).

pub mod message;
pub mod request;
pub mod screen;
pub mod session;
pub mod socket;
pub mod sse;
pub mod view;

use std::time::Duration;

use axum::Json;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::debug::tail::{self, TailRequest};
use crate::web::origin;
use request::{StreamRequest, Surface};
use session::Session;

/// A WebSocket client that sent nothing for so long, not even a pong, is gone: it has missed one heartbeat at least.
pub fn silence(heartbeat: Duration) -> Duration {
    heartbeat.mul_f64(1.6).max(Duration::from_secs(40))
}

/// Follows event names on the surface that the request asks for.
pub async fn follow(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> AppResult<Response> {
    if !origin::is_ours(&headers, &state.site.public_url) {
        return Err(AppError::ForeignOrigin);
    }
    let header = |name| headers.get(name).and_then(|it| it.to_str().ok());
    // Other protocols may be offered and are ignored (RFC 9110 section 7.8); a WebSocket must be a right one.
    let upgrade = match upgrade {
        Err(rejected) if header(header::UPGRADE.as_str()).is_some_and(|it| it.eq_ignore_ascii_case("websocket")) => {
            return Ok(rejected.into_response());
        }
        upgrade => upgrade.ok(),
    };
    let last_event_id = header("last-event-id");
    if let Some(request) = TailRequest::read(query.as_deref().unwrap_or_default(), last_event_id) {
        return tail::follow(&state, request, headers, upgrade).await;
    }
    let request = StreamRequest::read(query.as_deref().unwrap_or_default(), last_event_id, &state.keys);
    if let Err(AppError::NoSuchStream) = &request {
        state.strangers.note(state.clock.now());
    }
    let request = request?;
    let surface = Surface::wanted(header(header::ACCEPT.as_str()));
    let stays = upgrade.is_some() || surface == Surface::Events;
    let session = Session::open(&state, request, stays).await?;
    if let Some(upgrade) = upgrade {
        return Ok(socket::accept(upgrade, session, &state));
    }
    Ok(match surface {
        Surface::Events => sse::respond(session, &state),
        Surface::Json => ([(header::CACHE_CONTROL, "no-store")], Json(session.into_messages())).into_response(),
    })
}
