//! Light between trees.

use tiny_skia::{Path, PathBuilder};

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::field::{Curve, Field};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// From the brightest fog to the darkest trunk, and the light itself.
struct Hour {
    fog: [u32; 4],
    light: u32,
    moss: u32,
}

const HOURS: [Hour; 4] = [
    Hour { fog: [0xfff4cc, 0xd8d08c, 0x5c744c, 0x0c1812], light: 0xffe8a8, moss: 0x4c6020 },
    Hour { fog: [0xf0f4f0, 0xb4c8c8, 0x4c6c74, 0x0a161c], light: 0xf4f8f0, moss: 0x2c4844 },
    Hour { fog: [0xffe0b0, 0xf0a468, 0x8c4434, 0x1c0c10], light: 0xffcc80, moss: 0x7c3818 },
    Hour { fog: [0xd4e8f8, 0x84a8cc, 0x34507c, 0x080e20], light: 0xdcecff, moss: 0x203450 },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let ramp = Ramp::spread([0.0, 0.3, 0.65, 1.0], hour.fog);
    let seed = sky::seed(dice);
    let lamp = (canvas.aspect * dice.between(0.3, 0.7), dice.between(0.22, 0.42));
    let floor = dice.between(0.80, 0.87);
    let drift = Field::new(canvas.aspect, 1.0, 48, |x, y| 0.10 * fractal(seed, 4, x * 2.0, y * 2.0));
    canvas.wash(|x, y| {
        let away = ((x - lamp.0).powi(2) + 0.8 * (y - lamp.1).powi(2)).sqrt();
        ramp.at(0.62 * smooth(0.0, 1.0, away) + drift.at(x, y))
    });
    canvas.glow(lamp, 0.55, hex(hour.light) * 0.55);

    const LAYERS: u16 = 5;
    for layer in 0..LAYERS {
        let nearness = f32::from(layer) / f32::from(LAYERS - 1);
        trunks(canvas, dice, &ramp, lamp, floor, nearness);
        ground(canvas, dice, hour, &ramp, (lamp, floor), nearness);
        if layer == 2 {
            rays(canvas, dice, lamp, hour);
        }
        // Fog stands between one row and the next; before the nearest there is none to see.
        if nearness < 0.7 {
            let fog = hex(hour.light) * (0.13 * (1.0 - nearness));
            canvas.touch(|x, y, pixel| {
                let away = (x - lamp.0).powi(2) + (y - lamp.1).powi(2);
                *pixel += fog * (1.0 / (1.0 + 6.0 * away));
            });
        }
    }
    motes(canvas, dice, lamp, hour);
}

fn trunks(canvas: &mut Canvas, dice: &mut Dice, ramp: &Ramp, lamp: (f32, f32), floor: f32, nearness: f32) {
    let own = ramp.at(0.30 + 0.70 * nearness.powf(0.9));
    let edge = ramp.at(0.05 + 0.5 * nearness);
    let foot = floor - 0.10 + 0.20 * nearness;
    let gap = 0.05 + 0.20 * nearness;
    let mut x = dice.between(-0.5, 0.5) * gap;
    while x < canvas.aspect + 0.1 {
        let half = (0.0045 + 0.026 * nearness.powf(1.6)) * dice.between(0.7, 1.35);
        // The nearest stand aside: the light is what the picture is of.
        let clear = nearness < 0.8 || (x - lamp.0).abs() > 0.17 * canvas.aspect;
        let seed = sky::seed(dice);
        let lean = dice.between(-0.05, 0.05);
        if let Some(outline) = trunk((x, foot), half, lean, seed).filter(|_| clear) {
            let towards = (lamp.0 - x).signum();
            // Bark is furrowed along the trunk.
            let bark =
                Curve::new((-4.0, 4.0), 20, |across| 1.0 + 0.30 * nearness * fractal(seed, 2, across * 4.5, 0.5));
            canvas.fill(&outline, |px, py| {
                let middle = x + lean * (foot - py);
                let across = (px - middle) / half;
                // Light wraps around the side that faces it.
                let rim = smooth(0.15, 1.0, across * towards) * (0.55 - 0.15 * nearness);
                let low = smooth(foot - 0.30, foot, py) * 0.35 * (1.0 - nearness);
                ((own * bark.at(across)).mix(edge, rim.max(low)), 1.0)
            });
            if dice.chance(70) {
                boughs(canvas, dice, (x, foot), half, (lean, own));
            }
        }
        x += gap * dice.between(0.45, 1.5);
    }
}

/// A tapering trunk with a spreading foot.
fn trunk((x, foot): (f32, f32), half: f32, lean: f32, seed: u32) -> Option<Path> {
    let mut outline = PathBuilder::new();
    const STEPS: u16 = 14;
    let edge = |step: u16, side: f32| {
        let up = f32::from(step) / f32::from(STEPS) * (foot + 0.05);
        let flare = 1.0 + 1.3 * (-up * 26.0).exp();
        let wobble = 0.10 * noise(seed, up * 9.0, side * 3.0);
        (x + lean * up + side * half * ((1.0 - 0.45 * up) * flare + wobble), foot - up)
    };
    for step in 0..=STEPS {
        let (x, y) = edge(step, -1.0);
        if step == 0 {
            outline.move_to(x, y + 0.01);
        } else {
            outline.line_to(x, y);
        }
    }
    for step in (0..=STEPS).rev() {
        let (x, y) = edge(step, 1.0);
        outline.line_to(x, y);
    }
    outline.close();
    outline.finish()
}

/// Thin dead branches, as trunks in a dense wood have: out, a little up, and sagging at the end.
fn boughs(canvas: &mut Canvas, dice: &mut Dice, (x, foot): (f32, f32), half: f32, (lean, colour): (f32, Rgb)) {
    let mut outline = PathBuilder::new();
    for _ in 0..4 + dice.below(5) {
        let up = dice.between(0.30, 0.95) * foot;
        let side = if dice.chance(50) { 1.0 } else { -1.0 };
        let reach = side * half * dice.between(2.0, 5.5);
        let (thick, rise) = (half * dice.between(0.05, 0.11), half * dice.between(0.2, 1.1));
        let (from, level) = (x + lean * up, foot - up);
        outline.move_to(from, level - thick);
        outline.quad_to(from + reach * 0.55, level - rise, from + reach, level - rise * 0.4);
        outline.quad_to(from + reach * 0.55, level - rise + thick * 1.4, from, level + thick);
        outline.close();
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (colour, 0.8));
    }
}

fn ground(
    canvas: &mut Canvas,
    dice: &mut Dice,
    hour: &Hour,
    ramp: &Ramp,
    (lamp, floor): ((f32, f32), f32),
    nearness: f32,
) {
    let seed = sky::seed(dice);
    let base = floor - 0.10 + 0.20 * nearness;
    let own = ramp.at(0.34 + 0.62 * nearness).mix(hex(hour.moss), 0.30);
    let line = |x: f32| {
        let rough = fractal(seed ^ 1, 3, x * (60.0 - 42.0 * nearness), 1.0);
        base - 0.035 * fractal(seed, 2, x * 2.2, 0.5) - (0.002 + 0.005 * nearness) * rough
    };
    // The next row's ground begins not much lower.
    let lower = base + if nearness < 1.0 { 0.10 } else { 0.5 };
    canvas.between(
        line,
        |_| lower,
        |x, y, depth| {
            // Where it rises from view it is seen through the most fog, and catches the light.
            let lit =
                (1.0 - 0.75 * smooth(0.0, 0.10, depth)) / (1.0 + 4.0 * (x - lamp.0).powi(2)) * (0.75 - 0.60 * nearness);
            let litter = 1.0 + 0.14 * noise(seed ^ 2, x * 55.0, y * 190.0) * smooth(0.0, 0.03, depth);
            (own.mix(hex(hour.light), lit * 0.7) * litter, 1.0)
        },
    );
    ferns(canvas, dice, line, nearness, own.mix(hex(hour.moss), 0.35) * 0.9);
}

/// Fronds that arch up from the ground, in tufts.
fn ferns(canvas: &mut Canvas, dice: &mut Dice, ground: impl Fn(f32) -> f32, nearness: f32, colour: Rgb) {
    let mut outline = PathBuilder::new();
    let size = (0.008 + 0.034 * nearness) * dice.between(0.8, 1.2);
    let mut x = 0.0;
    while x < canvas.aspect {
        let foot = ground(x) + size * 0.12;
        for _ in 0..9 {
            let reach = size * dice.between(-1.1, 1.1);
            let tall = size * dice.between(0.55, 1.05) * (1.0 - 0.35 * (reach / size).abs());
            let thick = size * 0.035;
            outline.move_to(x - thick, foot);
            outline.quad_to(x + reach * 0.35, foot - tall * 1.25, x + reach, foot - tall * 0.72);
            outline.quad_to(x + reach * 0.35 + thick * 2.2, foot - tall * 1.05, x + thick, foot);
            outline.close();
        }
        x += size * dice.between(0.25, 1.5);
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (colour, 0.7));
    }
}

/// Shafts that fan out from the light, cut by the crowns above.
fn rays(canvas: &mut Canvas, dice: &mut Dice, lamp: (f32, f32), hour: &Hour) {
    let seed = sky::seed(dice);
    let source = (lamp.0 + dice.between(-0.25, 0.25), -0.25);
    let light = hex(hour.light);
    let shafts = Curve::new((-2.0, 2.0), 200, |angle| smooth(0.0, 0.75, fractal(seed, 3, angle * 9.0, 0.5) + 0.12));
    let haze = Field::new(canvas.aspect, 1.0, 24, |x, y| 0.8 + 0.4 * fractal(seed ^ 3, 2, x * 3.0, y * 3.0));
    canvas.touch(|x, y, pixel| {
        let down = y - source.1;
        let angle = (x - source.0) / down;
        let fall = smooth(1.25, 0.25, down) * smooth(0.95, 0.1, (angle * 1.1).abs());
        *pixel += light * (0.34 * shafts.at(angle) * fall * haze.at(x, y));
    });
}

fn motes(canvas: &mut Canvas, dice: &mut Dice, lamp: (f32, f32), hour: &Hour) {
    for _ in 0..46 {
        let place = (lamp.0 + dice.between(-0.4, 0.4), dice.between(0.3, 0.85));
        let size = dice.between(0.0015, 0.004);
        canvas.glow(place, size, hex(hour.light) * dice.between(0.1, 0.5));
    }
}
