//! Who listens to which event name. Names without a listener are not here at all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bus::inbox::{Arrived, Inbox};
use crate::bus::item::{Batch, Item};
use crate::event_name::EventName;

/// The listeners of all event names. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Channels(Arc<Mutex<HashMap<EventName, Vec<Arc<Inbox>>>>>);

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
        let mut channels = self.lock();
        for name in &names {
            channels.entry(name.clone()).or_default().push(inbox.clone());
        }
        drop(channels);
        Listener { channels: self.clone(), names, inbox, skip_through: 0 }
    }

    /// Puts `batch` into the inbox of everybody who listens to `name`; how many these are. Never waits for any of them.
    pub fn hand_out(&self, name: &EventName, batch: &Batch) -> usize {
        // A copy of the list, so that nobody who joins or leaves waits for the others to be served.
        let inboxes = self.lock().get(name).cloned().unwrap_or_default();
        for inbox in &inboxes {
            inbox.push(batch);
        }
        inboxes.len()
    }

    /// How many there are now.
    pub fn count(&self) -> Count {
        let channels = self.lock();
        Count { listeners: channels.values().map(Vec::len).sum(), names: channels.len() }
    }

    /// The names that somebody listens to.
    pub fn followed(&self) -> Vec<EventName> {
        self.lock().keys().cloned().collect()
    }

    fn leave(&self, names: &[EventName], inbox: &Arc<Inbox>) {
        let mut channels = self.lock();
        for name in names {
            if let Some(inboxes) = channels.get_mut(name) {
                inboxes.retain(|it| !Arc::ptr_eq(it, inbox));
                if inboxes.is_empty() {
                    channels.remove(name);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EventName, Vec<Arc<Inbox>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who listens. Leaves its channels when dropped.
#[derive(Debug)]
pub struct Listener {
    channels: Channels,
    names: Vec<EventName>,
    inbox: Arc<Inbox>,
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
        loop {
            let mut arrived = self.inbox.take().await;
            arrived.items.retain(|it: &Item| it.position.offset > self.skip_through);
            if arrived.missed > 0 || !arrived.items.is_empty() {
                return arrived;
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.channels.leave(&self.names, &self.inbox);
    }
}
