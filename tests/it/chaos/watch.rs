//! Somebody who never looks away from the wall, and writes down whatever is wrong with it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::look::{LOOK, Look};
use crate::support::eye::Shot;
use crate::support::house::House;
use crate::support::pictures::colour;
use crate::support::warp::{Note, Warped, millis, read_notes};
use crate::support::{LIMIT, until};

/// Page seconds in a real one.
pub(super) const RATE: u32 = 20;
/// When a photo has turned, its fade is over after so long.
const SETTLED: Duration = Duration::from_secs(3);
/// A document that has just been loaded may show the wall's ground for so long before the first picture.
const FRESH: Duration = Duration::from_secs(2);
/// What was removed is gone from the screen after so long.
const REMOVED: Duration = Duration::from_secs(5);
/// WALL.md: images alive.
const IMAGES: u64 = 6;
/// More of them would be the same again.
const FAULTS: usize = 12;

pub(super) struct Watch {
    pub(super) browser: Warped,
    /// What the script is at, for whoever reads a fault.
    pub(super) step: String,
    pub(super) faults: Vec<String>,
    pub(super) shots: u32,
    pub(super) documents: u32,
    /// Longest time on which no picture was to be seen, after the first one.
    pub(super) dark: Duration,
    pub(super) peak: u64,
    /// Page time that passed by jumps.
    pub(super) jumped: Duration,
    /// Since when the page shows what it says it does, and nothing has changed.
    agreed: Option<Duration>,
    /// When it did so last.
    disagreed: Duration,
    document: String,
    loaded: Duration,
    is_fresh: bool,
    /// Whether this document has been live.
    was_live: bool,
    lit: Option<Duration>,
    removed: BTreeMap<u64, Duration>,
    minute: u64,
}

impl Watch {
    pub(super) async fn begin(browser: Warped) -> Self {
        let devtools = &browser.devtools;
        let look = until("the page", async || Look::read(&devtools.try_script(LOOK).await.ok()?).ok()).await;
        Self {
            browser,
            step: "beginning".into(),
            faults: Vec::new(),
            shots: 0,
            documents: 1,
            dark: Duration::ZERO,
            peak: 0,
            jumped: Duration::ZERO,
            agreed: None,
            disagreed: look.at,
            document: look.document,
            loaded: look.at,
            is_fresh: true,
            was_live: true,
            lit: None,
            removed: BTreeMap::new(),
            minute: 0,
        }
    }

    /// Looks on for so much page time.
    pub(super) async fn pass(&mut self, house: &House, time: Duration) {
        let begun = self.now().await;
        let real = Instant::now();
        while self.look(house).await.is_none_or(|it| it.at < begun + time) {
            assert!(real.elapsed() < 2 * LIMIT, "{}: the page's time stands still", self.step);
        }
    }

    /// Looks on until `is_so`, and returns the page time that took; a fault when it takes longer than `limit`.
    pub(super) async fn until(
        &mut self,
        house: &House,
        what: &str,
        limit: Duration,
        mut is_so: impl FnMut(&Look) -> bool,
    ) -> Duration {
        let begun = self.now().await;
        loop {
            let Some(look) = self.look(house).await else { continue };
            if is_so(&look) {
                return look.at.saturating_sub(begun);
            }
            if look.at > begun + limit {
                self.fault(&format!("{what}: not within {limit:?}; {look:?}"), None).await;
                return limit;
            }
        }
    }

    /// So much time passes at once, awake (all timers run) or frozen.
    pub(super) async fn jump(&mut self, time: Duration, awake: bool) {
        if awake {
            self.browser.jump(time).await;
        } else {
            self.browser.freeze(time).await;
        }
        self.jumped += time;
        let now = self.now().await;
        // Nobody looked.
        (self.lit, self.agreed, self.disagreed) = (self.lit.map(|_| now), None, now);
    }

    /// Goes on at another rate.
    pub(super) async fn careful(&mut self, rate: u32) {
        if !self.is_fresh {
            self.browser.run_at(rate).await;
        }
    }

    pub(super) async fn on_show(&self) -> Vec<u64> {
        self.browser
            .script("return (document.body.dataset.photo || '').split(',').map(Number)")
            .await
            .as_array()
            .map(|all| all.iter().filter_map(serde_json::Value::as_u64).collect())
            .unwrap_or_default()
    }

    /// A photo that must be gone soon.
    pub(super) async fn removes(&mut self, id: u64) {
        let now = self.now().await;
        self.removed.insert(id, now + REMOVED);
    }

    pub(super) async fn now(&self) -> Duration {
        let time = async || self.browser.devtools.try_script("return warp.now()").await.ok();
        millis(&until("a page with a clock", time).await)
    }

    /// One look: what the page says, what is to be seen, and what it says then.
    async fn look(&mut self, house: &House) -> Option<Look> {
        let before = self.read().await;
        let png = self.browser.devtools.shot().await;
        let after = self.read().await;
        let Ok(png) = png else { return None }; // The page is being replaced.
        self.shots += 1;
        let shot = Shot::read(&png);
        if shot.is_white() {
            self.fault("the screen is white", Some(&png)).await;
        }
        let (Some(before), Some(after)) = (before, after) else { return None };
        self.keep(&after, &png);
        for wrong in self.judge(house, &before, &after, &shot) {
            self.fault(&wrong, Some(&png)).await;
        }
        Some(after)
    }

    async fn read(&mut self) -> Option<Look> {
        let Ok(said) = self.browser.devtools.try_script(LOOK).await else { return None };
        let look = match Look::read(&said) {
            Ok(look) => look,
            Err(lost) if lost.is_empty() => return None, // Between two documents.
            Err(lost) => {
                self.fault(&lost, None).await;
                return None;
            }
        };
        if look.document != self.document {
            (self.document, self.loaded, self.is_fresh) = (look.document.clone(), look.at, true);
            self.was_live = false;
            self.documents += 1;
        }
        // A load takes real time, however fast the page's runs: it goes at rate 1 until it shows something again.
        if self.is_fresh && (!look.photo.is_empty() || look.at > self.loaded + 5 * FRESH) {
            self.is_fresh = false;
            self.browser.run_at(RATE).await;
        }
        self.hear(&read_notes(&look.notes)).await;
        Some(look)
    }

    async fn hear(&mut self, notes: &[Note]) {
        for note in notes {
            match &*note.kind {
                "photo" => self.agreed = None,
                "error" => self.fault(&format!("an error nobody caught: {}", note.value), None).await,
                _ => {}
            }
        }
    }

    fn judge(&mut self, house: &House, before: &Look, after: &Look, shot: &Shot) -> Vec<String> {
        let mut wrong = Vec::new();
        self.peak = self.peak.max(after.images);
        if after.images > IMAGES {
            wrong.push(format!("{} images are alive", after.images));
        }
        let is_same = before.document == after.document && before.photo == after.photo;
        let is_lit = !after.pictures.is_empty() && !shot.is_blank();
        self.was_live |= after.connection == "live";
        // A page that was loaded and then lost the network knows of no photo: it says that it waits.
        let may_wait = !self.was_live && (!shot.is_blank() || after.at < self.loaded + FRESH);
        if is_lit || self.lit.is_some() && may_wait {
            self.lit = Some(after.at);
        } else if let Some(lit) = self.lit {
            let dark = after.at.saturating_sub(lit.max(self.loaded));
            self.dark = self.dark.max(dark);
            if dark > FRESH {
                wrong.push(format!("no picture is to be seen for {dark:?}"));
                self.lit = Some(after.at);
            }
        }
        for id in &after.photo {
            let is_late = self.removed.get(id).is_none_or(|until| after.at > *until);
            match house.photos.get(id) {
                None if is_late => wrong.push(format!("photo {id} is on show and is none, or was removed")),
                Some(photo) if photo.fault.is_some() => wrong.push(format!("{photo:?} is on show")),
                _ => {}
            }
        }
        if after.photo.is_empty() || !is_same || !before.agrees() || !after.agrees() {
            self.agreed = None;
        }
        // The picture comes before the words that go with it.
        if after.photo.is_empty() || after.agrees() {
            self.disagreed = after.at;
        } else if after.at > self.disagreed + SETTLED {
            wrong.push(format!("the page says {:?} and shows {:?}", after.photo, after.pictures));
            self.disagreed = after.at;
        }
        if !after.photo.is_empty() && before.at > *self.agreed.get_or_insert(after.at) + SETTLED {
            let is_bare = before.hint.is_empty() && after.hint.is_empty();
            wrong.extend(settled(house, after, shot, is_bare));
        }
        wrong
    }

    /// One picture for each minute of page time.
    fn keep(&mut self, look: &Look, png: &[u8]) {
        let minute = look.at.as_secs() / 60;
        if minute > self.minute {
            self.minute = minute;
            keep(&format!("minute-{minute:04}"), png);
        }
    }

    pub(super) async fn fault(&mut self, what: &str, png: Option<&[u8]>) {
        if self.faults.len() >= FAULTS {
            return;
        }
        let n = self.faults.len() + 1;
        let png = if let Some(png) = png { Ok(png.to_vec()) } else { self.browser.devtools.shot().await };
        if let Ok(png) = png {
            keep(&format!("fault-{n}"), &png);
        }
        let (console, is_dead) = self.browser.devtools.console().await;
        let fault = format!("{n}. {}: {what}", self.step);
        println!("{fault}");
        console.iter().rev().take(8).rev().for_each(|line| println!("      {line}"));
        assert!(!is_dead, "the page's process has died");
        self.faults.push(fault);
    }
}

/// What is wrong with photos that have stood for a while. A hint lies over their pictures, unless they are bare.
fn settled(house: &House, look: &Look, shot: &Shot, is_bare: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for picture in &look.pictures {
        // Above the words, beside the circle.
        let (x, y) = (picture.left + picture.width / 2, picture.top + picture.height / 4);
        let (there, wanted) = (shot.at(x, y), colour(picture.id));
        if is_bare && !shot.has(wanted, x, y) {
            wrong.push(format!("at {x},{y} is {there:?} and not {wanted:?} of {picture:?}"));
        }
        let Some(photo) = house.photos.get(&picture.id) else { continue };
        if picture.title != photo.title || picture.owner != photo.owner {
            wrong.push(format!("{picture:?} has the words of another than {photo:?}"));
        }
    }
    wrong
}

fn keep(name: &str, png: &[u8]) {
    let shots = concat!(env!("CARGO_MANIFEST_DIR"), "/target/shots/chaos");
    std::fs::create_dir_all(shots).unwrap();
    std::fs::write(format!("{shots}/{name}.png"), png).unwrap();
}
