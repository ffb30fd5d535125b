//! Layouts: each kind of photo on each kind of screen, looked at by a test, and kept for people to look at.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use crate::support::house::{House, Photo};
use crate::support::warp::Warped;
use crate::support::{ALONE, until};

const SCREENS: [(u32, u32); 4] = [(3840, 2160), (1080, 1920), (1024, 768), (320, 568)];
const LANDSCAPE: (u32, u32) = (1600, 1067);
const PORTRAIT: (u32, u32) = (1067, 1600);
/// 250 characters.
const LONG: &str = "A very long title that somebody wrote in the middle of the night about three kittens, a ball of wool, the \
    neighbour's dog and the postman, who never forgot what he saw on the stairs that morning, nor told a soul, \
    although everyone in the street kept asking";
const PHOTOS: [(&str, (u32, u32), &str); 9] = [
    ("landscape", LANDSCAPE, "Kitten on a wall"),
    ("portrait", PORTRAIT, "Kitten on a chair"),
    ("panorama", (3000, 600), "Kittens all along the wall"),
    ("square", (1200, 1200), "Kitten in a box"),
    ("small", (320, 240), "Far away"),
    ("long", LANDSCAPE, LONG),
    ("long-word", PORTRAIT, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"),
    ("right-to-left", LANDSCAPE, "قطة صغيرة تلعب بكرة من الصوف في حديقة الجيران صباحًا"),
    ("emoji", LANDSCAPE, "🐈‍⬛ Kittens 👩‍👩‍👧‍👦 & friends 🇩🇪 猫"),
];

/// Run in the page: all that is wrong with what is to be seen.
const JUDGE: &str = "
    const wrong = [];
    const short = Math.min(innerWidth, innerHeight);
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const box = (it) => it.getBoundingClientRect();
    const round = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' ');
    const inside = (what, inner, outer, name) => {
        if (inner.left < outer.left - 1 || inner.top < outer.top - 1 || inner.right > outer.right + 1
            || inner.bottom > outer.bottom + 1) wrong.push(`${what} at ${round(inner)} is not inside ${name} ${round(outer)}`);
    };
    const isSeen = (it) => it !== null && it.getClientRects().length > 0 && box(it).width > 0;
    const { scrollWidth, scrollHeight } = document.documentElement;
    if (scrollWidth > innerWidth || scrollHeight > innerHeight) wrong.push('the page is larger than the screen');
    const frame = document.querySelector('#stage > .frame:last-child');
    frame.querySelectorAll('.tile:not(.leaving)').forEach((tile, i) => {
        const name = `tile ${i}`;
        const img = tile.querySelector('img.picture');
        const at = box(img);
        const natural = img.naturalWidth / img.naturalHeight;
        // A pixel is the least that a side can differ by.
        const slack = Math.max(0.01, 1 / Math.min(at.width, at.height));
        if (Math.abs(at.width / at.height / natural - 1) > slack)
            wrong.push(`${name}: ${img.naturalWidth}x${img.naturalHeight} is drawn as ${at.width}x${at.height}`);
        if (at.width > 1.51 * img.naturalWidth + 1) wrong.push(`${name}: ${img.naturalWidth} pixels are drawn over ${at.width}`);
        inside(`${name}: the picture`, at, screen, 'the screen');
        inside(`${name}: the picture`, at, box(tile), 'its tile');
        const words = tile.querySelector('.words');
        const title = tile.querySelector('.title');
        const byline = tile.querySelector('.byline');
        inside(`${name}: the words`, box(words), screen, 'the screen');
        inside(`${name}: the words`, box(words), box(tile), 'its tile');
        for (const it of words.querySelectorAll('.title, .byline, .byline *')) {
            if (isSeen(it)) inside(`${name}: ${it.className} ${it.textContent}`, box(it), box(tile), 'its tile');
        }
        const size = (it) => parseFloat(getComputedStyle(it).fontSize);
        if (size(title) < Math.max(0.035 * short, 20) - 0.5) wrong.push(`${name}: the title's letters are ${size(title)} px`);
        if (size(byline) < Math.max(0.017 * short, 12) - 0.5) wrong.push(`${name}: the byline's letters are ${size(byline)} px`);
        const isCut = (it) => it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth + 1;
        const style = getComputedStyle(title);
        const lines = (title.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)) / parseFloat(style.lineHeight);
        if (isCut(title) && tile.dataset.long !== 'yes') wrong.push(`${name}: the title is cut off, and nobody knows`);
        if (title.scrollWidth > title.clientWidth + 1) wrong.push(`${name}: the title is cut off at its side`);
        if (Math.abs(lines - Math.round(lines)) > 0.12) wrong.push(`${name}: the title ends after ${lines.toFixed(2)} lines`);
        if (isCut(byline)) wrong.push(`${name}: the byline is cut off`);
        const qr = tile.querySelector('.qr');
        if (isSeen(qr)) {
            const [a, b] = [box(words), box(qr)];
            inside(`${name}: the QR code`, b, box(tile), 'its tile');
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
                wrong.push(`${name}: the words at ${round(a)} are over the QR code at ${round(b)}`);
        }
    });
    return wrong;";

struct Gallery {
    house: House,
    browser: Warped,
    wrong: Vec<String>,
}

impl Gallery {
    /// Opens the wall of an event name that nobody used before, on a screen of this size.
    async fn open(&mut self, event: &str, settings: &str, screen: (u32, u32)) {
        self.house.turn_to(event).await;
        self.browser.devtools.resize(screen, 1.0).await;
        self.browser.goto(&format!("{}{settings}", self.house.minted.wall)).await;
        self.browser.shows("document.body.dataset.connection", "live").await;
        self.browser.run_at(20).await;
    }

    /// Delivers photos, and waits until `is_so` and nothing moves any more.
    async fn shows(&mut self, photos: &[Photo], what: &str, is_so: &str) {
        self.house.deliver(photos, SignedDuration::ZERO).await;
        let (browser, body) = (&self.browser, format!("return {is_so}"));
        let on_show = async || {
            let is_so = browser.devtools.try_script(&body).await.is_ok_and(|it| it == true);
            // Whatever is on show has its time.
            browser.jump(Duration::from_secs(if is_so { 3 } else { 1 })).await;
            is_so.then_some(())
        };
        until(what, on_show).await;
        let still = "String(document.getAnimations().every((it) => it.playState === 'finished') && warp.pictures().loading === 0
            && Array.from(document.querySelectorAll('.tile:not(.leaving) .qr')).every((it) => it.firstChild !== null))";
        browser.shows(still, "true").await;
    }

    async fn judge(&mut self, name: &str, (width, height): (u32, u32)) {
        let shots = concat!(env!("CARGO_MANIFEST_DIR"), "/target/shots/layouts");
        std::fs::create_dir_all(shots).unwrap();
        let name = format!("{width}x{height}-{name}");
        std::fs::write(format!("{shots}/{name}.png"), self.browser.devtools.shot().await.unwrap()).unwrap();
        let found = self.browser.script(JUDGE).await;
        let found = found.as_array().unwrap().iter().filter_map(Value::as_str).map(|it| format!("{name}: {it}"));
        self.wrong.extend(found);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_cut_off_or_stretched_and_all_words_can_be_read_from_three_metres() {
    let _alone = ALONE.lock().await;
    let browser = Warped::open(&[]).await;
    let mut gallery = Gallery { house: House::build().await, browser, wrong: Vec::new() };
    for screen in SCREENS {
        let size = format!("{}x{}", screen.0, screen.1);
        gallery.open(&format!("single-{size}"), "?layout=single&history=off", screen).await;
        for (name, picture, title) in PHOTOS {
            let photo = Photo { title: title.into(), ..gallery.house.photo(picture) };
            let shown = format!("document.body.dataset.photo === '{}'", photo.id);
            gallery.shows(&[photo], name, &shown).await;
            gallery.judge(name, screen).await;
        }
        let is_wide = screen.0 > screen.1;
        let (picture, two) = if is_wide { (PORTRAIT, "pair") } else { (LANDSCAPE, "stack") };
        gallery.open(&format!("two-{size}"), "", screen).await;
        let photos: Vec<_> = (0..2).map(|_| gallery.house.photo(picture)).collect();
        gallery.shows(&photos, two, &format!("document.body.dataset.layout === '{two}'")).await;
        gallery.judge(two, screen).await;
        if screen.0.min(screen.1) >= 480 {
            gallery.open(&format!("mosaic-{size}"), "", screen).await;
            let twice = PHOTOS.iter().chain(&PHOTOS);
            let photo = |it: &(&str, (u32, u32), &str)| Photo { title: it.2.into(), ..gallery.house.photo(it.1) };
            let photos: Vec<_> = twice.map(photo).collect();
            let is_full =
                "document.body.dataset.layout === 'mosaic' && document.body.dataset.photo.split(',').length === 4";
            gallery.shows(&photos, "mosaic", is_full).await;
            gallery.judge("mosaic", screen).await;
        }
    }
    let Gallery { browser, wrong, .. } = gallery;
    browser.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
