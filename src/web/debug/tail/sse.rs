//! A tail as server-sent events.

use std::convert::Infallible;

use axum::response::Response;
use axum::response::sse::Event;
use futures_util::stream;

use crate::metrics::SurfaceName;
use crate::state::AppState;
use crate::web::debug::tail::Tail;
use crate::web::debug::tail::message::Told;
use crate::web::stream::sse;

pub(super) fn respond(tail: Tail, state: &AppState) -> Response {
    let open = (tail, state.metrics.open_stream(SurfaceName::sse), state.shutdown.tasks.token());
    sse::answer(stream::unfold(open, |(mut tail, counted, task)| async {
        let (stopping, heartbeat) = (tail.state.shutdown.stopping.clone(), tail.state.site.heartbeat);
        let told = tokio::select! {
            () = stopping.cancelled() => return None,
            told = tail.next() => told?,
            () = tokio::time::sleep(heartbeat) => Told::ping(),
        };
        let mut event = Event::default().event(told.kind).data(told.json);
        if let Some(position) = told.position {
            event = event.id(position.to_string());
        }
        if told.kind == "hello" {
            event = event.retry(sse::RETRY);
        }
        Some((Ok::<_, Infallible>(event), (tail, counted, task)))
    }))
}
