//! The static files, compiled in (scripts without their comments), below a folder that is named after their content.
//!
//! `/static/{FOLDER}/wall.js` may be cached for ever: whoever changes a file changes the folder. One folder for all of
//! them lets modules import one another by relative addresses, with no build step.

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
    ($name:literal, JS) => {
        Asset { name: $name, mime: JS, bytes: plain!(include_bytes!(concat!("../static/", $name))) }
    };
    ($name:literal, $mime:expr) => {
        Asset { name: $name, mime: $mime, bytes: include_bytes!(concat!("../static/", $name)) }
    };
}

/// A script without the comments that stand on lines of their own: they are for us, and would be two fifths of what an
/// old tablet has to load. `tests/js/weight.test.mjs` knows the same rule, and that it changes no script's meaning.
macro_rules! plain {
    ($source:expr) => {{
        const SOURCE: &[u8] = $source;
        const PLAIN: ([u8; SOURCE.len()], usize) = plain(SOURCE);
        PLAIN.0.split_at(PLAIN.1).0
    }};
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
    asset!("deck.js", JS),
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

/// `source` without the comments that begin where a line does, and how many bytes that is. Lines keep their numbers, so
/// that what a browser complains about can be found.
const fn plain<const N: usize>(source: &[u8]) -> ([u8; N], usize) {
    let mut out = [0; N];
    let mut len = 0;
    let mut n = 0;
    let mut begins = true;
    while n < source.len() {
        if begins && is_at(source, n, *b"//") {
            while n < source.len() && source[n] != b'\n' {
                n += 1;
            }
        } else if begins && is_at(source, n, *b"/*") {
            n += 2;
            while n < source.len() && !is_at(source, n, *b"*/") {
                if source[n] == b'\n' {
                    out[len] = b'\n';
                    len += 1;
                }
                n += 1;
            }
            n += 2;
        } else {
            begins = source[n] == b'\n' || begins && source[n] == b' ';
            out[len] = source[n];
            len += 1;
            n += 1;
        }
    }
    (out, len)
}

const fn is_at(source: &[u8], n: usize, two: [u8; 2]) -> bool {
    n + 1 < source.len() && source[n] == two[0] && source[n + 1] == two[1]
}

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
    fn scripts_are_served_without_the_comments_that_stand_on_lines_of_their_own() {
        let check = |source: &'static str, expected: &str| {
            let (out, len) = plain::<100>(source.as_bytes());
            assert_eq!(std::str::from_utf8(&out[..len]).unwrap(), expected, "{source:?}");
        };
        check("// a\nb(); // c\n", "\nb(); // c\n");
        check("  /** a\n   * b\n   */\n  c();\n", "  \n\n\n  c();\n");
        check("/** @type {any} */ (a).b = '// c';\n", " (a).b = '// c';\n");
        check("a(/* b */ c);", "a(/* b */ c);");
        check("/a/.test(b);\n/* c", "/a/.test(b);\n");
        check("", "");
        let wall = find("wall.js").map(|it| String::from_utf8_lossy(it.bytes)).unwrap();
        assert!(wall.contains("import { Deck } from './deck.js';") && !wall.contains("@param"));
    }

    #[test]
    fn the_folder_changes_with_the_content() {
        let one = |bytes| fingerprint(&[Asset { name: "a.js", mime: JS, bytes }]);
        assert_ne!(one(b"let a = 1"), one(b"let a = 2"));
        assert_eq!(FOLDER.len(), 16);
    }
}
