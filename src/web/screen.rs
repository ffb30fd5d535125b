//! What a screen says of itself: what it shows, and how.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::{AppError, AppResult};
use crate::screens::showing::MAX_REPORT;
use crate::screens::{Instance, Reported, Showing};
use crate::state::AppState;
use crate::web::origin;

/// Takes it, as JSON, for as long as the screen's stream is open.
pub async fn report(
    State(state): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<StatusCode> {
    if !origin::may_post(&headers, &state.site.public_url) {
        return Err(AppError::ForeignOrigin);
    }
    let Ok(Path((link, instance))) = path else { return Err(AppError::NoSuchScreen) };
    let instance = Instance::read(&instance).map_err(|_| AppError::NoSuchScreen)?;
    // Who is not connected is not read either.
    if !state.screens.is_there(&link, &instance) {
        return Err(AppError::NoSuchScreen);
    }
    let mime = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !mime.to_ascii_lowercase().starts_with("application/json") {
        return Err(AppError::BadReport("a report is JSON: send it with Content-Type: application/json".into()));
    }
    let bytes = match Limited::new(body, MAX_REPORT).collect().await {
        Ok(whole) => whole.to_bytes(),
        Err(cause) if cause.is::<LengthLimitError>() => return Err(AppError::LongReport),
        Err(_) => return Err(AppError::Unreadable),
    };
    let showing = Showing::read(&bytes).map_err(AppError::BadReport)?;
    let Reported { name, events, new } =
        state.screens.report(&link, &instance, showing).ok_or(AppError::NoSuchScreen)?;
    state.delivery_log.painted(name.as_str(), events, new, state.clock.now());
    Ok(StatusCode::NO_CONTENT)
}
