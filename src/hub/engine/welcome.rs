//! Guests come and go: what the engine does for strangers, and within which limits.

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::time::Instant;
use url::Url;

use crate::hub::endpoint::Mode;
use crate::hub::engine::book::Wish;
use crate::hub::engine::duty::{Duty, Id};
use crate::hub::engine::guest::{Dialect, Guest, WelcomeError};
use crate::hub::engine::lobby::room;
use crate::hub::engine::state::State;
use crate::hub::engine::subscription::{Request, SubscribeError, Verify};
use crate::topic::Kind;

/// What a synchronous caller waits for.
type Outcome = Option<oneshot::Receiver<Result<(), SubscribeError>>>;

impl State {
    /// Notes a stranger's wish to subscribe, or to subscribe anew.
    pub(super) fn welcome(
        &mut self,
        request: Request,
        guest: Guest,
        now: Instant,
        wall: Timestamp,
    ) -> Result<Outcome, WelcomeError> {
        guest.caller.check(&request.callback)?;
        let host = request.callback.host_str().unwrap_or_default();
        let limits = &self.settings.guests;
        if self.book.find(&request.account, &request.callback).is_none() {
            room(&self.book, host, &request.interest, limits)?;
        }
        self.lobby.request(host, limits, now)?;
        Ok(self.wish(request, Some(guest), now, wall)?)
    }

    /// Notes a stranger's wish to end a subscription.
    pub(super) fn farewell(
        &mut self,
        account: &str,
        topic: Kind,
        callback: &Url,
        (verify, verify_token): (Verify, Option<String>),
        guest: Guest,
        now: Instant,
    ) -> Result<Outcome, WelcomeError> {
        guest.caller.check(callback)?;
        if self.book.find(account, callback).is_none() {
            return Err(SubscribeError::NotFound.into());
        }
        self.lobby.request(callback.host_str().unwrap_or_default(), &self.settings.guests, now)?;
        Ok(self.wish_to_end(account, topic, callback, (verify, verify_token), Some(guest), now)?)
    }

    /// Notes that a stranger's callback is to be told why it gets no subscription (WebSub section 5.2).
    pub(super) fn turn_away(
        &mut self,
        request: Request,
        guest: Guest,
        reason: &'static str,
        now: Instant,
        wall: Timestamp,
    ) -> Result<(), WelcomeError> {
        let (account, callback) = (request.account.clone(), request.callback.clone());
        self.welcome(Request { verify: Verify::Async, ..request }, guest, now, wall)?;
        if let Some(id) = self.book.find(&account, &callback) {
            self.dismiss(id, reason, now);
        }
        Ok(())
    }

    /// The end of a guest's subscription, of which it is told in the dialects that have a word for it.
    pub(super) fn dismiss(&mut self, id: Id, reason: &'static str, now: Instant) {
        let Some(record) = self.book.get_mut(id) else { return };
        let guest = record.guest.clone();
        if !matches!(guest, Some(Guest { dialect: Dialect::WebSub { .. }, .. })) {
            self.remove(id);
            return;
        }
        record.active = false;
        record.mail.clear();
        let (verify_token, lease, reply) = (None, None, None);
        record.wish = Some(Wish { mode: Mode::Denied, verify_token, lease, attempts: 0, reply, guest, reason });
        self.index.remove(id, &record.account, &record.interest);
        self.agenda.cancel(Duty::Push(id));
        self.agenda.cancel(Duty::Lease(id));
        self.agenda.set(Duty::Ask(id), now);
    }
}
