//! What a remote drives.

use crate::event_name::EventName;
use crate::signing::MAX_NAMES_IN_A_WALL;

/// The capability inside a remote's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remote {
    /// All screens of all walls of an account.
    Account {
        /// Flickr's id of the account.
        nsid: String,
        /// Which of the account's remotes it is: making a new one ends the one before.
        generation: String,
    },
    /// The screens of the one wall whose link spells these event names.
    Wall(Vec<EventName>),
}

impl Remote {
    /// One line: `account~12345678@N00~GENERATION` or `wall~kittens,puppies`.
    pub(super) fn to_text(&self) -> String {
        match self {
            Self::Account { nsid, generation } => format!("account~{nsid}~{generation}"),
            Self::Wall(names) => {
                let names: Vec<_> = names.iter().map(EventName::as_str).collect();
                format!("wall~{}", names.join(","))
            }
        }
    }

    /// Reads what [`Self::to_text`] wrote.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        match text.split_once('~')? {
            ("account", rest) => {
                let (nsid, generation) = rest.rsplit_once('~')?;
                Some(Self::Account { nsid: nsid.to_owned(), generation: generation.to_owned() })
            }
            ("wall", names) => {
                let names: Option<Vec<EventName>> = names.split(',').map(|name| name.parse().ok()).collect();
                names.filter(|it| it.len() <= MAX_NAMES_IN_A_WALL).map(Self::Wall)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::Keys;

    #[test]
    fn a_token_carries_what_it_drives_and_cannot_be_widened() {
        let keys = Keys::derive("a secret of some length");
        let names = ["kit~tens", "1@N00-tags:cat"].map(|it| it.parse().unwrap()).to_vec();
        let account = |generation: &str| Remote::Account { nsid: "1@N00".into(), generation: generation.into() };
        for remote in [Remote::Wall(names), account("AbC-_x")] {
            let token = keys.remote_token(&remote);
            assert_eq!(keys.recognise_remote_token(&token), Some(remote));
        }
        let token = keys.remote_token(&account("first"));
        assert!(token.starts_with("account~1@N00~first."), "{token}");
        assert_eq!(keys.recognise_remote_token(&token.replace("first", "second")), None);
        assert_eq!(keys.recognise_remote_token(&token.replace("1@N00", "2@N00")), None);
        assert_eq!(keys.recognise_remote_token(""), None);
    }
}
