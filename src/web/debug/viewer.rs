//! Who looks at the debug pages: somebody who is signed in, at what is theirs; or whoever runs the server, at everything.
//!
//! The operator's link has a key in its address. It is opened once, and becomes a cookie for these pages, so that the key
//! is in no address from then on.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::config::PublicUrl;
use crate::delivery_log::Scope;
use crate::error::{AppError, AppResult};
use crate::signing::Keys;
use crate::state::{AppState, Site};
use crate::web::session::{self, SignedIn};

/// The cookie of an operator, for the pages below this path.
const COOKIE: &str = "operator";
const PATH: &str = "/debug";

/// Somebody who may look. As an extractor it refuses all others with [`AppError::NoDebugging`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// What they may see.
    pub scope: Scope,
    /// Who is signed in, if anybody is: an operator need not be.
    pub who: Option<SignedIn>,
    /// What every form of theirs carries in its hidden field `form`.
    pub form_token: String,
}

impl Viewer {
    /// Whether they see everything.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.scope == Scope::Everything
    }

    /// The nsid of who is signed in, when they see only their own.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.scope {
            Scope::Account(nsid) => Some(nsid),
            Scope::Everything => None,
        }
    }

    /// Whether a form's token is theirs.
    #[must_use]
    pub fn sent(&self, form_token: &str) -> bool {
        use subtle::ConstantTimeEq;
        self.form_token.as_bytes().ct_eq(form_token.as_bytes()).into()
    }

    /// Who sends these headers: an operator, or somebody who is signed in.
    pub(super) async fn of(headers: &HeaderMap, state: &AppState) -> AppResult<Option<Self>> {
        if is_operator(headers, &state.keys) {
            return Ok(Some(Self::operator(&state.keys, session::who(headers, state).await?)));
        }
        let viewer = |who: SignedIn| {
            let (scope, form_token) = (Scope::Account(who.nsid.clone()), who.form_token.clone());
            Self { scope, who: Some(who), form_token }
        };
        Ok(session::who(headers, state).await?.map(viewer))
    }

    /// Whoever runs the server.
    pub(super) fn operator(keys: &Keys, who: Option<SignedIn>) -> Self {
        // It differs from that of every session, whose ids are random.
        let form_token = form_token(keys);
        Self { scope: Scope::Everything, who, form_token }
    }
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, AppError> {
        Self::of(&parts.headers, state).await?.ok_or(AppError::NoDebugging)
    }
}

fn is_operator(headers: &HeaderMap, keys: &Keys) -> bool {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut cookies = all.flat_map(|it| Cookie::split_parse(it.to_owned()).filter_map(Result::ok));
    cookies.any(|it| it.name() == COOKIE && keys.operator_key_is_right(it.value()))
}

/// The cookie for a right key. It lasts as long as the browser is open.
pub(super) fn cookie(key: String, site: &Site) -> Cookie<'static> {
    let secure = site.public_url.origin().starts_with("https:");
    Cookie::build((COOKIE, key)).path(PATH).http_only(true).same_site(SameSite::Lax).secure(secure).build()
}

/// What an operator's forms carry.
pub(crate) fn form_token(keys: &Keys) -> String {
    keys.form_token(COOKIE)
}

/// The operator's link.
#[must_use]
pub fn operator_link(keys: &Keys, public_url: &PublicUrl) -> String {
    public_url.join(&format!("{PATH}?key={}", keys.operator_key()))
}
