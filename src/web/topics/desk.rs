//! What a form is held against: the account's walls and subscriptions, and the wall that is being changed.

use std::collections::HashMap;

use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::signing::MAX_NAMES_IN_A_WALL;
use crate::state::AppState;
use crate::store::Wall;
use crate::subscriber::MAX_CALLBACK;
use crate::topic::Topic;
use crate::web::topics::choice::{Choice, FieldError};
use crate::web::topics::typed::{TITLE, Typed};

/// The most walls of one account.
pub const MAX_WALLS: usize = 100;
/// The most subscriptions of one account, those that are just ending included: each costs calls of all accounts' budget.
pub const MAX_SUBSCRIPTIONS: usize = 200;

/// The account's things, as they are in the store.
#[derive(Debug)]
pub struct Desk {
    /// Whose they are.
    pub nsid: String,
    /// The walls, oldest first.
    pub walls: Vec<Wall>,
    /// The wall that is being changed; `None` for a new one.
    pub wall: Option<Wall>,
    topics: HashMap<EventName, Topic>,
}

impl Desk {
    /// Lays out the desk for the wall that `asked` names: a link, `new`, or nothing, which is the newest wall if there
    /// is one.
    ///
    /// # Errors
    /// [`AppError::NoSuchWall`] when the wall is not this account's; and when the store cannot be read.
    pub async fn of(state: &AppState, nsid: &str, asked: Option<&str>) -> AppResult<Self> {
        let walls = state.store.walls_of(nsid).await?;
        let subscriptions = state.store.subscriptions_of(nsid).await?;
        let wall = match asked.filter(|it| !it.is_empty()) {
            Some("new") => None,
            Some(link) => Some(walls.iter().find(|it| it.link == link).ok_or(AppError::NoSuchWall)?.clone()),
            None => walls.last().cloned(),
        };
        let topics = subscriptions.into_iter().map(|it| (it.event, it.topic)).collect();
        Ok(Self { nsid: nsid.to_owned(), walls, wall, topics })
    }

    /// The form that says what the wall shows now. A new wall shows nothing yet; who comes for the first time finds what
    /// most people want.
    #[must_use]
    pub fn filled_in(&self) -> Typed {
        let Some(wall) = &self.wall else {
            let is_first = self.walls.is_empty() && self.topics.is_empty();
            let usual = [Topic::ContactsPhotos, Topic::ContactsFaves];
            return Typed::from_topics(&self.free_title(), if is_first { &usual } else { &[] }).0;
        };
        let (typed, _) = Typed::from_topics(&wall.title, &self.shown().collect::<Vec<_>>());
        Typed { kept: self.others().iter().map(|(event, _)| event.to_string()).collect(), ..typed }
    }

    /// `My wall`, or `My wall 2` when there is one.
    fn free_title(&self) -> String {
        let is_free = |title: &String| self.walls.iter().all(|it| it.title != *title);
        let numbered = (2..=MAX_WALLS + 1).map(|n| format!("{TITLE} {n}"));
        std::iter::once(TITLE.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
    }

    /// What the wall shows beside what the form can say, with words for each.
    #[must_use]
    pub fn others(&self) -> Vec<(EventName, String)> {
        let Some(wall) = &self.wall else {
            return Vec::new();
        };
        let (_, others) = Typed::from_topics(&wall.title, &self.shown().collect::<Vec<_>>());
        let in_words = |event: &EventName| match self.topics.get(event) {
            Some(topic) if others.contains(topic) => Some((event.clone(), topic.to_string())),
            Some(_) => None,
            None => Some((event.clone(), event.to_string())),
        };
        wall.events.iter().filter_map(in_words).collect()
    }

    fn shown(&self) -> impl Iterator<Item = Topic> {
        let events = self.wall.iter().flat_map(|it| &it.events);
        events.filter_map(|it| self.topics.get(it).cloned())
    }

    /// The event names beside the form's that stay on the wall: they were there before.
    #[must_use]
    pub fn kept(&self, typed: &Typed) -> Vec<EventName> {
        let others = self.others().into_iter().map(|(event, _)| event);
        others.filter(|event| typed.kept.iter().any(|it| it == event.as_str())).collect()
    }

    /// What cannot work here, though the form is right.
    #[must_use]
    pub fn refuse(&self, choice: &Choice, typed: &Typed, state: &AppState) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let kept = self.kept(typed).len();
        if choice.topics().is_empty() && kept == 0 && !typed.kept.is_empty() {
            errors.push(FieldError::new("contacts_faves", "Nothing is chosen any more: tick something, or say a tag."));
        }
        if choice.topics().len() + kept > MAX_NAMES_IN_A_WALL {
            let sentence = format!("A wall shows at most {MAX_NAMES_IN_A_WALL} things: untick some.");
            errors.push(FieldError::new("contacts_faves", sentence));
        }
        if self.wall.is_none() && self.walls.len() >= MAX_WALLS {
            let sentence =
                format!("You have {MAX_WALLS} walls, which is the limit: change one of them, or revoke one.");
            errors.push(FieldError::new("wall", sentence));
        }
        let new = choice.topics().iter().filter(|it| !self.topics.values().any(|has| has == *it)).count();
        if self.topics.len() + new > MAX_SUBSCRIPTIONS {
            let sentence = format!(
                "You have {} subscriptions, and {MAX_SUBSCRIPTIONS} is the limit: untick some, or revoke a wall.",
                self.topics.len()
            );
            errors.push(FieldError::new("contacts_faves", sentence));
        }
        let callback = |topic: &Topic| topic.event_name(&self.nsid).map(|it| state.keys.callback(&it));
        let length = |topic| callback(topic).map(|it| state.site.public_url.join(&format!("/callback/{it}")).len());
        let longest = choice.topics().iter().filter_map(|it| length(it).ok()).max().unwrap_or(0);
        if longest > MAX_CALLBACK {
            let sentence = format!(
                "The address of this server (PUBLIC_URL) is too long by {} letters: Flickr takes callbacks of at most \
                 {MAX_CALLBACK}. Whoever runs this server can give it a shorter name.",
                longest - MAX_CALLBACK
            );
            errors.push(FieldError::new("save", sentence));
        }
        errors
    }

    /// The subscriptions of the account that were on the wall, are not any more, and are on no other: nobody sees them.
    #[must_use]
    pub fn ended(&self, after: &[EventName]) -> Vec<EventName> {
        let Some(wall) = &self.wall else {
            return Vec::new();
        };
        let others: Vec<_> = self.walls.iter().filter(|it| it.link != wall.link).collect();
        let mut ended = no_longer_shown(&wall.events, after, &others);
        ended.retain(|it| self.topics.contains_key(it));
        ended
    }
}

/// What was shown `before`, is not shown `after`, and is on none of the `others`.
fn no_longer_shown(before: &[EventName], after: &[EventName], others: &[&Wall]) -> Vec<EventName> {
    let is_elsewhere = |event: &EventName| others.iter().any(|it| it.events.contains(event));
    before.iter().filter(|it| !after.contains(it) && !is_elsewhere(it)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn events(names: &str) -> Vec<EventName> {
        names.split_whitespace().map(|it| it.parse().unwrap()).collect()
    }

    fn wall(link: &str, names: &str) -> Wall {
        let (account, title) = ("12345678@N00".into(), link.to_uppercase());
        Wall { link: link.into(), account, title, created_at: Timestamp::UNIX_EPOCH, events: events(names) }
    }

    #[test]
    fn unticking_ends_only_what_no_other_wall_shows() {
        let check = |before: &str, after: &str, others: &[&str], expected: &str| {
            let others: Vec<_> = others.iter().map(|it| wall("other", it)).collect();
            let others: Vec<_> = others.iter().collect();
            assert_eq!(no_longer_shown(&events(before), &events(after), &others), events(expected));
        };
        check("a b", "a b", &[], "");
        check("a b", "a", &[], "b");
        check("a b", "", &[], "a b");
        check("a b", "c", &["b", "d"], "a");
        check("a b", "c", &["a", "b"], "");
        check("", "a", &["b"], "");
    }

    #[test]
    fn what_is_not_a_subscription_of_the_account_is_never_ended() {
        let one = wall("one", "a b minted");
        let topics = events("a b").into_iter().map(|it| (it, Topic::MyFaves)).collect();
        let walls = vec![one.clone(), wall("two", "b")];
        let desk = Desk { nsid: "12345678@N00".into(), walls, wall: Some(one), topics };
        assert_eq!(desk.ended(&events("")), events("a"));
        assert_eq!(desk.others().iter().map(|(it, _)| it.clone()).collect::<Vec<_>>(), events("minted"));
        let typed = desk.filled_in();
        assert_eq!(desk.kept(&typed), events("minted"));
        assert_eq!(desk.kept(&Typed { kept: vec!["somebody-elses".into()], ..typed }), []);
    }
}
