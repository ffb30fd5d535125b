//! What Flickr said of the sizes of photos: kept for a while, a bounded number, and asked for once however many ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::OnceCell;

use crate::flickr::FlickrError;
use crate::photo::Image;

/// How long an answer is good: Flickr's terms want caches to be short, and sizes hardly change.
const FRESH: SignedDuration = SignedDuration::from_hours(6);
/// How long Flickr is left alone about a photo after it did not say.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// Photos that are kept: those of many walls' histories would be more, and the least recently wanted go. About a
/// kilobyte each.
const MOST: usize = 2_000;

/// The sizes of one photo, or why there are none.
pub type Outcome = Result<Arc<[Image]>, NoSizes>;

/// Why there are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSizes {
    /// Flickr has no such photo, or not for everybody.
    NoPhoto,
    /// Flickr did not answer as it should, or may not be asked just now.
    NotNow,
}

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Album(Arc<Mutex<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    of: HashMap<String, Page>,
    /// Counts what was wanted, to know what was not for longest.
    turn: u64,
}

#[derive(Debug)]
struct Page {
    outcome: Arc<OnceCell<Outcome>>,
    asked_at: Timestamp,
    wanted: u64,
}

impl Page {
    fn is_stale(&self, now: Timestamp) -> bool {
        let good = match self.outcome.get() {
            Some(Ok(_)) | None => FRESH,
            Some(Err(_)) => PAUSE,
        };
        now.duration_since(self.asked_at) >= good
    }
}

impl Album {
    /// The sizes of `photo`, from what is kept or by `ask`. Who goes away while they ask leaves the asking to the next.
    pub async fn sizes(
        &self,
        photo: &str,
        now: Timestamp,
        ask: impl AsyncFnOnce() -> Result<Vec<Image>, FlickrError>,
    ) -> Outcome {
        let page = self.page(photo, now);
        let asking = async || match ask().await {
            Ok(images) => Ok(images.into()),
            // Documented of the method: 1 no such photo, 2 not for this caller.
            Err(FlickrError::Failed { code: 1 | 2, .. }) => Err(NoSizes::NoPhoto),
            Err(cause) => {
                tracing::debug!(%cause, "the sizes of a photo are not to be had");
                Err(NoSizes::NotNow)
            }
        };
        page.get_or_init(asking).await.clone()
    }

    /// The page of `photo`, a new one when there is none that is good.
    fn page(&self, photo: &str, now: Timestamp) -> Arc<OnceCell<Outcome>> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.turn += 1;
        let wanted = pages.turn;
        if let Some(page) = pages.of.get_mut(photo).filter(|it| !it.is_stale(now)) {
            page.wanted = wanted;
            if page.outcome.get().is_none() {
                page.asked_at = now;
            }
            return page.outcome.clone();
        }
        if pages.of.len() >= MOST && !pages.of.contains_key(photo) {
            let oldest = pages.of.iter().min_by_key(|(_, it)| it.wanted).map(|(photo, _)| photo.clone());
            oldest.and_then(|it| pages.of.remove(&it));
        }
        let outcome = Arc::new(OnceCell::new());
        pages.of.insert(photo.to_owned(), Page { outcome: outcome.clone(), asked_at: now, wanted });
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn images() -> Vec<Image> {
        vec![Image { url: "https://example.org/1_k.jpg".into(), width: Some(2048), height: Some(1), derived: false }]
    }

    fn failed(code: u16) -> FlickrError {
        FlickrError::Failed { method: "flickr.photos.getSizes", code, message: String::new() }
    }

    #[tokio::test]
    async fn equal_requests_in_flight_are_made_once_and_the_answer_is_good_for_a_while() {
        let (album, asked) = (Album::default(), AtomicUsize::new(0));
        let ask = async || {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(images())
        };
        let (a, b, c) =
            tokio::join!(album.sizes("1", NOW, ask), album.sizes("1", NOW, ask), album.sizes("2", NOW, ask));
        assert!(a == b && b.unwrap()[..] == images()[..] && c.is_ok());
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        let almost = NOW + FRESH - SignedDuration::from_secs(1);
        album.sizes("1", almost, ask).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        album.sizes("1", NOW + FRESH, ask).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_failure_is_told_apart_and_not_asked_for_again_at_once() {
        let album = Album::default();
        assert_eq!(album.sizes("1", NOW, async || Err(failed(2))).await, Err(NoSizes::NoPhoto));
        assert_eq!(album.sizes("2", NOW, async || Err(failed(105))).await, Err(NoSizes::NotNow));
        assert_eq!(album.sizes("2", NOW, async || Ok(images())).await, Err(NoSizes::NotNow));
        assert!(album.sizes("2", NOW + PAUSE, async || Ok(images())).await.is_ok());
    }

    #[tokio::test]
    async fn who_goes_away_while_asking_leaves_nobody_waiting() {
        let album = Album::default();
        let never = album.sizes("1", NOW, async || std::future::pending().await);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), never).await.is_err());
        assert!(album.sizes("1", NOW, async || Ok(images())).await.is_ok());
    }

    #[tokio::test]
    async fn a_bounded_number_is_kept_and_what_is_wanted_often_stays() {
        let album = Album::default();
        for n in 0..2 * MOST {
            album.sizes(&n.to_string(), NOW, async || Ok(images())).await.unwrap();
            album.sizes("0", NOW, async || panic!("it is kept")).await.unwrap();
        }
        assert_eq!(album.0.lock().unwrap().of.len(), MOST);
    }
}
