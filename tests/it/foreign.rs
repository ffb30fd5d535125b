//! Subscribers that are not ours receive from the public hub: Flask-WebSub, as PyPI has it, and one that behaves as the
//! flickr-conduit of 2011 did. The first needs python3 with venv, and PyPI the first time.

mod original;

use std::path::Path;
use std::process::Stdio;

use flickr_conduit::config::Config;
use flickr_conduit::hub::faults::Fault;
use flickr_conduit::hub::people::PEOPLE;
use flickr_conduit::practice::stage::Act;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::Command;

use crate::bridge::hurried;
use crate::support::practice::{PracticeFlickr, haste, serve_with};
use crate::support::program::{self, Program, next_line};
use crate::support::{Served, python, until};
use original::Original;

/// A practice Flickr whose push is off, and a conduit that opens the bridge to strangers.
async fn open() -> (PracticeFlickr, Served) {
    let flickr = PracticeFlickr::new(haste()).await;
    flickr.practice.realm().faults.set(Fault::PushOff, 1);
    let open = |config| Config { hub_public: true, ..config };
    let served = serve_with(&flickr, tempfile::tempdir().unwrap(), 0, open, |it| it.with_bridge(hurried())).await;
    (flickr, served)
}

fn kitten(flickr: &PracticeFlickr, title: &str) {
    let (title, tags) = (Some(title.to_owned()), Some(vec!["kitten".to_owned()]));
    flickr.play(&PEOPLE[0], Act::Upload { title, tags, latitude: None, longitude: None });
}

#[tokio::test]
async fn flask_websub_discovers_subscribes_receives_renews_and_ends() {
    let (flickr, served) = open().await;
    let topic = format!("http://localhost:{}/topics/tags?tags=kitten", served.port);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/websub/subscribe.py");
    let mut command = Command::new(python::python("flask_websub", "Flask-WebSub==0.4.1").await);
    command.arg(script).arg(topic.replace("kitten", "Kitten")).kill_on_drop(true);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut stdin = child.stdin.take().unwrap();
    let mut said =
        async || -> Value { serde_json::from_str(&next_line(&mut lines).await.expect("it says something")).unwrap() };
    let found = said().await;
    assert_eq!(found["hub_url"], format!("http://localhost:{}/hub", served.port));
    assert_eq!(found["topic_url"], topic);
    assert_eq!(said().await["event"], "subscribe");
    let hub = served.conduit.bridge().hub();
    let verified = async || hub.all().iter().any(|it| it.guest && !it.pending).then_some(());
    until("the hub has noted its answer", verified).await;
    kitten(&flickr, "For a stranger");
    let delivery = said().await;
    assert_eq!((&delivery["event"], &delivery["topic"]), (&"delivery".into(), &topic.clone().into()));
    assert!(delivery["body"].as_str().unwrap().contains("<title>For a stranger</title>"), "{delivery}");
    stdin.write_all(b"renew\n").await.unwrap();
    assert_eq!(said().await["event"], "subscribe");
    kitten(&flickr, "For a stranger, still");
    assert!(said().await["body"].as_str().unwrap().contains("still"));
    stdin.write_all(b"unsubscribe\n").await.unwrap();
    assert_eq!(said().await["event"], "unsubscribe");
    until("the hub has let it go", async || hub.all().is_empty().then_some(())).await;
    drop(stdin);
    assert!(child.wait().await.unwrap().success());
    served.stop().await;
    flickr.stop().await;
}

#[tokio::test]
async fn a_flickr_conduit_of_2011_receives_too() {
    let (flickr, served) = open().await;
    let original = Original::listen("tags-kitten").await;
    let rest = format!("http://localhost:{}/services/rest/", served.port);
    let form = [
        ("method", "flickr.push.subscribe"),
        ("format", "json"),
        ("nojsoncallback", "1"),
        ("topic", "tags"),
        ("tags", "kitten,kittens"),
        ("verify", "async"),
        ("verify_token", original::TOKEN),
        ("callback", &*original.callback),
    ];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let request = client.post(rest).header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), r#"{"stat":"ok"}"#);
    let hub = served.conduit.bridge().hub();
    let verified = async || hub.all().iter().any(|it| it.guest && !it.pending).then_some(());
    until("it is verified", verified).await;
    kitten(&flickr, "For an old friend");
    let photo = until("it has the photo", async || original.emitted()).await;
    assert_eq!(photo.title, "For an old friend");
    assert!(photo.url.starts_with("http") && photo.page.contains("/photos/"), "{photo:?}");
    served.stop().await;
    flickr.stop().await;
}

#[tokio::test]
async fn the_demo_is_open_to_strangers_when_it_is_told_to() {
    let status = async |more: &[&str]| {
        let dir = tempfile::tempdir().unwrap();
        let mut command = program::command(dir.path());
        command.args(["demo", "--port", "0", "--pace", "3600"]).args(more);
        let demo = Program::start(command).await;
        let address = format!("http://127.0.0.1:{}/hub", demo.port);
        let client = flickr_conduit::hub::endpoint::client().unwrap();
        let status = client.get(address).send().await.unwrap().status().as_u16();
        demo.kill().await;
        status
    };
    assert_eq!(status(&["--hub-public"]).await, 200);
    assert_eq!(status(&[]).await, 404);
}
