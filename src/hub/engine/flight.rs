//! The calls themselves: the only part of the engine that waits for anybody.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::HeaderMap;
use url::Url;

use crate::hub::atom;
use crate::hub::endpoint::{self, DeliverError, Mode, Question, VerifyError};
use crate::hub::engine::duty::Duty;
use crate::hub::engine::guest::Guest;
use crate::hub::engine::lanes::Speed;
use crate::hub::engine::mailbox::Element;

/// A call to make.
#[derive(Debug)]
pub(super) struct Job {
    /// What it is for.
    pub duty: Duty,
    /// Whose place it takes.
    pub speed: Speed,
    /// It is for a guest, and takes a place in their lanes.
    pub guest: bool,
    pub call: Call,
}

#[derive(Debug)]
pub(super) enum Call {
    Post(Post),
    Ask(Ask),
}

/// A delivery.
#[derive(Debug)]
pub(super) struct Post {
    pub callback: Url,
    pub title: String,
    pub elements: Vec<Element>,
    pub mishap: Option<Mishap>,
    pub guest: Option<Guest>,
}

/// A delivery that is no feed, such as a gateway's page in a feed's place.
const GARBLED: &str = "<html><body><h1>It works!</h1></body></html>";

/// What goes wrong with a delivery while it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    Malformed,
    Doubled,
    Garbled,
}

/// How a delivery was received.
#[derive(Debug)]
pub(super) enum Answer {
    Accepted,
    Gone,
    Refused(String),
}

/// A verification.
#[derive(Debug)]
pub(super) struct Ask {
    pub callback: Url,
    pub mode: Mode,
    /// The topic's name; a guest's may have an address.
    pub topic: &'static str,
    pub guest: Option<Guest>,
    /// Why, when it is no question but a denial.
    pub reason: &'static str,
    pub lease: Option<Duration>,
    pub verify_token: Option<String>,
    pub challenge: String,
    /// Ask once more, with this challenge.
    pub again: Option<String>,
    /// Ask with another token first.
    pub wrong_token: bool,
}

/// Why a verification failed.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The status, or what happened.
    pub why: String,
    /// It may go better another time: nobody answered, or with 5xx.
    pub passing: bool,
}

impl Post {
    /// Delivers. The outcome of every POST, and the answer that counts.
    pub(super) async fn send(&self, client: &Client, now: Timestamp) -> (Vec<String>, Answer) {
        let elements: Vec<Arc<str>> = self.elements.iter().map(|it| it.xml.clone()).collect();
        let links = self.guest.as_ref().and_then(Guest::links);
        let whole = atom::linked_document(&self.title, links, &elements, now);
        let mut outcomes = Vec::new();
        if self.mishap == Some(Mishap::Garbled) {
            let (outcome, answer) = self.post(client, GARBLED.to_owned()).await;
            return (vec![format!("{outcome} (garbled on purpose)")], answer);
        }
        if self.mishap == Some(Mishap::Malformed) {
            let half = whole.floor_char_boundary(whole.len() / 2);
            let (outcome, answer) = self.post(client, whole[..half].to_owned()).await;
            outcomes.push(format!("{outcome} (broken off on purpose)"));
            if !matches!(answer, Answer::Refused(_)) {
                return (outcomes, answer);
            }
        }
        let twice = (self.mishap == Some(Mishap::Doubled)).then(|| whole.clone());
        let (outcome, answer) = self.post(client, whole).await;
        outcomes.push(outcome);
        if let (Some(body), Answer::Accepted) = (twice, &answer) {
            let (outcome, _) = self.post(client, body).await;
            outcomes.push(format!("{outcome} (sent twice on purpose)"));
        }
        (outcomes, answer)
    }

    async fn post(&self, client: &Client, body: String) -> (String, Answer) {
        let headers = self.guest.as_ref().map_or_else(HeaderMap::new, |it| it.headers(body.as_bytes()));
        let client = self.guest.as_ref().map_or(client, |it| it.caller.client());
        match endpoint::deliver(client, &self.callback, headers, body).await {
            Ok(status) => (status.as_u16().to_string(), Answer::Accepted),
            Err(DeliverError::Gone) => ("410".to_owned(), Answer::Gone),
            Err(error @ DeliverError::Refused { status, .. }) => {
                // What a stranger's server says may name its callback, which is a capability.
                let why = if self.guest.is_some() { format!("answered {status}") } else { error.to_string() };
                (status.as_u16().to_string(), Answer::Refused(why))
            }
            Err(DeliverError::Unreachable(cause)) => {
                let why = if cause.is_timeout() { "no answer in time" } else { "could not be reached" };
                (why.to_owned(), Answer::Refused(why.to_owned()))
            }
        }
    }
}

impl Ask {
    /// Asks; or tells, when it is a denial.
    pub(super) async fn send(&self, client: &Client) -> Result<(), Refusal> {
        let client = self.guest.as_ref().map_or(client, |it| it.caller.client());
        let names = self.guest.as_ref().map(Guest::names).unwrap_or_default();
        let topic = self.guest.as_ref().and_then(Guest::topic).unwrap_or(self.topic);
        if self.mode == Mode::Denied {
            endpoint::deny(client, &self.callback, topic, self.reason).await;
            return Ok(());
        }
        let ask = async |challenge: &str, verify_token: Option<&str>| {
            let lease_seconds = self.lease.map(|it| it.as_secs());
            let mode = self.mode;
            let question = Question { names, mode, topic: Some(topic), challenge, verify_token, lease_seconds };
            endpoint::ask(client, &self.callback, &question).await
        };
        // What comes of the calls that are wrong on purpose does not matter.
        if self.wrong_token {
            let _ = ask(&self.challenge, Some("another-token")).await;
        }
        let answer = ask(&self.challenge, self.verify_token.as_deref()).await;
        if let Some(challenge) = &self.again {
            let _ = ask(challenge, self.verify_token.as_deref()).await;
        }
        answer.map_err(Refusal::from)
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Unreachable(_) => Self { why: "no answer".to_owned(), passing: true },
            // Observed: the message ends with the bare number (flickr-sdk issue 132).
            VerifyError::Refused { status, .. } => {
                Self { why: status.as_u16().to_string(), passing: status.is_server_error() }
            }
            VerifyError::WrongChallenge { .. } => Self { why: "wrong challenge".to_owned(), passing: false },
        }
    }
}
