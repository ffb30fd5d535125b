//! The practice hub at work: subscribe a callback, push to it at a pace, let go of it at the end.

use std::future::pending;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::hub::atom;
use crate::hub::dice::Dice;
use crate::hub::endpoint::{DeliverError, Endpoint, Mode, VerifyError};
use crate::hub::outbox::Outbox;
use crate::hub::world::World;

/// The topic of every delivery.
const TITLE: &str = "Photos from the practice Flickr";

/// Uploads in the first delivery: a wall is not to begin empty.
const OPENING: u32 = 12;

/// How long a callback may take to agree at first. Its server starts in the same moment as this hub.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the end may be held up by saying goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A hub that pushes one invented world to one callback.
#[derive(Debug)]
pub struct Practice {
    /// What it speaks through, from [`crate::hub::endpoint::client`].
    pub client: Client,
    /// Whom it pushes to.
    pub endpoint: Endpoint,
    /// What it pushes.
    pub world: World,
    /// The time from one delivery to the next, on average; each is up to 40 % sooner or later.
    pub pace: Duration,
    /// Where challenges and jitter come from.
    pub seed: u64,
}

/// Why the hub stopped by itself.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// The callback did not agree in time.
    #[error("the practice hub gave up on verifying the callback")]
    Unverified(#[source] VerifyError),
    /// The callback answered a delivery with 410.
    #[error("the callback said that its subscription is gone")]
    Gone,
}

impl Practice {
    /// Verifies the callback, delivers at the pace until `cancel`, and takes its leave by another verification.
    ///
    /// A delivery that fails is kept and sent again with what has happened since, so nothing is lost to a restart of
    /// the subscriber unless it takes longer than [the outbox](crate::hub::outbox) holds.
    ///
    /// # Errors
    ///
    /// When the callback cannot be verified, or says that it is gone. To be cancelled is no error.
    pub async fn run(
        mut self,
        now: impl Fn() -> Timestamp + Send,
        cancel: CancellationToken,
    ) -> Result<(), PracticeError> {
        let mut dice = Dice::new(self.seed);
        let Some(agreed) = cancel.run_until_cancelled(self.subscribe(&mut dice)).await else {
            return Ok(());
        };
        agreed?;
        let Some(ended) = cancel.run_until_cancelled(self.push(&mut dice, now)).await else {
            self.unsubscribe(&mut dice).await;
            return Ok(());
        };
        ended
    }

    /// Verifies until the callback agrees or patience ends.
    async fn subscribe(&self, dice: &mut Dice) -> Result<(), PracticeError> {
        let deadline = Instant::now() + PATIENCE;
        let mut backoff = Backoff::default();
        loop {
            let challenge = challenge(dice);
            let Err(error) = self.endpoint.verify(&self.client, Mode::Subscribe, &challenge).await else {
                info!(endpoint = ?self.endpoint, "practice hub: subscribed");
                return Ok(());
            };
            let pause = backoff.next(dice);
            if Instant::now() + pause > deadline {
                return Err(PracticeError::Unverified(error));
            }
            debug!(%error, retry_ms = pause.as_millis(), "practice hub: not verified yet");
            sleep(pause).await;
        }
    }

    /// Delivers until the callback is gone.
    async fn push(&mut self, dice: &mut Dice, now: impl Fn() -> Timestamp) -> Result<(), PracticeError> {
        let mut outbox = Outbox::default();
        let mut backoff = Backoff::default();
        let mut retry: Option<Instant> = None;
        outbox.put(self.world.uploads(OPENING, now()));
        let mut step = Instant::now() + jittered(self.pace, dice);
        loop {
            if retry.is_none_or(|at| at <= Instant::now()) && !outbox.is_empty() {
                let bundle = outbox.bundle();
                let (count, body) = (bundle.len(), atom::render(TITLE, bundle, now()));
                match self.endpoint.deliver(&self.client, body).await {
                    Ok(()) => {
                        debug!(count, "practice hub: delivered");
                        outbox.clear();
                        backoff = Backoff::default();
                        retry = None;
                    }
                    Err(DeliverError::Gone) => {
                        info!("practice hub: the callback answered 410, its subscription is over");
                        return Err(PracticeError::Gone);
                    }
                    Err(error) => {
                        let pause = backoff.next(dice);
                        let dropped = outbox.dropped();
                        warn!(%error, count, dropped, retry_ms = pause.as_millis(), "practice hub: not delivered");
                        retry = Some(Instant::now() + pause);
                    }
                }
            }
            tokio::select! {
                () = sleep_until(step) => {
                    outbox.put(self.world.step(now()));
                    step = Instant::now() + jittered(self.pace, dice);
                }
                () = until(retry) => {}
            }
        }
    }

    /// Asks the callback whether it agrees to the end. It ends either way: this process is leaving.
    async fn unsubscribe(&self, dice: &mut Dice) {
        let challenge = challenge(dice);
        match timeout(GOODBYE, self.endpoint.verify(&self.client, Mode::Unsubscribe, &challenge)).await {
            Ok(Ok(())) => info!(endpoint = ?self.endpoint, "practice hub: unsubscribed"),
            Ok(Err(error)) => warn!(%error, "practice hub: left without the callback's consent"),
            Err(_) => warn!("practice hub: left without an answer from the callback"),
        }
    }
}

/// Growing pauses between attempts.
#[derive(Debug, Default)]
struct Backoff {
    failures: u32,
}

impl Backoff {
    /// From a fifth of a second, doubled each time, to half a minute.
    fn next(&mut self, dice: &mut Dice) -> Duration {
        let pause = Duration::from_millis(200 << self.failures.min(8)).min(Duration::from_secs(30));
        self.failures += 1;
        jittered(pause, dice)
    }
}

/// Up to 40 % shorter or longer, so that neither deliveries nor attempts keep step with anything else.
fn jittered(pause: Duration, dice: &mut Dice) -> Duration {
    pause.mul_f32(dice.between(0.6, 1.4))
}

/// Twenty hexadecimal digits, a new one each time.
fn challenge(dice: &mut Dice) -> String {
    format!("{:010x}{:010x}", dice.bits() >> 24, dice.bits() >> 24)
}

/// Resolves at that moment; never when there is none.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
