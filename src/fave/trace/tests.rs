//! How far a fave has come, by what the log tells.

use super::*;
use crate::delivery_log::{Hub, Painted, Parsed};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + ms).unwrap()
}

fn name() -> EventName {
    "1@N01-my_faves".parse().unwrap()
}

fn record(ms: i64, verdict: Verdict, parsed: Option<Parsed>) -> Record {
    Record {
        id: 7,
        kind: Kind::Delivery,
        at: at(ms),
        from: "192.0.2.1".into(),
        hub: Hub::Flickr,
        cause: Cause::Hub,
        event: Some(name()),
        verdict,
        status: 200,
        size: 1,
        took_ms: 1.0,
        parsed,
    }
}

fn parsed(photo: &str) -> Parsed {
    Parsed {
        entries: 1,
        fresh: 1,
        photos: vec![photo.into()],
        new_photos: vec![photo.into()],
        read_ms: 1.4,
        published_at: Some(at(430)),
        streams: 1,
        screens: 1,
        ..Parsed::default()
    }
}

fn around() -> Around {
    Around { bridge: None, trouble: None, screens: 1, waited: Duration::from_secs(20) }
}

fn begun() -> Trace {
    let mut trace = Trace::new(at(0), name());
    trace.answered("53", at(100));
    trace
}

/// Times of the hops that it came by, and the one that is missing.
fn standing(trace: &Trace) -> (Vec<i64>, Option<Hop>) {
    let times = trace.stands().filter_map(|(_, it)| match it {
        Stand::Came { ms, .. } => Some(*ms),
        _ => None,
    });
    let missing = trace.stands().find(|(_, it)| matches!(it, Stand::Missing { .. })).map(|(hop, _)| hop);
    (times.collect(), missing)
}

fn words(trace: &Trace) -> (String, String) {
    let missing = trace.stands().find_map(|(_, it)| match it {
        Stand::Missing { why, usually } => Some((why.clone(), usually.clone())),
        _ => None,
    });
    missing.unwrap_or_default()
}

#[test]
fn a_fave_that_comes_all_the_way_has_a_time_at_each_hop() {
    let mut trace = begun();
    assert!(trace.hear(&record(420, Verdict::Published, Some(parsed("53")))));
    assert_eq!((standing(&trace), trace.is_over()), ((vec![100, 420, 422, 430], None), false));
    let painted = Painted { at: at(900), screen: "kitchen".into(), photo: "53".into(), after_ms: 480 };
    assert!(trace.hear(&record(420, Verdict::Published, Some(Parsed { painted: Some(painted), ..parsed("53") }))));
    assert_eq!((standing(&trace), trace.is_well()), ((vec![100, 420, 422, 430, 900], None), true));
    assert_eq!(trace.total_ms(), Some(900));
    trace.give_up(&around());
    assert!(trace.is_well(), "what has arrived is not given up");
}

#[test]
fn a_hub_that_is_quicker_than_the_api_is_heard_all_the_same() {
    let mut trace = begun();
    assert!(trace.hear(&record(50, Verdict::Published, Some(parsed("53")))));
    assert_eq!(trace.next(), Some(Hop::Screen));
}

#[test]
fn what_is_another_delivery_is_passed_over() {
    let mut trace = begun();
    assert!(!trace.hear(&record(420, Verdict::Published, Some(parsed("54")))));
    assert!(!trace.hear(&record(-9, Verdict::Published, Some(parsed("53")))), "before the button");
    let other =
        Record { event: Some("kittens".parse().unwrap()), ..record(420, Verdict::Published, Some(parsed("53"))) };
    assert!(!trace.hear(&other));
    let replay = Record { cause: Cause::Replay(3), ..record(420, Verdict::Published, Some(parsed("53"))) };
    assert!(!trace.hear(&replay));
}

#[test]
fn the_hop_that_is_missing_is_named_with_what_that_usually_means() {
    let check = |heard: Option<Record>, around: Around, hop: Hop, why: &str, usually: &str| {
        let mut trace = begun();
        if let Some(record) = heard {
            trace.hear(&record);
        }
        trace.give_up(&around);
        assert_eq!(standing(&trace).1, Some(hop));
        let said = words(&trace);
        assert!(said.0.contains(why) && said.1.contains(usually), "{said:?}");
        assert!(trace.is_over() && !trace.is_well());
    };
    check(None, around(), Hop::Hub, "No hub called within 20 seconds.", "silent (as it has been since 2019)");
    let troubled = Around { trouble: Some("accounts need Pro (5).".into()), ..around() };
    check(None, troubled, Hop::Hub, "The subscription says: accounts need Pro (5).", "the doctor tells which");
    let bridged = Around { bridge: Some(Some(Duration::from_secs(40))), ..around() };
    check(None, bridged, Hop::Hub, "No hub called", "asks Flickr each 40 seconds");
    let garbage = Verdict::NotAFeed { why: "neither XML nor JSON (line 1, column 1)".into() };
    check(Some(record(420, garbage, None)), around(), Hop::Parsed, "line 1, column 1", "is no feed");
    check(Some(record(420, Verdict::NotStored, None)), around(), Hop::Bus, "Nothing can be stored", "disk of DATA_DIR");
    let again = Parsed { fresh: 0, repeats: 1, new_photos: Vec::new(), ..parsed("53") };
    check(
        Some(record(420, Verdict::Published, Some(again))),
        around(),
        Hop::Bus,
        "publishes each once",
        "fave another photo",
    );
    check(Some(record(420, Verdict::LetGo, None)), around(), Hop::Hub, "This subscription has ended", "renew it");
    let published = || Some(record(420, Verdict::Published, Some(parsed("53"))));
    check(published(), around(), Hop::Screen, "handed to 1 stream", "picture cannot be loaded");
    let alone = Parsed { streams: 0, screens: 0, ..parsed("53") };
    let nobody = Around { screens: 0, ..around() };
    check(
        Some(record(420, Verdict::Published, Some(alone))),
        nobody,
        Hop::Screen,
        "no screen or stream follows",
        "open one",
    );
}

#[test]
fn an_api_that_says_no_ends_it_at_once() {
    let mut trace = Trace::new(at(0), name());
    trace.failed("Flickr is out of order at the moment (503).".into());
    assert_eq!((trace.is_over(), standing(&trace).1), (true, Some(Hop::Api)));
    assert!(words(&trace).1.contains("permission was taken back"));
}
