//! Another Flickr may be a practice Flickr, where anybody may let one of its people fave something, with no account.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::flickr::{Feeds, FlickrError, http};

/// How long it may take: it is near.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who is to fave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fan {
    /// This person.
    Them(String),
    /// One whose photos and faves this person follows.
    ContactOf(String),
    /// Anybody.
    Anybody,
}

/// A fave on a practice Flickr's stage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Staged {
    /// Which photo.
    pub photo: String,
    /// Its title.
    pub title: String,
    /// Who faved it: their id, …
    pub fan: String,
    /// … and their name.
    pub name: String,
}

impl Feeds {
    /// Whether this Flickr has a stage. The real one is not even asked.
    pub async fn has_stage(&self) -> bool {
        let Some(url) = self.stage("fave") else { return false };
        let answer = self.client().get(url).timeout(PATIENCE).send().await;
        answer.is_ok_and(|it| it.status().is_success() && it.headers().contains_key("x-practice-flickr"))
    }

    /// Lets somebody fave a photo that they had not faved.
    ///
    /// # Errors
    /// When there is no stage, or it refuses.
    pub async fn stage_fave(&self, fan: &Fan) -> Result<Staged, FlickrError> {
        let fields: Vec<(&str, &str)> = match fan {
            Fan::Them(nsid) => vec![("as", nsid)],
            Fan::ContactOf(nsid) => vec![("contact_of", nsid)],
            Fan::Anybody => Vec::new(),
        };
        let body = self.play("fave", &fields).await?;
        serde_json::from_str(&body).map_err(|_| FlickrError::NotFlickr { beginning: body.chars().take(80).collect() })
    }

    /// Lets them take it back.
    ///
    /// # Errors
    /// When there is no stage, or it refuses.
    pub async fn stage_unfave(&self, staged: &Staged) -> Result<(), FlickrError> {
        self.play("act", &[("as", &staged.fan), ("do", "unfave"), ("photo", &staged.photo)]).await.map(drop)
    }

    async fn play(&self, form: &str, fields: &[(&str, &str)]) -> Result<String, FlickrError> {
        let no_stage = || FlickrError::NotFlickr { beginning: "Flickr itself has no stage".into() };
        let url = self.stage(form).ok_or_else(no_stage)?;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client().post(url).timeout(PATIENCE).body(body);
        let request = request.header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.send().await.map_err(http::unreached)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(FlickrError::Status { status: status.as_u16(), retry_after: None });
        }
        answer.text().await.map_err(http::unreached)
    }

    fn stage(&self, form: &str) -> Option<Url> {
        self.hosts().stage(form)
    }
}
