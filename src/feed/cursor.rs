use std::io::BufRead as _;

use memchr::{memchr, memmem};
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::flaw::clip;
use super::namespace::{Namespace, Namespaces};
use super::{ATTRIBUTES, DEPTH, Flaw, Syntax};

/// A place in an XML document and the way on from it: quick-xml for tags, a byte search for what is between them.
///
/// Text is never an event. Whoever wants the text of an element asks for its raw span, and decodes it when it is used.
#[derive(Debug)]
pub(super) struct Cursor<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    namespaces: Namespaces<'x>,
    /// Elements that are open.
    depth: usize,
}

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

/// What comes next.
#[derive(Debug)]
pub(super) enum Step<'x> {
    Open(Tag<'x>),
    /// An end tag; `at` is the offset of its `<`.
    Close {
        at: usize,
        name: &'x str,
    },
    Broken {
        at: usize,
        syntax: Syntax,
    },
    End,
}

/// A flaw and the offset at which it showed.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) flaw: Flaw,
}

impl Fault {
    pub(super) fn syntax(at: usize, syntax: Syntax) -> Self {
        Self {
            at,
            flaw: Flaw::Malformed(syntax),
        }
    }

    /// `tag` should have been closed before `at`.
    pub(super) fn unclosed(at: usize, tag: &Tag<'_>) -> Self {
        Self::syntax(
            at,
            Syntax::Unclosed {
                element: clip(tag.full_name),
            },
        )
    }

    pub(super) fn truncated(cursor: &Cursor<'_>) -> Self {
        Self::syntax(cursor.text.len(), Syntax::Truncated)
    }
}

impl<'x> Tag<'x> {
    fn new(at: usize, inner: &'x str, name_len: usize, empty: bool) -> Self {
        let full_name = inner.get(..name_len).unwrap_or(inner);
        let name = full_name.split_once(':').map_or(full_name, |(_, local)| local);
        Self {
            at,
            namespace: Namespace::Other,
            name,
            full_name,
            empty,
            inner,
        }
    }

    fn prefix(&self) -> &'x str {
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
                std::borrow::Cow::Borrowed(value) => value,
                std::borrow::Cow::Owned(_) => "",
            };
            (key.split_once(':').map_or(key, |(_, local)| local), value)
        })
    }

    fn raw_attributes(&self) -> Attributes<'x> {
        let start = if self.has_long_attributes() {
            self.inner.len()
        } else {
            self.full_name.len()
        };
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
        let end = tag
            .bytes()
            .take(64)
            .position(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/'));
        let name = end.and_then(|end| tag.get(..end)).unwrap_or_default();
        if is_entry_name(name.split_once(':').map_or(name, |(_, local)| local)) {
            return Some(at);
        }
        from = at + 1;
    }
}

impl<'x> Cursor<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self {
            text,
            reader: reader_of(text),
            namespaces: Namespaces::default(),
            depth: 0,
        }
    }

    /// Goes to `to`, forwards or back; what is open stays so.
    pub(super) fn jump(&mut self, to: usize) {
        self.reader = reader_of(self.text.get(to..).unwrap_or_default());
    }

    /// Leaves all elements but the outermost `depth`, closed or not.
    pub(super) fn leave(&mut self, depth: usize) {
        self.depth = depth;
        self.namespaces.leave(depth);
    }

    pub(super) fn text(&self) -> &'x str {
        self.text
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The offset of what has not been read.
    pub(super) fn position(&self) -> usize {
        self.text.len() - self.reader.get_ref().len()
    }

    fn pass(&mut self, bytes: usize) {
        self.reader.stream().consume(bytes);
    }

    /// A root element of the right name makes its namespace the right one, whatever it is called.
    pub(super) fn adopt(&mut self, root: &mut Tag<'x>) {
        if root.namespace == Namespace::Other {
            root.namespace = Namespace::Core;
            self.namespaces.bind(root.prefix(), Namespace::Core, self.depth);
        }
    }

    /// The next tag.
    pub(super) fn step(&mut self) -> Step<'x> {
        loop {
            let rest = self.reader.get_ref();
            let Some(text) = memchr(b'<', rest) else {
                return Step::End;
            };
            self.pass(text);
            let at = self.position();
            match self.reader.read_event() {
                Ok(Event::Start(tag)) => return Step::Open(self.open(at, tag.name().0.len(), false)),
                Ok(Event::Empty(tag)) => return Step::Open(self.open(at, tag.name().0.len(), true)),
                Ok(Event::End(tag)) => {
                    let name = self.text.get(at + 2..at + 2 + tag.name().0.len()).unwrap_or_default();
                    self.close();
                    return Step::Close { at, name };
                }
                Ok(Event::Eof) => return Step::End,
                // Comments, instructions, a DOCTYPE: its entities are never looked at, so none can be expanded.
                Ok(_) => {}
                Err(Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found })) => {
                    self.close();
                    let syntax = Syntax::Misnested {
                        open: clip(&expected),
                        closed: clip(&found),
                    };
                    return Step::Broken { at, syntax };
                }
                Err(Error::IllFormed(_)) => {}
                Err(error) => {
                    return Step::Broken {
                        at,
                        syntax: Syntax::Other(error.to_string()),
                    };
                }
            }
        }
    }

    fn open(&mut self, at: usize, name_len: usize, empty: bool) -> Tag<'x> {
        let end = self.position() - if empty { 2 } else { 1 };
        let inner = self.text.get(at + 1..end).unwrap_or_default();
        let mut tag = Tag::new(at, inner, name_len, empty);
        let depth = self.depth + 1;
        let attributes = inner.get(name_len..).unwrap_or_default();
        if attributes.contains("xmlns") {
            self.namespaces.declare(tag.raw_attributes(), depth);
        }
        tag.namespace = self.namespaces.resolve(tag.prefix());
        if empty {
            self.namespaces.leave(self.depth);
        } else {
            self.depth = depth;
        }
        tag
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.namespaces.leave(self.depth);
    }

    /// The raw span of the element that `tag` has just opened, and on to behind its end tag. Everything in it must be
    /// well-formed.
    pub(super) fn span(&mut self, tag: &Tag<'x>) -> Result<&'x str, Fault> {
        if tag.empty {
            return Ok("");
        }
        let start = self.position();
        let outside = self.depth.saturating_sub(1);
        let mut end = start;
        while self.depth > outside {
            self.check_depth(start)?;
            match self.step() {
                Step::Open(inner) if inner.is_entry() => return Err(Fault::unclosed(inner.at, tag)),
                Step::Open(_) => {}
                Step::Close { at, .. } => end = at,
                Step::Broken { at, syntax } => return Err(Fault::syntax(at, syntax)),
                Step::End => return Err(Fault::truncated(self)),
            }
        }
        Ok(self.text.get(start..end).unwrap_or_default())
    }

    /// The raw span of an element in which there is nothing but text, else nothing happens.
    pub(super) fn plain(&mut self, tag: &Tag<'x>) -> Option<Result<&'x str, Fault>> {
        let rest = self.reader.get_ref();
        let end = memchr(b'<', rest)?;
        let is_plain = rest
            .get(end + 1..)
            .is_some_and(|it| it.starts_with(b"/") || it.starts_with(b"![CDATA["));
        is_plain.then(|| self.span(tag))
    }

    /// The raw span of an element that holds HTML.
    ///
    /// Observed in Flickr's feeds of 2008: it is not always escaped, and it is not always well-formed, so it is not
    /// read as XML. It ends at the first end tag of its own name outside CDATA.
    pub(super) fn markup(&mut self, tag: &Tag<'x>, entry: &Tag<'x>) -> Result<&'x str, Fault> {
        if tag.empty {
            return Ok("");
        }
        let start = self.position();
        let mut at = start;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(skipped) = memchr(b'<', rest.as_bytes()) else {
                return Err(Fault::truncated(self));
            };
            at += skipped;
            let rest = rest.get(skipped + 1..).unwrap_or_default();
            if rest
                .strip_prefix('/')
                .is_some_and(|it| begins_with_name(it, tag.full_name))
            {
                break;
            }
            if begins_with_name(rest.strip_prefix('/').unwrap_or(rest), entry.full_name) {
                return Err(Fault::unclosed(at, tag));
            }
            if rest.starts_with("![CDATA[") {
                let Some(end) = memmem::find(rest.as_bytes(), b"]]>") else {
                    return Err(Fault::syntax(
                        at,
                        Syntax::Unclosed {
                            element: "![CDATA[".to_owned(),
                        },
                    ));
                };
                at += end;
            }
            at += 1;
        }
        self.pass(at - start);
        match self.step() {
            Step::Broken { at, syntax } => Err(Fault::syntax(at, syntax)),
            _ => Ok(self.text.get(start..at).unwrap_or_default()),
        }
    }

    /// Whether the element that is open here may be.
    pub(super) fn check_depth(&self, at: usize) -> Result<(), Fault> {
        if self.depth > DEPTH {
            Err(Fault {
                at,
                flaw: Flaw::TooDeep,
            })
        } else {
            Ok(())
        }
    }
}

fn reader_of(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    // After a jump the reader meets the end tags of elements that it has not seen opened.
    reader.config_mut().allow_unmatched_ends = true;
    reader
}

fn begins_with_name(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name).is_some_and(|it| {
        it.bytes()
            .next()
            .is_none_or(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/'))
    })
}
