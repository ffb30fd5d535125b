//! What was sent, for who watches.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::hub::engine::subscription::Interest;

/// How many are remembered.
const REMEMBERED: usize = 200;

/// One POST, and what became of it.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// When it was answered.
    pub at: Timestamp,
    /// The subscriber's nsid.
    pub account: String,
    /// What the subscription is about.
    pub interest: Interest,
    /// Where to, without the capability: scheme, host and port.
    pub host: String,
    /// The numbers of its photos.
    pub photos: Vec<u64>,
    /// How many entries and tombstones it held.
    pub entries: usize,
    /// `200`, `503`, `could not be reached`, `no answer in time`, or what a fault made of it.
    pub outcome: String,
}

/// Totals since the beginning, and what there is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that a newer one replaced while they waited.
    pub swallowed: u64,
    /// Deliveries that were accepted.
    pub deliveries: u64,
    /// Deliveries that were not; each attempt counts.
    pub failed: u64,
    /// Entries and tombstones in the deliveries that were accepted.
    pub entries: u64,
    /// Tasks and elements for which there was no room, or that nobody accepted for too long.
    pub dropped: u64,
    /// Subscriptions now, those among them that are not verified yet included.
    pub subscriptions: usize,
    /// Tasks that wait now.
    pub waiting: usize,
}

/// The latest POSTs.
#[derive(Debug, Default)]
pub(super) struct Log(VecDeque<Pushed>);

impl Log {
    pub(super) fn add(&mut self, pushed: Pushed) {
        self.0.truncate(REMEMBERED - 1);
        self.0.push_front(pushed);
    }

    /// The newest first.
    pub(super) fn latest(&self) -> Vec<Pushed> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered_and_the_newest_comes_first() {
        let mut log = Log::default();
        for photo in 0..=200 {
            log.add(Pushed {
                at: Timestamp::UNIX_EPOCH,
                account: String::new(),
                interest: Interest::Everything,
                host: String::new(),
                photos: vec![photo],
                entries: 1,
                outcome: String::new(),
            });
        }
        let photos: Vec<u64> = log.latest().iter().flat_map(|it| it.photos.clone()).collect();
        assert_eq!((photos.len(), photos[0], photos[199]), (200, 200, 1));
    }
}
