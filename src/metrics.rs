//! Numbers for Prometheus. The registry is a value that the state carries, not a global.

use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::hub::bridge::facts::Facts;

/// All metrics. Cheap to clone. No label holds an event name or an account: there may be any number of them.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    /// Deliveries by what became of them.
    pub deliveries: Family<Outcome, Counter>,
    /// Entries of deliveries by what became of them.
    pub entries: Family<Outcome, Counter>,
    /// Verifications by verdict.
    pub verifications: Family<Outcome, Counter>,
    /// Seconds from the first byte of a delivery's body to its commit.
    pub delivery_seconds: Histogram,
    /// Streams that are open, by surface.
    pub streams: Family<Surface, Gauge>,
    /// Events that streams were sent.
    pub sent: Counter,
    /// Events that slow streams missed.
    pub missed: Counter,
    /// Commands that screens were sent.
    pub commands: Counter,
    listeners: Gauge,
    followed_names: Gauge,
    screens: Gauge,
    bridge: Bridged,
}

/// What is counted when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Census {
    /// Pairs of a listener and an event name.
    pub listeners: usize,
    /// Event names with a listener.
    pub followed_names: usize,
    /// Screens that are connected.
    pub screens: usize,
}

/// What the bridge does.
#[derive(Debug, Clone, Default)]
struct Bridged {
    calls: Family<Outcome, Counter>,
    photos: Family<Outcome, Counter>,
    sources: Gauge,
    oldest_seconds: Gauge,
    calls_lately: Gauge,
    budget_left: Gauge,
    guests: Family<Outcome, Gauge>,
}

/// What became of something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Outcome {
    /// A word of a small fixed set.
    pub outcome: &'static str,
}

impl From<&'static str> for Outcome {
    fn from(outcome: &'static str) -> Self {
        Self { outcome }
    }
}

/// Through what a stream is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Surface {
    /// Which.
    pub surface: SurfaceName,
}

/// Counts a stream for as long as it is held.
#[derive(Debug)]
pub struct OpenStream(Gauge);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The surfaces that stay open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "these are the label's values as they are written")]
pub enum SurfaceName {
    /// WebSocket.
    websocket,
    /// Server-sent events.
    sse,
}

impl Metrics {
    /// A registry with everything at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("flickr_conduit");
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version that runs", build);
        let mut metrics = Self {
            registry: Arc::new(Registry::default()),
            deliveries: Family::default(),
            entries: Family::default(),
            verifications: Family::default(),
            delivery_seconds: Histogram::new(exponential_buckets(0.000_5, 2.0, 14)),
            streams: Family::default(),
            sent: Counter::default(),
            missed: Counter::default(),
            commands: Counter::default(),
            listeners: Gauge::default(),
            followed_names: Gauge::default(),
            screens: Gauge::default(),
            bridge: Bridged::default(),
        };
        registry.register("deliveries", "Deliveries by outcome", metrics.deliveries.clone());
        registry.register("entries", "Entries of deliveries by outcome", metrics.entries.clone());
        registry.register("verifications", "Verifications by verdict", metrics.verifications.clone());
        registry.register("delivery_seconds", "From a delivery's body to its commit", metrics.delivery_seconds.clone());
        registry.register("streams", "Open streams by surface", metrics.streams.clone());
        registry.register("stream_events", "Events sent to streams", metrics.sent.clone());
        registry.register("stream_missed", "Events that slow streams missed", metrics.missed.clone());
        registry.register("screens", "Screens that are connected", metrics.screens.clone());
        registry.register("screen_commands", "Commands that screens were sent", metrics.commands.clone());
        registry.register("bus_listeners", "Pairs of a listener and an event name", metrics.listeners.clone());
        registry.register("bus_followed_names", "Event names with a listener", metrics.followed_names.clone());
        let Bridged { calls, photos, sources, oldest_seconds, calls_lately, budget_left, guests } =
            metrics.bridge.clone();
        registry.register("bridge_calls", "Calls of the bridge to Flickr by outcome", calls);
        registry.register("bridge_photos", "Photos that the bridge found new, or gone", photos);
        registry.register("bridge_sources", "Requests that the bridge makes again and again", sources);
        registry.register("bridge_oldest_seconds", "Age of the oldest answer that the bridge has", oldest_seconds);
        registry.register("bridge_calls_last_hour", "Calls of the bridge in the last hour", calls_lately);
        registry.register("bridge_budget_left", "Calls to Flickr that could be made at once", budget_left);
        registry.register("hub_guests", "Subscriptions of strangers at the public hub", guests);
        metrics.registry = Arc::new(registry);
        metrics
    }

    /// Counts one `outcome`.
    pub fn count(family: &Family<Outcome, Counter>, outcome: &'static str, n: usize) {
        family.get_or_create(&outcome.into()).inc_by(n as u64);
    }

    /// Counts a stream that opens.
    pub fn open_stream(&self, surface: SurfaceName) -> OpenStream {
        let gauge = self.streams.get_or_create(&Surface { surface }).clone();
        gauge.inc();
        OpenStream(gauge)
    }

    /// The bridge as it is now.
    pub fn note_bridge(&self, facts: &Facts) {
        let it = &self.bridge;
        let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let [all, unchanged, failed] = facts.calls;
        let [found, gone] = facts.photos;
        let answered = all.saturating_sub(unchanged + failed);
        for (family, outcome, total) in [
            (&it.calls, "answered", answered),
            (&it.calls, "unchanged", unchanged),
            (&it.calls, "failed", failed),
            (&it.photos, "found", found),
            (&it.photos, "gone", gone),
        ] {
            let counter = family.get_or_create(&outcome.into()).clone();
            counter.inc_by(total.saturating_sub(counter.get()));
        }
        it.sources.set(whole(facts.sources));
        it.oldest_seconds.set(facts.oldest.map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX)));
        it.calls_lately.set(whole(facts.calls_lately));
        it.budget_left.set(i64::from(facts.left));
        for (outcome, n) in ["verified", "waiting"].into_iter().zip(facts.guests) {
            it.guests.get_or_create(&outcome.into()).set(whole(n));
        }
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// When a metric cannot be formatted.
    pub fn render(&self, now: Census) -> Result<String, fmt::Error> {
        for (gauge, n) in
            [(&self.listeners, now.listeners), (&self.followed_names, now.followed_names), (&self.screens, now.screens)]
        {
            gauge.set(i64::try_from(n).unwrap_or(i64::MAX));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics(…)")
    }
}
