//! Keys out of SECRET_KEY, and what they sign: callbacks, verify tokens, stream tokens, wall links and forms; and what
//! they encrypt: cookies, and the permissions of accounts in the store.
//!
//! All of these are **capabilities**: a readable name and a MAC over it, `{name}.{MAC}`. Whoever holds one may do the
//! one thing that it is for; the server recognises its own with no record of them. Each purpose has a key of its own
//! (HKDF-SHA256, RFC 5869, with the purpose as `info`), so that a wall's link lets nobody forge a delivery.

pub mod remote;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::event_name::EventName;
pub use remote::Remote;

/// Bytes of a MAC in a capability: 128 bits, 22 characters. A guess succeeds once in 2^128.
const MAC_LEN: usize = 16;
/// The most event names that one wall may show.
pub const MAX_NAMES_IN_A_WALL: usize = 32;

/// One key for each purpose.
pub struct Keys {
    callback: Key,
    verify_token: Key,
    stream: Key,
    wall: Key,
    remote: Key,
    debug: Key,
    form: Key,
    cookie: Key,
    stored_token: Key,
}

impl Keys {
    /// Derives all keys from the text of SECRET_KEY.
    pub fn derive(secret: &str) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, secret.as_bytes());
        let key = |purpose: &str| {
            let mut bytes = [0; 32];
            // RFC 5869: expanding fails beyond 255 hashes' length only; 32 bytes are one.
            let filled = hkdf.expand_multi_info(&[b"flickr-conduit/", purpose.as_bytes()], &mut bytes);
            debug_assert!(filled.is_ok());
            Key(bytes)
        };
        Self {
            callback: key("callback"),
            verify_token: key("verify_token"),
            stream: key("stream"),
            wall: key("wall"),
            remote: key("remote"),
            debug: key("debug"),
            form: key("form"),
            cookie: key("cookie"),
            stored_token: key("stored_token"),
        }
    }

    /// The last part of the callback of `event`.
    pub fn callback(&self, event: &EventName) -> String {
        self.callback.seal(event.as_str())
    }

    /// The event name of a callback that we minted; `None` for all others.
    ///
    /// Takes the same time for every text of the same length.
    pub fn recognise_callback(&self, text: &str) -> Option<EventName> {
        self.callback.open(text)?.parse().ok()
    }

    /// What the hub must send back with a verification: 43 characters; Flickr allows 200.
    pub fn verify_token(&self, event: &EventName) -> String {
        URL_SAFE_NO_PAD.encode(self.verify_token.mac(event.as_str()))
    }

    /// Whether `presented` is the verify token of `event`. With no event it is computed all the same, and is wrong:
    /// a callback that is not ours costs as much time as one of ours with a wrong token.
    pub fn verify_token_is_right(&self, event: Option<&EventName>, presented: &str) -> bool {
        let expected = URL_SAFE_NO_PAD.encode(self.verify_token.mac(event.map_or("", EventName::as_str)));
        let equal = expected.as_bytes().ct_eq(presented.as_bytes());
        bool::from(equal) && event.is_some()
    }

    /// A token that lets its holder follow `event`.
    pub fn stream_token(&self, event: &EventName) -> String {
        self.stream.seal(event.as_str())
    }

    /// The event name of a stream token; `None` when it is not ours.
    pub fn recognise_stream_token(&self, text: &str) -> Option<EventName> {
        self.stream.open(text)?.parse().ok()
    }

    /// The link of a wall that shows `events`, which it spells out, separated by commas.
    pub fn wall_link(&self, events: &[EventName]) -> String {
        let names: Vec<_> = events.iter().map(EventName::as_str).collect();
        self.wall.seal(&names.join(","))
    }

    /// The event names of a wall's link; `None` when it is not ours.
    pub fn recognise_wall_link(&self, text: &str) -> Option<Vec<EventName>> {
        let names = self.wall.open(text)?;
        let names: Option<Vec<EventName>> = names.split(',').map(|name| name.parse().ok()).collect();
        names.filter(|it| it.len() <= MAX_NAMES_IN_A_WALL)
    }

    /// The token of a remote, the last part of its address.
    pub fn remote_token(&self, remote: &Remote) -> String {
        self.remote.seal(&remote.to_text())
    }

    /// What the remote of this token drives; `None` when it is not ours. Whether it is the newest one of its account
    /// the store knows.
    pub fn recognise_remote_token(&self, text: &str) -> Option<Remote> {
        Remote::from_text(self.remote.open(text)?)
    }
}

/// Whom the key of an operator's link is for.
const OPERATOR: &str = "operator";

impl Keys {
    /// What opens the debug pages for everything: it stands in the operator's link. Another SECRET_KEY, another link.
    pub fn operator_key(&self) -> String {
        self.debug.seal(OPERATOR)
    }

    /// Whether `text` is that.
    pub fn operator_key_is_right(&self, text: &str) -> bool {
        self.debug.open(text) == Some(OPERATOR)
    }

    /// What a form carries to show that it came from a page of ours in this session: 43 characters. Another site can
    /// make a browser send the session's cookie, and cannot know this.
    pub fn form_token(&self, session: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.form.mac(session))
    }

    /// Whether `presented` is the form token of `session`.
    pub fn form_token_is_right(&self, session: &str, presented: &str) -> bool {
        self.form_token(session).as_bytes().ct_eq(presented.as_bytes()).into()
    }

    /// 32 bytes from which the keys of encrypted cookies are derived.
    pub fn cookie_key(&self) -> &[u8; 32] {
        &self.cookie.0
    }

    /// Encrypts a permission of an account for the store: XChaCha20-Poly1305, bound to the account. `nonce` is random.
    pub fn encrypt_token(&self, nsid: &str, token: &str, nonce: [u8; 24]) -> Vec<u8> {
        let message = Payload { msg: token.as_bytes(), aad: nsid.as_bytes() };
        let mut sealed = nonce.to_vec();
        // Fails beyond 256 GiB only.
        sealed.extend(self.token_cipher().encrypt(&nonce.into(), message).unwrap_or_default());
        sealed
    }

    /// Decrypts what [`Self::encrypt_token`] made for the same account; `None` for anything else, as when SECRET_KEY
    /// changed.
    pub fn decrypt_token(&self, nsid: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, message) = sealed.split_at_checked(24)?;
        let message = Payload { msg: message, aad: nsid.as_bytes() };
        let plain = self.token_cipher().decrypt(XNonce::from_slice(nonce), message).ok()?;
        String::from_utf8(plain).ok()
    }

    fn token_cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.stored_token.0.into())
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

struct Key([u8; 32]);

impl Key {
    fn mac(&self, text: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn seal(&self, name: &str) -> String {
        format!("{name}.{}", URL_SAFE_NO_PAD.encode(&self.mac(name)[..MAC_LEN]))
    }

    /// The name inside `text` when its MAC is ours. A text without a readable MAC is compared with one of zeros, so
    /// that it takes as long as any other.
    fn open<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (name, presented) = text.rsplit_once('.').unwrap_or((text, ""));
        let mut given = [0; MAC_LEN];
        let readable = matches!(URL_SAFE_NO_PAD.decode_slice(presented, &mut given), Ok(MAC_LEN));
        let equal = self.mac(name)[..MAC_LEN].ct_eq(&given);
        (bool::from(equal) && readable).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(name: &str) -> EventName {
        name.parse().unwrap()
    }

    #[test]
    fn what_one_purpose_signs_no_other_accepts() {
        let keys = Keys::derive("a secret of some length");
        let kittens = event("kittens");
        let sealed = [
            keys.callback(&kittens),
            keys.stream_token(&kittens),
            keys.wall_link(std::slice::from_ref(&kittens)),
            keys.remote_token(&Remote::Wall(vec![kittens.clone()])),
            format!("kittens.{}", &keys.verify_token(&kittens)[..22]),
            keys.operator_key(),
        ];
        let accepted = |text: &str| {
            [
                keys.recognise_callback(text).is_some(),
                keys.recognise_stream_token(text).is_some(),
                keys.recognise_wall_link(text).is_some(),
                keys.recognise_remote_token(text).is_some(),
                keys.operator_key_is_right(text),
            ]
        };
        assert_eq!(accepted(&sealed[0]), [true, false, false, false, false]);
        assert_eq!(accepted(&sealed[1]), [false, true, false, false, false]);
        assert_eq!(accepted(&sealed[2]), [false, false, true, false, false]);
        assert_eq!(accepted(&sealed[3]), [false, false, false, true, false]);
        assert_eq!(accepted(&sealed[4]), [false; 5]);
        assert_eq!(accepted(&sealed[5]), [false, false, false, false, true]);
        assert!(!keys.operator_key_is_right(&keys.operator_key().replace("operator", "somebody")));
    }

    #[test]
    fn another_secret_recognises_nothing() {
        let (ours, theirs) = (Keys::derive("a secret of some length"), Keys::derive("a secret of same length"));
        let kittens = event("kittens");
        assert_eq!(theirs.recognise_callback(&ours.callback(&kittens)), None);
        assert!(!theirs.verify_token_is_right(Some(&kittens), &ours.verify_token(&kittens)));
    }

    #[test]
    fn a_wall_link_carries_its_names_and_cannot_be_widened() {
        let keys = Keys::derive("a secret of some length");
        let link = keys.wall_link(&[event("kittens"), event("1@N00-tags")]);
        assert_eq!(keys.recognise_wall_link(&link), Some(vec![event("kittens"), event("1@N00-tags")]));
        assert_eq!(keys.recognise_wall_link(&link.replace("kittens,", "kittens,secrets,")), None);
    }

    #[test]
    fn the_keys_do_not_change_between_releases() {
        // Callbacks live at the hub for years: a change here would orphan every one of them.
        let keys = Keys::derive("a secret of some length");
        assert_eq!(keys.callback(&event("kittens")), "kittens.9AQQCTNy7-rVI69WERSnmQ");
        assert_eq!(keys.verify_token(&event("kittens")), "PwuG_EixJu9sEpy7qLK1NtM-cEMllpnDjIxcg6Tiz_s");
        // Remotes hang on fridges, and in the rules of home automation.
        let remote = Remote::Wall(vec![event("kittens")]);
        assert_eq!(keys.remote_token(&remote), "wall~kittens.8FUvCuZX0yoOGQpW73dDjg");
    }

    #[test]
    fn a_stored_token_opens_for_its_account_and_key_only() {
        let keys = Keys::derive("a secret of some length");
        let sealed = keys.encrypt_token("1@N01", "token secret", [7; 24]);
        assert!(!sealed.windows(5).any(|it| it == b"token"), "it is not readable");
        assert_eq!(keys.decrypt_token("1@N01", &sealed).as_deref(), Some("token secret"));
        assert_eq!(keys.decrypt_token("2@N01", &sealed), None);
        assert_eq!(Keys::derive("a secret of same length").decrypt_token("1@N01", &sealed), None);
        assert_eq!(keys.decrypt_token("1@N01", &sealed[..sealed.len() - 1]), None);
        assert_eq!(keys.decrypt_token("1@N01", b""), None);
    }

    #[test]
    fn a_form_token_belongs_to_its_session() {
        let keys = Keys::derive("a secret of some length");
        assert!(keys.form_token_is_right("s1", &keys.form_token("s1")));
        assert!(!keys.form_token_is_right("s2", &keys.form_token("s1")));
        assert!(!keys.form_token_is_right("s1", ""));
    }

    proptest! {
        #[test]
        fn every_callback_that_we_mint_is_recognised_and_no_altered_one(
            name in "[A-Za-z0-9@._~:-]{1,120}", at in any::<prop::sample::Index>(), to in "[A-Za-z0-9._-]"
        ) {
            let keys = Keys::derive("a secret of some length");
            let minted = keys.callback(&event(&name));
            prop_assert_eq!(keys.recognise_callback(&minted), Some(event(&name)));
            let mut altered = minted.clone();
            let at = at.index(altered.len());
            altered.replace_range(at..=at, &to);
            // The last character of the MAC carries 2 bits only, and strict base64 refuses the rest.
            prop_assert_eq!(keys.recognise_callback(&altered).is_some(), altered == minted);
        }

        #[test]
        fn no_text_at_all_is_recognised_by_chance(text in ".{0,300}") {
            let keys = Keys::derive("a secret of some length");
            prop_assert_eq!(keys.recognise_callback(&text), None);
            prop_assert_eq!(keys.recognise_wall_link(&text), None);
            prop_assert_eq!(keys.recognise_remote_token(&text), None);
        }
    }
}
