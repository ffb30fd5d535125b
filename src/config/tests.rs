//! The configuration: what is refused, and in which words.

use super::*;

fn settings() -> Settings {
    Settings {
        port: "8080".into(),
        bind: "127.0.0.1".into(),
        data_dir: "data".into(),
        delivery_limit_bytes: "2097152".into(),
        log: "info".into(),
        flickr_hub: "auto".into(),
        ..Settings::default()
    }
}

fn mistakes(change: impl FnOnce(&mut Settings)) -> Vec<(&'static str, String)> {
    let mut settings = settings();
    change(&mut settings);
    settings.check().map(|_| Vec::new()).unwrap_or_else(|it| it.0)
}

#[test]
fn the_defaults_are_right_and_say_where_the_server_is() {
    let config = settings().check().unwrap();
    assert_eq!(config.bind, (IpAddr::from([127, 0, 0, 1]), 8080));
    assert_eq!(config.public_url_at(8080).join("/wall/x"), "http://localhost:8080/wall/x");
}

#[test]
fn all_mistakes_are_reported_at_once_each_with_its_variable() {
    let found = mistakes(|it| {
        it.port = "eighty".into();
        it.bind = "everywhere".into();
        it.public_url = Some("wall.example.org".into());
        it.secret_key = Some("short".into());
        it.delivery_limit_bytes = "12".into();
        it.heartbeat_seconds = "51".into();
        it.log = "verbose".into();
        it.flickr_key = Some("k".into());
        it.flickr_url = Some("ftp://flickr".into());
        it.flickr_hub = "yahoo".into();
        it.hub_public = "perhaps".into();
        it.allowed_users = Some("1@N00, nolan".into());
        it.redis_url = Some("localhost:6379".into());
    });
    let named: Vec<_> = found.iter().map(|(variable, _)| *variable).collect();
    assert_eq!(
        named,
        [
            "PORT",
            "BIND",
            "PUBLIC_URL",
            "SECRET_KEY",
            "DELIVERY_LIMIT_BYTES",
            "HEARTBEAT_SECONDS",
            "LOG",
            "FLICKR_SECRET",
            "FLICKR_URL",
            "FLICKR_HUB",
            "HUB_PUBLIC",
            "ALLOWED_USERS",
            "REDIS_URL"
        ]
    );
    let printed = Mistakes(found).to_string();
    assert!(
        printed.starts_with("the configuration has 13 mistakes:\n  PORT is \"eighty\": expected a number"),
        "{printed}"
    );
}

#[test]
fn a_public_url_is_an_origin_and_nothing_else() {
    let check = |text: &str, word: &str| {
        let found = mistakes(|it| it.public_url = Some(text.into()));
        assert!(matches!(&found[..], [("PUBLIC_URL", sentence)] if sentence.contains(word)), "{text}: {found:?}");
    };
    check("https://wall.example.org/photos", "path");
    check("https://wall.example.org/?a=b", "path");
    check("wall.example.org", "no http:// or https:// in front");
    check("localhost:8080", "no http:// or https:// in front");
    check("ws://wall.example.org", "neither http nor https");
    check("https://me:pw@wall.example.org", "password");
    for (text, origin) in
        [("https://Wall.Example.org/", "https://wall.example.org"), ("http://[::1]:80", "http://[::1]")]
    {
        assert_eq!(text.parse::<PublicUrl>().unwrap().origin(), origin);
    }
    assert!("http://127.0.0.1:1".parse::<PublicUrl>().unwrap().is_loopback());
    assert!(!"https://example.org".parse::<PublicUrl>().unwrap().is_loopback());
}

#[test]
fn a_secret_comes_from_its_file_and_never_from_both() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    let name = file.to_str().unwrap().to_owned();
    std::fs::write(&file, "a secret of some length\n").unwrap();
    let config = Settings { secret_key_file: Some(name.clone()), ..settings() }.check().unwrap();
    assert_eq!(config.secret_key, Some(Secret::new("a secret of some length")));
    assert_eq!(format!("{:?}", config.secret_key), "Some(Secret(…))");

    let twice = mistakes(|it| (it.secret_key, it.secret_key_file) = (Some("x".repeat(20)), Some(name.clone())));
    assert!(twice[0].1.starts_with("is given twice"), "{twice:?}");
    std::fs::write(&file, "\n").unwrap();
    let empty = mistakes(|it| it.secret_key_file = Some(name.clone()));
    assert!(empty[0].1.ends_with("whose first line is empty"), "{empty:?}");
    let gone = mistakes(|it| it.flickr_secret_file = Some(format!("{name}.none")));
    assert_eq!(gone[0].0, "FLICKR_SECRET");
}

#[test]
fn what_was_left_blank_counts_as_absent() {
    let blank = Settings {
        port: String::new(),
        bind: " ".into(),
        data_dir: String::new(),
        delivery_limit_bytes: String::new(),
        log: String::new(),
        flickr_hub: String::new(),
        public_url: Some(String::new()),
        secret_key: Some(" ".into()),
        secret_key_file: Some(String::new()),
        flickr_url: Some(String::new()),
        allowed_users: Some(String::new()),
        redis_url: Some(String::new()),
        ..Settings::default()
    };
    let (blank, absent) = (blank.check().unwrap(), settings().check().unwrap());
    assert_eq!(format!("{blank:?}"), format!("{absent:?}"));
}

#[test]
fn a_secret_is_the_same_whichever_way_it_comes() {
    let given = Settings { secret_key: Some("a secret of some length\n".into()), ..settings() }.check().unwrap();
    assert_eq!(given.secret_key, Some(Secret::new("a secret of some length")));
}

#[test]
fn a_log_filter_that_would_log_nothing_by_mistake_is_refused() {
    for good in ["info", "WARN", "info,flickr_conduit=debug", "off", "flickr_conduit::bus=trace"] {
        assert_eq!(mistakes(|it| it.log = good.into()), [], "{good}");
    }
    for bad in ["verbose", "warning", "info,flickr_conduit=loud", "=", "info,,"] {
        assert_eq!(mistakes(|it| it.log = bad.into())[0].0, "LOG", "{bad}");
    }
}

#[test]
fn a_hub_is_open_to_others_only_when_that_is_said() {
    let public = |text: &str| {
        let mut settings = settings();
        settings.hub_public = text.into();
        settings.check().unwrap().hub_public
    };
    for (text, expected) in [("", false), ("no", false), ("0", false), ("yes", true), ("true", true), ("1", true)] {
        assert_eq!(public(text), expected, "{text:?}");
    }
}
