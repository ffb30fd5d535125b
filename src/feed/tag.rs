//! A start tag, and what is asked of it.

use std::borrow::Cow;

use memchr::memchr;
use quick_xml::events::attributes::Attributes;

use super::ATTRIBUTES;
use super::namespace::Namespace;

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'x> {
    /// The offset of its `<`.
    pub(super) at: usize,
    pub(super) namespace: Namespace,
    /// The name without its prefix.
    pub(super) name: &'x str,
    /// The name as it is written.
    pub(super) full_name: &'x str,
    /// `<name/>`, an element without anything in it.
    pub(super) empty: bool,
    /// All between `<` and `>` or `/>`.
    inner: &'x str,
}

impl<'x> Tag<'x> {
    pub(super) fn new(at: usize, inner: &'x str, name_len: usize, empty: bool) -> Self {
        let full_name = inner.get(..name_len).unwrap_or(inner);
        let name = full_name.split_once(':').map_or(full_name, |(_, local)| local);
        Self { at, namespace: Namespace::Other, name, full_name, empty, inner }
    }

    pub(super) fn prefix(&self) -> &'x str {
        self.full_name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    pub(super) fn has_long_attributes(&self) -> bool {
        self.inner.len() - self.full_name.len() > ATTRIBUTES
    }

    /// Name without its prefix, and raw value. Attributes without quotes are let pass, and so are repeated ones.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'x str, &'x str)> + use<'x> {
        self.raw_attributes().flatten().map(|it| {
            let key = it.key.0;
            let value = match it.value {
                Cow::Borrowed(value) => value,
                Cow::Owned(_) => "",
            };
            (key.split_once(':').map_or(key, |(_, local)| local), value)
        })
    }

    pub(super) fn raw_attributes(&self) -> Attributes<'x> {
        let start = if self.has_long_attributes() { self.inner.len() } else { self.full_name.len() };
        let mut attributes = Attributes::html(self.inner, start);
        attributes.with_checks(false);
        attributes
    }

    /// An `<entry>`, `<item>` or `<at:deleted-entry>`.
    pub(super) fn is_entry(&self) -> bool {
        is_entry_name(self.name) && matches!(self.namespace, Namespace::Core | Namespace::Tombstone)
    }

    pub(super) fn is_tombstone(&self) -> bool {
        self.name == "deleted-entry"
    }
}

fn is_entry_name(name: &str) -> bool {
    matches!(name, "entry" | "item" | "deleted-entry")
}

/// The offset of the next start tag of an entry, found without reading what is before it.
pub(super) fn next_entry(text: &str, mut from: usize) -> Option<usize> {
    loop {
        let rest = text.get(from..)?;
        let at = from + memchr(b'<', rest.as_bytes())?;
        let tag = text.get(at + 1..)?;
        let end = tag.bytes().take(64).position(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | b'<'));
        let name = end.and_then(|end| tag.get(..end)).unwrap_or_default();
        if is_entry_name(name.split_once(':').map_or(name, |(_, local)| local)) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether a tag, without its `<` or `</`, has this name.
pub(super) fn begins_with_name(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name)
        .is_some_and(|it| it.bytes().next().is_none_or(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/')))
}
