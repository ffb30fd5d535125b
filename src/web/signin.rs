//! Signing in with Flickr (OAuth 1.0a, RFC 5849 section 2), and signing out.

mod pending;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use url::Url;

use crate::assets;
use crate::error::{AppError, AppResult};
use crate::flickr::{Access, FlickrError, Perms};
use crate::state::{AppState, Site};
use crate::store::Account;
use crate::subscriber::permission;
use crate::web::local_path::LocalPath;
use crate::web::origin;
use crate::web::session::{self, Pairs, Posted, SignedIn};
use pending::Pending;

/// The most characters of a name that are kept.
const MAX_NAME: usize = 100;

/// The way from our page to Flickr's. It is a page that goes on by itself, and no redirect: Chromium holds the answer to
/// a form to the policy of the page that sent it, and `form-action 'self'` allows no other host.
#[derive(Template)]
#[template(path = "onward.html")]
pub(super) struct OnwardPage<'a> {
    pub(super) assets: String,
    pub(super) href: &'a str,
}

/// Begins: asks Flickr for a request token, remembers it in a cookie, and leads to Flickr's page.
///
/// There is no session yet, so there is no form token either. That the browser says where the form comes from is
/// enough: whoever got around it would have begun a sign-in that its person must still allow, at Flickr and as
/// themselves, and that only their own browser can finish.
pub async fn begin(
    State(state): State<AppState>,
    headers: HeaderMap,
    form: Result<Form<Pairs>, FormRejection>,
) -> AppResult<Response> {
    let site = &state.site;
    if !origin::may_post(&headers, &site.public_url) {
        return Err(AppError::StaleForm);
    }
    let from = headers.get(header::ORIGIN);
    if from.is_some_and(|it| it != site.public_url.origin()) {
        // Flickr will send them back to PUBLIC_URL, where a cookie of this address is not known.
        return Err(AppError::SignInAt(site.public_url.join("/")));
    }
    let flickr = state.flickr.as_ref().ok_or(AppError::NoFlickr)?;
    let next = form.ok().and_then(|Form(fields)| LocalPath::read(fields.first("next")?)).unwrap_or_default();
    let back = site.public_url.join("/signin/done");
    let back: Url = back.parse().map_err(|cause: url::ParseError| AppError::Internal(Box::new(cause)))?;
    let token = flickr.request_token(&back).await.map_err(|it| failed(it, site))?;
    let href = flickr.authorize_url(&token, Perms::Read);
    let jar =
        session::jar(&headers, &state.keys).add(Pending { token, next, begun_at: state.clock.now() }.cookie(site));
    Ok((jar, Html(OnwardPage { assets: assets::prefix(), href: href.as_str() }.render()?)).into_response())
}

/// Ends: Flickr sent them back. Whatever comes of it, the cookie of the request token is used up; but not by a link that
/// brings another one, which anybody can make.
pub async fn done(State(state): State<AppState>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let jar = session::jar(&headers, &state.keys);
    let pending = Pending::of(&jar, &state);
    let query = query.unwrap_or_default();
    let brought = form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == "oauth_token").map(|(_, token)| token);
    let is_foreign = brought.is_some_and(|it| pending.as_ref().is_some_and(|pending| pending.token.token != it));
    let jar = if is_foreign { jar } else { Pending::removed_from(jar, &state.site) };
    let finished = match finish(&state, pending, &query).await {
        Ok((nsid, next)) => match session::begin(&state, jar.clone(), &nsid) {
            Ok(jar) => return (jar, Redirect::to(next.as_str())).into_response(),
            Err(cause) => AppError::from(cause),
        },
        Err(refused) => refused,
    };
    (jar, finished).into_response()
}

async fn finish(state: &AppState, pending: Option<Pending>, query: &str) -> AppResult<(String, LocalPath)> {
    let find = |name| form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name).map(|(_, value)| value);
    let Pending { token, next, .. } = pending.ok_or(AppError::ForeignSignIn)?;
    // Without this a link could sign somebody in as somebody else, who then reads along.
    if find("oauth_token").is_some_and(|it| it != token.token) {
        return Err(AppError::ForeignSignIn);
    }
    let verifier = find("oauth_verifier").filter(|it| !it.is_empty()).ok_or(AppError::NotAllowed)?;
    if find("oauth_token").is_none() {
        return Err(AppError::ForeignSignIn);
    }
    let flickr = state.flickr.as_ref().ok_or(AppError::NoFlickr)?;
    let access = flickr.access_token(&token, &verifier).await.map_err(|it| failed(it, &state.site))?;
    Ok((welcome(state, access).await?, next))
}

/// Takes in whom Flickr vouches for; the answer is their id.
async fn welcome(state: &AppState, access: Access) -> AppResult<String> {
    if !session::may_sign_in(&access.nsid, &state.site) {
        tracing::info!(nsid = access.nsid, "not among ALLOWED_USERS");
        return Err(AppError::NotInvited(access.nsid));
    }
    let sealed = permission::seal(&state.keys, &state.clock, &access)?;
    let (name, nsid) = (shown_name(&access), access.nsid);
    let now = state.clock.now();
    let account = Account { nsid: nsid.clone(), name, token: Some(sealed), since: now, signed_in_at: now };
    state.store.record_account(account).await?;
    state.subscriber.wake(&nsid).await?;
    tracing::info!(nsid, "signed in");
    Ok(nsid)
}

/// Signs out. Who is not signed in has what they wanted.
pub async fn out(
    State(state): State<AppState>,
    headers: HeaderMap,
    who: Option<SignedIn>,
    posted: Result<Posted<Pairs>, AppError>,
) -> AppResult<Response> {
    if who.is_some() {
        posted?;
    }
    let jar = session::end(&state, session::jar(&headers, &state.keys));
    Ok((jar, Redirect::to("/")).into_response())
}

pub(super) fn shown_name(access: &Access) -> String {
    let name = [&access.fullname, &access.username].into_iter().map(|it| it.trim()).find(|it| !it.is_empty());
    name.unwrap_or(&access.nsid).chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

pub(super) fn failed(cause: FlickrError, site: &Site) -> AppError {
    AppError::Flickr { sentence: cause.sentence(site.public_url.origin()), cause }
}
