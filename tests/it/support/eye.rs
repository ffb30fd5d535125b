//! A look at the screen: is anything on it, and is it the right picture.

use std::io::Cursor;

/// A screenshot, decoded.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pixels: Vec<u8>,
    samples: usize,
}

/// Channels may differ by so much and be the same colour to an eye.
const SAME: u8 = 12;

impl Shot {
    pub(crate) fn read(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        Self { width: info.width, height: info.height, pixels, samples: info.color_type.samples() }
    }

    pub(crate) fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let first = (y as usize * self.width as usize + x as usize) * self.samples;
        [self.pixels[first], self.pixels[first + 1], self.pixels[first + 2]]
    }

    /// Pixels all over it, in rows.
    fn grid(&self) -> impl Iterator<Item = [u8; 3]> + '_ {
        const ROWS: u32 = 60;
        const COLUMNS: u32 = 80;
        (0..ROWS * COLUMNS).map(|n| {
            let (column, row) = (n % COLUMNS, n / COLUMNS);
            self.at((2 * column + 1) * self.width / (2 * COLUMNS), (2 * row + 1) * self.height / (2 * ROWS))
        })
    }

    /// One colour from edge to edge: nothing is to be seen.
    pub(crate) fn is_blank(&self) -> bool {
        let first = self.at(1, 1);
        self.grid().all(|it| are_same(it, first))
    }

    /// White, as a browser shows a page that is not there.
    pub(crate) fn is_white(&self) -> bool {
        let (white, all) = self
            .grid()
            .fold((0, 0), |(white, all), it| (white + u32::from(it.iter().all(|channel| *channel > 240)), all + 1));
        white * 2 > all
    }

    /// Whether `colour` is at this place.
    pub(crate) fn has(&self, colour: [u8; 3], x: u32, y: u32) -> bool {
        are_same(self.at(x, y), colour)
    }
}

fn are_same(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= SAME)
}
