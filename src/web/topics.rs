//! The topics page: what do you want to see? A form that works without scripts, and leads to the wall.
//!
//! What was typed ([`typed`]) is either changed by a button of the map ([`map`]) and shown again, or read as a choice
//! ([`choice`]) and held against what the account has ([`desk`]). What cannot work comes back by the field it stands in,
//! with all that was typed.

pub mod choice;
pub mod coordinates;
pub mod desk;
pub mod institutions;
pub mod map;
mod page;
#[cfg(test)]
mod tests;
pub mod typed;

use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use jiff::SignedDuration;
use serde::Deserialize;

use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::state::AppState;
use crate::store::{Wall, wall};
use crate::subscriber::{Stage, WantError};
use crate::web::session::{Pairs, Posted, SignedIn};
use choice::{Choice, FieldError};
use desk::Desk;
use institutions::Institutions;
use page::TopicsPage;
use typed::{Press, Typed};

/// How long somebody waits for the hub before they are shown their wall.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same new wall within so long is the same button pressed twice.
const TWICE: SignedDuration = SignedDuration::from_secs(60);

/// The page and its form.
pub fn routes() -> MethodRouter<AppState> {
    get(show).post(save).layer(Extension(Institutions::default()))
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    wall: Option<String>,
}

async fn show(
    State(state): State<AppState>,
    Extension(institutions): Extension<Institutions>,
    who: SignedIn,
    asked: Result<Query<Asked>, QueryRejection>,
) -> AppResult<Response> {
    let asked = asked.map(|Query(it)| it).unwrap_or_default();
    let desk = Desk::of(&state, &who.nsid, asked.wall.as_deref()).await?;
    let typed = desk.filled_in();
    answer(&state, &institutions, &who, &desk, &typed, &[]).await
}

async fn save(
    State(state): State<AppState>,
    Extension(institutions): Extension<Institutions>,
    who: SignedIn,
    Posted(pairs): Posted<Pairs>,
) -> AppResult<Response> {
    let asked = pairs.first("wall").filter(|it| !it.is_empty()).unwrap_or("new");
    let desk = Desk::of(&state, &who.nsid, Some(asked)).await?;
    let mut typed = Typed::from_pairs(&pairs);
    if let Some(press) = Press::of(&pairs) {
        typed.press(press);
        return answer(&state, &institutions, &who, &desk, &typed, &[]).await;
    }
    let (choice, mut errors) = Choice::of(&typed);
    errors.extend(desk.refuse(&choice, &typed, &state));
    if !errors.is_empty() {
        return answer(&state, &institutions, &who, &desk, &typed, &errors).await;
    }
    let mut events = state.subscriber.want(&who.nsid, choice.topics()).await.map_err(|cause| match cause {
        WantError::Store(cause) => AppError::from(cause),
        cause => AppError::Internal(Box::new(cause)),
    })?;
    let asked = events.clone();
    events.extend(desk.kept(&typed));
    events.sort();
    events.dedup();
    let ended = desk.ended(&events);
    let link = record(&state, &desk, &choice.title, events).await?;
    for event in &ended {
        state.subscriber.end(event).await?;
    }
    let settled = state.subscriber.settle(&asked, PATIENCE).await?;
    let is_in_trouble = settled.iter().any(|it| matches!(Stage::of(it), Stage::Troubled | Stage::Stuck));
    let to = if is_in_trouble { "/subscriptions?done=trouble".into() } else { format!("/wall/{link}") };
    Ok(Redirect::to(&to).into_response())
}

/// Saves the wall; the answer is its link.
async fn record(state: &AppState, desk: &Desk, title: &str, events: Vec<EventName>) -> AppResult<String> {
    let now = state.clock.now();
    let is_pressed_twice =
        |it: &&Wall| it.title == title && it.events == events && now.duration_since(it.created_at) < TWICE;
    let wall = match &desk.wall {
        Some(wall) => {
            let is_there = state.store.change_wall(&wall.link, title, events).await?;
            return if is_there { Ok(wall.link.clone()) } else { Err(AppError::NotYourWall) };
        }
        None => match desk.walls.iter().find(is_pressed_twice) {
            Some(wall) => return Ok(wall.link.clone()),
            None => Wall {
                link: wall::link(state.clock.random()?),
                account: desk.nsid.clone(),
                title: title.to_owned(),
                created_at: now,
                events,
            },
        },
    };
    let link = wall.link.clone();
    state.store.add_wall(wall).await?;
    Ok(link)
}

async fn answer(
    state: &AppState,
    institutions: &Institutions,
    who: &SignedIn,
    desk: &Desk,
    typed: &Typed,
    errors: &[FieldError],
) -> AppResult<Response> {
    let list = match &state.flickr {
        Some(flickr) => institutions.list(state.clock.now(), async || flickr.institutions().await).await,
        None => None,
    };
    let html = TopicsPage::of(who, desk, typed, list.as_ref(), errors).html()?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Html(html)).into_response())
}
