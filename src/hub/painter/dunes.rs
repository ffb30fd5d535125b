//! Dunes in low light: a lit flank, a shadowed one, and between them the line that the wind drew.
//!
//! A real landscape in perspective, seen from a little above the crests: heights on a fan of rows, each row further
//! away; light comes from one side along the rows, so that its shadows are found by walking along them.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the horizon, sand from the deepest shadow to the full light, the air between.
struct Hour {
    sky: [u32; 3],
    sand: [u32; 4],
    air: u32,
    night: bool,
}

const HOURS: [Hour; 4] = [
    Hour {
        sky: [0x4a84b8, 0xa4c4d4, 0xf0dcbc],
        sand: [0x4a2424, 0xa05a38, 0xe8a860, 0xffd898],
        air: 0xecd0b0,
        night: false,
    },
    Hour {
        sky: [0x382c60, 0xb05c70, 0xffac70],
        sand: [0x241430, 0x70303c, 0xe07840, 0xffb870],
        air: 0xe88c70,
        night: false,
    },
    Hour {
        sky: [0x050a1c, 0x14284c, 0x3c5c84],
        sand: [0x060b1c, 0x182848, 0x5c789c, 0xb0c4d8],
        air: 0x3a5880,
        night: true,
    },
    Hour {
        sky: [0x7c9cc0, 0xd8ccd4, 0xffe0c8],
        sand: [0x5c3848, 0xa87070, 0xf0c0a0, 0xffe8cc],
        air: 0xf4d8cc,
        night: false,
    },
];

/// Rows of the fan, and places along each.
const ROWS: u16 = 340;
const PLACES: u16 = 300;

/// The nearest row and the farthest, in the distance that one picture's height is seen at.
const NEAR: f32 = 0.28;
const FAR: f32 = 26.0;

/// One place on the fan.
#[derive(Clone, Copy)]
struct Spot {
    /// How far down the picture it is seen.
    y: f32,
    /// The light it gets, 0 to about 1.
    light: f32,
}

/// The wind's work.
struct Desert {
    seed: u32,
    /// The direction of the crests, and how far apart they are.
    across: (f32, f32),
    /// 1 when the light comes from the left, -1 from the right.
    side: f32,
}

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let horizon = dice.between(0.32, 0.46);
    let side = if dice.chance(50) { 1.0 } else { -1.0 };
    let ramp = Ramp::spread([0.0, 0.6, 1.0], hour.sky);
    canvas.wash(|_, y| ramp.at(y / horizon));
    let place = (canvas.aspect * (0.5 - side * dice.between(0.22, 0.4)), horizon * dice.between(0.35, 0.75));
    if hour.night {
        sky::stars(canvas, dice, 900, horizon * 1.05, 1.0);
        sky::moon(canvas, dice, place, 0.030, hex(0xf4f0e4));
    } else {
        sky::sun(canvas, place, 0.034, hex(0xfff6e0) * 1.2, hex(hour.sky[2]) * 0.5);
    }
    let angle = dice.between(0.45, 0.95) * side;
    let spread = dice.between(0.75, 1.05);
    let desert = Desert { seed: sky::seed(dice), across: (spread * angle.sin(), spread * angle.cos()), side };
    let rows: Vec<Vec<Spot>> = (0..ROWS).map(|row| desert.row(canvas.aspect, horizon, distance(row))).collect();
    let sand = Ramp::spread([0.0, 0.35, 0.75, 1.0], hour.sand);
    let air = hex(hour.air);
    let aspect = canvas.aspect;
    canvas.columns(|x, column| {
        let mut below: Option<Spot> = None;
        for (row, spots) in (0..ROWS).zip(&rows) {
            let spot = along(spots, x / aspect);
            let from = below.map_or(1.5, |nearer| nearer.y);
            if spot.y < from {
                let z = distance(row);
                // By the light of the nearer row: at a crest the farther one may lie behind it already.
                let light = below.map_or(spot.light, |nearer| nearer.light);
                let light = light + desert.ripples((x - aspect / 2.0) * z, z) * (0.25 + light);
                column.cover(spot.y, from, haze(sand.at(light), air, z));
            }
            below = Some(spot);
        }
        // To the horizon, where rows are thinner than a pixel, there is only air.
        column.cover(horizon - 0.002, below.map_or(horizon, |last| last.y), haze(sand.at(0.6), air, FAR));
    });
}

fn haze(sand: Rgb, air: Rgb, distance: f32) -> Rgb {
    sand.mix(air, 1.0 - (-0.11 * (distance - NEAR)).exp())
}

/// Rows lie closer together in front, where a step is seen larger.
fn distance(row: u16) -> f32 {
    NEAR * (FAR / NEAR).powf(f32::from(row) / f32::from(ROWS - 1))
}

fn along(spots: &[Spot], share: f32) -> Spot {
    // The fan is a little wider than the picture, for light that comes from beyond its edge.
    let exact = (0.5 + (share - 0.5) / 1.3).clamp(0.0, 1.0) * f32::from(PLACES - 1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the row just above")]
    let place = (exact as usize).min(spots.len() - 2);
    let (one, other, share) = (spots[place], spots[place + 1], exact.fract());
    Spot { y: one.y + (other.y - one.y) * share, light: one.light + (other.light - one.light) * share }
}

impl Desert {
    /// One row of the fan, with the light that reaches each place.
    fn row(&self, aspect: f32, horizon: f32, z: f32) -> Vec<Spot> {
        const EYE: f32 = 0.80;
        let step = aspect * z * 1.3 / f32::from(PLACES - 1);
        let u = |place: u16| (f32::from(place) - f32::from(PLACES - 1) / 2.0) * step;
        let heights: Vec<f32> = (0..PLACES).map(|place| self.height(u(place), z)).collect();
        let mut spots: Vec<Spot> =
            heights.iter().map(|height| Spot { y: horizon + (EYE - height) / z * 0.72, light: 0.0 }).collect();
        // Walk away from the light: its lower edge sinks as we go, and what is below that is in shadow.
        let mut edge = f32::MIN;
        for walked in 0..usize::from(PLACES) {
            let place = if self.side > 0.0 { walked } else { usize::from(PLACES) - 1 - walked };
            let height = heights[place];
            let back = if self.side > 0.0 { place.saturating_sub(1) } else { (place + 1).min(heights.len() - 1) };
            edge = (edge - 0.20 * step).max(height - 0.02);
            let rise = (height - heights[back]) / step;
            let open = smooth(0.030, -0.004, edge - height);
            let facing = 0.50 + 0.95 * rise;
            // A shadow still has the sky above it.
            spots[place].light = 0.13 + 0.10 * (height + 0.2) + open * facing.clamp(0.0, 1.0) * 0.86;
        }
        spots
    }

    /// Long windward slopes and short slip faces, on crests that wander.
    fn height(&self, u: f32, v: f32) -> f32 {
        let wander = 0.85 * noise(self.seed, u * 0.34, v * 0.34) + 0.22 * noise(self.seed ^ 1, u * 1.0, v * 1.0);
        let phase = u * self.across.0 + v * self.across.1 + wander;
        let share = phase - phase.floor();
        let crest = 0.72;
        let profile =
            if share < crest { smooth(0.0, 1.25, share / crest) / 0.896 } else { (1.0 - share) / (1.0 - crest) };
        let size = 0.24 + 0.15 * noise(self.seed ^ 2, u * 0.22, v * 0.22);
        let swell = 0.12 * noise(self.seed ^ 3, u * 0.13, v * 0.13);
        size * profile.max(0.0).powf(1.08) + swell
    }

    /// What the wind draws on every slope, as far as it can be seen.
    fn ripples(&self, u: f32, z: f32) -> f32 {
        let strength = smooth(2.6, 0.5, z);
        if strength <= 0.0 {
            return 0.0;
        }
        let bend = fractal(self.seed ^ 6, 2, u * 1.7, z * 1.7);
        0.055 * strength * ((u * 0.35 * self.side + z) * 74.0 + 7.0 * bend).sin()
    }
}
