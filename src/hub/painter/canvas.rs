//! What a scene is drawn on.

use tiny_skia::{FillRule, Mask, Path, Transform};

use crate::hub::painter::colour::Rgb;
use crate::hub::painter::film::Film;
use crate::hub::painter::noise::{smooth, speckle};
use crate::hub::picture::{Picture, Size};

/// A picture in the making. Coordinates run from 0 to [`Canvas::aspect`] across and from 0 to 1 down.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    /// The width of the whole picture; its height is 1.
    pub(super) aspect: f32,
    width: usize,
    height: usize,
    /// Pixels for one unit.
    scale: f32,
    /// The corner of what is shown, in pixels of the whole picture; not 0 for the squares cut from the middle.
    left: f32,
    top: f32,
    /// Each pixel of the result is so many of these wide and high.
    oversampling: usize,
    light: Vec<Rgb>,
}

/// What is put over a pixel: light, and how much of what was there it hides, 0 to 1.
pub(super) type Veil = (Rgb, f32);

impl Canvas {
    pub(super) fn for_picture(picture: &Picture, size: Size) -> Self {
        let (across, down) = picture.proportions;
        let (width, height) = picture.pixels(size);
        Self::new(real(across) / real(down), width, height, size.is_square())
    }

    /// `cut` shows the middle square of the whole picture, otherwise all of it.
    pub(super) fn new(aspect: f32, width: u32, height: u32, cut: bool) -> Self {
        // A small picture is drawn larger and averaged: a star must not come and go with the size.
        let oversampling = (900 / width.max(height)).clamp(1, 6);
        let (width, height) = (width * oversampling, height * oversampling);
        let scale = if cut && aspect < 1.0 { real(width) / aspect } else { real(height) };
        let hidden = |whole: f32, shown: u32| if cut { (whole * scale - real(shown)) / 2.0 } else { 0.0 };
        let (left, top) = (hidden(aspect, width), hidden(1.0, height));
        // Widening: this server has no 16 bit targets.
        let [width, height, oversampling] = [width, height, oversampling].map(|it| it as usize);
        Self { aspect, width, height, scale, left, top, oversampling, light: vec![Rgb::BLACK; width * height] }
    }

    /// The width of one pixel in units.
    pub(super) fn pixel(&self) -> f32 {
        1.0 / self.scale
    }

    /// Covers everything.
    pub(super) fn wash(&mut self, light: impl Fn(f32, f32) -> Rgb) {
        self.touch(|x, y, pixel| *pixel = light(x, y));
    }

    /// Changes every pixel.
    pub(super) fn touch(&mut self, mut change: impl FnMut(f32, f32, &mut Rgb)) {
        let (first, step) = (self.x(0), self.pixel());
        for row in 0..self.height {
            let y = self.y(row);
            let line = &mut self.light[row * self.width..][..self.width];
            for (column, pixel) in line.iter_mut().enumerate() {
                change(first + index(column) * step, y, pixel);
            }
        }
    }

    /// Covers all that lies below a line, whose height is asked once for each column. The veil is told how far below.
    pub(super) fn below(&mut self, line: impl Fn(f32) -> f32, veil: impl Fn(f32, f32, f32) -> Veil) {
        self.between(line, |_| 1.0, veil);
    }

    /// Covers what lies between two lines, and a little more: the second is the upper edge of what is drawn next.
    pub(super) fn between(
        &mut self,
        upper: impl Fn(f32) -> f32,
        lower: impl Fn(f32) -> f32,
        veil: impl Fn(f32, f32, f32) -> Veil,
    ) {
        let columns: Vec<(f32, f32, f32)> = (0..self.width)
            .map(|column| self.x(column))
            .map(|x| (x, upper(x), lower(x) + 2.0 * self.pixel()))
            .collect();
        for row in 0..self.height {
            let y = self.y(row);
            let pixels = &mut self.light[row * self.width..][..self.width];
            for (pixel, &(x, upper, lower)) in pixels.iter_mut().zip(&columns) {
                let depth = y - upper;
                let covered = (depth * self.scale + 0.5).clamp(0.0, 1.0);
                if covered > 0.0 && y < lower {
                    let (light, share) = veil(x, y, depth.max(0.0));
                    *pixel = pixel.mix(light, share * covered);
                }
            }
        }
    }

    /// Covers the inside of an outline.
    pub(super) fn fill(&mut self, outline: &Path, veil: impl Fn(f32, f32) -> Veil) {
        let bounds = outline.bounds();
        let column = |x: f32| clipped(x * self.scale - self.left, self.width);
        let row = |y: f32| clipped(y * self.scale - self.top, self.height);
        let (left, right) = (column(bounds.left()), column(bounds.right() + self.pixel()));
        let (top, bottom) = (row(bounds.top()), row(bounds.bottom() + self.pixel()));
        let size = |from: usize, to: usize| u32::try_from(to.saturating_sub(from)).unwrap_or(0);
        let Some(mut mask) = Mask::new(size(left, right), size(top, bottom)) else {
            return;
        };
        let place =
            Transform::from_row(self.scale, 0.0, 0.0, self.scale, -self.left - index(left), -self.top - index(top));
        mask.fill_path(outline, FillRule::Winding, true, place);
        for (offset, covered) in mask.data().chunks_exact(right - left).enumerate() {
            let row = top + offset;
            let y = self.y(row);
            for (column, &covered) in (left..).zip(covered) {
                if covered > 0 {
                    let (light, share) = veil(self.x(column), y);
                    let pixel = &mut self.light[row * self.width + column];
                    *pixel = pixel.mix(light, share * f32::from(covered) / 255.0);
                }
            }
        }
    }

    /// Visits the pixels within `radius` of a place, with their distance from it as a share of the radius.
    pub(super) fn round(&mut self, (x, y): (f32, f32), radius: f32, mut change: impl FnMut(f32, &mut Rgb)) {
        let (left, right) = (self.column(x - radius), self.column(x + radius + self.pixel()));
        let (top, bottom) = (self.row(y - radius), self.row(y + radius + self.pixel()));
        for row in top..bottom {
            let down = self.y(row) - y;
            for column in left..right {
                let across = self.x(column) - x;
                let distance = (across * across + down * down).sqrt() / radius;
                if distance < 1.0 {
                    change(distance, &mut self.light[row * self.width + column]);
                }
            }
        }
    }

    /// Adds light that fades from a place to nothing at `radius`.
    pub(super) fn glow(&mut self, place: (f32, f32), radius: f32, light: Rgb) {
        self.round(place, radius, |distance, pixel| {
            let share = 1.0 - distance * distance;
            *pixel += light * (share * share * share);
        });
    }

    /// Draws a landscape column by column, from the front to the back: what is near hides what comes after it.
    pub(super) fn columns(&mut self, mut draw: impl FnMut(f32, &mut Column)) {
        let (scale, top) = (self.scale, self.top);
        let mut strip = Column { scale, top, pixels: vec![(Rgb::BLACK, 1.0); self.height] };
        for column in 0..self.width {
            strip.pixels.fill((Rgb::BLACK, 1.0));
            draw(self.x(column), &mut strip);
            for (row, &(light, open)) in strip.pixels.iter().enumerate() {
                let pixel = &mut self.light[row * self.width + column];
                *pixel = *pixel * open + light;
            }
        }
    }

    /// Adds a point of light: never smaller than a pixel shows, and as bright in total whatever the size.
    pub(super) fn spark(&mut self, place: (f32, f32), radius: f32, light: Rgb) {
        let shown = radius.max(1.1 * self.pixel());
        let thinned = (radius / shown).powi(2);
        self.glow(place, shown, light * thinned);
    }

    /// Covers a rectangle, soft at its edges as far as they share pixels.
    pub(super) fn rectangle(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), light: Rgb) {
        let (from, to) = (x * self.scale - self.left, (x + width) * self.scale - self.left);
        let (upper, lower) = (y * self.scale - self.top, (y + height) * self.scale - self.top);
        for row in clipped(upper, self.height)..clipped(lower + 1.0, self.height) {
            let down = (lower.min(index(row) + 1.0) - upper.max(index(row))).clamp(0.0, 1.0);
            for column in clipped(from, self.width)..clipped(to + 1.0, self.width) {
                let across = (to.min(index(column) + 1.0) - from.max(index(column))).clamp(0.0, 1.0);
                let pixel = &mut self.light[row * self.width + column];
                *pixel = pixel.mix(light, across * down);
            }
        }
    }

    /// The light at a place, for what is mirrored in water; the nearest pixel's where that is outside.
    pub(super) fn light_at(&self, x: f32, y: f32) -> Rgb {
        let column = clipped(x * self.scale - self.left, self.width - 1);
        let row = clipped(y * self.scale - self.top, self.height - 1);
        self.light[row * self.width + column]
    }

    /// What a lens and a film make of it: darker corners, soft highlights, grain; then display values, three bytes for
    /// each pixel.
    pub(super) fn develop(&self) -> (u16, u16, Vec<u8>) {
        let film = Film::new();
        let (width, height) = (self.width / self.oversampling, self.height / self.oversampling);
        let square = |share: f32| (share - 0.5) * (share - 0.5);
        let across: Vec<f32> = (0..width).map(|it| square(self.x(it * self.oversampling) / self.aspect)).collect();
        let mut bytes = vec![0; width * height * 3];
        for (row, line) in bytes.chunks_exact_mut(width * 3).enumerate() {
            let down = square(self.y(row * self.oversampling));
            for (column, (pixel, across)) in line.chunks_exact_mut(3).zip(&across).enumerate() {
                let corner = 1.0 - 0.34 * smooth(0.12, 0.62, across + down);
                let light = self.average(column, row) * corner;
                // One grain for all colours, as in film, and a finer one for each, which is the dither.
                let [first, second, red, green] = speckle(small(column), small(row));
                let grain = 1.4 * (first + second - 1.0);
                pixel[0] = byte(film.value(light.r) + grain + red);
                pixel[1] = byte(film.value(light.g) + grain + green);
                pixel[2] = byte(film.value(light.b) + grain + 1.0 - first);
            }
        }
        let side = |pixels: usize| u16::try_from(pixels).unwrap_or(u16::MAX);
        (side(width), side(height), bytes)
    }

    fn average(&self, column: usize, row: usize) -> Rgb {
        let side = self.oversampling;
        if side == 1 {
            return self.light[row * self.width + column];
        }
        let mut sum = Rgb::BLACK;
        for line in row * side..(row + 1) * side {
            for pixel in &self.light[line * self.width + column * side..][..side] {
                // Before averaging, as on film: a sun must not fringe its edge.
                sum += Rgb { r: pixel.r.min(1.5), g: pixel.g.min(1.5), b: pixel.b.min(1.5) };
            }
        }
        sum * (1.0 / index(side * side))
    }

    fn x(&self, column: usize) -> f32 {
        (index(column) + 0.5 + self.left) / self.scale
    }

    fn y(&self, row: usize) -> f32 {
        (index(row) + 0.5 + self.top) / self.scale
    }

    fn column(&self, x: f32) -> usize {
        clipped(x * self.scale - self.left, self.width)
    }

    fn row(&self, y: f32) -> usize {
        clipped(y * self.scale - self.top, self.height)
    }
}

/// One column of a landscape in the making.
#[derive(Debug)]
pub(super) struct Column {
    scale: f32,
    top: f32,
    /// The light so far, and how much of the pixel is still open to what lies behind.
    pixels: Vec<(Rgb, f32)>,
}

impl Column {
    /// Puts light from one height to another, where nothing nearer is.
    pub(super) fn cover(&mut self, from: f32, to: f32, light: Rgb) {
        let (from, to) = (from * self.scale - self.top, to * self.scale - self.top);
        let rows = clipped(from, self.pixels.len())..clipped(to + 1.0, self.pixels.len());
        for row in rows {
            let share = (to.min(index(row) + 1.0) - from.max(index(row))).clamp(0.0, 1.0);
            let (pixel, open) = &mut self.pixels[row];
            let share = share.min(*open);
            *pixel += light * share;
            *open -= share;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "pixels of one picture are few")]
fn index(pixels: usize) -> f32 {
    pixels as f32
}

#[expect(clippy::cast_precision_loss, reason = "pixels of one picture are few")]
fn real(pixels: u32) -> f32 {
    pixels as f32
}

fn small(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

/// The whole number below, from 0 to `limit`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates, and then the limit")]
fn clipped(pixels: f32, limit: usize) -> usize {
    (pixels as usize).min(limit)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float saturates, which is meant")]
fn byte(value: f32) -> u8 {
    value as u8
}
