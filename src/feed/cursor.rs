//! The way through an XML document: tags by quick-xml, raw spans by a byte search.

use std::io::BufRead as _;

use memchr::{memchr, memmem};
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use super::fault::Fault;
use super::flaw::clip;
use super::namespace::{Namespace, Namespaces};
use super::tag::{Tag, begins_with_name};
use super::{DEPTH, Flaw, Syntax};

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
    /// Elements that may be.
    deepest: usize,
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

impl<'x> Cursor<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self { text, reader: reader_of(text), namespaces: Namespaces::default(), depth: 0, deepest: DEPTH }
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

    /// Begins the entry that has just been opened; depth is counted from here. Returns its depth.
    pub(super) fn enter(&mut self) -> usize {
        self.deepest = self.depth + DEPTH;
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
                    let syntax = Syntax::Misnested { open: clip(&expected), closed: clip(&found) };
                    return Step::Broken { at, syntax };
                }
                Err(Error::IllFormed(_)) => {}
                Err(error) => {
                    if !matches!(error, Error::Syntax(SyntaxError::InvalidBangMarkup)) {
                        // The reader has looked for an end in all that is left, see `xml::READ_AGAIN`.
                        self.pass(self.reader.get_ref().len());
                    }
                    return Step::Broken { at, syntax: Syntax::Other(error.to_string()) };
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
                Step::End => return Err(Fault::truncated(self.text().len())),
            }
        }
        Ok(self.text.get(start..end).unwrap_or_default())
    }

    /// The raw span of an element in which there is nothing but text, else nothing happens.
    pub(super) fn plain(&mut self, tag: &Tag<'x>) -> Option<Result<&'x str, Fault>> {
        let rest = self.reader.get_ref();
        let end = memchr(b'<', rest)?;
        let is_plain = rest.get(end + 1..).is_some_and(|it| it.starts_with(b"/") || it.starts_with(b"![CDATA["));
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
                self.pass(self.text.len() - start);
                return Err(Fault::truncated(self.text().len()));
            };
            at += skipped;
            let rest = rest.get(skipped + 1..).unwrap_or_default();
            if rest.strip_prefix('/').is_some_and(|it| begins_with_name(it, tag.full_name)) {
                break;
            }
            if begins_with_name(rest.strip_prefix('/').unwrap_or(rest), entry.full_name) {
                return Err(Fault::unclosed(at, tag));
            }
            if rest.starts_with("![CDATA[") {
                let Some(end) = memmem::find(rest.as_bytes(), b"]]>") else {
                    // What was searched counts as read, see `xml::READ_AGAIN`.
                    self.pass(self.text.len() - start);
                    return Err(Fault::syntax(at, Syntax::Unclosed { element: "![CDATA[".to_owned() }));
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
        if self.depth > self.deepest { Err(Fault { at, flaw: Flaw::TooDeep }) } else { Ok(()) }
    }
}

fn reader_of(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    // After a jump the reader meets the end tags of elements that it has not seen opened.
    reader.config_mut().allow_unmatched_ends = true;
    reader
}
