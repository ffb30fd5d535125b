//! The map: which part of the world it shows, what a click on it means, and where the pins stand.
//!
//! A unit of the map is half a degree, counted from 180° W, 90° N: the whole world is 720 by 360 units, and as many
//! pixels in a page without scripts (equirectangular; `static/land.svg` is drawn in it).

use crate::topic::area::Circle;
use crate::web::topics::coordinates::Point;

/// Pixels from left to right of the map in a page without scripts, and units of the whole world.
pub const WIDTH: f64 = 720.0;
/// Its pixels from top to bottom, and units of the whole world.
pub const HEIGHT: f64 = 360.0;
/// How often the world's width goes into the smallest part that is shown.
const MAX_ZOOM: f64 = 64.0;
const KM_PER_DEGREE: f64 = 111.2;

/// The part of the world that is shown, in units of the map; twice as wide as high, and never beyond the edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    x: f64,
    y: f64,
    width: f64,
}

/// A place on the map, in units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    /// 1 to 3.
    pub number: usize,
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// Half the width of the circle with the place's radius: wider far from the equator.
    pub half_width: f64,
    /// Half its height.
    pub half_height: f64,
    /// Whether a click moves this one.
    pub is_picked: bool,
}

impl View {
    /// All of it.
    pub const WORLD: Self = Self { x: 0.0, y: 0.0, width: WIDTH };

    /// What a page remembered of it: `x y width`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let numbers = text.split(' ').map(|it| it.parse().ok().filter(|it: &f64| it.is_finite()));
        match numbers.collect::<Option<Vec<_>>>()?[..] {
            [x, y, width] => Some(Self { x, y, width }.within()),
            _ => None,
        }
    }

    /// Pushed back to where there is a map.
    fn within(self) -> Self {
        let width = self.width.clamp(WIDTH / MAX_ZOOM, WIDTH);
        Self { x: self.x.clamp(0.0, WIDTH - width), y: self.y.clamp(0.0, HEIGHT - width / 2.0), width }
    }

    /// `x y width height`, for the `viewBox` of an SVG.
    #[must_use]
    pub fn view_box(&self) -> String {
        format!("{} {} {} {}", self.x, self.y, self.width, self.width / 2.0)
    }

    /// `x y width`, which [`Self::read`] reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{} {} {}", self.x, self.y, self.width)
    }

    /// So many units are one pixel of the map in a page without scripts.
    #[must_use]
    pub fn pixel(&self) -> f64 {
        self.width / WIDTH
    }

    /// The point under a pixel, to as many digits as a pixel can tell.
    #[must_use]
    pub fn point_at(&self, x: f64, y: f64) -> Point {
        let x = self.x + x.clamp(0.0, WIDTH) * self.pixel();
        let y = self.y + y.clamp(0.0, HEIGHT) * self.pixel();
        let digits = 10_f64.powf((-(self.pixel() / 2.0).log10()).ceil());
        let rounded = |it: f64| (it * digits).round() / digits + 0.0;
        Point { latitude: rounded(90.0 - y / 2.0), longitude: rounded(x / 2.0 - 180.0) }
    }

    /// How far a click may be off, in kilometers at the equator: half a pixel.
    #[must_use]
    pub fn error_km(&self) -> f64 {
        let km = self.pixel() / 2.0 / 2.0 * KM_PER_DEGREE;
        if km < 2.0 { (km * 10.0).round() / 10.0 } else { km.round() }
    }

    /// So many times closer (or less close, below 1), with `middle` in the middle.
    #[must_use]
    pub fn zoomed(&self, factor: f64, middle: Option<Point>) -> Self {
        let width = (self.width / factor).clamp(WIDTH / MAX_ZOOM, WIDTH);
        let (x, y) = match middle {
            Some(point) => units(point),
            None => (self.x + self.width / 2.0, self.y + self.width / 4.0),
        };
        Self { x: x - width / 2.0, y: y - width / 4.0, width }.within()
    }

    /// Whether it cannot be closer.
    #[must_use]
    pub fn is_closest(&self) -> bool {
        self.width <= WIDTH / MAX_ZOOM
    }

    /// Whether it is the whole world.
    #[must_use]
    pub fn is_world(&self) -> bool {
        self.width >= WIDTH
    }
}

impl Pin {
    /// Of place `number`, at `point`, for photos from so many kilometers around.
    #[must_use]
    pub fn of(number: usize, circle: &Circle, is_picked: bool) -> Self {
        let (x, y) = units(Point { latitude: circle.latitude, longitude: circle.longitude });
        let half_height = circle.radius_km / KM_PER_DEGREE * 2.0;
        let half_width = (half_height / circle.latitude.to_radians().cos().max(1e-9)).min(WIDTH);
        Self { number, x, y, half_width, half_height, is_picked }
    }
}

fn units(point: Point) -> (f64, f64) {
    ((point.longitude + 180.0) * 2.0, (90.0 - point.latitude) * 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_click_is_a_point_and_the_edges_are_the_edges_of_the_world() {
        let check = |x, y, latitude, longitude| {
            assert_eq!(View::WORLD.point_at(x, y), Point { latitude, longitude }, "{x}, {y}");
        };
        check(0.0, 0.0, 90.0, -180.0);
        check(720.0, 360.0, -90.0, 180.0);
        check(719.0, 359.0, -89.5, 179.5);
        check(360.0, 180.0, 0.0, 0.0);
        check(387.0, 75.0, 52.5, 13.5);
        check(-5.0, -5.0, 90.0, -180.0);
        check(1e9, 1e9, -90.0, 180.0);
    }

    #[test]
    fn a_closer_look_is_more_exact() {
        let berlin = Point { latitude: 52.52, longitude: 13.405 };
        let close = View::WORLD.zoomed(4.0, Some(berlin)).zoomed(4.0, Some(berlin)).zoomed(4.0, Some(berlin));
        assert!(close.is_closest() && !close.is_world());
        let again = close.point_at(WIDTH / 2.0, HEIGHT / 2.0);
        assert_eq!((again.latitude, again.longitude), (52.52, 13.405));
        assert_eq!((View::WORLD.error_km(), close.error_km()), (28.0, 0.4));
        assert_eq!(close.zoomed(1.0 / 64.0, None), View::WORLD);
        assert_eq!(View::WORLD.zoomed(1.0 / 4.0, Some(berlin)), View::WORLD);
    }

    #[test]
    fn what_a_page_remembered_is_put_right() {
        assert_eq!(View::read("0 0 720"), Some(View::WORLD));
        assert_eq!(View::read("-5 999 720"), Some(View::WORLD));
        assert_eq!(View::read("0 0 1e9"), Some(View::WORLD));
        assert!(View::read("0 0 0").unwrap().is_closest());
        for strange in ["", "1", "1 2", "1 2 3 4", "a b c", "NaN 0 720", "inf 0 720"] {
            assert_eq!(View::read(strange), None, "{strange}");
        }
    }

    #[test]
    fn a_circle_is_drawn_wider_near_the_poles() {
        let pin = |latitude| Pin::of(1, &Circle::new(latitude, 0.0, 30.0, 1).unwrap(), true);
        assert!((pin(0.0).half_width - pin(0.0).half_height).abs() < 1e-9);
        assert!((pin(60.0).half_width / pin(60.0).half_height - 2.0).abs() < 1e-9);
        assert!(pin(90.0).half_width <= WIDTH);
    }

    proptest! {
        #[test]
        fn a_view_stays_on_the_map_and_is_read_back(
            (x, y, width) in (-1e4..1e4, -1e4..1e4, 0.0..1e4), factor in 0.01..100.0, at in (-10.0..800.0, -10.0..800.0),
        ) {
            let view = View { x, y, width }.within().zoomed(factor, None);
            prop_assert!(view.x >= 0.0 && view.x + view.width <= WIDTH + 1e-9);
            prop_assert!(view.y >= 0.0 && view.y + view.width / 2.0 <= HEIGHT + 1e-9);
            prop_assert_eq!(View::read(&view.to_text()), Some(view));
            let point = view.point_at(at.0, at.1);
            prop_assert!(point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0);
            prop_assert_eq!(Point::read(&point.to_string()), Ok(point));
        }
    }
}
