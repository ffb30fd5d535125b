//! A point on the globe as people write it.
//!
//! A text may be cut in two at each comma, space or letter; it is a point when exactly one cut leaves a latitude and a
//! longitude. That reads `52.52, 13.405` and `52,52 13,405`, and tells `52,52,13` from both.

use std::fmt;

/// The longest text that is looked at, in characters.
const MAX_LEN: usize = 80;

/// A point. Written as people type it: `52.52, 13.405`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// Why a text is no point. Each says what would be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPoint {
    /// Not two numbers.
    #[error("Latitude and longitude are expected here, such as 52.52, 13.405 or 52°31′N 13°24′E.")]
    Unreadable,
    /// It can be cut in two in several ways.
    #[error("This can be read in more than one way: put a semicolon between the two numbers, as in 52,52; 13,405.")]
    Ambiguous,
    /// The latitude is out of range.
    #[error("A latitude goes from -90 to 90 (south to north).")]
    Latitude,
    /// The longitude is out of range.
    #[error("A longitude goes from -180 to 180 (west to east).")]
    Longitude,
    /// The latitude is out of range, and would not be as a longitude.
    #[error("The latitude comes first, from -90 to 90: are the two numbers in the wrong order?")]
    Swapped,
}

/// One of the two numbers, with the letter that says which it is.
#[derive(Debug, Clone, Copy)]
struct Angle {
    degrees: f64,
    axis: Option<Axis>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Axis {
    Latitude,
    Longitude,
}

impl Point {
    /// Reads decimal degrees, or degrees with minutes and seconds; the sign or N, S, E, W says which side. A decimal
    /// comma is understood where it cannot be a comma between the numbers.
    ///
    /// # Errors
    /// Why it is no point.
    pub fn read(text: &str) -> Result<Self, NoPoint> {
        if text.chars().count() > MAX_LEN {
            return Err(NoPoint::Unreadable);
        }
        let text = plain(text);
        let mut found: Option<(f64, f64)> = None;
        for at in text.char_indices().map(|(at, _)| at) {
            let (left, right) = text.split_at(at);
            if !may_part(left, right) {
                continue;
            }
            let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/');
            let (left, right) = (left.trim_end_matches(is_between), right.trim_start_matches(is_between));
            let Some(pair) = angle(left).zip(angle(right)).and_then(|(a, b)| in_order(a, b)) else {
                continue;
            };
            if found.is_some_and(|it| it != pair) {
                return Err(NoPoint::Ambiguous);
            }
            found = Some(pair);
        }
        let (latitude, longitude) = found.ok_or(NoPoint::Unreadable)?;
        let (is_latitude, is_longitude) = (|it: f64| it.abs() <= 90.0, |it: f64| it.abs() <= 180.0);
        match (is_latitude(latitude), is_longitude(longitude)) {
            (true, true) => Ok(Self { latitude, longitude }),
            (false, _) if is_longitude(latitude) && is_latitude(longitude) => Err(NoPoint::Swapped),
            (false, _) => Err(NoPoint::Latitude),
            (true, false) => Err(NoPoint::Longitude),
        }
    }
}

/// Five digits, about a metre: as exact as [`Circle`](crate::topic::Circle) is.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = |it: f64| (it * 1e5).round() / 1e5 + 0.0;
        write!(f, "{}, {}", rounded(self.latitude), rounded(self.longitude))
    }
}

/// One sign for each meaning, letters in upper case.
fn plain(text: &str) -> String {
    let text = text.trim().trim_matches(['(', ')', '[', ']']);
    let sign = |c: char| match c {
        '\u{2212}' | '\u{2013}' => '-',
        'º' | '˚' => '°',
        '′' | '’' | '‘' | '´' => '\'',
        '″' | '”' | '“' => '"',
        c => c.to_ascii_uppercase(),
    };
    text.chars().map(sign).collect::<String>().replace("''", "\"").trim().to_owned()
}

/// Whether a text may be cut here: before what stands between two numbers, and before and behind a letter.
fn may_part(left: &str, right: &str) -> bool {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/');
    let (before, after) = (left.chars().next_back(), right.chars().next());
    let begins = after.is_some_and(is_between) && !before.is_some_and(is_between);
    begins || before.is_some_and(is_letter) || after.is_some_and(is_letter)
}

fn is_letter(c: char) -> bool {
    matches!(c, 'N' | 'S' | 'E' | 'W')
}

/// Latitude first, unless the letters say otherwise.
fn in_order(first: Angle, second: Angle) -> Option<(f64, f64)> {
    match (first.axis, second.axis) {
        (Some(a), Some(b)) if a == b => None,
        (Some(Axis::Longitude), _) | (_, Some(Axis::Latitude)) => Some((second.degrees, first.degrees)),
        _ => Some((first.degrees, second.degrees)),
    }
}

/// `-33.9`, `33,9°`, `33°54'S`, `S 33° 54' 12.5"`.
fn angle(text: &str) -> Option<Angle> {
    let (text, before) = match text.strip_prefix(is_letter) {
        Some(rest) => (rest.trim_start(), text.chars().next()),
        None => (text, None),
    };
    let (text, behind) = match text.strip_suffix(is_letter) {
        Some(rest) => (rest.trim_end(), text.chars().next_back()),
        None => (text, None),
    };
    let letter = match (before, behind) {
        (Some(_), Some(_)) => return None,
        (before, behind) => before.or(behind),
    };
    let (text, sign) = match text.strip_prefix(['-', '+']) {
        Some(_) if letter.is_some() => return None,
        Some(rest) => (rest, if text.starts_with('-') { -1.0 } else { 1.0 }),
        None => (text, 1.0),
    };
    let sign = if matches!(letter, Some('S' | 'W')) { -1.0 } else { sign };
    let axis = letter.map(|it| if matches!(it, 'N' | 'S') { Axis::Latitude } else { Axis::Longitude });
    Some(Angle { degrees: sign * degrees(text)? + 0.0, axis })
}

fn degrees(text: &str) -> Option<f64> {
    let Some((whole, rest)) = text.split_once('°') else {
        return number(text);
    };
    let rest = rest.trim_start();
    if rest.is_empty() {
        return number(whole);
    }
    let (minutes, rest) = rest.split_once('\'').unwrap_or((rest, ""));
    let seconds = rest.trim_start();
    let seconds = seconds.strip_suffix('"').unwrap_or(seconds);
    let part = |text: &str| if text.is_empty() { Some(0.0) } else { number(text).filter(|it| *it < 60.0) };
    Some(whole_number(whole)? + whole_or_last(minutes, seconds.is_empty())? / 60.0 + part(seconds)? / 3600.0)
}

/// Minutes: they have a fraction only where no seconds follow.
fn whole_or_last(text: &str, is_last: bool) -> Option<f64> {
    (if is_last { number(text) } else { whole_number(text) }).filter(|it| *it < 60.0)
}

fn whole_number(text: &str) -> Option<f64> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| number(text)).flatten()
}

/// Digits, with at most one point or comma between two of them.
fn number(text: &str) -> Option<f64> {
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    (is_digits(whole) && is_digits(fraction)).then(|| format!("{whole}.{fraction}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(text: &str, latitude: f64, longitude: f64) {
        let point = Point::read(text).unwrap_or_else(|cause| panic!("{text:?}: {cause}"));
        let is_near = (point.latitude - latitude).abs() < 1e-4 && (point.longitude - longitude).abs() < 1e-4;
        assert!(is_near, "{text:?} is {point:?}");
    }

    #[test]
    fn a_point_is_read_as_people_write_it() {
        for text in [
            "52.52, 13.405",
            "52.52,13.405",
            "  52.52   13.405 ",
            "52.52;13.405",
            "52.52 / 13.405",
            "(52.52, 13.405)",
            "+52.52 +13.405",
            "52,52 13,405",
            "52,52; 13,405",
            "52,52, 13,405",
            "52,52,13,405",
            "52.52° 13.405°",
            "52.52N 13.405E",
            "52.52N13.405E",
            "n52.52 e13.405",
            "N 52.52 E 13.405",
            "52.52 N, 13.405 E",
            "13.405E 52.52N",
            "52°31'12\"N 13°24'18\"E",
            "52° 31′ 12″ N, 13° 24′ 18″ E",
            "52°31'12''N, 13°24'18''E",
            "52° 31.2' 13° 24.3'",
            "52º31,2’N 13º24,3’E",
        ] {
            near(text, 52.52, 13.405);
        }
        near("-33.9, 18.4", -33.9, 18.4);
        near("33.9S 18.4E", -33.9, 18.4);
        near("\u{2212}33.9 \u{2212}18.4", -33.9, -18.4);
        near("40° 26′ 46″ N 79° 58′ 56″ W", 40.44611, -79.98222);
        near("52,13", 52.0, 13.0);
        near("52, 13,5", 52.0, 13.5);
        near("52,5, 13", 52.5, 13.0);
        near("-0, 0", 0.0, 0.0);
        near("90 180", 90.0, 180.0);
        near("-90 -180", -90.0, -180.0);
    }

    #[test]
    fn what_is_no_point_is_told_apart() {
        let check = |text: &str, expected| assert_eq!(Point::read(text), Err(expected), "{text:?}");
        for text in [
            "",
            ",",
            "52",
            "52.52",
            "Berlin",
            "52.52,",
            ", 13",
            "1 2 3",
            "1e3, 2",
            "NaN, 1",
            "inf inf",
            "52.52N 13.4N",
            "52.52E 13.4W",
            "-52.52S 13.4E",
            "52°61'N 13°E",
            "52°31.5'12\"N 13°E",
            "52.5°31'N 13°E",
            "N S",
            "°, °",
            "0x10, 1",
            "52.52.1, 3",
            "52 31 12 N, 13 24 18 E",
            "５２, １３",
        ] {
            check(text, NoPoint::Unreadable);
        }
        check("52,52,13", NoPoint::Ambiguous);
        check("91, 0", NoPoint::Swapped);
        check("113.4, 52.52", NoPoint::Swapped);
        check("200, 10", NoPoint::Latitude);
        check("10, 181", NoPoint::Longitude);
        check("91N 10E", NoPoint::Swapped);
        check(&"1".repeat(MAX_LEN + 1), NoPoint::Unreadable);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64) {
            let written = Point { latitude, longitude }.to_string();
            let read = Point::read(&written).unwrap();
            prop_assert!((read.latitude - latitude).abs() <= 6e-6 && (read.longitude - longitude).abs() <= 6e-6);
            prop_assert_eq!(read.to_string(), written.clone());
            let german = written.replace(", ", "; ").replace('.', ",");
            prop_assert_eq!(Point::read(&german), Ok(read));
            let side = |it: f64, letters: [char; 2]| format!("{} {}", it.abs(), letters[usize::from(it < 0.0)]);
            let lettered = format!("{}, {}", side(read.longitude, ['E', 'W']), side(read.latitude, ['N', 'S']));
            prop_assert_eq!(Point::read(&lettered), Ok(read));
        }

        #[test]
        fn no_text_is_too_strange(text in "[-+0-9.,;/ °'\"NSEWx\\PC]{0,40}") {
            if let Ok(point) = Point::read(&text) {
                prop_assert!(point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0);
            }
        }
    }
}
