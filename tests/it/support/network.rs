//! The network between a browser and its servers, with weather that the test makes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};

use super::frames::{Frames, text_frame};

/// What becomes of bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Weather {
    /// They pass.
    Clear,
    /// All connections are reset, and each new one at once.
    Cut,
    /// Nothing passes, and nobody says so: connections are accepted and stay. What was sent arrives when it clears up.
    Hole,
    /// As an old proxy does it: no upgrades to WebSocket.
    NoSockets,
    /// Nor event streams.
    NoStreams,
    /// Each piece waits for so long.
    Slow(Duration),
}

/// Doors on this machine to servers on it; one weather for all of them.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    weather: watch::Sender<Weather>,
    said: broadcast::Sender<Bytes>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The how manieth other version of the server browsers see.
    version: AtomicU8,
    connections: AtomicU64,
    sockets: AtomicU64,
    streams: AtomicU64,
    refused: AtomicU64,
}

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Counts {
    pub(crate) connections: u64,
    /// Asked for, refused ones included.
    pub(crate) sockets: u64,
    pub(crate) streams: u64,
    pub(crate) refused: u64,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self {
            weather: watch::Sender::new(Weather::Clear),
            said: broadcast::Sender::new(256),
            shared: Arc::new(Shared::default()),
        }
    }

    /// Opens a door to the server on the port that `server` has at the time. Returns the door's own port.
    pub(crate) async fn door(&self, server: watch::Receiver<u16>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let network = self.clone();
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                network.shared.connections.fetch_add(1, Ordering::Relaxed);
                let line = Line { browser, server: None, to: *server.borrow(), frames: Frames::default() };
                tokio::spawn(line.carry(network.clone()));
            }
        });
        port
    }

    pub(crate) fn turns(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Says `text` to all browsers that have a WebSocket open, as if the server had.
    pub(crate) fn say(&self, text: &str) {
        let _ = self.said.send(text_frame(text));
    }

    /// From now on hellos name another build: what a page compares when it asks itself whether the server is still the
    /// one that it came from. Nothing else about the server changes.
    pub(crate) fn change_version(&self) {
        self.shared.version.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> Counts {
        let of = |it: &AtomicU64| it.load(Ordering::Relaxed);
        let Shared { connections, sockets, streams, refused, .. } = &*self.shared;
        Counts { connections: of(connections), sockets: of(sockets), streams: of(streams), refused: of(refused) }
    }
}

/// One connection.
struct Line {
    browser: TcpStream,
    server: Option<TcpStream>,
    to: u16,
    frames: Frames,
}

impl Line {
    async fn carry(mut self, network: Network) {
        let mut weather = network.weather.subscribe();
        let mut said = network.said.subscribe();
        let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
        loop {
            let now = *weather.borrow_and_update();
            if now == Weather::Cut {
                return self.reset();
            }
            if now == Weather::Hole {
                if weather.changed().await.is_err() {
                    return;
                }
                continue;
            }
            tokio::select! {
                changed = weather.changed() => if changed.is_err() { return },
                text = said.recv() => if let Ok(frame) = text {
                    self.frames.queue(frame);
                    if self.flush().await.is_err() { return }
                },
                read = self.browser.read(&mut up) => match read {
                    Ok(n) if n > 0 => {
                        if let Weather::Slow(wait) = now { tokio::time::sleep(wait).await }
                        if self.ask(&up[..n], now, &network.shared).await.is_err() { return self.reset() }
                    }
                    _ => return,
                },
                read = read_from(&mut self.server, &mut down) => match read {
                    Ok(n) if n > 0 => {
                        if let Weather::Slow(wait) = now { tokio::time::sleep(wait).await }
                        rename(&mut down[..n], network.shared.version.load(Ordering::Relaxed));
                        self.frames.pass(&down[..n]);
                        if self.browser.write_all(&down[..n]).await.is_err() || self.flush().await.is_err() { return }
                    }
                    // A server that was killed leaves a reset, one that ended an end.
                    Ok(_) => { let _ = self.browser.shutdown().await; return }
                    Err(_) => return self.reset(),
                },
            }
        }
    }

    /// Passes on what a browser sends. A request fits into one piece: browsers' do.
    async fn ask(&mut self, bytes: &[u8], weather: Weather, shared: &Shared) -> std::io::Result<()> {
        let head =
            if bytes.starts_with(b"GET ") { String::from_utf8_lossy(bytes).to_lowercase() } else { String::new() };
        let (is_socket, is_stream) = (head.contains("upgrade: websocket"), head.contains("accept: text/event-stream"));
        shared.sockets.fetch_add(u64::from(is_socket), Ordering::Relaxed);
        shared.streams.fetch_add(u64::from(is_stream), Ordering::Relaxed);
        let no_sockets = matches!(weather, Weather::NoSockets | Weather::NoStreams);
        if is_socket && no_sockets || is_stream && weather == Weather::NoStreams {
            shared.refused.fetch_add(1, Ordering::Relaxed);
            let answer = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            self.browser.write_all(answer).await?;
            return self.browser.shutdown().await;
        }
        if self.server.is_none() {
            self.server = Some(TcpStream::connect(("127.0.0.1", self.to)).await?);
        }
        self.server.as_mut().expect("connected").write_all(bytes).await
    }

    async fn flush(&mut self) -> std::io::Result<()> {
        while let Some(frame) = self.frames.next() {
            self.browser.write_all(&frame).await?;
        }
        Ok(())
    }

    /// Ends it with RST at both ends.
    fn reset(self) {
        for stream in [Some(&self.browser), self.server.as_ref()].into_iter().flatten() {
            let _ = socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO));
        }
    }
}

async fn read_from(stream: &mut Option<TcpStream>, into: &mut [u8]) -> std::io::Result<usize> {
    match stream {
        Some(stream) => stream.read(into).await,
        None => std::future::pending().await,
    }
}

/// Names another build in a hello, of the same length, so that neither frames nor chunks need to be counted again.
fn rename(bytes: &mut [u8], version: u8) {
    const MARK: &[u8] = b"\"build\":\"";
    if version == 0 || !bytes.windows(16).any(|it| it == b"\"type\":\"hello\",\"") {
        return;
    }
    if let Some(start) = bytes.windows(MARK.len()).position(|it| it == MARK) {
        let first = start + MARK.len();
        bytes[first] = b'A' + version % 26;
        bytes[first + 1] = b'A' + version / 26;
    }
}
