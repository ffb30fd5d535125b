//! A browser whose pages live in a time of the test's own.

use std::time::Duration;

use serde_json::{Value, json};

use super::browser::Browser;
use super::devtools::Devtools;
use super::until;

const SCRIPT: &str = include_str!("warp.js");

/// A window with the test's clock in all its documents.
pub(crate) struct Warped {
    pub(crate) devtools: Devtools,
    browser: Browser,
}

/// A note that `warp.js` took: what, when in page time, and which.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    /// `photo`, `connection`, `layout`, `transport` (as `data-…` of the body became), `painted`, `error`, `lifecycle`.
    pub(crate) kind: String,
    pub(crate) at: Duration,
    pub(crate) value: String,
}

impl Warped {
    /// With more flags for Chromium. Nothing waits for a page to be loaded: a picture that never comes would hold it up.
    pub(crate) async fn open(flags: &[&str]) -> Self {
        let browser = Browser::with(json!({}), flags, "none").await;
        let devtools = Devtools::of(&browser).await;
        for domain in ["Page.enable", "Log.enable", "Runtime.enable", "Inspector.enable"] {
            devtools.call(domain, json!({})).await;
        }
        devtools.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": SCRIPT })).await;
        Self { devtools, browser }
    }

    /// Goes to `address`, and waits until its document is there.
    pub(crate) async fn goto(&self, address: &str) {
        let before = self.devtools.try_script("return window.warp ? warp.document : ''").await;
        self.devtools.call("Page.navigate", json!({ "url": address })).await;
        let now = "return window.warp && document.body ? warp.document : ''";
        let is_new = async || match self.devtools.try_script(now).await {
            Ok(now) if now != "" && Ok(&now) != before.as_ref() => Some(()),
            _ => None,
        };
        until(&format!("the page at {address}"), is_new).await;
    }

    pub(crate) async fn script(&self, body: &str) -> Value {
        self.devtools.try_script(body).await.unwrap_or_else(|cause| panic!("{cause}"))
    }

    /// Waits until the expression gives `value`.
    pub(crate) async fn shows(&self, expression: &str, value: &str) {
        let body = format!("return {expression}");
        let matched = async || self.devtools.try_script(&body).await.is_ok_and(|it| it == value).then_some(());
        until(&format!("{expression} to be {value:?}"), matched).await;
    }

    /// So many page seconds in a real one, of scripts and of animations. A document that is loaded begins at rate 1.
    pub(crate) async fn run_at(&self, rate: u32) {
        self.run_patiently_at(rate, 0).await;
    }

    /// The same; `slow` for as long as pictures load or have not been painted. While a page is replaced nothing happens.
    pub(crate) async fn run_patiently_at(&self, rate: u32, slow: u32) {
        let _ = self.devtools.try_script(&format!("warp.run({rate}, {slow})")).await;
        self.devtools.call("Animation.setPlaybackRate", json!({ "playbackRate": rate })).await;
    }

    /// So much time has passed at once; all timers have run, in their order and at their time.
    pub(crate) async fn jump(&self, time: Duration) {
        self.script(&format!("warp.jump({})", time.as_millis())).await;
        let is_over = async || self.devtools.try_script("return warp.owed").await.is_ok_and(|it| it == 0).then_some(());
        until("the jump to end", is_over).await;
    }

    /// The time of day changes as when somebody sets the clock.
    pub(crate) async fn correct(&self, seconds: i64) {
        self.script(&format!("warp.correct({})", seconds * 1000)).await;
    }

    /// Chromium itself freezes the page; `time` passes; it thaws. Events come as they do when a laptop is closed.
    pub(crate) async fn freeze(&self, time: Duration) {
        let devtools = &self.devtools;
        devtools.call("Page.setWebLifecycleState", json!({ "state": "frozen" })).await;
        self.script(&format!("warp.sleep({})", time.as_millis())).await;
        devtools.call("Page.setWebLifecycleState", json!({ "state": "active" })).await;
        // The protocol hides a page to freeze it, and does not show it again: minimising and restoring its window does.
        let window = devtools.call("Browser.getWindowForTarget", json!({})).await["windowId"].clone();
        for state in ["minimized", "normal"] {
            let bounds = json!({ "windowId": window, "bounds": { "windowState": state } });
            devtools.call("Browser.setWindowBounds", bounds).await;
        }
        let hidden = "return document.hidden";
        let is_seen = async || devtools.try_script(hidden).await.is_ok_and(|it| it == false).then_some(());
        until("the page to be seen", is_seen).await;
    }

    /// Page time since the first document.
    pub(crate) async fn page_time(&self) -> Duration {
        millis(&self.script("return warp.now()").await)
    }

    pub(crate) async fn close(self) {
        self.browser.close().await;
    }
}

/// Notes as a script returns them.
pub(crate) fn read_notes(notes: &Value) -> Vec<Note> {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let read = |it: &Value| Note { kind: text(&it[0]), at: millis(&it[1]), value: text(&it[2]) };
    notes.as_array().map(|all| all.iter().map(read).collect()).unwrap_or_default()
}

/// Milliseconds as a page counts them.
pub(crate) fn millis(number: &Value) -> Duration {
    Duration::from_secs_f64(number.as_f64().unwrap_or_default().max(0.0) / 1000.0)
}
