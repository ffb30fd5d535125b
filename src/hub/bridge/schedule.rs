//! What to ask next: a pure function of what was found lately, and of the time.
//!
//! Calls are the scarce thing. Each source gets as many of them as the square root of what it brought lately is worth:
//! that spends a budget where it shortens the wait of the most events. Nothing is asked oftener than each
//! [`Pace::busiest`], and seldomer than each [`Pace::slowest`] only when there are more sources than the budget serves at
//! that. Between two calls there is always a gap, so that there is never a burst.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

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
    /// How long what was found counts as lately.
    pub lately: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            busiest: Duration::from_secs(15),
            quiet: Duration::from_secs(40),
            backup: Duration::from_secs(120),
            slowest: Duration::from_secs(1_800),
            routine: Duration::from_secs(1_800),
            gap: Duration::from_millis(1_210),
            hourly: 2_900.0,
            lately: Duration::from_secs(6 * 3_600),
        }
    }
}

/// Why a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It is no news: at a fixed interval.
    Routine,
    /// Another hub should bring the same: only to see whether it does.
    Backup,
    /// Somebody waits for it.
    Served,
}

/// What each source counts for beside what it brought, in events: the more, the more alike they are asked. Found by
/// `benches/bridge_day.rs`: less spoils the 99th percentile of those that are seldom active, more that of the busiest.
const PRIOR: f64 = 1.0;
/// How often the intervals are worked out anew.
const BALANCE: Millis = 5_000;

/// Sources, and when each is due.
#[derive(Debug)]
pub struct Schedule<K> {
    pace: Pace,
    entries: HashMap<K, Entry>,
    last_call: Option<Millis>,
    held_until: Millis,
    balanced_at: Option<Millis>,
}

#[derive(Debug, Clone)]
struct Entry {
    need: Need,
    asked: Option<Millis>,
    /// Asked, and not answered yet.
    busy: bool,
    not_before: Millis,
    /// Failures in a row.
    failures: u32,
    /// Events that it brought lately: each counts 1 when it comes, and less and less afterwards.
    activity: f64,
    activity_at: Millis,
    interval: f64,
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
        Self { pace, entries: HashMap::new(), last_call: None, held_until: 0, balanced_at: None }
    }

    /// From now on these, each once; what is not among them any more is forgotten, and what is new is due at once.
    pub fn keep(&mut self, wanted: &HashMap<K, Need>, now: Millis) {
        let before = self.entries.len();
        self.entries.retain(|key, _| wanted.contains_key(key));
        let mut changed = self.entries.len() != before;
        for (key, need) in wanted {
            let entry = self.entries.entry(key.clone()).or_insert_with(|| {
                changed = true;
                Entry {
                    need: *need,
                    asked: None,
                    busy: false,
                    not_before: 0,
                    failures: 0,
                    activity: 0.0,
                    activity_at: now,
                    interval: 0.0,
                }
            });
            changed |= entry.need != *need;
            entry.need = *need;
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
        let mut best: Option<(f64, &K)> = None;
        for (key, entry) in self.entries.iter().filter(|(_, it)| !it.busy) {
            let due = entry.due();
            if due > now {
                if first.is_none_or(|(at, _)| due < at) {
                    first = Some((due, key));
                }
                continue;
            }
            // The longest overdue for its interval; who was never asked comes before all others. Of equals the first.
            let late = entry.asked.map_or(f64::INFINITY, |at| millis(now - at.min(now)) / entry.interval.max(1.0));
            if best.is_none_or(|(most, other)| late > most || (late >= most && key < other)) {
                best = Some((late, key));
            }
        }
        match (best, first) {
            (Some(_), _) if free > now => Next::Wait(free),
            (Some((_, key)), _) => {
                let key = key.clone();
                if let Some(entry) = self.entries.get_mut(&key) {
                    (entry.busy, entry.asked) = (true, Some(now));
                }
                self.last_call = Some(now);
                Next::Ask(key)
            }
            (None, Some((due, _))) => Next::Wait(due.max(free)),
            (None, None) => Next::Nothing,
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

    /// A source answered, with so many events that are new.
    pub fn answered(&mut self, key: &K, found: usize, now: Millis) {
        let lately = self.pace.lately.as_secs_f64() * 1e3;
        let Some(entry) = self.entries.get_mut(key) else { return };
        (entry.busy, entry.failures, entry.not_before) = (false, 0, 0);
        #[expect(clippy::cast_precision_loss, reason = "a page has some hundred items at most")]
        let found = found as f64;
        entry.activity = entry.lately(now, lately) + found;
        entry.activity_at = now;
        if found > 0.0 {
            // The next comes soon, whatever it was thought before.
            entry.interval = entry.interval.min(shortest(entry, &self.pace));
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
            (entry.busy, entry.asked) = (false, None);
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

    /// How often a source is asked at present.
    #[must_use]
    pub fn interval(&self, key: &K) -> Option<Duration> {
        self.entries.get(key).map(|it| Duration::from_secs_f64((it.interval / 1e3).max(0.0)))
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

    /// Works the intervals out: rates in proportion to the roots of what each brought, within each one's bounds, so that
    /// they add up to the budget.
    fn balance(&mut self, now: Millis) {
        if self.balanced_at.is_some_and(|at| now < at.saturating_add(BALANCE)) {
            return;
        }
        self.balanced_at = Some(now);
        let Self { pace, entries, .. } = self;
        let lately = pace.lately.as_secs_f64() * 1e3;
        for entry in entries.values_mut() {
            entry.activity = entry.lately(now, lately);
            entry.activity_at = now;
        }
        let slow = 1.0 / (pace.slowest.as_secs_f64() * 1e3).max(1.0);
        let budget = pace.hourly / 3.6e6;
        let routine: f64 = 1.0 / (pace.routine.as_secs_f64() * 1e3).max(1.0);
        let n_routine = entries.values().filter(|it| it.need == Need::Routine).count();
        #[expect(clippy::cast_precision_loss, reason = "there are some thousand sources at most")]
        let left = (budget - routine * n_routine as f64).max(budget / 10.0);
        let rate = |entry: &Entry, worth: f64| {
            let fastest = 1.0 / shortest(entry, pace);
            (worth * (entry.activity + PRIOR).sqrt()).clamp(slow.min(fastest), fastest)
        };
        let sum = |worth: f64| -> f64 {
            entries.values().filter(|it| it.need != Need::Routine).map(|it| rate(it, worth)).sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..48 {
            let middle = f64::midpoint(low, high);
            if sum(middle) > left {
                high = middle;
            } else {
                low = middle;
            }
        }
        // More sources than the budget serves at the longest interval: then each waits longer.
        let stretch = (sum(low) / left).max(1.0);
        let intervals: Vec<f64> = entries.values().map(|it| stretch / rate(it, low)).collect();
        for (entry, interval) in entries.values_mut().zip(intervals) {
            entry.interval = if entry.need == Need::Routine { 1.0 / routine } else { interval };
        }
    }
}

impl Entry {
    fn due(&self) -> Millis {
        let after = self.asked.map_or(0, |at| at.saturating_add(rounded(self.interval)));
        after.max(self.not_before)
    }

    fn lately(&self, now: Millis, lately: f64) -> f64 {
        self.activity * (-millis(now - self.activity_at.min(now)) / lately.max(1.0)).exp()
    }
}

/// The shortest interval of a source, in milliseconds: between [`Pace::quiet`] and [`Pace::busiest`], by what it brought.
fn shortest(entry: &Entry, pace: &Pace) -> f64 {
    let ms = |it: Duration| it.as_secs_f64() * 1e3;
    match entry.need {
        Need::Backup => ms(pace.backup),
        Need::Routine => ms(pace.routine),
        Need::Served => {
            let (quiet, busiest) = (ms(pace.quiet), ms(pace.busiest));
            // One event lately is half the way.
            quiet - (quiet - busiest) * (entry.activity / (entry.activity + 1.0))
        }
    }
    .max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a process's life fit a float's 53 bits")]
fn millis(span: Millis) -> f64 {
    span as f64
}

fn whole(span: Duration) -> Millis {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an interval is positive, and of hours at most"
)]
fn rounded(ms: f64) -> Millis {
    ms as u64
}

#[cfg(test)]
mod tests;
