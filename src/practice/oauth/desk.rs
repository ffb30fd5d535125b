//! What the provider knows: consumers, request tokens, access tokens, and which requests came before.

mod check;
mod nonces;
mod table;
mod wish;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::encoding::Pair;
use super::problem::OauthProblem;
use super::signed::Signed;
use crate::clock::{Clock, NoRandomness};
use crate::practice::caller::{Caller, Perms};
use crate::practice::{KEY, SECRET};
use check::Needs;
use nonces::Nonces;
pub(super) use nonces::TOLERANCE;
use table::Table;
pub use wish::{Answer, Callback, Decided, Undecided, Wish};

/// Access tokens remembered at most.
const ACCESSES: usize = 10_000;
/// Request tokens remembered at most.
const WISHES: usize = 1_000;

/// An application that may ask people to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Consumer {
    /// `FLICKR_KEY` of whoever uses the practice Flickr.
    pub key: String,
    /// `FLICKR_SECRET`.
    pub secret: String,
}

impl Default for Consumer {
    /// `practice-key` with `practice-secret`: no secret is kept by a Flickr whose people are invented.
    fn default() -> Self {
        Self { key: KEY.to_owned(), secret: SECRET.to_owned() }
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A token and its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The token, in the form of Flickr's: `72157` and twelve digits, a dash, sixteen hexadecimal digits.
    pub token: String,
    /// Its secret, sixteen hexadecimal digits.
    pub secret: String,
}

impl Credentials {
    fn draw(clock: &Clock) -> Result<Self, NoRandomness> {
        let number = u64::from_be_bytes(clock.random()?) % 1_000_000_000_000;
        Ok(Self { token: format!("72157{number:012}-{}", hex(clock)?), secret: hex(clock)? })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Sixteen hexadecimal digits that nobody can guess.
fn hex(clock: &Clock) -> Result<String, NoRandomness> {
    Ok(format!("{:016x}", u64::from_be_bytes(clock.random()?)))
}

/// What an access token is good for.
#[derive(Debug)]
struct Access {
    secret: String,
    consumer: String,
    caller: Caller,
}

/// The provider's memory. Cheap to clone; all clones are one. It ends with the process.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Mutex<Tables>>);

struct Tables {
    /// Keys to secrets.
    consumers: HashMap<String, String>,
    wishes: Table<Wish>,
    accesses: Table<Access>,
    nonces: Nonces,
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tables").field("consumers", &self.consumers.keys()).finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk that knows this consumer and has given nothing out yet.
    #[must_use]
    pub fn new(consumer: Consumer) -> Self {
        Self(Arc::new(Mutex::new(Tables {
            consumers: HashMap::from([(consumer.key, consumer.secret)]),
            wishes: Table::new(WISHES),
            accesses: Table::new(ACCESSES),
            nonces: Nonces::new(),
        })))
    }

    /// Whether this is a consumer's key: the `api_key` of an unsigned REST call.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.lock().consumers.contains_key(key)
    }

    /// Who makes this REST call. `url` is absolute as it was signed (the practice Flickr's base, the path below it, and
    /// the query if there is one); `body` holds the parameters of a form. `None` when nobody is signed in: the request
    /// has no parameter of OAuth's at all, or is signed by a consumer alone.
    ///
    /// # Errors
    /// When the request is signed and not to be believed.
    pub fn authenticate(
        &self,
        method: &str,
        url: &str,
        authorization: Option<&str>,
        body: &[Pair],
        now: Timestamp,
    ) -> Result<Option<Caller>, OauthProblem> {
        let signed = Signed::collect(method, url, authorization, body)?;
        if !signed.is_signed() {
            return Ok(None);
        }
        let mut tables = self.lock();
        tables.check(&signed, Needs::Caller, now)?;
        let token = signed.get("oauth_token");
        Ok(token.and_then(|it| tables.accesses.get(it)).map(|access| access.caller.clone()))
    }

    /// Whom an access token speaks for (`flickr.auth.oauth.checkToken`).
    #[must_use]
    pub fn whose(&self, token: &str) -> Option<Caller> {
        self.lock().accesses.get(token).map(|access| access.caller.clone())
    }

    /// Gives out an access token with no dance before it, as if the person had allowed `perms` to this consumer.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn grant(&self, consumer: &str, nsid: &str, perms: Perms, clock: &Clock) -> Result<Credentials, NoRandomness> {
        let credentials = Credentials::draw(clock)?;
        let caller = Caller { nsid: nsid.to_owned(), perms };
        let access = Access { secret: credentials.secret.clone(), consumer: consumer.to_owned(), caller };
        self.lock().accesses.insert(credentials.token.clone(), access);
        Ok(credentials)
    }

    /// Takes back what this person has allowed to anybody, as they may do on Flickr's page of apps.
    pub fn revoke(&self, nsid: &str) {
        self.lock().accesses.retain(|access| access.caller.nsid != nsid);
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
