//! The push methods: arguments, limits and errors.

use super::*;

const GOOD: &str = "topic=my_faves&callback=http://a.test/cb&verify=async";

/// The good arguments, with this one in place of what it was; without it when the value is empty.
fn with(method: &str, name: &str, value: &str) -> String {
    let mut arguments: Vec<_> = form_urlencoded::parse(GOOD.as_bytes()).into_owned().collect();
    arguments.retain(|(it, _)| it != name);
    if !value.is_empty() {
        arguments.push((name.to_owned(), value.to_owned()));
    }
    arguments.push(("method".to_owned(), format!("flickr.push.{method}")));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(arguments).finish()
}

/// 1 or 2 when an argument is refused, and 0 when the hub may have its say: no hub runs here that could agree.
async fn faulted(realm: &Realm, me: &Caller, query: &str) -> u32 {
    match code(realm, Some(me), query).await {
        code @ (1 | 2) => code,
        0 | 3 | 6 | 7 => 0,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn arguments_are_checked_as_documented() {
    let (realm, me) = (realm(0), caller(&PEOPLE[0], Perms::Read));
    let long = |len: usize| format!("http://a.test/{}", "x".repeat(len - 14));
    for (name, value, expected) in [
        ("topic", "my_faves", 0),
        ("topic", "", 1),
        ("topic", "dance", 2),
        ("topic", "tags", 1),
        ("topic", "geo", 1),
        ("callback", "", 1),
        ("callback", &long(255), 0),
        ("callback", &long(256), 2),
        ("callback", "ftp://a.test/", 2),
        ("callback", "a.test/cb", 2),
        ("verify", "", 1),
        ("verify", "async", 0),
        ("verify", "maybe", 2),
        ("verify_token", &"t".repeat(200), 0),
        ("verify_token", &"ü".repeat(101), 2),
    ] {
        for method in ["subscribe", "unsubscribe"] {
            // The tags of a topic are no argument of unsubscribe.
            let expected = if method == "unsubscribe" && (value == "tags" || value == "geo") { 0 } else { expected };
            assert_eq!(faulted(&realm, &me, &with(method, name, value)).await, expected, "{method} {name}={value}");
        }
    }
    for (lease, expected) in [("60", 0), ("86400", 0), ("59", 2), ("86401", 2), ("0", 2), ("-1", 2), ("a day", 2)] {
        let query = with("subscribe", "lease_seconds", lease);
        assert_eq!(faulted(&realm, &me, &query).await, expected, "lease_seconds={lease}");
    }
    let geo = |more: &str| format!("method=flickr.push.subscribe&{GOOD}&topic=geo&{more}");
    for (more, expected) in [
        ("lat=1&lon=2", 0),
        ("woe_ids=2,3", 0),
        ("place_ids=aB3", 0),
        ("lat=91&lon=2", 2),
        ("lat=1&lon=2&accuracy=17", 2),
        ("lat=1&lon=2&radius_units=ft", 2),
        ("lat=1", 1),
    ] {
        assert_eq!(faulted(&realm, &me, &geo(more)).await, expected, "{more}");
    }
}

#[tokio::test]
async fn the_message_names_the_argument() {
    let (realm, me) = (realm(0), caller(&PEOPLE[0], Perms::Read));
    let message = async |query: String| match stage::call(&realm, Some(&me), &query).await {
        Answer::Fail(fail) => fail.message,
        other => panic!("{other:?}"),
    };
    assert_eq!(message(with("subscribe", "verify", "")).await, "Required parameter missing: verify");
    let words = "Invalid parameter value: lease_seconds: expected a number from 60 to 86400";
    assert_eq!(message(with("subscribe", "lease_seconds", "5")).await, words);
}

#[tokio::test]
async fn who_does_not_pay_cannot_subscribe() {
    let realm = realm(0);
    let poor = PEOPLE.iter().find(|it| !it.is_pro()).expect("one of them");
    let poor = caller(poor, Perms::Read);
    assert_eq!(code(&realm, Some(&poor), &with("subscribe", "topic", "my_faves")).await, 5);
    assert_eq!(code(&realm, Some(&poor), "method=flickr.push.getSubscriptions").await, 5);
    assert_eq!(code(&realm, Some(&poor), "method=flickr.push.getTopics").await, 0);
}

#[tokio::test]
async fn topics_are_listed_without_a_login() {
    let topics = ok(&realm(0), None, "method=flickr.push.getTopics").await;
    let topics = topics["topics"]["topic"].as_array().expect("a list").clone();
    assert_eq!(topics.len(), 9);
    assert_eq!(topics[0], json!({"name": "contacts_photos", "display_name": "photos from your contacts"}));
}

#[tokio::test]
async fn no_subscriptions_are_an_empty_list() {
    let me = caller(&PEOPLE[0], Perms::Read);
    let answer = ok(&realm(0), Some(&me), "method=flickr.push.getSubscriptions").await;
    assert_eq!(answer, json!({"subscriptions": {"subscription": []}}));
}
