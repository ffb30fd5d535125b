//! Each cause, provoked; the table of them is printed.

use std::future::Future;
use std::pin::Pin;

use flickr_conduit::clock::Clock;
use flickr_conduit::config::FlickrHub;
use flickr_conduit::doctor::Check;
use flickr_conduit::event_name::EventName;
use flickr_conduit::hub::bridge;
use flickr_conduit::hub::bridge::schedule::Pace;
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::{INSTITUTIONS, PEOPLE, Person};
use flickr_conduit::signing::Keys;
use flickr_conduit::store::Store;
use flickr_conduit::topic::Topic;
use jiff::SignedDuration;

use super::{Habit, Making, Patient, causes, lines};
use crate::support::socket::Socket;
use crate::support::{feeds, path, until, verification};

type Case = Pin<Box<dyn Future<Output = Vec<Check>>>>;

const IDA: &Person = &PEOPLE[0];

/// Examines a patient that is made in this way, and does nothing else.
async fn only(making: Making) -> Vec<Check> {
    let patient = Patient::made(making).await;
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

async fn behind(habit: Habit) -> Vec<Check> {
    only(Making { habit: Some(habit), ..Making::default() }).await
}

async fn at(public_url: String, hub: FlickrHub) -> Vec<Check> {
    only(Making { habit: None, public_url: Some(public_url), hub, ..Making::default() }).await
}

/// A port that nobody listens on.
async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// A subscription at a push that has this fault.
async fn subscribing(fault: Fault, hub: FlickrHub) -> Vec<Check> {
    let patient = Patient::at_hub(hub).await;
    patient.flickr.practice.realm().faults.set(fault, 1_000);
    patient.subscribe(IDA, Topic::MyFaves).await;
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

/// Somebody who has signed in, and of whom Flickr then thinks otherwise.
async fn permitted(change: impl FnOnce(&Patient)) -> Vec<Check> {
    let patient = Patient::new().await;
    patient.sign_in(IDA).await;
    change(&patient);
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

/// A hub calls, by whatever address; what it was answered does not matter.
async fn call(patient: &Patient, address: &str, body: Option<&str>) {
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let address = format!("http://127.0.0.1:{}{}", patient.served.port, path(address));
    let request = match body {
        Some(body) => client.post(address).body(body.to_owned()),
        None => client.get(address),
    };
    request.send().await.unwrap();
}

async fn wrong_scheme() -> Vec<Check> {
    // The very port, by the other scheme.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let flickr = crate::support::practice::PracticeFlickr::new(crate::support::practice::haste()).await;
    let configure = |config| flickr_conduit::config::Config {
        public_url: Some(format!("https://127.0.0.1:{port}").parse().unwrap()),
        ..config
    };
    let dir = tempfile::tempdir().unwrap();
    let served = crate::support::practice::serve_with(&flickr, dir, port, configure, |it| it).await;
    let patient = Patient { flickr, served };
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

async fn token_differs() -> Vec<Check> {
    let patient = Patient::new().await;
    let mut minted = patient.served.conduit.mint("kittens").unwrap();
    minted.verify_token = "somebody-elses".into();
    call(&patient, &verification(&minted, "subscribe", "c"), None).await;
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

async fn secret_key_changed() -> Vec<Check> {
    let patient = Patient::at_hub(FlickrHub::Flickr).await;
    let it = patient.subscribe(IDA, Topic::MyFaves).await;
    // The hub calls what an earlier key had signed.
    let before = Keys::derive("what SECRET_KEY was before");
    let address = format!("/callback/{}?mode=subscribe&challenge=c&verify_token=x", before.callback(&it.event));
    call(&patient, &address, None).await;
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

async fn not_parsed() -> Vec<Check> {
    let patient = Patient::new().await;
    let minted = patient.served.conduit.mint("kittens").unwrap();
    let wall = Socket::open(&minted.stream).await;
    call(&patient, &minted.callback, Some("<html><body>It works!</body></html>")).await;
    let checks = patient.examine().await;
    drop(wall);
    patient.end().await;
    checks
}

async fn nobody_subscribed() -> Vec<Check> {
    let patient = Patient::new().await;
    // Somebody watches one name, and the hub delivers to another.
    let wall = Socket::open(&patient.served.conduit.mint("kittens").unwrap().stream).await;
    call(&patient, &patient.served.conduit.mint("kitten").unwrap().callback, Some(&feeds::added(1..2))).await;
    let checks = patient.examine().await;
    drop(wall);
    patient.end().await;
    checks
}

async fn nothing_happened() -> Vec<Check> {
    let flickr = crate::support::practice::PracticeFlickr::new(crate::support::practice::haste()).await;
    let quick = |it: flickr_conduit::Conduit| {
        let pace = Pace { gap: std::time::Duration::from_millis(10), ..Pace::default() };
        it.with_bridge(bridge::Settings {
            pace,
            look: std::time::Duration::from_millis(50),
            ..bridge::Settings::default()
        })
    };
    let bridge_only = |config| flickr_conduit::config::Config { flickr_hub: FlickrHub::Bridge, ..config };
    let dir = tempfile::tempdir().unwrap();
    let served = crate::support::practice::serve_with(&flickr, dir, 0, bridge_only, quick).await;
    crate::support::practice::visitor(&served, IDA).await;
    let patient = Patient { flickr, served };
    // Nobody has ever tagged anything so.
    let topic = Topic::tags(["neverusedtag"]).unwrap();
    let subscriber = patient.served.conduit.subscriber();
    let event = subscriber.want(IDA.nsid, &[topic]).await.unwrap().remove(0);
    until("the bridge to have asked", async || patient.served.conduit.bridge().served(&event).and_then(|it| it.newest))
        .await;
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

async fn budget_used_up() -> Vec<Check> {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    store.record_budget(0.0, Clock::system().now()).await.unwrap();
    drop(store);
    only(Making { dir, ..Making::default() }).await
}

async fn folder_full() -> Vec<Check> {
    let dir = tempfile::tempdir().unwrap();
    // The system's own full device, where the doctor writes to see whether anything can be.
    std::os::unix::fs::symlink("/dev/full", dir.path().join("doctor")).unwrap();
    only(Making { dir, ..Making::default() }).await
}

async fn folder_unwritable() -> Vec<Check> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("doctor")).unwrap();
    only(Making { dir, ..Making::default() }).await
}

fn ahead() -> Making {
    let now = Clock::system().now() + SignedDuration::from_mins(20);
    Making { clock: Clock::still(now, 1), ..Making::default() }
}

/// Long enough that no callback is short enough.
fn long_url() -> String {
    format!("http://{}.{}.{}.localhost:8080", "a".repeat(60), "b".repeat(60), "c".repeat(60))
}

async fn too_long() -> Vec<Check> {
    let patient = Patient::made(Making {
        habit: None,
        public_url: Some(long_url()),
        hub: FlickrHub::Flickr,
        ..Making::default()
    })
    .await;
    // Signing in goes by PUBLIC_URL, which leads nowhere: the account is recorded as that would.
    let account = flickr_conduit::store::Account {
        nsid: IDA.nsid.into(),
        name: IDA.name.into(),
        token: None,
        since: Clock::system().now(),
        signed_in_at: Clock::system().now(),
    };
    let folder = patient.served.dir.path().to_owned();
    Store::open(&folder).unwrap().record_account(account).await.unwrap();
    patient
        .served
        .conduit
        .subscriber()
        .want(IDA.nsid, &[Topic::tags(["cat", "kitten", "whiskers"]).unwrap()])
        .await
        .unwrap();
    let checks = patient.examine().await;
    patient.end().await;
    checks
}

/// The table: what is provoked, the cause that must be named, others that go with it, and how.
fn table(closed: u16) -> Vec<(&'static str, &'static str, &'static [&'static str], Case)> {
    use FlickrHub::{Auto, Flickr};
    const LOCAL: &[&str] = &["not-from-outside"];
    const SCHEME: &str = "https://elsewhere.example.org";
    vec![
        ("PUBLIC_URL missing", "no-public-url", &[], Box::pin(only(Making { habit: None, ..Making::default() }))),
        ("PUBLIC_URL: wrong host", "wrong-host", &[], Box::pin(behind(Habit::IsAnother))),
        ("PUBLIC_URL: wrong host, which sends on", "sent-on", &[], Box::pin(behind(Habit::SendsOn(SCHEME.into())))),
        ("PUBLIC_URL: wrong scheme", "wrong-scheme", &[], Box::pin(wrong_scheme())),
        (
            "PUBLIC_URL: wrong scheme, http sends on to https",
            "wrong-scheme",
            &[],
            Box::pin(behind(Habit::SendsOn("https://127.0.0.1".into()))),
        ),
        ("PUBLIC_URL: wrong port", "wrong-port", &[], Box::pin(at(format!("http://127.0.0.1:{closed}"), Auto))),
        ("PUBLIC_URL: no such name", "no-such-host", &[], Box::pin(at("http://wall.invalid".into(), Auto))),
        ("PUBLIC_URL: no answer", "no-way", &[], Box::pin(behind(Habit::HangsUp))),
        ("PUBLIC_URL: a proxy with nobody behind it", "proxy-finds-nobody", &[], Box::pin(behind(Habit::FindsNobody))),
        (
            "PUBLIC_URL: not reachable from outside",
            "not-from-outside",
            &[],
            Box::pin(only(Making { hub: Flickr, ..Making::default() })),
        ),
        ("a proxy strips the query", "query-stripped", LOCAL, Box::pin(behind(Habit::StripsQuery))),
        ("a proxy rewrites the query", "query-stripped", LOCAL, Box::pin(behind(Habit::RewritesQuery))),
        ("a proxy buffers event streams", "stream-buffered", LOCAL, Box::pin(behind(Habit::BuffersStreams))),
        ("a proxy blocks WebSocket upgrades", "sockets-blocked", LOCAL, Box::pin(behind(Habit::RefusesUpgrades))),
        ("FLICKR_KEY wrong", "key-wrong", LOCAL, Box::pin(only(Making { key: "nobodys-key", ..Making::default() }))),
        (
            "FLICKR_SECRET wrong",
            "secret-wrong",
            LOCAL,
            Box::pin(only(Making { secret: "guessed", ..Making::default() })),
        ),
        ("the clock is off by 20 minutes", "clock-off", LOCAL, Box::pin(only(ahead()))),
        ("the account is not Pro (error 5)", "not-pro", LOCAL, Box::pin(subscribing(Fault::NotPro, Flickr))),
        (
            "the permission was taken back",
            "token-revoked",
            LOCAL,
            Box::pin(permitted(|it| it.flickr.practice.desk().revoke(IDA.nsid))),
        ),
        (
            "the permission does not allow it",
            "permission-missing",
            LOCAL,
            Box::pin(permitted(|it| it.flickr.practice.realm().faults.set(Fault::NotAllowed, 9))),
        ),
        (
            "the callback is too long",
            "callback-too-long",
            &["no-such-host", "wrong-port", "no-way", "token-revoked", "not-from-outside"],
            Box::pin(too_long()),
        ),
        (
            "the callback is in use (error 3)",
            "callback-in-use",
            LOCAL,
            Box::pin(subscribing(Fault::CallbackInUse, Flickr)),
        ),
        (
            "a verification is pending (error 6)",
            "verification-pending",
            LOCAL,
            Box::pin(subscribing(Fault::Awaiting, Flickr)),
        ),
        ("the hub refuses (error 4)", "hub-refuses", LOCAL, Box::pin(subscribing(Fault::PushOff, Flickr))),
        (
            "the hub refuses, and the bridge serves",
            "hub-refuses",
            &["not-from-outside", "nothing-happened"],
            Box::pin(subscribing(Fault::PushOff, Auto)),
        ),
        ("the hub never calls", "hub-never-calls", LOCAL, Box::pin(subscribing(Fault::NeverCalls, Flickr))),
        ("the hub calls with another token", "token-differs", LOCAL, Box::pin(token_differs())),
        ("SECRET_KEY changed", "secret-key-changed", &["not-from-outside", "silent"], Box::pin(secret_key_changed())),
        ("deliveries cannot be parsed", "not-parsed", LOCAL, Box::pin(not_parsed())),
        ("nobody is subscribed to the event name", "nobody-subscribed", LOCAL, Box::pin(nobody_subscribed())),
        ("nothing happened", "nothing-happened", &["no-public-url"], Box::pin(nothing_happened())),
        ("DATA_DIR is not writable", "folder-unwritable", LOCAL, Box::pin(folder_unwritable())),
        ("DATA_DIR is full", "folder-full", LOCAL, Box::pin(folder_full())),
        ("the budget is used up", "budget-used-up", LOCAL, Box::pin(budget_used_up())),
    ]
}

#[tokio::test]
async fn every_cause_is_named_and_no_other_and_has_a_remedy() {
    let closed = closed_port().await;
    let (mut named, mut wrong, mut printed) = (0, Vec::new(), String::new());
    let table = table(closed);
    let all = table.len();
    for (n, (what, expected, beside, case)) in table.into_iter().enumerate() {
        let checks = case.await;
        let found = causes(&checks);
        let line = checks.iter().find(|it| it.cause().is_some_and(|it| it.code() == expected));
        let others: Vec<_> = found.iter().filter(|(it, _)| *it != expected && !beside.contains(it)).collect();
        let has_remedy = line.is_some_and(|it| !it.told().remedy.is_empty());
        let told = line.map_or_else(|| "NOT NAMED".to_owned(), |it| it.told().to_string());
        printed.push_str(&format!("{:>2}  {what}\n    {told}\n", n + 1));
        if line.is_some() && others.is_empty() && has_remedy {
            named += 1;
        } else {
            wrong.push(format!("{what}: expected {expected}, found {found:?}\n{}", lines(&checks)));
        }
    }
    println!("{printed}\n{named} of {all} are named, each with its remedy");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who is no Pro account at the practice Flickr needs no fault for it.
#[tokio::test]
async fn an_account_that_is_not_pro_is_told_so_by_its_own_flickr() {
    let outsider = PEOPLE.iter().chain(&INSTITUTIONS).find(|it| !it.is_pro()).expect("one of them is not");
    let patient = Patient::at_hub(FlickrHub::Flickr).await;
    patient.sign_in(outsider).await;
    let checks = patient.examine().await;
    assert!(causes(&checks).contains(&("not-pro", true)), "{}", lines(&checks));
    patient.end().await;
}

/// What is signed with another key is of no account here, so nobody is told of it.
#[tokio::test]
async fn a_stranger_who_makes_up_callbacks_alarms_nobody() {
    let patient = Patient::new().await;
    let other = Keys::derive("a key of somebody else's");
    let event: EventName = "kittens".parse().unwrap();
    call(&patient, &format!("/callback/{}?mode=subscribe&challenge=c", other.callback(&event)), None).await;
    let checks = patient.examine().await;
    assert!(!causes(&checks).iter().any(|(it, _)| *it == "secret-key-changed"), "{}", lines(&checks));
    patient.end().await;
}
