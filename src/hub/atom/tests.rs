//! The document, against what a reader needs of it.

use proptest::prelude::*;

use super::*;
use crate::hub::world::World;
use crate::photo::{Change, PhotoEvent, UpdateType};

/// The document of these happenings, in their order.
fn render(topic_title: &str, happenings: &[Happening], now: Timestamp) -> String {
    let elements: Vec<_> = happenings.iter().map(element).collect();
    document(topic_title, &elements, now)
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a literal")
}

fn world() -> World {
    World::new(1, "http://127.0.0.1:8080/practice".to_owned())
}

/// Fails unless `xml` is well-formed: tags nest, attributes are quoted, and every `&` begins a reference of numbers or
/// one of the five names. Enough for what a template can do wrong. Returns the texts of the elements called `name`.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    let mut rest =
        xml.strip_prefix(r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>"#).expect("a declaration");
    while let Some(at) = rest.find('<') {
        let text = unescape(&rest[..at]);
        if open.last() == Some(&name) {
            found.push(text);
        }
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
            continue;
        }
        let (start, empty) = tag.strip_suffix('/').map_or((tag, false), |start| (start, true));
        let (element, attributes) = start.split_once(char::is_whitespace).unwrap_or((start, ""));
        assert!(element.chars().all(|it| it.is_ascii_alphanumeric() || ":-_.".contains(it)), "<{element}>");
        let quotes = attributes.split('"').collect::<Vec<_>>();
        assert!(quotes.len() % 2 == 1, "{attributes}");
        for pair in quotes.chunks_exact(2) {
            assert!(pair[0].trim_start().ends_with('='), "{attributes}");
            unescape(pair[1]);
        }
        if !empty {
            open.push(element);
        }
    }
    assert_eq!(rest.trim(), "");
    assert!(open.is_empty(), "{open:?} still open");
    let allowed = |it: char| matches!(it, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(allowed), "a character that XML forbids");
    found
}

fn unescape(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (reference, after) = part.split_once(';').expect("a reference ends");
        let character = match reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let code = reference.strip_prefix('#').expect("one of the five, or a number").parse().expect("decimal");
                char::from_u32(code).expect("a character")
            }
        };
        plain.push(character);
        plain.push_str(after);
    }
    plain
}

#[test]
fn every_document_is_well_formed_and_carries_every_happening() {
    let mut world = world();
    let mut happened = world.uploads(40, noon());
    happened.extend((0..400).flat_map(|_| world.step(noon())));
    for bundle in happened.chunks(7) {
        let xml = render("Everything", bundle, noon());
        let ids = texts(&xml, "id");
        for happening in bundle {
            let tag = format!("tag:flickr.com,2005:/photo/{}", happening.photo.id);
            if happening.what.is_removal() {
                assert!(xml.contains(&format!(r#"<at:deleted-entry ref="{tag}" when="2026-03-01T12:00:00Z"/>"#)));
            } else {
                assert!(ids.contains(&tag));
            }
        }
    }
}

#[test]
fn a_fave_says_who_faved_what_of_whom() {
    let mut world = world();
    world.uploads(20, noon());
    let (fave, fan) = (0..)
        .flat_map(|_| world.step(noon()))
        .find_map(|it| if let What::Faved(fan) = it.what { Some((it, fan)) } else { None })
        .expect("a fave comes");
    let xml = render("Favorites from your contacts", std::slice::from_ref(&fave), noon());
    assert_eq!(texts(&xml, "flickr:nsid"), [fave.photo.owner.nsid, fan.nsid]);
    let contributor = xml.split("<contributor>").nth(1).and_then(|it| it.split("</contributor>").next());
    assert!(contributor.is_some_and(|it| it.contains(fan.nsid)));
    assert!(xml.contains(r#"<flickr:update type="faves"/>"#));
}

#[test]
fn an_upload_has_all_that_the_consumers_read() {
    let mut uploads = world().uploads(50, noon());
    let at = uploads.iter().position(|it| it.photo.position.is_some() && it.photo.licence.is_some());
    let upload = uploads.swap_remove(at.expect("one has both"));
    let xml = render("Photos from your contacts", std::slice::from_ref(&upload), noon());
    let photo = &upload.photo;
    let position = photo.position.expect("chosen so");
    assert_eq!(texts(&xml, "title")[1], photo.title);
    assert_eq!(texts(&xml, "media:title"), [photo.title.as_str()]);
    assert_eq!(texts(&xml, "uri"), [format!("http://127.0.0.1:8080/practice/people/{}/", photo.owner.nsid)]);
    assert_eq!(texts(&xml, "georss:point"), [format!("{} {}", position.latitude, position.longitude)]);
    assert_eq!(texts(&xml, "media:category"), [photo.tags.join(" ")]);
    assert!(texts(&xml, "flickr:date_taken")[0].ends_with("-08:00"));
    assert!(xml.contains(&format!(r#"<media:thumbnail url="{}""#, photo.image(Size::Square75))));
    assert!(xml.contains(r#"<link rel="license""#));
    assert!(xml.contains(r#"<flickr:update type="created"/>"#));
    assert!(texts(&xml, "content")[0].contains("posted a photo:"));
}

/// Any characters, those included that XML forbids or that mean something in it.
fn text() -> impl Strategy<Value = String> {
    let character =
        prop_oneof![any::<char>(), prop::sample::select(vec!['<', '>', '&', '"', '\'', ']', '\0', '\x1b', '\u{ffff}'])];
    prop::collection::vec(character, 0..30).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn no_title_or_tag_can_break_a_document(title in text(), tag in text(), topic in text()) {
        let mut uploads = world().uploads(1, noon());
        uploads[0].photo.title = title.clone();
        uploads[0].photo.tags = vec![tag.clone()];
        let xml = render(&topic, &uploads, noon());
        prop_assert_eq!(texts(&xml, "title"), [clean(&topic).into_owned(), clean(&title).into_owned()]);
        prop_assert_eq!(texts(&xml, "media:category"), [clean(&tag).into_owned()]);
    }
}

/// What the subscriber makes of an element, alone in a document.
fn event(happening: &Happening) -> PhotoEvent {
    let document = document("Anything", &[element(happening)], noon());
    let mut feed = crate::feed::read(document.as_bytes()).expect("a feed");
    assert_eq!(feed.problems, []);
    assert_eq!((feed.events.len(), feed.skipped.len()), (1, 0));
    feed.events.remove(0)
}

#[test]
fn a_subscriber_reads_every_happening_as_what_it_is() {
    let mut world = world();
    let mut happened = world.uploads(40, noon());
    happened.extend((0..1500).flat_map(|_| world.step(noon())));
    let mut kinds = std::collections::HashSet::new();
    for happening in &happened {
        let (event, photo) = (event(happening), &happening.photo);
        kinds.insert(std::mem::discriminant(&happening.what));
        assert_eq!(event.id, photo.id.to_string());
        assert_eq!(event.updated, Some(seconds(happening.at).parse().expect("a moment")));
        let (change, update) = match happening.what {
            What::Hidden | What::Deleted => {
                assert_eq!((event.change, event.owner), (Change::Removed, None));
                continue;
            }
            What::Uploaded | What::Shown | What::Tagged(_) => (Change::Added, "created"),
            What::Faved(_) => (Change::Updated, "faves"),
            What::Retitled => (Change::Updated, "title"),
            What::Retagged => (Change::Updated, "tags"),
        };
        assert_eq!((event.change, event.updates), (change, vec![UpdateType(update.to_owned())]));
        let fan = if let What::Faved(fan) = happening.what { Some(fan.nsid) } else { None };
        assert_eq!(event.faved_by.and_then(|it| it.nsid).as_deref(), fan);
        assert_eq!(event.owner.and_then(|it| it.nsid).as_deref(), Some(photo.owner.nsid));
        assert_eq!(event.page, Some(photo.page()));
        assert_eq!(event.tags, photo.tags);
        assert_eq!(
            event.position.map(|it| (it.latitude, it.longitude)),
            photo.position.map(|it| (it.latitude, it.longitude))
        );
        assert!(event.images.iter().any(|it| it.url == photo.image(Size::Square75)));
        assert_eq!(event.licence.as_deref(), photo.licence.map(|it| it.0));
    }
    assert_eq!(kinds.len(), 8, "all of them were seen");
}
