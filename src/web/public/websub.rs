//! `/hub`: subscription requests of WebSub (W3C, section 5.1) and of PubSubHubbub 0.3 (section 6.1).
//!
//! | what comes | answer |
//! | --- | --- |
//! | a request that is understood | 202; the callback is asked next, or told that it is denied |
//! | the same with `hub.verify=sync` | 204 when the callback has agreed, 409 when it has not |
//! | a parameter is missing or wrong, or the callback is where this hub does not go | 400 |
//! | another Content-Type than a form's | 415 |
//! | to unsubscribe what is not subscribed | 404 |
//! | a callback that is just being asked about the same topic | 429 and `Retry-After` |
//! | too many requests, or too many from one host | 429 and `Retry-After` |
//! | no room | 503 and `Retry-After` |
//!
//! All with one line of reason.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::hub::engine::{Crowded, SubscribeError, WelcomeError};
use crate::hub::public::{PublicHub, Refused, Taken};

/// When to come back to a hub that is full.
const FULL: Duration = Duration::from_secs(600);
/// When to come back while a callback is being asked.
const ASKED: Duration = Duration::from_secs(5);

/// Takes a subscription request.
pub async fn subscription(State(hub): State<PublicHub>, headers: HeaderMap, body: Bytes) -> Response {
    let form = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !form.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        let sentence = "expected a form: Content-Type: application/x-www-form-urlencoded\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence).into_response();
    }
    let form: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
    match hub.subscription(&form).await {
        Ok(Taken::Accepted) => (StatusCode::ACCEPTED, "the callback is asked next\n").into_response(),
        Ok(Taken::Verified) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => {
            let (status, wait) = status(&refused);
            tracing::debug!(reason = %refused, status = status.as_u16(), "hub: a stranger's request was refused");
            let mut response = (status, format!("{refused}\n")).into_response();
            // Rounded up: who comes back a moment too early comes back twice.
            let wait = wait.map(|it| (RETRY_AFTER, HeaderValue::from(it.as_secs() + 1)));
            response.headers_mut().extend(wait);
            response
        }
    }
}

/// For a person who opens the address.
pub async fn explain(State(hub): State<PublicHub>) -> Response {
    let text = format!(
        "A WebSub hub (https://www.w3.org/TR/websub/) for photos of Flickr.\n\n\
         POST a form here: hub.mode=subscribe, hub.topic, hub.callback; hub.lease_seconds and hub.secret if you like.\n\
         Topics: {0}tags?tags=kitten  {0}geo?lat=37.8&lon=-122.4&radius=5  {0}commons\n",
        hub.topics()
    );
    ([(CACHE_CONTROL, "no-cache")], text).into_response()
}

/// The status of a refusal, and when to come back.
fn status(refused: &Refused) -> (StatusCode, Option<Duration>) {
    match refused {
        Refused::Parameter(..) | Refused::Engine(WelcomeError::OutOfReach(_)) => (StatusCode::BAD_REQUEST, None),
        Refused::NoRandomness(_) => (StatusCode::SERVICE_UNAVAILABLE, Some(FULL)),
        Refused::Engine(WelcomeError::Crowded(Crowded::Pace(wait))) => (StatusCode::TOO_MANY_REQUESTS, Some(*wait)),
        Refused::Engine(WelcomeError::Crowded(Crowded::Places(_))) => (StatusCode::BAD_REQUEST, None),
        Refused::Engine(WelcomeError::Crowded(Crowded::Host | Crowded::HostTopics | Crowded::HostPending)) => {
            (StatusCode::TOO_MANY_REQUESTS, Some(FULL))
        }
        Refused::Engine(WelcomeError::Crowded(_)) => (StatusCode::SERVICE_UNAVAILABLE, Some(FULL)),
        Refused::Engine(WelcomeError::Refused(error)) => match error {
            SubscribeError::Awaiting | SubscribeError::InUse => (StatusCode::TOO_MANY_REQUESTS, Some(ASKED)),
            SubscribeError::NotFound => (StatusCode::NOT_FOUND, None),
            SubscribeError::Failed(_) => (StatusCode::CONFLICT, None),
            SubscribeError::Full(_) => (StatusCode::SERVICE_UNAVAILABLE, Some(FULL)),
        },
    }
}
