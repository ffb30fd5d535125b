//! What a source hands to the hub engine: something happened, whom it concerns, and how it reads on the wire.

use std::sync::Arc;

use crate::topic::Kind;

/// Something that happened to a photo, on its way to the endpoints that it concerns.
#[derive(Debug, Clone)]
pub struct Task {
    /// What it is about. While an equal one waits, a new task takes its place and its time: ten edits push once.
    pub key: Key,
    /// Whom it concerns.
    pub concerns: Concerns,
    /// The `<entry>` or `<at:deleted-entry>`, ready for a feed. Shared by all endpoints.
    pub element: Arc<str>,
}

/// What a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The photo's number.
    pub photo: u64,
    /// Why, in the words of `flickr:update`; a removal swallows whatever waits for its photo.
    pub why: Why,
}

/// Why a task goes out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Why {
    /// An update of this type: `created`, `title`, `tags` …
    Update(&'static str),
    /// A fave by this account.
    Fave(String),
    /// The photo is no more, or no longer public.
    Removed,
}

/// Whom a task concerns. The source knows its people; the engine knows its endpoints.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Concerns {
    /// Subscribers (nsids) of personal topics: `(ContactsFaves, "1@N01")` when a contact of `1@N01` faved.
    pub accounts: Vec<(Kind, String)>,
    /// The photo's tags, [normal](crate::topic::tag::normal).
    pub tags: Vec<String>,
    /// Where it was taken.
    pub spot: Option<Spot>,
    /// The institution of the Commons whose photo it is.
    pub institution: Option<String>,
    /// Exactly these subscribers and nobody else, whatever they wish: for a source that knows for whom it asked.
    pub exactly: Vec<String>,
}

/// Where a photo was taken, in all the ways to ask for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// 1 (world) to 16 (street).
    pub accuracy: u8,
    /// Where On Earth ids of the place and of those around it.
    pub woe_ids: Vec<u32>,
    /// Flickr's id of the place.
    pub place_id: Option<String>,
}
