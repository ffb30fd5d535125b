//! All that the bridge knows: wishes, the requests that find them, and what these have shown. Nothing here waits.

pub(super) mod telling;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::event_name::EventName;
use crate::flickr::Validators;
use crate::hub::bridge::merge::{self, requests};
use crate::hub::bridge::novelty::Memory;
use crate::hub::bridge::schedule::{Need, Schedule, Wanted, Wisher};
use crate::hub::bridge::shown::Shown;
use crate::hub::bridge::source::{Around, Sense, Source, sources};
use crate::hub::bridge::{Settings, Wish};
use crate::photo::Person;
use crate::store::bridge::Seen;

/// How long sources are asked by themselves whose common answer was too short.
const APART: SignedDuration = SignedDuration::from_hours(1);
/// What was seen is kept in memory alone, until it is delivered, as long as it is not more.
const UNWRITTEN: usize = 20_000;
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
    /// Requests, and the sources that each serves.
    requests: BTreeMap<Source, Vec<Source>>,
    /// Those sources that are asked with others, and by which request.
    merged: HashMap<Source, Source>,
    /// Sources that are asked by themselves until then.
    apart: HashMap<Source, Timestamp>,
    pub(super) memories: HashMap<Source, Memory>,
    pub(super) validators: HashMap<Source, Validators>,
    pub(super) reports: HashMap<Source, Report>,
    /// Since when each source is wanted.
    pub(super) wanted_since: HashMap<Source, Timestamp>,
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
    /// Failures in a row, and of which requests.
    pub(super) failures: u32,
    pub(super) failing: HashSet<Source>,
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

impl Desk {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            few: settings.few,
            shown_by_hand: Vec::new(),
            wishes: BTreeMap::new(),
            schedule: Schedule::new(settings.pace.clone()),
            readers: HashMap::new(),
            requests: BTreeMap::new(),
            merged: HashMap::new(),
            apart: HashMap::new(),
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
            failing: HashSet::new(),
            wanted_since: HashMap::new(),
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
    pub(super) fn serve(
        &mut self,
        wishes: Vec<Wish>,
        keyed: bool,
        permitted: &HashSet<String>,
        now: Timestamp,
        at: u64,
    ) {
        let mut kept = std::mem::take(&mut self.wishes);
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
        let followers: HashSet<&str> = self.wishes.values().map(|it| it.wish.account.as_str()).collect();
        self.contacts.retain(|account, _| followers.contains(account.as_str()));
        self.memories.retain(|it, _| self.readers.contains_key(it));
        self.reports.retain(|it, _| self.readers.contains_key(it));
        self.wanted_since.retain(|it, _| self.readers.contains_key(it));
        for source in self.readers.keys() {
            self.wanted_since.entry(source.clone()).or_insert(now);
        }
        self.apart.retain(|it, until| self.readers.contains_key(it) && *until > now);
        self.merge();
        self.validators.retain(|it, _| self.requests.contains_key(it));
        let wanted = self.wanted();
        self.schedule.keep(wanted, at);
    }

    /// Works out which requests serve all sources.
    fn merge(&mut self) {
        // Who has shown nothing yet begins with an answer of its own, and while one begins nobody else joins others, so
        // that requests are not put together anew with each answer.
        let begun = |it: &Source| self.memories.get(it).is_some_and(|it| !it.is_fresh());
        let begins = |it: &&Source| {
            let well = self.reports.get(*it).is_none_or(|it| it.trouble.is_none());
            merge::may_join(it) && well && !begun(it)
        };
        let beginning = self.readers.keys().any(|it| begins(&it));
        let alone =
            |it: &Source| !begun(it) || self.apart.contains_key(it) || (beginning && !self.merged.contains_key(it));
        let requests = requests(self.readers.keys(), alone);
        let shared = requests.iter().filter(|(_, parts)| parts.len() > 1);
        self.merged = shared.flat_map(|(it, parts)| parts.iter().map(|part| (part.clone(), it.clone()))).collect();
        self.requests = requests;
    }

    /// What the schedule is to know of all wishes.
    fn wanted(&self) -> Wanted<Source> {
        let mut wanted = Wanted::default();
        for Wished { wish, sources, .. } in self.wishes.values() {
            let (routine, news): (Vec<_>, Vec<_>) = sources.iter().partition(|it| it.sense == Sense::Contacts);
            routine.into_iter().for_each(|it| wanted.routine(it.clone()));
            let asked: HashSet<Source> = news.into_iter().map(|it| self.request_of(it).clone()).collect();
            let need = if wish.backup { Need::Backup } else { Need::Served };
            let (topic, owner, guest) = (wish.interest.name(), wish.owner().to_owned(), wish.guest);
            wanted.wish(Wisher { topic, owner, need, guest }, asked);
        }
        wanted
    }

    /// The request that serves a source: itself, unless it is asked with others.
    pub(super) fn request_of<'s>(&'s self, source: &'s Source) -> &'s Source {
        self.merged.get(source).unwrap_or(source)
    }

    /// The sources that a request serves.
    pub(super) fn parts_of(&self, request: &Source) -> Vec<Source> {
        self.requests.get(request).cloned().unwrap_or_default()
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

    /// Whether there is so much to be written down that it is not kept back any longer.
    pub(super) fn has_much_unwritten(&self) -> bool {
        self.old.len() + self.young.len() > UNWRITTEN
    }

    /// What was seen some time ago, to be written down now.
    pub(super) fn take_unwritten(&mut self) -> Vec<Seen> {
        let mut written = std::mem::take(&mut self.old);
        self.old = std::mem::take(&mut self.young);
        written.sort_by(|a, b| a.source.cmp(&b.source));
        written
    }

    /// A request was refused.
    pub(super) fn trouble(&mut self, request: &Source, sentence: &str) {
        for part in self.parts_of(request) {
            self.reports.entry(part).or_default().trouble = Some(sentence.to_owned());
        }
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
