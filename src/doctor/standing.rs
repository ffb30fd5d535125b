//! How a subscription stands: what the store and the bridge know of it, to checks.

use std::time::Duration;

use jiff::Timestamp;

use crate::config::FlickrHub;
use crate::doctor::{Cause, Check, Group, Runs};
use crate::flickr::Failure;
use crate::hub::bridge::facts::Served;
use crate::store::Subscription;
use crate::subscriber::{MAX_CALLBACK, Stage};
use crate::words::ago;

const NAME: &str = "subscription";
const QUIET: &str = "silence";
/// A subscription that brought something so lately is not silent.
const LATELY: Duration = Duration::from_secs(15 * 60);
/// A hub that was asked is given so long to call.
const CALLS_WITHIN: Duration = Duration::from_secs(60);
/// The bridge asked lately when it was answered within so long.
const ASKED_LATELY: Duration = Duration::from_secs(60 * 60);

/// One subscription, and what is known of it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// As the store has it.
    pub subscription: Subscription,
    /// Its callback's length, in bytes.
    pub callback: usize,
    /// Whether the server is at work.
    pub runs: Runs,
    /// Whether somebody watches.
    pub watched: bool,
    /// How the bridge serves it, if it does.
    pub served: Option<Served>,
    /// Which hubs may be used.
    pub hub: FlickrHub,
    /// When the last delivery came, by whatever hub.
    pub last_delivery: Option<Timestamp>,
    /// When it is.
    pub now: Timestamp,
}

/// Judges how it stands, and why nothing comes when nothing does.
#[must_use]
pub fn judge(facts: &Facts) -> Vec<Check> {
    let standing = judge_standing(facts);
    let is_well = standing.cause().is_none();
    let bridged = facts.subscription.serving.bridged_at.is_some();
    let mut all = vec![standing];
    // What does not run is silent for that.
    if facts.runs == Runs::Yes && (is_well || bridged) {
        all.extend(judge_silence(facts));
    }
    all
}

fn judge_standing(facts: &Facts) -> Check {
    let it = &facts.subscription;
    let whose = whose(it);
    let bridged = it.serving.bridged_at.is_some();
    // What the bridge makes up for is to be known; what nobody makes up for is broken.
    let found = |cause| {
        if bridged {
            Check::notice(Group::Subscriptions, NAME, cause)
        } else {
            Check::bad(Group::Subscriptions, NAME, cause)
        }
    };
    if facts.callback > MAX_CALLBACK && facts.hub != FlickrHub::Bridge {
        return found(Cause::CallbackTooLong { whose, bytes: facts.callback, most: MAX_CALLBACK, bridged });
    }
    let trouble =
        it.standing.trouble.clone().or_else(|| it.serving.why.clone().filter(|_| facts.hub == FlickrHub::Auto));
    if let Some(sentence) = trouble {
        return found(match Failure::in_sentence(&sentence) {
            Some(Failure::CallbackInUse) => Cause::CallbackInUse { whose, bridged },
            Some(Failure::NotPro) => Cause::NotPro { whose: it.account.clone(), bridged },
            Some(Failure::AwaitingVerification) => Cause::VerificationPending { whose, bridged },
            Some(Failure::CallbackFailed) => Cause::HubRefuses { whose, said: sentence, bridged },
            Some(Failure::InvalidToken) => Cause::TokenRevoked { account: it.account.clone() },
            Some(Failure::InsufficientPermission) => Cause::PermissionMissing { account: it.account.clone() },
            _ if bridged && it.standing.confirmed_at.is_none() && it.standing.trouble.is_none() => {
                let waits = it.standing.asked_at.map_or(Duration::ZERO, |at| ago(at, facts.now));
                Cause::HubNeverCalls { whose, waits, bridged }
            }
            _ => Cause::Subscription { whose, sentence, bridged },
        });
    }
    let never_called = it.verified_at.is_none() && it.last_delivery_at.is_none() && facts.last_delivery.is_none();
    let asked = it.standing.confirmed_at.or(it.standing.asked_at);
    if let Some(asked) = asked.filter(|_| never_called && !bridged) {
        let waits = ago(asked, facts.now);
        if waits > CALLS_WITHIN || it.standing.confirmed_at.is_some() {
            return found(Cause::HubNeverCalls { whose, waits, bridged });
        }
    }
    match Stage::of(it) {
        Stage::Asleep => Check::notice(Group::Subscriptions, NAME, Cause::NobodyWatches { whose }),
        Stage::Working if bridged => Check::good(Group::Subscriptions, NAME, format!("{whose}: the bridge serves it.")),
        Stage::Working => Check::good(Group::Subscriptions, NAME, format!("{whose}: the push has it.")),
        _ if facts.hub == FlickrHub::Bridge && !facts.watched => {
            Check::notice(Group::Subscriptions, NAME, Cause::NobodyWatches { whose })
        }
        stage => {
            Check::skipped(Group::Subscriptions, NAME, format!("{whose}: {}, look again in a minute.", stage.word()))
        }
    }
}

/// Why nothing comes, of one that stands well.
fn judge_silence(facts: &Facts) -> Option<Check> {
    let it = &facts.subscription;
    let whose = whose(it);
    let check = |cause| Some(Check::notice(Group::Deliveries, QUIET, cause));
    let quiet = facts.last_delivery.max(it.last_delivery_at).map(|at| ago(at, facts.now));
    if quiet.is_some_and(|it| it < LATELY) {
        return None;
    }
    if let Some(sentence) = facts.served.as_ref().and_then(|it| it.trouble.clone()) {
        return Some(Check::bad(Group::Deliveries, QUIET, Cause::BridgeTroubled { whose, sentence }));
    }
    let asked =
        facts.served.as_ref().and_then(|it| it.newest).map(|at| ago(at, facts.now)).filter(|it| *it < ASKED_LATELY);
    match asked {
        Some(asked) => check(Cause::NothingHappened { whose, quiet, asked }),
        None if !facts.watched => check(Cause::NobodyWatches { whose }),
        None if facts.hub == FlickrHub::Flickr => check(Cause::Silent { whose, quiet }),
        // The bridge has only just begun.
        None => None,
    }
}

/// What it is called: its label or topic, and whose.
fn whose(it: &Subscription) -> String {
    let what = if it.label.is_empty() { it.topic.to_string() } else { it.label.clone() };
    format!("“{what}” of {}", it.account)
}

#[cfg(test)]
pub(super) mod tests;
