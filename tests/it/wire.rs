//! The wire: real sockets on a port of their own.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::socket::Socket;
use crate::support::{LIMIT, Served, feeds, path, photo_ids, until, verification};

async fn post(address: &str, body: String) -> u16 {
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    client.post(address).body(body).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_whole_story_of_a_subscription_told_once() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();

    // A hub verifies, and delivers.
    let echo = client.get(verification(&minted, "subscribe", "c1")).send().await.unwrap().text().await.unwrap();
    assert_eq!(echo, "c1");
    assert_eq!(post(&minted.callback, feeds::added(1..3)).await, 200);

    // A browser comes, sees what was, and then what is.
    let mut browser = Socket::open(&minted.stream).await;
    assert_eq!(browser.next().await["type"], "hello");
    assert_eq!(browser.photos(2).await, ["1", "2"]);
    assert_eq!(post(&minted.callback, feeds::added(2..4)).await, 200);
    let live = browser.next().await;
    assert_eq!((&live["photo"]["id"], &live["event"]), (&"3".into(), &"kittens".into()));

    // The server restarts; what comes meanwhile is there when the browser is back, once.
    let here = here.restart().await;
    assert_eq!(browser.end().await.unwrap().code, CloseCode::Restart);
    assert_eq!(post(&minted.callback, feeds::added(3..5)).await, 200);
    let mut browser = Socket::open(&format!("{}&after={}", minted.stream, live["position"].as_str().unwrap())).await;
    assert_eq!(browser.next().await["type"], "hello");
    assert_eq!(browser.photos(1).await, ["4"]);

    // The subscription ends; the browser may stay.
    let echo = client.get(verification(&minted, "unsubscribe", "c2")).send().await.unwrap().text().await.unwrap();
    assert_eq!(echo, "c2");
    assert_eq!(post(&minted.callback, feeds::added(9..10)).await, 410);
    here.stop().await;
}

#[tokio::test]
async fn curl_follows_a_stream_with_no_option_but_n() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    post(&minted.callback, feeds::added(1..2)).await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let response = client.get(&minted.stream).header("accept", "*/*").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut bytes = response.bytes_stream();
    let mut text = String::new();
    let mut read_until = async |mark: &str| {
        while !text.contains(mark) {
            let chunk = tokio::time::timeout(LIMIT, bytes.next()).await.unwrap().unwrap().unwrap();
            text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        text.clone()
    };
    let begun = read_until("\"id\":\"1\"").await;
    assert!(begun.starts_with("event: hello\ndata: {\"type\":\"hello\""), "{begun}");
    assert!(begun.contains("\nretry: 2000\n") && begun.contains("\nevent: photo\ndata: "), "{begun}");
    post(&minted.callback, feeds::added(2..4)).await;
    let whole = read_until("\"id\":\"3\"").await;
    let id = whole.lines().rfind(|it| it.starts_with("id: ")).unwrap().trim_start_matches("id: ").to_owned();

    // A browser's EventSource comes back with the id that it saw last.
    post(&minted.callback, feeds::added(4..5)).await;
    let back = client.get(&minted.stream).header("last-event-id", id).send().await.unwrap();
    let mut back = back.bytes_stream();
    let mut seen = String::new();
    while !seen.contains("\"id\":\"4\"") {
        seen.push_str(std::str::from_utf8(&back.next().await.unwrap().unwrap()).unwrap());
    }
    assert_eq!(seen.matches("event: photo").count(), 1, "{seen}");
    here.stop().await;
}

#[tokio::test]
async fn a_browser_of_another_site_is_refused_at_the_handshake() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let open = async |origin: &str| {
        let mut request = minted.stream.replacen("http", "ws", 1).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        connect_async(request).await.is_ok()
    };
    assert!(open(&format!("http://localhost:{}", here.port)).await);
    assert!(!open("https://evil.example.org").await);
    here.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_loses_events_is_told_how_many_and_slows_nobody() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let mut slow = Socket::open(&minted.stream).await;
    let mut quick = Socket::open(&minted.stream).await;
    assert_eq!(
        (slow.next().await["type"].clone(), quick.next().await["type"].clone()),
        ("hello".into(), "hello".into())
    );

    // More than the kernel and its inbox take together for one that does not read.
    let (deliveries, each) = (60, 400);
    let posting = tokio::spawn({
        let callback = minted.callback.clone();
        async move {
            for n in 0..deliveries {
                assert_eq!(post(&callback, feeds::added(n * each..(n + 1) * each)).await, 200);
            }
        }
    });
    let all = usize::try_from(deliveries * each).unwrap();
    let seen = quick.photos(all).await;
    assert_eq!(seen, (0..all).map(|id| id.to_string()).collect::<Vec<_>>(), "the quick one has each, in order");
    posting.await.unwrap();

    let (mut photos, mut missed, mut last) = (0, 0, 0);
    while photos + missed < all {
        let message = slow.next().await;
        match message["type"].as_str().unwrap() {
            "missed" => missed += usize::try_from(message["count"].as_u64().unwrap()).unwrap(),
            "photo" => {
                photos += 1;
                let id = message["photo"]["id"].as_str().unwrap().parse::<usize>().unwrap();
                assert!(id >= last, "in order");
                last = id;
            }
            other => panic!("{other}"),
        }
    }
    assert!(missed > 0, "{photos} events fitted into the kernel's buffers");
    assert_eq!((photos + missed, last), (all, all - 1), "each is accounted for, and the newest is not lost");
    here.stop().await;
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_dropped_after_forty_seconds() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    // A raw socket, that shakes hands and then says nothing more.
    let mut mute = TcpStream::connect(("127.0.0.1", here.port)).await.unwrap();
    let hello = format!(
        "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        path(&minted.stream)
    );
    mute.write_all(hello.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    while !String::from_utf8_lossy(&received).contains("\"hello\"") {
        mute.read_buf(&mut received).await.unwrap();
    }
    tokio::time::pause();
    let silent_since = tokio::time::Instant::now();
    mute.read_to_end(&mut received).await.unwrap();
    let waited = silent_since.elapsed();
    tokio::time::resume();
    assert!((Duration::from_secs(39)..Duration::from_secs(45)).contains(&waited), "{waited:?}");
    let text = String::from_utf8_lossy(&received);
    assert!(text.contains(r#"{"type":"ping"}"#) && text.ends_with("silent"), "{text}");
    here.stop().await;
}

#[tokio::test]
async fn a_long_message_from_a_client_ends_its_socket_and_nothing_else() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let mut loud = Socket::open(&minted.stream).await;
    let mut calm = Socket::open(&minted.stream).await;
    loud.next().await;
    calm.next().await;
    calm.say("hello?").await;
    loud.say(&"x".repeat(5000)).await;
    loud.end().await;
    post(&minted.callback, feeds::added(1..2)).await;
    assert_eq!(calm.photos(1).await, ["1"]);
    here.stop().await;
}

#[tokio::test]
async fn whoever_leaves_leaves_nothing_behind() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let metric = async |name: &str| {
        let text = client.get(here.conduit.public_url().join("/metrics")).send().await.unwrap().text().await.unwrap();
        let line = text.lines().find(|it| it.starts_with(name)).map(str::to_owned);
        line.and_then(|it| it.rsplit_once(' ').map(|(_, value)| value.to_owned()))
    };
    let mut socket = Socket::open(&minted.stream).await;
    socket.next().await;
    let mut events = client.get(&minted.stream).send().await.unwrap().bytes_stream();
    events.next().await.unwrap().unwrap();
    assert_eq!(metric("flickr_conduit_bus_listeners").await.as_deref(), Some("2"));
    socket.leave().await;
    drop(events);
    until("both to be gone", async || {
        let gone = metric("flickr_conduit_bus_listeners").await.as_deref() == Some("0")
            && metric("flickr_conduit_streams{surface=\"websocket\"}").await.as_deref() == Some("0")
            && metric("flickr_conduit_streams{surface=\"sse\"}").await.as_deref() == Some("0");
        gone.then_some(())
    })
    .await;
    here.stop().await;
}

#[tokio::test]
async fn the_end_is_told_to_every_kind_of_stream() {
    let here = Served::new().await;
    let minted = here.conduit.mint("kittens").unwrap();
    let mut socket = Socket::open(&minted.stream).await;
    socket.next().await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let events = client.get(&minted.stream).send().await.unwrap();
    here.stop().await;
    let end = socket.end().await.unwrap();
    assert_eq!((end.code, end.reason.as_str()), (CloseCode::Restart, "restarting"));
    assert!(events.text().await.unwrap().starts_with("event: hello"), "the response came to its proper end");
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let here = Served::new().await;
    let mut endless = TcpStream::connect(("127.0.0.1", here.port)).await.unwrap();
    endless.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n").await.unwrap();
    let line = format!("X-Long: {}\r\n", "x".repeat(8000));
    // The server hangs up in the middle of it, or answers with 431.
    for _ in 0..20 {
        if endless.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = endless.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    here.stop().await;
}

#[tokio::test]
async fn many_deliveries_at_once_are_all_kept_each_in_its_place() {
    let here = Served::new().await;
    let names: Vec<String> = (0..8).map(|n| format!("name-{n}")).collect();
    let posts = names.iter().flat_map(|name| (0..20).map(move |n| (name, n))).map(|(name, n)| {
        let callback = here.conduit.mint(name).unwrap().callback;
        async move { assert_eq!(post(&callback, feeds::added(n * 5..n * 5 + 5)).await, 200) }
    });
    futures_util::future::join_all(posts).await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    for name in &names {
        let stream = format!("{}&last=500", here.conduit.mint(name).unwrap().stream);
        let answer = client.get(stream).header("accept", "application/json").send().await.unwrap();
        let messages: Vec<serde_json::Value> = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let mut ids: Vec<u64> = photo_ids(&messages).iter().map(|it| it.parse().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, (0..100).collect::<Vec<_>>(), "{name}");
    }
    here.stop().await;
}
