//! The bytes of a delivery, as far as they come.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::timeout;

use crate::error::AppError;

/// How long a body may take to arrive.
const BODY_LIMIT: Duration = Duration::from_secs(20);

/// Reads the body, never more than `limit` bytes of it. What came is in `read`, whether it was enough or not.
///
/// # Errors
/// When it is compressed, too large, too slow, or breaks off.
pub(super) async fn read(headers: &HeaderMap, body: Body, limit: usize, read: &mut Bytes) -> Result<(), AppError> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|it| String::from_utf8_lossy(it.as_bytes()));
    if let Some(encoding) = encoding.filter(|it| !it.is_empty() && !it.eq_ignore_ascii_case("identity")) {
        return Err(AppError::Encoded(encoding.chars().take(20).collect()));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|it| it > limit as u64) {
        return Err(AppError::TooLarge(limit));
    }
    let mut parts = Vec::new();
    let outcome = timeout(BODY_LIMIT, collect(body, limit, &mut parts)).await.unwrap_or(Err(AppError::TooSlow));
    // Most bodies come in one piece, which is shared and not copied.
    *read = match parts.as_slice() {
        [whole] => whole.clone(),
        parts => {
            let mut joined = BytesMut::with_capacity(parts.iter().map(Bytes::len).sum());
            parts.iter().for_each(|it| joined.extend_from_slice(it));
            joined.freeze()
        }
    };
    outcome
}

async fn collect(mut body: Body, limit: usize, parts: &mut Vec<Bytes>) -> Result<(), AppError> {
    let mut room = limit;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(AppError::Unreadable) };
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > room {
            parts.push(data.slice(..room));
            return Err(AppError::TooLarge(limit));
        }
        room -= data.len();
        if !data.is_empty() {
            parts.push(data);
        }
    }
    Ok(())
}
