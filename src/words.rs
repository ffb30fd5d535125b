//! Words that many sentences are made of: times as people say them, numbers of things, a capital letter.

use std::time::Duration;

use jiff::Timestamp;

/// `40 seconds`, `15 minutes`, `3 hours`, `2 days`.
#[must_use]
pub fn within(time: Duration) -> String {
    let (n, unit) = match time.as_secs() {
        s @ 0..120 => (s, "second"),
        s @ 120..7_200 => (s / 60, "minute"),
        s @ 7_200..172_800 => (s / 3_600, "hour"),
        s => (s / 86_400, "day"),
    };
    counted(n, unit)
}

/// `1 stream`, `3 streams`.
#[must_use]
pub fn counted(n: impl TryInto<u64>, what: &str) -> String {
    // Nothing that is counted is more than fits.
    match n.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

/// `text` with a capital letter in front, as on a line of its own.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// `just now`, `15 minutes ago`.
#[must_use]
pub fn since(time: Duration) -> String {
    if time < Duration::from_secs(2) { "just now".into() } else { format!("{} ago", within(time)) }
}

/// How long ago it was; a time to come is now.
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_do() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(within(Duration::from_secs(seconds)), expected);
        }
        assert_eq!(since(Duration::from_millis(300)), "just now");
        assert_eq!(since(Duration::from_secs(60)), "60 seconds ago");
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capital("photos tagged cat"), "Photos tagged cat");
        assert_eq!(capital("éclair"), "Éclair");
        assert_eq!(capital(""), "");
        assert_eq!((counted(1_usize, "stream"), counted(0_u64, "stream")), ("1 stream".into(), "0 streams".into()));
    }
}
