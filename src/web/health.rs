//! What platforms and monitors ask.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::bus::Bus;
use crate::error::{AppError, AppResult};
use crate::hub::bridge::Bridge;
use crate::metrics::{Census, Metrics};
use crate::screens::Screens;
use crate::shutdown::Shutdown;
use crate::state::Site;

/// The longest query that is echoed, in characters.
const ECHO: usize = 500;

/// The process lives.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// What arrives: the query as it came, and which server this is among all. The doctor asks for itself by this, through
/// PUBLIC_URL; there is no secret in it.
pub async fn echo(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    let query: String = query.unwrap_or_default().chars().take(ECHO).collect();
    let version = env!("CARGO_PKG_VERSION");
    let echo = serde_json::json!({ "flickr_conduit": version, "instance": site.instance, "query": query });
    // Foreign text on our origin: never sniffed into anything else, and never from a cache.
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (headers, echo.to_string()).into_response()
}

/// It may get traffic: deliveries can be made durable, and it is not about to stop.
pub async fn ready(State(bus): State<Bus>, State(shutdown): State<Shutdown>) -> (StatusCode, &'static str) {
    if shutdown.is_stopping() {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
    } else if !bus.is_writable().await {
        (StatusCode::SERVICE_UNAVAILABLE, "the history cannot be written: is the disk of DATA_DIR full?\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

/// Numbers for Prometheus.
pub async fn metrics(
    State(bus): State<Bus>,
    State(screens): State<Screens>,
    State(bridge): State<Bridge>,
    State(metrics): State<Metrics>,
) -> AppResult<Response> {
    metrics.note_bridge(&bridge.facts());
    let count = bus.listeners();
    let now = Census { listeners: count.listeners, followed_names: count.names, screens: screens.count() };
    let text = metrics.render(now).map_err(|cause| AppError::Internal(Box::new(cause)))?;
    let mime = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, mime)], text).into_response())
}
