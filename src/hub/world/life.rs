//! What happens by itself: who does what next.

use jiff::Timestamp;

use crate::hub::people::{self, ACCOUNTS, Person};
use crate::hub::world::{HIDDEN, Happening, Photo, World, titles};

/// How far back people look for something to fave or to change, in photos.
const ATTENTION: usize = 300;

/// How many of their contacts' newest photos somebody looks at before they fave one.
const GLANCE: usize = 12;

impl World {
    /// The next moment: mostly one upload, sometimes a few, now and then something about an earlier photo.
    pub fn step(&mut self, now: Timestamp) -> Vec<Happening> {
        let throw = self.dice.below(100);
        let earlier = match throw {
            0..74 => None,
            74..89 => self.somebody_faves(now),
            89..92 => self.somebody_retitles(now),
            92..95 => self.somebody_retags(now),
            95..97 => self.somebody_tags_a_person(now),
            97 => self.somebody_hides_or_shows(now),
            _ => self.somebody_deletes(now),
        };
        if let Some(happening) = earlier {
            return vec![happening];
        }
        let several = if self.dice.chance(8) { 2 + self.dice.index(2) } else { 1 };
        (0..several).map(|_| self.post(now)).collect()
    }

    /// Faves percolate, as the talk on Flickr's push tells of: people fave what a contact faved, or what a contact
    /// posted, and seldom anything else.
    fn somebody_faves(&mut self, now: Timestamp) -> Option<Happening> {
        let fan: &'static Person = self.dice.pick(&ACCOUNTS);
        let contacts = people::contacts(fan.nsid);
        let candidates: Vec<u64> = match self.dice.below(100) {
            0..55 => {
                let liked = self.lately.iter().filter(|(who, _)| contacts.contains(who));
                let found = liked.filter_map(|(_, id)| self.find(*id).and_then(|at| self.photos.get(at)));
                found.filter(|photo| may_fave(fan, photo)).map(|photo| photo.id).collect()
            }
            55..90 => {
                let posted = self.recent().filter(|photo| contacts.contains(&photo.owner));
                posted.filter(|photo| may_fave(fan, photo)).map(|photo| photo.id).take(GLANCE).collect()
            }
            _ => Vec::new(),
        };
        let candidates = if candidates.is_empty() {
            self.recent().filter(|photo| may_fave(fan, photo)).map(|photo| photo.id).collect()
        } else {
            candidates
        };
        let id = *candidates.get(self.dice.index(candidates.len()))?;
        self.fave(fan, id, now).ok().flatten()
    }

    pub(super) fn somebody_retitles(&mut self, now: Timestamp) -> Option<Happening> {
        let photo = self.earlier()?;
        let title = titles::revised(&mut self.dice, &photo);
        self.retitle(photo.owner, photo.id, &title, now).ok().flatten()
    }

    fn somebody_retags(&mut self, now: Timestamp) -> Option<Happening> {
        let photo = self.earlier()?;
        let more = format!("round:number={}", self.dice.below(1000));
        let tags = photo.tags.iter().map(String::as_str).chain([more.as_str()]);
        self.retag(photo.owner, photo.id, tags, now).ok().flatten()
    }

    fn somebody_tags_a_person(&mut self, now: Timestamp) -> Option<Happening> {
        let photo = self.earlier()?;
        let mut known = people::contacts(photo.owner.nsid);
        known.push(photo.owner);
        known.retain(|person| !person.is_institution() && !photo.people.contains(person));
        let person = *known.get(self.dice.index(known.len()))?;
        self.tag_person(photo.owner, photo.id, person, now).ok().flatten()
    }

    fn somebody_hides_or_shows(&mut self, now: Timestamp) -> Option<Happening> {
        if !self.hidden.is_empty() && self.dice.chance(50) {
            let id = self.hidden.pop_front()?;
            let owner = self.find(id).and_then(|at| self.photos.get(at))?.owner;
            return self.set_public(owner, id, true, now).ok().flatten();
        }
        let photo = self.earlier()?;
        let happening = self.set_public(photo.owner, photo.id, false, now).ok().flatten()?;
        if self.hidden.len() == HIDDEN {
            self.hidden.pop_front();
        }
        self.hidden.push_back(photo.id);
        Some(happening)
    }

    fn somebody_deletes(&mut self, now: Timestamp) -> Option<Happening> {
        let photo = self.earlier()?;
        self.delete(photo.owner, photo.id, now).ok().flatten()
    }

    /// The photos that people look at, newest first.
    fn recent(&self) -> impl Iterator<Item = &Photo> {
        self.photos.iter().rev().take(ATTENTION)
    }

    /// A public photo that is not the newest: that one may be what everybody looks at.
    fn earlier(&mut self) -> Option<Photo> {
        let count = self.recent().skip(1).filter(|photo| photo.public).count();
        let at = self.dice.index(count);
        self.recent().skip(1).filter(|photo| photo.public).nth(at).cloned()
    }
}

fn may_fave(fan: &Person, photo: &Photo) -> bool {
    photo.public && photo.owner != fan && photo.faved_by(fan).is_none()
}
