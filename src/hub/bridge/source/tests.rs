use super::*;
use crate::topic::Circle;

const ME: &str = "1@N01";

fn names(interest: &Interest, around: &Around<'_>) -> Result<Vec<String>, &'static str> {
    sources(interest, ME, around).map(|all| all.iter().map(ToString::to_string).collect())
}

fn topics() -> [Topic; 9] {
    let circle = Circle::new(52.5, 13.4, 5.0, 1).unwrap();
    [
        Topic::ContactsPhotos,
        Topic::ContactsFaves,
        Topic::PhotosOfContacts,
        Topic::PhotosOfMe,
        Topic::MyPhotos,
        Topic::MyFaves,
        Topic::Geo(Area::Circle(circle)),
        Topic::commons(["8@N02", "9@N02"]).unwrap(),
        Topic::tags(["New York", "kitten"]).unwrap(),
    ]
}

#[test]
fn each_of_the_nine_topics_has_its_requests_by_rest() {
    let contacts = ["2@N01".to_owned(), "3@N01".to_owned()];
    let around = Around { keyed: true, permitted: true, contacts: Some(&contacts) };
    let expected: [&[&str]; 9] = [
        &["flickr.photos.getContactsPhotos?by=1%40N01"],
        &[
            "flickr.contacts.getList?by=1%40N01",
            "flickr.favorites.getList?user_id=2%40N01",
            "flickr.favorites.getList?user_id=3%40N01",
        ],
        &[
            "flickr.contacts.getList?by=1%40N01",
            "flickr.people.getPhotosOf?user_id=2%40N01",
            "flickr.people.getPhotosOf?user_id=3%40N01",
        ],
        &["flickr.people.getPhotosOf?user_id=1%40N01"],
        &["flickr.people.getPhotos?user_id=1%40N01"],
        &["flickr.favorites.getList?user_id=1%40N01"],
        &["flickr.photos.search?has_geo=1&lat=52.5&lon=13.4&radius=5&radius_units=km&accuracy=1"],
        &["flickr.photos.search?is_commons=1"],
        &["flickr.photos.search?tags=kitten%2Cnewyork&tag_mode=any"],
    ];
    for (topic, expected) in topics().into_iter().zip(expected) {
        assert_eq!(names(&Interest::Topic(topic), &around).unwrap(), expected);
    }
}

#[test]
fn without_a_key_the_feeds_do_what_they_can_and_the_rest_is_told() {
    let around = Around { keyed: false, permitted: false, contacts: None };
    let expected: [Result<&str, &str>; 9] = [
        Ok("photos_friends.gne?user_id=1%40N01"),
        Err("sign in"),
        Err("sign in"),
        Err("FLICKR_KEY"),
        Ok("photos_public.gne?id=1%40N01"),
        Ok("photos_faves.gne?nsid=1%40N01"),
        Err("FLICKR_KEY"),
        Ok("photos_public.gne?ids=8%40N02%2C9%40N02"),
        Ok("photos_public.gne?tags=kitten%2Cnewyork&tagmode=any"),
    ];
    for (topic, expected) in topics().into_iter().zip(expected) {
        match (names(&Interest::Topic(topic.clone()), &around), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, [expected]),
            (Err(why), Err(word)) => assert!(why.contains(word), "{topic}: {why}"),
            other => panic!("{topic}: {other:?}"),
        }
    }
    assert_eq!(names(&Interest::Everything, &around).unwrap(), ["photos_public.gne?"]);
    assert_eq!(names(&Interest::Group("4@N20".into()), &around).unwrap(), ["groups_pool.gne?id=4%40N20"]);
}

#[test]
fn what_is_the_same_for_everybody_is_one_source_whoever_wishes_it() {
    let around = Around { keyed: true, permitted: true, contacts: None };
    let of = |topic: Topic, account: &str| sources(&Interest::Topic(topic), account, &around).unwrap();
    let tags = Topic::tags(["kitten"]).unwrap();
    assert_eq!(of(tags.clone(), "1@N01"), of(tags, "2@N01"));
    assert_eq!(of(Topic::commons(["8@N02"]).unwrap(), "1@N01"), of(Topic::commons([]).unwrap(), "2@N01"));
    assert_ne!(of(Topic::ContactsPhotos, "1@N01"), of(Topic::ContactsPhotos, "2@N01"));
    // What one faves is what a follower of theirs asks for too.
    let contacts = ["1@N01".to_owned()];
    let follower = Around { contacts: Some(&contacts), ..around };
    let followed = sources(&Interest::Topic(Topic::ContactsFaves), "2@N01", &follower).unwrap();
    assert!(followed.contains(&of(Topic::MyFaves, "1@N01")[0]));
}

#[test]
fn several_places_are_several_requests_since_a_search_takes_one() {
    let around = Around { keyed: true, permitted: false, contacts: None };
    let woe = names(&Interest::Topic(Topic::Geo(Area::Woe(vec![1, 2]))), &around).unwrap();
    assert_eq!(woe, ["flickr.photos.search?has_geo=1&woe_id=1", "flickr.photos.search?has_geo=1&woe_id=2"]);
    let page = sources(&Interest::Topic(Topic::MyFaves), ME, &around).unwrap()[0].page_size();
    assert_eq!((page, sources(&Interest::Everything, ME, &around).unwrap()[0].page_size()), (30, 20));
}
