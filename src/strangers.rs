//! Requests with addresses that this server did not mint: counted, and told once a minute.
//!
//! Each alone is nothing to report, and a line for each would let anybody fill the disk. All of them together are the
//! only sign there is that SECRET_KEY has changed under hubs and walls that still know the old addresses.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How often at most they are told.
const PERIOD: SignedDuration = SignedDuration::from_secs(60);

/// The count. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Strangers(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    untold: u64,
    told_at: Option<Timestamp>,
}

impl Strangers {
    /// Counts one, and writes a log line when it is time for one.
    pub fn note(&self, now: Timestamp) {
        if let Some(requests) = self.due(now) {
            tracing::warn!(
                requests,
                "callbacks, walls, streams or remotes were asked for that this server did not mint (has SECRET_KEY changed?)"
            );
        }
    }

    /// Counts one; how many are to be told now.
    fn due(&self, now: Timestamp) -> Option<u64> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.untold += 1;
        // A clock that was set back must not silence us for long.
        let recently = seen.told_at.is_some_and(|at| at <= now && now.duration_since(at) < PERIOD);
        if recently {
            return None;
        }
        seen.told_at = Some(now);
        Some(std::mem::take(&mut seen.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_together_after_a_minute() {
        let strangers = Strangers::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(strangers.due(at(100)), Some(1));
        assert_eq!([strangers.due(at(101)), strangers.due(at(159))], [None, None]);
        assert_eq!(strangers.due(at(160)), Some(3));
        assert_eq!(strangers.due(at(50)), Some(1), "a clock that was set back silences nobody");
    }
}
