//! Flickr's OAuth 1.0a and REST API, as far as a subscriber needs it.
//!
//! A call goes [past the budget](budget), is signed (`sign`), sent (`http`), and what comes back is read (`answer`): a
//! result, or a [`FlickrError`] that says in a sentence what to do about it. Nothing is tried twice here; that is for
//! the caller, who knows what is worth it.

mod answer;
pub mod budget;
pub mod commons;
pub mod error;
pub mod failure;
pub mod fave;
pub mod feeds;
pub mod hosts;
mod http;
pub mod licence;
pub mod listing;
mod loose;
pub mod oauth;
pub mod permission;
pub mod push;
mod sign;
pub mod sizes;
pub mod stage;
#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;

use crate::clock::Clock;
use crate::config::Secret;
use answer::Answer;
pub use budget::Budget;
pub use commons::Institution;
pub use error::{FlickrError, Unreached};
pub use failure::Failure;
pub use feeds::{Feeds, Fetched, Validators};
pub use hosts::Hosts;
use http::Patience;
pub use http::reach;
pub use oauth::{Access, CheckedToken, Perms, RequestToken};
pub use push::{HubSubscription, HubTopic, Verify};
use sign::Signature;

/// Our app, as it is registered at Flickr.
#[derive(Debug, Clone)]
pub struct App {
    /// Its key, which goes with every call.
    pub key: Secret,
    /// Its secret, which signs and never travels.
    pub secret: Secret,
}

/// What a person lets us do, until they take it back. Its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Its name (`oauth_token`).
    pub token: String,
    /// What it signs with (`oauth_token_secret`).
    pub secret: Secret,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Flickr, as somebody with an app speaks to it. Cheap to clone; all clones share one budget.
#[derive(Clone)]
pub struct Flickr(Arc<Inner>);

struct Inner {
    app: App,
    hosts: Hosts,
    clock: Clock,
    budget: Budget,
    client: Client,
}

impl fmt::Debug for Flickr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flickr").field("hosts", &self.0.hosts).finish_non_exhaustive()
    }
}

/// Parameters of a call, besides those of OAuth.
type Arguments = Vec<(&'static str, String)>;

/// What may be known to nobody but Flickr and us, and so is cut out of every text that Flickr sends back.
const HIDDEN: [&str; 2] = ["callback", "verify_token"];

impl Flickr {
    /// `app` at `hosts`. Nonces and times come from `clock`; every call is taken from `budget`.
    ///
    /// # Errors
    /// [`FlickrError::Unready`] when the HTTP client cannot be set up.
    pub fn new(app: App, hosts: Hosts, clock: Clock, budget: Budget) -> Result<Self, FlickrError> {
        Self::with_patience(app, hosts, clock, budget, Patience::default())
    }

    fn with_patience(
        app: App,
        hosts: Hosts,
        clock: Clock,
        budget: Budget,
        patience: Patience,
    ) -> Result<Self, FlickrError> {
        let client = http::client(&hosts, patience)?;
        Ok(Self(Arc::new(Inner { app, hosts, clock, budget, client })))
    }

    /// Where it is.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.0.hosts
    }

    /// How many calls are left.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// Calls a REST method on behalf of a person, with GET when it only asks and with POST when it changes something.
    /// `api_key` is not sent: `oauth_consumer_key` stands for it.
    async fn signed(
        &self,
        verb: Method,
        method: &'static str,
        token: &Token,
        arguments: Arguments,
    ) -> Result<Value, FlickrError> {
        let all = conventional(method, arguments);
        let hidden = all.iter().filter(|(name, _)| HIDDEN.contains(name)).map(|(_, it)| it.clone()).collect();
        let url = self.0.hosts.rest();
        let authorization = self.signature()?.token(&token.token, &token.secret).header(&verb, url.as_str(), &all);
        let request = if verb == Method::POST {
            let form = HeaderValue::from_static("application/x-www-form-urlencoded");
            self.0.client.post(url).header(CONTENT_TYPE, form).body(sign::form(&all))
        } else {
            self.0.client.get(format!("{url}?{}", sign::form(&all)))
        };
        self.ask(method, 0, request.header(AUTHORIZATION, authorization), hidden).await?.json(method)
    }

    /// Calls a REST method that needs nobody's permission, with the app's key alone, if that leaves so many calls to
    /// others.
    async fn unsigned(
        &self,
        method: &'static str,
        leaves: u32,
        mut arguments: Arguments,
    ) -> Result<Value, FlickrError> {
        arguments.push(("api_key", self.0.app.key.reveal().to_owned()));
        let all = conventional(method, arguments);
        let request = self.0.client.get(format!("{}?{}", self.0.hosts.rest(), sign::form(&all)));
        self.ask(method, leaves, request, vec![self.0.app.key.reveal().to_owned()]).await?.json(method)
    }

    /// Asks a REST method with GET, on behalf of a person or with the app's key alone, if the budget then `leaves` so many
    /// calls to others.
    async fn asked(
        &self,
        method: &'static str,
        token: Option<&Token>,
        arguments: Arguments,
        leaves: u32,
    ) -> Result<Value, FlickrError> {
        let mut all = conventional(method, arguments);
        let mut hidden = Vec::new();
        if token.is_none() {
            all.push(("api_key", self.0.app.key.reveal().to_owned()));
            hidden.push(self.0.app.key.reveal().to_owned());
        }
        let url = self.0.hosts.rest();
        let request = self.0.client.get(format!("{url}?{}", sign::form(&all)));
        let request = match token {
            Some(token) => {
                let signature = self.signature()?.token(&token.token, &token.secret);
                request.header(AUTHORIZATION, signature.header(&Method::GET, url.as_str(), &all))
            }
            None => request,
        };
        self.ask(method, leaves, request, hidden).await?.json(method)
    }

    /// A signature's beginning: who we are, when, and a number used once (RFC 5849 section 3.3).
    fn signature(&self) -> Result<Signature<'_>, FlickrError> {
        let nonce = self.0.clock.random::<16>().map_err(|cause| FlickrError::Unready { cause: cause.to_string() })?;
        let nonce = nonce.iter().map(|byte| format!("{byte:02x}")).collect();
        let seconds = u64::try_from(self.0.clock.now().as_second()).ok().and_then(NonZeroU64::new);
        Ok(Signature::new(&self.0.app, nonce, seconds.unwrap_or(NonZeroU64::MIN)))
    }

    /// Sends a request if the budget allows it, and still holds so many calls as it `leaves` to others. `what` names it in the log; `hidden` is cut out of texts of the answer.
    async fn ask(
        &self,
        what: &'static str,
        leaves: u32,
        request: reqwest::RequestBuilder,
        hidden: Vec<String>,
    ) -> Result<Answer, FlickrError> {
        self.0.budget.try_spend_above(leaves).map_err(|again_in| FlickrError::BudgetUsedUp { again_in })?;
        let answer = http::exchange(request, hidden).await;
        match &answer {
            Ok(answer) => tracing::debug!(what, status = answer.status, bytes = answer.body.len(), "Flickr answered"),
            Err(error) => tracing::debug!(what, %error, "Flickr did not answer"),
        }
        answer
    }
}

/// With what every REST call says: which method, and that the answer is to be plain JSON.
fn conventional(method: &'static str, mut arguments: Arguments) -> Arguments {
    arguments.extend([("method", method.into()), ("format", "json".into()), ("nojsoncallback", "1".into())]);
    arguments
}
