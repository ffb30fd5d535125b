use super::*;
use proptest::prelude::*;

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    Pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn chosen(sent: &[(&str, &str)]) -> Vec<String> {
    let (choice, errors) = Choice::from_pairs(&pairs(sent));
    assert_eq!(errors, [], "{sent:?}");
    choice.topics().iter().map(Topic::to_text).collect()
}

#[test]
fn every_topic_can_be_chosen() {
    let six = ["contacts_photos", "contacts_faves", "photos_of_contacts", "photos_of_me", "my_photos", "my_faves"];
    for name in six {
        assert_eq!(chosen(&[("topic", name)]), [format!("topic={name}")]);
    }
    assert_eq!(chosen(&[("topic", "commons")]), ["topic=commons"]);
    assert_eq!(chosen(&[("tags", "Kitten,\r\nnew york; cat")]), ["topic=tags&tags=cat%2Ckitten%2Cnewyork"]);
    let place = "topic=geo&lat=52.52&lon=13.405&radius=5&radius_units=km";
    assert_eq!(chosen(&[("place3", "52.52, 13.405")]), [place]);
    assert_eq!(chosen(&[("place3", "13.405E 52.52N"), ("radius3", " 5,0 km ")]), [place]);
    let some = [("topic", "commons"), ("nsid", "2@N00"), ("nsid", "1@N00"), ("nsid", "2@N00")];
    assert_eq!(chosen(&some), ["topic=commons&nsids=1%40N00%2C2%40N00"]);
}

#[test]
fn institutions_without_the_commons_are_not_chosen() {
    assert_eq!(chosen(&[("topic", "my_faves"), ("nsid", "1@N00")]), ["topic=my_faves"]);
}

#[test]
fn what_cannot_work_is_refused_by_the_field_it_stands_in() {
    let many_tags: String = (0..=MAX_TAGS).map(|n| format!("t{n},")).collect();
    let check = |sent: &[(&str, &str)], field: &str, word: &str| {
        let (_, errors) = Choice::from_pairs(&pairs(sent));
        let [error] = &errors[..] else { panic!("{sent:?}: {errors:?}") };
        assert_eq!(error.field, field, "{sent:?}");
        assert!(error.sentence.contains(word), "{sent:?}: {}", error.sentence);
    };
    check(&[], "contacts_faves", "Nothing");
    check(&[("topic", "dance"), ("tags", " , "), ("radius1", "7")], "contacts_faves", "Nothing");
    check(&[("tags", "cat, !!!")], "tags", "!!!");
    check(&[("tags", &"x".repeat(101))], "tags", "100");
    check(&[("tags", &many_tags)], "tags", "20");
    check(&[("place1", "Berlin")], "place1", "52.52, 13.405");
    check(&[("place2", "1,2,3")], "place2", "semicolon");
    check(&[("place3", "91, 200")], "place3", "-90 to 90");
    check(&[("place1", "113.4, 52.5")], "place1", "wrong order");
    for radius in ["0", "33", "wide", "-5", "NaN", "inf", "1e400"] {
        check(&[("place2", "1, 2"), ("radius2", radius)], "radius2", "0.05 to 32");
    }
    check(&[("topic", "commons"), ("nsid", "<b>")], "commons", "unknown");
    check(&[("topic", "my_faves"), ("title", &"x".repeat(61))], "title", "61");
}

#[test]
fn all_errors_are_told_at_once_and_in_the_order_of_the_page() {
    let (_, errors) =
        Choice::from_pairs(&pairs(&[("place1", "x"), ("place3", "y"), ("tags", "!"), ("topic", "my_faves")]));
    assert_eq!(errors.iter().map(|it| it.field).collect::<Vec<_>>(), ["tags", "place1", "place3"]);
}

#[test]
fn the_same_choice_twice_is_one_topic() {
    let (choice, errors) = Choice::from_pairs(&pairs(&[
        ("topic", "my_faves"),
        ("topic", "my_faves"),
        ("place1", "52.52, 13.405"),
        ("place2", "1, 2"),
        ("place3", "N 52°31′12″ E 13°24′18″"),
        ("radius3", "5.0"),
        ("tags", "cat, CAT, c-a-t"),
    ]));
    assert_eq!((choice.topics().len(), errors.len()), (4, 0));
    assert!(choice.has_equal_places);
    let (other, _) = Choice::from_pairs(&pairs(&[("place1", "1, 2"), ("place2", "1, 2"), ("radius2", "6")]));
    assert!(!other.has_equal_places && other.topics().len() == 2, "two radii are two wishes");
}

#[test]
fn a_title_is_one_line_and_never_empty() {
    let title = |typed: &str| Choice::from_pairs(&pairs(&[("topic", "my_faves"), ("title", typed)])).0.title;
    assert_eq!(title(""), TITLE);
    assert_eq!(title(" \n "), TITLE);
    assert_eq!(title("  Our \n cats\t"), "Our cats");
    assert_eq!(title(&"猫".repeat(60)).chars().count(), 60);
}

proptest! {
    #[test]
    fn a_choice_that_is_written_into_a_form_is_read_back(
        six in prop::collection::vec(0..6_usize, 0..6),
        places in prop::collection::vec((-90.0..=90.0, -180.0..=180.0, 0.05..=32.0), 0..=3),
        tags in prop::collection::vec("[a-zäß猫 ]{1,12}", 1..5).prop_filter_map("no tag", |it| Topic::tags(it.iter().map(String::as_str)).ok()),
    ) {
        let mut topics: Vec<Topic> = six.into_iter().filter_map(|n| plain(Kind::ALL[n])).collect();
        topics.push(tags);
        topics.extend(places.into_iter().map(|(lat, lon, km)| Topic::Geo(Area::Circle(Circle::new(lat, lon, km, 1).unwrap()))));
        topics.sort_by_key(Topic::to_text);
        topics.dedup();
        let (typed, others) = Typed::from_topics("Everything", &topics);
        prop_assert!(others.is_empty());
        let (choice, errors) = Choice::of(&typed);
        prop_assert_eq!(errors, []);
        prop_assert_eq!(choice.topics(), &topics[..]);
    }

    #[test]
    fn no_form_is_too_strange(fields in prop::collection::vec(("[a-z]{1,6}[1-3]?|tags|title|nsid|topic|place1|radius1|view|pick|map\\.x|map\\.y", "\\PC{0,40}"), 0..12)) {
        let fields = Pairs(fields);
        let (choice, errors) = Choice::from_pairs(&fields);
        prop_assert!(!choice.topics().is_empty() || !errors.is_empty() || fields.first("keep").is_some());
    }
}
