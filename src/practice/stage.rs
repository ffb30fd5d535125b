//! The stage: the first page of the practice Flickr, where somebody plays any of the invented people.
//!
//! It shows the newest photos, what was pushed to whom, who is subscribed, and what goes wrong on purpose; and it
//! changes all of that. Each form is as good as a line of `curl`.

mod act;
mod fave;
mod look;
mod play;
mod said;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::practice::realm::Realm;
pub use play::{Act, Refused, play};

/// Bytes of a form at most.
const LARGEST_FORM: usize = 16 * 1024;

/// The routes below the realm's base.
pub fn router(realm: Realm) -> Router {
    Router::new()
        .route("/", get(look::look))
        .route("/stage/act", post(act::act))
        .route("/stage/fave", get(fave::is_here).post(fave::fave))
        .route("/stage/faults", post(act::set_faults))
        .route("/stage/forget", post(act::forget))
        .route("/stage/pace", post(act::set_pace))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(realm)
}

#[cfg(test)]
mod tests;
