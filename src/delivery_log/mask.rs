//! What of a request may be kept: everything but its secrets, of which two characters stay.
//!
//! Secrets are the MAC of a callback, verify tokens and the like in the query, and headers that carry credentials. A proxy
//! may repeat the address in a header of its own (`X-Original-URI`), so a secret of the address is masked there too.

use std::borrow::Cow;

use hyper::HeaderMap;
use percent_encoding::percent_decode_str;

/// Parameters whose values are secrets, under any of a hub's spellings.
const PARAMETERS: &[&str] = &["verify_token", "token", "secret", "key", "signature"];
/// Headers whose values are secrets, or parts of such headers' names.
const HEADERS: &[&str] = &["authorization", "cookie", "token", "secret", "api-key", "apikey", "password"];
/// The most bytes of a header's value that are kept, and of an address.
const LONGEST: usize = 4 * 1024;

/// The beginning of a secret: enough to tell one from another, and nothing to use.
#[must_use]
pub fn hint(secret: &str) -> String {
    let shown = if secret.chars().count() > 4 { 2 } else { 0 };
    secret.chars().take(shown).chain(['…']).collect()
}

/// An address with its secrets masked, and these secrets as they stood there.
///
/// `opened` says that the callback is one of ours: its last part is then a secret even if it has no MAC after a dot, since
/// a program may map callbacks in its own way.
#[must_use]
pub fn address(path_and_query: &str, opened: bool) -> (String, Vec<String>) {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    let mut secrets = Vec::new();
    let mut masked = String::new();
    let (before, last) = path.rsplit_once('/').unwrap_or(("", path));
    masked.push_str(before);
    masked.push('/');
    masked.push_str(&capability(last, opened && query.is_none_or(|it| !it.contains("sub=")), &mut secrets));
    for (n, pair) in query.into_iter().flat_map(|it| it.split('&')).enumerate() {
        masked.push(if n == 0 { '?' } else { '&' });
        let Some((name, value)) = pair.split_once('=') else {
            masked.push_str(pair);
            continue;
        };
        masked.push_str(name);
        masked.push('=');
        let plain = percent_decode_str(name).decode_utf8_lossy();
        let bare = plain.strip_prefix("hub.").or_else(|| plain.strip_prefix("hub_")).unwrap_or(&plain);
        if bare == "sub" {
            masked.push_str(&capability(value, opened, &mut secrets));
        } else if PARAMETERS.contains(&bare) && !value.is_empty() {
            masked.push_str(&hint(value));
            secrets.push(value.to_owned());
        } else {
            masked.push_str(value);
        }
    }
    (clip(&masked), secrets)
}

/// `{name}.{MAC}` with its MAC masked.
fn capability(text: &str, opened: bool, secrets: &mut Vec<String>) -> String {
    match text.rsplit_once('.') {
        Some((name, mac)) if !mac.is_empty() => {
            secrets.push(mac.to_owned());
            format!("{name}.{}", hint(mac))
        }
        None if opened && !text.is_empty() => {
            secrets.push(text.to_owned());
            hint(text)
        }
        _ => text.to_owned(),
    }
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
            // Short ones would make holes everywhere.
            let long = secrets.iter().filter(|it| it.len() > 4);
            long.fold(text.into_owned(), |text, secret| text.replace(secret.as_str(), &hint(secret)))
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
        assert_eq!(of("x-original-uri"), "/callback/kittens.9A…?a=1");
        assert_eq!(of("x-odd"), r"a\xff");
    }

    #[test]
    fn what_is_very_long_is_cut_and_says_so() {
        let (masked, _) = address(&format!("/callback/{}", "é".repeat(LONGEST)), false);
        assert!(masked.len() < LONGEST + 40 && masked.ends_with("… (8202 bytes)"), "{}", &masked[masked.len() - 40..]);
    }
}
