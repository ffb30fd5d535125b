//! What is wanted, read again and again, and made true at the engine and in the schedule.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::config::FlickrHub;
use crate::event_name::EventName;
use crate::flickr::budget::CAPACITY;
use crate::flickr::permission;
use crate::hub::bridge::desk::OPENED;
use crate::hub::bridge::novelty::REMEMBERED;
use crate::hub::bridge::{Bridge, Wish};
use crate::hub::engine::{Interest, Request, Subscription, Verify};
use crate::store::StoreError;

/// The query by which the callback knows that the bridge calls.
const BY: &str = "by=bridge";

impl Bridge {
    pub(super) async fn keep(&self, stop: CancellationToken) {
        match self.0.tools.store.seen(OPENED).await {
            Ok(opened) => self.lock().restore(opened.iter().filter_map(|(event, _)| event.parse().ok())),
            Err(error) => tracing::error!(%error, "what the bridge began is not known"),
        }
        match self.0.tools.store.shown().await {
            Ok(shown) => self.lock().shown.restore(shown),
            Err(error) => tracing::error!(%error, "what the bridge has shown is not known"),
        }
        let mut write = interval(self.0.settings.write);
        write.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(error) = self.look().await {
                tracing::error!(%error, "the bridge cannot read what is wanted");
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                _ = write.tick() => self.write().await,
                _ = timeout(self.0.settings.look, self.0.wished.notified()) => {}
            }
        }
        // What was handed on long enough ago is delivered; what was not is found again after a restart.
        self.write().await;
    }

    /// Looks at what is wanted now.
    async fn look(&self) -> Result<(), StoreError> {
        let tools = &self.0.tools;
        let mut permitted = HashSet::new();
        let mut wishes: Vec<Wish> = self.lock().shown_by_hand.clone();
        let by_hand = wishes.len();
        if tools.mode != FlickrHub::Flickr {
            let push = tools.mode == FlickrHub::Auto;
            let subscriptions = tools.store.subscriptions().await?;
            wishes.extend(subscriptions.iter().filter(|it| it.wanted).map(|it| Wish::of(it, push)));
        }
        wishes.retain(|it| (tools.watched)(&it.event));
        wishes.extend(self.guests());
        if wishes.len() > by_hand || by_hand == 0 {
            for account in tools.store.accounts().await? {
                let Some(sealed) = account.token else { continue };
                let mut desk = self.lock();
                desk.name(&account.nsid, &account.name);
                let opens = permission::open(&tools.keys, &account.nsid, &sealed).is_some();
                if opens && desk.denied.get(&account.nsid) != Some(&sealed) {
                    permitted.insert(account.nsid);
                }
            }
        }
        self.subscribe(&wishes).await;
        let (now, millis) = (tools.clock.now(), self.millis());
        let mut desk = self.lock();
        if desk.keyless.as_ref().is_some_and(|(until, _)| *until <= now) {
            desk.keyless = None;
        }
        let keyed = tools.flickr.is_some() && desk.keyless.is_none();
        desk.serve(wishes, keyed, &permitted, now, millis);
        drop(desk);
        self.0.changed.notify_one();
        Ok(())
    }

    /// What strangers wish who subscribed at the engine themselves, where it is open to them. They watch as long as their
    /// lease lasts.
    fn guests(&self) -> Vec<Wish> {
        let guests = self.0.hub.all().into_iter().filter(|it| it.guest && !it.pending);
        let wish = |it: Subscription| Some((it.account.parse().ok()?, it.interest));
        let wishes: BTreeMap<EventName, Interest> = guests.filter_map(wish).collect();
        wishes.into_iter().map(|(event, interest)| Wish::of_guest(event, interest)).collect()
    }

    /// Begins at the engine what is wished, and ends there what is no longer.
    async fn subscribe(&self, wishes: &[Wish]) {
        let hub = &self.0.hub;
        let wanted: HashSet<String> = wishes.iter().map(|it| it.event.to_string()).collect();
        let mut there = HashSet::new();
        for it in hub.all() {
            if it.guest || wanted.contains(&it.account) {
                there.insert(it.account);
            } else {
                hub.forget(&it.account, &it.callback);
            }
        }
        for wish in wishes.iter().filter(|it| !there.contains(it.event.as_str())) {
            let Some(callback) = self.callback(&wish.event) else { continue };
            let request = Request {
                // To the engine each wish is a subscriber of its own, so that it alone is told what was found for it.
                account: wish.event.to_string(),
                interest: wish.interest.clone(),
                callback,
                verify: Verify::Async,
                verify_token: Some(self.0.tools.keys.verify_token(&wish.event)),
                lease: None,
            };
            if let Err(error) = hub.subscribe(request).await {
                tracing::warn!(callback.event = %wish.event, %error, "the bridge cannot serve it");
            }
        }
    }

    /// The callback of `event`, by this machine's own door.
    fn callback(&self, event: &EventName) -> Option<Url> {
        const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'?').add(b'#').add(b'%');
        let Self(shared) = self;
        let callback = shared.tools.keys.callback(event);
        let path = format!("/callback/{}?{BY}", utf8_percent_encode(&callback, PATH));
        let address = match shared.door.get() {
            Some(door) => format!("{door}{path}"),
            None => shared.tools.public_url.join(&path),
        };
        Url::parse(&address).ok()
    }

    /// Writes down what was seen some time ago, and what was shown.
    async fn write(&self) {
        let tools = &self.0.tools;
        let (seen, (shown, over)) = {
            // What is under way to a callback is not written down yet: after a crash it is found again.
            let delivered = self.0.hub.undelivered() == 0;
            let mut desk = self.lock();
            let seen = if delivered || desk.has_much_unwritten() { desk.take_unwritten() } else { Vec::new() };
            (seen, desk.shown.take_changes())
        };
        // With a key the subscriber does this.
        let (level, at) = tools.feeds.budget().snapshot();
        if tools.flickr.is_none()
            && level < CAPACITY
            && let Err(error) = tools.store.record_budget(level, at).await
        {
            tracing::error!(%error, "the budget of calls cannot be written down");
        }
        let nothing = shown.is_empty() && over.is_empty();
        if !nothing && let Err(error) = tools.store.record_shown(shown, over).await {
            tracing::error!(%error, "what the bridge has shown cannot be written down");
        }
        if seen.is_empty() {
            return;
        }
        if let Err(error) = tools.store.record_seen(seen, tools.clock.now(), REMEMBERED).await {
            tracing::error!(%error, "what the bridge has seen cannot be written down");
        }
    }
}
