//! The wall: the page that a screen shows.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Html;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::state::AppState;

/// The one inline script: when a module did not arrive (a server restarted at that very moment), no script of ours runs
/// that could try again. It loads the page anew, but only from a server that has just answered.
pub const GUARD: &str = include_str!("../../templates/guard.js");

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage<'a> {
    assets: String,
    link: &'a str,
    title: &'a str,
    guard: &'a str,
}

/// Shows the wall behind `link`.
pub async fn show(State(state): State<AppState>, link: Result<Path<String>, PathRejection>) -> AppResult<Html<String>> {
    let link = link.map(|Path(it)| it).unwrap_or_default();
    let Some(events) = state.keys.recognise_wall_link(&link) else {
        state.strangers.note(state.clock.now());
        return Err(AppError::NoSuchWall);
    };
    let names: Vec<_> = events.iter().map(|it| it.as_str()).collect();
    Ok(Html(WallPage { assets: assets::prefix(), link: &link, title: &names.join(", "), guard: GUARD }.render()?))
}
