//! One step of the plan, done: the call to the hub, and what came of it written down.
//!
//! The record is written before the hub is called, since a hub that verifies synchronously calls us back before it
//! answers (`verify=sync`; observed in parallel-flickr, which inserts its row first).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::event_name::EventName;
use crate::flickr::push::Verify;
use crate::flickr::{Failure, Flickr, FlickrError, Token};
use crate::store::subscription::Standing;
use crate::store::{StoreError, Subscription};
use crate::subscriber::{MAX_CALLBACK, Subscriber, permission};

/// Pause before an account is checked again whose check failed.
const CHECK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// How long a person waits at most while the hub is told that all of theirs is over.
const FAREWELL: Duration = Duration::from_secs(30);
/// What stands at a subscription whose account has no valid permission any more.
const SIGN_IN_AGAIN: &str = "Flickr does not accept your permission any more: sign in again, and it goes on.";

impl Subscriber {
    /// Asks the hub to subscribe it.
    pub(super) async fn subscribe(&self, flickr: &Flickr, event: &EventName) -> Result<(), StoreError> {
        let Some(subscription) = self.store.subscription(event).await?.filter(|it| it.wanted) else { return Ok(()) };
        let Some(token) = self.token(&subscription.account).await? else { return Ok(()) };
        let callback = self.callback(event);
        if callback.len() > MAX_CALLBACK {
            let trouble = format!(
                "Its callback has {} bytes, and Flickr takes {MAX_CALLBACK}: PUBLIC_URL is too long.",
                callback.len()
            );
            let standing = Standing { trouble: Some(trouble), lasting: true, ..subscription.standing };
            return self.store.record_standing(event, standing).await;
        }
        let asked_at = Some(self.clock.now());
        let asked = Standing { asked_at, ..subscription.standing.clone() };
        self.store.record_standing(event, asked.clone()).await?;
        let verify_token = self.keys.verify_token(event);
        let asking = flickr.subscribe(&token, &subscription.topic, &callback, &verify_token, Verify::Sync, None);
        match asking.await {
            Ok(()) => {
                tracing::info!(callback.event = %event, "subscribed");
                let confirmed_at = Some(self.clock.now());
                self.store.record_standing(event, Standing { asked_at, confirmed_at, ..Standing::default() }).await
            }
            Err(error) => {
                let unconfirmed = Standing { confirmed_at: None, expires_at: None, asleep_at: None, ..asked };
                self.record_failure(&subscription, unconfirmed, &error, "not subscribed").await
            }
        }
    }

    /// Tells the hub that it is over, and removes the record.
    pub(super) async fn unsubscribe(&self, flickr: &Flickr, event: &EventName) -> Result<(), StoreError> {
        let Some(subscription) = self.store.subscription(event).await?.filter(|it| !it.wanted) else { return Ok(()) };
        let Some(token) = self.token(&subscription.account).await? else { return Ok(()) };
        match self.part(flickr, &token, &subscription).await {
            Ok(()) => {
                self.store.remove_ended(event).await?;
                // What is still there was wanted again meanwhile: the hub has it no more.
                self.store.record_standing(event, Standing::default()).await
            }
            Err(error) => {
                let standing = subscription.standing.clone();
                self.record_failure(&subscription, standing, &error, "not unsubscribed").await
            }
        }
    }

    /// Asks the hub what it has for this account. The answer is when to ask again.
    pub(super) async fn check(&self, flickr: &Flickr, account: &str) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        let at = |pause: SignedDuration| now.checked_add(pause).unwrap_or(Timestamp::MAX);
        let Some(token) = self.token(account).await? else { return Ok(at(self.rhythm.check)) };
        let listed = match flickr.subscriptions(&token).await {
            Ok(listed) => listed,
            Err(error) => {
                tracing::warn!(account, %error, "the hub did not say what it has");
                if error.loses_token() {
                    self.lose_token(account).await?;
                }
                let soonest = if error.is_lasting() { self.rhythm.check } else { CHECK_AGAIN.min(self.rhythm.check) };
                return Ok(at(again_in(&error).max(soonest)));
            }
        };
        for it in self.store.subscriptions_of(account).await?.into_iter().filter(|it| it.wanted) {
            // What sleeps may still be listed, until the hub has understood.
            if it.standing.asleep_at.is_some() {
                continue;
            }
            let callback = self.callback(&it.event);
            let known = listed.iter().find(|listed| is_same(&listed.callback, &callback));
            let standing = match known {
                Some(known) if known.pending && known.verify_attempts > 0 => Standing {
                    confirmed_at: None,
                    trouble: Some(format!(
                        "The hub called back {} times and did not get the right answer: is {} reachable from outside?",
                        known.verify_attempts, self.public_url
                    )),
                    ..it.standing.clone()
                },
                Some(known) if !known.pending => Standing {
                    asked_at: it.standing.asked_at,
                    confirmed_at: it.standing.confirmed_at.or(Some(now)),
                    expires_at: known.expiry,
                    ..Standing::default()
                },
                None if it.standing.confirmed_at.is_some() && it.standing.asleep_at.is_none() => {
                    tracing::warn!(callback.event = %it.event, "the hub forgot it");
                    Standing::default()
                }
                _ => continue,
            };
            if standing != it.standing {
                self.store.record_standing(&it.event, standing).await?;
            }
        }
        Ok(at(self.rhythm.check))
    }

    /// Tells the hub that all of these are over, as far as it can be told in time; how many it could not be told of.
    pub(super) async fn part_from_all(&self, token: &Token, all: &[Subscription]) -> usize {
        let Some(flickr) = &self.flickr else { return all.len() };
        let told = all.iter().map(|it| async move {
            match self.part(flickr, token, it).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(callback.event = %it.event, %error, "not unsubscribed");
                    false
                }
            }
        });
        // One after the other: Flickr wants no bursts.
        let mut n_told = 0;
        let telling = async {
            for one in told {
                n_told += usize::from(one.await);
            }
        };
        let _ = tokio::time::timeout(FAREWELL, telling).await;
        all.len() - n_told
    }

    async fn part(&self, flickr: &Flickr, token: &Token, it: &Subscription) -> Result<(), FlickrError> {
        let (callback, verify_token) = (self.callback(&it.event), self.keys.verify_token(&it.event));
        match flickr.unsubscribe(token, &it.topic, &callback, &verify_token, Verify::Sync).await {
            Ok(()) => {
                tracing::info!(callback.event = %it.event, "unsubscribed");
                Ok(())
            }
            Err(error) if error.kind() == Some(Failure::NotSubscribed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn record_failure(
        &self,
        subscription: &Subscription,
        standing: Standing,
        error: &FlickrError,
        what: &str,
    ) -> Result<(), StoreError> {
        let event = &subscription.event;
        let failures = standing.failures + 1;
        // Who is told to wait waits; chance keeps those who failed together apart.
        let chance = self.clock.random::<1>().map_or(0.5, |[byte]| f64::from(byte) / 255.0);
        let pause = self.rhythm.pause(failures, chance).max(again_in(error));
        let (lasting, retry_ms) = (error.is_lasting(), pause.as_millis());
        tracing::warn!(callback.event = %event, %error, failures, lasting, retry_ms, "{what}");
        let standing = Standing {
            trouble: Some(error.sentence(&self.public_url.to_string())),
            lasting,
            failures,
            retry_at: self.clock.now().checked_add(pause).ok(),
            ..standing
        };
        self.store.record_standing(event, standing).await?;
        if error.loses_token() { self.lose_token(&subscription.account).await } else { Ok(()) }
    }

    /// The permission of the account; without a valid one its subscriptions say so.
    pub(super) async fn token(&self, account: &str) -> Result<Option<Token>, StoreError> {
        let Some(account) = self.store.account(account).await? else { return Ok(None) };
        let Some(sealed) = account.token else { return Ok(None) };
        let token = permission::open(&self.keys, &account.nsid, &sealed);
        if token.is_none() {
            tracing::warn!(
                account = account.nsid,
                "a permission cannot be read: was it stored with another SECRET_KEY?"
            );
            self.lose_token(&account.nsid).await?;
        }
        Ok(token)
    }

    async fn lose_token(&self, account: &str) -> Result<(), StoreError> {
        self.store.record_token_lost(account).await?;
        for it in self.store.subscriptions_of(account).await?.into_iter().filter(|it| it.wanted) {
            let standing = Standing { trouble: Some(SIGN_IN_AGAIN.into()), lasting: true, ..it.standing };
            self.store.record_standing(&it.event, standing).await?;
        }
        Ok(())
    }

    pub(super) fn callback(&self, event: &EventName) -> String {
        self.public_url.join(&format!("/callback/{}", self.keys.callback(event)))
    }
}

/// Whether two texts are one address: a hub may list it in another spelling than it was given.
fn is_same(listed: &str, ours: &str) -> bool {
    listed == ours || Url::parse(listed).is_ok_and(|listed| Url::parse(ours).is_ok_and(|ours| listed == ours))
}

fn again_in(error: &FlickrError) -> SignedDuration {
    error.again_in().and_then(|it| it.try_into().ok()).unwrap_or_default()
}
