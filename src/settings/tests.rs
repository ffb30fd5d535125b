use proptest::prelude::*;

use super::*;

fn problems(query: &str) -> Vec<String> {
    Settings::read(query).1.into_iter().map(|it| it.sentence).collect()
}

fn value(query: &str, name: &str) -> serde_json::Value {
    let (settings, problems) = Settings::read(query);
    assert_eq!(problems, [], "{query}");
    serde_json::from_str::<serde_json::Value>(&settings.json()).unwrap()[name].clone()
}

#[test]
fn every_row_of_the_table_is_one_setting_with_a_default_that_it_takes() {
    for (n, setting) in SETTINGS.iter().enumerate() {
        let Setting { name, default, kind, .. } = setting;
        assert!(SETTINGS[..n].iter().all(|it| it.name != *name), "{name} is there once");
        assert!(name.bytes().all(|it| it.is_ascii_lowercase()) && *name != PREVIEW, "{name}");
        assert_eq!(setting.default_value().to_string(), *default, "{name}");
        if !default.is_empty() {
            assert_eq!(kind.read(default), Ok(setting.default_value()), "{name}");
        }
        assert!(setting.meaning.ends_with('.') && !setting.label.ends_with('.'), "{name}");
        assert!(Group::ALL.contains(&setting.group));
    }
    let order: Vec<_> = SETTINGS.iter().map(|it| it.group as usize).collect();
    assert!(order.is_sorted(), "the table goes group by group");
}

#[test]
fn the_page_gets_all_settings_with_their_defaults() {
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&Settings::default().json()).unwrap(),
        serde_json::json!({
            "screen": "", "show": "all", "layout": "auto", "transition": "fade", "backdrop": "blur", "interval": 15,
            "quiet": 40, "history": true, "caption": "full", "corner": "auto", "text": "normal", "qr": true, "line": "",
            "night": [], "zone": "", "shift": true, "motion": "auto", "contrast": "auto", "controls": true, "awake": true,
        })
    );
}

#[test]
fn every_kind_of_value_is_read_from_an_address() {
    for (query, name, expected) in [
        ("screen=the+kitchen", "screen", serde_json::json!("the kitchen")),
        ("line=%20k%C3%A4tzchen%20", "line", "kätzchen".into()),
        ("show=Faves", "show", "faves".into()),
        ("layout=mosaic", "layout", "mosaic".into()),
        ("interval=5", "interval", 5.into()),
        ("interval=+3600", "interval", 3600.into()),
        ("history=off", "history", false.into()),
        ("history=OFF&history=On", "history", true.into()),
        ("history=0", "history", false.into()),
        ("history=", "history", true.into()),
        ("interval", "interval", 15.into()),
        ("night=sun 1:00-2:00", "night", serde_json::json!([{"days": [0], "from": 60, "to": 120}])),
        ("night=", "night", serde_json::json!([])),
        ("zone=america%2Fnew_york", "zone", "America/New_York".into()),
        ("interval=x&interval=20", "interval", 20.into()),
        ("zone=Etc/GMT%2B5", "zone", "Etc/GMT+5".into()),
        ("preview=1&utm_source=x", "screen", "".into()),
    ] {
        assert_eq!(value(query, name), expected, "{query}");
    }
}

#[test]
fn what_cannot_be_understood_is_told_in_a_sentence_and_its_default_stands() {
    let long = "x".repeat(81);
    for (query, expected) in [
        ("interval=x", r#"interval is "x": expected a number of seconds from 5 to 3600"#),
        ("interval=4", r#"interval is "4": expected a number of seconds from 5 to 3600"#),
        ("interval=1.5e99", r#"interval is "1.5e99": expected a number of seconds from 5 to 3600"#),
        ("quiet=-40", r#"quiet is "-40": expected a number of seconds from 10 to 86400"#),
        ("layout=tiles", r#"layout is "tiles": expected auto, single or mosaic"#),
        ("contrast=low", r#"contrast is "low": expected auto or high"#),
        ("qr=maybe", r#"qr is "maybe": expected on or off"#),
        ("screen=a%0Ab", r#"screen is "a\nb": expected one line of text without control characters"#),
        (
            "night=mo 1:00-2:00",
            r#"night is "mo 1:00-2:00": "mo" is no day, expected mon, tue, wed, thu, fri, sat or sun"#,
        ),
        ("zone=Berlin", r#"zone is "Berlin": expected a time zone: did you mean Europe/Berlin?"#),
        ("intervall=20", "intervall is no setting: did you mean interval?"),
        (
            &format!("line={long}"),
            &format!("line is \"{}…\": expected at most 80 characters, and not 81", "x".repeat(40)),
        ),
    ] {
        assert_eq!(problems(query), [expected]);
        assert_eq!(Settings::read(query).0, Settings::default(), "{query}");
    }
    assert_eq!(problems("interval=20&interval=x"), [r#"interval is "x": expected a number of seconds from 5 to 3600"#]);
    assert_eq!(problems(&format!("{}qr=x", "nigth=1&".repeat(5000))).len(), MAX_STRAYS + 1);
}

#[test]
fn a_link_says_only_what_differs_and_can_be_read_by_people() {
    for (query, expected) in [
        ("", ""),
        ("interval=15&show=all&history=yes&line=", ""),
        ("history=off&interval=020&qr=on", "history=off&interval=20"),
        (
            "night=mon-fri+19:00-07:30;sat,sun+23:00-9:00&zone=europe/berlin",
            "night=mon-fri+19:00-07:30%3B+sat,sun+23:00-09:00&zone=Europe/Berlin",
        ),
        ("line=a%26b%3Dc%2Bd+%25+%23+%22%3C&interval=x", "line=a%26b%3Dc%2Bd+%25+%23+%22%3C"),
    ] {
        assert_eq!(Settings::read(query).0.query(), expected, "{query}");
    }
}

/// A query somebody may write: known names and near misses, right values and wrong ones.
fn queries() -> impl Strategy<Value = String> {
    let names = SETTINGS.iter().map(|it| it.name).chain(["intervall", "preview", "x"]).collect::<Vec<_>>();
    let value = prop_oneof![
        "[a-z0-9:;, -]{0,12}",
        ".{0,90}",
        (0_u32..90_000).prop_map(|it| it.to_string()),
        prop::sample::select(vec![
            "on",
            "off",
            "faves",
            "mosaic",
            "zoom",
            "plain",
            "left",
            "large",
            "high",
            "Asia/Tokyo",
            "Etc/GMT+5"
        ])
        .prop_map(str::to_owned),
        "((mon|tue|sat)(-(wed|sun))?,?(thu)? )?[12]?[0-9]:[0-5][0-9]-[12]?[0-9]:[0-5][0-9]",
    ];
    prop::collection::vec((prop::sample::select(names), value), 0..12)
        .prop_map(|pairs| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_without_a_problem(query in queries()) {
        let (settings, _) = Settings::read(&query);
        let written = settings.query();
        prop_assert_eq!(Settings::read(&written), (settings, Vec::new()), "{}", written);
    }

    #[test]
    fn no_query_at_all_makes_the_reader_panic(query in ".{0,300}") {
        let (settings, problems) = Settings::read(&query);
        prop_assert!(problems.iter().all(|it| !it.sentence.contains('\n')));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&settings.json()).unwrap().is_object());
    }
}
