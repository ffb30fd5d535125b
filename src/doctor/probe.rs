//! Asking for this server through its own PUBLIC_URL: DNS, TLS and whatever proxy there is included.

use std::time::{Duration, Instant};

use axum::http::header::{ACCEPT, CONNECTION, LOCATION, SERVER, UPGRADE};
use reqwest::{Client, StatusCode, redirect};
use serde::Deserialize;
use url::Url;

use crate::doctor::address::{Asked, Passage, StreamCame};
use crate::flickr::reach;
use crate::tls;

/// How long an answer may take: a hub waits not much longer.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long the name, the connection and TLS may take.
const CONNECT: Duration = Duration::from_secs(4);
/// How long the beginning of an event stream may take; it is sent at once.
const BEGINNING: Duration = Duration::from_secs(3);
/// The query that is sent: what proxies are known to change is in it.
const QUERY: &str = "hub.challenge=a%20b%2Fc&verify_token=x-y_z&mode=subscribe&empty=&again=1&again=2";
/// The longest answer that is read, in bytes.
const LONGEST: usize = 4096;

/// What the server says at `/healthz/echo`.
#[derive(Debug, Deserialize)]
struct Echo {
    flickr_conduit: String,
    instance: String,
    query: String,
}

/// Asks for the server whose name among all is `instance`.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    client: Client,
    instance: String,
}

impl Probe {
    /// `None` when there is no HTTP client to be had.
    pub(super) fn new(instance: &str, nearby: bool) -> Option<Self> {
        let builder = Client::builder()
            .tls_backend_preconfigured(tls::client().ok()?)
            .user_agent(concat!("flickr-conduit-doctor/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .http1_only();
        let builder = if nearby { builder.no_proxy() } else { builder };
        Some(Self { client: builder.build().ok()?, instance: instance.to_owned() })
    }

    /// Who answers at `origin`.
    pub(super) async fn ask(&self, origin: &str) -> Asked {
        let began = Instant::now();
        let address = format!("{origin}/healthz/echo?{QUERY}");
        let answer = match self.client.get(&address).timeout(PATIENCE).send().await {
            Ok(answer) => answer,
            Err(error) => return nobody(error),
        };
        let (status, took) = (answer.status().as_u16(), began.elapsed());
        let text = |name| answer.headers().get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let server = text(SERVER).unwrap_or_default();
        let location = text(LOCATION).filter(|_| (300..400).contains(&status));
        // An address without a host is at the same one.
        let location = location.and_then(|it| Url::parse(&address).ok()?.join(&it).ok()).map(String::from);
        let location = location.filter(|it| !is_at(it, origin));
        match beginning(answer).await.as_deref().map(serde_json::from_slice::<Echo>) {
            Some(Ok(echo)) if echo.instance == self.instance => Asked::Us { query: echo.query, took },
            Some(Ok(echo)) => Asked::Other { version: echo.flickr_conduit.chars().take(20).collect() },
            _ => Asked::Stranger { status, server, location },
        }
    }

    /// What comes through; `stream` is the path of a stream of ours.
    pub(super) async fn pass(&self, origin: &str, stream: &str) -> Passage {
        let address = format!("{origin}{stream}");
        let (stream, socket) = tokio::join!(self.stream(&address), self.socket(&address));
        Passage { sent: QUERY.to_owned(), stream, socket }
    }

    async fn stream(&self, address: &str) -> StreamCame {
        let began = Instant::now();
        let reading = async {
            let mut answer = self.client.get(address).header(ACCEPT, "text/event-stream").send().await?;
            if answer.status() != StatusCode::OK {
                return Ok(StreamCame::Refused(answer.status().as_u16()));
            }
            let first = answer.chunk().await?;
            Ok(match first {
                Some(_) => StreamCame::Began(began.elapsed()),
                None => StreamCame::Broke("it ended before it began".into()),
            })
        };
        match tokio::time::timeout(BEGINNING, reading).await {
            Ok(Ok(came)) => came,
            Ok(Err::<_, reqwest::Error>(error)) => StreamCame::Broke(reach(error).0.to_string()),
            // A proxy that buffers holds the status back as well.
            Err(_) => StreamCame::Nothing(began.elapsed()),
        }
    }

    /// A handshake (RFC 6455 section 4.1); the connection is dropped when it is answered.
    async fn socket(&self, address: &str) -> Result<u16, String> {
        let request = self
            .client
            .get(address)
            .timeout(PATIENCE)
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        match request.send().await {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) => Err(reach(error).0.to_string()),
        }
    }
}

fn is_at(url: &str, origin: &str) -> bool {
    Url::parse(url).is_ok_and(|it| it.origin().ascii_serialization() == origin)
}

fn nobody(error: reqwest::Error) -> Asked {
    let (cause, detail) = reach(error);
    Asked::Nobody { cause, detail }
}

async fn beginning(mut answer: reqwest::Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return None;
        }
    }
    Some(body)
}
