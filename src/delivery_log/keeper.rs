//! The log's own thread: makes records of what was noted, tells who listens, and writes them down, many together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::delivery_log::draft::Draft;
use crate::delivery_log::paints::{self, Paints};
use crate::delivery_log::queue::{Message, Paint, Queue, Taken};
use crate::delivery_log::record::{Owner, Record, Whole};
use crate::delivery_log::table::Table;
use crate::delivery_log::{Bounds, Expecting, Heard};
use crate::signing::Keys;

/// How often what is too old is looked for while nothing comes.
const TIDY: Duration = Duration::from_secs(600);

/// Everything that the thread owns.
pub(super) struct Keeper {
    pub(super) queue: Arc<Queue>,
    pub(super) table: Table,
    pub(super) bounds: Bounds,
    pub(super) keys: Arc<Keys>,
    pub(super) clock: Clock,
    pub(super) heard: broadcast::Sender<Heard>,
    pub(super) expecting: Arc<Expecting>,
}

impl Keeper {
    /// Runs until the queue is closed.
    pub(super) fn run(mut self) {
        let (mut paints, mut failed) = (Paints::default(), false);
        loop {
            let Taken { messages, lost, closed } = self.queue.take(TIDY);
            if lost.records > 0 || lost.bodies > 0 {
                tracing::warn!(
                    records = lost.records,
                    bodies = lost.bodies,
                    "the delivery log was too busy to keep all"
                );
            }
            let (mut pending, mut flushed, mut forgets) = (Vec::new(), Vec::new(), Vec::new());
            for message in self.without_outdated(messages) {
                match message {
                    Message::Note(id, draft) => self.note(id, *draft, &mut pending, &mut paints),
                    Message::Painted(paint) => self.painted(&paint, &mut pending, &mut paints),
                    Message::Flush(done) => flushed.push(done),
                    Message::Forget(nsid, done) => forgets.push((nsid, done)),
                }
            }
            self.expecting.set(paints.expects());
            // Also when nothing came: what is too old goes.
            let written = self.table.write(&pending, self.clock.now());
            // Once, and not for each of many thousand deliveries.
            if let Err(cause) = &written
                && !failed
            {
                tracing::error!(%cause, records = pending.len(), "the delivery log cannot be written; deliveries are not affected");
            }
            failed = written.is_err();
            for done in flushed {
                let _ = done.send(());
            }
            for (nsid, done) in forgets {
                let _ = done.send(self.table.forget(&nsid));
            }
            if closed {
                break;
            }
        }
    }

    /// Without the records that would be beyond the bounds before anybody could see them.
    fn without_outdated(&self, messages: Vec<Message>) -> Vec<Message> {
        if messages.len() <= self.bounds.records || self.heard.receiver_count() > 0 {
            return messages;
        }
        let mut newer: HashMap<Owner, usize> = HashMap::new();
        let mut kept: Vec<Message> = Vec::with_capacity(self.bounds.records);
        for message in messages.into_iter().rev() {
            if let Message::Note(_, draft) = &message {
                let newer = newer.entry(Owner::of(draft.event.as_ref())).or_default();
                *newer += 1;
                if *newer > self.bounds.records {
                    continue;
                }
            }
            kept.push(message);
        }
        kept.reverse();
        kept
    }

    fn note(&self, id: u64, draft: Draft, pending: &mut Vec<Whole>, paints: &mut Paints) {
        let mut whole = draft.settle(id, &self.keys);
        if let Some(paint) = paints.expect(&whole.record) {
            paints::note(&mut whole.record, &paint);
        }
        self.tell(&whole.record, true);
        pending.push(whole);
    }

    fn painted(&mut self, paint: &Paint, pending: &mut [Whole], paints: &mut Paints) {
        for id in paints.painted(paint) {
            let changed = match pending.iter_mut().find(|it| it.record.id == id) {
                Some(whole) => paints::note(&mut whole.record, paint).then(|| whole.record.clone()),
                None => self.table.change(id, |record| paints::note(record, paint)).ok().flatten(),
            };
            if let Some(record) = changed {
                self.tell(&record, false);
            }
        }
    }

    fn tell(&self, record: &Record, new: bool) {
        if self.heard.receiver_count() > 0 {
            // Nobody listens any more, or somebody does.
            let _ = self.heard.send(Heard { record: Arc::new(record.clone()), new });
        }
    }
}
