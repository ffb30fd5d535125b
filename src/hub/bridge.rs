//! The bridge hub: gives back what Flickr's push was, by asking Flickr.
//!
//! The path of a photo:
//!
//! 1. What is wanted, and watched, is read in the store again and again (`keeping`): each wish becomes a subscription at
//!    an [`engine`] of the bridge's own, and the requests that find what it wishes ([`source`]).
//! 2. [`merge`] puts several of these into one where an answer can serve them all, and the [`schedule`] says which to make
//!    next, and when: a gap after each call, and calls where they shorten most waiting.
//! 3. `asking` makes the call, by [`crate::flickr`]; [`trouble`] says what follows from an error.
//! 4. [`novelty`] compares the answer with what is remembered; `desk` decides who is told what.
//! 5. It is written as Flickr's push wrote it ([`crate::hub::atom`]), and the engine verifies the callback and delivers,
//!    over HTTP, as any hub does. The calls go in at this machine's own door: PUBLIC_URL may not lead back from here.
//! 6. What was shown in the last day is looked at now and then ([`shown`]); what is gone becomes a tombstone.
//!
//! **Invariants:** what nobody watches costs no call; equal requests are made once; there is never a burst; what is seen
//! is written down some seconds after it was handed on, so that a crash repeats and never loses (the bus publishes once).

mod asking;
mod desk;
pub mod facts;
mod keeping;
pub mod merge;
pub mod novelty;
pub mod schedule;
pub mod shown;
pub mod source;
#[cfg(test)]
mod tests;
pub mod trouble;
pub mod wish;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, NoRandomness};
use crate::config::{FlickrHub, PublicUrl};
use crate::event_name::EventName;
use crate::flickr::{Feeds, Flickr};
use crate::hub::endpoint::{self, ClientError};
use crate::hub::engine::{self, Hub};
use crate::hub::faults::Faults;
use crate::signing::Keys;
use crate::store::Store;
pub use asking::LEAVES;
use desk::Desk;
use schedule::{Millis, Pace};
pub use wish::Wish;

/// Whether somebody watches an event.
pub type Watched = Arc<dyn Fn(&EventName) -> bool + Send + Sync>;

/// The bridge. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Bridge(Arc<Shared>);

struct Shared {
    tools: Tools,
    settings: Settings,
    hub: Hub,
    client: reqwest::Client,
    /// Scheme, host and port by which this machine reaches itself.
    door: OnceLock<String>,
    began: Instant,
    desk: Mutex<Desk>,
    /// There may be something to ask earlier than was thought.
    changed: Notify,
    /// There may be other wishes.
    wished: Notify,
}

/// What the bridge works with.
#[derive(Clone)]
pub struct Tools {
    /// What is wanted, and what was seen.
    pub store: Store,
    /// Now, and randomness.
    pub clock: Clock,
    /// Callbacks and verify tokens, and the key to stored permissions.
    pub keys: Arc<Keys>,
    /// Where hubs reach us, unless there is a nearer [door](Bridge::at_door).
    pub public_url: PublicUrl,
    /// Flickr's API; without it the feeds have to do.
    pub flickr: Option<Flickr>,
    /// Flickr's feeds.
    pub feeds: Feeds,
    /// Which hubs may be used.
    pub mode: FlickrHub,
    /// Whether somebody watches.
    pub watched: Watched,
}

/// How the bridge works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How fast it asks.
    pub pace: Pace,
    /// How it delivers.
    pub engine: engine::Settings,
    /// How often wishes are looked at.
    pub look: Duration,
    /// How long what was seen is kept in memory alone.
    pub write: Duration,
    /// How many photos of before a new wish gets.
    pub few: usize,
    /// The shortest time between two looks at photos that were shown.
    pub check: Duration,
    /// When a photo that was shown is looked at, counted from when it was.
    pub checks: Vec<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        let minutes = |n: u64| Duration::from_secs(n * 60);
        Self {
            pace: Pace::default(),
            // What it finds was told apart already, and is late anyway.
            engine: engine::Settings { delay: Duration::from_millis(100), ..engine::Settings::default() },
            look: Duration::from_secs(2),
            write: Duration::from_secs(15),
            few: 5,
            check: Duration::from_secs(24),
            checks: vec![minutes(10), minutes(60), minutes(6 * 60), minutes(23 * 60)],
        }
    }
}

/// Why there is no bridge.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// The client that it delivers with.
    #[error("the bridge's HTTP client cannot be set up: {0}")]
    Client(#[from] ClientError),
    /// No random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Bridge {
    /// A bridge that sets to work when it [runs](Self::run).
    ///
    /// # Errors
    /// When it cannot be set up.
    pub fn new(tools: Tools, settings: Settings) -> Result<Self, BridgeError> {
        let client = endpoint::client()?;
        let chance = u64::from_be_bytes(tools.clock.random()?);
        Ok(Self::made(tools, settings, client, chance))
    }

    fn made(tools: Tools, settings: Settings, client: reqwest::Client, chance: u64) -> Self {
        let hub = Hub::new(settings.engine.clone(), client.clone(), tools.clock.clone(), Faults::default(), chance);
        let desk = Mutex::new(Desk::new(&settings));
        let (door, began) = (OnceLock::new(), Instant::now());
        let (changed, wished) = (Notify::new(), Notify::new());
        Self(Arc::new(Shared { tools, settings, hub, client, door, began, desk, changed, wished }))
    }

    /// The same with other settings, before it runs.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        let Shared { tools, client, .. } = &*self.0;
        let chance = tools.clock.random().map_or(0, u64::from_be_bytes);
        Self::made(tools.clone(), settings, client.clone(), chance)
    }

    /// Its calls go in at `origin` (`http://127.0.0.1:8080`). Of several the first counts.
    pub fn at_door(&self, origin: String) {
        let _ = self.0.door.set(origin);
    }

    /// Wishes for something that is nobody's subscription, for as long as the process lives.
    pub fn show(&self, wish: Wish) {
        self.lock().shown_by_hand.push(wish);
        self.0.wished.notify_one();
    }

    /// The engine that delivers.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Asks, and delivers what is new, until `stop`. To be run once.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::join!(self.0.hub.run(stop.clone()), self.keep(stop.clone()), self.ask(stop));
    }

    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn millis(&self) -> Millis {
        u64::try_from(self.0.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bridge").field(&self.0.hub).finish()
    }
}

impl fmt::Debug for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tools").field("flickr", &self.flickr).field("mode", &self.mode).finish_non_exhaustive()
    }
}
