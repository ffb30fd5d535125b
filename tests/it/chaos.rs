//! Chaos: half an hour in the life of a wall, squeezed by a fake clock, in which everything goes wrong that can. Somebody
//! watches all the time.

mod look;
mod storm;
mod watch;

use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::support::ALONE;
use crate::support::chance::Chance;
use crate::support::house::House;
use crate::support::warp::Warped;
use storm::{ALL, strike};
use watch::{RATE, Watch};

/// Page time that runs, jumps not counted.
const LENGTH: Duration = Duration::from_secs(30 * 60);
/// Each storm has so much of it at least.
const SHARE: Duration = Duration::from_secs(50);

/// `CHAOS_SEED=7 cargo test chaos` tells another story.
fn seed() -> u64 {
    option_env!("CHAOS_SEED").and_then(|it| it.parse().ok()).unwrap_or(2026)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_turns_the_screen_blank_or_stops_the_wall() {
    let _alone = ALONE.lock().await;
    let (begun, seed) = (Instant::now(), seed());
    println!("seed {seed}");
    let mut chance = Chance::new(seed);
    let mut house = House::build().await;
    let browser = Warped::open(&["--window-size=960,600"]).await;
    browser.goto(&house.minted.wall).await;
    let mut watch = Watch::begin(browser).await;
    let first: Vec<_> = (0..8).map(|_| house.photo((640, 480))).collect();
    house.deliver(&first, SignedDuration::ZERO).await;
    watch.until(&house, "a first photo", Duration::from_secs(5), |it| !it.photo.is_empty()).await;
    watch.browser.run_at(RATE).await;

    let mut lived = Duration::ZERO;
    let mut storms = Vec::new();
    while lived < LENGTH && watch.faults.len() < 12 {
        if storms.is_empty() {
            storms = ALL.to_vec();
            chance.shuffle(&mut storms);
        }
        let storm = storms.pop().unwrap();
        watch.step = format!("{:.0} s, {storm:?}", lived.as_secs_f64());
        println!("{} ({:.0} s real)", watch.step, begun.elapsed().as_secs_f64());
        watch.jumped = Duration::ZERO;
        let from = watch.now().await;
        strike(storm, &mut house, &mut watch, &mut chance).await;
        let taken = watch.now().await.saturating_sub(from + watch.jumped);
        watch.pass(&house, SHARE.saturating_sub(taken)).await;
        lived += watch.now().await.saturating_sub(from + watch.jumped);
    }
    println!(
        "{:.0} s of page time in {:.0} s; {} screenshots, {} documents; {} images alive at most; dark for {:.1} s at most; {:?}",
        lived.as_secs_f64(),
        begun.elapsed().as_secs_f64(),
        watch.shots,
        watch.documents,
        watch.peak,
        watch.dark.as_secs_f64(),
        house.network.counts(),
    );
    let Watch { browser, faults, .. } = watch;
    browser.close().await;
    assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
}
