//! What somebody wishes of the bridge.

use sha2::{Digest, Sha256};

use crate::event_name::{EventName, InvalidEventName};
use crate::hub::engine::Interest;
use crate::store::Subscription;
use crate::topic::Topic;

/// A wish, and where it is delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The bus channel that its callback maps to.
    pub event: EventName,
    /// On whose behalf: whose photos, contacts and faves are meant.
    pub account: String,
    /// What is wished.
    pub interest: Interest,
    /// Another hub should bring it: it is asked for seldom, and only to see whether that hub does.
    pub backup: bool,
    /// When that other hub began to.
    pub backed_up_since: Option<jiff::Timestamp>,
    /// It is that of strangers.
    pub guest: bool,
}

/// What the names of wishes begin with that are nobody's subscription.
const BY_HAND: &str = "public-";
/// The longest name that spells what it is; beyond it has a hash.
const SPELLED: usize = 80;

impl Wish {
    /// Of something that needs no account: `what` names it, such as `photos:12345678@N00`.
    ///
    /// # Errors
    /// Never in practice: what cannot be spelled is hashed.
    pub fn by_hand(what: &str, account: &str, interest: Interest) -> Result<Self, InvalidEventName> {
        let spelled = format!("{BY_HAND}{what}");
        let event = match spelled.parse::<EventName>() {
            Ok(event) if spelled.len() <= SPELLED => event,
            _ => {
                let hash = Sha256::digest(what);
                let hex: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
                format!("{BY_HAND}~{hex}").parse()?
            }
        };
        Ok(Self { event, account: account.to_owned(), interest, backup: false, backed_up_since: None, guest: false })
    }

    /// That of an account's subscription. `push` says that Flickr's own push is used where it works.
    #[must_use]
    pub fn of(it: &Subscription, push: bool) -> Self {
        Self {
            event: it.event.clone(),
            account: it.account.clone(),
            interest: Interest::Topic(it.topic.clone()),
            backup: push && it.serving.bridged_at.is_none() && it.standing.confirmed_at.is_some(),
            backed_up_since: it.standing.confirmed_at,
            guest: false,
        }
    }

    /// That of strangers, all of whom are one account to the engine.
    #[must_use]
    pub fn of_guest(event: EventName, interest: Interest) -> Self {
        Self { event, account: String::new(), interest, backup: false, backed_up_since: None, guest: true }
    }

    /// Among whom calls are shared: the account, all strangers together, or all that this server shows by itself.
    #[must_use]
    pub fn owner(&self) -> &str {
        match self.guest {
            true => "strangers",
            false if self.event.as_str().starts_with(BY_HAND) => "by hand",
            false => &self.account,
        }
    }

    /// Whose photos alone count, where the request brings those of others too.
    #[must_use]
    pub fn only(&self) -> Option<&[String]> {
        match &self.interest {
            Interest::Topic(Topic::Commons(nsids)) if !nsids.is_empty() => Some(nsids),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wished_by_hand_is_spelled_where_it_can_be() {
        let name = |what: &str| Wish::by_hand(what, "", Interest::Everything).unwrap().event.to_string();
        assert_eq!(name("tags:cat.kitten"), "public-tags:cat.kitten");
        assert_eq!(name("photos:1@N01"), "public-photos:1@N01");
        let hashed = name("tags:\u{732b}");
        assert!(hashed.starts_with("public-~") && hashed != name("tags:\u{72ac}"), "{hashed}");
        assert!(name(&"x".repeat(100)).starts_with("public-~"));
    }
}
