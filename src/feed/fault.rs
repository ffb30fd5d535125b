//! Why a part of a document cannot be read, and where it showed.

use super::flaw::clip;
use super::tag::Tag;
use super::{Flaw, Syntax};

/// A flaw and the offset at which it showed.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) flaw: Flaw,
}

impl Fault {
    pub(super) fn syntax(at: usize, syntax: Syntax) -> Self {
        Self { at, flaw: Flaw::Malformed(syntax) }
    }

    /// `tag` should have been closed before `at`.
    pub(super) fn unclosed(at: usize, tag: &Tag<'_>) -> Self {
        Self::syntax(at, Syntax::Unclosed { element: clip(tag.full_name) })
    }

    /// The document broke off, at its `end`.
    pub(super) fn truncated(end: usize) -> Self {
        Self::syntax(end, Syntax::Truncated)
    }
}
