//! A stream as server-sent events (the HTML standard, section 9.2).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::metrics::{OpenStream, SurfaceName};
use crate::state::AppState;
use crate::web::stream::session::{Outgoing, Session};

/// How long a browser waits before it comes back.
pub const RETRY: Duration = Duration::from_secs(2);

/// Everything that an open response owns; it ends with it.
struct Open {
    session: Session,
    waiting: VecDeque<Outgoing>,
    stopping: CancellationToken,
    heartbeat: Duration,
    first: bool,
    _counted: OpenStream,
    _task: TaskTrackerToken,
}

/// Answers with the live stream. It ends when the server stops; browsers then come back with `Last-Event-ID`.
pub fn respond(session: Session, state: &AppState) -> Response {
    let open = Open {
        session,
        waiting: VecDeque::new(),
        stopping: state.shutdown.stopping.clone(),
        heartbeat: state.site.heartbeat,
        first: true,
        _counted: state.metrics.open_stream(SurfaceName::sse),
        _task: state.shutdown.tasks.token(),
    };
    answer(stream::unfold(open, |mut open| async {
        let message = open.next().await?;
        let mut event = Event::default().event(message.kind).data(message.text());
        if let Some(position) = message.position {
            event = event.id(position.to_string());
        }
        if std::mem::take(&mut open.first) {
            event = event.retry(RETRY);
        }
        Some((Ok::<_, Infallible>(event), open))
    }))
}

/// The answer that these events are.
pub fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).into_response();
    // nginx and its kin hold back what they buffer; this asks them not to.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Open {
    async fn next(&mut self) -> Option<Outgoing> {
        while self.waiting.is_empty() {
            self.waiting = tokio::select! {
                () = self.stopping.cancelled() => return None,
                // Whoever comes back gets what there is then.
                messages = self.session.next() => messages.ok()?,
                () = tokio::time::sleep(self.heartbeat) => VecDeque::from([Outgoing::ping()]),
            };
        }
        self.waiting.pop_front()
    }
}
