//! Lines and columns, counted only when something is reported.

use std::fmt;

/// A point in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: u32,
    /// From 1, in characters. A byte order mark is none.
    pub column: u32,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Turns offsets into places.
///
/// Only notes need a place, they are few, and most come in the order of the document: so nothing is counted until one
/// is asked for, and counting goes on from the last one.
#[derive(Debug)]
pub(super) struct Ruler<'x> {
    text: &'x str,
    offset: usize,
    place: Place,
}

impl<'x> Ruler<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        Self { text, offset: 0, place: Place::START }
    }

    /// The place of the byte at `offset`, or of the end when there is no such byte.
    pub(super) fn place(&mut self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        let n_lines = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        if n_lines > 0 {
            self.place = Place { line: self.place.line.saturating_add(count(n_lines)), column: 1 };
        }
        let last_line = passed.rsplit('\n').next().unwrap_or_default();
        self.place.column = self.place.column.saturating_add(count(last_line.chars().count()));
        self.offset = offset;
        self.place
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_the_order_of_the_questions_does_not_matter() {
        let text = "ab\nमी x\n\nz";
        let cases = [(0, 1, 1), (1, 1, 2), (3, 2, 1), (9, 2, 3), (10, 2, 4), (12, 3, 1), (13, 4, 1), (99, 4, 2)];
        let mut ruler = Ruler::new(text);
        for (offset, line, column) in cases.into_iter().chain(cases.into_iter().rev()) {
            assert_eq!(ruler.place(offset), Place { line, column }, "offset {offset}");
        }
    }
}
