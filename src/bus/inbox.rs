//! What waits for one listener: a bounded queue that loses its oldest when it is full, and counts.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::bus::hear::Hear;
use crate::bus::item::{Batch, Item};

/// How many events wait for a listener at most: two commits of the writer at their largest, and room for more. They are
/// shared with all other listeners.
pub const CAPACITY: usize = 2048;

/// The queue between the writer and one listener.
#[derive(Debug, Default)]
pub struct Inbox {
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// With how many of each were dropped.
    batches: VecDeque<(Batch, usize)>,
    events: usize,
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

impl Hear for Inbox {
    /// Never waits: what does not fit pushes out the oldest.
    fn hear(&self, batch: &Batch) {
        let mut waiting = self.lock();
        let Waiting { batches, events, missed } = &mut *waiting;
        *events += batch.len();
        batches.push_back((batch.clone(), 0));
        while *events > CAPACITY
            && let Some((oldest, dropped)) = batches.front_mut()
        {
            let surplus = (*events - CAPACITY).min(oldest.len() - *dropped);
            *dropped += surplus;
            *events -= surplus;
            *missed += surplus as u64;
            if *dropped == oldest.len() {
                batches.pop_front();
            }
        }
        drop(waiting);
        self.arrived.notify_one();
    }
}

impl Inbox {
    /// Waits until something is there and takes all of it that stands after `offset`. For one listener; safe to cancel.
    pub async fn take(&self, offset: i64) -> Arrived {
        loop {
            // `notify_one` leaves a permit when nobody waits yet, so nothing is overlooked between the two lines.
            if let Some(arrived) = self.take_now(offset) {
                return arrived;
            }
            self.arrived.notified().await;
        }
    }

    fn take_now(&self, offset: i64) -> Option<Arrived> {
        let mut waiting = self.lock();
        let Waiting { batches, missed, .. } = std::mem::take(&mut *waiting);
        drop(waiting);
        let after =
            |(batch, dropped): &(Batch, usize)| batch.items(batch.through(offset).max(*dropped)).collect::<Vec<_>>();
        let items: Vec<_> = batches.iter().flat_map(after).collect();
        (missed > 0 || !items.is_empty()).then_some(Arrived { missed, items })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can panic half-way; a poisoned queue is still a whole one.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::position::Epoch;

    fn batch(offsets: std::ops::Range<i64>) -> Batch {
        Batch::new("kittens".parse().unwrap(), Epoch::from_random([7; 8]), offsets.map(|it| (it, "{}")))
    }

    #[tokio::test]
    async fn a_full_inbox_keeps_the_newest_in_order_and_counts_the_rest() {
        let inbox = Inbox::default();
        let capacity = i64::try_from(CAPACITY).unwrap();
        inbox.hear(&batch(1..10));
        inbox.hear(&batch(10..20));
        inbox.hear(&batch(20..capacity + 16));
        let arrived = inbox.take(0).await;
        assert_eq!(arrived.missed, 15);
        let offsets: Vec<_> = arrived.items.iter().map(|it| it.position.offset).collect();
        assert_eq!(offsets, (16..capacity + 16).collect::<Vec<_>>());
        inbox.hear(&batch(capacity + 16..capacity + 17));
        assert_eq!(inbox.take(0).await.missed, 0, "what was told is told once");
    }

    #[tokio::test]
    async fn taking_waits_for_the_next_event_after_the_offset() {
        let inbox = std::sync::Arc::new(Inbox::default());
        let taken = tokio::spawn({
            let inbox = inbox.clone();
            async move { inbox.take(3).await.items.len() }
        });
        tokio::task::yield_now().await;
        inbox.hear(&batch(1..4));
        tokio::task::yield_now().await;
        inbox.hear(&batch(4..6));
        assert_eq!(taken.await.unwrap(), 2);
    }
}
