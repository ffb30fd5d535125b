//! Buddy icons.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::noise::smooth;

/// Pixels of a side, as Flickr's.
const SIDE: u32 = 48;

/// Two hills and a sun, in colours of one's own.
const PALETTES: [[u32; 5]; 8] = [
    [0x2c_4c_7c, 0xf4_b8_8c, 0xff_f0_d0, 0x3c_5c_74, 0x14_24_38],
    [0x60_2c_54, 0xf0_80_60, 0xff_d8_90, 0x84_3c_50, 0x2c_14_2c],
    [0x1c_6c_70, 0xd8_e0_b0, 0xff_f8_e0, 0x2c_70_60, 0x0c_30_30],
    [0x10_18_3c, 0x44_60_90, 0xf4_f0_e0, 0x24_38_60, 0x08_0c_20],
    [0xe0_78_48, 0xfc_d8_98, 0xff_ff_f0, 0xb8_4c_34, 0x5c_1c_20],
    [0x7c_6c_a8, 0xf4_c0_c8, 0xff_f4_e4, 0x6c_50_80, 0x2c_1c_40],
    [0x88_b0_c0, 0xf4_ec_d4, 0xe0_58_40, 0x7c_90_88, 0x2c_40_44],
    [0x20_3c_2c, 0x90_b0_60, 0xfc_f0_a0, 0x38_60_38, 0x10_20_18],
];

/// The JPEG of somebody's icon, the same each time.
#[must_use]
pub fn paint_icon(nsid: &str) -> Option<Vec<u8>> {
    let seed = nsid.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
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
        let (phase, swing) = (dice.between(0.0, 6.28), dice.between(0.05, 0.10));
        canvas.below(
            |x| base + swing * (x * 4.2 + phase).sin(),
            |_, _, _| (hex(palette[layer]), 1.0),
        );
    }
    super::encode(&canvas)
}
