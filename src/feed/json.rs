//! Flickr's JSON feed: no ids, one image, and a few things that are not JSON.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::draft::{Dated, Draft, Outcome, fill};
use super::image::Stated;
use super::person::name_in_author;
use super::report::Report;
use super::{ENTRIES, Flaw, Reason, Syntax};

/// What is inside `jsonFlickrFeed(…)` or another callback's parentheses, and the length of what is before.
pub(super) fn unwrap(body: &str) -> Option<(&str, usize)> {
    if body.starts_with('{') {
        return Some((body, 0));
    }
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$' | '.');
    let rest = body.trim_start_matches(is_name);
    let json = rest.trim_start().strip_prefix('(').filter(|_| rest.len() < body.len())?;
    // What follows the JSON is not read, so the closing parenthesis may stay.
    Some((json, body.len() - json.len()))
}

/// Reads the document, whose first byte is at `start` of what the report measures.
pub(super) fn read(text: &str, start: usize, report: &mut Report<'_>) -> Result<(), (usize, Reason)> {
    let json = Repaired::new(text);
    let offset = |repaired: usize| start + json.original(repaired);
    let mut items = Items::default();
    let mut reader = serde_json::Deserializer::from_str(&json.text);
    let result = Document(&mut items).deserialize(&mut reader);

    for item in &items.kept {
        // A raw value is a slice of the text that it was read from.
        let at = item.get().as_ptr().addr() - json.text.as_ptr().addr();
        read_item(item, offset(at), report);
    }
    match result {
        Err(error) if error.is_data() => return Err((start, Reason::NoItems)),
        Err(error) => {
            let at = offset(offset_of(&json.text, error.line(), error.column()));
            if error.is_eof() {
                report.broke_off();
            }
            report.problem(at, None, Flaw::Malformed(words(&error)));
        }
        Ok(()) if !items.found => return Err((start, Reason::NoItems)),
        Ok(()) => {}
    }
    if items.further > 0 {
        report.problem(start + text.len(), None, Flaw::FurtherEntries(items.further));
    }
    Ok(())
}

fn read_item(item: &RawValue, at: usize, report: &mut Report<'_>) {
    let item: Value = match serde_json::from_str(item.get()) {
        Ok(item) => item,
        Err(error) => return report.problem(at, None, Flaw::Malformed(words(&error))),
    };
    if !item.is_object() {
        return report.problem(at, None, Flaw::NotAnObject);
    }
    let text = |name: &str| Cow::Borrowed(item.get(name).and_then(Value::as_str).unwrap_or_default().trim());
    let author = text("author");
    let author = unescape_again(&author);
    let mut draft = Draft::new(at);
    fill(&mut draft.link, text("link"));
    fill(&mut draft.title, text("title"));
    fill(&mut draft.author.nsid, text("author_id"));
    fill(&mut draft.author.name, Cow::Borrowed(name_in_author(&author)));
    fill(&mut draft.taken, text("date_taken"));
    draft.add_tags(&text("tags"));
    // Observed where Flickr's geo feeds are read: the two are members of the item, numbers or strings.
    draft.latitude = item.get("latitude").and_then(number);
    draft.longitude = item.get("longitude").and_then(number);
    let published = text("published");
    if !published.is_empty() {
        draft.published = Some(Dated { field: "published", at, text: published });
    }
    if let Some(url) = item.get("media").and_then(|it| it.get("m")).and_then(Value::as_str) {
        draft.add_image(Stated { url: Cow::Borrowed(url), ..Stated::default() });
    }
    if let Some(html) = item.get("description").and_then(Value::as_str) {
        // Observed in Flickr's JSON until 2007: the HTML is escaped. Without a `<` it is taken as escaped.
        draft.contents.push(html);
    }
    let name = draft.link.clone();
    let mut flaws = Vec::new();
    match draft.finish(&mut flaws) {
        Outcome::Photo(event) => report.event(*event),
        Outcome::Skipped(link) => report.skipped(at, &link),
        Outcome::Nameless => report.problem(at, None, Flaw::Nameless),
    }
    for (at, flaw) in flaws {
        report.problem(at, name.as_deref(), flaw);
    }
}

fn number(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// JSON with the one thing put right that Flickr writes and JSON does not know: `\'`, observed in `jsonFlickrFeed(…)`.
struct Repaired<'x> {
    text: Cow<'x, str>,
    /// Where backslashes are missing.
    cuts: Vec<usize>,
}

impl<'x> Repaired<'x> {
    fn new(json: &'x str) -> Self {
        let mut text = String::new();
        let mut cuts = Vec::new();
        let (mut kept, mut at) = (0, 0);
        while let Some(skipped) = json.as_bytes().get(at..).and_then(|it| memchr(b'\\', it)) {
            at += skipped;
            if json.as_bytes().get(at + 1) == Some(&b'\'') {
                text.push_str(json.get(kept..at).unwrap_or_default());
                cuts.push(text.len());
                kept = at + 1;
            }
            at += 2;
        }
        if cuts.is_empty() {
            return Self { text: Cow::Borrowed(json), cuts };
        }
        text.push_str(json.get(kept..).unwrap_or_default());
        Self { text: Cow::Owned(text), cuts }
    }

    /// Where the byte at `offset` was before the repair.
    fn original(&self, offset: usize) -> usize {
        offset + self.cuts.partition_point(|it| *it <= offset)
    }
}

/// The items of the feed, as far as the document goes: they stay when it breaks off.
#[derive(Default)]
struct Items<'x> {
    kept: Vec<&'x RawValue>,
    further: usize,
    found: bool,
}

struct Document<'i, 'x>(&'i mut Items<'x>);
struct Array<'i, 'x>(&'i mut Items<'x>);

impl<'x> DeserializeSeed<'x> for Document<'_, 'x> {
    type Value = ();

    fn deserialize<D: Deserializer<'x>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'x> Visitor<'x> for Document<'_, 'x> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feed")
    }

    fn visit_map<A: MapAccess<'x>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Cow<'_, str>>()? {
            if name == "items" && !self.0.found {
                members.next_value_seed(Array(&mut *self.0))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'x> DeserializeSeed<'x> for Array<'_, 'x> {
    type Value = ();

    fn deserialize<D: Deserializer<'x>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'x> Visitor<'x> for Array<'_, 'x> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items")
    }

    fn visit_seq<A: SeqAccess<'x>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.found = true;
        while self.0.kept.len() < ENTRIES {
            match items.next_element()? {
                Some(item) => self.0.kept.push(item),
                None => return Ok(()),
            }
        }
        while items.next_element::<IgnoredAny>()?.is_some() {
            self.0.further += 1;
        }
        Ok(())
    }
}

/// Resolves `\u00e4` once more. Observed in Flickr's JSON: authors are escaped twice.
fn unescape_again(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") {
        return Cow::Borrowed(text);
    }
    serde_json::from_str(&format!("\"{}\"", text.replace('"', "\\\""))).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// serde_json counts lines from 1 and, on them, bytes.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    (before + column.saturating_sub(1)).min(text.len())
}

/// What serde_json says, without its place.
fn words(error: &serde_json::Error) -> Syntax {
    let words = error.to_string();
    Syntax::Other(words.split(" at line ").next().unwrap_or_default().to_owned())
}
