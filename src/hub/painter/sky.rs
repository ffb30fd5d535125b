//! What hangs in a sky.

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::painter::colour::{Rgb, hex};
use crate::hub::painter::field::Field;
use crate::hub::painter::noise::{fractal, smooth};

/// Where a sky's four colours lie, from the top to the horizon.
pub(super) const STOPS: [f32; 4] = [0.0, 0.46, 0.78, 1.0];

/// Scatters stars from the top down to `horizon`, fewer near it: the air is thicker there.
pub(super) fn stars(canvas: &mut Canvas, dice: &mut Dice, count: u32, horizon: f32, strength: f32) {
    for _ in 0..count {
        let place = (dice.between(0.0, canvas.aspect), dice.between(0.0, horizon));
        // Many faint ones, few bright ones.
        let magnitude = dice.unit().powi(6);
        let colour = [0xffffff, 0xcfdcff, 0xffead0][dice.index(3)];
        let air = smooth(0.0, 0.35, (horizon - place.1) / horizon);
        let radius = 0.0014 + 0.0022 * magnitude;
        canvas.spark(place, radius, hex(colour) * (strength * air * (0.35 + 1.6 * magnitude)));
        if magnitude > 0.93 {
            canvas.glow(place, radius * 5.0, hex(colour) * (0.06 * strength * air));
        }
    }
}

/// Cloud from 0 to 1, drawn out by so much across and down.
pub(super) fn clouds(seed: u32, aspect: f32, (across, down): (f32, f32)) -> Field {
    Field::new(aspect, 1.0, 160, |x, y| smooth(0.02, 0.62, fractal(seed, 4, x * across, y * down)))
}

/// A disc of light and the glow around it.
pub(super) fn sun(canvas: &mut Canvas, place: (f32, f32), radius: f32, disc: Rgb, glow: Rgb) {
    canvas.glow(place, radius * 16.0, glow * 0.22);
    canvas.glow(place, radius * 7.0, glow * 0.30);
    canvas.glow(place, radius * 2.6, glow * 0.55);
    let edge = 1.0 - 1.5 * canvas.pixel() / radius;
    canvas.round(place, radius, |distance, pixel| {
        *pixel = pixel.mix(disc, 1.0 - smooth(edge - 0.03, 1.0, distance));
    });
}

/// A full moon with its seas, and a faint halo.
pub(super) fn moon(canvas: &mut Canvas, dice: &mut Dice, place: (f32, f32), radius: f32, light: Rgb) {
    canvas.glow(place, radius * 12.0, light * 0.03);
    canvas.glow(place, radius * 3.5, light * 0.10);
    let seed = seed(dice);
    let edge = 1.0 - 1.5 * canvas.pixel() / radius;
    let mut discs = Vec::new();
    // The seas are laid by the place on the disc, which `round` does not tell: so in two turns, face and seas.
    canvas.round(place, radius, |distance, pixel| {
        let limb = 1.0 - 0.25 * distance * distance;
        *pixel = pixel.mix(light * (0.95 * limb), 1.0 - smooth(edge - 0.03, 1.0, distance));
    });
    for _ in 0..9 {
        let (angle, out) = (dice.between(0.0, 6.3), radius * 0.62 * dice.unit().sqrt());
        discs.push((place.0 + out * angle.cos(), place.1 + out * angle.sin(), radius * dice.between(0.14, 0.34)));
    }
    for (x, y, size) in discs {
        let deep = 0.14 + 0.10 * fractal(seed, 1, x * 90.0, y * 90.0).abs();
        canvas.round((x, y), size, |distance, pixel| {
            *pixel = *pixel * (1.0 - deep * (1.0 - smooth(0.3, 1.0, distance)));
        });
    }
}

/// A seed for noise.
pub(super) fn seed(dice: &mut Dice) -> u32 {
    u32::try_from(dice.below(u64::from(u32::MAX))).unwrap_or(0)
}
