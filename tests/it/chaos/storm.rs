//! What befalls a wall in a year, one after the other.

use std::time::Duration;

use jiff::SignedDuration;

use super::watch::{RATE, Watch};
use crate::support::chance::Chance;
use crate::support::house::{House, Photo};
use crate::support::network::Weather;
use crate::support::pictures::FAULTS;

/// The server is back: the wall is live after so much page time at most.
const LIVE: Duration = Duration::from_secs(5);
/// … with an old proxy in between, which has to be found out first.
const LIVE_BY_STREAM: Duration = Duration::from_secs(20);
/// A photo that is delivered in quiet weather is on show after so long at most, whatever waits.
const REACHED: Duration = Duration::from_secs(90);
/// Another version runs: its page is on the screen after so long at most.
const RENEWED: Duration = Duration::from_secs(120);
/// Page seconds in a real one while it is measured how soon the page is back: hands must not be the slowest part.
const CAREFUL: u32 = 5;
const SIZES: [(u32, u32); 6] = [(640, 480), (480, 640), (640, 427), (500, 500), (800, 300), (240, 180)];

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Storm {
    Kill,
    Restart,
    Release,
    /// The network is cut while the page loads another version, or just before.
    ReleaseIntoNothing,
    Cut,
    HourWithoutNetwork,
    Hole,
    Flapping,
    BrokenPictures,
    Garbage,
    Clock,
    Freeze,
    Burst,
    NoSockets,
    Removal,
    Slow,
}

pub(super) const ALL: [Storm; 16] = [
    Storm::Kill,
    Storm::Restart,
    Storm::Release,
    Storm::ReleaseIntoNothing,
    Storm::Cut,
    Storm::HourWithoutNetwork,
    Storm::Hole,
    Storm::Flapping,
    Storm::BrokenPictures,
    Storm::Garbage,
    Storm::Clock,
    Storm::Freeze,
    Storm::Burst,
    Storm::NoSockets,
    Storm::Removal,
    Storm::Slow,
];

/// Texts that no server of ours sends. The position is nowhere in any history.
const GARBAGE: [&str; 14] = [
    "",
    "not JSON",
    "null",
    "[]",
    "{\"type\":5}",
    "{\"type\":\"photo\"}",
    "{\"type\":\"photo\",\"photo\":{\"id\":5,\"change\":\"added\"}}",
    "{\"type\":\"photo\",\"photo\":{\"id\":\"9\",\"change\":\"added\",\"title\":{},\"owner\":7,\"images\":[null,{\"url\":\"javascript:alert(1)\"}]}}",
    "{\"type\":\"photo\",\"photo\":{\"id\":\"8\",\"change\":\"added\",\"images\":\"none\",\"updates\":{\"a\":1},\"tags\":4}}",
    "{\"type\":\"wall\",\"title\":null,\"events\":5,\"hidden\":\"x\",\"muted\":[null,1,{}]}",
    "{\"type\":\"command\",\"do\":\"explode\"}",
    "{\"type\":\"command\"}",
    "{\"type\":\"tomorrow\",\"position\":\"nonsense\"}",
    "{\"type\":\"gap\",\"missed\":\"many\"}",
];

/// Brings the storm over the house, and watches until it is over and the wall well.
pub(super) async fn strike(storm: Storm, house: &mut House, watch: &mut Watch, chance: &mut Chance) {
    let mut seconds = |from: u64, to: u64| Duration::from_millis(chance.between(from * 1000..to * 1000));
    match storm {
        Storm::Kill => {
            house.kill().await;
            watch.pass(house, seconds(1, 50)).await;
            house.start().await;
            live(house, watch, LIVE).await;
        }
        Storm::Restart => {
            house.stop().await;
            watch.pass(house, seconds(1, 20)).await;
            house.start().await;
            live(house, watch, LIVE).await;
        }
        Storm::Release => {
            let before = watch.documents;
            house.kill().await;
            house.network.change_version();
            house.start().await;
            live(house, watch, LIVE).await;
            renewed(house, watch, before).await;
        }
        Storm::ReleaseIntoNothing => {
            let before = watch.documents;
            house.kill().await;
            house.network.change_version();
            house.start().await;
            watch.pass(house, seconds(0, 12)).await;
            house.network.turns(Weather::Cut);
            watch.pass(house, seconds(20, 40)).await;
            house.network.turns(Weather::Clear);
            live(house, watch, LIVE).await;
            renewed(house, watch, before).await;
        }
        Storm::Cut => {
            house.network.turns(Weather::Cut);
            watch.pass(house, seconds(1, 60)).await;
            house.network.turns(Weather::Clear);
            live(house, watch, LIVE).await;
        }
        Storm::HourWithoutNetwork => {
            house.network.turns(Weather::Cut);
            watch.until(house, "away", LIVE, |it| it.connection == "away").await;
            watch.jump(seconds(1800, 3600), true).await;
            watch.pass(house, seconds(1, 20)).await;
            appease(watch, house).await;
            live(house, watch, LIVE).await;
        }
        Storm::Hole => {
            house.network.turns(Weather::Hole);
            let limit = Duration::from_secs(45);
            watch.until(house, "silence to be noticed", limit, |it| it.connection == "away").await;
            watch.pass(house, seconds(1, 60)).await;
            house.network.turns(Weather::Clear);
            live(house, watch, LIVE).await;
        }
        Storm::Flapping => {
            for _ in 0..8 {
                house.network.turns(Weather::Cut);
                watch.pass(house, seconds(0, 3)).await;
                house.network.turns(Weather::Clear);
                watch.pass(house, seconds(0, 4)).await;
            }
            live(house, watch, LIVE).await;
        }
        Storm::BrokenPictures => {
            let broken: Vec<_> = FAULTS.into_iter().map(|it| house.broken(it)).collect();
            house.deliver(&broken, SignedDuration::ZERO).await;
            watch.pass(house, seconds(5, 30)).await;
        }
        Storm::Garbage => {
            for text in GARBAGE {
                house.network.say(text);
            }
            house.network.say(&format!("{{\"type\":\"photo\",\"photo\":\"{}\"}}", "x".repeat(100_000)));
            watch.pass(house, seconds(5, 10)).await;
            // What it has taken for a position must not keep it from coming back.
            house.network.turns(Weather::Cut);
            watch.pass(house, seconds(1, 3)).await;
            house.network.turns(Weather::Clear);
            live(house, watch, LIVE).await;
        }
        Storm::Clock => {
            const DAY: i64 = 86_400;
            let by = chance.pick(&[-3600, 3600, -DAY, DAY, 7 * DAY, -56 * 365 * DAY, 3650 * DAY]);
            watch.step.push_str(&format!(" by {by} s"));
            watch.browser.correct(by).await;
            watch.pass(house, Duration::from_secs(5)).await;
            reaches(house, watch, chance).await;
            watch.browser.correct(-by).await;
        }
        Storm::Freeze => {
            watch.jump(seconds(600, 7200), false).await;
            live(house, watch, LIVE).await;
        }
        Storm::Burst => {
            let parts = chance.pick(&[1, 10]);
            for _ in 0..parts {
                let photos: Vec<_> = (0..500 / parts).map(|_| any(house, chance)).collect();
                house.deliver(&photos, SignedDuration::ZERO).await;
            }
            watch.pass(house, Duration::from_secs(20)).await;
        }
        Storm::NoSockets => no_sockets(house, watch).await,
        Storm::Removal => {
            // With others to take its place.
            let others: Vec<_> = (0..4).map(|_| any(house, chance)).collect();
            house.deliver(&others, SignedDuration::ZERO).await;
            watch.pass(house, Duration::from_secs(30)).await;
            for id in watch.on_show().await {
                house.remove(id).await;
                watch.removes(id).await;
            }
            watch.pass(house, Duration::from_secs(8)).await;
        }
        Storm::Slow => {
            house.network.turns(Weather::Slow(Duration::from_millis(chance.between(20..80))));
            watch.pass(house, Duration::from_secs(30)).await;
            house.network.turns(Weather::Clear);
        }
    }
    reaches(house, watch, chance).await;
}

/// By now a browser could reach the server: the page does so soon.
async fn live(house: &House, watch: &mut Watch, limit: Duration) {
    watch.careful(CAREFUL).await;
    let took = watch.until(house, "live again", limit, |it| it.connection == "live").await;
    println!("  {}: live after {:.1} s", watch.step, took.as_secs_f64());
    watch.careful(RATE).await;
}

async fn renewed(house: &House, watch: &mut Watch, before: u32) {
    let begun = watch.now().await;
    while watch.documents == before && watch.now().await < begun + RENEWED {
        watch.pass(house, Duration::from_secs(1)).await;
    }
    if watch.documents == before {
        watch.fault(&format!("the page of the other version is not there after {RENEWED:?}"), None).await;
    }
}

/// A photo that is delivered now comes on show.
async fn reaches(house: &mut House, watch: &mut Watch, chance: &mut Chance) {
    let photo = any(house, chance);
    let id = photo.id;
    house.deliver(&[photo], SignedDuration::ZERO).await;
    let took = watch.until(house, &format!("photo {id} to be reached"), REACHED, |it| it.photo.contains(&id)).await;
    println!("  {}: the next photo after {:.1} s", watch.step, took.as_secs_f64());
}

async fn no_sockets(house: &House, watch: &mut Watch) {
    house.network.turns(Weather::Cut);
    watch.pass(house, Duration::from_secs(1)).await;
    house.network.turns(Weather::NoStreams);
    let limit = Duration::from_secs(25);
    watch.until(house, "a hint that nothing comes through", limit, |it| !it.hint.is_empty()).await;
    house.network.turns(Weather::NoSockets);
    let by_stream = |it: &super::look::Look| it.connection == "live" && it.transport == "sse";
    watch.until(house, "live by event stream", LIVE_BY_STREAM, by_stream).await;
    house.network.turns(Weather::Cut);
    watch.pass(house, Duration::from_secs(1)).await;
    house.network.turns(Weather::Clear);
    live(house, watch, LIVE).await;
}

/// The network is back, and Chromium forgets how often it was not.
async fn appease(watch: &Watch, house: &House) {
    house.network.turns(Weather::Clear);
    watch.browser.script("warp.appease('ws://' + location.host + document.body.dataset.stream, 16)").await;
}

fn any(house: &mut House, chance: &mut Chance) -> Photo {
    house.photo(chance.pick(&SIZES))
}
