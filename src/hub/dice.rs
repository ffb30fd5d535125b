//! Repeatable chance.

/// A tiny generator (splitmix64, Steele, Lea and Flood 2014): the same seed gives the same throws on every machine.
///
/// Good enough to scatter stars; not for keys.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The dice of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 0 up to, not including, `sides`; 0 when there are none.
    pub fn below(&mut self, sides: u64) -> u64 {
        // The high half of the product; its bias is below 2^-40 for anything thrown here.
        let product = u128::from(self.bits()) * u128::from(sides);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// An index into something of `len` items; 0 when there are none.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// One of `items`, each as likely as the next. An empty slice is a mistake in a table, caught when it is compiled in.
    pub fn pick<'items, T, const N: usize>(&mut self, items: &'items [T; N]) -> &'items T {
        const { assert!(N > 0, "nothing to pick from") };
        &items[self.index(N)]
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f32 {
        // 24 bits are all that a float of this width holds without rounding up to 1.
        #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float's mantissa")]
        let numerator = (self.bits() >> 40) as f32;
        numerator / 16_777_216.0
    }

    /// A number between the two.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_throws_are_those_of_splitmix64() {
        // The reference implementation's first outputs for seed 1234567.
        let mut dice = Dice::new(1_234_567);
        let throws: Vec<u64> = (0..3).map(|_| dice.bits()).collect();
        assert_eq!(throws, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn no_throw_leaves_its_range() {
        let mut dice = Dice::new(1);
        for _ in 0..10_000 {
            assert!(dice.below(6) < 6);
            assert!((0.0..1.0).contains(&dice.unit()));
            assert!((-2.0..=3.0).contains(&dice.between(-2.0, 3.0)));
        }
        assert_eq!(dice.below(0), 0);
    }
}
