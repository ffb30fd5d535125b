//! What can be wrong with a part of a document, as values.

use std::fmt;

use super::{ATTRIBUTES, DEPTH, ENTRIES};

/// What is wrong with a part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// It is not well-formed; of an entry, all of it is lost.
    Malformed(Syntax),
    /// An entry has neither id nor link, so nobody can say what it is about.
    Nameless,
    /// An item of a JSON feed is a number, a string or the like.
    NotAnObject,
    /// Elements are inside one another too deeply; the entry is lost.
    TooDeep,
    /// The attributes of an element are too long and were not looked at.
    LongAttributes {
        /// The element.
        element: String,
    },
    /// A date cannot be read; the photo event goes without it.
    Date {
        /// The element, attribute or member.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// A position cannot be read or is not on the globe; the photo event goes without it.
    Position {
        /// What it says.
        value: String,
    },
    /// There are more entries than are read of one document.
    FurtherEntries(usize),
    /// There are more problems than are kept of one document.
    FurtherProblems(usize),
    /// There are more skipped entries than are kept of one document.
    FurtherSkipped(usize),
    /// So much was broken that the rest of the document was not read.
    GaveUp,
}

/// How a document is not well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Syntax {
    /// An end tag closes another element than the one that is open.
    Misnested {
        /// The element that is open.
        open: String,
        /// The element that the end tag names.
        closed: String,
    },
    /// An element is not closed before the next entry begins.
    Unclosed {
        /// The element.
        element: String,
    },
    /// The document ends inside an element.
    Truncated,
    /// The XML reader's or the JSON reader's own words.
    Other(String),
}

impl Flaw {
    /// The flaw of a value, of which only the beginning is quoted.
    pub(super) fn date(field: &'static str, value: &str) -> Self {
        Self::Date { field, value: clip(value) }
    }

    /// See [`Flaw::date`].
    pub(super) fn position(value: &str) -> Self {
        Self::Position { value: clip(value) }
    }
}

/// The beginning of a foreign text, short enough to quote and on one line.
pub(super) fn clip(text: &str) -> String {
    const QUOTED: usize = 120;
    let mut clipped: String = text.chars().take(QUOTED).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.chars().nth(QUOTED).is_some() {
        clipped.push('\u{2026}');
    }
    clipped
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(syntax) => syntax.fmt(f),
            Self::Nameless => f.write_str("an entry has neither an id nor a link"),
            Self::NotAnObject => f.write_str("an item is not an object"),
            Self::TooDeep => write!(f, "elements are more than {DEPTH} deep"),
            Self::LongAttributes { element } => {
                write!(f, "the attributes of <{element}> have more than {ATTRIBUTES} bytes")
            }
            Self::Date { field, value } => write!(f, "the {field} \u{201c}{value}\u{201d} is not a date"),
            Self::Position { value } => write!(f, "\u{201c}{value}\u{201d} is not a position"),
            Self::FurtherEntries(n) => write!(f, "{n} entries more than the {ENTRIES} that are read"),
            Self::FurtherProblems(n) => write!(f, "{n} further problems"),
            Self::FurtherSkipped(n) => write!(f, "{n} further entries are not photos"),
            Self::GaveUp => f.write_str("too much is broken to read on"),
        }
    }
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misnested { open, closed } => write!(f, "</{closed}> is found where </{open}> is due"),
            Self::Unclosed { element } => write!(f, "<{element}> is not closed"),
            Self::Truncated => f.write_str("the document ends too early"),
            Self::Other(words) => f.write_str(words),
        }
    }
}
