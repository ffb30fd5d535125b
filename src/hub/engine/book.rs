//! All subscriptions.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use url::Url;

use crate::hub::endpoint::Mode;
use crate::hub::engine::duty::Id;
use crate::hub::engine::guest::Guest;
use crate::hub::engine::mailbox::Mailbox;
use crate::hub::engine::subscription::{Interest, SubscribeError, Subscription};

/// One subscription.
#[derive(Debug)]
pub(super) struct Record {
    pub account: String,
    pub interest: Interest,
    pub callback: Url,
    pub verify_token: Option<String>,
    /// `None`: renewed by itself.
    pub lease: Option<Duration>,
    /// It was verified once.
    pub active: bool,
    pub created: Timestamp,
    pub expiry: Timestamp,
    pub verify_attempts: u32,
    /// What somebody asked for and the callback has not agreed to yet.
    pub wish: Option<Wish>,
    /// Attempts at a renewal that failed in a row.
    pub renewals: u32,
    /// The next verification was already made late on purpose.
    pub postponed: bool,
    pub mail: Mailbox,
    /// It is a stranger's.
    pub guest: Option<Guest>,
}

/// To subscribe, to subscribe anew, or to end.
#[derive(Debug)]
pub(super) struct Wish {
    pub mode: Mode,
    pub verify_token: Option<String>,
    pub lease: Option<Duration>,
    /// Failed attempts.
    pub attempts: u32,
    /// Who waits for the outcome, when it is a synchronous one.
    pub reply: Option<oneshot::Sender<Result<(), SubscribeError>>>,
    /// How a stranger who asked for it wants to be spoken to.
    pub guest: Option<Guest>,
    /// Why it is denied, for [`Mode::Denied`].
    pub reason: &'static str,
}

impl Record {
    /// Its lease begins now.
    pub(super) fn begin_lease(&mut self, default: Duration, now: Timestamp) {
        self.expiry = expiry(now, self.lease.unwrap_or(default));
    }

    /// Where its callback is, without the capability.
    pub(super) fn host(&self) -> String {
        self.callback.origin().ascii_serialization()
    }

    /// What the hub says of it.
    pub(super) fn shown(&self) -> Subscription {
        Subscription {
            account: self.account.clone(),
            interest: self.interest.clone(),
            callback: self.callback.clone(),
            pending: !self.active,
            created: self.created,
            lease: self.lease,
            expiry: self.expiry,
            verify_attempts: self.verify_attempts,
            guest: self.guest.is_some(),
        }
    }
}

/// The moment at which a lease ends that begins at `now`.
pub(super) fn expiry(now: Timestamp, lease: Duration) -> Timestamp {
    SignedDuration::try_from(lease).ok().and_then(|it| now.checked_add(it).ok()).unwrap_or(Timestamp::MAX)
}

/// All subscriptions, the oldest first, and by account and callback: one account uses a callback for one of them only
/// (documented of `flickr.push.subscribe`).
#[derive(Debug, Default)]
pub(super) struct Book {
    records: BTreeMap<Id, Record>,
    callbacks: HashMap<(String, Url), Id>,
    next: u64,
}

impl Book {
    pub(super) fn insert(&mut self, record: Record) -> Id {
        let id = Id(self.next);
        self.next += 1;
        self.callbacks.insert((record.account.clone(), record.callback.clone()), id);
        self.records.insert(id, record);
        id
    }

    pub(super) fn remove(&mut self, id: Id) -> Option<Record> {
        let record = self.records.remove(&id)?;
        self.callbacks.remove(&(record.account.clone(), record.callback.clone()));
        Some(record)
    }

    pub(super) fn find(&self, account: &str, callback: &Url) -> Option<Id> {
        self.callbacks.get(&(account.to_owned(), callback.clone())).copied()
    }

    pub(super) fn get(&self, id: Id) -> Option<&Record> {
        self.records.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: Id) -> Option<&mut Record> {
        self.records.get_mut(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Record> {
        self.records.values()
    }

    /// Takes away every wish. Who waits for one hears nothing more.
    pub(super) fn let_wishes_go(&mut self) {
        for record in self.records.values_mut() {
            record.wish = None;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_without_end_ends_with_time_itself() {
        let check = |lease: u64, expected: Timestamp| {
            assert_eq!(expiry(Timestamp::UNIX_EPOCH, Duration::from_secs(lease)), expected, "{lease}");
        };
        check(86_400, "1970-01-02T00:00:00Z".parse().unwrap());
        check(u64::MAX, Timestamp::MAX);
    }
}
