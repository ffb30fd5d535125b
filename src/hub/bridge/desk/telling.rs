//! Who is told what of an answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::event_name::EventName;
use crate::hub::atom;
use crate::hub::bridge::desk::{APART, Desk, OPENED, Wished};
use crate::hub::bridge::merge::share;
use crate::hub::bridge::novelty::News;
use crate::hub::bridge::source::{Sense, Source};
use crate::hub::task::{Concerns, Key, Task, Why};
use crate::photo::{Change, Person, PhotoEvent};
use crate::store::bridge::Seen;

/// Photos of one answer that are told of at most; of more the newest.
const MOST: usize = 50;
/// What happened to somebody's contact longer ago is no beginning for a wall.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// What an answer comes to.
#[derive(Debug, Default)]
pub(in crate::hub::bridge) struct Told {
    pub(in crate::hub::bridge) tasks: Vec<Task>,
    /// What another hub should have brought, and when it happened.
    pub(in crate::hub::bridge) missed: Vec<(EventName, Timestamp)>,
}

impl Desk {
    /// A request was answered with these photos, the newest first; `full` says that there may be more behind them.
    pub(in crate::hub::bridge) fn answered(
        &mut self,
        request: &Source,
        page: Vec<PhotoEvent>,
        full: bool,
        now: Timestamp,
    ) -> Told {
        let parts = self.parts_of(request);
        let [first, _, ..] = parts.as_slice() else { return self.one_answered(request, page, full, now) };
        let known =
            |part: &Source| page.iter().any(|it| self.memories.get(part).is_some_and(|memory| memory.knows(it)));
        if full && !parts.iter().any(known) {
            tracing::info!(source = %first.call_name(), n = parts.len(), "one answer is too short for several: asked apart");
            let until = now.checked_add(APART).unwrap_or(Timestamp::MAX);
            self.apart.extend(parts.iter().map(|it| (it.clone(), until)));
        }
        let mut told = Told::default();
        for part in &parts {
            // Where one's own photos end, those of others may go on.
            let Told { tasks, missed } = self.one_answered(part, share(part, request, &page), true, now);
            told.tasks.extend(tasks);
            told.missed.extend(missed);
        }
        told
    }

    /// The same for one source.
    fn one_answered(&mut self, source: &Source, mut page: Vec<PhotoEvent>, full: bool, now: Timestamp) -> Told {
        if let Sense::Faved(nsid) = &source.sense {
            let fan = self.people.get(nsid).cloned();
            let fan = fan.unwrap_or_else(|| Person { nsid: Some(nsid.clone()), ..Person::default() });
            page.iter_mut().for_each(|it| it.faved_by = Some(fan.clone()));
        }
        let memory = self.memories.entry(source.clone()).or_default();
        let fresh = memory.is_fresh();
        let News { arrived, changed, missing, seen } = memory.compare(&page, full);
        for photo in &missing {
            self.shown.suspect(photo);
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
                    let at = page.get(*at).and_then(|it| source.sense.happened(it));
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
                let late = |at: &usize| {
                    page.get(*at).and_then(|it| source.sense.happened(it)).filter(|it| *it > since && *it <= now)
                };
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
            self.shown.add(&event.id, event.page.as_deref(), events.iter().cloned(), now);
            self.totals.found += 1;
            told.tasks.extend(task(&event.id, why, atom::element_of(event, word), &events));
        }
        for (at, what) in changed {
            let Some(event) = page.get(at) else { continue };
            let owner = event.owner.as_ref().and_then(|it| it.nsid.as_ref());
            let wanted = |it: &&EventName| {
                let only = self.wishes.get(*it).and_then(|it| it.wish.only());
                only.is_none_or(|only| owner.is_some_and(|it| only.contains(it)))
            };
            let events: Vec<_> = self.readers.get(source).into_iter().flatten().filter(wanted).cloned().collect();
            let plain = PhotoEvent { change: Change::Updated, faved_by: None, ..event.clone() };
            told.tasks.extend(task(&event.id, Why::Update(what), atom::element_of(&plain, what), &events));
        }
        told
    }

    /// A photo is gone for everybody: who was shown it is told.
    pub(in crate::hub::bridge) fn gone(&mut self, photo: &str, now: Timestamp) -> Option<Task> {
        let events: Vec<_> = self.shown.take(photo).into_iter().collect();
        self.memories.values_mut().for_each(|it| it.forget(photo));
        for unwritten in [&mut self.young, &mut self.old] {
            unwritten.retain(|it| it.photo != photo);
        }
        self.totals.gone += 1;
        task(photo, Why::Removed, atom::tombstone(photo, now), &events)
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
