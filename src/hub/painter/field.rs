//! Noise sampled once, for where it changes slowly: asking a grid is ten times cheaper than asking the noise.

use crate::hub::painter::noise::whole;

/// Values over the whole picture.
#[derive(Debug)]
pub(super) struct Field {
    across: usize,
    cells: f32,
    values: Vec<f32>,
}

impl Field {
    /// Samples `value` so many times a unit, from 0 to `aspect` and from 0 to `height`.
    pub(super) fn new(aspect: f32, height: f32, cells: u16, value: impl Fn(f32, f32) -> f32) -> Self {
        let cells = f32::from(cells);
        let (across, down) = (whole(aspect * cells) + 2, whole(height * cells) + 2);
        let mut values = Vec::new();
        for row in 0..down {
            for column in 0..across {
                values.push(value(place(column, cells), place(row, cells)));
            }
        }
        Self { across: across as usize, cells, values }
    }

    /// The value at a place; beyond the edges that of the edge.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let down = self.values.len() / self.across;
        let (i, u) = step(x * self.cells, self.across);
        let (j, v) = step(y * self.cells, down);
        let corner = j * self.across + i;
        let top = self.values[corner] + (self.values[corner + 1] - self.values[corner]) * u;
        let below = corner + self.across;
        let bottom = self.values[below] + (self.values[below + 1] - self.values[below]) * u;
        top + (bottom - top) * v
    }
}

/// Values along a line.
#[derive(Debug)]
pub(super) struct Curve {
    from: f32,
    cells: f32,
    values: Vec<f32>,
}

impl Curve {
    /// Samples `value` so many times a unit.
    pub(super) fn new((from, to): (f32, f32), cells: u16, value: impl Fn(f32) -> f32) -> Self {
        let cells = f32::from(cells);
        let steps = whole((to - from) * cells) + 2;
        Self { from, cells, values: (0..steps).map(|step| value(from + place(step, cells))).collect() }
    }

    /// The value at a place; beyond the ends that of the end.
    pub(super) fn at(&self, place: f32) -> f32 {
        let (i, u) = step((place - self.from) * self.cells, self.values.len());
        self.values[i] + (self.values[i + 1] - self.values[i]) * u
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand cells")]
fn place(cell: u32, cells: f32) -> f32 {
    cell as f32 / cells
}

/// The cell before a place, of which there is one after it too, and the share of the way to that.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a float saturates, and then the limit; a few thousand cells"
)]
fn step(exact: f32, count: usize) -> (usize, f32) {
    let cell = (exact as usize).min(count - 2);
    (cell, (exact - cell as f32).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_comes_back_as_it_was_sampled() {
        let field = Field::new(1.5, 1.0, 8, |x, y| 2.0 * x - y);
        let curve = Curve::new((-1.0, 1.0), 8, |x| 3.0 * x);
        for (x, y) in [(0.0, 0.0), (0.3, 0.7), (1.49, 0.99)] {
            assert!((field.at(x, y) - (2.0 * x - y)).abs() < 1e-5);
            assert!((curve.at(x - 0.9) - 3.0 * (x - 0.9)).abs() < 1e-5);
        }
        assert!(field.at(-5.0, 40.0).is_finite() && curve.at(40.0).is_finite());
    }
}
