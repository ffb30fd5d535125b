//! Real Chromium, driven through chromedriver.

use std::process::Stdio;

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::program::next_line;
use super::until;

/// chromedriver on a port of its own, and one window of Chromium.
pub(crate) struct Browser {
    pub(crate) client: Client,
    _driver: Child,
}

impl Browser {
    pub(crate) async fn open() -> Self {
        Self::with(json!({}), &[], "normal").await
    }

    /// One that runs no script of any page.
    pub(crate) async fn without_scripts() -> Self {
        Self::with(json!({ "profile.managed_default_content_settings.javascript": 2 }), &[], "normal").await
    }

    /// With preferences and more flags for Chromium, and what commands wait for: `normal`, until a page is loaded, or
    /// `none`.
    pub(crate) async fn with(preferences: serde_json::Value, flags: &[&str], wait: &str) -> Self {
        let mut driver = Command::new("chromedriver");
        let driver = driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut driver = driver.spawn().expect("chromedriver is there: tests/run installs it");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = next_line(&mut lines).await.expect("chromedriver says its port");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        let mut args = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1280,800",
        ];
        args.extend(flags);
        let wish = json!({
            "pageLoadStrategy": wait,
            "goog:chromeOptions": { "args": args, "prefs": preferences },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wish.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts");
        Self { client, _driver: driver }
    }

    pub(crate) async fn script(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until `script` gives `value`.
    pub(crate) async fn shows(&self, script: &str, value: &str) {
        let script = format!("return {script}");
        let matched = async || (self.script(&script).await == value).then_some(());
        until(&format!("{script} to be {value:?}"), matched).await;
    }

    /// Presses what `css` finds, as a person does: it must be there to be seen.
    pub(crate) async fn press(&self, css: &str) {
        let found = async || self.client.find(Locator::Css(css)).await.ok();
        let element = until(css, found).await;
        element.click().await.unwrap_or_else(|cause| panic!("{css}: {cause}"));
    }

    /// Types into what `css` finds, in place of what is there.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let element = self.client.find(Locator::Css(css)).await.unwrap_or_else(|cause| panic!("{css}: {cause}"));
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Waits until the page is at a path that begins so.
    pub(crate) async fn arrives(&self, path: &str) {
        let there = async || self.client.current_url().await.unwrap().path().starts_with(path).then_some(());
        until(&format!("the browser to be at {path}"), there).await;
    }

    /// Keeps a picture of the page, for people who look at the tests' work.
    pub(crate) async fn keep(&self, name: &str) {
        let shots = concat!(env!("CARGO_MANIFEST_DIR"), "/target/shots");
        std::fs::create_dir_all(shots).unwrap();
        std::fs::write(format!("{shots}/{name}.png"), self.client.screenshot().await.unwrap()).unwrap();
    }

    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}
