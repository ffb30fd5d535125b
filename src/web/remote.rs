//! The remote: a page for a phone, and an address for home automation, that drive screens.
//!
//! Whoever has its link may: of an account it drives all screens of all its walls, of a link that `mint` printed those
//! of that one wall. [`order`] is what somebody wants, [`drive`] does it, [`reply`] tells it to people and programs.

pub mod drive;
pub mod link;
pub mod order;
pub mod page;
pub mod refusal;
pub mod reply;
pub mod scope;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use http_body_util::{BodyExt, Limited};

use crate::error::AppError;
use crate::state::AppState;
use crate::web::origin;
use order::Order;
use page::Overview;
use refusal::Refusal;
use reply::Wanted;
use scope::Scope;

/// The most bytes of an order.
const MAX_ORDER: usize = 8 * 1024;

/// Where it is.
pub fn routes() -> Router<AppState> {
    Router::new().route("/remote/{token}", get(show).post(act)).route("/remote/{token}/state", get(overview))
}

type InPath = Result<Path<String>, PathRejection>;

/// Shows the page.
pub async fn show(State(state): State<AppState>, token: InPath, RawQuery(query): RawQuery) -> Response {
    let wanted = Wanted::Page;
    let looked = async {
        let scope = Scope::open(&state, token).await?;
        Ok(reply::page(&Overview::of(&state, &scope).await?, reply::Notice::read(query.as_deref()))?)
    };
    looked.await.unwrap_or_else(|refusal: Refusal| reply::refuse(wanted, refusal, None))
}

/// What the page shows, for its script and other programs.
pub async fn overview(State(state): State<AppState>, token: InPath) -> Response {
    let looked = async {
        let scope = Scope::open(&state, token).await?;
        Ok(reply::json(&Overview::of(&state, &scope).await?))
    };
    looked.await.unwrap_or_else(|refusal: Refusal| reply::refuse(Wanted::Json, refusal, None))
}

/// Does what a form says, for people and programs.
pub async fn act(State(state): State<AppState>, token: InPath, headers: HeaderMap, body: Body) -> Response {
    let wanted = Wanted::of(headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()));
    // Said before the token is looked at: a page of another site learns nothing.
    if !origin::may_post(&headers, &state.site.public_url) {
        return reply::refuse(wanted, Refusal::from(AppError::ForeignOrigin), None);
    }
    let scope = match Scope::open(&state, token).await {
        Ok(scope) => scope,
        Err(refusal) => return reply::refuse(wanted, refusal, None),
    };
    let acted = async {
        let whole = Limited::new(body, MAX_ORDER).collect().await;
        let bytes =
            whole.map_err(|_| Refusal::bad(format!("an order is a form of at most {MAX_ORDER} bytes")))?.to_bytes();
        let order = Order::read(&bytes)?;
        drive::carry_out(&state, &scope, &order).await.map(|done| reply::done(wanted, &scope, &order, done))
    };
    match acted.await {
        Ok(response) => response,
        // A person stays on the page, and reads there what went wrong.
        Err(refusal) => {
            let overview = if wanted == Wanted::Page { Overview::of(&state, &scope).await.ok() } else { None };
            reply::refuse(wanted, refusal, overview)
        }
    }
}
