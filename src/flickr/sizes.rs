//! The sizes of one photo, with those that have secrets of their own and so are in no feed.

use serde_json::Value;
use url::Url;

use crate::flickr::budget::CAPACITY;
use crate::flickr::{Flickr, FlickrError, loose};
use crate::photo::Image;

/// Calls that are left to subscriptions, half of what can be saved up: a sharper picture is worth less than a photo.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 80")]
const LEAVES: u32 = (CAPACITY / 2.0) as u32;
/// Flickr has 17 sizes.
const MOST: usize = 40;
/// Bytes of the longest address.
const LONGEST: usize = 500;

impl Flickr {
    /// `flickr.photos.getSizes` of a photo that everybody may see: its sizes that a wall can show, smallest first.
    ///
    /// # Errors
    /// When Flickr refuses (code 1: no such photo, 2: not for everybody), when it cannot be reached, or when too few
    /// calls would be left for subscriptions.
    pub async fn sizes(&self, photo: &str) -> Result<Vec<Image>, FlickrError> {
        let answer = self.unsigned("flickr.photos.getSizes", LEAVES, vec![("photo_id", photo.to_owned())]).await?;
        sizes(&answer).ok_or_else(|| FlickrError::NotFlickr { beginning: "an answer without sizes".into() })
    }
}

/// `{"sizes": {"size": [{"label": "Large", "width": "1024", "height": 681, "source": …, "media": "photo"}]}}`. Left out
/// are squares, which are cut; films; and the original, which may be of any format, size and orientation.
pub(super) fn sizes(answer: &Value) -> Option<Vec<Image>> {
    let one = |item: &Value| {
        let label = item.get("label").and_then(loose::text)?;
        let is_photo = item.get("media").and_then(loose::text).is_none_or(|it| it == "photo");
        if !is_photo || label == "Original" || label.contains("Square") {
            return None;
        }
        let url = Url::parse(&loose::text(item.get("source")?)?).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST;
        let pixels = |name: &str| item.get(name).and_then(loose::small).filter(|it| *it > 0);
        let (width, height) = (pixels("width")?, pixels("height")?);
        is_web.then(|| Image { url: url.into(), width: Some(width), height: Some(height), derived: false })
    };
    let mut images: Vec<_> = loose::items(answer, "sizes", "size")?.iter().take(MOST).filter_map(one).collect();
    images.sort_by_key(|it| it.width.max(it.height));
    Some(images)
}
