//! A request once more, as a command that works when it is pasted into a shell.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::config::PublicUrl;
use crate::delivery_log::{Kind, Whole};
use crate::event_name::EventName;
use crate::signing::Keys;

/// A body of more bytes is downloaded and not pasted.
const PASTED: usize = 96 * 1024;
/// Base64 has lines of so many characters (RFC 2045 section 6.8).
const LINE: usize = 76;
/// What ends a body that is pasted.
const END: &str = "END_OF_BODY";

/// The command, and what must be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// For a POSIX shell.
    pub text: String,
    /// What differs from the request that came.
    pub note: Option<&'static str>,
}

/// The command that sends the request of `whole` again, which came to the callback of `event`. The real address and the
/// real token are in it: only for who may have them. `None` when its bytes were not kept, or it is no request of a hub.
#[must_use]
pub fn command(whole: &Whole, event: &EventName, keys: &Keys, public_url: &PublicUrl) -> Option<Command> {
    let callback = public_url.join(&format!("/callback/{}", keys.callback(event)));
    let query = whole.head.address.split_once('?').map(|(_, query)| query);
    match whole.record.kind {
        Kind::Verification => {
            let (query, changed) = with_token(query.unwrap_or_default(), &keys.verify_token(event));
            let note = changed.then_some("It carries the token that we hold, whatever came.");
            // curl takes brackets for a range of addresses, unless it is told not to.
            let plainly = if query.contains(['[', ']', '{', '}']) { " -g" } else { "" };
            Some(Command { text: format!("curl{plainly} -i {}\n", quoted(&format!("{callback}?{query}"))), note })
        }
        Kind::Delivery => {
            let body = whole.body.as_deref()?;
            let mut curl = String::from("curl -i");
            let mime = whole.head.headers.iter().find(|(name, _)| name == "content-type");
            // curl would say that a form is sent, which no feed is.
            let mime = mime.map_or("application/octet-stream", |(_, value)| value.as_str());
            curl.push_str(&format!(" -H {}", quoted(&format!("Content-Type: {mime}"))));
            let address = quoted(&callback);
            if body.len() > PASTED {
                let file = format!("delivery-{}.bin", whole.record.id);
                let text = format!("{curl} --data-binary @{file} {address}\n");
                return Some(Command { text, note: Some("Download the bytes first: they are too many to be pasted.") });
            }
            Some(match pasteable(body) {
                Some(text) => {
                    let note = (!text.ends_with('\n')).then_some("The shell adds a line feed at the end.");
                    let end = end_for(text);
                    let feed = if text.ends_with('\n') { "" } else { "\n" };
                    let text = format!("{curl} --data-binary @- {address} <<'{end}'\n{text}{feed}{end}\n");
                    Command { text, note }
                }
                None => {
                    let encoded = STANDARD.encode(body);
                    let lines: Vec<_> = encoded.as_bytes().chunks(LINE).map(|it| String::from_utf8_lossy(it)).collect();
                    let lines = lines.join("\n");
                    let text = format!("base64 -d <<'{END}' | {curl} --data-binary @- {address}\n{lines}\n{END}\n");
                    Command { text, note: Some("The bytes are in base64, since a shell cannot take them as they are.") }
                }
            })
        }
        Kind::Other => None,
    }
}

/// The body when a terminal takes it as it is: text, with no controls but line feeds and tabs that are no tabs to it.
fn pasteable(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    // A tab that is pasted into an interactive shell asks it to complete a word.
    (!text.is_empty() && !text.chars().any(|c| c.is_control() && c != '\n')).then_some(text)
}

/// An end that is no line of the text.
fn end_for(text: &str) -> String {
    let taken = |end: &str| text.lines().any(|it| it == end);
    let mut end = END.to_owned();
    while taken(&end) {
        end.push('_');
    }
    end
}

/// The query with the right token in place of what stands there for one; whether anything was replaced.
fn with_token(query: &str, token: &str) -> (String, bool) {
    let mut changed = false;
    let pair = |pair: &str| {
        let Some((name, _)) = pair.split_once('=') else { return pair.to_owned() };
        let plain = percent_decode_str(name).decode_utf8_lossy();
        if !matches!(&*plain, "verify_token" | "hub.verify_token" | "hub_verify_token") {
            return pair.to_owned();
        }
        changed = true;
        format!("{name}={token}")
    };
    let pairs: Vec<_> = query.split('&').map(pair).collect();
    (pairs.join("&"), changed)
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::delivery_log::{Cause, Head, Hub, Record, Verdict};

    fn whole(kind: Kind, address: &str, body: &[u8]) -> Whole {
        let event: EventName = "kittens".parse().unwrap();
        let record = Record {
            id: 7,
            kind,
            at: jiff::Timestamp::UNIX_EPOCH,
            from: String::new(),
            hub: Hub::Other,
            cause: Cause::Hub,
            event: Some(event),
            verdict: Verdict::Published,
            status: 200,
            size: body.len(),
            took_ms: 0.0,
            parsed: None,
        };
        let headers = vec![("content-type".to_owned(), "application/atom+xml".to_owned())];
        let head = Head { method: String::new(), address: address.into(), headers };
        Whole { record, head, body: Some(Bytes::copy_from_slice(body)) }
    }

    fn text(whole: &Whole) -> String {
        let keys = Keys::derive("a secret of some length");
        let public_url = "https://wall.example.org".parse().unwrap();
        command(whole, &"kittens".parse().unwrap(), &keys, &public_url).unwrap().text
    }

    const CALLBACK: &str = "https://wall.example.org/callback/kittens.9AQQCTNy7-rVI69WERSnmQ";

    #[test]
    fn a_verification_carries_the_real_address_and_the_real_token() {
        let came = "/callback/kittens.9A…?mode=subscribe&challenge=it%27s&hub%2Everify_token=Wr…&flag";
        let token = "PwuG_EixJu9sEpy7qLK1NtM-cEMllpnDjIxcg6Tiz_s";
        let expected =
            format!("curl -i '{CALLBACK}?mode=subscribe&challenge=it%27s&hub%2Everify_token={token}&flag'\n");
        assert_eq!(text(&whole(Kind::Verification, came, b"")), expected);
        let odd = text(&whole(Kind::Verification, "/callback/kittens.9A…?hub.topic=a[1]", b""));
        assert!(odd.starts_with("curl -g -i '"), "{odd}");
    }

    #[test]
    fn a_body_is_pasted_as_it_is_where_a_shell_takes_it_so_and_in_base64_otherwise() {
        let mime = "-H 'Content-Type: application/atom+xml'";
        let delivery = |body: &[u8]| text(&whole(Kind::Delivery, "/callback/kittens.9A…", body));
        let expected =
            format!("curl -i {mime} --data-binary @- '{CALLBACK}' <<'END_OF_BODY'\n<a>'$x`\n</a>\nEND_OF_BODY\n");
        assert_eq!(delivery(b"<a>'$x`\n</a>\n"), expected);
        assert_eq!(delivery(b"<a>'$x`\n</a>"), expected);
        let tricky = delivery(b"END_OF_BODY\nrm -rf x\n");
        assert!(tricky.contains("<<'END_OF_BODY_'\n") && tricky.ends_with("\nEND_OF_BODY_\n"), "{tricky}");
        for odd in [&b"a\tb"[..], b"a\r\nb", b"\xff", b"\x1b[201~", b""] {
            let text = delivery(odd);
            assert!(text.starts_with("base64 -d <<'END_OF_BODY' | curl -i "), "{text}");
        }
        assert!(delivery(&vec![b'x'; PASTED + 1]).contains("@delivery-7.bin"));
    }

    #[test]
    fn a_header_cannot_leave_its_quotes() {
        let mut it = whole(Kind::Delivery, "/callback/kittens.9A…", b"x\n");
        it.head.headers[0].1 = "text/xml'; rm -rf ~; '".into();
        assert!(text(&it).contains(r"'Content-Type: text/xml'\''; rm -rf ~; '\'''"), "{}", text(&it));
    }
}
