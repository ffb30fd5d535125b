//! A form that was posted from a page of ours, in the session that it is posted in.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::state::AppState;
use crate::web::origin;
use crate::web::session::Session;

/// The most bytes of a form.
pub const MAX_FORM: usize = 64 * 1024;

/// The fields of a form. Refused is what does not carry the token of its session in the field `form`, and what a page
/// of another site sent. Say [`SignedIn`](super::SignedIn) before it in a handler: it is the one that says who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted<T>(pub T);

/// All fields as they came, in order: boxes that share a name come one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Pairs(pub Vec<(String, String)>);

/// The bytes of a form that a page of ours sent.
///
/// # Errors
/// When it comes from a page of another site, is longer than anybody types, or breaks off.
pub(in crate::web) async fn read(headers: &HeaderMap, body: Body, state: &AppState) -> Result<Bytes, AppError> {
    if !origin::may_post(headers, &state.site.public_url) {
        return Err(AppError::StaleForm);
    }
    match Limited::new(body, MAX_FORM).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(cause) if cause.is::<LengthLimitError>() => Err(AppError::LongForm),
        Err(_) => Err(AppError::StaleForm),
    }
}

impl Pairs {
    /// The first value of a field.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, AppError> {
        let (parts, body) = request.into_parts();
        let session = Session::of(&parts.headers, state).ok_or(AppError::SignInFirst)?;
        let bytes = read(&parts.headers, body, state).await?;
        let token = form_urlencoded::parse(&bytes).find(|(name, _)| name == "form");
        if !token.is_some_and(|(_, token)| state.keys.form_token_is_right(&session.id, &token)) {
            return Err(AppError::StaleForm);
        }
        let mut request = Request::new(Body::from(bytes));
        *request.method_mut() = Method::POST;
        let urlencoded = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, urlencoded);
        let Form(fields) = Form::from_request(request, state).await.map_err(|_| AppError::StaleForm)?;
        Ok(Self(fields))
    }
}
