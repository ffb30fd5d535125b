//! The front page: what this is, the way in, and for who is in: their walls.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::assets;
use crate::error::AppResult;
use crate::state::AppState;
use crate::store::Wall;
use crate::web::local_path::LocalPath;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "home.html")]
struct FrontPage<'a> {
    assets: String,
    version: &'a str,
    demo_wall: Option<&'a str>,
    who: Option<&'a SignedIn>,
    here: &'a str,
    walls: Vec<Wall>,
    /// Whether there is a FLICKR_KEY.
    open: bool,
    /// Where a stranger wanted to go.
    next: Option<LocalPath>,
}

/// Shows it. Who was sent here to sign in, and has done so meanwhile, goes where they wanted to.
pub async fn show(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    who: Option<SignedIn>,
) -> AppResult<Response> {
    let query = query.unwrap_or_default();
    let next = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
    let next = next.and_then(|(_, path)| LocalPath::read(&path));
    let walls = match (&who, &next) {
        (Some(_), Some(next)) => return Ok(Redirect::to(next.as_str()).into_response()),
        (Some(who), None) => state.store.walls_of(&who.nsid).await?,
        (None, _) => Vec::new(),
    };
    let page = FrontPage {
        assets: assets::prefix(),
        version: env!("CARGO_PKG_VERSION"),
        demo_wall: state.site.front_wall.as_deref(),
        who: who.as_ref(),
        here: "home",
        walls,
        open: state.flickr.is_some(),
        next,
    };
    Ok(Html(page.render()?).into_response())
}
