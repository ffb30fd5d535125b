//! A moment as a page tells it: how long ago, or in how long.

use jiff::Timestamp;

/// What a `<time>` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// For programs: RFC 3339.
    pub datetime: String,
    /// To the second, for who wants to know: `2026-11-22 11:00:05 UTC`.
    pub exact: String,
    /// `3 minutes ago`, `in 5 hours`.
    pub words: String,
}

impl Moment {
    /// `at`, as seen from `now`.
    #[must_use]
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        Self {
            datetime: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            words: words(now.as_second() - at.as_second()),
        }
    }
}

fn words(seconds_ago: i64) -> String {
    let seconds = seconds_ago.unsigned_abs();
    let (n, unit) = match seconds {
        0..10 => return "just now".into(),
        10..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let several = if n == 1 { "" } else { "s" };
    if seconds_ago < 0 { format!("in {n} {unit}{several}") } else { format!("{n} {unit}{several} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_a_person_says_it() {
        let check = |ago, expected| assert_eq!(words(ago), expected);
        check(0, "just now");
        check(-9, "just now");
        check(10, "10 seconds ago");
        check(60, "1 minute ago");
        check(3_599, "59 minutes ago");
        check(7_200, "2 hours ago");
        check(86_400, "1 day ago");
        check(-5 * 3_600, "in 5 hours");
        check(400 * 86_400, "400 days ago");
        let moment = Moment::new(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        assert_eq!(moment.exact, "1970-01-01 00:00:00 UTC");
        assert_eq!(moment.datetime, "1970-01-01T00:00:00Z");
    }
}
