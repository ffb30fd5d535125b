//! Addresses that a document names: which of them a browser may be sent to.

use url::Url;

use super::ADDRESS;

/// An address that a browser may be sent to, http or https, normalised.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > ADDRESS {
        return None;
    }
    if is_normal(text) {
        return Some(text.to_owned());
    }
    let url = Url::parse(text).ok().filter(|it| matches!(it.scheme(), "http" | "https"))?;
    let address = String::from(url);
    (address.len() <= ADDRESS).then_some(address)
}

/// Whether `Url` would leave the text as it is, decided without it: almost all addresses in feeds are of this kind, and
/// `Url` would take a third of the time of reading a feed. It is strict, so `false` means only "ask `Url`".
fn is_normal(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let Some((host, path)) = rest.split_once('/') else {
        return false;
    };
    // A last label without digits is no IPv4 address, a double hyphen may be punycode. Path segments that begin with a
    // dot may be steps, and what is behind `?` and `#` has other rules.
    is_made_of(host, (b'-', b'-'), |it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
        && host.rsplit('.').next().is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase()))
        && !path.starts_with('.')
        && is_made_of(path, (b'/', b'.'), |it| it.is_ascii_alphanumeric() || b"/_-.@=".contains(&it))
}

/// Whether all bytes are allowed, and the forbidden two are nowhere next to each other.
fn is_made_of(text: &str, forbidden: (u8, u8), allowed: impl Fn(u8) -> bool) -> bool {
    let mut last = 0;
    text.bytes().all(|it| {
        let pair = std::mem::replace(&mut last, it);
        allowed(it) && (pair, it) != forbidden
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_web_addresses_pass() {
        for (text, expected) in [
            ("https://www.flickr.com/photos/12345678@N00/7/", Some("https://www.flickr.com/photos/12345678@N00/7/")),
            (" http://127.0.0.1:8081/a b.jpg ", Some("http://127.0.0.1:8081/a%20b.jpg")),
            ("HTTP://WWW.FLICKR.COM:80", Some("http://www.flickr.com/")),
            ("http://x/\"><script>", Some("http://x/%22%3E%3Cscript%3E")),
            ("javascript:alert(1)", None),
            ("data:image/png;base64,", None),
            ("ftp://x/", None),
            ("//x/y.jpg", None),
            ("/y.jpg", None),
            ("http://", None),
            ("", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
        assert_eq!(address(&format!("http://x/{}", "y".repeat(ADDRESS))), None);
    }

    proptest! {
        #[test]
        fn the_short_cut_says_what_url_says(text in "(https?://)?[a-z0-9.-]{0,12}(/[a-zA-Z0-9_.@=/:?-]{0,20})?") {
            if is_normal(&text) {
                prop_assert_eq!(Url::parse(&text).map(String::from), Ok(text));
            }
        }
    }
}
