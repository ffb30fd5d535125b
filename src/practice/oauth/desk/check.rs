//! Whether a signed request is to be believed.

use jiff::Timestamp;

use super::Tables;
use crate::practice::oauth::problem::OauthProblem;
use crate::practice::oauth::signature;
use crate::practice::oauth::signed::Signed;

/// What a request must carry beside its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// `oauth_callback`, and no token.
    Callback,
    /// A request token and its verifier.
    Verifier,
    /// An access token, if there is one.
    Caller,
}

impl Needs {
    const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Callback => &["oauth_callback"],
            Self::Verifier => &["oauth_token", "oauth_verifier"],
            Self::Caller => &[],
        }
    }
}

impl Tables {
    /// Looks at everything that RFC 5849 section 3.2 asks for. The order is ours; Flickr's is unknown. A nonce is used
    /// up only by a request whose signature is right, so that nobody can use up another's.
    pub(super) fn check(&mut self, signed: &Signed, needs: Needs, now: Timestamp) -> Result<(), OauthProblem> {
        let always =
            ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_timestamp", "oauth_nonce"];
        let needed = always.iter().chain(needs.parameters());
        let absent: Vec<_> = needed.copied().filter(|name| signed.get(name).is_none()).collect();
        if !absent.is_empty() {
            return Err(OauthProblem::ParameterAbsent(absent));
        }
        if signed.get("oauth_version").is_some_and(|version| version != "1.0") {
            return Err(OauthProblem::VersionRejected);
        }
        if signed.require("oauth_signature_method")? != "HMAC-SHA1" {
            return Err(OauthProblem::SignatureMethodRejected);
        }
        let consumer = signed.require("oauth_consumer_key")?;
        let consumer_secret = self.consumers.get(consumer).ok_or(OauthProblem::ConsumerKeyUnknown)?;
        let token = signed.get("oauth_token").filter(|_| needs != Needs::Callback);
        let token_secret = match token {
            None => "",
            Some(token) => self.token_secret(token, consumer, needs, now).ok_or(OauthProblem::TokenRejected)?,
        };
        let seconds = now.as_second();
        let timestamp = self.nonces.timely(signed.require("oauth_timestamp")?, seconds)?;
        let base_string = signed.base_string();
        if !signature::is_right(signed.require("oauth_signature")?, &base_string, consumer_secret, token_secret) {
            return Err(OauthProblem::SignatureInvalid { base_string });
        }
        let nonce = signed.require("oauth_nonce")?;
        self.nonces.once(timestamp, [consumer, token.unwrap_or_default(), nonce], seconds)
    }

    /// The secret of a token that is good now and this consumer's own.
    fn token_secret(&self, token: &str, consumer: &str, needs: Needs, now: Timestamp) -> Option<&str> {
        let (owner, secret) = match needs {
            Needs::Verifier => {
                let wish = self.wishes.get(token).filter(|wish| wish.is_open(now))?;
                (&wish.consumer, &wish.secret)
            }
            Needs::Callback | Needs::Caller => {
                let access = self.accesses.get(token)?;
                (&access.consumer, &access.secret)
            }
        };
        (owner == consumer).then_some(secret.as_str())
    }
}
