//! Waiting with a condition and a limit.

use std::time::Duration;

use tokio::sync::Mutex;

/// How long anything may take before a test fails. Generous: it is a limit and never a measure.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

/// Held by tests that keep the machine busy for minutes: one after the other they are as quick, and disturb one another
/// less.
pub(crate) static ALONE: Mutex<()> = Mutex::const_new(());

/// Waits until `look` finds something.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < LIMIT, "waited {LIMIT:?} for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The path and query of an address.
pub(crate) fn path(address: &str) -> &str {
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    address[after_scheme..].find('/').map_or(address, |at| &address[after_scheme + at..])
}
