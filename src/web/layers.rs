//! What stands around the handlers: request ids, log spans, time limits, compression and security headers.

use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tower_http::ServiceBuilderExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestId, RequestId};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::clock::Clock;
use crate::state::{AppState, Site};
use crate::web::wall;

/// How long a request may take to its answer's first byte, a delivery's body included.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The layers of all routes.
///
/// A span names the route and never the address: a callback's, a wall's and a stream's address are secrets.
pub fn all<S: Clone + Send + Sync + 'static>(router: Router<S>, clock: &Clock) -> Router<S> {
    let span = |request: &Request| {
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        let id = request.headers().get("x-request-id").and_then(|it| it.to_str().ok()).unwrap_or_default();
        tracing::info_span!("request", id, method = %request.method(), route)
    };
    let around = tower::ServiceBuilder::new()
        .set_x_request_id(Drawn(clock.clone()))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_request(()).on_failure(()))
        .propagate_x_request_id()
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    router.layer(around)
}

/// The layers of what people and browsers ask for.
pub fn pages(router: Router<AppState>, site: &Site) -> Router<AppState> {
    let policy = HeaderValue::from_str(&content_security_policy(site, Frames::None));
    let policy = policy.unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let around = tower::ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, policy))
        // The address of a wall is its key: no other host is told where its visitors come from.
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")));
    router.layer(around)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// What a page may hold in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frames {
    /// Nothing.
    None,
    /// Other pages of this server.
    Ours,
}

/// Scripts, styles and sockets from here only (and the wall's guard, by its hash); pictures from any https host, since a feed names them, and over plain
/// http from Flickr's old hosts, from another Flickr that was configured, and from this machine.
pub(super) fn content_security_policy(site: &Site, frames: Frames) -> String {
    let public = site.public_url.origin();
    // Older Safaris do not count a WebSocket to the same host as 'self'.
    let socket = public.replacen("http", "ws", 1);
    let local = if site.public_url.is_loopback() { " http://localhost:* http://127.0.0.1:*" } else { "" };
    let guard = STANDARD.encode(Sha256::digest(wall::GUARD));
    let other = site.photo_origin.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    let framed = match frames {
        Frames::None => "",
        Frames::Ours => "frame-src 'self'; ",
    };
    format!(
        "default-src 'none'; script-src 'self' 'sha256-{guard}'; style-src 'self'; connect-src 'self' {socket}; \
         img-src 'self' {public} https: http://*.staticflickr.com http://*.static.flickr.com http://static.flickr.com{other}{local}; \
         {framed}form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
}

/// Draws request ids: numbers in order would tell anybody how much traffic there is.
#[derive(Debug, Clone)]
struct Drawn(Clock);

impl MakeRequestId for Drawn {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = u64::from_be_bytes(self.0.random().ok()?);
        HeaderValue::from_str(&format!("{id:016x}")).ok().map(RequestId::new)
    }
}
