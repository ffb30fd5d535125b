//! The debug pages: what hubs asked and delivered, in words, as it happens; and what helps when nothing does.

pub mod card;
pub mod curl;
pub mod doctor;
pub mod fave;
pub mod form;
pub mod journey;
pub mod play;
pub mod raw;
pub mod record;
pub mod row;
pub mod tail;
#[cfg(test)]
mod tests;
pub mod viewer;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::assets;
use crate::delivery_log::Bounds;
use crate::error::{AppError, AppResult};
use crate::state::AppState;
pub use form::Form;
use row::Row;
pub use viewer::{Viewer, operator_link};

/// Rows of one page.
const ROWS: usize = 50;

/// Where they are.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/debug", get(show))
        // The file is measured where it is read, by the limit of every delivery.
        .route("/debug/deliver", post(play::dropped).layer(DefaultBodyLimit::disable()))
        .route("/debug/records/{id}", get(record::show))
        .route("/debug/records/{id}/body", get(record::body))
        .route("/debug/records/{id}/replay", post(play::replay))
        .route("/debug/doctor", get(doctor::show))
        .merge(fave::routes())
}

#[derive(Template)]
#[template(path = "debug.html")]
struct DebugPage<'a> {
    assets: String,
    viewer: &'a Viewer,
    here: &'a str,
    tab: &'a str,
    rows: Vec<Row>,
    blank: Row,
    /// The address of the page with older rows.
    older: Option<String>,
    /// How much is kept; `None` when nothing is.
    kept: Option<String>,
    /// Where its script listens, on the newest page.
    stream: Option<String>,
    /// Event names that a file may be delivered to.
    targets: Vec<String>,
}

/// The delivery log. Who comes by the operator's link is let in and sent on, so that its key is in no address any more.
pub async fn show(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    viewer: Result<Viewer, AppError>,
) -> AppResult<Response> {
    let query = query.unwrap_or_default();
    let parameter = |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name).map(|(_, it)| it);
    if let Some(key) = parameter("key") {
        if !state.keys.operator_key_is_right(&key) {
            state.strangers.note(state.clock.now());
            return Err(AppError::NoDebugging);
        }
        let cookie = viewer::cookie(key.into_owned(), &state.site).to_string();
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/debug")).into_response());
    }
    let viewer = viewer?;
    let before: Option<u64> = parameter("before").and_then(|it| it.parse().ok());
    let records = state.delivery_log.newest(&viewer.scope, before, ROWS + 1).await?;
    let older = records.get(ROWS).map(|_| format!("/debug?before={}", records[ROWS - 1].id));
    let page = DebugPage {
        assets: assets::prefix(),
        viewer: &viewer,
        here: "debug",
        tab: "log",
        rows: records.iter().take(ROWS).map(Row::of).collect(),
        blank: Row::default(),
        older,
        kept: state.delivery_log.bounds().map(|it| kept(&it)),
        // Below the path of an operator's cookie, so that no key is in its address.
        stream: before.is_none().then(|| format!("/debug/stream?debug=me&last={ROWS}")),
        targets: targets(&state, &viewer).await?,
    };
    Ok(Html(page.render()?).into_response())
}

/// Event names that they may deliver to: those of their subscriptions, and for an operator those of the newest records.
async fn targets(state: &AppState, viewer: &Viewer) -> AppResult<Vec<String>> {
    let mut names: Vec<String> = match viewer.account() {
        Some(nsid) => state.store.subscriptions_of(nsid).await?.into_iter().map(|it| it.event.to_string()).collect(),
        None => {
            let newest = state.delivery_log.newest(&viewer.scope, None, 200).await?;
            newest.into_iter().filter_map(|it| it.event).map(|it| it.to_string()).collect()
        }
    };
    names.sort();
    names.dedup();
    Ok(names)
}

fn kept(bounds: &Bounds) -> String {
    let hours = bounds.age.as_hours();
    let several = if hours == 1 { "hour" } else { "hours" };
    format!("The newest {} of each account are kept, for {hours} {several}.", bounds.records)
}
