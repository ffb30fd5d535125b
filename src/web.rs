//! The HTTP surface: the route table, which reads as a sentence, and the layers around it.

pub mod account;
pub mod callback;
pub mod confirm;
pub mod debug;
pub mod delivery;
pub mod front;
pub mod health;
pub mod layers;
pub mod local_path;
pub mod moment;
pub mod naming;
pub mod notice;
pub mod origin;
pub mod public;
pub mod remote;
pub mod screen;
pub mod session;
pub mod signin;
pub mod static_file;
pub mod stream;
pub mod subscriptions;
#[cfg(test)]
mod tests;
pub mod topics;
pub mod wall;
pub mod walls;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{any, get, post};

use crate::error::AppError;
use crate::state::AppState;

/// All routes.
pub fn router(state: AppState) -> Router {
    // What shows, or changes, who is signed in.
    let people: Router<AppState> = Router::new()
        .route("/", get(front::show))
        .route("/signin", post(signin::begin).get(async || Redirect::to("/")))
        .route("/signin/done", get(signin::done))
        .route("/signout", post(signin::out))
        .route("/subscriptions", get(subscriptions::list))
        .route("/subscriptions/{event}/end", get(subscriptions::ask_end).post(subscriptions::end))
        .route("/subscriptions/{event}/renew", post(subscriptions::renew))
        .route("/subscriptions/{event}/label", post(subscriptions::name))
        .route("/wall/{link}/settings", get(wall::builder::show))
        .route("/walls", get(walls::list))
        .route("/walls/{link}/title", post(walls::name))
        .route("/walls/{link}/revoke", get(walls::ask_revoke).post(walls::revoke))
        .route("/topics", topics::routes())
        .route("/remote", post(remote::link::renew).get(async || Redirect::to("/walls")))
        .route("/account", get(account::show))
        .route("/account/forget", get(account::ask_forget).post(account::forget))
        .merge(debug::routes())
        .route_layer(from_fn_with_state(state.clone(), session::keep));
    let pages = Router::new()
        .merge(people)
        .route("/wall/{link}", get(wall::show))
        .route("/wall/{link}/settings.json", get(wall::builder::read))
        .route("/wall/{link}/qr.svg", get(wall::qr::show))
        .route("/wall/{link}/screens/{instance}", post(screen::report))
        .merge(remote::routes())
        .route("/wall/{link}/photos/{id}/sizes", wall::sizes::routes())
        .route("/static/{folder}/{name}", get(static_file::send))
        .route("/healthz", get(health::alive))
        .route("/healthz/echo", get(health::echo))
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
    let streams = Router::new()
        .route("/stream", get(stream::follow))
        .route("/debug/stream", get(stream::follow))
        .method_not_allowed_fallback(async || AppError::WrongMethod);
    let public = state.public_hub.clone().map(public::router).unwrap_or_default();
    layers::all(pages.merge(callbacks).merge(streams).merge(public), &state.clock).with_state(state)
}
