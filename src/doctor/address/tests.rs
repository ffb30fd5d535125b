//! What follows from what answers.

use super::*;
use crate::doctor::Mood;

const URL: &str = "https://wall.example.org";

fn facts(url: &str, asked: Asked) -> Address {
    Address {
        public_url: url.parse().unwrap(),
        given: true,
        must_be_public: false,
        listens: ([127, 0, 0, 1], 8080).into(),
        asked,
        elsewhere: Vec::new(),
        passage: None,
    }
}

fn us(query: &str) -> Asked {
    Asked::Us { query: query.into(), took: Duration::from_millis(12) }
}

fn stranger(status: u16, location: Option<&str>) -> Asked {
    Asked::Stranger { status, server: "nginx".into(), location: location.map(str::to_owned) }
}

fn nobody(cause: Unreached) -> Asked {
    Asked::Nobody { cause, detail: "error: tls: certificate has expired".into() }
}

fn url_of(facts: &Address) -> Check {
    judge(facts).remove(0)
}

#[test]
fn each_answer_has_its_cause() {
    let check = |url: &str, asked: Asked, found: Option<&str>, expected: &str| {
        let elsewhere = found.map(|it| (it.to_owned(), us(""))).into_iter().collect();
        let check = url_of(&Address { elsewhere, ..facts(url, asked.clone()) });
        assert_eq!(check.cause().map_or("", Cause::code), expected, "{url} {asked:?}: {}", check.told());
    };
    check(URL, us("a=b"), None, "");
    check("http://10.0.0.7:8080", us("a=b"), None, "not-from-outside");
    check("http://kitchen.local", us("a=b"), None, "not-from-outside");
    check("http://kitchen", us("a=b"), None, "not-from-outside");
    check(URL, Asked::Other { version: "0.0.9".into() }, None, "other-conduit");
    check(URL, stranger(200, None), None, "wrong-host");
    check(URL, stranger(404, None), Some("http://wall.example.org:8080"), "wrong-host");
    check("http://wall.example.org", stranger(301, Some("https://wall.example.org/")), None, "wrong-scheme");
    check("http://wall.example.org", stranger(308, Some("https://www.example.org/")), None, "sent-on");
    check(URL, stranger(502, None), None, "proxy-finds-nobody");
    check("http://wall.example.org", stranger(400, None), Some("https://wall.example.org"), "wrong-scheme");
    check(URL, nobody(Unreached::Tls), Some("http://wall.example.org"), "wrong-scheme");
    check(URL, nobody(Unreached::Tls), None, "bad-certificate");
    check(URL, nobody(Unreached::NoSuchHost), None, "no-such-host");
    check(URL, nobody(Unreached::NotConnected), Some("https://wall.example.org:8443"), "wrong-port");
    check("http://localhost:8081", nobody(Unreached::NotConnected), None, "wrong-port");
    check(URL, nobody(Unreached::NotConnected), None, "no-way");
    check(URL, nobody(Unreached::TimedOut), None, "no-way");
    check(URL, nobody(Unreached::BrokeOff), None, "no-way");
}

#[test]
fn the_words_name_the_address_and_what_to_do() {
    let told = |asked| url_of(&facts(URL, asked)).told().to_string();
    assert_eq!(
        told(stranger(200, None)),
        "PUBLIC_URL   ✗ https://wall.example.org answers, but it is another server (nginx says 200; no flickr-conduit \
         there). Point its proxy at port 8080 of this machine, or correct PUBLIC_URL."
    );
    assert_eq!(
        told(nobody(Unreached::Tls)),
        "PUBLIC_URL   ✗ https://wall.example.org makes no secure connection (certificate has expired). Renew its \
         certificate, or have it signed by an authority that browsers trust; a hub refuses it too."
    );
    assert!(told(us("")).starts_with("PUBLIC_URL   ✓ https://wall.example.org leads here, in 12 ms"));
}

#[test]
fn an_address_of_this_machine_is_a_mistake_only_where_flickr_must_call() {
    let local = || facts("http://localhost:8080", us("a=b"));
    assert_eq!(url_of(&local()).told().mood, Mood::Notice);
    assert_eq!(url_of(&Address { must_be_public: true, ..local() }).told().mood, Mood::Bad);
    let unset = url_of(&Address { given: false, ..local() });
    assert_eq!(unset.cause().map(Cause::code), Some("no-public-url"));
}

#[test]
fn what_passes_through_is_judged_piece_by_piece() {
    let good = || Passage { sent: "a=b%20c".into(), stream: StreamCame::Began(Duration::ZERO), socket: Ok(101) };
    let check = |came: &str, passage: Passage, expected: [(&str, Mood); 3]| {
        let all = judge(&Address { passage: Some(passage.clone()), ..facts(URL, us(came)) });
        let found: Vec<_> = all[1..].iter().map(|it| (it.cause().map_or("", Cause::code), it.told().mood)).collect();
        assert_eq!(found, expected, "{came} {passage:?}");
    };
    use Mood::{Bad, Good, Skipped};
    check("a=b%20c", good(), [("", Good); 3]);
    check("a=b+c", good(), [("query-stripped", Bad), ("", Good), ("", Good)]);
    // Without its query a stream is refused, and that is no further fault.
    let refused = Passage { stream: StreamCame::Refused(400), socket: Ok(400), ..good() };
    check("", refused.clone(), [("query-stripped", Bad), ("", Skipped), ("", Skipped)]);
    check("a=b%20c", refused, [("", Good), ("stream-refused", Bad), ("sockets-blocked", Bad)]);
    let buffered = Passage { stream: StreamCame::Nothing(Duration::from_secs(3)), ..good() };
    check("a=b%20c", buffered, [("", Good), ("stream-buffered", Bad), ("", Good)]);
    let cut = Passage { stream: StreamCame::Broke("broke off".into()), socket: Err("broke off".into()), ..good() };
    check("a=b%20c", cut, [("", Good), ("", Skipped), ("sockets-blocked", Bad)]);
}

#[test]
fn addresses_that_are_like_it_are_tried_too() {
    let alike = |url: &str| alike(&url.parse().unwrap(), 8080);
    assert_eq!(alike(URL), ["http://wall.example.org", "http://wall.example.org:8080"]);
    assert_eq!(
        alike("http://wall.example.org:8443"),
        [
            "https://wall.example.org:8443",
            "https://wall.example.org",
            "http://wall.example.org",
            "http://wall.example.org:8080"
        ]
    );
}
