//! What to ask next: a pure function of what was found lately, and of the time.
//!
//! Calls are the scarce thing. Each goes where it shortens most waiting: to the source of which most is to be expected
//! by now (`habit`), times what that is worth to those who wish it, times what it costs that they waited so long
//! (`worth`). A source that was just asked gains next to nothing, and one that nobody asked for long comes before all
//! others, in turn with those that were never asked. Nothing is asked oftener than each [`Pace::busiest`], nor seldomer
//! than each [`Pace::slowest`] unless a quarter of the budget does not serve all sources at that. Between two calls there
//! is always a gap: there is never a burst.

mod habit;
pub mod worth;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use habit::Habit;
use worth::{Claim, cost, weights};
pub use worth::{Need, Wanted, Wisher};

/// Milliseconds since some beginning.
pub type Millis = u64;

/// How fast it may go.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// The shortest interval, of a source that finds something all the time.
    pub busiest: Duration,
    /// The shortest interval of a source that found nothing lately.
    pub quiet: Duration,
    /// The shortest interval of a source that is asked only to see whether another hub is silent.
    pub backup: Duration,
    /// The longest interval.
    pub slowest: Duration,
    /// The interval of what is no news, such as whom somebody follows.
    pub routine: Duration,
    /// The shortest time between two calls.
    pub gap: Duration,
    /// How many calls an hour the sources get together.
    pub hourly: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            busiest: Duration::from_secs(15),
            quiet: Duration::from_secs(40),
            backup: Duration::from_secs(120),
            slowest: Duration::from_secs(1_800),
            routine: Duration::from_secs(1_800),
            gap: Duration::from_millis(1_090),
            hourly: 3_300.0,
        }
    }
}

/// How often the weights are worked out anew.
const BALANCE: Millis = 10_000;
/// Of the budget so much goes to sources for no other reason than that they were not asked for long.
const FOR_THE_LAST: f64 = 0.25;
/// What is only a backup counts so much less.
const BACKUP: f64 = 0.1;
/// Of so many calls one may be for what strangers alone wait for.
const GUESTS: Millis = 4;

/// Sources, and when each is due.
#[derive(Debug)]
pub struct Schedule<K> {
    pace: Pace,
    entries: HashMap<K, Entry>,
    wishers: Vec<Wisher>,
    /// Who was not asked for so long comes before all others.
    slowest: Millis,
    /// The last call was for one that was never asked before.
    began: bool,
    /// When what strangers alone wait for may be asked again.
    guests_from: Millis,
    last_call: Option<Millis>,
    held_until: Millis,
    balanced_at: Option<Millis>,
}

#[derive(Debug, Clone)]
struct Entry {
    claim: Claim,
    asked: Option<Millis>,
    /// When it was asked the time before.
    before: Option<Millis>,
    /// The time between the last two calls.
    every: Option<Millis>,
    /// Asked, and not answered yet.
    busy: bool,
    not_before: Millis,
    /// Failures in a row.
    failures: u32,
    /// What is to be expected of it.
    habit: Habit,
    /// It has told of the time before it was first asked.
    learned: bool,
    /// What each event of it counts.
    weight: f64,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next<K> {
    /// Ask this one.
    Ask(K),
    /// Nothing before that moment.
    Wait(Millis),
    /// Nothing at all.
    Nothing,
}

impl<K: Clone + Eq + Hash + Ord> Schedule<K> {
    /// Without sources.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let slowest = whole(pace.slowest);
        let (entries, wishers, began, guests_from) = (HashMap::new(), Vec::new(), false, 0);
        let (last_call, held_until, balanced_at) = (None, 0, None);
        Self { pace, entries, wishers, slowest, began, guests_from, last_call, held_until, balanced_at }
    }

    /// From now on these, each once; what is not among them any more is forgotten, and what is new is due at once.
    pub fn keep(&mut self, wanted: Wanted<K>, now: Millis) {
        let Wanted { sources, wishers } = wanted;
        let before = self.entries.len();
        self.entries.retain(|key, _| sources.contains_key(key));
        let mut changed = self.entries.len() != before || self.wishers != wishers;
        self.wishers = wishers;
        for (key, claim) in sources {
            match self.entries.get_mut(&key) {
                Some(entry) if entry.claim == claim => {}
                Some(entry) => (entry.claim, changed) = (claim, true),
                None => {
                    changed = true;
                    self.entries.insert(key, Entry::new(claim, now));
                }
            }
        }
        if changed {
            self.balanced_at = None;
        }
    }

    /// What to do at `now`. A source that is to be asked counts as asked from now on.
    pub fn next(&mut self, now: Millis) -> Next<K> {
        self.balance(now);
        let free = self.free_at();
        let mut first: Option<(Millis, &K)> = None;
        // Of equals the first, so that the order of a map decides nothing.
        let mut best: Option<((u8, f64), &K)> = None;
        let mut new: Option<(Reverse<usize>, Reverse<&K>)> = None;
        for (key, entry) in self.entries.iter().filter(|(_, it)| !it.busy) {
            let mut due = entry.due(now, &self.pace);
            if entry.claim.guest {
                due = due.max(self.guests_from);
            }
            if due > now {
                if first.is_none_or(|(at, _)| due < at) {
                    first = Some((due, key));
                }
            } else if entry.asked.is_none() {
                new = new.max(Some((Reverse(entry.claim.of), Reverse(key))));
            } else {
                let urgency = entry.urgency(now, self.slowest);
                if best.is_none_or(|(most, other)| urgency > most || (urgency >= most && key < other)) {
                    best = Some((urgency, key));
                }
            }
        }
        // Whoever brings a thousand sources at once takes every second call with them, and not all.
        let turn = new.map(|(_, Reverse(key))| key).filter(|_| !self.began || best.is_none());
        match (turn.or(best.map(|(_, key)| key)), first) {
            (Some(_), _) if free > now => Next::Wait(free),
            (Some(key), _) => {
                let key = key.clone();
                self.begin(&key, now);
                Next::Ask(key)
            }
            (None, Some((due, _))) => Next::Wait(due.max(free)),
            (None, None) => Next::Nothing,
        }
    }

    fn begin(&mut self, key: &K, now: Millis) {
        self.last_call = Some(now);
        let Some(entry) = self.entries.get_mut(key) else { return };
        self.began = entry.asked.is_none();
        entry.every = entry.asked.map(|before| now.saturating_sub(before));
        (entry.busy, entry.before, entry.asked) = (true, entry.asked, Some(now));
        if entry.claim.guest {
            self.guests_from = now.saturating_add(GUESTS * whole(self.pace.gap));
        }
    }

    /// Whether a call that is in no schedule may be made now; then it counts.
    pub fn squeeze_in(&mut self, now: Millis) -> bool {
        let free = self.free_at() <= now;
        if free {
            self.last_call = Some(now);
        }
        free
    }

    /// Whether a source is still to tell of the time before it was first asked.
    #[must_use]
    pub fn is_to_tell(&self, key: &K) -> bool {
        self.entries.get(key).is_some_and(|it| !it.learned)
    }

    /// What an answer tells of the past: how long ago each of its events was. `full` says that older ones may be missing.
    pub fn learn(&mut self, key: &K, ages: impl IntoIterator<Item = Duration>, full: bool, now: Millis) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        let ages: Vec<f64> = ages.into_iter().map(|it| it.as_secs_f64() * 1e3).collect();
        entry.habit.learn(&ages, full, now);
        entry.learned = true;
        self.balanced_at = None;
    }

    /// A source answered, with so many events that are new.
    pub fn answered(&mut self, key: &K, found: usize, now: Millis) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        (entry.busy, entry.failures, entry.not_before) = (false, 0, 0);
        for _ in 0..found {
            entry.habit.note(millis(now), now);
        }
    }

    /// A source failed: it is left alone for `pause`, or longer each time.
    pub fn failed(&mut self, key: &K, pause: Duration, now: Millis) {
        let slowest = self.pace.slowest;
        let Some(entry) = self.entries.get_mut(key) else { return };
        entry.failures += 1;
        entry.busy = false;
        let doubled = pause.saturating_mul(1 << (entry.failures - 1).min(10));
        entry.not_before = now.saturating_add(whole(doubled.min(slowest).max(pause)));
    }

    /// It was not asked after all: it is due as before, when the schedule is free again.
    pub fn put_back(&mut self, key: &K) {
        if let Some(entry) = self.entries.get_mut(key) {
            (entry.busy, entry.asked) = (false, entry.before);
        }
    }

    /// Nobody is asked before `until`.
    pub fn hold(&mut self, until: Millis) {
        self.held_until = self.held_until.max(until);
    }

    /// Until when nobody is asked, when that is to come.
    #[must_use]
    pub fn held(&self, now: Millis) -> Option<Millis> {
        Some(self.held_until).filter(|it| *it > now)
    }

    /// The time between the last two calls of a source, once there were two.
    #[must_use]
    pub fn interval(&self, key: &K) -> Option<Duration> {
        self.entries.get(key)?.every.map(Duration::from_millis)
    }

    /// How many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn free_at(&self) -> Millis {
        let gap = self.last_call.map_or(0, |at| at.saturating_add(whole(self.pace.gap)));
        gap.max(self.held_until)
    }

    /// Works out what each is worth, and who has waited too long.
    fn balance(&mut self, now: Millis) {
        if self.balanced_at.is_some_and(|at| now < at.saturating_add(BALANCE)) {
            return;
        }
        self.balanced_at = Some(now);
        let claims: Vec<_> = self.entries.values().map(|it| (&it.claim, it.habit.daily(now))).collect();
        let weights = weights(&claims, &self.wishers);
        for (entry, weight) in self.entries.values_mut().zip(weights) {
            entry.weight = if entry.claim.need == Need::Backup { BACKUP * weight } else { weight };
        }
        // More sources than some of the budget serves at the longest interval: then the least active wait longer.
        #[expect(clippy::cast_precision_loss, reason = "there are some thousand sources at most")]
        let n = self.entries.len() as f64;
        let stretched = Duration::from_secs_f64(n * 3_600.0 / (self.pace.hourly * FOR_THE_LAST).max(1.0));
        self.slowest = whole(self.pace.slowest.max(stretched));
    }
}

impl Entry {
    fn new(claim: Claim, now: Millis) -> Self {
        let (asked, before, every, habit) = (None, None, None, Habit::new(now));
        Self {
            claim,
            asked,
            before,
            every,
            busy: false,
            not_before: 0,
            failures: 0,
            habit,
            learned: false,
            weight: 0.0,
        }
    }

    /// When it may be asked.
    fn due(&self, now: Millis, pace: &Pace) -> Millis {
        let after = self.asked.map_or(0, |at| at.saturating_add(self.shortest(now, pace)));
        after.max(self.not_before)
    }

    /// The shortest interval: between [`Pace::quiet`] and [`Pace::busiest`], by what it brought in the last minutes.
    fn shortest(&self, now: Millis, pace: &Pace) -> Millis {
        match self.claim.need {
            Need::Backup => whole(pace.backup),
            Need::Routine => whole(pace.routine),
            Need::Served => {
                let (quiet, busiest) = (pace.quiet.as_secs_f64(), pace.busiest.as_secs_f64());
                // One event a moment ago is half the way.
                let sitting = self.habit.sitting(now);
                let seconds = quiet - (quiet - busiest) * (sitting / (sitting + 1.0));
                whole(Duration::from_secs_f64(seconds.max(0.0)))
            }
        }
        .max(1)
    }

    /// How much it is to be asked: first what has a fixed interval, then who was not asked for so long as `slowest`.
    fn urgency(&self, now: Millis, slowest: Millis) -> (u8, f64) {
        let waited = now.saturating_sub(self.asked.unwrap_or_default());
        match self.claim.need {
            Need::Routine => (2, millis(waited)),
            _ if waited >= slowest => (1, millis(waited)),
            _ => (0, self.weight * self.habit.expected(now) * cost(Duration::from_millis(waited))),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a process's life fit a float's 53 bits")]
fn millis(span: Millis) -> f64 {
    span as f64
}

fn whole(span: Duration) -> Millis {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
