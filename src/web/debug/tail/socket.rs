//! A tail over a WebSocket. Few watch it, so it is one task for each, and as simple as that.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::metrics::SurfaceName;
use crate::state::AppState;
use crate::web::debug::tail::Tail;
use crate::web::debug::tail::message::Told;
use crate::web::stream::silence;
use crate::web::stream::socket::GONE;

/// A client sends pongs and closes, nothing longer.
const MAX_INCOMING: usize = 4 * 1024;
/// A client that takes no byte for so long is gone.
const WRITE_LIMIT: Duration = Duration::from_secs(20);
/// How long we wait for a client to answer our close.
const FAREWELL: Duration = Duration::from_secs(1);

pub(super) fn accept(upgrade: WebSocketUpgrade, tail: Tail, state: &AppState) -> Response {
    let task = state.shutdown.tasks.token();
    let counted = state.metrics.open_stream(SurfaceName::websocket);
    upgrade.max_message_size(MAX_INCOMING).read_buffer_size(MAX_INCOMING).on_upgrade(async move |mut socket| {
        let goodbye = run(&mut socket, tail).await;
        let farewell = async {
            if let Some((code, reason)) = goodbye {
                let frame = CloseFrame { code, reason: reason.into() };
                if socket.send(Message::Close(Some(frame))).await.is_err() {
                    return;
                }
            }
            while let Some(Ok(_)) = socket.recv().await {}
        };
        let _ = timeout(FAREWELL, farewell).await;
        drop((counted, task));
    })
}

/// Runs until it ends; with which words, if there is somebody to hear them.
async fn run(socket: &mut WebSocket, mut tail: Tail) -> Option<(u16, &'static str)> {
    let (heartbeat, stopping) = (tail.state.site.heartbeat, tail.state.shutdown.stopping.clone());
    let mut ping = interval_at(Instant::now() + heartbeat, heartbeat);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (silence, mut heard) = (silence(heartbeat), Instant::now());
    loop {
        let (told, pings) = tokio::select! {
            biased;
            () = stopping.cancelled() => return Some((close_code::RESTART, "restarting")),
            incoming = socket.recv() => match incoming {
                None | Some(Err(_) | Ok(Message::Close(_))) => return None,
                Some(Ok(_)) => {
                    heard = Instant::now();
                    continue;
                }
            },
            () = sleep_until(heard + silence) => return Some((close_code::POLICY, "silent")),
            _ = ping.tick() => match tail.may_stay().await {
                true => (Told::ping(), true),
                false => return Some((GONE, "gone")),
            },
            told = tail.next() => (told, false),
        };
        let write = async {
            socket.send(Message::Text(told.json.into())).await?;
            if pings { socket.send(Message::Ping(Default::default())).await } else { Ok(()) }
        };
        match timeout(WRITE_LIMIT, write).await {
            Ok(Ok(())) => {}
            _ => return None,
        }
    }
}
