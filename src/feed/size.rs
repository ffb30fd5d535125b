//! The sizes that Flickr keeps of a photo, and the file names that tell them.

/// One of Flickr's sizes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Size {
    /// What the file name ends in, behind an underscore unless it is empty.
    pub(super) suffix: &'static str,
    /// Pixels of the longer side, when the photo is large enough.
    pub(super) long_side: u32,
    /// Cut to a square.
    pub(super) square: bool,
    /// Its secret is that of the other sizes: knowing one file name, one knows them all. The larger sizes and the
    /// original have secrets of their own, so that an owner can keep them back.
    pub(super) shares_secret: bool,
}

impl Size {
    /// The address of a file of this size.
    pub(super) fn address(&self, stem: &str, extension: &str) -> String {
        let separator = if self.suffix.is_empty() { "" } else { "_" };
        [stem, separator, self.suffix, ".", extension].concat()
    }
}

const fn shared(suffix: &'static str, long_side: u32) -> Size {
    Size { suffix, long_side, square: false, shares_secret: true }
}

const fn square(suffix: &'static str, long_side: u32) -> Size {
    Size { suffix, long_side, square: true, shares_secret: true }
}

const fn own(suffix: &'static str, long_side: u32) -> Size {
    Size { suffix, long_side, square: false, shares_secret: false }
}

/// By Flickr's "Photo Image URLs", smallest first.
pub(super) static SIZES: [Size; 17] = [
    square("s", 75),
    shared("t", 100),
    square("q", 150),
    shared("m", 240),
    shared("n", 320),
    own("w", 400),
    shared("", 500),
    shared("z", 640),
    shared("c", 800),
    shared("b", 1024),
    own("h", 1600),
    own("k", 2048),
    own("3k", 3072),
    own("4k", 4096),
    own("5k", 5120),
    own("6k", 6144),
    own("o", u32::MAX),
];

/// The address of an image file at Flickr: `{stem}_{suffix}.{extension}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileName<'x> {
    /// All up to and with the secret.
    pub(super) stem: &'x str,
    pub(super) size: &'static Size,
    pub(super) extension: &'x str,
}

impl<'x> FileName<'x> {
    /// Takes an address apart when its file is called `{photo}_{secret}[_{suffix}].{extension}`.
    ///
    /// Any host will do: Flickr itself has had five kinds of them.
    pub(super) fn of(url: &'x str, photo: &str) -> Option<Self> {
        let path = url.split(['?', '#']).next()?;
        let (directory, file) = path.rsplit_once('/')?;
        let (name, extension) = file.split_once('.')?;
        let (secret, suffix) = {
            let rest = name.strip_prefix(photo)?.strip_prefix('_')?;
            rest.split_once('_').unwrap_or((rest, ""))
        };
        let is_word =
            |it: &str, max: usize| (1..=max).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric());
        if !is_word(secret, 32) || !is_word(extension, 4) {
            return None;
        }
        let size = SIZES.iter().find(|it| it.suffix == suffix)?;
        let stem = path.get(..directory.len() + 1 + photo.len() + 1 + secret.len())?;
        Some(Self { stem, size, extension })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_the_size() {
        let check = |url: &str, expected: Option<(&str, &str)>| {
            let found = FileName::of(url, "53000000000").map(|it| (it.stem, it.size.suffix));
            assert_eq!(found, expected, "{url}");
        };
        let stem = "https://live.staticflickr.com/65535/53000000000_0f1e2d3c4b";
        check(&format!("{stem}_b.jpg"), Some((stem, "b")));
        check(&format!("{stem}.jpg"), Some((stem, "")));
        check(&format!("{stem}_m.png?zz=1"), Some((stem, "m")));
        check(&format!("{stem}_3k.jpg"), Some((stem, "3k")));
        check(&format!("{stem}_x.jpg"), None);
        check(&format!("{stem}_m_d.jpg"), None);
        check("http://127.0.0.1:81/53000000000_ab_s.jpg", Some(("http://127.0.0.1:81/53000000000_ab", "s")));
        check("http://x/530000000001_ab_s.jpg", None);
        check("http://x/53000000000_s", None);
        check("http://x/53000000000_.jpg", None);
    }
}
