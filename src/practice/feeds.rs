//! The practice Flickr's keyless feeds, `/services/feeds/{name}.gne`: public photos only, the newest 20.
//!
//! In the forms that real documents of these addresses have: Atom (which names no image but the enclosure and the one in
//! its content), RSS 2.0 and JSON. No `groups_pool`: this Flickr has no groups.

mod document;
mod selection;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use sha2::{Digest as _, Sha256};

use crate::practice::realm::Realm;
use document::Format;
pub use selection::Missing;
use selection::Selection;

/// The feeds.
pub fn router() -> Router<Realm> {
    Router::new().route("/services/feeds/{file}", get(feed))
}

/// A feed, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is written in.
    pub content_type: &'static str,
    /// All of it.
    pub body: String,
    /// When the photo that changed last changed.
    pub modified: Timestamp,
}

/// The feed of this name, `photos_public.gne`, with these arguments.
///
/// # Errors
/// When there is no such feed, format or person.
pub fn document(realm: &Realm, file: &str, arguments: &[(String, String)]) -> Result<Document, Missing> {
    // Flickr is PHP underneath: of what is given twice the last counts.
    let find = |name: &str| arguments.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.trim());
    let get = |name: &str| find(name).filter(|it| !it.is_empty());
    let format = Format::of(get("format")).ok_or(Missing::Format)?;
    let selection = Selection::choose(realm, file, &get)?;
    Ok(selection.write(format, get("nojsoncallback") == Some("1"), get("georss").is_some()))
}

async fn feed(
    State(realm): State<Realm>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let arguments: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let document = match document(&realm, &file, &arguments) {
        Ok(document) => document,
        Err(missing) => {
            let status = if missing == Missing::Format { StatusCode::BAD_REQUEST } else { StatusCode::NOT_FOUND };
            return (status, format!("{missing}\n")).into_response();
        }
    };
    let tag: String = Sha256::digest(&document.body).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    // RFC 9110, 5.6.7.
    let modified = document.modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let validators = [(ETAG, tag.clone()), (LAST_MODIFIED, modified)];
    if is_known(&headers, &tag, document.modified) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    (validators, [(CONTENT_TYPE, document.content_type)], document.body).into_response()
}

/// Whether who asks has this version already (RFC 9110, 13.2.2: the date counts only when no tag is given).
fn is_known(headers: &HeaderMap, tag: &str, modified: Timestamp) -> bool {
    let header = |name| headers.get(name).and_then(|it| it.to_str().ok());
    if let Some(tags) = header(IF_NONE_MATCH) {
        return tags.split(',').any(|it| it.trim().trim_start_matches("W/") == tag || it.trim() == "*");
    }
    let since = header(IF_MODIFIED_SINCE).and_then(|it| rfc2822::parse(it).ok());
    since.is_some_and(|it| modified.as_second() <= it.timestamp().as_second())
}
