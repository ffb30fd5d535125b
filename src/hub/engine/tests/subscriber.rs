//! A callback on a port of its own, that answers as it is told and remembers what came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

#[derive(Clone)]
pub(super) struct Subscriber {
    seen: Arc<Mutex<Seen>>,
    /// No POST is answered while it is true.
    pub shut: Arc<watch::Sender<bool>>,
    gone: CancellationToken,
}

#[derive(Default)]
pub(super) struct Seen {
    /// The queries of all verifications.
    pub questions: Vec<String>,
    /// All POSTs, as they came.
    pub posts: Vec<(HeaderMap, String)>,
    /// The bodies of those that were answered 2xx.
    pub accepted: Vec<String>,
    /// The statuses of the next POSTs; 200 when there are none left.
    pub answers: VecDeque<u16>,
    /// The statuses of the next verifications; 200 when there are none left.
    pub verdicts: VecDeque<u16>,
    /// What is echoed in place of the challenge.
    pub echo: Option<String>,
    /// The token without which a verification is answered 404.
    pub token: Option<String>,
    /// POSTs that wait for an answer now, and at most.
    pub open: usize,
    pub most_open: usize,
}

impl Default for Subscriber {
    fn default() -> Self {
        Self { seen: Arc::default(), shut: Arc::new(watch::Sender::new(false)), gone: CancellationToken::new() }
    }
}

impl Subscriber {
    pub(super) async fn listen(&self) -> Url {
        let router = Router::new().route("/callback", get(verify).post(deliver)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let gone = self.gone.clone();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(gone.cancelled_owned()).await });
        format!("http://{address}/callback?sub=me").parse().unwrap()
    }

    /// From now on nobody is there.
    pub(super) async fn hang_up(&self, callback: &Url) {
        self.gone.cancel();
        let address = (callback.host_str().unwrap().to_owned(), callback.port().unwrap());
        while tokio::net::TcpStream::connect(address.clone()).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap())
    }

    /// The photos of each POST that was accepted.
    pub(super) fn photos(&self) -> Vec<Vec<u64>> {
        self.seen(|seen| seen.accepted.iter().map(|body| photos(body)).collect())
    }

    /// The values of this parameter in all verifications.
    pub(super) fn asked(&self, name: &str) -> Vec<String> {
        self.seen(|seen| seen.questions.iter().filter_map(|query| value(query, name)).collect())
    }
}

/// The photos of a document.
pub(super) fn photos(body: &str) -> Vec<u64> {
    let ids = body.split("<entry><id>").skip(1).filter_map(|rest| rest.split('<').next());
    ids.map(|id| id.parse().unwrap()).collect()
}

fn value(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

async fn verify(State(subscriber): State<Subscriber>, RawQuery(query): RawQuery) -> (StatusCode, String) {
    let query = query.unwrap_or_default();
    let (challenge, token) = (value(&query, "challenge").unwrap_or_default(), value(&query, "verify_token"));
    subscriber.seen(|seen| {
        seen.questions.push(query);
        let status = seen.verdicts.pop_front().unwrap_or(200);
        if status != 200 || (seen.token.is_some() && seen.token != token) {
            return (StatusCode::from_u16(status.max(400)).unwrap_or_default(), "who?\nsecond line".to_owned());
        }
        (StatusCode::OK, seen.echo.clone().unwrap_or(challenge))
    })
}

async fn deliver(State(subscriber): State<Subscriber>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let body = String::from_utf8(body.to_vec()).unwrap();
    subscriber.seen(|seen| {
        seen.posts.push((headers, body.clone()));
        seen.open += 1;
        seen.most_open = seen.most_open.max(seen.open);
    });
    subscriber.shut.subscribe().wait_for(|shut| !shut).await.unwrap();
    subscriber.seen(|seen| {
        seen.open -= 1;
        let status = StatusCode::from_u16(seen.answers.pop_front().unwrap_or(200)).unwrap();
        if status.is_success() {
            seen.accepted.push(body);
        }
        status
    })
}
