//! Northern lights over a lake.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::{conifers, sky};

/// From the lower hem upwards.
const LIGHTS: [[(f32, u32); 4]; 4] = [
    [
        (0.0, 0xb8_ff_c8),
        (0.22, 0x3c_f0_8c),
        (0.6, 0x18_a8_90),
        (1.0, 0x2c_38_90),
    ],
    [
        (0.0, 0xe0_ff_c0),
        (0.2, 0x60_f0_70),
        (0.5, 0x30_a0_90),
        (1.0, 0x90_30_a0),
    ],
    [
        (0.0, 0xff_c0_d8),
        (0.12, 0x70_f0_a0),
        (0.5, 0x40_90_c0),
        (1.0, 0x70_30_b0),
    ],
    [
        (0.0, 0xc0_ff_f0),
        (0.25, 0x30_e0_b0),
        (0.6, 0x20_80_b0),
        (1.0, 0x30_30_80),
    ],
];

/// One curtain of light.
struct Curtain {
    seed: u32,
    hem: f32,
    sway: f32,
    tall: f32,
    strength: f32,
    slant: f32,
}

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let shore = dice.between(0.68, 0.80);
    let night = Ramp::new(&[(0.0, 0x03_06_14), (0.5, 0x08_14_2c), (1.0, 0x12_34_48)]);
    canvas.wash(|_, y| night.at(y / shore));
    sky::stars(canvas, dice, 900, shore, 0.9);

    let colours = Ramp::new(dice.pick::<[_; 4], 4>(&LIGHTS));
    let slant = dice.between(-0.35, 0.35);
    let curtains: Vec<Curtain> = (0..3_u16)
        .map(|order| Curtain {
            seed: sky::seed(dice),
            hem: shore - 0.12 - 0.15 * f32::from(order) - dice.between(0.0, 0.07),
            sway: dice.between(0.10, 0.20),
            tall: dice.between(0.22, 0.42),
            strength: dice.between(0.45, 0.75) * if order == 0 { 1.1 } else { 0.8 },
            slant,
        })
        .collect();
    canvas.touch(|x, y, pixel| {
        if y < shore {
            for curtain in &curtains {
                *pixel += curtain.light(&colours, x, y);
            }
        }
    });

    let seed = sky::seed(dice);
    let hills = move |x: f32| shore - 0.02 - 0.075 * (0.5 + fractal(seed, 5, x * 1.6, 0.5));
    canvas.below(hills, |_, _, depth| {
        (hex(0x07_14_20).mix(hex(0x12_2c_36), smooth(0.0, 0.08, depth)), 1.0)
    });
    let line = move |x: f32| shore - 0.008 * (1.0 + fractal(seed ^ 9, 3, x * 3.0, 0.5));
    if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), 0.075, 0.12, line) {
        canvas.fill(&trees, |_, _| (hex(0x03_08_0e), 1.0));
    }
    canvas.below(line, |_, _, _| (hex(0x03_08_0e), 1.0));
    lake(canvas, dice, shore);
    frame(canvas, dice);
}

impl Curtain {
    fn light(&self, colours: &Ramp, x: f32, y: f32) -> Rgb {
        // Rays fan out a little, as they do overhead.
        let along = x + (self.hem - y) * self.slant * (x - 0.5);
        let fold = fractal(self.seed, 3, along * 1.15, 0.5);
        let hem = self.hem + self.sway * fold;
        let above = hem - y;
        if above < -0.06 {
            return Rgb::BLACK;
        }
        let rays = 0.55 + 0.45 * fractal(self.seed ^ 3, 3, along * 22.0, y * 0.9);
        let bands = 0.5 + 0.5 * noise(self.seed ^ 5, along * 3.1, 2.0);
        let tall = self.tall * (0.6 + 0.6 * bands) * (0.7 + 0.6 * rays);
        // The hem is sharp, and has a thin glow below it.
        let rise = smooth(-0.012, 0.022, above) + 0.10 * smooth(-0.06, 0.0, above);
        let fade = (-2.2 * above.max(0.0) / tall).exp();
        let share = (above / (tall * 1.3)).clamp(0.0, 1.0);
        colours.at(share) * (self.strength * rise * fade * (0.25 + 0.75 * rays) * (0.35 + 0.65 * bands))
    }
}

fn lake(canvas: &mut Canvas, dice: &mut Dice, shore: f32) {
    let seed = sky::seed(dice);
    let above = canvas.clone();
    canvas.touch(|x, y, pixel| {
        let depth = y - shore;
        if depth <= 0.0 {
            return;
        }
        let near = depth / (1.0 - shore);
        let far = 1.0 / (near + 0.08);
        let wave = fractal(seed, 3, x * far * 1.2, far * 11.0);
        let blur = wave * (0.01 + 0.07 * near);
        // Three places, because a ripple mixes what it mirrors.
        let mirrored = |shift: f32| {
            above.light_at(
                x + blur * 0.25,
                (shore - depth * 1.5 - blur - shift).clamp(0.0, shore - 0.002),
            )
        };
        let sum = mirrored(0.0) + mirrored(0.02 + 0.04 * near) + mirrored(-0.02 * near);
        *pixel = sum * ((0.62 - 0.22 * near) / 3.0) + hex(0x02_06_0c);
    });
}

/// Dark trees at one side, near enough to lean over the picture.
fn frame(canvas: &mut Canvas, dice: &mut Dice) {
    if dice.chance(40) {
        return;
    }
    let mut outline = tiny_skia::PathBuilder::new();
    let left = dice.chance(50);
    let mut out = 0.0;
    for height in [0.95, 0.72, 0.84, 0.5, 0.36, 0.22] {
        out += dice.between(0.035, 0.075);
        let x = if left { out - 0.06 } else { canvas.aspect - out + 0.06 };
        let height = height * dice.between(0.85, 1.05);
        conifers::tree(&mut outline, dice, (x, 1.04), height);
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (hex(0x02_05_0a), 1.0));
    }
}
