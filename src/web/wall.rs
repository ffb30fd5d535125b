//! The wall: the page that a screen shows.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Html;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::state::AppState;
use crate::store::wall;

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
    let spelled = state.keys.recognise_wall_link(&link).map(|events| {
        let names: Vec<_> = events.iter().map(EventName::as_str).collect();
        names.join(", ")
    });
    let title = match spelled {
        None if wall::is_link(&link) => state.store.wall(&link).await?.map(|it| it.title),
        spelled => spelled,
    };
    let Some(title) = title else {
        state.strangers.note(state.clock.now());
        return Err(AppError::NoSuchWall);
    };
    Ok(Html(WallPage { assets: assets::prefix(), link: &link, title: &title, guard: GUARD }.render()?))
}
