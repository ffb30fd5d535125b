//! Published events, encoded once for all who listen.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::bus::position::{Epoch, Position};
use crate::event_name::EventName;
use crate::frame::deflate::Deflater;
use crate::frame::{Builder, Frames};
use crate::photo::PhotoEvent;

/// A published event. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its channel.
    pub event: EventName,
    /// Where it stands.
    pub position: Position,
    /// The whole message as streams send it, UTF-8:
    /// `{"type":"photo","event":…,"position":…,"photo":{…}}`.
    pub json: Bytes,
}

impl Item {
    /// Frames a photo event that is JSON already.
    pub fn new(event: EventName, position: Position, photo: &str) -> Self {
        let json = message(&event, position, photo).into();
        Self { event, position, json }
    }

    /// The photo event inside.
    ///
    /// # Errors
    /// When a history of a later version holds what this one cannot read.
    pub fn photo(&self) -> Result<PhotoEvent, serde_json::Error> {
        #[derive(serde::Deserialize)]
        struct Message {
            photo: PhotoEvent,
        }
        serde_json::from_slice::<Message>(&self.json).map(|it| it.photo)
    }
}

/// The fresh events of one delivery, in order. Cheap to clone, and the same bytes for everybody.
#[derive(Debug, Clone)]
pub struct Batch(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    event: EventName,
    epoch: Epoch,
    offsets: Vec<i64>,
    frames: Frames,
    deflated: OnceLock<Frames>,
}

impl Batch {
    /// The events of `event` at these offsets, whose photo events are JSON already.
    pub fn new<'p>(event: EventName, epoch: Epoch, photos: impl IntoIterator<Item = (i64, &'p str)>) -> Self {
        let (mut offsets, mut frames) = (Vec::new(), Builder::default());
        for (offset, photo) in photos {
            frames = frames.text(message(&event, Position { epoch, offset }, photo).as_bytes());
            offsets.push(offset);
        }
        Self(Arc::new(Inner { event, epoch, offsets, frames: frames.build(), deflated: OnceLock::new() }))
    }

    /// Their channel.
    pub fn event(&self) -> &EventName {
        &self.0.event
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.offsets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.offsets.is_empty()
    }

    /// How many of them stand at or before `offset`: they come first.
    pub fn through(&self, offset: i64) -> usize {
        self.0.offsets.partition_point(|it| *it <= offset)
    }

    /// Where the one with this number stands; 0 when there is none.
    pub fn offset(&self, n: usize) -> i64 {
        self.0.offsets.get(n).copied().unwrap_or(0)
    }

    /// Each as a WebSocket message for a client that takes compressed ones, or does not.
    pub fn frames_for(&self, deflate: bool) -> &Frames {
        if deflate { self.deflated() } else { self.frames() }
    }

    /// Each as a WebSocket message.
    pub fn frames(&self) -> &Frames {
        &self.0.frames
    }

    /// The same, compressed where that makes them shorter, when the first asks for it.
    pub fn deflated(&self) -> &Frames {
        self.0.deflated.get_or_init(|| {
            let mut deflater = Deflater::default();
            let add = |frames: Builder, n| {
                let json = self.0.frames.payload(n);
                match deflater.deflate(&json) {
                    Some(deflated) => frames.compressed_text(&deflated),
                    None => frames.text(&json),
                }
            };
            (0..self.len()).fold(Builder::default(), add).build()
        })
    }

    /// The events from the one with this number on.
    pub fn items(&self, from: usize) -> impl Iterator<Item = Item> + '_ {
        let Inner { event, epoch, offsets, frames, .. } = &*self.0;
        offsets.iter().enumerate().skip(from).map(|(n, offset)| Item {
            event: event.clone(),
            position: Position { epoch: *epoch, offset: *offset },
            json: frames.payload(n),
        })
    }
}

/// Neither an event name nor a position holds a character that JSON escapes.
fn message(event: &EventName, position: Position, photo: &str) -> String {
    format!(r#"{{"type":"photo","event":"{event}","position":"{position}","photo":{photo}}}"#)
}
