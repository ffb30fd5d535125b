//! The hub engine: what happened goes to whom it concerns.
//!
//! It follows the published design of Flickr's own (code.flickr.net, 2011): small tasks, delayed and de-duplicated, a
//! queue for each endpoint, periodic draining, throttled output. The path of a task:
//!
//! 1. A source calls [`Hub::happened`]. The task waits a moment; one with an equal key takes its place, and a removal
//!    takes away whatever waits for its photo (`waiting`).
//! 2. When it is due, `index` finds the subscriptions that it concerns; `grid` does so for circles.
//! 3. It is put into the queue of each (`mailbox`). A full queue drops its oldest.
//! 4. A queue is emptied in deliveries of some elements, one at a time, as often as its `bucket` has a token. `agenda`
//!    knows when what is due, so nothing turns idly, and `lanes` keep callbacks that answer late from the others.
//! 5. `flight` makes the calls. A delivery that is not accepted is kept and tried again, in its order, with growing
//!    pauses (`backoff`); 410 ends the subscription.
//!
//! Subscriptions are in `book`; `verify` asks their callbacks, `lease` renews or ends them. `state` holds all of this
//! together and never waits; [`Hub::run`] is the one loop.
//!
//! Strangers' subscriptions are those of a `guest`: `welcome` lets them in as far as the `lobby` has room, and they are
//! called by lanes and a client of their own. `recent` keeps what is new for those who ask.
//!
//! **Invariants:** of two elements in a queue the older is never delivered after the younger, unless a fault says so;
//! nothing a callback does delays another for longer than [`Settings::slow_after`]; a callback never gets into a log.
//!
//! Everything is in memory and ends with the process, subscriptions included.

mod agenda;
mod backoff;
mod book;
mod bucket;
mod duty;
mod flight;
mod grid;
mod guest;
mod index;
mod lanes;
mod lease;
mod lobby;
mod mailbox;
mod pushed;
mod recent;
mod settings;
mod state;
mod subscription;
mod verify;
mod waiting;
mod welcome;

use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Client;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::clock::Clock;
use crate::hub::engine::duty::Duty;
use crate::hub::engine::flight::{Answer, Call, Job, Refusal};
use crate::hub::engine::state::State;
use crate::hub::faults::Faults;
use crate::hub::task::Task;
use crate::topic::Kind;
pub use guest::{Crowded, Dialect, Guest, Limits, WelcomeError};
pub use pushed::{Counts, Pushed};
pub use settings::Settings;
pub use subscription::{Interest, Request, SubscribeError, Subscription, Verify};

/// How long calls under way may take when the engine is told to stop.
const GOODBYE: Duration = Duration::from_secs(2);

/// A hub. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Hub(Arc<Shared>);

struct Shared {
    client: Client,
    clock: Clock,
    faults: Faults,
    sync_limit: Duration,
    slow_after: Duration,
    state: Mutex<State>,
    /// Something may be due earlier than it was.
    changed: Notify,
}

impl Hub {
    /// A hub without subscriptions, that speaks through `client` ([`crate::hub::endpoint::client`]). Challenges and
    /// jitter come from `seed`.
    #[must_use]
    pub fn new(settings: Settings, client: Client, clock: Clock, faults: Faults, seed: u64) -> Self {
        let Settings { sync_limit, slow_after, .. } = settings;
        let state = Mutex::new(State::new(settings, faults.clone(), seed));
        Self(Arc::new(Shared { client, clock, faults, sync_limit, slow_after, state, changed: Notify::new() }))
    }

    /// Something happened. Never waits.
    pub fn happened(&self, task: Task) {
        self.change(|state| state.happened(task, Instant::now()));
    }

    /// Begins a subscription, or begins one anew that is there: then its token and lease are those of `request`, once
    /// the callback has agreed. [`Verify::Sync`] returns after the verification, which needs [`Self::run`] running.
    ///
    /// # Errors
    /// See [`SubscribeError`]. A synchronous verification of which nothing is heard within [`Settings::sync_limit`]
    /// has failed for the caller; if the callback agrees after all, there is a subscription nevertheless.
    pub async fn subscribe(&self, request: Request) -> Result<(), SubscribeError> {
        let wall = self.0.clock.now();
        let outcome = self.change(|state| state.wish(request, None, Instant::now(), wall))?;
        self.settle(outcome).await
    }

    /// Ends a subscription, if the callback agrees. The topic's name and the callback say which: its arguments are no
    /// arguments of `flickr.push.unsubscribe`.
    ///
    /// # Errors
    /// As [`Self::subscribe`], and when there is no such subscription.
    pub async fn unsubscribe(
        &self,
        account: &str,
        topic: Kind,
        callback: &Url,
        verify: Verify,
        verify_token: Option<String>,
    ) -> Result<(), SubscribeError> {
        let outcome = self.change(|state| {
            state.wish_to_end(account, topic, callback, (verify, verify_token), None, Instant::now())
        })?;
        self.settle(outcome).await
    }

    /// As [`Self::subscribe`], for a stranger.
    ///
    /// # Errors
    /// As there; and when its callback is out of reach, or strangers have all that they may have.
    pub async fn welcome(&self, request: Request, guest: Guest) -> Result<(), WelcomeError> {
        let wall = self.0.clock.now();
        let outcome = self.change(|state| state.welcome(request, guest, Instant::now(), wall))?;
        Ok(self.settle(outcome).await?)
    }

    /// As [`Self::unsubscribe`], for a stranger.
    ///
    /// # Errors
    /// As [`Self::welcome`].
    pub async fn farewell(
        &self,
        account: &str,
        topic: Kind,
        callback: &Url,
        asked: (Verify, Option<String>),
        guest: Guest,
    ) -> Result<(), WelcomeError> {
        let now = Instant::now();
        let outcome = self.change(|state| state.farewell(account, topic, callback, asked, guest, now))?;
        Ok(self.settle(outcome).await?)
    }

    /// Tells a stranger's callback, soon, that it gets no subscription, and why (WebSub section 5.2).
    ///
    /// # Errors
    /// As [`Self::welcome`]: this too makes us call somebody.
    pub fn turn_away(&self, request: Request, guest: Guest, reason: &'static str) -> Result<(), WelcomeError> {
        let wall = self.0.clock.now();
        self.change(|state| state.turn_away(request, guest, reason, Instant::now(), wall))
    }

    /// The newest entries of an interest that needs no account, and of what was for one of these subscribers alone; the
    /// newest first, each photo once.
    #[must_use]
    pub fn newest(&self, subscribers: &[&str], interest: &Interest, count: usize) -> Vec<Arc<str>> {
        self.lock().recent.newest(subscribers, interest, count)
    }

    /// A subscription is gone without a word, as Flickr's sometimes were (observed in parallel-flickr). False when
    /// there is none.
    pub fn forget(&self, account: &str, callback: &Url) -> bool {
        self.change(|state| state.book.find(account, callback).map(|id| state.remove(id)).is_some())
    }

    /// The subscriptions of one account, the oldest first, those that are not verified yet included.
    #[must_use]
    pub fn subscriptions(&self, account: &str) -> Vec<Subscription> {
        self.lock().book.all().filter(|it| it.account == account).map(|it| it.shown()).collect()
    }

    /// All subscriptions, the oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Subscription> {
        self.lock().book.all().map(|it| it.shown()).collect()
    }

    /// Subscriptions of strangers: verified, and waiting to be.
    #[must_use]
    pub fn guests(&self) -> [usize; 2] {
        let state = self.lock();
        let count = |active| state.book.all().filter(|it| it.guest.is_some() && it.active == active).count();
        [count(true), count(false)]
    }

    /// The latest POSTs, the newest first; 200 at most.
    #[must_use]
    pub fn pushed(&self) -> Vec<Pushed> {
        self.lock().log.latest()
    }

    /// Totals since the beginning, and what there is now.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let state = self.lock();
        Counts { subscriptions: state.book.len(), waiting: state.waiting.len(), ..state.counts }
    }

    /// Elements that subscribers who are no guests are still to get, and tasks that wait.
    #[must_use]
    pub fn undelivered(&self) -> usize {
        let state = self.lock();
        let ours = state.book.all().filter(|it| it.guest.is_none());
        state.waiting.len() + ours.map(|it| it.mail.len()).sum::<usize>()
    }

    /// What goes wrong on purpose.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Delivers, verifies and renews until `stop`, then lets calls that are under way come to their end for two
    /// seconds. To be run once. Subscribers are not told that the hub ends: they did not ask for it, and would refuse.
    pub async fn run(&self, stop: CancellationToken) {
        let mut flights = JoinSet::new();
        loop {
            let (jobs, next) = {
                let mut state = self.lock();
                let jobs = state.step(Instant::now(), self.0.clock.now());
                (jobs, state.next())
            };
            for job in jobs {
                flights.spawn(self.clone().fly(job));
            }
            while flights.try_join_next().is_some() {}
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                () = self.0.changed.notified() => {}
                () = until(next) => {}
            }
        }
        // Who waits for a verification that will not come need not wait longer.
        self.lock().book.let_wishes_go();
        let _ = timeout(GOODBYE, async { while flights.join_next().await.is_some() {} }).await;
        flights.shutdown().await;
    }

    /// Makes one call and sees to what comes of it.
    async fn fly(self, job: Job) {
        let Job { duty, mut speed, guest, call } = job;
        let began = Instant::now();
        let mut work = pin!(self.make(&call));
        let landing = match timeout(self.0.slow_after, &mut work).await {
            Ok(landing) => landing,
            Err(_) => {
                speed = self.change(|state| state.lanes(guest).change_over(speed));
                work.await
            }
        };
        let wall = self.0.clock.now();
        self.change(|state| {
            state.lanes(guest).release(speed);
            match (landing, &call, duty) {
                (Landing::Posted(posts, answer), Call::Post(post), Duty::Push(id)) => {
                    state.posted(id, post, posts, &answer, began.elapsed(), wall);
                }
                (Landing::Asked(answer), _, Duty::Ask(id)) => state.answered(id, answer, Instant::now(), wall),
                (Landing::Asked(answer), _, Duty::Lease(id)) => state.renewed(id, answer, Instant::now(), wall),
                _ => {}
            }
        });
    }

    async fn make(&self, call: &Call) -> Landing {
        match call {
            Call::Post(post) => {
                let (posts, answer) = post.send(&self.0.client, self.0.clock.now()).await;
                Landing::Posted(posts, answer)
            }
            Call::Ask(ask) => Landing::Asked(ask.send(&self.0.client).await),
        }
    }

    /// Waits for a synchronous verification.
    async fn settle(
        &self,
        outcome: Option<oneshot::Receiver<Result<(), SubscribeError>>>,
    ) -> Result<(), SubscribeError> {
        let Some(outcome) = outcome else { return Ok(()) };
        match timeout(self.0.sync_limit, outcome).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(SubscribeError::Failed("no answer".to_owned())),
        }
    }

    /// Changes something after which something may be due.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.lock());
        self.0.changed.notify_one();
        changed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What came of a call.
enum Landing {
    Posted(Vec<String>, Answer),
    Asked(Result<(), Refusal>),
}

/// Resolves at that moment; never when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hub").field(&self.counts()).finish()
    }
}

#[cfg(test)]
mod tests;
