//! A hub's verification to a verdict. Refusing is normal here, so a verdict is a value and not an error.

use std::fmt;

/// The longest challenge that we echo, in bytes. Flickr's and every known hub's have less than 100.
pub const MAX_CHALLENGE: usize = 1024;
/// The longest reason of a denial that we keep, in characters.
const MAX_REASON: usize = 500;

/// What a hub asks with a GET to a callback.
///
/// PubSubHubbub 0.3 (section 6.2) and WebSub (section 5.3) name the parameters `hub.mode`, `hub.challenge` …; Flickr
/// leaves the prefix away; some frameworks turn the dot into an underscore. The name that the mode comes under decides
/// for all of them. The hub appends its parameters to the query that the callback already has, so of two equal names
/// the last is the hub's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// `subscribe`, `unsubscribe` or `denied`; anything else is the hub's mistake.
    pub mode: Option<String>,
    /// What we echo to confirm.
    pub challenge: Option<String>,
    /// The secret that went out with the subscription.
    pub verify_token: Option<String>,
    /// Why a hub denied the subscription (WebSub section 5.2).
    pub reason: Option<String>,
}

impl Verification {
    /// Reads the query of the request, without its `?`.
    pub fn from_query(query: &str) -> Self {
        let read = |prefix: &str| {
            let mut read = Self::default();
            for (name, value) in form_urlencoded::parse(query.as_bytes()) {
                let slot = match name.strip_prefix(prefix) {
                    Some("mode") => &mut read.mode,
                    Some("challenge") => &mut read.challenge,
                    Some("verify_token") => &mut read.verify_token,
                    Some("reason") => &mut read.reason,
                    _ => continue,
                };
                *slot = Some(value.into_owned());
            }
            read
        };
        let bare = read("");
        match ["hub.", "hub_"].into_iter().map(read).find(|it| it.mode.is_some()) {
            // WebSub knows no verify_token: it may then stand in the callback's own query.
            Some(named) => Self { verify_token: named.verify_token.or(bare.verify_token), ..named },
            None => bare,
        }
    }

    /// Decides. `token_is_right` says whether [`Self::verify_token`] is the callback's own, `wish` what we want of the
    /// callback.
    pub fn decide(&self, token_is_right: bool, wish: Wish) -> Verdict {
        // A denial carries no token (WebSub section 5.2), and confirms nothing.
        if self.mode.as_deref() == Some("denied") {
            let reason = self.reason.as_deref().filter(|it| !it.trim().is_empty()).unwrap_or("no reason given");
            return Verdict::Denied { reason: reason.chars().take(MAX_REASON).collect() };
        }
        // The token comes first: who does not hold it learns nothing else, not even what a mode is.
        if !token_is_right {
            let missing = self.verify_token.is_none();
            return Verdict::Refuse(if missing { Refusal::MissingToken } else { Refusal::WrongToken });
        }
        let mode = match self.mode.as_deref() {
            Some("subscribe") => Mode::Subscribe,
            Some("unsubscribe") => Mode::Unsubscribe,
            Some(_) => return Verdict::Invalid(Fault::UnknownMode),
            None => return Verdict::Invalid(Fault::NoMode),
        };
        let challenge = match self.challenge.as_deref() {
            None | Some("") => return Verdict::Invalid(Fault::NoChallenge),
            Some(long) if long.len() > MAX_CHALLENGE => return Verdict::Invalid(Fault::LongChallenge(long.len())),
            Some(challenge) => challenge.to_owned(),
        };
        // A renewal looks like a first subscription: nothing on the wire tells them apart. Answering 404 to what
        // nobody wants is how a subscription ends by neglect (PubSubHubbub 0.3 section 6.2.1; observed of Flickr).
        match (mode, wish) {
            (Mode::Subscribe, Wish::Ended) => Verdict::Refuse(Refusal::NotWanted),
            (Mode::Subscribe, Wish::Unwatched) => Verdict::Refuse(Refusal::NobodyWatches),
            (Mode::Unsubscribe, Wish::Wanted | Wish::Unwatched) => Verdict::Refuse(Refusal::NotAskedFor),
            _ => Verdict::Confirm { mode, challenge },
        }
    }
}

/// What a hub wants confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To begin or renew.
    Subscribe,
    /// To end.
    Unsubscribe,
}

/// What we want of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// Minted by hand: there is no record, and the right token is enough.
    #[default]
    Unrecorded,
    /// Somebody wants its events.
    Wanted,
    /// Somebody wants its events, and nobody watches: it may rest until somebody does.
    Unwatched,
    /// Nobody wants its events any more.
    Ended,
}

/// The answer to a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// 200 and the challenge.
    Confirm {
        /// What is confirmed.
        mode: Mode,
        /// The hub's own, byte for byte.
        challenge: String,
    },
    /// 200: the hub tells us that it will not serve us.
    Denied {
        /// In the hub's words, at most 500 characters.
        reason: String,
    },
    /// 404, whatever the refusal: the hub, or a stranger, learns no more.
    Refuse(Refusal),
    /// 400 and the fault in one line.
    Invalid(Fault),
}

/// Why a verification is refused. For our own log; the answer is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No MAC of ours.
    UnknownCallback,
    /// A method that no hub uses.
    StrangeMethod,
    /// There was no verify_token.
    MissingToken,
    /// It was another one: somebody else's, or from before SECRET_KEY changed.
    WrongToken,
    /// Nobody wants this subscription any more.
    NotWanted,
    /// Nobody watches it just now.
    NobodyWatches,
    /// We did not ask to end it.
    NotAskedFor,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownCallback => "not a callback that this server minted (has SECRET_KEY changed?)",
            Self::StrangeMethod => "a callback takes GET and POST only",
            Self::MissingToken => "no verify_token",
            Self::WrongToken => "the verify_token is not this callback's (has SECRET_KEY changed?)",
            Self::NotWanted => "nobody wants this subscription any more",
            Self::NobodyWatches => "nobody watches: it is let go until somebody does",
            Self::NotAskedFor => "nobody asked to end this subscription",
        })
    }
}

/// What is wrong with a verification from somebody who holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No mode under any name.
    NoMode,
    /// A mode that is none of the three.
    UnknownMode,
    /// No challenge, or an empty one.
    NoChallenge,
    /// More than [`MAX_CHALLENGE`] bytes.
    LongChallenge(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMode => f.write_str("no mode: a verification says mode=subscribe or mode=unsubscribe"),
            Self::UnknownMode => f.write_str("unknown mode: expected subscribe, unsubscribe or denied"),
            Self::NoChallenge => f.write_str("no challenge: there is nothing to confirm with"),
            Self::LongChallenge(len) => write!(f, "the challenge has {len} bytes: at most {MAX_CHALLENGE} are echoed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "mode=subscribe&challenge=c1&verify_token=t";

    fn decide(query: &str, wish: Wish) -> Verdict {
        let asked = Verification::from_query(query);
        asked.decide(asked.verify_token.as_deref() == Some("t"), wish)
    }

    #[test]
    fn all_three_spellings_are_read_and_the_hubs_own_value_is_the_last() {
        let check = |query: &str| {
            let confirmed = Verdict::Confirm { mode: Mode::Subscribe, challenge: "c1".into() };
            assert_eq!(decide(query, Wish::Unrecorded), confirmed, "{query}");
        };
        check(GOOD);
        check("hub.mode=subscribe&hub.challenge=c1&hub.verify_token=t&hub.topic=x&hub.lease_seconds=60");
        check("hub_mode=subscribe&hub_challenge=c1&hub_verify_token=t");
        check("hub%2Emode=subscribe&hub%2Echallenge=c1&hub%2Everify_token=t");
        check("mode=dark&hub.mode=subscribe&hub.challenge=c1&hub.verify_token=t&challenge=c0");
        check("verify_token=t&hub.mode=subscribe&hub.challenge=c1&hub.topic=x");
        check("mode=old&challenge=c0&verify_token=u&mode=subscribe&challenge=c1&verify_token=t");
    }

    #[test]
    fn a_wish_decides_what_a_right_token_may_do() {
        let confirm = |mode| Verdict::Confirm { mode, challenge: "c1".into() };
        let check = |mode: &str, wish, expected| {
            assert_eq!(decide(&format!("mode={mode}&challenge=c1&verify_token=t"), wish), expected, "{mode} {wish:?}");
        };
        check("subscribe", Wish::Unrecorded, confirm(Mode::Subscribe));
        check("subscribe", Wish::Wanted, confirm(Mode::Subscribe));
        check("subscribe", Wish::Ended, Verdict::Refuse(Refusal::NotWanted));
        check("subscribe", Wish::Unwatched, Verdict::Refuse(Refusal::NobodyWatches));
        check("unsubscribe", Wish::Unwatched, Verdict::Refuse(Refusal::NotAskedFor));
        check("unsubscribe", Wish::Unrecorded, confirm(Mode::Unsubscribe));
        check("unsubscribe", Wish::Wanted, Verdict::Refuse(Refusal::NotAskedFor));
        check("unsubscribe", Wish::Ended, confirm(Mode::Unsubscribe));
    }

    #[test]
    fn who_has_no_token_learns_nothing_but_a_denial_needs_none() {
        let check = |query: &str, expected| assert_eq!(decide(query, Wish::Unrecorded), expected, "{query}");
        check("mode=subscribe&challenge=c1", Verdict::Refuse(Refusal::MissingToken));
        check("mode=subscribe&challenge=c1&verify_token=u", Verdict::Refuse(Refusal::WrongToken));
        check("mode=dance&challenge=c1&verify_token=u", Verdict::Refuse(Refusal::WrongToken));
        check("", Verdict::Refuse(Refusal::MissingToken));
        check("hub.mode=denied&hub.reason=Pro+only", Verdict::Denied { reason: "Pro only".into() });
        check("mode=denied", Verdict::Denied { reason: "no reason given".into() });
    }

    #[test]
    fn a_fault_is_named_to_who_holds_the_token() {
        let check = |query: &str, expected| assert_eq!(decide(query, Wish::Unrecorded), Verdict::Invalid(expected));
        check("challenge=c1&verify_token=t", Fault::NoMode);
        check("mode=dance&challenge=c1&verify_token=t", Fault::UnknownMode);
        check("mode=subscribe&verify_token=t", Fault::NoChallenge);
        check("mode=subscribe&challenge=&verify_token=t", Fault::NoChallenge);
        let long = "x".repeat(MAX_CHALLENGE + 1);
        check(&format!("mode=subscribe&challenge={long}&verify_token=t"), Fault::LongChallenge(MAX_CHALLENGE + 1));
    }

    #[test]
    fn a_challenge_of_the_greatest_length_is_echoed_as_it_came() {
        let challenge = "é+ %".repeat(204);
        let encoded: String = form_urlencoded::byte_serialize(challenge.as_bytes()).collect();
        let verdict = decide(&format!("mode=subscribe&challenge={encoded}&verify_token=t"), Wish::Unrecorded);
        assert_eq!(verdict, Verdict::Confirm { mode: Mode::Subscribe, challenge });
    }
}
