//! Whether faves travel along contacts.

use super::*;
use crate::hub::people::{PEOPLE, contacts};

/// What share of the faves of 20 worlds are of a photo that fits.
fn share(test: impl Fn(&Person, &Photo) -> bool) -> f64 {
    let (mut all, mut fitting) = (0_u32, 0_u32);
    for seed in 0..20 {
        let mut world = world(seed);
        world.uploads(60, noon());
        for _ in 0..600 {
            for happening in world.step(noon()) {
                if let What::Faved(fan) = happening.what {
                    all += 1;
                    fitting += u32::from(test(fan, &happening.photo));
                }
            }
        }
    }
    f64::from(fitting) / f64::from(all)
}

#[test]
fn most_faves_are_of_what_a_contact_faved_or_posted() {
    let liked = share(|fan, photo| photo.faves.iter().any(|it| contacts(fan.nsid).contains(&it.fan)));
    let posted = share(|fan, photo| contacts(fan.nsid).contains(&photo.owner));
    assert!(liked > 0.45, "faved by a contact before: {liked:.2}");
    assert!(posted > 0.4, "posted by a contact: {posted:.2}");
}

#[test]
fn a_fave_raises_the_odds_that_a_follower_faves_it_too() {
    let person = &PEOPLE[5];
    let follower = crate::hub::people::followers(person.nsid)[0];
    let faved = |does: bool| -> usize {
        let run = |seed: u64| {
            let mut world = world(seed);
            let uploads = world.uploads(30, noon());
            let photo = uploads.iter().map(|it| &it.photo).find(|it| it.owner != person && it.owner != follower);
            let id = photo.expect("thirty are not all theirs").id;
            if does {
                world.fave(person, id, noon()).expect("nobody faved yet");
            }
            (0..150).for_each(|_| drop(world.step(noon())));
            world.photo(id, None).is_ok_and(|it| it.faved_by(follower).is_some())
        };
        (0..200).filter(|seed| run(*seed)).count()
    };
    let (with, without) = (faved(true), faved(false));
    assert!(with > 2 * without, "{with} with, {without} without, of 200");
}
