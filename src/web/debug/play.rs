//! Deliveries that a person makes: a record played once more, and a file that was dropped. They go the way of every
//! delivery, and are marked in the log.

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::{Bytes, BytesMut};

use crate::delivery_log::{Call, Cause};
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::state::AppState;
use crate::web::debug::record::{self, InPath};
use crate::web::debug::{Form, Viewer};
use crate::web::{delivery, origin};

/// The most bytes of a field that is no file.
const MAX_FIELD: usize = 4 * 1024;

/// Plays a record once more, to its own callback or to another one of theirs.
pub async fn replay(State(state): State<AppState>, id: InPath, form: Form) -> AppResult<Redirect> {
    let Form { viewer, fields } = form;
    let whole = record::find(&state, &viewer, id).await?;
    let (Some(own), Some(body)) = (whole.record.event, whole.body) else { return Err(AppError::NoSuchRecord) };
    let event = match fields.first("event").map(str::trim).filter(|it| !it.is_empty()) {
        Some(named) => target(&viewer, named)?,
        None => own,
    };
    let mut headers = HeaderMap::new();
    for (name, value) in whole.head.headers {
        // Of the connection that it came by, and not of what it carries.
        if name == "content-type" || name == "link" {
            let (name, value) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>());
            headers.extend(name.ok().zip(value.ok()));
        }
    }
    let id = deliver(&state, event, headers, body, Cause::Replay(whole.record.id)).await?;
    Ok(Redirect::to(&id.map_or_else(|| "/debug".into(), |id| format!("/debug/records/{id}"))))
}

/// A file, or text that was pasted, and the event name that it is delivered to.
#[derive(Debug, Default)]
pub struct Dropped {
    event: String,
    mime: Option<HeaderValue>,
    body: Bytes,
}

/// Delivers it. A script is told where its record is, a person without one is taken there.
pub async fn dropped(State(state): State<AppState>, request: Request) -> AppResult<Response> {
    let (mut head, body) = request.into_parts();
    let viewer = Viewer::from_request_parts(&mut head, &state).await?;
    if !origin::may_post(&head.headers, &state.site.public_url) {
        return Err(AppError::StaleForm);
    }
    let by_script = head.headers.get(header::ACCEPT).is_some_and(|it| it == "application/json");
    let request = Request::from_parts(head, body);
    let form = Multipart::from_request(request, &state).await.map_err(|_| AppError::StaleForm)?;
    let Dropped { event, mime, body } = read(&viewer, form, state.site.delivery_limit).await?;
    let event = target(&viewer, &event)?;
    let headers = mime.map(|it| (header::CONTENT_TYPE, it)).into_iter().collect();
    let id = deliver(&state, event, headers, body, Cause::Dropped).await?;
    let address = id.map_or_else(|| "/debug".into(), |id| format!("/debug/records/{id}"));
    if by_script {
        return Ok((StatusCode::CREATED, [(header::LOCATION, address)]).into_response());
    }
    Ok(Redirect::to(&address).into_response())
}

/// Reads the form; its token comes first, before any file. Of a file, one byte more than the limit at most: the delivery
/// is then refused as every other would be.
async fn read(viewer: &Viewer, mut form: Multipart, limit: usize) -> AppResult<Dropped> {
    let broken = |_: MultipartError| AppError::StaleForm;
    let (mut dropped, mut trusted) = (Dropped::default(), false);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let mime = field.content_type().and_then(|it| it.parse().ok());
        let limit = if matches!(name.as_str(), "file" | "text") { limit } else { MAX_FIELD };
        let bytes = take(field, limit).await.map_err(broken)?;
        match name.as_str() {
            "form" => trusted = viewer.sent(&String::from_utf8_lossy(&bytes)),
            _ if !trusted => return Err(AppError::StaleForm),
            "event" => dropped.event = String::from_utf8_lossy(&bytes).trim().to_owned(),
            // An empty file is what a browser sends when none was chosen.
            "file" | "text" if dropped.body.is_empty() && !bytes.is_empty() => {
                dropped.mime = mime.filter(|_| name == "file");
                dropped.body = bytes;
            }
            _ => {}
        }
    }
    if trusted { Ok(dropped) } else { Err(AppError::StaleForm) }
}

async fn take(mut field: Field<'_>, limit: usize) -> Result<Bytes, MultipartError> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await? {
        let room = (limit + 1).saturating_sub(bytes.len());
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(bytes.freeze())
}

/// The event name that they may deliver to: any for the operator, those of their subscriptions for an account.
fn target(viewer: &Viewer, named: &str) -> AppResult<EventName> {
    let event: EventName = named.parse().map_err(|cause| AppError::BadName(format!("{cause}.")))?;
    if viewer.scope.holds(&crate::delivery_log::Owner::of(Some(&event))) {
        Ok(event)
    } else {
        Err(AppError::BadName("You can deliver to callbacks of your own subscriptions only.".into()))
    }
}

/// The number of the record, if it is kept. Whatever the hub would have been answered stands there.
async fn deliver(
    state: &AppState,
    event: EventName,
    headers: HeaderMap,
    body: Bytes,
    cause: Cause,
) -> AppResult<Option<u64>> {
    let uri: Uri = format!("/callback/{}", state.keys.callback(&event)).parse().unwrap_or_default();
    let (at, method) = (state.clock.now(), Method::POST);
    let call = Call { at, method, uri, headers, peer: None, by_bridge: false, cause };
    // On its own: a browser that is closed meanwhile does not stop it half-way.
    let delivering = state.clone();
    let delivering = state
        .shutdown
        .tasks
        .spawn(async move { delivery::deliver(&delivering, event, call, Body::from(body)).await.1 });
    delivering.await.map_err(|cause| AppError::Internal(Box::new(cause)))
}
