//! Things happen by themselves, at the realm's pace.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::practice::realm::Realm;

/// Faster than this, several things happen at once.
const TICK: Duration = Duration::from_millis(20);

/// Lets things happen until `stop`.
pub(super) async fn live(realm: &Realm, stop: CancellationToken) {
    let mut changes = realm.pace.changes();
    let mut last = Instant::now();
    // What the elapsed time is worth, in events that have not happened yet.
    let mut owed = 0.0;
    loop {
        let rate = *changes.borrow_and_update();
        let pause =
            if rate > 0.0 { Duration::from_secs_f64(((1.0 - owed) / rate).max(0.0)).max(TICK) } else { Duration::MAX };
        let due = last.checked_add(pause);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            // A pace that has changed counts from now on.
            _ = changes.changed() => (last, owed) = (Instant::now(), 0.0),
            () = async { match due { Some(due) => sleep_until(due).await, None => std::future::pending().await } } => {
                let now = Instant::now();
                // A process that was stopped for long does not make up for all of it.
                owed += (now - last).as_secs_f64().min(10.0) * rate;
                last = now;
                while owed >= 1.0 {
                    realm.happen();
                    owed -= 1.0;
                }
            }
        }
    }
}
