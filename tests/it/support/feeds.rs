//! Atom documents as a hub pushes them.

use std::fmt::Write;
use std::ops::Range;

/// A feed of new photos with these ids.
pub(crate) fn added(ids: Range<u64>) -> String {
    feed(&ids.map(|id| entry(id, &format!("Photo {id}"))).collect::<String>())
}

/// A feed of one photo with this title, which is escaped, and this picture.
pub(crate) fn titled(id: u64, title: &str, image: &str) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    feed(&entry(id, &title).replace("https://live.staticflickr.com/65535/ID_0123456789_z.jpg", image))
}

/// A feed that takes one photo away.
pub(crate) fn removed(id: u64) -> String {
    feed(&format!(r#"<at:deleted-entry ref="tag:flickr.com,2005:/photo/{id}" when="2026-11-22T12:00:00Z"/>"#))
}

/// A photo that somebody posts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Upload {
    pub(crate) id: u64,
    pub(crate) title: String,
    pub(crate) owner: String,
    pub(crate) nsid: String,
    pub(crate) image: String,
    pub(crate) size: (u32, u32),
    /// RFC 3339.
    pub(crate) time: String,
}

/// A feed of these, whose texts are escaped.
pub(crate) fn uploads(all: &[Upload]) -> String {
    let mut entries = String::new();
    for Upload { id, title, owner, nsid, image, size: (width, height), time } in all {
        let [title, owner] = [title, owner].map(|it| it.replace('&', "&amp;").replace('<', "&lt;"));
        write!(
            entries,
            r#"  <entry>
    <title>{title}</title>
    <link rel="alternate" type="text/html" href="https://www.flickr.com/photos/{nsid}/{id}/"/>
    <id>tag:flickr.com,2005:/photo/{id}</id>
    <published>{time}</published>
    <updated>{time}</updated>
    <author><name>{owner}</name><flickr:nsid>{nsid}</flickr:nsid></author>
    <flickr:update type="created"/>
    <media:content url="{image}" type="image/jpeg" height="{height}" width="{width}"/>
  </entry>
"#
        )
        .unwrap();
    }
    feed(&entries)
}

/// A feed around `entries`.
pub(crate) fn feed(entries: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:flickr="urn:flickr:user" xmlns:media="http://search.yahoo.com/mrss/"
      xmlns:at="http://purl.org/atompub/tombstones/1.0">
  <title>Photos from your contacts</title>
  <id>tag:flickr.com,2005:/push/contacts_photos</id>
{entries}</feed>"#
    )
}

/// One entry. `title` is XML already.
pub(crate) fn entry(id: u64, title: &str) -> String {
    let mut entry = String::new();
    write!(
        entry,
        r#"  <entry>
    <title>{title}</title>
    <link rel="alternate" type="text/html" href="https://www.flickr.com/photos/12345678@N00/{id}/"/>
    <id>tag:flickr.com,2005:/photo/{id}</id>
    <published>2026-11-22T11:00:00Z</published>
    <updated>2026-11-22T11:00:00Z</updated>
    <author><name>Nolan</name><flickr:nsid>12345678@N00</flickr:nsid></author>
    <flickr:update type="created"/>
    <media:content url="https://live.staticflickr.com/65535/ID_0123456789_z.jpg" type="image/jpeg" height="480" width="640"/>
  </entry>
"#
    )
    .unwrap();
    entry
}
