//! A wall as its screens need to know it: its title, what its event names stand for, and what it does not show.

use rusqlite::{Connection, OptionalExtension};

use crate::event_name::EventName;
use crate::store::hidden::{self, NotShown};
use crate::store::{Store, StoreError};
use crate::topic::Topic;

/// What stands behind a wall's link.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What its owner calls it; of a link that spells its event names, those names.
    pub title: String,
    /// What it shows, sorted by event name.
    pub events: Vec<Shown>,
    /// What it does not show.
    pub not_shown: NotShown,
}

/// An event name of a wall, with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The name.
    pub event: EventName,
    /// What was subscribed; `None` of a name that was minted by hand.
    pub topic: Option<Topic>,
    /// What its owner calls it; may be empty.
    pub label: String,
}

impl Store {
    /// The wall behind `link`. A link that spells its event names is recognised by its signature and not here: whoever
    /// did that hands them over as `spelled`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn view(&self, link: &str, spelled: Option<Vec<EventName>>) -> Result<Option<View>, StoreError> {
        let link = link.to_owned();
        self.with(move |db| {
            let (title, mut names) = match spelled {
                Some(names) => (title_of(&names), names),
                None => match saved(db, &link)? {
                    Some(wall) => wall,
                    None => return Ok(None),
                },
            };
            names.sort();
            names.dedup();
            let events = names.into_iter().map(|event| shown(db, event)).collect::<Result<_, _>>()?;
            Ok(Some(View { title, events, not_shown: hidden::read(db, &link)? }))
        })
        .await
    }
}

/// What a wall is called whose link spells its event names.
#[must_use]
pub fn title_of(names: &[EventName]) -> String {
    names.iter().map(EventName::as_str).collect::<Vec<_>>().join(", ")
}

fn saved(db: &Connection, link: &str) -> rusqlite::Result<Option<(String, Vec<EventName>)>> {
    let mut select = db.prepare_cached("SELECT title FROM walls WHERE link = ?1")?;
    let Some(title) = select.query_row([link], |row| row.get(0)).optional()? else { return Ok(None) };
    let mut select = db.prepare_cached("SELECT event FROM wall_events WHERE wall = ?1")?;
    let names = select.query_map([link], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(Some((title, names.iter().filter_map(|it| it.parse().ok()).collect())))
}

fn shown(db: &Connection, event: EventName) -> rusqlite::Result<Shown> {
    let mut select = db.prepare_cached("SELECT topic, label FROM subscriptions WHERE event = ?1")?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let found = select.query_row([event.as_str()], read).optional()?;
    let (topic, label) = found.unwrap_or_default();
    Ok(Shown { event, topic: Topic::from_text(&topic).ok(), label })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::hidden::Muted;
    use crate::store::{Account, Touched, Wall};

    const LINK: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    #[tokio::test]
    async fn a_wall_is_told_with_its_topics_and_whoever_listens_hears_of_every_change() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let account = Account { nsid: "1@N01".into(), name: "Ida".into(), token: None, since: at, signed_in_at: at };
        store.record_account(account).await.unwrap();
        let topic = Topic::tags(["cat"]).unwrap();
        let cats = topic.event_name("1@N01").unwrap();
        store.want("1@N01", &topic, &cats, at).await.unwrap();
        let by_hand: EventName = "by-hand".parse().unwrap();
        let events = vec![cats.clone(), by_hand.clone()];
        let (account, title) = ("1@N01".to_owned(), "Kittens".to_owned());
        let wall = Wall { link: LINK.into(), account, title, created_at: at, events: events.clone() };
        store.add_wall(wall).await.unwrap();

        let mut touches = store.touches();
        store.record_label(&cats, "Cats").await.unwrap();
        store.record_title(LINK, "Cats only").await.unwrap();
        store.mute(LINK, Muted { nsid: "9@N00".into(), name: "Ann".into(), at }).await.unwrap();
        assert_eq!(touches.recv().await.unwrap(), Touched::Any);
        let ours = Touched::Wall(LINK.into());
        assert_eq!([touches.recv().await.unwrap(), touches.recv().await.unwrap()], [ours.clone(), ours]);
        assert!(touches.try_recv().is_err());

        let view = store.view(LINK, None).await.unwrap().unwrap();
        let known = Shown { event: cats, topic: Some(topic), label: "Cats".into() };
        let unknown = Shown { event: by_hand, topic: None, label: String::new() };
        assert_eq!((view.title.as_str(), view.events), ("Cats only", vec![known, unknown]));
        assert_eq!(view.not_shown.muted.len(), 1);
        let spelled = store.view("x.y", Some(events)).await.unwrap().unwrap();
        assert_eq!((spelled.title.as_str(), spelled.events.len()), ("1@N01-tags:cat, by-hand", 2));
        assert_eq!(store.view("BBBBBBBBBBBBBBBBBBBBBB", None).await.unwrap(), None);
    }
}
