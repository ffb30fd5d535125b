//! A photo event, written as the entry that it would have been read from: the way of the bridge, which has photo events
//! and no world.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;

use super::{Entry, Image, Point, Somebody, Tombstone, clean, seconds};
use crate::photo::{self, PhotoEvent};

/// The pictures up to this size share a secret: a reader derives them all from one address.
const SHARED: u32 = 1_024;
/// Up to this size a picture may be a square cut out of the photo.
const SQUARE: u32 = 150;

/// What happened to a photo, for this reason (a value of `flickr:update/@type`), as an `<entry>`. What the event does not
/// say the entry does not say.
#[must_use]
pub fn element_of(event: &PhotoEvent, update: &str) -> Arc<str> {
    let entry = Entry {
        id: &event.id,
        title: clean(event.title.as_deref().unwrap_or_default()),
        page: event.page.as_deref().map(clean),
        published: event.published.map(seconds),
        updated: event.updated.or(event.published).map(seconds),
        // Observed: the camera's clock always carries Flickr's own offset.
        taken: event.taken.map(|it| it.strftime("%Y-%m-%dT%H:%M:%S-08:00").to_string()),
        content: None,
        owner: event.owner.as_ref().map(somebody).unwrap_or_default(),
        fan: event.faved_by.as_ref().map(somebody),
        licence: event.licence.as_deref().map(clean),
        update,
        position: event.position.map(|it| Point { latitude: it.latitude, longitude: it.longitude }),
        image: image(event),
        video: event.video,
        thumbnail: None,
        tags: clean(&event.tags.join(" ")).into_owned(),
    };
    // The template writes into a string, which cannot fail.
    entry.render().unwrap_or_default().into()
}

/// The end of a photo, noticed at `when`.
#[must_use]
pub fn tombstone(photo: &str, when: Timestamp) -> Arc<str> {
    Tombstone { id: photo, when: seconds(when) }.render().unwrap_or_default().into()
}

fn somebody(person: &photo::Person) -> Somebody<'_> {
    let said = |text: &'_ Option<String>| text.as_deref().map(|it| Cow::Owned(clean(it).into_owned()));
    Somebody { name: said(&person.name), nsid: said(&person.nsid), page: said(&person.page), icon: said(&person.icon) }
}

/// One picture, as Flickr's push had one: the largest that shares its secret with the smaller ones, a stated one before
/// one that was worked out; or else the original, and a square only when there is nothing else.
fn image(event: &PhotoEvent) -> Option<Image<'_>> {
    let long_side = |it: &photo::Image| it.width.max(it.height).unwrap_or(0);
    let is_shared = |it: &photo::Image| (SQUARE + 1..=SHARED).contains(&long_side(it));
    let best = event.images.iter().max_by_key(|it| (is_shared(it), !it.derived, long_side(it)))?;
    let path = best.url.split(['?', '#']).next().unwrap_or_default();
    let mime = match path.rsplit('.').next() {
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        _ => "image/jpeg",
    };
    Some(Image { url: clean(&best.url), mime, pixels: best.width.zip(best.height) })
}
