//! What somebody does on the stage, done in the world; the hub hears of it. Nothing else here speaks to the world.

use sha2::{Digest, Sha256};

use crate::hub::engine::Subscription;
use crate::hub::people::{ACCOUNTS, Person};
pub use crate::hub::world::Refused;
use crate::hub::world::{Draft, Photo, Position};
use crate::practice::realm::Realm;

/// How exactly a typed place is known: Flickr's number for a street.
const STREET: u8 = 16;

/// What somebody does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// They post a photo. What they do not say is invented.
    Upload {
        /// Its title.
        title: Option<String>,
        /// Its tags.
        tags: Option<Vec<String>>,
        /// Degrees north, -90 to 90; without a longitude it is not looked at.
        latitude: Option<f64>,
        /// Degrees east, -180 to 180; without a latitude it is not looked at.
        longitude: Option<f64>,
    },
    /// They fave somebody else's photo.
    Fave(u64),
    /// They fave it no more.
    Unfave(u64),
    /// They give a photo of theirs another title.
    Retitle(u64, String),
    /// They give a photo of theirs other tags.
    Retag(u64, Vec<String>),
    /// They hide a photo of theirs.
    Private(u64),
    /// They show it again.
    Public(u64),
    /// They delete a photo of theirs.
    Delete(u64),
}

/// Does it, and tells the hub.
///
/// # Errors
/// When this person may not do that to this photo, or there is none.
pub fn play(realm: &Realm, person: &'static Person, act: Act) -> Result<(), Refused> {
    let done = realm.act(|world, now| match act {
        Act::Upload { title, tags, latitude, longitude } => {
            let position = latitude.zip(longitude).map(|(north, east)| Position::new(north, east, STREET));
            Ok(world.upload(person, Draft { title, tags, position, private: false }, now).1)
        }
        Act::Fave(id) => world.fave(person, id, now),
        Act::Unfave(id) => world.unfave(person, id).map(|()| None),
        Act::Retitle(id, title) => world.retitle(person, id, &title, now),
        Act::Retag(id, tags) => world.retag(person, id, tags.iter().map(String::as_str), now),
        Act::Private(id) => world.set_public(person, id, false, now),
        Act::Public(id) => world.set_public(person, id, true, now),
        Act::Delete(id) => world.delete(person, id, now),
    });
    done.map(|_| ())
}

/// Whoever can be played.
pub(super) fn everybody() -> &'static [Person] {
    &ACCOUNTS
}

/// The newest photos that this person sees, the newest first.
pub(super) fn newest(realm: &Realm, viewer: &Person, most: usize) -> Vec<Photo> {
    realm.world(|world| world.newest(Some(viewer)).take(most).cloned().collect())
}

/// Every subscription, each with a name that gives its callback away to nobody.
pub(super) fn subscriptions(realm: &Realm) -> Vec<(String, Subscription)> {
    realm.hub.all().into_iter().map(|it| (name(&it), it)).collect()
}

/// Lets the subscription of this name vanish without a word. False when there is none.
pub(super) fn forget(realm: &Realm, wanted: &str) -> bool {
    let found = subscriptions(realm).into_iter().find(|(name, _)| name == wanted);
    found.is_some_and(|(_, it)| realm.hub.forget(&it.account, &it.callback))
}

fn name(subscription: &Subscription) -> String {
    let hash = Sha256::new().chain_update(&subscription.account).chain_update(subscription.callback.as_str());
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
