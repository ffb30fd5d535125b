//! Why a remote does not do what it was told.

use axum::http::StatusCode;

use crate::error::AppError;
use crate::store::StoreError;

/// A sentence that names cause and remedy, for people and programs alike.
#[derive(Debug)]
pub enum Refusal {
    /// The order is wrong, or cannot be carried out now.
    Order {
        /// What programs are told by.
        status: StatusCode,
        /// What people read.
        sentence: String,
    },
    /// The remote is none, or the server does not work.
    Other(AppError),
}

impl Refusal {
    /// The order cannot be understood.
    pub fn bad(sentence: impl Into<String>) -> Self {
        Self::Order { status: StatusCode::BAD_REQUEST, sentence: sentence.into() }
    }

    /// What it names is not there.
    pub fn missing(sentence: impl Into<String>) -> Self {
        Self::Order { status: StatusCode::NOT_FOUND, sentence: sentence.into() }
    }

    /// It cannot be done as things are now.
    pub fn not_now(sentence: impl Into<String>) -> Self {
        Self::Order { status: StatusCode::CONFLICT, sentence: sentence.into() }
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(cause: StoreError) -> Self {
        Self::Other(cause.into())
    }
}
