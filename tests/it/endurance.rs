//! Endurance: what a wall shows in half a day, in minutes; and nothing of it stays behind.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::support::ALONE;
use crate::support::house::House;
use crate::support::warp::{Warped, millis, read_notes};

const PHOTOS: usize = 10_000;
/// The first measure, after so many.
const FEW: usize = 100;
/// Delivered at a time …
const BATCH: usize = 15;
/// … while fewer than these wait: so many that the wall is a mosaic, and not so many that it drops any.
const DEEP: usize = 40;
/// A photo that waits while nothing new comes on show for so long is not going to be shown.
const STUCK: Duration = Duration::from_secs(120);
/// Page seconds in a real one; and while a picture loads or waits to be painted.
const RATE: u32 = 250;
const SLOW: u32 = 40;
/// How often the server says something.
const PING: Duration = Duration::from_millis(20);
/// WALL.md: at most so many images are alive.
const IMAGES: u64 = 6;
/// Nodes may differ by so many: those of the last four tiles, which a request or a fade may still hold. A wall that kept
/// what it has shown would have a hundred thousand more.
const NODES: u64 = 120;
/// The heap may differ by this part of it.
const GROWTH: f64 = 0.10;
/// All have been delivered by then …
const TIME: Duration = Duration::from_secs(150);
/// … and the end comes before this.
const LIMIT: Duration = Duration::from_secs(300);

/// One photo after the other, as fast as the page takes them.
struct Parade {
    house: House,
    browser: Warped,
    seen: BTreeSet<u64>,
    painted: BTreeSet<u64>,
    begun: Instant,
    live: Duration,
    now: Duration,
    peak: u64,
    /// When a photo came on show that was not before.
    turned: Duration,
    passed_over: usize,
}

#[expect(clippy::cast_precision_loss, reason = "a proportion")]
impl Parade {
    /// Goes on until `count` photos have been delivered, and each of them was on show or has been passed over. On a machine
    /// that cannot paint so many in the time there is, more are delivered than can be: the page drops the oldest.
    async fn until(&mut self, count: usize) {
        loop {
            self.look().await;
            let delivered = self.house.photos.len();
            let waiting = delivered.saturating_sub(self.seen.len() + self.passed_over);
            let is_late = self.begun.elapsed().as_secs_f64() / TIME.as_secs_f64() > delivered as f64 / PHOTOS as f64;
            if delivered < count && (waiting < DEEP || is_late && delivered >= FEW) {
                let batch: Vec<_> = (0..BATCH.min(count - delivered)).map(|_| self.house.photo((320, 240))).collect();
                let ahead = SignedDuration::try_from(self.now.saturating_sub(self.live)).unwrap();
                self.house.deliver(&batch, ahead).await;
                self.turned = self.now;
            } else if waiting > 0 && self.now > self.turned + STUCK {
                self.passed_over += waiting;
            } else if delivered >= count && waiting == 0 {
                return;
            }
            if waiting > 2 * DEEP {
                self.passed_over += waiting - DEEP;
            }
            assert!(self.begun.elapsed() < LIMIT, "{} of {count} were on show in {LIMIT:?}", self.seen.len());
        }
    }

    async fn look(&mut self) {
        let said = self.browser.script("return [warp.now(), warp.pictures().peak, warp.notes()]").await;
        self.now = millis(&said[0]);
        self.peak = self.peak.max(said[1].as_u64().unwrap());
        for note in read_notes(&said[2]) {
            let ids = note.value.split(',').filter_map(|it| it.parse::<u64>().ok());
            match &*note.kind {
                "photo" => {
                    let before = self.seen.len();
                    self.seen.extend(ids);
                    if self.seen.len() > before {
                        self.turned = note.at;
                    }
                }
                "painted" => self.painted.extend(ids),
                "connection" if note.value == "live" => self.live = note.at,
                "error" => panic!("an error nobody caught: {}", note.value),
                _ => {}
            }
        }
    }

    async fn measure(&mut self) -> (u64, u64) {
        // At rest: one photo with all its words, nothing waits, and no fade is under way. A mosaic has more nodes.
        let alone = "String(document.body.dataset.layout === 'single' && document.getElementById('more').hidden)";
        self.browser.shows(alone, "true").await;
        self.browser.run_at(1).await;
        self.browser.jump(Duration::from_secs(3)).await;
        let drawn = "String(warp.pictures().loading === 0 && document.querySelectorAll('.tile').length === 1
            && document.querySelector('.tile .qr svg') !== null)";
        self.browser.shows(drawn, "true").await;
        let (heap, nodes) = self.browser.devtools.memory().await;
        println!(
            "{} photos on show, {} of them painted, in {:.0} s ({:.1} h of the page): heap {heap} bytes, {nodes} nodes, {} images alive at most",
            self.seen.len(),
            self.painted.len(),
            self.begun.elapsed().as_secs_f64(),
            self.now.as_secs_f64() / 3600.0,
            self.peak,
        );
        self.browser.run_patiently_at(RATE, SLOW).await;
        (heap, nodes)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_photos_leave_nothing_behind() {
    let _alone = ALONE.lock().await;
    let house = House::build().await;
    // Without compiled code, which grows with what is called often, the heap is what the page keeps.
    let flags = ["--disable-frame-rate-limit", "--disable-gpu-vsync", "--js-flags=--jitless"];
    let browser = Warped::open(&flags).await;
    browser.devtools.resize((640, 480), 1.0).await;
    browser.goto(&house.minted.wall).await;
    browser.shows("document.body.dataset.connection", "live").await;
    browser.run_patiently_at(RATE, SLOW).await;
    // A real second is minutes of the page, which takes a server that says nothing for 40 s for a dead one.
    let network = house.network.clone();
    let pings = tokio::spawn(async move {
        loop {
            network.say("{\"type\":\"ping\"}");
            tokio::time::sleep(PING).await;
        }
    });
    let mut parade = Parade {
        house,
        browser,
        seen: BTreeSet::new(),
        painted: BTreeSet::new(),
        begun: Instant::now(),
        live: Duration::ZERO,
        now: Duration::ZERO,
        peak: 0,
        turned: Duration::ZERO,
        passed_over: 0,
    };
    parade.until(FEW).await;
    let (heap_before, nodes_before) = parade.measure().await;
    let (mut heap, mut nodes) = (0, 0);
    for count in [300, 1000, 3000, PHOTOS] {
        parade.until(count).await;
        (heap, nodes) = parade.measure().await;
    }
    println!("{} requests for pictures", parade.house.pictures.asked());
    pings.abort();
    parade.browser.close().await;
    #[expect(clippy::cast_precision_loss, reason = "a proportion")]
    let grown = heap as f64 / heap_before as f64 - 1.0;
    println!("the heap has grown by {:.1} %, nodes from {nodes_before} to {nodes}", grown * 100.0);
    assert!(parade.peak <= IMAGES, "{} images were alive at once", parade.peak);
    assert!(nodes <= nodes_before + NODES, "nodes grew from {nodes_before} to {nodes}");
    assert!(grown < GROWTH, "the heap has grown by {:.1} %", grown * 100.0);
    assert!(parade.painted.len() * 10 > parade.seen.len() * 9, "{} were on show and not painted", parade.seen.len());
}
