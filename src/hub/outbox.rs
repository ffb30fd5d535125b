//! What has happened and was not accepted by the callback yet.

use std::collections::VecDeque;

use crate::hub::world::Happening;

/// Happenings kept at most. A wall that was away for long wants what is new, not an afternoon of arrears.
pub const CAPACITY: usize = 50;

/// A bounded queue, oldest first.
#[derive(Debug, Default)]
pub struct Outbox {
    waiting: VecDeque<Happening>,
    dropped: u64,
}

impl Outbox {
    /// Adds what happened, and drops (and counts) the oldest where there is no room.
    pub fn put(&mut self, happenings: impl IntoIterator<Item = Happening>) {
        for happening in happenings {
            if self.waiting.len() == CAPACITY {
                self.waiting.pop_front();
                self.dropped += 1;
            }
            self.waiting.push_back(happening);
        }
    }

    /// All that waits, to be delivered in one document, as Flickr bundles.
    pub fn bundle(&mut self) -> &[Happening] {
        self.waiting.make_contiguous()
    }

    /// True when there is nothing to deliver.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The bundle was accepted.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// How many were dropped for lack of room since the beginning.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::world::World;

    #[test]
    fn the_oldest_go_first_and_are_counted() {
        let mut world = World::new(1, "http://practice.test".to_owned());
        let uploads = world.uploads(60, jiff::Timestamp::UNIX_EPOCH);
        let newest = uploads.last().map(|happening| happening.photo.id);

        let mut outbox = Outbox::default();
        assert!(outbox.is_empty());
        outbox.put(uploads);
        assert_eq!(outbox.bundle().len(), CAPACITY);
        assert_eq!(outbox.dropped(), 10);
        assert_eq!(outbox.bundle().last().map(|happening| happening.photo.id), newest);

        outbox.clear();
        assert!(outbox.is_empty());
        assert_eq!(outbox.dropped(), 10);
    }
}
