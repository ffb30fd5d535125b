//! What somebody has subscribed, how each stands, and what they may do about it.

mod bridge;
pub mod card;
mod why;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::state::AppState;
use crate::store::Subscription;
use crate::web::confirm::ConfirmPage;
use crate::web::remote::link::RemoteLink;
use crate::web::session::{Pairs, Posted, SignedIn};
use crate::web::{naming, notice};
use card::Card;
use why::Surroundings;

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct SubscriptionsPage<'a> {
    assets: String,
    who: &'a SignedIn,
    here: &'a str,
    notice: Option<&'a str>,
    cards: Vec<Card>,
    remote: RemoteLink,
    /// What the bridge's calls cost.
    budget: Option<String>,
    longest_label: usize,
}

/// The label that somebody typed.
#[derive(Debug, Deserialize)]
pub struct Named {
    label: String,
}

/// All of them.
pub async fn list(State(state): State<AppState>, who: SignedIn, RawQuery(query): RawQuery) -> AppResult<Html<String>> {
    let around = Surroundings::of(&state);
    let tally = state.subscriber.tally();
    let subscriptions = state.store.subscriptions_of(&who.nsid).await?;
    let card = |it: &Subscription| {
        Card::new(it, tally.waiting(&it.event), &around).with_bridge(it, state.bridge.served(&it.event), around.now)
    };
    let page = SubscriptionsPage {
        assets: assets::prefix(),
        who: &who,
        here: "subscriptions",
        notice: notice::read(query.as_deref()),
        cards: subscriptions.iter().map(card).collect(),
        remote: RemoteLink::of(&state, &who).await?,
        budget: bridge::budget(&state.bridge.facts()),
        longest_label: naming::MAX_LEN,
    };
    Ok(Html(page.render()?))
}

type InPath = Result<Path<String>, PathRejection>;

/// Asks whether it shall end.
pub async fn ask_end(State(state): State<AppState>, who: SignedIn, event: InPath) -> AppResult<Html<String>> {
    let subscription = theirs(&state, &who, event).await?;
    let page = ConfirmPage {
        assets: assets::prefix(),
        who: &who,
        here: "subscriptions",
        title: "Unsubscribe?",
        subject: &card::name(&subscription),
        sentence: "The hub is told to send no more of them, and your walls show what is new of them no longer. You can \
                   subscribe again at any time.",
        action: &format!("/subscriptions/{}/end", subscription.event),
        button: "Unsubscribe",
        back: "/subscriptions",
    };
    Ok(Html(page.render()?))
}

/// Ends it.
pub async fn end(State(state): State<AppState>, who: SignedIn, event: InPath, _: Posted<Pairs>) -> AppResult<Redirect> {
    let subscription = theirs(&state, &who, event).await?;
    state.subscriber.end(&subscription.event).await?;
    Ok(Redirect::to("/subscriptions?done=ended"))
}

/// Asks the hub for it again.
pub async fn renew(
    State(state): State<AppState>,
    who: SignedIn,
    event: InPath,
    _: Posted<Pairs>,
) -> AppResult<Redirect> {
    let subscription = theirs(&state, &who, event).await?;
    state.subscriber.renew(&subscription.event).await?;
    Ok(Redirect::to("/subscriptions?done=renewed"))
}

/// Calls it something else.
pub async fn name(
    State(state): State<AppState>,
    who: SignedIn,
    event: InPath,
    Posted(Named { label }): Posted<Named>,
) -> AppResult<Redirect> {
    let subscription = theirs(&state, &who, event).await?;
    state.store.record_label(&subscription.event, &naming::label(&label)?).await?;
    Ok(Redirect::to("/subscriptions?done=named"))
}

/// The subscription of this event name when it is theirs. One of somebody else looks like one that is not there.
async fn theirs(state: &AppState, who: &SignedIn, event: InPath) -> AppResult<Subscription> {
    let event: Option<EventName> = event.ok().and_then(|Path(it)| it.parse().ok());
    let event = event.ok_or(AppError::NoSuchSubscription)?;
    let found = state.store.subscription(&event).await?;
    found.filter(|it| it.account == who.nsid).ok_or(AppError::NoSuchSubscription)
}
