//! What follows from the delivery log.

use super::*;
use crate::delivery_log::{Hub, Kind, Parsed};
use crate::doctor::Mood;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn name(text: &str) -> EventName {
    text.parse().unwrap()
}

fn record(second: i64, event: &str, verdict: Verdict) -> Record {
    Record {
        id: second.unsigned_abs(),
        kind: Kind::Delivery,
        at: at(second),
        from: "192.0.2.1".into(),
        hub: Hub::Other,
        cause: Why::Hub,
        event: Some(name(event)),
        verdict,
        status: 200,
        size: 1,
        took_ms: 1.0,
        parsed: None,
    }
}

fn published(second: i64, event: &str, fresh: usize, streams: usize) -> Record {
    let parsed = Parsed { entries: fresh, fresh, streams, ..Parsed::default() };
    Record { parsed: Some(parsed), ..record(second, event, Verdict::Published) }
}

/// The records as given, the newest last.
fn facts(records: Vec<Record>) -> Facts {
    Facts { records: records.into_iter().rev().collect(), logged: true, now: at(100), ..Facts::default() }
}

fn found(facts: &Facts) -> Vec<(&'static str, Mood)> {
    judge(facts).iter().map(|it| (it.cause().map_or("", Cause::code), it.told().mood)).collect()
}

fn wrong_token() -> Verdict {
    Verdict::WrongToken { theirs: "AB…".into(), ours: "CD…".into() }
}

#[test]
fn only_the_newest_of_a_name_counts() {
    let garbage = || Verdict::NotAFeed { why: "not XML, line 1, column 1".into() };
    let one = |records: Vec<Record>, expected: (&'static str, Mood)| {
        let facts = Facts { followed: [name("kittens")].into(), ..facts(records) };
        assert_eq!(found(&facts), [expected]);
    };
    one(vec![], ("", Mood::Skipped));
    one(vec![published(1, "kittens", 1, 1)], ("", Mood::Good));
    one(vec![record(1, "kittens", wrong_token())], ("token-differs", Mood::Bad));
    one(
        vec![record(1, "kittens", wrong_token()), record(2, "kittens", Verdict::Confirmed { subscribes: true })],
        ("", Mood::Skipped),
    );
    one(vec![published(1, "kittens", 1, 1), record(2, "kittens", garbage())], ("not-parsed", Mood::Bad));
    one(vec![record(1, "kittens", garbage()), published(2, "kittens", 1, 1)], ("", Mood::Good));
    one(vec![record(1, "kittens", Verdict::LetGo)], ("ended", Mood::Notice));
    one(vec![record(1, "kittens", Verdict::NotStored)], ("not-stored", Mood::Bad));
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let why = || Verdict::NotAFeed { why: "neither XML nor JSON (line 1, column 1)".into() };
    let twice = facts(vec![record(90, "kittens", why()), record(95, "kittens", why())]);
    let told = judge(&twice)[0].told().to_string();
    assert!(told.contains("“kittens”: 2 deliveries could not be read, the last 5 seconds ago: neither XML nor JSON (line 1, column 1) (/debug/records/95"), "{told}");
}

#[test]
fn a_delivery_that_nobody_follows_is_told_with_the_name_that_may_be_meant() {
    let check = |followed: &[&str], wanted: &[&str], expected: Option<&'static str>| {
        let names = |all: &[&str]| all.iter().map(|it| name(it)).collect();
        let facts =
            Facts { followed: names(followed), wanted: names(wanted), ..facts(vec![published(1, "kitten", 1, 0)]) };
        assert_eq!(judge(&facts)[0].cause().map(Cause::code), expected, "{followed:?} {wanted:?}");
        judge(&facts)[0].told().remedy
    };
    assert!(check(&["kittens"], &[], Some("nobody-subscribed")).starts_with("Somebody follows “kittens”"));
    assert!(check(&["dogs"], &[], Some("nobody-subscribed")).contains("mint kitten"));
    check(&["kitten"], &[], None);
    check(&[], &["kitten"], None);
}

#[test]
fn another_key_is_told_until_the_hub_calls_rightly() {
    let foreign = vec![(name("1@N01-my_faves"), at(50)), (name("made-up"), at(60))];
    let base = Facts { foreign, wanted: [name("1@N01-my_faves")].into(), ..facts(vec![]) };
    assert_eq!(found(&base), [("secret-key-changed", Mood::Bad)]);
    let since = Facts { records: vec![published(70, "1@N01-my_faves", 1, 1)], ..base };
    assert_eq!(found(&since), [("", Mood::Good)]);
    // What is nobody's here is told to the operator: perhaps a hub knows it from a server that was here before.
    let checks = judge(&Facts { everything: true, ..since });
    let told = checks.iter().find(|it| it.cause().is_some()).unwrap().told();
    assert_eq!(told.mood, Mood::Notice);
    assert!(told.said.contains("1 call was refused with 404, the last 40 seconds ago for “made-up”"), "{told}");
}

#[test]
fn names_are_alike_when_two_letters_differ_at_most() {
    for (one, other, expected) in [
        ("kitten", "kittens", true),
        ("kitten", "Kitten", true),
        ("kitten", "kiten", true),
        ("cat", "dog", false),
        ("1@N01-my_faves", "1@N01-my_photos", false),
    ] {
        assert_eq!(is_like(one, other), expected, "{one} {other}");
    }
}

#[test]
fn without_a_log_nothing_is_claimed() {
    assert_eq!(found(&Facts::default()), [("", Mood::Skipped)]);
}
