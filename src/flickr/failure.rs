//! What Flickr says when a method fails.

/// The meaning of an error code. Codes from 1 to 7 mean this of `flickr.push` methods only; every other method has its
/// own meanings for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// 1: a required parameter is missing.
    MissingArgument,
    /// 2: a parameter has a value that cannot be.
    InvalidValue,
    /// 3: the callback belongs to another subscription of the same person.
    CallbackInUse,
    /// 4: the callback did not answer as it should; the message ends with its status (observed: "…: 504").
    CallbackFailed,
    /// 5: push is for Pro accounts.
    NotPro,
    /// 6: the same subscription is waiting for its verification.
    AwaitingVerification,
    /// 7: there is no such subscription.
    NotSubscribed,
    /// 95: it must be https.
    SslRequired,
    /// 96: the signature is wrong.
    InvalidSignature,
    /// 97: there is no signature.
    MissingSignature,
    /// 98: the token is wrong, or was taken back.
    InvalidToken,
    /// 99: the token does not allow this.
    InsufficientPermission,
    /// 100: the key of the app is wrong.
    InvalidKey,
    /// 105: out of order for now.
    Unavailable,
    /// 106: out of order for now, as far as writing is concerned.
    WriteFailed,
    /// Any other.
    Other(u16),
}

impl Failure {
    /// The meaning of `code` in an answer of `method`.
    #[must_use]
    pub fn of(method: &str, code: u16) -> Self {
        let push = method.starts_with("flickr.push.");
        match code {
            1 if push => Self::MissingArgument,
            2 if push => Self::InvalidValue,
            3 if push => Self::CallbackInUse,
            4 if push => Self::CallbackFailed,
            5 if push => Self::NotPro,
            6 if push => Self::AwaitingVerification,
            7 if push => Self::NotSubscribed,
            95 => Self::SslRequired,
            96 => Self::InvalidSignature,
            97 => Self::MissingSignature,
            98 => Self::InvalidToken,
            99 => Self::InsufficientPermission,
            100 => Self::InvalidKey,
            105 => Self::Unavailable,
            106 => Self::WriteFailed,
            other => Self::Other(other),
        }
    }

    /// The meaning of an `oauth_problem`, in the words of the OAuth problem reporting extension; `None` for those that
    /// have no code of their own.
    #[must_use]
    pub fn of_problem(problem: &str) -> Option<Self> {
        Some(match problem {
            "parameter_absent" => Self::MissingArgument,
            "parameter_rejected" | "verifier_invalid" | "version_rejected" => Self::InvalidValue,
            "signature_invalid" | "signature_method_rejected" => Self::InvalidSignature,
            "token_rejected" | "token_expired" | "token_revoked" | "token_used" => Self::InvalidToken,
            "permission_denied" | "permission_unknown" | "user_refused" => Self::InsufficientPermission,
            "consumer_key_unknown" | "consumer_key_rejected" | "consumer_key_refused" => Self::InvalidKey,
            _ => return None,
        })
    }

    /// Whether trying again cannot help until a person has done something.
    #[must_use]
    pub fn is_lasting(self) -> bool {
        match self {
            Self::MissingArgument
            | Self::InvalidValue
            | Self::CallbackInUse
            | Self::NotPro
            | Self::NotSubscribed
            | Self::SslRequired
            | Self::InvalidSignature
            | Self::MissingSignature
            | Self::InvalidToken
            | Self::InsufficientPermission
            | Self::InvalidKey => true,
            Self::CallbackFailed | Self::AwaitingVerification | Self::Unavailable | Self::WriteFailed => false,
            // An unknown format, an unknown method (2), a broken envelope (2), an address used for abuse (documented).
            Self::Other(code) => matches!(code, 111 | 112 | 114..=116),
        }
    }

    /// The failure of a push method whose [sentence](crate::flickr::FlickrError::sentence) this is, by the code that stands in it.
    #[must_use]
    pub fn in_sentence(sentence: &str) -> Option<Self> {
        let codes = sentence.split('(').skip(1).filter_map(|it| {
            let code: String = it.chars().take_while(char::is_ascii_digit).collect();
            it[code.len()..].starts_with([')', ':']).then_some(code)
        });
        // A status that stands in brackets is none of them.
        let mut known = codes.filter_map(|it| it.parse().ok()).map(|code| Self::of("flickr.push.", code));
        known.find(|it| !matches!(it, Self::Other(_)))
    }

    /// Cause and remedy, where `said` is what Flickr called it, `message` what it wrote, and `public_url` our address.
    pub(super) fn sentence(self, said: &str, message: &str, public_url: &str) -> String {
        match self {
            Self::MissingArgument => format!(
                "Flickr misses something in the request ({said}). That is a mistake of this program: please report it."
            ),
            Self::InvalidValue => {
                format!("Flickr does not take what was asked for ({said}): choose the topic and its details again.")
            }
            Self::CallbackInUse => format!(
                "Flickr already uses this address for another subscription of yours ({said}): unsubscribe that one first."
            ),
            Self::CallbackFailed => {
                let status = message.rsplit(':').next().map(str::trim).filter(|it| is_status(it));
                let said = status.map_or_else(|| said.to_owned(), |status| format!("{said}: {status}"));
                format!(
                    "Flickr called back and did not get the right answer ({said}): is {public_url} reachable from outside?"
                )
            }
            Self::NotPro => format!("Flickr said: accounts need Pro ({said}). Its push is for Flickr Pro only."),
            Self::AwaitingVerification => format!(
                "Flickr is still waiting for the answer of this server ({said}): try again in a few minutes, and see that {public_url} is reachable from outside."
            ),
            Self::NotSubscribed => {
                format!(
                    "Flickr knows no such subscription ({said}): it has ended already. Subscribe again to have it back."
                )
            }
            Self::SslRequired => format!("Flickr answers on https only ({said}): FLICKR_URL must begin with https://."),
            Self::InvalidSignature | Self::MissingSignature => format!(
                "Flickr does not accept the signature ({said}): check that FLICKR_SECRET belongs to FLICKR_KEY."
            ),
            Self::InvalidToken => format!("Flickr does not accept the permission any more ({said}): sign in again."),
            Self::InsufficientPermission => {
                format!(
                    "Flickr says that the permission given does not cover this ({said}): sign in again and allow it."
                )
            }
            Self::InvalidKey => {
                format!(
                    "Flickr does not know the key of this app ({said}): check FLICKR_KEY, and that the key was not switched off."
                )
            }
            Self::Unavailable | Self::WriteFailed => {
                format!("Flickr is out of order at the moment ({said}): try again in a few minutes.")
            }
            Self::Other(_) if message.is_empty() => {
                format!("Flickr refused without saying why ({said}): try again later.")
            }
            Self::Other(_) if self.is_lasting() => format!(
                "Flickr refused: {message} ({said}). That is a mistake of this program or of FLICKR_URL: please check, and report it."
            ),
            Self::Other(_) => format!("Flickr refused: {message} ({said}). Try again later."),
        }
    }
}

fn is_status(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}
