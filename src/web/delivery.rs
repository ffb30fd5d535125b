//! One POST from a hub: from the body to durable, published photo events.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::bus::Published;
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::feed::{self, Feed, NotAFeed};
use crate::metrics::Metrics;
use crate::photo::PhotoEvent;
use crate::state::AppState;

/// Bodies above this are parsed off the async threads: 128 KiB take about a third of a millisecond.
const SMALL: usize = 128 * 1024;
/// How long a body may take to arrive.
const BODY_LIMIT: Duration = Duration::from_secs(20);
/// How long the history may take. Later the hub is told to try again, and what was written after all is a repeat.
const COMMIT_LIMIT: Duration = Duration::from_secs(8);
/// How many bad entries of one delivery are logged one by one.
const LOGGED_PROBLEMS: usize = 10;

/// Takes a delivery for the callback of `event`; `by_bridge` says that our own bridge sent it.
///
/// 2xx only when the events are on disk; 410 when the callback was let go; 413 before more than the limit is read; 400
/// when it is no feed at all, or its end is missing. Bad entries in a good feed are counted and logged, and the others are published.
pub async fn deliver(
    state: &AppState,
    event: &EventName,
    by_bridge: bool,
    headers: &HeaderMap,
    body: Body,
) -> AppResult<Response> {
    let began = Instant::now();
    let mut size_bytes = 0;
    let taken = take(state, event, headers, body, &mut size_bytes).await;
    let broke_off = matches!(&taken, Ok((feed, _)) if feed.broke_off);
    let duration_ms = began.elapsed().as_secs_f64() * 1e3;
    match taken {
        Ok((feed, published)) => {
            let Published { fresh, repeats } = published;
            let entries = feed.events.len() + feed.skipped.len() + feed.problems.len();
            let (skipped, bad) = (feed.skipped.len(), feed.problems.len());
            let outcome = match bad {
                _ if broke_off => "broke_off",
                0 => "published",
                _ => "published_in_part",
            };
            tracing::info!(
                callback.event = %event, outcome, entries, fresh, repeats, skipped, bad, size_bytes, duration_ms, "delivery"
            );
            state.subscriber.tally().add(event, fresh, by_bridge, state.clock.now());
            Metrics::count(&state.metrics.deliveries, outcome, 1);
            for (outcome, n) in [("fresh", fresh), ("repeat", repeats), ("skipped", skipped), ("bad", bad)] {
                Metrics::count(&state.metrics.entries, outcome, n);
            }
            state.metrics.delivery_seconds.observe(began.elapsed().as_secs_f64());
            // What was whole is published, and the hub sends all of it again: what is there already is a repeat then.
            if broke_off {
                return Err(AppError::BrokeOff(fresh));
            }
            Ok(format!("{fresh} new, {repeats} repeated, {skipped} skipped, {bad} bad\n").into_response())
        }
        Err(refused) => {
            let outcome = match &refused {
                AppError::LetGo => "let_go",
                AppError::TooLarge(_) => "too_large",
                AppError::Unreadable => "unreadable",
                AppError::TooSlow => "too_slow",
                AppError::Encoded(_) => "encoded",
                AppError::NotAFeed(_) => "not_a_feed",
                _ => "not_stored",
            };
            // What was answered; the cause of a failure of ours is logged where it becomes an answer.
            let reason = refused.sentence();
            tracing::warn!(callback.event = %event, outcome, reason, size_bytes, duration_ms, "delivery");
            Metrics::count(&state.metrics.deliveries, outcome, 1);
            Err(refused)
        }
    }
}

async fn take(
    state: &AppState,
    event: &EventName,
    headers: &HeaderMap,
    body: Body,
    size_bytes: &mut usize,
) -> AppResult<(Feed, Published)> {
    if state.store.was_let_go(event) {
        return Err(AppError::LetGo);
    }
    let bytes = read_body(headers, body, state.site.delivery_limit).await?;
    *size_bytes = bytes.len();
    let mut feed = parse(bytes).await?;
    for problem in feed.problems.iter().take(LOGGED_PROBLEMS) {
        tracing::warn!(callback.event = %event, %problem, "bad entry");
    }
    for skipped in &feed.skipped {
        tracing::debug!(callback.event = %event, %skipped, "skipped entry");
    }
    in_order(&mut feed.events);
    let Ok(published) = timeout(COMMIT_LIMIT, state.bus.publish(event, &feed.events)).await else {
        return Err(AppError::Unavailable("the history takes too long to write".into()));
    };
    Ok((feed, published?))
}

/// Brings events into the order in which they happened, when each says when: Flickr's public feeds have the newest first.
fn in_order(events: &mut [PhotoEvent]) {
    let at = |it: &PhotoEvent| it.updated.or(it.published);
    if events.iter().all(|it| at(it).is_some()) {
        events.sort_by_key(at);
    }
}

/// The body, or the refusal before more than `limit` is read of it.
async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> AppResult<Bytes> {
    let encoding = headers.get(header::CONTENT_ENCODING).map(|it| String::from_utf8_lossy(it.as_bytes()));
    if let Some(encoding) = encoding.filter(|it| !it.is_empty() && !it.eq_ignore_ascii_case("identity")) {
        return Err(AppError::Encoded(encoding.chars().take(20).collect()));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|it| it > limit as u64) {
        return Err(AppError::TooLarge(limit));
    }
    let Ok(read) = timeout(BODY_LIMIT, Limited::new(body, limit).collect()).await else {
        return Err(AppError::TooSlow);
    };
    match read {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(cause) if cause.is::<LengthLimitError>() => Err(AppError::TooLarge(limit)),
        Err(_) => Err(AppError::Unreadable),
    }
}

async fn parse(bytes: Bytes) -> AppResult<Feed> {
    let feed: Result<Feed, NotAFeed> = if bytes.len() <= SMALL {
        feed::read(&bytes)
    } else {
        let parsing = tokio::task::spawn_blocking(move || feed::read(&bytes));
        parsing.await.map_err(|cause| AppError::Internal(Box::new(cause)))?
    };
    Ok(feed?)
}
