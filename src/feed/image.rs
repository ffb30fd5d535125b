//! The sizes of a picture: those that an entry states, and those that follow from them.

use std::borrow::Cow;

use super::address::address;
use super::markup;
use super::size::{FileName, SIZES, Size};
use crate::photo::Image;

/// An image that an entry names.
#[derive(Debug, Default)]
pub(super) struct Stated<'x> {
    pub(super) url: Cow<'x, str>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

/// Pixels, as attributes state them.
pub(super) fn pixels(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|it| *it > 0)
}

/// All sizes of a photo's picture, smallest first: those that its entry states, and those that follow from them.
pub(super) fn images(photo: &str, stated: Vec<Stated<'_>>, contents: &[&str]) -> Vec<Image> {
    let mut found = Found { photo, images: Vec::with_capacity(stated.len() + SIZES.len()), base: None };
    for image in stated {
        found.add(&image);
    }
    if found.base.is_none() || found.proportions().is_none() {
        found.add_shown(contents);
    }
    found.derive();
    found.images.sort_by_key(order);
    found.images.into_iter().map(|(image, _)| image).collect()
}

type Sized = (Image, Option<&'static Size>);

struct Found<'p> {
    photo: &'p str,
    images: Vec<Sized>,
    /// Stem and extension of the first file name from which others follow.
    base: Option<(String, String)>,
}

impl Found<'_> {
    fn add(&mut self, stated: &Stated<'_>) {
        let Some(url) = address(&stated.url) else { return };
        if let Some((known, _)) = self.images.iter_mut().find(|(it, _)| it.url == url) {
            // Observed in Flickr's feeds: an enclosure is shown in the content too, and only there has it pixels.
            if known.width.is_none() && known.height.is_none() {
                (known.width, known.height) = (stated.width, stated.height);
            }
            return;
        }
        let name = FileName::of(&url, self.photo);
        if let (Some(name), None) = (&name, &self.base)
            && name.size.shares_secret
        {
            self.base = Some((name.stem.to_owned(), name.extension.to_owned()));
        }
        let size = name.map(|it| it.size);
        self.images.push((Image { url, width: stated.width, height: stated.height, derived: false }, size));
    }

    /// Adds the first `<img>` of the content, for the public feeds of most years state nothing but an enclosure.
    fn add_shown(&mut self, contents: &[&str]) {
        for content in contents {
            let html = markup::html(content);
            let Some(attributes) = markup::first_img(&html) else {
                continue;
            };
            let mut image = Stated::default();
            for (key, value) in attributes {
                match key {
                    _ if key.eq_ignore_ascii_case("src") => image.url = markup::unescape(value),
                    _ if key.eq_ignore_ascii_case("width") => image.width = pixels(value),
                    _ if key.eq_ignore_ascii_case("height") => image.height = pixels(value),
                    _ => {}
                }
            }
            // A description may show anything; next to images of this photo only another of this photo counts.
            if self.images.is_empty() || FileName::of(&image.url, self.photo).is_some() {
                return self.add(&image);
            }
        }
    }

    /// The pixels of the largest image that is not cut to a square.
    fn proportions(&self) -> Option<(u32, u32)> {
        let pixels = |(image, size): &Sized| {
            let (width, height) = (image.width?, image.height?);
            let is_thumbnail = size.map_or(width == height && width <= 150, |it| it.square);
            (!is_thumbnail).then_some((width, height))
        };
        self.images.iter().filter_map(pixels).max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
    }

    /// The longer side of the original, when it is known: its own, or that of a size that came out smaller than it is
    /// meant to be, for Flickr enlarges nothing.
    fn original(&self) -> u32 {
        let long_side = |(image, size): &Sized| {
            let (long_side, size) = (image.width?.max(image.height?), (*size)?);
            (!size.square && long_side < size.long_side).then_some(long_side)
        };
        self.images.iter().filter_map(long_side).min().unwrap_or(u32::MAX)
    }

    fn derive(&mut self) {
        let Some((stem, extension)) = self.base.take() else {
            return;
        };
        let (proportions, original) = (self.proportions(), self.original());
        let n_stated = self.images.len();
        for size in SIZES.iter().filter(|it| it.shares_secret && it.long_side <= original) {
            let is_stated = |(_, stated): &Sized| stated.is_some_and(|it| it.suffix == size.suffix);
            if self.images.iter().take(n_stated).any(is_stated) {
                continue;
            }
            let pixels = if size.square {
                Some((size.long_side, size.long_side))
            } else {
                proportions.map(|it| fit(it, size.long_side))
            };
            let (width, height) = pixels.unzip();
            let url = size.address(&stem, &extension);
            self.images.push((Image { url, width, height, derived: true }, Some(size)));
        }
    }
}

/// Scales to a longer side.
fn fit((width, height): (u32, u32), long_side: u32) -> (u32, u32) {
    let (long, short) = (u64::from(width.max(height)), u64::from(width.min(height)));
    let short_side = (u64::from(long_side) * short + long / 2) / long;
    let short_side = u32::try_from(short_side).unwrap_or(long_side).max(1);
    if width >= height { (long_side, short_side) } else { (short_side, long_side) }
}

/// Smallest first; those of unknown pixels last, by what their names say.
fn order((image, size): &Sized) -> (bool, u32, u32) {
    match (image.width, image.height) {
        (Some(width), Some(height)) => (false, width.max(height), width.min(height)),
        _ => (true, size.map_or(u32::MAX, |it| it.long_side), 0),
    }
}

#[cfg(test)]
mod tests;
