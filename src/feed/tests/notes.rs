//! What is said about documents that cannot be read, or not all of them.

use crate::feed::read;

const PHOTO: &str = "<entry><id>tag:flickr.com,2005:/photo/1</id></entry>";

#[test]
fn a_refusal_is_one_line_with_reason_and_place() {
    let check = |document: &[u8], expected: &str| {
        let refusal = read(document).unwrap_err().to_string();
        assert_eq!(refusal, expected, "{}", document.escape_ascii());
        assert_eq!(refusal.lines().count(), 1);
    };
    check(b"", "not a feed: the body is empty (line 1, column 1)");
    check(b"\xEF\xBB\xBF \n ", "not a feed: the body is empty (line 2, column 2)");
    check(b"\xFF\xFE<\0", "not a feed: the body is UTF-16, which is not supported (line 1, column 1)");
    check(b"\n  hello", "not a feed: the body is neither XML nor JSON (line 2, column 3)");
    check(b"[1]", "not a feed: the body is neither XML nor JSON (line 1, column 1)");
    check(b"<!DOCTYPE html>\n<html><body>", "not a feed: the root element is <html> (line 2, column 1)");
    check(b"<opml version='1.0'/>", "not a feed: the root element is <opml> (line 1, column 1)");
    check(b"<?xml version='1.0'?>\n", "not a feed: there is no root element (line 2, column 1)");
    check(b"<feed\n", "not a feed: syntax error: tag not closed: `>` not found before end of input (line 1, column 1)");
    check(b"<feed><title>x</title>", "not a feed: the document ends too early (line 1, column 23)");
    check(
        b"<feed>\n<entry><id>tag:flickr.com,2005:/photo/1</entry></feed>",
        "not a feed: </entry> is found where </id> is due (line 2, column 40)",
    );
    check(b"{\"title\": \"x\"}", "not a feed: the JSON has no array \u{201c}items\u{201d} (line 1, column 1)");
    check(b"{\"items\": 5}", "not a feed: the JSON has no array \u{201c}items\u{201d} (line 1, column 1)");
    check(b"f({\n \"items\": [\n  {]", "not a feed: key must be a string (line 3, column 4)");
    check(b"callback(", "not a feed: EOF while parsing a value (line 1, column 10)");
}

/// Checks the ids of the events, and the notes.
fn check(document: &str, ids: &[&str], notes: &[&str]) {
    let feed = read(document.as_bytes()).unwrap();
    let found: Vec<_> = feed.events.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(found, ids, "{document}");
    let found: Vec<_> =
        (feed.problems.iter().map(ToString::to_string)).chain(feed.skipped.iter().map(ToString::to_string)).collect();
    assert_eq!(found, notes, "{document}");
}

#[test]
fn a_bad_entry_does_not_lose_the_others() {
    let last = "<entry><id>tag:flickr.com,2005:/photo/9</id></entry></feed>";
    let bad = |bad: &str, note: &str| check(&format!("<feed>{PHOTO}\n{bad}\n{last}"), &["1", "9"], &[note]);
    bad("<entry/>", "line 2, column 1: an entry has neither an id nor a link");
    bad("<entry><title>x</title></entry>", "line 2, column 1: an entry has neither an id nor a link");
    bad(
        "<entry><id>tag:flickr.com,2005:/photo/5</id><a><b></a></b></entry>",
        "line 2, column 51: in the entry \u{201c}tag:flickr.com,2005:/photo/5\u{201d} </a> is found where </b> is due",
    );
    bad("<entry><title>x</entry>", "line 2, column 16: </entry> is found where </title> is due");
    bad("<entry><content>x</entry>", "line 2, column 18: <content> is not closed");
    bad("<entry><title>x", "line 3, column 1: <title> is not closed");
    bad("<entry><author>", "line 3, column 1: <author> is not closed");
    bad("<entry>", "line 3, column 1: <entry> is not closed");
    bad(
        "<entry><!-- never closed </entry>",
        "line 2, column 8: syntax error: comment not closed: `-->` not found before end of input",
    );
    bad("<entry><content><![CDATA[ never closed </entry>", "line 2, column 17: <![CDATA[> is not closed");
    bad("<entry><!nonsense></entry>", "line 2, column 8: syntax error: unknown or missed symbol in markup");
    bad(
        "<entry><link href=\"x></entry>",
        "line 2, column 8: syntax error: attribute value not closed: `\"` not found before end of input",
    );
}

#[test]
fn a_broken_document_keeps_what_came_before() {
    check(
        &format!("<feed>{PHOTO}<entry><id>tag:flickr.com,2005:/photo/2</id>"),
        &["1"],
        &["line 1, column 103: in the entry \u{201c}tag:flickr.com,2005:/photo/2\u{201d} the document ends too early"],
    );
    check(
        &format!("<feed>{PHOTO}\n<!--"),
        &["1"],
        &["line 2, column 1: syntax error: comment not closed: `-->` not found before end of input"],
    );
    check(
        "{\"items\": [{\"link\": \"http://x/photos/y/7/\"}, {\"link",
        &["7"],
        &["line 1, column 51: EOF while parsing a string"],
    );
}

#[test]
fn a_bad_item_of_json_does_not_lose_the_others() {
    check(
        "f({\"items\": [\n5,\n{},\n{\"title\": \"it\\'s \\ud800\"},\n{\"link\": \"http://x/photos/y/7/\"}, {\"link\": \"http://x/\"}]})",
        &["7"],
        &[
            "line 2, column 1: an item is not an object",
            "line 3, column 1: an entry has neither an id nor a link",
            "line 4, column 1: unexpected end of hex escape",
            "line 5, column 35: the entry \u{201c}http://x/\u{201d} is not a photo",
        ],
    );
    // The repair of `\'` does not move the places.
    check(
        "f({\"x\": \"\\'\\'\\'\", \"items\": [5, {\"link\": \"http://x/photos/y/7/\"}]})",
        &["7"],
        &["line 1, column 29: an item is not an object"],
    );
}

#[test]
fn a_bad_field_does_not_lose_its_entry() {
    check(
        "<feed><entry><id>tag:flickr.com,2005:/photo/1</id><updated>soon</updated>\n<published>2012-09-12</published></entry></feed>",
        &["1"],
        &[
            "line 2, column 1: in the entry \u{201c}tag:flickr.com,2005:/photo/1\u{201d} the published \u{201c}2012-09-12\u{201d} is not a date",
            "line 1, column 51: in the entry \u{201c}tag:flickr.com,2005:/photo/1\u{201d} the updated \u{201c}soon\u{201d} is not a date",
        ],
    );
    let long = "x".repeat(crate::feed::ATTRIBUTES);
    check(
        &format!("<feed><entry><id>tag:flickr.com,2005:/photo/1</id><link href=\"{long}\"/></entry></feed>"),
        &["1"],
        &[
            "line 1, column 51: in the entry \u{201c}tag:flickr.com,2005:/photo/1\u{201d} the attributes of <link> have more than 8192 bytes",
        ],
    );
}

#[test]
fn markup_outside_the_entries_may_be_broken() {
    check(&format!("<feed><subtitle>a<br>b<p></subtitle></b>{}{PHOTO}</feed>", "<br>".repeat(99)), &["1"], &[]);
    check("<feed><subtitle>a<br></subtitle></feed>", &[], &[]);
    check("<feed/>", &[], &[]);
    check("<rss><channel></channel></rss>", &[], &[]);
    check("{\"items\": []}", &[], &[]);
}
