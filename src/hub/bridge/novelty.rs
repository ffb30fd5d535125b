//! What is new in an answer: a pure comparison with what is remembered.
//!
//! Dates decide nothing here, since owners set them as they like: what counts is whether a photo was there before, and
//! where it stands in the list. Flickr's lists have the newest first.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::photo::PhotoEvent;

/// Photos of one source that are remembered; the longest unseen are forgotten first.
pub const REMEMBERED: usize = 300;

/// What one source has shown so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    prints: HashMap<String, Print>,
    /// Least lately seen first.
    order: VecDeque<String>,
    /// The last answer, in its order.
    last: Vec<String>,
    /// There was an answer, be it an empty one.
    begun: bool,
}

/// What a photo looked like, as far as a change of it is worth telling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Print {
    title: u32,
    tags: u32,
    picture: u32,
}

/// What an answer says that was not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Items of the answer that are new, the newest first.
    pub arrived: Vec<usize>,
    /// Items that changed, and in what: a value of `flickr:update/@type`.
    pub changed: Vec<(usize, &'static str)>,
    /// Photos that were in the last answer and are missing from the midst of this one.
    pub missing: Vec<String>,
    /// What is to be remembered.
    pub seen: Vec<(String, Print)>,
}

impl Memory {
    /// What was remembered before a restart, the longest unseen first.
    pub fn restored(items: impl IntoIterator<Item = (String, Print)>) -> Self {
        let mut memory = Self::default();
        for (photo, print) in items {
            memory.begun = true;
            memory.remember(photo, print);
        }
        memory
    }

    /// Whether nothing was ever asked of it.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        !self.begun
    }

    /// Whether it has shown this photo.
    #[must_use]
    pub fn knows(&self, photo: &PhotoEvent) -> bool {
        self.prints.contains_key(&photo.id)
    }

    /// Compares an answer, newest first, with what is known, and remembers it. `full` says that there may be more behind
    /// its end.
    ///
    /// At first everything is new. Later, what is unknown and stands behind all that is known has only moved up from
    /// behind the end, when there is an end; it is remembered without a word.
    pub fn compare(&mut self, answer: &[PhotoEvent], full: bool) -> News {
        let fresh = self.is_fresh();
        let mut news = News::default();
        let last_known = answer.iter().rposition(|it| self.prints.contains_key(&it.id));
        let mut here = HashSet::new();
        for (at, event) in answer.iter().enumerate() {
            // Of what is there twice the first counts.
            if !here.insert(event.id.as_str()) {
                continue;
            }
            let print = Print::of(event);
            match self.prints.get(&event.id) {
                None if fresh || !full || last_known.is_none_or(|known| at < known) => news.arrived.push(at),
                None => {}
                Some(before) => news.changed.extend(before.changed(&print).map(|what| (at, what))),
            }
            if self.prints.get(&event.id) != Some(&print) {
                news.seen.push((event.id.clone(), print));
            }
        }
        // Missing with others behind it: it did not just fall off the end. The end of a list that is not full hides none.
        let behind = |at: usize| self.last.iter().skip(at + 1).any(|it| here.contains(it.as_str()));
        let gone =
            self.last.iter().enumerate().filter(|(at, it)| !here.contains(it.as_str()) && (!full || behind(*at)));
        news.missing = gone.map(|(_, it)| it.clone()).collect();
        self.begun = true;
        self.last = answer.iter().map(|it| it.id.clone()).collect();
        for event in answer.iter().rev() {
            self.remember(event.id.clone(), Print::of(event));
        }
        news
    }

    /// As if it had never been there: when it comes back it is new.
    pub fn forget(&mut self, photo: &str) {
        self.prints.remove(photo);
        self.order.retain(|it| it != photo);
        self.last.retain(|it| it != photo);
    }

    fn remember(&mut self, photo: String, print: Print) {
        if self.prints.insert(photo.clone(), print).is_some() {
            self.order.retain(|it| *it != photo);
        }
        self.order.push_back(photo);
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.prints.remove(&oldest);
            }
        }
    }
}

impl Print {
    /// That of a photo.
    #[must_use]
    pub fn of(event: &PhotoEvent) -> Self {
        // The picture's file says when it was rotated or replaced: its secret changes.
        let file = |url: &str| url.rsplit('/').next().unwrap_or_default().split('.').next().map(str::to_owned);
        let secret = event
            .images
            .first()
            .and_then(|it| file(&it.url))
            .map(|file| file.split('_').nth(1).unwrap_or_default().to_owned());
        let mut tags: Vec<_> = event.tags.iter().map(String::as_str).collect();
        tags.sort_unstable();
        let said = |text: &Option<String>| print(text.as_deref().unwrap_or_default());
        Self { title: said(&event.title), tags: print(&tags.join(" ")), picture: said(&secret) }
    }

    fn changed(self, now: &Self) -> Option<&'static str> {
        // One word for a change of several: each entry says all about its photo.
        if self.title != now.title {
            Some("title")
        } else if self.picture != now.picture {
            Some("photo_url")
        } else {
            (self.tags != now.tags).then_some("tags")
        }
    }
}

/// A short hash, the same with every compiler: it is kept on disk.
fn print(text: &str) -> u32 {
    Sha256::digest(text).iter().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

impl fmt::Display for Print {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}{:08x}{:08x}", self.title, self.tags, self.picture)
    }
}

impl FromStr for Print {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |range: std::ops::Range<usize>| u32::from_str_radix(text.get(range).unwrap_or_default(), 16);
        Ok(Self { title: part(0..8)?, tags: part(8..16)?, picture: part(16..24)? })
    }
}

#[cfg(test)]
mod tests;
