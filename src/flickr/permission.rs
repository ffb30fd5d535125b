//! The permission of an account, as it is kept: encrypted, and bound to the account.

use crate::clock::{Clock, NoRandomness};
use crate::config::Secret;
use crate::flickr::{Access, Token};
use crate::signing::Keys;

/// Between token and secret; neither holds a line end.
const BETWEEN: char = '\n';

/// Encrypts what Flickr gave for the store.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn seal(keys: &Keys, clock: &Clock, access: &Access) -> Result<Vec<u8>, NoRandomness> {
    seal_for(keys, clock, &access.nsid, &access.token)
}

/// The same for a holder that is no account: what is sealed for one is never taken for another's.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn seal_for(keys: &Keys, clock: &Clock, holder: &str, token: &Token) -> Result<Vec<u8>, NoRandomness> {
    let plain = format!("{}{BETWEEN}{}", token.token, token.secret.reveal());
    Ok(keys.encrypt_token(holder, &plain, clock.random()?))
}

/// The token of `holder`, an account's nsid, out of what [`seal`] made; `None` when it was not made for it with this
/// SECRET_KEY.
#[must_use]
pub fn open(keys: &Keys, holder: &str, sealed: &[u8]) -> Option<Token> {
    let plain = keys.decrypt_token(holder, sealed)?;
    let (token, secret) = plain.split_once(BETWEEN)?;
    Some(Token { token: token.to_owned(), secret: Secret::new(secret) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_read_back_for_its_account_only() {
        let keys = Keys::derive("a secret of some length");
        let clock = Clock::still(jiff::Timestamp::UNIX_EPOCH, 1);
        let token = Token { token: "72157-abc".into(), secret: Secret::new("s3cret") };
        let access = Access { token, nsid: "1@N01".into(), username: "ida".into(), fullname: "Ida".into() };
        let sealed = seal(&keys, &clock, &access).unwrap();
        let opened = open(&keys, "1@N01", &sealed).unwrap();
        assert_eq!((opened.token.as_str(), opened.secret.reveal()), ("72157-abc", "s3cret"));
        assert!(open(&keys, "2@N01", &sealed).is_none());
        assert_ne!(sealed, seal(&keys, &clock, &access).unwrap(), "each sealing is another");
    }
}
