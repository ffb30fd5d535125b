//! What follows from what Flickr says.

use super::*;
use crate::doctor::Mood;
use crate::flickr::{Perms, Unreached};

fn app(signed: Option<Result<(), FlickrError>>, clock_is_off: bool) -> Check {
    let facts = AppAnswer {
        signed,
        reached: Ok(()),
        clock_is_off,
        off: (1_200, true),
        host: "www.flickr.com".into(),
        public_url: "https://wall.example.org".into(),
    };
    judge_app(&facts).remove(1)
}

fn problem(problem: &str) -> FlickrError {
    FlickrError::OAuth { problem: problem.into(), detail: String::new() }
}

fn failed(method: &'static str, code: u16) -> FlickrError {
    FlickrError::Failed { method, code, message: "its words".into() }
}

#[test]
fn key_secret_and_clock_are_told_apart() {
    let spent = || FlickrError::BudgetUsedUp { again_in: Duration::from_secs(9) };
    let lost = || FlickrError::NoAnswer { cause: Unreached::TimedOut, detail: String::new() };
    for (signed, off, expected, mood) in [
        (None, false, "", Mood::Skipped),
        (Some(Ok(())), false, "", Mood::Good),
        (Some(Err(problem("consumer_key_unknown"))), false, "key-wrong", Mood::Bad),
        (Some(Err(failed("flickr.test.login", 100))), false, "key-wrong", Mood::Bad),
        (Some(Err(problem("signature_invalid"))), false, "secret-wrong", Mood::Bad),
        (Some(Err(problem("signature_invalid"))), true, "clock-off", Mood::Bad),
        (Some(Err(problem("timestamp_refused"))), false, "clock-off", Mood::Bad),
        (Some(Err(spent())), false, "", Mood::Skipped),
        (Some(Err(lost())), false, "no-flickr", Mood::Bad),
    ] {
        let check = app(signed.clone(), off);
        assert_eq!((check.cause().map_or("", Cause::code), check.told().mood), (expected, mood), "{signed:?}");
    }
}

#[test]
fn a_permission_is_good_lost_or_too_small() {
    let checked =
        |perms| Ok(CheckedToken { perms, nsid: "1@N01".into(), username: "ida".into(), fullname: String::new() });
    let push = |code| Some(Err(failed("flickr.push.getSubscriptions", code)));
    use PermissionState::{Asked, Lost, Unreadable};
    for (state, bridged, expected, mood) in [
        (Lost, true, "token-revoked", Mood::Bad),
        (Unreadable, true, "secret-key-changed", Mood::Bad),
        (Asked(checked(Some(Perms::Read)), None), true, "", Mood::Good),
        (Asked(checked(Some(Perms::Read)), Some(Ok(Vec::new()))), true, "", Mood::Good),
        (Asked(checked(None), None), true, "permission-missing", Mood::Bad),
        (Asked(Err(failed("flickr.auth.oauth.checkToken", 98)), None), true, "token-revoked", Mood::Bad),
        (Asked(checked(Some(Perms::Read)), push(99)), true, "permission-missing", Mood::Bad),
        (Asked(checked(Some(Perms::Read)), push(5)), true, "not-pro", Mood::Notice),
        (Asked(checked(Some(Perms::Read)), push(5)), false, "not-pro", Mood::Bad),
        (Asked(Err(failed("flickr.auth.oauth.checkToken", 105)), None), true, "", Mood::Skipped),
    ] {
        let facts = Permission {
            account: "Ida (1@N01)".into(),
            state: state.clone(),
            bridged,
            public_url: "https://wall.example.org".into(),
        };
        let check = judge_permission(&facts);
        assert_eq!((check.cause().map_or("", Cause::code), check.told().mood), (expected, mood), "{state:?}");
    }
}

#[test]
fn a_budget_is_used_up_when_the_bridge_must_wait() {
    let mood = |left| judge_budget(left, 120, Duration::from_secs(30), 7, 3_600).told().mood;
    assert_eq!([0, 119, 120, 600].map(mood), [Mood::Bad, Mood::Bad, Mood::Good, Mood::Good]);
}
