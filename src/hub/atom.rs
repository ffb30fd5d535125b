//! Writes what happened as Flickr's push wrote it: its public Atom feed, plus what a push adds.
//!
//! No captured delivery is public. The elements and their nesting are those that three consumers of 2011 and 2012 read
//! (flickr-conduit, parallel-flickr, fancy-idling); the rest is as in the public feeds, whose templates the push reused.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::hub::people::Person;
use crate::hub::picture::Size;
use crate::hub::world::{Happening, Photo, Position, What};

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
    // The values of flickr:update/@type are those of parallel-flickr's `flickr_push_update_types_map`.
    let rendered = match happening.what {
        What::Deleted | What::Hidden => Tombstone { id: photo.id, when: seconds(happening.at) }.render(),
        // The wire has no type for the tagging of a person: world/concerns.rs says why it is this one.
        What::Uploaded | What::Shown | What::Tagged(_) => Entry::new(photo, "created", None).render(),
        What::Faved(fan) => Entry::new(photo, "faves", Some(fan)).render(),
        What::Retitled => Entry::new(photo, "title", None).render(),
        What::Retagged => Entry::new(photo, "tags", None).render(),
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
struct Tombstone {
    id: u64,
    when: String,
}

#[derive(Template)]
#[template(path = "push_entry.xml")]
struct Entry<'a> {
    id: u64,
    title: Cow<'a, str>,
    page: String,
    published: String,
    updated: String,
    taken: String,
    content: String,
    owner: Somebody,
    fan: Option<Somebody>,
    licence: Option<&'static str>,
    update: &'static str,
    position: Option<Position>,
    image: String,
    width: u32,
    height: u32,
    thumbnail: String,
    tags: String,
}

struct Somebody {
    name: &'static str,
    nsid: &'static str,
    page: String,
    icon: String,
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
    fn new(photo: &'a Photo, update: &'static str, fan: Option<&'static Person>) -> Self {
        // Observed: consumers met media:content of different sizes, and cut the letter off rather than trust it.
        let size = if photo.id.is_multiple_of(3) { Size::Long640 } else { Size::Long1024 };
        let (width, height) = photo.picture().pixels(size);
        let title = clean(&photo.title);
        Self {
            id: photo.id,
            page: photo.page(),
            published: seconds(photo.published),
            updated: seconds(photo.updated),
            taken: camera_time(photo.taken),
            content: content(photo),
            title,
            owner: somebody(photo, photo.owner),
            fan: fan.map(|fan| somebody(photo, fan)),
            licence: photo.licence.map(|licence| licence.0),
            update,
            position: photo.position,
            image: photo.image(size),
            width,
            height,
            thumbnail: photo.image(Size::Square75),
            tags: clean(&photo.tags.join(" ")).into_owned(),
        }
    }
}

fn somebody(photo: &Photo, person: &Person) -> Somebody {
    Somebody { name: person.name, nsid: person.nsid, page: photo.profile(person), icon: photo.icon(person) }
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
