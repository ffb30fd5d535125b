//! Tasks that wait a little, because a newer one may take their place.

use std::collections::{BTreeMap, HashMap};

use tokio::time::Instant;

use crate::hub::task::{Task, Why};

/// When a task is due, and a number that tells those of one moment apart.
type Slot = (Instant, u64);

/// A bounded line of tasks, the first to be due first.
#[derive(Debug)]
pub(super) struct Waiting {
    capacity: usize,
    tasks: BTreeMap<Slot, Task>,
    /// The slots of all that waits for a photo.
    photos: HashMap<u64, Vec<(Why, Slot)>>,
    next: u64,
}

/// What putting a task cost others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Tasks that this one replaced.
    pub swallowed: u64,
    /// Tasks for which there was no room any more.
    pub dropped: u64,
}

impl Waiting {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), tasks: BTreeMap::new(), photos: HashMap::new(), next: 0 }
    }

    /// Adds a task that is due at `due`. It takes the place and the time of one with an equal key; a removal takes all
    /// others of its photo away.
    ///
    /// Each element says all about its photo, and so the newest must be the last to go. Where others of the photo wait
    /// behind the one that is replaced, the new one is due with the last of them, and after it. The new one goes to
    /// the subscribers that the old one named exactly, too.
    pub(super) fn put(&mut self, mut task: Task, due: Instant) -> Cost {
        let mut cost = Cost::default();
        let of_photo = self.photos.entry(task.key.photo).or_default();
        if task.key.why == Why::Removed {
            of_photo.retain(|(why, slot)| {
                let stays = *why == Why::Removed;
                if !stays {
                    self.tasks.remove(slot);
                    cost.swallowed += 1;
                }
                stays
            });
        }
        let last = of_photo.iter().map(|(_, slot)| *slot).max();
        let mut slot = (due, self.next);
        self.next += 1;
        if let (Some(last), Some((_, older))) = (last, of_photo.iter_mut().find(|(why, _)| *why == task.key.why)) {
            // Two sources may have found the same for different subscribers.
            if let Some(older) = self.tasks.remove(older) {
                let more = older.concerns.exactly.into_iter().filter(|it| !task.concerns.exactly.contains(it));
                let more: Vec<_> = more.collect();
                task.concerns.exactly.extend(more);
            }
            slot = if *older == last { last } else { (last.0, slot.1) };
            *older = slot;
            cost.swallowed += 1;
        } else {
            of_photo.push((task.key.why.clone(), slot));
        }
        self.tasks.insert(slot, task);
        if self.tasks.len() > self.capacity && self.pop().is_some() {
            cost.dropped += 1;
        }
        cost
    }

    /// The oldest task, if its time has come.
    pub(super) fn due(&mut self, now: Instant) -> Option<Task> {
        if self.next()? <= now { self.pop() } else { None }
    }

    /// When the oldest is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.tasks.first_key_value().map(|((due, _), _)| *due)
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    fn pop(&mut self) -> Option<Task> {
        let (slot, task) = self.tasks.pop_first()?;
        if let Some(of_photo) = self.photos.get_mut(&task.key.photo) {
            of_photo.retain(|(_, it)| *it != slot);
            if of_photo.is_empty() {
                self.photos.remove(&task.key.photo);
            }
        }
        Some(task)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::hub::task::{Concerns, Key};

    fn task(photo: u64, why: Why, text: &str) -> Task {
        Task { key: Key { photo, why }, concerns: Concerns::default(), element: text.into() }
    }

    fn title(photo: u64, text: &str) -> Task {
        task(photo, Why::Update("title"), text)
    }

    fn at(ms: u64) -> Instant {
        // A fixed moment to count from; only differences matter.
        thread_local!(static ZERO: Instant = Instant::now());
        ZERO.with(|zero| *zero + Duration::from_millis(ms))
    }

    fn texts(waiting: &mut Waiting, now: Instant) -> Vec<String> {
        std::iter::from_fn(|| waiting.due(now)).map(|it| it.element.to_string()).collect()
    }

    #[test]
    fn ten_edits_go_once_with_the_last_state_when_the_first_was_due() {
        let mut waiting = Waiting::new(100);
        for edit in 0..10 {
            waiting.put(title(1, &edit.to_string()), at(700 + edit * 50));
        }
        assert!(waiting.due(at(699)).is_none());
        assert_eq!(texts(&mut waiting, at(700)), ["9"]);
        assert_eq!((waiting.len(), waiting.photos.len()), (0, 0));
    }

    #[test]
    fn the_newest_state_of_a_photo_is_the_last_to_go() {
        let mut waiting = Waiting::new(100);
        waiting.put(title(1, "old title"), at(700));
        waiting.put(task(1, Why::Update("tags"), "tags, with the old title"), at(800));
        waiting.put(title(2, "other"), at(900));
        waiting.put(title(1, "new title"), at(1000));
        assert_eq!(texts(&mut waiting, at(799)), [""; 0]);
        assert_eq!(texts(&mut waiting, at(800)), ["tags, with the old title", "new title"]);
        assert_eq!(texts(&mut waiting, at(900)), ["other"]);
    }

    #[test]
    fn a_removal_takes_away_what_waits_for_its_photo_and_nothing_else() {
        let mut waiting = Waiting::new(100);
        waiting.put(title(1, "title"), at(1));
        waiting.put(task(1, Why::Fave("a@N01".into()), "fave"), at(2));
        waiting.put(title(2, "other"), at(3));
        let cost = waiting.put(task(1, Why::Removed, "gone"), at(4));
        assert_eq!(cost, Cost { swallowed: 2, dropped: 0 });
        waiting.put(title(1, "back"), at(5));
        assert_eq!(texts(&mut waiting, at(9)), ["other", "gone", "back"]);
    }

    #[test]
    fn the_oldest_is_dropped_where_there_is_no_room() {
        let mut waiting = Waiting::new(2);
        let costs: Vec<u64> = (0..4).map(|n| waiting.put(title(n, &n.to_string()), at(n)).dropped).collect();
        assert_eq!(costs, [0, 0, 1, 1]);
        assert_eq!(texts(&mut waiting, at(9)), ["2", "3"]);
    }

    proptest! {
        /// The model: a plain list.
        #[test]
        fn it_does_what_a_plain_list_does(steps in prop::collection::vec((0_u64..4, 0_usize..4, any::<bool>()), 0..60)) {
            let whys = [Why::Removed, Why::Update("title"), Why::Update("tags"), Why::Fave("a@N01".into())];
            let (mut waiting, mut list) = (Waiting::new(6), Vec::<(Key, String)>::new());
            for (n, (photo, why, take)) in steps.into_iter().enumerate() {
                let new = task(photo, whys[why].clone(), &n.to_string());
                let (key, text) = (new.key.clone(), n.to_string());
                let before = list.len();
                if why == 0 {
                    list.retain(|(it, _)| it.photo != photo || it.why == Why::Removed);
                }
                let mut swallowed = (before - list.len()) as u64;
                match list.iter().position(|(it, _)| *it == key) {
                    Some(older) => {
                        let last = list.iter().rposition(|(it, _)| it.photo == photo).unwrap();
                        list.remove(older);
                        list.insert(last, (key, text));
                        swallowed += 1;
                    }
                    None => list.push((key, text)),
                }
                let dropped = u64::from(list.len() > 6);
                if dropped == 1 {
                    list.remove(0);
                }
                prop_assert_eq!(waiting.put(new, at(n as u64)), Cost { swallowed, dropped });
                if take && !list.is_empty() {
                    let (key, text) = list.remove(0);
                    let task = waiting.due(at(1000)).unwrap();
                    prop_assert_eq!((task.key, task.element.to_string()), (key, text));
                }
                prop_assert_eq!(waiting.len(), list.len());
            }
        }
    }
}
