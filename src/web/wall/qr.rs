//! QR codes of a wall: to the page of a photo that it shows, and to the wall itself with its settings.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse;
use url::Url;

use crate::error::{AppError, AppResult};
use crate::qr;
use crate::settings::Settings;
use crate::state::AppState;
use crate::web::wall::{self, InPath};

/// Bytes of the longest address of a photo's page that is drawn: a finer code could not be read from across a room.
const LONGEST_PAGE: usize = 500;
/// The same address is the same picture, and who may see it may keep it.
const KEPT: &str = "private, max-age=86400";

/// The code of `page=`, or of the wall itself with the settings that the query says.
pub async fn show(
    State(state): State<AppState>,
    link: InPath,
    RawQuery(query): RawQuery,
) -> AppResult<impl IntoResponse> {
    let wall = wall::find(&state, &link.map(|Path(it)| it).unwrap_or_default()).await?;
    let query = query.unwrap_or_default();
    let page = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page");
    let svg = match page {
        Some((_, page)) => qr::svg(page_of_a_photo(&page)?.as_str(), "QR code of the photo's page"),
        None => qr::svg(&wall.address(&state, &Settings::read(&query).0), "QR code of this wall"),
    };
    let svg = svg.map_err(|cause| AppError::BadQr(cause.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, KEPT)], svg))
}

/// A web address, as it stands in a feed.
fn page_of_a_photo(text: &str) -> AppResult<Url> {
    let refused = |sentence: String| Err(AppError::BadQr(sentence));
    match Url::parse(text) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            refused(format!("page is an address of {}: expected one of http or https", url.scheme()))
        }
        Ok(url) if url.as_str().len() > LONGEST_PAGE => {
            refused(format!("page has {} bytes: expected at most {LONGEST_PAGE}", url.as_str().len()))
        }
        Ok(url) => Ok(url),
        Err(cause) => {
            refused(format!("page is no web address ({cause}): expected one such as https://www.flickr.com/photos/…"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_drawn() {
        let read = |text: &str| page_of_a_photo(text).map(String::from).map_err(|it| it.sentence());
        let page = "https://www.flickr.com/photos/joi/8436466166/";
        assert_eq!(read(page), Ok(page.to_owned()));
        assert_eq!(read("http://localhost:8081/photos/1@N01/7/").unwrap(), "http://localhost:8081/photos/1@N01/7/");
        assert_eq!(
            read("javascript:alert(1)").unwrap_err(),
            "page is an address of javascript: expected one of http or https"
        );
        let nothing = "page is no web address (relative URL without a base): expected one such as https://www.flickr.com/photos/…";
        assert_eq!(read(""), Err(nothing.into()));
        assert_eq!(read("flickr.com/photos"), Err(nothing.into()));
        let long = format!("{page}{}", "x".repeat(500));
        assert_eq!(read(&long).unwrap_err(), format!("page has {} bytes: expected at most 500", long.len()));
    }
}
