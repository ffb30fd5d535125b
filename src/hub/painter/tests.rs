//! The pictures: their pixels, their secrets, their sameness.

use super::*;

/// Width and height as the JPEG's frame header says (ITU-T T.81 section B.2.2).
fn pixels(jpeg: &[u8]) -> (u32, u32) {
    assert_eq!(&jpeg[..2], [0xff, 0xd8], "a JPEG");
    let mut at = 2;
    while jpeg[at + 1] != 0xc0 {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    let side = |at: usize| u32::from(u16::from_be_bytes([jpeg[at], jpeg[at + 1]]));
    (side(at + 7), side(at + 5))
}

#[test]
fn every_size_of_every_subject_has_the_right_pixels() {
    for id in 53_000_000_000..53_000_000_010 {
        let picture = Picture::of(id);
        for size in Size::ALL.into_iter().filter(|size| size.long_side() <= 640) {
            let jpeg = paint(id, &picture.secret(size), size.suffix()).expect("it is drawn");
            assert_eq!(pixels(&jpeg), picture.pixels(size), "{picture:?} at {size:?}");
        }
    }
}

#[test]
fn the_largest_sizes_have_the_right_pixels_too() {
    let picture = Picture::of(7_000_000_001);
    for size in [Size::Long800, Size::Long1024, Size::Long1600, Size::Long2048] {
        let jpeg = paint(picture.id, &picture.secret(size), size.suffix()).expect("it is drawn");
        assert_eq!(pixels(&jpeg), picture.pixels(size), "{size:?}");
    }
}

#[test]
fn the_same_picture_comes_twice() {
    let secret = Picture::of(42).secret(Size::Long320);
    assert_eq!(paint(42, &secret, "n"), paint(42, &secret, "n"));
}

#[test]
fn a_wrong_secret_or_size_gets_no_picture() {
    let secret = Picture::of(42).secret(Size::Square75);
    assert!(paint(42, &secret, "s").is_some());
    assert_eq!(paint(42, "0000000000", "s"), None);
    assert_eq!(paint(42, "", "s"), None);
    assert_eq!(paint(42, &secret.to_uppercase(), "s").is_some(), secret == secret.to_uppercase());
    assert_eq!(paint(43, &secret, "s"), None);
    assert_eq!(paint(42, &secret, "x"), None);
    assert_eq!(paint(42, &secret, "k"), None, "the largest sizes have secrets of their own");
}

#[test]
fn everybody_has_an_icon_of_their_own() {
    let icons: std::collections::HashSet<_> =
        crate::hub::people::PEOPLE.iter().map(|person| paint_icon(person.nsid).expect("it is drawn")).collect();
    assert_eq!(icons.len(), crate::hub::people::PEOPLE.len());
    assert!(icons.iter().all(|icon| pixels(icon) == (48, 48)));
}
