//! Pages with forms: what they may load, and whose forms are accepted.

use askama::Template;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// Pictures from this host, a style inside, no script. A form may lead anywhere, since browsers hold this against the
/// redirect to an application's callback too, and that may be at any address.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' http: https:; frame-ancestors 'none'",
);

/// With `no-referrer` a browser would hide the origin from our own forms too.
const REFERRER: (HeaderName, &str) = (header::REFERRER_POLICY, "same-origin");

/// What such a page is answered with. It shows what is so now, and is never kept.
pub(super) fn page(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [POLICY, REFERRER, (header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "practice Flickr: a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Whether a form with these headers was sent from a page of ours at `base`, or by no browser at all.
///
/// `Sec-Fetch-Site` says it outright where it is sent (Fetch Metadata; https and this machine only). Elsewhere `Origin`
/// must be that of `base`, or of the very host that was asked. A program sends neither.
pub(super) fn is_ours(headers: &HeaderMap, base: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|it| it.to_str().unwrap_or("unreadable"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(header::ORIGIN) else {
        return true;
    };
    let after = |address: &str| address.split_once("://").map(|(_, rest)| rest.to_owned());
    let base_origin = after(base).and_then(|rest| Some(rest.split('/').next()?.to_owned()));
    let host = text(header::HOST).map(str::to_owned);
    after(origin).is_some_and(|from| Some(&from) == base_origin.as_ref() || Some(&from) == host.as_ref())
}

/// The path in front of all addresses of the practice Flickr at `base`: nothing, or `/practice`.
pub(super) fn prefix(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.find('/').map_or("", |at| rest.get(at..).unwrap_or_default())
}

/// The path of its first page: `/`, or `/practice`.
pub(super) fn home(base: &str) -> &str {
    Some(prefix(base)).filter(|it| !it.is_empty()).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_forms_of_our_own_pages_and_of_programs_are_accepted() {
        let check = |sent: &[(&'static str, &'static str)], expected| {
            let headers: HeaderMap = sent
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(is_ours(&headers, "http://flickr.test:8081/practice"), expected, "{sent:?}");
        };
        check(&[], true);
        check(&[("origin", "http://flickr.test:8081")], true);
        check(&[("origin", "http://10.0.0.7:8081"), ("host", "10.0.0.7:8081")], true);
        check(&[("origin", "http://evil.test"), ("host", "10.0.0.7:8081")], false);
        check(&[("origin", "http://flickr.test:8081.evil.test")], false);
        check(&[("origin", "null")], false);
        check(&[("sec-fetch-site", "same-origin"), ("origin", "null")], true);
        check(&[("sec-fetch-site", "none")], true);
        check(&[("sec-fetch-site", "same-site"), ("origin", "http://flickr.test:8081")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
    }

    #[test]
    fn the_prefix_is_the_path_of_the_base() {
        let both = |base| (prefix(base), home(base));
        assert_eq!(both("http://localhost:8081"), ("", "/"));
        assert_eq!(both("http://localhost:8080/practice"), ("/practice", "/practice"));
    }
}
