//! What holds for all documents.

use proptest::prelude::*;
use proptest::sample::Index;

use super::documents;
use crate::feed::{TITLE, read};

/// A document of two entries with all that is hard to cut, and the offsets behind the entries' end tags.
const FEED: &str = r#"<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<entry><id>tag:flickr.com,2005:/photo/1</id><title>猫 &amp; &#x1F408;</title><!-- c -->
<content type="html"><p>a < b<br></content><media:content url="http://x/1_a_m.jpg" width="240" height='160'/></entry>
<entry><id>tag:flickr.com,2005:/photo/2</id><summary><![CDATA[ </summary> ]]></summary></entry>
</feed>"#;

fn fixture() -> impl Strategy<Value = Vec<u8>> {
    any::<Index>().prop_map(|it| std::fs::read(it.get(&documents())).unwrap())
}

#[test]
fn a_feed_cut_anywhere_keeps_the_entries_before_the_cut() {
    let ends: Vec<_> = FEED.match_indices("</entry>").map(|(at, end)| at + end.len()).collect();
    for cut in 0..FEED.len() {
        let complete = ends.iter().filter(|it| **it <= cut).count();
        let read = read(&FEED.as_bytes()[..cut]).map_or(0, |it| it.events.len());
        assert_eq!(read, complete, "cut at {cut}");
    }
}

#[test]
fn a_json_feed_cut_anywhere_keeps_the_items_before_the_cut() {
    let feed = r#"jsonFlickrFeed({"title": "it\'s", "items": [{"link": "http://x/photos/y/1/"}, {"link": "http://x/photos/猫/2/"}]})"#;
    let ends: Vec<_> = feed.match_indices("/\"}").map(|(at, end)| at + end.len()).collect();
    for cut in 0..feed.len() {
        let complete = ends.iter().filter(|it| **it <= cut).count();
        let read = read(&feed.as_bytes()[..cut]).map_or(0, |it| it.events.len());
        assert_eq!(read, complete, "cut at {cut}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
        let _ = read(&bytes);
        let _ = read(&[b"<feed><entry>", bytes.as_slice()].concat());
        let _ = read(&[b"f({\"items\": [", bytes.as_slice()].concat());
    }

    #[test]
    fn no_markup_makes_the_reader_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<feed>", "</feed>", "<entry>", "</entry>", "<id>", "</id>", "tag:flickr.com,2005:/photo/1", "<content>",
            "</content>", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "<a b='", "'", "\"", ">", "<", "&amp;", "&", ";",
            "<author>", "</author>", "<title/>", "猫", "<at:deleted-entry ref='", "<!DOCTYPE x [", "]>", "/", "\n",
        ]), 0..40),
    ) {
        let document = format!("<feed>{}", pieces.concat());
        if let Ok(feed) = read(document.as_bytes()) {
            let n_entries = document.matches("<entry").count() + document.matches("<at:deleted-entry").count();
            prop_assert!(feed.events.len() + feed.skipped.len() <= n_entries, "{document}");
        }
    }

    #[test]
    fn no_change_to_a_document_makes_the_reader_panic(
        mut document in fixture(),
        edits in prop::collection::vec((any::<Index>(), any::<u8>(), 0..4_u8), 1..8),
    ) {
        for (at, byte, kind) in edits {
            let at = at.index(document.len());
            match kind {
                0 => document[at] = byte,
                1 => document.insert(at, byte),
                2 if document.len() > 1 => drop(document.remove(at)),
                _ => document.truncate(at.max(1)),
            }
        }
        let _ = read(&document);
    }

    #[test]
    fn a_title_survives_being_written_as_xml(title in "\\PC{0,60}", cdata: bool) {
        let written = if cdata {
            format!("<![CDATA[{}]]>", title.replace("]]>", "]]]]><![CDATA[>"))
        } else {
            quick_xml::escape::escape(title.as_str()).into_owned()
        };
        let document = format!("<feed><entry><id>tag:flickr.com,2005:/photo/1</id><title>{written}</title></entry></feed>");
        let feed = read(document.as_bytes()).unwrap();
        let expected = title.trim();
        prop_assert!(expected.chars().count() <= TITLE);
        prop_assert_eq!(feed.events[0].title.as_deref().unwrap_or_default(), expected);
    }
}
