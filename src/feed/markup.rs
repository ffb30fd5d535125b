//! Text out of raw spans, and the little that is read of HTML.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};
use quick_xml::escape::{resolve_html5_entity, resolve_predefined_entity};
use quick_xml::events::attributes::Attributes;

use super::TEXT;

const CDATA: &str = "<![CDATA[";

/// The longest name of an HTML entity is `CounterClockwiseContourIntegral`.
const ENTITY: usize = 33;

/// The text of an element's raw span: references resolved once, CDATA as it is, tags and comments left out, trimmed.
pub(super) fn text(span: &str) -> Cow<'_, str> {
    let span = clip(span).trim();
    if memchr2(b'<', b'&', span.as_bytes()).is_none() {
        return Cow::Borrowed(span);
    }
    if memchr(b'<', span.as_bytes()).is_none() {
        return trimmed(unescape(span));
    }
    let mut text = String::with_capacity(span.len());
    let mut rest = span;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        let (before, markup) = rest.split_at(at);
        text.push_str(&unescape(before));
        let (skipped, end) = if let Some(cdata) = markup.strip_prefix(CDATA) {
            let (cdata, _) = cdata.split_once("]]>").unwrap_or((cdata, ""));
            text.push_str(cdata);
            (CDATA.len() + cdata.len(), "]]>")
        } else if markup.starts_with("<!--") {
            (memmem::find(markup.as_bytes(), b"-->").unwrap_or(markup.len()), "-->")
        } else {
            (tag_end(markup), ">")
        };
        rest = markup.get(skipped + end.len()..).unwrap_or_default();
    }
    text.push_str(&unescape(rest));
    trimmed(Cow::Owned(text))
}

/// The text of an attribute's raw value.
pub(super) fn value(raw: &str) -> Cow<'_, str> {
    trimmed(unescape(raw))
}

/// HTML as plain text: tags left out, references resolved.
pub(super) fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        let (before, markup) = rest.split_at(at);
        text.push_str(&unescape(before));
        // HTML living standard, 13.2.5.6: a `<` begins a tag only before a letter, `/`, `!` or `?`.
        let is_tag = matches!(markup.as_bytes().get(1), Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?'));
        let end = if is_tag { tag_end(markup) } else { 0 };
        if !is_tag {
            text.push('<');
        }
        rest = markup.get(end + 1..).unwrap_or_default();
    }
    text.push_str(&unescape(rest));
    text
}

/// One line of plain text of at most `max` characters, or nothing when it would be blank.
pub(super) fn line(text: &str, max: usize) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let mut line = String::with_capacity(text.len().min(max));
    let mut rest = text.chars().take(max).peekable();
    while let Some(it) = rest.next() {
        if !it.is_control() {
            line.push(it);
            continue;
        }
        // A line break and the indentation around it are one space.
        line.truncate(line.trim_end().len());
        while rest.next_if(|it| it.is_whitespace() || it.is_control()).is_some() {}
        line.push(' ');
    }
    line.truncate(line.trim_end().len());
    let blank = line.trim_start().len();
    (blank > 0).then(|| line.split_off(line.len() - blank))
}

/// Resolves references once. What is no reference, or one to an entity that HTML does not have, stays as it is.
pub(super) fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(first) = memchr(b'&', raw.as_bytes()) else {
        return Cow::Borrowed(raw);
    };
    let mut text = String::with_capacity(raw.len());
    let (before, mut rest) = raw.split_at(first);
    text.push_str(before);
    while let Some(after) = rest.strip_prefix('&') {
        let end = after.bytes().take(ENTITY).position(|it| it == b';' || it == b'&');
        let resolved = end.filter(|end| after.as_bytes().get(*end) == Some(&b';')).and_then(|end| {
            let (name, tail) = (after.get(..end)?, after.get(end + 1..)?);
            push_reference(&mut text, name).then_some(tail)
        });
        let tail = resolved.unwrap_or_else(|| {
            text.push('&');
            after
        });
        let (plain, next) = tail.split_at(memchr(b'&', tail.as_bytes()).unwrap_or(tail.len()));
        text.push_str(plain);
        rest = next;
    }
    Cow::Owned(text)
}

fn push_reference(text: &mut String, name: &str) -> bool {
    let resolved = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let Some(it) = code.ok().and_then(char::from_u32).filter(|it| *it != '\0') else {
                return false;
            };
            text.push(it);
            return true;
        }
        None => resolve_predefined_entity(name).or_else(|| resolve_html5_entity(name)),
    };
    resolved.map(|it| text.push_str(it)).is_some()
}

/// The HTML that a content element's raw span stands for: escaped, in CDATA, or as it is.
pub(super) fn html(span: &str) -> Cow<'_, str> {
    let span = clip(span);
    if memchr(b'<', span.as_bytes()).is_none() {
        return unescape(span);
    }
    match span.trim_start().strip_prefix(CDATA) {
        Some(cdata) => Cow::Borrowed(cdata.split_once("]]>").map_or(cdata, |(cdata, _)| cdata)),
        None => Cow::Borrowed(span),
    }
}

/// The attributes of the first `<img>` in HTML, raw.
pub(super) fn first_img(html: &str) -> Option<impl Iterator<Item = (&str, &str)>> {
    let mut rest = html;
    loop {
        rest = rest.get(memchr(b'<', rest.as_bytes())?..)?;
        let name = rest.get(1..4).unwrap_or_default();
        let boundary = rest.as_bytes().get(4).is_some_and(|it| it.is_ascii_whitespace() || *it == b'/');
        if name.eq_ignore_ascii_case("img") && boundary {
            break;
        }
        rest = rest.get(1..)?;
    }
    let tag = rest.get(1..tag_end(rest))?;
    let mut attributes = Attributes::html(tag.strip_suffix('/').unwrap_or(tag), 3);
    attributes.with_checks(false);
    Some(attributes.flatten().filter_map(|it| match it.value {
        Cow::Borrowed(value) => Some((it.key.0, value)),
        Cow::Owned(_) => None,
    }))
}

/// The offset of the `>` that ends the tag at the beginning of `markup`, or the end.
fn tag_end(markup: &str) -> usize {
    let mut quote = None;
    for (at, it) in markup.bytes().enumerate() {
        match (quote, it) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(it),
            (Some(open), it) if open == it => quote = None,
            _ => {}
        }
    }
    // Like a browser: a quote that never ends takes all the rest. Looking for another end would be quadratic.
    markup.len()
}

/// The part of a text that is looked at.
pub(super) fn clip(text: &str) -> &str {
    text.get(..text.floor_char_boundary(TEXT)).unwrap_or(text)
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once_and_unknown_ones_stay() {
        for (raw, expected) in [
            ("a &amp; b", "a & b"),
            ("&lt;b&gt;&quot;&apos;", "<b>\"'"),
            ("&amp;lt;", "&lt;"),
            ("&#8211;&#x2013;&#X2013;", "\u{2013}\u{2013}\u{2013}"),
            ("caf&eacute;&nbsp;", "caf\u{e9}\u{a0}"),
            ("R&B & AT&T", "R&B & AT&T"),
            ("&boom; &;", "&boom; &;"),
            ("&#0; &#xD800; &#1114112; &#99999999999;", "&#0; &#xD800; &#1114112; &#99999999999;"),
            ("&&amp;", "&&"),
        ] {
            assert_eq!(unescape(raw), expected, "{raw}");
        }
    }

    #[test]
    fn text_leaves_tags_and_comments_out_and_takes_cdata_as_it_is() {
        for (span, expected) in [
            ("  plain\n", "plain"),
            ("<![CDATA[ a < b &amp; ]]>", "a < b &amp;"),
            ("one <b title=\">\">two</b><!-- > --> &amp; <![CDATA[<3]]>", "one two & <3"),
            ("&#32;&lt;3&#32;", "<3"),
            ("<![CDATA[open", "open"),
        ] {
            assert_eq!(text(span), expected, "{span}");
        }
    }

    #[test]
    fn html_loses_its_tags_but_not_its_arithmetic() {
        for (html, expected) in [
            ("I <b>love</b> caf&eacute;s<br/>", "I love caf\u{e9}s"),
            ("a < b and 1 <3", "a < b and 1 <3"),
            ("cut <b title=\"", "cut "),
        ] {
            assert_eq!(strip_tags(html), expected, "{html}");
        }
    }

    #[test]
    fn a_line_is_trimmed_and_has_no_breaks() {
        for (text, expected) in [
            ("  a \n\t b  ", Some("a b")),
            ("two  spaces", Some("two  spaces")),
            (" \u{a0}\n", None),
            ("\u{0}\u{1}", None),
            ("\u{7}x", Some("x")),
        ] {
            assert_eq!(line(text, 100).as_deref(), expected, "{text:?}");
        }
        assert_eq!(line("\u{1f408}\u{1f408}\u{1f408}", 2).as_deref(), Some("\u{1f408}\u{1f408}"));
    }

    #[test]
    fn the_first_img_is_found_in_broken_html() {
        for (html, expected) in [
            ("<p>a < b<br><IMG width=240 src='http://x/1.jpg' alt=\"a > b\"/><img src=no>", "http://x/1.jpg"),
            ("<imgage src=no><img\nsrc=\"yes\">", "yes"),
            ("<img alt=\"open src='yes' >", ""),
        ] {
            let src = first_img(html).and_then(|mut it| it.find(|(key, _)| *key == "src"));
            assert_eq!(src.map_or("", |(_, value)| value), expected, "{html}");
        }
        assert!(first_img("<p>no picture</p>").is_none());
    }
}
