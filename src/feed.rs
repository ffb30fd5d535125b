//! Reads what a hub delivers: bytes in, photo events out.
//!
//! Atom, RSS and Flickr's JSON are told apart by their first characters, because content types of feeds lie. All three
//! are poured into the same draft, which knows what an entry means; the readers only know how it is written.
//!
//! Three rules hold for every document. A bad entry never loses the others. Nothing is invented: what cannot be
//! read is absent. And reading takes time in proportion to the length of the document, whatever is in it.

mod address;
mod cursor;
mod date;
mod draft;
mod encoding;
mod fault;
mod flaw;
mod id;
mod image;
mod json;
mod markup;
mod namespace;
mod person;
mod place;
mod position;
mod refusal;
mod report;
mod size;
mod tag;
#[cfg(test)]
mod tests;
mod vocabulary;
mod xml;

use std::borrow::Cow;
use std::fmt;

use crate::photo::PhotoEvent;

pub use flaw::{Flaw, Syntax};
pub use place::Place;
pub use refusal::{NotAFeed, Reason};
use report::Report;

/// Entries that are read of one document; how many more there were becomes one [`Problem`].
pub const ENTRIES: usize = 500;
/// Elements inside one another within an entry.
pub const DEPTH: usize = 64;
/// Bytes of an element's text that are looked at.
pub const TEXT: usize = 64 * 1024;
/// Bytes of attributes of one element; an element with more is read as if it had none.
pub const ATTRIBUTES: usize = 8 * 1024;
/// Problems that are kept of one document, and skipped entries likewise; the others are counted.
pub const NOTES: usize = 100;
/// Characters of a title.
pub const TITLE: usize = 1_024;
/// Tags of a photo.
pub const TAGS: usize = 100;
/// Bytes of an address.
pub const ADDRESS: usize = 2_048;
/// Images that one entry may state.
pub const IMAGES: usize = 32;

/// What one document held.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Feed {
    /// In the order of the document.
    pub events: Vec<PhotoEvent>,
    /// Entries that are about something other than a photo.
    pub skipped: Vec<Skipped>,
    /// What could not be understood. A problem with one field does not keep the rest of its entry from `events`.
    pub problems: Vec<Problem>,
    /// The end of the document is missing: entries may have been in it that nobody knows of. What was whole is in
    /// `events`.
    pub broke_off: bool,
}

/// An entry that is no photo: a comment, a moved feed's notice, an activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its id, its guid, or its link when it has neither.
    pub id: String,
    /// Where the entry begins.
    pub at: Place,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the entry \u{201c}{}\u{201d} is not a photo", self.at, self.id)
    }
}

/// Something in a document that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Place,
    /// The id of the entry that it is in, when that was read already.
    pub entry: Option<String>,
    /// What.
    pub flaw: Flaw,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(entry) => write!(f, "{}: in the entry \u{201c}{entry}\u{201d} {}", self.at, self.flaw),
            None => write!(f, "{}: {}", self.at, self.flaw),
        }
    }
}

/// Reads one delivered document.
///
/// # Errors
///
/// When it is not a feed, or is one so broken that not a single entry could be read.
pub fn read(bytes: &[u8]) -> Result<Feed, NotAFeed> {
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) {
        return Err(NotAFeed::new(Place::START, Reason::Utf16));
    }
    // Observed in Flickr's feeds of 2015: a byte order mark before the XML declaration.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Checking first is much quicker than from_utf8_lossy, and almost all documents pass.
    let text = str::from_utf8(bytes).map_or_else(|_| Cow::Owned(encoding::decode(bytes)), Cow::Borrowed);
    let mut report = Report::new(&text);
    let body = text.trim_start();
    let start = text.len() - body.len();
    let read = match body.chars().next() {
        None => Err((start, Reason::Empty)),
        Some('<') => xml::read(body, start, &mut report),
        Some(_) => match json::unwrap(body) {
            Some((json, lead)) => json::read(json, start + lead, &mut report),
            None => Err((start, Reason::Unknown)),
        },
    };
    report.finish(read)
}
