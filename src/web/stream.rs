//! The stream: the bus as browsers, terminals and programs see it.
//!
//! One address, three surfaces, the same JSON messages in all of them: a WebSocket to whoever upgrades, server-sent
//! events by default and to `Accept: text/event-stream`, and one JSON array of what there is now to
//! `Accept: application/json`. A stream names what it follows by capabilities: `token=` (one event name) and `wall=`
//! (all names of a wall), each any number of times. The stream of a screen gets what concerns its wall, and commands
//! ([`screen`]). With `debug=` it is the delivery log instead of the bus ([`tail`]).

pub mod handshake;
pub mod message;
pub mod plain;
pub mod request;
pub mod screen;
pub mod session;
pub mod socket;
pub mod sse;
pub mod view;

use axum::Json;
use axum::extract::{RawQuery, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::debug::tail::{self, TailRequest};
use crate::web::origin;
use handshake::Handshake;
use request::{StreamRequest, Surface};
use session::Session;

/// Follows event names on the surface that the request asks for.
pub async fn follow(State(state): State<AppState>, RawQuery(query): RawQuery, request: Request) -> AppResult<Response> {
    // Its body is not asked for, and would not go from thread to thread.
    let (mut parts, _) = request.into_parts();
    if !origin::is_ours(&parts.headers, &state.site.public_url) {
        return Err(AppError::ForeignOrigin);
    }
    // Other protocols may be offered and are ignored (RFC 9110 section 7.8); a WebSocket must be a right one.
    let upgrade = match Handshake::read(&mut parts) {
        Some(Err(refusal)) => return Ok(refusal.into_response()),
        Some(Ok(upgrade)) => Some(upgrade),
        None => None,
    };
    let header = |name| parts.headers.get(name).and_then(|it| it.to_str().ok());
    let query = query.as_deref().unwrap_or_default();
    let last_event_id = header("last-event-id");
    if let Some(request) = TailRequest::read(query, last_event_id) {
        return tail::follow(&state, request, parts.headers, upgrade).await;
    }
    let asked = StreamRequest::read(query, last_event_id, &state.keys);
    if let Err(AppError::NoSuchStream) = &asked {
        state.strangers.note(state.clock.now());
    }
    let (asked, surface) = (asked?, Surface::wanted(header(header::ACCEPT.as_str())));
    if let Some(upgrade) = upgrade {
        let (session, seat, head) = Session::sit(&state, asked).await?;
        return Ok(socket::accept(upgrade, session, seat, head.offset, &state));
    }
    Ok(match surface {
        Surface::Events => sse::respond(Session::open(&state, asked, true).await?, &state),
        Surface::Json => {
            let session = Session::open(&state, asked, false).await?;
            ([(header::CACHE_CONTROL, "no-store")], Json(session.into_messages())).into_response()
        }
    })
}
