//! What an error means, and what it says to people.

use std::time::Duration;

use crate::flickr::{Failure, FlickrError, Unreached};

const OURS: &str = "https://wall.example.org";

fn failed(method: &'static str, code: u16, message: &str) -> FlickrError {
    FlickrError::Failed { method, code, message: message.into() }
}

fn subscribe(code: u16) -> FlickrError {
    failed("flickr.push.subscribe", code, "its words")
}

fn problem(problem: &str) -> FlickrError {
    FlickrError::OAuth { problem: problem.into(), detail: "debug_sbs=GET&x".into() }
}

#[test]
fn every_code_has_its_meaning_its_remedy_and_its_length() {
    let table = [
        (1, Failure::MissingArgument, true, "please report it"),
        (2, Failure::InvalidValue, true, "choose the topic and its details again"),
        (3, Failure::CallbackInUse, true, "unsubscribe that one first"),
        (4, Failure::CallbackFailed, false, "is https://wall.example.org reachable from outside?"),
        (5, Failure::NotPro, true, "accounts need Pro (5)"),
        (6, Failure::AwaitingVerification, false, "still waiting for the answer of this server (6)"),
        (7, Failure::NotSubscribed, true, "no such subscription (7)"),
        (95, Failure::SslRequired, true, "FLICKR_URL must begin with https://"),
        (96, Failure::InvalidSignature, true, "check that FLICKR_SECRET belongs to FLICKR_KEY"),
        (97, Failure::MissingSignature, true, "check that FLICKR_SECRET belongs to FLICKR_KEY"),
        (98, Failure::InvalidToken, true, "does not accept the permission any more (98): sign in again"),
        (99, Failure::InsufficientPermission, true, "sign in again and allow it"),
        (100, Failure::InvalidKey, true, "check FLICKR_KEY"),
        (105, Failure::Unavailable, false, "try again in a few minutes"),
        (106, Failure::WriteFailed, false, "try again in a few minutes"),
        (111, Failure::Other(111), true, "its words (111)"),
        (112, Failure::Other(112), true, "its words (112)"),
        (116, Failure::Other(116), true, "its words (116)"),
        (8, Failure::Other(8), false, "its words (8). Try again later"),
        (0, Failure::Other(0), false, "its words (0)"),
    ];
    for (code, kind, lasting, words) in table {
        let error = subscribe(code);
        let sentence = error.sentence(OURS);
        assert_eq!((error.kind(), error.is_lasting()), (Some(kind), lasting), "{code}");
        assert!(sentence.contains(words) && sentence.contains(&format!("({code})")), "{code}: {sentence}");
        assert_eq!(error.loses_token(), code == 98, "{code}");
    }
}

#[test]
fn the_codes_of_push_mean_that_in_push_only() {
    let error = failed("flickr.favorites.add", 3, "Photo is already a favorite");
    assert_eq!((error.kind(), error.is_lasting()), (Some(Failure::Other(3)), false));
    assert_eq!(error.sentence(OURS), "Flickr refused: Photo is already a favorite (3). Try again later.");
    assert_eq!(failed("flickr.favorites.add", 98, "").kind(), Some(Failure::InvalidToken));
}

#[test]
fn a_callback_that_failed_is_told_with_its_status() {
    let sentence = |message| failed("flickr.push.subscribe", 4, message).sentence(OURS);
    let expected = |said| {
        format!("Flickr called back and did not get the right answer ({said}): is {OURS} reachable from outside?")
    };
    assert_eq!(sentence("Callback failed or invalid response: 504"), expected("4: 504"));
    assert_eq!(sentence("Callback failed or invalid response"), expected("4"));
    assert_eq!(sentence("Callback failed: <b>"), expected("4"));
}

#[test]
fn an_oauth_problem_means_what_its_code_would() {
    let table = [
        ("parameter_absent", Some(Failure::MissingArgument), true, "please report it"),
        ("signature_invalid", Some(Failure::InvalidSignature), true, "FLICKR_SECRET belongs to FLICKR_KEY"),
        ("consumer_key_unknown", Some(Failure::InvalidKey), true, "check FLICKR_KEY"),
        ("token_rejected", Some(Failure::InvalidToken), true, "sign in again"),
        ("token_expired", Some(Failure::InvalidToken), true, "sign in again"),
        ("verifier_invalid", Some(Failure::InvalidValue), true, "sign in again"),
        ("permission_denied", Some(Failure::InsufficientPermission), true, "sign in again"),
        ("timestamp_refused", None, false, "clock of this server is wrong"),
        ("nonce_used", None, false, "try again"),
        ("something_new", None, false, "try again"),
    ];
    for (word, kind, lasting, words) in table {
        let error = problem(word);
        let sentence = error.sentence(OURS);
        assert_eq!((error.kind(), error.is_lasting()), (kind, lasting), "{word}");
        assert!(sentence.contains(words) && sentence.contains(word), "{sentence}");
        assert!(!sentence.contains("debug_sbs"), "what is for the log stays there");
        assert_eq!(error.loses_token(), kind == Some(Failure::InvalidToken), "{word}");
    }
}

#[test]
fn what_went_wrong_on_the_way_is_never_lasting_and_says_what_to_look_at() {
    let unreached = |cause| FlickrError::NoAnswer { cause, detail: "tcp connect error".into() };
    let status =
        |status, seconds: Option<u64>| FlickrError::Status { status, retry_after: seconds.map(Duration::from_secs) };
    let table = [
        (unreached(Unreached::NoSuchHost), "could not be looked up"),
        (unreached(Unreached::NotConnected), "could not be reached"),
        (unreached(Unreached::Tls), "No secure connection"),
        (unreached(Unreached::TimedOut), "too long"),
        (unreached(Unreached::BrokeOff), "broke off"),
        (status(503, None), "out of order at the moment (503): try again in a few minutes."),
        (status(503, Some(1)), "out of order at the moment (503): try again in a minute."),
        (status(429, Some(121)), "asked too often (429): try again in 3 minutes."),
        (status(301, None), "check FLICKR_URL"),
        (status(403, None), "does not let this server in (403)"),
        (status(404, None), "check FLICKR_URL"),
        (FlickrError::NotFlickr { beginning: "<html>".into() }, "does not speak like Flickr"),
        (FlickrError::BudgetUsedUp { again_in: Duration::from_millis(1200) }, "as Flickr allows in an hour"),
        (FlickrError::Unready { cause: "no ring".into() }, "its log says why"),
    ];
    for (error, words) in table {
        let sentence = error.sentence(OURS);
        assert!(sentence.contains(words) && sentence.ends_with('.'), "{sentence}");
        assert!(!["tcp connect", "<html>", "no ring"].iter().any(|raw| sentence.contains(raw)), "{sentence}");
        assert!(!error.is_lasting() && !error.loses_token() && error.kind().is_none(), "{error}");
    }
    assert_eq!(status(503, Some(7)).again_in(), Some(Duration::from_secs(7)));
    let budget = FlickrError::BudgetUsedUp { again_in: Duration::from_millis(1200) };
    assert_eq!(budget.to_string(), "no call is left in this hour's budget; the next one is in 2 s");
}
