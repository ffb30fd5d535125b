//! Faving a photo, for the fave test: the one thing that is ever changed at Flickr, and changed back.

use reqwest::Method;

use crate::flickr::listing::Listed;
use crate::flickr::{Flickr, FlickrError, Token};
use crate::photo::PhotoEvent;

/// Calls that looking for a photo leaves to others.
const LEAVES: u32 = 60;

/// What became of a fave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faved {
    /// It is one now.
    Now,
    /// It was one already.
    Before,
}

impl Flickr {
    /// `flickr.favorites.add`, which needs `write`.
    ///
    /// # Errors
    /// When Flickr refuses (documented: 1, no such photo; 2, a photo of their own; 4, not for them), or cannot be reached.
    pub async fn fave(&self, token: &Token, photo: &str) -> Result<Faved, FlickrError> {
        let arguments = vec![("photo_id", photo.to_owned())];
        match self.signed(Method::POST, "flickr.favorites.add", token, arguments).await {
            Ok(_) => Ok(Faved::Now),
            // Documented: 3, photo is already in favorites.
            Err(FlickrError::Failed { code: 3, .. }) => Ok(Faved::Before),
            Err(error) => Err(error),
        }
    }

    /// `flickr.favorites.remove`. One that is none is no mistake.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn unfave(&self, token: &Token, photo: &str) -> Result<(), FlickrError> {
        let arguments = vec![("photo_id", photo.to_owned())];
        match self.signed(Method::POST, "flickr.favorites.remove", token, arguments).await {
            Ok(_) | Err(FlickrError::Failed { code: 1, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// New public photos that are somebody else's than `nsid`'s, for somebody who wants to fave one.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn photos_to_fave(&self, token: &Token, nsid: &str) -> Result<Vec<PhotoEvent>, FlickrError> {
        let arguments = vec![
            ("min_upload_date", "946684800".to_owned()),
            ("sort", "date-posted-desc".to_owned()),
            ("safe_search", "1".to_owned()),
            ("content_type", "1".to_owned()),
            ("per_page", "50".to_owned()),
        ];
        let Listed { mut photos, .. } = self.list("flickr.photos.search", Some(token), arguments, LEAVES).await?;
        photos.retain(|it| it.owner.as_ref().and_then(|it| it.nsid.as_deref()).is_some_and(|it| it != nsid));
        Ok(photos)
    }
}
