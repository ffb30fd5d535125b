//! The static files, compiled in, below a folder that is named after their content.
//!
//! `/static/{FOLDER}/wall.js` may be cached for ever: whoever changes a file changes the folder. One folder for all of
//! them lets modules import one another by relative addresses, with no build step.

mod lean;

/// A static file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its name in `static/`.
    pub name: &'static str,
    /// For `Content-Type`.
    pub mime: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! asset {
    ($name:literal, $mime:expr) => {
        Asset { name: $name, mime: $mime, bytes: include_bytes!(concat!("../static/", $name)) }
    };
}

impl Asset {
    /// What is sent: of scripts and styles, all but their comments.
    #[must_use]
    pub fn lean(&self) -> Vec<u8> {
        match std::str::from_utf8(self.bytes) {
            Ok(text) if self.mime != SVG => lean::lean(text).into_bytes(),
            _ => self.bytes.to_vec(),
        }
    }
}

/// All of them.
pub const ASSETS: &[Asset] = &[
    asset!("age.js", JS),
    asset!("backdrop.js", JS),
    asset!("barred.js", JS),
    asset!("builder.css", CSS),
    asset!("builder.js", JS),
    asset!("card.js", JS),
    asset!("clock.js", JS),
    asset!("controls.js", JS),
    asset!("debug.css", CSS),
    asset!("debug.js", JS),
    asset!("deck.js", JS),
    asset!("fave.js", JS),
    asset!("gone.js", JS),
    asset!("hidden.js", JS),
    asset!("icon.svg", SVG),
    asset!("image.js", JS),
    asset!("land.svg", SVG),
    asset!("layout.js", JS),
    asset!("manners.js", JS),
    asset!("map.js", JS),
    asset!("memory.js", JS),
    asset!("night.js", JS),
    asset!("notes.js", JS),
    asset!("onshow.js", JS),
    asset!("order.js", JS),
    asset!("pacing.js", JS),
    asset!("photo.js", JS),
    asset!("plan.js", JS),
    asset!("presenter.js", JS),
    asset!("probe.js", JS),
    asset!("qr.js", JS),
    asset!("reason.js", JS),
    asset!("remote.css", CSS),
    asset!("remote.js", JS),
    asset!("renew.js", JS),
    asset!("screen.js", JS),
    asset!("seen.js", JS),
    asset!("site.css", CSS),
    asset!("sizes.js", JS),
    asset!("sleep.js", JS),
    asset!("smooth.js", JS),
    asset!("stage.js", JS),
    asset!("stock.js", JS),
    asset!("stream.js", JS),
    asset!("tile.js", JS),
    asset!("topics.css", CSS),
    asset!("trail.js", JS),
    asset!("transport.js", JS),
    asset!("type.js", JS),
    asset!("wall.css", CSS),
    asset!("wall.js", JS),
    asset!("words.js", JS),
];

const HEX: [u8; 16] = hex(fingerprint(ASSETS));

/// The folder's name: 16 hexadecimal digits.
pub const FOLDER: &str = match std::str::from_utf8(&HEX) {
    Ok(text) => text,
    Err(_) => "0",
};

/// What stands before `/{name}` in a page.
pub fn prefix() -> String {
    format!("/static/{FOLDER}")
}

/// The file `name`.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|it| it.name == name)
}

/// FNV-1a (64 bits) over all names and contents: computed by the compiler, and only ever compared with itself.
const fn fingerprint(assets: &[Asset]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut n = 0;
    while n < assets.len() {
        hash = feed(feed(hash, assets[n].name.as_bytes()), assets[n].bytes);
        n += 1;
    }
    hash
}

const fn feed(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut n = 0;
    while n < bytes.len() {
        hash = (hash ^ bytes[n] as u64).wrapping_mul(0x0100_0000_01b3);
        n += 1;
    }
    hash
}

const fn hex(number: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    let mut n = 0;
    while n < 16 {
        digits[n] = b"0123456789abcdef"[(number >> (60 - 4 * n) & 15) as usize];
        n += 1;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_in_static_is_served_and_no_other() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static")).unwrap();
        let mut there: Vec<_> = folder.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        there.sort();
        assert_eq!(there, ASSETS.iter().map(|it| it.name).collect::<Vec<_>>());
    }

    #[test]
    fn the_folder_changes_with_the_content() {
        let one = |bytes| fingerprint(&[Asset { name: "a.js", mime: JS, bytes }]);
        assert_ne!(one(b"let a = 1"), one(b"let a = 2"));
        assert_eq!(FOLDER.len(), 16);
    }
}
