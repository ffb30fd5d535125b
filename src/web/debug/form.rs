//! Forms of the debug pages.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::AppError;
use crate::state::AppState;
use crate::web::debug::Viewer;
use crate::web::origin;
use crate::web::session::{MAX_FORM, Pairs};

/// A form that a viewer sent from one of these pages. As an extractor it refuses all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Who sent it.
    pub viewer: Viewer,
    /// Its fields.
    pub fields: Pairs,
}

impl FromRequest<AppState> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (mut head, body) = request.into_parts();
        let viewer = Viewer::from_request_parts(&mut head, state).await?;
        if !origin::may_post(&head.headers, &state.site.public_url) {
            return Err(AppError::StaleForm);
        }
        let bytes = match Limited::new(body, MAX_FORM).collect().await {
            Ok(whole) => whole.to_bytes(),
            Err(cause) if cause.is::<LengthLimitError>() => return Err(AppError::LongForm),
            Err(_) => return Err(AppError::StaleForm),
        };
        let fields = Pairs(form_urlencoded::parse(&bytes).into_owned().collect());
        if !viewer.sent(fields.first("form").unwrap_or_default()) {
            return Err(AppError::StaleForm);
        }
        Ok(Self { viewer, fields })
    }
}
