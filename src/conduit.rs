//! The library's face: a conduit that is mounted in an axum app, or serves by itself.

mod error;
pub mod examine;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use futures_util::Stream;
use futures_util::stream::{self, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::bus::Bus;
use crate::bus::history::From;
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::delivery_log::{Bounds, DeliveryLog};
use crate::event_name::EventName;
use crate::fanout::Fanout;
use crate::fave::Faves;
use crate::flickr::{App, Budget, Feeds, Flickr, Hosts};
use crate::hub::bridge::{self, Bridge, Wish};
use crate::hub::endpoint::ClientError;
use crate::hub::engine::Hub;
use crate::hub::public::PublicHub;
use crate::hub::reach::{Caller, Reach};
use crate::lock::Lock;
use crate::metrics::Metrics;
use crate::photo::PhotoEvent;
use crate::screens::Screens;
use crate::secret_key::{self, Origin};
use crate::serve;
use crate::shutdown::Shutdown;
use crate::signing::{Keys, Remote};
use crate::state::{AppState, CallbackMap, CallbackRequest, Site};
use crate::store::{Store, StoreError};
use crate::strangers::Strangers;
use crate::subscriber::{MAX_CALLBACK, Rhythm, Subscriber, Tools};
use crate::web;
pub use error::{MintError, OnError, OpenError};

/// A subscriber-side endpoint: callbacks, bus, streams and walls.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use flickr_conduit::{Conduit, config::Config};
/// use futures_util::StreamExt;
///
/// let conduit = Conduit::open(&Config::local("data".as_ref()), 8080)?;
/// println!("subscribe {} yourself", conduit.mint("kittens")?.callback);
/// let mut photos = conduit.on("kittens").await?;
/// let app = axum::Router::new().merge(conduit.router());
/// while let Some(photo) = photos.next().await {
///     println!("{}", photo.title.unwrap_or_default());
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Conduit {
    state: AppState,
    secret: Origin,
}

/// What somebody needs in order to subscribe an event by hand, and to see what comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minted {
    /// For the hub: where it verifies and delivers.
    pub callback: String,
    /// For the hub: what it sends back with each verification.
    pub verify_token: String,
    /// For programs: where the events come out.
    pub stream: String,
    /// For people: where the photos are shown.
    pub wall: String,
    /// For people and programs: what drives the screens of that wall.
    pub remote: String,
}

impl Conduit {
    /// Opens the conduit that `config` describes, listening on `port`: needed for the addresses that it mints when
    /// there is no PUBLIC_URL.
    ///
    /// # Errors
    /// When DATA_DIR cannot be used.
    pub fn open(config: &Config, port: u16) -> Result<Self, OpenError> {
        Self::open_with(config, port, Clock::system())
    }

    /// The same with a clock of one's own.
    ///
    /// # Errors
    /// When DATA_DIR cannot be used.
    pub fn open_with(config: &Config, port: u16, clock: Clock) -> Result<Self, OpenError> {
        let lock = Lock::take(&config.data_dir)?;
        let bus = Bus::open(&config.data_dir, &clock)?;
        let store = Store::open(&config.data_dir)?;
        let (secret_text, secret) = secret_key::find_or_make(config, &clock)?;
        let keys = Arc::new(Keys::derive(secret_text.reveal()));
        let budget = budget(&store, &clock)?;
        let hosts = Hosts::of(config.flickr_url.as_ref());
        let feeds = Feeds::new(hosts.clone(), budget.clone())?;
        let app = config.flickr_app.clone().map(|(key, secret)| App { key, secret });
        let flickr = app.map(|app| Flickr::new(app, hosts, clock.clone(), budget)).transpose()?;
        let site = Site {
            public_url: config.public_url_at(port),
            public_url_given: config.public_url.is_some(),
            listens: SocketAddr::new(config.bind.0, port),
            instance: format!("{:016x}", u64::from_be_bytes(clock.random()?)),
            data_dir: config.data_dir.clone(),
            flickr_hub: config.flickr_hub,
            delivery_limit: config.delivery_limit,
            photo_origin: config.flickr_url.as_ref().map(|it| it.origin().ascii_serialization()),
            allowed_users: config.allowed_users.clone(),
            heartbeat: config.heartbeat,
            front_wall: None,
        };
        let subscriber = Subscriber::new(Tools {
            store: store.clone(),
            bus: bus.clone(),
            clock: clock.clone(),
            keys: keys.clone(),
            public_url: site.public_url.clone(),
            flickr: flickr.clone(),
            hub: config.flickr_hub,
            patience: config.patience,
            rhythm: Rhythm::default(),
        });
        let watching = subscriber.watching().clone();
        let tools = bridge::Tools {
            store: store.clone(),
            clock: clock.clone(),
            keys: keys.clone(),
            public_url: site.public_url.clone(),
            flickr: flickr.clone(),
            feeds: feeds.clone(),
            mode: config.flickr_hub,
            watched: Arc::new(move |event| watching.is_watched(event)),
        };
        let bridge = Bridge::new(tools, bridge::Settings::default())?;
        let bounds = Bounds { records: config.log_deliveries, age: config.log_age };
        let delivery_log = DeliveryLog::open(&config.data_dir, bounds, keys.clone(), clock.clone())?;
        let (metrics, shutdown) = (Metrics::new(), Shutdown::default());
        let manners = web::stream::message::manners(site.heartbeat);
        let fanout = Fanout::new(bus.channels().clone(), manners, metrics.clone(), shutdown.clone());
        let state = AppState {
            bus,
            fanout,
            store,
            subscriber,
            bridge,
            flickr,
            public_hub: None,
            feeds,
            keys,
            clock,
            delivery_log,
            metrics,
            shutdown,
            screens: Screens::default(),
            strangers: Strangers::default(),
            faves: Faves::default(),
            examinations: Arc::new(Semaphore::new(1)),
            lock: Arc::new(lock),
            callbacks: CallbackMap::default(),
            site: Arc::new(site),
        };
        let bridge = state.bridge.hub().clone();
        Ok(Self { state, secret }.with_public_hub(bridge, config)?)
    }

    /// Decides by `map` which event name a callback belongs to. The default is the signed name in the path, or `?sub=`.
    #[must_use]
    pub fn map_callbacks(
        mut self,
        map: impl Fn(CallbackRequest<'_>, &Keys) -> Option<EventName> + Send + Sync + 'static,
    ) -> Self {
        self.state.callbacks = CallbackMap::new(map);
        self
    }

    /// Links the front page to a wall of `event`.
    #[must_use]
    pub fn with_front_wall(mut self, event: &EventName) -> Self {
        let link = self.state.keys.wall_link(std::slice::from_ref(event));
        self.state.site = Arc::new(Site { front_wall: Some(format!("/wall/{link}")), ..(*self.state.site).clone() });
        self
    }

    /// Opens `engine` to strangers, if HUB_PUBLIC says so: its WebSub endpoint, its topics and its `flickr.push` are among
    /// the routes from now on.
    ///
    /// It calls the public internet only; and this machine too when nobody outside it can ask, since neither PUBLIC_URL nor
    /// BIND is for others.
    ///
    /// # Errors
    /// When the client that strangers are called with cannot be set up.
    pub fn with_public_hub(mut self, engine: Hub, config: &Config) -> Result<Self, ClientError> {
        if config.hub_public {
            let tried_out = self.public_url().is_loopback() && config.bind.0.is_loopback();
            let reach = if tried_out { Reach::ThisMachine } else { Reach::World };
            let (base, caller) = (self.public_url().origin(), Caller::new(reach)?);
            let hub = PublicHub::new(engine, base, caller, self.state.clock.clone());
            tracing::info!(hub = hub.address(), "open to strangers");
            self.state.public_hub = Some(hub);
        }
        Ok(self)
    }

    /// Looks after subscriptions at another rhythm than the usual one.
    #[must_use]
    pub fn with_rhythm(mut self, rhythm: Rhythm) -> Self {
        self.state.subscriber = self.state.subscriber.with_rhythm(rhythm);
        self
    }

    /// The routes, to be merged into another router. Mount them at the root: addresses are minted for there.
    pub fn router(&self) -> Router {
        web::router(self.state.clone())
    }

    /// The photo events of `event` from now on, until the conduit stops.
    ///
    /// # Errors
    /// When `event` is no event name, or the history cannot be read.
    pub async fn on(&self, event: &str) -> Result<Photos, OnError> {
        let followed = self.state.bus.follow(vec![event.parse()?], From::Newest(0)).await?;
        let name = event.to_owned();
        let photos = stream::unfold(followed.listener, move |mut listener| {
            let name = name.clone();
            async move {
                let arrived = listener.next().await;
                if arrived.missed > 0 {
                    tracing::warn!(callback.event = name, missed = arrived.missed, "a listener was too slow");
                }
                let photos: Vec<_> = arrived.items.iter().filter_map(|it| it.photo().ok()).collect();
                Some((stream::iter(photos), listener))
            }
        });
        let stopping = self.state.shutdown.stopping.clone().cancelled_owned();
        Ok(Photos(photos.flatten().take_until(stopping).boxed()))
    }

    /// The addresses of `event`. They are the same whenever they are asked for.
    ///
    /// # Errors
    /// When `event` is no event name, or its callback is longer than Flickr takes.
    pub fn mint(&self, event: &str) -> Result<Minted, MintError> {
        mint(&self.state.keys, &self.state.site.public_url, event)
    }

    /// The link that shows whoever runs this server what hubs asked and delivered, all of it.
    pub fn operator_link(&self) -> String {
        web::debug::operator_link(&self.state.keys, &self.state.site.public_url)
    }

    /// Records that the events of this callback are wanted, or no longer are. From then on a verification that says
    /// otherwise is refused. A callback that nobody ever recorded is confirmed by its token alone.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn record_wish(&self, event: &EventName, wanted: bool) -> Result<(), StoreError> {
        self.state.store.record_wish(event, wanted).await
    }

    /// Serves `app` until `stop` is over, then tells everybody and waits for them.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn serve(
        &self,
        listener: TcpListener,
        app: Router,
        stop: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        let door = serve::door(listener.local_addr()?);
        self.note_door(&door);
        self.state.bridge.at_door(door);
        let working = self.state.shutdown.tasks.spawn(self.keep_subscriptions());
        serve::serve(listener, app, &self.state.shutdown, stop).await?;
        let _ = working.await;
        self.forget_door();
        self.state.bus.close().await;
        self.state.delivery_log.close().await;
        Ok(())
    }

    /// Records what accounts want, and knows who watches.
    pub fn subscriber(&self) -> &Subscriber {
        &self.state.subscriber
    }

    /// Keeps what people subscribed true at the hub, and runs the bridge, until the conduit stops. [`Self::serve`] does it; who only mounts
    /// the router spawns it.
    pub fn keep_subscriptions(&self) -> impl Future<Output = ()> + Send + 'static {
        let AppState { subscriber, bridge, shutdown, .. } = self.state.clone();
        async move {
            tokio::join!(subscriber.run(shutdown.stopping.clone()), bridge.run(shutdown.stopping));
        }
    }

    /// The hub of ours that asks Flickr.
    pub fn bridge(&self) -> &Bridge {
        &self.state.bridge
    }

    /// Lets the bridge work otherwise than it usually does.
    #[must_use]
    pub fn with_bridge(mut self, settings: bridge::Settings) -> Self {
        self.state.bridge = self.state.bridge.with_settings(settings);
        let engine = self.state.bridge.hub();
        self.state.public_hub = self.state.public_hub.take().map(|it| it.on(engine.clone()));
        self
    }

    /// Shows what needs no account, by the bridge, for as long as this conduit lives: the link of a wall of these.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn show(&self, wishes: Vec<Wish>) -> Result<String, StoreError> {
        let events: Vec<_> = wishes.iter().map(|it| it.event.clone()).collect();
        for wish in wishes {
            self.record_wish(&wish.event, true).await?;
            self.state.bridge.show(wish);
        }
        Ok(self.state.site.public_url.join(&format!("/wall/{}", self.state.keys.wall_link(&events))))
    }

    /// How everything stops.
    pub fn shutdown(&self) -> &Shutdown {
        &self.state.shutdown
    }

    /// Where the world reaches this conduit.
    pub fn public_url(&self) -> &PublicUrl {
        &self.state.site.public_url
    }

    /// Where its secret came from.
    pub fn secret(&self) -> &Origin {
        &self.secret
    }

    /// What hubs asked and delivered, and what became of it.
    pub fn delivery_log(&self) -> &DeliveryLog {
        &self.state.delivery_log
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.state.clock
    }
}

/// What is left of this hour's calls.
fn budget(store: &Store, clock: &Clock) -> Result<Budget, StoreError> {
    Ok(match store.budget()? {
        Some((level, at)) => Budget::restore(clock.clone(), level, at),
        None => Budget::new(clock.clone()),
    })
}

/// The addresses of `event` under `keys` at `public_url`.
///
/// # Errors
/// When `event` is no event name, or its callback is longer than Flickr takes.
pub fn mint(keys: &Keys, public_url: &PublicUrl, event: &str) -> Result<Minted, MintError> {
    let event: EventName = event.parse()?;
    let callback = public_url.join(&format!("/callback/{}", keys.callback(&event)));
    if callback.len() > MAX_CALLBACK {
        return Err(MintError::LongCallback { len: callback.len(), callback });
    }
    Ok(Minted {
        callback,
        verify_token: keys.verify_token(&event),
        stream: public_url.join(&format!("/stream?token={}", keys.stream_token(&event))),
        wall: public_url.join(&format!("/wall/{}", keys.wall_link(std::slice::from_ref(&event)))),
        remote: public_url.join(&format!("/remote/{}", keys.remote_token(&Remote::Wall(vec![event])))),
    })
}

/// The photo events of one event name, as they come. What a slow reader misses is logged.
pub struct Photos(Pin<Box<dyn Stream<Item = PhotoEvent> + Send>>);

impl Stream for Photos {
    type Item = PhotoEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<PhotoEvent>> {
        self.0.poll_next_unpin(cx)
    }
}

impl std::fmt::Debug for Photos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Photos(…)")
    }
}
