//! One published event, encoded once for all its listeners.

use std::sync::Arc;

use bytes::Bytes;

use crate::bus::position::Position;
use crate::event_name::EventName;
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
        // Neither an event name nor a position holds a character that JSON escapes.
        let json = format!(r#"{{"type":"photo","event":"{event}","position":"{position}","photo":{photo}}}"#);
        Self { event, position, json: json.into() }
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

/// The fresh events of one delivery, in order.
pub type Batch = Arc<[Item]>;
