//! A flower from so near that nothing else is in focus.

use std::f32::consts::TAU;

use tiny_skia::{Path, PathBuilder};

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::field::{Curve, Field};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// Petals from their foot to their tip, the heart, the blurred garden behind.
struct Bloom {
    petal: [u32; 4],
    heart: [u32; 2],
    garden: [u32; 3],
}

const BLOOMS: [Bloom; 6] = [
    Bloom {
        petal: [0x7c1234, 0xd03860, 0xf48c98, 0xffd8d0],
        heart: [0x6c1024, 0xf0b040],
        garden: [0x12241c, 0x2c4c34, 0x708850],
    },
    Bloom {
        petal: [0xb03c10, 0xec7c20, 0xfcb850, 0xffe8b0],
        heart: [0x501c08, 0xc86c18],
        garden: [0x142228, 0x304848, 0x8c844c],
    },
    Bloom {
        petal: [0x2c2078, 0x5c54b8, 0xa0a4e4, 0xe0e4fc],
        heart: [0x281848, 0xf4d860],
        garden: [0x10182c, 0x243c50, 0x5c8078],
    },
    Bloom {
        petal: [0xb8b060, 0xe8e0c0, 0xf8f2e4, 0xfffffa],
        heart: [0x8c5c10, 0xf8c830],
        garden: [0x0c2020, 0x20443c, 0x608460],
    },
    Bloom {
        petal: [0x480c50, 0x982c88, 0xe078b8, 0xfccce4],
        heart: [0x380838, 0xe8a060],
        garden: [0x181424, 0x383048, 0x707068],
    },
    Bloom {
        petal: [0x480410, 0xa01020, 0xdc3430, 0xf87858],
        heart: [0x200408, 0x902818],
        garden: [0x0c1414, 0x203028, 0x545838],
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let bloom = dice.pick(&BLOOMS);
    garden(canvas, dice, bloom);
    let centre = (canvas.aspect * dice.between(0.36, 0.64), dice.between(0.42, 0.60));
    let reach = canvas.aspect.clamp(0.72, 1.15) * dice.between(0.50, 0.64);
    let (rings, around) = (5 + dice.index(3), 9 + dice.index(7));
    let ramp = Ramp::spread([0.0, 0.33, 0.74, 1.0], bloom.petal);
    let sharpness = dice.unit().powi(2);
    let light = dice.between(0.0, TAU);
    for ring in 0..rings {
        #[expect(clippy::cast_precision_loss, reason = "a handful of rings")]
        let inward = ring as f32 / rings as f32;
        let length = reach * (1.0 - 0.80 * inward.powf(0.9));
        shadow(canvas, centre, length * 0.92);
        let turn = dice.between(0.0, 0.1) + if ring % 2 == 0 { 0.0 } else { 0.5 };
        for number in 0..around {
            #[expect(clippy::cast_precision_loss, reason = "a handful of petals")]
            let angle = (number as f32 + turn + dice.between(-0.12, 0.12)) * TAU / around as f32;
            let own = Petal {
                foot: centre,
                angle,
                length: length * dice.between(0.93, 1.06),
                width: length * (4.4 / f32::from(u8::try_from(around).unwrap_or(12))) * dice.between(0.92, 1.08),
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
    let blur = Field::new(canvas.aspect, 1.0, 24, |x, y| fractal(seed, 2, x * 1.6, y * 1.6));
    canvas.wash(|x, y| ramp.at(0.42 + 0.55 * blur.at(x, y) - 0.2 * (y - 0.5)));
    for _ in 0..34 {
        let place = (dice.between(-0.1, canvas.aspect + 0.1), dice.between(-0.1, 1.1));
        let radius = dice.between(0.03, 0.12);
        let code = if dice.chance(30) { bloom.petal[2] } else { bloom.garden[2] };
        let light = hex(code) * dice.between(0.05, 0.22);
        canvas.round(place, radius, |distance, pixel| {
            // A lens draws the rim a little brighter than the middle.
            *pixel += light * ((0.7 + 0.5 * distance * distance) * (1.0 - smooth(0.90, 1.0, distance)));
        });
    }
}

fn shadow(canvas: &mut Canvas, centre: (f32, f32), radius: f32) {
    canvas.round(centre, radius, |distance, pixel| {
        *pixel = *pixel * (1.0 - 0.62 * (1.0 - smooth(0.45, 1.0, distance)));
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
            canvas.fill(&outline, |_, _| (hex(0x080206), 0.20));
        }
        let Some(outline) = self.outline(sharpness, 1.0) else {
            return;
        };
        let facing = (self.angle - light).cos();
        let veins = Curve::new((-1.3, 1.3), 40, |across| noise(self.seed, across * 11.0, 0.5));
        let turned = (self.angle - light).sin();
        canvas.fill(&outline, |x, y| {
            let (dx, dy) = (x - self.foot.0, y - self.foot.1);
            let along = (dx * cos + dy * sin) / self.length;
            let across = (dy * cos - dx * sin) / (self.width * 0.5);
            // Veins run lengthwise; the middle is a furrow and the edges curl to the light.
            let vein = 0.8 * veins.at(across + 0.12 * along);
            let furrow = 1.0 - 0.26 / (1.0 + 14.0 * across * across) * (1.0 - along).max(0.0);
            let curl = 1.0 + 0.20 * smooth(0.35, 1.0, across.abs()) * smooth(0.2, 0.9, along);
            let place = along * (1.0 - 0.20 * self.inward) + 0.07 * vein - 0.05;
            let side = 1.0 + 0.16 * across * turned + 0.13 * facing;
            let deep = smooth(-0.05, 0.75, along) * 0.72 + 0.28;
            (ramp.at(place) * (furrow * curl * side * deep), 1.0)
        });
    }

    /// A petal's outline, pointed or round.
    fn outline(&self, sharpness: f32, grown: f32) -> Option<Path> {
        let (sin, cos) = self.angle.sin_cos();
        let at = |along: f32, across: f32| {
            let (along, across) = (along * self.length * grown, across * self.width * 0.5 * grown);
            (self.foot.0 + along * cos - across * sin, self.foot.1 + along * sin + across * cos)
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
        canvas.round((place.0 + size * 0.25, place.1 + size * 0.35), size * 1.25, |distance, pixel| {
            *pixel = *pixel * (0.55 + 0.45 * distance);
        });
        canvas.round(place, size, |distance, pixel| {
            *pixel = pixel.mix(colour * (1.15 - 0.65 * distance * distance), 1.0 - smooth(0.75, 1.0, distance));
        });
    }
}
