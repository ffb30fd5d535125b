//! What was decided about a request to a callback, as a value, and as the sentence that a person reads.

use serde::{Deserialize, Serialize};

use crate::handshake::{Mode, Refusal};

/// What was decided. Of secrets it holds the first two characters at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    /// A verification: the challenge went back.
    Confirmed {
        /// Whether it was to begin or renew; otherwise to end.
        subscribes: bool,
    },
    /// The hub said that it will not serve us.
    Denied {
        /// In its words.
        reason: String,
    },
    /// No MAC of ours, so nothing was read.
    UnknownCallback,
    /// A method that no hub uses.
    StrangeMethod,
    /// A verification without verify_token.
    MissingToken {
        /// The one that we hold, its beginning.
        ours: String,
    },
    /// A verification with another verify_token than ours.
    WrongToken {
        /// What came, its beginning.
        theirs: String,
        /// What we hold, its beginning.
        ours: String,
    },
    /// Nobody wants this subscription any more.
    NotWanted,
    /// Nobody watches it just now.
    NobodyWatches,
    /// We did not ask to end it.
    NotAskedFor,
    /// A verification with the right token that cannot be understood.
    Invalid {
        /// What is wrong with it.
        fault: String,
    },
    /// A delivery: what was new in it is on disk and on its way.
    Published,
    /// The same, and some of it could not be read.
    PublishedInPart,
    /// The document has no end: what was whole is published, and the hub shall send it again.
    BrokeOff,
    /// A delivery to a callback that was let go.
    LetGo,
    /// More bytes than the limit.
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// The body did not come to its end.
    Unreadable,
    /// The body came too slowly.
    TooSlow,
    /// It is compressed.
    Encoded {
        /// How.
        how: String,
    },
    /// It is no feed.
    NotAFeed {
        /// Why, and where that shows.
        why: String,
    },
    /// The disk took nothing.
    NotStored,
}

/// How a verdict looks on a page; never the only sign of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    Good,
    /// Nothing is broken, and nothing came of it.
    Idle,
    /// Something is wrong.
    Bad,
}

impl Verdict {
    /// The verdict on a verification that was confirmed.
    #[must_use]
    pub fn confirmed(mode: Mode) -> Self {
        Self::Confirmed { subscribes: mode == Mode::Subscribe }
    }

    /// The verdict on a verification that was refused; `theirs` is the token that came, in full.
    #[must_use]
    pub fn refused(refusal: Refusal, theirs: Option<String>) -> Self {
        match refusal {
            Refusal::UnknownCallback => Self::UnknownCallback,
            Refusal::StrangeMethod => Self::StrangeMethod,
            Refusal::MissingToken => Self::MissingToken { ours: String::new() },
            Refusal::WrongToken => Self::WrongToken { theirs: theirs.unwrap_or_default(), ours: String::new() },
            Refusal::NotWanted => Self::NotWanted,
            Refusal::NobodyWatches => Self::NobodyWatches,
            Refusal::NotAskedFor => Self::NotAskedFor,
        }
    }

    /// What was decided and why, as one sentence without a full stop; `status` is what was answered.
    #[must_use]
    pub fn sentence(&self, status: u16) -> String {
        let refused = |why: &str| format!("{why}: refused with {status}");
        match self {
            Self::Confirmed { subscribes: true } => "the token is right and somebody wants it: subscribed".into(),
            Self::Confirmed { subscribes: false } => "the token is right and nobody wants it: unsubscribed".into(),
            Self::Denied { reason } => format!("the hub will not serve this subscription: {reason}"),
            Self::UnknownCallback => {
                refused("not a callback that this server minted (has SECRET_KEY changed, or was the address cut?)")
            }
            Self::StrangeMethod => refused("a hub sends GET to verify and POST to deliver, and nothing else"),
            Self::MissingToken { ours } => refused(&format!("no verify_token came, and we hold {ours}")),
            Self::WrongToken { theirs, ours } => refused(&format!("asked for token {theirs}, we hold {ours}")),
            Self::NotWanted => refused("nobody wants this subscription any more"),
            Self::NobodyWatches => refused("nobody watches, so it rests until somebody does"),
            Self::NotAskedFor => refused("somebody wants this subscription, and nobody asked to end it"),
            Self::Invalid { fault } => refused(fault),
            Self::Published => format!("taken with {status}"),
            Self::PublishedInPart => format!("taken with {status}, but for what could not be read"),
            Self::BrokeOff => {
                format!("the document breaks off: what was whole is taken, and {status} asks for all of it again")
            }
            Self::LetGo => refused("this subscription has ended"),
            Self::TooLarge { limit } => refused(&format!("more than the {limit} bytes of DELIVERY_LIMIT_BYTES")),
            Self::Unreadable => refused("the body broke off before its end"),
            Self::TooSlow => refused("the body took too long"),
            Self::Encoded { how } => refused(&format!("the body is encoded ({how})")),
            Self::NotAFeed { why } => refused(why),
            Self::NotStored => format!("nothing can be stored just now: {status} asks the hub to try again"),
        }
    }

    /// Two or three words, for a row.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Confirmed { subscribes: true } => "subscribed",
            Self::Confirmed { subscribes: false } => "unsubscribed",
            Self::Denied { .. } => "denied by the hub",
            Self::UnknownCallback => "unknown callback",
            Self::StrangeMethod => "strange method",
            Self::MissingToken { .. } => "no token",
            Self::WrongToken { .. } => "wrong token",
            Self::NotWanted => "not wanted",
            Self::NobodyWatches => "nobody watches",
            Self::NotAskedFor => "not asked for",
            Self::Invalid { .. } => "not understood",
            Self::Published => "published",
            Self::PublishedInPart => "published in part",
            Self::BrokeOff => "broke off",
            Self::LetGo => "has ended",
            Self::TooLarge { .. } => "too large",
            Self::Unreadable => "body broke off",
            Self::TooSlow => "too slow",
            Self::Encoded { .. } => "encoded",
            Self::NotAFeed { .. } => "not a feed",
            Self::NotStored => "not stored",
        }
    }

    /// How it looks.
    #[must_use]
    pub fn mood(&self) -> Mood {
        match self {
            Self::Confirmed { .. } | Self::Published => Mood::Good,
            Self::NobodyWatches | Self::NotWanted | Self::LetGo => Mood::Idle,
            _ => Mood::Bad,
        }
    }
}

impl Mood {
    /// A word for style sheets.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Idle => "idle",
            Self::Bad => "bad",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_a_sentence_that_names_its_cause_and_what_was_answered() {
        let check = |verdict: Verdict, status, expected: &str| assert_eq!(verdict.sentence(status), expected);
        let (theirs, ours) = ("AB…".to_owned(), "CD…".to_owned());
        check(
            Verdict::WrongToken { theirs, ours: ours.clone() },
            404,
            "asked for token AB…, we hold CD…: refused with 404",
        );
        check(Verdict::MissingToken { ours }, 404, "no verify_token came, and we hold CD…: refused with 404");
        check(Verdict::confirmed(Mode::Subscribe), 200, "the token is right and somebody wants it: subscribed");
        check(Verdict::confirmed(Mode::Unsubscribe), 200, "the token is right and nobody wants it: unsubscribed");
        check(Verdict::NotWanted, 404, "nobody wants this subscription any more: refused with 404");
        check(Verdict::LetGo, 410, "this subscription has ended: refused with 410");
        check(Verdict::Published, 200, "taken with 200");
        let why = "not a feed: the root element is <html> (line 1, column 1)".into();
        check(
            Verdict::NotAFeed { why },
            400,
            "not a feed: the root element is <html> (line 1, column 1): refused with 400",
        );
        check(
            Verdict::TooLarge { limit: 2048 },
            413,
            "more than the 2048 bytes of DELIVERY_LIMIT_BYTES: refused with 413",
        );
        check(Verdict::NotStored, 503, "nothing can be stored just now: 503 asks the hub to try again");
    }

    #[test]
    fn a_verdict_is_read_from_the_disk_as_it_was_written() {
        for verdict in [
            Verdict::confirmed(Mode::Subscribe),
            Verdict::UnknownCallback,
            Verdict::WrongToken { theirs: "AB…".into(), ours: "CD…".into() },
            Verdict::TooLarge { limit: 7 },
        ] {
            let json = serde_json::to_string(&verdict).unwrap();
            assert_eq!(serde_json::from_str::<Verdict>(&json).unwrap(), verdict, "{json}");
        }
    }
}
