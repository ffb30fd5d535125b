//! What was shown in the last day: photos that may have to be taken off screens again.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::event_name::EventName;
use crate::store::shown::Kept;

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
    /// Those of which something has changed since it was last [taken](Self::take_changes).
    changed: BTreeSet<String>,
    /// Those that are looked at before all others, each once.
    suspects: VecDeque<String>,
}

#[derive(Debug, Clone)]
struct Showing {
    since: Timestamp,
    events: BTreeSet<EventName>,
    /// Its page at Flickr.
    page: Option<String>,
    /// Checks that were made.
    made: usize,
    due: Timestamp,
}

impl Shown {
    /// Nothing yet. A photo is looked at so long after it was shown.
    #[must_use]
    pub fn new(checks: Vec<Duration>) -> Self {
        Self {
            checks,
            photos: HashMap::new(),
            agenda: BTreeSet::new(),
            changed: BTreeSet::new(),
            suspects: VecDeque::new(),
        }
    }

    /// What was shown before a restart.
    pub fn restore(&mut self, kept: Vec<Kept>) {
        for Kept { photo, since, made, page, events } in kept {
            let made = usize::try_from(made).unwrap_or(0);
            let (due, events) = (self.due(since, made), events.split(' ').filter_map(|it| it.parse().ok()).collect());
            self.agenda.insert((due, photo.clone()));
            self.photos.insert(photo, Showing { since, events, page, made, due });
        }
    }

    /// What is to be written down: photos as they are now, and those that are looked after no longer.
    pub fn take_changes(&mut self) -> (Vec<Kept>, Vec<String>) {
        let (mut kept, mut over) = (Vec::new(), Vec::new());
        for photo in std::mem::take(&mut self.changed) {
            let Some(it) = self.photos.get(&photo) else {
                over.push(photo);
                continue;
            };
            let events = it.events.iter().map(EventName::as_str).collect::<Vec<_>>().join(" ");
            let (since, made, page) = (it.since, u32::try_from(it.made).unwrap_or(u32::MAX), it.page.clone());
            kept.push(Kept { photo, since, made, page, events });
        }
        (kept, over)
    }

    /// A photo was shown to these; `page` is its page at Flickr.
    pub fn add(&mut self, photo: &str, page: Option<&str>, events: impl IntoIterator<Item = EventName>, at: Timestamp) {
        let due = self.due(at, 0);
        let showing = self.photos.entry(photo.to_owned()).or_insert_with(|| {
            self.agenda.insert((due, photo.to_owned()));
            Showing { since: at, events: BTreeSet::new(), page: page.map(str::to_owned), made: 0, due }
        });
        showing.events.extend(events);
        self.changed.insert(photo.to_owned());
        while self.photos.len() > MOST
            && let Some((_, oldest)) = self.agenda.pop_first()
        {
            self.photos.remove(&oldest);
            self.changed.insert(oldest);
        }
    }

    /// Its page at Flickr.
    #[must_use]
    pub fn page(&self, photo: &str) -> Option<&str> {
        self.photos.get(photo)?.page.as_deref()
    }

    /// It is missing where it should be: it is looked at before all others.
    pub fn suspect(&mut self, photo: &str) {
        if self.photos.contains_key(photo) && !self.suspects.iter().any(|it| it == photo) {
            self.suspects.push_back(photo.to_owned());
        }
    }

    /// Nobody could say whether it is there: it is looked at once more in a minute.
    pub fn again(&mut self, photo: &str, now: Timestamp) {
        let Some(showing) = self.photos.get_mut(photo) else { return };
        self.agenda.remove(&(showing.due, photo.to_owned()));
        showing.due = showing.due.min(now.checked_add(SignedDuration::from_mins(1)).unwrap_or(now));
        self.agenda.insert((showing.due, photo.to_owned()));
    }

    /// The photo to look at now. It counts as looked at, and comes again when its next time has come.
    pub fn next(&mut self, now: Timestamp) -> Option<String> {
        while let Some(photo) = self.suspects.pop_front() {
            if self.photos.contains_key(&photo) {
                return Some(photo);
            }
        }
        while let Some((due, photo)) = self.agenda.first().cloned() {
            if due > now {
                return None;
            }
            self.agenda.pop_first();
            let Some(mut showing) = self.photos.get(&photo).cloned() else { continue };
            self.changed.insert(photo.clone());
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
        self.changed.insert(photo.to_owned());
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
        shown.add("1", None, names(&["a"]), at(0));
        shown.add("1", None, names(&["b"]), at(5));
        let looks: Vec<i64> = (0..3_000).filter(|minute| shown.next(at(*minute)).is_some()).collect();
        assert_eq!(looks, [10, 60]);
        assert!(shown.is_empty());
    }

    #[test]
    fn who_is_suspected_is_looked_at_first_and_all_who_were_shown_it_are_told() {
        let mut shown = Shown::new(Settings::default_checks());
        shown.add("1", None, names(&["a"]), at(0));
        shown.add("2", None, names(&["a", "b"]), at(1));
        assert_eq!(shown.next(at(2)), None);
        shown.suspect("2");
        shown.suspect("2");
        shown.suspect("3");
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
            shown.add(&n.to_string(), None, names(&["a"]), at(n));
        }
        assert_eq!(shown.len(), MOST);
        assert!(shown.take("0").is_empty() && !shown.take("1").is_empty());
    }

    #[test]
    fn what_is_written_down_brings_all_of_it_back() {
        let minutes = |n: u64| Duration::from_secs(60 * n);
        let mut shown = Shown::new(vec![minutes(10), minutes(60)]);
        shown.add("1", Some("https://www.flickr.com/photos/a/1/"), names(&["a", "b"]), at(0));
        shown.add("2", None, names(&["b"]), at(30));
        assert_eq!(shown.next(at(10)).as_deref(), Some("1"));
        let (kept, over) = shown.take_changes();
        assert_eq!((kept.len(), over.len()), (2, 0));
        assert_eq!(shown.take_changes(), (vec![], vec![]), "once");
        let mut again = Shown::new(vec![minutes(10), minutes(60)]);
        again.restore(kept);
        assert_eq!(again.page("1"), Some("https://www.flickr.com/photos/a/1/"));
        let looks: Vec<_> = (0..100).filter_map(|minute| Some((minute, again.next(at(minute))?))).collect();
        assert_eq!(looks, [(40, "2".to_owned()), (60, "1".to_owned()), (90, "2".to_owned())], "where it left off");
        assert_eq!(again.take("1").into_iter().collect::<Vec<_>>(), names(&["a", "b"]));
        assert_eq!(again.take_changes().1, ["1"], "what is gone is kept no longer");
    }

    struct Settings;
    impl Settings {
        fn default_checks() -> Vec<Duration> {
            crate::hub::bridge::Settings::default().checks
        }
    }
}
