//! What follows from how a subscription stands.

use super::*;
use crate::doctor::Mood;
use crate::flickr::FlickrError;
use crate::store::Serving;
use crate::store::subscription::Standing;
use crate::topic::Topic;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn facts(standing: Standing) -> Facts {
    let topic = Topic::MyFaves;
    let subscription = Subscription {
        event: topic.event_name("1@N01").unwrap(),
        account: "1@N01".into(),
        topic,
        label: String::new(),
        created_at: at(0),
        wanted: true,
        standing,
        serving: Serving::default(),
        watched_at: None,
        verified_at: None,
        last_delivery_at: None,
        deliveries: 0,
        events: 0,
    };
    Facts {
        subscription,
        callback: 100,
        runs: Runs::Yes,
        watched: true,
        served: None,
        hub: FlickrHub::Flickr,
        last_delivery: None,
        now: at(3_600),
    }
}

fn confirmed() -> Standing {
    Standing { asked_at: Some(at(0)), confirmed_at: Some(at(0)), ..Standing::default() }
}

/// As the subscriber writes it down.
fn troubled(code: u16) -> Standing {
    let error = FlickrError::Failed { method: "flickr.push.subscribe", code, message: "its words: 504".into() };
    let trouble = Some(error.sentence("https://wall.example.org"));
    Standing { asked_at: Some(at(0)), trouble, lasting: error.is_lasting(), failures: 1, ..Standing::default() }
}

fn served(newest: Option<Timestamp>, trouble: Option<&str>) -> Option<Served> {
    let trouble = trouble.map(str::to_owned);
    Some(Served { backup: false, sources: 1, newest, oldest: newest, every: None, trouble })
}

fn found(facts: &Facts) -> Vec<(&'static str, Mood)> {
    judge(facts).iter().map(|it| (it.cause().map_or("", Cause::code), it.told().mood)).collect()
}

#[test]
fn each_of_flickrs_errors_has_its_cause_by_the_sentence_that_is_kept() {
    for (code, expected) in [
        (2, "subscription"),
        (3, "callback-in-use"),
        (4, "hub-refuses"),
        (5, "not-pro"),
        (6, "verification-pending"),
        (98, "token-revoked"),
        (99, "permission-missing"),
        (105, "subscription"),
    ] {
        assert_eq!(found(&facts(troubled(code)))[0], (expected, Mood::Bad), "{code}");
        let mut bridged = facts(troubled(code));
        bridged.hub = FlickrHub::Auto;
        bridged.subscription.serving.bridged_at = Some(at(1));
        bridged.subscription.serving.verified_at = Some(at(2));
        assert_eq!(found(&bridged)[0], (expected, Mood::Notice), "{code}, and the bridge serves");
        let remedy = judge(&bridged)[0].told().remedy;
        if !matches!(code, 5 | 98 | 99) {
            assert!(remedy.starts_with("Photos come by the bridge meanwhile."), "{code}: {remedy}");
        }
    }
}

#[test]
fn a_callback_is_too_long_before_anybody_was_asked() {
    let long = Facts { callback: 256, ..facts(Standing::default()) };
    assert_eq!(found(&long), [("callback-too-long", Mood::Bad)]);
    assert_eq!(found(&Facts { hub: FlickrHub::Bridge, ..long.clone() })[0].0, "", "the bridge takes any length");
    assert_ne!(found(&Facts { callback: 255, ..long })[0].0, "callback-too-long");
}

#[test]
fn a_hub_that_never_calls_is_told_from_one_that_did() {
    assert_eq!(found(&facts(confirmed())), [("hub-never-calls", Mood::Bad)]);
    let asked = Standing { asked_at: Some(at(3_590)), ..Standing::default() };
    assert_eq!(found(&facts(asked))[0], ("", Mood::Skipped), "it was asked ten seconds ago");
    let mut verified = facts(confirmed());
    verified.subscription.verified_at = Some(at(1));
    assert_eq!(found(&verified), [("", Mood::Good), ("silent", Mood::Notice)]);
    verified.last_delivery = Some(at(3_500));
    assert_eq!(found(&verified), [("", Mood::Good)]);
}

#[test]
fn silence_has_its_reason() {
    let well = || {
        let mut it = Facts { hub: FlickrHub::Auto, ..facts(confirmed()) };
        it.subscription.verified_at = Some(at(1));
        it
    };
    let check = |served, watched, expected: Option<(&'static str, Mood)>| {
        assert_eq!(found(&Facts { served, watched, ..well() }).get(1).copied(), expected);
    };
    check(served(Some(at(3_590)), None), true, Some(("nothing-happened", Mood::Notice)));
    check(served(Some(at(3_590)), Some("Flickr is out of order.")), true, Some(("bridge-troubled", Mood::Bad)));
    check(None, false, Some(("nobody-watches", Mood::Notice)));
    check(served(None, None), true, None);
    let words = judge(&Facts { served: served(Some(at(3_590)), None), ..well() })[1].told().said;
    assert!(
        words.contains("because nothing happened: the bridge asked Flickr 10 seconds ago and sees no events either"),
        "{words}"
    );
    // A server that was only opened to be looked at is silent for that.
    assert_eq!(found(&Facts { runs: Runs::No, ..well() }).len(), 1);
}
