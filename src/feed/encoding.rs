//! Bytes to text, for the documents that are not UTF-8.

/// Bytes at the beginning in which an XML declaration must end.
const DECLARATION: usize = 256;

/// What windows-1252 has where Latin-1 has control characters, from 0x80.
static WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

/// The text of a document that is not UTF-8: Latin-1 when its XML declaration says so, else what can be read of UTF-8.
pub(super) fn decode(bytes: &[u8]) -> String {
    if is_latin_1(bytes) {
        bytes.iter().map(|it| character(*it)).collect()
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    }
}

/// WHATWG Encoding, 4.2: whoever says ISO-8859-1 means windows-1252.
fn character(byte: u8) -> char {
    let windows = byte.checked_sub(0x80).and_then(|it| WINDOWS.get(usize::from(it)));
    windows.copied().unwrap_or(char::from(byte))
}

fn is_latin_1(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let start = start.get(..DECLARATION).unwrap_or(start);
    let start = String::from_utf8_lossy(start);
    let declared = (start.strip_prefix("<?xml").and_then(|it| it.split_once("?>")))
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .and_then(|(_, value)| value.trim_start().strip_prefix('='))
        .and_then(|value| value.trim_start().split(['"', '\'']).nth(1));
    declared.is_some_and(|it| {
        ["iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii"]
            .iter()
            .any(|known| it.trim().eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_declaration_makes_it_latin_1() {
        for (document, expected) in [
            (&b"\r\n<?xml version='1.0' encoding = 'ISO-8859-1'?>\xe9\x80"[..], "\u{e9}\u{20ac}"),
            (b"<?xml version=\"1.0\" encoding=\"windows-1252\" standalone=\"yes\"?>\x93\xff", "\u{201c}\u{ff}"),
            (b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\xe9", "\u{fffd}"),
            (b"<?xml version=\"1.0\"?>\xe9", "\u{fffd}"),
            (b"<feed encoding=\"iso-8859-1\"?>\xe9", "\u{fffd}"),
            (b"\xe9", "\u{fffd}"),
        ] {
            let text = decode(document);
            let found = text.rsplit("?>").next().unwrap_or_default();
            assert_eq!(found, expected, "{}", document.escape_ascii());
        }
    }
}
