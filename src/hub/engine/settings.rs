//! How the engine works.

use std::time::Duration;

use crate::hub::engine::guest::Limits;

/// Times and bounds; the default is Flickr's manner in small.
///
/// Flickr published the design (code.flickr.net, 2011: tasks delayed and de-duplicated, a queue for each endpoint,
/// throttled output) and no number of it but the lease, so all others are ours.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a task waits, so that a later one about the same can take its place.
    pub delay: Duration,
    /// Tasks that wait at most; the oldest are dropped.
    pub waiting: usize,
    /// Elements in the queue of one subscription at most; the oldest are dropped.
    pub queue: usize,
    /// Elements in one delivery at most.
    pub bundle: usize,
    /// Deliveries that a quiet subscription may get at once.
    pub burst: u32,
    /// The time after which it may get one more.
    pub refill: Duration,
    /// Calls under way at once to callbacks that answer in time.
    pub fast: usize,
    /// Calls begun at once to callbacks that were slow or failed.
    pub slow: usize,
    /// A call that takes longer is slow.
    pub slow_after: Duration,
    /// The pause before a delivery is tried again; it doubles each time.
    pub retry: Duration,
    /// Where that pause ends to grow.
    pub retry_most: Duration,
    /// How long one delivery is tried; then its elements are dropped.
    pub patience: Duration,
    /// The pause before a verification is tried again; it doubles each time.
    pub reask: Duration,
    /// Where that pause ends to grow.
    pub reask_most: Duration,
    /// Attempts at an asynchronous verification.
    pub attempts: u32,
    /// How long a synchronous subscribe waits for its verification.
    pub sync_limit: Duration,
    /// The lease of a subscription that is renewed by itself. A day is documented of `flickr.push.subscribe`.
    pub lease: Duration,
    /// Attempts at a renewal of which nothing is heard, or that is answered 5xx. Any other refusal is final.
    pub renewals: u32,
    /// How late a delivery comes that is [late](crate::hub::faults::Fault::Late).
    pub late: Duration,
    /// How long a delivery that is [out of order](crate::hub::faults::Fault::OutOfOrder) waits for a next one.
    pub aside: Duration,
    /// How late a verification comes that is [late](crate::hub::faults::Fault::VerifiedLate).
    pub verified_late: Duration,
    /// Subscriptions at most.
    pub subscriptions: usize,
    /// Entries that are kept for those who ask what is new.
    pub recent: usize,
    /// How much strangers may have of it, when it is open to them.
    pub guests: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            delay: Duration::from_millis(700),
            waiting: 10_000,
            queue: 500,
            bundle: 20,
            burst: 5,
            refill: Duration::from_secs(5),
            fast: 32,
            slow: 8,
            slow_after: Duration::from_secs(1),
            retry: Duration::from_millis(200),
            retry_most: Duration::from_secs(30),
            patience: Duration::from_secs(3600),
            reask: Duration::from_secs(2),
            reask_most: Duration::from_secs(300),
            attempts: 10,
            sync_limit: Duration::from_secs(20),
            lease: Duration::from_secs(86_400),
            renewals: 4,
            late: Duration::from_secs(5),
            aside: Duration::from_secs(30),
            verified_late: Duration::from_secs(90),
            subscriptions: 10_000,
            recent: 500,
            guests: Limits::default(),
        }
    }
}
