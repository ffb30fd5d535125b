//! The endpoint of flickr-conduit as it was in 2011 (observed in its flickr-conduit.js), written down plainly.
//!
//! A GET is a verification: `mode`, `challenge` and `verify_token` are read from the query, and the challenge is echoed
//! when the token is the one that the program has built in; otherwise the answer is an empty 200. A POST is a feed:
//! of each entry it takes the id, the title, the author's uri and `media:content`, and answers with an empty 200.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;

/// Built in.
pub(super) const TOKEN: &str = "nolans funtime";

#[derive(Clone)]
pub(super) struct Original {
    pub callback: String,
    sub: String,
    photos: Arc<Mutex<Vec<Emitted>>>,
}

/// What it sent to browsers.
#[derive(Debug, Clone)]
pub(super) struct Emitted {
    pub title: String,
    pub page: String,
    pub url: String,
}

impl Original {
    pub(super) async fn listen(sub: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = format!("http://{}/callback?sub={sub}", listener.local_addr().unwrap());
        let this = Self { callback, sub: sub.to_owned(), photos: Arc::default() };
        let router = Router::new().route("/callback", get(verify).post(deliver)).with_state(this.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        this
    }

    /// The first photo that came.
    pub(super) fn emitted(&self) -> Option<Emitted> {
        self.photos.lock().unwrap().first().cloned()
    }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

async fn verify(State(original): State<Original>, RawQuery(query): RawQuery) -> String {
    let query = query.unwrap_or_default();
    let of = |name| parameter(&query, name);
    let known = of("sub") == Some(original.sub) && of("verify_token").as_deref() == Some(TOKEN);
    if known && of("mode").as_deref() == Some("subscribe") {
        of("challenge").unwrap_or_default()
    } else {
        String::new()
    }
}

async fn deliver(State(original): State<Original>, body: String) {
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(it, _)| it.to_owned()).unwrap_or_default()
    };
    for entry in body.split("<entry>").skip(1) {
        let id = between(entry, "<id>", "</id>").rsplit('/').next().unwrap_or_default().to_owned();
        let page = format!("{}{id}", between(entry, "<uri>", "</uri>").replace("/people/", "/photos/"));
        let url = between(entry, "<media:content url=\"", "\"");
        let title = between(entry, "<title>", "</title>");
        original.photos.lock().unwrap().push(Emitted { title, page, url });
    }
}
