//! The only place that knows what time it is, and the only source of randomness.
//!
//! Everything above takes a [`Clock`], so that a test can say what "now" is and what chance brings.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;

/// Now, and randomness. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Still { now_ms: Arc<AtomicI64>, seed: Arc<AtomicU64> },
}

impl Clock {
    /// The machine's clock, and the operating system's randomness.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `now`, with randomness that repeats itself from `seed`: for tests only.
    pub fn still(now: Timestamp, seed: u64) -> Self {
        Self(Source::Still {
            now_ms: Arc::new(AtomicI64::new(now.as_millisecond())),
            seed: Arc::new(AtomicU64::new(seed)),
        })
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => system_now(),
            Source::Still { now_ms, .. } => {
                Timestamp::from_millisecond(now_ms.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Moves a clock that stands still; the machine's goes by itself.
    pub fn advance(&self, by: jiff::SignedDuration) {
        if let Source::Still { now_ms, .. } = &self.0 {
            now_ms.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::Relaxed);
        }
    }

    /// `N` random bytes, good enough for keys when the clock is the system's.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => fill(&mut bytes)?,
            Source::Still { seed, .. } => {
                for byte in &mut bytes {
                    // Weyl sequence, then one round of mixing: enough to tell test values apart.
                    let x = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
                    *byte = (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_be_bytes()[0];
                }
            }
        }
        Ok(bytes)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine for randomness")]
fn fill(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

/// The operating system has no randomness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random numbers, so no key can be made")]
pub struct NoRandomness;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_still_clock_repeats_itself_and_the_system_does_not() {
        let at = |seed| Clock::still(Timestamp::UNIX_EPOCH, seed);
        assert_eq!(at(1).now(), Timestamp::UNIX_EPOCH);
        assert_eq!(at(1).random::<16>(), at(1).random::<16>());
        assert_ne!(at(1).random::<16>(), at(2).random::<16>());
        assert_ne!(Clock::system().random::<16>(), Clock::system().random::<16>());
    }
}
