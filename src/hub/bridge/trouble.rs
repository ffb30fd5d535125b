//! What follows from an error of Flickr's: a pure table.

use std::time::Duration;

use crate::flickr::{Failure, FlickrError};

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Nobody is asked for so long.
    Hold(Duration),
    /// This source is left alone for so long; others go on.
    Rest(Duration),
    /// The account's permission is no longer accepted (98), or does not cover this (99): nothing is asked on its behalf
    /// until it signs in again.
    Denied {
        /// It is worth nothing at all any more.
        lost: bool,
    },
    /// The key is refused (100), or the signature (96, 97): the keyless feeds have to do for a while.
    Keyless,
}

const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(1_800);
/// Nobody can tell us to be silent for longer: what is meant for one request would stop all.
const LONGEST_HOLD: Duration = Duration::from_secs(3_600);
/// So many different requests that failed since one was answered mean that nothing works at all.
const DIFFERENT: usize = 3;
/// A source that nobody answers for, such as somebody's who has no account any more.
const STRANGE: Duration = Duration::from_secs(600);

/// What failed since something was answered last, this failure included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Failures.
    pub failures: u32,
    /// Different requests that failed.
    pub different: usize,
}

/// What follows from `error`.
#[must_use]
pub fn react(error: &FlickrError, Since { failures: n, different }: Since) -> Reaction {
    let growing = |n: u32| FIRST.saturating_mul(1 << n.saturating_sub(1).min(10)).min(LONGEST);
    // Who says when is believed, within reason: never sooner than we would come by ourselves.
    let told = |after: Duration| after.max(growing(n)).min(LONGEST_HOLD);
    match error {
        FlickrError::BudgetUsedUp { again_in } => Reaction::Hold(*again_in),
        FlickrError::Status { status: 429, retry_after: Some(after) } => Reaction::Hold(told(*after)),
        FlickrError::Status { status: 429, retry_after: None } => Reaction::Hold(growing(n + 1)),
        FlickrError::Status { status: 500..=599, retry_after: Some(after) } => Reaction::Hold(told(*after)),
        FlickrError::Status { status: 500..=599, .. }
        | FlickrError::NoAnswer { .. }
        | FlickrError::NotFlickr { .. } => {
            if different < DIFFERENT {
                Reaction::Rest(FIRST)
            } else {
                Reaction::Hold(growing((n + 1).saturating_sub(u32::try_from(DIFFERENT).unwrap_or(n))))
            }
        }
        FlickrError::Unready { .. } => Reaction::Hold(LONGEST),
        FlickrError::Status { .. } => Reaction::Rest(STRANGE),
        FlickrError::Failed { .. } | FlickrError::OAuth { .. } => match error.kind() {
            Some(Failure::Unavailable | Failure::WriteFailed) => Reaction::Hold(growing(n)),
            Some(Failure::InvalidToken) => Reaction::Denied { lost: true },
            Some(Failure::InsufficientPermission) => Reaction::Denied { lost: false },
            Some(Failure::InvalidKey | Failure::InvalidSignature | Failure::MissingSignature) => Reaction::Keyless,
            _ => Reaction::Rest(STRANGE),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flickr::Unreached;

    #[test]
    fn each_error_is_handled_in_its_way() {
        let failed = |code| FlickrError::Failed { method: "flickr.photos.search", code, message: String::new() };
        let status =
            |status, after: Option<u64>| FlickrError::Status { status, retry_after: after.map(Duration::from_secs) };
        let silent = FlickrError::NoAnswer { cause: Unreached::TimedOut, detail: String::new() };
        let seconds = Duration::from_secs;
        let check = |error: &FlickrError, n: u32, expected| {
            let since = Since { failures: n, different: n as usize };
            assert_eq!(react(error, since), expected, "{error:?}, {n}");
        };
        check(&FlickrError::BudgetUsedUp { again_in: seconds(7) }, 1, Reaction::Hold(seconds(7)));
        check(&status(429, Some(120)), 1, Reaction::Hold(seconds(120)));
        check(&status(429, Some(0)), 1, Reaction::Hold(seconds(30)));
        check(&status(429, Some(0)), 4, Reaction::Hold(seconds(240)));
        check(&status(429, Some(86_400)), 1, Reaction::Hold(seconds(3_600)));
        check(&status(429, None), 1, Reaction::Hold(seconds(60)));
        check(&status(429, None), 9, Reaction::Hold(seconds(1_800)));
        check(&status(503, Some(90)), 1, Reaction::Hold(seconds(90)));
        check(&status(503, None), 1, Reaction::Rest(seconds(30)));
        check(&status(503, None), 3, Reaction::Hold(seconds(30)));
        check(&silent, 2, Reaction::Rest(seconds(30)));
        check(&silent, 5, Reaction::Hold(seconds(120)));
        check(&failed(105), 1, Reaction::Hold(seconds(30)));
        check(&failed(105), 3, Reaction::Hold(seconds(120)));
        check(&failed(98), 1, Reaction::Denied { lost: true });
        check(&failed(99), 1, Reaction::Denied { lost: false });
        check(&failed(100), 1, Reaction::Keyless);
        check(&failed(96), 1, Reaction::Keyless);
        check(&failed(1), 1, Reaction::Rest(seconds(600)));
        check(&status(404, None), 1, Reaction::Rest(seconds(600)));
        let alone = Since { failures: 9, different: 1 };
        assert_eq!(react(&silent, alone), Reaction::Rest(seconds(30)), "one that fails for ever stops nobody else");
    }
}
