//! What the tests share: a conduit of their own, feeds to deliver, and waiting with a condition and a limit.

pub(crate) mod browser;
pub(crate) mod chance;
pub(crate) mod devtools;
pub(crate) mod eye;
pub(crate) mod feeds;
pub(crate) mod frames;
pub(crate) mod gate;
pub(crate) mod house;
pub(crate) mod network;
pub(crate) mod pictures;
pub(crate) mod practice;
pub(crate) mod program;
pub(crate) mod python;
pub(crate) mod raw;
pub(crate) mod socket;
pub(crate) mod visitor;
pub(crate) mod waiting;
pub(crate) mod warp;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use flickr_conduit::Conduit;
use flickr_conduit::conduit::Minted;
use flickr_conduit::config::Config;
use http_body_util::BodyExt;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt;

pub(crate) use waiting::{ALONE, LIMIT, path, until};

/// A conduit with a folder of its own, called without a network.
pub(crate) struct Here {
    pub(crate) conduit: Conduit,
    pub(crate) router: Router,
    pub(crate) dir: TempDir,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Here {
    pub(crate) fn new() -> Self {
        Self::with(|config| config, |conduit| conduit)
    }

    pub(crate) fn with(configure: impl FnOnce(Config) -> Config, build: impl FnOnce(Conduit) -> Conduit) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let conduit = build(Conduit::open(&configure(Config::local(dir.path())), 8080).unwrap());
        Self { router: conduit.router(), conduit, dir }
    }

    pub(crate) fn mint(&self, event: &str) -> Minted {
        self.conduit.mint(event).unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn get(&self, address: &str) -> Answer {
        self.send(Request::get(path(address)).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, address: &str, body: impl Into<Body>) -> Answer {
        self.send(Request::post(path(address)).body(body.into()).unwrap()).await
    }

    /// The messages of a stream as its JSON surface gives them.
    pub(crate) async fn messages(&self, address: &str) -> Vec<serde_json::Value> {
        let request = Request::get(path(address)).header("accept", "application/json").body(Body::empty()).unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }

    /// Listens on a port of its own.
    pub(crate) async fn serve(dir: TempDir, port: u16) -> Served {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let conduit = Conduit::open(&Config::local(dir.path()), port).unwrap();
        Served::start(conduit, listener, dir, port)
    }
}

/// A conduit that listens.
pub(crate) struct Served {
    pub(crate) conduit: Conduit,
    pub(crate) dir: TempDir,
    pub(crate) port: u16,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<()>,
}

impl Served {
    pub(crate) fn start(conduit: Conduit, listener: TcpListener, dir: TempDir, port: u16) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn({
            let conduit = conduit.clone();
            async move {
                let app = conduit.router();
                conduit.serve(listener, app, async { drop(stopped.await) }).await.unwrap();
            }
        });
        Self { conduit, dir, port, stop, task }
    }

    pub(crate) async fn new() -> Self {
        Here::serve(tempfile::tempdir().unwrap(), 0).await
    }

    /// Every test ends through the same door as the program.
    pub(crate) async fn stop(self) -> (TempDir, u16) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(10), self.task).await.expect("it stops within 10 s").unwrap();
        (self.dir, self.port)
    }

    pub(crate) async fn restart(self) -> Self {
        let (dir, port) = self.stop().await;
        Here::serve(dir, port).await
    }
}

/// The ids of the photos among `messages`.
pub(crate) fn photo_ids(messages: &[serde_json::Value]) -> Vec<&str> {
    messages.iter().filter(|it| it["type"] == "photo").map(|it| it["photo"]["id"].as_str().unwrap()).collect()
}

/// A verification's address.
pub(crate) fn verification(minted: &Minted, mode: &str, challenge: &str) -> String {
    let Minted { callback, verify_token, .. } = minted;
    format!("{callback}?mode={mode}&challenge={challenge}&verify_token={verify_token}")
}
