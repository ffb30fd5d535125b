//! The fave test: on the practice Flickr, in Chromium and in a terminal, when all is well and with a fault at each hop.

use std::time::Duration;

use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::PEOPLE;
use flickr_conduit::topic::Topic;
use jiff::SignedDuration;
use serde_json::Value;

use crate::support::Served;
use crate::support::browser::Browser;
use crate::support::practice::{PracticeFlickr, haste, serve, visitor};
use crate::support::program::{Program, command};
use crate::support::visitor::Visitor;
use crate::support::{path, until};

const A_DAY: SignedDuration = SignedDuration::from_hours(24);
const FRAME: &str = "document.getElementById('screen').contentDocument.body.dataset.connection";

/// A server whose first person follows their own faves.
async fn story() -> (PracticeFlickr, Served) {
    let flickr = PracticeFlickr::new(haste()).await;
    let served = serve(&flickr, tempfile::tempdir().unwrap(), A_DAY).await;
    visitor(&served, &PEOPLE[0]).await;
    let subscriber = served.conduit.subscriber();
    let events = subscriber.want(PEOPLE[0].nsid, &[Topic::MyFaves]).await.unwrap();
    subscriber.settle(&events, Duration::from_secs(10)).await.unwrap();
    (flickr, served)
}

/// The page, by the operator's link, with its screen connected.
async fn open(served: &Served) -> Browser {
    let browser = Browser::open().await;
    browser.client.goto(&served.conduit.operator_link()).await.unwrap();
    browser.client.goto(&format!("http://localhost:{}/debug/fave", served.port)).await.unwrap();
    browser.shows(FRAME, "live").await;
    browser
}

/// Presses the button, each hop being waited for that long, and waits for the end. What the page shows: each hop with its
/// stand, its time and its words, and the summary.
async fn press(browser: &Browser, wait: u64) -> (Vec<(String, String, String, String)>, String) {
    let field = format!(
        "let it = document.querySelector('[name=wait]') || document.createElement('input'); it.type = 'hidden'; \
         it.name = 'wait'; it.value = '{wait}'; document.getElementById('begin').append(it);"
    );
    browser.script(&field).await;
    let before = browser.script("return document.getElementById('test').dataset.id").await;
    browser.press("#go").await;
    until("the test to be over", async || {
        let script = "let it = document.getElementById('test').dataset; return [it.id, it.over]";
        let now = browser.script(script).await;
        (now[0] != before && now[1] == "true").then_some(())
    })
    .await;
    let script = "return Array.from(document.querySelectorAll('.stop'), (it) => [it.querySelector('.name').textContent, \
                  it.className.replace('stop ', ''), it.querySelector('.time').textContent, \
                  (it.querySelector('.said').textContent + ' ' + it.querySelector('.usually').textContent).trim()])";
    let hops = browser.script(script).await;
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let hop = |it: &Value| (text(&it[0]), text(&it[1]), text(&it[2]), text(&it[3]));
    let hops = hops.as_array().unwrap().iter().map(hop).collect();
    (hops, text(&browser.script("return document.getElementById('summary').textContent").await))
}

fn print(what: &str, hops: &[(String, String, String, String)], summary: &str) {
    println!("{what}: {summary}");
    for (name, stand, time, words) in hops {
        println!("    {name:<14} {stand:<8} {time:<8} {words}");
    }
}

#[tokio::test]
async fn every_hop_is_shown_within_three_seconds_and_a_fault_at_each_is_named() {
    let (flickr, served) = story().await;
    let browser = open(&served).await;
    let faults = &flickr.practice.realm().faults;
    let (hops, summary) = press(&browser, 20).await;
    print("nothing wrong", &hops, &summary);
    browser.keep("fave").await;
    assert!(hops.iter().all(|it| it.1 == "came"), "{hops:?}");
    let total: f64 = hops[4].2.trim_matches(['+', 's', ' ']).parse().unwrap();
    assert!(total < 3.0, "{total} s");
    assert!(
        browser.script("return document.getElementById('cleaned').textContent").await == "The fave was taken back."
    );
    let faves = |person| flickr.practice.realm().world(|world| world.faves_of(person, Some(person)).len());
    assert_eq!(faves(&PEOPLE[0]), 0, "it cleaned up after itself");

    let mut named = 0;
    for (n, (fault, hop)) in [
        (Fault::RestDown, "API answered"),
        (Fault::Lost, "hub called"),
        (Fault::Garbled, "parsed"),
        (Fault::NoPictures, "screen painted"),
    ]
    .into_iter()
    .enumerate()
    {
        faults.set(fault, 1_000);
        let (hops, summary) = press(&browser, 4).await;
        print(fault.words(), &hops, &summary);
        browser.keep(&format!("fave-missing-{n}")).await;
        faults.set(fault, 0);
        let missing: Vec<_> = hops.iter().filter(|it| it.1 == "missing").map(|it| it.0.as_str()).collect();
        named += usize::from(missing == [hop] && summary == format!("Missing: {hop}."));
        assert_eq!(missing, [hop], "{fault:?} {hops:?}");
        // What waits is not the next test's.
        settled(&flickr).await;
        if fault == Fault::Garbled {
            // A hub that was refused pauses before it calls again, longer each time: one that comes through ends that.
            let (hops, _) = press(&browser, 60).await;
            assert_eq!(hops[3].1, "came", "all is well again: {hops:?}");
            settled(&flickr).await;
        }
    }
    // The bus: the history's file is held by another program.
    let history = rusqlite::Connection::open(served.dir.path().join("history.db")).unwrap();
    history.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (hops, summary) = press(&browser, 12).await;
    print("the history is locked by another program", &hops, &summary);
    history.execute_batch("ROLLBACK").unwrap();
    let missing: Vec<_> = hops.iter().filter(|it| it.1 == "missing").map(|it| it.0.as_str()).collect();
    assert_eq!(missing, ["bus"], "{hops:?}");
    named += 1;
    println!("{named} of 5 faults are named by their hop");
    assert_eq!(named, 5);
    browser.close().await;
    served.stop().await;
    flickr.stop().await;
}

/// Waits until the hub has nothing to deliver any more.
async fn settled(flickr: &PracticeFlickr) {
    let seen = std::cell::Cell::new(usize::MAX);
    until("the hub to be done", async || {
        let hub = &flickr.practice.realm().hub;
        let now = hub.pushed().len();
        let quiet = hub.counts().waiting == 0 && seen.replace(now) == now;
        quiet.then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_test_account_is_asked_for_write_and_makes_no_wall() {
    let (flickr, served) = story().await;
    let mut ida = visitor(&served, &PEOPLE[0]).await;
    let page = ida.get("/debug/fave").await;
    assert!(page.text.contains("may\n  <b>write</b>"), "{}", page.text);
    connect(&mut ida, PEOPLE[0].nsid).await;
    let page = ida.get("/debug/fave").await;
    assert!(page.text.contains("The test account") && page.text.contains("Forget it"), "{}", page.text);
    let faved = fave(&mut ida).await;
    assert_eq!(faved["hops"][0]["stand"], "came", "{faved}");
    assert_eq!(faved["hops"][3]["stand"], "came", "{faved}");
    assert_eq!(faved["cleaned"], "The fave was taken back.");

    // Flickr is asked for the API's part too, and that is named when it fails.
    flickr.practice.realm().faults.set(Fault::NotAllowed, 1_000);
    let faved = fave(&mut ida).await;
    assert_eq!(
        (&faved["summary"], &faved["hops"][0]["stand"]),
        (&"Missing: API answered.".into(), &"missing".into()),
        "{faved}"
    );
    flickr.practice.realm().faults.set(Fault::NotAllowed, 0);

    // Another one's permission is kept apart from accounts: no session, no wall.
    connect(&mut ida, PEOPLE[5].nsid).await;
    let mut other = Visitor::new(&ida.base);
    assert_ne!(other.get("/walls").await.status, 200);
    let walls = ida.get("/account").await.text;
    assert!(!walls.contains(PEOPLE[5].nsid));
    ida.post("/debug/fave/forget", &[]).await;
    assert!(ida.get("/debug/fave").await.text.contains("Connect a test account"));
    served.stop().await;
    flickr.stop().await;
}

/// Connects a test account, by Flickr's pages.
async fn connect(visitor: &mut Visitor, nsid: &str) {
    let begun = visitor.post("/debug/fave/connect", &[]).await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert!(begun.text.contains("perms=write"), "{}", begun.text);
    let back = visitor.allow(&begun, nsid, "write").await;
    let done = visitor.get(path(&back)).await;
    assert_eq!(done.status, 303, "{}", done.text);
}

/// Presses the button, and waits for the end of it.
async fn fave(visitor: &mut Visitor) -> Value {
    let before = visitor.get("/debug/fave").await.text;
    let begun = visitor.post("/debug/fave", &[("wait", "3")]).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let page = visitor.get("/debug/fave").await.text;
    let id = |page: &str| page.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_ne!(id(&before), id(&page), "a test has begun");
    let address = format!("/debug/fave/{}", id(&page));
    loop {
        // Each hop has its limit, so this has an end.
        let told: Value = serde_json::from_str(&visitor.get(&address).await.text).unwrap();
        if told["over"] == true {
            return told;
        }
    }
}

#[tokio::test]
async fn the_demo_needs_no_account_and_the_terminal_shows_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut demo = command(dir.path());
    demo.args(["demo", "--port", "0", "--pace", "3600"]);
    let demo = Program::start(demo).await;
    let folder = dir.path().join("demo");
    let mut fave = command(&folder);
    fave.args(["fave", "--wait", "6"]);
    // The demo's wall is open: somebody follows it.
    let link =
        flickr_conduit::signing::Keys::derive(std::fs::read_to_string(folder.join("secret_key")).unwrap().trim());
    let token = link.stream_token(&"demo".parse().unwrap());
    let stream = format!("http://localhost:{}/stream?token={token}", demo.port);
    let socket = crate::support::socket::Socket::open(&stream).await;
    let out = fave.output().await.unwrap();
    let told = String::from_utf8_lossy(&out.stdout).into_owned();
    println!("{told}{}", String::from_utf8_lossy(&out.stderr));
    for hop in ["API answered   ✓ +", "hub called     ✓ +", "parsed         ✓ +", "bus            ✓ +"] {
        assert!(told.contains(hop), "{hop}: {told}");
    }
    // No screen is open, only a stream, so the last hop is missing, and that is said.
    assert!(
        told.contains("screen painted ✗ It was handed to 1 stream") && told.contains("Missing: screen painted."),
        "{told}"
    );
    assert_eq!(out.status.code(), Some(1));
    drop(socket);
    demo.kill().await;
    let mut alone = command(&folder);
    let out = alone.args(["fave", "--port", "9"]).output().await.unwrap();
    assert!(String::from_utf8_lossy(&out.stderr).contains("start it with the same settings first"));
}
