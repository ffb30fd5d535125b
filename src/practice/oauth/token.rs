//! The two calls that applications make: request_token and access_token.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;

use super::encoding::{form, to_form};
use super::problem::OauthProblem;
use super::signed::Signed;
use super::{Office, plain, timely};
use crate::hub::faults::Fault;
use crate::hub::people;

/// `GET|POST /services/oauth/request_token`
pub(super) async fn request(
    State(office): State<Office>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthProblem> {
    let signed = collect(&office, &method, &uri, &headers, &body)?;
    if office.realm.faults.strike(Fault::ClockOff) {
        return Err(timely(office.realm.clock.now()));
    }
    let given = office.desk.wish(&signed, &office.realm.clock)?;
    let answer =
        [("oauth_callback_confirmed", "true"), ("oauth_token", &*given.token), ("oauth_token_secret", &*given.secret)];
    Ok(plain(StatusCode::OK, to_form(&answer)))
}

/// `GET|POST /services/oauth/access_token`
pub(super) async fn access(
    State(office): State<Office>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, OauthProblem> {
    let signed = collect(&office, &method, &uri, &headers, &body)?;
    let (given, nsid) = office.desk.exchange(&signed, &office.realm.clock)?;
    let name = people::find(nsid).map_or("", |person| person.name);
    let answer = [
        ("fullname", name),
        ("oauth_token", &*given.token),
        ("oauth_token_secret", &*given.secret),
        ("user_nsid", nsid),
        ("username", name),
    ];
    Ok(plain(StatusCode::OK, to_form(&answer)))
}

/// A body counts only when it is a form (RFC 5849 section 3.4.1.3.1).
fn collect(
    office: &Office,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Signed, OauthProblem> {
    let text = |name| headers.get(name).map(|it: &axum::http::HeaderValue| it.to_str().unwrap_or_default());
    let is_form = text(header::CONTENT_TYPE).is_some_and(|it| {
        it.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    });
    let body = if is_form { form(body) } else { Vec::new() };
    // Below a mount, axum has taken the mount's path off; the base has it.
    let path = uri.path_and_query().map_or("", |it| it.as_str());
    let url = format!("{}{path}", office.realm.base);
    Signed::collect(method.as_str(), &url, text(header::AUTHORIZATION), &body)
}
