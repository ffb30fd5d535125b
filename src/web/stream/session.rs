//! One stream, whatever its surface: what it begins with, and what comes.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::assets;
use crate::bus::Followed;
use crate::bus::channels::Listener;
use crate::bus::item::Item;
use crate::bus::position::Position;
use crate::error::AppResult;
use crate::metrics::Metrics;
use crate::state::AppState;
use crate::web::stream::message::Message;
use crate::web::stream::request::StreamRequest;

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
    fn of(kind: &'static str, message: &Message<'_>) -> Self {
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
    listener: Listener,
    metrics: Metrics,
}

impl Session {
    /// Joins the event names: hello, then gaps, then the backlog, then whatever comes.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub async fn open(state: &AppState, request: StreamRequest) -> AppResult<Self> {
        let Followed { backlog, listener } = state.bus.follow(request.events, request.from).await?;
        let hello = Message::Hello {
            version: env!("CARGO_PKG_VERSION"),
            build: assets::FOLDER,
            epoch: backlog.head.epoch,
            time: state.clock.now(),
            position: backlog.head,
            backlog: backlog.items.len(),
            events: listener.names(),
        };
        // With nothing before it, who breaks off now resumes from here. Otherwise only from what was seen.
        let position = Some(backlog.head).filter(|_| backlog.items.is_empty());
        let mut opening = VecDeque::from([Outgoing { position, ..Outgoing::of("hello", &hello) }]);
        opening.extend(backlog.gaps.iter().map(|event| Outgoing::of("gap", &Message::Gap { event })));
        state.metrics.sent.inc_by(backlog.items.len() as u64);
        opening.extend(backlog.items.into_iter().map(Outgoing::from));
        Ok(Self { opening, listener, metrics: state.metrics.clone() })
    }

    /// Waits for the next messages: at first the opening, then everything that came since. Safe to cancel.
    pub async fn next(&mut self) -> VecDeque<Outgoing> {
        if !self.opening.is_empty() {
            return std::mem::take(&mut self.opening);
        }
        let arrived = self.listener.next().await;
        let mut messages = VecDeque::new();
        if arrived.missed > 0 {
            self.metrics.missed.inc_by(arrived.missed);
            messages.push_back(Outgoing::of("missed", &Message::Missed { count: arrived.missed }));
        }
        self.metrics.sent.inc_by(arrived.items.len() as u64);
        messages.extend(arrived.items.into_iter().map(Outgoing::from));
        messages
    }

    /// The opening alone, for who does not stay.
    pub fn into_messages(self) -> Vec<Box<RawValue>> {
        self.opening.iter().filter_map(|it| RawValue::from_string(it.text().to_owned()).ok()).collect()
    }
}
