//! What a WebSub subscriber sends: the form of a subscription request.

use std::time::Duration;

use url::Url;

use super::{Refused, callback, topic_url};
use crate::config::Secret;
use crate::hub::endpoint::Mode;
use crate::hub::engine::Verify;
use crate::topic::Topic;

/// A secret has fewer bytes (WebSub section 5.1).
const SECRET: usize = 200;
/// The longest token, in bytes: that of `flickr.push.subscribe`; PubSubHubbub 0.3 knows no limit.
const TOKEN: usize = 200;

/// A subscription request.
#[derive(Debug)]
pub struct WebSub {
    /// To subscribe or to unsubscribe.
    pub mode: Mode,
    /// What for.
    pub topic: Topic,
    /// The topic's address as it was given, which the verification repeats to the letter.
    pub spelled: String,
    /// The same, without what a header cannot hold.
    pub address: String,
    /// Where to.
    pub callback: Url,
    /// What deliveries are to be signed with.
    pub secret: Option<Secret>,
    /// The lease that was asked for.
    pub lease: Option<Duration>,
    /// `hub.verify`: then it is a request of PubSubHubbub 0.3, which WebSub no longer has.
    pub verify: Option<Verify>,
    /// `hub.verify_token`, of 0.3 too.
    pub verify_token: Option<String>,
}

impl WebSub {
    /// Reads a form that came to the hub at `base`. Parameters that no version knows are ignored (section 5.1), and an
    /// empty value counts as absent.
    ///
    /// # Errors
    /// The first parameter that is missing or wrong.
    pub fn read(form: &[(String, String)], base: &str) -> Result<Self, Refused> {
        let wrong = |name: &'static str, sentence: &str| Refused::Parameter(name, sentence.to_owned());
        let all = |name: &'static str| {
            let named = form.iter().filter(move |(it, _)| it == name);
            named.map(|(_, value)| value.as_str()).filter(|it| !it.is_empty())
        };
        let one = |name: &'static str| all(name).next();
        let mode = match one("hub.mode") {
            Some("subscribe") => Mode::Subscribe,
            Some("unsubscribe") => Mode::Unsubscribe,
            Some("publish") => return Err(wrong("hub.mode", "this hub publishes its own topics and nobody else's")),
            Some(_) => return Err(wrong("hub.mode", "expected subscribe or unsubscribe")),
            None => return Err(wrong("hub.mode", "is missing: expected subscribe or unsubscribe")),
        };
        let text = one("hub.callback").ok_or_else(|| wrong("hub.callback", "is missing"))?;
        let callback = callback(text).ok_or_else(|| wrong("hub.callback", "expected an address with http or https"))?;
        let spelled = one("hub.topic").ok_or_else(|| wrong("hub.topic", "is missing"))?.to_owned();
        let topic = topic_url::read(base, &spelled).map_err(|sentence| wrong("hub.topic", &sentence))?;
        let address = Url::parse(&spelled).map(String::from).map_err(|_| wrong("hub.topic", "expected an address"))?;
        let secret = one("hub.secret");
        if secret.is_some_and(|it| it.len() >= SECRET) {
            return Err(wrong("hub.secret", "expected fewer than 200 bytes"));
        }
        let lease = match one("hub.lease_seconds") {
            None => None,
            Some(digits) if digits.bytes().all(|it| it.is_ascii_digit()) => {
                // Longer than any number of ours is longer than the longest lease.
                Some(Duration::from_secs(digits.parse().unwrap_or(u64::MAX))).filter(|it| !it.is_zero())
            }
            Some(_) => return Err(wrong("hub.lease_seconds", "expected a number of seconds")),
        };
        // 0.3, section 6.1.1: given several times, the first that the hub supports counts.
        let verify = all("hub.verify").find_map(|it| match it {
            "sync" => Some(Verify::Sync),
            "async" => Some(Verify::Async),
            _ => None,
        });
        if verify.is_none() && one("hub.verify").is_some() {
            return Err(wrong("hub.verify", "expected sync or async"));
        }
        let verify_token = one("hub.verify_token").map(str::to_owned);
        if verify_token.as_ref().is_some_and(|it| it.len() > TOKEN) {
            return Err(wrong("hub.verify_token", "expected at most 200 bytes"));
        }
        let secret = secret.map(Secret::new);
        Ok(Self { mode, topic, spelled, address, callback, secret, lease, verify, verify_token })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &str =
        "hub.mode=subscribe&hub.callback=https://a.test/cb&hub.topic=https://hub.test/topics/tags?tags=cat";

    fn read(more: &str) -> Result<WebSub, Refused> {
        // The last of a name counts here, so that a test can say what is other than usual.
        let mut form: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(format!("{FORM}&{more}").as_bytes()).into_owned() {
            if name != "hub.verify" {
                form.retain(|(it, _)| *it != name);
            }
            form.push((name, value));
        }
        WebSub::read(&form, "https://hub.test")
    }

    #[test]
    fn a_request_says_what_is_wanted() {
        let it = read("hub.secret=hush&hub.lease_seconds=600&more=less").unwrap();
        assert_eq!((it.mode, it.topic), (Mode::Subscribe, Topic::tags(["cat"]).unwrap()));
        assert_eq!(
            (it.callback.as_str(), it.spelled.as_str()),
            ("https://a.test/cb", "https://hub.test/topics/tags?tags=cat")
        );
        assert_eq!((it.secret.unwrap().reveal(), it.lease), ("hush", Some(Duration::from_secs(600))));
        assert_eq!((it.verify, it.verify_token), (None, None));
        let it =
            read("hub.verify=smoke&hub.verify=sync&hub.verify=async&hub.verify_token=t&hub.lease_seconds=0").unwrap();
        assert_eq!((it.verify, it.verify_token.as_deref(), it.lease), (Some(Verify::Sync), Some("t"), None));
        assert_eq!(read("hub.mode=unsubscribe").unwrap().mode, Mode::Unsubscribe);
        assert!(read(&format!("hub.secret={}", "s".repeat(199))).is_ok());
        let for_ever = read("hub.lease_seconds=99999999999999999999999").unwrap();
        assert_eq!(for_ever.lease, Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn each_mistake_names_its_parameter() {
        let check = |more: &str, parameter: &str| match read(more) {
            Err(Refused::Parameter(name, _)) => assert_eq!(name, parameter, "{more}"),
            other => panic!("{more}: {other:?}"),
        };
        check("hub.mode=", "hub.mode");
        check("hub.mode=publish", "hub.mode");
        check("hub.mode=Subscribe", "hub.mode");
        check("hub.callback=", "hub.callback");
        check("hub.callback=mailto:a@b.test", "hub.callback");
        check("hub.callback=/relative", "hub.callback");
        check("hub.topic=", "hub.topic");
        check("hub.topic=https://other.test/topics/tags?tags=cat", "hub.topic");
        check("hub.topic=https://hub.test/topics/tags", "hub.topic");
        check(&format!("hub.secret={}", "s".repeat(200)), "hub.secret");
        check("hub.lease_seconds=-1", "hub.lease_seconds");
        check("hub.lease_seconds=1e3", "hub.lease_seconds");
        check("hub.verify=smoke", "hub.verify");
        check(&format!("hub.verify_token={}", "t".repeat(201)), "hub.verify_token");
    }

    #[test]
    fn a_topic_that_no_header_can_hold_is_told_in_one_that_can() {
        let it = read("hub.topic=https://hub.test/topics/tags?tags=\u{e9}\">").unwrap();
        assert_eq!(it.spelled, "https://hub.test/topics/tags?tags=\u{e9}\">");
        assert_eq!(it.address, "https://hub.test/topics/tags?tags=%C3%A9%22%3E");
    }

    proptest! {
        #[test]
        fn whatever_a_stranger_sends_is_read_or_refused(form in prop::collection::vec(
            (prop_oneof![Just("hub.mode"), Just("hub.topic"), Just("hub.callback"), Just("hub.lease_seconds"), Just("hub.secret")],
             prop_oneof![Just("subscribe".to_owned()), Just("https://hub.test/topics/geo?lat=1&lon=2".to_owned()), ".{0,40}"]), 0..8)
        ) {
            let form: Vec<_> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            if let Ok(read) = WebSub::read(&form, "https://hub.test") {
                prop_assert!(read.callback.has_host());
            }
        }
    }
}
