//! One subscriber's callback, as the hub sees it.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;

use crate::tls;

/// What Flickr's deliveries called themselves.
const USER_AGENT: &str = "Flickr Kitten Hose";

/// The longest answer that is read, in bytes. A challenge is a fraction of it.
const ANSWER_LIMIT: usize = 4096;

/// What a verification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Does the subscriber want deliveries?
    Subscribe,
    /// Does it want them no more?
    Unsubscribe,
    /// It is told that it gets none (WebSub section 5.2), and is not asked.
    Denied,
}

/// How the parameters of a verification are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Names {
    /// `mode`: Flickr's (observed).
    #[default]
    Bare,
    /// `hub.mode`: WebSub's and PubSubHubbub's.
    Hub,
}

/// Why a verification failed.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No answer came.
    #[error("the callback could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// The callback refused: it does not know this subscription, or not this token.
    #[error("the callback answered {status}: {line:?}")]
    Refused {
        /// Its status.
        status: StatusCode,
        /// The first line of its answer.
        line: String,
    },
    /// It agreed, but what it echoed is something else.
    #[error("the callback was to echo the challenge {challenge:?} and answered {line:?}")]
    WrongChallenge {
        /// What it was asked to echo.
        challenge: String,
        /// The first line of what came.
        line: String,
    },
}

/// Why a delivery was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// No answer came.
    #[error("the callback could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// 410: the subscription is over (WebSub section 5.1; PubSubHubbub 0.3 knows no such answer).
    #[error("the callback answered 410, the subscription is gone")]
    Gone,
    /// Any other answer outside 2xx; the delivery is to be tried again (PubSubHubbub 0.3 section 7.3).
    #[error("the callback answered {status}: {line:?}")]
    Refused {
        /// Its status.
        status: StatusCode,
        /// The first line of its answer.
        line: String,
    },
}

/// Why there is no client to speak through.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No TLS.
    #[error("TLS could not be set up")]
    Tls(#[from] rustls::Error),
    /// Anything else.
    #[error("the HTTP client could not be set up")]
    Http(#[from] reqwest::Error),
}

/// The client that a hub speaks through.
///
/// No redirects: a callback may not move a subscription by them (WebSub section 5.1). No proxy: the practice hub
/// speaks to its own machine.
///
/// # Errors
///
/// When the client cannot be set up.
pub fn client() -> Result<Client, ClientError> {
    client_as(USER_AGENT)
}

/// The same for who is no Flickr, and says so.
///
/// # Errors
///
/// When the client cannot be set up.
pub fn client_as(user_agent: &str) -> Result<Client, ClientError> {
    let tls = tls::client()?;
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(user_agent)
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10))
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(client)
}

/// What a callback is asked.
///
/// Observed: Flickr's parameters have no `hub.` before them; WebSub's have (section 5.3). Of Flickr's `topic` and `lease_seconds` nothing is observed; they are
/// PubSubHubbub 0.3's (section 6.2).
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// How the parameters are called.
    pub names: Names,
    /// To subscribe or to unsubscribe.
    pub mode: Mode,
    /// The topic: its name, or in WebSub its address.
    pub topic: Option<&'a str>,
    /// What is to be echoed.
    pub challenge: &'a str,
    /// What the subscriber wanted to be shown.
    pub verify_token: Option<&'a str>,
    /// How long the subscription lasts.
    pub lease_seconds: Option<u64>,
}

/// Asks a callback whether it means it (PubSubHubbub 0.3 section 6.2).
///
/// # Errors
///
/// Unless it answers 2xx and exactly the challenge.
pub async fn ask(client: &Client, callback: &Url, question: &Question<'_>) -> Result<(), VerifyError> {
    let Question { names, mode, topic, challenge, verify_token, lease_seconds } = *question;
    let mut address = callback.clone();
    // They follow whatever the callback's query holds.
    address
        .query_pairs_mut()
        .append_pair(names.of("hub.mode"), mode.as_str())
        .extend_pairs(topic.map(|it| (names.of("hub.topic"), it)))
        .append_pair(names.of("hub.challenge"), challenge)
        .extend_pairs(verify_token.map(|it| (names.of("hub.verify_token"), it)))
        .extend_pairs(lease_seconds.map(|it| (names.of("hub.lease_seconds"), it.to_string())));
    let answer = client.get(address).send().await.map_err(VerifyError::unreachable)?;
    let status = answer.status();
    let body = beginning(answer).await.map_err(VerifyError::unreachable)?;
    if !status.is_success() {
        return Err(VerifyError::Refused { status, line: first_line(&body) });
    }
    if body != challenge.as_bytes() {
        return Err(VerifyError::WrongChallenge { challenge: challenge.to_owned(), line: first_line(&body) });
    }
    Ok(())
}

/// Tells a callback that there is no subscription, or none any more (WebSub section 5.2). What it answers does not matter.
pub async fn deny(client: &Client, callback: &Url, topic: &str, reason: &str) {
    let mut address = callback.clone();
    address
        .query_pairs_mut()
        .append_pair("hub.mode", Mode::Denied.as_str())
        .append_pair("hub.topic", topic)
        .append_pair("hub.reason", reason);
    let _ = client.get(address).send().await;
}

/// Pushes one document, with these headers beside its Content-Type. Says which 2xx the callback answered.
///
/// # Errors
///
/// Unless the callback answers 2xx; only then may the hub forget the document.
pub async fn deliver(
    client: &Client,
    callback: &Url,
    headers: HeaderMap,
    body: String,
) -> Result<StatusCode, DeliverError> {
    let atom = HeaderValue::from_static("application/atom+xml");
    let request = client.post(callback.clone()).headers(headers).header(CONTENT_TYPE, atom).body(body);
    let answer = request.send().await.map_err(DeliverError::unreachable)?;
    let status = answer.status();
    if status.is_success() {
        return Ok(status);
    }
    if status == StatusCode::GONE {
        return Err(DeliverError::Gone);
    }
    let body = beginning(answer).await.map_err(DeliverError::unreachable)?;
    Err(DeliverError::Refused { status, line: first_line(&body) })
}

// An error names the address that it failed at. A callback is a capability and must not get into a log that way.
impl VerifyError {
    fn unreachable(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}

impl DeliverError {
    fn unreachable(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url())
    }
}

impl Names {
    fn of(self, full: &'static str) -> &'static str {
        match self {
            Self::Bare => full.trim_start_matches("hub."),
            Self::Hub => full,
        }
    }
}

impl Mode {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscribe => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Denied => "denied",
        }
    }
}

/// The answer's body as far as it matters: one that goes on after the limit is not the challenge anyway.
async fn beginning(mut answer: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_LIMIT {
            break;
        }
    }
    Ok(body)
}

/// The first line, fit for a log: whatever bytes came, it is short text without control characters.
fn first_line(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.lines().next().unwrap_or_default().chars().filter(|it| !it.is_control()).take(200).collect()
}
