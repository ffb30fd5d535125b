//! The link of an account's remote, for the pages of who is signed in, and a new one in its place.

use axum::extract::State;
use axum::response::Redirect;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::error::{AppError, AppResult};
use crate::qr;
use crate::signing::Remote;
use crate::state::AppState;
use crate::web::session::{Posted, SignedIn};

/// What a page needs to lead to a remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteLink {
    /// Its path.
    pub path: String,
    /// Its whole address.
    pub address: String,
    /// The address as a QR code: SVG.
    pub qr: String,
    /// Whether the address leads nowhere from another machine.
    pub local: bool,
}

impl RemoteLink {
    /// The remote of who is signed in. It is made when they first see it.
    ///
    /// # Errors
    /// When the store does not work.
    pub async fn of(state: &AppState, who: &SignedIn) -> AppResult<Self> {
        let generation = match state.store.remote(&who.nsid).await? {
            Some(generation) => generation,
            None => draw(state, &who.nsid).await?,
        };
        let token = state.keys.remote_token(&Remote::Account { nsid: who.nsid.clone(), generation });
        let path = format!("/remote/{token}");
        let address = state.site.public_url.join(&path);
        let qr = qr::svg(&address, "QR code of the link to the remote");
        let qr = qr.map_err(|cause| AppError::Internal(Box::new(cause)))?;
        Ok(Self { path, address, qr, local: state.site.public_url.is_loopback() })
    }
}

async fn draw(state: &AppState, nsid: &str) -> AppResult<String> {
    let generation = URL_SAFE_NO_PAD.encode(state.clock.random::<8>()?);
    state.store.record_remote(nsid, &generation).await?;
    Ok(generation)
}

/// Where somebody pressed the button.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(default)]
    on: String,
}

/// Makes a new link; the one before drives nothing any more.
pub async fn renew(
    State(state): State<AppState>,
    who: SignedIn,
    Posted(Pressed { on }): Posted<Pressed>,
) -> AppResult<Redirect> {
    draw(&state, &who.nsid).await?;
    tracing::info!(nsid = who.nsid, "a new remote");
    Ok(Redirect::to(if on == "subscriptions" { "/subscriptions?done=remote" } else { "/walls?done=remote" }))
}
