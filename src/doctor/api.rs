//! Flickr's API: whether it knows our app, how many calls are left, and whether it accepts what accounts allowed.

use std::time::Duration;

use crate::doctor::{Cause, Check, Group};
use crate::flickr::{CheckedToken, Failure, FlickrError, HubSubscription};

const KEY: &str = "FLICKR_KEY";
const PERMISSION: &str = "permission";

/// What Flickr said to a signed request that no person stands behind.
#[derive(Debug, Clone)]
pub struct AppAnswer {
    /// Whether there is a key, and what came of it.
    pub signed: Option<Result<(), FlickrError>>,
    /// What came of the request that needs no key.
    pub reached: Result<(), FlickrError>,
    /// Whether the clock is known to be too far off for signatures.
    pub clock_is_off: bool,
    /// By how much, in seconds, and whether it is ahead.
    pub off: (u64, bool),
    /// What Flickr is called: `www.flickr.com`.
    pub host: String,
    /// Where it could reach us, for its sentences.
    pub public_url: String,
}

/// Judges key and secret.
#[must_use]
pub fn judge_app(facts: &AppAnswer) -> Vec<Check> {
    let group = Group::Flickr;
    let mut all = Vec::new();
    let sentence = |error: &FlickrError| error.sentence(&facts.public_url);
    all.push(match &facts.reached {
        Ok(()) => Check::good(group, "Flickr", format!("{} answers.", facts.host)),
        Err(FlickrError::BudgetUsedUp { .. }) => Check::skipped(group, "Flickr", "No call is left to ask with."),
        Err(error) => Check::bad(group, "Flickr", Cause::NoFlickr { sentence: sentence(error) }),
    });
    let clock = || Cause::ClockOff { seconds: facts.off.0, ahead: facts.off.1 };
    all.push(match &facts.signed {
        None => Check::skipped(
            group,
            KEY,
            "There is none, so nobody can sign in; the bridge can ask the public feeds (serve --tags kitten).",
        ),
        Some(Ok(())) => Check::good(group, KEY, "Flickr knows it, and FLICKR_SECRET belongs to it."),
        Some(Err(error)) => match (error.kind(), error) {
            (_, FlickrError::BudgetUsedUp { .. }) => Check::skipped(group, KEY, "No call is left to ask with."),
            (_, FlickrError::OAuth { problem, .. }) if problem == "timestamp_refused" => {
                Check::bad(group, KEY, clock())
            }
            // A signature is of its moment too: where the clock is off, that is what is wrong.
            (Some(Failure::InvalidSignature), _) if facts.clock_is_off => Check::bad(group, KEY, clock()),
            (Some(Failure::InvalidKey), _) => Check::bad(group, KEY, Cause::KeyWrong { said: said(error) }),
            (Some(Failure::InvalidSignature | Failure::MissingSignature), _) => {
                Check::bad(group, KEY, Cause::SecretWrong { said: said(error) })
            }
            _ => Check::bad(group, KEY, Cause::NoFlickr { sentence: sentence(error) }),
        },
    });
    all
}

/// What Flickr called it: `signature_invalid`, `96`.
fn said(error: &FlickrError) -> String {
    match error {
        FlickrError::OAuth { problem, .. } => problem.clone(),
        FlickrError::Failed { code, .. } => code.to_string(),
        other => other.to_string(),
    }
}

/// Judges how many calls are left: `left` now, `lately` made by the bridge in the last hour. With fewer than `kept` the
/// bridge waits; it asks again in `again_in`.
#[must_use]
pub fn judge_budget(left: u32, kept: u32, again_in: Duration, lately: usize, hourly: u32) -> Check {
    if left < kept {
        return Check::bad(Group::Flickr, "budget", Cause::BudgetUsedUp { again_in, lately });
    }
    let said = format!("{left} calls could be made at once; the bridge made {lately} of {hourly} in the last hour.");
    Check::good(Group::Flickr, "budget", said)
}

/// What is known of the permission of an account.
#[derive(Debug, Clone)]
pub struct Permission {
    /// Its name and id.
    pub account: String,
    /// How it is kept here, or what Flickr says of it.
    pub state: PermissionState,
    /// Whether the bridge serves what the push does not.
    pub bridged: bool,
    /// Where Flickr could reach us.
    pub public_url: String,
}

/// How a permission is kept, or what Flickr says of it.
#[derive(Debug, Clone)]
pub enum PermissionState {
    /// Flickr refused it earlier, and it was thrown away.
    Lost,
    /// It was stored with another SECRET_KEY.
    Unreadable,
    /// What it allows, and what the push has for the account if that was asked.
    Asked(Result<CheckedToken, FlickrError>, Option<Result<Vec<HubSubscription>, FlickrError>>),
}

/// Judges a permission.
#[must_use]
pub fn judge_permission(facts: &Permission) -> Check {
    let (group, account) = (Group::Flickr, facts.account.clone());
    let revoked = |account| Check::bad(group, PERMISSION, Cause::TokenRevoked { account });
    let missing = |account| Check::bad(group, PERMISSION, Cause::PermissionMissing { account });
    let (checked, push) = match &facts.state {
        PermissionState::Lost => return revoked(account),
        PermissionState::Unreadable => {
            let sign = format!("the permission of {account} cannot be decrypted");
            return Check::bad(group, PERMISSION, Cause::SecretKeyChanged { sign });
        }
        PermissionState::Asked(checked, push) => (checked, push),
    };
    let errors = [checked.as_ref().err(), push.as_ref().and_then(|it| it.as_ref().err())];
    for error in errors.into_iter().flatten() {
        match error.kind() {
            Some(Failure::InvalidToken) => return revoked(account),
            Some(Failure::InsufficientPermission) => return missing(account),
            Some(Failure::NotPro) => {
                let cause = Cause::NotPro { whose: account, bridged: facts.bridged };
                let check = if facts.bridged { Check::notice } else { Check::bad };
                return check(group, PERMISSION, cause);
            }
            _ => {}
        }
    }
    match checked {
        Ok(CheckedToken { perms: Some(perms), .. }) => {
            Check::good(group, PERMISSION, format!("Flickr accepts that of {account} ({}).", perms.as_str()))
        }
        Ok(CheckedToken { perms: None, .. }) => missing(account),
        Err(FlickrError::BudgetUsedUp { .. }) => Check::skipped(group, PERMISSION, "No call is left to ask with."),
        // It stands above for the app; here it says nothing of the permission.
        Err(error) => {
            let why = error.sentence(&facts.public_url);
            Check::skipped(group, PERMISSION, format!("That of {account} could not be asked for: {why}"))
        }
    }
}

#[cfg(test)]
mod tests;
