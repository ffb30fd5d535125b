//! A city after dark, on the water.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the roofs, the haze between houses, their walls.
struct Hour {
    sky: [(f32, u32); 4],
    haze: u32,
    wall: u32,
}

const HOURS: [Hour; 4] = [
    Hour {
        sky: [
            (0.0, 0x0a_10_2a),
            (0.5, 0x2a_2c_5c),
            (0.8, 0x8a_4c_70),
            (1.0, 0xe8_8c_64),
        ],
        haze: 0x9a_5a_74,
        wall: 0x0b_0d_1c,
    },
    Hour {
        sky: [
            (0.0, 0x04_08_16),
            (0.5, 0x0c_1c_38),
            (0.8, 0x1e_3e_60),
            (1.0, 0x44_68_80),
        ],
        haze: 0x34_56_74,
        wall: 0x06_0b_16,
    },
    Hour {
        sky: [
            (0.0, 0x14_0e_2c),
            (0.5, 0x3c_20_58),
            (0.8, 0x8c_34_70),
            (1.0, 0xd0_60_80),
        ],
        haze: 0x7c_3c_70,
        wall: 0x0c_08_1c,
    },
    Hour {
        sky: [
            (0.0, 0x10_2c_48),
            (0.5, 0x2c_60_78),
            (0.8, 0x88_98_88),
            (1.0, 0xf4_c0_80),
        ],
        haze: 0x8a_94_8c,
        wall: 0x0a_16_20,
    },
];

const LAMPS: [u32; 7] = [
    0xff_d0_84, 0xff_c0_68, 0xff_e0_a8, 0xff_b0_58, 0xff_e8_c8, 0xc8_e0_ff, 0xff_9c_60,
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let shore = dice.between(0.70, 0.80);
    let seed = sky::seed(dice);
    let ramp = Ramp::new(&hour.sky);
    canvas.wash(|x, y| {
        let cloud = smooth(0.0, 0.6, fractal(seed, 4, x * 1.1, y * 5.0)) * 0.16;
        ramp.at(y / shore + 0.2 * cloud).mix(hex(hour.haze), cloud)
    });
    sky::stars(canvas, dice, 160, shore * 0.7, 0.5);
    if dice.chance(35) {
        let place = (
            canvas.aspect * dice.between(0.15, 0.85),
            shore * dice.between(0.15, 0.4),
        );
        sky::moon(canvas, dice, place, 0.028, hex(0xf6_ee_dc));
    }
    const LAYERS: u16 = 4;
    for layer in 0..LAYERS {
        let nearness = f32::from(layer) / f32::from(LAYERS - 1);
        houses(canvas, dice, hour, shore, nearness);
        // The light of the streets, caught in the air between two rows.
        let warm = hex(0xff_a8_60).mix(hex(hour.haze), 0.6) * (0.20 - 0.12 * nearness);
        canvas.touch(|_, y, pixel| {
            if y < shore {
                *pixel += warm * smooth(shore - 0.34, shore, y).powi(2);
            }
        });
    }
    quay(canvas, dice, shore);
    river(canvas, dice, shore, hex(hour.haze));
}

fn houses(canvas: &mut Canvas, dice: &mut Dice, hour: &Hour, shore: f32, nearness: f32) {
    let wall = hex(hour.haze).mix(hex(hour.wall), 0.35 + 0.65 * nearness);
    let centre = canvas.aspect * dice.between(0.3, 0.7);
    let mut x = -0.05;
    while x < canvas.aspect {
        let width = dice.between(0.035, 0.085) * (0.7 + 0.5 * nearness);
        // Towers gather around a centre; the nearest row is low and does not hide them.
        let downtown = (-((x - centre) / (0.45 * canvas.aspect)).powi(2)).exp();
        let tallest = (0.16 + 0.42 * downtown) * (1.0 - 0.62 * nearness);
        let height = tallest * dice.between(0.45, 1.0) + 0.02;
        house(canvas, dice, (x, shore - height), (width, height), wall, nearness);
        x += width * dice.between(0.85, 1.5);
    }
}

fn house(
    canvas: &mut Canvas,
    dice: &mut Dice,
    (x, top): (f32, f32),
    (width, height): (f32, f32),
    wall: Rgb,
    nearness: f32,
) {
    canvas.rectangle((x, top), (width, height), wall);
    match dice.below(6) {
        // A step back, a mast with its lamp, or a water tank.
        0 | 1 => canvas.rectangle((x + width * 0.2, top - 0.022), (width * 0.6, 0.023), wall),
        2 if nearness < 0.9 => {
            let mast = dice.between(0.03, 0.07);
            canvas.rectangle((x + width * 0.49, top - mast), (0.0022, mast), wall);
            canvas.glow((x + width * 0.49 + 0.001, top - mast), 0.008, hex(0xff_30_20) * 0.9);
        }
        3 => canvas.rectangle((x + width * 0.15, top - 0.012), (width * 0.25, 0.013), wall),
        _ => {}
    }
    let storey = 0.0105 + 0.004 * nearness;
    let bay = storey * dice.between(0.62, 0.95);
    let pane = (bay * dice.between(0.42, 0.75), storey * dice.between(0.4, 0.6));
    let awake = 12 + dice.below(38);
    let house_lamp = *dice.pick(&LAMPS);
    let mut y = top + storey * 0.8;
    while y < top + height - storey {
        // Whole floors are lit where somebody cleans.
        let floor = awake + if dice.chance(7) { 45 } else { 0 };
        let mut across = x + bay * 0.5;
        while across + pane.0 < x + width - bay * 0.2 {
            if dice.chance(floor) {
                let lamp = if dice.chance(70) {
                    house_lamp
                } else {
                    *dice.pick(&LAMPS)
                };
                let bright = dice.between(0.25, 1.0) * (0.50 + 0.45 * nearness);
                canvas.rectangle((across, y), pane, wall.mix(hex(lamp), bright));
            }
            across += bay;
        }
        y += storey;
    }
}

/// Street lamps along the water.
fn quay(canvas: &mut Canvas, dice: &mut Dice, shore: f32) {
    canvas.rectangle((0.0, shore - 0.010), (canvas.aspect, 0.012), hex(0x06_07_0c));
    let mut x = dice.between(0.0, 0.04);
    while x < canvas.aspect {
        let lamp = hex(*dice.pick(&LAMPS));
        canvas.glow((x, shore - 0.016), 0.030, lamp * 0.32);
        canvas.glow((x, shore - 0.016), 0.006, lamp * 1.4);
        x += dice.between(0.03, 0.085);
    }
}

/// Lights are drawn out downwards on water, the more the nearer it is.
fn river(canvas: &mut Canvas, dice: &mut Dice, shore: f32, haze: Rgb) {
    let seed = sky::seed(dice);
    let city = canvas.clone();
    canvas.touch(|x, y, pixel| {
        let depth = y - shore;
        if depth <= 0.0 {
            return;
        }
        let near = depth / (1.0 - shore);
        let far = 1.0 / (near + 0.10);
        let wave = fractal(seed, 3, x * far * 2.2, far * 13.0);
        let mut sum = Rgb::BLACK;
        for step in 0..9_u8 {
            let stretch = 0.012 + (0.05 + 0.30 * near) * f32::from(step) / 9.0;
            let jitter = 0.010 * noise(seed ^ u32::from(step), x * 60.0, y * 240.0) * (0.2 + near);
            let from = shore - 0.004 - depth * 0.75 - stretch + 0.03 * wave * near;
            sum += city.light_at(x + jitter + 0.012 * wave * near, from.max(0.0));
        }
        let ripple = 0.80 + 0.40 * wave;
        *pixel = sum * (0.100 * ripple * (1.0 - 0.35 * near)) + haze * (0.03 * (1.0 - near));
    });
}
