//! A sign-in that was begun: what must be known when Flickr sends the person back, in a cookie of its own.

use std::time::Duration;

use axum_extra::extract::cookie::{Cookie, PrivateCookieJar};
use jiff::{SignedDuration, Timestamp};

use crate::config::Secret;
use crate::flickr::RequestToken;
use crate::state::{AppState, Site};
use crate::web::local_path::LocalPath;
use crate::web::session;

/// How long somebody may think it over at Flickr.
const VALID: SignedDuration = SignedDuration::from_mins(15);
const COOKIE: &str = "signin";

#[derive(Debug, Clone)]
pub(super) struct Pending {
    /// What Flickr gave for this sign-in only.
    pub(super) token: RequestToken,
    /// Where to go afterwards.
    pub(super) next: LocalPath,
    /// When it was begun.
    pub(super) begun_at: Timestamp,
}

impl Pending {
    /// The cookie that keeps it, encrypted.
    pub(super) fn cookie(&self, site: &Site) -> Cookie<'static> {
        let value = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &self.token.token)
            .append_pair("secret", self.token.secret.reveal())
            .append_pair("next", self.next.as_str())
            .append_pair("at", &self.begun_at.as_second().to_string())
            .finish();
        session::cookie(COOKIE, value, VALID.unsigned_abs(), site)
    }

    /// What the cookie in this jar keeps, when it is ours and not too old.
    pub(super) fn of(jar: &PrivateCookieJar, state: &AppState) -> Option<Self> {
        let cookie = jar.get(&session::cookie_name(COOKIE, &state.site))?;
        let find = |name: &str| form_urlencoded::parse(cookie.value().as_bytes()).find(|(it, _)| it == name);
        let field = |name| find(name).map(|(_, value)| value.into_owned());
        let begun_at = Timestamp::from_second(field("at")?.parse().ok()?).ok()?;
        let token = RequestToken { token: field("token")?, secret: Secret::new(field("secret")?) };
        let next = LocalPath::read(&field("next")?).unwrap_or_default();
        (state.clock.now().duration_since(begun_at) < VALID).then_some(Self { token, next, begun_at })
    }

    /// The jar without it.
    pub(super) fn removed_from(jar: PrivateCookieJar, site: &Site) -> PrivateCookieJar {
        jar.remove(session::cookie(COOKIE, String::new(), Duration::ZERO, site))
    }
}
