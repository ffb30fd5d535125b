//! What waits for one listener: a bounded queue that loses its oldest when it is full, and counts.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::bus::item::Item;

/// How many events wait for a listener at most: two commits of the writer at their largest, and room for more. They are
/// shared with all other listeners; one that waits costs this one some 60 bytes.
pub const CAPACITY: usize = 2048;

/// The queue between the writer and one listener.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    items: VecDeque<Item>,
    missed: u64,
}

/// Everything that had come since the last look.
#[derive(Debug, Default)]
pub struct Arrived {
    /// Events that were dropped before `items`, because the listener was too slow.
    pub missed: u64,
    /// In order.
    pub items: Vec<Item>,
}

impl Inbox {
    /// Adds `items`. Never waits: what does not fit pushes out the oldest.
    pub fn push(&self, items: &[Item]) {
        let mut waiting = self.lock();
        for item in items {
            if waiting.items.len() == CAPACITY {
                waiting.items.pop_front();
                waiting.missed += 1;
            }
            waiting.items.push_back(item.clone());
        }
        drop(waiting);
        self.arrived.notify_one();
    }

    /// Waits until something is there and takes all of it. For one listener; safe to cancel.
    pub async fn take(&self) -> Arrived {
        loop {
            // `notify_one` leaves a permit when nobody waits yet, so nothing is overlooked between the two lines.
            if let Some(arrived) = self.take_now() {
                return arrived;
            }
            self.arrived.notified().await;
        }
    }

    fn take_now(&self) -> Option<Arrived> {
        let mut waiting = self.lock();
        if waiting.items.is_empty() && waiting.missed == 0 {
            return None;
        }
        Some(Arrived { missed: std::mem::take(&mut waiting.missed), items: waiting.items.drain(..).collect() })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can panic half-way; a poisoned queue is still a whole one.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::position::{Epoch, Position};

    fn items(offsets: std::ops::Range<i64>) -> Vec<Item> {
        let at = |offset| Position { epoch: Epoch::from_random([7; 8]), offset };
        offsets.map(|offset| Item::new("kittens".parse().unwrap(), at(offset), "{}")).collect()
    }

    #[tokio::test]
    async fn a_full_inbox_keeps_the_newest_in_order_and_counts_the_rest() {
        let inbox = Inbox::default();
        let capacity = i64::try_from(CAPACITY).unwrap();
        inbox.push(&items(0..10));
        inbox.push(&items(10..capacity + 25));
        let arrived = inbox.take().await;
        assert_eq!(arrived.missed, 25);
        let offsets: Vec<_> = arrived.items.iter().map(|it| it.position.offset).collect();
        assert_eq!(offsets, (25..capacity + 25).collect::<Vec<_>>());
        inbox.push(&items(0..1));
        assert_eq!(inbox.take().await.missed, 0, "what was told is told once");
    }

    #[tokio::test]
    async fn taking_waits_for_the_next_event() {
        let inbox = std::sync::Arc::new(Inbox::default());
        let taken = tokio::spawn({
            let inbox = inbox.clone();
            async move { inbox.take().await.items.len() }
        });
        tokio::task::yield_now().await;
        inbox.push(&items(0..3));
        assert_eq!(taken.await.unwrap(), 3);
    }
}
