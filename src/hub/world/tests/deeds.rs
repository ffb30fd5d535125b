//! What people may do, as a table.

use super::*;
use crate::hub::people::{ACCOUNTS, PEOPLE};

struct Stage {
    world: World,
    owner: &'static Person,
    other: &'static Person,
    /// The owner's public photo and private photo.
    open: u64,
    closed: u64,
}

fn stage() -> Stage {
    let mut world = world(21);
    let (owner, other) = (&PEOPLE[0], &PEOPLE[1]);
    let (open, happening) = world.upload(owner, Draft::default(), noon());
    assert_eq!(happening.map(|it| (it.what, it.photo)), Some((What::Uploaded, open.clone())));
    let (closed, happening) = world.upload(owner, Draft { private: true, ..Draft::default() }, noon());
    assert_eq!(happening, None, "a private photo is nobody's business");
    Stage { world, owner, other, open: open.id, closed: closed.id }
}

#[test]
fn what_is_not_allowed_is_refused_with_its_reason() {
    type Deed = fn(&mut Stage) -> Result<Option<Happening>, Refused>;
    let table: [(&str, Deed, Refused); 14] = [
        ("fave nothing", |it| it.world.fave(it.other, 7, noon()), Refused::NotFound),
        ("fave one's own", |it| it.world.fave(it.owner, it.open, noon()), Refused::OwnPhoto),
        ("fave a private one", |it| it.world.fave(it.other, it.closed, noon()), Refused::Hidden),
        (
            "fave twice",
            |it| {
                it.world.fave(it.other, it.open, noon())?;
                it.world.fave(it.other, it.open, noon())
            },
            Refused::AlreadyFaved,
        ),
        ("unfave what is not faved", |it| it.world.unfave(it.other, it.open).map(|()| None), Refused::NotFaved),
        ("unfave nothing", |it| it.world.unfave(it.other, 7).map(|()| None), Refused::NotFound),
        ("retitle another's", |it| it.world.retitle(it.other, it.open, "x", noon()), Refused::NotYours),
        ("retitle another's private one", |it| it.world.retitle(it.other, it.closed, "x", noon()), Refused::Hidden),
        ("retag another's", |it| it.world.retag(it.other, it.open, ["x"], noon()), Refused::NotYours),
        ("tag in another's", |it| it.world.tag_person(it.other, it.open, it.owner, noon()), Refused::NotYours),
        (
            "tag twice",
            |it| {
                it.world.tag_person(it.owner, it.open, it.other, noon())?;
                it.world.tag_person(it.owner, it.open, it.other, noon())
            },
            Refused::Already,
        ),
        ("publish what is public", |it| it.world.set_public(it.owner, it.open, true, noon()), Refused::Already),
        ("delete another's", |it| it.world.delete(it.other, it.open, noon()), Refused::NotYours),
        (
            "delete twice",
            |it| {
                it.world.delete(it.owner, it.open, noon())?;
                it.world.delete(it.owner, it.open, noon())
            },
            Refused::NotFound,
        ),
    ];
    for (what, deed, expected) in table {
        assert_eq!(deed(&mut stage()), Err(expected), "{what}");
    }
}

#[test]
fn a_private_photo_changes_without_a_word() {
    let Stage { mut world, owner, other, closed, .. } = stage();
    assert_eq!(world.retitle(owner, closed, "mine", noon()), Ok(None));
    assert_eq!(world.retag(owner, closed, ["a"], noon()), Ok(None));
    assert_eq!(world.tag_person(owner, closed, other, noon()), Ok(None));
    assert_eq!(world.photo(closed, Some(owner)).map(|it| it.title.as_str()), Ok("mine"));
    assert_eq!(world.photo(closed, Some(other)), Err(Refused::Hidden));
    assert_eq!(world.photo(closed, None), Err(Refused::Hidden));
    let shown = world.set_public(owner, closed, true, noon()).unwrap().expect("now everybody may know");
    assert_eq!((shown.what, shown.photo.public), (What::Shown, true));
    let hidden = world.set_public(owner, closed, false, noon()).unwrap().expect("it has to be taken away");
    assert!(hidden.what.is_removal());
    assert_eq!(world.delete(owner, closed, noon()), Ok(None), "it was taken away already");
}

#[test]
fn a_draft_says_what_the_number_would_have_said() {
    let mut world = world(22);
    for person in &ACCOUNTS {
        let position = Position::new(52.5, 13.4, 12);
        let draft = Draft {
            title: Some("x".repeat(300)),
            tags: Some(vec!["New York".to_owned(), "new-york".to_owned(), "!".to_owned(), "b".to_owned()]),
            position: Some(position),
            private: false,
        };
        let (photo, _) = world.upload(person, draft, noon());
        assert_eq!(photo.owner, person);
        assert_eq!(photo.title.len(), 255);
        assert_eq!(photo.tags, ["newyork", "b"]);
        assert_eq!(photo.position, Some(position));
        let invented = Photo::invent(photo.id, "".into(), noon(), noon());
        assert_eq!(invented.owner, person, "its page is found from its number alone");
    }
}

#[test]
fn what_a_human_hides_stays_hidden() {
    let Stage { mut world, owner, open, closed, .. } = stage();
    world.set_public(owner, open, false, noon()).unwrap();
    for _ in 0..2000 {
        let happened = world.step(noon());
        assert!(happened.iter().all(|it| ![open, closed].contains(&it.photo.id)));
    }
}

#[test]
fn an_unfave_is_no_news_but_lets_one_fave_again() {
    let Stage { mut world, other, open, .. } = stage();
    let happening = world.fave(other, open, noon()).unwrap().expect("a fave is news");
    assert_eq!(happening.what, What::Faved(other));
    assert_eq!(world.faves_of(other, None).len(), 1);
    world.unfave(other, open).unwrap();
    assert!(world.faves_of(other, None).is_empty());
    assert!(world.fave(other, open, noon()).unwrap().is_some());
}
