//! Walls: a saved choice of event names with an unguessable link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::event_name::EventName;
use crate::store::{Store, StoreError, Touched, hidden};

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS walls (
        link TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        title TEXT NOT NULL,
        created_at TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS wall_events (
        wall TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (wall, event)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS walls_account ON walls (account);
";

/// Characters of a saved wall's link.
const LINK_LEN: usize = 22;

/// A new link: 128 bits that nobody guesses.
#[must_use]
pub fn link(random: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// Whether `text` has the form of a saved wall's link. (A link that spells its event names has a dot.)
#[must_use]
pub fn is_link(text: &str) -> bool {
    text.len() == LINK_LEN && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
}

/// A saved wall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// The last part of its address, 22 random characters: whoever knows it may look.
    pub link: String,
    /// Whose it is.
    pub account: String,
    /// What its owner calls it.
    pub title: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it shows, sorted.
    pub events: Vec<EventName>,
}

impl Store {
    /// Saves a new wall of an account that is known here.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn add_wall(&self, wall: Wall) -> Result<(), StoreError> {
        self.with(move |db| {
            let transaction = db.transaction()?;
            let insert = "INSERT INTO walls (link, account, title, created_at)
                          SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM accounts WHERE nsid = ?2)";
            let values = params![wall.link, wall.account, wall.title, wall.created_at.to_string()];
            if transaction.execute(insert, values)? > 0 {
                show(&transaction, &wall.link, &wall.events)?;
            }
            transaction.commit()
        })
        .await
    }

    /// Changes what a wall is called and shows, if it is still there: one that was revoked meanwhile stays so. Screens
    /// follow at once. The answer is whether it was there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn change_wall(&self, link: &str, title: &str, events: Vec<EventName>) -> Result<bool, StoreError> {
        let touched = Touched::Wall(link.into());
        let (link, title) = (link.to_owned(), title.to_owned());
        let change = move |db: &mut Connection| {
            let transaction = db.transaction()?;
            let is_there = transaction.execute("UPDATE walls SET title = ?2 WHERE link = ?1", [&link, &title])? > 0;
            if is_there {
                show(&transaction, &link, &events)?;
            }
            transaction.commit()?;
            Ok(is_there)
        };
        let changed = self.with(change).await?;
        self.walls_changed.send_replace(());
        self.touch(touched);
        Ok(changed)
    }

    /// Calls a wall something else, if it is still there. Screens follow at once.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn record_title(&self, link: &str, title: &str) -> Result<(), StoreError> {
        let touched = Touched::Wall(link.into());
        let (link, title) = (link.to_owned(), title.to_owned());
        self.with(move |db| db.execute("UPDATE walls SET title = ?2 WHERE link = ?1", [link, title])).await?;
        self.touch(touched);
        Ok(())
    }

    /// The wall of this link.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn wall(&self, link: &str) -> Result<Option<Wall>, StoreError> {
        let link = link.to_owned();
        self.with(move |db| {
            let select = "SELECT link, account, title, created_at FROM walls WHERE link = ?1";
            let found = db.query_row(select, [link], read).optional()?;
            found.map(|wall| with_events(db, wall)).transpose()
        })
        .await
    }

    /// The walls of one account, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn walls_of(&self, account: &str) -> Result<Vec<Wall>, StoreError> {
        let account = account.to_owned();
        self.with(move |db| {
            let select = "SELECT link, account, title, created_at FROM walls WHERE account = ?1
                          ORDER BY created_at, link";
            let walls = db.prepare(select)?.query_map([account], read)?.collect::<Result<Vec<_>, _>>()?;
            walls.into_iter().map(|wall| with_events(db, wall)).collect()
        })
        .await
    }

    /// Revokes a wall: its link opens nothing any more, and screens that show it are told.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn revoke_wall(&self, link: &str) -> Result<(), StoreError> {
        let link = link.to_owned();
        self.with(move |db| {
            let transaction = db.transaction()?;
            transaction.execute("DELETE FROM wall_events WHERE wall = ?1", [&link])?;
            transaction.execute("DELETE FROM walls WHERE link = ?1", [&link])?;
            hidden::forget(&transaction, &link)?;
            transaction.commit()
        })
        .await?;
        self.walls_changed.send_replace(());
        Ok(())
    }
}

fn show(db: &Connection, link: &str, events: &[EventName]) -> rusqlite::Result<()> {
    db.execute("DELETE FROM wall_events WHERE wall = ?1", [link])?;
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO wall_events (wall, event) VALUES (?1, ?2)")?;
    events.iter().try_for_each(|event| insert.execute([link, event.as_str()]).map(drop))
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Wall> {
    let created_at = row.get::<_, String>(3)?.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Wall { link: row.get(0)?, account: row.get(1)?, title: row.get(2)?, created_at, events: Vec::new() })
}

fn with_events(db: &Connection, mut wall: Wall) -> rusqlite::Result<Wall> {
    let mut select = db.prepare_cached("SELECT event FROM wall_events WHERE wall = ?1 ORDER BY event")?;
    let names = select.query_map([&wall.link], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    wall.events = names.iter().filter_map(|it| it.parse().ok()).collect();
    Ok(wall)
}
