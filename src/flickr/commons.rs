//! The institutions of the Flickr Commons.

use serde_json::Value;

use crate::flickr::{Flickr, FlickrError, loose};
use crate::topic::is_nsid;

/// An institution whose photos are in the Commons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// The id of its account: `8623220@N02`.
    pub nsid: String,
    /// Its name: `The Library of Congress`.
    pub name: String,
}

impl Flickr {
    /// `flickr.commons.getInstitutions`, which needs nobody's permission.
    ///
    /// # Errors
    /// When Flickr refuses, or cannot be reached.
    pub async fn institutions(&self) -> Result<Vec<Institution>, FlickrError> {
        let answer = self.unsigned("flickr.commons.getInstitutions", 0, Vec::new()).await?;
        institutions(&answer)
            .ok_or_else(|| FlickrError::NotFlickr { beginning: "an answer without institutions".into() })
    }
}

/// `{"institutions": {"institution": [{"nsid": …, "name": {"_content": …}, "date_launch": …, "urls": …}]}}`. One
/// without an id cannot be subscribed to and is left out; one without a name is called by its id.
pub(super) fn institutions(answer: &Value) -> Option<Vec<Institution>> {
    let one = |item: &Value| {
        let nsid = loose::text(item.get("nsid")?).filter(|it| is_nsid(it))?;
        let name = item.get("name").and_then(loose::text).filter(|it| !it.trim().is_empty());
        Some(Institution { name: name.unwrap_or_else(|| nsid.clone()), nsid })
    };
    Some(loose::items(answer, "institutions", "institution")?.iter().filter_map(one).collect())
}
