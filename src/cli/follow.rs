//! A stream followed from outside: it comes back for ever, and resumes where it was.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Client, StatusCode};
use tokio::time::{sleep, timeout};
use url::Url;

use super::events::{Event, Events};
use crate::clock::Clock;
use crate::tls;

/// A stream that said nothing for so long is dead, unless it says that it speaks up less often than each 25 s.
const SILENCE: Duration = Duration::from_secs(40);
/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(10);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Who is told what happens.
pub(super) trait Listener {
    /// A message came. An error ends everything: nobody reads any more.
    fn hear(&mut self, message: &str) -> std::io::Result<()>;
    /// Something about the connection, for people.
    fn say(&mut self, words: &str);
}

/// A stream, and where it is.
#[derive(Debug)]
pub(super) struct Follower {
    client: Client,
    address: Url,
    clock: Clock,
    after: Option<String>,
    silence: Duration,
    failures: u32,
}

/// Why it is over.
#[derive(Debug, thiserror::Error)]
pub(super) enum Over {
    /// The server will not have us; trying again would not help.
    #[error("the server answers {status}: {line}")]
    Refused { status: StatusCode, line: String },
    /// It is another kind of server, or another address.
    #[error(
        "that address answers with something else than a stream: it should be /stream?token=…, /stream?wall=… or a wall's link"
    )]
    NoStream,
    /// Nobody reads any more.
    #[error(transparent)]
    Unread(#[from] std::io::Error),
}

/// Why one connection ended.
enum Lost {
    /// It comes back.
    Broken(String),
    /// It does not.
    Over(Over),
}

impl Follower {
    pub(super) fn new(address: Url, after: Option<String>, clock: Clock) -> anyhow::Result<Self> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client()?)
            .user_agent(concat!("flickr-conduit/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECTING)
            .build()?;
        Ok(Self { client, address, clock, after, silence: SILENCE, failures: 0 })
    }

    /// Follows it until it is over.
    pub(super) async fn run(&mut self, listener: &mut impl Listener) -> Over {
        loop {
            match self.connect(listener).await {
                Lost::Over(over) => return over,
                Lost::Broken(why) => {
                    let pause = pause(self.failures, u32::from_be_bytes(self.clock.random().unwrap_or_default()));
                    self.failures += 1;
                    listener.say(&format!("{why}; trying again in {:.1} s", pause.as_secs_f64()));
                    sleep(pause).await;
                }
            }
        }
    }

    async fn connect(&mut self, listener: &mut impl Listener) -> Lost {
        let mut request = self.client.get(self.address.clone());
        request = request.header(ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(after) = &self.after {
            request = request.header("last-event-id", after);
        }
        let mut response = match timeout(self.silence, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(cause)) => return Lost::Broken(format!("the server cannot be reached ({})", root(&cause))),
            Err(_) => return Lost::Broken("the server does not answer".into()),
        };
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT
        {
            return Lost::Broken(format!("the server answers {status}"));
        }
        if !status.is_success() {
            let text = response.text().await.unwrap_or_default();
            let line = text.lines().next().unwrap_or_default().chars().take(300).collect();
            return Lost::Over(Over::Refused { status, line });
        }
        let mime = response.headers().get("content-type").map(|it| it.as_bytes().to_vec()).unwrap_or_default();
        if !mime.starts_with(b"text/event-stream") {
            return Lost::Over(Over::NoStream);
        }
        let mut events = Events::default();
        loop {
            let chunk = match timeout(self.silence, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return Lost::Broken("the server ended the stream".into()),
                Ok(Err(cause)) => return Lost::Broken(format!("the connection broke ({})", root(&cause))),
                Err(_) => return Lost::Broken(format!("nothing came for {} s", self.silence.as_secs())),
            };
            let Ok(whole) = events.take(&chunk) else { return Lost::Over(Over::NoStream) };
            for event in whole {
                if let Err(cause) = self.take(event, listener) {
                    return Lost::Over(Over::Unread(cause));
                }
            }
        }
    }

    fn take(&mut self, event: Event, listener: &mut impl Listener) -> std::io::Result<()> {
        if let Ok(Hello { kind, heartbeat: Some(heartbeat) }) = serde_json::from_str(&event.data)
            && kind == "hello"
        {
            self.failures = 0;
            self.silence = SILENCE.max(Duration::from_secs(heartbeat).mul_f64(1.6));
        }
        listener.hear(&event.data)?;
        // What was not printed is asked for again.
        if event.id.is_some() {
            self.after = event.id;
        }
        Ok(())
    }
}

/// What is of interest here of a hello.
#[derive(serde::Deserialize)]
struct Hello {
    #[serde(rename = "type")]
    kind: String,
    heartbeat: Option<u64>,
}

/// 1, 2, 4 … 30 s, and by chance up to half of it more, so that many do not come back at once.
fn pause(failures: u32, chance: u32) -> Duration {
    let whole = Duration::from_secs(1 << failures.min(5)).min(LONGEST_WAIT);
    whole + whole.mul_f64(0.5 * f64::from(chance) / f64::from(u32::MAX))
}

/// The innermost cause: `Connection refused` says more than that a request failed.
fn root(cause: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = cause;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_differ() {
        assert_eq!(pause(0, 0), Duration::from_secs(1));
        assert_eq!(pause(3, 0), Duration::from_secs(8));
        assert_eq!(pause(50, 0), LONGEST_WAIT);
        assert_eq!(pause(50, u32::MAX), LONGEST_WAIT.mul_f64(1.5));
    }
}
