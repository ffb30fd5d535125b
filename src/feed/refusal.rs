//! Why a whole document is not read.

use std::error::Error;
use std::fmt;

use super::{Place, Syntax};

/// Why a document was not read at all. Its `Display` is one line, made to be sent to the hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFeed {
    /// Where that showed.
    pub at: Place,
    /// Why.
    pub reason: Reason,
}

/// The reasons of [`NotAFeed`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing but white space.
    Empty,
    /// The byte order mark of UTF-16; feeds are UTF-8.
    Utf16,
    /// The first character is neither XML's nor JSON's.
    Unknown,
    /// XML without any element.
    NoRoot,
    /// XML whose root element is something else: `html`, `opml`.
    Root(String),
    /// JSON without an array `items`.
    NoItems,
    /// Not well-formed, and no entry could be read.
    Malformed(Syntax),
}

impl NotAFeed {
    pub(super) fn new(at: Place, reason: Reason) -> Self {
        Self { at, reason }
    }
}

impl fmt::Display for NotAFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a feed: {} ({})", self.reason, self.at)
    }
}

impl Error for NotAFeed {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the body is empty"),
            Self::Utf16 => f.write_str("the body is UTF-16, which is not supported"),
            Self::Unknown => f.write_str("the body is neither XML nor JSON"),
            Self::NoRoot => f.write_str("there is no root element"),
            Self::Root(name) => write!(f, "the root element is <{name}>"),
            Self::NoItems => f.write_str("the JSON has no array \u{201c}items\u{201d}"),
            Self::Malformed(syntax) => syntax.fmt(f),
        }
    }
}
