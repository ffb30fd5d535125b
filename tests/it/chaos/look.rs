//! What the page says about itself at one moment.

use std::time::Duration;

use serde_json::Value;

use crate::support::warp::millis;

/// Run in the page. Nothing while a document is being loaded.
pub(super) const LOOK: &str = "
    if (!/^http/.test(location.protocol)) return { lost: location.href };
    if (!window.warp || !document.body || !document.body.dataset.connection) return null;
    const text = (it) => it && !it.hidden && it.closest('[hidden]') === null ? it.textContent : '';
    const frames = document.querySelectorAll('#stage > .frame');
    const tiles = frames.length === 0 ? [] : frames[frames.length - 1].querySelectorAll('.tile:not(.leaving)');
    const pictures = Array.from(tiles)
        .map((tile) => ({ tile, img: tile.querySelector('img.picture') }))
        .filter(({ img }) => img !== null && img.naturalWidth > 0)
        .map(({ tile, img }) => Object.assign(img.getBoundingClientRect().toJSON(), {
            src: img.src, title: text(tile.querySelector('.title')), owner: text(tile.querySelector('.owner')) }));
    const { connection, photo, transport } = document.body.dataset;
    return { document: warp.document, at: warp.now(), connection, photo, transport, pictures,
        hint: text(document.getElementById('hint')), images: warp.pictures().peak, notes: warp.notes() };";

#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) document: String,
    pub(super) at: Duration,
    pub(super) connection: String,
    pub(super) transport: String,
    pub(super) photo: Vec<u64>,
    pub(super) pictures: Vec<Picture>,
    pub(super) hint: String,
    /// The most that were alive at once in this document.
    pub(super) images: u64,
    pub(super) notes: Value,
}

/// A picture in the newest frame, in pixels of the window.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) id: u64,
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) title: String,
    pub(super) owner: String,
}

impl Look {
    /// Whether it shows the photos that it says it shows.
    pub(super) fn agrees(&self) -> bool {
        let mut shown: Vec<u64> = self.pictures.iter().map(|it| it.id).collect();
        let mut said = self.photo.clone();
        shown.sort_unstable();
        said.sort_unstable();
        shown == said
    }

    /// From what [`LOOK`] returns; or why not, which is empty while a document is being loaded.
    pub(super) fn read(said: &Value) -> Result<Self, String> {
        if let Some(lost) = said["lost"].as_str() {
            let is_new = lost == "about:blank" || lost.starts_with("data:");
            return Err(if is_new { String::new() } else { format!("the wall is gone, and the browser is at {lost}") });
        }
        if said.is_null() {
            return Err(String::new());
        }
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let picture = |it: &Value| Picture {
            id: it["src"].as_str().and_then(|it| it.split('/').nth(3)?.parse().ok()).unwrap_or_default(),
            left: pixels(&it["left"]),
            top: pixels(&it["top"]),
            width: pixels(&it["width"]),
            height: pixels(&it["height"]),
            title: it["title"].as_str().unwrap_or_default().to_owned(),
            owner: it["owner"].as_str().unwrap_or_default().to_owned(),
        };
        Ok(Self {
            document: text("document"),
            at: millis(&said["at"]),
            connection: text("connection"),
            transport: text("transport"),
            photo: text("photo").split(',').filter_map(|it| it.parse().ok()).collect(),
            pictures: said["pictures"].as_array().map(|all| all.iter().map(picture).collect()).unwrap_or_default(),
            hint: text("hint"),
            images: said["images"].as_u64().unwrap_or_default(),
            notes: said["notes"].clone(),
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on a screen")]
fn pixels(number: &Value) -> u32 {
    number.as_f64().unwrap_or_default().max(0.0) as u32
}
