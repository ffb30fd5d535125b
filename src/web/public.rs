//! The public hub's addresses: where strangers subscribe, and what they subscribe to.
//!
//! | address | |
//! | --- | --- |
//! | `POST /hub` | a subscription request of WebSub or PubSubHubbub 0.3 ([`websub`]) |
//! | `GET /topics/{name}?…` | a topic: the newest of it as Atom, with links to itself and to the hub ([`topic`]) |
//! | `/services/rest` | `flickr.push.*`, where Flickr has it ([`rest`]) |
//!
//! They are there only when HUB_PUBLIC says so. Nobody signs in here, so no answer depends on who asks.

pub mod rest;
pub mod topic;
pub mod websub;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::error::AppError;
use crate::hub::public::{HUB, PublicHub};

/// Bytes of a form. The longest request that is taken has about four thousand.
const LONGEST: usize = 16 * 1024;

/// The routes.
pub fn router<S: Clone + Send + Sync + 'static>(hub: PublicHub) -> Router<S> {
    Router::new()
        .route(HUB, get(websub::explain).post(websub::subscription))
        .route("/topics/{name}", get(topic::feed))
        .route("/services/rest", get(rest::call).post(rest::call))
        .route("/services/rest/", get(rest::call).post(rest::call))
        .method_not_allowed_fallback(async || AppError::WrongMethod)
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(hub)
}

#[cfg(test)]
mod tests;
