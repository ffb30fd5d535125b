//! Looking at the world: what a viewer finds in it. Everything is newest first.

use jiff::Timestamp;

use crate::hub::people::{self, Person};
use crate::hub::world::{Photo, Position, Refused, World};
use crate::topic::Circle;

/// What to look for; all that is said has to hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Posted by one of these; by anybody when it is not said.
    pub owners: Option<Vec<&'static Person>>,
    /// With these tags, [normal](crate::topic::tag::normal).
    pub tags: Vec<String>,
    /// With all of the tags, and not just one or more.
    pub all_tags: bool,
    /// With this in the title or in a tag, upper or lower case.
    pub text: Option<String>,
    /// Taken here.
    pub within: Option<Within>,
    /// The position known this well or better, 1 to 16.
    pub accuracy: u8,
    /// With a position, or without one.
    pub has_position: Option<bool>,
    /// Posted not before.
    pub since: Option<Timestamp>,
    /// Posted not after.
    pub until: Option<Timestamp>,
    /// Taken not before.
    pub taken_since: Option<Timestamp>,
    /// Taken not after.
    pub taken_until: Option<Timestamp>,
    /// Under one of these licences, by number; 0 is all rights reserved.
    pub licences: Vec<u8>,
    /// Of the Commons only.
    pub commons: bool,
}

/// A part of the globe.
#[derive(Debug, Clone, PartialEq)]
pub enum Within {
    /// Around a point.
    Circle(Circle),
    /// Between two longitudes and two latitudes: west, south, east, north. West of its east, or it spans the date line.
    Box([f64; 4]),
    /// In a place, a country or a continent, by Where On Earth id.
    Woe(u32),
    /// In a place.
    Place(String),
}

impl World {
    /// One photo.
    ///
    /// # Errors
    /// When there is none, or `viewer` may not see it.
    pub fn photo(&self, id: u64, viewer: Option<&Person>) -> Result<&Photo, Refused> {
        let photo = self.find(id).and_then(|at| self.photos.get(at)).ok_or(Refused::NotFound)?;
        if photo.is_seen_by(viewer) { Ok(photo) } else { Err(Refused::Hidden) }
    }

    /// Everybody's.
    pub fn newest(&self, viewer: Option<&Person>) -> impl Iterator<Item = &Photo> {
        self.photos.iter().rev().filter(move |photo| photo.is_seen_by(viewer))
    }

    /// What `owner` posted.
    #[must_use]
    pub fn photos_of(&self, owner: &Person, viewer: Option<&Person>) -> Vec<&Photo> {
        self.newest(viewer).filter(|photo| photo.owner == owner).collect()
    }

    /// What the contacts of `person` posted, as that person sees it.
    #[must_use]
    pub fn photos_of_contacts(&self, person: &Person) -> Vec<&Photo> {
        let contacts = people::contacts(person.nsid);
        self.newest(Some(person)).filter(|photo| contacts.contains(&photo.owner)).collect()
    }

    /// In what `person` was tagged.
    #[must_use]
    pub fn photos_showing(&self, person: &Person, viewer: Option<&Person>) -> Vec<&Photo> {
        self.newest(viewer).filter(|photo| photo.people.contains(&person)).collect()
    }

    /// What `person` faves, the latest fave first, and since when.
    #[must_use]
    pub fn faves_of(&self, person: &Person, viewer: Option<&Person>) -> Vec<(&Photo, Timestamp)> {
        let faved = self.newest(viewer).filter_map(|photo| Some((photo, photo.faved_by(person)?)));
        let mut faves: Vec<_> = faved.collect();
        faves.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
        faves
    }

    /// What fits.
    #[must_use]
    pub fn search(&self, search: &Search, viewer: Option<&Person>) -> Vec<&Photo> {
        self.newest(viewer).filter(|photo| search.fits(photo)).collect()
    }
}

impl Search {
    fn fits(&self, photo: &Photo) -> bool {
        let has = |tag: &String| photo.tags.contains(tag);
        let tags =
            self.tags.is_empty() || if self.all_tags { self.tags.iter().all(has) } else { self.tags.iter().any(has) };
        let text = self.text.as_ref().is_none_or(|text| {
            let text = text.to_lowercase();
            photo.title.to_lowercase().contains(&text) || photo.tags.iter().any(|tag| tag.contains(&text))
        });
        let here = self.within.as_ref().is_none_or(|within| photo.position.is_some_and(|it| within.holds(&it)));
        let exact = self.accuracy <= 1 || photo.position.is_some_and(|it| it.accuracy >= self.accuracy);
        tags && text
            && here
            && exact
            && self.owners.as_ref().is_none_or(|them| them.contains(&photo.owner))
            && self.has_position.is_none_or(|has| has == photo.position.is_some())
            && self.since.is_none_or(|since| photo.published >= since)
            && self.until.is_none_or(|until| photo.published <= until)
            && self.taken_since.is_none_or(|since| photo.taken >= since)
            && self.taken_until.is_none_or(|until| photo.taken <= until)
            && (self.licences.is_empty() || self.licences.contains(&photo.licence.map_or(0, |it| it.number())))
            && (!self.commons || photo.owner.is_institution())
    }
}

impl Within {
    fn holds(&self, position: &Position) -> bool {
        let (latitude, longitude) = (position.latitude, position.longitude);
        match self {
            Self::Circle(circle) => circle.distance_km(latitude, longitude) <= circle.radius_km,
            Self::Box([west, south, east, north]) => {
                let between = if west <= east {
                    (*west..=*east).contains(&longitude)
                } else {
                    longitude >= *west || longitude <= *east
                };
                between && (*south..=*north).contains(&latitude)
            }
            Self::Woe(id) => position.place.is_some_and(|place| place.woe_ids().contains(id)),
            Self::Place(id) => position.place.is_some_and(|place| place.place_id() == *id),
        }
    }
}
