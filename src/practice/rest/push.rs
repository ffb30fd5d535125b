//! `flickr.push.*`. Arguments, limits and errors are those of Flickr's own reflection of these methods.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::{Call, Fail};
use crate::hub::engine::{Interest, Request, SubscribeError, Subscription, Verify};
use crate::hub::faults::Fault;
use crate::hub::people::Person;
use crate::topic::{Kind, Topic};

/// Bytes of a callback's address.
const CALLBACK: usize = 255;
/// Bytes of a verify token.
const TOKEN: usize = 200;
/// Seconds that a lease may last.
const LEASE: std::ops::RangeInclusive<u64> = 60..=86_400;

/// `flickr.push.getTopics`.
pub(super) fn topics() -> Value {
    let topic = |kind: Kind| json!({"name": kind.name(), "display_name": kind.display_name()});
    json!({"topics": {"topic": Kind::ALL.map(topic)}})
}

/// `flickr.push.subscribe`: has answered once the hub knows, which in `sync` is after it has verified the callback.
pub(super) async fn subscribe(call: &Call<'_>) -> Result<Value, Fail> {
    let account = subscriber(call)?.nsid.to_owned();
    let topic = Topic::from_arguments(|name| call.arguments.get(name).map(str::to_owned)).map_err(|bad| {
        if bad.missing { Fail::missing(bad.argument) } else { Fail::wrong(bad.argument, &bad.sentence) }
    })?;
    let Asked { callback, verify, verify_token } = Asked::read(call)?;
    let lease = match call.arguments.get("lease_seconds") {
        None => None,
        Some(text) => {
            let seconds = text.parse().ok().filter(|it| LEASE.contains(it));
            let wrong = || Fail::wrong("lease_seconds", "expected a number from 60 to 86400");
            Some(Duration::from_secs(seconds.ok_or_else(wrong)?))
        }
    };
    if call.realm.faults.is_set(Fault::PushOff) {
        // Observed since 2019 (flickr-sdk issue 132), and no request ever reaches the callback.
        return Err(refusal(&SubscribeError::Failed("504".to_owned())));
    }
    let request = Request { account, interest: Interest::Topic(topic), callback, verify, verify_token, lease };
    call.realm.hub.subscribe(request).await.map_err(|it| refusal(&it))?;
    Ok(json!({}))
}

/// `flickr.push.unsubscribe`: the callback is asked about this too.
pub(super) async fn unsubscribe(call: &Call<'_>) -> Result<Value, Fail> {
    let account = call.person()?.nsid;
    // Only the topic's name is an argument here, not what belongs to it (documented).
    let name = call.arguments.get("topic").ok_or_else(|| Fail::missing("topic"))?;
    let topic = Kind::of(name).ok_or_else(|| Fail::wrong("topic", &format!("{name:?} is no topic")))?;
    let Asked { callback, verify, verify_token } = Asked::read(call)?;
    let hub = &call.realm.hub;
    hub.unsubscribe(account, topic, &callback, verify, verify_token).await.map_err(|it| refusal(&it))?;
    Ok(json!({}))
}

/// `flickr.push.getSubscriptions`: every value is text, and `lease_seconds` is 0 for what is renewed by itself.
pub(super) fn subscriptions(call: &Call<'_>) -> Result<Value, Fail> {
    let them = call.realm.hub.subscriptions(subscriber(call)?.nsid);
    let shown: Vec<Value> = them.iter().map(subscription).collect();
    Ok(json!({"subscriptions": {"subscription": shown}}))
}

fn subscription(it: &Subscription) -> Value {
    let topic = match &it.interest {
        Interest::Topic(topic) => topic.kind().name(),
        other => other.name(),
    };
    json!({
        "topic": topic,
        "callback": it.callback.as_str(),
        "pending": if it.pending { "1" } else { "0" },
        "date_create": it.created.as_second().to_string(),
        "lease_seconds": it.lease.map_or(0, |lease| lease.as_secs()).to_string(),
        "expiry": it.expiry.as_second().to_string(),
        "verify_attempts": it.verify_attempts.to_string(),
    })
}

fn subscriber(call: &Call<'_>) -> Result<&'static Person, Fail> {
    let person = call.person()?;
    if person.is_pro() { Ok(person) } else { Err(Fail::new(5, "Service currently available only to pro accounts")) }
}

/// What both methods are told.
struct Asked {
    callback: Url,
    verify: Verify,
    verify_token: Option<String>,
}

impl Asked {
    fn read(call: &Call<'_>) -> Result<Self, Fail> {
        let arguments = &call.arguments;
        let callback = arguments.get("callback").ok_or_else(|| Fail::missing("callback"))?;
        if callback.len() > CALLBACK {
            return Err(Fail::wrong("callback", "expected at most 255 bytes"));
        }
        let url = Url::parse(callback).ok().filter(|it| matches!(it.scheme(), "http" | "https") && it.has_host());
        let verify = match arguments.get("verify") {
            Some("sync") => Verify::Sync,
            Some("async") => Verify::Async,
            Some(_) => return Err(Fail::wrong("verify", "expected sync or async")),
            None => return Err(Fail::missing("verify")),
        };
        let verify_token = arguments.get("verify_token").map(str::to_owned);
        if verify_token.as_ref().is_some_and(|it| it.len() > TOKEN) {
            return Err(Fail::wrong("verify_token", "expected at most 200 bytes"));
        }
        let callback = url.ok_or_else(|| Fail::wrong("callback", "expected an address with http or https"))?;
        Ok(Self { callback, verify, verify_token })
    }
}

fn refusal(error: &SubscribeError) -> Fail {
    match error {
        SubscribeError::InUse => Fail::new(3, "Callback URL already in use for a different subscription"),
        // Observed: the message carries the callback's status, "Callback failed or invalid response: 504".
        SubscribeError::Failed(_) => Fail::new(4, error.to_string()),
        SubscribeError::Awaiting => {
            Fail::new(6, "Subscription awaiting verification callback response - try again later")
        }
        SubscribeError::NotFound => Fail::new(7, "Subscription not found"),
        SubscribeError::Full(_) => Fail::new(105, error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_hub_refuses_has_flickrs_number() {
        let failed = || SubscribeError::Failed("504".to_owned());
        for (error, code) in
            [(SubscribeError::InUse, 3), (failed(), 4), (SubscribeError::Awaiting, 6), (SubscribeError::NotFound, 7)]
        {
            assert_eq!(refusal(&error).code, code);
        }
        assert_eq!(refusal(&failed()).message, "Callback failed or invalid response: 504");
    }

    #[test]
    fn a_subscription_is_told_in_text() {
        let at = |second| jiff::Timestamp::from_second(second).unwrap();
        let mut it = Subscription {
            account: "1@N01".into(),
            interest: Interest::Topic(Topic::MyFaves),
            callback: Url::parse("http://example.com/cb?a=b").unwrap(),
            pending: false,
            created: at(1_309_293_755),
            lease: None,
            expiry: at(1_309_380_155),
            verify_attempts: 2,
        };
        let expected = json!({
            "topic": "my_faves", "callback": "http://example.com/cb?a=b", "pending": "0",
            "date_create": "1309293755", "lease_seconds": "0", "expiry": "1309380155", "verify_attempts": "2",
        });
        assert_eq!(subscription(&it), expected);
        (it.pending, it.lease) = (true, Some(Duration::from_secs(300)));
        assert_eq!((&subscription(&it)["pending"], &subscription(&it)["lease_seconds"]), (&json!("1"), &json!("300")));
    }
}
