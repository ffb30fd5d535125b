//! Which requests came before (RFC 5849 section 3.3).

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::practice::oauth::problem::OauthProblem;

/// How far a timestamp may lie from now, seconds.
pub(in crate::practice::oauth) const TOLERANCE: i64 = 5 * 60;
/// The most requests remembered: two megabytes or so.
const MOST: usize = 50_000;

/// The nonces of all acceptable timestamps.
#[derive(Debug)]
pub(super) struct Nonces {
    /// By timestamp: the oldest are the first to be forgotten.
    seen: BTreeSet<(i64, [u8; 16])>,
    /// Timestamps up to this one are refused, since some of their nonces were forgotten.
    forgotten: i64,
    most: usize,
}

impl Nonces {
    pub(super) fn new() -> Self {
        Self { seen: BTreeSet::new(), forgotten: i64::MIN, most: MOST }
    }

    /// Whether a request of this time is looked at. `now` and the answer are Unix seconds.
    pub(super) fn timely(&self, timestamp: &str, now: i64) -> Result<i64, OauthProblem> {
        let earliest = (now - TOLERANCE).max(self.forgotten.saturating_add(1));
        let latest = now + TOLERANCE;
        let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let timestamp = timestamp.parse().ok().filter(|it| digits && (earliest..=latest).contains(it));
        timestamp.ok_or(OauthProblem::TimestampRefused { earliest, latest })
    }

    /// Remembers a request whose signature was right; refuses it when it came before. A nonce is its consumer's and its
    /// token's: others may draw the same.
    pub(super) fn once(&mut self, timestamp: i64, whose: [&str; 3], now: i64) -> Result<(), OauthProblem> {
        let mut hash = Sha256::new();
        for part in whose {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut mark = [0; 16];
        mark.copy_from_slice(&hash.finalize()[..16]);
        if !self.seen.insert((timestamp, mark)) {
            return Err(OauthProblem::NonceUsed);
        }
        while self.seen.first().is_some_and(|(oldest, _)| *oldest < now - TOLERANCE) {
            self.seen.pop_first();
        }
        if self.seen.len() > self.most
            && let Some((oldest, _)) = self.seen.pop_first()
        {
            self.forgotten = self.forgotten.max(oldest);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    #[test]
    fn a_timestamp_is_acceptable_for_five_minutes_either_way() {
        let nonces = Nonces::new();
        let refused = OauthProblem::TimestampRefused { earliest: NOW - 300, latest: NOW + 300 };
        for (text, expected) in [
            ("1699999700", Some(NOW - 300)),
            ("1699999699", None),
            ("1700000300", Some(NOW + 300)),
            ("1700000301", None),
            ("-1700000000", None),
            ("+1700000000", None),
            ("1700000000000", None),
            ("99999999999999999999", None),
            ("now", None),
        ] {
            assert_eq!(nonces.timely(text, NOW), expected.ok_or_else(|| refused.clone()), "{text}");
        }
    }

    #[test]
    fn a_nonce_is_good_once_for_each_consumer_and_token_and_time() {
        let mut nonces = Nonces::new();
        for whose in [["c", "t", "n"], ["c", "", "n"], ["d", "t", "n"], ["ct", "", "n"]] {
            assert_eq!(nonces.once(NOW, whose, NOW), Ok(()), "{whose:?}");
            assert_eq!(nonces.once(NOW, whose, NOW + 299), Err(OauthProblem::NonceUsed), "{whose:?}");
        }
        assert_eq!(nonces.once(NOW + 1, ["c", "t", "n"], NOW), Ok(()));
    }

    #[test]
    fn what_can_no_longer_be_replayed_is_forgotten() {
        let mut nonces = Nonces::new();
        nonces.once(NOW, ["c", "t", "n"], NOW).unwrap();
        nonces.once(NOW + 301, ["c", "t", "m"], NOW + 301).unwrap();
        assert_eq!(nonces.seen.len(), 1);
    }

    #[test]
    fn what_had_to_be_forgotten_too_soon_is_refused_by_its_time() {
        let mut nonces = Nonces { most: 2, ..Nonces::new() };
        for (step, nonce) in ["a", "b", "c"].into_iter().enumerate() {
            nonces.once(NOW + i64::try_from(step).unwrap(), ["c", "t", nonce], NOW).unwrap();
        }
        assert!(nonces.timely(&NOW.to_string(), NOW).is_err(), "its nonce is no longer known");
        assert!(nonces.timely(&(NOW + 1).to_string(), NOW).is_ok());
    }
}
