//! What is refused, with which status and in which words.

use super::*;

const FORM: [(&str, &str); 3] =
    [("hub.mode", "subscribe"), ("hub.topic", CATS), ("hub.callback", "http://127.0.0.1:1999/callback")];

/// A form that differs from a good one in this; without the parameter when the value is empty.
fn with<'f>(name: &'f str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    let others = FORM.into_iter().filter(|(it, _)| *it != name);
    others.chain([(name, value)]).filter(|(_, value)| !value.is_empty()).collect()
}

#[tokio::test]
async fn each_wrong_request_has_its_status_and_a_line_of_reason() {
    let stage = Stage::new();
    let (long, secret) = (format!("http://a.test/{}", "c".repeat(1100)), "s".repeat(200));
    for (name, value, status, word) in [
        ("hub.mode", "", 400, "hub.mode: is missing"),
        ("hub.mode", "publish", 400, "nobody else's"),
        ("hub.topic", "", 400, "hub.topic: is missing"),
        ("hub.topic", "http://other.test/feed", 400, "no topic of that address"),
        ("hub.topic", "http://hub.test/topics/tags", 400, "at least one tag"),
        ("hub.callback", "", 400, "hub.callback: is missing"),
        ("hub.callback", "ftp://a.test/", 400, "http or https"),
        ("hub.callback", "http://user:pass@a.test/", 400, "without user"),
        ("hub.callback", "http://a.test:25/", 400, "port"),
        ("hub.callback", "http://10.0.0.1/callback", 400, "public addresses only"),
        ("hub.callback", "http://[fe80::1]/callback", 400, "public addresses only"),
        ("hub.callback", long.as_str(), 400, "1024 bytes"),
        ("hub.secret", secret.as_str(), 400, "fewer than 200 bytes"),
        ("hub.lease_seconds", "for ever", 400, "number of seconds"),
        ("hub.verify", "maybe", 400, "sync or async"),
        ("hub.mode", "unsubscribe", 404, "not found"),
    ] {
        let answer = stage.ask(&with(name, value)).await;
        assert_eq!(answer.status.as_u16(), status, "{name}={value}: {}", answer.text);
        assert!(answer.text.contains(word) && answer.text.lines().count() == 1, "{name}={value}: {}", answer.text);
    }
    assert!(stage.engine.all().is_empty());
}

#[tokio::test]
async fn what_is_no_form_or_too_long_is_not_read() {
    let stage = Stage::new();
    let request = Request::post("/hub").header(CONTENT_TYPE, "application/json").body("{}".into()).unwrap();
    assert_eq!(stage.send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = "a".repeat(20_000);
    assert_eq!(stage.ask(&[("hub.mode", &long)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_hub_of_the_world_calls_nobody_here() {
    let stage = Stage::with(Limits::default(), Reach::World);
    let subscriber = Subscriber::listen().await;
    let port = subscriber.callback.rsplit_once(':').unwrap().1;
    for host in ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let answer = stage.subscribe(&format!("http://{host}:{port}"), &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{host}: {}", answer.text);
    }
    // A name is looked at when it is resolved; three attempts later the subscription is given up.
    assert_eq!(stage.subscribe(&format!("http://localhost:{port}"), &[]).await.status, StatusCode::ACCEPTED);
    until("it is given up", || stage.engine.all().is_empty()).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 0);
}

#[tokio::test]
async fn strangers_have_so_much_room_and_no_more() {
    let retry_after = |answer: &Answer| answer.headers[RETRY_AFTER].to_str().unwrap().parse::<u64>().unwrap();
    let check = async |limits: Limits, status: u16, word: &str| {
        let stage = Stage::with(limits, Reach::ThisMachine);
        let _first = stage.subscribed(&[]).await;
        let other = Subscriber::listen().await;
        let dogs = "http://hub.test/topics/tags?tags=dog";
        let form = [("hub.mode", "subscribe"), ("hub.topic", dogs), ("hub.callback", &*other.callback)];
        let answer = stage.ask(&form).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert!(answer.text.contains(word) && retry_after(&answer) > 0, "{}", answer.text);
        assert_eq!((stage.engine.all().len(), other.seen(|seen| seen.questions.len())), (1, 0));
    };
    let usual = Limits::default;
    check(Limits { subscriptions: 1, ..usual() }, 503, "as many subscriptions of guests").await;
    check(Limits { host: 1, ..usual() }, 429, "the callback's host").await;
    check(Limits { topics: 1, ..usual() }, 503, "different topics").await;
    check(Limits { host_topics: 1, ..usual() }, 429, "different topics as one host may").await;
    check(Limits { burst: 1, refill: Duration::from_secs(60), ..usual() }, 429, "too many requests").await;
    check(Limits { host_burst: 1, host_refill: Duration::from_secs(60), ..usual() }, 429, "too many requests").await;
}

#[tokio::test]
async fn so_many_wait_for_their_verification_and_no_more() {
    let stage = Stage::with(Limits { pending: 1, attempts: 1000, ..Limits::default() }, Reach::ThisMachine);
    let (silent, other) = (Subscriber::listen().await, Subscriber::listen().await);
    silent.seen(|seen| seen.answers.extend([500; 100]));
    assert_eq!(stage.subscribe(&silent.callback, &[]).await.status, StatusCode::ACCEPTED);
    let answer = stage.subscribe(&other.callback, &[]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("wait for their verification"), "{}", answer.text);
}

#[tokio::test]
async fn who_is_just_being_asked_is_not_asked_twice() {
    let stage = Stage::new();
    let subscriber = Subscriber::listen().await;
    subscriber.seen(|seen| seen.answers.extend([500, 500]));
    assert_eq!(stage.subscribe(&subscriber.callback, &[]).await.status, StatusCode::ACCEPTED);
    let again = stage.subscribe(&subscriber.callback, &[]).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS, "{}", again.text);
    until("it is verified", || stage.active() == 1).await;
    assert_eq!(subscriber.seen(|seen| seen.questions.len()), 3);
}

#[tokio::test]
async fn topics_that_are_none_and_those_of_an_account_are_not_shown() {
    let stage = Stage::new();
    for (address, status) in [
        ("/topics/airports", 404),
        ("/topics/tags", 400),
        ("/topics/geo?lat=99&lon=0", 400),
        ("/topics/my_faves", 403),
        ("/topics/contacts_photos", 403),
        ("/topics/commons", 200),
        ("/hub", 200),
    ] {
        assert_eq!(stage.get(address).await.status.as_u16(), status, "{address}");
    }
    let put = Request::put("/hub").body(Body::empty()).unwrap();
    assert_eq!(stage.send(put).await.status, StatusCode::METHOD_NOT_ALLOWED);
}
