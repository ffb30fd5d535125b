//! The server that runs on the same DATA_DIR, asked by its own door, as its operator.

use std::time::Duration;

use reqwest::header::{ACCEPT, COOKIE};
use reqwest::{Client, Method, RequestBuilder};

use crate::clock::Clock;
use crate::conduit::examine;
use crate::config::Config;
use crate::hub::endpoint;
use crate::secret_key;
use crate::signing::Keys;
use crate::web::debug::viewer;

/// How long an answer may take: an examination waits for whoever does not answer it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs.
pub(super) struct Neighbour {
    client: Client,
    /// Where it is reached: `http://127.0.0.1:8080`.
    pub(super) door: String,
    key: String,
    form_token: String,
}

impl Neighbour {
    /// The server that holds DATA_DIR, as it noted itself there.
    pub(super) fn find(config: &Config) -> anyhow::Result<Self> {
        let (secret, _) = secret_key::find_or_make(config, &Clock::system())?;
        let noted = examine::door(&config.data_dir);
        let door = noted.unwrap_or_else(|| format!("http://127.0.0.1:{}", config.bind.1));
        let keys = Keys::derive(secret.reveal());
        let (key, form_token) = (keys.operator_key(), viewer::form_token(&keys));
        Ok(Self { client: endpoint::client_as("flickr-conduit")?, door, key, form_token })
    }

    /// What its forms carry.
    pub(super) fn form_token(&self) -> &str {
        &self.form_token
    }

    /// A request as its operator, whose answer is to be JSON.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.door)).timeout(PATIENCE);
        request.header(ACCEPT, "application/json").header(COOKIE, format!("operator={}", self.key))
    }
}
