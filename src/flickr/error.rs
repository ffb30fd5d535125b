//! Why a call to Flickr came to nothing.

use std::time::Duration;

use crate::flickr::Failure;

/// Why a call came to nothing. Its `Display` is for the log, [`FlickrError::sentence`] for people. No variant holds a
/// secret, a callback or a verify token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlickrError {
    /// Nothing came back, or not all of it.
    #[error("no answer from Flickr ({cause}): {detail}")]
    NoAnswer {
        /// At what it failed.
        cause: Unreached,
        /// What the HTTP client says, for the log.
        detail: String,
    },
    /// An answer whose status says all: out of order, too many calls, nothing there, look elsewhere.
    #[error("Flickr answered with status {status}")]
    Status {
        /// Outside 2xx.
        status: u16,
        /// When to try again (`Retry-After`), at most a day.
        retry_after: Option<Duration>,
    },
    /// An answer, but not in Flickr's form.
    #[error("this is no answer of Flickr's: {beginning:?}")]
    NotFlickr {
        /// Its first 80 characters, for the log.
        beginning: String,
    },
    /// `stat: fail`, which comes with status 200 as a rule.
    #[error("{method} failed: {code} {message:?}")]
    Failed {
        /// The method that was called: codes from 1 to 7 have a meaning in each.
        method: &'static str,
        /// Flickr's number for it.
        code: u16,
        /// Flickr's words for it, at most 200 characters.
        message: String,
    },
    /// The signature, the key or the token was refused.
    #[error("OAuth problem {problem}: {detail}")]
    OAuth {
        /// `signature_invalid`, `token_rejected` and so on.
        problem: String,
        /// What came with it, for the log: for instance `debug_sbs`, the text that Flickr expected to be signed. It is
        /// as it came, since Flickr does not encode it properly (node-flickrapi issue 35).
        detail: String,
    },
    /// No call was made: Flickr allows no more this hour.
    #[error("no call is left in this hour's budget; the next one is in {} s", again_in.as_secs_f32().ceil())]
    BudgetUsedUp {
        /// When there is one again.
        again_in: Duration,
    },
    /// No call can be made from here: no random numbers, or no TLS.
    #[error("Flickr cannot be called from this machine: {cause}")]
    Unready {
        /// What is missing.
        cause: String,
    },
}

/// At what a call failed before any answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The host's name leads nowhere.
    #[error("its name could not be looked up")]
    NoSuchHost,
    /// Nobody listens there, or no way leads there.
    #[error("no connection")]
    NotConnected,
    /// Its certificate was not accepted, or it speaks no TLS.
    #[error("no secure connection")]
    Tls,
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// The connection ended in the middle.
    #[error("broke off")]
    BrokeOff,
}

impl FlickrError {
    /// What was wrong, if Flickr itself said so: the meaning of its code, or of its OAuth problem.
    #[must_use]
    pub fn kind(&self) -> Option<Failure> {
        match self {
            Self::Failed { method, code, .. } => Some(Failure::of(method, *code)),
            Self::OAuth { problem, .. } => Failure::of_problem(problem),
            _ => None,
        }
    }

    /// Whether trying again cannot help until a person has done something.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.kind().is_some_and(Failure::is_lasting)
    }

    /// Whether the token is worth nothing any more: the person has to sign in again.
    #[must_use]
    pub fn loses_token(&self) -> bool {
        self.kind() == Some(Failure::InvalidToken)
    }

    /// How long to wait at least before another try, if that is known.
    #[must_use]
    pub fn again_in(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::BudgetUsedUp { again_in } => Some(*again_in),
            _ => None,
        }
    }

    /// Cause and remedy, for people. `public_url` is our address, as Flickr should be able to reach it.
    #[must_use]
    pub fn sentence(&self, public_url: &str) -> String {
        match self {
            Self::NoAnswer { cause, .. } => cause.sentence().to_owned(),
            Self::Status { status: status @ (429 | 500..=599), retry_after } => {
                let out = if *status == 429 { "is being asked too often" } else { "is out of order at the moment" };
                let minutes = retry_after.map(|it| it.as_secs().div_ceil(60).max(1));
                let when = match minutes {
                    None => "a few minutes".to_owned(),
                    Some(1) => "a minute".to_owned(),
                    Some(minutes) => format!("{minutes} minutes"),
                };
                format!("Flickr {out} ({status}): try again in {when}.")
            }
            Self::Status { status: status @ 300..=399, .. } => {
                format!("Flickr sends us to another address ({status}), which we do not follow: check FLICKR_URL.")
            }
            Self::Status { status: status @ (401 | 403), .. } => format!(
                "Flickr does not let this server in ({status}): check FLICKR_KEY, FLICKR_URL and any proxy in between."
            ),
            Self::Status { status, .. } => format!("Flickr has nothing for us there ({status}): check FLICKR_URL."),
            Self::NotFlickr { .. } => {
                "What answered does not speak like Flickr: try again in a few minutes; if it stays so, check FLICKR_URL and any proxy in between.".to_owned()
            }
            Self::Failed { method, code, message } => {
                Failure::of(method, *code).sentence(&code.to_string(), message, public_url)
            }
            Self::OAuth { problem, .. } => match (Failure::of_problem(problem), problem.as_str()) {
                (_, "timestamp_refused") => {
                    "Flickr says that the clock of this server is wrong (timestamp_refused): set it right.".to_owned()
                }
                (_, "verifier_invalid" | "token_used" | "user_refused" | "permission_denied") => {
                    format!("Flickr did not confirm the permission ({problem}): sign in again.")
                }
                (Some(failure), _) => failure.sentence(problem, "", public_url),
                (None, _) => format!("Flickr refused the signed request ({problem}): try again in a few minutes."),
            },
            Self::BudgetUsedUp { .. } => {
                "As many calls were made as Flickr allows in an hour: try again in a few minutes.".to_owned()
            }
            Self::Unready { .. } => {
                "This server cannot make secure connections at the moment: its log says why.".to_owned()
            }
        }
    }
}

impl Unreached {
    fn sentence(self) -> &'static str {
        match self {
            Self::NoSuchHost => {
                "Flickr's address could not be looked up: check FLICKR_URL and the name servers of this machine."
            }
            Self::NotConnected => {
                "Flickr could not be reached: try again in a few minutes; if it stays so, check this server's way to the internet, and FLICKR_URL."
            }
            Self::Tls => {
                "No secure connection to Flickr came about: check the clock of this server, FLICKR_URL and any proxy in between."
            }
            Self::TimedOut => "Flickr took too long to answer: try again in a few minutes.",
            Self::BrokeOff => "Flickr's answer broke off in the middle: try again in a few minutes.",
        }
    }
}
