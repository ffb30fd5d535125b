//! One invented photo.

use std::sync::Arc;

use jiff::Timestamp;

use crate::hub::dice::Dice;
use crate::hub::people::{PEOPLE, Person};
use crate::hub::picture::{Picture, SERVER, Size};
use crate::hub::world::{places, titles};

/// A photo as it is at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Its number.
    pub id: u64,
    /// Who posted it.
    pub owner: &'static Person,
    /// Any text, `<` and nothing at all included.
    pub title: String,
    /// Without spaces.
    pub tags: Vec<String>,
    /// Where it was taken, for those who say so.
    pub position: Option<Position>,
    /// What may be done with it; none means all rights reserved.
    pub licence: Option<Licence>,
    /// When it was posted.
    pub published: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// When it was taken.
    pub taken: Timestamp,
    base: Arc<str>,
}

/// A point on the globe, degrees, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

/// A Creative Commons licence, by the address of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Licence(pub &'static str);

const LICENCES: [Licence; 4] = [
    Licence("https://creativecommons.org/licenses/by/2.0/deed.en"),
    Licence("https://creativecommons.org/licenses/by-nc-sa/2.0/deed.en"),
    Licence("https://creativecommons.org/licenses/by-sa/2.0/deed.en"),
    Licence("https://creativecommons.org/publicdomain/zero/1.0/deed.en"),
];

impl Photo {
    /// The photo with this number, as it was posted. All but the times follows from the number.
    #[must_use]
    pub fn invent(id: u64, base: Arc<str>, published: Timestamp, taken: Timestamp) -> Self {
        let mut dice = Dice::new(id ^ 0x0070_686f_746f);
        let subject = Picture::of(id).subject;
        let owner = dice.pick(&PEOPLE);
        Self {
            id,
            owner,
            title: titles::title(&mut dice, subject, owner.language),
            tags: titles::tags(&mut dice, subject),
            position: dice.chance(65).then(|| places::near(&mut dice, subject)),
            licence: dice.chance(35).then(|| *dice.pick(&LICENCES)),
            published,
            updated: published,
            taken,
            base,
        }
    }

    /// Its picture.
    #[must_use]
    pub fn picture(&self) -> Picture {
        Picture::of(self.id)
    }

    /// The address of its picture in this size.
    #[must_use]
    pub fn image(&self, size: Size) -> String {
        format!("{}/{SERVER}/{}", self.base, self.picture().file(size))
    }

    /// Its page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/photos/{}/{}/", self.base, self.owner.nsid, self.id)
    }

    /// Somebody's page on the same Flickr.
    #[must_use]
    pub fn profile(&self, person: &Person) -> String {
        format!("{}/people/{}/", self.base, person.nsid)
    }

    /// Somebody's icon on the same Flickr.
    #[must_use]
    pub fn icon(&self, person: &Person) -> String {
        format!("{}/buddyicons/{}.jpg", self.base, person.nsid)
    }
}
