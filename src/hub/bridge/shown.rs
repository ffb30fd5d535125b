//! What was shown in the last day: photos that may have to be taken off screens again.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::event_name::EventName;

/// Photos that are looked after at most; the oldest go first.
const MOST: usize = 5_000;
/// How long after it was shown.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Who was shown what, and when to look again.
#[derive(Debug)]
pub struct Shown {
    checks: Vec<Duration>,
    photos: HashMap<String, Showing>,
    agenda: BTreeSet<(Timestamp, String)>,
}

#[derive(Debug, Clone)]
struct Showing {
    since: Timestamp,
    events: BTreeSet<EventName>,
    /// Checks that were made.
    made: usize,
    due: Timestamp,
}

impl Shown {
    /// Nothing yet. A photo is looked at so long after it was shown.
    #[must_use]
    pub fn new(checks: Vec<Duration>) -> Self {
        Self { checks, photos: HashMap::new(), agenda: BTreeSet::new() }
    }

    /// A photo was shown to these.
    pub fn add(&mut self, photo: &str, events: impl IntoIterator<Item = EventName>, at: Timestamp) {
        let due = self.due(at, 0);
        let showing = self.photos.entry(photo.to_owned()).or_insert_with(|| {
            self.agenda.insert((due, photo.to_owned()));
            Showing { since: at, events: BTreeSet::new(), made: 0, due }
        });
        showing.events.extend(events);
        while self.photos.len() > MOST
            && let Some((_, oldest)) = self.agenda.pop_first()
        {
            self.photos.remove(&oldest);
        }
    }

    /// It is missing where it should be: it is looked at first.
    pub fn suspect(&mut self, photo: &str, now: Timestamp) {
        let Some(showing) = self.photos.get_mut(photo) else { return };
        self.agenda.remove(&(showing.due, photo.to_owned()));
        showing.due = showing.due.min(now);
        self.agenda.insert((showing.due, photo.to_owned()));
    }

    /// The photo to look at now. It counts as looked at, and comes again when its next time has come.
    pub fn next(&mut self, now: Timestamp) -> Option<String> {
        while let Some((due, photo)) = self.agenda.first().cloned() {
            if due > now {
                return None;
            }
            self.agenda.pop_first();
            let Some(mut showing) = self.photos.get(&photo).cloned() else { continue };
            if now.duration_since(showing.since) > A_DAY {
                self.photos.remove(&photo);
                continue;
            }
            // Those that were missed meanwhile are made up by this one.
            while showing.due <= now {
                showing.made += 1;
                showing.due = self.due(showing.since, showing.made);
            }
            self.agenda.insert((showing.due, photo.clone()));
            self.photos.insert(photo.clone(), showing);
            return Some(photo);
        }
        None
    }

    /// It is gone; those to whom it was shown.
    pub fn take(&mut self, photo: &str) -> BTreeSet<EventName> {
        let Some(showing) = self.photos.remove(photo) else { return BTreeSet::new() };
        self.agenda.remove(&(showing.due, photo.to_owned()));
        showing.events
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// The moment of check number `n`; after the last, when it is a day old and is forgotten.
    fn due(&self, since: Timestamp, n: usize) -> Timestamp {
        let after = self.checks.get(n).and_then(|it| SignedDuration::try_from(*it).ok());
        let after = after.unwrap_or(A_DAY + SignedDuration::from_secs(60 * (1 + i64::try_from(n).unwrap_or(0))));
        since.checked_add(after).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn names(names: &[&str]) -> Vec<EventName> {
        names.iter().map(|it| it.parse().unwrap()).collect()
    }

    #[test]
    fn a_photo_is_looked_at_some_times_in_its_day_and_then_forgotten() {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        let mut shown = Shown::new(vec![minutes(10), minutes(60)]);
        shown.add("1", names(&["a"]), at(0));
        shown.add("1", names(&["b"]), at(5));
        let looks: Vec<i64> = (0..3_000).filter(|minute| shown.next(at(*minute)).is_some()).collect();
        assert_eq!(looks, [10, 60]);
        assert!(shown.is_empty());
    }

    #[test]
    fn who_is_suspected_is_looked_at_first_and_all_who_were_shown_it_are_told() {
        let mut shown = Shown::new(Settings::default_checks());
        shown.add("1", names(&["a"]), at(0));
        shown.add("2", names(&["a", "b"]), at(1));
        assert_eq!(shown.next(at(2)), None);
        shown.suspect("2", at(2));
        shown.suspect("3", at(2));
        assert_eq!(shown.next(at(2)).as_deref(), Some("2"));
        assert_eq!(shown.next(at(2)), None, "once for each suspicion");
        assert_eq!(shown.take("2").into_iter().collect::<Vec<_>>(), names(&["a", "b"]));
        assert_eq!(shown.take("2").len(), 0);
        assert_eq!(shown.len(), 1);
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many() {
        let mut shown = Shown::new(vec![Duration::from_secs(600)]);
        for n in 0..=i64::try_from(MOST).unwrap() {
            shown.add(&n.to_string(), names(&["a"]), at(n));
        }
        assert_eq!(shown.len(), MOST);
        assert!(shown.take("0").is_empty() && !shown.take("1").is_empty());
    }

    struct Settings;
    impl Settings {
        fn default_checks() -> Vec<Duration> {
            crate::hub::bridge::Settings::default().checks
        }
    }
}
