//! The program: real processes, real signals, and a disk that outlives them.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flickr_conduit::hub::people;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio_util::sync::CancellationToken;

use crate::support::program::{Program, command, mint, next_line};
use crate::support::socket::Socket;
use crate::support::visitor::Visitor;
use crate::support::{feeds, photo_ids, until, verification};

fn client() -> reqwest::Client {
    flickr_conduit::hub::endpoint::client().unwrap()
}

async fn text(address: &str) -> String {
    client().get(address).send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn what_mint_prints_works_with_a_server_on_the_same_folder() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    assert_eq!(text(&verification(&minted, "subscribe", "c")).await, "c");
    let posted = client().post(&minted.callback).body(feeds::added(1..2)).send().await.unwrap();
    assert_eq!(posted.text().await.unwrap(), "1 new, 0 repeated, 0 skipped, 0 bad\n");
    assert!(text(&minted.wall).await.contains("kittens"));
    let mut stream = Socket::open(&minted.stream).await;
    assert_eq!(stream.photos(1).await, ["1"]);

    let key = std::fs::metadata(dir.path().join("secret_key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let (status, log) = server.terminate().await;
    assert!(status.success(), "{status} {log:#?}");
    assert!(log.iter().any(|it| it.contains("no SECRET_KEY was given: made one and keep it")), "{log:#?}");
}

#[tokio::test]
async fn each_delivery_is_one_line_of_the_log_with_its_outcome() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    for body in [feeds::added(1..4), feeds::feed(&(feeds::entry(9, "t") + "<entry/>")), "nonsense".into()] {
        client().post(&minted.callback).body(body).send().await.unwrap();
    }
    let (_, log) = server.terminate().await;
    let lines: Vec<serde_json::Value> = log.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
    let deliveries: Vec<_> = lines.iter().filter(|it| it["message"] == "delivery").collect();
    let outcomes: Vec<_> = deliveries.iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["published", "published_in_part", "not_a_feed"]);
    assert_eq!((&deliveries[0]["callback.event"], &deliveries[0]["fresh"]), (&"kittens".into(), &3.into()));
    assert!(deliveries[2]["reason"].as_str().unwrap().contains("line 1, column 1"), "{}", deliveries[2]);
    let problems: Vec<_> = lines.iter().filter(|it| it["message"] == "bad entry").collect();
    assert_eq!(problems.len(), 1);
    assert!(problems[0]["problem"].as_str().unwrap().contains("line"), "{}", problems[0]);
    let secret = minted.callback.rsplit_once('.').unwrap().1;
    assert!(!log.iter().any(|it| it.contains(secret)), "no callback's MAC is in the log");
}

#[tokio::test]
async fn all_mistakes_of_the_configuration_are_told_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut serve = command(dir.path());
    serve
        .arg("serve")
        .env("PORT", "eighty")
        .env("FLICKR_KEY", "k")
        .env("PUBLIC_URL", "wall")
        .env("SECRET_KEY", "short");
    let out = serve.output().await.unwrap();
    let told = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(2));
    for variable in ["PORT", "PUBLIC_URL", "SECRET_KEY", "FLICKR_SECRET"] {
        assert!(told.lines().any(|it| it.trim_start().starts_with(variable)), "{variable}: {told}");
    }
}

#[tokio::test]
async fn what_stands_in_the_way_is_named_with_its_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let port = server.port.to_string();
    let told = async |mut command: tokio::process::Command| {
        let out = command.output().await.unwrap();
        assert_eq!(out.status.code(), Some(1));
        String::from_utf8(out.stderr).unwrap()
    };
    let other = tempfile::tempdir().unwrap();
    let mut taken = command(other.path());
    taken.args(["serve", "--port", &port]);
    let taken = told(taken).await;
    assert!(taken.contains(&format!("cannot listen on 127.0.0.1:{port}: another program is there")), "{taken}");

    let mut second = command(dir.path());
    second.args(["serve", "--port", "0"]);
    let second = told(second).await;
    assert!(second.contains("is in use by another flickr-conduit: stop that one"), "{second}");

    let damaged = tempfile::tempdir().unwrap();
    std::fs::write(damaged.path().join("history.db"), "this is no database, however long it may be ".repeat(99))
        .unwrap();
    let mut start = command(damaged.path());
    start.args(["serve", "--port", "0"]);
    let start = told(start).await;
    assert!(start.contains("history.db cannot be used") && start.contains("Move it away"), "{start}");

    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    let mut no_folder = command(&file.join("data"));
    no_folder.args(["serve", "--port", "0"]);
    let no_folder = told(no_folder).await;
    assert!(no_folder.contains("DATA_DIR") && no_folder.contains("Name a folder"), "{no_folder}");

    let mut bad_name = command(other.path());
    bad_name.args(["mint", "my kittens"]);
    assert!(told(bad_name).await.contains("letters, digits and @ . _ ~ : - only, and not ' '"));
    server.kill().await;
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_thousand_deliveries_loses_nothing_acknowledged_and_repeats_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let port = server.port;
    let names = ["a", "b", "c", "d"];
    let mut minted = HashMap::new();
    for name in names {
        minted.insert(name, mint(dir.path(), port, name).await);
    }
    let streams: Vec<_> = names.iter().map(|name| minted[name].stream.split_once('?').unwrap().1).collect();
    let stream = format!("http://localhost:{port}/stream?{}&last=0", streams.join("&"));

    // A reader that notes what it sees and where it is, until the server dies.
    let mut socket = Socket::open(&stream).await;
    let hello = socket.next().await;
    let n_read = Arc::new(AtomicU64::new(0));
    let reading = tokio::spawn({
        let n_read = n_read.clone();
        async move {
            let (mut seen, mut position) = (Vec::new(), hello["position"].as_str().unwrap().to_owned());
            while let Some(message) = socket.try_next().await {
                seen.push((message["event"].to_string(), message["photo"]["id"].to_string()));
                position = message["position"].as_str().unwrap().to_owned();
                n_read.fetch_add(1, Ordering::Relaxed);
            }
            (seen, position)
        }
    });

    // Four hubs deliver two hundred and fifty times each, and note what was acknowledged. However slow the reader is, they
    // leave something to do for after the kill.
    let killed = CancellationToken::new();
    let hubs: Vec<_> = names
        .iter()
        .map(|name| {
            let (callback, killed) = (minted[name].callback.clone(), killed.clone());
            tokio::spawn(async move {
                let client = client();
                let mut kept = Vec::new();
                for id in 0..250 {
                    if id == 240 {
                        killed.cancelled().await;
                    }
                    let posted = client.post(&callback).body(feeds::added(id..id + 1)).send().await;
                    if posted.is_ok_and(|it| it.status().is_success()) {
                        kept.push(id);
                    }
                }
                kept
            })
        })
        .collect();
    until("half of the deliveries", async || (n_read.load(Ordering::Relaxed) >= 500).then_some(())).await;
    server.kill().await;
    killed.cancel();
    let mut kept = HashMap::new();
    for (name, hub) in names.into_iter().zip(hubs) {
        kept.insert(name, hub.await.unwrap());
    }
    let (mut seen, position) = reading.await.unwrap();
    let n_kept = kept.values().map(Vec::len).sum::<usize>();
    assert!((500..1000).contains(&n_kept), "it died in the middle: {n_kept} were acknowledged");

    let server = Program::serve(dir.path(), port).await;
    for name in names {
        let address = format!("{}&last=500", minted[name].stream);
        let answer = client().get(address).header("accept", "application/json").send().await.unwrap();
        let messages: Vec<serde_json::Value> = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let there = photo_ids(&messages);
        for id in &kept[name] {
            assert!(there.contains(&id.to_string().as_str()), "{name} {id} was acknowledged and is lost");
        }
    }
    // The reader comes back, at most 500 events behind; the hubs send everything again; it sees each once.
    let mut socket = Socket::open(&format!("{stream}&after={position}")).await;
    assert_eq!(socket.next().await["type"], "hello");
    for name in names {
        let posted = client().post(&minted[name].callback).body(feeds::added(0..250)).send().await.unwrap();
        assert_eq!(posted.status(), 200);
    }
    while seen.len() < 1000 {
        let message = socket.next().await;
        assert_eq!(message["type"], "photo", "{message}");
        seen.push((message["event"].to_string(), message["photo"]["id"].to_string()));
    }
    let n_seen = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((n_seen, seen.len()), (1000, 1000), "each once");
    server.kill().await;
}

#[tokio::test]
async fn sigterm_tells_the_sockets_finishes_and_exits_well() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let mut socket = Socket::open(&minted.stream).await;
    socket.next().await;
    let ending = tokio::spawn(async move { socket.end().await });
    let (status, log) = server.terminate().await;
    assert!(status.success());
    assert_eq!(u16::from(ending.await.unwrap().unwrap().code), 1012);
    assert!(log.last().unwrap().contains("\"stopped\""), "{log:#?}");
}

#[tokio::test]
async fn the_demo_shows_photos_with_no_configuration_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let mut demo = command(dir.path());
    demo.args(["demo", "--port", "0", "--pace", "1"]);
    let mut program = Program::start(demo).await;
    let mut out = BufReader::new(program.child.stdout.take().unwrap()).lines();
    let wall = loop {
        let line = next_line(&mut out).await.unwrap();
        if let Some((_, wall)) = line.split_once("Open the wall:") {
            break wall.trim().to_owned();
        }
    };
    assert!(text(&wall).await.contains("data-stream"));
    let mut socket = Socket::open(&wall.replace("/wall/", "/stream?wall=")).await;
    socket.next().await;
    let photo = loop {
        let message = socket.next().await;
        if message["type"] == "photo" {
            break message["photo"].clone();
        }
    };
    let images = photo["images"].as_array().unwrap();
    assert!(images.len() >= 6, "derivable sizes are derived: {photo}");
    for image in [images.first().unwrap(), images.last().unwrap()] {
        let picture = client().get(image["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(picture.headers()["content-type"], "image/jpeg");
    }
    // More comes by itself, and its Flickr has a stage and can be signed in at, without any key.
    socket.photos(13).await;
    let home = wall.split("/wall/").next().unwrap();
    assert!(text(&format!("{home}/practice")).await.contains("stage"));
    assert_eq!(client().get(format!("{home}/practice/")).send().await.unwrap().status(), 308);
    let mut visitor = Visitor::new(home);
    visitor.sign_in(people::PEOPLE[1].nsid).await;
    let (status, log) = program.terminate().await;
    assert!(status.success(), "{log:#?}");
    assert!(log.iter().any(|it| it.contains("\"signed in\"")), "{log:#?}");
}
