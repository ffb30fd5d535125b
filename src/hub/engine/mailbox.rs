//! What one subscription is still to get.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::hub::engine::bucket::Bucket;
use crate::hub::engine::lanes::Speed;
use crate::hub::engine::settings::Settings;

/// One entry or tombstone.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// The photo's number.
    pub photo: u64,
    /// Ready for a feed, and shared by all subscriptions.
    pub xml: Arc<str>,
}

/// A bounded queue, the delivery that is being tried, and when the next may go.
#[derive(Debug)]
pub(super) struct Mailbox {
    queue: VecDeque<Element>,
    capacity: usize,
    /// The delivery that was sent and is not accepted yet.
    bundle: Vec<Element>,
    /// A delivery that waits until the one after it was sent, and the moment at which it goes without one.
    aside: Option<(Instant, Vec<Element>)>,
    bucket: Bucket,
    /// When `bundle` was refused for the first time.
    refused_since: Option<Instant>,
    not_before: Option<Instant>,
    /// Refusals in a row.
    pub failures: u32,
    /// Whether a delivery is in a lane or under way. There is one at a time.
    pub busy: bool,
    /// `bundle` had its chance to meet a fault.
    pub spared: bool,
    /// How its callback answered the last time.
    pub speed: Speed,
}

impl Mailbox {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            queue: VecDeque::new(),
            capacity: settings.queue.max(1),
            bundle: Vec::new(),
            aside: None,
            bucket: Bucket::new(settings.burst, settings.refill),
            refused_since: None,
            not_before: None,
            failures: 0,
            busy: false,
            spared: false,
            speed: Speed::Fast,
        }
    }

    /// How many elements are in it, those that are under way included.
    pub(super) fn len(&self) -> usize {
        self.queue.len() + self.bundle.len() + self.aside.as_ref().map_or(0, |(_, it)| it.len())
    }

    /// Adds an element. True when the oldest was dropped to make room for it.
    pub(super) fn put(&mut self, element: Element) -> bool {
        let full = self.queue.len() == self.capacity;
        if full {
            self.queue.pop_front();
        }
        self.queue.push_back(element);
        full
    }

    /// Everything that waits is gone; the limit and the pauses stay.
    pub(super) fn clear(&mut self) {
        self.queue.clear();
        self.aside = None;
        self.done();
    }

    /// When the next delivery may go; `None` when there is nothing.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let ready = if self.bundle.is_empty() && self.queue.is_empty() { self.aside.as_ref()?.0 } else { now };
        Some(self.bucket.next(now).max(ready).max(self.not_before.unwrap_or(now)))
    }

    /// What goes next, at most `size` elements: first what was refused, then what came since.
    pub(super) fn gather(&mut self, size: usize, now: Instant) -> &[Element] {
        if self.bundle.is_empty()
            && self.queue.is_empty()
            && self.aside.as_ref().is_some_and(|(until, _)| *until <= now)
        {
            self.bring_back();
        }
        let room = size.max(1).saturating_sub(self.bundle.len()).min(self.queue.len());
        self.bundle.extend(self.queue.drain(..room));
        &self.bundle
    }

    /// Uses up one delivery of the limit.
    pub(super) fn spend(&mut self, now: Instant) {
        self.bucket.take(now);
    }

    /// Nothing goes for so long.
    pub(super) fn hold(&mut self, pause: Duration, now: Instant) {
        self.not_before = Some(now + pause);
    }

    /// Nothing waits for the delivery after it.
    pub(super) fn is_in_order(&self) -> bool {
        self.aside.is_none()
    }

    /// What was gathered waits for the delivery after it, or until `until`.
    pub(super) fn set_aside(&mut self, until: Instant) {
        self.aside = Some((until, std::mem::take(&mut self.bundle)));
        self.spared = false;
    }

    /// What was gathered is delivered. Says how many elements it were.
    pub(super) fn accepted(&mut self) -> usize {
        self.failures = 0;
        self.done()
    }

    /// What was gathered is refused, and is to be tried again after `pause`. When that has gone on for `patience` it is
    /// dropped; says how many elements were.
    pub(super) fn refused(&mut self, pause: Duration, patience: Duration, now: Instant) -> usize {
        self.hold(pause, now);
        self.speed = Speed::Slow;
        let since = *self.refused_since.get_or_insert(now);
        if now.duration_since(since) < patience { 0 } else { self.done() }
    }

    fn done(&mut self) -> usize {
        self.refused_since = None;
        self.spared = false;
        let size = self.bundle.len();
        self.bundle.clear();
        self.bring_back();
        size
    }

    fn bring_back(&mut self) {
        if let Some((_, bundle)) = self.aside.take() {
            self.bundle = bundle;
            self.spared = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(queue: usize) -> Mailbox {
        Mailbox::new(&Settings { queue, ..Settings::default() })
    }

    fn put(mailbox: &mut Mailbox, photos: std::ops::Range<u64>) -> usize {
        photos.map(|photo| mailbox.put(Element { photo, xml: "".into() })).filter(|dropped| *dropped).count()
    }

    fn photos(elements: &[Element]) -> Vec<u64> {
        elements.iter().map(|it| it.photo).collect()
    }

    #[test]
    fn the_oldest_make_room_and_the_order_stays() {
        let (mut mailbox, now) = (mailbox(5), Instant::now());
        assert_eq!(mailbox.next(now), None);
        assert_eq!(put(&mut mailbox, 0..8), 3);
        assert_eq!(mailbox.next(now), Some(now));
        assert_eq!(photos(mailbox.gather(3, now)), [3, 4, 5]);
        assert_eq!(mailbox.accepted(), 3);
        assert_eq!(photos(mailbox.gather(3, now)), [6, 7]);
        assert_eq!(mailbox.accepted(), 2);
        assert_eq!(mailbox.next(now), None);
    }

    #[test]
    fn what_was_refused_goes_first_with_what_came_since_and_after_a_pause() {
        let (mut mailbox, now, second) = (mailbox(5), Instant::now(), Duration::from_secs(1));
        put(&mut mailbox, 0..2);
        mailbox.gather(3, now);
        assert_eq!(mailbox.refused(second, 60 * second, now), 0);
        put(&mut mailbox, 2..6);
        assert_eq!(mailbox.next(now), Some(now + second));
        assert_eq!(photos(mailbox.gather(3, now + second)), [0, 1, 2]);
        assert_eq!(mailbox.refused(second, 60 * second, now + 60 * second), 3, "patience is over");
        assert_eq!(photos(mailbox.gather(9, now)), [3, 4, 5]);
    }

    #[test]
    fn what_was_set_aside_comes_after_the_next_or_alone_when_there_is_none() {
        let (mut mailbox, now, second) = (mailbox(5), Instant::now(), Duration::from_secs(1));
        put(&mut mailbox, 0..2);
        mailbox.gather(9, now);
        mailbox.set_aside(now + second);
        put(&mut mailbox, 2..3);
        assert_eq!(photos(mailbox.gather(9, now)), [2]);
        assert!(!mailbox.is_in_order());
        assert_eq!(mailbox.accepted(), 1);
        assert_eq!(photos(mailbox.gather(9, now)), [0, 1]);
        assert!(mailbox.is_in_order() && mailbox.spared);
        mailbox.set_aside(now + second);
        assert_eq!(mailbox.next(now), Some(now + second));
        assert_eq!(mailbox.gather(9, now).len(), 0);
        assert_eq!(photos(mailbox.gather(9, now + second)), [0, 1]);
    }

    #[test]
    fn the_limit_counts_deliveries() {
        let (mut mailbox, now) = (mailbox(5), Instant::now());
        put(&mut mailbox, 0..1);
        for _ in 0..5 {
            assert_eq!(mailbox.next(now), Some(now));
            mailbox.spend(now);
        }
        assert_eq!(mailbox.next(now), Some(now + Duration::from_secs(5)));
    }
}
