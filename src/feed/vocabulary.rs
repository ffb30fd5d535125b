//! What the elements of an entry mean, in Atom, RSS and the modules that Flickr's feeds use.

use std::borrow::Cow;

use super::cursor::{Cursor, Step};
use super::draft::{Dated, Draft, File, fill};
use super::fault::Fault;
use super::flaw::clip;
use super::image::pixels;
use super::namespace::Namespace::{Core, Dc, Flickr, Geo, Georss, Licence, Media};
use super::person::{Somebody, name_in_author};
use super::tag::Tag;
use super::{Flaw, IMAGES, markup};

/// One entry, from its start tag to its end tag.
#[derive(Debug)]
pub(super) struct Entry<'c, 'x> {
    pub(super) cursor: &'c mut Cursor<'x>,
    pub(super) tag: Tag<'x>,
    pub(super) draft: Draft<'x>,
    pub(super) flaws: Vec<(usize, Flaw)>,
}

impl<'c, 'x> Entry<'c, 'x> {
    pub(super) fn new(cursor: &'c mut Cursor<'x>, tag: Tag<'x>) -> Self {
        Self { cursor, tag, draft: Draft::new(tag.at), flaws: Vec::new() }
    }

    /// Fills the draft. Stops at the first flaw that leaves it unclear what belongs to the entry.
    pub(super) fn read(&mut self) -> Result<(), Fault> {
        if self.tag.empty {
            return Ok(());
        }
        let inside = self.cursor.enter();
        while self.cursor.depth() >= inside {
            match self.cursor.step() {
                Step::Open(tag) if tag.is_entry() => return Err(Fault::unclosed(tag.at, &self.tag)),
                Step::Open(tag) => {
                    self.cursor.check_depth(tag.at)?;
                    self.check_attributes(&tag);
                    let depth = self.cursor.depth() + usize::from(tag.empty);
                    self.element(&tag, depth == inside + 1)?;
                }
                Step::Close { .. } => {}
                Step::Broken { at, syntax } => return Err(Fault::syntax(at, syntax)),
                Step::End => return Err(Fault::truncated(self.cursor.text().len())),
            }
        }
        Ok(())
    }

    fn check_attributes(&mut self, tag: &Tag<'x>) {
        if tag.has_long_attributes() {
            self.flaws.push((tag.at, Flaw::LongAttributes { element: clip(tag.full_name) }));
        }
    }

    fn element(&mut self, tag: &Tag<'x>, is_child: bool) -> Result<(), Fault> {
        match (tag.namespace, tag.name) {
            (Core, _) if !is_child => Ok(()),
            (Core, _) => self.core(tag),
            (Media, _) => self.media(tag),
            (Flickr, "update") => {
                attribute(tag, "type").into_iter().for_each(|it| self.draft.add_updates(&it));
                Ok(())
            }
            // The two always agree in Flickr's feeds; the older ones have only Dublin Core's.
            (Flickr, "date_taken") | (Dc, "date.Taken") => self.text(tag).map(|it| fill(&mut self.draft.taken, it)),
            (Georss, "point" | "pos") => self.text(tag).map(|it| fill(&mut self.draft.point, it)),
            (Geo, "lat") => self.text(tag).map(|it| fill(&mut self.draft.latitude, it)),
            (Geo, "long" | "lon") => self.text(tag).map(|it| fill(&mut self.draft.longitude, it)),
            (Dc, "date") => self.date("dc:date", tag),
            // Tags have no spaces, and here they are all in one.
            (Dc, "subject") => self.text(tag).map(|it| self.draft.add_tags(&it)),
            (Dc, "creator") => self.text(tag).map(|it| fill(&mut self.draft.credit, it)),
            // The RSS module has the address as text, Creative Commons' own vocabulary as rdf:resource.
            (Licence, "license") => {
                let resource = attribute(tag, "resource");
                let text = self.text(tag)?;
                fill(&mut self.draft.licence, resource.unwrap_or(text));
                Ok(())
            }
            // RSS's content module, HTML as it is called there.
            (_, "encoded") => self.content(tag),
            _ => Ok(()),
        }
    }

    /// Atom, RFC 4287 and 0.3, and RSS.
    fn core(&mut self, tag: &Tag<'x>) -> Result<(), Fault> {
        match tag.name {
            "id" | "guid" => self.text(tag).map(|it| fill(&mut self.draft.id, it)),
            "title" => {
                let is_html = attribute(tag, "type").is_some_and(|it| it == "html" || it == "text/html");
                let text = self.text(tag)?;
                if self.draft.title.is_none() {
                    self.draft.title_is_html = is_html;
                }
                fill(&mut self.draft.title, text);
                Ok(())
            }
            "link" => self.link(tag),
            "published" => self.date("published", tag),
            "issued" => self.date("issued", tag),
            "pubDate" => self.date("pubDate", tag),
            "updated" => self.date("updated", tag),
            "modified" => self.date("modified", tag),
            "content" | "summary" | "description" => self.content(tag),
            "author" => {
                let author = self.somebody(tag)?;
                let known = &self.draft.author;
                if known.name.is_none() && known.nsid.is_none() && known.page.is_none() {
                    self.draft.author = author;
                }
                Ok(())
            }
            "contributor" => {
                let contributor = self.somebody(tag)?;
                self.draft.contributor.get_or_insert(contributor);
                Ok(())
            }
            "category" => self.category(tag),
            "enclosure" => {
                self.draft.add_file(file(tag, "url"));
                Ok(())
            }
            // What is left is not about the photo. A `source` would even speak of another feed in the same words.
            _ => self.cursor.span(tag).map(drop),
        }
    }

    /// Media RSS; its elements may stand in a `group` or in one another.
    fn media(&mut self, tag: &Tag<'x>) -> Result<(), Fault> {
        match tag.name {
            "content" => self.draft.add_file(file(tag, "url")),
            "thumbnail" => self.draft.add_image(file(tag, "url").image),
            "category" => {
                // Without a scheme or with Flickr's own; other schemes classify instead of tagging.
                let scheme = attribute(tag, "scheme");
                let tags = self.text(tag)?;
                if scheme.is_none_or(|it| it == "urn:flickr:tags" || it.is_empty()) {
                    self.draft.add_tags(&tags);
                }
            }
            "credit" => {
                let name = self.text(tag)?;
                fill(&mut self.draft.credit, name);
            }
            // The content once more, in HTML.
            "text" | "description" => self.cursor.markup(tag, &self.tag).map(drop)?,
            _ => {}
        }
        Ok(())
    }

    /// RFC 4287, 4.2.7, or an address as text in RSS.
    fn link(&mut self, tag: &Tag<'x>) -> Result<(), Fault> {
        let (mut rel, mut kind, mut href) = ("", "", None);
        for (key, value) in tag.attributes() {
            match key {
                "rel" => rel = value,
                "type" => kind = value,
                "href" => href = Some(markup::value(value)),
                _ => {}
            }
        }
        let text = self.text(tag)?;
        let Some(href) = href else {
            fill(&mut self.draft.link, text);
            return Ok(());
        };
        match rel {
            "" | "alternate" if matches!(kind, "" | "text/html" | "application/xhtml+xml") => {
                fill(&mut self.draft.link, href);
            }
            "license" => fill(&mut self.draft.licence, href),
            "enclosure" => self.draft.add_file(file(tag, "href")),
            _ => {}
        }
        Ok(())
    }

    /// `term` in Atom, text in RSS.
    fn category(&mut self, tag: &Tag<'x>) -> Result<(), Fault> {
        let (mut scheme, mut term) = ("", None);
        for (key, value) in tag.attributes() {
            match key {
                "scheme" => scheme = value,
                "term" => term = Some(markup::value(value)),
                _ => {}
            }
        }
        let text = self.text(tag)?;
        // Observed in Flickr's feeds: `http://www.flickr.com/photos/tags/`. Other schemes classify instead of tagging.
        if scheme.is_empty() || scheme.trim_end_matches('/').ends_with("/tags") {
            self.draft.add_tag(&term.unwrap_or(text));
        }
        Ok(())
    }

    /// Atom's person construct with Flickr's additions, or RSS's e-mail address with a profile.
    fn somebody(&mut self, tag: &Tag<'x>) -> Result<Somebody<'x>, Fault> {
        let mut somebody = Somebody { page: attribute(tag, "profile"), ..Somebody::default() };
        if tag.empty {
            return Ok(somebody);
        }
        if let Some(text) = self.cursor.plain(tag) {
            let text = text?;
            let name = match markup::text(text) {
                Cow::Borrowed(text) => Cow::Borrowed(name_in_author(text)),
                Cow::Owned(text) => Cow::Owned(name_in_author(&text).to_owned()),
            };
            fill(&mut somebody.name, name);
            return Ok(somebody);
        }
        let inside = self.cursor.depth();
        while self.cursor.depth() >= inside {
            match self.cursor.step() {
                Step::Open(child) if child.is_entry() => return Err(Fault::unclosed(child.at, tag)),
                Step::Open(child) => {
                    self.cursor.check_depth(child.at)?;
                    let field = match child.name {
                        "name" => &mut somebody.name,
                        "nsid" => &mut somebody.nsid,
                        // Atom 0.3 has `url`.
                        "uri" | "url" => &mut somebody.page,
                        "buddyicon" => &mut somebody.icon,
                        _ => &mut None,
                    };
                    fill(field, markup::text(self.cursor.span(&child)?));
                }
                Step::Close { .. } => {}
                Step::Broken { at, syntax } => return Err(Fault::syntax(at, syntax)),
                Step::End => return Err(Fault::truncated(self.cursor.text().len())),
            }
        }
        Ok(somebody)
    }

    fn content(&mut self, tag: &Tag<'x>) -> Result<(), Fault> {
        let span = self.cursor.markup(tag, &self.tag)?;
        if self.draft.contents.len() < IMAGES {
            self.draft.contents.push(span);
        }
        Ok(())
    }

    fn date(&mut self, field: &'static str, tag: &Tag<'x>) -> Result<(), Fault> {
        let text = self.text(tag)?;
        let date =
            if matches!(field, "updated" | "modified") { &mut self.draft.updated } else { &mut self.draft.published };
        if date.is_none() && !text.is_empty() {
            *date = Some(Dated { field, at: tag.at, text });
        }
        Ok(())
    }

    fn text(&mut self, tag: &Tag<'x>) -> Result<Cow<'x, str>, Fault> {
        self.cursor.span(tag).map(markup::text)
    }
}

fn attribute<'x>(tag: &Tag<'x>, name: &str) -> Option<Cow<'x, str>> {
    tag.attributes().find(|(key, _)| *key == name).map(|(_, value)| markup::value(value))
}

fn file<'x>(tag: &Tag<'x>, address: &str) -> File<'x> {
    let mut file = File::default();
    for (key, value) in tag.attributes() {
        match key {
            "width" => file.image.width = pixels(value),
            "height" => file.image.height = pixels(value),
            "type" => file.mime = value.trim(),
            "medium" => file.medium = value.trim(),
            _ if key == address => file.image.url = markup::value(value),
            _ => {}
        }
    }
    file
}
