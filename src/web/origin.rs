//! Which pages may open a stream, and whose forms are taken.

use axum::http::{HeaderMap, header};

use crate::config::PublicUrl;

/// Whether a request with these headers comes from a page of ours, or from no page at all.
///
/// Browsers send `Origin` with every WebSocket, and no cross-origin rule protects those. Ours is PUBLIC_URL's, or the
/// one of the very host that was asked: a wall that is opened by the machine's address works too. Whoever is no browser
/// sends none, and needs the token all the same.
pub fn is_ours(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url.origin() || (host.is_some() && origin_host == host)
}

/// Whether a form with these headers comes from a page of ours, as far as the browser says.
///
/// `Sec-Fetch-Site` (W3C Fetch Metadata, sent over https and on this machine) is the browser's own word and counts
/// first; `none` is a person who sends the form again. Older browsers, and addresses in a local network, have `Origin`.
/// With neither, the form's token alone must do.
pub fn may_post(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => is_ours(headers, public_url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_pages_and_programs_may_listen() {
        let public_url = "https://wall.example.org".parse().unwrap();
        let check = |origin: Option<&'static str>, host: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(is_ours(&headers, &public_url), expected, "{origin:?} at {host}");
        };
        check(None, "wall.example.org", true);
        check(Some("https://wall.example.org"), "10.0.0.7:8080", true);
        check(Some("http://10.0.0.7:8080"), "10.0.0.7:8080", true);
        check(Some("https://evil.example.org"), "wall.example.org", false);
        check(Some("https://wall.example.org.evil.example"), "wall.example.org", false);
        check(Some("null"), "wall.example.org", false);
    }
    #[test]
    fn a_form_is_taken_from_our_own_pages_only() {
        let public_url = "https://wall.example.org".parse().unwrap();
        let check = |site: Option<&'static str>, origin: Option<&'static str>, expected| {
            let mut headers = HeaderMap::new();
            let given = [("sec-fetch-site", site), ("origin", origin), ("host", Some("wall.example.org"))];
            for (name, value) in given.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                headers.insert(name, HeaderValue::from_static(value));
            }
            assert_eq!(may_post(&headers, &public_url), expected, "{site:?} {origin:?}");
        };
        check(Some("same-origin"), Some("null"), true);
        check(Some("none"), None, true);
        check(Some("same-site"), Some("https://evil.example.org"), false);
        check(Some("cross-site"), None, false);
        check(None, Some("https://wall.example.org"), true);
        check(None, Some("https://evil.example"), false);
        check(None, Some("null"), false);
        check(None, None, true);
    }
}
