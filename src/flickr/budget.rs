//! How many calls may still be made.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;

/// The calls that a key may make in any hour, all users together (Flickr's developer guide, quoted in
/// beaufour/flickr-download issue 93); whoever makes more may find the key switched off.
pub const HOURLY: u32 = 3_600;
/// The most that can be saved up, and so the longest burst. With what comes in within an hour it makes [`HOURLY`].
pub const CAPACITY: f64 = 160.0;
/// What comes in within an hour.
const REFILL: f64 = 3_440.0;
const PER_SECOND: f64 = REFILL / 3_600.0;

/// A bucket of calls that fills slowly: no 60 minutes ever see more than [`HOURLY`] of them. Cheap to clone; all
/// clones spend from one.
///
/// A restart must not fill it: what [`Budget::snapshot`] says is to be stored, and [`Budget::restore`]d. A clock that
/// is set back fills nothing and stops nothing; one that is set ahead can fill it once.
#[derive(Debug, Clone)]
pub struct Budget {
    clock: Clock,
    bucket: Arc<Mutex<Bucket>>,
}

impl Budget {
    /// A full one, for a key that has not been used for an hour.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let at = clock.now();
        Self::restore(clock, CAPACITY, at)
    }

    /// One that held `level` calls at the time `at`. What cannot be is put right: a level beyond its bounds, and a
    /// time to come.
    #[must_use]
    pub fn restore(clock: Clock, level: f64, at: Timestamp) -> Self {
        let level = if level.is_nan() { 0.0 } else { level.clamp(0.0, CAPACITY) };
        Self { clock, bucket: Arc::new(Mutex::new(Bucket { level, at })) }
    }

    /// What [`Self::restore`] needs.
    #[must_use]
    pub fn snapshot(&self) -> (f64, Timestamp) {
        let now = self.clock.now();
        let mut bucket = self.lock();
        bucket.fill(now);
        (bucket.level, bucket.at)
    }

    /// Takes one call.
    ///
    /// # Errors
    /// How long to wait until there is one again.
    pub fn try_spend(&self) -> Result<(), Duration> {
        self.try_spend_above(0)
    }

    /// Takes one call if that leaves so many for others.
    ///
    /// # Errors
    /// How long to wait until there is one.
    pub fn try_spend_above(&self, reserve: u32) -> Result<(), Duration> {
        let now = self.clock.now();
        self.lock().spend(now, reserve)
    }

    /// How many calls could be made at once, from 0 to [`CAPACITY`].
    #[must_use]
    pub fn left(&self) -> u32 {
        let (level, _) = self.snapshot();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a level is from 0 to 160")]
        let whole = level as u32;
        whole
    }

    fn lock(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Bucket {
    level: f64,
    at: Timestamp,
}

impl Bucket {
    fn fill(&mut self, now: Timestamp) {
        let seconds = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.level = (self.level + seconds * PER_SECOND).min(CAPACITY);
        self.at = now;
    }

    fn spend(&mut self, now: Timestamp, reserve: u32) -> Result<(), Duration> {
        self.fill(now);
        let missing = f64::from(reserve) + 1.0 - self.level;
        if missing > 0.0 {
            return Err(Duration::from_secs_f64(missing / PER_SECOND));
        }
        self.level -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn who_must_leave_some_to_others_is_refused_earlier() {
        let budget = Budget::new(Clock::still(at(0), 1));
        let taken = std::iter::repeat_with(|| budget.try_spend_above(60)).take_while(Result::is_ok).count();
        assert_eq!((taken, budget.left()), (100, 60));
        assert!(budget.try_spend().is_ok());
    }

    #[test]
    fn a_burst_ends_and_says_when_there_is_more() {
        let budget = Budget::new(Clock::still(at(0), 1));
        assert_eq!(budget.left(), 160);
        let burst = std::iter::repeat_with(|| budget.clone().try_spend()).take_while(Result::is_ok).count();
        assert_eq!((burst, budget.left()), (160, 0));
        let wait = budget.try_spend().unwrap_err();
        assert!((Duration::from_millis(1_045)..=Duration::from_millis(1_048)).contains(&wait), "{wait:?}");
    }

    #[test]
    fn a_restart_fills_nothing() {
        let budget = Budget::new(Clock::still(at(0), 1));
        for _ in 0..158 {
            budget.try_spend().unwrap();
        }
        let (level, then) = budget.snapshot();
        let restarted = |now| Budget::restore(Clock::still(now, 1), level, then).left();
        assert_eq!(restarted(at(0)), 2);
        assert_eq!(restarted(at(12_000)), 13, "11 came in while it was stopped");
        assert_eq!(restarted(at(-12_000)), 2);
        assert_eq!(restarted(at(10 * 3_600_000)), 160);
    }

    #[test]
    fn a_stored_level_that_cannot_be_is_put_right() {
        let left = |level| Budget::restore(Clock::still(at(0), 1), level, at(0)).left();
        assert_eq!([f64::NAN, -5.0, 1e9, f64::INFINITY].map(left), [0, 0, 160, 160]);
    }

    #[test]
    fn a_clock_that_is_set_back_a_year_stops_nobody() {
        let mut bucket = Bucket { level: 0.0, at: at(0) };
        let back = at(0) - SignedDuration::from_hours(24 * 365);
        assert!(bucket.spend(back, 0).is_err());
        assert!(bucket.spend(back + SignedDuration::from_secs(2), 0).is_ok());
    }

    proptest! {
        #[test]
        fn no_hour_sees_more_than_its_calls(
            waits in prop::collection::vec((0_i64..600_000, 1_usize..1_000), 1..60),
            // After which of them the clock is set back, and by how much.
            back in prop::collection::vec((any::<prop::sample::Index>(), 0_i64..7_200_000), 0..4),
        ) {
            let mut bucket = Bucket { level: CAPACITY, at: at(0) };
            let (mut real, mut behind, mut spent) = (0, 0, Vec::new());
            for (i, (wait, tries)) in waits.iter().enumerate() {
                real += wait;
                behind += back.iter().filter(|(it, _)| it.index(waits.len()) == i).map(|(_, by)| by).sum::<i64>();
                let granted = (0..*tries).filter(|_| bucket.spend(at(real - behind), 0).is_ok()).count();
                spent.push((real, granted));
            }
            for (start, _) in &spent {
                let hour: usize = spent.iter().filter(|(t, _)| (*start..=start + 3_600_000).contains(t)).map(|(_, n)| n).sum();
                prop_assert!(hour <= HOURLY as usize, "{hour} calls in the hour from {start}");
            }
        }

        #[test]
        fn whoever_waits_as_told_is_served(level in 0.0..1.0_f64) {
            let mut bucket = Bucket { level, at: at(0) };
            if let Err(wait) = bucket.spend(at(0), 0) {
                let then = at(0) + SignedDuration::try_from(wait).unwrap() + SignedDuration::from_millis(1);
                prop_assert_eq!(bucket.spend(then, 0), Ok(()));
            }
        }
    }
}
