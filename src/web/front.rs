//! The front page: what this is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::assets;
use crate::error::AppResult;
use crate::state::Site;

#[derive(Template)]
#[template(path = "home.html")]
struct FrontPage<'a> {
    assets: String,
    version: &'a str,
    demo_wall: Option<String>,
}

/// Shows it.
pub async fn show(State(site): State<Arc<Site>>) -> AppResult<Html<String>> {
    let demo_wall = site.front_wall.clone();
    Ok(Html(FrontPage { assets: assets::prefix(), version: env!("CARGO_PKG_VERSION"), demo_wall }.render()?))
}
