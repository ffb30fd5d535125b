//! The live tail of the delivery log: the same `/stream`, with `debug=` in its address.
//!
//! `debug=me` is for who is signed in, or came by the operator's link, by their cookie: a page asks `/debug/stream`, where
//! the operator's is sent too. `debug=KEY` is for programs that have that link. The surfaces are
//! those of every stream. After its `hello` come the newest records, then each that is new or changes:
//! `{"type":"record","position":"17","new":true,"record":{…},"row":{…}}`; `row` says it in words.

mod message;
mod socket;
mod sse;

use std::collections::VecDeque;
use std::future::pending;

use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::value::RawValue;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::delivery_log::Heard;
use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::debug::Viewer;
use crate::web::stream::handshake::Handshake;
use crate::web::stream::request::Surface;
use message::Told;

/// The most records that a tail begins with.
const MAX_LAST: usize = 200;
/// How many it begins with when it does not say.
const DEFAULT_LAST: usize = 10;

/// What the address of a tail asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TailRequest {
    /// `me`, or the key of the operator's link.
    debug: String,
    /// Only records after this one.
    after: Option<u64>,
    last: usize,
}

impl TailRequest {
    /// Reads the query; `None` when it asks for another stream.
    #[must_use]
    pub fn read(query: &str, last_event_id: Option<&str>) -> Option<Self> {
        let of = |name: &str| form_urlencoded::parse(query.as_bytes()).filter(|(it, _)| it == name).last();
        let (_, debug) = of("debug")?;
        let number = |name: &str| of(name).and_then(|(_, value)| value.parse().ok());
        let after = last_event_id.and_then(|it| it.parse().ok()).or(number("after"));
        let last = number("last").and_then(|it| usize::try_from(it).ok()).unwrap_or(DEFAULT_LAST).min(MAX_LAST);
        Some(Self { debug: debug.into_owned(), after, last })
    }

    async fn viewer(&self, headers: &HeaderMap, state: &AppState) -> AppResult<Option<Viewer>> {
        match self.debug.as_str() {
            "me" => Viewer::of(headers, state).await,
            key => Ok(state.keys.operator_key_is_right(key).then(|| Viewer::operator(&state.keys, None))),
        }
    }
}

/// Follows the log on the surface that the request asks for.
///
/// # Errors
/// When this is nobody who may, or the log cannot be read.
pub async fn follow(
    state: &AppState,
    request: TailRequest,
    headers: HeaderMap,
    upgrade: Option<Handshake>,
) -> AppResult<Response> {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    let surface = Surface::wanted(accept);
    let tail = Tail::open(state, request, headers).await?;
    if let Some(upgrade) = upgrade {
        return socket::accept(upgrade, tail, state);
    }
    Ok(match surface {
        Surface::Events => sse::respond(tail, state),
        Surface::Json => {
            let raw = |it: &Told| RawValue::from_string(it.json.clone()).ok();
            let messages: Vec<_> = tail.opening.iter().filter_map(raw).collect();
            ([(header::CACHE_CONTROL, "no-store")], Json(messages)).into_response()
        }
    })
}

/// One who listens to the log.
struct Tail {
    opening: VecDeque<Told>,
    /// The newest record of the opening: what the log tells of it once more is passed over.
    through: u64,
    heard: Option<Receiver<Heard>>,
    viewer: Viewer,
    request: TailRequest,
    headers: HeaderMap,
    state: AppState,
    /// When to look whether they may still see it: they may have signed out, or been forgotten.
    look: Interval,
    must_look: bool,
}

impl Tail {
    async fn open(state: &AppState, request: TailRequest, headers: HeaderMap) -> AppResult<Self> {
        let Some(viewer) = request.viewer(&headers, state).await? else {
            // Who is not signed in any more is no stranger.
            if request.debug != "me" {
                state.strangers.note(state.clock.now());
            }
            return Err(AppError::NoSuchStream);
        };
        // Asked for before the file is read, so that nothing falls between.
        let heard = state.delivery_log.hear();
        let last = if request.after.is_some() { MAX_LAST } else { request.last };
        let mut records = state.delivery_log.newest(&viewer.scope, None, last).await?;
        records.retain(|it| request.after.is_none_or(|after| it.id > after));
        let through = records.first().map_or(0, |it| it.id);
        let mut opening = VecDeque::from([Told::hello(state, through.max(request.after.unwrap_or(0)), records.len())]);
        opening.extend(records.iter().rev().map(|it| Told::record(it, true)));
        let heartbeat = state.site.heartbeat;
        let mut look = interval_at(Instant::now() + heartbeat, heartbeat);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (state, must_look) = (state.clone(), false);
        Ok(Self { opening, through, heard, viewer, request, headers, state, look, must_look })
    }

    /// Waits for the next message; `None` when they may not see it any more. Safe to cancel.
    async fn next(&mut self) -> Option<Told> {
        if let Some(told) = self.opening.pop_front() {
            return Some(told);
        }
        loop {
            // Remembered until it was done, since whoever waits here may be cancelled while the store is asked.
            if self.must_look {
                if !self.may_stay().await {
                    return None;
                }
                self.must_look = false;
            }
            let heard = tokio::select! {
                heard = heard(&mut self.heard) => heard,
                _ = self.look.tick() => {
                    self.must_look = true;
                    continue;
                }
            };
            match heard {
                Ok(Heard { record, new }) => {
                    let again = new && record.id <= self.through;
                    if !again && self.viewer.scope.holds(&record.owner()) {
                        return Some(Told::record(&record, new));
                    }
                }
                Err(RecvError::Lagged(count)) => return Some(Told::missed(count)),
                // The log is closed: nothing comes any more, and the server is about to say goodbye.
                Err(RecvError::Closed) => self.heard = None,
            }
        }
    }

    async fn may_stay(&self) -> bool {
        // A store that cannot be read throws nobody out.
        self.request.viewer(&self.headers, &self.state).await.map_or(true, |it| it.is_some())
    }
}

/// What the log tells next; for ever nothing where there is no log.
async fn heard(log: &mut Option<Receiver<Heard>>) -> Result<Heard, RecvError> {
    match log {
        Some(log) => log.recv().await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_says_whose_it_is_and_from_where() {
        let check = |query: &str, last_event_id, expected: Option<(&str, Option<u64>, usize)>| {
            let read = TailRequest::read(query, last_event_id);
            let expected = expected.map(|(debug, after, last)| TailRequest { debug: debug.into(), after, last });
            assert_eq!(read, expected, "{query}");
        };
        check("token=x", None, None);
        check("debug=me", None, Some(("me", None, DEFAULT_LAST)));
        check("debug=me&last=3", None, Some(("me", None, 3)));
        check("debug=me&last=100000", None, Some(("me", None, MAX_LAST)));
        check("debug=key&after=17", None, Some(("key", Some(17), DEFAULT_LAST)));
        check("debug=key&after=17", Some("18"), Some(("key", Some(18), DEFAULT_LAST)));
        check("debug=key&after=yesterday", None, Some(("key", None, DEFAULT_LAST)));
    }
}
