//! `/topics/{name}`: a topic as an Atom feed of its newest entries.
//!
//! It answers who looks for the hub (WebSub section 4: in `Link` headers and in the feed), and who would rather ask now and
//! then than be told. It shows what the hub has heard of lately; to ask makes nobody look for more.

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LINK};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::hub::public::{PublicHub, needs_account, topic_url};
use crate::topic::Kind;

/// Sends the feed. 404: no such topic. 400: an argument is missing or wrong. 403: it belongs to an account.
pub async fn feed(State(hub): State<PublicHub>, Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some(kind) = Kind::of(&name) else {
        let names: Vec<_> = Kind::ALL.into_iter().filter(|it| !needs_account(*it)).map(Kind::name).collect();
        return (StatusCode::NOT_FOUND, format!("no such topic; there are {}\n", names.join(", "))).into_response();
    };
    if needs_account(kind) {
        return (StatusCode::FORBIDDEN, "this topic belongs to an account, and is not for everybody\n").into_response();
    }
    let topic = match topic_url::of(&name, query.as_deref().unwrap_or_default()) {
        Ok(topic) => topic,
        Err(bad) => return (StatusCode::BAD_REQUEST, format!("{bad}\n")).into_response(),
    };
    let links = format!("<{}>; rel=\"hub\", <{}>; rel=\"self\"", hub.address(), hub.topic_address(&topic));
    let headers = [(CONTENT_TYPE, "application/atom+xml; charset=utf-8"), (CACHE_CONTROL, "max-age=30")];
    let mut response = (headers, hub.feed(topic)).into_response();
    response.headers_mut().extend(HeaderValue::from_str(&links).ok().map(|it| (LINK, it)));
    response
}
