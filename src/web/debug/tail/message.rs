//! The messages of a tail.

use jiff::Timestamp;
use serde::Serialize;

use crate::assets;
use crate::delivery_log::Record;
use crate::state::AppState;
use crate::web::debug::row::Row;

/// A message as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The value of its `type`.
    pub(super) kind: &'static str,
    /// Where the tail is once this has been read.
    pub(super) position: Option<u64>,
    pub(super) json: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Message<'m> {
    Hello {
        version: &'static str,
        build: &'static str,
        time: Timestamp,
        position: String,
        backlog: usize,
        heartbeat: u64,
    },
    Record {
        #[serde(skip_serializing_if = "Option::is_none")]
        position: Option<String>,
        new: bool,
        record: &'m Record,
        row: Box<Row>,
    },
    Missed {
        count: u64,
    },
    Ping,
}

impl Told {
    fn of(kind: &'static str, position: Option<u64>, message: &Message<'_>) -> Self {
        // A map with string keys and no foreign Serialize inside cannot fail.
        Self { kind, position, json: serde_json::to_string(message).unwrap_or_default() }
    }

    pub(super) fn hello(state: &AppState, position: u64, backlog: usize) -> Self {
        let hello = Message::Hello {
            version: env!("CARGO_PKG_VERSION"),
            build: assets::FOLDER,
            time: state.clock.now(),
            position: position.to_string(),
            backlog,
            heartbeat: state.site.heartbeat.as_secs(),
        };
        Self::of("hello", Some(position).filter(|_| backlog == 0), &hello)
    }

    /// A record that is new moves the position; one that changed may be any.
    pub(super) fn record(record: &Record, new: bool) -> Self {
        let position = Some(record.id).filter(|_| new);
        let told = Message::Record {
            position: position.map(|it| it.to_string()),
            new,
            record,
            row: Box::new(Row::of(record)),
        };
        Self::of("record", position, &told)
    }

    pub(super) fn missed(count: u64) -> Self {
        Self::of("missed", None, &Message::Missed { count })
    }

    pub(super) fn ping() -> Self {
        Self::of("ping", None, &Message::Ping)
    }
}
