//! A stream over a WebSocket: the client's own task, beside the fan-out that sends it the photos.

use std::future::poll_fn;
use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;

use crate::fanout::mailbox::Start;
use crate::fanout::seat::{Said, Seat};
use crate::fanout::wire::{Unheard, Wire};
use crate::frame::reader::{Close, FrameReader, Heard};
use crate::frame::{Builder, Frames};
use crate::metrics::SurfaceName;
use crate::state::AppState;
use crate::web::stream::handshake::Handshake;
use crate::web::stream::plain;
use crate::web::stream::session::{Ended, Outgoing, Session};

/// Our own close code (RFC 6455 section 7.4.2 leaves 4000 to 4999 to applications): the wall is no more.
pub const GONE: u16 = 4404;
/// "Service restart", by the registry for close codes: clients come back by themselves.
const RESTART: u16 = 1012;

/// What a client is told by its own task, beside the photos that its seat brings.
pub trait Own: Send + 'static {
    /// What it begins with.
    fn opening(&mut self) -> Frames;

    /// Waits for what comes next. Safe to cancel.
    fn next(&mut self) -> impl Future<Output = Result<Frames, Ended>> + Send;
}

impl Own for Session {
    fn opening(&mut self) -> Frames {
        frames(Session::opening(self))
    }

    async fn next(&mut self) -> Result<Frames, Ended> {
        Session::next(self).await.map(frames)
    }
}

/// Answers the handshake; the socket's task is one of those that the process waits for. Events up to the offset
/// `skip_through` are in what `own` begins with.
pub fn accept(handshake: Handshake, own: impl Own, seat: Seat, skip_through: i64, state: &AppState) -> Response {
    let Handshake { connection, answer, deflate } = handshake;
    let counted = state.metrics.open_stream(SurfaceName::websocket);
    let tasks = state.shutdown.tasks.clone();
    // In one place, wherever the task is: a future holds what it is handed once for each function that hands it on.
    let own = Box::new(own);
    state.shutdown.tasks.spawn(async move {
        // A client that breaks off during the handshake is nothing to report.
        let Ok(connection) = connection.await else { return };
        let Ok((stream, heard)) = plain::socket(connection, &tasks).await else { return };
        drop(tasks);
        let client = Client { seat, wire: Arc::new(Wire::new(stream)), reader: FrameReader::new(deflate) };
        client.stay(own, heard, skip_through, deflate).await;
        drop(counted);
    });
    answer
}

/// A client that is there.
struct Client {
    seat: Seat,
    wire: Arc<Wire>,
    reader: FrameReader,
}

impl Client {
    /// Hears what the client says, and says what is for it alone, until it is gone. `early` came with the handshake.
    async fn stay(mut self, mut own: Box<impl Own>, early: Bytes, skip_through: i64, deflate: bool) {
        let opening = own.opening();
        self.seat.start(Start { wire: self.wire.clone(), opening, skip_through, deflate });
        let heard = self.reader.read(&early).map_err(Unheard::Wrong);
        // It is a part of the buffer that the request was read into, which is 8 KB for each client.
        drop(early);
        let mut stays = self.hear(heard).await;
        // One thing at a time is on its way to the client, so that nothing piles up for one that takes nothing.
        let mut saying: Option<Said> = None;
        let mut has_parted = false;
        while stays {
            tokio::select! {
                heard = poll_fn(|cx| self.wire.poll_heard(cx, &mut self.reader)) => stays = self.hear(heard).await,
                () = said(&mut saying) => saying = None,
                message = own.next(), if saying.is_none() && !has_parted => match message {
                    Ok(message) => saying = Some(self.seat.say(message)),
                    Err(ended) => {
                        let (code, reason) = match ended {
                            Ended::Changed => (RESTART, "changed"),
                            Ended::Gone => (GONE, "gone"),
                        };
                        // Its answer is awaited above; the shard does not wait for it long.
                        drop(self.seat.close(Some(code), reason));
                        has_parted = true;
                    }
                },
            }
        }
    }

    /// Does what the client asks; says whether it stays.
    async fn hear(&self, heard: Result<Heard, Unheard>) -> bool {
        let (code, ping) = match heard {
            Ok(Heard { close: None, ping }) => (None, ping),
            // Its goodbye is answered with its own code (section 5.5.1).
            Ok(Heard { close: Some(Close { code }), ping }) => (Some(code), ping),
            Err(Unheard::Wrong(wrong)) => (Some(Some(wrong.code())), None),
            Err(Unheard::Lost) => return false,
        };
        if let Some(payload) = ping {
            self.seat.pong(&self.wire, payload);
        }
        let Some(code) = code else { return true };
        // It was written, or the client is cut off, or it was ours that was answered.
        let _ = self.seat.close(code, "").await;
        false
    }
}

fn frames(messages: impl IntoIterator<Item = Outgoing>) -> Frames {
    messages.into_iter().fold(Builder::default(), |frames, message| frames.text(&message.json)).build()
}

/// Until what is being said was said; for ever when that is nothing.
async fn said(saying: &mut Option<Said>) {
    match saying {
        // Or it never will be: then the connection is at its end.
        Some(said) => drop(said.await),
        None => std::future::pending().await,
    }
}
