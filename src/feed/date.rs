//! Dates, in all the ways that feeds write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;

/// Atom writes RFC 3339, RSS writes RFC 2822, and each has been seen with the other's dates.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    // Weekdays are redundant, and programs that get them wrong get the rest right.
    static RFC2822: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    text.parse().ok().or_else(|| RFC2822.parse_timestamp(text).ok())
}

/// When the shutter was released, by the camera's clock: any offset is dropped.
///
/// Observed in Flickr's feeds: always `-08:00`, wherever the camera was, so that many a photo seems to be taken after
/// it was published. Unknown dates are all zeros.
pub(super) fn civil(text: &str) -> Option<DateTime> {
    const SECONDS: usize = "2012-09-10T12:00:00".len();
    text.get(..SECONDS)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_dates_are_read() {
        for (text, expected) in [
            ("2012-09-12T21:55:00Z", Some("2012-09-12T21:55:00Z")),
            ("2007-11-24T16:25:03-08:00", Some("2007-11-25T00:25:03Z")),
            ("Sat, 24 Nov 2007 16:25:03 -0800", Some("2007-11-25T00:25:03Z")),
            ("Mon, 24 Nov 2007 16:25:03 GMT", Some("2007-11-24T16:25:03Z")),
            ("2012-09-12T21:55:00", None),
            ("yesterday", None),
        ] {
            assert_eq!(timestamp(text).map(|it| it.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_camera_has_no_offset() {
        for (text, expected) in [
            ("2012-09-10T12:00:00-08:00", Some("2012-09-10T12:00:00")),
            ("2012-09-10 12:00:00", Some("2012-09-10T12:00:00")),
            ("2012-09-10T12:00:00Z", Some("2012-09-10T12:00:00")),
            ("0000-00-00 00:00:00", None),
            ("2012-09-10", None),
            ("", None),
        ] {
            assert_eq!(civil(text).map(|it| it.to_string()).as_deref(), expected, "{text}");
        }
    }
}
