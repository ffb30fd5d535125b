//! Signatures: the base string (RFC 5849 section 3.4.1) and its HMAC-SHA1 (section 3.4.2).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

use super::encoding::{Pair, encode};

/// The text that is signed: `METHOD&enc(address)&enc(sorted parameters)`, without `oauth_signature`.
#[must_use]
pub fn base_string(method: &str, url: &str, parameters: &[Pair]) -> String {
    let signed = parameters.iter().filter(|(name, _)| name != "oauth_signature");
    let mut encoded: Vec<_> = signed.map(|(name, value)| (encode(name), encode(value))).collect();
    // By name and then by value, as bytes, and only after they were encoded (section 3.4.1.3.2).
    encoded.sort();
    let normal: Vec<_> = encoded.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}&{}&{}", encode(&method.to_ascii_uppercase()), encode(&address(url)), encode(&normal.join("&")))
}

/// The base string URI (section 3.4.1.2): scheme and host in lower case, no default port, no query.
fn address(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let host = host.to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    let host = host.strip_suffix(default).unwrap_or(&host);
    format!("{scheme}://{host}{path}")
}

/// Whether `presented` is the signature of `base_string` under these secrets, as base64. The token's secret is empty
/// where there is no token. Takes the same time wherever a wrong one differs.
#[must_use]
pub fn is_right(presented: &str, base_string: &str, consumer_secret: &str, token_secret: &str) -> bool {
    sign(base_string, consumer_secret, token_secret).as_bytes().ct_eq(presented.as_bytes()).into()
}

/// The HMAC-SHA1 of `base_string` under these secrets, as base64.
pub(super) fn sign(base_string: &str, consumer_secret: &str, token_secret: &str) -> String {
    let key = format!("{}&{}", encode(consumer_secret), encode(token_secret));
    // RFC 2104: a key of any length will do, so there is nothing to refuse.
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    STANDARD.encode(mac.chain_update(base_string).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::oauth::encoding;
    use crate::practice::oauth::signed::Signed;

    const HEADER: &str = r#"OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#;
    const URL: &str = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
    const BASE: &str = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";

    #[test]
    fn the_base_string_is_that_of_rfc_5849_section_3_4_1_1() {
        let signed = Signed::collect("post", URL, Some(HEADER), &encoding::form(b"c2&a3=2+q")).unwrap();
        assert_eq!(signed.base_string(), BASE);
        // The RFC does not say by which secrets the signature in its header was made; oauthlib makes this one by these.
        assert_eq!(sign(BASE, "j49sk3j29djd", "dh893hdasih9"), "r6/TJjbCOr97/+UU0NsvSne7s5g=");
    }

    #[test]
    fn addresses_are_those_of_rfc_5849_section_3_4_1_2() {
        for (url, expected) in [
            ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
            ("https://www.example.net:8080/?q=1", "https://www.example.net:8080/"),
            ("HTTPS://Example.net:443", "https://example.net/"),
            ("https://example.net:80/a#b", "https://example.net:80/a"),
            ("http://[::1]:80/", "http://[::1]/"),
        ] {
            assert_eq!(address(url), expected);
        }
    }

    #[test]
    fn signatures_are_those_of_rfc_5849_section_1_2_and_of_oauth_core_appendix_a() {
        let consumer = ("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
        for (method, url, consumer, secret, more, expected) in [
            (
                "POST",
                "https://photos.example.net/initiate",
                consumer,
                "",
                "oauth_timestamp=137131200&oauth_nonce=wIjqoS&oauth_callback=http%3A%2F%2Fprinter.example.com%2Fready",
                "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
            ),
            (
                "POST",
                "https://photos.example.net/token",
                consumer,
                "hdhd0244k9j7ao03",
                "oauth_token=hh5s93j4hdidpola&oauth_timestamp=137131201&oauth_nonce=walatlh&oauth_verifier=hfdp7dh39dks9884",
                "gKgrFCywp7rO0OXSjdot/IHF7IU=",
            ),
            (
                "GET",
                "http://photos.example.net/photos?file=vacation.jpg&size=original",
                consumer,
                "pfkkdhi9sl3r4s00",
                "oauth_token=nnch734d00sl2jdk&oauth_timestamp=137131202&oauth_nonce=chapoH",
                "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
            ),
            (
                "GET",
                "http://photos.example.net/photos?file=vacation.jpg&size=original",
                consumer,
                "pfkkdhi9sl3r4s00",
                "oauth_token=nnch734d00sl2jdk&oauth_timestamp=1191242096&oauth_nonce=kllo9940pd9333jh&oauth_version=1.0",
                "tR3+Ty81lMeYAr/Fid0kMTYa/WM=",
            ),
        ] {
            let body = format!("oauth_consumer_key={}&oauth_signature_method=HMAC-SHA1&{more}", consumer.0);
            let signed = Signed::collect(method, url, None, &encoding::form(body.as_bytes())).unwrap();
            let base = signed.base_string();
            assert!(is_right(expected, &base, consumer.1, secret), "{base}");
            assert!(!is_right(expected, &base, consumer.1, "other"));
            assert!(!is_right("", &base, consumer.1, secret));
        }
    }
}
