//! QR codes (ISO/IEC 18004) as SVG: what a camera reads off a screen.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of light around the code, as section 9.1 of the standard wants it: cameras need them to find it.
const QUIET: i32 = 4;
/// The longest text, in bytes: a symbol of version 40 at level M holds no more.
pub const MAX_LEN: usize = 2331;

/// `text` as a QR code: an SVG for a page or a file of its own, with `label` as its name for who cannot see it.
///
/// It is dark on light in every theme, since many cameras read no other; it has no size of its own, so whoever shows it
/// gives it one. At least level M (15 % may be lost), and more where that makes it no larger.
///
/// # Errors
/// When `text` is longer than [`MAX_LEN`].
pub fn svg(text: &str, label: &str) -> Result<String, TooLong> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| TooLong { len: text.len() })?;
    let side = code.size() + 2 * QUIET;
    let mut dark = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begun = x;
            while code.get_module(x, y) {
                x += 1;
            }
            let n = x - begun;
            if n > 0 {
                // Writing to a String cannot fail.
                let _ = write!(dark, "M{} {}h{n}v1h-{n}z", begun + QUIET, y + QUIET);
            }
            x += 1;
        }
    }
    let label = escaped(label);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path d="{dark}" fill="#000"/></svg>"##
    ))
}

/// For an attribute of XML; what XML cannot hold at all becomes a space.
fn escaped(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text fits into no QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a QR code holds at most {MAX_LEN} bytes, and not {len}")]
pub struct TooLong {
    /// Its length in bytes.
    pub len: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a camera sees, two pixels to a module: the side in pixels, and the dark ones.
    fn pixels(svg: &str) -> (usize, Vec<bool>) {
        let side: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
        let mut dark = vec![false; 4 * side * side];
        for run in between(svg, "d=\"", "\"").split_terminator('z') {
            let (x, rest) = run.trim_start_matches('M').split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let n: usize = rest.split('v').next().unwrap().parse().unwrap();
            for pixel in (2 * x..2 * (x + n)).flat_map(|x| [(x, 2 * y), (x, 2 * y + 1)]) {
                dark[pixel.1 * 2 * side + pixel.0] = true;
            }
        }
        (2 * side, dark)
    }

    fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
        text.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    fn read_back(svg: &str) -> String {
        let (side, dark) = pixels(svg);
        let mut image = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| dark[y * side + x]);
        let found = image.detect_grids();
        assert_eq!(found.len(), 1, "one code is found");
        found[0].decode().unwrap().1
    }

    #[test]
    fn another_program_reads_what_was_written() {
        for text in ["a", "https://wall.example.org/wall/kittens.9AQQCTNy7-rVI69WERSnmQ?interval=20", "kätzchen 猫"] {
            assert_eq!(read_back(&svg(text, "").unwrap()), text);
        }
    }

    #[test]
    fn the_picture_stands_alone_on_light_and_says_what_it_is() {
        let svg = svg("https://wall.example.org/", "Link to \"Kittens & <Co>\"\n").unwrap();
        let (side, dark) = pixels(&svg);
        let quiet = 8;
        let at_the_edge = |n: usize| n < quiet || n >= side - quiet;
        let in_the_quiet = |n: usize| at_the_edge(n % side) || at_the_edge(n / side);
        assert!((0..dark.len()).filter(|n| in_the_quiet(*n)).all(|n| !dark[n]));
        assert!(svg.contains(r#"aria-label="Link to &quot;Kittens &amp; &lt;Co&gt;&quot; ""#), "{svg}");
        assert!(svg.contains(r##"fill="#fff"/>"##) && svg.contains(r#"role="img""#));
        let tag = between(&svg, "<svg ", ">");
        assert!(!tag.contains("width") && !tag.contains("height"), "{tag}");
    }

    #[test]
    fn what_fits_into_no_code_is_refused_with_its_length() {
        assert!(svg(&"x".repeat(MAX_LEN), "").is_ok());
        let refused = svg(&"x".repeat(MAX_LEN + 1), "").unwrap_err();
        assert_eq!(refused.to_string(), "a QR code holds at most 2331 bytes, and not 2332");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_address_comes_back_as_it_was(text in "https://[a-z.]{1,40}/[A-Za-z0-9._~@,=&?%-]{0,200}") {
            prop_assert_eq!(read_back(&svg(&text, "").unwrap()), text);
        }
    }
}
