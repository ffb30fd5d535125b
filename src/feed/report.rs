//! The outcome of reading, with notes that have places and stay few.

use super::flaw::clip;
use super::place::Ruler;
use super::{Feed, Flaw, NOTES, NotAFeed, Problem, Reason, Skipped, Syntax};
use crate::photo::PhotoEvent;

/// The [`Feed`] while it is being read: gives notes their places and keeps them few.
#[derive(Debug)]
pub(super) struct Report<'x> {
    feed: Feed,
    ruler: Ruler<'x>,
    further_problems: Further,
    further_skipped: Further,
    /// The first place where the document was not well-formed.
    malformed: Option<(usize, Syntax)>,
}

/// Notes beyond those that are kept.
#[derive(Debug, Default)]
struct Further {
    first: usize,
    count: usize,
}

impl Further {
    fn add(&mut self, at: usize) {
        if self.count == 0 {
            self.first = at;
        }
        self.count += 1;
    }
}

impl<'x> Report<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self {
            feed: Feed::default(),
            ruler: Ruler::new(text),
            further_problems: Further::default(),
            further_skipped: Further::default(),
            malformed: None,
        }
    }

    pub(super) fn event(&mut self, event: PhotoEvent) {
        self.feed.events.push(event);
    }

    pub(super) fn skipped(&mut self, at: usize, id: &str) {
        if self.feed.skipped.len() < NOTES {
            let at = self.ruler.place(at);
            self.feed.skipped.push(Skipped { id: clip(id), at });
        } else {
            self.further_skipped.add(at);
        }
    }

    pub(super) fn problem(&mut self, at: usize, entry: Option<&str>, flaw: Flaw) {
        if let (Flaw::Malformed(syntax), None) = (&flaw, &self.malformed) {
            self.malformed = Some((at, syntax.clone()));
        }
        if self.feed.problems.len() < NOTES {
            let at = self.ruler.place(at);
            self.feed.problems.push(Problem { at, entry: entry.map(clip), flaw });
        } else {
            self.further_problems.add(at);
        }
    }

    /// The end of the document is missing.
    pub(super) fn broke_off(&mut self) {
        self.feed.broke_off = true;
    }

    /// Ends the document; `read` says whether it was one.
    pub(super) fn finish(mut self, read: Result<(), (usize, Reason)>) -> Result<Feed, NotAFeed> {
        let refusal = match (read, self.malformed.take()) {
            (Err(refusal), _) => Some(refusal),
            (Ok(()), Some((at, syntax))) if self.feed.events.is_empty() && self.feed.skipped.is_empty() => {
                Some((at, Reason::Malformed(syntax)))
            }
            (Ok(()), _) => None,
        };
        if let Some((at, reason)) = refusal {
            return Err(NotAFeed::new(self.ruler.place(at), reason));
        }
        let further = [
            (self.further_problems.first, Flaw::FurtherProblems(self.further_problems.count)),
            (self.further_skipped.first, Flaw::FurtherSkipped(self.further_skipped.count)),
        ];
        for (first, flaw) in further {
            if !matches!(flaw, Flaw::FurtherProblems(0) | Flaw::FurtherSkipped(0)) {
                let at = self.ruler.place(first);
                self.feed.problems.push(Problem { at, entry: None, flaw });
            }
        }
        Ok(self.feed)
    }
}
