//! Where the bridge finds what a subscription wishes: the requests to make for each topic.
//!
//! By REST when there is a key, by the keyless feeds where they can do it when there is none. All but what only the
//! person may ask (`getContactsPhotos`, `getList` of contacts) is asked without a permission: the answer is the same for
//! everybody, so that it is asked once, and holds nothing that is not public.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::flickr::listing::EXTRAS;
use crate::hub::engine::Interest;
use crate::photo::PhotoEvent;
use crate::topic::{Area, Topic};

/// One request to Flickr, made again and again. Equal requests of several subscriptions are one source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// What is called.
    pub call: Call,
    /// With what, in this order.
    pub arguments: Vec<(&'static str, String)>,
    /// On behalf of this account, with its permission; of nobody when there is none.
    pub by: Option<String>,
    /// What it means to be in the answer.
    pub sense: Sense,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// A method of the REST API.
    Rest(&'static str),
    /// A public feed, which needs no key.
    Feed(&'static str),
}

/// What it means to be in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sense {
    /// The photo was posted, or is new to the topic.
    Posted,
    /// This account faved it.
    Faved(String),
    /// No photos: whom an account follows.
    Contacts,
}

impl Sense {
    /// When what an item of an answer tells of happened, as far as it says: faved, or posted. When a photo was last
    /// changed says neither: any stranger's fave or comment moves it.
    #[must_use]
    pub fn happened(&self, item: &PhotoEvent) -> Option<Timestamp> {
        match self {
            Self::Faved(_) => item.updated.or(item.published),
            _ => item.published,
        }
    }

    /// How long ago that was. Only the pace depends on it: owners set dates as they like.
    #[must_use]
    pub fn age(&self, item: &PhotoEvent, now: Timestamp) -> Option<Duration> {
        self.happened(item).and_then(|at| Duration::try_from(now.duration_since(at)).ok())
    }
}

/// What the choice of sources depends on beside the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around<'c> {
    /// There is a key, and Flickr takes it.
    pub keyed: bool,
    /// We hold a permission of the account's that Flickr takes.
    pub permitted: bool,
    /// Whom the account follows, once that is known.
    pub contacts: Option<&'c [String]>,
}

/// Items that are asked for of a list that has pages.
const PAGE: usize = 100;
/// The most that `flickr.photos.getContactsPhotos` gives (documented).
const OF_CONTACTS: usize = 50;
/// Items of a list that changes slowly: one person's.
const OF_ONE: usize = 30;
/// Entries of every feed of Flickr's (observed in all samples).
const FEED: usize = 20;

/// The requests that together find what `interest` of `account` wishes.
///
/// # Errors
/// Why there is none, in a sentence.
pub fn sources(interest: &Interest, account: &str, around: &Around<'_>) -> Result<Vec<Source>, &'static str> {
    let Around { keyed, permitted, contacts } = *around;
    let topic = match interest {
        Interest::Everything => return Ok(vec![feed("photos_public.gne", &[])]),
        Interest::Group(id) => return Ok(vec![feed("groups_pool.gne", &[("id", id)])]),
        Interest::Topic(topic) => topic,
    };
    let of_contacts = |one: &dyn Fn(&String) -> Source| {
        if !keyed || !permitted {
            return Err(NEEDS_SIGN_IN);
        }
        let whom = Source {
            call: Call::Rest("flickr.contacts.getList"),
            arguments: Vec::new(),
            by: Some(account.to_owned()),
            sense: Sense::Contacts,
        };
        Ok([whom].into_iter().chain(contacts.unwrap_or_default().iter().map(one)).collect())
    };
    match topic {
        Topic::ContactsPhotos if keyed && permitted => Ok(vec![Source {
            by: Some(account.to_owned()),
            ..rest("flickr.photos.getContactsPhotos", &[("count", &OF_CONTACTS.to_string())])
        }]),
        Topic::ContactsPhotos => Ok(vec![feed("photos_friends.gne", &[("user_id", account)])]),
        Topic::ContactsFaves => of_contacts(&|nsid| faves(nsid, true)),
        Topic::PhotosOfContacts => of_contacts(&|nsid| showing(nsid)),
        Topic::PhotosOfMe if keyed => Ok(vec![showing(account)]),
        Topic::MyPhotos if keyed => Ok(vec![page("flickr.people.getPhotos", &[("user_id", account)], OF_ONE)]),
        Topic::MyPhotos => Ok(vec![feed("photos_public.gne", &[("id", account)])]),
        Topic::MyFaves => Ok(vec![faves(account, keyed)]),
        Topic::Geo(area) if keyed => Ok(places(area)),
        Topic::Commons(_) if keyed => Ok(vec![page("flickr.photos.search", &[("is_commons", "1")], PAGE)]),
        Topic::Commons(nsids) if !nsids.is_empty() => Ok(vec![feed("photos_public.gne", &[("ids", &nsids.join(","))])]),
        Topic::Tags(tags) if keyed => {
            Ok(vec![page("flickr.photos.search", &[("tags", &tags.join(",")), ("tag_mode", "any")], PAGE)])
        }
        // Documented: all of the tags, unless `tagmode=any`.
        Topic::Tags(tags) => Ok(vec![feed("photos_public.gne", &[("tags", &tags.join(",")), ("tagmode", "any")])]),
        Topic::PhotosOfMe | Topic::Geo(_) | Topic::Commons(_) => Err(NEEDS_KEY),
    }
}

/// Why there is nothing to ask without a key.
const NEEDS_KEY: &str =
    "Flickr's keyless feeds have nothing for this topic: it needs a key that Flickr takes (FLICKR_KEY).";
/// Why there is nothing to ask without a permission.
const NEEDS_SIGN_IN: &str = "Only whoever signed in can be asked whom they follow: sign in with Flickr.";

fn faves(nsid: &str, keyed: bool) -> Source {
    let source = if keyed {
        page("flickr.favorites.getList", &[("user_id", nsid)], OF_ONE)
    } else {
        feed("photos_faves.gne", &[("nsid", nsid)])
    };
    Source { sense: Sense::Faved(nsid.to_owned()), ..source }
}

fn showing(nsid: &str) -> Source {
    page("flickr.people.getPhotosOf", &[("user_id", nsid)], OF_ONE)
}

/// One search for each place: `flickr.photos.search` takes one (documented).
fn places(area: &Area) -> Vec<Source> {
    let search = |arguments: &[(&'static str, &str)]| {
        let arguments: Vec<_> = [("has_geo", "1")].iter().chain(arguments).copied().collect();
        page("flickr.photos.search", &arguments, PAGE)
    };
    match area {
        Area::Woe(ids) => ids.iter().map(|id| search(&[("woe_id", &id.to_string())])).collect(),
        Area::Places(ids) => ids.iter().map(|id| search(&[("place_id", id)])).collect(),
        Area::Circle(circle) => vec![search(&[
            ("lat", &circle.latitude.to_string()),
            ("lon", &circle.longitude.to_string()),
            ("radius", &circle.radius_km.to_string()),
            ("radius_units", "km"),
            ("accuracy", &circle.accuracy.to_string()),
        ])],
    }
}

fn page(method: &'static str, arguments: &[(&'static str, &str)], size: usize) -> Source {
    let size = size.to_string();
    let all: Vec<_> = arguments.iter().copied().chain([("per_page", size.as_str())]).collect();
    rest(method, &all)
}

fn rest(method: &'static str, arguments: &[(&'static str, &str)]) -> Source {
    let all = arguments.iter().copied().chain([("extras", EXTRAS)]);
    made(Call::Rest(method), all.map(|(name, value)| (name, value.to_owned())).collect())
}

fn feed(file: &'static str, arguments: &[(&'static str, &str)]) -> Source {
    made(Call::Feed(file), arguments.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
}

fn made(call: Call, arguments: Vec<(&'static str, String)>) -> Source {
    Source { call, arguments, by: None, sense: Sense::Posted }
}

impl Source {
    /// How many items a full answer has.
    #[must_use]
    pub fn page_size(&self) -> usize {
        let said = self.arguments.iter().find(|(name, _)| matches!(*name, "per_page" | "count"));
        said.and_then(|(_, value)| value.parse().ok()).unwrap_or(FEED)
    }

    /// What is called, without its arguments: fit for a log.
    #[must_use]
    pub fn call_name(&self) -> &'static str {
        let (Call::Rest(name) | Call::Feed(name)) = self.call;
        name
    }
}

/// One line, which is its name in the store: `flickr.photos.search?tags=kitten&tag_mode=any`.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Call::Rest(name) | Call::Feed(name)) = self.call;
        let said = self.arguments.iter().filter(|(name, _)| !matches!(*name, "extras" | "per_page" | "count"));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(said).extend_pairs(self.by.as_ref().map(|it| ("by", it)));
        write!(f, "{name}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests;
