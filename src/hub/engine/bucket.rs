//! The limit of one subscription: how many deliveries it may get.

use std::time::Duration;

use tokio::time::Instant;

/// A bucket of tokens. It holds `burst` at most and gets one more each `refill`; a delivery takes one.
///
/// Quiet subscriptions hear at once, and busy ones get bundles.
#[derive(Debug)]
pub(super) struct Bucket {
    /// When it will be full; a moment in the past if it is.
    full: Option<Instant>,
    burst: u32,
    refill: Duration,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(burst: u32, refill: Duration) -> Self {
        Self { full: None, burst: burst.max(1), refill }
    }

    /// The next moment at which there is a token: `now`, or a later one.
    pub(super) fn next(&self, now: Instant) -> Instant {
        let missing = self.full.map(|full| full.saturating_duration_since(now)).unwrap_or_default();
        now + missing.saturating_sub(self.refill * (self.burst - 1))
    }

    /// Whether it is as full as a new one.
    pub(super) fn is_full(&self, now: Instant) -> bool {
        self.full.is_none_or(|full| full <= now)
    }

    /// Takes one token.
    pub(super) fn take(&mut self, now: Instant) {
        self.full = Some(self.full.map_or(now, |full| full.max(now)) + self.refill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_then_one_each_refill() {
        let zero = Instant::now();
        let second = Duration::from_secs(1);
        let mut bucket = Bucket::new(5, 5 * second);
        let mut now = zero;
        let mut moments = Vec::new();
        for _ in 0..8 {
            now = bucket.next(now);
            bucket.take(now);
            moments.push((now - zero).as_secs());
        }
        assert_eq!(moments, [0, 0, 0, 0, 0, 5, 10, 15]);
        // Half a minute of silence fills it, and longer silence does not make it fuller.
        for pause in [30, 3000] {
            now += pause * second;
            for _ in 0..5 {
                assert_eq!(bucket.next(now), now);
                bucket.take(now);
            }
            assert_eq!(bucket.next(now), now + 5 * second);
        }
    }

    #[test]
    fn a_bucket_without_room_still_lets_one_through() {
        let now = Instant::now();
        let mut bucket = Bucket::new(0, Duration::from_secs(2));
        assert_eq!(bucket.next(now), now);
        bucket.take(now);
        assert_eq!(bucket.next(now), now + Duration::from_secs(2));
    }
}
