//! Documents made to hurt. Each must be read in a time that hardly differs from that of an honest one of its length.

use std::time::{Duration, Instant};

use crate::feed::{ENTRIES, Feed, Flaw, NOTES, NotAFeed, TAGS, TITLE, read};

const LENGTH: usize = 1024 * 1024;

fn read_in_time(name: &str, document: &str) -> Result<Feed, NotAFeed> {
    let start = Instant::now();
    let result = read(document.as_bytes());
    // A second in release; tests are not optimised that far, and share the machine with others.
    let limit = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });
    let time = start.elapsed();
    println!("{time:>12.3?}  {name}");
    assert!(time < limit, "{name} took {time:?}");
    result
}

#[test]
fn no_repetition_makes_reading_slow() {
    let units = [
        "<entry>",
        "<entry/>",
        "<entry></entry>",
        "<entry><!--",
        "<entry><content><![CDATA[",
        "<entry><content>",
        "<entry><title><![CDATA[",
        "<entry><a b='",
        "<entry><a b=\"><c d='>",
        "<entry ",
        "<entry '\"'\"",
        "<entry><?x ",
        "<entry><!D [",
        "<entry></a>",
        "<entry><id></entry>",
        "<entry xmlns:a='b' xmlns:c='d'><id>\n</entry>\n",
        "<a>",
        "</a>",
        "<a xmlns:b='c'>",
        "<",
        "<!",
        "&",
        "&amp;",
        "]]>",
        "x",
        "\n",
    ];
    for unit in units {
        let repeated = unit.repeat(LENGTH / unit.len());
        let _ = read_in_time(unit, &format!("<feed>{repeated}"));
        let _ =
            read_in_time(&format!("{unit} then -->"), &format!("<feed>{repeated}--></b></entry>]]></entry></feed>"));
        let _ =
            read_in_time(&format!("entry {unit}"), &format!("<feed><entry><id>/photo/1</id>{repeated}</entry></feed>"));
        for element in ["title type='html'", "content", "author", "media:category"] {
            let name = element.split(' ').next().unwrap();
            let document = format!("<feed><entry><id>/photo/1</id><{element}>{repeated}</{name}></entry></feed>");
            let _ = read_in_time(&format!("{element} {unit}"), &document);
        }
    }
}

#[test]
fn a_document_that_is_broken_all_over_is_given_up() {
    let broken = "<entry><!--".repeat(LENGTH / 11);
    let feed = read(format!("<feed><entry><id>/photo/1</id></entry>{broken}").as_bytes()).unwrap();
    assert_eq!(feed.events.len(), 1);
    assert_eq!(feed.problems.last().unwrap().flaw, Flaw::GaveUp);
}

#[test]
fn no_html_makes_reading_slow() {
    for unit in ["<a \">\"", "<a '", "<img ", "<img src='", "&lt;", "&#", "<![CDATA[", "<!--", "&amp;lt;a &amp;quot;"] {
        let html = unit.repeat(60_000 / unit.len());
        let escaped = html.replace('&', "&amp;").replace('<', "&lt;");
        let entry = format!(
            "<entry><id>/photo/1</id><title type='html'>{escaped}</title><content>{escaped}</content><summary><![CDATA[{html}]]></summary></entry>"
        );
        let _ = read_in_time(unit, &format!("<feed>{}</feed>", entry.repeat(LENGTH / entry.len())));
    }
}

#[test]
fn no_json_makes_reading_slow() {
    for unit in ["[", "{\"a\":", "\\'", "\\", "\"", "{},", "5,", "\n", "{\"link\":\"http://x/\"},\n"] {
        let repeated = unit.repeat(LENGTH / unit.len());
        let _ = read_in_time(unit, &format!("f({{\"items\": [{repeated}"));
        let _ = read_in_time(unit, &format!("f({{\"items\": [\"{repeated}"));
        let _ = read_in_time(unit, &format!("{{\"x\": {repeated}"));
    }
}

#[test]
fn notes_are_few_and_the_others_are_counted() {
    let document =
        format!("<feed>{}{}</feed>", "<entry/>\n".repeat(NOTES + 7), "<entry><id>x</id></entry>\n".repeat(NOTES + 5));
    let feed = read(document.as_bytes()).unwrap();
    assert_eq!(feed.problems.len(), NOTES + 2);
    assert_eq!(feed.skipped.len(), NOTES);
    let last: Vec<_> = feed.problems.iter().skip(NOTES).map(ToString::to_string).collect();
    assert_eq!(
        last,
        ["line 101, column 1: 7 further problems", "line 208, column 1: 5 further entries are not photos"]
    );
}

#[test]
fn entries_beyond_the_limit_are_counted() {
    let document = format!("<feed>{}</feed>", "<entry><id>/photo/1</id></entry>".repeat(ENTRIES + 3));
    let feed = read(document.as_bytes()).unwrap();
    assert_eq!(feed.events.len(), ENTRIES);
    assert_eq!(feed.problems.len(), 1);
    assert_eq!(feed.problems[0].flaw, Flaw::FurtherEntries(3));

    let document = format!("{{\"items\": [{}5]}}", "{\"link\": \"http://x/photos/y/7/\"},".repeat(ENTRIES + 3));
    let feed = read(document.as_bytes()).unwrap();
    assert_eq!(feed.events.len(), ENTRIES);
    assert_eq!(feed.problems[0].flaw, Flaw::FurtherEntries(4));
}

#[test]
fn an_entry_is_not_deep() {
    let entry = |depth| format!("<entry><id>/photo/1</id>{}{}</entry>", "<a>".repeat(depth), "</a>".repeat(depth));
    let feed = read(format!("<feed>{}{}{}</feed>", entry(64), entry(65), entry(1)).as_bytes()).unwrap();
    assert_eq!(feed.events.len(), 2);
    assert_eq!(feed.problems[0].flaw, Flaw::TooDeep);
}

#[test]
fn titles_and_tags_are_bounded() {
    let document = format!(
        "<feed><entry><id>/photo/1</id><title>{}</title>{}</entry></feed>",
        "\u{732b}".repeat(TITLE * 2),
        (0..500).map(|it| format!("<category term='{it}'/>")).collect::<String>()
    );
    let feed = read(document.as_bytes()).unwrap();
    assert_eq!(feed.events[0].title.as_ref().unwrap().chars().count(), TITLE);
    assert_eq!(feed.events[0].tags.len(), TAGS);
}
