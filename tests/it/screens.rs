//! Screens on the wire: a stream that is a screen's, over WebSocket and server-sent events, and a remote that drives it.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};

use crate::support::socket::Socket;
use crate::support::{Here, LIMIT, Served, feeds, path, until};

const ONE: &str = "instance-1";
const TWO: &str = "instance-2";

fn client() -> reqwest::Client {
    flickr_conduit::hub::endpoint::client().unwrap()
}

/// The stream of a screen of `wall`.
fn stream_of(wall: &str, name: &str, instance: &str) -> String {
    format!("{}&screen={name}&instance={instance}", wall.replace("/wall/", "/stream?wall="))
}

async fn order(remote: &str, form: &str) -> (u16, String) {
    let answer = client().post(remote).body(form.to_owned()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn report(wall: &str, instance: &str, showing: &Value) -> u16 {
    let request = client().post(format!("{wall}/screens/{instance}")).header("content-type", "application/json");
    request.body(showing.to_string()).send().await.unwrap().status().as_u16()
}

async fn state(remote: &str) -> Value {
    let answer = client().get(format!("{remote}/state")).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

async fn screens(remote: &str) -> Vec<String> {
    let state = state(remote).await;
    state["screens"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_screen_over_a_websocket_is_told_of_its_wall_driven_and_gone_when_it_goes() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    client().post(&minted.callback).body(feeds::added(1..3)).send().await.unwrap();
    let mut screen = Socket::open(&stream_of(&minted.wall, "kitchen", ONE)).await;
    let hello = screen.next().await;
    assert_eq!((&hello["type"], &hello["heartbeat"]), (&"hello".into(), &25.into()));
    let wall = json!({"type": "wall", "title": "kittens", "events": [{"event": "kittens"}], "hidden": [], "muted": []});
    assert_eq!(screen.next().await, wall, "before the first photo");
    assert_eq!(screen.photos(2).await, ["1", "2"]);

    // It says what it shows, and the remote tells it.
    let cat = json!({"id": "2", "title": "Photo 2", "owner": "Nolan", "nsid": "12345678@N00"});
    let showing = json!({"photos": [cat], "layout": "single", "waiting": 1, "paused": true, "asleep": false});
    assert_eq!(report(&minted.wall, ONE, &showing).await, 204);
    let told = state(&minted.remote).await;
    let one = &told["screens"][0];
    assert_eq!((&one["name"], &one["photos"][0], &one["state"]), (&"kitchen".into(), &cat, &"paused".into()));

    // What it is told comes at once, and what is published still comes too.
    assert_eq!(order(&minted.remote, "do=next&screen=kitchen").await, (200, "Next photo on kitchen.\n".into()));
    assert_eq!(screen.next().await, json!({"type": "command", "do": "next"}));
    let link = minted.wall.rsplit_once('/').unwrap().1;
    assert_eq!(order(&minted.remote, &format!("do=open&wall={link}")).await.0, 200);
    assert_eq!(screen.next().await, json!({"type": "command", "do": "open", "wall": link}));
    assert_eq!(order(&minted.remote, "do=hide").await.0, 200);
    let wall = screen.next().await;
    assert_eq!((&wall["type"], &wall["hidden"]), (&"wall".into(), &json!(["2"])));
    assert_eq!(order(&minted.remote, "do=mute").await.0, 200);
    assert_eq!(screen.next().await["muted"], json!([{"nsid": "12345678@N00", "name": "Nolan"}]));
    client().post(&minted.callback).body(feeds::added(3..4)).send().await.unwrap();
    let photo = screen.next().await;
    assert_eq!(photo["photo"]["id"], "3");

    // A server that starts again has it back, with what was hidden, from where it was.
    let here = here.restart().await;
    screen.end().await;
    assert_eq!(screens(&minted.remote).await, [""; 0]);
    assert_eq!(report(&minted.wall, ONE, &showing).await, 404);
    client().post(&minted.callback).body(feeds::added(4..5)).send().await.unwrap();
    let after = photo["position"].as_str().unwrap();
    let again = format!("{}&after={after}", stream_of(&minted.wall, "kitchen", ONE));
    let mut screen = Socket::open(&again).await;
    screen.next().await;
    assert_eq!(screen.next().await["hidden"], json!(["2"]));
    assert_eq!(screen.photos(1).await, ["4"]);
    assert_eq!(screens(&minted.remote).await, ["kitchen"]);
    screen.leave().await;
    until("the screen to be gone", async || screens(&minted.remote).await.is_empty().then_some(())).await;
    here.stop().await;
}

#[tokio::test]
async fn a_screen_over_server_sent_events_gets_the_same() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    client().post(&minted.callback).body(feeds::added(1..2)).send().await.unwrap();
    let stream = stream_of(&minted.wall, "hall", TWO);
    let mut events = client().get(&stream).send().await.unwrap().bytes_stream();
    let mut text = String::new();
    let mut read_until = async |mark: &str| {
        while !text.contains(mark) {
            let chunk = tokio::time::timeout(LIMIT, events.next()).await.unwrap().unwrap().unwrap();
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        text.clone()
    };
    let begun = read_until("event: photo").await;
    let kinds: Vec<_> = begun.lines().filter_map(|it| it.strip_prefix("event: ")).collect();
    assert_eq!(kinds, ["hello", "wall", "photo"]);
    assert_eq!(screens(&minted.remote).await, ["hall"]);
    order(&minted.remote, "do=sleep").await;
    read_until("event: command\ndata: {\"type\":\"command\",\"do\":\"sleep\"}\n\n").await;
    order(&minted.remote, "do=hide&photo=1").await;
    let whole = read_until("\"hidden\":[\"1\"]").await;
    assert_eq!(whole.matches("\nid: ").count(), 1, "only the photo has a position: {whole}");

    // JSON tells of the wall too, and puts nobody among the screens, nor out of their place.
    let once = client().get(&stream).header(ACCEPT, "application/json").send().await.unwrap();
    let messages: Vec<Value> = serde_json::from_slice(&once.bytes().await.unwrap()).unwrap();
    assert_eq!((&messages[1]["type"], &messages[1]["hidden"]), (&"wall".into(), &json!(["1"])));
    order(&minted.remote, "do=wake").await;
    read_until("\"do\":\"wake\"").await;
    drop(events);
    until("the screen to be gone", async || screens(&minted.remote).await.is_empty().then_some(())).await;
    here.stop().await;
}

#[tokio::test]
async fn a_screen_that_comes_back_over_a_new_connection_is_driven_there() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let stream = stream_of(&minted.wall, "kitchen", ONE);
    let mut old = Socket::open(&stream).await;
    let mut new = Socket::open(&stream).await;
    for socket in [&mut old, &mut new] {
        assert_eq!([socket.next().await["type"].clone(), socket.next().await["type"].clone()], ["hello", "wall"]);
    }
    assert_eq!(screens(&minted.remote).await, ["kitchen"]);
    order(&minted.remote, "do=next").await;
    assert_eq!(new.next().await["do"], "next");
    old.leave().await;
    order(&minted.remote, "do=pause").await;
    assert_eq!(new.next().await["do"], "pause");
    client().post(&minted.callback).body(feeds::added(1..2)).send().await.unwrap();
    assert_eq!(new.photos(1).await, ["1"]);
    here.stop().await;
}

#[tokio::test]
async fn a_stream_shows_that_it_lives_as_often_as_it_was_told() {
    let dir = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heartbeat = Duration::from_secs(1);
    let config = flickr_conduit::config::Config { heartbeat, ..flickr_conduit::config::Config::local(dir.path()) };
    let conduit = flickr_conduit::Conduit::open(&config, port).unwrap();
    let here = Served::start(conduit, listener, dir, port);
    let minted = here.conduit.mint("kittens").unwrap();
    let mut events = client().get(&minted.stream).send().await.unwrap().bytes_stream();
    let mut text = String::new();
    let begun = tokio::time::Instant::now();
    while !text.contains("event: ping") {
        text.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(text.contains("\"heartbeat\":1,") && begun.elapsed() < Duration::from_secs(15), "{text}");
    here.stop().await;
}

#[tokio::test]
async fn a_report_is_taken_from_the_screen_alone_and_only_so_long() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let mut screen = Socket::open(&stream_of(&minted.wall, "kitchen", ONE)).await;
    screen.next().await;
    let address = format!("{}/screens/{ONE}", minted.wall);
    let send = async |address: &str, headers: &[(&str, &str)], body: String| {
        let mut request = client().post(address).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let json = ("content-type", "application/json");
    let check = async |address: &str, headers: &[(&str, &str)], body: &str, status: u16, expected: &str| {
        let (found, said) = send(address, headers, body.to_owned()).await;
        assert!(found == status && said.starts_with(expected), "{found} {said}");
    };
    check(&address, &[json], "{}", 204, "").await;
    check(&address, &[("content-type", "application/json; charset=utf-8")], "{}", 204, "").await;
    check(&address, &[("content-type", "text/plain")], "{}", 400, "a report is JSON").await;
    check(&address, &[json, ("origin", "https://evil.example")], "{}", 403, "a page of another site").await;
    check(&address, &[json, ("sec-fetch-site", "cross-site")], "{}", 403, "a page of another site").await;
    check(&address, &[json], "kitten", 400, "the report cannot be read as JSON").await;
    check(&address, &[json], &format!("\"{}\"", "x".repeat(8 * 1024)), 413, "a report has at most 8192 bytes").await;
    for wrong in
        [format!("{}/screens/{TWO}", minted.wall), address.replace("kittens", "puppies"), format!("{address}!")]
    {
        check(&wrong, &[json], "{}", 404, "no such screen is connected").await;
    }
    here.stop().await;
}

#[tokio::test]
async fn a_screen_that_is_not_what_it_should_be_is_told_why() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let stream = minted.wall.replace("/wall/", "/stream?wall=");
    let check = async |address: String, status: u16, expected: &str| {
        let answer = here.get(&address).await;
        assert!(answer.status == status && answer.text.starts_with(expected), "{address}: {}", answer.text);
    };
    check(format!("{stream}&screen=kitchen"), 400, "a screen gives both screen= and instance=").await;
    check(format!("{stream}&screen={}&instance={ONE}", "x".repeat(41)), 400, "screen is \"xxx").await;
    check(format!("{stream}&screen=a%0Ab&instance={ONE}"), 400, "screen is \"a\\nb\"").await;
    check(format!("{stream}&screen=kitchen&instance=short"), 400, "instance is \"short\"").await;
    check(format!("{}&screen=kitchen&instance={ONE}", minted.stream), 400, "a screen shows one wall").await;
    // Who has no link is told nothing else, and is not among the screens.
    let guessed = format!("/stream?wall=AAAAAAAAAAAAAAAAAAAAAA&screen=kitchen&instance={ONE}");
    check(guessed, 404, "no such stream").await;
    assert!(here.get("/metrics").await.text.contains("flickr_conduit_screens 0"));
}

#[tokio::test]
async fn more_screens_than_there_is_room_for_are_served_and_not_driven() {
    let here = Here::new();
    let minted = here.mint("kittens");
    let mut open = Vec::new();
    for n in 0..=flickr_conduit::screens::MAX_OF_A_WALL {
        let address = stream_of(&minted.wall, "screen", &format!("instance-{n}"));
        let request = axum::http::Request::get(path(&address)).header("accept", "text/event-stream");
        let request = request.body(axum::body::Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(here.router.clone(), request).await.unwrap();
        assert_eq!(response.status(), 200);
        let mut body = response.into_body().into_data_stream();
        let first = body.next().await.unwrap().unwrap();
        assert!(first.starts_with(b"event: hello"));
        open.push(body);
    }
    let metrics = here.get("/metrics").await.text;
    assert!(metrics.contains("flickr_conduit_screens 200") && metrics.contains("streams{surface=\"sse\"} 201"));
    here.post(&minted.callback, feeds::added(1..2)).await;
    let mut last = String::new();
    while !last.contains("event: photo") {
        let chunk = open.last_mut().unwrap().next().await.unwrap().unwrap();
        last.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    drop(open);
    assert!(here.get("/metrics").await.text.contains("flickr_conduit_screens 0"));
}
