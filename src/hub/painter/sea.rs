//! The sea under a low sun, or under the moon.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::field::Field;
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the horizon, a cloud's shadow and its lit edge, the light itself.
struct Hour {
    sky: [u32; 4],
    shadow: u32,
    edge: u32,
    light: u32,
    night: bool,
}

const HOURS: [Hour; 5] = [
    Hour {
        sky: [0x273a6b, 0x7d6a94, 0xf0956f, 0xffd080],
        shadow: 0x5a4a72,
        edge: 0xffb484,
        light: 0xffd996,
        night: false,
    },
    Hour {
        sky: [0x1c2440, 0x5c2f52, 0xc84440, 0xffa04c],
        shadow: 0x3a203c,
        edge: 0xff8458,
        light: 0xffb864,
        night: false,
    },
    Hour {
        sky: [0x040818, 0x0c1c3a, 0x1f3d62, 0x3c5f80],
        shadow: 0x0c162c,
        edge: 0x8ca8c8,
        light: 0xe8eef4,
        night: true,
    },
    Hour {
        sky: [0x4d86a8, 0x9cbcc4, 0xf2d8bc, 0xffe6c0],
        shadow: 0x8a9cb0,
        edge: 0xffecd4,
        light: 0xfff0cc,
        night: false,
    },
    Hour {
        sky: [0x2c2a60, 0x8a5898, 0xf48c9c, 0xffccb0],
        shadow: 0x5e4a86,
        edge: 0xffb8b8,
        light: 0xffdcc0,
        night: false,
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let horizon = dice.between(0.50, 0.66);
    let seed = sky::seed(dice);
    let sun = (canvas.aspect * dice.between(0.25, 0.75), horizon - dice.between(0.02, 0.14));
    let radius = dice.between(0.035, 0.06);
    let overcast = dice.between(-0.15, 0.2);
    let ramp = Ramp::spread(sky::STOPS, hour.sky);
    let (shadow, edge, light) = (hex(hour.shadow), hex(hour.edge), hex(hour.light));

    canvas.wash(|_, y| ramp.at(y / horizon));
    if hour.night {
        sky::stars(canvas, dice, 420, horizon, 0.8);
        let high = (sun.0, horizon * dice.between(0.3, 0.6));
        sky::moon(canvas, dice, high, radius * 0.8, light);
    } else {
        sky::sun(canvas, sun, radius, light * 1.25, light * 0.45);
    }
    let cover = Field::new(canvas.aspect, horizon, 220, |x, y| cloud(seed, x, y, horizon, overcast).0);
    let lit = Field::new(canvas.aspect, horizon, 110, |x, y| cloud(seed, x, y, horizon, overcast).1);
    canvas.touch(|x, y, pixel| {
        if y < horizon {
            let (cover, lit) = (cover.at(x, y), lit.at(x, y));
            let towards = 1.0 / (1.0 + 5.0 * ((x - sun.0).powi(2) + (y - sun.1).powi(2)));
            let colour = shadow.mix(edge, (lit * (0.35 + 0.9 * towards)).min(1.0));
            *pixel = pixel.mix(colour, cover * 0.82);
        }
    });
    if dice.chance(55) {
        headland(canvas, dice, horizon, shadow * 0.5, ramp.at(0.95));
    }
    water(canvas, dice, horizon, sun, light);
    if dice.chance(45) {
        boat(canvas, dice, horizon);
    }
}

/// How much cloud there is, and how much of it faces the light below.
fn cloud(seed: u32, x: f32, y: f32, horizon: f32, overcast: f32) -> (f32, f32) {
    // The layer is seen from below: flatter and denser towards the horizon.
    let far = 1.0 / (1.06 - y / horizon);
    let (u, v) = (x * 1.1 + 0.25 * far, far * 0.9);
    let here = fractal(seed, 5, u, v * 2.2);
    let below = fractal(seed, 3, u, v * 2.2 + 0.22);
    (smooth(0.02 - overcast, 0.5 - overcast, here), smooth(-0.25, 0.4, here - below + 0.1))
}

fn headland(canvas: &mut Canvas, dice: &mut Dice, horizon: f32, dark: Rgb, air: Rgb) {
    let seed = sky::seed(dice);
    let (from_left, tall) = (dice.chance(50), dice.between(0.06, 0.17));
    let reach = canvas.aspect * dice.between(0.35, 0.6);
    for (layer, share) in [(0_u32, 0.62), (1, 0.25)] {
        let colour = dark.mix(air, share);
        let reach = if layer == 0 { reach * 1.35 } else { reach };
        let aspect = canvas.aspect;
        canvas.below(
            |x| {
                let away = if from_left { x } else { aspect - x } / reach;
                let rough = 1.0 + 0.5 * fractal(seed ^ layer, 5, x * 5.0, 1.0);
                let fall = (1.0 - away).clamp(0.0, 1.0).powf(0.75);
                horizon + 0.004 - tall * rough * fall * if layer == 0 { 0.8 } else { 0.62 }
            },
            |_, y, _| (colour, if y < horizon + 0.001 { 1.0 } else { 0.0 }),
        );
    }
}

/// The sky upside down, broken by waves that grow towards us, and the path of the light on them.
fn water(canvas: &mut Canvas, dice: &mut Dice, horizon: f32, sun: (f32, f32), light: Rgb) {
    let seed = sky::seed(dice);
    let calm = dice.between(0.5, 1.0);
    let sky = canvas.clone();
    let deep = 1.0 - horizon;
    canvas.touch(|x, y, pixel| {
        if y <= horizon {
            return;
        }
        let near = (y - horizon) / deep;
        let far = 1.0 / (near + 0.035);
        let (u, v) = ((x - sun.0) * far, far);
        let swell = fractal(seed, 4, u * 1.7, v * 7.0) + 0.5 * noise(seed ^ 5, u * 9.0, v * 31.0);
        let tilt = swell * (0.02 + 0.20 * near) * calm;
        let mirrored = horizon - (y - horizon) * (horizon / deep).min(1.0) - tilt.abs() * 0.8;
        let from = sky.light_at(x + tilt * 0.35, mirrored.max(0.0));
        // Looking down into it we see less of the sky and more of the depth.
        let glance = 0.86 - 0.50 * near.sqrt() - 0.25 * swell * near.sqrt();
        let body = from * glance;
        let path = 0.018 + 0.16 * near.powf(0.8);
        let across = (x - sun.0) / path;
        let facet = smooth(0.10, 0.50, swell + 0.42 * (-across * across).exp());
        let glitter = facet * (-0.55 * across * across).exp() * (1.0 - 0.45 * near);
        let distance_haze = smooth(0.05, 0.0, near) * 0.35;
        *pixel = body.mix(sky.light_at(x, horizon - 0.004), distance_haze) + light * (0.9 * glitter);
    });
}

fn boat(canvas: &mut Canvas, dice: &mut Dice, horizon: f32) {
    let size = dice.between(0.035, 0.06);
    let (x, y) = (canvas.aspect * dice.between(0.15, 0.85), horizon + dice.between(0.012, 0.05));
    let dark = hex(0x14121e);
    let mut outline = tiny_skia::PathBuilder::new();
    // Hull, then two sails.
    outline.move_to(x - size * 0.42, y - size * 0.14);
    outline.quad_to(x, y - size * 0.06, x + size * 0.52, y - size * 0.17);
    outline.quad_to(x + size * 0.34, y + size * 0.01, x, y + size * 0.01);
    outline.quad_to(x - size * 0.34, y, x - size * 0.42, y - size * 0.14);
    outline.close();
    for (foot, tip, lean) in [(-0.38, -1.05, 0.02), (0.46, -0.86, 0.03)] {
        outline.move_to(x + size * lean, y - size * 0.2);
        outline.line_to(x + size * lean, y + size * tip);
        outline.quad_to(x + size * foot * 0.75, y - size * 0.5, x + size * foot, y - size * 0.22);
        outline.close();
    }
    if let Some(outline) = outline.finish() {
        canvas.fill(&outline, |_, _| (dark, 0.93));
    }
    for step in 0..14_u16 {
        let down = f32::from(step) * size * 0.07;
        let wide = size * dice.between(0.2, 0.7) * (1.0 - f32::from(step) / 15.0);
        canvas.round((x + dice.between(-0.1, 0.1) * size, y + down), wide * 0.5, |distance, pixel| {
            *pixel = pixel.mix(dark, 0.10 * (1.0 - distance));
        });
    }
}
