//! What there is to do, and for which subscription.

/// A subscription's number. None is given twice, so that an answer that comes late finds nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(pub(super) u64);

/// Something to do for a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Duty {
    /// Deliver what is in its queue.
    Push(Id),
    /// Ask its callback what somebody wished.
    Ask(Id),
    /// Renew its lease, or end it.
    Lease(Id),
}

impl Duty {
    /// Whose it is.
    pub(super) fn id(self) -> Id {
        let (Self::Push(id) | Self::Ask(id) | Self::Lease(id)) = self;
        id
    }
}
