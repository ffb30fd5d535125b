//! Lists of photos, and single ones.

use super::*;
use crate::hub::world::{Photo, Position};

fn ids(answer: &Value) -> Vec<String> {
    let photos = answer["photos"]["photo"].as_array().expect("a list");
    photos.iter().map(|it| it["id"].as_str().expect("text").to_owned()).collect()
}

fn numbers<'p>(photos: impl IntoIterator<Item = &'p Photo>) -> Vec<String> {
    photos.into_iter().map(|it| it.id.to_string()).collect()
}

#[tokio::test]
async fn a_photo_in_a_list_has_flickrs_shape_and_the_extras_that_were_asked_for() {
    let realm = realm(0);
    let draft = Draft {
        title: Some("A <title>".into()),
        tags: Some(vec!["One".into(), "two".into()]),
        position: Some(Position::new(35.7, 139.7, 14)),
        private: false,
    };
    let (photo, _) = realm.world(|world| world.upload(&PEOPLE[4], draft, noon()));
    let list = format!("method=flickr.people.getPhotos&user_id={}", PEOPLE[4].nsid);
    let secret = photo.picture().secret(crate::hub::picture::Size::Long500);
    let plain = json!({
        "id": photo.id.to_string(), "owner": PEOPLE[4].nsid, "secret": secret, "server": "65535", "farm": 66,
        "title": "A <title>", "ispublic": 1, "isfriend": 0, "isfamily": 0,
    });
    let answer = ok(&realm, None, &list).await;
    assert_eq!(answer, json!({"photos": {"page": 1, "pages": 1, "perpage": 100, "total": "1", "photo": [plain]}}));
    let extras =
        "description,license,date_upload,date_taken,owner_name,last_update,geo,tags,media,url_sq,url_l,nonsense";
    let answer = ok(&realm, None, &format!("{list}&extras={extras}")).await;
    let photo_json = &answer["photos"]["photo"][0];
    let expect = |name: &str, value: Value| assert_eq!(photo_json[name], value, "{name}");
    let noon = noon().as_second().to_string();
    expect("description", json!({"_content": ""}));
    expect("license", json!(photo.licence.map_or(0, |it| it.number()).to_string()));
    expect("dateupload", json!(noon));
    expect("lastupdate", json!(noon));
    expect("datetaken", json!(photo.taken.strftime("%Y-%m-%d %H:%M:%S").to_string()));
    expect("ownername", json!(PEOPLE[4].name));
    expect("tags", json!("one two"));
    expect("media", json!("photo"));
    expect("latitude", json!("35.7"));
    expect("longitude", json!("139.7"));
    expect("accuracy", json!("14"));
    let place = photo.position.and_then(|it| it.place).expect("near Tokyo");
    expect("place_id", json!(place.place_id()));
    expect("woeid", json!(place.woe_id().to_string()));
    expect("width_sq", json!(75));
    assert!(photo_json["url_l"].as_str().is_some_and(|it| it.ends_with("_b.jpg")));
    assert!(photo_json.get("nonsense").is_none());
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap() {
    let realm = realm(120);
    let list = "method=flickr.photos.search&min_upload_date=1";
    let all = realm.world(|world| numbers(world.newest(None)));
    let mut seen = Vec::new();
    for page in 1..=3 {
        let answer = ok(&realm, None, &format!("{list}&per_page=50&page={page}")).await;
        assert_eq!((&answer["photos"]["pages"], &answer["photos"]["total"]), (&json!(3), &json!("120")));
        seen.extend(ids(&answer));
    }
    assert_eq!(seen, all);
    let beyond = ok(&realm, None, &format!("{list}&page=99")).await;
    assert_eq!(ids(&beyond).len(), 0);
    let most = ok(&realm, None, &format!("{list}&per_page=9999")).await;
    assert_eq!(most["photos"]["perpage"], 500);
    let absurd = ok(&realm, None, &format!("{list}&per_page=0&page=18446744073709551615")).await;
    assert_eq!(absurd["photos"]["perpage"], 100);
}

#[tokio::test]
async fn faves_are_listed_by_when_they_were_faved() {
    let Cast { realm, reader, another, .. } = cast();
    let (photo, _) = realm.world(|world| world.upload(&PEOPLE[2], Draft::default(), noon()));
    let early = noon() - jiff::SignedDuration::from_hours(5);
    realm.world(|world| world.fave(&PEOPLE[0], photo.id, early)).expect("it may be faved");
    realm.act(|world, now| world.fave(&PEOPLE[0], another, now)).expect("it may be faved");
    let list = "method=flickr.favorites.getList";
    let answer = ok(&realm, Some(&reader), list).await;
    assert_eq!(ids(&answer), [another.to_string(), photo.id.to_string()]);
    assert_eq!(answer["photos"]["photo"][0]["date_faved"], noon().as_second().to_string());
    let by_name = ok(&realm, None, &format!("{list}&user_id={}", PEOPLE[0].nsid)).await;
    assert_eq!(by_name, answer);
    let between = |from: i64, to: i64| {
        let (from, to) = (noon().as_second() + from, noon().as_second() + to);
        format!("{list}&min_fave_date={from}&max_fave_date={to}")
    };
    assert_eq!(ids(&ok(&realm, Some(&reader), &between(-60, 60)).await), [another.to_string()]);
    assert_eq!(ids(&ok(&realm, Some(&reader), &between(-20_000, -60)).await), [photo.id.to_string()]);
    let spelled = format!("{list}&min_fave_date=2026-03-01%2011:00:00");
    assert_eq!(ids(&ok(&realm, Some(&reader), &spelled).await), [another.to_string()]);
}

#[tokio::test]
async fn private_photos_are_listed_for_their_owner_alone() {
    let Cast { realm, another, hidden, .. } = cast();
    let owner = caller(&PEOPLE[1], Perms::Read);
    let list = format!("method=flickr.people.getPhotos&user_id={}", PEOPLE[1].nsid);
    assert_eq!(ids(&ok(&realm, None, &list).await), [another.to_string()]);
    let own = ok(&realm, Some(&owner), "method=flickr.people.getPhotos&user_id=me").await;
    assert_eq!(ids(&own), [hidden.to_string(), another.to_string()]);
    assert_eq!(own["photos"]["photo"][0]["ispublic"], 0);
}

#[tokio::test]
async fn contacts_photos_and_photos_of_a_person_are_found() {
    let realm = realm(150);
    let me = &PEOPLE[0];
    let reader = caller(me, Perms::Read);
    let list = "method=flickr.photos.getContactsPhotos";
    let theirs = realm.world(|world| numbers(world.photos_of_contacts(me)));
    assert_eq!(ids(&ok(&realm, Some(&reader), list).await), theirs[..10]);
    assert_eq!(ids(&ok(&realm, Some(&reader), &format!("{list}&count=999")).await), theirs[..theirs.len().min(50)]);
    let single = ok(&realm, Some(&reader), &format!("{list}&single_photo=1&include_self=1&count=50")).await;
    let owners: Vec<_> = single["photos"]["photo"].as_array().expect("a list").iter().map(|it| &it["owner"]).collect();
    assert_eq!(owners.len(), 5, "four contacts, and oneself: {owners:?}");
    let (photo, _) = realm.world(|world| world.upload(&PEOPLE[1], Draft::default(), noon()));
    realm.act(|world, now| world.tag_person(&PEOPLE[1], photo.id, me, now)).expect("it is theirs");
    let of_me = ok(&realm, Some(&reader), "method=flickr.people.getPhotosOf&user_id=me").await;
    assert_eq!(ids(&of_me), [photo.id.to_string()]);
    assert_eq!(of_me["photos"]["has_next_page"], 0);
    let other_owner = format!("method=flickr.people.getPhotosOf&user_id={}&owner_id={}", me.nsid, PEOPLE[2].nsid);
    assert_eq!(ids(&ok(&realm, None, &other_owner).await).len(), 0);
}

#[tokio::test]
async fn a_search_finds_what_fits_and_nothing_else() {
    let realm = realm(0);
    let upload = |who: usize, title: &str, tags: &[&str], at: Option<(f64, f64)>, hours_ago: i64| {
        let draft = Draft {
            title: Some(title.into()),
            tags: Some(tags.iter().map(|it| (*it).to_owned()).collect()),
            position: Some(at.map_or(Position::new(-60.0, 100.0, 3), |(lat, lon)| Position::new(lat, lon, 16))),
            private: false,
        };
        let then = noon() - jiff::SignedDuration::from_hours(hours_ago);
        realm.world(|world| world.upload(&PEOPLE[who], draft, then)).0.id.to_string()
    };
    let old = upload(1, "Old harbour", &["sea"], Some((52.5, 13.4)), 30);
    let cat = upload(2, "A Cat", &["cat", "sea"], Some((52.52, 13.41)), 1);
    let far = upload(3, "Far away", &["cat"], Some((-17.0, 179.9)), 0);
    let reader = caller(&PEOPLE[0], Perms::Read);
    for (query, expected) in [
        ("tags=cat,sea", vec![&far, &cat, &old]),
        ("tags=Cat,SEA&tag_mode=all", vec![&cat]),
        ("text=HARBOUR", vec![&old]),
        ("text=cat", vec![&far, &cat]),
        (&format!("user_id={}", PEOPLE[2].nsid), vec![&cat]),
        // Documented: a place alone finds what is at most twelve hours old.
        ("lat=52.5&lon=13.4&radius=10", vec![&cat]),
        ("lat=52.5&lon=13.4&radius=10&tags=sea", vec![&cat, &old]),
        ("bbox=13,52,14,53&min_upload_date=1", vec![&cat, &old]),
        ("bbox=179,-20,-179,-10", vec![&far]),
        ("tags=cat,sea&accuracy=16", vec![&far, &cat, &old]),
        (&format!("max_upload_date={}", noon().as_second() - 7200), vec![&old]),
        // Contacts of the caller are 1, 4, 7 and 12.
        ("contacts=all", vec![&old]),
        ("is_commons=1", vec![]),
        ("tags=cat&sort=date-posted-asc", vec![&cat, &far]),
        (&format!("max_taken_date={}", noon().as_second() - 30 * 24 * 3600), vec![]),
    ] {
        let found = ids(&ok(&realm, Some(&reader), &format!("method=flickr.photos.search&{query}")).await);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_single_photo_is_described_with_its_sizes() {
    let Cast { realm, reader, another, .. } = cast();
    realm.act(|world, now| world.fave(&PEOPLE[0], another, now)).expect("it may be faved");
    let query = format!("method=flickr.photos.getInfo&photo_id={another}");
    let info = ok(&realm, Some(&reader), &query).await;
    let photo = &info["photo"];
    assert_eq!((&photo["isfavorite"], &photo["visibility"]["ispublic"]), (&json!(1), &json!(1)));
    assert_eq!(photo["owner"]["nsid"], PEOPLE[1].nsid);
    assert_eq!(photo["dates"]["posted"], noon().as_second().to_string());
    let title = realm.world(|world| world.photo(another, None).map(|it| it.title.clone())).expect("it is public");
    assert_eq!(photo["title"]["_content"], title);
    assert_eq!(ok(&realm, None, &query).await["photo"]["isfavorite"], 0);
    let answer = ok(&realm, None, &format!("method=flickr.photos.getSizes&photo_id={another}")).await;
    let sizes = answer["sizes"]["size"].as_array().expect("a list");
    assert_eq!((sizes.len(), &sizes[0]["label"], &sizes[0]["width"]), (11, &json!("Square"), &json!(75)));
    assert!(sizes[8]["width"].is_string() && sizes[8]["source"].as_str().is_some_and(|it| it.ends_with("_b.jpg")));
}
