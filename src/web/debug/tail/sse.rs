//! A tail as server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::metrics::SurfaceName;
use crate::state::AppState;
use crate::web::debug::tail::Tail;
use crate::web::debug::tail::message::Told;

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(2);

pub(super) fn respond(tail: Tail, state: &AppState) -> Response {
    let open = (tail, state.metrics.open_stream(SurfaceName::sse), state.shutdown.tasks.token());
    let events = stream::unfold(open, |(mut tail, counted, task)| async {
        let (stopping, heartbeat) = (tail.state.shutdown.stopping.clone(), tail.state.site.heartbeat);
        let told = tokio::select! {
            () = stopping.cancelled() => return None,
            told = tail.next() => told,
            () = tokio::time::sleep(heartbeat) => match tail.may_stay().await {
                true => Told::ping(),
                false => return None,
            },
        };
        let mut event = Event::default().event(told.kind).data(told.json);
        if let Some(position) = told.position {
            event = event.id(position.to_string());
        }
        if told.kind == "hello" {
            event = event.retry(RETRY);
        }
        Some((Ok::<_, Infallible>(event), (tail, counted, task)))
    });
    let mut response = Sse::new(events).into_response();
    // nginx and its kin hold back what they buffer; this asks them not to.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
