//! The reader against documents with the traits of real ones, and against any bytes at all.

mod hostile;
mod notes;
mod properties;

use std::path::{Path, PathBuf};

use crate::photo::PhotoEvent;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/feed");

/// The documents: all files but the expected events, which have the same name and end in `.json`.
fn documents() -> Vec<PathBuf> {
    let files = std::fs::read_dir(FIXTURES).unwrap().map(|it| it.unwrap().path());
    let mut documents: Vec<_> = files.filter(|it| it.extension().is_some_and(|it| it != "json")).collect();
    documents.sort();
    documents
}

fn expected(document: &Path) -> Vec<PhotoEvent> {
    let path = document.with_extension("json");
    let json = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&json).unwrap()
}

#[test]
fn every_document_gives_the_events_beside_it() {
    let documents = documents();
    assert!(documents.len() > 15, "only {documents:?}");
    for document in documents {
        let feed = super::read(&std::fs::read(&document).unwrap()).unwrap();
        let (read, expected) = (feed.events, expected(&document));
        assert_eq!(
            serde_json::to_string_pretty(&read).unwrap(),
            serde_json::to_string_pretty(&expected).unwrap(),
            "{}",
            document.display()
        );
    }
}

#[test]
fn what_is_before_the_first_character_does_not_matter() {
    let document = r#"<feed><entry><id>tag:flickr.com,2005:/photo/1</id></entry></feed>"#;
    for before in ["", "\u{feff}", " \r\n\t", "\u{feff}\n", "<!-- a comment -->", "<?xml version='1.0'?>\n"] {
        let feed = super::read(format!("{before}{document}").as_bytes()).unwrap();
        assert_eq!(feed.events.len(), 1, "{before:?}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_replaced() {
    let feed = super::read(b"<feed><entry><id>tag:flickr.com,2005:/photo/1</id><title>caf\xe9</title></entry></feed>")
        .unwrap();
    assert_eq!(feed.events[0].title.as_deref(), Some("caf\u{fffd}"));
}
