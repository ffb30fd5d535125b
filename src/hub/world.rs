//! What happens on the practice Flickr: invented people post, fave, change, hide and delete photos.
//!
//! Things happen [by themselves](World::step), and because somebody [does](World::fave) them: a REST call, or a human who
//! plays one of the people. Both go the same way, so both are refused for the same reasons.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::hub::dice::Dice;
use crate::hub::people::{ACCOUNTS, Person};
use crate::hub::picture::{Picture, Subject};

mod concerns;
mod deeds;
mod life;
mod photo;
mod places;
mod search;
mod titles;

pub use deeds::{Draft, Refused};
pub use photo::{Fave, Licence, Photo};
pub use places::{Place, Position};
pub use search::{Search, Within};

/// Photos remembered at most, to be looked at, faved, changed or deleted later. Beyond it the oldest is forgotten,
/// without a word to anybody.
pub const MEMORY: usize = 2_000;

/// Faves remembered at most as what somebody's contacts liked lately.
const LATELY: usize = 64;

/// Photos remembered at most as hidden by themselves.
const HIDDEN: usize = 64;

/// The practice Flickr. Deterministic: the seed, the times it is given and the deeds decide everything.
#[derive(Debug)]
pub struct World {
    dice: Dice,
    base: Arc<str>,
    /// The newest number given out.
    number: u64,
    /// Subjects not shown yet in this round, so that a wall does not see one twice in a row.
    subjects: Vec<usize>,
    /// Oldest first, so their numbers grow.
    photos: VecDeque<Photo>,
    /// The latest faves, oldest first: who, and of which photo.
    lately: VecDeque<(&'static Person, u64)>,
    /// What was hidden by itself, and may be shown by itself again. What a human hides stays hidden.
    hidden: VecDeque<u64>,
}

/// Something happened to a photo that others may know of.
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
    /// This person was tagged in it.
    Tagged(&'static Person),
    /// It is private now. From outside this looks like a deletion (said in the talk on Flickr's push).
    Hidden,
    /// It was private, and is public again. From outside this looks like an upload.
    Shown,
    /// It is no more.
    Deleted,
}

impl What {
    /// Whether the photo is gone for everybody but its owner.
    #[must_use]
    pub const fn is_removal(self) -> bool {
        matches!(self, Self::Hidden | Self::Deleted)
    }
}

impl World {
    /// A world whose addresses begin with `base`, which has no slash at its end.
    #[must_use]
    pub fn new(seed: u64, base: String) -> Self {
        let mut dice = Dice::new(seed);
        // Where Flickr's numbers were in 2024; each seed begins somewhere else, so that runs do not repeat photos.
        let number = 53_000_000_000 + dice.below(1_000_000_000);
        Self {
            dice,
            base: base.into(),
            number,
            subjects: Vec::new(),
            photos: VecDeque::new(),
            lately: VecDeque::new(),
            hidden: VecDeque::new(),
        }
    }

    /// So many uploads at once, spread over the hour before `now`, oldest first.
    pub fn uploads(&mut self, count: u32, now: Timestamp) -> Vec<Happening> {
        let gap = SignedDuration::from_hours(1) / i32::try_from(count.max(1)).unwrap_or(i32::MAX);
        (0..count)
            .rev()
            .map(|steps| {
                let ago = gap.saturating_mul(i32::try_from(steps).unwrap_or(i32::MAX));
                self.post(now.checked_sub(ago).unwrap_or(now))
            })
            .collect()
    }

    /// Somebody posts something.
    fn post(&mut self, now: Timestamp) -> Happening {
        let id = self.next_number(None);
        let photo = self.invent(id, now);
        self.remember(photo.clone());
        Happening { at: now, what: What::Uploaded, photo }
    }

    fn invent(&mut self, id: u64, now: Timestamp) -> Photo {
        // Nobody posts in the moment of the shutter: minutes to three days later.
        let ago = SignedDuration::from_mins(i64::try_from(5 + self.dice.below(3 * 24 * 60)).unwrap_or(5));
        Photo::invent(id, Arc::clone(&self.base), now, now.checked_sub(ago).unwrap_or(now))
    }

    fn remember(&mut self, photo: Photo) {
        if self.photos.len() == MEMORY {
            self.photos.pop_front();
        }
        self.photos.push_back(photo);
    }

    fn find(&self, id: u64) -> Option<usize> {
        self.photos.binary_search_by_key(&id, |photo| photo.id).ok()
    }

    /// A number above all before it, of the subject whose turn it is, and such that `owner` is its owner.
    fn next_number(&mut self, owner: Option<&Person>) -> u64 {
        // No number names somebody who has no account.
        let owner = owner.filter(|owner| ACCOUNTS.contains(owner));
        if self.subjects.is_empty() {
            self.subjects = (0..Subject::ALL.len()).collect();
        }
        let subject = self.subjects.swap_remove(self.dice.index(self.subjects.len()));
        self.number += 1 + self.dice.below(90);
        while Picture::of(self.number).subject != Subject::ALL[subject]
            || owner.is_some_and(|owner| photo::owner(self.number) != owner)
        {
            self.number += 1;
        }
        self.number
    }
}

#[cfg(test)]
mod tests;
