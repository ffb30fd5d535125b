//! What a person may do, and when it is refused.
//!
//! A deed gives the [`Happening`] that the hub has to hear of, or none when it is nobody's business: what happens to a
//! private photo, and an unfave, of which no push by Flickr is known.

use jiff::Timestamp;

use crate::hub::people::Person;
use crate::hub::world::photo::{Fave, Photo, short, tidy};
use crate::hub::world::{Happening, LATELY, Position, What, World};

/// A photo to be posted. What is not said follows from the photo's number, as with everything that is invented.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// Its title; 255 characters of it are kept (documented of Flickr's upload).
    pub title: Option<String>,
    /// Its tags in any spelling.
    pub tags: Option<Vec<String>>,
    /// Where it was taken.
    pub position: Option<Position>,
    /// Whether its owner alone is to see it.
    pub private: bool,
}

/// Why somebody may not do what they wanted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It was never there, or was deleted or forgotten since.
    #[error("there is no such photo; it may have been deleted")]
    NotFound,
    /// It is private, and somebody else's.
    #[error("this photo is private; only its owner sees it")]
    Hidden,
    /// Only its owner may do this.
    #[error("only the owner of a photo may change it")]
    NotYours,
    /// Nobody faves their own.
    #[error("nobody can fave a photo of their own; choose another's")]
    OwnPhoto,
    /// They fave it already.
    #[error("this person faves this photo already")]
    AlreadyFaved,
    /// They do not fave it.
    #[error("this person does not fave this photo")]
    NotFaved,
    /// It is so already: the same person tagged, the same visibility.
    #[error("it is so already; nothing was changed")]
    Already,
}

impl World {
    /// `owner` posts a photo, whose number is chosen so that it names them: its page and picture can still be made from
    /// the number alone.
    pub fn upload(&mut self, owner: &Person, draft: Draft, now: Timestamp) -> (Photo, Option<Happening>) {
        let id = self.next_number(Some(owner));
        let mut photo = self.invent(id, now);
        photo.public = !draft.private;
        if let Some(title) = draft.title {
            photo.title = short(&title);
        }
        if let Some(tags) = draft.tags {
            photo.tags = tidy(tags.iter().map(String::as_str));
        }
        if draft.position.is_some() {
            photo.position = draft.position;
        }
        self.remember(photo.clone());
        let happening = photo.public.then(|| Happening { at: now, what: What::Uploaded, photo: photo.clone() });
        (photo, happening)
    }

    /// `fan` faves a photo.
    ///
    /// # Errors
    /// When there is none that they may see, when it is their own, or when they fave it already.
    pub fn fave(&mut self, fan: &'static Person, id: u64, now: Timestamp) -> Result<Option<Happening>, Refused> {
        let photo = self.seen(Some(fan), id)?;
        if photo.owner == fan {
            return Err(Refused::OwnPhoto);
        }
        if photo.faved_by(fan).is_some() {
            return Err(Refused::AlreadyFaved);
        }
        photo.faves.push(Fave { fan, at: now });
        let happening = happened(photo, What::Faved(fan), now);
        if self.lately.len() == LATELY {
            self.lately.pop_front();
        }
        self.lately.push_back((fan, id));
        Ok(happening)
    }

    /// `fan` faves it no more. Even when it has turned private meanwhile.
    ///
    /// # Errors
    /// When there is no such photo, or they do not fave it.
    pub fn unfave(&mut self, fan: &Person, id: u64) -> Result<(), Refused> {
        let photo = self.find(id).and_then(|at| self.photos.get_mut(at)).ok_or(Refused::NotFound)?;
        let at = photo.faves.iter().position(|fave| fave.fan == fan).ok_or(Refused::NotFaved)?;
        let fan = photo.faves.remove(at).fan;
        if !photo.past.fans.contains(&fan) {
            photo.past.fans.push(fan);
        }
        self.lately.retain(|(who, what)| (*who, *what) != (fan, id));
        Ok(())
    }

    /// `owner` gives it another title.
    ///
    /// # Errors
    /// When it is not theirs.
    pub fn retitle(
        &mut self,
        owner: &Person,
        id: u64,
        title: &str,
        now: Timestamp,
    ) -> Result<Option<Happening>, Refused> {
        let photo = self.own(owner, id)?;
        photo.title = short(title);
        Ok(happened(photo, What::Retitled, now))
    }

    /// `owner` gives it these tags in place of those that it has.
    ///
    /// # Errors
    /// When it is not theirs.
    pub fn retag<'t>(
        &mut self,
        owner: &Person,
        id: u64,
        tags: impl IntoIterator<Item = &'t str>,
        now: Timestamp,
    ) -> Result<Option<Happening>, Refused> {
        let photo = self.own(owner, id)?;
        let before = std::mem::replace(&mut photo.tags, tidy(tags));
        for tag in before {
            if !photo.tags.contains(&tag) && !photo.past.tags.contains(&tag) {
                photo.past.tags.push(tag);
            }
        }
        Ok(happened(photo, What::Retagged, now))
    }

    /// `owner` says that `person` is in the photo. It may be the owner.
    ///
    /// # Errors
    /// When it is not theirs, or the person is tagged in it already.
    pub fn tag_person(
        &mut self,
        owner: &Person,
        id: u64,
        person: &'static Person,
        now: Timestamp,
    ) -> Result<Option<Happening>, Refused> {
        let photo = self.own(owner, id)?;
        if photo.people.contains(&person) {
            return Err(Refused::Already);
        }
        photo.people.push(person);
        Ok(happened(photo, What::Tagged(person), now))
    }

    /// `owner` shows it to everybody, or to nobody else.
    ///
    /// # Errors
    /// When it is not theirs, or it is so already.
    pub fn set_public(
        &mut self,
        owner: &Person,
        id: u64,
        public: bool,
        now: Timestamp,
    ) -> Result<Option<Happening>, Refused> {
        let photo = self.own(owner, id)?;
        if photo.public == public {
            return Err(Refused::Already);
        }
        // It is everybody's business in both directions, so it is public while this happens.
        photo.public = true;
        let happening = happened(photo, if public { What::Shown } else { What::Hidden }, now);
        photo.public = public;
        self.hidden.retain(|it| *it != id);
        Ok(happening)
    }

    /// `owner` deletes it.
    ///
    /// # Errors
    /// When it is not theirs.
    pub fn delete(&mut self, owner: &Person, id: u64, now: Timestamp) -> Result<Option<Happening>, Refused> {
        self.own(owner, id)?;
        let photo = self.find(id).and_then(|at| self.photos.remove(at)).ok_or(Refused::NotFound)?;
        Ok(photo.public.then_some(Happening { at: now, what: What::Deleted, photo }))
    }

    /// The photo with this number as `viewer` sees it.
    fn seen(&mut self, viewer: Option<&Person>, id: u64) -> Result<&mut Photo, Refused> {
        let photo = self.find(id).and_then(|at| self.photos.get_mut(at)).ok_or(Refused::NotFound)?;
        if photo.is_seen_by(viewer) { Ok(photo) } else { Err(Refused::Hidden) }
    }

    fn own(&mut self, owner: &Person, id: u64) -> Result<&mut Photo, Refused> {
        let photo = self.seen(Some(owner), id)?;
        if photo.owner == owner { Ok(photo) } else { Err(Refused::NotYours) }
    }
}

fn happened(photo: &mut Photo, what: What, now: Timestamp) -> Option<Happening> {
    photo.updated = now;
    photo.public.then(|| Happening { at: now, what, photo: photo.clone() })
}
