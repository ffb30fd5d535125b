//! Percent encoding as OAuth has it (RFC 5849 section 3.6), and the two ways parameters are written down.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986; `! ' ( ) *` are escaped too.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name and its value, decoded.
pub type Pair = (String, String);

/// Writes `text` so that only letters, digits and `-._~` stand for themselves; escapes are upper case.
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Reads what [`encode`] wrote. A plus stands for itself. `None` when it is no UTF-8.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The parameters of a query or of a form, where a plus is a space (RFC 5849 section 3.4.1.3.1).
#[must_use]
pub fn form(text: &[u8]) -> Vec<Pair> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// An answer's form, in the order given.
#[must_use]
pub fn to_form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// The parameters of an `Authorization: OAuth …` header, `realm` left out (RFC 5849 section 3.5.1). Empty when the
/// header is of another scheme; `None` when it is of ours and cannot be read.
#[must_use]
pub fn header(value: &str) -> Option<Vec<Pair>> {
    let Some((scheme, mut rest)) = value.trim().split_once([' ', '\t']) else {
        return Some(Vec::new());
    };
    if !scheme.eq_ignore_ascii_case("OAuth") {
        return Some(Vec::new());
    }
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Some(found);
        }
        let (name, after) = rest.split_once('=')?;
        let value;
        // A realm may hold commas between its quotes; everything else is percent-encoded.
        (value, rest) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').unwrap_or((after, "")),
        };
        if name.trim() != "realm" {
            found.push((decode(name.trim())?, decode(value.trim())?));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unreserved_characters_stand_for_themselves() {
        assert_eq!(encode("abcXYZ019-._~"), "abcXYZ019-._~");
        assert_eq!(encode("! '()*+&=%/é☃"), "%21%20%27%28%29%2A%2B%26%3D%25%2F%C3%A9%E2%98%83");
        assert_eq!(decode("a+b%2Bc"), Some("a+b+c".to_owned()));
        assert_eq!(decode("%FF"), None);
        assert_eq!(
            form(b"a+b=%2B&c&=d"),
            [("a b".into(), "+".into()), ("c".into(), String::new()), ("".into(), "d".into())]
        );
    }

    #[test]
    fn a_header_is_read_as_clients_write_it() {
        let pairs = |list: &[(&str, &str)]| Some(list.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect());
        for (text, expected) in [
            (
                r#"OAuth realm="a, b=c", oauth_token="x%20y",oauth_nonce="n""#,
                pairs(&[("oauth_token", "x y"), ("oauth_nonce", "n")]),
            ),
            (r#"oauth oauth_token="", b=2 , c="3""#, pairs(&[("oauth_token", ""), ("b", "2"), ("c", "3")])),
            ("OAuth ", pairs(&[])),
            ("OAuth", pairs(&[])),
            ("Bearer abc=def", pairs(&[])),
            (r#"OAuth a="1"#, None),
            ("OAuth abc", None),
            (r#"OAuth a="%FF""#, None),
        ] {
            assert_eq!(header(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded_again(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert!(encoded.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~%".contains(&it)));
            prop_assert_eq!(decode(&encoded), Some(text));
        }

        #[test]
        fn an_answer_is_read_back_by_any_form_reader(name in any::<String>(), value in any::<String>()) {
            let text = to_form(&[(&name, &value)]);
            prop_assert_eq!(form(text.as_bytes()), vec![(name, value)]);
        }

        #[test]
        fn no_header_is_too_strange(text in any::<String>()) {
            let _ = header(&format!("OAuth {text}"));
        }
    }
}
