//! Every shape of an answer that is documented or was observed (`samples/api` of the fact sheet, its sections 1 and 4).

use jiff::Timestamp;
use proptest::prelude::*;

use crate::flickr::answer::Answer;
use crate::flickr::{FlickrError, HubSubscription, Institution, Perms, commons, oauth, push, sizes};

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, retry_after: None, body: body.into(), hidden: Vec::new() }
}

fn json(body: &str) -> serde_json::Value {
    answer(200, body).json("flickr.push.getSubscriptions").unwrap()
}

fn refused(status: u16, body: &str) -> FlickrError {
    answer(status, body).json("flickr.push.subscribe").unwrap_err()
}

#[test]
fn subscriptions_are_read_with_strings_or_numbers() {
    let strings = r#"{"subscriptions":{"subscription":[{"topic":"contacts_photos","callback":"http:\/\/example.com\/a",
        "pending":"0","date_create":"1309293755","lease_seconds":"0","expiry":"1309380155","verify_attempts":"0"}]},"stat":"ok"}"#;
    let numbers = r#"{"stat":"ok","subscriptions":{"subscription":[{"topic":"geo","callback":"http://example.com/b",
        "pending":1,"date_create":1309293755,"lease_seconds":300,"expiry":0,"verify_attempts":3},{"topic":"no callback"}]}}"#;
    let created = Timestamp::from_second(1_309_293_755).ok();
    assert_eq!(
        push::subscriptions(&json(strings)).unwrap(),
        [HubSubscription {
            topic: "contacts_photos".into(),
            callback: "http://example.com/a".into(),
            pending: false,
            created,
            lease_seconds: 0,
            expiry: Timestamp::from_second(1_309_380_155).ok(),
            verify_attempts: 0,
        }]
    );
    assert_eq!(
        push::subscriptions(&json(numbers)).unwrap(),
        [HubSubscription {
            topic: "geo".into(),
            callback: "http://example.com/b".into(),
            pending: true,
            created,
            lease_seconds: 300,
            expiry: None,
            verify_attempts: 3,
        }]
    );
}

#[test]
fn no_subscription_is_told_from_no_answer() {
    for body in [
        r#"{"stat":"ok","subscriptions":{"subscription":[]}}"#,
        r#"{"stat":"ok","subscriptions":{}}"#,
        r#"{"stat":"ok","subscriptions":[]}"#,
    ] {
        assert_eq!(push::subscriptions(&json(body)), Some(Vec::new()), "{body}");
    }
    assert_eq!(push::subscriptions(&json(r#"{"stat":"ok"}"#)), None);
}

#[test]
fn topics_and_institutions_are_read() {
    let topics = push::topics(&json(
        r#"{"topics":{"topic":[{"name":"contacts_photos","display_name":"photos from your contacts"},{"name":"airports"}]},"stat":"ok"}"#,
    ));
    let names: Vec<_> = topics.unwrap().into_iter().map(|it| (it.name, it.display_name)).collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(names, [pair("contacts_photos", "photos from your contacts"), pair("airports", "airports")]);
    let institutions = commons::institutions(&json(
        r#"{"institutions":{"institution":[
            {"nsid":"8623220@N02","date_launch":"1200470400","name":{"_content":"The Library of Congress"},"urls":{"url":[]}},
            {"nsid":"24785917@N03","name":"Powerhouse"}, {"nsid":"25053835@N03","name":{"_content":""}}, {"nsid":"nobody"}]},"stat":"ok"}"#,
    ));
    let institution = |nsid: &str, name: &str| Institution { nsid: nsid.into(), name: name.into() };
    assert_eq!(
        institutions.unwrap(),
        [
            institution("8623220@N02", "The Library of Congress"),
            institution("24785917@N03", "Powerhouse"),
            institution("25053835@N03", "25053835@N03")
        ]
    );
}

/// Abridged from `samples/api/rest-sizes.json` of the fact sheet: numbers and texts mix.
const SIZES: &str = r#"{"stat":"ok","sizes":{"canprint":1,"candownload":1,"canblog":1,"size":[
    {"width":75,"url":"https://www.flickr.com/photos/joi/8436466166/sizes/sq/","height":75,"label":"Square","media":"photo",
     "source":"https://farm9.staticflickr.com/8056/8436466166_e2dc3b83de_s.jpg"},
    {"width":"2048","height":1362,"label":"Large 2048","media":"photo",
     "source":"https://farm9.staticflickr.com/8056/8436466166_4c2e4233e5_k.jpg"},
    {"width":"1600","height":1064,"label":"Large 1600","media":"photo",
     "source":"https://farm9.staticflickr.com/8056/8436466166_ef8d08c824_h.jpg"},
    {"width":"800","height":532,"label":"Medium 800","media":"photo",
     "source":"https://farm9.staticflickr.com/8056/8436466166_e2dc3b83de_c.jpg"},
    {"width":"5081","height":"3380","label":"Original","media":"photo",
     "source":"https://farm9.staticflickr.com/8056/8436466166_e48f6db017_o.jpg"},
    {"width":"700","height":"393","label":"Site MP4","media":"video","source":"https://www.flickr.com/photos/joi/8436466166/play/site/x/"},
    {"width":"9","height":"9","label":"Bad","media":"photo","source":"javascript:alert(1)"},
    {"width":"0","height":"9","label":"Empty","media":"photo","source":"https://example.org/"}]}}"#;

#[test]
fn sizes_are_read_with_numbers_and_texts_and_only_those_that_a_wall_can_show() {
    let images = sizes::sizes(&json(SIZES)).unwrap();
    let read: Vec<_> = images.iter().map(|it| (it.width, it.height, it.url.rsplit('_').next().unwrap())).collect();
    assert_eq!(
        read,
        [(Some(800), Some(532), "c.jpg"), (Some(1600), Some(1064), "h.jpg"), (Some(2048), Some(1362), "k.jpg"),]
    );
    assert_eq!(sizes::sizes(&json(r#"{"stat":"ok","sizes":{}}"#)), Some(Vec::new()));
    assert_eq!(sizes::sizes(&json(r#"{"stat":"ok"}"#)), None);
}

#[test]
fn a_checked_token_says_whose_it_is() {
    let checked = oauth::checked(&json(
        r#"{"oauth":{"token":{"_content":"72157-a"},"perms":{"_content":"write"},
            "user":{"nsid":"12037949754@N01","username":"Bees","fullname":"Cal H"}},"stat":"ok"}"#,
    ))
    .unwrap();
    assert_eq!((checked.perms, &*checked.nsid, &*checked.username), (Some(Perms::Write), "12037949754@N01", "Bees"));
    assert!(Perms::Write >= Perms::Read);
    assert_eq!(oauth::checked(&json(r#"{"oauth":{"perms":"read","user":{"nsid":"x"}},"stat":"ok"}"#)), None);
}

#[test]
fn an_access_token_is_read_from_a_form_and_never_shown() {
    let body = "fullname=Jamal%20Fanaian&oauth_token=72157626318069415-087bfc7b5816092c&oauth_token_secret=a202d1f853ec69de&user_nsid=21207597%40N07&username=jamalfanaian";
    let access = oauth::access(answer(200, body)).unwrap();
    assert_eq!(
        (&*access.fullname, &*access.nsid, &*access.username),
        ("Jamal Fanaian", "21207597@N07", "jamalfanaian")
    );
    assert_eq!(access.token.secret.reveal(), "a202d1f853ec69de");
    assert!(!format!("{access:?}").contains("a202d1f853ec69de") && !format!("{access:?}").contains("72157"));

    for broken in ["user_nsid=21207597%40N07&", "user_nsid=21207597%40N07", "oauth_token=72157626318069415"] {
        let error = oauth::access(answer(200, &body.replace(broken, ""))).unwrap_err();
        let text = format!("{error:?} {error}");
        assert!(matches!(error, FlickrError::NotFlickr { .. }) && !text.contains("a202d1"), "{text}");
    }
}

#[test]
fn a_provider_that_does_not_confirm_the_callback_is_not_trusted() {
    let read = |confirmed: &str| {
        answer(200, &format!("{confirmed}oauth_token=a&oauth_token_secret=b\n"))
            .form(["oauth_token", "oauth_token_secret"])
    };
    let expected = Ok(["a".to_owned(), "b".to_owned()]);
    assert_eq!(read("oauth_callback_confirmed=true&"), expected);
    assert_eq!(read(""), expected);
    assert!(matches!(read("oauth_callback_confirmed=false&"), Err(FlickrError::NotFlickr { .. })));
}

#[test]
fn a_failure_is_read_with_any_status_and_either_form_of_its_code() {
    for (status, code) in [(200, "112"), (200, r#""112""#), (503, "112")] {
        let body = format!(r#"{{"stat":"fail","code":{code},"message":"Method \"flickr.fakeMethod\" not found"}}"#);
        let FlickrError::Failed { method, code, message } = refused(status, &body) else { panic!("{body}") };
        assert_eq!((method, code, &*message), ("flickr.push.subscribe", 112, "Method \"flickr.fakeMethod\" not found"));
    }
    assert!(matches!(refused(200, r#"{"stat":"fail","message":"?"}"#), FlickrError::NotFlickr { .. }));
}

#[test]
fn an_oauth_problem_is_read_raw() {
    let problem = |status, body: &str| match refused(status, body) {
        FlickrError::OAuth { problem, detail } => (problem, detail),
        other => panic!("{other:?}"),
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        problem(400, "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_callback"),
        pair("parameter_absent", "oauth_parameters_absent=oauth_callback")
    );
    assert_eq!(problem(401, "oauth_problem=token_rejected\n"), pair("token_rejected", ""));
    assert_eq!(
        problem(401, "oauth_problem=signature_invalid&debug_sbs=GET&https%3A%2F%2Fapi.flickr.com&a%3Db%26c%3Dd"),
        pair("signature_invalid", "debug_sbs=GET&https%3A%2F%2Fapi.flickr.com&a%3Db%26c%3Dd")
    );
    assert_eq!(
        problem(401, "debug_sbs=GET&a%3Db&oauth_problem=signature_invalid"),
        pair("signature_invalid", "debug_sbs=GET&a%3Db")
    );
    assert_eq!(problem(200, "oauth_problem=<b>nonce used</b>"), pair("bnonceusedb", ""));
}

#[test]
fn what_is_hidden_is_in_no_error_however_it_comes_back() {
    let callback = "https://wall.example.org/callback/12@N00-my_faves.9AQQCTNy7";
    let hidden = || vec![callback.to_owned(), String::new()];
    let once = "https%3A%2F%2Fwall.example.org%2Fcallback%2F12%40N00-my_faves.9AQQCTNy7";
    let twice = once.replace('%', "%25");
    for (status, body) in [
        (200, format!(r#"{{"stat":"fail","code":116,"message":"Bad URL found: {callback}"}}"#)),
        (401, format!("oauth_problem=signature_invalid&debug_sbs=POST&x&callback%3D{twice}%26format%3Djson&y={once}")),
        (200, format!(r#"{{"echo":"{}"}}"#, callback.replace('/', "\\/"))),
    ] {
        let answer = Answer { status, retry_after: None, body: body.clone().into(), hidden: hidden() };
        let error = answer.json("flickr.push.subscribe").unwrap_err();
        let text = format!("{error:?} {error}");
        assert!(text.contains('…') && !text.contains("9AQQCTNy7"), "{body}: {text}");
    }
}

#[test]
fn what_is_no_answer_of_flickrs_is_told_by_its_beginning_or_its_status() {
    let html = format!("<html>\n<b>{}", "x".repeat(2000));
    let FlickrError::NotFlickr { beginning } = refused(200, &html) else { panic!() };
    assert_eq!(beginning, format!("<html><b>{}", "x".repeat(71)));
    for body in ["", "{", r#"{"stat":"ok""#, "[]", "null", r#"{"stat":1}"#, r#"jsonFlickrApi({"stat":"ok"})"#] {
        assert!(matches!(refused(200, body), FlickrError::NotFlickr { .. }), "{body}");
        assert_eq!(refused(502, body), FlickrError::Status { status: 502, retry_after: None }, "{body}");
    }
    assert_eq!(refused(502, r#"{"stat":"ok"}"#), FlickrError::Status { status: 502, retry_after: None });
    assert!(answer(200, "\u{feff}{\"stat\":\"ok\"}").json("m").is_ok());
}

proptest! {
    #[test]
    fn no_bytes_at_all_make_the_reader_panic(
        status in any::<u16>(),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(oauth_problem=|oauth_token=|&|=|%|[a-z]{0,3}|\u{fe0f}){0,12}".prop_map(String::into_bytes),
            r#"\{"stat":"(ok|fail)","(code|oauth|topics|subscriptions|institutions)":("?-?[0-9]{1,25}"?|\[\]|\{"(topic|subscription|institution|user)":\[?\{"(name|nsid|topic)":[0-9e.]{1,9}\}\]?\})\}"#
                .prop_map(String::into_bytes),
        ],
        hidden in prop::collection::vec(".{0,3}", 0..3),
    ) {
        let answer = || Answer { status, retry_after: None, body: body.clone(), hidden: hidden.clone() };
        if let Ok(value) = answer().json("flickr.push.getTopics") {
            let _ = (sizes::sizes(&value), push::topics(&value), push::subscriptions(&value), commons::institutions(&value), oauth::checked(&value));
        }
        let _ = oauth::access(answer()).map_err(|error| (error.to_string(), error.sentence("https://wall.example.org")));
    }
}
