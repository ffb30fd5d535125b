//! Connecting a test account: signing in at Flickr for permission to write, which is asked for only here. It makes no
//! session and no account: whoever allows it is known to the fave test alone.

use std::time::Duration;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::Cookie;
use url::Url;

use super::owner;
use crate::assets;
use crate::config::Secret;
use crate::error::{AppError, AppResult};
use crate::flickr::{Perms, RequestToken, Token, permission};
use crate::state::AppState;
use crate::store::TestAccount;
use crate::web::debug::{Form, Viewer};
use crate::web::session;
use crate::web::signin::{OnwardPage, failed, shown_name};

const COOKIE: &str = "test_account";
/// How long somebody may think it over at Flickr.
const VALID: Duration = Duration::from_secs(15 * 60);

/// Leads to Flickr's page, which asks for `write`.
pub(super) async fn begin(State(state): State<AppState>, headers: HeaderMap, _: Form) -> AppResult<Response> {
    let flickr = state.flickr.as_ref().ok_or(AppError::NoFlickr)?;
    let back = state.site.public_url.join("/debug/fave/done");
    let back: Url = back.parse().map_err(|cause: url::ParseError| AppError::Internal(Box::new(cause)))?;
    let token = flickr.request_token(&back).await.map_err(|it| failed(it, &state.site))?;
    let href = flickr.authorize_url(&token, Perms::Write);
    let value = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", &token.token)
        .append_pair("secret", token.secret.reveal())
        .finish();
    let jar = session::jar(&headers, &state.keys).add(session::cookie(COOKIE, value, VALID, &state.site));
    Ok((jar, Html(OnwardPage { assets: assets::prefix(), href: href.as_str() }.render()?)).into_response())
}

/// Flickr sent them back: the permission is kept, apart from those of accounts.
pub(super) async fn done(
    State(state): State<AppState>,
    viewer: Viewer,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> AppResult<Response> {
    let query = query.unwrap_or_default();
    let find = |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value);
    let jar = session::jar(&headers, &state.keys);
    let pending = jar.get(&session::cookie_name(COOKIE, &state.site)).and_then(|it| read(&it));
    let token = pending.ok_or(AppError::ForeignSignIn)?;
    if find("oauth_token").is_none_or(|it| it != token.token) {
        return Err(AppError::ForeignSignIn);
    }
    let verifier = find("oauth_verifier").filter(|it| !it.is_empty()).ok_or(AppError::NotAllowed)?;
    let flickr = state.flickr.as_ref().ok_or(AppError::NoFlickr)?;
    let access = flickr.access_token(&token, &verifier).await.map_err(|it| failed(it, &state.site))?;
    let sealed = permission::seal_for(&state.keys, &state.clock, &holder(&access.nsid), &access.token)?;
    let account = TestAccount { name: shown_name(&access), nsid: access.nsid, token: sealed };
    state.store.record_test_account(owner(&viewer.scope), account).await?;
    let jar = jar.remove(session::cookie(COOKIE, String::new(), Duration::ZERO, &state.site));
    Ok((jar, Redirect::to("/debug/fave")).into_response())
}

/// Forgets it.
pub(super) async fn forget(State(state): State<AppState>, form: Form) -> AppResult<Redirect> {
    state.store.forget_test_account(owner(&form.viewer.scope)).await?;
    Ok(Redirect::to("/debug/fave"))
}

/// Its token; `None` when it was stored with another SECRET_KEY.
pub(super) fn open(state: &AppState, account: &TestAccount) -> Option<Token> {
    permission::open(&state.keys, &holder(&account.nsid), &account.token)
}

/// What it is encrypted under, so that it is never taken for the permission of an account.
fn holder(nsid: &str) -> String {
    format!("test account {nsid}")
}

fn read(cookie: &Cookie<'_>) -> Option<RequestToken> {
    let find = |name: &str| form_urlencoded::parse(cookie.value().as_bytes()).find(|(it, _)| it == name);
    let field = |name| find(name).map(|(_, value)| value.into_owned());
    Some(RequestToken { token: field("token")?, secret: Secret::new(field("secret")?) })
}
