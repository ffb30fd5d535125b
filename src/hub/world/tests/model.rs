//! The world against a naive model of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::hub::people::ACCOUNTS;

/// All that the model knows of a photo.
#[derive(Debug, Default)]
struct Known {
    owner: usize,
    private: bool,
    fans: BTreeSet<usize>,
    people: BTreeSet<usize>,
    tags: BTreeSet<String>,
}

#[derive(Debug, Clone)]
enum Deed {
    Upload(usize, bool),
    Fave(usize, usize),
    Unfave(usize, usize),
    Retag(usize, usize, Vec<String>),
    Tag(usize, usize, usize),
    SetPublic(usize, usize, bool),
    Delete(usize, usize),
    Step,
}

fn deed() -> impl Strategy<Value = Deed> {
    // Few people and few photos, so that deeds meet.
    let (who, which) = (0..4_usize, 0..6_usize);
    prop_oneof![
        2 => (who.clone(), any::<bool>()).prop_map(|(who, private)| Deed::Upload(who, private)),
        4 => (who.clone(), which.clone()).prop_map(|(who, which)| Deed::Fave(who, which)),
        2 => (who.clone(), which.clone()).prop_map(|(who, which)| Deed::Unfave(who, which)),
        2 => (who.clone(), which.clone(), prop::collection::vec("[a-c]", 0..3))
            .prop_map(|(who, which, tags)| Deed::Retag(who, which, tags)),
        2 => (who.clone(), which.clone(), who.clone()).prop_map(|(who, which, whom)| Deed::Tag(who, which, whom)),
        3 => (who.clone(), which.clone(), any::<bool>()).prop_map(|(who, which, to)| Deed::SetPublic(who, which, to)),
        1 => (who, which).prop_map(|(who, which)| Deed::Delete(who, which)),
        1 => Just(Deed::Step),
    ]
}

/// Does it in both and compares what came of it; `None` when nothing is there to do it to.
fn perform(world: &mut World, model: &mut BTreeMap<u64, Known>, deed: Deed) {
    let nth = |model: &BTreeMap<u64, Known>, which: usize| model.keys().rev().nth(which).copied().unwrap_or(7);
    let own = |known: Option<&Known>, who: usize| match known {
        None => Err(Refused::NotFound),
        Some(it) if it.owner == who => Ok(it.private),
        Some(it) if it.private => Err(Refused::Hidden),
        Some(_) => Err(Refused::NotYours),
    };
    match deed {
        Deed::Upload(who, private) => {
            let (photo, _) = world.upload(&ACCOUNTS[who], Draft { private, ..Draft::default() }, noon());
            let tags = photo.tags.into_iter().collect();
            model.insert(photo.id, Known { owner: who, private, tags, ..Known::default() });
        }
        Deed::Fave(who, which) => {
            let id = nth(model, which);
            let expected = match model.get_mut(&id) {
                None => Err(Refused::NotFound),
                Some(it) if it.private && it.owner != who => Err(Refused::Hidden),
                Some(it) if it.owner == who => Err(Refused::OwnPhoto),
                Some(it) if it.fans.contains(&who) => Err(Refused::AlreadyFaved),
                Some(it) => Ok(it.fans.insert(who)),
            };
            assert_eq!(world.fave(&ACCOUNTS[who], id, noon()).map(|it| it.is_some()), expected);
        }
        Deed::Unfave(who, which) => {
            let id = nth(model, which);
            let expected = match model.get_mut(&id) {
                None => Err(Refused::NotFound),
                Some(it) => it.fans.remove(&who).then_some(()).ok_or(Refused::NotFaved),
            };
            assert_eq!(world.unfave(&ACCOUNTS[who], id), expected);
        }
        Deed::Retag(who, which, tags) => {
            let id = nth(model, which);
            let done = world.retag(&ACCOUNTS[who], id, tags.iter().map(String::as_str), noon());
            assert_eq!(done.map(|it| it.is_none()), own(model.get(&id), who));
            if let Some(known) = model.get_mut(&id).filter(|it| it.owner == who) {
                known.tags = tags.into_iter().collect();
            }
        }
        Deed::Tag(who, which, whom) => {
            let id = nth(model, which);
            let mut expected = own(model.get(&id), who);
            if expected.is_ok() && !model.get_mut(&id).is_some_and(|it| it.people.insert(whom)) {
                expected = Err(Refused::Already);
            }
            let done = world.tag_person(&ACCOUNTS[who], id, &ACCOUNTS[whom], noon());
            assert_eq!(done.map(|it| it.is_none()), expected);
        }
        Deed::SetPublic(who, which, public) => {
            let id = nth(model, which);
            let expected = match own(model.get(&id), who) {
                Ok(private) if private != public => Err(Refused::Already),
                other => other.map(|_| true),
            };
            assert_eq!(world.set_public(&ACCOUNTS[who], id, public, noon()).map(|it| it.is_some()), expected);
            if let Some(known) = model.get_mut(&id).filter(|it| it.owner == who) {
                known.private = !public;
            }
        }
        Deed::Delete(who, which) => {
            let id = nth(model, which);
            let expected = own(model.get(&id), who);
            assert_eq!(world.delete(&ACCOUNTS[who], id, noon()).map(|it| it.is_none()), expected);
            if expected.is_ok() {
                model.remove(&id);
            }
        }
        Deed::Step => {
            for happening in world.step(noon()) {
                follow(model, &happening);
            }
        }
    }
}

/// The model learns of what happened by itself as a subscriber does: from the happening alone.
fn follow(model: &mut BTreeMap<u64, Known>, happening: &Happening) {
    let number = |person: &Person| ACCOUNTS.iter().position(|it| it == person).expect("one of them");
    let photo = &happening.photo;
    if happening.what == What::Uploaded {
        model.insert(photo.id, Known { owner: number(photo.owner), ..Known::default() });
    }
    if happening.what == What::Deleted {
        model.remove(&photo.id);
        return;
    }
    let known = model.get_mut(&photo.id).expect("it is known");
    known.private = happening.what == What::Hidden;
    known.tags = photo.tags.iter().cloned().collect();
    match happening.what {
        What::Faved(fan) => assert!(known.fans.insert(number(fan))),
        What::Tagged(person) => assert!(known.people.insert(number(person))),
        _ => {}
    }
}

fn check(world: &World, model: &BTreeMap<u64, Known>) {
    let ids = |photos: Vec<&Photo>| photos.iter().map(|it| it.id).collect::<Vec<_>>();
    for viewer in [None, Some(0), Some(2)] {
        let eyes = viewer.map(|it| &ACCOUNTS[it]);
        let sees = |it: &Known| !it.private || viewer == Some(it.owner);
        let expected = |test: &dyn Fn(&Known) -> bool| -> Vec<u64> {
            model.iter().rev().filter(|(_, it)| sees(it) && test(it)).map(|(id, _)| *id).collect()
        };
        assert_eq!(ids(world.newest(eyes).collect()), expected(&|_| true));
        for (at, person) in ACCOUNTS.iter().enumerate().take(5) {
            assert_eq!(ids(world.photos_of(person, eyes)), expected(&|it| it.owner == at));
            assert_eq!(ids(world.photos_showing(person, eyes)), expected(&|it| it.people.contains(&at)));
            let mut faved: Vec<_> = world.faves_of(person, eyes).into_iter().map(|(it, _)| it.id).collect();
            faved.sort_by_key(|id| std::cmp::Reverse(*id));
            assert_eq!(faved, expected(&|it| it.fans.contains(&at)));
        }
        let search = Search { tags: vec!["a".to_owned(), "b".to_owned()], ..Search::default() };
        let any = |it: &Known| it.tags.contains("a") || it.tags.contains("b");
        assert_eq!(ids(world.search(&search, eyes)), expected(&any));
        let both = |it: &Known| it.tags.contains("a") && it.tags.contains("b");
        assert_eq!(ids(world.search(&Search { all_tags: true, ..search }, eyes)), expected(&both));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn after_any_deeds_the_world_shows_what_a_naive_model_shows(deeds in prop::collection::vec(deed(), 1..60)) {
        let (mut world, mut model) = (world(1), BTreeMap::new());
        for deed in deeds {
            perform(&mut world, &mut model, deed);
        }
        check(&world, &model);
    }
}
