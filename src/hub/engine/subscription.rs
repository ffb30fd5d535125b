//! What is asked of the hub, and what it says of it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::topic::Topic;

/// What a subscription is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Interest {
    /// Whatever happens. Flickr has no such topic; the demo's wall begins with it.
    Everything,
    /// What this topic covers.
    Topic(Topic),
    /// The photos of this group's pool. Flickr has no such topic; the bridge has a feed for it.
    Group(String),
}

impl Interest {
    /// What a verification calls it: the topic's name without its arguments.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Topic(topic) => topic.kind().name(),
            Self::Group(_) => "group",
        }
    }

    /// The title of its deliveries.
    #[must_use]
    pub fn title(&self) -> String {
        let topic = match self {
            Self::Topic(topic) => topic,
            Self::Everything => return "Photos from everybody".to_owned(),
            Self::Group(_) => return "Photos from a group".to_owned(),
        };
        let words = topic.to_string();
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// When the callback is asked (PubSubHubbub 0.3 section 6.1, `hub.verify`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Before subscribe returns; one refusal is final.
    Sync,
    /// Some time after subscribe returned, and again if need be.
    Async,
}

/// A wish to subscribe. Its `Debug` shows the callback's origin only.
#[derive(Clone)]
pub struct Request {
    /// The subscriber's nsid.
    pub account: String,
    /// What to push.
    pub interest: Interest,
    /// Where to.
    pub callback: Url,
    /// When to ask the callback.
    pub verify: Verify,
    /// What the callback wants to be shown when it is asked.
    pub verify_token: Option<String>,
    /// `None`: renewed by itself, for ever. The documented range, a minute to a day, is the caller's to check.
    pub lease: Option<Duration>,
}

/// What the hub knows of one subscription. Its `Debug` shows the callback's origin only.
#[derive(Clone)]
pub struct Subscription {
    /// The subscriber's nsid.
    pub account: String,
    /// What is pushed.
    pub interest: Interest,
    /// Where to.
    pub callback: Url,
    /// Not verified yet, so nothing is pushed.
    pub pending: bool,
    /// When it was asked for.
    pub created: Timestamp,
    /// As it was asked for.
    pub lease: Option<Duration>,
    /// When the lease ends: that long after it was asked for or last renewed.
    pub expiry: Timestamp,
    /// Failed attempts at the last asynchronous verification. With `pending`: the callback answers wrongly.
    pub verify_attempts: u32,
    /// It is a stranger's, who asked this hub because it is open to others.
    pub guest: bool,
}

/// Why there is no subscription, or why it goes on. Numbers are Flickr's of `flickr.push.subscribe`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubscribeError {
    /// Error 3.
    #[error("Callback URL already in use for a different subscription")]
    InUse,
    /// Error 4, with the callback's status (observed: `504`) or what happened.
    #[error("Callback failed or invalid response: {0}")]
    Failed(String),
    /// Error 6.
    #[error("Subscription awaiting verification, try again later")]
    Awaiting,
    /// Error 7 (unsubscribe).
    #[error("Subscription not found")]
    NotFound,
    /// This hub has no room; Flickr has no such error (105, service unavailable, comes nearest).
    #[error("this hub holds at most {0} subscriptions: end one first")]
    Full(usize),
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("account", &self.account)
            .field("interest", &self.interest)
            .field("callback", &self.callback.origin().ascii_serialization())
            .field("verify", &self.verify)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("account", &self.account)
            .field("interest", &self.interest)
            .field("callback", &self.callback.origin().ascii_serialization())
            .field("pending", &self.pending)
            .field("expiry", &self.expiry)
            .field("verify_attempts", &self.verify_attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_titled_after_its_topic() {
        let title = |text: &str| Interest::Topic(Topic::from_text(text).unwrap()).title();
        assert_eq!(title("topic=contacts_faves"), "Your contacts' faves");
        assert_eq!(title("topic=tags&tags=cat,kitten"), "Photos tagged cat or kitten");
        assert_eq!(Interest::Everything.title(), "Photos from everybody");
    }

    #[test]
    fn no_debug_output_shows_a_callback() {
        let request = Request {
            account: "1@N01".into(),
            interest: Interest::Everything,
            callback: "http://a.test/callback/secret".parse().unwrap(),
            verify: Verify::Sync,
            verify_token: Some("hush".into()),
            lease: None,
        };
        let shown = format!("{request:?}");
        assert!(shown.contains("http://a.test") && !shown.contains("secret") && !shown.contains("hush"), "{shown}");
    }
}
