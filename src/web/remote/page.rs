//! What a remote's page shows, and what its script asks for again and again.

use std::collections::HashMap;

use serde::Serialize;

use crate::screens::showing::Shown;
use crate::screens::{Screen, Showing};
use crate::state::AppState;
use crate::web::moment::Moment;
use crate::web::remote::refusal::Refusal;
use crate::web::remote::scope::Scope;

/// All of it. As JSON it is the answer of `/remote/{token}/state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The remote's own token: who asks has it.
    #[serde(skip)]
    pub token: String,
    /// Whose it is, or what.
    pub title: String,
    /// The screens that are connected, by name.
    pub screens: Vec<Card>,
    /// The walls that it drives.
    pub walls: Vec<WallLink>,
    /// Photos that a wall does not show, the newest first.
    pub hidden: Vec<HiddenRow>,
    /// Owners whose photos a wall does not show, the newest first.
    pub muted: Vec<MutedRow>,
}

/// A wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WallLink {
    /// Its link.
    pub link: String,
    /// What it is called.
    pub title: String,
    /// Its whole address.
    pub address: String,
}

/// A screen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Card {
    /// What it is called.
    pub name: String,
    /// Which page load it is.
    pub instance: String,
    /// What a form says to mean it alone: its name, or its instance when others have the same name.
    pub target: String,
    /// The link of its wall.
    pub wall: String,
    /// What its wall is called.
    pub wall_title: String,
    /// Since when it is connected: RFC 3339.
    pub since: String,
    /// How it is, in words.
    pub state: String,
    /// What it shows.
    #[serde(flatten)]
    pub showing: Showing,
}

/// A photo that a wall does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HiddenRow {
    /// Its number.
    pub photo: String,
    /// What it is called, or that it has no title.
    pub title: String,
    /// The name of whose it is; may be empty.
    pub owner: String,
    /// The link of the wall.
    pub wall: String,
    /// What the wall is called.
    pub wall_title: String,
    /// When it was hidden, in words.
    pub when: String,
}

/// Somebody whose photos a wall does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MutedRow {
    /// Flickr's id of them.
    pub owner: String,
    /// Their name, or their id when it is not known.
    pub name: String,
    /// The link of the wall.
    pub wall: String,
    /// What the wall is called.
    pub wall_title: String,
    /// When they were muted, in words.
    pub when: String,
}

impl Overview {
    /// As things are now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(state: &AppState, scope: &Scope) -> Result<Self, Refusal> {
        let now = state.clock.now();
        let screens = state.screens.of(scope.links());
        let mut called: HashMap<String, usize> = HashMap::new();
        for screen in &screens {
            *called.entry(screen.name.folded()).or_default() += 1;
        }
        let is_alone = |it: &Screen| called.get(&it.name.folded()) == Some(&1);
        let cards = screens.iter().map(|it| Card::of(it, is_alone(it), scope.title_of(&it.link))).collect();
        let (mut hidden, mut muted) = (Vec::new(), Vec::new());
        for wall in &scope.walls {
            let not_shown = state.store.not_shown(&wall.link).await?;
            hidden.extend(not_shown.hidden.into_iter().map(|it| {
                let title = if it.title.is_empty() { "A photo without a title".to_owned() } else { it.title };
                let (wall, wall_title) = (wall.link.clone(), wall.title.clone());
                let when = Moment::new(it.at, now).words;
                (it.at, HiddenRow { photo: it.photo, title, owner: it.owner, wall, wall_title, when })
            }));
            muted.extend(not_shown.muted.into_iter().map(|it| {
                let name = if it.name.is_empty() { it.nsid.clone() } else { it.name };
                let (wall, wall_title) = (wall.link.clone(), wall.title.clone());
                let when = Moment::new(it.at, now).words;
                (it.at, MutedRow { owner: it.nsid, name, wall, wall_title, when })
            }));
        }
        hidden.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        muted.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let wall = |link: &str, title: &str, address: &str| WallLink {
            link: link.to_owned(),
            title: title.to_owned(),
            address: address.to_owned(),
        };
        Ok(Self {
            token: scope.token.clone(),
            title: scope.title.clone(),
            screens: cards,
            walls: scope.walls.iter().map(|it| wall(&it.link, &it.title, &it.address)).collect(),
            hidden: hidden.into_iter().map(|(_, row)| row).collect(),
            muted: muted.into_iter().map(|(_, row)| row).collect(),
        })
    }

    /// How many things are not shown.
    #[must_use]
    pub fn away(&self) -> usize {
        self.hidden.len() + self.muted.len()
    }
}

impl Card {
    fn of(screen: &Screen, is_alone: bool, wall_title: &str) -> Self {
        let showing = screen.showing.as_deref().cloned();
        let state = match &showing {
            None => "just connected".to_owned(),
            Some(it) if it.asleep => "asleep".into(),
            Some(it) if it.paused => "paused".into(),
            Some(it) if it.photos.is_empty() => "waits for a photo".into(),
            Some(it) if it.waiting > 0 => format!("on, {} more waiting", it.waiting),
            Some(_) => "on".into(),
        };
        let target = if is_alone { screen.name.to_string() } else { screen.instance.to_string() };
        Self {
            name: screen.name.to_string(),
            instance: screen.instance.to_string(),
            target,
            wall: screen.link.clone(),
            wall_title: wall_title.to_owned(),
            since: Moment::new(screen.since, screen.since).datetime,
            state,
            showing: showing.unwrap_or_default(),
        }
    }

    /// Whether it shows photos, one after the other.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state.starts_with("on")
    }

    /// A photo as it is on the page: what has no title says so.
    #[must_use]
    pub fn title_of(photo: &Shown) -> &str {
        if photo.title.is_empty() { "A photo without a title" } else { &photo.title }
    }

    /// Whose photo it is, as far as it is known.
    #[must_use]
    pub fn owner_of(photo: &Shown) -> &str {
        if photo.owner.is_empty() { &photo.nsid } else { &photo.owner }
    }
}
