//! What a call of `flickr.push.*` says beside its topic. Arguments and limits are those of Flickr's own reflection.

use std::time::Duration;

use url::Url;

use super::callback;
use crate::hub::engine::Verify;
use crate::topic::{BadArgument, Kind};

/// Bytes of a callback's address.
const CALLBACK: usize = 255;
/// Bytes of a verify token.
const TOKEN: usize = 200;
/// Seconds that a lease may last.
const LEASE: std::ops::RangeInclusive<u64> = 60..=86_400;

/// What subscribe and unsubscribe are told.
#[derive(Debug)]
pub struct Asked {
    /// Whom to call.
    pub callback: Url,
    /// When.
    pub verify: Verify,
    /// What it is to be shown.
    pub verify_token: Option<String>,
}

impl Asked {
    /// Reads it.
    ///
    /// # Errors
    /// The first argument that is missing or wrong.
    pub fn read(argument: impl Fn(&str) -> Option<String>) -> Result<Self, BadArgument> {
        let text = argument("callback").ok_or_else(|| BadArgument::missing("callback", "expected an address"))?;
        if text.len() > CALLBACK {
            return Err(BadArgument::wrong("callback", "expected at most 255 bytes"));
        }
        let verify = match argument("verify").as_deref() {
            Some("sync") => Verify::Sync,
            Some("async") => Verify::Async,
            Some(_) => return Err(BadArgument::wrong("verify", "expected sync or async")),
            None => return Err(BadArgument::missing("verify", "expected sync or async")),
        };
        let verify_token = argument("verify_token");
        if verify_token.as_ref().is_some_and(|it| it.len() > TOKEN) {
            return Err(BadArgument::wrong("verify_token", "expected at most 200 bytes"));
        }
        let callback =
            callback(&text).ok_or_else(|| BadArgument::wrong("callback", "expected an address with http or https"))?;
        Ok(Self { callback, verify, verify_token })
    }
}

/// `lease_seconds`; absent it is renewed by itself.
///
/// # Errors
/// When it is out of its range.
pub fn lease(argument: impl Fn(&str) -> Option<String>) -> Result<Option<Duration>, BadArgument> {
    let Some(text) = argument("lease_seconds") else { return Ok(None) };
    let seconds = text.parse().ok().filter(|it| LEASE.contains(it));
    let wrong = || BadArgument::wrong("lease_seconds", "expected a number from 60 to 86400");
    Ok(Some(Duration::from_secs(seconds.ok_or_else(wrong)?)))
}

/// The topic's name, all of it that unsubscribe is told (documented).
///
/// # Errors
/// When it is missing, or none of the nine.
pub fn kind(argument: impl Fn(&str) -> Option<String>) -> Result<Kind, BadArgument> {
    let name = argument("topic").ok_or_else(|| BadArgument::missing("topic", "expected the name of a topic"))?;
    Kind::of(&name).ok_or_else(|| BadArgument::wrong("topic", format!("{name:?} is no topic")))
}

/// Flickr's number and words for an argument that is missing (1) or wrong (2).
pub(super) fn fail(bad: &BadArgument) -> (u32, String) {
    let (number, what) = if bad.missing { (1, "Required parameter missing") } else { (2, "Invalid parameter value") };
    (number, format!("{what}: {bad}"))
}
