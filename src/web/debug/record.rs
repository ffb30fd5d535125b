//! One record, opened: how far it got, its bytes, what was read of them, and how to play it again.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;

use crate::assets;
use crate::delivery_log::{Kind, Whole};
use crate::error::{AppError, AppResult};
use crate::feed::{self, Feed};
use crate::state::AppState;
use crate::web::debug::card::Card;
use crate::web::debug::curl::{self, Command};
use crate::web::debug::journey::{self, Hop};
use crate::web::debug::raw::Raw;
use crate::web::debug::row::Row;
use crate::web::debug::{Viewer, targets};
use crate::web::moment::Moment;
use crate::words::capital;

#[derive(Template)]
#[template(path = "debug_record.html")]
struct RecordPage<'a> {
    assets: String,
    viewer: &'a Viewer,
    here: &'a str,
    tab: &'a str,
    it: &'a Whole,
    row: Row,
    when: Moment,
    /// Why it came, when a person played it.
    cause: Option<String>,
    hops: Vec<Hop>,
    cards: Vec<Card>,
    /// What could not be read, with line and column.
    flaws: Vec<String>,
    /// Entries that are no photos.
    skipped: Vec<String>,
    raw: Option<Raw>,
    curl: Option<Command>,
    /// Whether it can be played again.
    replays: bool,
    /// Event names that it may be played to.
    targets: Vec<String>,
}

/// The number in an address, whatever stands there.
pub(super) type InPath = Result<Path<u64>, PathRejection>;

/// Shows it.
pub async fn show(State(state): State<AppState>, viewer: Viewer, id: InPath) -> AppResult<Html<String>> {
    let it = find(&state, &viewer, id).await?;
    let (record, now) = (&it.record, state.clock.now());
    let parsed = match (&it.body, record.kind) {
        (Some(body), Kind::Delivery) if !body.is_empty() => read(body.clone()).await?,
        _ => None,
    };
    let new = record.parsed.as_ref().map(|it| it.new_photos.as_slice()).unwrap_or_default();
    let feed = parsed.as_ref().and_then(|it| it.as_ref().ok());
    let lines: Vec<u32> = match &parsed {
        Some(Ok(feed)) => feed.problems.iter().map(|it| it.at.line).collect(),
        Some(Err(refused)) => vec![refused.at.line],
        None => Vec::new(),
    };
    let of_event = |event| curl::command(&it, event, &state.keys, &state.site.public_url);
    let page = RecordPage {
        assets: assets::prefix(),
        viewer: &viewer,
        here: "debug",
        tab: "log",
        row: Row::of(record),
        when: Moment::new(record.at, now),
        cause: cause(record.cause),
        hops: journey::of(record),
        cards: feed.iter().flat_map(|it| &it.events).map(|it| Card::of(it, new)).collect(),
        flaws: match &parsed {
            Some(Ok(feed)) => feed.problems.iter().map(|it| capital(&it.to_string())).collect(),
            Some(Err(refused)) => vec![capital(&refused.to_string())],
            None => Vec::new(),
        },
        skipped: feed.iter().flat_map(|it| &it.skipped).map(|it| capital(&it.to_string())).collect(),
        raw: it.body.as_ref().filter(|it| !it.is_empty()).map(|it| Raw::of(it, &lines)),
        curl: record.event.as_ref().and_then(of_event),
        replays: record.kind == Kind::Delivery && record.event.is_some() && it.body.is_some(),
        targets: targets(&state, &viewer).await?,
        it: &it,
    };
    Ok(Html(page.render()?))
}

/// Its bytes, exactly as they came, as a file.
pub async fn body(State(state): State<AppState>, viewer: Viewer, id: InPath) -> AppResult<Response> {
    let it = find(&state, &viewer, id).await?;
    let body = it.body.ok_or(AppError::NoSuchRecord)?;
    let name = format!("attachment; filename=\"delivery-{}.bin\"", it.record.id);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"))),
        // Whatever it is, it is nothing on our origin.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, body).into_response())
}

/// The record of this number, when it is theirs to see.
pub(super) async fn find(state: &AppState, viewer: &Viewer, id: InPath) -> AppResult<Whole> {
    let Ok(Path(id)) = id else { return Err(AppError::NoSuchRecord) };
    state.delivery_log.get(&viewer.scope, id).await?.ok_or(AppError::NoSuchRecord)
}

/// What a body says; off the async threads, since it may be large.
async fn read(body: Bytes) -> AppResult<Option<Result<Feed, feed::NotAFeed>>> {
    let reading = tokio::task::spawn_blocking(move || feed::read(&body));
    reading.await.map(Some).map_err(|cause| AppError::Internal(Box::new(cause)))
}

fn cause(cause: crate::delivery_log::Cause) -> Option<String> {
    use crate::delivery_log::Cause;
    match cause {
        Cause::Hub => None,
        Cause::Replay(of) => Some(format!("Somebody played record {of} once more, on this page.")),
        Cause::Dropped => Some("Somebody dropped a file on this page.".into()),
    }
}
