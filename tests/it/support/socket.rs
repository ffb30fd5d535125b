//! A WebSocket client, in the place of a browser.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::LIMIT;

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens the stream at `address`, which is an http one as `mint` prints it.
    pub(crate) async fn open(address: &str) -> Self {
        let address = address.replacen("http", "ws", 1);
        Self(connect_async(&address).await.unwrap_or_else(|cause| panic!("{address}: {cause}")).0)
    }

    /// The next message, pings passed over.
    pub(crate) async fn next(&mut self) -> Value {
        match self.event().await {
            Ok(message) => message,
            Err(end) => panic!("the socket ended: {end:?}"),
        }
    }

    /// The next message, or `None` when the socket has ended.
    pub(crate) async fn try_next(&mut self) -> Option<Value> {
        self.event().await.ok()
    }

    /// The next `n` photos' ids.
    pub(crate) async fn photos(&mut self, n: usize) -> Vec<String> {
        let mut ids = Vec::new();
        while ids.len() < n {
            let message = self.next().await;
            if message["type"] == "photo" {
                ids.push(message["photo"]["id"].as_str().unwrap().to_owned());
            }
        }
        ids
    }

    /// How it ends, whatever comes before.
    pub(crate) async fn end(&mut self) -> Option<CloseFrame> {
        loop {
            if let Err(end) = self.event().await {
                return end;
            }
        }
    }

    pub(crate) async fn leave(mut self) {
        let _ = self.0.close(None).await;
    }

    /// Writes one text message.
    pub(crate) async fn say(&mut self, text: &str) {
        let _ = self.0.send(Message::text(text)).await;
    }

    async fn event(&mut self) -> Result<Value, Option<CloseFrame>> {
        loop {
            match timeout(LIMIT, self.0.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] != "ping" {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(frame))) => return Err(frame),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}
