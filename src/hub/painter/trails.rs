//! Two hours of stars turning around the pole.

use tiny_skia::PathBuilder;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{cell, fractal, smooth, whole};
use crate::hub::painter::{conifers, sky};

const SKIES: [[(f32, u32); 3]; 4] = [
    [(0.0, 0x06_0c_24), (0.6, 0x14_2c_58), (1.0, 0x4c_6c_90)],
    [(0.0, 0x0a_08_20), (0.6, 0x2c_20_54), (1.0, 0x94_58_70)],
    [(0.0, 0x04_10_1c), (0.6, 0x0c_34_48), (1.0, 0x5c_84_78)],
    [(0.0, 0x0c_0c_18), (0.6, 0x24_28_44), (1.0, 0xa8_74_50)],
];

/// Stars by temperature, from cool to hot.
const STARS: [u32; 6] = [0xff_b8_80, 0xff_d8_b0, 0xff_f0_e0, 0xff_ff_ff, 0xd0_e0_ff, 0xa8_c4_ff];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let ground = dice.between(0.80, 0.88);
    let sky_ramp = Ramp::new(dice.pick::<[_; 3], 4>(&SKIES));
    let pole = (canvas.aspect * dice.between(0.3, 0.7), dice.between(0.28, 0.55));
    let turned = dice.between(0.32, 0.62);
    let seed = sky::seed(dice);
    let colours = STARS.map(hex);
    canvas.wash(|_, y| sky_ramp.at(y / ground));
    canvas.touch(|x, y, pixel| {
        if y < ground + 0.05 {
            let (dx, dy) = (x - pole.0, y - pole.1);
            let (radius, angle) = ((dx * dx + dy * dy).sqrt(), dy.atan2(dx));
            *pixel += trail(seed, radius, angle, turned, &colours)
                * smooth(0.0, 0.5, (ground - y) / ground).mul_add(0.85, 0.15);
        }
    });
    let land = sky::seed(dice);
    let far = move |x: f32| ground - 0.05 - 0.10 * fractal(land, 5, x * 1.3, 0.5);
    canvas.below(far, |_, _, depth| {
        (
            hex(0x0a_10_1e).mix(sky_ramp.at(0.8) * 0.35, smooth(0.0, 0.2, depth)),
            1.0,
        )
    });
    let near = move |x: f32| ground + 0.03 - 0.03 * fractal(land ^ 1, 4, x * 2.0, 0.5);
    if dice.chance(55) {
        let trees = conifers::row(dice, (0.0, canvas.aspect), dice_height(land), 0.25, near);
        if let Some(trees) = trees {
            canvas.fill(&trees, |_, _| (hex(0x03_05_0a), 1.0));
        }
    }
    canvas.below(near, |x, y, _| {
        (
            hex(0x04_06_0a) * (1.0 + 0.4 * fractal(land ^ 2, 3, x * 14.0, y * 40.0)),
            1.0,
        )
    });
    let x = canvas.aspect * dice.between(0.2, 0.8);
    tent(
        canvas,
        (x, near(x) + 0.035),
        dice.between(0.05, 0.075),
        *dice.pick(&[0xff_a0_40, 0xff_80_38, 0xf8_c0_50]),
    );
}

fn dice_height(land: u32) -> f32 {
    0.10 + 0.16 * cell(land, 1, 1)
}

/// The sky is cut into thin rings, each with a few stars of its own, which have all turned by the same angle.
fn trail(seed: u32, radius: f32, angle: f32, turned: f32, colours: &[Rgb; 6]) -> Rgb {
    const RING: f32 = 0.0042;
    let ring = radius / RING;
    let number = whole(ring.floor());
    let middle = 1.0 - (2.0 * (ring - ring.floor()) - 1.0).powi(2);
    let mut light = Rgb::BLACK;
    // A ring further out passes more stars.
    let stars = 1 + (number / 26).min(5);
    for star in 0..stars {
        let bright = cell(seed ^ 1, number, star).powi(3);
        let start = cell(seed ^ 2, number, star) * std::f32::consts::TAU;
        let since = (angle - start).rem_euclid(std::f32::consts::TAU);
        if since < turned {
            let ends = smooth(0.0, 0.012, since) * smooth(0.0, 0.012, turned - since);
            let colour =
                colours[usize::from(whole(cell(seed ^ 3, number, star) * 5.99).to_le_bytes()[0]) % colours.len()];
            light += colour * (ends * (0.05 + 0.85 * bright));
        }
    }
    light * middle
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
