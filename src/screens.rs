//! The screens that are connected now: which wall each shows, what it is called, what it says that it shows, and a way
//! to tell it something.
//!
//! A screen is here for as long as its stream is open and holds its [`Presence`]; nothing of it is kept afterwards. Only
//! who has a wall's link gets here, and only so many: what comes beyond is served as a stream that nobody can drive.

pub mod command;
pub mod name;
pub mod showing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::event_name::EventName;
pub use command::Command;
pub use name::{Instance, ScreenName};
pub use showing::Showing;

/// The most screens of one wall.
pub const MAX_OF_A_WALL: usize = 200;
/// The most screens in all.
pub const MAX: usize = 5_000;
/// How many commands wait for one screen: more than anybody presses before they look up.
const QUEUE: usize = 16;

/// A handle to the registry. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Screens(Arc<Mutex<Registry>>);

#[derive(Debug, Default)]
struct Registry {
    walls: HashMap<String, BTreeMap<Instance, Entry>>,
    /// How many screens show each event name.
    shown: HashMap<EventName, usize>,
    count: usize,
    entered: u64,
    /// Whether it was said that there is no room: once is enough, since anybody with a link could repeat it.
    told: bool,
}

#[derive(Debug)]
struct Entry {
    /// Tells this entry from a later one of the same instance.
    ticket: u64,
    name: ScreenName,
    events: Arc<[EventName]>,
    since: Timestamp,
    showing: Option<Arc<Showing>>,
    commands: mpsc::Sender<Command>,
}

/// A screen as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The link of its wall.
    pub link: String,
    /// Which page load it is.
    pub instance: Instance,
    /// What it is called; several may have one name.
    pub name: ScreenName,
    /// When its stream was opened.
    pub since: Timestamp,
    /// What it said that it shows; `None` before it said anything.
    pub showing: Option<Arc<Showing>>,
}

/// What a report has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// What the screen is called.
    pub name: ScreenName,
    /// What its wall is of.
    pub events: Arc<[EventName]>,
    /// The photos that it did not show before.
    pub new: Vec<String>,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Yes,
    /// So many wait already: the screen takes none just now.
    Full,
    /// The screen is no longer there.
    Gone,
}

impl Screens {
    /// A screen of the wall `link` of `events` comes. It leaves when the answer is dropped. One that comes again before it
    /// has left, since its old connection is not known to be dead yet, takes its own place. `None` when there is no room.
    #[must_use]
    pub fn enter(
        &self,
        link: &str,
        events: &[EventName],
        name: &ScreenName,
        instance: &Instance,
        now: Timestamp,
    ) -> Option<Presence> {
        let mut registry = self.lock();
        let Registry { walls, shown, count, entered, told } = &mut *registry;
        let there = walls.get(link);
        let earlier = there.and_then(|it| it.get(instance)).and_then(|it| it.showing.clone());
        let anew = there.is_none_or(|it| !it.contains_key(instance));
        if anew && (*count >= MAX || there.is_some_and(|it| it.len() >= MAX_OF_A_WALL)) {
            if !std::mem::replace(told, true) {
                tracing::warn!(
                    screens = *count,
                    "a wall has {MAX_OF_A_WALL} screens, or all have {MAX}: more are served, but cannot be driven"
                );
            }
            return None;
        }
        *entered += 1;
        *count += usize::from(anew);
        let (commands, waiting) = mpsc::channel(QUEUE);
        let (name, events) = (name.clone(), Arc::from(events));
        let entry = Entry { ticket: *entered, name, events, since: now, showing: earlier, commands };
        for event in entry.events.iter() {
            *shown.entry(event.clone()).or_default() += 1;
        }
        if let Some(gone) = walls.entry(link.to_owned()).or_default().insert(instance.clone(), entry) {
            forget_shown(shown, &gone.events);
        }
        let ticket = *entered;
        Some(Presence { screens: self.clone(), link: link.to_owned(), instance: instance.clone(), ticket, waiting })
    }

    /// The screens of these walls, by name, those of one name as they came.
    #[must_use]
    pub fn of<'l>(&self, links: impl IntoIterator<Item = &'l str>) -> Vec<Screen> {
        let registry = self.lock();
        let mut found = Vec::new();
        for link in links {
            let entries = registry.walls.get(link).into_iter().flatten();
            found.extend(entries.map(|(instance, it)| Screen {
                link: link.to_owned(),
                instance: instance.clone(),
                name: it.name.clone(),
                since: it.since,
                showing: it.showing.clone(),
            }));
        }
        drop(registry);
        found.sort_by_cached_key(|it| (it.name.folded(), it.since, it.instance.clone()));
        found
    }

    /// Whether a screen is there.
    #[must_use]
    pub fn is_there(&self, link: &str, instance: &Instance) -> bool {
        self.lock().walls.get(link).is_some_and(|it| it.contains_key(instance))
    }

    /// A screen says what it shows; `None` when it is not there.
    #[must_use]
    pub fn report(&self, link: &str, instance: &Instance, showing: Showing) -> Option<Reported> {
        let mut registry = self.lock();
        let entry = registry.walls.get_mut(link).and_then(|it| it.get_mut(instance))?;
        let before = entry.showing.replace(Arc::new(showing));
        let was_there = |id: &str| before.iter().flat_map(|it| &it.photos).any(|it| it.id == id);
        let now = entry.showing.iter().flat_map(|it| &it.photos);
        let new = now.filter(|it| !was_there(&it.id)).map(|it| it.id.clone()).collect();
        Some(Reported { name: entry.name.clone(), events: entry.events.clone(), new })
    }

    /// How many screens are there of walls of `event`.
    #[must_use]
    pub fn showing(&self, event: &EventName) -> usize {
        self.lock().shown.get(event).copied().unwrap_or_default()
    }

    /// Tells a screen something. Never waits.
    #[must_use]
    pub fn send(&self, screen: &Screen, command: Command) -> Sent {
        let registry = self.lock();
        let Some(entry) = registry.walls.get(&screen.link).and_then(|it| it.get(&screen.instance)) else {
            return Sent::Gone;
        };
        match entry.commands.try_send(command) {
            Ok(()) => Sent::Yes,
            Err(TrySendError::Full(_)) => Sent::Full,
            Err(TrySendError::Closed(_)) => Sent::Gone,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().count
    }

    fn leave(&self, link: &str, instance: &Instance, ticket: u64) {
        let mut registry = self.lock();
        let Some(there) = registry.walls.get_mut(link) else { return };
        if there.get(instance).is_none_or(|it| it.ticket != ticket) {
            return;
        }
        let gone = there.remove(instance);
        if there.is_empty() {
            registry.walls.remove(link);
        }
        registry.count -= 1;
        if let Some(gone) = gone {
            forget_shown(&mut registry.shown, &gone.events);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget_shown(shown: &mut HashMap<EventName, usize>, events: &[EventName]) {
    for event in events {
        if let Some(n) = shown.get_mut(event) {
            *n -= 1;
            if *n == 0 {
                shown.remove(event);
            }
        }
    }
}

/// A screen's place in the registry, which it leaves when this is dropped.
#[derive(Debug)]
pub struct Presence {
    screens: Screens,
    link: String,
    instance: Instance,
    ticket: u64,
    waiting: mpsc::Receiver<Command>,
}

impl Presence {
    /// Waits for the next command; `None` when the same screen has come by another stream, which gets them now. Safe to
    /// cancel.
    pub async fn command(&mut self) -> Option<Command> {
        self.waiting.recv().await
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.screens.leave(&self.link, &self.instance, self.ticket);
    }
}
