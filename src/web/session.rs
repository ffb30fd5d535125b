//! Who is signed in: a session in an encrypted cookie, and forms that come from it.
//!
//! The cookie holds the account's id, a random session id and the time of issue, encrypted (AES-256-GCM, bound to the
//! cookie's name). Nothing of a session is kept here, so that it survives a restart; what may end it early is looked up
//! each time: the account, which may have been forgotten, and ALLOWED_USERS.

pub(super) mod form;
#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::cookie::{Cookie, Key, PrivateCookieJar, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha512};

use crate::clock::NoRandomness;
use crate::error::AppError;
use crate::signing::Keys;
use crate::state::{AppState, Site};
use crate::store::Account;
pub use form::{MAX_FORM, Pairs, Posted};

/// How long a session is valid after its cookie was issued.
pub const VALID: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a session goes on at most, however often it is used.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(365 * 24);
/// A cookie that is older is issued anew when it is used.
pub const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who is signed in. As an extractor it sends a stranger who asks for a page to the front page, which leads
/// back after they signed in, and answers a stranger's form with [`AppError::SignInFirst`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Flickr's id of the account.
    pub nsid: String,
    /// The name that they show.
    pub name: String,
    /// What every form carries in its hidden field `form`.
    pub form_token: String,
    /// Whether we may still act for them: `false` since Flickr said that our permission is no longer valid. Signing in
    /// again brings a new one.
    pub permitted: bool,
    /// When they last signed in.
    pub since: Timestamp,
}

/// What the cookie says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Session {
    nsid: String,
    id: String,
    /// When they signed in. It is never renewed, so that a cookie that was copied ends some day.
    begun_at: Timestamp,
    issued_at: Timestamp,
}

impl Session {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (nsid, id) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let mut moment = || Timestamp::from_second(parts.next()?.parse().ok()?).ok();
        Some(Self { nsid, id, begun_at: moment()?, issued_at: moment()? })
    }

    fn write(&self) -> String {
        format!("{} {} {} {}", self.nsid, self.id, self.begun_at.as_second(), self.issued_at.as_second())
    }

    /// The session of a request's cookie, when it is ours and not too old. One from the future is not: somebody set the
    /// clock back, and nobody could say when it ends.
    fn of(headers: &HeaderMap, state: &AppState) -> Option<Self> {
        let cookie = jar(headers, &state.keys).get(&cookie_name("session", &state.site))?;
        let session = Self::read(cookie.value())?;
        let age = state.clock.now().duration_since(session.issued_at);
        let whole = state.clock.now().duration_since(session.begun_at);
        (age < VALID && whole < LONGEST && age > -SignedDuration::from_mins(5)).then_some(session)
    }
}

/// The encrypted cookies of a request.
pub(super) fn jar(headers: &HeaderMap, keys: &Keys) -> PrivateCookieJar {
    // The library wants 64 bytes; ours are 32 that nobody can guess.
    PrivateCookieJar::from_headers(headers, Key::from(&Sha512::digest(keys.cookie_key())))
}

/// The name of a cookie. Under `__Host-` (RFC 6265bis section 4.1.3.2) browsers take it from this very host over https
/// only, so that no neighbour on the same domain can plant one.
pub(super) fn cookie_name(name: &str, site: &Site) -> String {
    if is_https(site) { format!("__Host-{name}") } else { name.to_owned() }
}

/// A cookie of ours: no script reads it, and no other site's form sends it.
pub(super) fn cookie(name: &str, value: String, lasts: Duration, site: &Site) -> Cookie<'static> {
    Cookie::build((cookie_name(name, site), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https(site))
        .max_age(lasts.try_into().unwrap_or_default())
        .build()
}

fn is_https(site: &Site) -> bool {
    site.public_url.origin().starts_with("https:")
}

/// Begins a session of `nsid` in this jar.
///
/// # Errors
/// When there is no randomness for its id.
pub fn begin(state: &AppState, jar: PrivateCookieJar, nsid: &str) -> Result<PrivateCookieJar, NoRandomness> {
    let id = URL_SAFE_NO_PAD.encode(state.clock.random::<16>()?);
    let now = state.clock.now();
    let session = Session { nsid: nsid.to_owned(), id, begun_at: now, issued_at: now };
    Ok(jar.add(session_cookie(&session, &state.site)))
}

/// Ends the session in this jar.
pub fn end(state: &AppState, jar: PrivateCookieJar) -> PrivateCookieJar {
    jar.remove(cookie("session", String::new(), Duration::ZERO, &state.site))
}

fn session_cookie(session: &Session, site: &Site) -> Cookie<'static> {
    cookie("session", session.write(), VALID.unsigned_abs(), site)
}

/// The layer around all pages that know who asks: no cache keeps them, and a session that is used goes on.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    // What is one line for a hub is a page for a person.
    let one_line =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/plain"));
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && one_line {
        response = AppError::NotJustNow.into_response();
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let now = state.clock.now();
    let is_old = |session: &Session| now.duration_since(session.issued_at) > RENEWED_AFTER;
    let may_renew = response.status().is_success() && !response.headers().contains_key(header::SET_COOKIE);
    // Asked only when a cookie is due: of somebody who was forgotten, it must not be renewed.
    if may_renew
        && let Some(session) = Session::of(&headers, &state).filter(is_old)
        && let Ok(Some(_)) = who(&headers, &state).await
    {
        let renewed = session_cookie(&Session { issued_at: now, ..session }, &state.site);
        return (jar(&headers, &state.keys).add(renewed), response).into_response();
    }
    response
}

pub(super) async fn who(headers: &HeaderMap, state: &AppState) -> Result<Option<SignedIn>, AppError> {
    let Some(Session { nsid, id, begun_at, .. }) = Session::of(headers, state) else {
        return Ok(None);
    };
    if !may_sign_in(&nsid, &state.site) {
        return Ok(None);
    }
    // Who was forgotten and came back has new sessions only; the cookie counts whole seconds.
    let is_older = |account: &Account| begun_at.as_second() < account.since.as_second();
    let Some(account) = state.store.account(&nsid).await?.filter(|it| !is_older(it)) else {
        return Ok(None);
    };
    let form_token = state.keys.form_token(&id);
    let (permitted, since) = (account.token.is_some(), account.signed_in_at);
    Ok(Some(SignedIn { nsid, name: account.name, form_token, permitted, since }))
}

/// Whether ALLOWED_USERS lets this account in.
pub(super) fn may_sign_in(nsid: &str, site: &Site) -> bool {
    site.allowed_users.is_empty() || site.allowed_users.iter().any(|it| it == nsid)
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match who(&parts.headers, state).await {
            Ok(Some(signed_in)) => Ok(signed_in),
            Ok(None) if parts.method == Method::GET || parts.method == Method::HEAD => {
                let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
                let next = form_urlencoded::Serializer::new(String::new()).append_pair("next", path).finish();
                Err(Redirect::to(&format!("/?{next}")).into_response())
            }
            Ok(None) => Err(AppError::SignInFirst.into_response()),
            Err(error) => Err(error.into_response()),
        }
    }
}

/// For pages that strangers may see too.
impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, AppError> {
        who(&parts.headers, state).await
    }
}
