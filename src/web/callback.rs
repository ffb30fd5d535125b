//! The address that hubs call: verification by GET, delivery by POST.

use std::net::SocketAddr;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;

use crate::delivery_log::{self as log, Call, Cause, Draft};
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
pub async fn receive(State(state): State<AppState>, request: Request) -> AppResult<Response> {
    let at = state.clock.now();
    let (head, body) = request.into_parts();
    let path = head.uri.path().strip_prefix("/callback").unwrap_or_default();
    let path = percent_decode_str(path.strip_prefix('/').unwrap_or_default()).decode_utf8_lossy();
    let query = head.uri.query().unwrap_or_default();
    let event = state.callbacks.event_name(CallbackRequest { path: &path, query }, &state.keys);
    // Our bridge says so in the query of its callbacks. It opens nothing: the path alone is the capability.
    let by_bridge = form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "by" && value == "bridge");
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0);
    let (method, uri, headers) = (head.method, head.uri, head.headers);
    let call = Call { at, method, uri, headers, peer, by_bridge, cause: Cause::Hub };
    match (call.method.clone(), event) {
        (Method::GET, event) => verify(&state, call, event).await,
        (Method::POST, Some(event)) => delivery::deliver(&state, event, call, body).await.0,
        (Method::POST, None) => {
            Metrics::count(&state.metrics.deliveries, "refused", 1);
            let refused = refuse(&state, None, Refusal::UnknownCallback);
            note(&state, Draft::new(call, None, log::Verdict::UnknownCallback, refused.status().as_u16()));
            Err(refused)
        }
        (_, event) => {
            let verdict = if event.is_some() { log::Verdict::StrangeMethod } else { log::Verdict::UnknownCallback };
            let refused = refuse(&state, event.as_ref(), Refusal::StrangeMethod);
            note(&state, Draft::new(call, event, verdict, refused.status().as_u16()));
            Err(refused)
        }
    }
}

fn note(state: &AppState, draft: Draft) {
    let _ = state.delivery_log.note(draft);
}

/// Answers a hub that asks whether we want this subscription (PubSubHubbub 0.3 section 6.2, WebSub section 5.3).
async fn verify(state: &AppState, call: Call, event: Option<EventName>) -> AppResult<Response> {
    let began = Instant::now();
    let mut verdict = log::Verdict::NotStored;
    let answered = answer(state, &call, event.as_ref(), &mut verdict).await;
    let status = answered.as_ref().map_or_else(AppError::status, Response::status).as_u16();
    let took_ms = began.elapsed().as_secs_f64() * 1e3;
    note(state, Draft { took_ms, ..Draft::new(call, event, verdict, status) });
    answered
}

/// The answer; `noted` becomes what the delivery log says of it.
async fn answer(
    state: &AppState,
    call: &Call,
    event: Option<&EventName>,
    noted: &mut log::Verdict,
) -> AppResult<Response> {
    let AppState { store, subscriber, keys, clock, metrics, .. } = state;
    let asked = Verification::from_query(call.uri.query().unwrap_or_default());
    // Computed for strangers too, so that they wait as long as a hub with a wrong token.
    let token_is_right = keys.verify_token_is_right(event, asked.verify_token.as_deref().unwrap_or_default());
    let Some(event) = event else {
        Metrics::count(&metrics.verifications, "refused", 1);
        *noted = log::Verdict::UnknownCallback;
        return Err(refuse(state, None, Refusal::UnknownCallback));
    };
    // Who holds no token is answered before the store is asked: that, too, would take time.
    let known = if token_is_right { store.callback(event).await? } else { Default::default() };
    let rests = known.wish == Wish::Wanted && known.subscribed && !subscriber.watching().is_watched(event);
    let wish = if rests { Wish::Unwatched } else { known.wish };
    match asked.decide(token_is_right, wish) {
        Verdict::Confirm { mode, challenge } => {
            // What the bridge has says nothing of how it stands with Flickr's push.
            if call.by_bridge && known.subscribed {
                store.record_bridge_verified(event, clock.now()).await?;
                subscriber.nudge();
            } else {
                store.record_verified(event, mode, clock.now()).await?;
            }
            let outcome = if mode == Mode::Subscribe { "subscribed" } else { "unsubscribed" };
            Metrics::count(&metrics.verifications, outcome, 1);
            tracing::info!(callback.event = %event, outcome, "verification");
            *noted = log::Verdict::confirmed(mode);
            // The challenge is foreign text on our origin: plain, and never sniffed into anything else.
            Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response())
        }
        Verdict::Denied { reason } => {
            store.record_denied(event, &reason, clock.now()).await?;
            Metrics::count(&metrics.verifications, "denied", 1);
            tracing::warn!(callback.event = %event, outcome = "denied", reason, "verification");
            *noted = log::Verdict::Denied { reason };
            Ok("noted\n".into_response())
        }
        Verdict::Refuse(refusal) => {
            Metrics::count(&metrics.verifications, "refused", 1);
            if refusal == Refusal::NobodyWatches && !call.by_bridge {
                subscriber.fall_asleep(event).await?;
            }
            *noted = log::Verdict::refused(refusal, asked.verify_token);
            Err(refuse(state, Some(event), refusal))
        }
        Verdict::Invalid(fault) => {
            Metrics::count(&metrics.verifications, "invalid", 1);
            tracing::info!(callback.event = %event, outcome = "invalid", reason = %fault, "verification");
            *noted = log::Verdict::Invalid { fault: fault.to_string() };
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
