//! Light.

use std::ops::{Add, AddAssign, Mul};

/// Linear light, 1 as bright as white paper; a sun is brighter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Rgb {
    pub(super) r: f32,
    pub(super) g: f32,
    pub(super) b: f32,
}

/// `0xrrggbb` as in a style sheet. It costs nothing, so it may stand where a pixel is computed.
pub(super) fn hex(code: u32) -> Rgb {
    let [_, r, g, b] = code.to_be_bytes().map(|byte| LINEAR[usize::from(byte)]);
    Rgb { r, g, b }
}

impl Rgb {
    pub(super) const BLACK: Self = Self { r: 0.0, g: 0.0, b: 0.0 };

    /// So much of the other, 0 to 1.
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        self * (1.0 - share) + other * share
    }
}

impl Add for Rgb {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { r: self.r + other.r, g: self.g + other.g, b: self.b + other.b }
    }
}

impl AddAssign for Rgb {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<f32> for Rgb {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        Self { r: self.r * factor, g: self.g * factor, b: self.b * factor }
    }
}

impl Mul for Rgb {
    type Output = Self;
    /// Light through a filter.
    fn mul(self, filter: Self) -> Self {
        Self { r: self.r * filter.r, g: self.g * filter.g, b: self.b * filter.b }
    }
}

/// A gradient through several colours, even to the eye (mixed in Oklab, Ottosson 2020), so that blue to orange does
/// not pass through mud.
#[derive(Debug)]
pub(super) struct Ramp {
    steps: Vec<Rgb>,
}

impl Ramp {
    /// Colours at places from 0 to 1, in rising order.
    pub(super) fn new(stops: &[(f32, u32)]) -> Self {
        let stops: Vec<_> = stops.iter().map(|&(at, code)| (at, oklab(hex(code)))).collect();
        let steps = (0..=Self::STEPS).map(|step| from_oklab(between(&stops, f32::from(step) / f32::from(Self::STEPS))));
        Self { steps: steps.collect() }
    }

    /// Colours at places, as two lists.
    pub(super) fn spread<const N: usize>(places: [f32; N], codes: [u32; N]) -> Self {
        let stops: Vec<(f32, u32)> = places.into_iter().zip(codes).collect();
        Self::new(&stops)
    }

    const STEPS: u16 = 255;

    /// The colour at this place; outside 0 to 1 that of the nearer end.
    pub(super) fn at(&self, place: f32) -> Rgb {
        let exact = place.clamp(0.0, 1.0) * f32::from(Self::STEPS);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the table just above")]
        let step = exact as usize;
        let next = (step + 1).min(self.steps.len() - 1);
        self.steps[step].mix(self.steps[next], exact.fract())
    }
}

fn between(stops: &[(f32, [f32; 3])], place: f32) -> [f32; 3] {
    let after = stops.iter().position(|stop| stop.0 >= place).unwrap_or(stops.len() - 1);
    let (low, high) = (stops[after.saturating_sub(1)], stops[after]);
    let share = if high.0 > low.0 { ((place - low.0) / (high.0 - low.0)).clamp(0.0, 1.0) } else { 1.0 };
    [0, 1, 2].map(|axis| low.1[axis] + (high.1[axis] - low.1[axis]) * share)
}

fn oklab(colour: Rgb) -> [f32; 3] {
    let Rgb { r, g, b } = colour;
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn from_oklab([lightness, a, b]: [f32; 3]) -> Rgb {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    Rgb {
        r: (4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s).max(0.0),
        g: (-1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s).max(0.0),
        b: (-0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s).max(0.0),
    }
}

/// The light of every display value (IEC 61966-2-1), computed when this is compiled.
static LINEAR: [f32; 256] = {
    let mut table = [0.0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = linear(byte as f64 / 255.0);
        byte += 1;
    }
    table
};

#[expect(clippy::cast_possible_truncation, reason = "to the precision that is used")]
const fn linear(value: f64) -> f32 {
    if value <= 0.040_45 {
        return (value / 12.92) as f32;
    }
    let base = (value + 0.055) / 1.055;
    // base^2.4 is base^2 by the fifth root of base^2, which Newton finds from above.
    let square = base * base;
    let mut root = 1.0;
    let mut turn = 0;
    while turn < 40 {
        root -= (root - square / (root * root * root * root)) / 5.0;
        turn += 1;
    }
    (square * root) as f32
}

/// The display value of light.
pub(super) fn display(light: f32) -> f32 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_begins_and_ends_with_its_colours() {
        let ramp = Ramp::new(&[(0.0, 0x102080), (0.4, 0xff8820), (1.0, 0xffffff)]);
        for (place, code) in [(-1.0, 0x102080), (0.0, 0x102080), (1.0, 0xffffff), (7.0, 0xffffff)] {
            let (got, wanted) = (ramp.at(place), hex(code));
            for (got, wanted) in [(got.r, wanted.r), (got.g, wanted.g), (got.b, wanted.b)] {
                assert!((got - wanted).abs() < 0.002, "{place}: {got} {wanted}");
            }
        }
    }

    #[test]
    fn display_undoes_linear() {
        for byte in 0..=255_u8 {
            assert!((display(LINEAR[usize::from(byte)]) * 255.0 - f32::from(byte)).abs() < 0.01, "{byte}");
        }
    }
}
