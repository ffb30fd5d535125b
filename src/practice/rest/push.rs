//! `flickr.push.*`. Arguments, limits and errors are those of Flickr's own reflection of these methods.

use serde_json::{Value, json};

use super::{Call, Fail};
use crate::hub::engine::{Interest, Request, SubscribeError, Subscription};
use crate::hub::faults::Fault;
use crate::hub::people::Person;
use crate::hub::public::asked::{self, Asked};
use crate::topic::{BadArgument, Kind, Topic};

/// `flickr.push.getTopics`.
pub(super) fn topics() -> Value {
    let topic = |kind: Kind| json!({"name": kind.name(), "display_name": kind.display_name()});
    json!({"topics": {"topic": Kind::ALL.map(topic)}})
}

/// `flickr.push.subscribe`: has answered once the hub knows, which in `sync` is after it has verified the callback.
pub(super) async fn subscribe(call: &Call<'_>) -> Result<Value, Fail> {
    let account = subscriber(call)?.nsid.to_owned();
    let argument = |name: &str| call.arguments.get(name).map(str::to_owned);
    let topic = Topic::from_arguments(argument).map_err(|bad| wrong(&bad))?;
    let Asked { callback, verify, verify_token } = Asked::read(argument).map_err(|bad| wrong(&bad))?;
    let lease = asked::lease(argument).map_err(|bad| wrong(&bad))?;
    let faults = &call.realm.faults;
    for (fault, error) in [(Fault::CallbackInUse, SubscribeError::InUse), (Fault::Awaiting, SubscribeError::Awaiting)] {
        if faults.strike(fault) {
            return Err(refusal(&error));
        }
    }
    if faults.strike(Fault::NeverCalls) {
        return Ok(json!({}));
    }
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
    let argument = |name: &str| call.arguments.get(name).map(str::to_owned);
    let topic = asked::kind(argument).map_err(|bad| wrong(&bad))?;
    let Asked { callback, verify, verify_token } = Asked::read(argument).map_err(|bad| wrong(&bad))?;
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
    let pro = person.is_pro() && !call.realm.faults.strike(Fault::NotPro);
    if pro { Ok(person) } else { Err(Fail::new(5, "Service currently available only to pro accounts")) }
}

fn wrong(bad: &BadArgument) -> Fail {
    if bad.missing { Fail::missing(bad.argument) } else { Fail::wrong(bad.argument, &bad.sentence) }
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
    use std::time::Duration;

    use url::Url;

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
            guest: false,
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
