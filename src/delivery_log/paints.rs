//! Which screen was the first to show something of a delivery.

use std::collections::{HashMap, VecDeque};

use crate::delivery_log::queue::Paint;
use crate::delivery_log::record::{Painted, Record};
use crate::event_name::EventName;

/// How many photos are waited for.
const PHOTOS: usize = 20_000;
/// How many reports are remembered, since one may be quicker than the record of what it shows.
const REPORTS: usize = 64;

/// Photos that were handed to screens and not seen on one yet, and what screens said lately.
#[derive(Debug, Default)]
pub(super) struct Paints {
    expected: HashMap<(EventName, String), u64>,
    order: VecDeque<(EventName, String)>,
    lately: VecDeque<Paint>,
}

impl Paints {
    /// Whether any are waited for.
    pub(super) fn expects(&self) -> bool {
        !self.expected.is_empty()
    }

    /// From now on the new photos of `record` are waited for; unless one was shown already, which is the answer.
    pub(super) fn expect(&mut self, record: &Record) -> Option<Paint> {
        let (Some(event), Some(parsed)) = (&record.event, &record.parsed) else { return None };
        if parsed.screens == 0 {
            return None;
        }
        let shows = |it: &&Paint| {
            it.at >= record.at && it.events.contains(event) && it.photos.iter().any(|it| parsed.new_photos.contains(it))
        };
        if let Some(paint) = self.lately.iter().find(shows) {
            return Some(paint.clone());
        }
        for photo in &parsed.new_photos {
            let key = (event.clone(), photo.clone());
            if self.expected.insert(key.clone(), record.id).is_none() {
                self.order.push_back(key);
            }
            if self.order.len() > PHOTOS
                && let Some(oldest) = self.order.pop_front()
            {
                self.expected.remove(&oldest);
            }
        }
        None
    }

    /// The records of which something is shown now, the photo with each. Of them nothing more is waited for.
    pub(super) fn painted(&mut self, paint: &Paint) -> Vec<u64> {
        let mut found = Vec::new();
        for event in paint.events.iter() {
            for photo in &paint.photos {
                // The key stays in `order`, which forgets it in its time.
                if let Some(id) = self.expected.remove(&(event.clone(), photo.clone())) {
                    found.push(id);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        if self.lately.len() == REPORTS {
            self.lately.pop_front();
        }
        self.lately.push_back(paint.clone());
        found
    }
}

/// Notes in `record` that a screen shows something of it; whether that is news.
pub(super) fn note(record: &mut Record, paint: &Paint) -> bool {
    let Some(parsed) = &mut record.parsed else { return false };
    let photo = paint.photos.iter().find(|it| parsed.new_photos.contains(it));
    match (photo, &parsed.painted) {
        (Some(photo), None) => {
            let after_ms = paint.at.as_millisecond() - record.at.as_millisecond();
            let (screen, photo) = (paint.screen.clone(), photo.clone());
            parsed.painted = Some(Painted { at: paint.at, screen, photo, after_ms });
            true
        }
        _ => false,
    }
}
