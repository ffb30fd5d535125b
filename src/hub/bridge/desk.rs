//! All that the bridge knows, and who is told what. Nothing here waits.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::event_name::EventName;
use crate::flickr::Validators;
use crate::flickr::listing::happened;
use crate::hub::atom;
use crate::hub::bridge::novelty::{Memory, News};
use crate::hub::bridge::schedule::{Need, Schedule};
use crate::hub::bridge::shown::Shown;
use crate::hub::bridge::source::{Around, Sense, Source, sources};
use crate::hub::bridge::{Settings, Wish};
use crate::hub::task::{Concerns, Key, Task, Why};
use crate::photo::{Change, Person, PhotoEvent};
use crate::store::bridge::Seen;

/// Photos of one answer that are told of at most; of more the newest.
const MOST: usize = 50;
/// What happened to somebody's contact longer ago is no beginning for a wall.
const RECENT: SignedDuration = SignedDuration::from_hours(24);
/// The source under which the wishes stand that had their beginning, in the store.
pub(super) const OPENED: &str = "opened";

#[derive(Debug)]
pub(super) struct Desk {
    few: usize,
    /// Wishes that are nobody's subscription.
    pub(super) shown_by_hand: Vec<Wish>,
    /// What is served at present.
    pub(super) wishes: BTreeMap<EventName, Wished>,
    pub(super) schedule: Schedule<Source>,
    readers: HashMap<Source, Vec<EventName>>,
    pub(super) memories: HashMap<Source, Memory>,
    pub(super) validators: HashMap<Source, Validators>,
    pub(super) reports: HashMap<Source, Report>,
    contacts: HashMap<String, Vec<String>>,
    /// Names of people, by nsid.
    people: HashMap<String, Person>,
    opened: HashSet<EventName>,
    pub(super) shown: Shown,
    /// Seen, and not written down yet: since the last time, and since the one before.
    young: Vec<Seen>,
    old: Vec<Seen>,
    /// When the calls of the last hour were made.
    calls: VecDeque<Timestamp>,
    pub(super) totals: Totals,
    /// Failures in a row.
    pub(super) failures: u32,
    /// Why nobody is asked at present.
    pub(super) held: Option<String>,
    /// Until when the key counts as refused, and Flickr's word for it.
    pub(super) keyless: Option<(Timestamp, String)>,
    /// Permissions that do not cover what is asked, as they are stored.
    pub(super) denied: HashMap<String, Vec<u8>>,
}

/// A wish that is served.
#[derive(Debug)]
pub(super) struct Wished {
    pub(super) wish: Wish,
    pub(super) sources: Vec<Source>,
    /// Why there is nothing to ask.
    pub(super) unserved: Option<&'static str>,
    /// What it may still get of what was there before it, and which sources have begun it.
    opening: Option<(usize, HashSet<Source>)>,
}

/// How a source is doing.
#[derive(Debug, Clone, Default)]
pub(super) struct Report {
    /// When it last answered.
    pub(super) answered: Option<Timestamp>,
    /// What is wrong, in a sentence.
    pub(super) trouble: Option<String>,
}

/// Since the beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) calls: u64,
    pub(super) unchanged: u64,
    pub(super) failed: u64,
    pub(super) found: u64,
    pub(super) gone: u64,
}

/// What an answer comes to.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) tasks: Vec<Task>,
    /// What another hub should have brought, and when it happened.
    pub(super) missed: Vec<(EventName, Timestamp)>,
}

impl Desk {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            few: settings.few,
            shown_by_hand: Vec::new(),
            wishes: BTreeMap::new(),
            schedule: Schedule::new(settings.pace.clone()),
            readers: HashMap::new(),
            memories: HashMap::new(),
            validators: HashMap::new(),
            reports: HashMap::new(),
            contacts: HashMap::new(),
            people: HashMap::new(),
            opened: HashSet::new(),
            shown: Shown::new(settings.checks.clone()),
            young: Vec::new(),
            old: Vec::new(),
            calls: VecDeque::new(),
            totals: Totals::default(),
            failures: 0,
            held: None,
            keyless: None,
            denied: HashMap::new(),
        }
    }

    /// Which wishes had their beginning before a restart.
    pub(super) fn restore(&mut self, opened: impl IntoIterator<Item = EventName>) {
        self.opened.extend(opened);
    }

    /// From now on these are served. `keyed` says that there is a key, `permitted` for whom we hold a permission.
    pub(super) fn serve(&mut self, wishes: Vec<Wish>, keyed: bool, permitted: &HashSet<String>, now: u64) {
        let mut kept = std::mem::take(&mut self.wishes);
        let mut needs: HashMap<Source, Need> = HashMap::new();
        self.readers.clear();
        for wish in wishes {
            let around = Around {
                keyed,
                permitted: permitted.contains(&wish.account),
                contacts: self.contacts.get(&wish.account).map(Vec::as_slice),
            };
            let (found, unserved) = match sources(&wish.interest, &wish.account, &around) {
                Ok(found) => (found, None),
                Err(why) => (Vec::new(), Some(why)),
            };
            for source in &found {
                let need = match source.sense {
                    Sense::Contacts => Need::Routine,
                    _ if wish.backup => Need::Backup,
                    _ => Need::Served,
                };
                let known = needs.entry(source.clone()).or_insert(need);
                *known = need.max(*known);
                self.readers.entry(source.clone()).or_default().push(wish.event.clone());
            }
            let opening = match kept.remove(&wish.event) {
                Some(known) => known.opening,
                None if self.opened.contains(&wish.event) => None,
                None => Some((self.few, HashSet::new())),
            };
            // Who is to have a beginning needs a whole answer, and not that nothing has changed.
            if let Some((_, begun)) = &opening {
                self.validators.retain(|it, _| begun.contains(it) || !found.contains(it));
            }
            self.wishes.insert(wish.event.clone(), Wished { wish, sources: found, unserved, opening });
        }
        self.schedule.keep(&needs, now);
        self.memories.retain(|it, _| needs.contains_key(it));
        self.validators.retain(|it, _| needs.contains_key(it));
        self.reports.retain(|it, _| needs.contains_key(it));
    }

    /// Somebody's name.
    pub(super) fn name(&mut self, nsid: &str, name: &str) {
        let person = Person { name: Some(name.to_owned()), nsid: Some(nsid.to_owned()), ..Person::default() };
        self.people.entry(nsid.to_owned()).or_insert(person);
    }

    /// Whom an account follows.
    pub(super) fn follows(&mut self, account: &str, contacts: Vec<Person>) {
        let nsids = contacts.iter().filter_map(|it| it.nsid.clone()).collect();
        self.contacts.insert(account.to_owned(), nsids);
        self.people.extend(contacts.into_iter().filter_map(|it| Some((it.nsid.clone()?, it))));
    }

    /// A source answered with these photos, the newest first; `full` says that there may be more behind them.
    pub(super) fn answered(&mut self, source: &Source, mut page: Vec<PhotoEvent>, full: bool, now: Timestamp) -> Told {
        if let Sense::Faved(nsid) = &source.sense {
            let fan = self.people.get(nsid).cloned();
            let fan = fan.unwrap_or_else(|| Person { nsid: Some(nsid.clone()), ..Person::default() });
            page.iter_mut().for_each(|it| it.faved_by = Some(fan.clone()));
        }
        let memory = self.memories.entry(source.clone()).or_default();
        let fresh = memory.is_fresh();
        let News { arrived, changed, missing, seen } = memory.compare(&page, full);
        for photo in &missing {
            self.shown.suspect(photo, now);
        }
        let name = source.to_string();
        let line = |photo: String, print: String| Seen { source: name.clone(), photo, print };
        self.young.extend(seen.into_iter().map(|(photo, print)| line(photo, print.to_string())));
        // An empty answer is an answer too: what comes later is new.
        self.young.extend((fresh && page.is_empty()).then(|| line(String::new(), String::new())));
        let mut told = Told::default();
        let mut to: BTreeMap<usize, Vec<EventName>> = BTreeMap::new();
        for event in self.readers.get(source).cloned().unwrap_or_default() {
            let Some(wished) = self.wishes.get_mut(&event) else { continue };
            let wanted = |at: &usize| {
                let owner = page.get(*at).and_then(|it| it.owner.as_ref()?.nsid.as_ref());
                wished.wish.only().is_none_or(|only| owner.is_some_and(|it| only.contains(it)))
            };
            let mut mine: Vec<usize> = if wished.begins(source) || fresh {
                let few = wished.may_still_get(self.few);
                let alone = wished.sources.len() == 1;
                let recent = |at: &usize| {
                    let at = page.get(*at).and_then(happened);
                    alone || at.is_some_and(|at| now.duration_since(at) < RECENT)
                };
                let all: Vec<usize> = (0..page.len()).filter(wanted).collect();
                all.into_iter().take(if alone { few } else { few.min(1) }).filter(recent).collect()
            } else {
                arrived.iter().copied().filter(wanted).take(MOST).collect()
            };
            let opened = wished.opened_by(source, mine.len());
            let backup = wished.wish.backup.then_some(wished.wish.backed_up_since).flatten();
            if let Some(since) = backup.filter(|_| !fresh) {
                let late = |at: &usize| page.get(*at).and_then(happened).filter(|it| *it > since && *it <= now);
                told.missed.extend(mine.iter().filter_map(late).min().map(|at| (event.clone(), at)));
            }
            if opened && self.opened.insert(event.clone()) {
                self.young.push(Seen { source: OPENED.into(), photo: event.to_string(), print: String::new() });
            }
            mine.reverse();
            for at in mine {
                to.entry(at).or_default().push(event.clone());
            }
        }
        // The oldest first, as it happened.
        for (at, events) in to.into_iter().rev() {
            let Some(event) = page.get(at) else { continue };
            let (why, word) = match &source.sense {
                Sense::Faved(fan) => (Why::Fave(fan.clone()), "faves"),
                _ => (Why::Update("created"), "created"),
            };
            self.shown.add(&event.id, events.iter().cloned(), now);
            self.totals.found += 1;
            told.tasks.extend(task(&event.id, why, atom::element_of(event, word), &events));
        }
        for (at, what) in changed {
            let Some(event) = page.get(at) else { continue };
            let events: Vec<_> = self.readers.get(source).into_iter().flatten().cloned().collect();
            let plain = PhotoEvent { change: Change::Updated, faved_by: None, ..event.clone() };
            told.tasks.extend(task(&event.id, Why::Update(what), atom::element_of(&plain, what), &events));
        }
        told
    }

    /// A photo is gone for everybody: who was shown it is told.
    pub(super) fn gone(&mut self, photo: &str, now: Timestamp) -> Option<Task> {
        let events: Vec<_> = self.shown.take(photo).into_iter().collect();
        self.memories.values_mut().for_each(|it| it.forget(photo));
        for unwritten in [&mut self.young, &mut self.old] {
            unwritten.retain(|it| it.photo != photo);
        }
        self.totals.gone += 1;
        task(photo, Why::Removed, atom::tombstone(photo, now), &events)
    }

    /// What was seen some time ago, to be written down now.
    pub(super) fn take_unwritten(&mut self) -> Vec<Seen> {
        let mut written = std::mem::take(&mut self.old);
        self.old = std::mem::take(&mut self.young);
        written.sort_by(|a, b| a.source.cmp(&b.source));
        written
    }

    /// A call is made.
    pub(super) fn count_call(&mut self, now: Timestamp) {
        self.totals.calls += 1;
        self.calls.push_back(now);
        self.calls_lately(now);
    }

    /// How many calls were made in the last hour.
    pub(super) fn calls_lately(&mut self, now: Timestamp) -> usize {
        // A clock that was set back must not keep them for ever.
        let old = |at: Timestamp| now.duration_since(at).abs() >= SignedDuration::from_hours(1);
        while self.calls.front().is_some_and(|at| old(*at)) {
            self.calls.pop_front();
        }
        self.calls.len()
    }
}

impl Wished {
    /// Whether this source is to begin the wish.
    fn begins(&self, source: &Source) -> bool {
        self.opening.as_ref().is_some_and(|(_, begun)| !begun.contains(source))
    }

    /// How much of what was there before it may still get. A single source whose memory is lost begins anew.
    fn may_still_get(&self, few: usize) -> usize {
        match &self.opening {
            Some((left, _)) => *left,
            None if self.sources.len() == 1 => few,
            None => 0,
        }
    }

    /// This source has begun it with so many photos. Whether all of its sources have.
    fn opened_by(&mut self, source: &Source, photos: usize) -> bool {
        let Some((left, begun)) = &mut self.opening else { return false };
        *left = left.saturating_sub(photos);
        begun.insert(source.clone());
        let all = self.sources.iter().filter(|it| it.sense != Sense::Contacts).all(|it| begun.contains(it));
        if all {
            self.opening = None;
        }
        all
    }
}

fn task(photo: &str, why: Why, element: Arc<str>, to: &[EventName]) -> Option<Task> {
    // Nothing of Flickr's has a number that does not fit.
    let photo = photo.parse().ok()?;
    let exactly: Vec<String> = to.iter().map(ToString::to_string).collect();
    let concerns = Concerns { exactly, ..Concerns::default() };
    (!to.is_empty()).then_some(Task { key: Key { photo, why }, concerns, element })
}
