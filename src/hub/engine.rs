//! The hub engine (skeleton of its interface).
#![allow(missing_docs, unused, clippy::all)]

use crate::clock::Clock;
use crate::hub::task::Task;
use crate::topic::Topic;
use jiff::Timestamp;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

#[derive(Debug, Clone)]
pub struct Hub {}

/// How the engine works; the default is Flickr's manner in small.
#[derive(Debug, Clone)]
pub struct Settings {}
impl Default for Settings {
    fn default() -> Self {
        Self {}
    }
}

#[derive(Debug, Clone)]
pub enum Interest {
    Everything,
    Topic(Topic),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    Sync,
    Async,
}

#[derive(Debug, Clone)]
pub struct Request {
    pub account: String,
    pub interest: Interest,
    pub callback: Url,
    pub verify: Verify,
    pub verify_token: Option<String>,
    /// None: renewed by itself, for ever.
    pub lease: Option<Duration>,
}

#[derive(Debug, Clone)]
pub struct Subscription {
    pub account: String,
    pub interest: Interest,
    pub callback: Url,
    pub pending: bool,
    pub created: Timestamp,
    pub lease: Option<Duration>,
    pub expiry: Timestamp,
    pub verify_attempts: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// Error 3.
    #[error("Callback URL already in use for a different subscription")]
    InUse,
    /// Error 4, with the callback's status or what happened.
    #[error("Callback failed or invalid response: {0}")]
    Failed(String),
    /// Error 6.
    #[error("Subscription awaiting verification, try again later")]
    Awaiting,
    /// Error 7 (unsubscribe).
    #[error("Subscription not found")]
    NotFound,
}

/// One POST, and what became of it.
#[derive(Debug, Clone)]
pub struct Pushed {
    pub at: Timestamp,
    pub account: String,
    pub interest: Interest,
    /// Where to, without the capability: scheme, host and port.
    pub host: String,
    pub photos: Vec<u64>,
    pub entries: usize,
    /// "200", "503", "could not be reached" …
    pub outcome: String,
}

impl Hub {
    pub fn new(
        settings: Settings,
        client: reqwest::Client,
        clock: Clock,
        faults: crate::hub::faults::Faults,
        seed: u64,
    ) -> Self {
        Self {}
    }
    /// Something happened. Never waits.
    pub fn happened(&self, task: Task) {}
    pub async fn subscribe(&self, request: Request) -> Result<(), SubscribeError> {
        Ok(())
    }
    pub async fn unsubscribe(
        &self,
        account: &str,
        topic: &Topic,
        callback: &Url,
        verify: Verify,
        verify_token: Option<String>,
    ) -> Result<(), SubscribeError> {
        Ok(())
    }
    /// Those of one account, oldest first.
    pub fn subscriptions(&self, account: &str) -> Vec<Subscription> {
        vec![]
    }
    /// The latest POSTs, newest first; bounded.
    pub fn pushed(&self) -> Vec<Pushed> {
        vec![]
    }
    /// Drains queues, verifies, renews, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {}
}
