//! Who watches: the event names that a screen or another stream follows, or followed a short while ago.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::event_name::EventName;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Watching {
    seen: Arc<Mutex<HashMap<EventName, Seen>>>,
    clock: Clock,
    patience: SignedDuration,
    nudge: Arc<Notify>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    /// Streams that are open now.
    open: usize,
    /// When the last of them was there.
    last: Timestamp,
}

impl Watching {
    /// Nobody watches yet. Somebody counts for `patience` after they have left (the original's 30 seconds were shorter
    /// than a reload of its page); `nudge` is told when somebody comes to what nobody watched.
    #[must_use]
    pub fn new(clock: Clock, patience: SignedDuration, nudge: Arc<Notify>) -> Self {
        Self { seen: Arc::default(), clock, patience, nudge }
    }

    /// Somebody watches `events` for as long as the answer is held.
    #[must_use]
    pub fn enter(&self, events: &[EventName]) -> Watcher {
        let now = self.clock.now();
        let mut seen = self.lock();
        let mut anew = false;
        for event in events {
            let entry = seen.entry(event.clone()).or_insert(Seen { open: 0, last: Timestamp::MIN });
            anew |= !self.counts(*entry, now);
            *entry = Seen { open: entry.open + 1, last: now };
        }
        drop(seen);
        if anew {
            self.nudge.notify_one();
        }
        Watcher { watching: self.clone(), events: events.to_vec() }
    }

    /// Somebody was there at that moment: a person asked for the event, or it says so in the store.
    pub fn note(&self, event: &EventName, at: Timestamp) {
        let mut seen = self.lock();
        let entry = seen.entry(event.clone()).or_insert(Seen { open: 0, last: at });
        entry.last = entry.last.max(at);
    }

    /// Whether somebody watches, or did a short while ago.
    #[must_use]
    pub fn is_watched(&self, event: &EventName) -> bool {
        let now = self.clock.now();
        self.lock().get(event).is_some_and(|it| self.counts(*it, now))
    }

    /// When somebody last watched each event name, and what nobody watches any more is forgotten.
    #[must_use]
    pub fn sweep(&self) -> Vec<(EventName, Timestamp)> {
        let now = self.clock.now();
        let mut seen = self.lock();
        let last = |it: &Seen| if it.open > 0 { now } else { it.last };
        let all = seen.iter().map(|(event, it)| (event.clone(), last(it))).collect();
        seen.retain(|_, it| self.counts(*it, now));
        all
    }

    fn counts(&self, seen: Seen, now: Timestamp) -> bool {
        // A clock that was set back must not end what is alive.
        seen.open > 0 || now.duration_since(seen.last) < self.patience
    }

    fn leave(&self, events: &[EventName]) {
        let now = self.clock.now();
        let mut seen = self.lock();
        for event in events {
            if let Some(entry) = seen.get_mut(event) {
                *entry = Seen { open: entry.open.saturating_sub(1), last: now };
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EventName, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who watches, until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    watching: Watching,
    events: Vec<EventName>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.watching.leave(&self.events);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str) -> EventName {
        name.parse().unwrap()
    }

    #[tokio::test]
    async fn who_left_counts_for_a_while_and_who_comes_to_an_empty_room_is_announced() {
        let nudge = Arc::new(Notify::new());
        let clock = Clock::still(Timestamp::UNIX_EPOCH, 1);
        let watching = Watching::new(clock.clone(), SignedDuration::from_mins(15), nudge.clone());
        let (kittens, puppies) = (event("kittens"), event("puppies"));
        let announced = || tokio::time::timeout(std::time::Duration::ZERO, nudge.notified());

        let one = watching.enter(std::slice::from_ref(&kittens));
        assert!(announced().await.is_ok());
        let two = watching.enter(std::slice::from_ref(&kittens));
        assert!(announced().await.is_err(), "the second screen is no news");
        assert!(watching.is_watched(&kittens) && !watching.is_watched(&puppies));

        drop(one);
        clock.advance(SignedDuration::from_hours(24));
        assert!(watching.is_watched(&kittens), "the second screen still hangs there");
        drop(two);
        clock.advance(SignedDuration::from_mins(14));
        assert!(watching.is_watched(&kittens));
        assert_eq!(watching.sweep().len(), 1);
        clock.advance(SignedDuration::from_mins(1));
        assert!(!watching.is_watched(&kittens));
        assert_eq!(watching.sweep().len(), 1, "when it was last seen is told once more");
        assert_eq!(watching.sweep().len(), 0, "and then forgotten");

        watching.note(&puppies, clock.now());
        assert!(watching.is_watched(&puppies));
    }
}
