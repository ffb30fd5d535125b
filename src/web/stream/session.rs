//! One stream, whatever its surface: what it begins with, and what comes.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::value::RawValue;
use tokio::sync::watch;

use crate::assets;
use crate::bus::channels::Listener;
use crate::bus::history::Backlog;
use crate::bus::inbox::Arrived;
use crate::bus::item::Item;
use crate::bus::position::Position;
use crate::bus::{BusError, Followed};
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::fanout::seat::Seat;
use crate::metrics::Metrics;
use crate::state::AppState;
use crate::store::Store;
use crate::subscriber::watching::Watcher;
use crate::web::stream::message::Message;
use crate::web::stream::request::StreamRequest;
use crate::web::stream::screen::{self, Screen};

/// A message, and the position after it when it has one.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The value of its `type`.
    pub kind: &'static str,
    /// Where the stream is once this has been read.
    pub position: Option<Position>,
    /// UTF-8.
    pub json: Bytes,
}

impl Outgoing {
    pub(super) fn of(kind: &'static str, message: &Message<'_>) -> Self {
        Self { kind, position: None, json: message.encode() }
    }

    /// The message that shows that the stream lives.
    pub fn ping() -> Self {
        Self::of("ping", &Message::Ping)
    }

    /// The message as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.json).unwrap_or_default()
    }
}

impl From<Item> for Outgoing {
    fn from(item: Item) -> Self {
        Self { kind: "photo", position: Some(item.position), json: item.json }
    }
}

/// A stream that was opened.
#[derive(Debug)]
pub struct Session {
    opening: VecDeque<Outgoing>,
    names: Arc<[EventName]>,
    /// `None` when the photos come by way of the fan-out.
    listener: Option<Listener>,
    request: StreamRequest,
    store: Store,
    wall_changes: watch::Receiver<()>,
    must_look: bool,
    metrics: Metrics,
    screen: Option<Screen>,
    /// Somebody watches for as long as the stream is open.
    _watcher: Watcher,
}

/// What must be there before the history is read, so that no change falls between.
struct Before {
    wall_changes: watch::Receiver<()>,
    names: Arc<[EventName]>,
    watcher: Watcher,
}

impl Before {
    async fn of(state: &AppState, request: &StreamRequest) -> AppResult<Self> {
        let wall_changes = state.store.wall_changes();
        let names: Arc<[_]> = request.names(&state.store).await?.into();
        let watcher = state.subscriber.watching().enter(&names);
        Ok(Self { wall_changes, names, watcher })
    }
}

/// The next photos of a stream that listens by itself; otherwise none ever come. Safe to cancel.
async fn arrived(listener: &mut Option<Listener>) -> Arrived {
    match listener {
        Some(listener) => listener.next().await,
        None => std::future::pending().await,
    }
}

/// Why a stream ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its wall shows something else now: whoever comes back gets that.
    Changed,
    /// Its wall is no more.
    Gone,
}

impl Session {
    /// Joins the event names: hello, then what a screen must know, then gaps, then the backlog, then whatever comes. Who
    /// does not stay is not counted among the screens.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn open(state: &AppState, request: StreamRequest, stays: bool) -> AppResult<Self> {
        let before = Before::of(state, &request).await?;
        let Followed { backlog, listener } = state.bus.follow(before.names.to_vec(), request.from).await?;
        Self::begin(state, request, before, backlog, Some(listener), stays).await
    }

    /// The same for a client that gets its photos from the fan-out, where it sits from now on: everything after the position
    /// that is given. Here it hears the rest.
    ///
    /// # Errors
    /// When the history cannot be read, or the server is about to end.
    pub async fn sit(state: &AppState, request: StreamRequest) -> AppResult<(Self, Seat, Position)> {
        let before = Before::of(state, &request).await?;
        let seat = state.fanout.sit(before.names.clone()).ok_or(BusError::Closed)?;
        let backlog = state.bus.backlog(before.names.to_vec(), request.from).await?;
        let head = backlog.head;
        Ok((Self::begin(state, request, before, backlog, None, true).await?, seat, head))
    }

    async fn begin(
        state: &AppState,
        mut request: StreamRequest,
        before: Before,
        backlog: Backlog,
        listener: Option<Listener>,
        stays: bool,
    ) -> AppResult<Self> {
        let Before { wall_changes, names, watcher } = before;
        let hello = Message::Hello {
            version: env!("CARGO_PKG_VERSION"),
            build: assets::FOLDER,
            epoch: backlog.head.epoch,
            time: state.clock.now(),
            position: backlog.head,
            backlog: backlog.items.len(),
            heartbeat: state.site.heartbeat.as_secs(),
            events: &names,
        };
        // With nothing before it, who breaks off now resumes from here. Otherwise only from what was seen.
        let position = Some(backlog.head).filter(|_| backlog.items.is_empty());
        let mut opening = VecDeque::from([Outgoing { position, ..Outgoing::of("hello", &hello) }]);
        let screen = match request.screen.take() {
            Some(asked) => {
                let (screen, wall) = Screen::open(state, asked, stays).await?;
                opening.push_back(wall);
                Some(screen)
            }
            None => None,
        };
        opening.extend(backlog.gaps.iter().map(|event| Outgoing::of("gap", &Message::Gap { event })));
        state.metrics.sent.inc_by(backlog.items.len() as u64);
        opening.extend(backlog.items.into_iter().map(Outgoing::from));
        let (store, metrics) = (state.store.clone(), state.metrics.clone());
        let must_look = false;
        Ok(Self {
            opening,
            names,
            listener,
            request,
            store,
            wall_changes,
            must_look,
            metrics,
            screen,
            _watcher: watcher,
        })
    }

    /// Waits for the next messages: at first the opening, then everything that came since. Safe to cancel.
    ///
    /// # Errors
    /// When the stream is over, and why.
    pub async fn next(&mut self) -> Result<VecDeque<Outgoing>, Ended> {
        if !self.opening.is_empty() {
            return Ok(std::mem::take(&mut self.opening));
        }
        let arrived = loop {
            // Remembered until it was looked at, since whoever waits here may be cancelled while the store is asked.
            if self.must_look {
                self.look_at_walls().await?;
                self.must_look = false;
            }
            tokio::select! {
                arrived = arrived(&mut self.listener) => break arrived,
                message = screen::next(&mut self.screen) => return Ok(VecDeque::from([message])),
                Ok(()) = self.wall_changes.changed(), if !self.request.walls.is_empty() => self.must_look = true,
            }
        };
        let mut messages = VecDeque::new();
        if arrived.missed > 0 {
            self.metrics.missed.inc_by(arrived.missed);
            messages.push_back(Outgoing::of("missed", &Message::Missed { count: arrived.missed }));
        }
        self.metrics.sent.inc_by(arrived.items.len() as u64);
        messages.extend(arrived.items.into_iter().map(Outgoing::from));
        Ok(messages)
    }

    /// Whether the walls still show what this stream follows.
    async fn look_at_walls(&self) -> Result<(), Ended> {
        match self.request.names(&self.store).await {
            Ok(names) if *names == *self.names => Ok(()),
            Ok(_) => Err(Ended::Changed),
            Err(AppError::NoSuchStream) => Err(Ended::Gone),
            // The store cannot be read: what it shows is as good as anything.
            Err(_) => Ok(()),
        }
    }

    /// What the stream begins with, for who does not wait for it.
    pub fn opening(&mut self) -> VecDeque<Outgoing> {
        std::mem::take(&mut self.opening)
    }

    /// The opening alone, for who does not stay.
    pub fn into_messages(self) -> Vec<Box<RawValue>> {
        self.opening.iter().filter_map(|it| RawValue::from_string(it.text().to_owned()).ok()).collect()
    }
}
