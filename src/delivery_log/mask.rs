//! What of a request may be kept: everything but its secrets, of which two characters stay.
//!
//! Secrets are the MAC of a callback, verify tokens and the like wherever they stand, and headers that carry credentials. A proxy
//! may repeat the address in a header of its own (`X-Original-URI`), so a secret of the address is masked there too.

use std::borrow::Cow;

use hyper::HeaderMap;
use percent_encoding::percent_decode_str;

/// What the names of parameters have in them whose values are secrets.
const PARAMETERS: &[&str] = &["token", "secret", "key", "signature", "password", "auth"];
/// The same of headers: credentials, and what proxies that sign people in pass on.
const HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "token",
    "secret",
    "api-key",
    "apikey",
    "password",
    "jwt",
    "oidc",
    "assertion",
    "credential",
];
/// What separates the parts of an address, wherever somebody puts it: encoded, in the path, or twice.
const BETWEEN: &[char] = &['/', '&', ';', '?', '%', '='];
/// A part after a dot that has so many characters may be a MAC, though it is not the last.
const LONG: usize = 16;
/// The most bytes of a header's value that are kept, and of an address.
const LONGEST: usize = 4 * 1024;

/// The beginning of a secret: enough to tell one from another, and nothing to use.
#[must_use]
pub fn hint(secret: &str) -> String {
    let shown = if secret.chars().count() > 4 { 2 } else { 0 };
    secret.chars().take(shown).chain(['…']).collect()
}

/// An address with its secrets masked, and these secrets as they stood there. Of an address that is not as it should be,
/// rather too much is masked.
///
/// `opened` says that the callback is one of ours: its last part is then a secret even if it has no MAC after a dot, since
/// a program may map callbacks in its own way.
#[must_use]
pub fn address(path_and_query: &str, opened: bool) -> (String, Vec<String>) {
    let (path, query) =
        path_and_query.split_once('?').map_or((path_and_query, None), |(path, query)| (path, Some(query)));
    let mut secrets = Vec::new();
    let opens = opened && query.is_none_or(|it| !it.contains("sub="));
    let mut masked = path_masked(path, opens, &mut secrets);
    for (n, pair) in query.into_iter().flat_map(|it| it.split_inclusive(['&', ';'])).enumerate() {
        if n == 0 {
            masked.push('?');
        }
        let (pair, end) = pair.strip_suffix(['&', ';']).map_or((pair, ""), |it| (it, &pair[it.len()..]));
        match pair.split_once('=') {
            Some((name, value)) => {
                masked.push_str(&long_masked(name, &mut secrets));
                masked.push('=');
                masked.push_str(&value_masked(name, value, opened, &mut secrets));
            }
            None => masked.push_str(&parts_masked(pair, &mut secrets)),
        }
        masked.push_str(end);
    }
    (clip(&without(&masked, &secrets)), secrets)
}

fn path_masked(path: &str, opened: bool, secrets: &mut Vec<String>) -> String {
    let last = path.trim_end_matches('/').rsplit_once('/').map_or(0, |(before, _)| before.len() + 1);
    let (before, rest) = path.split_at(last);
    let name = rest.trim_end_matches('/');
    if opened && !name.is_empty() && !name.contains('.') {
        return parts_masked(before, secrets) + &keep(name, secrets) + &rest[name.len()..];
    }
    parts_masked(before, secrets) + &parts_masked(rest, secrets)
}

fn value_masked(name: &str, value: &str, opened: bool, secrets: &mut Vec<String>) -> String {
    let name = percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    if value.is_empty() || name.ends_with("challenge") {
        return value.to_owned();
    }
    if PARAMETERS.iter().any(|it| name.contains(it)) || (opened && name == "sub" && !value.contains('.')) {
        return keep(value, secrets);
    }
    // Flickr's and WebSub's topics have names with dots; what is as long as a MAC is taken for one.
    if name == "sub" { parts_masked(value, secrets) } else { long_masked(value, secrets) }
}

/// Text with the last part after a dot masked in each of its parts, `{name}.{MAC}`, and all that follows an `=`.
fn parts_masked(text: &str, secrets: &mut Vec<String>) -> String {
    let (mut masked, mut is_value) = (String::new(), false);
    for part in text.split_inclusive(BETWEEN) {
        let (part, end) = part.strip_suffix(BETWEEN).map_or((part, ""), |it| (it, &part[it.len()..]));
        let part = if is_value && !part.is_empty() { keep(part, secrets) } else { dots_masked(part, 1, secrets) };
        masked.push_str(&part);
        masked.push_str(end);
        is_value = end == "=";
    }
    masked
}

/// Text in which what is as long as a MAC, after a dot, is masked.
fn long_masked(text: &str, secrets: &mut Vec<String>) -> String {
    let parts = text.split_inclusive(BETWEEN).map(|part| {
        let (part, end) = part.strip_suffix(BETWEEN).map_or((part, ""), |it| (it, &part[it.len()..]));
        dots_masked(part, LONG, secrets) + end
    });
    parts.collect()
}

/// One part: after its first dot, the last piece that has `least` characters or more, and all others that are long.
fn dots_masked(part: &str, least: usize, secrets: &mut Vec<String>) -> String {
    let pieces: Vec<&str> = part.split('.').collect();
    let last = pieces.iter().rposition(|it| !it.is_empty()).unwrap_or(0);
    let piece = |(n, piece): (usize, &&str)| {
        let is_secret = n > 0 && (piece.len() >= LONG || (n == last && piece.len() >= least));
        if is_secret { keep(piece, secrets) } else { (*piece).to_owned() }
    };
    pieces.iter().enumerate().map(piece).collect::<Vec<_>>().join(".")
}

fn keep(secret: &str, secrets: &mut Vec<String>) -> String {
    secrets.push(secret.to_owned());
    hint(secret)
}

/// `text` with these secrets masked wherever they stand.
fn without(text: &str, secrets: &[String]) -> String {
    // Short ones would make holes everywhere.
    let long = secrets.iter().filter(|it| it.len() > 4);
    long.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), &hint(secret)))
}

/// Headers as they came, in order, with credentials masked and `secrets` wherever they stand. Bytes that are no text
/// become `\xNN`.
#[must_use]
pub fn headers(headers: &HeaderMap, secrets: &[String]) -> Vec<(String, String)> {
    let one = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        let name = name.as_str();
        let text = match value.to_str() {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(value.as_bytes().escape_ascii().to_string()),
        };
        let masked = if HEADERS.iter().any(|it| name.contains(it)) {
            // The scheme of credentials is no secret: `Basic dX…`.
            match text.split_once(' ').filter(|_| name.ends_with("authorization")) {
                Some((scheme, secret)) => format!("{scheme} {}", hint(secret)),
                None => hint(&text),
            }
        } else {
            without(&text, secrets)
        };
        (name.to_owned(), clip(&masked))
    };
    headers.iter().map(one).collect()
}

fn clip(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}… ({} bytes)", &text[..text.floor_char_boundary(LONGEST)], text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;
    use proptest::prelude::*;

    #[test]
    fn of_an_address_everything_stays_but_its_secrets() {
        let check = |given: &str, opened, expected: &str| assert_eq!(address(given, opened).0, expected, "{given}");
        check("/callback/kittens.9AQQCTNy7-rVI69WERSnmQ", true, "/callback/kittens.9A…");
        check("/callback/kittens.9AQQCTNy7-rVI69WERSnmQ?by=bridge", true, "/callback/kittens.9A…?by=bridge");
        check("/callback/12345678@N00-geo:47.2.MACMACMAC", true, "/callback/12345678@N00-geo:47.2.MA…");
        check("/callback?sub=kittens.9AQQCTNy7", true, "/callback?sub=kittens.9A…");
        check(
            "/callback/k.MACMAC?mode=subscribe&challenge=c1&verify_token=PwuG_Eix",
            true,
            "/callback/k.MA…?mode=subscribe&challenge=c1&verify_token=Pw…",
        );
        check(
            "/callback/k.MACMAC?hub.verify_token=PwuG_Eix&hub.secret=abcdef",
            true,
            "/callback/k.MA…?hub.verify_token=Pw…&hub.secret=ab…",
        );
        check("/callback/k.MACMAC?hub%2Everify_token=PwuG_Eix", true, "/callback/k.MA…?hub%2Everify_token=Pw…");
        check("/callback/k.MACMAC?hub_verify_token=PwuG_Eix&flag", true, "/callback/k.MA…?hub_verify_token=Pw…&flag");
        // What opened a callback in a program's own way is a secret whatever it looks like; what opened none is not.
        check("/callback/its-own-secret", true, "/callback/it…");
        check("/callback/12345678@N00-contacts_faves", false, "/callback/12345678@N00-contacts_faves");
        check("/callback/", false, "/callback/");
        check("/callback", false, "/callback");
        // Whatever is appended to it.
        check("/callback/kittens.9AQQCTNy7-rVI69WERSnmQ/", true, "/callback/kittens.9A…/");
        check("/callback/k.9AQQCTNy7-rVI69WERSnmQ.html", false, "/callback/k.9A….…");
        check("/callback/k.MACMAC&hub.verify_token=PwuG_Eix", false, "/callback/k.MA…&hub.ve…=Pw…");
        check("/callback/k.MACMAC%3Fverify_token=PwuG_Eix", false, "/callback/k.MA…%3Fverify_token=Pw…");
        check(
            "/callback?sub=k.MACMAC;access_token=abcdef&API_KEY=abcdef",
            true,
            "/callback?sub=k.MA…;access_token=ab…&API_KEY=ab…",
        );
        check(
            "/x?hub.callback=http://a/callback/k.9AQQCTNy7-rVI69WERSnmQ",
            false,
            "/x?hub.callback=http://a/callback/k.9A…",
        );
        check(
            "/callback/k.MACMAC?hub.topic=flickr.photos&hub.challenge=a.b",
            true,
            "/callback/k.MA…?hub.topic=flickr.photos&hub.challenge=a.b",
        );
        // Two characters of four would be half of it.
        check("/callback/k.abcd", false, "/callback/k.…");
    }

    #[test]
    fn credentials_and_repeated_addresses_are_masked_in_headers() {
        let mut given = HeaderMap::new();
        for (name, value) in [
            ("content-type", "application/atom+xml"),
            ("authorization", "Basic dXNlcjpwYXNz"),
            ("cookie", "session=abcdefgh"),
            ("x-api-key", "0123456789"),
            ("x-auth-token", "0123456789"),
            ("x-goog-iap-jwt-assertion", "0123456789"),
            ("x-amzn-oidc-data", "0123456789"),
            ("x-original-uri", "/callback/kittens.9AQQCTNy7-rVI69WERSnmQ?a=1"),
        ] {
            given.insert(name, HeaderValue::from_static(value));
        }
        given.insert("x-odd", HeaderValue::from_bytes(b"a\xff").unwrap());
        let (_, secrets) = address("/callback/kittens.9AQQCTNy7-rVI69WERSnmQ", true);
        let masked = headers(&given, &secrets);
        let of = |name: &str| masked.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str()).unwrap();
        assert_eq!(of("content-type"), "application/atom+xml");
        assert_eq!(of("authorization"), "Basic dX…");
        assert_eq!(of("cookie"), "se…");
        assert_eq!(of("x-api-key"), "01…");
        assert_eq!(of("x-auth-token"), "01…");
        assert_eq!((of("x-goog-iap-jwt-assertion"), of("x-amzn-oidc-data")), ("01…", "01…"));
        assert_eq!(of("x-original-uri"), "/callback/kittens.9A…?a=1");
        assert_eq!(of("x-odd"), r"a\xff");
    }

    proptest! {
        #[test]
        fn no_address_whatever_is_put_around_a_mac_shows_it(
            before in "(/callback/|/callback\\?sub=|/[a-z./&=%?;]{0,12}/)", after in "([/&;?%=.][ -~]{0,20})?", opened: bool,
        ) {
            const MAC: &str = "9AQQCTNy7-rVI69WERSnmQ";
            let (masked, _) = address(&format!("{before}kittens.{MAC}{after}"), opened);
            prop_assert!(!masked.contains(MAC), "{}", masked);
        }
    }

    #[test]
    fn what_is_very_long_is_cut_and_says_so() {
        let (masked, _) = address(&format!("/callback/{}", "é".repeat(LONGEST)), false);
        assert!(masked.len() < LONGEST + 40 && masked.ends_with("… (8202 bytes)"), "{}", &masked[masked.len() - 40..]);
    }
}
