//! A stream over a WebSocket.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use futures_util::SinkExt;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::metrics::SurfaceName;
use crate::state::AppState;
use crate::web::stream::session::{Ended, Outgoing, Session};
use crate::web::stream::silence;

/// A client sends pongs and closes, nothing longer.
const MAX_INCOMING: usize = 4 * 1024;
/// tungstenite's own default reads 128 KiB at a time, zeroed at each poll: 139 KB for every idle client.
const READ_BUFFER: usize = 4 * 1024;
/// A client that takes no byte for so long is gone.
const WRITE_LIMIT: Duration = Duration::from_secs(20);
/// How long we wait for a client to answer our close.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why a socket ends.
enum End {
    /// The connection broke.
    Broken,
    /// The client said goodbye.
    Left,
    /// The client did not answer, or took nothing any more.
    Silent,
    /// The server stops.
    Stopping,
    /// What it follows has changed, or is no more.
    Over(Ended),
}

/// Our own close code (RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications): the wall is no more.
pub const GONE: u16 = 4404;

/// Answers the upgrade and owns the socket until it ends.
pub fn accept(upgrade: WebSocketUpgrade, session: Session, state: &AppState) -> Response {
    let stopping = state.shutdown.stopping.clone();
    // Held until the socket is closed: the process waits for it.
    let task = state.shutdown.tasks.token();
    let heartbeat = state.site.heartbeat;
    let counted = state.metrics.open_stream(SurfaceName::websocket);
    upgrade.max_message_size(MAX_INCOMING).read_buffer_size(READ_BUFFER).on_upgrade(async move |mut socket| {
        let end = run(&mut socket, session, heartbeat, &stopping).await;
        part(socket, end).await;
        drop((counted, task));
    })
}

async fn run(socket: &mut WebSocket, mut session: Session, heartbeat: Duration, stopping: &CancellationToken) -> End {
    let mut ping = interval_at(Instant::now() + heartbeat, heartbeat);
    let silence = silence(heartbeat);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        let sent = tokio::select! {
            // What was heard comes before the silence, since after a long write both may be true; and the ping before the
            // messages, since who gets many must be asked for a sign of life all the same.
            biased;
            () = stopping.cancelled() => return End::Stopping,
            incoming = socket.recv() => match incoming {
                None | Some(Err(_)) => return End::Broken,
                Some(Ok(Message::Close(_))) => return End::Left,
                Some(Ok(_)) => {
                    heard = Instant::now();
                    continue;
                }
            },
            () = sleep_until(heard + silence) => return End::Silent,
            // The frame is answered by every client; the message is for scripts, which never see the frame.
            _ = ping.tick() => send(socket, [Outgoing::ping()], Some(Message::Ping(Default::default()))).await,
            messages = session.next() => match messages {
                Ok(messages) => send(socket, messages, None).await,
                Err(ended) => return End::Over(ended),
            },
        };
        if let Err(end) = sent {
            return end;
        }
    }
}

/// Writes all messages with one flush.
async fn send(
    socket: &mut WebSocket,
    messages: impl IntoIterator<Item = Outgoing>,
    last: Option<Message>,
) -> Result<(), End> {
    let write = async {
        for message in messages {
            let text = Utf8Bytes::try_from(message.json).unwrap_or_default();
            socket.feed(Message::Text(text)).await?;
        }
        if let Some(last) = last {
            socket.feed(last).await?;
        }
        socket.flush().await
    };
    match timeout(WRITE_LIMIT, write).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Broken),
        Err(_) => Err(End::Silent),
    }
}

/// Says goodbye in the way that the end deserves, and lets the client answer.
async fn part(mut socket: WebSocket, end: End) {
    let farewell = async {
        let close = match end {
            End::Broken => return,
            // Its own goodbye is answered by tungstenite, while the rest is read.
            End::Left => None,
            // RFC 6455 section 7.4.1, and the registry for 1012 "service restart": clients come back by themselves.
            End::Silent => Some((close_code::POLICY, "silent")),
            End::Stopping => Some((close_code::RESTART, "restarting")),
            End::Over(Ended::Changed) => Some((close_code::RESTART, "changed")),
            End::Over(Ended::Gone) => Some((GONE, "gone")),
        };
        if let Some((code, reason)) = close {
            let frame = CloseFrame { code, reason: reason.into() };
            if socket.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
        }
        while let Some(Ok(_)) = socket.recv().await {}
    };
    // A client that does not answer in time is left behind.
    let _ = timeout(FAREWELL, farewell).await;
}
