//! The public hub, asked by strangers: every request of the table, and what follows on the wire.

mod deliveries;
mod flickr;
mod refusals;
mod subscriber;
mod verifications;

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt as _;

use super::*;
use crate::clock::Clock;
use crate::hub::endpoint;
use crate::hub::engine::{Hub, Limits, Settings};
use crate::hub::faults::Faults;
use crate::hub::reach::{Caller, Reach};
use crate::hub::task::{Concerns, Key, Task, Why};
use subscriber::Subscriber;

const CATS: &str = "http://hub.test/topics/tags?tags=cat";

/// A public hub that runs until it is dropped.
struct Stage {
    router: Router,
    engine: Hub,
    _guard: DropGuard,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Stage {
    fn new() -> Self {
        Self::with(Limits::default(), Reach::ThisMachine)
    }

    fn with(guests: Limits, reach: Reach) -> Self {
        let (delay, quick) = (Duration::from_millis(10), Duration::from_millis(20));
        let retries =
            Settings { retry: quick, retry_most: quick, reask: quick, reask_most: quick, ..Settings::default() };
        let settings = Settings { delay, burst: 1000, guests, ..retries };
        let clock = Clock::system();
        let engine = Hub::new(settings, endpoint::client().unwrap(), clock.clone(), Faults::default(), 7);
        let stop = CancellationToken::new();
        let (runner, ended) = (engine.clone(), stop.clone());
        tokio::spawn(async move { runner.run(ended).await });
        let hub = PublicHub::new(engine.clone(), "http://hub.test", Caller::new(reach).unwrap(), clock);
        Self { router: router(hub), engine, _guard: stop.drop_guard() }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: head.status, headers: head.headers, text }
    }

    async fn get(&self, address: &str) -> Answer {
        self.send(Request::get(address).body(Body::empty()).unwrap()).await
    }

    /// Sends a form to the hub.
    async fn ask(&self, form: &[(&str, &str)]) -> Answer {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post("/hub").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(form.into()).unwrap()).await
    }

    /// The same for a subscription to cats, with more in the form.
    async fn subscribe(&self, callback: &str, more: &[(&str, &str)]) -> Answer {
        let form = [("hub.mode", "subscribe"), ("hub.topic", CATS), ("hub.callback", callback)];
        self.ask(&[&form, more].concat()).await
    }

    /// Whoever is subscribed and verified.
    fn active(&self) -> usize {
        self.engine.all().iter().filter(|it| !it.pending).count()
    }

    async fn subscribed(&self, more: &[(&str, &str)]) -> Subscriber {
        let subscriber = Subscriber::listen().await;
        let before = self.active();
        assert_eq!(self.subscribe(&subscriber.callback, more).await.status, StatusCode::ACCEPTED);
        until("it is verified", || self.active() == before + 1).await;
        subscriber
    }

    /// Somebody posts a photo of a cat.
    fn cat(&self, photo: u64) {
        self.engine.happened(Task {
            key: Key { photo, why: Why::Update("created") },
            concerns: Concerns { tags: vec!["cat".into()], ..Concerns::default() },
            element: format!("<entry><id>{photo}</id><title>a cat</title></entry>").into(),
        });
    }
}

/// Waits until it is so, ten seconds at most.
async fn until(what: &str, mut test: impl FnMut() -> bool) {
    let wait = async {
        while !test() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(timeout(Duration::from_secs(20), wait).await.is_ok(), "waited in vain until {what}");
}
