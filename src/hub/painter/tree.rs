//! One tree against the light.

use std::f32::consts::TAU;

use tiny_skia::PathBuilder;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the horizon, the sun, the ground.
struct Hour {
    sky: [u32; 4],
    sun: u32,
    ground: u32,
    leaf: u32,
    night: bool,
}

const HOURS: [Hour; 5] = [
    Hour {
        sky: [0x4c2c50, 0xc04c48, 0xf89848, 0xffd880],
        sun: 0xfff0c0,
        ground: 0x1c1014,
        leaf: 0x241014,
        night: false,
    },
    Hour {
        sky: [0x74a4b4, 0xc4d4c4, 0xf8e8bc, 0xfff0c8],
        sun: 0xfffce8,
        ground: 0x24382c,
        leaf: 0x1c342c,
        night: false,
    },
    Hour {
        sky: [0x04081a, 0x102448, 0x285078, 0x588498],
        sun: 0xf4f0e4,
        ground: 0x060c16,
        leaf: 0x040a14,
        night: true,
    },
    Hour {
        sky: [0x987ca8, 0xe8a8b0, 0xfcd0b8, 0xffe8cc],
        sun: 0xfff4e0,
        ground: 0x3c2840,
        leaf: 0x9c3458,
        night: false,
    },
    Hour {
        sky: [0x889ca8, 0xc8c8bc, 0xf0d8a8, 0xf8e4b8],
        sun: 0xfff0d0,
        ground: 0x3c301c,
        leaf: 0xb05818,
        night: false,
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let horizon = dice.between(0.76, 0.84);
    let seed = sky::seed(dice);
    let ramp = Ramp::spread(sky::STOPS, hour.sky);
    let clouds = sky::clouds(seed, canvas.aspect, (0.9, 5.5));
    canvas.wash(|x, y| {
        let cloud = clouds.at(x, y);
        ramp.at(y / horizon + 0.12 * cloud).mix(hex(hour.sky[3]), 0.20 * cloud)
    });
    let x = canvas.aspect * dice.between(0.32, 0.68);
    let large = dice.chance(60);
    let radius = if large { dice.between(0.17, 0.24) * canvas.aspect.min(1.0) } else { 0.05 };
    let beside = if large { dice.between(-0.06, 0.06) } else { dice.between(-0.3, 0.3) };
    let place = (x + beside * canvas.aspect, horizon - if large { radius * 1.15 } else { dice.between(0.1, 0.4) });
    if hour.night {
        sky::stars(canvas, dice, 600, horizon, 0.9);
        sky::moon(canvas, dice, place, radius, hex(hour.sun));
    } else {
        sky::sun(canvas, place, radius, hex(hour.sun) * 1.1, hex(hour.sky[3]) * if large { 0.25 } else { 0.5 });
    }
    birds(canvas, dice, place, hex(hour.leaf));
    let hill = move |x: f32| horizon + 0.01 - 0.03 * fractal(seed ^ 5, 2, x * 1.3, 0.5);
    distance(canvas, dice, hour, &ramp, horizon);
    let foot = (x, hill(x) + 0.012);
    let tall = dice.between(0.50, 0.60) * canvas.aspect.clamp(0.75, 1.0);
    crown(canvas, dice, foot, tall, hour);
    meadow(canvas, dice, hour, hill);
}

fn distance(canvas: &mut Canvas, dice: &mut Dice, hour: &Hour, ramp: &Ramp, horizon: f32) {
    for (layer, share) in [(0_u16, 0.22), (1, 0.42)] {
        let seed = sky::seed(dice);
        let colour = ramp.at(0.96).mix(hex(hour.ground), share);
        let mist = ramp.at(1.0);
        let base = horizon - 0.035 + 0.025 * f32::from(layer);
        canvas.below(
            |x| base - 0.045 * fractal(seed, 4, x * 1.6, 0.5),
            |_, _, depth| (colour.mix(mist, 0.6 * smooth(0.0, 0.1, depth)), 1.0),
        );
    }
}

/// A branch to be grown.
struct Branch {
    from: (f32, f32),
    angle: f32,
    length: f32,
    thick: f32,
    order: u8,
}

fn crown(canvas: &mut Canvas, dice: &mut Dice, foot: (f32, f32), tall: f32, hour: &Hour) {
    let mut outline = PathBuilder::new();
    let mut leaves = Vec::new();
    let bare = dice.chance(22);
    let wind = dice.between(-0.10, 0.10);
    let trunk = Branch { from: foot, angle: -1.571 + wind, length: tall * 0.30, thick: tall * 0.036, order: 0 };
    let mut growing = vec![trunk];
    while let Some(branch) = growing.pop() {
        let (sin, cos) = branch.angle.sin_cos();
        let bend = branch.length * dice.between(-0.12, 0.12);
        let to = (branch.from.0 + branch.length * cos, branch.from.1 + branch.length * sin);
        limb(&mut outline, &branch, to, bend);
        if branch.order >= 5 {
            leaves.push(to);
        }
        if branch.order >= 7 {
            continue;
        }
        let forks = if branch.order < 2 { 3 } else { 2 };
        for fork in 0..forks {
            let spread = if forks == 3 { [-0.62, 0.06, 0.60][fork] } else { [-0.40, 0.40][fork] };
            growing.push(Branch {
                from: to,
                // Branches reach outwards, then turn up to the light again.
                angle: (branch.angle + spread * dice.between(0.65, 1.3)) * 0.94 + 0.06 * (-1.571) + wind * 0.2,
                length: branch.length * dice.between(0.68, 0.86) * if branch.order == 0 { 0.85 } else { 1.0 },
                thick: branch.thick * if forks == 3 { 0.60 } else { 0.70 },
                order: branch.order + 1,
            });
        }
    }
    let dark = hex(hour.ground) * 0.55;
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (dark, 1.0));
    }
    if !bare {
        foliage(canvas, dice, &leaves, tall, hex(hour.leaf));
    }
}

/// One limb, tapering into the next.
fn limb(outline: &mut PathBuilder, branch: &Branch, to: (f32, f32), bend: f32) {
    let (sin, cos) = branch.angle.sin_cos();
    let (start, end) = (branch.thick * 0.5, branch.thick * 0.36);
    let middle = ((branch.from.0 + to.0) / 2.0 - bend * sin, (branch.from.1 + to.1) / 2.0 + bend * cos);
    let flare = if branch.order == 0 { 1.7 } else { 1.0 };
    outline.move_to(branch.from.0 - start * flare * sin, branch.from.1 + start * flare * cos);
    outline.quad_to(middle.0 - end * sin, middle.1 + end * cos, to.0 - end * sin, to.1 + end * cos);
    outline.line_to(to.0 + end * 0.8 * cos, to.1 + end * 0.8 * sin);
    outline.line_to(to.0 + end * sin, to.1 - end * cos);
    outline.quad_to(
        middle.0 + end * sin,
        middle.1 - end * cos,
        branch.from.0 + start * flare * sin,
        branch.from.1 - start * flare * cos,
    );
    outline.close();
}

/// Leaves around the twigs' ends, thin enough that the light comes through at the edge.
fn foliage(canvas: &mut Canvas, dice: &mut Dice, twigs: &[(f32, f32)], tall: f32, colour: Rgb) {
    for pass in [0.75_f32, 1.0, 1.45] {
        let mut outline = PathBuilder::new();
        for twig in twigs {
            for _ in 0..6 {
                let size = tall * dice.between(0.008, 0.017);
                let (x, y) = (twig.0 + tall * dice.between(-0.034, 0.034), twig.1 + tall * dice.between(-0.032, 0.026));
                let (sin, cos) = dice.between(0.0, TAU).sin_cos();
                outline.move_to(x - size * cos, y - size * sin);
                outline.quad_to(x - size * sin * 0.8, y + size * cos * 0.8, x + size * cos, y + size * sin);
                outline.quad_to(x + size * sin * 0.8, y - size * cos * 0.8, x - size * cos, y - size * sin);
                outline.close();
            }
        }
        if let Some(outline) = outline.finish() {
            canvas.fill(&outline, |_, _| (colour * pass, 0.9));
        }
    }
}

fn birds(canvas: &mut Canvas, dice: &mut Dice, near: (f32, f32), colour: Rgb) {
    let mut outline = PathBuilder::new();
    for _ in 0..dice.below(8) {
        let (x, y) = (near.0 + dice.between(-0.35, 0.35), near.1 - dice.between(0.02, 0.28));
        let (span, beat) = (dice.between(0.007, 0.014), dice.between(0.2, 0.7));
        outline.move_to(x - span, y - span * beat);
        outline.quad_to(x - span * 0.4, y - span * beat * 0.9, x, y);
        outline.quad_to(x + span * 0.4, y - span * beat * 0.9, x + span, y - span * beat);
        outline.quad_to(x + span * 0.4, y - span * beat * 0.5, x, y + span * 0.22);
        outline.quad_to(x - span * 0.4, y - span * beat * 0.5, x - span, y - span * beat);
        outline.close();
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (colour, 0.8));
    }
}

/// Grass in the counter-light, blade by blade along the edge.
fn meadow(canvas: &mut Canvas, dice: &mut Dice, hour: &Hour, hill: impl Fn(f32) -> f32) {
    let seed = sky::seed(dice);
    let ground = hex(hour.ground);
    let rim = hex(hour.sky[3]);
    canvas.below(&hill, |x, y, depth| {
        let tuft = 1.0 + 0.45 * fractal(seed, 4, x * 30.0, y * 60.0);
        let lit = 0.20 * (-depth * 26.0).exp();
        ((ground * (tuft * (1.0 - 0.55 * smooth(0.0, 0.2, depth)))).mix(rim, lit), 1.0)
    });
    let mut outline = PathBuilder::new();
    let mut x = 0.0;
    while x < canvas.aspect {
        let (y, tall) = (hill(x) + 0.006, dice.between(0.006, 0.026));
        let lean = tall * dice.between(-0.6, 0.6);
        outline.move_to(x - 0.0012, y);
        outline.quad_to(x, y - tall * 0.6, x + lean, y - tall);
        outline.quad_to(x + 0.001, y - tall * 0.5, x + 0.0012, y);
        outline.close();
        x += dice.between(0.0015, 0.006);
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (ground.mix(rim, 0.10), 0.9));
    }
}
