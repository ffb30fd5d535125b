//! How everything is told to stop, and waited for.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Told once, heard by all. Cheap to clone.
///
/// Whoever outlives a request (a socket, a hub that runs beside us) holds a token of `tasks` and selects on
/// `stopping`: axum's own graceful shutdown neither tells upgraded sockets nor waits for them (axum issue 3003).
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    /// Cancelled when the server should stop.
    pub stopping: CancellationToken,
    /// All that must end before the process does.
    pub tasks: TaskTracker,
}

impl Shutdown {
    /// Whether the server is stopping.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }
}
