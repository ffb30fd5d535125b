//! Writes what happened as Flickr's push wrote it: its public Atom feed, plus what a push adds.
//!
//! No captured delivery is public. The elements and their nesting are those that three consumers of 2011 and 2012 read
//! (flickr-conduit, parallel-flickr, fancy-idling); the rest is as in the public feeds, whose templates the push reused.

mod event;

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::hub::people::Person;
use crate::hub::picture::Size;
use crate::hub::world::{Happening, Photo, What};
pub use event::{element_of, tombstone};

/// The document that carries these elements, in their order.
#[must_use]
pub fn document(topic_title: &str, elements: &[Arc<str>], now: Timestamp) -> String {
    linked_document(topic_title, None, elements, now)
}

/// The same with the links by which WebSub is discovered (section 4), and with the topic's address for its id.
#[must_use]
pub fn linked_document(topic_title: &str, links: Option<Links<'_>>, elements: &[Arc<str>], now: Timestamp) -> String {
    let document = Document { title: clean(topic_title), links, updated: seconds(now), elements };
    // The template writes into a string, which cannot fail, and calls nothing that could. An empty document would be
    // refused by the first reader, tests included.
    document.render().unwrap_or_default()
}

/// What happened, as an `<entry>` or, of a removal, as an `<at:deleted-entry>`. It is whole by itself except for the
/// namespaces, which [`document`] declares.
#[must_use]
pub fn element(happening: &Happening) -> Arc<str> {
    let photo = &happening.photo;
    let id = &photo.id.to_string();
    // The values of flickr:update/@type are those of parallel-flickr's `flickr_push_update_types_map`.
    let rendered = match happening.what {
        What::Deleted | What::Hidden => Tombstone { id, when: seconds(happening.at) }.render(),
        // The wire has no type for the tagging of a person: world/concerns.rs says why it is this one.
        What::Uploaded | What::Shown | What::Tagged(_) => Entry::new(id, photo, "created", None).render(),
        What::Faved(fan) => Entry::new(id, photo, "faves", Some(fan)).render(),
        What::Retitled => Entry::new(id, photo, "title", None).render(),
        What::Retagged => Entry::new(id, photo, "tags", None).render(),
    };
    rendered.unwrap_or_default().into()
}

/// Where a topic and its hub are.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// The topic's address.
    pub topic: &'a str,
    /// The hub's.
    pub hub: &'a str,
}

#[derive(Template)]
#[template(path = "push.xml")]
struct Document<'a> {
    title: Cow<'a, str>,
    links: Option<Links<'a>>,
    updated: String,
    elements: &'a [Arc<str>],
}

/// Observed: fancy-idling read `at:deleted-entry` with `ref` and `when`.
#[derive(Template)]
#[template(ext = "xml", source = r#"<at:deleted-entry ref="tag:flickr.com,2005:/photo/{{ id }}" when="{{ when }}"/>"#)]
struct Tombstone<'a> {
    id: &'a str,
    when: String,
}

#[derive(Template)]
#[template(path = "push_entry.xml")]
struct Entry<'a> {
    id: &'a str,
    title: Cow<'a, str>,
    page: Option<Cow<'a, str>>,
    published: Option<String>,
    updated: Option<String>,
    taken: Option<String>,
    content: Option<String>,
    owner: Somebody<'a>,
    fan: Option<Somebody<'a>>,
    licence: Option<Cow<'a, str>>,
    update: &'a str,
    position: Option<Point>,
    image: Option<Image<'a>>,
    video: bool,
    thumbnail: Option<String>,
    tags: String,
}

#[derive(Default)]
struct Somebody<'a> {
    name: Option<Cow<'a, str>>,
    nsid: Option<Cow<'a, str>>,
    page: Option<Cow<'a, str>>,
    icon: Option<Cow<'a, str>>,
}

/// Degrees.
struct Point {
    latitude: f64,
    longitude: f64,
}

struct Image<'a> {
    url: Cow<'a, str>,
    mime: &'static str,
    /// Width and height.
    pixels: Option<(u32, u32)>,
}

/// The HTML inside an entry's content, escaped once for itself and once more for the XML around it.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<p><a href="{{ profile }}">{{ name }}</a> posted a photo:</p>

<p><a href="{{ page }}" title="{{ title }}"><img src="{{ image }}" width="{{ width }}" height="{{ height }}" alt="{{ title }}" /></a></p>"#
)]
struct Content<'a> {
    profile: &'a str,
    name: &'static str,
    page: &'a str,
    title: &'a str,
    image: &'a str,
    width: u32,
    height: u32,
}

impl<'a> Entry<'a> {
    fn new(id: &'a str, photo: &'a Photo, update: &'static str, fan: Option<&'static Person>) -> Self {
        // Observed: consumers met media:content of different sizes, and cut the letter off rather than trust it.
        let size = if photo.id.is_multiple_of(3) { Size::Long640 } else { Size::Long1024 };
        let (width, height) = photo.picture().pixels(size);
        let title = clean(&photo.title);
        Self {
            id,
            page: Some(photo.page().into()),
            published: Some(seconds(photo.published)),
            updated: Some(seconds(photo.updated)),
            taken: Some(camera_time(photo.taken)),
            content: Some(content(photo)),
            title,
            owner: somebody(photo, photo.owner),
            fan: fan.map(|fan| somebody(photo, fan)),
            licence: photo.licence.map(|licence| licence.0.into()),
            update,
            position: photo.position.map(|it| Point { latitude: it.latitude, longitude: it.longitude }),
            image: Some(Image { url: photo.image(size).into(), mime: "image/jpeg", pixels: Some((width, height)) }),
            video: false,
            thumbnail: Some(photo.image(Size::Square75)),
            tags: clean(&photo.tags.join(" ")).into_owned(),
        }
    }
}

fn somebody(photo: &Photo, person: &'static Person) -> Somebody<'static> {
    Somebody {
        name: Some(person.name.into()),
        nsid: Some(person.nsid.into()),
        page: Some(photo.profile(person).into()),
        icon: Some(photo.icon(person).into()),
    }
}

/// What a feed says of a photo in HTML: who posted it, and its picture of 240 pixels. It is text in the XML around it.
#[must_use]
pub fn content(photo: &Photo) -> String {
    let title = &clean(&photo.title);
    let (width, height) = photo.picture().pixels(Size::Long240);
    let html = Content {
        profile: &photo.profile(photo.owner),
        name: photo.owner.name,
        page: &photo.page(),
        title,
        image: &photo.image(Size::Long240),
        width,
        height,
    };
    html.render().unwrap_or_default()
}

/// Without the characters that no XML 1.0 document may hold, escaped or not (XML 1.0 section 2.2).
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let forbidden =
        |it: char| matches!(it, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if text.contains(forbidden) { text.replace(forbidden, "").into() } else { text.into() }
}

/// As Flickr writes moments: to the second.
#[must_use]
pub fn seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Observed: the camera's clock always carries Flickr's own offset, -08:00, wherever the camera was.
#[must_use]
pub fn camera_time(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S-08:00").to_string()
}

#[cfg(test)]
mod tests;
