//! One photo event on its way into the history.

use sha2::{Digest, Sha256};

use crate::photo::{Change, PhotoEvent, UpdateType};

/// One photo event as the history holds it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The photo's id.
    pub photo: String,
    /// Recognises a repeat: a hash of all that the event says. The same entry about the same update says the same.
    pub key: i64,
    /// When it happened, in milliseconds since 1970, if it says so.
    pub at: Option<i64>,
    /// What it says as a hub means it, whatever else it says.
    pub arrival: Option<Arrival>,
    /// Whether it takes the photo out of the history.
    pub removes: bool,
    /// The photo event.
    pub json: String,
}

/// A photo came: it was posted, or somebody faved it. Two hubs may both tell of it, and not with the same details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Under which title.
    pub title: Option<String>,
    /// Who faved it, by their nsid.
    pub faved_by: Option<String>,
}

impl Arrival {
    /// That of an event that says itself why it came.
    pub fn of(event: &PhotoEvent) -> Option<Self> {
        let why = |it: &str| event.updates.iter().any(|update| update.0 == it);
        let faved_by = event.faved_by.as_ref().and_then(|it| it.nsid.clone());
        let arrives = match event.change {
            Change::Added => why(UpdateType::CREATED),
            Change::Updated => why(UpdateType::FAVES) && faved_by.is_some(),
            Change::Removed => false,
        };
        arrives.then(|| Self { title: event.title.clone(), faved_by })
    }
}

impl Row {
    /// The row of `event`.
    ///
    /// # Errors
    /// When JSON cannot say it.
    pub fn of(event: &PhotoEvent) -> serde_json::Result<Self> {
        let json = serde_json::to_string(event)?;
        let mut key = [0; 8];
        key.copy_from_slice(&Sha256::digest(&json)[..8]);
        let at = event.updated.or(event.published).map(|it| it.as_millisecond());
        let removes = event.change == Change::Removed;
        let arrival = Arrival::of(event);
        Ok(Self { photo: event.id.clone(), key: i64::from_be_bytes(key), at, arrival, removes, json })
    }

    /// The same as a change of the photo's title, and not as its arrival.
    pub fn as_retitled(&self) -> Option<Self> {
        let event: PhotoEvent = serde_json::from_str(&self.json).ok()?;
        let updates = vec![UpdateType("title".to_owned())];
        Self::of(&PhotoEvent { change: Change::Updated, updates, faved_by: None, ..event }).ok()
    }
}
