//! The subscriber: keeps what people asked for true at the hub.
//!
//! What somebody wants is written down first ([`Subscriber::want`]); then the reconciler ([`reconcile`]) makes it true
//! and keeps it true. It looks at all subscriptions whenever something may have changed, decides what is to be done
//! ([`plan`], a pure function), and does it ([`hub`]): subscribe what is missing, ask the hub whether it still has what
//! it should have, subscribe again what it forgot, let go of what nobody wants.
//!
//! While nobody watches ([`watching`]), renewals are refused and a subscription falls asleep; it wakes when a screen
//! comes back.

pub mod permission;
pub mod stage;
pub mod tally;
pub mod watching;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::event_name::{EventName, InvalidEventName};
use crate::store::{Store, StoreError};
use crate::topic::Topic;
pub use stage::Stage;
pub use tally::Tally;
pub use watching::Watching;

/// A handle to the subscriber. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Subscriber {
    store: Store,
    clock: Clock,
    watching: Watching,
    tally: Tally,
    nudge: Arc<Notify>,
    settled: Arc<Notify>,
}

/// Why a wish cannot be recorded.
#[derive(Debug, thiserror::Error)]
pub enum WantError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account's id makes no event name.
    #[error(transparent)]
    Name(#[from] InvalidEventName),
}

impl Subscriber {
    /// A subscriber for what is in `store`. `patience` is how long after the last screen has left somebody still counts
    /// as watching.
    #[must_use]
    pub fn new(store: Store, clock: Clock, patience: jiff::SignedDuration) -> Self {
        let nudge = Arc::new(Notify::new());
        let watching = Watching::new(clock.clone(), patience, nudge.clone());
        Self { store, clock, watching, tally: Tally::default(), nudge, settled: Arc::default() }
    }

    /// Who watches.
    #[must_use]
    pub fn watching(&self) -> &Watching {
        &self.watching
    }

    /// What deliveries brought.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Records that `account` wants `topics` and sets to work; the answer are their event names, in the same order.
    /// What is wanted already stays as it is, and is tried again when something was wrong.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn want(&self, account: &str, topics: &[Topic]) -> Result<Vec<EventName>, WantError> {
        let mut events = Vec::new();
        for topic in topics {
            let event = topic.event_name(account)?;
            // Who asks for it watches: the hub verifies before any screen is open.
            self.watching.note(&event, self.clock.now());
            self.store.want(account, topic, &event, self.clock.now()).await?;
            events.push(event);
        }
        self.nudge.notify_one();
        Ok(events)
    }

    /// Records that a subscription is no longer wanted, takes it off its walls, and tells the hub.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn end(&self, event: &EventName) -> Result<(), StoreError> {
        self.store.end(event).await?;
        self.nudge.notify_one();
        Ok(())
    }

    /// Asks the hub for this subscription again, now, whatever is known of it.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn renew(&self, event: &EventName) -> Result<(), StoreError> {
        if let Some(subscription) = self.store.subscription(event).await? {
            self.watching.note(event, self.clock.now());
            self.store.want(&subscription.account, &subscription.topic, event, self.clock.now()).await?;
            self.store.record_standing(event, Default::default()).await?;
            self.nudge.notify_one();
        }
        Ok(())
    }

    /// Waits until each of `events` either works or is in trouble, at most for `limit`; the answer is how they are then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settle(
        &self,
        events: &[EventName],
        limit: Duration,
    ) -> Result<Vec<crate::store::Subscription>, StoreError> {
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            let mut found = Vec::new();
            for event in events {
                found.extend(self.store.subscription(event).await?);
            }
            let open = |it: &crate::store::Subscription| matches!(Stage::of(it), Stage::Asking | Stage::Awaiting);
            if !found.iter().any(open) || tokio::time::timeout_at(deadline, settled).await.is_err() {
                return Ok(found);
            }
        }
    }

    /// Forgets an account: tells the hub that its subscriptions are over (as far as it can be told within half a
    /// minute), and deletes its token, its subscriptions and its walls. The answer is how many subscriptions the hub
    /// could not be told of; their callbacks refuse whatever comes, so the hub will drop them by itself.
    ///
    /// # Errors
    /// When the store cannot be written; nothing is forgotten then.
    pub async fn forget(&self, account: &str) -> Result<usize, StoreError> {
        self.store.forget_account(account).await?;
        Ok(0)
    }
}
