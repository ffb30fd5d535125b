//! The HTTP surface: the route table, which reads as a sentence, and the layers around it.

pub mod callback;
pub mod delivery;
pub mod front;
pub mod health;
pub mod layers;
pub mod origin;
pub mod session;
pub mod static_file;
pub mod stream;
pub mod topics;
pub mod wall;

use axum::Router;
use axum::routing::{any, get};

use crate::error::AppError;
use crate::state::AppState;

/// All routes.
pub fn router(state: AppState) -> Router {
    let pages: Router<AppState> = Router::new()
        .route("/", get(front::show))
        .route("/topics", topics::routes())
        .route("/wall/{link}", get(wall::show))
        .route("/static/{folder}/{name}", get(static_file::send))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .method_not_allowed_fallback(async || AppError::WrongMethod)
        .fallback(async || AppError::NoSuchPage);
    let pages = layers::pages(pages, &state.site);
    // A callback takes whatever method comes: what is not ours looks the same for all of them.
    let callbacks = Router::new()
        .route("/callback", any(callback::receive))
        .route("/callback/", any(callback::receive))
        .route("/callback/{*path}", any(callback::receive));
    let streams =
        Router::new().route("/stream", get(stream::follow)).method_not_allowed_fallback(async || AppError::WrongMethod);
    layers::all(pages.merge(callbacks).merge(streams), &state.clock).with_state(state)
}
