//! Who somebody is here, what is stored of them, and being forgotten.

#[cfg(test)]
mod tests;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::state::AppState;
use crate::web::confirm::ConfirmPage;
use crate::web::moment::Moment;
use crate::web::session::{self, Pairs, Posted, SignedIn};
use crate::words::capital;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    assets: String,
    who: &'a SignedIn,
    here: &'a str,
    since: Moment,
    subscriptions: String,
    walls: String,
}

#[derive(Template)]
#[template(path = "forgotten.html")]
struct ForgottenPage {
    assets: String,
    subscriptions: String,
    walls: String,
    untold: usize,
}

/// Shows it.
pub async fn show(State(state): State<AppState>, who: SignedIn) -> AppResult<Html<String>> {
    let (subscriptions, walls) = stored(&state, &who).await?;
    let (subscriptions, walls) = (capital(&subscriptions), capital(&walls));
    let since = Moment::new(who.since, state.clock.now());
    let page = AccountPage { assets: assets::prefix(), who: &who, here: "account", since, subscriptions, walls };
    Ok(Html(page.render()?))
}

/// Asks whether everything shall be deleted.
pub async fn ask_forget(State(state): State<AppState>, who: SignedIn) -> AppResult<Html<String>> {
    let (subscriptions, walls) = stored(&state, &who).await?;
    let sentence = format!(
        "Deleted are our permission to read, {subscriptions}, {walls} and whatever photos came for them. The hub is told \
         that it is over, and no screen shows your walls any more. Nothing of it can be brought back."
    );
    let page = ConfirmPage {
        assets: assets::prefix(),
        who: &who,
        here: "account",
        title: "Forget me?",
        subject: &who.name,
        sentence: &sentence,
        action: "/account/forget",
        button: "Delete everything",
        back: "/account",
    };
    Ok(Html(page.render()?))
}

/// Deletes it, and ends the session.
pub async fn forget(
    State(state): State<AppState>,
    headers: HeaderMap,
    who: SignedIn,
    _: Posted<Pairs>,
) -> AppResult<Response> {
    let (subscriptions, walls) = stored(&state, &who).await?;
    // On its own: a browser that is closed meanwhile does not stop it half-way.
    let (subscriber, log, nsid) = (state.subscriber.clone(), state.delivery_log.clone(), who.nsid.clone());
    let forgetting = state.shutdown.tasks.spawn(async move {
        let untold = subscriber.forget(&nsid).await?;
        log.forget(&nsid).await?;
        Ok::<_, AppError>(untold)
    });
    let untold = forgetting.await.map_err(|cause| AppError::Internal(Box::new(cause)))??;
    tracing::info!(nsid = who.nsid, untold, "forgotten");
    let jar = session::end(&state, session::jar(&headers, &state.keys));
    let page = ForgottenPage { assets: assets::prefix(), subscriptions, walls, untold };
    Ok((jar, Html(page.render()?)).into_response())
}

/// How many subscriptions and walls they have, in words.
async fn stored(state: &AppState, who: &SignedIn) -> AppResult<(String, String)> {
    let subscriptions = state.store.subscriptions_of(&who.nsid).await?.len();
    let walls = state.store.walls_of(&who.nsid).await?.len();
    Ok((counted(subscriptions, "subscription"), counted(walls, "wall")))
}

fn counted(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}s"),
        1 => format!("one {noun}"),
        n => format!("{n} {noun}s"),
    }
}
