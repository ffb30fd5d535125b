//! What a delivery made: one card for each photo event, as the wall has it.

use crate::photo::{Change, Image, PhotoEvent, UpdateType};

/// A picture of at least so many pixels across is wanted.
const WIDTH: u32 = 200;

/// One photo event on the page of its delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The photo's number.
    pub id: String,
    /// Its title, or that it has none.
    pub title: String,
    /// The name of whose it is; may be empty.
    pub owner: String,
    /// What happened.
    pub why: String,
    /// A small picture.
    pub image: Option<String>,
    /// The photo's page.
    pub page: Option<String>,
    /// `new`, or `repeat` when the history had it.
    pub news: &'static str,
    /// All of it, as streams send it.
    pub json: String,
}

impl Card {
    /// The card of `event`; `new` are the photos of its delivery that were new.
    #[must_use]
    pub fn of(event: &PhotoEvent, new: &[String]) -> Self {
        let owner = event.owner.as_ref().and_then(|it| it.name.clone().or_else(|| it.nsid.clone()));
        Self {
            id: event.id.clone(),
            title: event.title.clone().filter(|it| !it.trim().is_empty()).unwrap_or_else(|| "No title".into()),
            owner: owner.unwrap_or_default(),
            why: why(event),
            image: picture(&event.images).map(|it| it.url.clone()),
            page: event.page.clone(),
            news: if new.contains(&event.id) { "new" } else { "repeat" },
            json: serde_json::to_string_pretty(event).unwrap_or_default(),
        }
    }
}

/// The smallest that is large enough, or the largest.
fn picture(images: &[Image]) -> Option<&Image> {
    images.iter().find(|it| it.width.is_some_and(|width| width >= WIDTH)).or_else(|| images.last())
}

fn why(event: &PhotoEvent) -> String {
    let updates: Vec<_> = event.updates.iter().map(|UpdateType(it)| it.as_str()).collect();
    match event.change {
        Change::Added => "a new photo".into(),
        Change::Removed => "removed: deleted, or no longer public".into(),
        Change::Updated if updates.contains(&UpdateType::FAVES) => {
            let fan = event.faved_by.as_ref().and_then(|it| it.name.as_deref().or(it.nsid.as_deref()));
            fan.map_or_else(|| "faved".into(), |fan| format!("faved by {fan}"))
        }
        Change::Updated if updates.is_empty() => "changed".into(),
        Change::Updated => format!("changed: {}", updates.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::Person;

    #[test]
    fn a_card_says_why_it_is_there_and_whether_it_was_new() {
        let of = |change, updates: &[&str], fan: Option<&str>| {
            let updates = updates.iter().map(|it| UpdateType((*it).into())).collect();
            let faved_by = fan.map(|it| Person { name: Some(it.into()), ..Person::default() });
            Card::of(&PhotoEvent { updates, faved_by, ..PhotoEvent::new(change, "1") }, &["1".into()]).why
        };
        assert_eq!(of(Change::Added, &["created"], None), "a new photo");
        assert_eq!(of(Change::Updated, &["faves"], Some("Ann")), "faved by Ann");
        assert_eq!(of(Change::Updated, &["title", "tags"], None), "changed: title, tags");
        assert_eq!(of(Change::Removed, &[], None), "removed: deleted, or no longer public");
        let card = Card::of(&PhotoEvent::new(Change::Added, "2"), &["1".into()]);
        assert_eq!((card.news, card.title.as_str(), card.image), ("repeat", "No title", None));
    }

    #[test]
    fn its_picture_is_the_smallest_that_is_large_enough() {
        let image = |url: &str, width| Image { url: url.into(), width, height: width, derived: false };
        let of = |images: &[Image]| picture(images).map(|it| it.url.clone());
        assert_eq!(of(&[image("s", Some(75)), image("m", Some(240)), image("b", Some(1024))]).as_deref(), Some("m"));
        assert_eq!(of(&[image("s", Some(75)), image("t", None)]).as_deref(), Some("t"));
        assert_eq!(of(&[]), None);
    }
}
