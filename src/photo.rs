//! What flows through the house: the photo event.
//!
//! The JSON of a [`PhotoEvent`] is a public contract, documented field by field in the README ("Photo event").
//! One rule governs it: **what is not known is absent, never invented**.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Something that happened to one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoEvent {
    /// What happened.
    pub change: Change,
    /// Why: the values of `flickr:update/@type`, in the order of the entry. Empty when the entry did not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<UpdateType>,
    /// The photo's number at Flickr, decimal digits.
    pub id: String,
    /// Plain text; it may hold any character, `<` included, and is never markup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The photo's page, http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Who posted the photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    /// Who faved it (the Atom `contributor` of `contacts_faves`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faved_by: Option<Person>,
    /// When it was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When the entry last changed; of a removal, the tombstone's `when`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// The camera's own clock. Flickr labels it with an offset (`-08:00`) that is not the camera's, so it has none here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<DateTime>,
    /// In the order of the entry, without repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where it was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// The address of the licence's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// True for a video; its images are then the poster.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub video: bool,
    /// The same picture in several sizes, smallest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
}

impl PhotoEvent {
    /// An event that says what happened to which photo, and nothing else.
    pub fn new(change: Change, id: impl Into<String>) -> Self {
        Self {
            change,
            updates: Vec::new(),
            id: id.into(),
            title: None,
            page: None,
            owner: None,
            faved_by: None,
            published: None,
            updated: None,
            taken: None,
            tags: Vec::new(),
            position: None,
            licence: None,
            video: false,
            images: Vec::new(),
        }
    }
}

/// What happened to a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is new to the topic: an upload, or an entry that does not say what changed.
    Added,
    /// Something about it changed; [`PhotoEvent::updates`] says what. A fave is an update.
    Updated,
    /// It was deleted, or is no longer public: take it off every screen.
    Removed,
}

/// One value of `flickr:update/@type`: `created`, `faves`, `title`, `tags`, `geo` …
///
/// The known thirteen are in parallel-flickr's `flickr_push_update_types_map`; others are carried as they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UpdateType(pub String);

impl UpdateType {
    /// A new upload.
    pub const CREATED: &'static str = "created";
    /// Somebody faved it.
    pub const FAVES: &'static str = "faves";
}

/// Somebody with an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name they show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Flickr's id of an account, `12345678@N00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nsid: Option<String>,
    /// Their page, http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Their buddy icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
}

/// A point on the globe, WGS 84, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// -90 to 90, north positive.
    pub latitude: f64,
    /// -180 to 180, east positive.
    pub longitude: f64,
}

/// One size of a photo's picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// http or https.
    pub url: String,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// True when the feed did not name this size: its address follows from another size's (they share a secret up to
    /// 1024 pixels), its pixels from the proportions. It may be some pixels off, or not exist for a very old photo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
}
