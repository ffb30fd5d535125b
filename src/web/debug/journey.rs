//! How far one request got, hop by hop.

use jiff::Timestamp;

use crate::delivery_log::{Kind, Mood, Record};
use crate::web::debug::row::{self, duration};

/// One station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What happens there.
    pub name: &'static str,
    /// When, or how long after the arrival; or a dash.
    pub when: String,
    /// What happened.
    pub what: String,
    /// `good`, `bad`, or `idle` when it was not reached and need not be.
    pub mood: &'static str,
}

/// The stations of `record`, in order.
#[must_use]
pub fn of(record: &Record) -> Vec<Hop> {
    let mut hops = Vec::new();
    let parsed = record.parsed.as_ref();
    if let Some(ms) = parsed.and_then(|it| it.delay_ms) {
        let what = match ms {
            ..-1_000 => "by the entry’s own time, which is ahead of our clock".into(),
            _ => "by the newest entry’s own time".into(),
        };
        let when =
            if ms < -1_000 { format!("{} later", duration(-ms)) } else { format!("{} before", duration(ms.max(0))) };
        let mood = if ms < -1_000 { Mood::Bad } else { Mood::Good };
        hops.push(Hop { name: "It happened", when, what, mood: mood.word() });
    }
    let what = match record.kind {
        Kind::Verification => format!("{} asked", row::hub(record)),
        _ => format!("{} sent {} bytes", row::hub(record), record.size),
    };
    let when = record.at.strftime("%H:%M:%S%.3f").to_string();
    hops.push(Hop { name: "It arrived", when, what, mood: Mood::Good.word() });
    if let Some(parsed) = parsed {
        let mood = if parsed.bad > 0 { Mood::Bad } else { Mood::Good };
        hops.push(Hop { name: "It was read", when: String::new(), what: parsed.words(), mood: mood.word() });
        let (when, what, mood) = match parsed.published_at {
            Some(at) if parsed.fresh > 0 => (since(record, at), row::reached(parsed), Mood::Good),
            _ => ("–".into(), "nothing in it was new".into(), Mood::Idle),
        };
        hops.push(Hop { name: "It was published", when, what, mood: mood.word() });
    }
    let what = format!("with {}", record.status);
    // Moments are kept in whole milliseconds, and this one is not: it never comes before what came before it.
    let published =
        parsed.and_then(|it| it.published_at).map_or(0, |at| at.as_millisecond() - record.at.as_millisecond());
    #[expect(clippy::cast_precision_loss, reason = "a hub waits for some seconds at most")]
    let when = format!("+{}", milliseconds(record.took_ms.max(published as f64)));
    hops.push(Hop { name: "The hub was answered", when, what, mood: record.verdict.mood().word() });
    if let Some(parsed) = parsed.filter(|it| it.fresh > 0) {
        let (when, what, mood) = match &parsed.painted {
            Some(it) => (
                format!("+{}", duration(it.after_ms.max(0))),
                format!("photo {} on {}", it.photo, it.screen),
                Mood::Good,
            ),
            None if parsed.screens == 0 => ("–".into(), "no screen was open".into(), Mood::Idle),
            None => ("–".into(), "no screen has said so yet: it may show others first, or sleep".into(), Mood::Idle),
        };
        hops.push(Hop { name: "A screen painted it", when, what, mood: mood.word() });
    }
    hops
}

fn since(record: &Record, at: Timestamp) -> String {
    format!("+{}", duration((at.as_millisecond() - record.at.as_millisecond()).max(0)))
}

fn milliseconds(ms: f64) -> String {
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}
