//! Control: what somebody does at the screen, and what the wall does by the clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::json;

use crate::support::eye::Shot;
use crate::support::house::House;
use crate::support::warp::Warped;

const PHOTO: &str = "document.body.dataset.photo";
const PAUSED: &str = "document.body.dataset.paused";
const ASLEEP: &str = "document.body.dataset.asleep || 'no'";

struct Wall {
    house: House,
    browser: Warped,
    width: f64,
}

impl Wall {
    /// A wall with these settings on which three photos have been, the last of which is on show.
    async fn open(settings: &str) -> (Self, [String; 3]) {
        let house = House::build().await;
        let browser = Warped::open(&[]).await;
        browser.goto(&format!("{}{settings}", house.minted.wall)).await;
        browser.shows("document.body.dataset.connection", "live").await;
        let width = browser.script("return innerWidth").await.as_f64().unwrap();
        let mut wall = Self { house, browser, width };
        let mut ids = [const { String::new() }; 3];
        for id in &mut ids {
            *id = wall.deliver().await;
            wall.shows(id).await;
            wall.browser.jump(Duration::from_secs(20)).await;
        }
        (wall, ids)
    }

    async fn deliver(&mut self) -> String {
        let photo = self.house.photo((640, 480));
        self.house.deliver(std::slice::from_ref(&photo), SignedDuration::ZERO).await;
        photo.id.to_string()
    }

    async fn shows(&self, id: &str) {
        self.browser.shows(PHOTO, id).await;
    }

    async fn press(&self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            self.browser.devtools.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key })).await;
        }
    }

    /// A tap at this part of the width.
    async fn tap(&self, part: f64) {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": part * self.width, "y": 200, "button": "left", "clickCount": 1 });
            self.browser.devtools.call("Input.dispatchMouseEvent", event).await;
        }
    }

    async fn is_seen(&self, css: &str, seen: bool) {
        let script = format!("String(document.querySelector('{css}').getClientRects().length > 0)");
        self.browser.shows(&script, &seen.to_string()).await;
    }

    /// Time passes and the server has its say, which it has not in a jump.
    async fn pass(&self, seconds: u64) {
        let end = self.browser.page_time().await + Duration::from_secs(seconds);
        self.browser.run_at(20).await;
        self.browser.shows(&format!("String(warp.now() > {})", end.as_millis()), "true").await;
        self.browser.run_at(1).await;
    }

    async fn jump(&self, seconds: u64) {
        self.browser.jump(Duration::from_secs(seconds)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_taps_lead_through_the_photos_and_each_note_goes_by_itself() {
    let (wall, [first, second, third]) = Wall::open("?layout=single&history=off").await;

    // Back twice and forward again, by keys; then the same by taps at the left and at the right.
    for (key, id) in [("ArrowLeft", &second), ("b", &first), ("ArrowRight", &second), ("n", &third)] {
        wall.press(key).await;
        wall.shows(id).await;
    }
    for (part, id) in [(0.1, &second), (0.2, &first), (0.9, &second), (0.8, &third)] {
        wall.tap(part).await;
        wall.shows(id).await;
    }

    // The middle pauses, and so does a key.
    wall.tap(0.5).await;
    wall.browser.shows(PAUSED, "yes").await;
    wall.is_seen("#paused", true).await;
    wall.press(" ").await;
    wall.browser.shows(PAUSED, "no").await;

    // Help, the name of the screen, and the words.
    for (key, css, seconds) in [("?", "#help", 15), ("i", "#name", 12)] {
        wall.press(key).await;
        wall.is_seen(css, true).await;
        wall.jump(seconds - 2).await;
        wall.is_seen(css, true).await;
        wall.jump(4).await;
        wall.is_seen(css, false).await;
    }
    wall.press("?").await;
    wall.is_seen("#help", true).await;
    wall.press("Escape").await;
    wall.is_seen("#help", false).await;
    let words = "getComputedStyle(document.querySelector('.tile:not(.leaving) .caption')).visibility";
    wall.press("c").await;
    wall.browser.shows(words, "hidden").await;
    wall.press("ArrowUp").await;
    wall.browser.shows(words, "visible").await;

    // What somebody hides does not come back.
    wall.press("h").await;
    let gone = format!("String(({PHOTO} || '').includes('{third}'))");
    wall.browser.shows(&gone, "false").await;
    wall.jump(3).await;
    wall.press("n").await;
    wall.jump(3).await;
    wall.browser.shows(&gone, "false").await;
    wall.browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_that_nobody_ends_is_over_after_an_hour() {
    let (mut wall, [.., third]) = Wall::open("?layout=single").await;
    wall.press("p").await;
    wall.browser.shows(PAUSED, "yes").await;
    let next = wall.deliver().await;
    wall.jump(3500).await;
    wall.browser.shows(PAUSED, "yes").await;
    wall.shows(&third).await;
    wall.jump(200).await;
    wall.browser.shows(PAUSED, "no").await;
    wall.browser.run_at(20).await;
    wall.shows(&next).await;
    wall.browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_night_the_screen_is_black_and_loads_nothing_while_the_stream_stays_and_morning_comes() {
    // It is night from in three minutes until in seven, by the server's clock: only as long as the stream stays does the
    // page's run ahead of it.
    let now = Timestamp::from_second(crate::support::house::epoch()).unwrap();
    let at = |minutes: i64| {
        let time = Zoned::new(now + SignedDuration::from_mins(minutes), jiff::tz::TimeZone::UTC);
        time.strftime("%H:%M").to_string()
    };
    let night = format!("?layout=single&zone=UTC&night={}-{}", at(3), at(7));
    let (mut wall, _) = Wall::open(&night).await;
    wall.browser.shows(ASLEEP, "no").await;
    wall.browser.run_at(20).await;
    wall.browser.shows(ASLEEP, "yes").await;
    wall.browser.shows("document.body.dataset.connection", "live").await;
    let asked = wall.house.pictures.asked();
    let sockets = wall.house.network.counts().sockets;
    let mut latest = String::new();
    for _ in 0..3 {
        latest = wall.deliver().await;
        wall.pass(20).await;
    }
    wall.browser.shows("document.body.dataset.connection", "live").await;
    assert_eq!(wall.house.pictures.asked(), asked, "pictures were loaded in the night");
    assert_eq!(wall.house.network.counts().sockets, sockets, "the socket did not stay");
    let shot = Shot::read(&wall.browser.devtools.shot().await.unwrap());
    assert!(shot.is_blank() && shot.at(1, 1) == [0, 0, 0], "the screen is {:?}", shot.at(1, 1));

    wall.browser.run_at(20).await;
    wall.browser.shows(ASLEEP, "no").await;
    wall.shows(&latest).await;
    wall.browser.close().await;
}
