//! `cargo +nightly fuzz run requests`: whatever stands in a request, nothing panics, and what is read is read back.

#![no_main]

use flickr_conduit::clock::Clock;
use flickr_conduit::handshake::Verification;
use flickr_conduit::practice::oauth::{Consumer, Desk};
use flickr_conduit::screens::{Instance, ScreenName, Showing};
use flickr_conduit::settings::Settings;
use flickr_conduit::topic::Topic;
use flickr_conduit::web::remote::order::Order;
use flickr_conduit::web::topics::coordinates::Point;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(topic) = Topic::from_text(text) {
        assert_eq!(Topic::from_text(&topic.to_text()), Ok(topic.clone()));
        assert!(topic.event_name("12345678@N00").is_ok());
    }
    if let Ok(point) = Point::read(text) {
        assert_eq!(Point::read(&point.to_string()), Ok(point));
    }
    let (settings, _) = Settings::read(text);
    let written = settings.query();
    assert_eq!(Settings::read(&written), (settings, Vec::new()));
    let _ = Verification::from_query(text);
    let _ = (Showing::read(bytes), ScreenName::read(text), Instance::read(text), Order::read(bytes));
    // As a header, as a query and as a form: none of it was signed by anybody.
    let desk = Desk::new(Consumer::default());
    let now = Clock::system().now();
    let pairs: Vec<_> = form_urlencoded::parse(bytes).into_owned().collect();
    let url = format!("http://localhost/services/rest?{text}");
    for caller in [
        desk.authenticate("GET", "http://localhost/services/rest", Some(text), &[], now),
        desk.authenticate("GET", &url, None, &[], now),
        desk.authenticate("POST", "http://localhost/services/rest", None, &pairs, now),
    ] {
        assert!(!matches!(caller, Ok(Some(_))));
    }
});
