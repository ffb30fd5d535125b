//! A subscription of somebody that we do not know.

use std::fmt;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use sha2::Sha256;

use crate::config::Secret;
use crate::hub::atom::Links;
use crate::hub::endpoint::Names;
use crate::hub::reach::{Caller, OutOfReach};

/// The header of a signed delivery (WebSub section 7.1).
const SIGNATURE: HeaderName = HeaderName::from_static("x-hub-signature");

/// What is different about a stranger's subscription. It is called through a client of its own, by lanes of its own, and
/// counts against [`Limits`].
#[derive(Clone)]
pub struct Guest {
    /// What it is called with, and goes no farther than that does.
    pub caller: Caller,
    /// What is spoken with it.
    pub dialect: Dialect,
    /// Chance, in which its challenges end: who has seen many of this hub's still cannot guess this one's.
    pub salt: u64,
}

/// What is spoken with a guest.
#[derive(Debug, Clone)]
pub enum Dialect {
    /// As Flickr's push spoke.
    Flickr,
    /// WebSub, and PubSubHubbub before it.
    WebSub {
        /// The topic's address, to the letter as the subscriber gave it: verifications repeat it.
        topic: String,
        /// The same, fit for a header.
        address: String,
        /// This hub's address.
        hub: String,
        /// What its deliveries are signed with.
        secret: Option<Secret>,
    },
}

/// How much of a hub strangers may have, all of them together.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Subscriptions, those that wait for their verification included.
    pub subscriptions: usize,
    /// Subscriptions whose callbacks are on one host.
    pub host: usize,
    /// Different places, tags and the like, all topics together: each may cost the source of events something.
    pub topics: usize,
    /// The same of one host.
    pub host_topics: usize,
    /// Places of one topic: each is a search of its own.
    pub places: usize,
    /// Subscriptions that wait for their first verification.
    pub pending: usize,
    /// The same of one host.
    pub host_pending: usize,
    /// Requests at once for callbacks on one host, each of which makes us call it.
    pub host_burst: u32,
    /// The time after which there may be one more.
    pub host_refill: Duration,
    /// Requests at once.
    pub burst: u32,
    /// The time after which there may be one more.
    pub refill: Duration,
    /// Attempts at a verification of which nothing is heard, or that is answered 5xx. Any other refusal is final.
    pub attempts: u32,
    /// Calls under way at once to guests that answer in time.
    pub fast: usize,
    /// Calls begun at once to guests that were slow or failed.
    pub slow: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            subscriptions: 1_000,
            host: 100,
            topics: 100,
            host_topics: 20,
            places: 5,
            pending: 100,
            host_pending: 10,
            host_burst: 20,
            host_refill: Duration::from_secs(3),
            burst: 50,
            refill: Duration::from_millis(200),
            attempts: 3,
            fast: 16,
            slow: 4,
        }
    }
}

/// Which of the [`Limits`] is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Crowded {
    /// The hub's.
    #[error("this hub holds as many subscriptions of guests as it takes")]
    Hub,
    /// The callback's host's.
    #[error("the callback's host has as many subscriptions as one host may have: end some first")]
    Host,
    /// That of topics.
    #[error("guests follow as many different topics as this hub takes: one that somebody follows already has room")]
    Topics,
    /// That of one topic.
    #[error("a topic of a guest has at most {0} places")]
    Places(usize),
    /// That of topics of one host.
    #[error("the callback's host follows as many different topics as one host may: end some first")]
    HostTopics,
    /// That of verifications of one host.
    #[error("too many subscriptions of the callback's host wait for their verification")]
    HostPending,
    /// That of verifications.
    #[error("too many subscriptions wait for their verification")]
    Pending,
    /// Requests came too fast.
    #[error("too many requests: wait {}", seconds(*.0))]
    Pace(Duration),
}

/// Rounded up, for a `Retry-After`, and in words.
fn seconds(wait: Duration) -> String {
    let n = wait.as_secs() + 1;
    if n == 1 { "a second".to_owned() } else { format!("{n} seconds") }
}

/// Why a guest is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WelcomeError {
    /// The callback is where this hub does not go.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// There is no room.
    #[error(transparent)]
    Crowded(#[from] Crowded),
    /// As for everybody.
    #[error(transparent)]
    Refused(#[from] super::SubscribeError),
}

impl Guest {
    /// How the parameters of its verifications are called.
    pub(super) fn names(&self) -> Names {
        match self.dialect {
            Dialect::Flickr => Names::Bare,
            Dialect::WebSub { .. } => Names::Hub,
        }
    }

    /// The topic's address, where topics have one.
    pub(super) fn topic(&self) -> Option<&str> {
        match &self.dialect {
            Dialect::Flickr => None,
            Dialect::WebSub { topic, .. } => Some(topic),
        }
    }

    /// What its documents link to.
    pub(super) fn links(&self) -> Option<Links<'_>> {
        match &self.dialect {
            Dialect::Flickr => None,
            Dialect::WebSub { address, hub, .. } => Some(Links { topic: address, hub }),
        }
    }

    /// The headers of a delivery of `body`: where hub and topic are (WebSub section 7), and the signature if there is a
    /// secret (section 7.1).
    pub(super) fn headers(&self, body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Dialect::WebSub { address, hub, secret, .. } = &self.dialect else { return headers };
        let links = format!("<{hub}>; rel=\"hub\", <{address}>; rel=\"self\"");
        headers.extend(HeaderValue::from_str(&links).ok().map(|it| (LINK, it)));
        let signature = secret.as_ref().map(|it| format!("sha256={}", signature(it.reveal().as_bytes(), body)));
        headers.extend(signature.and_then(|it| HeaderValue::from_str(&it).ok()).map(|it| (SIGNATURE, it)));
        headers
    }
}

/// HMAC-SHA256, in hexadecimal digits.
fn signature(secret: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").field("dialect", &self.dialect).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::reach::Reach;

    fn guest(secret: Option<&str>) -> Guest {
        let secret = secret.map(Secret::new);
        let (address, hub) = ("https://hub.test/topics/tags?tags=cat".to_owned(), "https://hub.test/hub".to_owned());
        let dialect = Dialect::WebSub { topic: address.clone(), address, hub, secret };
        Guest { caller: Caller::new(Reach::World).unwrap(), dialect, salt: 1 }
    }

    #[test]
    fn a_signature_is_that_of_the_rfc() {
        // RFC 4231, test cases 1 and 2.
        assert_eq!(
            signature(&[0x0b; 20], b"Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            signature(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_delivery_says_where_hub_and_topic_are_and_is_signed_when_there_is_a_secret() {
        let headers = guest(Some("hush")).headers(b"<feed/>");
        let links = "<https://hub.test/hub>; rel=\"hub\", <https://hub.test/topics/tags?tags=cat>; rel=\"self\"";
        assert_eq!(headers[LINK], links);
        assert_eq!(headers[SIGNATURE], format!("sha256={}", signature(b"hush", b"<feed/>")));
        let headers = guest(None).headers(b"<feed/>");
        assert!(headers.contains_key(LINK) && !headers.contains_key(SIGNATURE));
        assert!(Guest { dialect: Dialect::Flickr, ..guest(None) }.headers(b"").is_empty());
    }

    #[test]
    fn no_debug_output_shows_a_secret() {
        let shown = format!("{:?}", guest(Some("hush-hush-hush")));
        assert!(shown.contains("hub.test") && !shown.contains("hush"), "{shown}");
    }
}
