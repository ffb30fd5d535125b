//! What the tests of pages share: the whole router on a store of its own, and visitors with cookies.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum_extra::extract::cookie::{Cookie, PrivateCookieJar};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::bus::Bus;
use crate::clock::Clock;
use crate::config::FlickrHub;
use crate::delivery_log::{Bounds, DeliveryLog};
use crate::event_name::EventName;
use crate::fanout::Fanout;
use crate::flickr::{Budget, Feeds, Flickr, Hosts};
use crate::hub::bridge::{self, Bridge};
use crate::lock::Lock;
use crate::metrics::Metrics;
use crate::shutdown::Shutdown;
use crate::signing::Keys;
use crate::state::{AppState, Site};
use crate::store::{Account, Store, Wall};
use crate::subscriber::{Rhythm, Subscriber, Tools};
use crate::topic::Topic;
use crate::web::session;

/// When the tests are.
pub(super) const NOW: &str = "2026-11-23T12:00:00Z";

/// A server without a network.
pub(super) struct House {
    pub(super) state: AppState,
    pub(super) router: Router,
    pub(super) _dir: TempDir,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |it| it.to_str().unwrap())
    }

    /// The cookies that it sets, by name, as they are to be sent back; what it removes is empty.
    pub(super) fn cookies(&self) -> HashMap<String, String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        let pair = |it: &axum::http::HeaderValue| Cookie::parse(it.to_str().unwrap().to_owned()).unwrap();
        all.map(pair).map(|it| (it.name().to_owned(), it.value().to_owned())).collect()
    }
}

impl House {
    pub(super) fn new() -> Self {
        Self::with(|site| site, None)
    }

    pub(super) fn with(build: impl FnOnce(Site) -> Site, flickr: Option<Flickr>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::still(NOW.parse().unwrap(), 1);
        let store = Store::open(dir.path()).unwrap();
        let site = Site {
            public_url: "https://wall.example.org".parse().unwrap(),
            public_url_given: true,
            listens: ([127, 0, 0, 1], 8080).into(),
            instance: "0123456789abcdef".into(),
            data_dir: dir.path().to_owned(),
            flickr_hub: FlickrHub::Flickr,
            delivery_limit: 1024,
            photo_origin: None,
            allowed_users: Vec::new(),
            heartbeat: std::time::Duration::from_secs(25),
            front_wall: None,
        };
        let site = build(site);
        let bus = Bus::open(dir.path(), &clock).unwrap();
        let keys = Arc::new(Keys::derive("a secret of some length"));
        let subscriber = Subscriber::new(Tools {
            store: store.clone(),
            bus: bus.clone(),
            clock: clock.clone(),
            keys: keys.clone(),
            public_url: site.public_url.clone(),
            flickr: flickr.clone(),
            hub: FlickrHub::Flickr,
            patience: SignedDuration::from_mins(15),
            rhythm: Rhythm::default(),
        });
        let feeds = Feeds::new(Hosts::real(), Budget::new(clock.clone())).unwrap();
        let tools = bridge::Tools {
            store: store.clone(),
            clock: clock.clone(),
            keys: keys.clone(),
            public_url: site.public_url.clone(),
            flickr: flickr.clone(),
            feeds: feeds.clone(),
            mode: FlickrHub::Flickr,
            watched: Arc::new(|_| false),
        };
        let bridge = Bridge::new(tools, bridge::Settings::default()).unwrap();
        let bounds = Bounds { records: 20, age: SignedDuration::from_hours(24) };
        let delivery_log = DeliveryLog::open(dir.path(), bounds, keys.clone(), clock.clone()).unwrap();
        let (metrics, shutdown) = (Metrics::new(), Shutdown::default());
        let manners = super::stream::message::manners(site.heartbeat);
        let fanout = Fanout::new(bus.channels().clone(), manners, metrics.clone(), shutdown.clone());
        let state = AppState {
            bus,
            fanout,
            subscriber,
            bridge,
            feeds,
            faves: Default::default(),
            examinations: Arc::new(tokio::sync::Semaphore::new(1)),
            store,
            flickr,
            public_hub: None,
            keys,
            delivery_log,
            clock,
            metrics,
            shutdown,
            lock: Arc::new(Lock::take(dir.path()).unwrap()),
            screens: Default::default(),
            strangers: Default::default(),
            callbacks: Default::default(),
            site: Arc::new(site),
        };
        Self { router: super::router(state.clone()), state, _dir: dir }
    }

    /// Somebody who signed in; the answer are their cookies.
    pub(super) async fn signed_in(&self, nsid: &str, name: &str) -> String {
        let (nsid, name) = (nsid.to_owned(), name.to_owned());
        let signed_in_at = self.state.clock.now();
        let account = Account { nsid: nsid.clone(), name, token: Some(vec![1]), since: signed_in_at, signed_in_at };
        self.state.store.record_account(account).await.unwrap();
        self.cookies(|jar| session::begin(&self.state, jar, &nsid).unwrap())
    }

    /// The `Cookie` header of a browser that holds what `fill` puts into its jar.
    pub(super) fn cookies(&self, fill: impl FnOnce(PrivateCookieJar) -> PrivateCookieJar) -> String {
        let jar = fill(session::jar(&HeaderMap::new(), &self.state.keys));
        let response = axum::response::IntoResponse::into_response((jar, ""));
        let set = response.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap();
        set.split(';').next().unwrap().to_owned()
    }

    pub(super) async fn get(&self, path: &str, cookies: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookies).body(Body::empty()).unwrap()).await
    }

    /// Posts the form from one of our pages, with the token that the account page has.
    pub(super) async fn post(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.form_token(cookies).await;
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields).append_pair("form", &token);
        self.send(self.form(path, cookies, body.finish())).await
    }

    pub(super) fn form(&self, path: &str, cookies: &str, body: String) -> Request<Body> {
        let request = Request::post(path).header(header::COOKIE, cookies);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let origin = self.state.site.public_url.origin().to_owned();
        request.header(header::ORIGIN, origin).body(Body::from(body)).unwrap()
    }

    pub(super) async fn form_token(&self, cookies: &str) -> String {
        let page = self.get("/account", cookies).await.text;
        let after = page.split(r#"name="form" value=""#).nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: head.status, headers: head.headers, text }
    }

    pub(super) async fn subscribe(&self, nsid: &str, topic: &str) -> EventName {
        let topic = Topic::from_text(topic).unwrap();
        self.state.subscriber.want(nsid, &[topic]).await.unwrap().remove(0)
    }

    pub(super) async fn wall(&self, nsid: &str, link: &str, title: &str, events: &[EventName]) {
        let (link, account, title) = (link.to_owned(), nsid.to_owned(), title.to_owned());
        let created_at = self.state.clock.now() - SignedDuration::from_hours(50);
        let wall = Wall { link, account, title, created_at, events: events.to_vec() };
        self.state.store.add_wall(wall).await.unwrap();
    }
}

/// A moment so many seconds before the tests'.
pub(super) fn ago(seconds: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_secs(seconds)
}
