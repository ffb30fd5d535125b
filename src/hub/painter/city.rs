//! A city after dark, on the water.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, Rgb, hex};
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::sky;

/// The sky from the top to the roofs, the haze between houses, their walls.
struct Hour {
    sky: [u32; 4],
    haze: u32,
    wall: u32,
}

const HOURS: [Hour; 4] = [
    Hour { sky: [0x0a102a, 0x2a2c5c, 0x8a4c70, 0xe88c64], haze: 0x9a5a74, wall: 0x0b0d1c },
    Hour { sky: [0x040816, 0x0c1c38, 0x1e3e60, 0x446880], haze: 0x345674, wall: 0x060b16 },
    Hour { sky: [0x140e2c, 0x3c2058, 0x8c3470, 0xd06080], haze: 0x7c3c70, wall: 0x0c081c },
    Hour { sky: [0x102c48, 0x2c6078, 0x889888, 0xf4c080], haze: 0x8a948c, wall: 0x0a1620 },
];

const LAMPS: [u32; 7] = [0xffd084, 0xffc068, 0xffe0a8, 0xffb058, 0xffe8c8, 0xc8e0ff, 0xff9c60];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let shore = dice.between(0.70, 0.80);
    let seed = sky::seed(dice);
    let ramp = Ramp::spread(sky::STOPS, hour.sky);
    let clouds = sky::clouds(seed, canvas.aspect, (1.1, 5.0));
    canvas.wash(|x, y| {
        let cloud = 0.2 * clouds.at(x, y);
        ramp.at(y / shore + 0.2 * cloud).mix(hex(hour.haze), cloud)
    });
    sky::stars(canvas, dice, 160, shore * 0.7, 0.5);
    if dice.chance(35) {
        let place = (canvas.aspect * dice.between(0.15, 0.85), shore * dice.between(0.15, 0.4));
        sky::moon(canvas, dice, place, 0.028, hex(0xf6eedc));
    }
    const LAYERS: u16 = 4;
    for layer in 0..LAYERS {
        let nearness = f32::from(layer) / f32::from(LAYERS - 1);
        houses(canvas, dice, hour, shore, nearness);
        // The light of the streets, caught in the air between two rows.
        let warm = hex(0xffa860).mix(hex(hour.haze), 0.6) * (0.20 - 0.12 * nearness);
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
    let wall = hex(hour.haze).mix(hex(hour.wall), 0.62 + 0.38 * nearness);
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
            canvas.glow((x + width * 0.49 + 0.001, top - mast), 0.008, hex(0xff3020) * 0.9);
        }
        3 => canvas.rectangle((x + width * 0.15, top - 0.012), (width * 0.25, 0.013), wall),
        _ => {}
    }
    let storey = 0.0105 + 0.004 * nearness;
    let bay = storey * dice.between(0.62, 0.95);
    let pane = (bay * dice.between(0.42, 0.75), storey * dice.between(0.4, 0.6));
    let awake = if nearness < 0.5 { 5 + dice.below(18) } else { 8 + dice.below(34) };
    let house_lamp = *dice.pick(&LAMPS);
    let mut y = top + storey * 0.8;
    while y < top + height - storey {
        // Whole floors are lit where somebody cleans.
        let floor = awake + if dice.chance(7) { 45 } else { 0 };
        let mut across = x + bay * 0.5;
        while across + pane.0 < x + width - bay * 0.2 {
            if dice.chance(floor) {
                let lamp = if dice.chance(70) { house_lamp } else { *dice.pick(&LAMPS) };
                let bright = dice.between(0.2, 1.0) * (0.45 + 0.5 * nearness);
                canvas.rectangle((across, y), pane, wall.mix(hex(lamp), bright));
            }
            across += bay;
        }
        y += storey;
    }
}

/// Street lamps along the water.
fn quay(canvas: &mut Canvas, dice: &mut Dice, shore: f32) {
    canvas.rectangle((0.0, shore - 0.010), (canvas.aspect, 0.012), hex(0x06070c));
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
        let ragged = noise(seed ^ 9, x * 60.0, y * 240.0);
        let mut sum = Rgb::BLACK;
        for step in 0..7_u8 {
            let stretch = 0.012 + (0.05 + 0.30 * near) * f32::from(step) / 7.0;
            let jitter = 0.012 * (f32::from(step) - 3.0) / 3.0 * ragged * (0.2 + near);
            let from = shore - 0.004 - depth * 0.75 - stretch + 0.03 * wave * near;
            sum += city.light_at(x + jitter + 0.012 * wave * near, from.max(0.0));
        }
        let ripple = 0.80 + 0.40 * wave;
        *pixel = sum * (0.128 * ripple * (1.0 - 0.35 * near)) + haze * (0.03 * (1.0 - near));
    });
}
