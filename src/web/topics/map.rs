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
mod tests;
