//! Elements to a feed document.

use std::sync::Arc;

use jiff::Timestamp;

/// The head of Flickr's feeds with the namespaces that a push uses, and that of tombstones.
const HEAD: &str = r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<feed xmlns="http://www.w3.org/2005/Atom"
      xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:flickr="urn:flickr:user"
      xmlns:media="http://search.yahoo.com/mrss/"
      xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"
      xmlns:georss="http://www.georss.org/georss"
      xmlns:at="http://purl.org/atompub/tombstones/1.0">
"#;

/// An Atom feed of these elements, in their order.
pub(super) fn document(title: &str, elements: &[Arc<str>], updated: Timestamp) -> String {
    let size = HEAD.len() + 200 + title.len() + elements.iter().map(|it| it.len() + 1).sum::<usize>();
    let mut text = String::with_capacity(size);
    text.push_str(HEAD);
    text.push_str("  <title>");
    for letter in title.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            // No XML 1.0 document may hold others (XML 1.0 section 2.2).
            it if it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}') => {}
            it => text.push(it),
        }
    }
    text.push_str("</title>\n  <id>tag:flickr.com,2005:/push/practice</id>\n  <updated>");
    text.push_str(&updated.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    text.push_str("</updated>\n");
    for element in elements {
        text.push_str(element);
        text.push('\n');
    }
    text.push_str("</feed>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_holds_its_elements_in_their_order() {
        let elements: Vec<Arc<str>> = vec!["  <entry>1</entry>".into(), r#"  <at:deleted-entry ref="2"/>"#.into()];
        let text = document("cats & <dogs>\0", &elements, Timestamp::UNIX_EPOCH);
        let tail = "  <title>cats &amp; &lt;dogs&gt;</title>\n  <id>tag:flickr.com,2005:/push/practice</id>\n  \
                    <updated>1970-01-01T00:00:00Z</updated>\n  <entry>1</entry>\n  <at:deleted-entry ref=\"2\"/>\n</feed>\n";
        assert_eq!(text, format!("{HEAD}{tail}"));
    }

    #[test]
    fn the_head_is_the_one_of_the_template() {
        assert!(include_str!("../../../templates/push.xml").starts_with(HEAD));
    }
}
