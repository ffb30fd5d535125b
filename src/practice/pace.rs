//! How fast things happen.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::practice::realm::Realm;

/// The fastest, in events a second.
pub const FASTEST: f64 = 100.0;
/// Faster than this, several things happen at once.
const TICK: Duration = Duration::from_millis(20);

/// Events a second. All clones are one; a change is felt at once.
#[derive(Debug, Clone)]
pub struct Pace(Arc<watch::Sender<f64>>);

impl Pace {
    /// So many events a second, at most [`FASTEST`]; nothing happens by itself at 0 or less.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self(Arc::new(watch::Sender::new(bounded(rate))))
    }

    /// Events a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        *self.0.borrow()
    }

    /// From now on so many.
    pub fn set(&self, rate: f64) {
        self.0.send_replace(bounded(rate));
    }
}

/// Whether it is a pace: 0, or from 0.1 to [`FASTEST`] events a second.
#[must_use]
pub fn is_rate(rate: f64) -> bool {
    rate == 0.0 || (0.1..=FASTEST).contains(&rate)
}

fn bounded(rate: f64) -> f64 {
    if rate.is_finite() { rate.clamp(0.0, FASTEST) } else { 0.0 }
}

/// Lets things happen until `stop`.
pub async fn live(realm: &Realm, stop: CancellationToken) {
    let mut changes = realm.pace.0.subscribe();
    let mut last = Instant::now();
    // What the elapsed time is worth, in events that have not happened yet.
    let mut owed = 0.0;
    loop {
        let rate = *changes.borrow_and_update();
        let pause =
            if rate > 0.0 { Duration::from_secs_f64(((1.0 - owed) / rate).max(0.0)).max(TICK) } else { Duration::MAX };
        let due = last.checked_add(pause);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            // A pace that has changed counts from now on.
            _ = changes.changed() => (last, owed) = (Instant::now(), 0.0),
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {
                let now = Instant::now();
                // A process that was stopped for long does not make up for all of it.
                owed += (now - last).as_secs_f64().min(10.0) * rate;
                last = now;
                while owed >= 1.0 {
                    realm.happen();
                    owed -= 1.0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pace_is_beyond_its_bounds() {
        for (asked, given) in [(0.5, 0.5), (1e9, 100.0), (-1.0, 0.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
            assert!((Pace::new(asked).rate() - given).abs() < 1e-9, "{asked}");
        }
    }
}
