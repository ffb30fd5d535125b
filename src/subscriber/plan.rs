//! What is to be done for the subscriptions: a pure function of what is known.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::config::FlickrHub;
use crate::event_name::EventName;
use crate::store::Subscription;
use crate::subscriber::choice::{Choice, choose};

/// Nothing falls due later than this: a lease and its grace, or the longest `Retry-After`.
const FARTHEST: SignedDuration = SignedDuration::from_hours(25);

/// How often things are looked at again.
#[derive(Debug, Clone, PartialEq)]
pub struct Rhythm {
    /// How often a hub is asked what it has for an account of which something is watched.
    pub check: SignedDuration,
    /// A hub's lease when it does not say: a day (documented of `flickr.push.subscribe`).
    pub lease: SignedDuration,
    /// How long past its lease a silent subscription is given.
    pub grace: SignedDuration,
    /// How long a hub that was asked may take to verify, before it is asked again.
    pub verification: SignedDuration,
    /// How long the push may be behind the bridge, before it counts as silent (observed of Flickr's: "a minute or two").
    pub silence: SignedDuration,
    /// The first pause after a failure; it doubles with each further one.
    pub first_pause: SignedDuration,
    /// The longest pause after a failure.
    pub longest_pause: SignedDuration,
    /// Attempts to tell the hub that something has ended. Then it is left to find out by itself: its renewal is refused.
    pub farewells: u32,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            check: SignedDuration::from_mins(10),
            lease: SignedDuration::from_hours(24),
            grace: SignedDuration::from_mins(5),
            verification: SignedDuration::from_mins(1),
            silence: SignedDuration::from_mins(3),
            first_pause: SignedDuration::from_secs(15),
            longest_pause: SignedDuration::from_hours(1),
            farewells: 8,
        }
    }
}

impl Rhythm {
    /// How long to wait after so many failures in a row; `chance`, from 0 to 1, makes it up to a quarter shorter or
    /// longer, so that what failed together is not tried together.
    #[must_use]
    pub fn pause(&self, failures: u32, chance: f64) -> SignedDuration {
        let doubled = self.first_pause.saturating_mul(1 << failures.saturating_sub(1).min(20));
        doubled.min(self.longest_pause).mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Ask the hub what it has for this account.
    Check(String),
    /// Ask the hub to subscribe it, or to do so again.
    Subscribe(EventName),
    /// Tell the hub that it is over.
    Unsubscribe(EventName),
    /// The bridge serves it from now on, for this reason.
    Bridge(EventName, String),
    /// The push serves it again.
    Push(EventName),
    /// It has ended and nobody needs to be told: remove the record.
    Remove(EventName),
}

impl Step {
    /// Whom it is about: the event name, or the account.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::Check(account) => account,
            Self::Subscribe(event)
            | Self::Unsubscribe(event)
            | Self::Bridge(event, _)
            | Self::Push(event)
            | Self::Remove(event) => event.as_str(),
        }
    }
}

/// What is known.
#[derive(Debug)]
pub struct View<'a> {
    /// When it is.
    pub now: Timestamp,
    /// Which hubs may be used.
    pub hub: FlickrHub,
    /// All subscriptions.
    pub subscriptions: &'a [Subscription],
    /// Event names that somebody watches.
    pub watched: &'a HashSet<EventName>,
    /// Accounts that we have a permission of.
    pub permitted: &'a HashSet<String>,
    /// When each account is to be checked next; at once when it is not there.
    pub check_at: &'a HashMap<String, Timestamp>,
}

/// What is to be done now, and when to look again at the latest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which to begin.
    pub steps: Vec<Step>,
    /// When something falls due, if nothing else happens before.
    pub next: Option<Timestamp>,
}

/// Decides what is to be done.
#[must_use]
pub fn plan(view: &View<'_>, rhythm: &Rhythm) -> Plan {
    let mut plan = Plan::default();
    let mut to_check = BTreeSet::new();
    for it in view.subscriptions {
        let permitted = view.permitted.contains(&it.account);
        let standing = &it.standing;
        if !it.wanted {
            let unknown_to_the_hub = standing.asked_at.is_none() && standing.confirmed_at.is_none();
            if unknown_to_the_hub || !permitted || standing.lasting || standing.failures >= rhythm.farewells {
                plan.steps.push(Step::Remove(it.event.clone()));
            } else {
                plan.at(view.now, standing.retry_at, Step::Unsubscribe(it.event.clone()));
            }
            continue;
        }
        match choose(view.hub, it, view.now, rhythm) {
            Choice::Stays(again) => plan.look_again(view.now, again),
            Choice::Bridge(why) if view.watched.contains(&it.event) => {
                plan.steps.push(Step::Bridge(it.event.clone(), why));
                continue;
            }
            Choice::Bridge(_) => {}
            Choice::Push => {
                plan.steps.push(Step::Push(it.event.clone()));
                continue;
            }
        }
        // Where the bridge alone is to be used, the push is not asked at all.
        if view.hub == FlickrHub::Bridge {
            continue;
        }
        // What nobody watches costs no call: it ends by itself when the hub renews it, and comes back with a screen.
        if !permitted || standing.lasting || !view.watched.contains(&it.event) {
            continue;
        }
        let due = match (standing.confirmed_at, standing.asked_at) {
            _ if standing.asleep_at.is_some() => standing.retry_at,
            (Some(confirmed), _) => {
                to_check.insert(&it.account);
                // Neither a delivery nor a renewal for longer than a lease: the hub has lost it without a word, as
                // parallel-flickr observed of Flickr.
                let sign = [it.verified_at, it.last_delivery_at, standing.expires_at.map(|it| it - rhythm.lease)];
                let sign = sign.into_iter().flatten().fold(confirmed, Timestamp::max);
                let near = |due: &Timestamp| due.duration_since(view.now) < FARTHEST;
                standing.retry_at.filter(near).max(Some(later(sign, rhythm.lease + rhythm.grace)).filter(near))
            }
            (None, Some(asked)) if standing.trouble.is_none() => {
                standing.retry_at.max(Some(later(asked, rhythm.verification)))
            }
            _ => standing.retry_at,
        };
        plan.at(view.now, due, Step::Subscribe(it.event.clone()));
    }
    for account in to_check {
        plan.at(view.now, view.check_at.get(account).copied(), Step::Check(account.clone()));
    }
    // A check may save calls that come after it; what is new comes before what is over.
    plan.steps.sort();
    plan
}

impl Plan {
    fn look_again(&mut self, now: Timestamp, at: Option<Timestamp>) {
        if let Some(at) = at.filter(|at| *at > now) {
            self.next = Some(self.next.map_or(at, |it| it.min(at)));
        }
    }

    fn at(&mut self, now: Timestamp, due: Option<Timestamp>, step: Step) {
        // Nothing is planned so far ahead: the clock was wrong when it was.
        match due.filter(|due| *due > now && due.duration_since(now) < FARTHEST) {
            Some(due) => self.next = Some(self.next.map_or(due, |it| it.min(due))),
            None => self.steps.push(step),
        }
    }
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
