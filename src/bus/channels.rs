//! Who listens to which event name. Names without a listener are not here at all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bus::hear::Hear;
use crate::bus::inbox::{Arrived, Inbox};
use crate::bus::item::Batch;
use crate::event_name::EventName;

/// The listeners of all event names. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Channels(Arc<Mutex<HashMap<EventName, Vec<Ear>>>>);

/// One who hears a name, for so many that listen.
#[derive(Debug, Clone)]
struct Ear {
    hears: Arc<dyn Hear>,
    listeners: usize,
}

/// How many listen, and to how many event names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Pairs of a listener and a name.
    pub listeners: usize,
    /// Names with at least one listener.
    pub names: usize,
}

impl Channels {
    /// Opens an inbox for `names`. It leaves them when the listener is dropped.
    pub fn join(&self, names: &[EventName]) -> Listener {
        let inbox = Arc::new(Inbox::default());
        let mut names = names.to_vec();
        names.sort();
        names.dedup();
        let hears: Arc<dyn Hear> = inbox.clone();
        self.enter(&names, &hears);
        Listener { channels: self.clone(), names, inbox, hears, skip_through: 0 }
    }

    /// From now on `hears` is told of these names, for one listener more. Everything that is committed after this reaches
    /// it; of what is being handed out just now it may or may not hear.
    pub fn enter(&self, names: &[EventName], hears: &Arc<dyn Hear>) {
        let mut channels = self.lock();
        for name in names {
            let ears = channels.entry(name.clone()).or_default();
            match ears.iter_mut().find(|it| is_same(&it.hears, hears)) {
                Some(ear) => ear.listeners += 1,
                None => ears.push(Ear { hears: hears.clone(), listeners: 1 }),
            }
        }
    }

    /// One listener of these names less.
    pub fn leave(&self, names: &[EventName], hears: &Arc<dyn Hear>) {
        let mut channels = self.lock();
        for name in names {
            let Some(ears) = channels.get_mut(name) else { continue };
            if let Some(at) = ears.iter().position(|it| is_same(&it.hears, hears)) {
                ears[at].listeners -= 1;
                if ears[at].listeners == 0 {
                    ears.swap_remove(at);
                }
            }
            if ears.is_empty() {
                channels.remove(name);
            }
        }
    }

    /// Tells everybody who listens to its name of `batch`; how many these are.
    pub fn hand_out(&self, batch: &Batch) -> usize {
        // A copy of the list, so that nobody who joins or leaves waits for the others to be served.
        let all: Vec<_> = self.lock().get(batch.event()).into_iter().flatten().cloned().collect();
        for ear in &all {
            ear.hears.hear(batch);
        }
        all.iter().map(|it| it.listeners).sum()
    }

    /// How many there are now.
    pub fn count(&self) -> Count {
        let channels = self.lock();
        Count { listeners: channels.values().flatten().map(|it| it.listeners).sum(), names: channels.len() }
    }

    /// The names that somebody listens to.
    pub fn followed(&self) -> Vec<EventName> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EventName, Vec<Ear>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// By address alone: what they are does not matter.
fn is_same(one: &Arc<dyn Hear>, other: &Arc<dyn Hear>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(one), Arc::as_ptr(other))
}

/// One who listens. Leaves its channels when dropped.
#[derive(Debug)]
pub struct Listener {
    channels: Channels,
    names: Vec<EventName>,
    inbox: Arc<Inbox>,
    hears: Arc<dyn Hear>,
    skip_through: i64,
}

impl Listener {
    /// The event names, sorted.
    pub fn names(&self) -> &[EventName] {
        &self.names
    }

    /// From now on events up to `offset` are passed over: their listener has them from the history.
    pub fn skip_through(&mut self, offset: i64) {
        self.skip_through = offset;
    }

    /// Waits for the next events. Safe to cancel.
    pub async fn next(&mut self) -> Arrived {
        self.inbox.take(self.skip_through).await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.channels.leave(&self.names, &self.hears);
    }
}
