//! Where a photo was taken, in all the ways that feeds write it.

use crate::photo::Position;

/// `georss:point`: latitude and longitude, by GeoRSS-Simple with a space between them, by many with a comma.
pub(super) fn of_point(point: &str) -> Option<Position> {
    let mut parts = point.split([' ', ',', '\t', '\r', '\n']).filter(|it| !it.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(latitude), Some(longitude), None) => of_pair(latitude, longitude),
        _ => None,
    }
}

/// `geo:lat` and `geo:long`.
pub(super) fn of_pair(latitude: &str, longitude: &str) -> Option<Position> {
    let degrees = |text: &str, limit: f64| {
        let degrees: f64 = text.trim().parse().ok()?;
        (degrees.abs() <= limit).then_some(degrees)
    };
    Some(Position { latitude: degrees(latitude, 90.0)?, longitude: degrees(longitude, 180.0)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_on_the_globe() {
        for (point, expected) in [
            ("47.25162 11.754426", Some((47.25162, 11.754426))),
            (" -90,\n180 ", Some((-90.0, 180.0))),
            ("0 0", Some((0.0, 0.0))),
            ("90.1 0", None),
            ("0 -180.5", None),
            ("NaN 0", None),
            ("inf 0", None),
            ("1 2 3", None),
            ("1", None),
        ] {
            assert_eq!(of_point(point).map(|it| (it.latitude, it.longitude)), expected, "{point}");
        }
    }
}
