//! The files that pages need.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::assets;
use crate::error::AppError;

/// Sends one, to be kept for ever. Another folder than this version's holds nothing: a page of an older version must
/// not be given newer files under their old address.
pub async fn send(path: Result<Path<(String, String)>, PathRejection>) -> Result<Response, AppError> {
    let Ok(Path((folder, name))) = path else {
        return Err(AppError::NoSuchPage);
    };
    let found = assets::find(&name).filter(|_| folder == assets::FOLDER).ok_or(AppError::NoSuchPage)?;
    let headers = [(header::CONTENT_TYPE, found.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, found.lean()).into_response())
}
