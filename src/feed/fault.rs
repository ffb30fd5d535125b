use super::cursor::Cursor;
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
        Self::syntax(cursor.text().len(), Syntax::Truncated)
    }
}
