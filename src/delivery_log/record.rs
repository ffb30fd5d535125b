//! One request of a hub to a callback, as it is kept and told.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::delivery_log::Verdict;
use crate::event_name::EventName;

/// What became of one request to a callback. As JSON it is what streams and pages are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Rising, never used twice.
    pub id: u64,
    /// What was asked.
    pub kind: Kind,
    /// When it arrived, to the millisecond.
    pub at: Timestamp,
    /// From where: what a proxy says, or the address of the other end. Only to be shown: anybody may claim anything.
    pub from: String,
    /// Who sent it, as far as is known.
    pub hub: Hub,
    /// Why it came.
    #[serde(default)]
    pub cause: Cause,
    /// The event name of the callback; absent when it is none of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventName>,
    /// What was decided.
    pub verdict: Verdict,
    /// What was answered.
    pub status: u16,
    /// Bytes of the body that were read.
    pub size: usize,
    /// From the arrival to the answer, in milliseconds.
    pub took_ms: f64,
    /// Of a delivery whose body was a feed: what was in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parsed: Option<Parsed>,
}

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// GET: does somebody want this?
    Verification,
    /// POST: here it is.
    Delivery,
    /// Anything else.
    Other,
}

/// Who sent it, as far as is known. Nothing is allowed or refused by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hub {
    /// It calls itself as Flickr's hub does; a practice Flickr does so too.
    Flickr,
    /// Our own bridge.
    Bridge,
    /// Any other.
    Other,
}

/// Why a request came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// A hub called.
    #[default]
    Hub,
    /// Somebody played the record of this number once more.
    Replay(u64),
    /// Somebody dropped a file on the debug page.
    Dropped,
}

/// What was in a feed, and how far it got.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parsed {
    /// Entries in the document.
    pub entries: usize,
    /// Photo events that were new.
    pub fresh: usize,
    /// Photo events that the history had already.
    pub repeats: usize,
    /// Entries that are no photos.
    pub skipped: usize,
    /// What could not be read: how much, …
    pub bad: usize,
    /// … and the first of it in words, each with line and column.
    pub flaws: Vec<String>,
    /// The numbers of all photos, in order.
    pub photos: Vec<String>,
    /// Those of them that were new.
    pub new_photos: Vec<String>,
    /// From the newest entry's own time to its arrival, in milliseconds; negative when somebody's clock is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<i64>,
    /// From the arrival until it was read, in milliseconds.
    pub read_ms: f64,
    /// When it was on disk and handed out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// Streams that it was handed to.
    pub streams: usize,
    /// Screens among them.
    pub screens: usize,
    /// The first screen that showed one of the new photos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub painted: Option<Painted>,
}

/// A screen showed a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Painted {
    /// When it said so.
    pub at: Timestamp,
    /// What it is called.
    pub screen: String,
    /// Which photo.
    pub photo: String,
    /// From the delivery's arrival, in milliseconds.
    pub after_ms: i64,
}

/// Whose a record is, and so who may see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The account of this nsid.
    Account(String),
    /// Nobody: the callback was minted by hand.
    Nobody,
    /// Nobody: the callback is none of ours.
    Stranger,
}

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The records of one account.
    Account(String),
    /// All of them.
    Everything,
}

/// A record with all that is kept of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The record.
    pub record: Record,
    /// How the request began.
    pub head: Head,
    /// The bytes of the body that were read; `None` when there was no room for them.
    pub body: Option<Bytes>,
}

/// How a request began, its secrets masked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub address: String,
    /// Its headers, in order.
    pub headers: Vec<(String, String)>,
}

impl Owner {
    /// The account that `event` is a subscription of, by its name: `12345678@N00-contacts_faves`.
    #[must_use]
    pub fn of(event: Option<&EventName>) -> Self {
        let Some(event) = event else { return Self::Stranger };
        match event.as_str().split_once('-') {
            Some((nsid, _)) if nsid.contains('@') => Self::Account(nsid.to_owned()),
            _ => Self::Nobody,
        }
    }

    /// As the file has it.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Account(nsid) => nsid,
            // No nsid is without an @.
            Self::Nobody => "nobody",
            Self::Stranger => "stranger",
        }
    }
}

impl Scope {
    /// Whether a record of `owner` is in it.
    #[must_use]
    pub fn holds(&self, owner: &Owner) -> bool {
        match self {
            Self::Everything => true,
            Self::Account(nsid) => matches!(owner, Owner::Account(it) if it == nsid),
        }
    }
}

impl Record {
    /// Whose it is.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::of(self.event.as_ref())
    }

    /// What was decided and what came of it, as one sentence that begins with a small letter.
    #[must_use]
    pub fn sentence(&self) -> String {
        let verdict = self.verdict.sentence(self.status);
        match &self.parsed {
            Some(parsed) => format!("{}: {verdict}", parsed.words()),
            None => verdict,
        }
    }
}

impl Parsed {
    /// What was in it: `20 entries, 18 new, 2 repeats`.
    #[must_use]
    pub fn words(&self) -> String {
        let entries = if self.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", self.entries) };
        let some = [
            (self.fresh, "new"),
            (self.repeats, if self.repeats == 1 { "repeat" } else { "repeats" }),
            (self.skipped, "no photo"),
            (self.bad, "bad"),
        ];
        let parts = some.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
        [entries].into_iter().chain(parts).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_name_says_whose_it_is() {
        let check = |name: &str, expected| assert_eq!(Owner::of(Some(&name.parse().unwrap())), expected, "{name}");
        check("12345678@N00-contacts_faves", Owner::Account("12345678@N00".into()));
        check("kittens", Owner::Nobody);
        check("kittens-12345678@N00", Owner::Nobody);
        check("12345678@N00", Owner::Nobody);
        assert_eq!(Owner::of(None), Owner::Stranger);
        let mine = Scope::Account("12345678@N00".into());
        assert!(mine.holds(&Owner::Account("12345678@N00".into())));
        assert!(!mine.holds(&Owner::Account("12345678@N01".into())));
        assert!(!mine.holds(&Owner::Nobody) && !mine.holds(&Owner::Stranger));
        assert!(Scope::Everything.holds(&Owner::Stranger));
    }

    #[test]
    fn what_was_in_a_delivery_is_told_without_noughts() {
        let check = |parsed: Parsed, expected: &str| assert_eq!(parsed.words(), expected);
        check(Parsed { entries: 20, fresh: 18, repeats: 2, ..Parsed::default() }, "20 entries, 18 new, 2 repeats");
        check(Parsed { entries: 1, repeats: 1, ..Parsed::default() }, "1 entry, 1 repeat");
        check(
            Parsed { entries: 3, fresh: 1, skipped: 1, bad: 1, ..Parsed::default() },
            "3 entries, 1 new, 1 no photo, 1 bad",
        );
        check(Parsed::default(), "0 entries");
    }
}
