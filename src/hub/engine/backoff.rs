//! Growing pauses between attempts.

use std::time::Duration;

use crate::hub::dice::Dice;

/// The pause after so many failures in a row (1 or more): `first`, doubled each time, at most `most`, and up to 40 %
/// shorter or longer, so that attempts keep step with nothing.
pub(super) fn pause(first: Duration, most: Duration, failures: u32, dice: &mut Dice) -> Duration {
    let doubled = 2_u32.checked_pow(failures.saturating_sub(1)).and_then(|it| first.checked_mul(it));
    doubled.map_or(most, |it| it.min(most)).mul_f32(dice.between(0.6, 1.4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_near_their_limit() {
        let mut dice = Dice::new(1);
        let (first, most) = (Duration::from_millis(200), Duration::from_secs(30));
        let pauses: Vec<u128> = (1..60).map(|n| pause(first, most, n, &mut dice).as_millis()).collect();
        assert!((120..=280).contains(&pauses[0]), "{pauses:?}");
        assert!((480..=1120).contains(&pauses[2]), "{pauses:?}");
        assert!(pauses[10..].iter().all(|it| (18_000..=42_000).contains(it)), "{pauses:?}");
        assert_ne!(pauses[20], pauses[21]);
    }
}
