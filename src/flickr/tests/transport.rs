//! The client against a server that answers as it is told, well or badly.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use futures_util::stream;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use crate::clock::Clock;
use crate::config::Secret;
use crate::flickr::http::{ANSWER_LIMIT, Patience};
use crate::flickr::{App, Budget, Flickr, FlickrError, Hosts, Perms, RequestToken, Token, Unreached, Verify};
use crate::topic::Topic;

/// What was asked: method and address, the `Authorization` header, the body.
#[derive(Debug, Clone)]
struct Asked {
    line: String,
    authorization: String,
    agent: String,
    body: String,
}

impl Asked {
    async fn read(request: Request) -> Self {
        let (head, body) = request.into_parts();
        let header = |name: &str| {
            let value = head.headers.get(name).map(|it| it.to_str().unwrap().to_owned());
            value.unwrap_or_default()
        };
        let line = format!("{} {}", head.method, head.uri);
        let (authorization, agent) = (header("authorization"), header("user-agent"));
        let body = to_bytes(body, 10_000).await.unwrap();
        Self { line, authorization, agent, body: String::from_utf8(body.to_vec()).unwrap() }
    }
}

/// A server on this machine that gives one answer to everything, and notes what it was asked.
struct Fake {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    _server: AbortOnDropHandle<()>,
}

impl Fake {
    async fn answering<R: IntoResponse + 'static>(answer: impl Fn() -> R + Clone + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let notes = asked.clone();
        let handler = move |request: Request| {
            let (notes, answer) = (notes.clone(), answer.clone());
            async move {
                let asked = Asked::read(request).await;
                notes.lock().unwrap().push(asked);
                answer().into_response()
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serve = async move { axum::serve(listener, Router::new().fallback(handler)).await.unwrap() };
        Self { address, asked, _server: AbortOnDropHandle::new(tokio::spawn(serve)) }
    }

    fn client(&self) -> Flickr {
        client(self.address, Duration::from_secs(20))
    }

    fn asked(&self) -> Asked {
        let asked = self.asked.lock().unwrap();
        assert_eq!(asked.len(), 1, "one call is one request");
        asked[0].clone()
    }
}

fn client(address: SocketAddr, whole: Duration) -> Flickr {
    let app = App { key: Secret::new("the-key"), secret: Secret::new("hush-app") };
    let base = format!("http://{address}/practice").parse().unwrap();
    let clock = Clock::still(Timestamp::from_second(1_700_000_000).unwrap(), 1);
    let patience = Patience { connect: whole, whole };
    Flickr::with_patience(app, Hosts::below(&base), clock.clone(), Budget::new(clock), patience).unwrap()
}

fn token() -> Token {
    Token { token: "the-token".into(), secret: Secret::new("hush-token") }
}

async fn failing<R: IntoResponse + 'static>(answer: impl Fn() -> R + Clone + Send + Sync + 'static) -> FlickrError {
    Fake::answering(answer).await.client().subscriptions(&token()).await.unwrap_err()
}

#[tokio::test]
async fn subscribing_posts_a_form_and_signs_in_the_header() {
    let fake = Fake::answering(|| r#"{"stat":"ok"}"#).await;
    let topic = Topic::tags(["two words", "cat"]).unwrap();
    let callback = "https://wall.example.org/callback/a?b=c";
    fake.client().subscribe(&token(), &topic, callback, "vt", Verify::Sync, Some(3600)).await.unwrap();
    let asked = fake.asked();
    assert_eq!(asked.line, "POST /practice/services/rest");
    assert_eq!(
        asked.body,
        "callback=https%3A%2F%2Fwall.example.org%2Fcallback%2Fa%3Fb%3Dc&format=json&lease_seconds=3600&method=flickr.push.subscribe&nojsoncallback=1&tags=cat%2Ctwowords&topic=tags&verify=sync&verify_token=vt"
    );
    for part in ["oauth_consumer_key=\"the-key\"", "oauth_token=\"the-token\"", "oauth_timestamp=\"1700000000\""] {
        assert!(asked.authorization.contains(part), "{}", asked.authorization);
    }
    assert!(!format!("{asked:?}").contains("hush"));
    assert_eq!(asked.agent, concat!("flickr-conduit/", env!("CARGO_PKG_VERSION")));
}

#[tokio::test]
async fn unsubscribing_says_the_topic_without_its_arguments() {
    let fake = Fake::answering(|| r#"{"stat":"ok"}"#).await;
    let topic = Topic::tags(["cat"]).unwrap();
    fake.client().unsubscribe(&token(), &topic, "https://a.test/", "vt", Verify::Async).await.unwrap();
    assert_eq!(
        fake.asked().body,
        "callback=https%3A%2F%2Fa.test%2F&format=json&method=flickr.push.unsubscribe&nojsoncallback=1&topic=tags&verify=async&verify_token=vt"
    );
}

#[tokio::test]
async fn asking_is_a_get_and_signed_or_with_the_key() {
    let empty = || r#"{"stat":"ok","subscriptions":{},"topics":{}}"#;
    let fake = Fake::answering(empty).await;
    assert_eq!(fake.client().subscriptions(&token()).await, Ok(Vec::new()));
    let asked = fake.asked();
    let rest = "GET /practice/services/rest";
    assert_eq!(asked.line, format!("{rest}?format=json&method=flickr.push.getSubscriptions&nojsoncallback=1"));
    assert!(asked.authorization.starts_with("OAuth "));

    let fake = Fake::answering(empty).await;
    assert_eq!(fake.client().topics().await, Ok(Vec::new()));
    let asked = fake.asked();
    assert_eq!(asked.line, format!("{rest}?api_key=the-key&format=json&method=flickr.push.getTopics&nojsoncallback=1"));
    assert_eq!(asked.authorization, "");
}

#[tokio::test]
async fn a_person_signs_in() {
    let fake = Fake::answering(|| "oauth_callback_confirmed=true&oauth_token=rt&oauth_token_secret=hush").await;
    let flickr = fake.client();
    let callback = "https://wall.example.org/signed-in?state=1".parse().unwrap();
    let request = flickr.request_token(&callback).await.unwrap();
    assert_eq!(request, RequestToken { token: "rt".into(), secret: Secret::new("hush") });
    let asked = fake.asked();
    assert_eq!(asked.line, "GET /practice/services/oauth/request_token");
    let sent = "oauth_callback=\"https%3A%2F%2Fwall.example.org%2Fsigned-in%3Fstate%3D1\"";
    assert!(asked.authorization.contains(sent), "{}", asked.authorization);
    let page = format!("http://{}/practice/services/oauth/authorize?oauth_token=rt&perms=read", fake.address);
    assert_eq!(flickr.authorize_url(&request, Perms::Read).as_str(), page);

    let answer = || "fullname=A+B&oauth_token=at&oauth_token_secret=hush2&user_nsid=1%40N00&username=ab";
    let fake = Fake::answering(answer).await;
    let access = fake.client().access_token(&request, "v").await.unwrap();
    assert_eq!((&*access.nsid, &*access.username, &*access.fullname), ("1@N00", "ab", "A B"));
    let asked = fake.asked();
    assert_eq!(asked.line, "GET /practice/services/oauth/access_token");
    assert!(asked.authorization.contains("oauth_token=\"rt\"") && asked.authorization.contains("oauth_verifier=\"v\""));
}

#[tokio::test]
async fn a_refused_signature_is_told_with_what_should_have_been_signed() {
    let body = "oauth_problem=signature_invalid&debug_sbs=GET&http%3A%2F%2Fa&b";
    let fake = Fake::answering(move || (StatusCode::UNAUTHORIZED, body)).await;
    let error = fake.client().request_token(&"https://a.test".parse().unwrap()).await.unwrap_err();
    let detail = "debug_sbs=GET&http%3A%2F%2Fa&b".to_owned();
    assert_eq!(error, FlickrError::OAuth { problem: "signature_invalid".into(), detail });
}

#[tokio::test]
async fn out_of_order_says_when_to_come_back() {
    let error = failing(|| (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "120")], "<html>")).await;
    assert_eq!(error, FlickrError::Status { status: 503, retry_after: Some(Duration::from_secs(120)) });
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let error = failing(|| (StatusCode::FOUND, [("location", "/elsewhere")])).await;
    assert_eq!(error, FlickrError::Status { status: 302, retry_after: None });
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_told_by_its_beginning() {
    let error = failing(|| "<!doctype html><title>Bad panda</title>").await;
    assert_eq!(error, FlickrError::NotFlickr { beginning: "<!doctype html><title>Bad panda</title>".into() });
}

#[tokio::test]
async fn an_answer_that_never_ends_is_not_read_to_its_end() {
    let endless =
        || Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 65_536]))));
    assert_eq!(failing(endless).await, FlickrError::NotFlickr { beginning: " ".repeat(80) });
    let largest = || format!("{}{}", " ".repeat(ANSWER_LIMIT - 31), r#"{"stat":"ok","subscriptions":{}}"#);
    let fake = Fake::answering(move || largest()[1..].to_owned()).await;
    assert_eq!(fake.client().subscriptions(&token()).await, Ok(Vec::new()));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let error = failing(|| {
        let pieces = [Ok(Bytes::from_static(b"{\"stat\":")), Err(std::io::Error::other("gone"))];
        Response::new(Body::from_stream(stream::iter(pieces)))
    })
    .await;
    assert!(matches!(error, FlickrError::NoAnswer { cause: Unreached::BrokeOff, .. }), "{error:?}");
}

#[tokio::test]
async fn silence_and_a_closed_door_are_told_apart() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let cause = async || match client(address, Duration::from_millis(100)).topics().await {
        Err(FlickrError::NoAnswer { cause, detail }) => {
            assert!(!detail.contains("the-key"), "an address with the key in it: {detail}");
            cause
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(cause().await, Unreached::TimedOut);
    drop(listener);
    assert_eq!(cause().await, Unreached::NotConnected);
}

#[tokio::test]
async fn a_server_without_tls_is_no_secure_connection() {
    let fake = Fake::answering(|| "").await;
    let app = App { key: Secret::new("k"), secret: Secret::new("s") };
    let base = format!("https://{}", fake.address).parse().unwrap();
    let clock = Clock::still(Timestamp::UNIX_EPOCH, 1);
    let flickr = Flickr::new(app, Hosts::below(&base), clock.clone(), Budget::new(clock)).unwrap();
    let error = flickr.topics().await.unwrap_err();
    assert!(matches!(error, FlickrError::NoAnswer { cause: Unreached::Tls, .. }), "{error:?}");
}

#[tokio::test]
async fn no_call_is_made_beyond_the_budget() {
    let fake = Fake::answering(|| r#"{"stat":"ok","topics":{}}"#).await;
    let flickr = fake.client();
    let left = flickr.budget().left();
    flickr.topics().await.unwrap();
    assert_eq!(flickr.budget().left(), left - 1);
    while flickr.budget().try_spend().is_ok() {}
    assert!(matches!(flickr.clone().topics().await, Err(FlickrError::BudgetUsedUp { .. })));
    fake.asked();
}

#[tokio::test]
async fn two_calls_have_two_nonces() {
    let fake = Fake::answering(|| r#"{"stat":"ok","subscriptions":{}}"#).await;
    let flickr = fake.client();
    flickr.subscriptions(&token()).await.unwrap();
    flickr.subscriptions(&token()).await.unwrap();
    let asked = fake.asked.lock().unwrap();
    assert_ne!(asked[0].authorization, asked[1].authorization);
}

#[test]
fn nothing_shows_a_secret() {
    let flickr = client(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), Duration::from_secs(1));
    let request = RequestToken { token: "rt".into(), secret: Secret::new("hush") };
    let app = App { key: Secret::new("the-key"), secret: Secret::new("hush") };
    let text = format!("{flickr:?} {:?} {request:?} {app:?} {:?}", token(), flickr.budget());
    assert!(!["hush", "the-key", "the-token"].iter().any(|it| text.contains(it)), "{text}");
    assert!(text.contains("127.0.0.1"), "{text}");
}
