//! Log lines: text for a terminal, one JSON object each otherwise. They go to stderr; what a command prints is stdout.

use std::io::IsTerminal;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, layer::SubscriberExt};

/// Begins to log what `filter` lets through, until the guard that is returned is dropped.
///
/// A thread of its own writes: a pipe that nobody empties must not stop the server, and costs lines instead.
///
/// # Errors
/// When this process logs already.
pub fn start(filter: &str) -> Result<WorkerGuard, TryInitError> {
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(terminal).with_target(false);
    let lines = if terminal { lines.boxed() } else { lines.json().flatten_event(true).with_span_list(false).boxed() };
    tracing_subscriber::registry().with(EnvFilter::new(filter)).with(lines).try_init()?;
    Ok(guard)
}
