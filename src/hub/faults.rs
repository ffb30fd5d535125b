//! Faults on demand: what a hub does wrong on purpose, so that a subscriber can be tried against it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A delivery comes late.
    Late,
    /// A delivery is never sent, and counts as sent.
    Lost,
    /// A delivery is sent twice.
    Doubled,
    /// A delivery waits until the one after it was sent.
    OutOfOrder,
    /// A delivery breaks off in the middle of its XML; the whole one follows when it is refused.
    Malformed,
    /// A verification comes twice.
    VerifiedTwice,
    /// A verification comes late: after the subscribe call's own time limit, or after minutes.
    VerifiedLate,
    /// A verification carries another token; a right one follows.
    WrongToken,
    /// A REST call is answered with 503.
    RestDown,
    /// While it is set, the push is as Flickr's has been since 2019: to subscribe fails with error 4 and 504, and nothing
    /// that happens is delivered. It is not used up.
    PushOff,
    /// A delivery is no feed, and neither is what comes when it is refused.
    Garbled,
    /// To subscribe is taken, and the callback is never called.
    NeverCalls,
    /// To subscribe fails with error 3: the callback is in use.
    CallbackInUse,
    /// To subscribe fails with error 6: a verification is awaited.
    Awaiting,
    /// The push answers error 5: the account is not Pro.
    NotPro,
    /// A call on behalf of somebody fails with 98: their permission was taken back.
    TokenRevoked,
    /// A call on behalf of somebody fails with 99: they did not allow it.
    NotAllowed,
    /// A signed request is refused for its time, as of a caller whose clock is wrong.
    ClockOff,
    /// A picture cannot be had.
    NoPictures,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Late,
        Self::Lost,
        Self::Doubled,
        Self::OutOfOrder,
        Self::Malformed,
        Self::VerifiedTwice,
        Self::VerifiedLate,
        Self::WrongToken,
        Self::RestDown,
        Self::PushOff,
        Self::Garbled,
        Self::NeverCalls,
        Self::CallbackInUse,
        Self::Awaiting,
        Self::NotPro,
        Self::TokenRevoked,
        Self::NotAllowed,
        Self::ClockOff,
        Self::NoPictures,
    ];

    /// Its name in forms and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::OutOfOrder => "out-of-order",
            Self::Malformed => "malformed",
            Self::VerifiedTwice => "verified-twice",
            Self::VerifiedLate => "verified-late",
            Self::WrongToken => "wrong-token",
            Self::RestDown => "rest-down",
            Self::PushOff => "push-off",
            Self::Garbled => "garbled",
            Self::NeverCalls => "never-calls",
            Self::CallbackInUse => "callback-in-use",
            Self::Awaiting => "awaiting",
            Self::NotPro => "not-pro",
            Self::TokenRevoked => "token-revoked",
            Self::NotAllowed => "not-allowed",
            Self::ClockOff => "clock-off",
            Self::NoPictures => "no-pictures",
        }
    }

    /// What happens, in a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Late => "a delivery comes late",
            Self::Lost => "a delivery is never sent",
            Self::Doubled => "a delivery is sent twice",
            Self::OutOfOrder => "a delivery comes after the next one",
            Self::Malformed => "a delivery's XML breaks off in the middle; when it is refused it is sent whole",
            Self::VerifiedTwice => "a verification comes twice",
            Self::VerifiedLate => "a verification comes late",
            Self::WrongToken => "a verification comes with another token, then with the right one",
            Self::RestDown => "a REST call is answered with 503",
            Self::PushOff => "the push is silent, like Flickr's since 2019, until this is 0",
            Self::Garbled => "a delivery is no feed at all",
            Self::NeverCalls => "a subscription is taken, and its callback never called",
            Self::CallbackInUse => "to subscribe fails: the callback is in use (error 3)",
            Self::Awaiting => "to subscribe fails: a verification is awaited (error 6)",
            Self::NotPro => "the push says that the account is not Pro (error 5)",
            Self::TokenRevoked => "a permission counts as taken back (98)",
            Self::NotAllowed => "a permission does not cover what is asked (99)",
            Self::ClockOff => "a signed request is refused for its time",
            Self::NoPictures => "a picture cannot be had",
        }
    }

    /// The fault of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// Which faults are switched on. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<BTreeMap<Fault, u32>>>);

impl Faults {
    /// The next `times` occasions go wrong in this way; 0 switches it off.
    pub fn set(&self, fault: Fault, times: u32) {
        match times {
            0 => self.lock().remove(&fault),
            _ => self.lock().insert(fault, times),
        };
    }

    /// Whether this occasion goes wrong; if so it is used up.
    #[must_use]
    pub fn strike(&self, fault: Fault) -> bool {
        let mut left = self.lock();
        match left.get_mut(&fault) {
            None => false,
            Some(1) => left.remove(&fault).is_some(),
            Some(times) => {
                *times -= 1;
                true
            }
        }
    }

    /// Whether it is switched on; nothing is used up.
    #[must_use]
    pub fn is_set(&self, fault: Fault) -> bool {
        self.lock().contains_key(&fault)
    }

    /// How many occasions each fault still spoils; those that are off are left out.
    #[must_use]
    pub fn left(&self) -> Vec<(Fault, u32)> {
        self.lock().iter().map(|(fault, times)| (*fault, *times)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Fault, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_it_was_told() {
        let faults = Faults::default();
        assert!(!faults.strike(Fault::Late));
        faults.set(Fault::Late, 2);
        assert_eq!(faults.left(), [(Fault::Late, 2)]);
        assert!(faults.clone().strike(Fault::Late) && faults.strike(Fault::Late));
        assert!(!faults.strike(Fault::Late));
        faults.set(Fault::Lost, 9);
        faults.set(Fault::Lost, 0);
        assert_eq!(faults.left(), []);
    }

    #[test]
    fn every_fault_is_found_by_its_name() {
        for fault in Fault::ALL {
            assert_eq!(Fault::of(fault.name()), Some(fault));
        }
    }
}
