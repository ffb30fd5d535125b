//! The fave test: one button faves a photo, and the page follows it from hop to hop with a stopwatch.
//!
//! `plan` finds who can fave and where that must arrive; `run` does it, listens to the delivery log, and cleans up;
//! `connect` asks somebody for a second, test account, with permission to write, which is asked for nowhere else.

mod connect;
mod plan;
mod run;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};

use crate::assets;
use crate::delivery_log::Scope;
use crate::error::{AppError, AppResult};
use crate::fave::Told;
use crate::state::AppState;
use crate::store::TestAccount;
use crate::web::debug::{Form, Viewer};
use crate::web::layers;
use plan::Plan;

/// Where it is.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/debug/fave", get(show).post(begin))
        .route("/debug/fave/connect", post(connect::begin).get(async || Redirect::to("/debug/fave")))
        .route("/debug/fave/done", get(connect::done))
        .route("/debug/fave/forget", post(connect::forget).get(async || Redirect::to("/debug/fave")))
        .route("/debug/fave/{id}", get(told))
}

#[derive(Template)]
#[template(path = "debug_fave.html")]
struct FavePage<'a> {
    assets: String,
    viewer: &'a Viewer,
    here: &'a str,
    tab: &'a str,
    /// What would be done, or why nothing can be.
    plan: Result<Offer, String>,
    account: Option<TestAccount>,
    /// Whether an account can be connected.
    has_key: bool,
    /// The newest test; number 0 stands for none, and its hops for the script.
    test: Told,
}

/// What the button does.
struct Offer {
    sentence: String,
    /// The wall that must show it, as a screen on this page.
    wall: String,
}

/// Shows the page, and the newest test on it.
pub async fn show(State(state): State<AppState>, viewer: Viewer) -> AppResult<Response> {
    let plan =
        plan::find(&state, &viewer.scope).await?.map(|it| Offer { sentence: it.sentence(), wall: it.wall(&state) });
    let page = FavePage {
        assets: assets::prefix(),
        viewer: &viewer,
        here: "debug",
        tab: "fave",
        plan,
        account: state.store.test_account(owner(&viewer.scope)).await?,
        has_key: state.flickr.is_some(),
        test: state.faves.newest(&viewer.scope).unwrap_or_else(Told::blank),
    };
    // The wall that must show the photo is on the page.
    let policy = layers::content_security_policy(&state.site, layers::Frames::Ours);
    let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Html(page.render()?)).into_response())
}

/// Begins a test. A page is led back to, a program is told the test.
pub async fn begin(State(state): State<AppState>, headers: HeaderMap, form: Form) -> AppResult<Response> {
    let scope = form.viewer.scope;
    let wants_json = wants_json(&headers);
    let refused = |sentence: String| {
        let status = StatusCode::CONFLICT;
        if wants_json {
            (status, Json(serde_json::json!({ "error": sentence }))).into_response()
        } else {
            Redirect::to("/debug/fave").into_response()
        }
    };
    let plan: Plan = match plan::find(&state, &scope).await? {
        Ok(plan) => plan,
        Err(sentence) => return Ok(refused(sentence)),
    };
    let wait = form.fields.first("wait").and_then(|it| it.parse().ok()).filter(|it| (1..=600).contains(it));
    let Some(id) = run::begin(&state, &scope, plan, wait.map(std::time::Duration::from_secs)) else {
        return Ok(refused("A test is running already: wait for its end.".into()));
    };
    if wants_json {
        return Ok(Json(state.faves.get(&scope, id)).into_response());
    }
    Ok(Redirect::to("/debug/fave").into_response())
}

/// One test, as JSON.
pub async fn told(
    State(state): State<AppState>,
    viewer: Viewer,
    path: Result<Path<u64>, PathRejection>,
) -> AppResult<Response> {
    let test = path.ok().and_then(|Path(id)| state.faves.get(&viewer.scope, id)).ok_or(AppError::NoSuchPage)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(test)).into_response())
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|it| it.as_bytes().starts_with(b"application/json"))
}

/// Under which name a viewer's test account is kept.
fn owner(scope: &Scope) -> &str {
    match scope {
        Scope::Account(nsid) => nsid,
        // No nsid is without an @.
        Scope::Everything => "operator",
    }
}
