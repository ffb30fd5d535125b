use super::*;
use proptest::prelude::*;

fn read(arguments: &[(&str, &str)]) -> Result<Topic, BadArgument> {
    let find = |name: &str| arguments.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
    Topic::from_arguments(find)
}

fn name(arguments: &[(&str, &str)]) -> String {
    read(arguments).unwrap().event_name("12345678@N00").unwrap().to_string()
}

#[test]
fn the_same_wish_in_other_words_is_the_same_topic() {
    let check = |a: &[(&str, &str)], b: &[(&str, &str)]| {
        assert_eq!(read(a).unwrap(), read(b).unwrap());
        assert_eq!(read(a).unwrap().to_text(), read(b).unwrap().to_text());
    };
    check(
        &[("topic", "tags"), ("tags", "Kitten, new york")],
        &[("topic", "tags"), ("tags", "newyork,kitten,KITTEN,,")],
    );
    let metric = [("topic", "geo"), ("lat", "52.52"), ("lon", "13.4050004"), ("radius", "1.609")];
    check(&metric, &[("topic", "geo"), ("lat", "52.520"), ("lon", "13.405"), ("radius", "1"), ("radius_units", "mi")]);
    check(&[("topic", "geo"), ("woe_ids", "3,2"), ("lat", "1")], &[("topic", "geo"), ("woe_ids", "2,3")]);
    check(
        &[("topic", "geo"), ("lat", "-0"), ("lon", "0")],
        &[("topic", "geo"), ("lat", "0"), ("lon", "0"), ("radius", "5")],
    );
    check(&[("topic", "commons"), ("nsids", "")], &[("topic", "commons")]);
}

#[test]
fn an_event_name_spells_its_topic_when_it_is_short_and_plain() {
    assert_eq!(name(&[("topic", "contacts_faves")]), "12345678@N00-contacts_faves");
    assert_eq!(name(&[("topic", "tags"), ("tags", "kitten,cat")]), "12345678@N00-tags:cat.kitten");
    assert_eq!(name(&[("topic", "geo"), ("lat", "-33.9"), ("lon", "18.4")]), "12345678@N00-geo:-33.9:18.4:5km");
    assert_eq!(name(&[("topic", "commons"), ("nsids", "8623220@N02")]), "12345678@N00-commons:8623220@N02");
    let hashed = name(&[("topic", "tags"), ("tags", "猫")]);
    assert!(hashed.starts_with("12345678@N00-tags:~") && hashed.len() == 35, "{hashed}");
    assert!(name(&[("topic", "tags"), ("tags", &"x".repeat(90))]).contains(":~"));
    assert!(name(&[("topic", "tags"), ("tags", "a:b=c.d")]).contains(":~"), "a dot would be ambiguous");
}

#[test]
fn what_is_wrong_is_named_by_its_argument() {
    let check = |arguments: &[(&str, &str)], argument: &str, missing: bool| {
        let error = read(arguments).unwrap_err();
        assert_eq!((error.argument, error.missing), (argument, missing), "{error}");
    };
    check(&[], "topic", true);
    check(&[("topic", "dance")], "topic", false);
    check(&[("topic", "tags")], "tags", true);
    check(&[("topic", "tags"), ("tags", " , ,")], "tags", true);
    check(&[("topic", "tags"), ("tags", &"x".repeat(101))], "tags", false);
    check(
        &[("topic", "tags"), ("tags", &(0..21).map(|n| format!("t{n}")).collect::<Vec<_>>().join(","))],
        "tags",
        false,
    );
    check(&[("topic", "commons"), ("nsids", "somebody")], "nsids", false);
    check(&[("topic", "geo")], "lat", true);
    check(&[("topic", "geo"), ("lat", "1")], "lon", true);
    check(&[("topic", "geo"), ("lat", "91"), ("lon", "1")], "lat", false);
    check(&[("topic", "geo"), ("lat", "NaN"), ("lon", "1")], "lat", false);
    check(&[("topic", "geo"), ("lat", "1"), ("lon", "1"), ("radius", "33")], "radius", false);
    check(&[("topic", "geo"), ("lat", "1"), ("lon", "1"), ("radius_units", "ft")], "radius_units", false);
    check(&[("topic", "geo"), ("lat", "1"), ("lon", "1"), ("accuracy", "17")], "accuracy", false);
    check(&[("topic", "geo"), ("woe_ids", "x")], "woe_ids", false);
}

#[test]
fn a_topic_is_told_as_a_person_says_it() {
    let check = |arguments: &[(&str, &str)], words: &str| assert_eq!(read(arguments).unwrap().to_string(), words);
    check(&[("topic", "my_faves")], "your faves");
    check(&[("topic", "tags"), ("tags", "c,a,b")], "photos tagged a, b or c");
    check(&[("topic", "geo"), ("lat", "-1.5"), ("lon", "2")], "photos within 5 km of 1.5° S, 2° E");
    check(&[("topic", "commons")], "photos of the Flickr Commons");
}

#[test]
fn distance_is_measured_over_the_ground() {
    let berlin = Circle::new(52.52, 13.405, 5.0, 1).unwrap();
    assert!((berlin.distance_km(48.8566, 2.3522) - 878.0).abs() < 3.0, "Berlin to Paris");
    let fiji = Circle::new(-17.0, 179.99, 5.0, 1).unwrap();
    assert!(fiji.distance_km(-17.0, -179.99) < 3.0, "the date line is no wall");
    assert!(berlin.distance_km(52.52, 13.405) < 0.001);
}

#[test]
fn only_flickrs_ids_are_ids() {
    for id in ["12345678@N00", "1@N02"] {
        assert!(is_nsid(id), "{id}");
    }
    for other in ["", "@N00", "12@N0", "12@N000", "a@N00", "12@N00 ", "12@M00"] {
        assert!(!is_nsid(other), "{other}");
    }
}

fn any_topic() -> impl Strategy<Value = Topic> {
    let circle = (-90.0..=90.0, -180.0..=180.0, 0.05..=32.0, 1..=16_u8);
    prop_oneof![
        (0..6_usize).prop_map(|n| Topic::from_text(&format!("topic={}", Kind::ALL[n].name())).unwrap()),
        circle.prop_map(|(lat, lon, km, acc)| Topic::Geo(Area::Circle(Circle::new(lat, lon, km, acc).unwrap()))),
        prop::collection::vec("[0-9]{1,9}@N0[0-9]", 0..5)
            .prop_map(|it| Topic::commons(it.iter().map(String::as_str)).unwrap()),
        prop::collection::vec("\\PC{1,30}", 1..5)
            .prop_filter_map("no tag left", |it| Topic::tags(it.iter().map(String::as_str)).ok()),
    ]
}

proptest! {
    #[test]
    fn every_topic_is_read_back_as_it_was_written_and_has_an_event_name(topic in any_topic()) {
        prop_assert_eq!(Topic::from_text(&topic.to_text()), Ok(topic.clone()));
        prop_assert!(topic.event_name("12345678@N00").is_ok());
    }

    #[test]
    fn two_topics_share_an_event_name_only_when_they_are_equal(a in any_topic(), b in any_topic()) {
        let name = |it: &Topic| it.event_name("12345678@N00").unwrap();
        prop_assert_eq!(name(&a) == name(&b), a == b);
    }
}
