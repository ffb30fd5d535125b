//! Northern lights over a lake.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::field::Curve;
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::{conifers, sky};

/// From the lower hem upwards.
const LIGHTS: [[u32; 4]; 4] = [
    [0xb8ffc8, 0x3cf08c, 0x18a890, 0x2c3890],
    [0xe0ffc0, 0x60f070, 0x30a090, 0x9030a0],
    [0xffc0d8, 0x70f0a0, 0x4090c0, 0x7030b0],
    [0xc0fff0, 0x30e0b0, 0x2080b0, 0x303080],
];

/// One curtain of light.
struct Curtain {
    /// How far down its hem hangs, along the sky.
    hem: Curve,
    /// How bright it is there, and how high it reaches.
    bands: Curve,
    /// Its rays; they drift from the first to the second with height.
    rays: [Curve; 2],
    tall: f32,
    strength: f32,
    slant: f32,
}

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let shore = dice.between(0.68, 0.80);
    let night = Ramp::new(&[(0.0, 0x030614), (0.5, 0x08142c), (1.0, 0x123448)]);
    canvas.wash(|_, y| night.at(y / shore));
    sky::stars(canvas, dice, 650, shore, 0.8);

    let colours = Ramp::spread([0.0, 0.2, 0.55, 1.0], *dice.pick(&LIGHTS));
    let slant = dice.between(-0.35, 0.35);
    let aspect = canvas.aspect;
    let curtains: Vec<Curtain> = (0..3_u16)
        .map(|order| {
            let hem = shore - 0.17 - 0.13 * f32::from(order) - dice.between(0.0, 0.08);
            Curtain::new(dice, aspect, hem, slant, if order == 0 { 1.0 } else { 0.7 })
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
    canvas.below(hills, |_, _, depth| (hex(0x071420).mix(hex(0x122c36), smooth(0.0, 0.08, depth)), 1.0));
    let line = move |x: f32| shore - 0.008 * (1.0 + fractal(seed ^ 9, 3, x * 3.0, 0.5));
    if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), 0.075, 0.12, line) {
        canvas.fill(&trees, |_, _| (hex(0x03080e), 1.0));
    }
    canvas.below(line, |_, _, _| (hex(0x03080e), 1.0));
    lake(canvas, dice, shore);
    frame(canvas, dice);
}

impl Curtain {
    fn new(dice: &mut Dice, aspect: f32, hem: f32, slant: f32, strength: f32) -> Self {
        let seed = sky::seed(dice);
        let sway = dice.between(0.14, 0.26);
        let reach = (-0.6, aspect + 0.6);
        let rays = |seed: u32| Curve::new(reach, 400, move |x| fractal(seed, 3, x * 20.0, 0.5));
        Self {
            hem: Curve::new(reach, 100, |x| hem + sway * fractal(seed, 3, x * 0.95, 0.5)),
            bands: Curve::new(reach, 60, |x| smooth(-0.55, 0.6, noise(seed ^ 5, x * 1.9, 2.0))),
            rays: [rays(seed ^ 3), rays(seed ^ 4)],
            tall: dice.between(0.24, 0.46),
            strength: strength * dice.between(0.58, 0.84),
            slant,
        }
    }

    fn light(&self, colours: &Ramp, x: f32, y: f32) -> Rgb {
        // Rays fan out a little, as they do overhead.
        let along = x + (0.6 - y) * self.slant * (x - 0.5);
        let above = self.hem.at(along) - y;
        if above < -0.06 {
            return Rgb::BLACK;
        }
        let drift = (above * 2.2).clamp(0.0, 1.0);
        let rays = 0.55 + 0.45 * (self.rays[0].at(along) * (1.0 - drift) + self.rays[1].at(along) * drift);
        let bands = self.bands.at(along);
        let tall = self.tall * (0.5 + 0.7 * bands) * (0.7 + 0.6 * rays);
        // The hem is sharp, and has a thin glow below it.
        let rise = smooth(-0.008, 0.026, above) + 0.05 * smooth(-0.06, 0.0, above);
        let fade = (-2.2 * above.max(0.0) / tall).exp();
        let share = (above.abs() / (tall * 1.3)).clamp(0.0, 1.0) + 0.04;
        colours.at(share) * (self.strength * rise * fade * (0.25 + 0.75 * rays) * (0.22 + 0.78 * bands))
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
            above.light_at(x + blur * 0.25, (shore - depth * 1.5 - blur - shift).clamp(0.0, shore - 0.002))
        };
        let sum = mirrored(0.0) + mirrored(0.02 + 0.04 * near) + mirrored(-0.02 * near);
        *pixel = sum * ((0.62 - 0.22 * near) / 3.0) + hex(0x02060c);
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
        conifers::tree(&mut outline, dice, (x, 1.10), height);
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (hex(0x02050a), 1.0));
    }
}
