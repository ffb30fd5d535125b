//! Dunes in low light: a lit flank, a shadowed one, and between them the line that the wind drew.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::noise::{fractal, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the horizon, the sand in light and in shadow, the air between.
struct Hour {
    sky: [(f32, u32); 3],
    lit: u32,
    shade: u32,
    air: u32,
    night: bool,
}

const HOURS: [Hour; 4] = [
    Hour {
        sky: [(0.0, 0x5a_8c_b8), (0.6, 0xb8_c8_cc), (1.0, 0xf4_dc_b8)],
        lit: 0xf2_b4_6c,
        shade: 0x7a_3e_2c,
        air: 0xf0_d0_ac,
        night: false,
    },
    Hour {
        sky: [(0.0, 0x3c_30_60), (0.55, 0xb0_60_6c), (1.0, 0xff_b0_70)],
        lit: 0xf0_84_48,
        shade: 0x48_20_34,
        air: 0xf0_90_68,
        night: false,
    },
    Hour {
        sky: [(0.0, 0x05_0a_1c), (0.6, 0x14_28_4c), (1.0, 0x36_54_7c)],
        lit: 0x7e_98_b8,
        shade: 0x0e_18_30,
        air: 0x3a_58_80,
        night: true,
    },
    Hour {
        sky: [(0.0, 0x8c_a8_c0), (0.6, 0xe0_d0_cc), (1.0, 0xff_e0_c8)],
        lit: 0xff_dc_b8,
        shade: 0xa8_70_70,
        air: 0xf8_dc_cc,
        night: false,
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let horizon = dice.between(0.36, 0.5);
    let from_left = dice.chance(50);
    let ramp = Ramp::new(&hour.sky);
    canvas.wash(|_, y| ramp.at(y / horizon));
    let side = if from_left {
        dice.between(0.12, 0.3)
    } else {
        dice.between(0.7, 0.88)
    };
    let place = (canvas.aspect * side, horizon * dice.between(0.3, 0.7));
    if hour.night {
        sky::stars(canvas, dice, 900, horizon * 1.05, 1.0);
        sky::moon(canvas, dice, place, 0.03, hex(0xf4_f0_e4));
    } else {
        sky::sun(canvas, place, 0.036, hex(0xff_f6_e0) * 1.2, hex(hour.sky[2].1) * 0.5);
    }
    const LAYERS: u16 = 6;
    for layer in 0..LAYERS {
        dune(
            canvas,
            dice,
            hour,
            horizon,
            from_left,
            f32::from(layer) / f32::from(LAYERS - 1),
        );
    }
}

fn dune(canvas: &mut Canvas, dice: &mut Dice, hour: &Hour, horizon: f32, from_left: bool, nearness: f32) {
    let seed = sky::seed(dice);
    let base = horizon + 0.01 + (0.86 - horizon) * nearness.powf(1.5);
    let tall = 0.03 + 0.17 * nearness.powf(0.8);
    let width = 2.4 - 1.5 * nearness.sqrt();
    let start = dice.between(0.0, 10.0);
    let line = move |x: f32| base - tall * height(seed, start + x * width);
    let air = (1.0 - nearness).powf(1.4) * 0.86;
    let (lit, shade, haze) = (hex(hour.lit), hex(hour.shade), hex(hour.air));
    let turn = if from_left { 1.0 } else { -1.0 };
    canvas.below(line, |x, y, depth| {
        // The crest line falls away from each summit in a curve; on one side of it lies the light.
        let sway = 0.10 * fractal(seed ^ 4, 2, y * 5.0, 2.0) * smooth(0.0, 0.3, depth);
        let along = start + (x + turn * (depth * 0.55 + sway)) * width;
        let slope = (height(seed, along + 0.03) - height(seed, along - 0.03)) / 0.06 * turn;
        let facing = smooth(-0.10, 0.22, slope * (1.0 - 0.25 * smooth(0.0, 0.5, depth)));
        // Ripples run across the slope and are seen only where the light grazes.
        let fine = nearness * nearness;
        let bend = 0.9 * fractal(seed ^ 6, 3, x * 3.0, y * 7.0);
        let ripple = ((y * 210.0 + x * 40.0 * turn) / (0.5 + nearness) + 9.0 * bend).sin();
        let drift = fractal(seed ^ 8, 3, x * 2.5, y * 9.0);
        let light = (facing * (0.86 + 0.20 * drift) + 0.05 * fine * ripple * (0.25 + facing)).clamp(0.0, 1.2);
        let sand = shade.mix(lit, light) * (1.0 - 0.30 * nearness * smooth(0.0, 0.55, depth));
        // Light from the sky fills the top of a shadow.
        let filled = sand.mix(haze, 0.12 * (1.0 - facing) * smooth(0.2, 0.0, depth));
        (filled.mix(haze, air), 1.0)
    });
}

/// A dune's outline: long flanks that meet in an edge.
fn height(seed: u32, along: f32) -> f32 {
    let swell = fractal(seed, 1, along * 0.8, 0.3);
    let crest = 1.0 - 2.0 * fractal(seed ^ 1, 1, along, 0.7).abs();
    0.55 * crest + 0.8 * swell
}
