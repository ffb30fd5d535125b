//! One photo event on its way into the history.

use sha2::{Digest, Sha256};

use crate::photo::{Change, PhotoEvent};

/// One photo event as the history holds it.
#[derive(Debug)]
pub struct Row {
    /// The photo's id.
    pub photo: String,
    /// Recognises a repeat: a hash of all that the event says. The same entry about the same update says the same.
    pub key: i64,
    /// When it happened, in milliseconds since 1970, if it says so.
    pub at: Option<i64>,
    /// Whether it takes the photo out of the history.
    pub removes: bool,
    /// The photo event.
    pub json: String,
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
        Ok(Self { photo: event.id.clone(), key: i64::from_be_bytes(key), at, removes, json })
    }
}
