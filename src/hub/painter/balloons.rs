//! Balloons over hills, early.

use tiny_skia::PathBuilder;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, smooth};
use crate::hub::painter::{conifers, sky};

/// The sky from the top to the horizon, haze, the nearest hill.
struct Hour {
    sky: [u32; 3],
    haze: u32,
    near: u32,
}

const HOURS: [Hour; 4] = [
    Hour { sky: [0x5c92c4, 0xb4ccd4, 0xfce0bc], haze: 0xf4dcc0, near: 0x2a483c },
    Hour { sky: [0x4c5898, 0xc08ca8, 0xffc898], haze: 0xf4b898, near: 0x402a40 },
    Hour { sky: [0x2c7894, 0x90bcb4, 0xfae4b0], haze: 0xe8dcb4, near: 0x1c4040 },
    Hour { sky: [0x8ca0c8, 0xdcc4cc, 0xffdcc0], haze: 0xf4d4c8, near: 0x544458 },
];

/// Cloth, four colours for each balloon.
const CLOTHS: [[u32; 4]; 8] = [
    [0xd83a34, 0xf4ead8, 0xd83a34, 0xf0a830],
    [0xf0a030, 0xe05c34, 0xb02c44, 0xe05c34],
    [0x1f6c8c, 0xf2e6d0, 0x1f6c8c, 0xf2e6d0],
    [0x3c8c70, 0xf0d060, 0xe4e8d8, 0xf0d060],
    [0x6c3c84, 0xe87890, 0xf6c8a0, 0xe87890],
    [0xf4f0e6, 0xc83840, 0xf4f0e6, 0x2c3c64],
    [0x243868, 0x4c88b0, 0xf0d8a0, 0x4c88b0],
    [0xe8884c, 0xf8d890, 0xe8884c, 0x8c343c],
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let horizon = dice.between(0.64, 0.74);
    let seed = sky::seed(dice);
    let ramp = Ramp::spread([0.0, 0.6, 1.0], hour.sky);
    let clouds = sky::clouds(seed, canvas.aspect, (1.3, 4.5));
    canvas.wash(|x, y| ramp.at(y / horizon).mix(hex(0xfff4ea), 0.3 * clouds.at(x, y)));
    let from_left = dice.chance(50);
    let sun = (canvas.aspect * if from_left { 0.12 } else { 0.88 }, horizon * 0.86);
    sky::sun(canvas, sun, 0.038, hex(0xfffae8) * 1.2, hex(0xffd8a0) * 0.42);

    let haze = Ramp::new(&[(0.0, hour.haze), (1.0, hour.near)]);
    let crowd = 5 + dice.below(4);
    let mut places = scattered(dice, canvas.aspect, horizon, crowd);
    // Far ones are small and drawn first; some of them hang behind the hills' mist.
    places.sort_by(|one, other| one.2.total_cmp(&other.2));
    let split = places.len() / 2;
    for place in &places[..split] {
        balloon(canvas, dice, *place, sun, hex(hour.haze), 0.5);
    }
    hills(canvas, dice, &haze, horizon, sun);
    for place in &places[split..] {
        balloon(canvas, dice, *place, sun, hex(hour.haze), 0.12);
    }
}

/// Places and sizes, none upon another.
fn scattered(dice: &mut Dice, aspect: f32, horizon: f32, crowd: u64) -> Vec<(f32, f32, f32)> {
    let mut places: Vec<(f32, f32, f32)> = Vec::new();
    let largest = 0.135 * aspect.clamp(0.75, 1.2);
    for attempt in 0..60_u16 {
        if u64::try_from(places.len()).is_ok_and(|placed| placed == crowd) {
            break;
        }
        // One is near; the others are where the wind took them.
        let size = if places.is_empty() { largest } else { largest * dice.between(0.16, 0.62) };
        let room = horizon - 0.05 - size * 1.1;
        let x = if places.is_empty() { dice.between(0.3, 0.7) } else { dice.between(0.06, 0.94) } * aspect;
        let y = size * 1.15
            + 0.03
            + (room - size * 1.15).max(0.0) * dice.unit() * if places.is_empty() { 0.45 } else { 1.0 };
        let gap = 1.5 + 0.5 / (1.0 + f32::from(attempt));
        let free = |other: &(f32, f32, f32)| (x - other.0).hypot(0.75 * (y - other.1)) > gap * (size + other.2);
        if places.iter().all(free) {
            places.push((x, y, size));
        }
    }
    places
}

/// One balloon: `place` is the centre of its envelope and the radius of that.
fn balloon(canvas: &mut Canvas, dice: &mut Dice, place: (f32, f32, f32), sun: (f32, f32), haze: Rgb, air: f32) {
    let (x, y, size) = place;
    let cloth = dice.pick(&CLOTHS).map(hex);
    let gores = 10.0 + 2.0 * dice.between(0.0, 3.99).floor();
    let (bands, chevron) = (dice.chance(30), dice.between(-2.0, 2.0).trunc());
    let mouth = y + size * 1.32;
    let mut outline = PathBuilder::new();
    outline.move_to(x, y - size);
    outline.cubic_to(x + size * 0.58, y - size, x + size, y - size * 0.56, x + size, y - size * 0.02);
    outline.cubic_to(x + size, y + size * 0.56, x + size * 0.40, y + size * 0.92, x + size * 0.17, mouth);
    outline.line_to(x - size * 0.17, mouth);
    outline.cubic_to(x - size * 0.40, y + size * 0.92, x - size, y + size * 0.56, x - size, y - size * 0.02);
    outline.cubic_to(x - size, y - size * 0.56, x - size * 0.58, y - size, x, y - size);
    outline.close();
    let Some(outline) = outline.finish() else { return };
    let towards = (sun.0 - x).signum();
    let far = air + (1.0 - air) * 0.35 * (1.0 - (size / 0.13)).clamp(0.0, 1.0);
    canvas.fill(&outline, |px, py| {
        let down = ((py - y) / size).clamp(-1.0, 1.32);
        // The half width of the envelope here, near enough to its curve.
        let half =
            if down < 0.0 { (1.0 - down * down).sqrt() } else { (1.0 - 0.36 * down - 0.20 * down * down).max(0.17) };
        let across = ((px - x) / (size * half)).clamp(-1.0, 1.0);
        let turn = across.asin() / std::f32::consts::PI + 0.5;
        let stripe = if bands { (down + 1.0) * 4.0 } else { turn * gores + chevron * down };
        let colour =
            cloth[usize::from(crate::hub::painter::noise::whole(stripe.floor()).to_le_bytes()[0]) % cloth.len()];
        // Cloth bulges between its seams.
        let seam = (turn * gores).fract();
        let bulge = 0.90 + 0.10 * (4.0 * seam * (1.0 - seam));
        let depth = (1.0 - across * across).sqrt();
        let lit = 0.34 + 0.52 * (0.55 * depth + 0.55 * across * towards - 0.30 * down + 0.20).clamp(0.0, 1.3);
        // The sun shines through the far side a little, the burner through the near.
        let through = 0.14 * smooth(0.2, 1.3, down) + 0.10 * smooth(0.3, 1.0, across * towards);
        let shaded = colour * (lit * bulge * 1.25) + colour * hex(0xffd090) * through;
        (shaded.mix(haze, far * 0.72), 1.0)
    });
    let dark = hex(0x4a3020).mix(haze, far * 0.72);
    let basket = (x - size * 0.10, mouth + size * 0.24);
    for rope in [-0.13, -0.05, 0.05, 0.13] {
        let mut line = PathBuilder::new();
        let thin = (size * 0.007).max(0.0006);
        line.move_to(x + size * rope * 1.2 - thin, mouth);
        line.line_to(x + size * rope * 1.2 + thin, mouth);
        line.line_to(x + size * rope * 0.7 + thin, basket.1);
        line.line_to(x + size * rope * 0.7 - thin, basket.1);
        line.close();
        if let Some(line) = line.finish() {
            canvas.fill(&line, |_, _| (dark, 0.8));
        }
    }
    canvas.rectangle(basket, (size * 0.20, size * 0.16), dark);
    canvas.glow((x, mouth + size * 0.05), size * 0.16, hex(0xffc060) * (0.7 * (1.0 - far)));
}

fn hills(canvas: &mut Canvas, dice: &mut Dice, haze: &Ramp, horizon: f32, sun: (f32, f32)) {
    const LAYERS: u16 = 5;
    for layer in 0..LAYERS {
        let nearness = f32::from(layer) / f32::from(LAYERS - 1);
        let seed = sky::seed(dice);
        let base = base_of(horizon, nearness);
        let line = move |x: f32| {
            base - 0.055 * fractal(seed, 3, x * (2.2 - nearness), 0.5) - 0.004 * fractal(seed ^ 1, 3, x * 22.0, 0.5)
        };
        let own = haze.at(0.12 + 0.88 * nearness.powf(0.9));
        let mist = haze.at((nearness - 0.35).max(0.0));
        let veil = |x: f32, y: f32, depth: f32| {
            let drift = 0.05 * fractal(seed ^ 2, 3, x * 2.0, y * 6.0);
            let thick = smooth(0.0, 0.14, depth + drift) * (0.85 - 0.4 * nearness);
            let near_sun = 1.0 / (1.0 + 8.0 * ((x - sun.0).powi(2) + (y - sun.1).powi(2)));
            (own.mix(mist, thick) + hex(0xffd090) * (0.12 * near_sun * (1.0 - 0.6 * nearness)), 1.0)
        };
        if nearness > 0.4 {
            let sparse = dice.between(0.45, 0.75);
            if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), 0.022 + 0.035 * nearness, sparse, line) {
                canvas.fill(&trees, |x, y| (veil(x, y, 0.0).0 * 0.8, 1.0));
            }
        }
        // The next hill begins not much below its own base, and hides all that is under it.
        let next = (layer + 1 < LAYERS).then(|| base_of(horizon, f32::from(layer + 1) / f32::from(LAYERS - 1)) + 0.065);
        canvas.between(line, |_| next.unwrap_or(1.0), veil);
    }
}

fn base_of(horizon: f32, nearness: f32) -> f32 {
    horizon + (0.96 - horizon) * nearness.powf(1.2)
}
