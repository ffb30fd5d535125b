//! A selection of photos, written as Atom, RSS or JSON.

use askama::Template;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Document, Selection};
use crate::hub::atom::{camera_time, clean, content, seconds};
use crate::hub::people::Person;
use crate::hub::picture::Size;
use crate::hub::world::{Photo, Position};

/// What a feed is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Atom,
    Rss,
    Json,
}

impl Format {
    /// By Flickr's names of several years (documented on its page about feeds, and observed).
    pub(super) fn of(name: Option<&str>) -> Option<Self> {
        match name {
            None | Some("atom" | "atom_1" | "atom_10") => Some(Self::Atom),
            Some("rss" | "rss2" | "rss_200") => Some(Self::Rss),
            Some("json") => Some(Self::Json),
            Some(_) => None,
        }
    }
}

impl Selection {
    /// `bare` JSON is not wrapped in a call of `jsonFlickrFeed`; `located` entries say where they were taken.
    pub(super) fn write(&self, format: Format, bare: bool, located: bool) -> Document {
        let feed = self;
        let items = self.photos.iter().map(|photo| Item { photo, located }).collect();
        let (content_type, body) = match format {
            Format::Atom => ("application/atom+xml; charset=utf-8", Atom { feed, items }.render().unwrap_or_default()),
            Format::Rss => ("application/rss+xml; charset=utf-8", Rss { feed, items }.render().unwrap_or_default()),
            Format::Json if bare => ("application/json; charset=utf-8", self.json(&items).to_string()),
            Format::Json => ("text/javascript; charset=utf-8", format!("jsonFlickrFeed({})", self.json(&items))),
        };
        Document { content_type, body, modified: self.modified }
    }

    fn json(&self, items: &[Item<'_>]) -> Value {
        json!({
            "title": self.title, "link": self.page, "description": "", "modified": seconds(self.modified),
            "generator": self.base, "items": items.iter().map(Item::json).collect::<Vec<_>>(),
        })
    }

    fn updated(&self) -> String {
        seconds(self.modified)
    }

    fn built(&self) -> String {
        rss(self.modified)
    }

    fn icon(&self) -> String {
        self.person.map_or_else(String::new, |it| format!("{}/buddyicons/{}.jpg", self.base, it.nsid))
    }
}

#[derive(Template)]
#[template(path = "practice_feed.xml")]
struct Atom<'s> {
    feed: &'s Selection,
    items: Vec<Item<'s>>,
}

#[derive(Template)]
#[template(path = "practice_rss.xml")]
struct Rss<'s> {
    feed: &'s Selection,
    items: Vec<Item<'s>>,
}

/// One photo, as the templates ask for it.
#[derive(Debug, Clone, Copy)]
struct Item<'s> {
    photo: &'s Photo,
    located: bool,
}

impl Item<'_> {
    fn owner(&self) -> &'static Person {
        self.photo.owner
    }

    fn title(&self) -> String {
        clean(&self.photo.title).into_owned()
    }

    fn tags(&self) -> String {
        self.terms().join(" ")
    }

    fn terms(&self) -> Vec<String> {
        self.photo.tags.iter().map(|it| clean(it).into_owned()).collect()
    }

    fn content(&self) -> String {
        content(self.photo)
    }

    fn published(&self) -> String {
        seconds(self.photo.published)
    }

    fn updated(&self) -> String {
        seconds(self.photo.updated)
    }

    fn posted(&self) -> String {
        rss(self.photo.published)
    }

    fn taken(&self) -> String {
        camera_time(self.photo.taken)
    }

    fn profile(&self) -> String {
        self.photo.profile(self.photo.owner)
    }

    fn icon(&self) -> String {
        self.photo.icon(self.photo.owner)
    }

    fn large(&self) -> (String, u32, u32) {
        let (width, height) = self.photo.picture().pixels(Size::Long1024);
        (self.photo.image(Size::Long1024), width, height)
    }

    fn small(&self) -> String {
        self.photo.image(Size::Square75)
    }

    fn position(&self) -> Option<Position> {
        self.photo.position.filter(|_| self.located)
    }

    fn json(&self) -> Value {
        json!({
            "title": self.photo.title, "link": self.photo.page(), "media": {"m": self.photo.image(Size::Long240)},
            "date_taken": self.taken(), "description": format!(" {} ", self.content()),
            "published": seconds(self.photo.published),
            "author": format!("nobody@flickr.com (\"{}\")", self.owner().name), "author_id": self.owner().nsid,
            "tags": self.photo.tags.join(" "),
        })
    }
}

/// As RSS writes moments (RFC 2822).
fn rss(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
