//! An XML document: finds the entries, and goes on behind the broken ones.

use super::cursor::{Cursor, Step};
use super::draft::{Outcome, removal};
use super::fault::Fault;
use super::flaw::clip;
use super::report::Report;
use super::tag::{Tag, next_entry};
use super::vocabulary::Entry;
use super::{ENTRIES, Flaw, Reason, Syntax, date, id, markup};

/// Bytes that may be read again because an entry turned out to be broken behind the next one's beginning (an
/// unclosed comment takes all the rest). Without a bound a hostile document would be read as often as it has entries.
const READ_AGAIN: usize = 16 * 1024 * 1024;

/// Reads the document, whose first byte is at `start` of what the report measures.
pub(super) fn read(text: &str, start: usize, report: &mut Report<'_>) -> Result<(), (usize, Reason)> {
    let mut cursor = Cursor::new(text);
    let mut root = match cursor.step() {
        Step::Open(tag) => tag,
        Step::Broken { at, syntax } => return Err((start + at, Reason::Malformed(syntax))),
        Step::Close { at, .. } => return Err((start + at, Reason::NoRoot)),
        Step::End => return Err((start + text.len(), Reason::NoRoot)),
    };
    if !matches!(root.name, "feed" | "rss" | "RDF" | "channel" | "entry" | "item" | "deleted-entry") {
        return Err((start + root.at, Reason::Root(clip(root.full_name))));
    }
    cursor.adopt(&mut root);
    // However broken its middle is, a whole document ends its root.
    if !root.empty && text.rfind(&format!("</{}", root.full_name)).is_none() {
        report.broke_off();
    }
    Document { cursor, report, start, root, entries: 0, read_again: 0 }.read();
    Ok(())
}

struct Document<'d, 'r, 'x> {
    cursor: Cursor<'x>,
    report: &'d mut Report<'r>,
    start: usize,
    root: Tag<'x>,
    entries: usize,
    read_again: usize,
}

impl<'x> Document<'_, '_, 'x> {
    fn read(&mut self) {
        if self.root.is_entry() {
            self.entry(self.root);
            return;
        }
        let mut closed = self.root.empty;
        while !closed {
            match self.cursor.step() {
                Step::Open(tag) if tag.is_entry() => {
                    if self.entries == ENTRIES {
                        return self.count_entries(tag.at);
                    }
                    if !self.entry(tag) {
                        return;
                    }
                }
                Step::Open(_) => {}
                Step::Close { name, .. } => closed = name == self.root.full_name,
                // Outside the entries nothing is read, so nothing there can be misunderstood.
                Step::Broken { syntax: Syntax::Misnested { closed: name, .. }, .. } => {
                    closed = name == self.root.full_name;
                }
                Step::Broken { at, syntax } => {
                    self.problem(Fault::syntax(at, syntax), None);
                    if !self.resume(at + 1) {
                        return;
                    }
                }
                Step::End => {
                    let fault = Fault::truncated(self.cursor.text().len());
                    return self.problem(fault, None);
                }
            }
        }
    }

    /// Reads one entry; false when there is no going on.
    fn entry(&mut self, tag: Tag<'x>) -> bool {
        self.entries += 1;
        if tag.is_tombstone() {
            self.tombstone(&tag);
            return true;
        }
        let depth = self.cursor.depth();
        let mut entry = Entry::new(&mut self.cursor, tag);
        let result = entry.read();
        let Entry { draft, mut flaws, .. } = entry;
        let name = draft.id.clone().or_else(|| draft.link.clone());
        let goes_on = match result {
            Ok(()) => {
                let at = self.start + draft.at;
                match draft.finish(&mut flaws) {
                    Outcome::Photo(event) => self.report.event(*event),
                    Outcome::Skipped(name) => self.report.skipped(at, &name),
                    Outcome::Nameless => self.report.problem(at, None, Flaw::Nameless),
                }
                true
            }
            Err(fault) => {
                self.problem(fault, name.as_deref());
                self.cursor.leave(depth.saturating_sub(1));
                self.resume(tag.at + 1)
            }
        };
        for (at, flaw) in flaws {
            self.report.problem(self.start + at, name.as_deref(), flaw);
        }
        goes_on
    }

    /// `at:deleted-entry`, RFC 6721 and its drafts: who is gone is in attributes, and the rest does not matter.
    fn tombstone(&mut self, tag: &Tag<'x>) {
        let (mut name, mut when) = (None, None);
        for (key, value) in tag.attributes() {
            match key {
                "ref" => name = Some(markup::value(value)),
                "when" => when = Some(markup::value(value)),
                _ => {}
            }
        }
        let at = self.start + tag.at;
        let Some(name) = name else {
            return self.report.problem(at, None, Flaw::Nameless);
        };
        let Some(photo) = id::of_name(&name) else {
            return self.report.skipped(at, &name);
        };
        let updated = when.as_deref().and_then(date::timestamp);
        self.report.event(removal(photo.to_owned(), updated));
        if let (Some(when), None) = (when, updated) {
            self.report.problem(at, Some(&name), Flaw::date("when", &when));
        }
    }

    /// Goes to the next entry that begins at `from` or later; false when there is none, or too much was read twice.
    fn resume(&mut self, from: usize) -> bool {
        let Some(next) = next_entry(self.cursor.text(), from) else {
            return false;
        };
        self.read_again += self.cursor.position().saturating_sub(next);
        if self.read_again > READ_AGAIN {
            self.report.problem(self.start + next, None, Flaw::GaveUp);
            return false;
        }
        self.cursor.jump(next);
        true
    }

    fn count_entries(&mut self, first: usize) {
        let mut count = 0;
        let mut next = Some(first);
        while let Some(at) = next {
            count += 1;
            next = next_entry(self.cursor.text(), at + 1);
        }
        self.report.problem(self.start + first, None, Flaw::FurtherEntries(count));
    }

    fn problem(&mut self, fault: Fault, entry: Option<&str>) {
        self.report.problem(self.start + fault.at, entry, fault.flaw);
    }
}
