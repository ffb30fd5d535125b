//! The institutions of the Flickr Commons, asked for once a day at most, and only when a page wants them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::flickr::{FlickrError, Institution};
use crate::topic::is_nsid;

/// How long a list is good.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// How long Flickr is left alone after it gave none.
const PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// How long a page waits for it.
const PATIENCE: Duration = Duration::from_secs(4);
/// The Commons had 117 institutions in 2024.
const MOST: usize = 500;
/// Letters of the longest name.
const LONGEST: usize = 120;

/// A list of institutions, by name.
pub type List = Arc<[Institution]>;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Institutions {
    known: Arc<Mutex<Known>>,
    /// Who may ask Flickr: one at a time.
    turn: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Known {
    list: Option<List>,
    ask_again_at: Option<Timestamp>,
}

impl Default for Institutions {
    fn default() -> Self {
        Self { known: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl Institutions {
    /// The list. When it is too old it is asked for by `ask`; when that brings nothing, the old list is better than
    /// none, and none is `None`.
    pub async fn list(
        &self,
        now: Timestamp,
        ask: impl AsyncFnOnce() -> Result<Vec<Institution>, FlickrError>,
    ) -> Option<List> {
        if self.is_due(now) {
            let asked = async {
                let _turn = self.turn.acquire().await;
                // Somebody else may have asked while this one waited for its turn.
                if self.is_due(now) { Some(ask().await) } else { None }
            };
            match timeout(PATIENCE, asked).await {
                Ok(Some(Ok(list))) if !list.is_empty() => self.keep(list, now),
                Ok(None) => {}
                failed => {
                    let cause = match failed {
                        Ok(Some(Err(cause))) => cause.to_string(),
                        Ok(_) => "an empty list".into(),
                        Err(_) => "no answer in time".into(),
                    };
                    tracing::warn!(cause, "the institutions of the Commons are not to be had");
                    self.lock().ask_again_at = Some(now + PAUSE);
                }
            }
        }
        self.lock().list.clone()
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.lock().ask_again_at.is_none_or(|it| it <= now)
    }

    fn keep(&self, mut list: Vec<Institution>, now: Timestamp) {
        list.retain(|it| is_nsid(&it.nsid));
        list.truncate(MOST);
        for it in &mut list {
            it.name = it.name.chars().take(LONGEST).collect();
        }
        list.sort_by_cached_key(|it| it.name.to_lowercase());
        *self.lock() = Known { list: Some(list.into()), ask_again_at: Some(now + FRESH) };
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn some() -> Vec<Institution> {
        let one = |nsid: &str, name: &str| Institution { nsid: nsid.into(), name: name.into() };
        vec![one("8623220@N02", "The Library of Congress"), one("x", "Nobody"), one("24785917@N03", "powerhouse")]
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[tokio::test]
    async fn flickr_is_asked_once_a_day_however_many_pages_want_the_list() {
        let (institutions, asked) = (Institutions::default(), AtomicUsize::new(0));
        let ask = async || {
            asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(some())
        };
        let (a, b) = tokio::join!(institutions.list(NOW, ask), institutions.list(NOW, ask));
        let names = |list: Option<List>| list.unwrap().iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(a), ["powerhouse", "The Library of Congress"]);
        assert_eq!(names(b).len(), 2);
        institutions.list(NOW + SignedDuration::from_hours(23), ask).await;
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        institutions.list(NOW + SignedDuration::from_hours(24), ask).await;
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn when_flickr_is_silent_the_old_list_is_better_than_none_and_flickr_is_left_alone_for_a_while() {
        let institutions = Institutions::default();
        let never = async || std::future::pending().await;
        assert!(institutions.list(NOW, never).await.is_none());
        assert!(institutions.list(NOW, async || Ok(some())).await.is_none(), "not yet again");
        assert!(institutions.list(NOW + PAUSE, async || Ok(some())).await.is_some());
        let later = NOW + PAUSE + FRESH;
        assert!(
            institutions.list(later, async || Err(FlickrError::NotFlickr { beginning: String::new() })).await.is_some()
        );
    }
}
