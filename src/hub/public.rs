//! The public hub: a hub engine, open to strangers.
//!
//! It takes WebSub's subscription requests (and PubSubHubbub 0.3's, which many subscribers still send), and
//! `flickr.push.*` as far as that needs no account. What it is told is read by [`request`] and [`asked`], a topic's address
//! by [`topic_url`]; [`PublicHub`] hands it to the engine, which holds strangers to their
//! [`Limits`](crate::hub::engine::Limits) and calls no address that is not on the public [`reach`](crate::hub::reach).
//!
//! Topics that need nobody's permission (tags, geo, commons) are open to everybody. Those of an account are not: a WebSub
//! subscriber is denied, and a call of `flickr.push.subscribe` fails with error 99.
//!
//! **The seam:** the engine is one value that is handed in, whatever its source of events is.

pub mod asked;
pub mod request;
pub mod topic_url;

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use url::Url;

use crate::clock::{Clock, NoRandomness};
use crate::hub::atom::{self, Links};
use crate::hub::endpoint::Mode;
use crate::hub::engine::{Dialect, Guest, Hub, Interest, Request, SubscribeError, Subscription, Verify, WelcomeError};
use crate::hub::reach::Caller;
use crate::topic::{Kind, Topic};
use asked::Asked;
use request::WebSub;

/// Where subscription requests go, below the base.
pub const HUB: &str = "/hub";
/// Entries of a topic's feed at most, as in Flickr's.
const ENTRIES: usize = 20;
/// The lease of who does not ask for one, and of who asks for one and is to be asked again.
const LEASE: Duration = Duration::from_secs(86_400);
/// The shortest and the longest lease. None is for ever (WebSub section 5.1); and since guests end with the process, none
/// is longer than a day, after which a subscriber asks again at the latest.
const LEASES: (Duration, Duration) = (Duration::from_secs(300), Duration::from_secs(86_400));
/// Why a topic of an account is denied.
const NEEDS_ACCOUNT: &str =
    "this topic belongs to an account of Flickr's, and this hub serves it to its own people only";

/// A hub engine that is open to strangers. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct PublicHub {
    engine: Hub,
    caller: Caller,
    clock: Clock,
    /// Without a slash at the end.
    base: Arc<str>,
}

/// What a request comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The callback will be asked (or told that it is denied).
    Accepted,
    /// The callback has agreed (PubSubHubbub 0.3, `hub.verify=sync`).
    Verified,
}

/// Why a request comes to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A parameter is missing or wrong.
    #[error("{0}: {1}")]
    Parameter(&'static str, String),
    /// The engine does not take it.
    #[error(transparent)]
    Engine(#[from] WelcomeError),
    /// No chance to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl PublicHub {
    /// Opens `engine` at `base`, from where it calls strangers with `caller`.
    #[must_use]
    pub fn new(engine: Hub, base: &str, caller: Caller, clock: Clock) -> Self {
        Self { engine, caller, clock, base: base.trim_end_matches('/').into() }
    }

    /// The same with another engine behind it.
    #[must_use]
    pub fn on(self, engine: Hub) -> Self {
        Self { engine, ..self }
    }

    /// Where subscription requests go.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{HUB}", self.base)
    }

    /// What the addresses of all topics begin with.
    #[must_use]
    pub fn topics(&self) -> String {
        format!("{}{}", self.base, topic_url::TOPICS)
    }

    /// The address of a topic.
    #[must_use]
    pub fn topic_address(&self, topic: &Topic) -> String {
        topic_url::write(&self.base, topic)
    }

    /// Takes the form of a subscription request (WebSub section 5.1, PubSubHubbub 0.3 section 6.1).
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn subscription(&self, form: &[(String, String)]) -> Result<Taken, Refused> {
        let WebSub { mode, topic, spelled, address, callback, secret, lease, verify, verify_token } =
            WebSub::read(form, &self.base)?;
        // WebSub knows a subscription by topic and callback, the engine by account and callback.
        let account = account_of(&topic, Speech::WebSub);
        let guest = self.guest(Dialect::WebSub { topic: spelled, address, hub: self.address(), secret })?;
        let asked = verify.unwrap_or(Verify::Async);
        if mode == Mode::Unsubscribe {
            self.engine.farewell(&account, topic.kind(), &callback, (asked, verify_token), guest).await?;
        } else {
            let denied = needs_account(topic.kind());
            // 0.3 has the hub ask again before a lease ends (section 6.3), WebSub has the subscriber do it.
            let lease = match verify {
                Some(_) => None,
                None => Some(lease.map_or(LEASE, |it| it.clamp(LEASES.0, LEASES.1))),
            };
            let interest = Interest::Topic(topic);
            let request = Request { account, interest, callback, verify: asked, verify_token, lease };
            if denied {
                self.engine.turn_away(request, guest, NEEDS_ACCOUNT)?;
                return Ok(Taken::Accepted);
            }
            self.engine.welcome(request, guest).await?;
        }
        Ok(if verify == Some(Verify::Sync) { Taken::Verified } else { Taken::Accepted })
    }

    /// `flickr.push.subscribe`, of a topic that needs no account.
    ///
    /// # Errors
    /// Flickr's number and words.
    pub async fn subscribe(&self, argument: impl Fn(&str) -> Option<String>) -> Result<(), (u32, String)> {
        let topic = Topic::from_arguments(&argument).map_err(|bad| asked::fail(&bad))?;
        if needs_account(topic.kind()) {
            return Err((99, format!("User not logged in / Insufficient permissions: {NEEDS_ACCOUNT}")));
        }
        let lease = asked::lease(&argument).map_err(|bad| asked::fail(&bad))?;
        let Asked { callback, verify, verify_token } = Asked::read(&argument).map_err(|bad| asked::fail(&bad))?;
        let (account, interest) = (account_of(&topic, Speech::Flickr), Interest::Topic(topic));
        let guest = self.guest(Dialect::Flickr).map_err(|cause| (105, cause.to_string()))?;
        let request = Request { account, interest, callback, verify, verify_token, lease };
        self.engine.welcome(request, guest).await.map_err(|refused| number(&refused))
    }

    /// `flickr.push.unsubscribe`.
    ///
    /// # Errors
    /// Flickr's number and words.
    pub async fn unsubscribe(&self, argument: impl Fn(&str) -> Option<String>) -> Result<(), (u32, String)> {
        let kind = asked::kind(&argument).map_err(|bad| asked::fail(&bad))?;
        let Asked { callback, verify, verify_token } = Asked::read(&argument).map_err(|bad| asked::fail(&bad))?;
        let guest = self.guest(Dialect::Flickr).map_err(|cause| (105, cause.to_string()))?;
        // Flickr's method names no arguments of the topic: the callback says which it is.
        let is_meant = |it: &Subscription| {
            it.guest
                && it.callback == callback
                && matches!(&it.interest, Interest::Topic(topic)
                    if topic.kind() == kind && it.account == account_of(topic, Speech::Flickr))
        };
        let account = self.engine.all().into_iter().find(is_meant).map_or_else(String::new, |it| it.account);
        let ended = self.engine.farewell(&account, kind, &callback, (verify, verify_token), guest).await;
        ended.map_err(|refused| number(&refused))
    }

    /// The feed of a topic that needs no account: its newest entries, as far as this hub has heard of any.
    #[must_use]
    pub fn feed(&self, topic: Topic) -> String {
        let (address, hub) = (self.topic_address(&topic), self.address());
        let followers = [Speech::WebSub, Speech::Flickr].map(|it| account_of(&topic, it));
        let interest = Interest::Topic(topic);
        let followers = followers.each_ref().map(String::as_str);
        let entries = self.engine.newest(&followers, &interest, ENTRIES);
        let links = Links { topic: &address, hub: &hub };
        atom::linked_document(&interest.title(), Some(links), &entries, self.clock.now())
    }

    fn guest(&self, dialect: Dialect) -> Result<Guest, NoRandomness> {
        Ok(Guest { caller: self.caller.clone(), dialect, salt: u64::from_be_bytes(self.clock.random()?) })
    }
}

/// What a stranger speaks. A callback may have subscriptions of both kinds to one topic: each is spoken to in its way, and
/// neither ends the other.
#[derive(Debug, Clone, Copy)]
enum Speech {
    WebSub,
    Flickr,
}

/// Who all that want this topic, and speak so, are to the engine: it is an event name, so that a source of events can
/// tell them alone what it found for the topic.
fn account_of(topic: &Topic, speech: Speech) -> String {
    let hash = Sha256::digest(topic.to_text());
    let begins = match speech {
        Speech::WebSub => "guest-",
        Speech::Flickr => "guest-flickr-",
    };
    hash.iter().take(8).fold(begins.to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// Whether a topic shows what is somebody's own, and so needs that person's permission.
#[must_use]
pub fn needs_account(kind: Kind) -> bool {
    !matches!(kind, Kind::Geo | Kind::Commons | Kind::Tags)
}

/// Flickr's number and words for what the engine does not take.
fn number(refused: &WelcomeError) -> (u32, String) {
    let number = match refused {
        WelcomeError::OutOfReach(out) => return (2, format!("Invalid parameter value: callback: {out}")),
        WelcomeError::Crowded(_) | WelcomeError::Refused(SubscribeError::Full(_)) => 105,
        WelcomeError::Refused(SubscribeError::InUse) => 3,
        WelcomeError::Refused(SubscribeError::Failed(_)) => 4,
        WelcomeError::Refused(SubscribeError::Awaiting) => 6,
        WelcomeError::Refused(SubscribeError::NotFound) => 7,
    };
    (number, refused.to_string())
}

/// A callback's address.
fn callback(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|it| matches!(it.scheme(), "http" | "https") && it.has_host())
}
