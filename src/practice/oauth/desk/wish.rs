//! A request token: an application's wish to be let in by somebody.

use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;
use url::Url;

use super::check::Needs;
use super::{Credentials, Desk, hex};
use crate::clock::{Clock, NoRandomness};
use crate::practice::caller::Perms;
use crate::practice::oauth::problem::OauthProblem;
use crate::practice::oauth::signed::Signed;

/// How long a request token can be answered and exchanged.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// The longest callback, bytes. Ours; Flickr's limit is unknown.
const LONGEST_CALLBACK: usize = 2_000;

/// A request token and what became of it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The key of the application that asks.
    pub consumer: String,
    /// Where the person goes afterwards.
    pub callback: Callback,
    /// What the form must bring along: whoever has not seen the page cannot answer for the person.
    pub seal: String,
    pub(super) secret: String,
    minted: Timestamp,
    answer: Option<Answered>,
}

#[derive(Debug, Clone)]
enum Answered {
    Allowed { verifier: String, nsid: &'static str, perms: Perms },
    Refused,
}

impl Wish {
    /// Whether it is not too old.
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        now.duration_since(self.minted) < LIFE
    }
}

/// Where the person goes afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// `oob`: nowhere; they read the verifier and type it into the application.
    OutOfBand,
    /// To this http or https address.
    To(Url),
}

impl Callback {
    fn read(text: &str) -> Option<Self> {
        if text == "oob" {
            return Some(Self::OutOfBand);
        }
        let url: Url = text.parse().ok().filter(|_| text.len() <= LONGEST_CALLBACK)?;
        matches!(url.scheme(), "http" | "https").then_some(Self::To(url))
    }
}

/// What the person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The application may do this in the name of this account.
    Allow(&'static str, Perms),
    /// It may not.
    Refuse,
}

/// What follows from the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// The browser goes here, with `oauth_token` and `oauth_verifier`. After a refusal with `oauth_problem` instead of
    /// the verifier: what Flickr does then is unknown.
    GoTo(Url),
    /// The person reads this verifier, `123-456-789`.
    Show(String),
    /// Refused, and nowhere to go.
    Stay,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// Unknown, too old, or answered already.
    #[error("this request to sign in is over: go back to the application and begin again")]
    Over,
    /// The form does not come from our page.
    #[error("this answer does not come from the page that asked: open it and answer there")]
    Unsealed,
    /// No verifier can be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Desk {
    /// Gives out a request token (RFC 5849 section 2.1).
    ///
    /// # Errors
    /// When the request is not to be believed, or its callback is neither `oob` nor an http or https address.
    pub fn wish(&self, signed: &Signed, clock: &Clock) -> Result<Credentials, OauthProblem> {
        let mut tables = self.lock();
        tables.check(signed, Needs::Callback, clock.now())?;
        let callback = Callback::read(signed.require("oauth_callback")?);
        let callback = callback.ok_or_else(|| OauthProblem::ParameterRejected("oauth_callback".to_owned()))?;
        let consumer = signed.require("oauth_consumer_key")?.to_owned();
        let credentials = Credentials::draw(clock)?;
        let (seal, secret) = (hex(clock)?, credentials.secret.clone());
        let wish = Wish { consumer, callback, seal, secret, minted: clock.now(), answer: None };
        tables.wishes.insert(credentials.token.clone(), wish);
        Ok(credentials)
    }

    /// The request token of this name, while it waits for an answer.
    #[must_use]
    pub fn waiting(&self, token: &str, now: Timestamp) -> Option<Wish> {
        self.lock().wishes.get(token).filter(|wish| wish.is_open(now) && wish.answer.is_none()).cloned()
    }

    /// Takes the person's answer; it can be given once.
    ///
    /// # Errors
    /// When the token does not wait for one, or the seal is another's.
    pub fn decide(&self, token: &str, seal: &str, answer: Answer, clock: &Clock) -> Result<Decided, Undecided> {
        let mut tables = self.lock();
        let wish = tables.wishes.get_mut(token).filter(|wish| wish.is_open(clock.now()) && wish.answer.is_none());
        let wish = wish.ok_or(Undecided::Over)?;
        if !bool::from(wish.seal.as_bytes().ct_eq(seal.as_bytes())) {
            return Err(Undecided::Unsealed);
        }
        let back = |name: &str, value: &str| match &wish.callback {
            Callback::OutOfBand => None,
            Callback::To(url) => {
                let mut url = url.clone();
                url.query_pairs_mut().append_pair("oauth_token", token).append_pair(name, value);
                Some(Decided::GoTo(url))
            }
        };
        let (answered, decided) = match answer {
            Answer::Refuse => {
                let decided = back("oauth_problem", "permission_denied").unwrap_or(Decided::Stay);
                (Answered::Refused, decided)
            }
            Answer::Allow(nsid, perms) => {
                let verifier = if wish.callback == Callback::OutOfBand { nine_digits(clock)? } else { hex(clock)? };
                let decided = back("oauth_verifier", &verifier).unwrap_or_else(|| Decided::Show(verifier.clone()));
                (Answered::Allowed { verifier, nsid, perms }, decided)
            }
        };
        wish.answer = Some(answered);
        Ok(decided)
    }

    /// Exchanges a request token that was allowed for an access token; also says whose it is (RFC 5849 section 2.3).
    ///
    /// # Errors
    /// When the request is not to be believed, or the person has not allowed it.
    pub fn exchange(&self, signed: &Signed, clock: &Clock) -> Result<(Credentials, &'static str), OauthProblem> {
        let (token, presented) = (signed.get("oauth_token").unwrap_or_default(), signed.get("oauth_verifier"));
        let mut tables = self.lock();
        tables.check(signed, Needs::Verifier, clock.now())?;
        let wish = tables.wishes.get(token).ok_or(OauthProblem::TokenRejected)?;
        let (nsid, perms) = match &wish.answer {
            None => return Err(OauthProblem::PermissionUnknown),
            Some(Answered::Refused) => return Err(OauthProblem::PermissionDenied),
            Some(Answered::Allowed { verifier, nsid, perms }) => {
                if !bool::from(verifier.as_bytes().ct_eq(presented.unwrap_or_default().as_bytes())) {
                    return Err(OauthProblem::VerifierInvalid);
                }
                (*nsid, *perms)
            }
        };
        let consumer = wish.consumer.clone();
        tables.wishes.remove(token);
        drop(tables);
        Ok((self.grant(&consumer, nsid, perms, clock)?, nsid))
    }
}

impl From<NoRandomness> for OauthProblem {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

/// A verifier that a person can carry over by eye.
fn nine_digits(clock: &Clock) -> Result<String, NoRandomness> {
    let number = u64::from_be_bytes(clock.random()?) % 1_000_000_000;
    Ok(format!("{:03}-{:03}-{:03}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000))
}
