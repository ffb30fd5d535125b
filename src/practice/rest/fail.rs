//! How a call fails: Flickr's numbers and words.

/// `stat: fail`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code})")]
pub struct Fail {
    /// From 95 on the same for all methods, below it the method's own.
    pub code: u32,
    /// For people.
    pub message: String,
}

impl Fail {
    /// A failure of this number.
    pub fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The signature is wrong (96).
    #[must_use]
    pub fn signature() -> Self {
        Self::new(96, "Invalid signature")
    }

    /// There is no signature where one is needed (97).
    #[must_use]
    pub fn unsigned() -> Self {
        Self::new(97, "Missing signature")
    }

    /// The token is not known, or not any more (98).
    #[must_use]
    pub fn token() -> Self {
        Self::new(98, "Login failed / Invalid auth token")
    }

    /// The method needs somebody who signed in, and who allowed more than they did (99).
    #[must_use]
    pub fn login() -> Self {
        Self::new(99, "User not logged in / Insufficient permissions")
    }

    /// An argument is missing (1 of the push methods). Flickr's own message does not say which; ours does.
    pub(super) fn missing(argument: &str) -> Self {
        Self::new(1, format!("Required parameter missing: {argument}"))
    }

    /// An argument's value is not allowed (2 of the push methods). Flickr's own message does not say which; ours does.
    pub(super) fn wrong(argument: &str, sentence: &str) -> Self {
        Self::new(2, format!("Invalid parameter value: {argument}: {sentence}"))
    }

    /// An argument of a search makes no sense (18 of `flickr.photos.search`).
    pub(super) fn illogical(argument: &str) -> Self {
        Self::new(18, format!("Illogical arguments: {argument}"))
    }
}
