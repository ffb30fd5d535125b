//! Forms of the debug pages.

use axum::extract::{FromRequest, FromRequestParts, Request};

use crate::error::AppError;
use crate::state::AppState;
use crate::web::debug::Viewer;
use crate::web::session::{self, Pairs};

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
        let bytes = session::form::read(&head.headers, body, state).await?;
        let fields = Pairs(form_urlencoded::parse(&bytes).into_owned().collect());
        if !viewer.sent(fields.first("form").unwrap_or_default()) {
            return Err(AppError::StaleForm);
        }
        Ok(Self { viewer, fields })
    }
}
