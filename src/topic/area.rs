//! An area of the globe, as `flickr.push.subscribe` takes it.

use std::fmt;

use crate::topic::{BadArgument, MAX_IDS};

/// The radius when none is given, in kilometres (documented of `flickr.push.subscribe`).
pub const DEFAULT_RADIUS_KM: f64 = 5.0;
/// The largest radius in kilometres: that of `flickr.photos.search`; of the push none is documented.
pub const MAX_RADIUS_KM: f64 = 32.0;
/// The smallest radius in kilometres. Ours: below it no camera's position is good enough.
pub const MIN_RADIUS_KM: f64 = 0.05;
const KM_PER_MILE: f64 = 1.609_344;

/// An area. Of several ways to say one the first counts, in this order (documented).
#[derive(Debug, Clone, PartialEq)]
pub enum Area {
    /// By Where On Earth ids, sorted. The name of the argument is plural, and comma lists worked (observed in pua).
    Woe(Vec<u32>),
    /// By Flickr place ids, sorted.
    Places(Vec<String>),
    /// Around a point.
    Circle(Circle),
}

/// All points not farther than `radius_km` from a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// Degrees north, -90 to 90, five digits (about a metre).
    pub latitude: f64,
    /// Degrees east, -180 to 180, five digits.
    pub longitude: f64,
    /// Kilometres, [`MIN_RADIUS_KM`] to [`MAX_RADIUS_KM`], three digits.
    pub radius_km: f64,
    /// How exactly a photo's position must be known, 1 (world) to 16 (street).
    pub accuracy: u8,
}

impl Circle {
    /// Checks the numbers and rounds them.
    ///
    /// # Errors
    /// The argument that is out of its range.
    pub fn new(latitude: f64, longitude: f64, radius_km: f64, accuracy: u8) -> Result<Self, BadArgument> {
        let range = |argument, value: f64, low: f64, high: f64, unit: &str| {
            let expected = || format!("expected a number from {low} to {high}{unit}");
            if (low..=high).contains(&value) { Ok(value) } else { Err(BadArgument::wrong(argument, expected())) }
        };
        let latitude = rounded(range("lat", latitude, -90.0, 90.0, "")?, 1e5);
        let longitude = rounded(range("lon", longitude, -180.0, 180.0, "")?, 1e5);
        let radius_km = rounded(range("radius", radius_km, MIN_RADIUS_KM, MAX_RADIUS_KM, " km")?, 1e3);
        if !(1..=16).contains(&accuracy) {
            return Err(BadArgument::wrong("accuracy", "expected a number from 1 to 16"));
        }
        Ok(Self { latitude, longitude, radius_km, accuracy })
    }

    /// Kilometres from its middle to a point, over the ground (the haversine formula on a sphere of 6,371 km).
    #[must_use]
    pub fn distance_km(&self, latitude: f64, longitude: f64) -> f64 {
        let (from, to) = (self.latitude.to_radians(), latitude.to_radians());
        let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let chord = half(latitude - self.latitude) + from.cos() * to.cos() * half(longitude - self.longitude);
        2.0 * 6371.0 * chord.clamp(0.0, 1.0).sqrt().asin()
    }
}

impl Area {
    /// Reads `woe_ids`, `place_ids`, or `lat`, `lon`, `radius`, `radius_units` and `accuracy`.
    ///
    /// # Errors
    /// The first argument that is missing or wrong.
    pub fn from_arguments(given: impl Fn(&str) -> Option<String>) -> Result<Self, BadArgument> {
        if let Some(list) = given("woe_ids") {
            let read = |it: &str| it.parse().map_err(|_| BadArgument::wrong("woe_ids", format!("{it:?} is no WOE id")));
            return Ok(Self::Woe(several("woe_ids", &list, read)?));
        }
        if let Some(list) = given("place_ids") {
            let is_id =
                |it: &str| it.len() <= 40 && it.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
            let wrong = |it: &str| BadArgument::wrong("place_ids", format!("{it:?} is no place id"));
            let read = |it: &str| if is_id(it) { Ok(it.to_owned()) } else { Err(wrong(it)) };
            return Ok(Self::Places(several("place_ids", &list, read)?));
        }
        let number = |argument: &'static str, text: String| {
            let read = text.parse::<f64>().ok().filter(|it| it.is_finite());
            read.ok_or_else(|| BadArgument::wrong(argument, format!("{text:?} is no number")))
        };
        let needed = |argument: &'static str| {
            let missing = "expected lat and lon, or place_ids, or woe_ids";
            number(argument, given(argument).ok_or_else(|| BadArgument::missing(argument, missing))?)
        };
        let (latitude, longitude) = (needed("lat")?, needed("lon")?);
        let km = match given("radius_units").as_deref() {
            None | Some("km") => 1.0,
            Some("mi") => KM_PER_MILE,
            Some(other) => return Err(BadArgument::wrong("radius_units", format!("{other:?}: expected km or mi"))),
        };
        let radius_km = match given("radius") {
            Some(text) => number("radius", text)? * km,
            None => DEFAULT_RADIUS_KM,
        };
        let accuracy = match given("accuracy") {
            Some(text) => text.parse().map_err(|_| BadArgument::wrong("accuracy", "expected a number from 1 to 16"))?,
            None => 1,
        };
        Ok(Self::Circle(Circle::new(latitude, longitude, radius_km, accuracy)?))
    }

    /// The arguments that say this area.
    pub(super) fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Woe(ids) => vec![("woe_ids", ids.iter().map(u32::to_string).collect::<Vec<_>>().join(","))],
            Self::Places(ids) => vec![("place_ids", ids.join(","))],
            Self::Circle(circle) => {
                let Circle { latitude, longitude, radius_km, accuracy } = circle;
                let mut arguments = vec![("lat", latitude.to_string()), ("lon", longitude.to_string())];
                arguments.extend([("radius", radius_km.to_string()), ("radius_units", "km".into())]);
                if *accuracy != 1 {
                    arguments.push(("accuracy", accuracy.to_string()));
                }
                arguments
            }
        }
    }

    /// For an event name.
    pub(super) fn spelled(&self) -> String {
        match self {
            Self::Woe(ids) => format!("woe.{}", ids.iter().map(u32::to_string).collect::<Vec<_>>().join(".")),
            Self::Places(ids) => format!("place:{}", ids.join(":")),
            Self::Circle(Circle { latitude, longitude, radius_km, accuracy }) => {
                let accuracy = if *accuracy == 1 { String::new() } else { format!(":a{accuracy}") };
                format!("{latitude}:{longitude}:{radius_km}km{accuracy}")
            }
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Woe(ids) if ids.len() == 1 => write!(f, "from the place with WOE id {}", ids[0]),
            Self::Woe(ids) => write!(f, "from {} places", ids.len()),
            Self::Places(ids) if ids.len() == 1 => write!(f, "from the place {}", ids[0]),
            Self::Places(ids) => write!(f, "from {} places", ids.len()),
            Self::Circle(Circle { latitude, longitude, radius_km, .. }) => {
                let (north, east) = (if *latitude < 0.0 { "S" } else { "N" }, if *longitude < 0.0 { "W" } else { "E" });
                write!(f, "within {radius_km} km of {}° {north}, {}° {east}", latitude.abs(), longitude.abs())
            }
        }
    }
}

fn several<T: Ord>(
    argument: &'static str,
    list: &str,
    read: impl Fn(&str) -> Result<T, BadArgument>,
) -> Result<Vec<T>, BadArgument> {
    let mut ids =
        list.split(',').map(str::trim).filter(|it| !it.is_empty()).map(read).collect::<Result<Vec<_>, _>>()?;
    ids.sort();
    ids.dedup();
    match ids.len() {
        0 => Err(BadArgument::missing(argument, "expected at least one id")),
        n if n > MAX_IDS => Err(BadArgument::wrong(argument, format!("expected at most {MAX_IDS} ids"))),
        _ => Ok(ids),
    }
}

/// Without a negative zero, which would be another text for the same number.
fn rounded(value: f64, digits: f64) -> f64 {
    (value * digits).round() / digits + 0.0
}
