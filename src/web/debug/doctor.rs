//! The doctor as a page, and as JSON for the command line.

use std::time::Instant;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::doctor::{self, Check, ExamineError, Runs, Told};
use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::debug::{Viewer, row};

/// What is found, for other processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// Where the server that looked is reached.
    pub public_url: String,
    /// What it found.
    pub checks: Vec<Told>,
}

#[derive(Template)]
#[template(path = "debug_doctor.html")]
struct DoctorPage<'a> {
    assets: String,
    viewer: &'a Viewer,
    here: &'a str,
    tab: &'a str,
    summary: String,
    is_well: bool,
    took: String,
    groups: Vec<(String, Vec<Told>)>,
}

/// Examines, and shows what was found.
pub async fn show(State(state): State<AppState>, viewer: Viewer, headers: HeaderMap) -> AppResult<Response> {
    let began = Instant::now();
    let checks: Vec<Told> = doctor::examine(&state, &viewer.scope, Runs::Yes).await?.iter().map(Check::told).collect();
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if accept.starts_with("application/json") {
        return Ok(Json(Examined { public_url: state.site.public_url.to_string(), checks }).into_response());
    }
    let page = DoctorPage {
        assets: assets::prefix(),
        viewer: &viewer,
        here: "debug",
        tab: "doctor",
        summary: doctor::summary(&checks),
        is_well: checks.iter().all(|it| it.mood != doctor::Mood::Bad),
        took: row::duration(i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX)),
        groups: grouped(checks),
    };
    Ok(Html(page.render()?).into_response())
}

/// What stands under each heading.
fn grouped(checks: Vec<Told>) -> Vec<(String, Vec<Told>)> {
    let mut groups: Vec<(String, Vec<Told>)> = Vec::new();
    for check in checks {
        match groups.last_mut().filter(|(title, _)| *title == check.group) {
            Some((_, them)) => them.push(check),
            None => groups.push((check.group.clone(), vec![check])),
        }
    }
    groups
}

impl From<ExamineError> for AppError {
    fn from(cause: ExamineError) -> Self {
        Self::Unavailable(Box::new(cause))
    }
}
