//! The engine at work over real HTTP, against a callback that is not ours.

mod deliveries;
mod leases;
mod limits;
mod mishaps;
mod subscriber;
mod verification;

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

use super::*;
use crate::hub::endpoint::client;
use crate::hub::faults::Fault;
use crate::hub::task::{Concerns, Key, Why};
use crate::topic::Topic;
use subscriber::Subscriber;

const ME: &str = "1@N01";

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// In no hurry where hurry would be a limit, and quick where a test would wait.
fn quick() -> Settings {
    Settings {
        delay: ms(20),
        burst: 1000,
        refill: ms(1),
        retry: ms(10),
        retry_most: ms(50),
        reask: ms(10),
        reask_most: ms(50),
        ..Settings::default()
    }
}

/// A hub that runs until the guard is dropped.
fn start(settings: Settings) -> (Hub, DropGuard) {
    let hub = Hub::new(settings, client().unwrap(), Clock::still(noon(), 1), Faults::default(), 7);
    let stop = CancellationToken::new();
    let (runner, ended) = (hub.clone(), stop.clone());
    tokio::spawn(async move { runner.run(ended).await });
    (hub, stop.drop_guard())
}

fn cats() -> Topic {
    Topic::tags(["cat"]).unwrap()
}

fn request(callback: &Url) -> Request {
    Request {
        account: ME.into(),
        interest: Interest::Topic(cats()),
        callback: callback.clone(),
        verify: Verify::Sync,
        verify_token: Some("a token & more".into()),
        lease: None,
    }
}

/// A callback that is subscribed to cats.
async fn subscribed(hub: &Hub) -> (Subscriber, Url) {
    let subscriber = Subscriber::default();
    let callback = subscriber.listen().await;
    hub.subscribe(request(&callback)).await.unwrap();
    (subscriber, callback)
}

/// A photo of a cat, and what about it.
fn cat(photo: u64, why: Why, text: &str) -> Task {
    Task {
        key: Key { photo, why },
        concerns: Concerns { tags: vec!["cat".into()], ..Concerns::default() },
        element: format!("  <entry><id>{photo}</id><title>{text}</title></entry>").into(),
    }
}

fn upload(photo: u64) -> Task {
    cat(photo, Why::Update("created"), "a cat")
}

/// Waits until it is so, ten seconds at most.
async fn until(what: &str, mut test: impl FnMut() -> bool) {
    let wait = async {
        while !test() {
            sleep(ms(2)).await;
        }
    };
    assert!(timeout(Duration::from_secs(10), wait).await.is_ok(), "waited in vain until {what}");
}
