//! An answer of Flickr's, read.

use std::fmt;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::flickr::{FlickrError, loose};

/// As many characters of a strange answer as get into the log.
const BEGINNING: usize = 80;
/// As many of Flickr's words for an error.
const MESSAGE: usize = 200;
/// As many of what comes with an OAuth problem: a base string with all its parameters is longer than a line.
const DETAIL: usize = 4_000;
/// RFC 5849 section 3.6.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Status and body, all of it.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
    /// What must not get into any text of an error.
    pub(super) hidden: Vec<String>,
}

/// A body may hold a secret, and so is not shown.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

impl Answer {
    /// The object of a REST answer with `stat: ok`.
    pub(super) fn json(self, method: &'static str) -> Result<Value, FlickrError> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Err(self.otherwise());
        };
        match value.get("stat").and_then(Value::as_str) {
            Some("ok") if self.is_success() => Ok(value),
            Some("fail") => {
                let code = value.get("code").and_then(loose::number).and_then(|it| u16::try_from(it).ok());
                let Some(code) = code else { return Err(self.otherwise()) };
                let message = value.get("message").and_then(loose::text).unwrap_or_default();
                Err(FlickrError::Failed { method, code, message: self.shown(&message, MESSAGE) })
            }
            _ => Err(self.otherwise()),
        }
    }

    /// The fields of an answer of the OAuth endpoints, of which each of `needed` is there and not empty.
    pub(super) fn form<const N: usize>(self, needed: [&'static str; N]) -> Result<[String; N], FlickrError> {
        if !self.is_success() || self.problem().is_some() {
            return Err(self.otherwise());
        }
        let find = |name: &str| form_urlencoded::parse(self.body.trim_ascii()).find(|(it, _)| it == name);
        let found = needed.map(|name| find(name).map(|(_, it)| it.into_owned()).unwrap_or_default());
        // RFC 5849 section 2.1: an older provider, which does not confirm this, can be made to sign in the wrong person.
        let unconfirmed = find("oauth_callback_confirmed").is_some_and(|(_, it)| it != "true");
        if !unconfirmed && found.iter().all(|it| !it.is_empty()) { Ok(found) } else { Err(self.not_flickr()) }
    }

    /// An answer whose form is right and whose content is not.
    pub(super) fn not_flickr(&self) -> FlickrError {
        let text = String::from_utf8_lossy(&self.body);
        // What was to be a token may be one all the same.
        let beginning = if text.contains("oauth_token") { "(it holds a token)" } else { &text };
        FlickrError::NotFlickr { beginning: self.shown(beginning, BEGINNING) }
    }

    /// What is wrong with an answer that is no result and no `stat: fail`.
    fn otherwise(&self) -> FlickrError {
        if let Some((problem, detail)) = self.problem() {
            let problem = problem.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').take(60).collect();
            return FlickrError::OAuth { problem, detail: self.shown(&detail, DETAIL) };
        }
        if self.is_success() {
            return self.not_flickr();
        }
        FlickrError::Status { status: self.status, retry_after: self.retry_after }
    }

    /// `oauth_problem=…` and all that is beside it, which is taken as it is: `debug_sbs` holds unencoded ampersands.
    fn problem(&self) -> Option<(String, String)> {
        let text = String::from_utf8_lossy(self.body.trim_ascii());
        if !text.starts_with("oauth_") && !text.starts_with("debug_sbs=") {
            return None;
        }
        let (found, others): (Vec<_>, Vec<_>) = text.split('&').partition(|it| it.starts_with("oauth_problem="));
        let problem = found.first()?.trim_start_matches("oauth_problem=");
        Some((problem.to_owned(), others.join("&")))
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// `text`, fit for a log: without what is hidden, on one line, and not too long.
    fn shown(&self, text: &str, limit: usize) -> String {
        let mut text = text.to_owned();
        for hidden in self.hidden.iter().filter(|it| !it.is_empty()) {
            let once = utf8_percent_encode(hidden, RESERVED).to_string();
            let twice = utf8_percent_encode(&once, RESERVED).to_string();
            for form in [&twice, &once, &hidden.replace('/', "\\/"), hidden] {
                text = text.replace(form, "…");
            }
        }
        text.chars().filter(|it| !it.is_control()).take(limit).collect()
    }
}
