//! Several sources in one request: calls are scarce, and some of Flickr's answers hold what several sources look for.
//!
//! | sources | one request | whose is a photo |
//! | --- | --- | --- |
//! | searches for tags | for up to 20 tags, any of them | theirs whose tag it has (`extras=tags`) |
//! | searches for circles that are near each other | for a box around them | theirs in whose circle it is (`extras=geo`) |
//! | contacts' photos and one's own | contacts' photos with one's own (`include_self`) | by its owner |
//!
//! Each source keeps a memory of its own ([`crate::hub::bridge::novelty`]), so that nothing is lost or repeated when
//! requests are put together in another way. What is asked alone, and what may be merged, is the desk's to say.

use std::collections::{BTreeMap, BTreeSet};

use crate::hub::bridge::source::{Call, Source};
use crate::photo::PhotoEvent;
use crate::topic::Circle;

/// Tags that one search may name (documented of `flickr.photos.search`).
const TAGS: usize = 20;
/// Items of a merged answer: the most that a search for places gives (documented).
const PAGE: &str = "250";
/// A box has at most so many degrees each way: the photos of all of it have to fit into an answer.
const BOX: f64 = 12.0;
/// Degrees of latitude of a kilometre, and a little more.
const DEGREES: f64 = 1.0 / 110.0;
const SEARCH: &str = "flickr.photos.search";

/// The requests that serve all of `sources`, and which each of them serves. Those of which `alone` holds are asked by
/// themselves.
pub fn requests<'s>(
    sources: impl IntoIterator<Item = &'s Source>,
    alone: impl Fn(&Source) -> bool,
) -> BTreeMap<Source, Vec<Source>> {
    let mut requests: BTreeMap<Source, Vec<Source>> = BTreeMap::new();
    let (mut tagged, mut placed, mut own, mut followed) = (Vec::new(), Vec::new(), Vec::new(), BTreeSet::new());
    // Each once, and always in the same order, so that equal wishes make equal requests.
    for source in sources.into_iter().collect::<BTreeSet<_>>() {
        match kind(source) {
            _ if alone(source) => {}
            Kind::Tags(tags) => {
                tagged.push((source, tags));
                continue;
            }
            Kind::Circle(circle) => {
                placed.push((source, circle));
                continue;
            }
            Kind::Own(account) => {
                own.push((source, account));
                continue;
            }
            Kind::Contacts => {
                followed.insert(source);
                continue;
            }
            Kind::Other => {}
        }
        requests.insert(source.clone(), vec![source.clone()]);
    }
    for (source, account) in own {
        let contacts = followed.iter().copied().find(|it| it.by.as_deref() == Some(account));
        match contacts {
            Some(contacts) => {
                followed.remove(contacts);
                let mut request = contacts.clone();
                request.arguments.push(("include_self", "1".to_owned()));
                requests.insert(request, vec![contacts.clone(), source.clone()]);
            }
            None => drop(requests.insert(source.clone(), vec![source.clone()])),
        }
    }
    requests.extend(followed.into_iter().map(|it| (it.clone(), vec![it.clone()])));
    join(&mut requests, by_tags(&tagged), |parts| {
        let tags: BTreeSet<&str> = parts.iter().flat_map(|it| tags(it).unwrap_or_default()).collect();
        let tags = tags.into_iter().collect::<Vec<_>>().join(",");
        vec![("tags", tags), ("tag_mode", "any".to_owned())]
    });
    join(&mut requests, by_boxes(&placed), |parts| {
        let corners = parts.iter().filter_map(|it| Some(corners(&circle(it)?))).reduce(around).unwrap_or_default();
        vec![("has_geo", "1".to_owned()), ("bbox", corners.map(|it| format!("{it:.4}")).join(",")), accuracy()]
    });
    requests
}

/// Whether a source may be asked with others at all.
pub fn may_join(source: &Source) -> bool {
    !matches!(kind(source), Kind::Other)
}

/// What of an answer to `request` is meant for `part`, one of those that it serves.
pub fn share(part: &Source, request: &Source, page: &[PhotoEvent]) -> Vec<PhotoEvent> {
    let owner = |it: &PhotoEvent| it.owner.as_ref().and_then(|it| it.nsid.clone());
    let meant = |it: &PhotoEvent| match kind(part) {
        Kind::Tags(tags) => it.tags.iter().any(|tag| tags.contains(&tag.as_str())),
        Kind::Circle(circle) => {
            it.position.is_some_and(|at| circle.distance_km(at.latitude, at.longitude) <= circle.radius_km)
        }
        Kind::Own(account) => owner(it).as_deref() == Some(account),
        Kind::Contacts => owner(it) != part.by,
        Kind::Other => true,
    };
    let all = part == request;
    page.iter().filter(|it| all || meant(it)).cloned().collect()
}

/// What may be merged with its like.
enum Kind<'s> {
    Tags(Vec<&'s str>),
    Circle(Circle),
    /// Somebody's own photos.
    Own(&'s str),
    Contacts,
    Other,
}

fn kind(source: &Source) -> Kind<'_> {
    match source.call {
        Call::Rest(SEARCH) => match (tags(source), circle(source)) {
            (Some(tags), None) => Kind::Tags(tags),
            (None, Some(circle)) => Kind::Circle(circle),
            _ => Kind::Other,
        },
        Call::Rest("flickr.people.getPhotos") => argument(source, "user_id").map_or(Kind::Other, Kind::Own),
        Call::Rest("flickr.photos.getContactsPhotos") => Kind::Contacts,
        _ => Kind::Other,
    }
}

fn argument<'s>(source: &'s Source, name: &str) -> Option<&'s str> {
    source.arguments.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str())
}

/// The tags of a search for nothing else. Only what Flickr and we write alike beyond doubt is told apart by its tags.
fn tags(source: &Source) -> Option<Vec<&str>> {
    let tags: Vec<&str> = argument(source, "tags")?.split(',').collect();
    let plain = |it: &&str| it.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    tags.iter().all(plain).then_some(tags)
}

/// The circle of a search for nothing else, when photos of all accuracies count: those of an answer say none.
fn circle(source: &Source) -> Option<Circle> {
    let number = |name| argument(source, name)?.parse::<f64>().ok();
    let circle = Circle::new(number("lat")?, number("lon")?, number("radius")?, 1).ok()?;
    (argument(source, "accuracy") == Some("1")).then_some(circle)
}

fn accuracy() -> (&'static str, String) {
    ("accuracy", "1".to_owned())
}

/// Groups that together have at most [`TAGS`] tags.
fn by_tags<'s>(tagged: &[(&'s Source, Vec<&'s str>)]) -> Vec<Vec<&'s Source>> {
    let mut groups: Vec<(BTreeSet<&str>, Vec<&Source>)> = Vec::new();
    for (source, tags) in tagged {
        let with = |group: &BTreeSet<&'s str>| group.iter().chain(tags).copied().collect::<BTreeSet<_>>();
        match groups.iter_mut().find(|(group, _)| with(group).len() <= TAGS) {
            Some((group, parts)) => {
                group.extend(tags);
                parts.push(source);
            }
            None => groups.push((tags.iter().copied().collect(), vec![source])),
        }
    }
    groups.into_iter().map(|(_, parts)| parts).collect()
}

/// West, south, east, north, as `bbox` has them.
type Corners = [f64; 4];

/// Groups whose boxes have at most [`BOX`] degrees each way.
fn by_boxes<'s>(placed: &[(&'s Source, Circle)]) -> Vec<Vec<&'s Source>> {
    let mut groups: Vec<(Corners, Vec<&Source>)> = Vec::new();
    for (source, circle) in placed {
        let mine = corners(circle);
        let fits = |[west, south, east, north]: Corners| east - west <= BOX && north - south <= BOX;
        // Near the poles and where the day begins a box is no box.
        let plain = mine[0] >= -180.0 && mine[2] <= 180.0 && mine[1] > -85.0 && mine[3] < 85.0 && fits(mine);
        match groups.iter_mut().find(|(all, _)| plain && fits(around(*all, mine))) {
            Some((all, parts)) => {
                *all = around(*all, mine);
                parts.push(source);
            }
            None => groups.push((if plain { mine } else { [f64::NEG_INFINITY; 4] }, vec![source])),
        }
    }
    groups.into_iter().map(|(_, parts)| parts).collect()
}

/// The box around a circle.
fn corners(circle: &Circle) -> Corners {
    let up = circle.radius_km * DEGREES;
    let wide = up / circle.latitude.to_radians().cos().max(0.01);
    let (latitude, longitude) = (circle.latitude, circle.longitude);
    [longitude - wide, latitude - up, longitude + wide, latitude + up]
}

fn around(one: Corners, other: Corners) -> Corners {
    [one[0].min(other[0]), one[1].min(other[1]), one[2].max(other[2]), one[3].max(other[3])]
}

/// Adds a request for each group; a group of one is asked as it is.
fn join(
    requests: &mut BTreeMap<Source, Vec<Source>>,
    groups: Vec<Vec<&Source>>,
    arguments: impl Fn(&[&Source]) -> Vec<(&'static str, String)>,
) {
    for parts in groups {
        let request = match parts.as_slice() {
            [] => continue,
            [one] => (*one).clone(),
            [one, ..] => {
                let extras = one.arguments.iter().filter(|(name, _)| *name == "extras").cloned();
                let page = ("per_page", PAGE.to_owned());
                let arguments = arguments(&parts).into_iter().chain([page]).chain(extras).collect();
                Source { arguments, ..(*one).clone() }
            }
        };
        requests.insert(request, parts.into_iter().cloned().collect());
    }
}

#[cfg(test)]
mod tests;
