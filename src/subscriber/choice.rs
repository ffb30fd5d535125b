//! Which hub serves a subscription: a pure function of what is known of both.
//!
//! Flickr's push comes first, since it is quicker and costs no calls. It has been silent since 2019, as far as anybody
//! reports, so the bridge takes over when the push cannot be subscribed, does not verify, or brings nothing while the
//! bridge finds something. The push stays subscribed, or is tried now and then, and with its first delivery it serves
//! again. What both bring is published once (`bus::table`), so a wall sees nothing of all this.

use jiff::Timestamp;

use crate::config::FlickrHub;
use crate::flickr::{Failure, FlickrError};
use crate::store::Subscription;
use crate::subscriber::plan::Rhythm;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Nothing; look again at that time.
    Stays(Option<Timestamp>),
    /// The bridge takes over, for this reason.
    Bridge(String),
    /// The push takes over.
    Push,
}

/// Why the bridge serves where nothing else may.
pub const CHOSEN: &str = "FLICKR_HUB is bridge: this server asks Flickr itself, and its push is not used.";
const UNVERIFIED: &str = "Flickr took the subscription and has not called back.";
const SILENT: &str = "Flickr's push brought nothing of what the bridge found.";

/// Decides for one subscription that is wanted.
#[must_use]
pub fn choose(hub: FlickrHub, it: &Subscription, now: Timestamp, rhythm: &Rhythm) -> Choice {
    let (standing, serving) = (&it.standing, &it.serving);
    match (hub, serving.bridged_at) {
        (FlickrHub::Flickr, Some(_)) => Choice::Push,
        (FlickrHub::Bridge, None) => Choice::Bridge(CHOSEN.to_owned()),
        // It was chosen by the configuration, which is another now: the push is heard anew.
        (FlickrHub::Auto, Some(_)) if serving.why.as_deref() == Some(CHOSEN) => Choice::Push,
        (FlickrHub::Auto, Some(since)) => {
            let lives = standing.confirmed_at.is_some() && serving.pushed_at.is_some_and(|at| at > since);
            if lives { Choice::Push } else { Choice::Stays(None) }
        }
        (FlickrHub::Auto, None) => {
            let waits = standing.confirmed_at.is_none() && standing.trouble.is_none() && standing.asleep_at.is_none();
            if let Some(asked) = standing.asked_at.filter(|_| waits) {
                let until = asked.checked_add(rhythm.verification).unwrap_or(Timestamp::MAX);
                // A clock that was set back makes nobody wait.
                let over = until <= now || asked > now;
                return if over { Choice::Bridge(UNVERIFIED.to_owned()) } else { Choice::Stays(Some(until)) };
            }
            match serving.missed_at.zip(serving.noticed_at) {
                Some((missed, noticed)) if serving.pushed_at.is_none_or(|pushed| pushed < missed) => {
                    let until = noticed.checked_add(rhythm.silence).unwrap_or(Timestamp::MAX);
                    let over = until <= now || noticed > now;
                    if over { Choice::Bridge(SILENT.to_owned()) } else { Choice::Stays(Some(until)) }
                }
                _ => Choice::Stays(None),
            }
        }
        (FlickrHub::Flickr, None) | (FlickrHub::Bridge, Some(_)) => Choice::Stays(None),
    }
}

/// Whether a subscribe call that failed in this way says that the push does not work, and not that nothing of Flickr's
/// does: an error of the push's own (4, 5 and the like), or a gateway's 5xx.
#[must_use]
pub fn moves(error: &FlickrError) -> bool {
    match error {
        FlickrError::Status { status, .. } => (500..600).contains(status),
        FlickrError::Failed { .. } => matches!(
            error.kind(),
            Some(
                Failure::CallbackFailed
                    | Failure::NotPro
                    | Failure::AwaitingVerification
                    | Failure::CallbackInUse
                    | Failure::InvalidValue
                    | Failure::Unavailable
                    | Failure::WriteFailed
                    | Failure::Other(_)
            )
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
