//! The wall: the page that a screen shows, and what belongs to it.

pub mod album;
pub mod builder;
pub mod qr;
pub mod sizes;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Html;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::settings::{PREVIEW, Settings};
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
    /// As JSON.
    settings: String,
    /// Sentences, as JSON.
    problems: String,
    /// Whether there is a Flickr to ask for larger sizes.
    sizes: bool,
    /// Whether it is shown in the page that writes its link, and so is no screen.
    preview: bool,
}

/// A wall whose link somebody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The last part of its address.
    pub link: String,
    /// What it is called.
    pub title: String,
    /// What it shows.
    pub events: Vec<EventName>,
}

impl Known {
    /// Where it is, with these settings, for all the world.
    #[must_use]
    pub fn address(&self, state: &AppState, settings: &Settings) -> String {
        let address = state.site.public_url.join(&format!("/wall/{}", self.link));
        match settings.query() {
            query if query.is_empty() => address,
            query => format!("{address}?{query}"),
        }
    }
}

/// The link in an address, whatever stands there.
pub type InPath = Result<Path<String>, PathRejection>;

/// Shows the wall behind `link`, with the settings in its address. What cannot be understood there is for the page to
/// tell: a screen in a far corner must show photos all the same.
pub async fn show(State(state): State<AppState>, link: InPath, RawQuery(query): RawQuery) -> AppResult<Html<String>> {
    let wall = find(&state, &link.map(|Path(it)| it).unwrap_or_default()).await?;
    let query = query.unwrap_or_default();
    let (settings, problems) = Settings::read(&query);
    let sentences: Vec<_> = problems.into_iter().map(|it| it.sentence).collect();
    let page = WallPage {
        assets: assets::prefix(),
        link: &wall.link,
        title: &wall.title,
        guard: GUARD,
        settings: settings.json(),
        problems: serde_json::to_string(&sentences).unwrap_or_default(),
        sizes: state.flickr.is_some(),
        preview: form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == PREVIEW && value == "1"),
    };
    Ok(Html(page.render()?))
}

/// The wall of this link: a saved one, or one whose link spells its event names.
///
/// # Errors
/// [`AppError::NoSuchWall`], which is noted; or when the store cannot be read.
pub async fn find(state: &AppState, link: &str) -> AppResult<Known> {
    let spelled = state.keys.recognise_wall_link(link).map(|events| {
        let names: Vec<_> = events.iter().map(EventName::as_str).collect();
        (names.join(", "), events)
    });
    let found = match spelled {
        None if wall::is_link(link) => state.store.wall(link).await?.map(|it| (it.title, it.events)),
        spelled => spelled,
    };
    let Some((title, events)) = found else {
        state.strangers.note(state.clock.now());
        return Err(AppError::NoSuchWall);
    };
    Ok(Known { link: link.to_owned(), title, events })
}
