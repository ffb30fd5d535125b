//! Why a signed request is refused, in Flickr's words.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::practice::rest::Fail;

/// Why a signed request is refused. The names are those of the OAuth Problem Reporting extension, which Flickr uses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OauthProblem {
    /// Parameters that must be there.
    #[error("these parameters are missing, and must be sent: {}", .0.join(", "))]
    ParameterAbsent(Vec<&'static str>),
    /// A parameter that stands twice, or whose value cannot be understood.
    #[error("the parameter {0} stands twice or has a value that cannot be understood: send one that can")]
    ParameterRejected(String),
    /// `oauth_version` is not 1.0.
    #[error("oauth_version is not 1.0: leave it out, or send 1.0")]
    VersionRejected,
    /// Another method than HMAC-SHA1.
    #[error("only HMAC-SHA1 is accepted: sign with it")]
    SignatureMethodRejected,
    /// A consumer key that nobody has.
    #[error("nobody has this consumer key: check FLICKR_KEY")]
    ConsumerKeyUnknown,
    /// A token that is unknown, used up, too old, or another consumer's.
    #[error("this token is unknown, used up or too old: sign in again")]
    TokenRejected,
    /// A request that is too old or too new; both ends are Unix seconds and acceptable themselves.
    #[error("the timestamp must lie between {earliest} and {latest}: set the clock")]
    TimestampRefused {
        /// The oldest one that is accepted.
        earliest: i64,
        /// The newest one that is accepted.
        latest: i64,
    },
    /// The signature is another than ours of this base string.
    #[error("the signature is wrong: compare your base string with {base_string}, and check the secrets")]
    SignatureInvalid {
        /// What we signed.
        base_string: String,
    },
    /// A request that came before.
    #[error("this nonce was used before: draw a new one for each request")]
    NonceUsed,
    /// A verifier that is not this request token's.
    #[error("this is not the verifier of this request token: type it again")]
    VerifierInvalid,
    /// Nobody has allowed or refused yet.
    #[error("nobody has answered this request token yet: send the person to authorize first")]
    PermissionUnknown,
    /// The person refused.
    #[error("the person refused: ask them again")]
    PermissionDenied,
    /// No token can be made.
    #[error("no token can be made: the operating system gives no random numbers; try again later")]
    NoRandomness,
}

impl OauthProblem {
    /// What `oauth_problem` says.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ParameterAbsent(_) => "parameter_absent",
            Self::ParameterRejected(_) => "parameter_rejected",
            Self::VersionRejected => "version_rejected",
            Self::SignatureMethodRejected => "signature_method_rejected",
            Self::ConsumerKeyUnknown => "consumer_key_unknown",
            Self::TokenRejected => "token_rejected",
            Self::TimestampRefused { .. } => "timestamp_refused",
            Self::SignatureInvalid { .. } => "signature_invalid",
            Self::NonceUsed => "nonce_used",
            Self::VerifierInvalid => "verifier_invalid",
            Self::PermissionUnknown => "permission_unknown",
            Self::PermissionDenied => "permission_denied",
            Self::NoRandomness => "unavailable",
        }
    }

    /// The body of the answer. Seen of Flickr: `parameter_absent`, `consumer_key_unknown`, `token_rejected` and
    /// `signature_invalid`; the others are the extension's, and what Flickr says of them is unknown.
    #[must_use]
    pub fn body(&self) -> String {
        let name = self.name();
        match self {
            Self::ParameterAbsent(names) => {
                format!("oauth_problem={name}&oauth_parameters_absent={}", names.join("%26"))
            }
            Self::ParameterRejected(parameter) => {
                format!("oauth_problem={name}&oauth_parameters_rejected={}", super::encoding::encode(parameter))
            }
            Self::TimestampRefused { earliest, latest } => {
                format!("oauth_problem={name}&oauth_acceptable_timestamps={earliest}-{latest}")
            }
            // Not encoded once more, as Flickr does not (node-flickrapi issue 35): a base string to compare by eye.
            Self::SignatureInvalid { base_string } => format!("oauth_problem={name}&debug_sbs={base_string}"),
            _ => format!("oauth_problem={name}"),
        }
    }

    /// 400 for what is missing or unreadable, 401 for what is not believed.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::ParameterAbsent(_) | Self::ParameterRejected(_) => StatusCode::BAD_REQUEST,
            Self::NoRandomness => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// What a REST call is refused with instead: one of the codes that are common to all of Flickr's methods, and its
    /// message (documented).
    #[must_use]
    pub const fn rest_code(&self) -> (u16, &'static str) {
        match self {
            Self::ParameterAbsent(_) => (97, "Missing signature"),
            Self::TokenRejected | Self::PermissionUnknown | Self::PermissionDenied | Self::VerifierInvalid => {
                (98, "Login failed / Invalid auth token")
            }
            Self::ConsumerKeyUnknown => (100, "Invalid API Key (Key has invalid format)"),
            Self::NoRandomness => (105, "Service currently unavailable"),
            _ => (96, "Invalid signature"),
        }
    }
}

impl From<OauthProblem> for Fail {
    fn from(problem: OauthProblem) -> Self {
        let (code, message) = problem.rest_code();
        Self::new(code.into(), message)
    }
}

impl IntoResponse for OauthProblem {
    fn into_response(self) -> Response {
        tracing::debug!(problem = self.name(), "practice Flickr: a signed request was refused");
        let mut response = super::plain(self.status(), self.body());
        if self.status() == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 15.5.2: a 401 says which scheme it wants.
            let scheme = axum::http::HeaderValue::from_static("OAuth");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
