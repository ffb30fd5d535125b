//! One invented photo.

use std::sync::Arc;

use jiff::Timestamp;

use crate::hub::dice::Dice;
use crate::hub::people::{ACCOUNTS, Person};
use crate::hub::picture::{Picture, SERVER, Size};
use crate::hub::world::places::{self, Position};
use crate::hub::world::titles;
use crate::topic::tag;

/// A photo as it is at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Its number.
    pub id: u64,
    /// Who posted it.
    pub owner: &'static Person,
    /// Any text, `<` and nothing at all included.
    pub title: String,
    /// [Normal](tag::normal), without repeats.
    pub tags: Vec<String>,
    /// Where it was taken, for those who say so.
    pub position: Option<Position>,
    /// Who was tagged in it, in that order.
    pub people: Vec<&'static Person>,
    /// Who faves it, earliest first.
    pub faves: Vec<Fave>,
    /// Whether everybody may see it. Otherwise its owner alone may: this Flickr knows no friends and no family.
    pub public: bool,
    /// What may be done with it; none means all rights reserved.
    pub licence: Option<Licence>,
    /// When it was posted.
    pub published: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// When it was taken.
    pub taken: Timestamp,
    base: Arc<str>,
    /// Fans and tags that it has no more. Whoever heard of it through them has to hear when it is taken away.
    pub(super) past: Past,
}

/// Somebody faves a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fave {
    /// Who.
    pub fan: &'static Person,
    /// Since when.
    pub at: Timestamp,
}

/// What a photo once had.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Past {
    pub(super) fans: Vec<&'static Person>,
    pub(super) tags: Vec<String>,
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

/// What institutions of the Commons say of all their photos.
const NO_KNOWN_RESTRICTIONS: Licence = Licence("https://www.flickr.com/commons/usage/");

impl Licence {
    /// Its number in the REST API (documented of `flickr.photos.licenses.getInfo`). All rights reserved is 0.
    #[must_use]
    pub fn number(self) -> u8 {
        match LICENCES.iter().position(|it| *it == self) {
            Some(0) => 4,
            Some(1) => 1,
            Some(2) => 5,
            Some(_) => 9,
            None => 7,
        }
    }
}

/// Who posts the photo with this number, unless told otherwise: [`Photo::invent`] begins with the same throw.
pub(super) fn owner(id: u64) -> &'static Person {
    throws(id).pick(&ACCOUNTS)
}

fn throws(id: u64) -> Dice {
    Dice::new(id ^ 0x0070_686f_746f)
}

/// Tags as a photo keeps them, at most as many as Flickr allows (documented of its help pages: 75).
pub(super) fn tidy<'t>(tags: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for tag in tags.into_iter().map(tag::normal).filter(|it| !it.is_empty()) {
        if kept.len() < 75 && !kept.contains(&tag) {
            kept.push(tag.chars().take(tag::MAX_LEN).collect());
        }
    }
    kept
}

/// A title as long as Flickr takes it: 255 characters.
pub(super) fn short(title: &str) -> String {
    title.chars().take(255).collect()
}

impl Photo {
    /// The photo with this number, as it was posted. All but the times follows from the number.
    #[must_use]
    pub fn invent(id: u64, base: Arc<str>, published: Timestamp, taken: Timestamp) -> Self {
        let mut dice = throws(id);
        let subject = Picture::of(id).subject;
        let owner: &'static Person = dice.pick(&ACCOUNTS);
        Self {
            id,
            owner,
            title: titles::title(&mut dice, subject, owner.language),
            tags: titles::tags(&mut dice, subject),
            position: dice.chance(65).then(|| places::near(&mut dice, subject)),
            people: Vec::new(),
            faves: Vec::new(),
            public: true,
            licence: if owner.is_institution() {
                Some(NO_KNOWN_RESTRICTIONS)
            } else {
                dice.chance(35).then(|| *dice.pick(&LICENCES))
            },
            published,
            updated: published,
            taken,
            base,
            past: Past::default(),
        }
    }

    /// Whether this viewer may see it; nobody in particular when there is none.
    #[must_use]
    pub fn is_seen_by(&self, viewer: Option<&Person>) -> bool {
        self.public || viewer == Some(self.owner)
    }

    /// When this person faved it, if they do.
    #[must_use]
    pub fn faved_by(&self, fan: &Person) -> Option<Timestamp> {
        self.faves.iter().find(|fave| fave.fan == fan).map(|fave| fave.at)
    }

    /// Whether this person faved it once, and does no more.
    #[must_use]
    pub fn was_faved_by(&self, fan: &'static Person) -> bool {
        self.past.fans.contains(&fan)
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
