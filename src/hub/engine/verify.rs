//! Who may subscribe to what, and how the callback is asked.

use jiff::Timestamp;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tracing::{debug, info, warn};
use url::Url;

use crate::hub::dice::Dice;
use crate::hub::endpoint::Mode;
use crate::hub::engine::backoff::pause;
use crate::hub::engine::book::{Record, Wish, expiry};
use crate::hub::engine::duty::Duty;
use crate::hub::engine::duty::Id;
use crate::hub::engine::flight::{Ask, Refusal};
use crate::hub::engine::guest::Guest;
use crate::hub::engine::mailbox::Mailbox;
use crate::hub::engine::settings::Settings;
use crate::hub::engine::state::State;
use crate::hub::engine::subscription::{Interest, Request, SubscribeError, Verify};
use crate::hub::faults::Fault;
use crate::topic::Kind;

/// What a synchronous caller waits for.
type Outcome = oneshot::Receiver<Result<(), SubscribeError>>;

impl State {
    /// Notes a wish to subscribe, or to subscribe anew. The callback is asked next.
    pub(super) fn wish(
        &mut self,
        request: Request,
        guest: Option<Guest>,
        now: Instant,
        wall: Timestamp,
    ) -> Result<Option<Outcome>, SubscribeError> {
        let Request { account, interest, callback, verify, verify_token, lease } = request;
        let (reply, outcome) = channel(verify);
        let wish =
            Wish { mode: Mode::Subscribe, verify_token, lease, attempts: 0, reply, guest: guest.clone(), reason: "" };
        let id = match self.book.find(&account, &callback) {
            Some(id) => id,
            None if self.book.len() >= self.settings.subscriptions => {
                return Err(SubscribeError::Full(self.settings.subscriptions));
            }
            None => self.book.insert(Record {
                account,
                interest: interest.clone(),
                callback,
                verify_token: None,
                lease,
                active: false,
                created: wall,
                expiry: expiry(wall, lease.unwrap_or(self.settings.lease)),
                verify_attempts: 0,
                wish: None,
                renewals: 0,
                postponed: false,
                mail: Mailbox::new(&self.settings),
                guest,
            }),
        };
        self.enter(id, |it| *it == interest, SubscribeError::InUse, wish, now)?;
        Ok(outcome)
    }

    /// Notes a wish to end a subscription; `asked` is when the callback is asked, and with which token.
    pub(super) fn wish_to_end(
        &mut self,
        account: &str,
        topic: Kind,
        callback: &Url,
        (verify, verify_token): (Verify, Option<String>),
        guest: Option<Guest>,
        now: Instant,
    ) -> Result<Option<Outcome>, SubscribeError> {
        let id = self.book.find(account, callback).ok_or(SubscribeError::NotFound)?;
        let (reply, outcome) = channel(verify);
        let wish = Wish { mode: Mode::Unsubscribe, verify_token, lease: None, attempts: 0, reply, guest, reason: "" };
        let of_the_topic = |it: &Interest| matches!(it, Interest::Topic(it) if it.kind() == topic);
        self.enter(id, of_the_topic, SubscribeError::NotFound, wish, now)?;
        Ok(outcome)
    }

    fn enter(
        &mut self,
        id: Id,
        fits: impl FnOnce(&Interest) -> bool,
        other: SubscribeError,
        wish: Wish,
        now: Instant,
    ) -> Result<(), SubscribeError> {
        match self.book.get_mut(id) {
            Some(record) if !fits(&record.interest) => Err(other),
            Some(record) if record.wish.is_some() => Err(SubscribeError::Awaiting),
            Some(record) => {
                record.wish = Some(wish);
                record.verify_attempts = 0;
                self.agenda.set(Duty::Ask(id), now);
                Ok(())
            }
            None => Err(SubscribeError::NotFound),
        }
    }

    /// What to ask a callback because of a wish.
    pub(super) fn question(&mut self, id: Id, duty: Duty, now: Instant) -> Option<Ask> {
        let (mode, token) = self.book.get(id)?.wish.as_ref().map(|it| (it.mode, it.verify_token.clone()))?;
        self.ask(id, duty, mode, token, now)
    }

    /// What to ask a callback because its lease ends.
    pub(super) fn renewal(&mut self, id: Id, duty: Duty, now: Instant) -> Option<Ask> {
        let token = self.book.get(id)?.verify_token.clone();
        self.ask(id, duty, Mode::Subscribe, token, now)
    }

    fn ask(&mut self, id: Id, duty: Duty, mode: Mode, verify_token: Option<String>, now: Instant) -> Option<Ask> {
        let Self { settings, faults, dice, book, agenda, .. } = self;
        let record = book.get_mut(id)?;
        if !record.postponed && faults.strike(Fault::VerifiedLate) {
            record.postponed = true;
            agenda.set(duty, now + settings.verified_late);
            return None;
        }
        record.postponed = false;
        let wish = record.wish.as_ref().filter(|_| matches!(duty, Duty::Ask(_)));
        let wished = wish.map_or(record.lease, |it| it.lease);
        let guest = wish.and_then(|it| it.guest.clone()).or_else(|| record.guest.clone());
        let salt = guest.as_ref().map(|it| format!("{:016x}", it.salt)).unwrap_or_default();
        let challenge = |dice: &mut Dice| format!("{}{salt}", challenge(dice));
        Some(Ask {
            callback: record.callback.clone(),
            mode,
            topic: record.interest.name(),
            reason: wish.map_or("", |it| it.reason),
            lease: (mode == Mode::Subscribe).then(|| wished.unwrap_or(settings.lease)),
            verify_token,
            challenge: challenge(dice),
            again: faults.strike(Fault::VerifiedTwice).then(|| challenge(dice)),
            wrong_token: faults.strike(Fault::WrongToken),
            guest,
        })
    }

    /// The callback was asked because of a wish.
    pub(super) fn answered(&mut self, id: Id, answer: Result<(), Refusal>, now: Instant, wall: Timestamp) {
        let Some(record) = self.book.get_mut(id) else { return };
        let (account, host) = (record.account.clone(), record.host());
        let Some(mut wish) = record.wish.take() else { return };
        if wish.mode == Mode::Denied {
            info!(account, host, reason = wish.reason, "hub: denied");
            self.remove(id);
            return;
        }
        let outcome = match answer {
            Ok(()) => {
                info!(account, host, mode = wish.mode.as_str(), topic = record.interest.name(), "hub: verified");
                self.fulfill(id, &wish, now, wall);
                Ok(())
            }
            Err(refusal) => {
                wish.attempts += 1;
                let why = &refusal.why;
                // WebSub section 5.3: an answer that is no confirmation is final. Silence may be a moment's.
                let goes_on = match &wish.guest {
                    Some(_) => refusal.passing && wish.attempts < self.settings.guests.attempts,
                    None => wish.attempts < self.settings.attempts,
                };
                if wish.reply.is_none() && goes_on {
                    let Settings { reask, reask_most, .. } = self.settings;
                    let pause = pause(reask, reask_most, wish.attempts, &mut self.dice);
                    let mode = wish.mode.as_str();
                    debug!(account, host, mode, why, retry_ms = pause.as_millis(), "hub: not verified yet");
                    record.verify_attempts = wish.attempts;
                    record.wish = Some(wish);
                    self.agenda.set(Duty::Ask(id), now + pause);
                    return;
                }
                warn!(account, host, mode = wish.mode.as_str(), why, "hub: a verification failed");
                // A subscription that was good before goes on as it was.
                if !record.active {
                    self.remove(id);
                }
                Err(SubscribeError::Failed(refusal.why))
            }
        };
        // Who asked may have gone away meanwhile.
        let _ = wish.reply.map(|reply| reply.send(outcome));
    }

    fn fulfill(&mut self, id: Id, wish: &Wish, now: Instant, wall: Timestamp) {
        if wish.mode == Mode::Unsubscribe {
            self.remove(id);
            return;
        }
        let Some(record) = self.book.get_mut(id) else { return };
        record.verify_token.clone_from(&wish.verify_token);
        record.lease = wish.lease;
        record.guest.clone_from(&wish.guest);
        if !record.active {
            record.active = true;
            self.index.insert(id, &record.account, &record.interest);
        }
        self.begin_lease(id, now, wall);
    }
}

fn channel(verify: Verify) -> (Option<oneshot::Sender<Result<(), SubscribeError>>>, Option<Outcome>) {
    match verify {
        Verify::Async => (None, None),
        Verify::Sync => {
            let (reply, outcome) = oneshot::channel();
            (Some(reply), Some(outcome))
        }
    }
}

/// Twenty hexadecimal digits, new ones each time.
fn challenge(dice: &mut Dice) -> String {
    format!("{:010x}{:010x}", dice.bits() >> 24, dice.bits() >> 24)
}
