//! The practice Flickr: all of Flickr that a subscriber touches, with invented people, as a program.
//!
//! [`realm`] is what its handlers share: a world ([`crate::hub::world`]) in which things happen at a [`pace`], and a hub
//! ([`crate::hub::engine`]) that pushes them. A subscriber meets it at [`oauth`] (signing in), [`rest`] (the API, and
//! with it the subscriptions), [`feeds`] (what needs no key) and [`pictures`]; a human at the [`stage`], where anybody
//! plays any of the people, and things go wrong on purpose.
//!
//! It speaks to any subscriber, and knows nothing of ours.

pub mod caller;
pub mod feeds;
mod form;
mod life;
pub mod oauth;
pub mod pace;
pub mod pages;
pub mod pictures;
pub mod program;
pub mod realm;
pub mod rest;
pub mod stage;

use axum::Router;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, NoRandomness};
use crate::hub::endpoint::{self, ClientError};
use crate::hub::engine::{Hub, Settings};
use crate::hub::faults::Faults;
use crate::hub::world::World;
use oauth::{Consumer, Desk};
use pace::Pace;
use realm::Realm;

/// What the app is called by that the practice Flickr knows (`FLICKR_KEY`).
pub const KEY: &str = "practice-key";
/// The app's secret (`FLICKR_SECRET`). It is no secret.
pub const SECRET: &str = "practice-secret";

/// Photos that are there from the beginning.
const HISTORY: u32 = 120;
/// Photos that are posted at once when somebody has just come.
const OPENING: u32 = 12;

/// A practice Flickr. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Practice {
    realm: Realm,
    desk: Desk,
}

/// What may be chosen of it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Where it is reached, without a slash at the end.
    pub base: String,
    /// Events a second, 0.1 to 100; 0 stops the world.
    pub rate: f64,
    /// What the world begins with; the same seed gives the same people the same photos.
    pub seed: u64,
    /// How its hub works.
    pub hub: Settings,
}

impl Practice {
    /// A practice Flickr that [runs](Self::run) when it is told to.
    ///
    /// # Errors
    /// When the client that its hub delivers with cannot be set up.
    pub fn new(choice: Choice, clock: Clock) -> Result<Self, PracticeError> {
        let Choice { base, rate, seed, hub } = choice;
        let chance = u64::from_be_bytes(clock.random()?);
        let hub = Hub::new(hub, endpoint::client()?, clock.clone(), Faults::default(), chance);
        let mut world = World::new(seed, base.clone());
        world.uploads(HISTORY, clock.now());
        let realm = Realm::new(&base, clock, world, hub, Pace::new(rate));
        Ok(Self { realm, desk: Desk::new(Consumer::default()) })
    }

    /// Its routes, below its base.
    pub fn router(&self) -> Router {
        let (realm, desk) = (self.realm.clone(), self.desk.clone());
        Router::new()
            .merge(oauth::router(realm.clone(), desk.clone()))
            .merge(rest::router(oauth::at_rest(desk)).with_state(realm.clone()))
            .merge(feeds::router().with_state(realm.clone()))
            .merge(stage::router(realm.clone()))
            .merge(pages::router(realm))
            .merge(pictures::faulty(self.realm.faults.clone()))
    }

    /// A handful of photos are posted at once, so that whoever has just come sees something.
    pub fn open(&self) {
        let now = self.realm.clock.now();
        for happening in self.realm.world(|world| world.uploads(OPENING, now)) {
            self.realm.hub.happened(World::task(&happening));
        }
    }

    /// What its handlers share.
    #[must_use]
    pub fn realm(&self) -> &Realm {
        &self.realm
    }

    /// Who may do what.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Lets things happen, and the hub push them, until `stop`. To be run once.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::join!(self.realm.hub.run(stop.clone()), life::live(&self.realm, stop));
    }
}

/// Why there is no practice Flickr.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// Its client.
    #[error("the practice Flickr's HTTP client cannot be set up: {0}")]
    Client(#[from] ClientError),
    /// No random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
