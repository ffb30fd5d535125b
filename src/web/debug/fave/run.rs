//! One test, from the button to the cleaning up.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::plan::{Faver, Plan};
use crate::delivery_log::Scope;
use crate::fave::{Test, Trace};
use crate::flickr::fave::Faved;
use crate::flickr::stage::Staged;
use crate::flickr::{Flickr, Token};
use crate::state::AppState;

/// Photos that are tried until one was not faved yet.
const TRIES: usize = 5;

/// What is to be taken back.
enum Undo {
    Stage(Staged),
    Account(Flickr, Token, String),
}

/// Begins it, as a task of the server's; its number. `None` when enough are running.
pub(super) fn begin(state: &AppState, scope: &Scope, plan: Plan, wait: Option<Duration>) -> Option<u64> {
    let trace = Trace::new(state.clock.now(), plan.event.clone());
    let test = Test { who: plan.who(state), heard: plan.heard(), title: None, trace, cleaned: None };
    let id = state.faves.begin(scope, test)?;
    let (task, stopping) = (run(state.clone(), id, plan, wait), state.shutdown.stopping.clone());
    let faves = state.faves.clone();
    state.shutdown.tasks.spawn(async move {
        if stopping.run_until_cancelled(task).await.is_none() {
            faves.change(id, |it| it.cleaned = Some("The server stopped before the fave was taken back.".into()));
        }
    });
    Some(id)
}

async fn run(state: AppState, id: u64, plan: Plan, wait: Option<Duration>) {
    // Before anything is faved: the hub may be quicker than the API.
    let Some(mut heard) = state.delivery_log.hear() else { return };
    let change = |change: &dyn Fn(&mut Test)| state.faves.change(id, change);
    let undo = match fave(&state, &plan.faver).await {
        Ok((undo, photo, title)) => {
            let at = state.clock.now();
            change(&|it| {
                it.title = Some(title.clone()).filter(|it| !it.is_empty());
                it.trace.answered(&photo, at);
            });
            undo
        }
        Err(why) => {
            change(&|it| {
                it.trace.failed(why.clone());
                it.cleaned = Some("Nothing was faved, so nothing had to be taken back.".into());
            });
            return;
        }
    };
    let mut deadline = Instant::now() + plan.around(&state, wait).await.waited;
    loop {
        if state.faves.change(id, |it| it.trace.is_over()).unwrap_or(true) {
            break;
        }
        match timeout_at(deadline, heard.recv()).await {
            Ok(Ok(it)) => {
                let before = state.faves.change(id, |test| test.trace.next()).flatten();
                let after = state.faves.change(id, |test| {
                    test.trace.hear(&it.record);
                    test.trace.next()
                });
                if after.flatten() != before {
                    // Each hop has its time; after the hub it is short.
                    deadline = Instant::now() + wait.unwrap_or(super::plan::PUSHED);
                }
            }
            // Too many came at once, and this one is told again when a screen paints it.
            Ok(Err(tokio::sync::broadcast::error::RecvError::Lagged(_))) => {}
            Ok(Err(_)) | Err(_) => {
                let around = plan.around(&state, wait).await;
                change(&|it| it.trace.give_up(&around));
                break;
            }
        }
    }
    let cleaned = take_back(&state, undo).await;
    change(&|it| it.cleaned = Some(cleaned.clone()));
}

/// Faves a photo: what is to be taken back, the photo, and its title.
async fn fave(state: &AppState, faver: &Faver) -> Result<(Undo, String, String), String> {
    let sentence = |error: crate::flickr::FlickrError| error.sentence(state.site.public_url.origin());
    match faver {
        Faver::Stage(fan) => {
            let staged = state.feeds.stage_fave(fan).await.map_err(sentence)?;
            let (photo, title) = (staged.photo.clone(), staged.title.clone());
            Ok((Undo::Stage(staged), photo, title))
        }
        Faver::Account { flickr, token, nsid, .. } => {
            let photos = flickr.photos_to_fave(token, nsid).await.map_err(sentence)?;
            for photo in photos.into_iter().take(TRIES) {
                // One that was faved before is theirs, and stays as it is.
                if flickr.fave(token, &photo.id).await.map_err(sentence)? == Faved::Now {
                    let undo = Undo::Account(flickr.clone(), token.clone(), photo.id.clone());
                    return Ok((undo, photo.id, photo.title.unwrap_or_default()));
                }
            }
            Err("Flickr shows no photo that the test account has not faved already: try again in a minute.".into())
        }
    }
}

async fn take_back(state: &AppState, undo: Undo) -> String {
    let taken = match undo {
        Undo::Stage(staged) => state.feeds.stage_unfave(&staged).await,
        Undo::Account(flickr, token, photo) => flickr.unfave(&token, &photo).await,
    };
    match taken {
        Ok(()) => "The fave was taken back.".into(),
        Err(error) => {
            tracing::warn!(%error, "a fave test could not take its fave back");
            format!("The fave could not be taken back: {}", error.sentence(state.site.public_url.origin()))
        }
    }
}
