//! Two hours of stars turning around the pole.

use std::f32::consts::TAU;

use tiny_skia::PathBuilder;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, smooth, whole};
use crate::hub::painter::{conifers, sky};

const SKIES: [[u32; 3]; 4] = [
    [0x060c24, 0x142c58, 0x4c6c90],
    [0x0a0820, 0x2c2054, 0x945870],
    [0x04101c, 0x0c3448, 0x5c8478],
    [0x0c0c18, 0x242844, 0xa87450],
];

/// Stars by temperature, from cool to hot.
const STARS: [u32; 6] = [0xffb880, 0xffd8b0, 0xfff0e0, 0xffffff, 0xd0e0ff, 0xa8c4ff];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let ground = dice.between(0.80, 0.88);
    let sky_ramp = Ramp::spread([0.0, 0.6, 1.0], *dice.pick(&SKIES));
    let pole = (canvas.aspect * dice.between(0.3, 0.7), dice.between(0.28, 0.55));
    let rings = Rings::new(dice, 1.1 + canvas.aspect);
    canvas.wash(|_, y| sky_ramp.at(y / ground));
    canvas.touch(|x, y, pixel| {
        if y < ground + 0.05 {
            let air = 0.15 + 0.85 * smooth(0.0, 0.5, (ground - y) / ground);
            *pixel += rings.light((x - pole.0, y - pole.1)) * air;
        }
    });
    let land = sky::seed(dice);
    let far = move |x: f32| ground - 0.05 - 0.10 * fractal(land, 5, x * 1.3, 0.5);
    canvas.below(far, |_, _, depth| (hex(0x0a101e).mix(sky_ramp.at(0.8) * 0.35, smooth(0.0, 0.2, depth)), 1.0));
    let near = move |x: f32| ground + 0.03 - 0.03 * fractal(land ^ 1, 4, x * 2.0, 0.5);
    if dice.chance(55) {
        let tall = dice.between(0.10, 0.26);
        if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), tall, 0.25, near) {
            canvas.fill(&trees, |_, _| (hex(0x03050a), 1.0));
        }
    }
    canvas.below(near, |x, y, _| (hex(0x04060a) * (1.0 + 0.4 * fractal(land ^ 2, 3, x * 14.0, y * 40.0)), 1.0));
    let x = canvas.aspect * dice.between(0.2, 0.8);
    tent(canvas, (x, near(x) + 0.035), dice.between(0.05, 0.075), *dice.pick(&[0xffa040, 0xff8038, 0xf8c050]));
}

/// One star's way.
struct Trail {
    start: f32,
    light: Rgb,
}

/// The sky cut into thin rings around the pole, each with a few stars of its own, which have all turned as far.
struct Rings {
    trails: Vec<Vec<Trail>>,
    turned: f32,
}

/// A ring's width.
const RING: f32 = 0.0042;

impl Rings {
    fn new(dice: &mut Dice, reach: f32) -> Self {
        let count = whole(reach / RING) + 1;
        let ring = |number: u32, dice: &mut Dice| {
            // A ring further out passes more stars.
            let stars = 1 + (number / 26).min(5);
            (0..stars)
                .map(|_| Trail {
                    start: dice.between(0.0, TAU),
                    light: hex(*dice.pick(&STARS)) * (0.05 + 0.85 * dice.unit().powi(3)),
                })
                .collect()
        };
        Self { trails: (0..count).map(|number| ring(number, dice)).collect(), turned: dice.between(0.32, 0.62) }
    }

    fn light(&self, (across, down): (f32, f32)) -> Rgb {
        let exact = across.hypot(down) / RING;
        let number = whole(exact);
        let Some(trails) = self.trails.get(number as usize) else {
            return Rgb::BLACK;
        };
        let angle = down.atan2(across);
        let mut light = Rgb::BLACK;
        for trail in trails {
            let since = angle - trail.start;
            // Both are within a turn of nothing, so one or two turns more bring the difference above it.
            let since = if since < -TAU {
                since + 2.0 * TAU
            } else if since < 0.0 {
                since + TAU
            } else {
                since
            };
            if since < self.turned {
                let ends = smooth(0.0, 0.012, since) * smooth(0.0, 0.012, self.turned - since);
                light += trail.light * ends;
            }
        }
        light * (1.0 - (2.0 * exact.fract() - 1.0).powi(2))
    }
}

/// A tent with a lamp inside.
fn tent(canvas: &mut Canvas, (x, foot): (f32, f32), size: f32, lamp: u32) {
    let lamp = hex(lamp);
    canvas.glow((x, foot - size * 0.3), size * 5.0, lamp * 0.10);
    canvas.glow((x, foot), size * 2.2, lamp * 0.22);
    let mut outline = PathBuilder::new();
    outline.move_to(x - size, foot);
    outline.quad_to(x - size * 0.55, foot - size * 0.86, x, foot - size * 0.92);
    outline.quad_to(x + size * 0.55, foot - size * 0.86, x + size, foot);
    outline.quad_to(x, foot + size * 0.08, x - size, foot);
    outline.close();
    let Some(outline) = outline.finish() else { return };
    canvas.fill(&outline, |px, py| {
        let (across, up) = ((px - x) / size, (foot - py) / size);
        let near_lamp = (-2.4 * ((across - 0.1).powi(2) + (up - 0.25).powi(2))).exp();
        let pole = 1.0 - 0.45 * (-((across.abs() - 0.55 + 0.5 * up).abs() * 26.0)).exp();
        let door = 1.0 - 0.5 * (-(across * 40.0 + up * 6.0).abs()).exp();
        (lamp * ((0.16 + 1.15 * near_lamp) * pole * door), 1.0)
    });
}
