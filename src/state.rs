//! What handlers are handed: cheap handles, one [`FromRef`] each, so that a signature says what its handler touches.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use tokio::sync::Semaphore;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::config::{FlickrHub, PublicUrl};
use crate::delivery_log::DeliveryLog;
use crate::event_name::EventName;
use crate::fanout::Fanout;
use crate::fave::Faves;
use crate::flickr::{Feeds, Flickr};
use crate::hub::bridge::Bridge;
use crate::hub::public::PublicHub;
use crate::lock::Lock;
use crate::metrics::Metrics;
use crate::screens::Screens;
use crate::shutdown::Shutdown;
use crate::signing::Keys;
use crate::store::Store;
use crate::strangers::Strangers;
use crate::subscriber::Subscriber;

/// All handles.
#[derive(Debug, Clone, FromRef)]
pub struct AppState {
    /// Named events with history.
    pub bus: Bus,
    /// Sends them to WebSockets.
    pub fanout: Fanout,
    /// Callbacks, accounts, subscriptions and walls.
    pub store: Store,
    /// Keeps subscriptions alive, and knows who watches.
    pub subscriber: Subscriber,
    /// The hub of ours that asks Flickr.
    pub bridge: Bridge,
    /// Flickr's API; `None` without FLICKR_KEY.
    pub flickr: Option<Flickr>,
    /// The hub that strangers may ask; `None` unless HUB_PUBLIC says so and there is one.
    pub public_hub: Option<PublicHub>,
    /// Flickr's feeds, which need no key.
    pub feeds: Feeds,
    /// What we sign with.
    pub keys: Arc<Keys>,
    /// Now, and randomness.
    pub clock: Clock,
    /// What hubs asked and delivered, and what became of it.
    pub delivery_log: DeliveryLog,
    /// Numbers.
    pub metrics: Metrics,
    /// How everything stops.
    pub shutdown: Shutdown,
    /// The folder is ours for as long as any of these handles lives, a router that outlives its conduit included.
    pub lock: Arc<Lock>,
    /// Those that are connected.
    pub screens: Screens,
    /// Who asks for what is not ours.
    pub strangers: Strangers,
    /// The fave tests that run and ran.
    pub faves: Faves,
    /// The doctor's turn: one examination at a time.
    pub examinations: Arc<Semaphore>,
    /// How a callback maps to an event name.
    pub callbacks: CallbackMap,
    /// Where the world reaches us, and other facts that do not change.
    pub site: Arc<Site>,
}

/// Facts that do not change while the server runs.
#[derive(Debug, Clone)]
pub struct Site {
    /// Where the world reaches us.
    pub public_url: PublicUrl,
    /// Whether somebody set PUBLIC_URL.
    pub public_url_given: bool,
    /// Where this server listens.
    pub listens: SocketAddr,
    /// Tells this server from all others, an earlier run of it too: 16 hexadecimal digits. It opens nothing.
    pub instance: String,
    /// The folder of everything that lasts.
    pub data_dir: PathBuf,
    /// Which hubs may be used.
    pub flickr_hub: FlickrHub,
    /// Bytes of the largest delivery that is read.
    pub delivery_limit: usize,
    /// The origin of another Flickr's photos.
    pub photo_origin: Option<String>,
    /// Accounts that may sign in; empty means everybody.
    pub allowed_users: Vec<String>,
    /// How often a stream shows that it lives.
    pub heartbeat: Duration,
    /// The wall that the front page opens (the demo's).
    pub front_wall: Option<String>,
}

impl Site {
    /// Whether Flickr is another one on this machine, which needs no way in from outside.
    #[must_use]
    pub fn is_local_flickr(&self) -> bool {
        let origin = self.photo_origin.as_ref().and_then(|it| it.parse::<PublicUrl>().ok());
        origin.is_some_and(|it| it.is_loopback())
    }
}

/// A request to a callback, as far as a [`CallbackMap`] sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackRequest<'r> {
    /// What follows `/callback/` in the path, decoded; empty for `/callback?…`.
    pub path: &'r str,
    /// The raw query, without its `?`; empty when there is none.
    pub query: &'r str,
}

impl CallbackRequest<'_> {
    /// The first value of a parameter in the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
    }
}

type Map = dyn Fn(CallbackRequest<'_>, &Keys) -> Option<EventName> + Send + Sync;

/// The hook that decides which event name a callback belongs to, or that it is none of ours.
///
/// The default takes the signed name from the path, or from `?sub=` as the original flickr-conduit did, and takes the
/// same time for all that is not ours. Whatever the hook, the verify token is that of the event name.
#[derive(Clone)]
pub struct CallbackMap(Arc<Map>);

impl CallbackMap {
    /// Maps with `map`.
    pub fn new(map: impl Fn(CallbackRequest<'_>, &Keys) -> Option<EventName> + Send + Sync + 'static) -> Self {
        Self(Arc::new(map))
    }

    /// The event name of the callback that was called.
    pub fn event_name(&self, request: CallbackRequest<'_>, keys: &Keys) -> Option<EventName> {
        (self.0)(request, keys)
    }
}

impl Default for CallbackMap {
    fn default() -> Self {
        Self::new(|request, keys| {
            let signed = if request.path.is_empty() { request.parameter("sub") } else { None };
            keys.recognise_callback(signed.as_deref().unwrap_or(request.path))
        })
    }
}

impl fmt::Debug for CallbackMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallbackMap(…)")
    }
}
