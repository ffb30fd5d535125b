//! `cargo +nightly fuzz run feed`: no bytes make the reader panic, and what it reads keeps its promises.

#![no_main]

use flickr_conduit::feed::{self, ADDRESS, ENTRIES, NOTES, TAGS, TITLE};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let feed = match feed::read(bytes) {
        Ok(feed) => feed,
        Err(refusal) => {
            assert_eq!(refusal.to_string().lines().count(), 1);
            return;
        }
    };
    assert!(feed.events.len() <= ENTRIES);
    assert!(feed.skipped.len() <= NOTES && feed.problems.len() <= NOTES + 2);
    for event in feed.events {
        assert!(!event.id.is_empty() && event.id.bytes().all(|it| it.is_ascii_digit()));
        assert!(
            event
                .title
                .is_none_or(|it| !it.trim().is_empty() && it.chars().count() <= TITLE)
        );
        assert!(event.tags.len() <= TAGS);
        for url in event
            .images
            .into_iter()
            .filter(|it| !it.derived)
            .map(|it| it.url)
            .chain(event.page)
        {
            assert!(url.len() <= ADDRESS && (url.starts_with("http://") || url.starts_with("https://")));
        }
    }
});
