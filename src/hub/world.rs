//! What happens on the practice Flickr: invented people post, fave, change and delete photos.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::hub::dice::Dice;
use crate::hub::people::{PEOPLE, Person};
use crate::hub::picture::{Picture, Subject};

mod photo;
mod places;
mod titles;

pub use photo::{Licence, Photo, Position};

/// Photos remembered at most, to be faved, changed or deleted later.
pub const MEMORY: usize = 200;

/// The practice Flickr. Deterministic: the seed and the times it is given decide everything.
#[derive(Debug)]
pub struct World {
    dice: Dice,
    base: Arc<str>,
    /// The newest number given out.
    number: u64,
    /// Subjects not shown yet in this round, so that a wall does not see one twice in a row.
    subjects: Vec<usize>,
    /// Oldest first.
    photos: VecDeque<Photo>,
}

/// Something happened to a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// The photo as it is since then; of a deletion, as it was.
    pub photo: Photo,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It was posted.
    Uploaded,
    /// This person faved it.
    Faved(&'static Person),
    /// Its title changed.
    Retitled,
    /// Its tags changed.
    Retagged,
    /// It is no more, or is private now; both look the same from outside.
    Deleted,
}

impl World {
    /// A world whose addresses begin with `base`, which has no slash at its end.
    #[must_use]
    pub fn new(seed: u64, base: String) -> Self {
        let mut dice = Dice::new(seed);
        // Where Flickr's numbers were in 2024; each seed begins somewhere else, so that runs do not repeat photos.
        let number = 53_000_000_000 + dice.below(1_000_000_000);
        Self { dice, base: base.into(), number, subjects: Vec::new(), photos: VecDeque::new() }
    }

    /// The next moment: mostly one upload, sometimes a few, now and then something about an earlier photo.
    pub fn step(&mut self, now: Timestamp) -> Vec<Happening> {
        let throw = self.dice.below(100);
        let earlier = match throw {
            0..76 => None,
            76..90 => self.fave(now),
            90..94 => self.retitle(now),
            94..97 => self.retag(now),
            _ => self.delete(now),
        };
        if let Some(happening) = earlier {
            return vec![happening];
        }
        let several = if self.dice.chance(8) { 2 + self.dice.index(2) } else { 1 };
        (0..several).map(|_| self.upload(now)).collect()
    }

    /// So many uploads at once, spread over the hour before `now`, oldest first.
    pub fn uploads(&mut self, count: u32, now: Timestamp) -> Vec<Happening> {
        let gap = SignedDuration::from_hours(1) / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
        (0..count)
            .rev()
            .map(|steps| {
                let ago = gap.saturating_mul(i32::try_from(steps).unwrap_or(i32::MAX));
                self.upload(now.checked_sub(ago).unwrap_or(now))
            })
            .collect()
    }

    fn upload(&mut self, now: Timestamp) -> Happening {
        let id = self.next_number();
        // Nobody posts in the moment of the shutter: minutes to three days later.
        let ago = SignedDuration::from_mins(i64::try_from(5 + self.dice.below(3 * 24 * 60)).unwrap_or(5));
        let photo = Photo::invent(id, Arc::clone(&self.base), now, now.checked_sub(ago).unwrap_or(now));
        if self.photos.len() == MEMORY {
            self.photos.pop_front();
        }
        self.photos.push_back(photo.clone());
        Happening { at: now, what: What::Uploaded, photo }
    }

    fn fave(&mut self, now: Timestamp) -> Option<Happening> {
        let index = self.earlier()?;
        let owner = self.photos.get(index)?.owner;
        // Nobody faves their own.
        let others: Vec<_> = PEOPLE.iter().filter(|person| *person != owner).collect();
        let fan = others.get(self.dice.index(others.len())).copied()?;
        self.change(index, now, What::Faved(fan))
    }

    fn retitle(&mut self, now: Timestamp) -> Option<Happening> {
        let index = self.earlier()?;
        let photo = self.photos.get_mut(index)?;
        photo.title = titles::revised(&mut self.dice, photo);
        self.change(index, now, What::Retitled)
    }

    fn retag(&mut self, now: Timestamp) -> Option<Happening> {
        let index = self.earlier()?;
        let photo = self.photos.get_mut(index)?;
        photo.tags.push(format!("round:number={}", self.dice.below(1000)));
        self.change(index, now, What::Retagged)
    }

    fn delete(&mut self, now: Timestamp) -> Option<Happening> {
        // Never the newest: it may be the one that everybody looks at.
        let index = self.earlier()?;
        let photo = self.photos.remove(index)?;
        Some(Happening { at: now, what: What::Deleted, photo })
    }

    fn change(&mut self, index: usize, now: Timestamp, what: What) -> Option<Happening> {
        let photo = self.photos.get_mut(index)?;
        photo.updated = now;
        Some(Happening { at: now, what, photo: photo.clone() })
    }

    /// The index of a photo that is not the newest.
    fn earlier(&mut self) -> Option<usize> {
        let older = self.photos.len().checked_sub(1).filter(|older| *older > 0)?;
        Some(self.dice.index(older))
    }

    /// A number above all before it, and of the subject whose turn it is.
    fn next_number(&mut self) -> u64 {
        if self.subjects.is_empty() {
            self.subjects = (0..Subject::ALL.len()).collect();
        }
        let subject = self.subjects.swap_remove(self.dice.index(self.subjects.len()));
        self.number += 1 + self.dice.below(90);
        while Picture::of(self.number).subject != Subject::ALL[subject] {
            self.number += 1;
        }
        self.number
    }
}

#[cfg(test)]
mod tests;
