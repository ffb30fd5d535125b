//! From a delivery to pixels: how long after a hub's POST begins does Chromium present a frame with the photo in it, on a
//! wall that has been quiet. Beside it the server alone: the same POST until a plain WebSocket client has the message.
//!
//! `cargo bench --bench pixels`, or `-- --count 50` for fewer than 200 deliveries. The wall runs in real time; only the
//! minutes of quiet between two deliveries are jumped over. A burst is waited for, so that its best photo comes first:
//! 120 ms of each figure are that.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on says where it stands by panicking there")]
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "the tests use more of what they share with this"
)]

/// What the tests have, too.
#[path = "../tests/it/support"]
mod support {
    pub(crate) mod browser;
    pub(crate) mod devtools;
    pub(crate) mod feeds;
    pub(crate) mod frames;
    pub(crate) mod house;
    pub(crate) mod network;
    pub(crate) mod pictures;
    pub(crate) mod program;
    pub(crate) mod socket;
    pub(crate) mod waiting;
    pub(crate) mod warp;

    pub(crate) use waiting::{LIMIT, path, until};
}

use std::time::Duration;

use flickr_conduit::clock::Clock;
use jiff::SignedDuration;

use support::house::House;
use support::socket::Socket;
use support::warp::Warped;

/// As many as the percentile needs.
const COUNT: usize = 200;
/// Longer than any photo is held.
const QUIET: Duration = Duration::from_secs(120);

/// Notes when a frame was presented that has the photo in it: the second after the photo came on the stage, since the first
/// may have been under way.
const STAMP: &str = "window.stamps = {};
    new MutationObserver(() => {
        const { photo } = document.body.dataset;
        if (!photo || stamps[photo]) return;
        warp.frame(() => warp.frame(() => { stamps[photo] = performance.timeOrigin + warp.realNow(); }));
    }).observe(document.body, { attributes: true, attributeFilter: ['data-photo'] });";

/// Milliseconds since 1970, as the browser counts them too: it is the same machine.
fn now() -> f64 {
    Duration::from_micros(u64::try_from(Clock::system().now().as_microsecond()).unwrap()).as_secs_f64() * 1000.0
}

/// `--count N`; whatever else cargo passes is for nobody.
fn count() -> usize {
    let mut arguments = std::env::args().skip_while(|it| it != "--count").skip(1);
    arguments.next().map_or(COUNT, |it| it.parse().expect("--count takes a number"))
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let count = count();
    let mut house = House::build().await;
    let browser = Warped::open(&[]).await;
    browser.goto(&format!("{}?history=off", house.minted.wall)).await;
    browser.shows("document.body.dataset.connection", "live").await;
    browser.script(STAMP).await;
    let mut client = Socket::open(&house.minted.stream).await;
    let (mut pixels, mut messages) = (Vec::new(), Vec::new());
    for _ in 0..count {
        browser.jump(QUIET).await;
        browser.shows("document.body.dataset.connection", "live").await;
        let photo = house.photo((1024, 683));
        let id = photo.id.to_string();
        let photos = [photo];
        let begun = now();
        let (_, heard) = tokio::join!(house.deliver(&photos, SignedDuration::ZERO), async {
            assert_eq!(client.photos(1).await, std::slice::from_ref(&id));
            now()
        });
        let stamp = format!("return window.stamps['{id}'] || null");
        let shown = support::until("the photo on the wall", async || browser.script(&stamp).await.as_f64()).await;
        messages.push(heard - begun);
        pixels.push(shown - begun);
    }
    println!("{count} deliveries, each to a wall that had been quiet for {QUIET:?}");
    print("POST to pixels in Chromium", pixels);
    print("POST to a message at a WebSocket client", messages);
    browser.close().await;
    house.kill().await;
}

fn print(what: &str, mut all: Vec<f64>) {
    all.sort_by(f64::total_cmp);
    let median = all[all.len() / 2];
    let late = all[(all.len() * 99).div_ceil(100).min(all.len()) - 1];
    println!("{what}: median {median:.1} ms, 99th percentile {late:.1} ms");
}
