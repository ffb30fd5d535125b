//! How fast things happen.

use std::sync::Arc;

use tokio::sync::watch;

/// The fastest, in events a second.
pub const FASTEST: f64 = 100.0;

/// Events a second. All clones are one; a change is felt at once.
#[derive(Debug, Clone)]
pub struct Pace(Arc<watch::Sender<f64>>);

impl Pace {
    /// So many events a second, at most [`FASTEST`]; nothing happens by itself at 0 or less.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self(Arc::new(watch::Sender::new(bounded(rate))))
    }

    /// Hears of changes.
    pub(super) fn changes(&self) -> watch::Receiver<f64> {
        self.0.subscribe()
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
