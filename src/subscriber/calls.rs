//! One step of the plan, done: the call to the hub, and what came of it written down.
//!
//! The record is written before the hub is called, since a hub that verifies synchronously calls us back before it
//! answers (`verify=sync`; observed in parallel-flickr, which inserts its row first).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::config::FlickrHub;
use crate::event_name::EventName;
use crate::flickr::push::Verify;
use crate::flickr::{Failure, Flickr, FlickrError, Token};
use crate::store::subscription::Standing;
use crate::store::{StoreError, Subscription};
use crate::subscriber::{MAX_CALLBACK, Subscriber, choice, permission};

/// Pause before an account is checked again whose check failed.
const CHECK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// So many times as long are the pauses in which a push is tried again while the bridge serves.
const PROBING: i32 = 3;
/// How long a person waits at most while the hub is told that all of theirs is over.
const FAREWELL: Duration = Duration::from_secs(20);
/// What stands at a subscription whose account has no valid permission any more.
const SIGN_IN_AGAIN: &str = "Flickr does not accept your permission any more: sign in again, and it goes on.";

/// An account's permission, and as it is stored.
#[derive(Debug)]
pub(super) struct Permission {
    pub(super) token: Token,
    sealed: Vec<u8>,
}

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
            if self.hub == FlickrHub::Auto {
                self.store.record_bridged(event, &trouble, self.clock.now()).await?;
            }
            let standing = Standing { trouble: Some(trouble), lasting: true, ..subscription.standing.clone() };
            return self.store.record_standing(event, &subscription.standing, standing).await.map(drop);
        }
        let asked_at = Some(self.clock.now());
        let asked = Standing { asked_at, ..subscription.standing.clone() };
        if !self.store.record_standing(event, &subscription.standing, asked.clone()).await? {
            return Ok(()); // It is planned anew.
        }
        let verify_token = self.keys.verify_token(event);
        let asking = flickr.subscribe(&token.token, &subscription.topic, &callback, &verify_token, Verify::Sync, None);
        match asking.await {
            Ok(()) => {
                tracing::info!(callback.event = %event, "subscribed");
                let confirmed_at = Some(self.clock.now());
                let confirmed = Standing { asked_at, confirmed_at, ..Standing::default() };
                self.store.record_standing(event, &asked, confirmed).await.map(drop)
            }
            Err(error) => {
                if self.hub == FlickrHub::Auto && choice::moves(&error) {
                    let why = error.sentence(&self.public_url.to_string());
                    self.store.record_bridged(event, &why, self.clock.now()).await?;
                }
                let unconfirmed = Standing { confirmed_at: None, expires_at: None, asleep_at: None, ..asked.clone() };
                self.record_failure(&subscription, &token, &asked, unconfirmed, &error, "not subscribed").await
            }
        }
    }

    /// Tells the hub that it is over, and removes the record.
    pub(super) async fn unsubscribe(&self, flickr: &Flickr, event: &EventName) -> Result<(), StoreError> {
        let Some(subscription) = self.store.subscription(event).await?.filter(|it| !it.wanted) else { return Ok(()) };
        let Some(token) = self.token(&subscription.account).await? else { return Ok(()) };
        match self.part(flickr, &token.token, &subscription).await {
            Ok(()) => {
                self.store.remove_ended(event).await?;
                // What is still there was wanted again meanwhile: the hub has it no more.
                let Some(again) = self.store.subscription(event).await? else { return Ok(()) };
                self.store.record_standing(event, &again.standing, Standing::default()).await.map(drop)
            }
            Err(error) => {
                let standing = &subscription.standing;
                self.record_failure(&subscription, &token, standing, standing.clone(), &error, "not unsubscribed").await
            }
        }
    }

    /// Asks the hub what it has for this account. The answer is when to ask again.
    pub(super) async fn check(&self, flickr: &Flickr, account: &str) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        let at = |pause: SignedDuration| now.checked_add(pause).unwrap_or(Timestamp::MAX);
        let Some(token) = self.token(account).await? else { return Ok(at(self.rhythm.check)) };
        let listed = match flickr.subscriptions(&token.token).await {
            Ok(listed) => listed,
            Err(error) => {
                tracing::warn!(account, %error, "the hub did not say what it has");
                if error.loses_token() {
                    self.lose_token(account, &token).await?;
                }
                let soonest = if error.is_lasting() { self.rhythm.check } else { CHECK_AGAIN.min(self.rhythm.check) };
                return Ok(at(again_in(&error).max(soonest)));
            }
        };
        for it in self.store.subscriptions_of(account).await?.into_iter().filter(|it| it.wanted) {
            // What sleeps may still be listed, until the hub has understood; and of what was asked for since, the list
            // says nothing yet.
            if it.standing.asleep_at.is_some() || it.standing.asked_at.is_some_and(|asked| asked >= now) {
                continue;
            }
            let known = listed.iter().find(|listed| self.is_callback(&listed.callback, &it.event));
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
                None if it.standing.confirmed_at.is_some() => {
                    tracing::warn!(callback.event = %it.event, "the hub forgot it");
                    Standing::default()
                }
                _ => continue,
            };
            if standing != it.standing {
                self.store.record_standing(&it.event, &it.standing, standing).await?;
            }
        }
        Ok(at(self.rhythm.check))
    }

    /// Tells the hub that all of these are over, as far as it can be told in time; how many it could not be told of.
    pub(super) async fn part_from_all(&self, token: &Token, all: &[Subscription]) -> usize {
        let Some(flickr) = &self.flickr else { return all.len() };
        let mut n_told = 0;
        // One after the other: Flickr wants no bursts.
        let telling = async {
            for it in all {
                match self.part(flickr, token, it).await {
                    Ok(()) => n_told += 1,
                    Err(error) => tracing::warn!(callback.event = %it.event, %error, "not unsubscribed"),
                }
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
        permission: &Permission,
        seen: &Standing,
        standing: Standing,
        error: &FlickrError,
        what: &str,
    ) -> Result<(), StoreError> {
        let event = &subscription.event;
        let failures = standing.failures + 1;
        // Who is told to wait waits; chance keeps those who failed together apart.
        let chance = self.clock.random::<1>().map_or(0.5, |[byte]| f64::from(byte) / 255.0);
        // What the bridge serves can wait longer for a hub that may never come back.
        let probing = if subscription.serving.bridged_at.is_some() { PROBING } else { 1 };
        let pause = self.rhythm.pause(failures, chance).saturating_mul(probing).max(again_in(error));
        let (lasting, retry_s) = (error.is_lasting(), pause.as_secs());
        tracing::warn!(callback.event = %event, %error, failures, lasting, retry_s, "{what}");
        let standing = Standing {
            trouble: Some(error.sentence(&self.public_url.to_string())),
            lasting,
            failures,
            retry_at: self.clock.now().checked_add(pause).ok(),
            ..standing
        };
        self.store.record_standing(event, seen, standing).await?;
        if error.loses_token() { self.lose_token(&subscription.account, permission).await } else { Ok(()) }
    }

    /// The permission of the account, when there is one that can be read: one that was stored with another SECRET_KEY
    /// cannot, and is kept for when the right one is back.
    pub(super) async fn token(&self, account: &str) -> Result<Option<Permission>, StoreError> {
        let Some(account) = self.store.account(account).await? else { return Ok(None) };
        let Some(sealed) = account.token else { return Ok(None) };
        let token = permission::open(&self.keys, &account.nsid, &sealed);
        Ok(token.map(|token| Permission { token, sealed }))
    }

    /// Flickr no longer accepts this permission. When the account has a new one already, nothing is lost.
    async fn lose_token(&self, account: &str, permission: &Permission) -> Result<(), StoreError> {
        if !self.store.record_token_lost(account, &permission.sealed).await? {
            return Ok(());
        }
        for it in self.store.subscriptions_of(account).await?.into_iter().filter(|it| it.wanted) {
            let standing = Standing { trouble: Some(SIGN_IN_AGAIN.into()), lasting: true, ..it.standing.clone() };
            self.store.record_standing(&it.event, &it.standing, standing).await?;
        }
        Ok(())
    }

    /// Whether an address that a hub lists is the callback of `event`: of this server, and under its MAC. Hubs may spell
    /// it in another way than it was given.
    fn is_callback(&self, listed: &str, event: &EventName) -> bool {
        let Ok(listed) = Url::parse(listed) else { return false };
        let path = percent_decode_str(listed.path()).decode_utf8_lossy();
        let ours = Url::parse(self.public_url.origin()).is_ok_and(|ours| ours.origin() == listed.origin());
        ours && path.strip_prefix("/callback/").and_then(|it| self.keys.recognise_callback(it)).as_ref() == Some(event)
    }

    pub(super) fn callback(&self, event: &EventName) -> String {
        self.public_url.join(&format!("/callback/{}", self.keys.callback(event)))
    }
}

fn again_in(error: &FlickrError) -> SignedDuration {
    error.again_in().and_then(|it| it.try_into().ok()).unwrap_or_default()
}
