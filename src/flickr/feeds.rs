//! Flickr's public feeds, which need no key: at most 20 items each, and no paging (observed in all samples).

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::{ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};

use crate::feed::{self, Feed};
use crate::flickr::http::{self, ANSWER_LIMIT, Patience};
use crate::flickr::{Budget, FlickrError, Hosts, sign};

/// The feeds, as anybody may ask for them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feeds {
    hosts: Arc<Hosts>,
    client: Client,
    budget: Budget,
}

/// What a server said of a document, to be told when it is asked for again (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    etag: Option<String>,
    modified: Option<String>,
}

/// What came of asking for a feed.
#[derive(Debug, Clone, PartialEq)]
pub enum Fetched {
    /// It is as it was (304).
    Unchanged,
    /// All of it, and how to ask for what is newer.
    Document(Feed, Validators),
}

impl Feeds {
    /// The feeds of `hosts`; every call is taken from `budget`.
    ///
    /// # Errors
    /// [`FlickrError::Unready`] when the HTTP client cannot be set up.
    pub fn new(hosts: Hosts, budget: Budget) -> Result<Self, FlickrError> {
        let client = http::client(&hosts, Patience::default())?;
        Ok(Self { hosts: Arc::new(hosts), client, budget })
    }

    /// Where they are.
    #[must_use]
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// How many calls are left.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The feed `file`, `photos_public.gne`, if it has changed since `known`, and if the budget then `leaves` so many
    /// calls to others.
    ///
    /// # Errors
    /// When it cannot be reached, is answered with another status than 200 and 304, or is no feed.
    pub async fn fetch(
        &self,
        file: &str,
        arguments: &[(&'static str, String)],
        known: &Validators,
        leaves: u32,
    ) -> Result<Fetched, FlickrError> {
        self.budget.try_spend_above(leaves).map_err(|again_in| FlickrError::BudgetUsedUp { again_in })?;
        let mut url = self.hosts.feed(file);
        url.set_query(Some(&sign::form(arguments)));
        let mut request = self.client.get(url);
        for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.modified)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let mut response = request.send().await.map_err(http::unreached)?;
        let status = response.status().as_u16();
        tracing::debug!(file, status, "Flickr answered");
        if status == 304 {
            return Ok(Fetched::Unchanged);
        }
        if status != 200 {
            return Err(FlickrError::Status { status, retry_after: http::retry_after(response.headers()) });
        }
        let validators = validators(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(http::unreached)? {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_LIMIT {
                return Err(FlickrError::NotFlickr { beginning: "a feed that does not end".into() });
            }
        }
        let feed = feed::read(&body).map_err(|it| FlickrError::NotFlickr { beginning: it.to_string() })?;
        Ok(Fetched::Document(feed, validators))
    }

    /// Whether a photo's public `page` is there: it is not once the photo is deleted (404, 410) or private (404; nobody
    /// signs in here). Any other answer, a redirect included, is no sign that it is gone. Only the head is asked for, and
    /// only of Flickr's own pages.
    ///
    /// # Errors
    /// When it cannot be reached, is another's, or is answered 429 or 5xx.
    pub async fn has_page(&self, page: &str, leaves: u32) -> Result<bool, FlickrError> {
        let url = self.hosts.own_page(page);
        let url = url.ok_or_else(|| FlickrError::NotFlickr { beginning: "a page that is not Flickr's".into() })?;
        self.budget.try_spend_above(leaves).map_err(|again_in| FlickrError::BudgetUsedUp { again_in })?;
        let response = self.client.head(url).send().await.map_err(http::unreached)?;
        let status = response.status().as_u16();
        tracing::debug!(status, "Flickr answered for a photo's page");
        match status {
            404 | 410 => Ok(false),
            429 | 500.. => Err(FlickrError::Status { status, retry_after: http::retry_after(response.headers()) }),
            _ => Ok(true),
        }
    }
}

impl Feeds {
    /// What time it is at Flickr, as its answer to a request for a feed says; `None` when it does not.
    ///
    /// # Errors
    /// When it cannot be reached, or no call is left.
    pub async fn date(&self) -> Result<Option<Timestamp>, FlickrError> {
        self.budget.try_spend().map_err(|again_in| FlickrError::BudgetUsedUp { again_in })?;
        let answer = self.client.get(self.hosts.feed("photos_public.gne")).send().await.map_err(http::unreached)?;
        // Whatever it answered, it has a clock.
        Ok(http::date(answer.headers()))
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok()).map(str::to_owned);
    Validators { etag: text(ETAG), modified: text(LAST_MODIFIED) }
}
