//! Draws a photo's picture from its number alone.
//!
//! A scene is drawn in linear light, in coordinates whose unit is the picture's height, so that every size shows the
//! same composition. Skies, seas and mist are computed for each pixel; outlines are tiny-skia's, filled with computed
//! light too. Grain goes over everything at the end, as in film, and keeps slow gradients from falling into bands.

mod aurora;
mod balloons;
mod canvas;
mod city;
mod colour;
mod conifers;
mod dunes;
mod field;
mod film;
mod forest;
mod icon;
mod noise;
mod petals;
mod ridges;
mod sea;
mod sky;
mod trails;
mod tree;

use crate::hub::dice::Dice;
use crate::hub::painter::canvas::Canvas;
use crate::hub::picture::{Picture, Size, Subject};

pub use icon::paint_icon;

/// High enough to keep the grain, low enough for a phone.
const QUALITY: u8 = 90;

/// The JPEG of a photo's picture in one size. None when there is no such size, or the secret is not this photo's.
#[must_use]
pub fn paint(id: u64, secret: &str, suffix: &str) -> Option<Vec<u8>> {
    let size = Size::of(suffix)?;
    let picture = Picture::of(id);
    if picture.secret(size) != secret {
        return None;
    }
    let mut canvas = Canvas::for_picture(&picture, size);
    let mut dice = Dice::new(id);
    let scene = match picture.subject {
        Subject::Ridges => ridges::paint,
        Subject::Sea => sea::paint,
        Subject::Dunes => dunes::paint,
        Subject::Aurora => aurora::paint,
        Subject::City => city::paint,
        Subject::Balloons => balloons::paint,
        Subject::Petals => petals::paint,
        Subject::Trails => trails::paint,
        Subject::Forest => forest::paint,
        Subject::Tree => tree::paint,
    };
    scene(&mut canvas, &mut dice);
    encode(&canvas)
}

fn encode(canvas: &Canvas) -> Option<Vec<u8>> {
    let (width, height, pixels) = canvas.develop();
    let mut jpeg = Vec::with_capacity(pixels.len() / 8);
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, QUALITY);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).ok()?;
    Some(jpeg)
}

#[cfg(test)]
mod tests;
