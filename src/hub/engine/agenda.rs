//! What is to be done when.

use std::collections::{BTreeSet, HashMap};

use tokio::time::Instant;

use crate::hub::engine::duty::Duty;

/// Duties by their time. Each is there at most once.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    by_time: BTreeSet<(Instant, Duty)>,
    by_duty: HashMap<Duty, Instant>,
}

impl Agenda {
    /// Enters a duty, in place of the same one at another time.
    pub(super) fn set(&mut self, duty: Duty, at: Instant) {
        self.cancel(duty);
        self.by_time.insert((at, duty));
        self.by_duty.insert(duty, at);
    }

    pub(super) fn cancel(&mut self, duty: Duty) {
        if let Some(at) = self.by_duty.remove(&duty) {
            self.by_time.remove(&(at, duty));
        }
    }

    /// Takes out the first duty whose time has come.
    pub(super) fn due(&mut self, now: Instant) -> Option<Duty> {
        let (at, duty) = *self.by_time.first()?;
        if at > now {
            return None;
        }
        self.cancel(duty);
        Some(duty)
    }

    /// When the first is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.by_time.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::hub::engine::duty::Id;

    #[test]
    fn duties_come_in_the_order_of_their_times_and_each_once() {
        let zero = Instant::now();
        let at = |s| zero + Duration::from_secs(s);
        let mut agenda = Agenda::default();
        assert_eq!(agenda.next(), None);
        agenda.set(Duty::Push(Id(1)), at(5));
        agenda.set(Duty::Lease(Id(1)), at(3));
        agenda.set(Duty::Ask(Id(2)), at(1));
        agenda.set(Duty::Push(Id(1)), at(2));
        agenda.cancel(Duty::Ask(Id(2)));
        assert_eq!(agenda.next(), Some(at(2)));
        assert_eq!(agenda.due(at(1)), None);
        let all: Vec<_> = std::iter::from_fn(|| agenda.due(at(9))).collect();
        assert_eq!(all, [Duty::Push(Id(1)), Duty::Lease(Id(1))]);
        assert!(agenda.by_duty.is_empty());
    }
}
