//! One photo's picture: its subject, proportions and the files it is served as.

use crate::hub::dice::Dice;

/// Flickr's number for the machine that holds new photos, the folder of a file's address.
pub const SERVER: &str = "65535";

/// Everything about a picture that its photo's number decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// The photo's number.
    pub id: u64,
    /// What it shows.
    pub subject: Subject,
    /// Width to height.
    pub proportions: (u32, u32),
}

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Mountain ridges behind one another in mist.
    Ridges,
    /// The sea and a low sun or the moon.
    Sea,
    /// Sand dunes.
    Dunes,
    /// Northern lights over a lake.
    Aurora,
    /// A city after dark.
    City,
    /// Balloons over hills.
    Balloons,
    /// A flower from near.
    Petals,
    /// Stars drawn into circles by a long exposure.
    Trails,
    /// Light between trees.
    Forest,
    /// One tree against the sun.
    Tree,
}

impl Subject {
    /// All of them. A photo's number modulo their count is its subject, so whoever chooses numbers chooses subjects.
    pub const ALL: [Self; 10] = [
        Self::Ridges,
        Self::Sea,
        Self::Dunes,
        Self::Aurora,
        Self::City,
        Self::Balloons,
        Self::Petals,
        Self::Trails,
        Self::Forest,
        Self::Tree,
    ];

    /// The proportions that suit it; the first are the usual ones of a camera.
    const fn proportions(self) -> &'static [(u32, u32); 6] {
        match self {
            Self::Ridges | Self::Sea | Self::Dunes | Self::City => &[(3, 2), (3, 2), (16, 9), (5, 2), (4, 3), (2, 3)],
            Self::Aurora | Self::Tree => &[(3, 2), (3, 2), (16, 9), (2, 3), (1, 1), (4, 5)],
            Self::Balloons => &[(3, 2), (4, 3), (16, 9), (3, 4), (2, 3), (1, 1)],
            Self::Petals => &[(1, 1), (1, 1), (3, 2), (4, 5), (4, 3), (2, 3)],
            Self::Trails | Self::Forest => &[(3, 2), (2, 3), (2, 3), (4, 5), (16, 9), (1, 1)],
        }
    }
}

/// A size that Flickr serves, by the letter in the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// `s`, the middle cut square, 75 pixels.
    Square75,
    /// `q`, the middle cut square, 150 pixels.
    Square150,
    /// `t`: as all below, the length of the longer side.
    Long100,
    /// `m`
    Long240,
    /// `n`
    Long320,
    /// No letter at all.
    Long500,
    /// `z`
    Long640,
    /// `c`
    Long800,
    /// `b`
    Long1024,
    /// `h`
    Long1600,
    /// `k`
    Long2048,
}

impl Size {
    /// All of them, smallest first.
    pub const ALL: [Self; 11] = [
        Self::Square75,
        Self::Square150,
        Self::Long100,
        Self::Long240,
        Self::Long320,
        Self::Long500,
        Self::Long640,
        Self::Long800,
        Self::Long1024,
        Self::Long1600,
        Self::Long2048,
    ];

    /// The letter in the file's name, empty for the size that has none.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Square75 => "s",
            Self::Square150 => "q",
            Self::Long100 => "t",
            Self::Long240 => "m",
            Self::Long320 => "n",
            Self::Long500 => "",
            Self::Long640 => "z",
            Self::Long800 => "c",
            Self::Long1024 => "b",
            Self::Long1600 => "h",
            Self::Long2048 => "k",
        }
    }

    /// The size of this letter.
    #[must_use]
    pub fn of(suffix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.suffix() == suffix)
    }

    /// The longer side in pixels.
    #[must_use]
    pub const fn long_side(self) -> u32 {
        match self {
            Self::Square75 => 75,
            Self::Square150 => 150,
            Self::Long100 => 100,
            Self::Long240 => 240,
            Self::Long320 => 320,
            Self::Long500 => 500,
            Self::Long640 => 640,
            Self::Long800 => 800,
            Self::Long1024 => 1024,
            Self::Long1600 => 1600,
            Self::Long2048 => 2048,
        }
    }

    /// True for the two that show only the middle.
    #[must_use]
    pub const fn is_square(self) -> bool {
        matches!(self, Self::Square75 | Self::Square150)
    }
}

impl Picture {
    /// The picture of the photo with this number. Every number has one.
    #[must_use]
    pub fn of(id: u64) -> Self {
        let kinds = u64::try_from(Subject::ALL.len()).unwrap_or(1);
        let subject = Subject::ALL[usize::try_from(id % kinds).unwrap_or(0)];
        let proportions = *Dice::new(id ^ 0x7072_6f70).pick(subject.proportions());
        Self { id, subject, proportions }
    }

    /// Its secret at this size, ten hexadecimal digits.
    ///
    /// As at Flickr, the sizes up to 1024 share one secret and each larger one has its own, so a subscriber that
    /// guesses a large file's address from a smaller one gets the 404 here that it would get there.
    #[must_use]
    pub fn secret(&self, size: Size) -> String {
        let salt = if size.long_side() > 1024 { u64::from(size.long_side()) } else { 0 };
        let bits = Dice::new(self.id.rotate_left(17) ^ 0x7365_6372_6574 ^ (salt << 48)).bits();
        format!("{:010x}", bits >> 24)
    }

    /// The file's name, `{id}_{secret}_{suffix}.jpg`.
    #[must_use]
    pub fn file(&self, size: Size) -> String {
        let underscore = if size.suffix().is_empty() { "" } else { "_" };
        format!("{}_{}{underscore}{}.jpg", self.id, self.secret(size), size.suffix())
    }

    /// Width and height in pixels at this size.
    #[must_use]
    pub fn pixels(&self, size: Size) -> (u32, u32) {
        let long = size.long_side();
        let (across, down) = self.proportions;
        let short = |side: u32, other: u32| (2 * long * side + other) / (2 * other);
        if size.is_square() {
            (long, long)
        } else if across >= down {
            (long, short(down, across))
        } else {
            (short(across, down), long)
        }
    }
}

/// Reads a file's name: the number, the secret and the suffix that it claims. None when it has not that form.
#[must_use]
pub fn parse_file(name: &str) -> Option<(u64, &str, &str)> {
    let mut parts = name.strip_suffix(".jpg")?.splitn(3, '_');
    let (digits, secret) = (parts.next()?, parts.next()?);
    let suffix = match parts.next() {
        // A trailing underscore is not the size without a letter.
        Some("") => return None,
        letter => letter.unwrap_or(""),
    };
    Some((number(digits)?, secret, suffix))
}

/// A photo's number as it is written: digits alone, no sign and no leading zero, so that each has one address.
#[must_use]
pub fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_read_back_as_it_was_written() {
        for id in [1, 7_000_000_001, u64::MAX] {
            let picture = Picture::of(id);
            for size in Size::ALL {
                let file = picture.file(size);
                assert_eq!(parse_file(&file), Some((id, picture.secret(size).as_str(), size.suffix())), "{file}");
            }
        }
    }

    #[test]
    fn other_names_are_no_files() {
        for name in [
            "",
            ".jpg",
            "1.jpg",
            "01_aa.jpg",
            "+1_aa_b.jpg",
            "1_aa_.jpg",
            "1_aa_b.png",
            "99999999999999999999999_aa.jpg",
        ] {
            assert_eq!(parse_file(name), None, "{name}");
        }
    }

    #[test]
    fn sizes_up_to_1024_share_their_secret_and_larger_ones_do_not() {
        let picture = Picture::of(53_000_000_017);
        let shared = picture.secret(Size::Square75);
        assert_eq!(shared.len(), 10);
        for size in Size::ALL {
            assert_eq!(picture.secret(size) == shared, size.long_side() <= 1024, "{size:?}");
        }
        assert_ne!(picture.secret(Size::Long1600), picture.secret(Size::Long2048));
    }

    #[test]
    fn the_long_side_is_what_the_letter_says() {
        for id in 0..500 {
            let picture = Picture::of(id);
            for size in Size::ALL {
                let (width, height) = picture.pixels(size);
                assert_eq!(width.max(height), size.long_side());
                assert!(width.min(height) >= 30, "{picture:?} at {size:?}");
            }
        }
        assert_eq!(Picture { id: 1, subject: Subject::Sea, proportions: (3, 2) }.pixels(Size::Long1024), (1024, 683));
    }
}
