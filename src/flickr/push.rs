//! The methods of `flickr.push`, all of them "experimental and may change" (documented).

use jiff::Timestamp;
use reqwest::Method;
use serde_json::Value;

use crate::flickr::{Flickr, FlickrError, Token, loose};
use crate::topic::Topic;

/// When Flickr verifies the callback (PubSubHubbub 0.3 section 6.1, `hub.verify`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// Before it answers the call: whoever calls must be able to confirm meanwhile. A refusal is error 4.
    Sync,
    /// Some time later; [`HubSubscription::pending`] until then.
    Async,
}

impl Verify {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Async => "async",
        }
    }
}

/// A subscription, as the hub has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubSubscription {
    /// The name of the topic, without its arguments: Flickr does not tell them.
    pub topic: String,
    /// Where it delivers.
    pub callback: String,
    /// Whether it waits for its verification.
    pub pending: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// How long it lasts, in seconds; 0 when Flickr renews it by itself (observed).
    pub lease_seconds: u64,
    /// When it ends, or when it is renewed.
    pub expiry: Option<Timestamp>,
    /// How often Flickr has tried to verify it. More than 0 while pending means that the callback answers wrongly
    /// (laughingmeme.org, 2011-07-24).
    pub verify_attempts: u32,
}

/// A topic, as the hub lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubTopic {
    /// Its name on the wire. There may be others than our [nine](crate::topic::Kind): `geotagged` and `airports` were
    /// once seen.
    pub name: String,
    /// Flickr's words for it; its name when there are none.
    pub display_name: String,
}

impl Flickr {
    /// `flickr.push.subscribe`. The callback has at most 255 bytes and belongs to no other subscription of the same
    /// person; `verify_token` has at most 200 bytes; `lease_seconds` is from 60 to 86,400, and without it Flickr
    /// renews by itself (all documented).
    ///
    /// # Errors
    /// When Flickr refuses ([`crate::flickr::Failure`] 1 to 6), or cannot be reached.
    pub async fn subscribe(
        &self,
        token: &Token,
        topic: &Topic,
        callback: &str,
        verify_token: &str,
        verify: Verify,
        lease_seconds: Option<u32>,
    ) -> Result<(), FlickrError> {
        let mut arguments = topic.arguments();
        arguments.extend(endpoint(callback, verify_token, verify));
        arguments.extend(lease_seconds.map(|it| ("lease_seconds", it.to_string())));
        self.signed(Method::POST, "flickr.push.subscribe", token, arguments).await.map(drop)
    }

    /// `flickr.push.unsubscribe`. Flickr asks the callback for this, too, with `mode=unsubscribe`.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached. [`crate::flickr::Failure::NotSubscribed`] means that it has ended
    /// already.
    pub async fn unsubscribe(
        &self,
        token: &Token,
        topic: &Topic,
        callback: &str,
        verify_token: &str,
        verify: Verify,
    ) -> Result<(), FlickrError> {
        let mut arguments = vec![("topic", topic.kind().name().to_owned())];
        arguments.extend(endpoint(callback, verify_token, verify));
        self.signed(Method::POST, "flickr.push.unsubscribe", token, arguments).await.map(drop)
    }

    /// `flickr.push.getSubscriptions`: all that the person has made with this app, by whatever program.
    ///
    /// # Errors
    /// When Flickr refuses ([`crate::flickr::Failure::NotPro`]), or cannot be reached.
    pub async fn subscriptions(&self, token: &Token) -> Result<Vec<HubSubscription>, FlickrError> {
        let answer = self.signed(Method::GET, "flickr.push.getSubscriptions", token, Vec::new()).await?;
        subscriptions(&answer)
            .ok_or_else(|| FlickrError::NotFlickr { beginning: "an answer without subscriptions".into() })
    }

    /// `flickr.push.getTopics`, which needs nobody's permission.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn topics(&self) -> Result<Vec<HubTopic>, FlickrError> {
        let answer = self.unsigned("flickr.push.getTopics", 0, Vec::new()).await?;
        topics(&answer).ok_or_else(|| FlickrError::NotFlickr { beginning: "an answer without topics".into() })
    }
}

fn endpoint(callback: &str, verify_token: &str, verify: Verify) -> [(&'static str, String); 3] {
    [
        ("callback", callback.to_owned()),
        ("verify_token", verify_token.to_owned()),
        ("verify", verify.as_str().to_owned()),
    ]
}

/// `{"subscriptions": {"subscription": [{"topic": …, "callback": …, "pending": "0", …}]}}`. One without topic or
/// callback is no business of ours and is left out.
pub(super) fn subscriptions(answer: &Value) -> Option<Vec<HubSubscription>> {
    let one = |item: &Value| {
        let field = |name: &str| item.get(name).unwrap_or(&Value::Null);
        Some(HubSubscription {
            topic: loose::text(field("topic"))?,
            callback: loose::text(field("callback"))?,
            pending: loose::number(field("pending")).unwrap_or(0) != 0,
            created: loose::time(field("date_create")),
            lease_seconds: loose::number(field("lease_seconds")).unwrap_or(0),
            expiry: loose::time(field("expiry")),
            verify_attempts: loose::small(field("verify_attempts")).unwrap_or(0),
        })
    };
    Some(loose::items(answer, "subscriptions", "subscription")?.iter().filter_map(one).collect())
}

/// `{"topics": {"topic": [{"name": "contacts_photos", "display_name": "photos from your contacts"}]}}`.
pub(super) fn topics(answer: &Value) -> Option<Vec<HubTopic>> {
    let one = |item: &Value| {
        let name = loose::text(item.get("name")?)?;
        let display_name = item.get("display_name").and_then(loose::text).unwrap_or_else(|| name.clone());
        Some(HubTopic { name, display_name })
    };
    Some(loose::items(answer, "topics", "topic")?.iter().filter_map(one).collect())
}
