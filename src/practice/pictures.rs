//! The practice Flickr's pictures, for a browser that follows the addresses in a delivery.
//!
//! Nothing is stored: [a photo's number decides everything](crate::hub), so this answers for photos of every run.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::hub::faults::{Fault, Faults};
use crate::hub::painter;
use crate::hub::people;
use crate::hub::picture::{self, Picture, SERVER, Size};

/// Pictures drawn at one time. Each takes a processor for a while, and the others want to answer too.
const PAINTERS: usize = 2;

/// A picture never changes: its address holds all that it is made of.
const FOREVER: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// The routes below the base that [`crate::hub::world::World::new`] was given. They need no state of the caller's.
pub fn router() -> Router {
    faulty(Faults::default())
}

/// The same, where pictures may be missing on purpose.
pub(super) fn faulty(faults: Faults) -> Router {
    Router::new()
        .route("/buddyicons/{file}", get(icon))
        .route("/{server}/{file}", get(image))
        .with_state(Easel(Arc::new(Semaphore::new(PAINTERS)), faults))
}

/// Where pictures are drawn, a few at a time.
#[derive(Debug, Clone)]
struct Easel(Arc<Semaphore>, Faults);

impl Easel {
    /// Draws on a thread that may block. The permit goes with the work, not with the request: a browser that has gone
    /// away does not let another in while its picture is still being drawn.
    async fn draw(self, work: impl FnOnce() -> Option<Vec<u8>> + Send + 'static) -> Response {
        let Ok(permit) = self.0.acquire_owned().await else {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        };
        let drawing = spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        match drawing.await {
            Ok(Some(jpeg)) => ([FOREVER, (CONTENT_TYPE, "image/jpeg")], jpeg).into_response(),
            Ok(None) => StatusCode::NOT_FOUND.into_response(),
            Err(error) => {
                tracing::error!(%error, "practice Flickr: a drawing failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

async fn image(State(easel): State<Easel>, Path((server, file)): Path<(String, String)>) -> Response {
    let right = |&(id, secret, suffix): &(u64, &str, &str)| {
        server == SERVER && Size::of(suffix).is_some_and(|size| Picture::of(id).secret(size) == secret)
    };
    if easel.1.strike(Fault::NoPictures) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Looked at here already, so that a wrong address does not wait for a place to draw.
    if picture::parse_file(&file).filter(right).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    easel
        .draw(move || {
            let (id, secret, suffix) = picture::parse_file(&file)?;
            painter::paint(id, secret, suffix)
        })
        .await
}

async fn icon(State(easel): State<Easel>, Path(file): Path<String>) -> Response {
    let Some(person) = file.strip_suffix(".jpg").and_then(people::find) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    easel.draw(move || painter::paint_icon(person.nsid)).await
}

#[cfg(test)]
mod tests;
