//! What happened lately, for those who ask in place of waiting.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use crate::hub::engine::duty::Id;
use crate::hub::engine::index::Index;
use crate::hub::engine::subscription::Interest;
use crate::hub::task::{Task, Why};

/// The latest tasks, a bounded number, the oldest first.
#[derive(Debug)]
pub(super) struct Recent {
    capacity: usize,
    tasks: VecDeque<Task>,
}

impl Recent {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, tasks: VecDeque::new() }
    }

    /// Notes a task. Of a photo that is gone nothing is kept.
    pub(super) fn note(&mut self, task: Task) {
        if task.key.why == Why::Removed {
            self.tasks.retain(|it| it.key.photo != task.key.photo);
            return;
        }
        self.tasks.push_back(task);
        if self.tasks.len() > self.capacity {
            self.tasks.pop_front();
        }
    }

    /// The newest entries of what concerns somebody with no account and this interest, or was for one of these
    /// subscribers; the newest first, each photo once.
    pub(super) fn newest(&self, subscribers: &[&str], interest: &Interest, count: usize) -> Vec<Arc<str>> {
        let mut index = Index::default();
        for (id, subscriber) in (0..).zip([""].iter().chain(subscribers)) {
            index.insert(Id(id), subscriber, interest);
        }
        let mut seen = HashSet::new();
        let of_interest = self.tasks.iter().rev().filter(|it| !index.find(&it.concerns).is_empty());
        of_interest.filter(|it| seen.insert(it.key.photo)).take(count).map(|it| it.element.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::task::{Concerns, Key};
    use crate::topic::{Kind, Topic};

    fn task(photo: u64, why: Why, tag: &str, text: &str) -> Task {
        let concerns = Concerns { tags: vec![tag.into()], ..Concerns::default() };
        Task { key: Key { photo, why }, concerns, element: text.into() }
    }

    fn texts(recent: &Recent, tag: &str, count: usize) -> Vec<String> {
        let interest = Interest::Topic(Topic::tags([tag]).unwrap());
        recent.newest(&[], &interest, count).iter().map(|it| it.to_string()).collect()
    }

    #[test]
    fn the_newest_word_on_each_photo_is_kept_while_the_photo_is_there() {
        let mut recent = Recent::new(5);
        recent.note(task(1, Why::Update("created"), "cat", "one"));
        recent.note(task(2, Why::Update("created"), "dog", "two"));
        recent.note(task(3, Why::Update("created"), "cat", "three"));
        recent.note(task(1, Why::Update("title"), "cat", "one, retitled"));
        assert_eq!(texts(&recent, "cat", 9), ["one, retitled", "three"]);
        assert_eq!(texts(&recent, "cat", 1), ["one, retitled"]);
        recent.note(task(1, Why::Removed, "cat", "gone"));
        assert_eq!(texts(&recent, "cat", 9), ["three"]);
        (4..9).for_each(|photo| recent.note(task(photo, Why::Update("created"), "cat", &photo.to_string())));
        assert_eq!(texts(&recent, "cat", 9), ["8", "7", "6", "5", "4"]);
        assert_eq!(texts(&recent, "dog", 9), [""; 0]);
    }

    #[test]
    fn what_was_for_the_subscribers_of_a_topic_alone_stands_in_its_feed() {
        let mut recent = Recent::new(5);
        let concerns = Concerns { exactly: vec!["guest-1".into()], ..Concerns::default() };
        recent.note(Task { key: Key { photo: 1, why: Why::Update("created") }, concerns, element: "one".into() });
        let interest = Interest::Topic(Topic::tags(["cat"]).unwrap());
        assert_eq!(recent.newest(&["guest-1"], &interest, 9).len(), 1);
        assert_eq!(recent.newest(&["guest-2"], &interest, 9).len(), 0);
        assert_eq!(recent.newest(&[], &interest, 9).len(), 0);
    }

    #[test]
    fn what_concerns_accounts_only_is_shown_to_nobody() {
        let mut recent = Recent::new(5);
        let concerns = Concerns { accounts: vec![(Kind::MyFaves, "1@N01".into())], ..Concerns::default() };
        recent.note(Task { concerns, ..task(1, Why::Update("created"), "cat", "private") });
        assert_eq!(recent.newest(&[], &Interest::Topic(Topic::MyFaves), 9).len(), 0);
        assert_eq!(texts(&recent, "cat", 9).len(), 0);
    }
}
