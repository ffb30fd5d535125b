//! Whom what concerns.

use super::*;
use crate::hub::people::{INSTITUTIONS, PEOPLE, followers};
use crate::hub::task::{Concerns, Why};
use crate::topic::Kind;

fn accounts(concerns: &Concerns, kind: Kind) -> Vec<&str> {
    let mut them: Vec<_> = concerns.accounts.iter().filter(|it| it.0 == kind).map(|it| it.1.as_str()).collect();
    them.sort_unstable();
    them
}

fn nsids(people: &[&'static Person]) -> Vec<&'static str> {
    let mut them: Vec<_> = people.iter().map(|it| it.nsid).collect();
    them.sort_unstable();
    them
}

#[test]
fn an_upload_concerns_followers_the_owner_tags_and_the_spot() {
    let mut world = world(31);
    let owner = &PEOPLE[3];
    let draft = Draft {
        tags: Some(vec!["Kitten".to_owned()]),
        position: Some(Position::new(35.7, 139.7, 14)),
        ..Draft::default()
    };
    let (photo, happening) = world.upload(owner, draft, noon());
    let task = World::task(&happening.expect("it is public"));
    assert_eq!((task.key.photo, task.key.why), (photo.id, Why::Update("created")));
    assert_eq!(accounts(&task.concerns, Kind::ContactsPhotos), nsids(&followers(owner.nsid)));
    assert_eq!(accounts(&task.concerns, Kind::MyPhotos), [owner.nsid]);
    for kind in [Kind::ContactsFaves, Kind::MyFaves, Kind::PhotosOfMe, Kind::PhotosOfContacts] {
        assert!(accounts(&task.concerns, kind).is_empty());
    }
    assert_eq!(task.concerns.tags, ["kitten"]);
    let spot = task.concerns.spot.expect("it has one");
    assert_eq!((spot.latitude, spot.longitude, spot.accuracy, spot.woe_ids.len()), (35.7, 139.7, 14, 3));
    assert_eq!(spot.place_id.map(|it| it.len()), Some(12));
    assert_eq!(task.concerns.institution, None);
}

#[test]
fn an_institution_is_named() {
    let (_, happening) = world(32).upload(&INSTITUTIONS[0], Draft::default(), noon());
    let task = World::task(&happening.expect("it is public"));
    assert_eq!(task.concerns.institution.as_deref(), Some(INSTITUTIONS[0].nsid));
}

#[test]
fn a_fave_concerns_the_fan_and_those_who_follow_the_fan_alone() {
    let mut world = world(33);
    let (photo, _) = world.upload(&PEOPLE[0], Draft::default(), noon());
    let fan = &PEOPLE[7];
    let happening = world.fave(fan, photo.id, noon()).unwrap().expect("it is public");
    let task = World::task(&happening);
    assert_eq!(task.key.why, Why::Fave(fan.nsid.to_owned()));
    assert_eq!(accounts(&task.concerns, Kind::ContactsFaves), nsids(&followers(fan.nsid)));
    assert_eq!(accounts(&task.concerns, Kind::MyFaves), [fan.nsid]);
    assert_eq!(task.concerns.accounts.len(), followers(fan.nsid).len() + 1);
    assert_eq!((task.concerns.tags.len(), task.concerns.spot, task.concerns.institution), (0, None, None));
}

#[test]
fn tagging_a_person_concerns_those_who_want_photos_of_that_person_and_waits_apart_from_the_upload() {
    let mut world = world(34);
    let (photo, upload) = world.upload(&PEOPLE[0], Draft::default(), noon());
    let person = &PEOPLE[4];
    let happening = world.tag_person(&PEOPLE[0], photo.id, person, noon()).unwrap().expect("it is public");
    let task = World::task(&happening);
    assert_ne!(task.key, World::task(&upload.expect("it is public")).key);
    assert_eq!(accounts(&task.concerns, Kind::PhotosOfContacts), nsids(&followers(person.nsid)));
    assert_eq!(accounts(&task.concerns, Kind::PhotosOfMe), [person.nsid]);
    assert_eq!(task.concerns.accounts.len(), followers(person.nsid).len() + 1);
    assert!(task.element.contains(r#"<flickr:update type="created"/>"#), "new to the topic");
    let retitled = world.retitle(&PEOPLE[0], photo.id, "x", noon()).unwrap().expect("it is public");
    assert_eq!(
        accounts(&World::task(&retitled).concerns, Kind::PhotosOfMe),
        [person.nsid],
        "later changes go there too"
    );
}

#[test]
fn a_removal_concerns_everybody_who_could_have_heard_of_the_photo() {
    let owner = &PEOPLE[0];
    let deeds: [fn(&mut World, u64) -> Happening; 2] = [
        |world, id| world.delete(&PEOPLE[0], id, noon()).unwrap().expect("it is public"),
        |world, id| world.set_public(&PEOPLE[0], id, false, noon()).unwrap().expect("it was public"),
    ];
    for deed in deeds {
        let mut world = world(35);
        let draft = Draft { tags: Some(vec!["then".to_owned(), "ever".to_owned()]), ..Draft::default() };
        let (photo, _) = world.upload(owner, draft, noon());
        let (fan, past_fan, shown) = (&PEOPLE[1], &PEOPLE[2], &PEOPLE[6]);
        world.fave(fan, photo.id, noon()).unwrap();
        world.fave(past_fan, photo.id, noon()).unwrap();
        world.unfave(past_fan, photo.id).unwrap();
        world.retag(owner, photo.id, ["now", "ever"], noon()).unwrap();
        world.tag_person(owner, photo.id, shown, noon()).unwrap();
        let task = World::task(&deed(&mut world, photo.id));
        assert_eq!(task.key.why, Why::Removed);
        let mut circle = followers(fan.nsid);
        circle.extend(followers(past_fan.nsid));
        let mut circle = nsids(&circle);
        circle.dedup();
        assert_eq!(accounts(&task.concerns, Kind::ContactsFaves), circle);
        assert_eq!(accounts(&task.concerns, Kind::MyFaves), nsids(&[fan, past_fan]));
        assert_eq!(accounts(&task.concerns, Kind::ContactsPhotos), nsids(&followers(owner.nsid)));
        assert_eq!(accounts(&task.concerns, Kind::MyPhotos), [owner.nsid]);
        assert_eq!(accounts(&task.concerns, Kind::PhotosOfMe), [shown.nsid]);
        assert_eq!(task.concerns.tags, ["now", "ever", "then"]);
        assert!(task.element.starts_with("<at:deleted-entry "));
    }
}
