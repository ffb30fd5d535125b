//! The provider through its router and its desk, without a network.

mod client;
mod dance;
mod refusals;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use tower::ServiceExt as _;

use super::encoding::{Pair, encode, form};
use super::{Consumer, Desk, router, signature};
use crate::clock::Clock;
use crate::hub::endpoint;
use crate::hub::engine::{Hub, Settings};
use crate::hub::faults::Faults;
use crate::hub::world::World;
use crate::practice::pace::Pace;
use crate::practice::realm::Realm;

/// Where it is in all these tests: below a path, as inside the demo.
const BASE: &str = "http://flickr.test:8080/practice";
/// Now, Unix seconds.
const NOW: i64 = 1_700_000_000;

/// A provider whose clock stands still.
struct Provider {
    desk: Desk,
    clock: Clock,
    router: Router,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    /// A value of a form's answer.
    fn value(&self, name: &str) -> String {
        let found = form(self.body.as_bytes()).into_iter().find(|(it, _)| it == name);
        found.unwrap_or_else(|| panic!("no {name} in {}", self.body)).1
    }

    fn location(&self) -> url::Url {
        self.headers["location"].to_str().unwrap().parse().unwrap()
    }
}

impl Provider {
    fn new() -> Self {
        Self::at(NOW, Desk::new(Consumer::default()))
    }

    /// The provider at another time.
    fn at(seconds: i64, desk: Desk) -> Self {
        let clock = Clock::still(Timestamp::from_second(seconds).unwrap(), u64::try_from(seconds).unwrap());
        let hub = Hub::new(Settings::default(), endpoint::client().unwrap(), clock.clone(), Faults::default(), 1);
        let realm = Realm::new(BASE, clock.clone(), World::new(1, BASE.to_owned()), hub, Pace::new(0.0));
        let router = Router::new().nest("/practice", router(realm, desk.clone()));
        Self { desk, clock, router }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, body: String::from_utf8(body).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// A GET with its parameters in the header.
    async fn signed(&self, path: &str, parameters: &[Pair]) -> Answer {
        let request = Request::get(path).header("authorization", header(parameters));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

fn pair(name: &str, value: &str) -> Pair {
    (name.to_owned(), value.to_owned())
}

/// What every signed request carries; `more` replaces or adds, and an empty value removes.
fn parameters(nonce: &str, more: &[(&str, &str)]) -> Vec<Pair> {
    let mut all = vec![
        pair("oauth_consumer_key", "practice-key"),
        pair("oauth_signature_method", "HMAC-SHA1"),
        pair("oauth_timestamp", &NOW.to_string()),
        pair("oauth_nonce", nonce),
        pair("oauth_version", "1.0"),
    ];
    for (name, value) in more {
        all.retain(|(it, _)| it != name);
        if !value.is_empty() {
            all.push(pair(name, value));
        }
    }
    all
}

/// Adds the signature to `parameters`, for the path below the base. That signatures are right is held by the vectors and
/// by other implementations, and not here.
fn sign(method: &str, path: &str, mut parameters: Vec<Pair>, token_secret: &str) -> Vec<Pair> {
    if parameters.iter().all(|(name, _)| name != "oauth_signature") {
        let base_string = signature::base_string(method, &format!("{BASE}{path}"), &parameters);
        parameters.push(pair("oauth_signature", &signature::sign(&base_string, "practice-secret", token_secret)));
    }
    parameters
}

fn header(parameters: &[Pair]) -> String {
    let list: Vec<_> =
        parameters.iter().map(|(name, value)| format!(r#"{}="{}""#, encode(name), encode(value))).collect();
    format!("OAuth {}", list.join(", "))
}

fn query(parameters: &[Pair]) -> String {
    let list: Vec<_> = parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    list.join("&")
}
