//! From light to display values.

use crate::hub::painter::colour::display;

/// The exposure of a film, tabulated by a float's own bits: its exponent and the first of its digits. No root, no power.
#[derive(Debug)]
pub(super) struct Film {
    values: Vec<f32>,
}

/// The darkest and the brightest light that are told apart.
const BLACK: f32 = 1.0 / 4096.0;
const WHITE: f32 = 4.0;

/// Digits of the mantissa that are left out, of 23: 512 steps for each doubling of the light.
const DROPPED: u32 = 14;

impl Film {
    pub(super) fn new() -> Self {
        let steps = BLACK.to_bits() >> DROPPED..=WHITE.to_bits() >> DROPPED;
        Self { values: steps.map(|step| 255.0 * display(shoulder(f32::from_bits(step << DROPPED)))).collect() }
    }

    /// The display value of light, 0 to 255.
    pub(super) fn value(&self, light: f32) -> f32 {
        let step = (light.clamp(BLACK, WHITE).to_bits() >> DROPPED) - (BLACK.to_bits() >> DROPPED);
        // Not a number is no light.
        self.values.get(step as usize).copied().unwrap_or_default()
    }
}

/// Straight up to bright paper, then bending, so that a sun has an edge and a glow no plateau.
fn shoulder(light: f32) -> f32 {
    const BEND: f32 = 0.72;
    if light <= BEND { light } else { BEND + (1.0 - BEND) * (1.0 - (-(light - BEND) / (1.0 - BEND)).exp()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_light_is_never_darker_and_nothing_leaves_the_scale() {
        let film = Film::new();
        let values: Vec<f32> = (-10..2000_i16).map(|step| film.value(f32::from(step) / 300.0)).collect();
        assert!(values.is_sorted());
        assert!(values[0] < 1.0 && values.iter().all(|value| (0.0..=255.0).contains(value)));
    }
}
