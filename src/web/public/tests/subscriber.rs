//! A stranger's callback on a port of its own, that answers as it is told and remembers what came.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

#[derive(Clone)]
pub(super) struct Subscriber {
    pub callback: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
pub(super) struct Seen {
    /// The parameters of all verifications.
    pub questions: Vec<Vec<(String, String)>>,
    /// All POSTs, as they came.
    pub posts: Vec<(HeaderMap, String)>,
    /// The statuses of the next answers; 200 when there are none left.
    pub answers: VecDeque<u16>,
    /// What is echoed in place of the challenge.
    pub echo: Option<String>,
    /// How often somebody followed a redirect.
    pub followed: usize,
}

impl Subscriber {
    pub(super) async fn listen() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = format!("http://{}/callback?of=mine", listener.local_addr().unwrap());
        let this = Self { callback, seen: Arc::default() };
        let followed = async |State(it): State<Self>| it.seen(|seen| seen.followed += 1);
        let router = Router::new()
            .route("/callback", get(verify).post(deliver))
            .route("/elsewhere", get(followed).post(followed))
            .with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    pub(super) fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap())
    }

    /// A parameter of the last verification.
    pub(super) fn asked(&self, name: &str) -> Option<String> {
        self.seen(|seen| seen.questions.last()?.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone()))
    }

    fn status(&self) -> StatusCode {
        let status = self.seen(|seen| seen.answers.pop_front().unwrap_or(200));
        StatusCode::from_u16(status).unwrap()
    }
}

async fn verify(State(subscriber): State<Subscriber>, RawQuery(query): RawQuery) -> Response {
    let question: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let challenge = question.iter().find(|(name, _)| name.ends_with("challenge")).map(|(_, value)| value.clone());
    subscriber.seen(|seen| seen.questions.push(question));
    let echo = subscriber.seen(|seen| seen.echo.clone()).or(challenge).unwrap_or_default();
    (subscriber.status(), [(LOCATION, "/elsewhere")], echo).into_response()
}

async fn deliver(State(subscriber): State<Subscriber>, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    subscriber.seen(|seen| seen.posts.push((headers, body)));
    (subscriber.status(), [(LOCATION, "/elsewhere")]).into_response()
}
