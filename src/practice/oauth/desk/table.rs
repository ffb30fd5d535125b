//! A table that forgets its oldest rows.

use std::collections::{HashMap, VecDeque};

/// Rows by key, at most so many.
#[derive(Debug)]
pub(super) struct Table<T> {
    rows: HashMap<String, T>,
    /// Oldest first.
    order: VecDeque<String>,
    most: usize,
}

impl<T> Table<T> {
    /// A table of at most `most` rows.
    pub(super) fn new(most: usize) -> Self {
        Self { rows: HashMap::new(), order: VecDeque::new(), most }
    }

    /// Adds a row under a new key; the oldest makes room.
    pub(super) fn insert(&mut self, key: String, row: T) {
        if self.rows.insert(key.clone(), row).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.rows.remove(&oldest);
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.rows.get_mut(key)
    }

    /// Keeps only the rows that `keep` says.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.rows.retain(|_, row| keep(row));
        let rows = &self.rows;
        self.order.retain(|key| rows.contains_key(key));
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<T> {
        self.order.retain(|it| it != key);
        self.rows.remove(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_row_makes_room_and_a_removed_one_leaves_nothing_behind() {
        let mut table = Table::new(2);
        for key in ["a", "b", "b", "c"] {
            table.insert(key.to_owned(), key);
        }
        assert_eq!((table.get("a"), table.get("b"), table.get("c")), (None, Some(&"b"), Some(&"c")));
        assert_eq!(table.remove("b"), Some("b"));
        table.insert("d".to_owned(), "d");
        assert_eq!((table.get("c"), table.get("d")), (Some(&"c"), Some(&"d")));
        assert_eq!((table.rows.len(), table.order.len()), (2, 2));
    }
}
