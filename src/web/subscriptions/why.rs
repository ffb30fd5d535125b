//! Why a subscription does not work, in words for its owner.

use jiff::{SignedDuration, Timestamp};

use crate::config::PublicUrl;
use crate::flickr::{Flickr, Hosts};
use crate::state::AppState;
use crate::store::Subscription;
use crate::subscriber::Stage;

/// How long a hub may take to call back before its owner should look.
const PATIENCE: SignedDuration = SignedDuration::from_mins(1);

/// What the answer depends on beside the subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The time now.
    pub now: Timestamp,
    /// Who pushes.
    pub hub: String,
    /// Where we say that hubs reach us.
    pub public_url: PublicUrl,
    /// Whether the hub is on this machine too.
    pub hub_is_here: bool,
}

impl Surroundings {
    pub(super) fn of(state: &AppState) -> Self {
        let hosts = state.flickr.as_ref().map(Flickr::hosts);
        Self {
            now: state.clock.now(),
            hub: hosts.map(Hosts::name).unwrap_or_default(),
            public_url: state.site.public_url.clone(),
            hub_is_here: hosts.is_some_and(Hosts::is_loopback),
        }
    }

    fn cannot_reach_us(&self) -> bool {
        self.public_url.is_loopback() && !self.hub_is_here
    }
}

/// The sentence; `None` when it works, or when nothing is to be said yet.
pub(super) fn not_working(it: &Subscription, stage: Stage, around: &Surroundings) -> Option<String> {
    let public_url = &around.public_url;
    let unreachable = || {
        format!(
            "No hub outside this machine can reach {public_url}: whoever runs this server must set PUBLIC_URL to an \
             address that the world can reach."
        )
    };
    let standing = &it.standing;
    match stage {
        Stage::Working => None,
        Stage::Ending => Some("The hub is being told that it is over.".into()),
        Stage::Asleep => Some("Nobody watches, so it rests. It wakes by itself when a screen shows it.".into()),
        Stage::Troubled | Stage::Stuck => {
            let trouble = standing.trouble.clone();
            if around.cannot_reach_us() { trouble.map(|it| format!("{it} {}", unreachable())) } else { trouble }
        }
        // The bridge is in this very process, and calls by the nearest door.
        Stage::Asking | Stage::Awaiting if it.serving.bridged_at.is_some() => None,
        Stage::Asking | Stage::Awaiting if around.cannot_reach_us() => Some(unreachable()),
        Stage::Awaiting if standing.asked_at.is_some_and(|at| around.now.duration_since(at) > PATIENCE) => {
            Some(format!("The hub has not called back yet: is {public_url} reachable from outside?"))
        }
        Stage::Asking | Stage::Awaiting => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::subscription::Standing;

    fn sentence(standing: Standing, wanted: bool, public_url: &str, hub_is_here: bool) -> Option<String> {
        let second = |n| Timestamp::from_second(n).unwrap();
        let subscription = Subscription {
            event: "1@N01-my_faves".parse().unwrap(),
            account: "1@N01".into(),
            topic: crate::topic::Topic::MyFaves,
            label: String::new(),
            created_at: second(0),
            wanted,
            standing,
            serving: Default::default(),
            watched_at: None,
            verified_at: None,
            last_delivery_at: None,
            deliveries: 0,
            events: 0,
        };
        let public_url = public_url.parse().unwrap();
        let around = Surroundings { now: second(100), hub: "Flickr".into(), public_url, hub_is_here };
        not_working(&subscription, Stage::of(&subscription), &around)
    }

    #[test]
    fn why_one_does_not_work_is_told_in_words() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let check = |standing: Standing, expected: &str| {
            let said = sentence(standing, true, "https://wall.example.org", false);
            assert_eq!(said.as_deref().unwrap_or_default(), expected);
        };
        let asked = |second| Standing { asked_at: at(second), ..Standing::default() };
        check(Standing { confirmed_at: at(50), ..asked(0) }, "");
        check(asked(90), "");
        check(asked(0), "The hub has not called back yet: is https://wall.example.org reachable from outside?");
        let trouble = Some("Flickr said: accounts need Pro (5)".to_owned());
        check(Standing { trouble, lasting: true, ..asked(0) }, "Flickr said: accounts need Pro (5)");
        check(
            Standing { asleep_at: at(1), ..asked(0) },
            "Nobody watches, so it rests. It wakes by itself when a screen shows it.",
        );
        let ending = sentence(Standing::default(), false, "https://wall.example.org", false);
        assert_eq!(ending.unwrap(), "The hub is being told that it is over.");
    }

    #[test]
    fn an_address_that_only_this_machine_knows_is_named_as_the_cause() {
        let local = |hub_is_here| sentence(Standing::default(), true, "http://localhost:8080", hub_is_here);
        assert!(local(false).unwrap().starts_with("No hub outside this machine can reach http://localhost:8080: "));
        assert_eq!(local(true), None, "the practice Flickr is on this machine too");
    }
}
