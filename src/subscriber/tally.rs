//! What deliveries brought, counted in memory and written down now and then: a commit for each would cost more than
//! the delivery.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::event_name::EventName;
use crate::store::subscription::Tallied;

/// Cheap to clone; all clones are one. One entry for each event name that got a delivery since it was last taken.
#[derive(Debug, Clone, Default)]
pub struct Tally(Arc<Mutex<HashMap<EventName, Tallied>>>);

impl Tally {
    /// Counts one delivery that was accepted, with so many events that are new. `by_bridge`: it was the bridge's.
    pub fn add(&self, event: &EventName, events: usize, by_bridge: bool, at: Timestamp) {
        let pushed_at = (!by_bridge).then_some(at);
        self.merge(event, Tallied { deliveries: 1, events: events as u64, last_delivery_at: at, pushed_at });
    }

    /// Everything since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<(EventName, Tallied)> {
        self.lock().drain().collect()
    }

    /// What could not be written down after all.
    pub fn put_back(&self, tallied: Vec<(EventName, Tallied)>) {
        for (event, it) in tallied {
            self.merge(&event, it);
        }
    }

    /// What waits to be written down for `event`.
    #[must_use]
    pub fn waiting(&self, event: &EventName) -> Option<Tallied> {
        self.lock().get(event).cloned()
    }

    fn merge(&self, event: &EventName, more: Tallied) {
        let mut all = self.lock();
        match all.get_mut(event) {
            None => {
                all.insert(event.clone(), more);
            }
            Some(it) => {
                it.deliveries += more.deliveries;
                it.events += more.events;
                it.last_delivery_at = it.last_delivery_at.max(more.last_delivery_at);
                it.pushed_at = it.pushed_at.max(more.pushed_at);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EventName, Tallied>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_written_is_counted_once_and_later() {
        let tally = Tally::default();
        let event: EventName = "kittens".parse().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        tally.add(&event, 3, false, at(2));
        let taken = tally.take();
        assert_eq!(tally.take(), []);
        tally.add(&event, 1, false, at(5));
        tally.put_back(taken);
        let expected = Tallied { deliveries: 2, events: 4, last_delivery_at: at(5), pushed_at: Some(at(5)) };
        assert_eq!(tally.waiting(&event), Some(expected.clone()));
        assert_eq!(tally.take(), [(event, expected)]);
    }
}
