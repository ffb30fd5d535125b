//! What the path of a delivery hands to the log: as it is, so that noting it costs next to nothing there.

use std::net::SocketAddr;

use bytes::Bytes;
use hyper::header::{HeaderValue, USER_AGENT};
use hyper::{HeaderMap, Method, Uri};
use jiff::Timestamp;

use crate::delivery_log::mask;
use crate::delivery_log::record::{Cause, Head, Hub, Kind, Parsed, Record, Whole};
use crate::delivery_log::{FLAWS, Verdict};
use crate::event_name::EventName;
use crate::feed::Problem;
use crate::signing::Keys;

/// How Flickr's deliveries called themselves (its engineers' talk of 2011).
const FLICKRS_AGENT: &[u8] = b"Flickr Kitten Hose";
/// The most characters of where something came from.
const LONGEST_FROM: usize = 80;

/// One request and what became of it. It holds secrets still: only `settle` makes something to be kept of it.
#[derive(Debug)]
pub struct Draft {
    /// How it began.
    pub call: Call,
    /// Its callback's event name.
    pub event: Option<EventName>,
    /// What was decided; of tokens, what came stands there in full, and what we hold not at all.
    pub verdict: Verdict,
    /// What was answered.
    pub status: u16,
    /// From the arrival to the answer, in milliseconds.
    pub took_ms: f64,
    /// What was read of the body; `None` when there was no room for it.
    pub body: Option<Bytes>,
    /// How much that was, in bytes.
    pub size: usize,
    /// Of a feed: what was in it, but for its flaws, …
    pub parsed: Option<Parsed>,
    /// … which are here.
    pub problems: Vec<Problem>,
}

/// How a request began.
#[derive(Debug, Clone)]
pub struct Call {
    /// When it arrived.
    pub at: Timestamp,
    /// Its method.
    pub method: Method,
    /// Its address.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// The other end of the connection.
    pub peer: Option<SocketAddr>,
    /// Whether our own bridge sent it.
    pub by_bridge: bool,
    /// Why it came.
    pub cause: Cause,
}

impl Draft {
    /// A request that was answered with `status`, without a body.
    #[must_use]
    pub fn new(call: Call, event: Option<EventName>, verdict: Verdict, status: u16) -> Self {
        let (body, parsed, problems) = (Some(Bytes::new()), None, Vec::new());
        Self { call, event, verdict, status, took_ms: 0.0, body, size: 0, parsed, problems }
    }

    /// About how much memory it holds besides its body, in bytes.
    pub(super) fn head(&self) -> usize {
        let headers: usize = self.call.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        headers + 1024
    }

    /// Bytes of its body that are still there.
    pub(super) fn held(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }

    /// What is kept of it, without secrets.
    pub(super) fn settle(self, id: u64, keys: &Keys) -> Whole {
        let Self { call, event, verdict, status, took_ms, body, size, parsed, mut problems } = self;
        let address = call.uri.path_and_query().map_or("/", |it| it.as_str());
        let (address, secrets) = mask::address(address, event.is_some());
        let ours = || event.as_ref().map(|it| mask::hint(&keys.verify_token(it))).unwrap_or_default();
        let verdict = match verdict {
            Verdict::WrongToken { theirs, .. } => Verdict::WrongToken { theirs: mask::hint(&theirs), ours: ours() },
            Verdict::MissingToken { .. } => Verdict::MissingToken { ours: ours() },
            other => other,
        };
        problems.truncate(FLAWS);
        let flaws = problems.iter().map(ToString::to_string).collect();
        let record = Record {
            id,
            kind: match call.method {
                Method::GET => Kind::Verification,
                Method::POST => Kind::Delivery,
                _ => Kind::Other,
            },
            at: milliseconds(call.at),
            from: from(&call),
            hub: hub(&call),
            cause: call.cause,
            event,
            verdict,
            status,
            size,
            took_ms: (took_ms * 100.0).round() / 100.0,
            parsed: parsed.map(|it| Parsed { flaws, published_at: it.published_at.map(milliseconds), ..it }),
        };
        let headers = mask::headers(&call.headers, &secrets);
        let head = Head { method: call.method.to_string(), address, headers };
        Whole { record, head, body }
    }
}

/// Nobody needs more, and other programs read no more.
fn milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn hub(call: &Call) -> Hub {
    if call.by_bridge {
        Hub::Bridge
    } else if call.headers.get(USER_AGENT).map(HeaderValue::as_bytes) == Some(FLICKRS_AGENT) {
        Hub::Flickr
    } else {
        Hub::Other
    }
}

/// The first address that a proxy names, or the other end's.
fn from(call: &Call) -> String {
    let forwarded = call.headers.get("x-forwarded-for").and_then(|it| it.to_str().ok());
    let first = forwarded.and_then(|it| it.split(',').next()).map(str::trim).filter(|it| !it.is_empty());
    match (first, call.peer) {
        (Some(first), _) => first.chars().take(LONGEST_FROM).collect(),
        (None, Some(peer)) => peer.ip().to_string(),
        (None, None) => "this program".into(),
    }
}
