//! The end in the middle of a broadcast.

use std::time::Duration;

use tokio::sync::watch;

use crate::support::program::{Program, mint, signal};
use crate::support::raw::{Raw, Sent};
use crate::support::{feeds, until};

const CLIENTS: usize = 60;

/// How it ended for a client.
struct Ended {
    last: Sent,
    after: Sent,
    photos: usize,
}

/// Takes everything up to the end, answers the goodbye, and tells that it is through.
async fn take_all(mut socket: Raw, through: watch::Sender<usize>) -> Ended {
    let mut photos = 0;
    let last = loop {
        match socket.next().await {
            Sent::Text(text) => photos += usize::from(text.starts_with(r#"{"type":"photo""#)),
            Sent::Ping | Sent::Pong(_) => {}
            end => break end,
        }
    };
    socket.say(0x88, &[0x03, 0xf4]).await;
    let after = socket.next().await;
    through.send_modify(|n| *n += 1);
    Ended { last, after, photos }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_in_the_middle_of_a_broadcast_leaves_nobody_with_half_a_frame_or_without_a_close() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let mut sockets = Vec::new();
    for n in 0..CLIENTS {
        let offer = (n % 3 == 0).then_some("permessage-deflate");
        sockets.push(Raw::open(&minted.stream, offer).await);
    }
    // Every second one takes nothing until after the signal: the kernel is full for it, in the middle of a frame. Then they
    // go on one after the other.
    let (through, _) = watch::channel(0);
    let clients: Vec<_> = sockets
        .into_iter()
        .enumerate()
        .map(|(n, socket)| {
            let (through, mut is_through) = (through.clone(), through.subscribe());
            tokio::spawn(async move {
                if n % 2 == 1 {
                    is_through.wait_for(|it| *it >= CLIENTS / 2 + n / 2).await.unwrap();
                }
                take_all(socket, through).await
            })
        })
        .collect();
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let metric = async |name: &str| {
        let text = client.get(format!("http://localhost:{}/metrics", server.port)).send().await.unwrap().text().await;
        let line = text.unwrap().lines().find(|it| it.starts_with(name)).map(str::to_owned);
        line.and_then(|it| it.rsplit_once(' ')?.1.parse::<usize>().ok())
    };
    until("everybody to be there", async || {
        (metric("flickr_conduit_streams{surface=\"websocket\"}").await == Some(CLIENTS)).then_some(())
    })
    .await;
    // Broadcasts one after the other, until the server hangs up.
    let publisher = tokio::spawn({
        let (client, callback) = (client.clone(), minted.callback.clone());
        async move {
            let mut n = 0;
            loop {
                let body = feeds::added(n * 50..(n + 1) * 50);
                match client.post(&callback).body(body).send().await {
                    Ok(answer) if answer.status() == 200 => n += 1,
                    _ => return usize::try_from(n * 50).unwrap(),
                }
            }
        }
    });
    until("the kernel to be full", async || (metric("flickr_conduit_stream_missed_total").await? > 0).then_some(()))
        .await;
    signal(&server.child, "TERM");
    let status = tokio::time::timeout(Duration::from_secs(10), server.child.wait()).await.expect("it ends in 10 s");
    assert!(status.unwrap().success());
    let published = publisher.await.unwrap();
    let mut counts = Vec::new();
    for client in clients {
        let Ended { last, after, photos } = client.await.unwrap();
        assert_eq!((last, after), (Sent::Close(Some(1012)), Sent::End(0)), "a close, and nothing after it");
        counts.push(photos);
    }
    assert!(counts.iter().all(|it| *it > 0) && counts.iter().min() < counts.iter().max(), "{published}: {counts:?}");
    let log = server.log.await.unwrap();
    assert!(log.iter().any(|it| it.contains("\"stopped\"")), "{log:#?}");
}
