//! The permission that somebody gave, as the store keeps it: encrypted, and bound to the account.

use crate::clock::{Clock, NoRandomness};
use crate::config::Secret;
use crate::flickr::{Access, Token};
use crate::signing::Keys;

/// Encrypts what Flickr gave, for [`Account::token`](crate::store::Account::token).
///
/// # Errors
/// When there is no randomness to encrypt with.
pub fn seal(keys: &Keys, clock: &Clock, access: &Access) -> Result<Vec<u8>, NoRandomness> {
    let Token { token, secret } = &access.token;
    let both = format!("{token}\n{}", secret.reveal());
    Ok(keys.encrypt_token(&access.nsid, &both, clock.random()?))
}

/// The permission of `nsid`; `None` when it is not readable, as after SECRET_KEY changed: signing in again brings a new
/// one.
#[must_use]
pub fn open(keys: &Keys, nsid: &str, sealed: &[u8]) -> Option<Token> {
    let both = keys.decrypt_token(nsid, sealed)?;
    let (token, secret) = both.split_once('\n')?;
    Some(Token { token: token.to_owned(), secret: Secret::new(secret) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    #[test]
    fn a_permission_comes_back_as_it_was_for_its_account_only() {
        let (keys, clock) = (Keys::derive("a secret of some length"), Clock::still(Timestamp::UNIX_EPOCH, 1));
        let token = Token { token: "72157-abc".into(), secret: Secret::new("0123 4567") };
        let (nsid, username, fullname) = ("1@N01".to_owned(), String::new(), String::new());
        let sealed = seal(&keys, &clock, &Access { token, nsid, username, fullname }).unwrap();
        let found = open(&keys, "1@N01", &sealed).unwrap();
        assert_eq!((found.token.as_str(), found.secret.reveal()), ("72157-abc", "0123 4567"));
        assert!(open(&keys, "2@N01", &sealed).is_none());
        assert!(open(&Keys::derive("a secret of same length"), "1@N01", &sealed).is_none());
        assert!(open(&keys, "1@N01", &keys.encrypt_token("1@N01", "no separator", [1; 24])).is_none());
    }
}
