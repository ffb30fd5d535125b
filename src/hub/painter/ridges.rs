//! Mountain ridges behind one another, each paler than the one before it.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Ramp, hex};
use crate::hub::painter::field::Field;
use crate::hub::painter::noise::{fractal, noise, smooth};
use crate::hub::painter::{conifers, sky};

/// An hour of the day: the sky from the top to the horizon, then haze, the nearest ridge, the sun, its glow.
struct Hour {
    sky: [u32; 4],
    haze: u32,
    near: u32,
    disc: u32,
    glow: u32,
    night: bool,
}

const HOURS: [Hour; 6] = [
    // A clear dawn, rose over blue.
    Hour {
        sky: [0x3b5a86, 0x9a9db8, 0xf0b8a4, 0xffd9b0],
        haze: 0xf2c4ad,
        near: 0x141c2e,
        disc: 0xfff4dc,
        glow: 0xffc080,
        night: false,
    },
    // Dusk, all embers.
    Hour {
        sky: [0x2a224a, 0x7d3c5e, 0xe06b4a, 0xffc46b],
        haze: 0xf08655,
        near: 0x1a0f1e,
        disc: 0xffeec0,
        glow: 0xff9a4a,
        night: false,
    },
    // Moonlight.
    Hour {
        sky: [0x070d1f, 0x142a4c, 0x2c5078, 0x527c9e],
        haze: 0x4d7698,
        near: 0x040812,
        disc: 0xf4f1e6,
        glow: 0xb8d0ec,
        night: true,
    },
    // A green morning after rain.
    Hour {
        sky: [0x5f8a94, 0xa5c0b8, 0xe4e2c6, 0xf6eccc],
        haze: 0xdce0c8,
        near: 0x0d2422,
        disc: 0xfffbe8,
        glow: 0xffeeb8,
        night: false,
    },
    // Ink and paper.
    Hour {
        sky: [0xb4bcc4, 0xcfd3d6, 0xe4e3df, 0xeeebe4],
        haze: 0xe2e1dd,
        near: 0x1c232b,
        disc: 0xd85a44,
        glow: 0xf0c8b8,
        night: false,
    },
    // The last violet quarter of an hour.
    Hour {
        sky: [0x1a1b44, 0x4b3f80, 0xb06c9c, 0xf6b2a6],
        haze: 0xb57fa8,
        near: 0x0e0d26,
        disc: 0xffecd8,
        glow: 0xffb0a0,
        night: false,
    },
];

pub(super) fn paint(canvas: &mut Canvas, dice: &mut Dice) {
    let hour = dice.pick(&HOURS);
    let seed = sky::seed(dice);
    let ramp = Ramp::spread(sky::STOPS, hour.sky);
    let horizon = dice.between(0.50, 0.62);
    let veiled = dice.between(0.10, 0.30);
    let clouds = sky::clouds(seed, canvas.aspect, (1.4, 6.0));
    canvas.wash(|x, y| {
        let cloud = veiled * clouds.at(x, y);
        ramp.at(y / horizon + 0.2 * cloud).mix(hex(hour.sky[3]), cloud)
    });
    let place = (canvas.aspect * dice.between(0.2, 0.8), horizon * dice.between(0.34, 0.72));
    let radius = dice.between(0.030, 0.052);
    if hour.night {
        sky::stars(canvas, dice, 500, horizon, 0.9);
        sky::moon(canvas, dice, place, radius, hex(hour.disc));
    } else {
        sky::sun(canvas, place, radius, hex(hour.disc) * 1.15, hex(hour.glow) * 0.5);
    }
    let layers = 6 + u16::from(dice.chance(60)) + u16::from(dice.chance(40));
    let ridges: Vec<Ridge> =
        (0..layers).map(|layer| Ridge::new(dice, horizon, f32::from(layer) / f32::from(layers - 1))).collect();
    let light = Light { hour, place, haze: Ramp::new(&[(0.0, hour.haze), (1.0, hour.near)]) };
    let mist = Field::new(canvas.aspect, 1.0, 64, |x, y| fractal(seed ^ 3, 3, x * 1.6, y * 4.0));
    for (ridge, next) in ridges.iter().zip(ridges.iter().skip(1).map(Some).chain([None])) {
        ridge.paint(canvas, dice, &light, &mist, next);
    }
}

/// What falls on every ridge.
struct Light<'hour> {
    hour: &'hour Hour,
    /// Where the sun or the moon is.
    place: (f32, f32),
    haze: Ramp,
}

struct Ridge {
    seed: u32,
    /// 0 for the farthest, 1 for the one that we stand on.
    nearness: f32,
    base: f32,
    tall: f32,
}

impl Ridge {
    fn new(dice: &mut Dice, horizon: f32, nearness: f32) -> Self {
        let base = horizon + (0.97 - horizon) * nearness.powf(1.25) - 0.03;
        let tall = 0.11 + 0.09 * nearness * dice.between(0.6, 1.2) + 0.08 * (1.0 - nearness) * dice.unit();
        Self { seed: sky::seed(dice), nearness, base, tall }
    }

    fn line(&self, x: f32) -> f32 {
        let width = 2.1 - 0.7 * self.nearness;
        // Folded noise has edges along its heights, as mountains have; the nearer are worn to hills. Each range has a
        // massif and falls away from it, or the summits would stand in a row like teeth.
        let massif = 0.55 + 0.75 * noise(self.seed ^ 4, x * 1.15, 0.5);
        let folded = 1.0 - 2.2 * fractal(self.seed, 4, x * width, 0.5).abs();
        let worn = fractal(self.seed ^ 1, 2, x * width * 0.8, 3.5);
        let fine = fractal(self.seed ^ 2, 4, x * width * 9.0, 9.5);
        let sharp = 0.80 * (1.0 - 0.55 * self.nearness);
        self.base - self.tall * (sharp * folded * massif + 0.75 * worn) - 0.009 * fine
    }

    fn paint(&self, canvas: &mut Canvas, dice: &mut Dice, light: &Light<'_>, mist: &Field, next: Option<&Self>) {
        let nearness = self.nearness;
        let own = light.haze.at(nearness.powf(0.8));
        let thin = light.haze.at((nearness - 0.30).max(0.0).powf(0.9));
        let glow = hex(light.hour.glow) * (0.16 * (1.0 - nearness));
        let veil = |x: f32, y: f32| {
            // Mist lies level, whatever the line of the ridge does.
            let level = y - self.base + 0.35 * self.tall + 0.09 * mist.at(x, y);
            let thick = smooth(-0.06, 0.17, level) * (0.95 - 0.35 * nearness);
            // It lights up below the sun.
            let near_sun = 1.0 / (1.0 + 9.0 * ((x - light.place.0).powi(2) + (y - light.place.1).powi(2)));
            (own.mix(thin, thick) + glow * (near_sun * (0.4 + 0.6 * thick)), 1.0)
        };
        if nearness > 0.70 {
            let height = 0.035 + 0.17 * (nearness - 0.70);
            let sparse = dice.between(0.1, 0.45);
            if let Some(trees) = conifers::row(dice, (0.0, canvas.aspect), height, sparse, |x| self.line(x)) {
                canvas.fill(&trees, veil);
            }
        }
        canvas.between(|x| self.line(x), |x| next.map_or(1.0, |next| next.line(x)), |x, y, _| veil(x, y));
    }
}
