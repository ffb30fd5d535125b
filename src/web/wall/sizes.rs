//! Larger sizes of a photo on a wall: those have secrets of their own, so only Flickr's API knows their addresses.
//!
//! A wall gets on without them: whatever fails here is one line for a program, and the page shows what it has.

use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Json};
use serde_json::json;

use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::wall;
use crate::web::wall::album::{Album, NoSizes};

/// How long a screen waits for Flickr: the photo is on show by then.
const PATIENCE: Duration = Duration::from_secs(10);
/// A screen that shows a photo again need not ask again.
const KEPT: &str = "private, max-age=3600";

/// The endpoint, with the album that all its requests share.
pub fn routes() -> MethodRouter<AppState> {
    get(show).layer(Extension(Album::default()))
}

async fn show(
    State(state): State<AppState>,
    Extension(album): Extension<Album>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> AppResult<Response> {
    let Path((link, photo)) = path.map_err(|_| AppError::NoSuchPhoto)?;
    let wall = wall::find(&state, &link).await?;
    if !state.bus.has_photo(wall.events, &photo).await? {
        return Err(AppError::NoSuchPhoto);
    }
    let Some(flickr) = &state.flickr else { return Err(AppError::NoSizes) };
    let asked = album.sizes(&photo, state.clock.now(), async || flickr.sizes(&photo).await);
    let images = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(images)) => images,
        Ok(Err(NoSizes::NoPhoto)) => return Err(AppError::NoSuchPhoto),
        Ok(Err(NoSizes::NotNow)) | Err(_) => return Err(AppError::NoSizes),
    };
    Ok(([(header::CACHE_CONTROL, KEPT)], Json(json!({ "images": &images[..] }))).into_response())
}
