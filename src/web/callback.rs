//! The address that hubs call: verification by GET, delivery by POST.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::handshake::{Mode, Refusal, Verdict, Verification, Wish};
use crate::metrics::Metrics;
use crate::state::{AppState, CallbackRequest};
use crate::web::delivery;

/// Everything that is sent to a callback.
///
/// What is not ours gets the same 404 in the same time whatever its method, and nothing of its body is read. A HEAD is
/// no verification: it would confirm with nothing to show for it.
pub async fn receive(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Response> {
    let path = uri.path().strip_prefix("/callback").unwrap_or_default();
    let path = percent_decode_str(path.strip_prefix('/').unwrap_or_default()).decode_utf8_lossy();
    let query = query.unwrap_or_default();
    let event = state.callbacks.event_name(CallbackRequest { path: &path, query: &query }, &state.keys);
    // Our bridge says so in the query of its callbacks. It opens nothing: the path alone is the capability.
    let by_bridge = form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "by" && value == "bridge");
    match method {
        Method::GET => verify(&state, event, by_bridge, &query).await,
        Method::POST => match event {
            Some(event) => delivery::deliver(&state, &event, by_bridge, &headers, body).await,
            None => {
                Metrics::count(&state.metrics.deliveries, "refused", 1);
                Err(refuse(&state, None, Refusal::UnknownCallback))
            }
        },
        _ => Err(refuse(&state, event.as_ref(), Refusal::StrangeMethod)),
    }
}

/// Answers a hub that asks whether we want this subscription (PubSubHubbub 0.3 section 6.2, WebSub section 5.3).
async fn verify(state: &AppState, event: Option<EventName>, by_bridge: bool, query: &str) -> AppResult<Response> {
    let AppState { store, subscriber, keys, clock, metrics, .. } = state;
    let asked = Verification::from_query(query);
    // Computed for strangers too, so that they wait as long as a hub with a wrong token.
    let token_is_right = keys.verify_token_is_right(event.as_ref(), asked.verify_token.as_deref().unwrap_or_default());
    let Some(event) = event else {
        Metrics::count(&metrics.verifications, "refused", 1);
        return Err(refuse(state, None, Refusal::UnknownCallback));
    };
    // Who holds no token is answered before the store is asked: that, too, would take time.
    let known = if token_is_right { store.callback(&event).await? } else { Default::default() };
    let rests = known.wish == Wish::Wanted && known.subscribed && !subscriber.watching().is_watched(&event);
    let wish = if rests { Wish::Unwatched } else { known.wish };
    match asked.decide(token_is_right, wish) {
        Verdict::Confirm { mode, challenge } => {
            // What the bridge has says nothing of how it stands with Flickr's push.
            if by_bridge && known.subscribed {
                store.record_bridge_verified(&event, clock.now()).await?;
                subscriber.nudge();
            } else {
                store.record_verified(&event, mode, clock.now()).await?;
            }
            let outcome = if mode == Mode::Subscribe { "subscribed" } else { "unsubscribed" };
            Metrics::count(&metrics.verifications, outcome, 1);
            tracing::info!(callback.event = %event, outcome, "verification");
            // The challenge is foreign text on our origin: plain, and never sniffed into anything else.
            Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response())
        }
        Verdict::Denied { reason } => {
            store.record_denied(&event, &reason, clock.now()).await?;
            Metrics::count(&metrics.verifications, "denied", 1);
            tracing::warn!(callback.event = %event, outcome = "denied", reason, "verification");
            Ok("noted\n".into_response())
        }
        Verdict::Refuse(refusal) => {
            Metrics::count(&metrics.verifications, "refused", 1);
            if refusal == Refusal::NobodyWatches && !by_bridge {
                subscriber.fall_asleep(&event).await?;
            }
            Err(refuse(state, Some(&event), refusal))
        }
        Verdict::Invalid(fault) => {
            Metrics::count(&metrics.verifications, "invalid", 1);
            tracing::info!(callback.event = %event, outcome = "invalid", reason = %fault, "verification");
            Err(AppError::BadVerification(fault))
        }
    }
}

fn refuse(state: &AppState, event: Option<&EventName>, refusal: Refusal) -> AppError {
    match event {
        Some(event) => tracing::info!(callback.event = %event, outcome = "refused", reason = %refusal, "callback"),
        None => state.strangers.note(state.clock.now()),
    }
    AppError::NoSuchCallback
}
