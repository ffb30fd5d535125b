//! Mountain ridges behind one another, each paler than the one before it.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::noise::{fractal, smooth};
use crate::hub::painter::{conifers, sky};

/// An hour of the day: the sky from the top to the horizon, then haze, the nearest ridge, the sun, its glow.
struct Hour {
    sky: [(f32, u32); 4],
    haze: u32,
    near: u32,
    disc: u32,
    glow: u32,
    night: bool,
}

const HOURS: [Hour; 6] = [
    // A clear dawn, rose over blue.
    Hour {
        sky: [
            (0.0, 0x3b_5a_86),
            (0.45, 0x9a_9d_b8),
            (0.75, 0xf0_b8_a4),
            (1.0, 0xff_d9_b0),
        ],
        haze: 0xf2_c4_ad,
        near: 0x14_1c_2e,
        disc: 0xff_f4_dc,
        glow: 0xff_c0_80,
        night: false,
    },
    // Dusk, all embers.
    Hour {
        sky: [
            (0.0, 0x2a_22_4a),
            (0.4, 0x7d_3c_5e),
            (0.72, 0xe0_6b_4a),
            (1.0, 0xff_c4_6b),
        ],
        haze: 0xf0_86_55,
        near: 0x1a_0f_1e,
        disc: 0xff_ee_c0,
        glow: 0xff_9a_4a,
        night: false,
    },
    // Moonlight.
    Hour {
        sky: [
            (0.0, 0x07_0d_1f),
            (0.5, 0x14_2a_4c),
            (0.8, 0x2c_50_78),
            (1.0, 0x52_7c_9e),
        ],
        haze: 0x4d_76_98,
        near: 0x04_08_12,
        disc: 0xf4_f1_e6,
        glow: 0xb8_d0_ec,
        night: true,
    },
    // A green morning after rain.
    Hour {
        sky: [
            (0.0, 0x5f_8a_94),
            (0.45, 0xa5_c0_b8),
            (0.8, 0xe4_e2_c6),
            (1.0, 0xf6_ec_cc),
        ],
        haze: 0xdc_e0_c8,
        near: 0x0d_24_22,
        disc: 0xff_fb_e8,
        glow: 0xff_ee_b8,
        night: false,
    },
    // Ink and paper.
    Hour {
        sky: [
            (0.0, 0xb4_bc_c4),
            (0.4, 0xcf_d3_d6),
            (0.8, 0xe4_e3_df),
            (1.0, 0xee_eb_e4),
        ],
        haze: 0xe2_e1_dd,
        near: 0x1c_23_2b,
        disc: 0xd8_5a_44,
        glow: 0xf0_c8_b8,
        night: false,
    },
    // The last violet quarter of an hour.
    Hour {
        sky: [
            (0.0, 0x1a_1b_44),
            (0.45, 0x4b_3f_80),
            (0.75, 0xb0_6c_9c),
            (1.0, 0xf6_b2_a6),
        ],
        haze: 0xb5_7f_a8,
        near: 0x0e_0d_26,
        disc: 0xff_ec_d8,
        glow: 0xff_b0_a0,
        night: false,
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let seed = sky::seed(dice);
    let ramp = Ramp::new(&hour.sky);
    let horizon = dice.between(0.50, 0.62);
    let high_cloud = dice.between(0.05, 0.16);
    canvas.wash(|x, y| {
        let cloud = smooth(0.05, 0.6, fractal(seed ^ 7, 4, x * 1.4, y * 6.0));
        ramp.at(y / horizon + 0.25 * high_cloud * cloud)
            .mix(hex(hour.sky[3].1), high_cloud * cloud)
    });
    let place = (
        canvas.aspect * dice.between(0.2, 0.8),
        horizon * dice.between(0.34, 0.72),
    );
    let radius = dice.between(0.030, 0.052);
    if hour.night {
        sky::stars(canvas, dice, 500, horizon, 0.9);
        sky::moon(canvas, dice, place, radius, hex(hour.disc));
    } else {
        sky::sun(canvas, place, radius, hex(hour.disc) * 1.15, hex(hour.glow) * 0.5);
    }
    let layers = 6 + dice.below(3);
    let haze = Ramp::new(&[(0.0, hour.haze), (1.0, hour.near)]);
    for layer in 0..layers {
        ridge(canvas, dice, hour, &haze, (place, horizon), (layer, layers));
    }
}

fn ridge(
    canvas: &mut Canvas,
    dice: &mut Dice,
    hour: &Hour,
    haze: &Ramp,
    (sun, horizon): ((f32, f32), f32),
    (layer, layers): (u64, u64),
) {
    #[expect(clippy::cast_precision_loss, reason = "a handful of layers")]
    let nearness = layer as f32 / (layers - 1) as f32;
    let seed = sky::seed(dice);
    let base = horizon + (0.97 - horizon) * nearness.powf(1.25) - 0.03;
    let tall = 0.10 + 0.10 * nearness * dice.between(0.6, 1.2) + 0.05 * (1.0 - nearness) * dice.unit();
    let width = 2.6 - 1.1 * nearness;
    let line = |x: f32| {
        // Folded noise has edges along its heights, as mountains have; the nearer are worn to hills.
        let folded = 1.0 - 2.0 * fractal(seed, 3, x * width, 0.5).abs().powf(0.85);
        let worn = fractal(seed ^ 1, 2, x * width * 0.8, 3.5);
        let fine = fractal(seed ^ 2, 5, x * width * 7.0, 9.5);
        base - tall * (0.75 * folded * (1.0 - 0.45 * nearness) + 0.75 * worn) - 0.012 * fine
    };
    let own = haze.at(nearness.powf(0.8));
    let mist = haze.at((nearness - 0.30).max(0.0).powf(0.9));
    let glow = hex(hour.glow) * (0.16 * (1.0 - nearness));
    let veil = |x: f32, y: f32, depth: f32| {
        let drift = fractal(seed ^ 3, 3, x * 1.6, y * 4.0);
        let thick = smooth(0.02, 0.26, depth + 0.06 * drift) * (0.92 - 0.35 * nearness);
        // Haze lights up below the sun.
        let near_sun = 1.0 / (1.0 + 9.0 * ((x - sun.0).powi(2) + (y - sun.1).powi(2)));
        (own.mix(mist, thick) + glow * (near_sun * (0.4 + 0.6 * thick)), 1.0)
    };
    if nearness > 0.70 {
        let height = 0.035 + 0.17 * (nearness - 0.70);
        let sparse = dice.between(0.1, 0.45);
        if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), height, sparse, line) {
            canvas.fill(&trees, |x, y| veil(x, y, 0.0));
        }
    }
    canvas.below(line, veil);
}
