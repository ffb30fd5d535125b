//! Whom a happening concerns, and as what it waits: the world's side of the hub engine.
//!
//! - An **update** (an upload, a title, tags, public again) concerns the followers of the owner, the owner, the people
//!   tagged in the photo and their followers, and whoever wants its tags, its spot or its institution.
//! - A **fave** concerns the fan's followers and the fan, and nobody else: to those who want the photo itself it is no
//!   news.
//! - **Tagging a person** makes the photo new to those who want photos of that person, and is no news to anybody else:
//!   `photos_of_contacts` "fires when a contact is people-tagged". Flickr's known types of updates have none for it
//!   (`notes` is a rectangle with text on a photo), so it goes out as `created`, which subscribers read as "new to this
//!   topic". It waits under a name of its own, so that it does not take the place of the upload itself, and goes to
//!   everybody who is tagged, so that the second of two does not take the place of the first.
//! - A **removal** concerns everybody who could have heard of the photo: all of the above, with all its fans, and with
//!   the tags and fans that it has no more. Its owner as well, since their screens may be seen by others.

use std::collections::HashSet;

use crate::hub::atom;
use crate::hub::people::{self, Person};
use crate::hub::task::{Concerns, Key, Spot, Task, Why};
use crate::hub::world::{Happening, Photo, Position, What, World};
use crate::topic::{Kind, tag};

impl World {
    /// What the hub engine has to know of a happening.
    #[must_use]
    pub fn task(happening: &Happening) -> Task {
        let why = match happening.what {
            What::Uploaded | What::Shown => Why::Update("created"),
            What::Faved(fan) => Why::Fave(fan.nsid.to_owned()),
            What::Retitled => Why::Update("title"),
            What::Retagged => Why::Update("tags"),
            What::Tagged(_) => Why::Update("people"),
            What::Hidden | What::Deleted => Why::Removed,
        };
        let key = Key { photo: happening.photo.id, why };
        Task { key, concerns: concerns(happening), element: atom::element(happening) }
    }
}

fn concerns(happening: &Happening) -> Concerns {
    let photo = &happening.photo;
    let mut concerns = Concerns::default();
    match happening.what {
        What::Faved(fan) => concerns.accounts.extend(fan_and_followers(fan)),
        What::Tagged(_) => concerns.accounts.extend(people_and_followers(photo)),
        What::Uploaded | What::Shown | What::Retitled | What::Retagged => everything(&mut concerns, photo),
        What::Hidden | What::Deleted => {
            everything(&mut concerns, photo);
            let fans = photo.faves.iter().map(|fave| fave.fan).chain(photo.past.fans.iter().copied());
            concerns.accounts.extend(fans.flat_map(fan_and_followers));
            concerns.tags.extend(photo.past.tags.iter().map(|it| tag::normal(it)));
        }
    }
    let mut seen = HashSet::new();
    concerns.accounts.retain(|account| seen.insert(account.clone()));
    concerns
}

fn everything(concerns: &mut Concerns, photo: &Photo) {
    concerns.accounts.extend(followers(photo.owner, Kind::ContactsPhotos));
    concerns.accounts.push((Kind::MyPhotos, photo.owner.nsid.to_owned()));
    concerns.accounts.extend(people_and_followers(photo));
    concerns.tags.extend(photo.tags.iter().map(|it| tag::normal(it)).filter(|it| !it.is_empty()));
    concerns.spot = photo.position.map(spot);
    concerns.institution = photo.owner.is_institution().then(|| photo.owner.nsid.to_owned());
}

fn people_and_followers(photo: &Photo) -> impl Iterator<Item = (Kind, String)> {
    photo.people.iter().flat_map(|person| {
        followers(person, Kind::PhotosOfContacts).chain([(Kind::PhotosOfMe, person.nsid.to_owned())])
    })
}

fn fan_and_followers(fan: &Person) -> impl Iterator<Item = (Kind, String)> + use<> {
    followers(fan, Kind::ContactsFaves).chain([(Kind::MyFaves, fan.nsid.to_owned())])
}

fn followers(person: &Person, kind: Kind) -> impl Iterator<Item = (Kind, String)> + use<> {
    people::followers(person.nsid).into_iter().map(move |follower| (kind, follower.nsid.to_owned()))
}

fn spot(position: Position) -> Spot {
    let Position { latitude, longitude, accuracy, place } = position;
    let woe_ids = place.map(|it| it.woe_ids()).unwrap_or_default();
    Spot { latitude, longitude, accuracy, woe_ids, place_id: place.map(|it| it.place_id()) }
}
