//! The calls: which one next, and what comes of it.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::flickr::listing::Listed;
use crate::flickr::{Feeds, Fetched, Flickr, FlickrError, Token, Validators, permission};
use crate::hub::bridge::Bridge;
use crate::hub::bridge::desk::Report;
use crate::hub::bridge::novelty::{Memory, Print};
use crate::hub::bridge::schedule::Next;
use crate::hub::bridge::source::{Call, Sense, Source};
use crate::hub::bridge::trouble::{Reaction, Since, react};
use crate::photo::PhotoEvent;
use crate::store::StoreError;

/// Calls under way at one time; one that takes long does not stop the others.
const AT_ONCE: usize = 4;
/// Calls that are always left to subscribing, and to who comes back from Flickr to sign in.
pub const LEAVES: u32 = 40;
/// How long calls under way may take when the bridge stops.
const GOODBYE: Duration = Duration::from_secs(2);
/// Nothing is slept through for longer.
const LONGEST_SLEEP: u64 = 60_000;
/// How long the key counts as refused before it is tried again.
const KEYLESS: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// What came of a call.
enum Answer {
    /// Photos, the newest first, and whether there may be more behind them.
    Photos(Vec<PhotoEvent>, bool),
    Contacts(Vec<crate::photo::Person>),
    Unchanged,
}

/// Why there is no answer.
enum Failed {
    Flickr(FlickrError),
    Store(StoreError),
    /// There is no permission to ask with, or no key; wishes are looked at again soon.
    Unable,
}

impl From<FlickrError> for Failed {
    fn from(error: FlickrError) -> Self {
        Self::Flickr(error)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Bridge {
    pub(super) async fn ask(&self, stop: CancellationToken) {
        let mut running = JoinSet::new();
        let check = self.0.settings.check;
        let mut checked: Option<tokio::time::Instant> = None;
        loop {
            let now = self.millis();
            let mut wait = LONGEST_SLEEP;
            if running.len() < AT_ONCE {
                let mut desk = self.lock();
                // Looks at what was shown have turns of their own, so that a full schedule does not starve them.
                let turn = checked.is_none_or(|at| at.elapsed() >= check) && desk.schedule.held(now).is_none();
                let photo = if turn { desk.shown.next(self.0.tools.clock.now()) } else { None };
                if let Some(photo) = photo {
                    checked = Some(tokio::time::Instant::now());
                    if desk.schedule.squeeze_in(now) {
                        desk.count_call(self.0.tools.clock.now());
                        running.spawn(self.clone().look_at(photo));
                    } else {
                        desk.shown.suspect(&photo);
                    }
                }
                match desk.schedule.next(now) {
                    Next::Ask(source) => {
                        desk.count_call(self.0.tools.clock.now());
                        running.spawn(self.clone().one(source));
                        wait = 0;
                    }
                    Next::Wait(until) => wait = until.saturating_sub(now).min(LONGEST_SLEEP),
                    Next::Nothing => {}
                }
                if !desk.shown.is_empty() {
                    wait = wait.min(u64::try_from(check.as_millis()).unwrap_or(LONGEST_SLEEP).max(1));
                }
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                Some(done) = running.join_next(), if !running.is_empty() => {
                    if let Err(error) = done {
                        tracing::error!(%error, "a call of the bridge's broke off");
                    }
                }
                () = self.0.changed.notified() => {}
                () = sleep(Duration::from_millis(wait)) => {}
            }
        }
        let _ = timeout(GOODBYE, async { while running.join_next().await.is_some() {} }).await;
        running.shutdown().await;
    }

    /// Asks one source, and hands on what is new.
    async fn one(self, source: Source) {
        let answer = self.call(&source).await;
        let (now, millis) = (self.0.tools.clock.now(), self.millis());
        let told = {
            let mut desk = self.lock();
            match answer {
                Ok(answer) => {
                    desk.failures = 0;
                    desk.failing.clear();
                    desk.held = None;
                    for part in desk.parts_of(&source) {
                        desk.reports.insert(part, Report { answered: Some(now), trouble: None });
                    }
                    let begins = desk.schedule.is_to_tell(&source);
                    let told = match answer {
                        Answer::Photos(photos, full) => {
                            if begins {
                                let ages = photos.iter().filter_map(|it| source.sense.age(it, now));
                                desk.schedule.learn(&source, ages.collect::<Vec<_>>(), full, millis);
                            }
                            desk.answered(&source, photos, full, now)
                        }
                        Answer::Contacts(contacts) => {
                            desk.follows(source.by.as_deref().unwrap_or_default(), contacts);
                            self.0.wished.notify_one();
                            Default::default()
                        }
                        Answer::Unchanged => {
                            desk.totals.unchanged += 1;
                            Default::default()
                        }
                    };
                    let found = if begins { 0 } else { told.tasks.len() };
                    desk.schedule.answered(&source, found, millis);
                    told
                }
                Err(failed) => {
                    drop(desk);
                    return self.failed(&source, failed).await;
                }
            }
        };
        for task in told.tasks {
            self.0.hub.happened(task);
        }
        for (event, happened) in told.missed {
            if let Err(error) = self.0.tools.store.record_missed(&event, happened, now).await {
                tracing::error!(%error, "what another hub missed cannot be written down");
            }
        }
    }

    async fn call(&self, source: &Source) -> Result<Answer, Failed> {
        let tools = &self.0.tools;
        let mut parts = self.lock().parts_of(source);
        parts.retain(|it| !self.lock().memories.contains_key(it));
        for part in parts {
            let seen = tools.store.seen(&part.to_string()).await?;
            let items = seen.into_iter().map(|(photo, print)| (photo, print.parse::<Print>().unwrap_or_default()));
            let memory = Memory::restored(items);
            self.lock().memories.entry(part).or_insert(memory);
        }
        match source.call {
            Call::Feed(file) => {
                let known = self.lock().validators.get(source).cloned().unwrap_or_default();
                self.fetch(&tools.feeds, source, file, &known).await
            }
            Call::Rest(method) => {
                let flickr = tools.flickr.as_ref().ok_or(Failed::Unable)?;
                let token = match &source.by {
                    Some(account) => Some(self.token(account).await?.ok_or(Failed::Unable)?),
                    None => None,
                };
                self.list(flickr, source, method, token.as_ref()).await
            }
        }
    }

    async fn fetch(&self, feeds: &Feeds, source: &Source, file: &str, known: &Validators) -> Result<Answer, Failed> {
        match feeds.fetch(file, &source.arguments, known, LEAVES).await? {
            Fetched::Unchanged => Ok(Answer::Unchanged),
            Fetched::Document(feed, validators) => {
                self.lock().validators.insert(source.clone(), validators);
                // A feed never says whether there is more.
                Ok(Answer::Photos(feed.events, true))
            }
        }
    }

    async fn list(
        &self,
        flickr: &Flickr,
        source: &Source,
        method: &'static str,
        token: Option<&Token>,
    ) -> Result<Answer, Failed> {
        if let (Sense::Contacts, Some(token)) = (&source.sense, token) {
            return Ok(Answer::Contacts(flickr.contacts(token, LEAVES).await?));
        }
        let Listed { photos, whole } = flickr.list(method, token, source.arguments.clone(), LEAVES).await?;
        Ok(Answer::Photos(photos, !whole))
    }

    /// What follows from a failure.
    async fn failed(&self, source: &Source, failed: Failed) {
        let tools = &self.0.tools;
        let (now, millis) = (tools.clock.now(), self.millis());
        let until = |pause: Duration| millis.saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        let error = match failed {
            Failed::Flickr(error) => error,
            Failed::Store(error) => {
                tracing::error!(%error, "the bridge cannot ask");
                return self.lock().schedule.failed(source, Duration::from_secs(5), millis);
            }
            Failed::Unable => return self.lock().schedule.failed(source, Duration::from_secs(30), millis),
        };
        let sentence = error.sentence(&tools.public_url.to_string());
        let mut denied = None;
        {
            let mut desk = self.lock();
            let spent = matches!(error, FlickrError::BudgetUsedUp { .. });
            if !spent {
                desk.failures += 1;
                desk.failing.insert(source.clone());
                desk.totals.failed += 1;
            }
            let since = Since { failures: desk.failures.max(1), different: desk.failing.len() };
            let reaction = match react(&error, since) {
                // What fails on somebody's behalf may be wrong about their permission alone.
                Reaction::Keyless if source.by.is_some() => Reaction::Denied { lost: false },
                other => other,
            };
            if spent {
                tracing::debug!(source = %source.call_name(), %error, "others use the budget");
            } else {
                tracing::warn!(source = %source.call_name(), %error, ?reaction, "the bridge got no answer");
            }
            match reaction {
                Reaction::Hold(pause) => {
                    desk.schedule.hold(until(pause.max(Duration::from_secs(1))));
                    // After the pause another one is asked first, if there is another: it may be this one's fault alone.
                    if spent {
                        desk.schedule.put_back(source);
                    } else {
                        desk.schedule.failed(source, Duration::from_secs(30), millis);
                        desk.trouble(source, &sentence);
                    }
                    desk.held = Some(sentence);
                }
                Reaction::Rest(pause) => {
                    desk.schedule.failed(source, pause, millis);
                    desk.trouble(source, &sentence);
                }
                Reaction::Denied { lost } => {
                    desk.schedule.failed(source, Duration::from_secs(60), millis);
                    desk.trouble(source, &sentence);
                    denied = source.by.clone().map(|account| (account, lost));
                }
                Reaction::Keyless => {
                    desk.schedule.failed(source, Duration::from_secs(60), millis);
                    desk.keyless = Some((now.checked_add(KEYLESS).unwrap_or(now), sentence));
                }
            }
        }
        if let Some((account, lost)) = denied
            && let Err(error) = self.deny(&account, lost).await
        {
            tracing::error!(%error, "a permission that Flickr refuses cannot be written down");
        }
        self.0.wished.notify_one();
    }

    /// Flickr refuses the permission of an account.
    async fn deny(&self, account: &str, lost: bool) -> Result<(), StoreError> {
        let store = &self.0.tools.store;
        let Some(sealed) = store.account(account).await?.and_then(|it| it.token) else { return Ok(()) };
        if lost {
            store.record_token_lost(account, &sealed).await?;
        } else {
            self.lock().denied.insert(account.to_owned(), sealed);
        }
        Ok(())
    }

    async fn token(&self, account: &str) -> Result<Option<Token>, StoreError> {
        let tools = &self.0.tools;
        let sealed = tools.store.account(account).await?.and_then(|it| it.token);
        Ok(sealed.and_then(|sealed| permission::open(&tools.keys, account, &sealed)))
    }

    /// Looks whether a photo that was shown is still there: by the API, or by its page where there is no key.
    async fn look_at(self, photo: String) {
        let tools = &self.0.tools;
        let (keyless, page) = {
            let desk = self.lock();
            (desk.keyless.is_some(), desk.shown.page(&photo).map(str::to_owned))
        };
        let seen = match (&tools.flickr, page) {
            (Some(flickr), _) if !keyless => flickr.is_public(&photo, LEAVES).await,
            (_, Some(page)) => tools.feeds.has_page(&page, LEAVES).await,
            (_, None) => return,
        };
        match seen {
            Ok(true) => {}
            Ok(false) => {
                let now = tools.clock.now();
                let task = self.lock().gone(&photo, now);
                if let Err(error) = tools.store.forget_seen(&photo).await {
                    tracing::error!(%error, "a photo that is gone cannot be forgotten");
                }
                if let Some(task) = task {
                    self.0.hub.happened(task);
                }
            }
            Err(error) => {
                tracing::debug!(%error, "whether a photo is still there is not known");
                let mut desk = self.lock();
                desk.totals.failed += 1;
                desk.shown.again(&photo, tools.clock.now());
            }
        }
    }
}
