//! The practice Flickr's OAuth 1.0a provider (RFC 5849), with Flickr's addresses, answers and refusals.
//!
//! Signatures, timestamps and nonces are really checked: what is accepted here, Flickr would accept. Read in this
//! order: [`encoding`] how parameters are written, [`signed`] where they stand in a request, [`signature`] what is
//! signed, [`problem`] why a request is refused, [`desk`] what is known and given out, `authorize` the page where a
//! person answers.

mod authorize;
pub mod desk;
pub mod encoding;
pub mod problem;
pub mod signature;
pub mod signed;
mod token;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

use crate::hub::faults::Fault;
use crate::practice::caller::Caller;
use crate::practice::realm::Realm;
use crate::practice::rest::{self, Fail};
pub use desk::{Consumer, Credentials, Desk};
pub use problem::OauthProblem;

/// Bytes of a form at most.
const LARGEST_FORM: usize = 64 * 1024;

/// What the handlers share.
#[derive(Debug, Clone)]
struct Office {
    realm: Realm,
    desk: Desk,
}

/// The routes below the realm's base. Addresses are signed as [`Realm::base`] has them, whatever host was asked.
pub fn router(realm: Realm, desk: Desk) -> Router {
    Router::new()
        .route("/services/oauth/request_token", get(token::request).post(token::request))
        .route("/services/oauth/authorize", get(authorize::ask).post(authorize::answer))
        .route("/services/oauth/access_token", get(token::access).post(token::access))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(Office { realm, desk })
}

/// Who makes a REST call, for [`rest::router`]: what this desk says of its signature.
pub fn at_rest(
    desk: Desk,
) -> impl Fn(&Realm, &rest::Signed<'_>) -> Result<Option<Caller>, Fail> + Clone + Send + Sync + 'static {
    move |realm, call| {
        let now = realm.clock.now();
        if call.authorization.is_some() && realm.faults.strike(Fault::ClockOff) {
            return Err(timely(now).into());
        }
        Ok(desk.authenticate(call.method.as_str(), call.url, call.authorization, call.arguments, now)?)
    }
}

/// A refusal of a request whose time is none that is accepted now.
fn timely(now: Timestamp) -> OauthProblem {
    let (earliest, latest) = (now.as_second() - desk::TOLERANCE, now.as_second() + desk::TOLERANCE);
    OauthProblem::TimestampRefused { earliest, latest }
}

/// A form as Flickr answers with it: text/plain, not to be kept.
fn plain(status: StatusCode, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests;
