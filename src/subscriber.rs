//! The subscriber: keeps what people asked for true at the hub.
//!
//! What somebody wants is written down first ([`Subscriber::want`]); then the reconciler (`reconcile`) makes it true
//! and keeps it true. It looks at all subscriptions whenever something may have changed, decides what is to be done
//! ([`plan`], a pure function), and does it (`calls`): subscribe what is missing, ask the hub whether it still has what
//! it should have, subscribe again what it forgot, let go of what nobody wants.
//!
//! Which hub serves, Flickr's own push or the bridge, is decided here too ([`choice`]) and written down; the bridge reads
//! it in the store.
//!
//! While nobody watches ([`watching`]), renewals are refused and a subscription falls asleep; it wakes when a screen
//! comes back.

mod calls;
pub mod choice;
pub mod plan;
mod reconcile;
pub mod stage;
pub mod tally;
pub mod watching;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::bus::{Bus, BusError};
use crate::clock::Clock;
use crate::config::{FlickrHub, PublicUrl};
use crate::event_name::{EventName, InvalidEventName};
use crate::flickr::Flickr;
pub use crate::flickr::permission;
use crate::signing::Keys;
use crate::store::subscription::Standing;
use crate::store::{Store, StoreError, Subscription};
use crate::topic::Topic;
pub use plan::Rhythm;
pub use stage::Stage;
pub use tally::Tally;
pub use watching::Watching;

/// The longest callback that Flickr takes, in bytes (documented of `flickr.push.subscribe`).
pub const MAX_CALLBACK: usize = 255;

/// A person may have a subscription asked for again so often.
const RENEW_AGAIN: SignedDuration = SignedDuration::from_secs(15);

/// A handle to the subscriber. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Subscriber {
    store: Store,
    bus: Bus,
    clock: Clock,
    keys: Arc<Keys>,
    public_url: PublicUrl,
    flickr: Option<Flickr>,
    hub: FlickrHub,
    rhythm: Rhythm,
    watching: Watching,
    tally: Tally,
    /// Told when something may have to be done.
    nudge: Arc<Notify>,
    /// Told when something was done.
    settled: Arc<Notify>,
}

/// What a subscriber works with.
#[derive(Debug)]
pub struct Tools {
    /// What is wanted.
    pub store: Store,
    /// Whose history is deleted when an account is forgotten.
    pub bus: Bus,
    /// Now, and randomness.
    pub clock: Clock,
    /// Callbacks and verify tokens, and the key to stored permissions.
    pub keys: Arc<Keys>,
    /// Where hubs reach us.
    pub public_url: PublicUrl,
    /// The hub's API; without it nothing is subscribed.
    pub flickr: Option<Flickr>,
    /// Which hubs may be used.
    pub hub: FlickrHub,
    /// How long after the last screen has left somebody still counts as watching.
    pub patience: SignedDuration,
    /// How often things are looked at again.
    pub rhythm: Rhythm,
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

/// Why an account cannot be forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The history.
    #[error(transparent)]
    Bus(#[from] BusError),
}

impl Subscriber {
    /// A subscriber for what is in the store. It sets to work when it [runs](Self::run).
    #[must_use]
    pub fn new(tools: Tools) -> Self {
        let Tools { store, bus, clock, keys, public_url, flickr, hub, patience, rhythm } = tools;
        let nudge = Arc::new(Notify::new());
        let watching = Watching::new(clock.clone(), patience, nudge.clone());
        let (tally, settled) = (Tally::default(), Arc::default());
        Self { store, bus, clock, keys, public_url, flickr, hub, rhythm, watching, tally, nudge, settled }
    }

    /// The same at another rhythm.
    #[must_use]
    pub fn with_rhythm(self, rhythm: Rhythm) -> Self {
        Self { rhythm, ..self }
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
        let Some(it) = self.store.subscription(event).await? else { return Ok(()) };
        let now = self.clock.now();
        // Each try is a call out of everybody's budget.
        if it.standing.asked_at.is_some_and(|asked| now.duration_since(asked) < RENEW_AGAIN) {
            return Ok(());
        }
        self.watching.note(event, now);
        self.store.want(&it.account, &it.topic, event, now).await?;
        if let Some(it) = self.store.subscription(event).await? {
            self.store.record_standing(event, &it.standing, Standing::default()).await?;
        }
        self.nudge.notify_one();
        Ok(())
    }

    /// Something that was waited for has come: it is looked at again.
    pub fn nudge(&self) {
        self.settled.notify_waiters();
        self.nudge.notify_one();
    }

    /// An account has signed in (again): what was stuck for want of a permission is tried.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn wake(&self, account: &str) -> Result<(), StoreError> {
        let in_trouble = |it: &Subscription| it.wanted && it.standing.trouble.is_some();
        for it in self.store.subscriptions_of(account).await?.into_iter().filter(in_trouble) {
            self.store.record_standing(&it.event, &it.standing, Standing::default()).await?;
        }
        self.nudge.notify_one();
        Ok(())
    }

    /// The hub wanted to renew a subscription that nobody watches, and was refused: it sleeps until somebody comes.
    ///
    /// # Errors
    /// When it cannot be recorded.
    pub async fn fall_asleep(&self, event: &EventName) -> Result<(), StoreError> {
        let Some(subscription) = self.store.subscription(event).await? else { return Ok(()) };
        let seen = &subscription.standing;
        let asleep_at = seen.asleep_at.or(Some(self.clock.now()));
        self.store.record_standing(event, seen, Standing { asleep_at, ..seen.clone() }).await?;
        tracing::info!(callback.event = %event, "nobody watches: let go until somebody does");
        // Somebody may have come in between.
        self.nudge.notify_one();
        Ok(())
    }

    /// Waits until each of `events` either works or is in trouble, at most for `limit`; the answer is how they are then.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn settle(&self, events: &[EventName], limit: Duration) -> Result<Vec<Subscription>, StoreError> {
        let deadline = Instant::now() + limit;
        let mut over = false;
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            let mut found = Vec::new();
            for event in events {
                found.extend(self.store.subscription(event).await?);
            }
            let open = |it: &Subscription| matches!(Stage::of(it), Stage::Asking | Stage::Awaiting);
            if over || !found.iter().any(open) {
                return Ok(found);
            }
            over = timeout_at(deadline, settled).await.is_err();
        }
    }

    /// Forgets an account: deletes its permission, its subscriptions, its walls and its history, and tells the hub that
    /// all is over, as far as it can be told within half a minute. The answer is how many subscriptions the hub could
    /// not be told of; their callbacks refuse whatever comes, so the hub will drop them by itself.
    ///
    /// # Errors
    /// When the store or the history cannot be written.
    pub async fn forget(&self, account: &str) -> Result<usize, ForgetError> {
        let permission = self.token(account).await?;
        // First their callbacks take nothing more. The account goes after its history, so that who was interrupted can
        // say it again.
        self.store.end_all_of(account).await?;
        let all = self.store.subscriptions_of(account).await?;
        let events: Vec<_> = all.iter().map(|it| it.event.clone()).collect();
        self.bus.forget(events.clone()).await?;
        self.store.forget_account(account).await?;
        let known: Vec<_> =
            all.into_iter().filter(|it| it.standing.asked_at.is_some() || it.standing.confirmed_at.is_some()).collect();
        let untold = match permission {
            Some(permission) => self.part_from_all(&permission.token, &known).await,
            None => known.len(),
        };
        // What was being delivered when the callbacks closed.
        self.bus.forget(events).await?;
        Ok(untold)
    }
}
