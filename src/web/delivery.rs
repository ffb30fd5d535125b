//! One POST from a hub: from the body to durable, published photo events.

mod body;

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::timeout;

use crate::bus::Published;
use crate::delivery_log::{Call, Cause, Draft, Parsed, Verdict};
use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::feed::{self, Feed, NotAFeed};
use crate::metrics::Metrics;
use crate::photo::PhotoEvent;
use crate::state::AppState;

/// Bodies above this are parsed off the async threads: 128 KiB take about a third of a millisecond.
const SMALL: usize = 128 * 1024;
/// How long the history may take. Later the hub is told to try again, and what was written after all is a repeat.
const COMMIT_LIMIT: Duration = Duration::from_secs(8);
/// How many bad entries of one delivery are logged one by one.
const LOGGED_PROBLEMS: usize = 10;

/// Takes a delivery for the callback of `event`: the answer, and the number of its record if it is kept.
///
/// 2xx only when the events are on disk; 410 when the callback was let go; 413 before more than the limit is read; 400
/// when it is no feed at all, or its end is missing. Bad entries in a good feed are counted and logged, and the others are published.
pub async fn deliver(state: &AppState, event: EventName, call: Call, body: Body) -> (AppResult<Response>, Option<u64>) {
    let began = Instant::now();
    let (mut read, mut read_ms) = (Bytes::new(), 0.0);
    let taken = take(state, &event, &call, body, &mut read, &mut read_ms).await;
    let (size_bytes, duration_ms) = (read.len(), began.elapsed().as_secs_f64() * 1e3);
    let (answer, verdict, feed) = match taken {
        Ok((feed, published)) => {
            let (fresh, repeats, bad) = (published.fresh(), published.repeats, feed.problems.len());
            let (skipped, entries) = (feed.skipped.len(), feed.events.len() + feed.skipped.len() + bad);
            let (outcome, verdict) = match bad {
                _ if feed.broke_off => ("broke_off", Verdict::BrokeOff),
                0 => ("published", Verdict::Published),
                _ => ("published_in_part", Verdict::PublishedInPart),
            };
            tracing::info!(
                callback.event = %event, outcome, entries, fresh, repeats, skipped, bad, size_bytes, duration_ms, "delivery"
            );
            // What somebody plays once more says nothing of how it stands with a hub's push.
            let is_push = !call.by_bridge && call.cause == Cause::Hub;
            state.subscriber.tally().add(&event, fresh, !is_push, state.clock.now());
            Metrics::count(&state.metrics.deliveries, outcome, 1);
            for (outcome, n) in [("fresh", fresh), ("repeat", repeats), ("skipped", skipped), ("bad", bad)] {
                Metrics::count(&state.metrics.entries, outcome, n);
            }
            state.metrics.delivery_seconds.observe(began.elapsed().as_secs_f64());
            // What was whole is published, and the hub sends all of it again: what is there already is a repeat then.
            let answer = match feed.broke_off {
                true => Err(AppError::BrokeOff(fresh)),
                false => Ok(format!("{fresh} new, {repeats} repeated, {skipped} skipped, {bad} bad\n").into_response()),
            };
            (answer, verdict, Some((feed, published)))
        }
        Err(refused) => {
            let (outcome, verdict) = refusal(&refused);
            // What was answered; the cause of a failure of ours is logged where it becomes an answer.
            let reason = refused.sentence();
            tracing::warn!(callback.event = %event, outcome, reason, size_bytes, duration_ms, "delivery");
            Metrics::count(&state.metrics.deliveries, outcome, 1);
            (Err(refused), verdict, None)
        }
    };
    if state.delivery_log.bounds().is_none() {
        return (answer, None);
    }
    let screens = if feed.is_some() { state.screens.showing(&event) } else { 0 };
    let (parsed, problems) = match feed {
        Some((feed, published)) => {
            let (parsed, problems) = tell(feed, published, screens, call.at, state.clock.now());
            (Some(Parsed { read_ms, ..parsed }), problems)
        }
        None => (None, Vec::new()),
    };
    let status = answer.as_ref().map_or_else(AppError::status, Response::status).as_u16();
    let draft = Draft::new(call, Some(event), verdict, status);
    let id = state.delivery_log.note(Draft {
        // Later than the publication that is told of in `parsed`.
        took_ms: began.elapsed().as_secs_f64() * 1e3,
        body: Some(read),
        size: size_bytes,
        parsed,
        problems,
        ..draft
    });
    (answer, id)
}

/// Why a delivery is not taken: a word for logs, and the verdict.
fn refusal(refused: &AppError) -> (&'static str, Verdict) {
    match refused {
        AppError::LetGo => ("let_go", Verdict::LetGo),
        AppError::TooLarge(limit) => ("too_large", Verdict::TooLarge { limit: *limit }),
        AppError::Unreadable => ("unreadable", Verdict::Unreadable),
        AppError::TooSlow => ("too_slow", Verdict::TooSlow),
        AppError::Encoded(how) => ("encoded", Verdict::Encoded { how: how.clone() }),
        AppError::NotAFeed(why) => ("not_a_feed", Verdict::NotAFeed { why: why.to_string() }),
        _ => ("not_stored", Verdict::NotStored),
    }
}

/// What the delivery log says of a feed that was published at `now`.
fn tell(
    feed: Feed,
    published: Published,
    screens: usize,
    arrived: Timestamp,
    now: Timestamp,
) -> (Parsed, Vec<feed::Problem>) {
    let newest = feed.events.iter().filter_map(|it| it.updated.or(it.published)).max();
    let parsed = Parsed {
        entries: feed.events.len() + feed.skipped.len() + feed.problems.len(),
        fresh: published.fresh(),
        repeats: published.repeats,
        skipped: feed.skipped.len(),
        bad: feed.problems.len(),
        photos: feed.events.into_iter().map(|it| it.id).collect(),
        screens: if published.fresh() > 0 { screens } else { 0 },
        new_photos: published.photos,
        delay_ms: newest.map(|it| arrived.as_millisecond() - it.as_millisecond()),
        published_at: Some(now),
        streams: published.listeners,
        ..Parsed::default()
    };
    (parsed, feed.problems)
}

async fn take(
    state: &AppState,
    event: &EventName,
    call: &Call,
    body: Body,
    read: &mut Bytes,
    read_ms: &mut f64,
) -> AppResult<(Feed, Published)> {
    let began = Instant::now();
    if state.store.was_let_go(event) {
        return Err(AppError::LetGo);
    }
    body::read(&call.headers, body, state.site.delivery_limit, read).await?;
    let mut feed = parse(read.clone()).await?;
    *read_ms = began.elapsed().as_secs_f64() * 1e3;
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

async fn parse(bytes: Bytes) -> AppResult<Feed> {
    let feed: Result<Feed, NotAFeed> = if bytes.len() <= SMALL {
        feed::read(&bytes)
    } else {
        let parsing = tokio::task::spawn_blocking(move || feed::read(&bytes));
        parsing.await.map_err(|cause| AppError::Internal(Box::new(cause)))?
    };
    Ok(feed?)
}
