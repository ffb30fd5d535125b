//! Foreign bytes as lines that can be shown: nothing in them is markup, moves the writing or is invisible.

use std::fmt::Write;

/// The most bytes that a page shows.
const SHOWN: usize = 128 * 1024;

/// A body to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Raw {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Bytes that are not shown since there are too many.
    pub more: usize,
    /// Whether all of it is UTF-8.
    pub is_text: bool,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// Its characters; those that cannot be seen are escaped.
    pub text: String,
    /// Whether something in it could not be read.
    pub flawed: bool,
}

impl Raw {
    /// Shows `bytes`; the lines with these numbers are flawed.
    #[must_use]
    pub fn of(bytes: &[u8], flawed: &[u32]) -> Self {
        let is_text = std::str::from_utf8(bytes).is_ok();
        let shown = &bytes[..bytes.len().min(SHOWN)];
        let text = visible(shown);
        let line = |(n, text): (usize, &str)| {
            let flawed = flawed.iter().any(|it| usize::try_from(*it) == Ok(n + 1));
            Line { number: n + 1, text: text.to_owned(), flawed }
        };
        let lines = if bytes.is_empty() { Vec::new() } else { text.split('\n').enumerate().map(line).collect() };
        Self { lines, more: bytes.len() - shown.len(), is_text }
    }
}

/// Bytes as text: what is not UTF-8 as `\xNN`, what cannot be seen or would move the writing as `\u{NNNN}`. Line feeds and
/// tabs stay.
#[must_use]
pub fn visible(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' | '\t' => text.push(c),
                '\r' => text.push('\u{240d}'),
                c if is_unseen(c) => {
                    let _ = write!(text, "{}", c.escape_unicode());
                }
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Controls, and the characters that turn the direction of writing or have no width (Unicode Standard Annex 9).
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_everything_else_stays() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(visible(bytes), expected);
        check("<b>\u{732b} & \"x\"</b>\n\tend".as_bytes(), "<b>\u{732b} & \"x\"</b>\n\tend");
        check(b"a\r\nb", "a\u{240d}\nb");
        check(b"\0\x1b[31m\x7f", "\\u{0}\\u{1b}[31m\\u{7f}");
        check("\u{202e}evil\u{200b}\u{feff}".as_bytes(), "\\u{202e}evil\\u{200b}\\u{feff}");
        check(b"caf\xe9\xff!", "caf\\xe9\\xff!");
    }

    #[test]
    fn lines_are_numbered_and_the_flawed_ones_marked() {
        let raw = Raw::of(b"a\nb\nc", &[2]);
        let flawed: Vec<_> = raw.lines.iter().map(|it| (it.number, it.text.as_str(), it.flawed)).collect();
        assert_eq!(flawed, [(1, "a", false), (2, "b", true), (3, "c", false)]);
        assert!(raw.is_text && raw.more == 0);
        assert_eq!(Raw::of(b"", &[]).lines, []);
        let long = Raw::of(&vec![b'x'; SHOWN + 7], &[]);
        assert_eq!((long.lines[0].text.len(), long.more), (SHOWN, 7));
        assert!(!Raw::of(b"\xff", &[]).is_text);
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_come_out_invisible(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(!visible(&bytes).chars().any(|c| is_unseen(c) && c != '\n' && c != '\t'));
        }
    }
}
