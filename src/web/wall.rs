//! The wall: the page that a screen shows.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::signing::Keys;

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage<'a> {
    assets: String,
    link: &'a str,
    title: &'a str,
}

/// Shows the wall behind `link`.
pub async fn show(State(keys): State<Arc<Keys>>, Path(link): Path<String>) -> AppResult<Html<String>> {
    let events = keys.recognise_wall_link(&link).ok_or(AppError::NoSuchWall)?;
    let names: Vec<_> = events.iter().map(|it| it.as_str()).collect();
    Ok(Html(WallPage { assets: assets::prefix(), link: &link, title: &names.join(", ") }.render()?))
}
