//! The reconciler: looks at what is wanted and at how it stands, and makes the two agree, again and again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::store::StoreError;
use crate::subscriber::plan::{Step, View, plan};
use crate::subscriber::{Subscriber, permission};

/// Calls to the hub at one time. One that takes long (a hub may verify for half a minute) does not stop the others.
const AT_ONCE: usize = 8;
/// How often what deliveries brought, and who watched, is written down.
const WRITE_DOWN: Duration = Duration::from_secs(15);
/// Nothing is slept through for longer: clocks jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Pause while the store cannot be read or written.
const STORE_AWAY: Duration = Duration::from_secs(5);
/// How long a screen may take to come back after a restart, over and above what it may stay away.
const BACK: SignedDuration = SignedDuration::from_mins(2);
/// How long steps that were begun may go on when the server stops.
const GOODBYE: Duration = Duration::from_secs(2);

/// What the loop remembers between two looks.
#[derive(Debug, Default)]
struct Work {
    running: JoinSet<(Step, Result<Option<Timestamp>, StoreError>)>,
    /// What is being worked at: an event name or an account. Never two steps at once for one.
    busy: HashSet<String>,
    waiting: VecDeque<Step>,
    check_at: HashMap<String, Timestamp>,
}

impl Subscriber {
    /// Keeps subscriptions true until `stop`. Runs once for each server.
    pub async fn run(&self, stop: CancellationToken) {
        self.remember().await;
        let mut work = Work::default();
        let mut write_down = interval(WRITE_DOWN);
        write_down.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut look = true;
        let mut wake = Instant::now();
        while !stop.is_cancelled() {
            if look {
                wake = Instant::now() + self.look(&mut work).await;
            }
            while work.running.len() < AT_ONCE
                && let Some(step) = work.waiting.pop_front()
            {
                work.busy.insert(step.subject().to_owned());
                let subscriber = self.clone();
                work.running.spawn(async move {
                    let done = subscriber.take(&step).await;
                    (step, done)
                });
            }
            look = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(done) = work.running.join_next() => {
                    let mut found = false;
                    match done {
                        Ok((step, done)) => {
                            // A check may have found something to do, whoever else is still waited for.
                            found = matches!(step, Step::Check(_));
                            self.note(&mut work, step, done);
                        }
                        Err(error) => {
                            // Which step it was is not told: all may be planned again, and twice does no harm.
                            tracing::error!(%error, "a step of the subscriber's broke off");
                            work.busy.clear();
                        }
                    }
                    self.settled.notify_waiters();
                    found || (work.running.is_empty() && work.waiting.is_empty())
                }
                () = self.nudge.notified() => true,
                _ = write_down.tick() => {
                    self.write_down().await;
                    false
                }
                () = sleep_until(wake) => true,
            };
        }
        let finish = async { while work.running.join_next().await.is_some() {} };
        let _ = timeout(GOODBYE, finish).await;
        work.running.shutdown().await;
        self.write_down().await;
    }

    /// Plans, and says how long the plan holds.
    async fn look(&self, work: &mut Work) -> Duration {
        // Without an app there is nobody to ask.
        if self.flickr.is_none() {
            return LONGEST_SLEEP;
        }
        let (subscriptions, accounts) = match self.read().await {
            Ok(read) => read,
            Err(error) => {
                tracing::error!(%error, "subscriptions cannot be looked after");
                return STORE_AWAY;
            }
        };
        let now = self.clock.now();
        let watched =
            subscriptions.iter().map(|it| it.event.clone()).filter(|it| self.watching.is_watched(it)).collect();
        work.check_at.retain(|account, _| accounts.contains(account));
        let view = View {
            now,
            hub: self.hub,
            subscriptions: &subscriptions,
            watched: &watched,
            permitted: &accounts,
            check_at: &work.check_at,
        };
        let plan = plan(&view, &self.rhythm);
        work.waiting = plan.steps.into_iter().filter(|it| !work.busy.contains(it.subject())).collect();
        let until = plan.next.and_then(|it| Duration::try_from(it.duration_since(now)).ok()).unwrap_or(LONGEST_SLEEP);
        until.min(LONGEST_SLEEP)
    }

    async fn read(&self) -> Result<(Vec<crate::store::Subscription>, HashSet<String>), StoreError> {
        let mut subscriptions = self.store.subscriptions().await?;
        let mut late = false;
        for it in &mut subscriptions {
            // What came since it was last written down says that the push lives.
            let pushed_at = self.tally.waiting(&it.event).and_then(|it| it.pushed_at);
            late |= it.serving.missed_at.is_some() && pushed_at.is_some();
            it.serving.pushed_at = it.serving.pushed_at.max(pushed_at);
        }
        // As long as it is not written down, what the push misses next is not noted: one thing at a time is.
        if late {
            self.write_down().await;
        }
        if subscriptions.is_empty() {
            return Ok(Default::default());
        }
        let accounts = self.store.accounts().await?;
        let permitted = accounts.into_iter().filter(|it| {
            let sealed = it.token.as_deref();
            sealed.is_some_and(|sealed| permission::open(&self.keys, &it.nsid, sealed).is_some())
        });
        Ok((subscriptions, permitted.map(|it| it.nsid).collect()))
    }

    /// Does one step; a check says when the next one is due.
    async fn take(&self, step: &Step) -> Result<Option<Timestamp>, StoreError> {
        let Some(flickr) = &self.flickr else { return Ok(None) };
        match step {
            Step::Check(account) => self.check(flickr, account).await.map(Some),
            Step::Subscribe(event) => self.subscribe(flickr, event).await.map(|()| None),
            Step::Unsubscribe(event) => self.unsubscribe(flickr, event).await.map(|()| None),
            Step::Bridge(event, why) => {
                tracing::info!(callback.event = %event, why, "the bridge serves it from now on");
                self.store.record_bridged(event, why, self.clock.now()).await.map(|()| None)
            }
            Step::Push(event) => {
                tracing::info!(callback.event = %event, "the push lives and serves it again");
                self.store.record_pushing(event).await.map(|()| None)
            }
            Step::Remove(event) => self.store.remove_ended(event).await.map(|()| None),
        }
    }

    fn note(&self, work: &mut Work, step: Step, done: Result<Option<Timestamp>, StoreError>) {
        work.busy.remove(step.subject());
        match done {
            Ok(check_at) => {
                if let (Step::Check(account), Some(at)) = (step, check_at) {
                    work.check_at.insert(account, at);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a subscription cannot be looked after");
                // It would be planned again at once.
                work.waiting.clear();
                let nudge = self.nudge.clone();
                work.running.spawn(async move {
                    tokio::time::sleep(STORE_AWAY).await;
                    nudge.notify_one();
                    (step, Ok(None))
                });
            }
        }
    }

    /// Who watched before a restart, so that a renewal in the first minutes is not refused. And what only a person could
    /// mend may have been mended: it is tried once more.
    async fn remember(&self) {
        let remembering = async {
            self.store.retry_all().await?;
            for it in self.store.subscriptions().await? {
                // A screen needs a moment to come back, and what it was seen last is some seconds old after a crash.
                if let Some(at) = it.watched_at {
                    let now = self.clock.now();
                    self.watching.note(&it.event, at.checked_add(BACK).unwrap_or(at).min(now));
                }
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = remembering.await {
            tracing::error!(%error, "who watched is not known");
        }
    }

    async fn write_down(&self) {
        let (tallied, watched) = (self.tally.take(), self.watching.sweep());
        let something = !tallied.is_empty() || !watched.is_empty();
        if something && let Err(error) = self.store.record_life(tallied.clone(), watched).await {
            tracing::error!(%error, "what deliveries brought cannot be written down");
            self.tally.put_back(tallied);
        }
        if let Some(flickr) = &self.flickr {
            let (level, at) = flickr.budget().snapshot();
            let full = level >= crate::flickr::budget::CAPACITY;
            if !full && let Err(error) = self.store.record_budget(level, at).await {
                tracing::error!(%error, "the budget of calls cannot be written down");
            }
        }
    }
}
