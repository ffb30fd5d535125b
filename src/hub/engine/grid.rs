//! Circles on the globe, found by a point inside them.

use std::collections::{BTreeSet, HashMap};

use crate::hub::engine::duty::Id;
use crate::hub::task::Spot;
use crate::topic::Circle;

/// Kilometres from a pole to the equator, a quarter of the way round the sphere of [`Circle::distance_km`], are 90
/// degrees.
const DEGREES_PER_KM: f64 = 180.0 / (std::f64::consts::PI * 6371.0);
/// A cell more at an edge costs nothing; a cell less would lose photos to rounding.
const MARGIN: f64 = 1e-6;

/// A row (degrees north, -90 to 89) and a column (degrees east, 0 to 359).
type Cell = (i32, i32);

/// Cells of one degree, each with the circles that reach into it.
#[derive(Debug, Default)]
pub(super) struct Grid {
    cells: HashMap<Cell, BTreeSet<Id>>,
    circles: HashMap<Id, Circle>,
}

impl Grid {
    pub(super) fn insert(&mut self, id: Id, circle: Circle) {
        for cell in cells(&circle) {
            self.cells.entry(cell).or_default().insert(id);
        }
        self.circles.insert(id, circle);
    }

    pub(super) fn remove(&mut self, id: Id) {
        let Some(circle) = self.circles.remove(&id) else { return };
        for cell in cells(&circle) {
            if let Some(ids) = self.cells.get_mut(&cell) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
    }

    /// The circles around `spot` for which it is known exactly enough.
    pub(super) fn find<'a>(&'a self, spot: &'a Spot) -> impl Iterator<Item = Id> + 'a {
        let cell = (row(spot.latitude), column(spot.longitude));
        let near = self.cells.get(&cell).into_iter().flatten().copied();
        near.filter(|id| self.circles.get(id).is_some_and(|circle| covers(circle, spot)))
    }
}

/// Whether a photo taken at `spot` is one of this circle's.
pub(super) fn covers(circle: &Circle, spot: &Spot) -> bool {
    spot.accuracy >= circle.accuracy && circle.distance_km(spot.latitude, spot.longitude) <= circle.radius_km
}

/// All cells that a circle reaches into, and at the edges perhaps some more.
fn cells(circle: &Circle) -> Vec<Cell> {
    let reach = circle.radius_km * DEGREES_PER_KM + MARGIN;
    let (south, north) = (circle.latitude - reach, circle.latitude + reach);
    // The outermost meridians are those that the circle is tangent to. There are none when a pole is inside: then it
    // touches all of them.
    let widest = reach.to_radians().sin() / circle.latitude.to_radians().cos();
    let columns = if widest >= 1.0 {
        0..=359
    } else {
        let width = widest.asin().to_degrees() + MARGIN;
        whole(circle.longitude - width)..=whole(circle.longitude + width)
    };
    let rows = row(south)..=row(north);
    rows.flat_map(|row| columns.clone().map(move |column| (row, column.rem_euclid(360)))).collect()
}

fn row(latitude: f64) -> i32 {
    whole(latitude).clamp(-90, 89)
}

fn column(longitude: f64) -> i32 {
    whole(longitude).rem_euclid(360)
}

#[expect(clippy::cast_possible_truncation, reason = "degrees; whatever else comes is cut off, and is near no circle")]
fn whole(degrees: f64) -> i32 {
    degrees.floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(latitude: f64, longitude: f64) -> Spot {
        Spot { latitude, longitude, accuracy: 16, woe_ids: vec![], place_id: None }
    }

    #[test]
    fn circles_reach_over_the_date_line_and_the_poles() {
        let check = |middle: (f64, f64), there: (f64, f64), inside: bool| {
            let mut grid = Grid::default();
            grid.insert(Id(1), Circle::new(middle.0, middle.1, 32.0, 1).unwrap());
            assert_eq!(grid.find(&spot(there.0, there.1)).count(), usize::from(inside), "{middle:?} {there:?}");
            grid.remove(Id(1));
            assert!(grid.cells.is_empty() && grid.circles.is_empty());
        };
        check((0.0, 179.9), (0.0, -179.9), true);
        check((0.0, -180.0), (0.0, 180.0), true);
        check((0.0, 179.9), (0.0, -179.0), false);
        check((89.9, 10.0), (89.9, -170.0), true);
        check((-89.9, 10.0), (-90.0, 99.0), true);
        check((90.0, 0.0), (89.8, 123.0), true);
        check((89.0, 0.0), (89.0, 16.0), true);
        check((89.0, 0.0), (89.0, 17.0), false);
        check((47.99, 11.99), (48.01, 12.01), true);
        check((-0.01, -0.01), (0.01, 0.01), true);
    }

    #[test]
    fn a_place_known_too_roughly_is_not_in_the_circle() {
        let circle = Circle::new(48.0, 11.0, 5.0, 11).unwrap();
        assert!(covers(&circle, &Spot { accuracy: 11, ..spot(48.0, 11.0) }));
        assert!(!covers(&circle, &Spot { accuracy: 10, ..spot(48.0, 11.0) }));
    }

    #[test]
    fn nonsense_is_nowhere() {
        let mut grid = Grid::default();
        grid.insert(Id(1), Circle::new(0.0, 0.0, 32.0, 1).unwrap());
        for (latitude, longitude) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (1e300, -1e300)] {
            assert_eq!(grid.find(&spot(latitude, longitude)).count(), 0);
        }
    }
}
