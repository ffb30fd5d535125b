//! How long a subscription lasts.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::{debug, warn};

use crate::hub::endpoint::Mode;
use crate::hub::engine::backoff::pause;
use crate::hub::engine::duty::Duty;
use crate::hub::engine::duty::Id;
use crate::hub::engine::flight::Refusal;
use crate::hub::engine::settings::Settings;
use crate::hub::engine::state::State;

/// A renewal begins at most so long before the lease ends.
const AHEAD: Duration = Duration::from_secs(300);

impl State {
    /// The lease of a subscription begins now. One that was asked for with `lease_seconds` ends without a word; any
    /// other is renewed by a new verification (PubSubHubbub 0.3 section 6.3; documented of `flickr.push.subscribe`).
    pub(super) fn begin_lease(&mut self, id: Id, now: Instant, wall: Timestamp) {
        let Some(record) = self.book.get_mut(id) else { return };
        record.renewals = 0;
        record.begin_lease(self.settings.lease, wall);
        let lasts = match record.lease {
            Some(lease) => lease,
            None => {
                let early = (self.settings.lease / 10).min(AHEAD).mul_f32(self.dice.between(0.6, 1.0));
                self.settings.lease.saturating_sub(early)
            }
        };
        self.agenda.set(Duty::Lease(id), now + lasts);
    }

    /// A lease that was asked for has run out. Who has asked for another one, and was not asked back yet, waits on.
    pub(super) fn expire(&mut self, id: Id) {
        let Some(record) = self.book.get_mut(id) else { return };
        debug!(account = record.account, host = record.host(), "hub: a lease has run out");
        if record.wish.as_ref().is_none_or(|wish| wish.mode == Mode::Unsubscribe) {
            self.remove(id);
            return;
        }
        record.active = false;
        record.mail.clear();
        self.index.remove(id, &record.account, &record.interest);
    }

    /// The callback was asked because its lease ends. Only silence and 5xx are asked again; observed: a subscriber that
    /// wants no more answers 404 at the renewal, and that was the end of it.
    pub(super) fn renewed(&mut self, id: Id, answer: Result<(), Refusal>, now: Instant, wall: Timestamp) {
        let Some(record) = self.book.get_mut(id) else { return };
        let (account, host, topic) = (&record.account, record.host(), record.interest.name());
        let Err(refusal) = answer else {
            debug!(account, host, topic, "hub: renewed");
            self.begin_lease(id, now, wall);
            return;
        };
        record.renewals += 1;
        let why = &refusal.why;
        if refusal.passing && record.renewals < self.settings.renewals {
            let Settings { reask, reask_most, .. } = self.settings;
            let pause = pause(reask, reask_most, record.renewals, &mut self.dice);
            debug!(account, host, topic, why, retry_ms = pause.as_millis(), "hub: not renewed yet");
            self.agenda.set(Duty::Lease(id), now + pause);
        } else {
            warn!(account, host, topic, why, "hub: a renewal was refused, the subscription is over");
            self.remove(id);
        }
    }
}
