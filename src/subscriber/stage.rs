//! Where a subscription is in its life, as its owner sees it.

use crate::store::Subscription;

/// One word for how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The hub has it, and nothing is wrong.
    Working,
    /// The hub was not asked yet, or is being asked.
    Asking,
    /// The hub was asked, and has not verified the callback yet.
    Awaiting,
    /// Nobody watches, so it rests; it wakes when a screen comes back.
    Asleep,
    /// Something is wrong, and it is tried again.
    Troubled,
    /// Something is wrong that only a person can mend.
    Stuck,
    /// It is no longer wanted, and the hub is being told.
    Ending,
}

impl Stage {
    /// The stage of a subscription.
    #[must_use]
    pub fn of(subscription: &Subscription) -> Self {
        let standing = &subscription.standing;
        match standing {
            _ if !subscription.wanted => Self::Ending,
            // Whatever the push says: the bridge has it.
            _ if subscription.serving.bridged_at.is_some() => {
                if subscription.serving.verified_at.is_some() {
                    Self::Working
                } else {
                    Self::Awaiting
                }
            }
            it if it.asleep_at.is_some() => Self::Asleep,
            it if it.trouble.is_some() && it.lasting => Self::Stuck,
            it if it.trouble.is_some() => Self::Troubled,
            it if it.confirmed_at.is_some() => Self::Working,
            it if it.asked_at.is_some() => Self::Awaiting,
            _ => Self::Asking,
        }
    }

    /// The word on the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Asking => "asking the hub",
            Self::Awaiting => "waiting for the hub",
            Self::Asleep => "asleep",
            Self::Troubled => "in trouble",
            Self::Stuck => "not working",
            Self::Ending => "ending",
        }
    }
}
