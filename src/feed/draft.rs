//! An entry while it is being read, whatever it is written in, and what it means in the end.

use std::borrow::Cow;

use super::address::address;
use super::image::{self, Stated};
use super::person::Somebody;
use super::{Flaw, IMAGES, TAGS, TITLE, date, id, markup, position};
use crate::photo::{Change, PhotoEvent, UpdateType};

/// An entry as it is written, while it is being read. Of what is said twice, the first counts.
#[derive(Debug, Default)]
pub(super) struct Draft<'x> {
    /// Where the entry begins.
    pub(super) at: usize,
    /// Atom's `id`, RSS's `guid`.
    pub(super) id: Option<Cow<'x, str>>,
    /// The page.
    pub(super) link: Option<Cow<'x, str>>,
    pub(super) title: Option<Cow<'x, str>>,
    /// The title is HTML.
    pub(super) title_is_html: bool,
    pub(super) author: Somebody<'x>,
    /// Names of the author that are used when there is no better one.
    pub(super) credit: Option<Cow<'x, str>>,
    pub(super) contributor: Option<Somebody<'x>>,
    pub(super) updates: Vec<UpdateType>,
    pub(super) published: Option<Dated<'x>>,
    pub(super) updated: Option<Dated<'x>>,
    pub(super) taken: Option<Cow<'x, str>>,
    pub(super) tags: Vec<String>,
    pub(super) point: Option<Cow<'x, str>>,
    pub(super) latitude: Option<Cow<'x, str>>,
    pub(super) longitude: Option<Cow<'x, str>>,
    pub(super) licence: Option<Cow<'x, str>>,
    pub(super) video: bool,
    pub(super) images: Vec<Stated<'x>>,
    /// HTML that may show the photo, as it is written.
    pub(super) contents: Vec<&'x str>,
}

/// A date as it is written.
#[derive(Debug)]
pub(super) struct Dated<'x> {
    pub(super) field: &'static str,
    pub(super) at: usize,
    pub(super) text: Cow<'x, str>,
}

/// A file that an entry names: `media:content`, an enclosure.
#[derive(Debug, Default)]
pub(super) struct File<'x> {
    pub(super) image: Stated<'x>,
    pub(super) mime: &'x str,
    pub(super) medium: &'x str,
}

/// What an entry turned out to be.
#[derive(Debug)]
pub(super) enum Outcome {
    Photo(Box<PhotoEvent>),
    /// Something else, of this name.
    Skipped(String),
    Nameless,
}

/// Keeps the first text that is not empty.
pub(super) fn fill<'x>(field: &mut Option<Cow<'x, str>>, text: Cow<'x, str>) {
    if field.is_none() && !text.is_empty() {
        *field = Some(text);
    }
}

impl<'x> Draft<'x> {
    pub(super) fn new(at: usize) -> Self {
        Self { at, ..Self::default() }
    }

    /// The words of one `flickr:update/@type`.
    pub(super) fn add_updates(&mut self, types: &str) {
        for word in types.split([' ', ',', '\t', '\r', '\n']).filter(|it| !it.is_empty()) {
            if self.updates.len() < TAGS && !self.updates.iter().any(|it| it.0 == word) {
                self.updates.push(UpdateType(word.to_owned()));
            }
        }
    }

    pub(super) fn add_tag(&mut self, tag: &str) {
        let tag = tag.trim();
        if !tag.is_empty() && self.tags.len() < TAGS && !self.tags.iter().any(|it| it == tag) {
            self.tags.push(tag.to_owned());
        }
    }

    /// Tags with spaces between them.
    pub(super) fn add_tags(&mut self, tags: &str) {
        tags.split_whitespace().for_each(|it| self.add_tag(it));
    }

    /// Observed in Flickr's feeds: a video's `media:content` is `stewart.swf`, its still is only in the thumbnail.
    pub(super) fn add_file(&mut self, file: File<'x>) {
        let path = file.image.url.split(['?', '#']).next().unwrap_or_default();
        let is_video = file.mime.starts_with("video/")
            || file.mime == "application/x-shockwave-flash"
            || file.medium == "video"
            || path.ends_with(".swf")
            || path.ends_with(".mp4");
        if is_video {
            self.video = true;
        } else if file.mime.starts_with("image/") || file.mime.is_empty() {
            self.add_image(file.image);
        }
    }

    pub(super) fn add_image(&mut self, image: Stated<'x>) {
        if !image.url.is_empty() && self.images.len() < IMAGES {
            self.images.push(image);
        }
    }

    /// The photo that the entry is about. What is wrong with single fields goes to `flaws`, with its offset.
    pub(super) fn finish(mut self, flaws: &mut Vec<(usize, Flaw)>) -> Outcome {
        // RFC 4287, 4.2.6: the id says what an entry is. A comment links to its photo and is none.
        let photo = match (&self.id, &self.link) {
            (Some(name), _) => id::of_name(name).ok_or(name),
            (None, Some(link)) => id::of_link(link).ok_or(link),
            (None, None) => return Outcome::Nameless,
        };
        let photo = match photo {
            Ok(photo) => photo.to_owned(),
            Err(name) => return Outcome::Skipped(name.clone().into_owned()),
        };
        let mut timestamp = |dated: Option<Dated<'_>>| {
            let Dated { field, at, text } = dated?;
            let timestamp = date::timestamp(&text);
            if timestamp.is_none() {
                flaws.push((at, Flaw::date(field, &text)));
            }
            timestamp
        };
        let (published, updated) = (timestamp(self.published.take()), timestamp(self.updated.take()));
        let position = self.position().unwrap_or_else(|flaw| {
            flaws.push((self.at, flaw));
            None
        });
        // RSS 2.0: a guid may be the address of the page.
        let permalink = self.id.as_deref().filter(|it| it.starts_with("http"));
        let page = self.link.as_deref().or(permalink).and_then(address);
        self.author.name = self.author.name.or(self.credit);
        Outcome::Photo(Box::new(PhotoEvent {
            change: change(&self.updates),
            title: self.title.and_then(|title| {
                if self.title_is_html {
                    markup::line(&markup::strip_tags(&title), TITLE)
                } else {
                    markup::line(&title, TITLE)
                }
            }),
            owner: self.author.into_person(page.as_deref()),
            // Observed in contacts_faves: the contributor is who faved. Other topics may have contributors too.
            faved_by: (self.contributor)
                .filter(|_| self.updates.is_empty() || self.updates.iter().any(|it| it.0 == UpdateType::FAVES))
                .and_then(|it| it.into_person(None)),
            published,
            updated,
            taken: self.taken.as_deref().and_then(date::civil),
            tags: self.tags,
            position,
            licence: self.licence.as_deref().and_then(address),
            video: self.video,
            images: image::images(&photo, self.images, &self.contents),
            updates: self.updates,
            id: photo,
            page,
        }))
    }

    fn position(&self) -> Result<Option<crate::photo::Position>, Flaw> {
        let pair = self.latitude.as_deref().zip(self.longitude.as_deref());
        let position = (self.point.as_deref().and_then(position::of_point))
            .or_else(|| pair.and_then(|(latitude, longitude)| position::of_pair(latitude, longitude)));
        match (position, &self.point, &self.latitude, &self.longitude) {
            (Some(position), ..) => Ok(Some(position)),
            (None, Some(point), ..) => Err(Flaw::position(point)),
            (None, None, None, None) => Ok(None),
            (None, None, latitude, longitude) => {
                let part = |it: &Option<Cow<'_, str>>| it.as_deref().unwrap_or("?").to_owned();
                Err(Flaw::position(&[part(latitude), part(longitude)].join(" ")))
            }
        }
    }
}

fn change(updates: &[UpdateType]) -> Change {
    if updates.is_empty() || updates.iter().any(|it| it.0 == UpdateType::CREATED) {
        Change::Added
    } else {
        Change::Updated
    }
}

/// The event of a tombstone, RFC 6721: all that is known of a photo that is gone.
pub(super) fn removal(id: String, updated: Option<jiff::Timestamp>) -> PhotoEvent {
    PhotoEvent {
        change: Change::Removed,
        updates: Vec::new(),
        id,
        title: None,
        page: None,
        owner: None,
        faved_by: None,
        published: None,
        updated,
        taken: None,
        tags: Vec::new(),
        position: None,
        licence: None,
        video: false,
        images: Vec::new(),
    }
}
