//! Somebody's walls: their links, what they show, and how to take one back.

use std::collections::HashMap;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::state::AppState;
use crate::store::Wall;
use crate::web::confirm::ConfirmPage;
use crate::web::moment::Moment;
use crate::web::remote::link::RemoteLink;
use crate::web::session::{Pairs, Posted, SignedIn};
use crate::web::{naming, notice};
use crate::words::capital;

#[derive(Template)]
#[template(path = "walls.html")]
struct WallsPage<'a> {
    assets: String,
    who: &'a SignedIn,
    here: &'a str,
    notice: Option<&'a str>,
    walls: Vec<Shown>,
    remote: RemoteLink,
    longest_title: usize,
}

/// One wall on the page.
struct Shown {
    link: String,
    title: String,
    address: String,
    what: String,
    made: Moment,
}

/// The title that somebody typed.
#[derive(Debug, Deserialize)]
pub struct Titled {
    title: String,
}

/// All of them.
pub async fn list(State(state): State<AppState>, who: SignedIn, RawQuery(query): RawQuery) -> AppResult<Html<String>> {
    let subscriptions = state.store.subscriptions_of(&who.nsid).await?;
    let topics: HashMap<EventName, String> =
        subscriptions.into_iter().map(|it| (it.event, it.topic.to_string())).collect();
    let now = state.clock.now();
    let shown = |wall: Wall| Shown {
        address: state.site.public_url.join(&format!("/wall/{}", wall.link)),
        what: in_words(&wall.events, &topics),
        made: Moment::new(wall.created_at, now),
        link: wall.link,
        title: wall.title,
    };
    let page = WallsPage {
        assets: assets::prefix(),
        who: &who,
        here: "walls",
        notice: notice::read(query.as_deref()),
        walls: state.store.walls_of(&who.nsid).await?.into_iter().map(shown).collect(),
        remote: RemoteLink::of(&state, &who).await?,
        longest_title: naming::MAX_LEN,
    };
    Ok(Html(page.render()?))
}

fn in_words(events: &[EventName], topics: &HashMap<EventName, String>) -> String {
    if events.is_empty() {
        return "Nothing any more: all of its subscriptions have ended.".into();
    }
    let words: Vec<_> = events.iter().map(|it| topics.get(it).map_or(it.as_str(), String::as_str)).collect();
    let sentence = match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{}, and {last}", before.join(", ")),
        _ => words.concat(),
    };
    capital(&sentence)
}

type InPath = Result<Path<String>, PathRejection>;

/// Calls it something else.
pub async fn name(
    State(state): State<AppState>,
    who: SignedIn,
    link: InPath,
    Posted(Titled { title }): Posted<Titled>,
) -> AppResult<Redirect> {
    let wall = theirs(&state, &who, link).await?;
    state.store.record_title(&wall.link, &naming::title(&title)?).await?;
    Ok(Redirect::to("/walls?done=named"))
}

/// Asks whether it shall be revoked.
pub async fn ask_revoke(State(state): State<AppState>, who: SignedIn, link: InPath) -> AppResult<Html<String>> {
    let wall = theirs(&state, &who, link).await?;
    let page = ConfirmPage {
        assets: assets::prefix(),
        who: &who,
        here: "walls",
        title: "Revoke this wall?",
        subject: &wall.title,
        sentence: "Its link opens nothing any more and cannot be brought back, and every screen that shows it says so. What \
                   no other wall of yours shows is unsubscribed.",
        action: &format!("/walls/{}/revoke", wall.link),
        button: "Revoke the wall",
        back: "/walls",
    };
    Ok(Html(page.render()?))
}

/// Revokes it.
pub async fn revoke(
    State(state): State<AppState>,
    who: SignedIn,
    link: InPath,
    _: Posted<Pairs>,
) -> AppResult<Redirect> {
    let wall = theirs(&state, &who, link).await?;
    state.store.revoke_wall(&wall.link).await?;
    // What nobody can see any more is not asked for any more.
    let others = state.store.walls_of(&who.nsid).await?;
    let theirs = state.store.subscriptions_of(&who.nsid).await?;
    for event in wall.events.iter().filter(|event| theirs.iter().any(|it| it.event == **event)) {
        if !others.iter().any(|it| it.events.contains(event)) {
            state.subscriber.end(event).await?;
        }
    }
    Ok(Redirect::to("/walls?done=revoked"))
}

/// The wall of this link when it is theirs. One of somebody else looks like one that is not there.
async fn theirs(state: &AppState, who: &SignedIn, link: InPath) -> AppResult<Wall> {
    let Ok(Path(link)) = link else {
        return Err(AppError::NotYourWall);
    };
    state.store.wall(&link).await?.filter(|it| it.account == who.nsid).ok_or(AppError::NotYourWall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_wall_shows_is_said_in_words() {
        let names = |it: &[&str]| it.iter().map(|it| it.parse().unwrap()).collect::<Vec<EventName>>();
        let topics = names(&["a", "b", "c"]).into_iter().zip(["your faves", "photos of you", "photos tagged cat"]);
        let topics = topics.map(|(event, words)| (event, words.to_owned())).collect();
        assert_eq!(in_words(&names(&["a"]), &topics), "Your faves");
        assert_eq!(in_words(&names(&["a", "b", "c"]), &topics), "Your faves, photos of you, and photos tagged cat");
        assert_eq!(in_words(&names(&["a", "by-hand"]), &topics), "Your faves, and by-hand");
        assert!(in_words(&[], &topics).starts_with("Nothing any more"));
    }
}
