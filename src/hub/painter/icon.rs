//! Buddy icons.

use std::f32::consts::TAU;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::noise::smooth;

/// Pixels of a side, as Flickr's.
const SIDE: u32 = 48;

/// Two hills and a sun, in colours of one's own.
const PALETTES: [[u32; 5]; 8] = [
    [0x2c4c7c, 0xf4b88c, 0xfff0d0, 0x3c5c74, 0x142438],
    [0x602c54, 0xf08060, 0xffd890, 0x843c50, 0x2c142c],
    [0x1c6c70, 0xd8e0b0, 0xfff8e0, 0x2c7060, 0x0c3030],
    [0x10183c, 0x446090, 0xf4f0e0, 0x243860, 0x080c20],
    [0xe07848, 0xfcd898, 0xfffff0, 0xb84c34, 0x5c1c20],
    [0x7c6ca8, 0xf4c0c8, 0xfff4e4, 0x6c5080, 0x2c1c40],
    [0x88b0c0, 0xf4ecd4, 0xe05840, 0x7c9088, 0x2c4044],
    [0x203c2c, 0x90b060, 0xfcf0a0, 0x386038, 0x102018],
];

/// The JPEG of somebody's icon, the same each time.
#[must_use]
pub fn paint_icon(nsid: &str) -> Option<Vec<u8>> {
    let seed = nsid
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut dice = Dice::new(seed);
    let palette = dice.pick(&PALETTES);
    let sky = Ramp::new(&[(0.0, palette[0]), (1.0, palette[1])]);
    let mut canvas = Canvas::new(1.0, SIDE, SIDE, false);
    canvas.wash(|_, y| sky.at(y * 1.25));
    let sun = (dice.between(0.28, 0.72), dice.between(0.30, 0.46));
    canvas.glow(sun, 0.5, hex(palette[2]) * 0.22);
    canvas.round(sun, dice.between(0.13, 0.19), |distance, pixel| {
        *pixel = pixel.mix(hex(palette[2]), 1.0 - smooth(0.94, 1.0, distance));
    });
    for (layer, base) in [(3, 0.66), (4, 0.82)] {
        let (phase, swing) = (dice.between(0.0, TAU), dice.between(0.05, 0.10));
        canvas.below(|x| base + swing * (x * 4.2 + phase).sin(), |_, _, _| (hex(palette[layer]), 1.0));
    }
    super::encode(&canvas)
}
