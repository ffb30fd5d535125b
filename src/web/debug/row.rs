//! A record as one row of the delivery log: all its words, for the page and for the script that adds rows.

use serde::Serialize;

use crate::delivery_log::{Cause, Hub, Kind, Parsed, Record};
use crate::words::{capital, counted};

/// One row. What is empty is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The record's number.
    pub id: u64,
    /// `good`, `idle` or `bad`.
    pub mood: &'static str,
    /// When, for programs: RFC 3339 with milliseconds.
    pub datetime: String,
    /// When: `05:12:31`, UTC.
    pub time: String,
    /// Verification or delivery, and whether it was played once more.
    pub kind: &'static str,
    /// Who sent it.
    pub hub: &'static str,
    /// The event name, or that there is none.
    pub event: String,
    /// The verdict in two words.
    pub verdict: &'static str,
    /// The whole sentence.
    pub sentence: String,
    /// The status.
    pub status: String,
    /// How late it was by its newest entry's own time.
    pub delay: String,
    /// Streams and screens that it reached.
    pub reached: String,
    /// When a screen showed it.
    pub painted: String,
}

impl Row {
    /// The row of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let parsed = record.parsed.as_ref();
        Self {
            id: record.id,
            mood: record.verdict.mood().word(),
            datetime: record.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            time: record.at.strftime("%H:%M:%S").to_string(),
            kind: kind(record),
            hub: hub(record),
            event: record.event.as_ref().map_or_else(|| "no callback of ours".into(), ToString::to_string),
            verdict: record.verdict.words(),
            sentence: capital(&record.sentence()),
            status: record.status.to_string(),
            delay: parsed.and_then(|it| it.delay_ms).map(delay).unwrap_or_default(),
            reached: parsed.map(reached).unwrap_or_default(),
            painted: parsed.map(painted).unwrap_or_default(),
        }
    }
}

fn kind(record: &Record) -> &'static str {
    match (record.cause, record.kind) {
        (Cause::Replay(_), _) => "replay",
        (Cause::Dropped, _) => "dropped file",
        (Cause::Hub, Kind::Verification) => "verification",
        (Cause::Hub, Kind::Delivery) => "delivery",
        (Cause::Hub, Kind::Other) => "request",
    }
}

/// Who sent it, in words.
#[must_use]
pub fn hub(record: &Record) -> &'static str {
    match (record.cause, record.hub) {
        (Cause::Replay(_) | Cause::Dropped, _) => "this page",
        (_, Hub::Flickr) => "Flickr",
        (_, Hub::Bridge) => "the bridge",
        (_, Hub::Other) => "another hub",
    }
}

fn delay(ms: i64) -> String {
    match ms {
        ..-1_000 => format!("its time is {} ahead of ours", duration(-ms)),
        _ => format!("{} old", duration(ms.max(0))),
    }
}

/// Whom it reached; empty when there was nothing new.
pub(super) fn reached(it: &Parsed) -> String {
    if it.fresh == 0 {
        return String::new();
    }
    match (it.streams, it.screens) {
        (0, 0) => "nobody listened".into(),
        (streams, 0) => format!("{}, no screen", counted(streams, "stream")),
        (streams, screens) => format!("{}, {}", counted(streams, "stream"), counted(screens, "screen")),
    }
}

fn painted(it: &Parsed) -> String {
    match &it.painted {
        Some(painted) => format!("painted after {} by {}", duration(painted.after_ms.max(0)), painted.screen),
        None => String::new(),
    }
}

/// A time as a person says it: `850 ms`, `3.2 s`, `4 min`, `2 h`, `3 days`.
#[must_use]
pub fn duration(ms: i64) -> String {
    match ms {
        ..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        60_000..7_200_000 => format!("{} min", ms / 60_000),
        7_200_000..172_800_000 => format!("{} h", ms / 3_600_000),
        _ => format!("{} days", ms / 86_400_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery_log::Painted;

    #[test]
    fn times_are_told_as_a_person_says_them() {
        let check = |ms, expected: &str| assert_eq!(duration(ms), expected);
        check(0, "0 ms");
        check(999, "999 ms");
        check(1_000, "1.0 s");
        check(59_999, "59.9 s");
        check(60_000, "1 min");
        check(7_200_000, "2 h");
        check(3 * 86_400_000, "3 days");
        assert_eq!(delay(-2_000), "its time is 2.0 s ahead of ours");
        assert_eq!(delay(-500), "0 ms old");
    }

    #[test]
    fn whom_it_reached_is_told_only_when_there_was_something_new() {
        let check = |fresh, streams, screens, expected: &str| {
            assert_eq!(reached(&Parsed { fresh, streams, screens, ..Parsed::default() }), expected);
        };
        check(0, 3, 1, "");
        check(1, 0, 0, "nobody listened");
        check(1, 1, 0, "1 stream, no screen");
        check(1, 3, 1, "3 streams, 1 screen");
        let at = "2026-11-25T05:00:00Z".parse().unwrap();
        let it = Painted { at, screen: "kitchen".into(), photo: "1".into(), after_ms: 850 };
        assert_eq!(painted(&Parsed { painted: Some(it), ..Parsed::default() }), "painted after 850 ms by kitchen");
    }
}
