//! A flower from so near that nothing else is in focus.

use tiny_skia::{Path, PathBuilder};

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::noise::{fractal, smooth};
use crate::hub::painter::sky;

/// Petals from their foot to their tip, the heart, the blurred garden behind.
struct Bloom {
    petal: [(f32, u32); 4],
    heart: [u32; 2],
    garden: [u32; 3],
}

const BLOOMS: [Bloom; 6] = [
    Bloom {
        petal: [
            (0.0, 0x7c_12_34),
            (0.35, 0xd0_38_60),
            (0.75, 0xf4_8c_98),
            (1.0, 0xff_d8_d0),
        ],
        heart: [0x6c_10_24, 0xf0_b0_40],
        garden: [0x12_24_1c, 0x2c_4c_34, 0x70_88_50],
    },
    Bloom {
        petal: [
            (0.0, 0xb0_3c_10),
            (0.3, 0xec_7c_20),
            (0.7, 0xfc_b8_50),
            (1.0, 0xff_e8_b0),
        ],
        heart: [0x50_1c_08, 0xc8_6c_18],
        garden: [0x14_22_28, 0x30_48_48, 0x8c_84_4c],
    },
    Bloom {
        petal: [
            (0.0, 0x2c_20_78),
            (0.35, 0x5c_54_b8),
            (0.75, 0xa0_a4_e4),
            (1.0, 0xe0_e4_fc),
        ],
        heart: [0x28_18_48, 0xf4_d8_60],
        garden: [0x10_18_2c, 0x24_3c_50, 0x5c_80_78],
    },
    Bloom {
        petal: [
            (0.0, 0xb8_b0_60),
            (0.25, 0xe8_e0_c0),
            (0.7, 0xf8_f2_e4),
            (1.0, 0xff_ff_fa),
        ],
        heart: [0x8c_5c_10, 0xf8_c8_30],
        garden: [0x0c_20_20, 0x20_44_3c, 0x60_84_60],
    },
    Bloom {
        petal: [
            (0.0, 0x48_0c_50),
            (0.35, 0x98_2c_88),
            (0.75, 0xe0_78_b8),
            (1.0, 0xfc_cc_e4),
        ],
        heart: [0x38_08_38, 0xe8_a0_60],
        garden: [0x18_14_24, 0x38_30_48, 0x70_70_68],
    },
    Bloom {
        petal: [
            (0.0, 0x48_04_10),
            (0.4, 0xa0_10_20),
            (0.8, 0xdc_34_30),
            (1.0, 0xf8_78_58),
        ],
        heart: [0x20_04_08, 0x90_28_18],
        garden: [0x0c_14_14, 0x20_30_28, 0x54_58_38],
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let bloom = dice.pick(&BLOOMS);
    garden(canvas, dice, bloom);
    let centre = (canvas.aspect * dice.between(0.36, 0.64), dice.between(0.42, 0.60));
    let reach = canvas.aspect.clamp(0.72, 1.15) * dice.between(0.50, 0.64);
    let (rings, around) = (6 + dice.index(3), 11 + dice.index(7));
    let ramp = Ramp::new(&bloom.petal);
    let sharpness = dice.between(0.0, 1.0);
    let light = dice.between(0.0, 6.28);
    for ring in 0..rings {
        #[expect(clippy::cast_precision_loss, reason = "a handful of rings")]
        let inward = ring as f32 / rings as f32;
        let length = reach * (1.0 - 0.80 * inward.powf(0.9));
        shadow(canvas, centre, length * 0.92);
        let turn = dice.between(0.0, 0.1) + if ring % 2 == 0 { 0.0 } else { 0.5 };
        for number in 0..around {
            #[expect(clippy::cast_precision_loss, reason = "a handful of petals")]
            let angle = (number as f32 + turn + dice.between(-0.12, 0.12)) * std::f32::consts::TAU / around as f32;
            let own = Petal {
                foot: centre,
                angle,
                length: length * dice.between(0.93, 1.06),
                width: length * (2.9 / f32::from(u8::try_from(around).unwrap_or(12))) * dice.between(0.92, 1.08),
                inward,
                seed: sky::seed(dice),
            };
            own.paint(canvas, &ramp, sharpness, light);
        }
    }
    heart(canvas, dice, bloom, centre, reach * 0.17);
}

/// Discs of light out of focus.
fn garden(canvas: &mut Canvas, dice: &mut Dice, bloom: &Bloom) {
    let seed = sky::seed(dice);
    let ramp = Ramp::new(&[(0.0, bloom.garden[0]), (0.6, bloom.garden[1]), (1.0, bloom.garden[2])]);
    canvas.wash(|x, y| ramp.at(0.42 + 0.55 * fractal(seed, 2, x * 1.6, y * 1.6) - 0.2 * (y - 0.5)));
    for _ in 0..34 {
        let place = (dice.between(-0.1, canvas.aspect + 0.1), dice.between(-0.1, 1.1));
        let radius = dice.between(0.03, 0.12);
        let code = if dice.chance(30) {
            bloom.petal[2].1
        } else {
            bloom.garden[2]
        };
        let light = hex(code) * dice.between(0.05, 0.22);
        canvas.round(place, radius, |distance, pixel| {
            // A lens draws the rim a little brighter than the middle.
            *pixel += light * ((0.7 + 0.5 * distance * distance) * (1.0 - smooth(0.90, 1.0, distance)));
        });
    }
}

fn shadow(canvas: &mut Canvas, centre: (f32, f32), radius: f32) {
    canvas.round(centre, radius, |distance, pixel| {
        *pixel = *pixel * (1.0 - 0.62 * (1.0 - smooth(0.45, 1.0, distance)))
    });
}

struct Petal {
    foot: (f32, f32),
    angle: f32,
    length: f32,
    width: f32,
    /// 0 for the outermost ring.
    inward: f32,
    seed: u32,
}

impl Petal {
    fn paint(&self, canvas: &mut Canvas, ramp: &Ramp, sharpness: f32, light: f32) {
        let (sin, cos) = self.angle.sin_cos();
        // The one that overlaps throws its shadow on the one below.
        if let Some(outline) = self.outline(sharpness, 1.035) {
            canvas.fill(&outline, |_, _| (hex(0x08_02_06), 0.20));
        }
        let Some(outline) = self.outline(sharpness, 1.0) else {
            return;
        };
        let facing = (self.angle - light).cos();
        canvas.fill(&outline, |x, y| {
            let (dx, dy) = (x - self.foot.0, y - self.foot.1);
            let along = (dx * cos + dy * sin) / self.length;
            let across = (dy * cos - dx * sin) / (self.width * 0.5);
            // Veins run lengthwise; the middle is a furrow and the edges curl to the light.
            let vein = fractal(self.seed, 2, across * 9.0, along * 1.6);
            let furrow = 1.0 - 0.26 * (-(across * 3.2).powi(2)).exp() * (1.0 - along).max(0.0);
            let curl = 1.0 + 0.20 * smooth(0.35, 1.0, across.abs()) * smooth(0.2, 0.9, along);
            let place = along * (1.0 - 0.20 * self.inward) + 0.07 * vein - 0.05;
            let side = 1.0 + 0.16 * across * (self.angle - light).sin() + 0.13 * facing;
            let deep = smooth(-0.05, 0.75, along) * 0.72 + 0.28;
            (ramp.at(place) * (furrow * curl * side * deep), 1.0)
        });
    }

    /// A petal's outline, pointed or round.
    fn outline(&self, sharpness: f32, grown: f32) -> Option<Path> {
        let (sin, cos) = self.angle.sin_cos();
        let at = |along: f32, across: f32| {
            let (along, across) = (along * self.length * grown, across * self.width * 0.5 * grown);
            (
                self.foot.0 + along * cos - across * sin,
                self.foot.1 + along * sin + across * cos,
            )
        };
        let mut outline = PathBuilder::new();
        let foot = at(0.0, 0.0);
        let tip = at(1.0, 0.0);
        let blunt = 0.85 - 0.62 * sharpness;
        outline.move_to(foot.0, foot.1);
        for side in [1.0, -1.0] {
            let (belly, shoulder) = (at(0.35, 1.02 * side), at(0.98 - 0.10 * sharpness, blunt * side));
            if side > 0.0 {
                outline.cubic_to(belly.0, belly.1, shoulder.0, shoulder.1, tip.0, tip.1);
            } else {
                outline.cubic_to(shoulder.0, shoulder.1, belly.0, belly.1, foot.0, foot.1);
            }
        }
        outline.close();
        outline.finish()
    }
}

/// Florets in the spiral that flowers pack by: each turned on by the golden angle (Vogel 1979).
fn heart(canvas: &mut Canvas, dice: &mut Dice, bloom: &Bloom, centre: (f32, f32), radius: f32) {
    canvas.round(centre, radius * 1.5, |distance, pixel| {
        *pixel = pixel.mix(hex(bloom.heart[0]) * 0.5, 0.85 * (1.0 - smooth(0.45, 1.0, distance)));
    });
    const FLORETS: u16 = 170;
    for floret in 0..FLORETS {
        let share = f32::from(floret) / f32::from(FLORETS);
        let (sin, cos) = (f32::from(floret) * 2.399_963).sin_cos();
        let out = radius * share.sqrt();
        let place = (centre.0 + out * cos, centre.1 + out * sin);
        let size = radius * (0.055 + 0.045 * share) * dice.between(0.85, 1.15);
        let colour = hex(bloom.heart[0]).mix(hex(bloom.heart[1]), 0.25 + 0.75 * share * dice.between(0.6, 1.0));
        canvas.round(
            (place.0 + size * 0.25, place.1 + size * 0.35),
            size * 1.25,
            |distance, pixel| {
                *pixel = *pixel * (0.55 + 0.45 * distance);
            },
        );
        canvas.round(place, size, |distance, pixel| {
            *pixel = pixel.mix(
                colour * (1.15 - 0.65 * distance * distance),
                1.0 - smooth(0.75, 1.0, distance),
            );
        });
    }
}
