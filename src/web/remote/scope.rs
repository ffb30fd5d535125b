//! What a remote drives, as it is now.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;

use crate::error::AppError;
use crate::signing::Remote;
use crate::state::AppState;
use crate::store::view;
use crate::web::remote::refusal::Refusal;
use crate::web::session;

/// The walls that a remote's link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The remote's own token.
    pub token: String,
    /// Whose it is, or what, for people: the name of an account, or the event names of a wall.
    pub title: String,
    /// The same for the log: the id of an account, or the event names of a wall.
    pub whose: String,
    /// Its walls, oldest first.
    pub walls: Vec<Driven>,
}

/// A wall that a remote drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driven {
    /// Its link.
    pub link: String,
    /// What it is called.
    pub title: String,
    /// Its whole address.
    pub address: String,
}

impl Scope {
    /// The remote of this token.
    ///
    /// # Errors
    /// [`AppError::NoSuchRemote`] when it is none of ours, or not any more.
    pub async fn open(state: &AppState, token: Result<Path<String>, PathRejection>) -> Result<Self, Refusal> {
        let token = token.map(|Path(it)| it).unwrap_or_default();
        let driven = |link: String, title: String| Driven {
            address: state.site.public_url.join(&format!("/wall/{link}")),
            link,
            title,
        };
        let found = match state.keys.recognise_remote_token(&token) {
            Some(Remote::Wall(names)) => {
                let title = view::title_of(&names);
                let walls = vec![driven(state.keys.wall_link(&names), title.clone())];
                Some(Self { token, whose: title.clone(), title, walls })
            }
            Some(Remote::Account { nsid, generation }) => {
                let counts = state.store.remote(&nsid).await?.is_some_and(|it| it == generation);
                let account = state.store.account(&nsid).await?;
                match account.filter(|_| counts && session::may_sign_in(&nsid, &state.site)) {
                    Some(account) => {
                        let walls = state.store.walls_of(&nsid).await?;
                        let walls = walls.into_iter().map(|it| driven(it.link, it.title)).collect();
                        Some(Self { token, title: account.name, whose: nsid, walls })
                    }
                    None => None,
                }
            }
            None => None,
        };
        found.ok_or_else(|| {
            state.strangers.note(state.clock.now());
            AppError::NoSuchRemote.into()
        })
    }

    /// The links of its walls.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.walls.iter().map(|it| it.link.as_str())
    }

    /// What the wall of this link is called.
    #[must_use]
    pub fn title_of(&self, link: &str) -> &str {
        self.walls.iter().find(|it| it.link == link).map_or("", |it| &it.title)
    }

    /// The wall that somebody names by its link or by its title.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn wall(&self, named: &str) -> Result<&Driven, Refusal> {
        if let Some(wall) = self.walls.iter().find(|it| it.link == named) {
            return Ok(wall);
        }
        let folded = named.trim().to_lowercase();
        let mut called = self.walls.iter().filter(|it| it.title.to_lowercase() == folded);
        match (called.next(), called.next()) {
            (Some(wall), None) => Ok(wall),
            (Some(_), Some(_)) => Err(Refusal::bad(format!(
                "more than one wall is called {named:?}: give the link of the one that you mean"
            ))),
            (None, _) => {
                let there = those_there(self.walls.iter().map(|it| it.title.as_str()));
                let named: String = named.chars().take(80).collect();
                Err(Refusal::missing(format!("this remote has no wall {named:?}: {there}")))
            }
        }
    }
}

/// Which ones there are instead.
pub(super) fn those_there<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.map(|it| format!("{it:?}")).collect();
    match names.len() {
        0 => "there is none yet".into(),
        1 => format!("there is only {}", names[0]),
        _ => format!("there are {}", listed(names.into_iter())),
    }
}

/// Words as a person lists them: `hall, kitchen and 3 more`.
pub(super) fn listed(words: impl Iterator<Item = String>) -> String {
    const SPELLED: usize = 8;
    let mut words: Vec<String> = words.collect();
    words.dedup();
    if words.len() > SPELLED {
        let more = words.len() - SPELLED + 1;
        words.truncate(SPELLED - 1);
        words.push(format!("{more} more"));
    }
    match words.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_as_a_person_says_them() {
        let check = |n: usize, expected: &str| assert_eq!(listed((1..=n).map(|it| it.to_string())), expected);
        check(0, "");
        check(1, "1");
        check(3, "1, 2 and 3");
        check(9, "1, 2, 3, 4, 5, 6, 7 and 2 more");
        assert_eq!(listed(["a", "a", "b"].map(str::to_owned).into_iter()), "a and b");
    }
}
