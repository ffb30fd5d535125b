//! Signing in: a request token, a person's consent, an access token (RFC 5849 section 2).

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::Value;
use url::Url;

use crate::config::Secret;
use crate::flickr::answer::Answer;
use crate::flickr::{Flickr, FlickrError, Token, loose};
use crate::topic::is_nsid;

/// What a person is asked to allow; each holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Perms {
    /// To see what they see. Enough for all of push.
    Read,
    /// To fave and to comment.
    Write,
    /// To delete their photos. Never asked for; a token of another program's may have it.
    Delete,
}

impl Perms {
    /// Its name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }
}

/// A token that nobody has consented to yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestToken {
    /// Its name, which is in the address of Flickr's page and comes back from it.
    pub token: String,
    /// What the next call signs with.
    pub secret: Secret,
}

/// A person has consented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What calls on their behalf are signed with.
    pub token: Token,
    /// The id of their account: `12037949754@N01`.
    pub nsid: String,
    /// Their screen name.
    pub username: String,
    /// Their full name; often empty.
    pub fullname: String,
}

/// What a token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedToken {
    /// What it allows; `None` when Flickr uses a word that we do not know.
    pub perms: Option<Perms>,
    /// Whose it is.
    pub nsid: String,
    /// Their screen name.
    pub username: String,
    /// Their full name; often empty.
    pub fullname: String,
}

/// Calls that are left to others, of the 160 that there are at most, by who begins to sign in: that may be anybody, so it
/// is more than the bridge leaves, and less than half of them, which sharper pictures leave.
const SIGN_IN_LEAVES: u32 = 60;

impl Flickr {
    /// Asks for a request token. `callback` is where Flickr sends the person back to, with `oauth_token` and
    /// `oauth_verifier` in the query; it must be https (observed in flickr-sdk), except on this machine.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn request_token(&self, callback: &Url) -> Result<RequestToken, FlickrError> {
        let url = self.0.hosts.oauth("request_token");
        let authorization = self.signature()?.callback(callback.as_str()).header(&Method::GET, url.as_str(), &[]);
        let request = self.0.client.get(url).header(AUTHORIZATION, authorization);
        let answer = self.ask("request_token", SIGN_IN_LEAVES, request, Vec::new()).await?;
        let [token, secret] = answer.form(["oauth_token", "oauth_token_secret"])?;
        Ok(RequestToken { token, secret: Secret::new(secret) })
    }

    /// The page on which a person says yes or no.
    #[must_use]
    pub fn authorize_url(&self, token: &RequestToken, perms: Perms) -> Url {
        let mut url = self.0.hosts.oauth("authorize");
        url.query_pairs_mut().append_pair("oauth_token", &token.token).append_pair("perms", perms.as_str());
        url
    }

    /// Turns a request token into an access token, with the `oauth_verifier` that the person brought.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn access_token(&self, token: &RequestToken, verifier: &str) -> Result<Access, FlickrError> {
        let url = self.0.hosts.oauth("access_token");
        let signature = self.signature()?.token(&token.token, &token.secret).verifier(verifier);
        let authorization = signature.header(&Method::GET, url.as_str(), &[]);
        let request = self.0.client.get(url).header(AUTHORIZATION, authorization);
        access(self.ask("access_token", 0, request, vec![verifier.to_owned()]).await?)
    }

    /// Asks whose a token is and what it allows (`flickr.auth.oauth.checkToken`).
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached. [`FlickrError::loses_token`] tells a token that was taken back.
    pub async fn check_token(&self, token: &Token) -> Result<CheckedToken, FlickrError> {
        // Its one argument, `oauth_token`, is there already: signing adds it.
        let answer = self.signed(Method::GET, "flickr.auth.oauth.checkToken", token, Vec::new()).await?;
        checked(&answer).ok_or_else(|| FlickrError::NotFlickr { beginning: "a token that is nobody's".into() })
    }
}

/// `fullname=…&oauth_token=…&oauth_token_secret=…&user_nsid=…&username=…` (documented).
pub(super) fn access(answer: Answer) -> Result<Access, FlickrError> {
    let name = |field: &str| {
        let found = form_urlencoded::parse(answer.body.trim_ascii()).find(|(it, _)| it == field);
        found.map(|(_, it)| it.into_owned()).unwrap_or_default()
    };
    let (username, fullname) = (name("username"), name("fullname"));
    let [token, secret, nsid] = answer.form(["oauth_token", "oauth_token_secret", "user_nsid"])?;
    if !is_nsid(&nsid) {
        return Err(FlickrError::NotFlickr { beginning: "a token of an account without an id".into() });
    }
    let token = Token { token, secret: Secret::new(secret) };
    Ok(Access { token, nsid, username, fullname })
}

/// `{"oauth": {"token": {…}, "perms": {"_content": "read"}, "user": {"nsid": …, "username": …, "fullname": …}}}`.
pub(super) fn checked(answer: &Value) -> Option<CheckedToken> {
    let oauth = answer.get("oauth")?;
    let user = |name: &str| oauth.get("user").and_then(|it| it.get(name)).and_then(loose::text);
    let perms = oauth.get("perms").and_then(loose::text)?;
    let perms = [Perms::Read, Perms::Write, Perms::Delete].into_iter().find(|it| it.as_str() == perms);
    let nsid = user("nsid").filter(|it| is_nsid(it))?;
    let (username, fullname) = (user("username").unwrap_or_default(), user("fullname").unwrap_or_default());
    Some(CheckedToken { perms, nsid, username, fullname })
}
