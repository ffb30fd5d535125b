//! Which pages may open a stream.

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
}
