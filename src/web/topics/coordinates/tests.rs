use super::*;
use proptest::prelude::*;

fn near(text: &str, latitude: f64, longitude: f64) {
    let point = Point::read(text).unwrap_or_else(|cause| panic!("{text:?}: {cause}"));
    let is_near = (point.latitude - latitude).abs() < 1e-4 && (point.longitude - longitude).abs() < 1e-4;
    assert!(is_near, "{text:?} is {point:?}");
}

#[test]
fn a_point_is_read_as_people_write_it() {
    for text in [
        "52.52, 13.405",
        "52.52,13.405",
        "  52.52   13.405 ",
        "52.52;13.405",
        "52.52 / 13.405",
        "(52.52, 13.405)",
        "+52.52 +13.405",
        "52,52 13,405",
        "52,52; 13,405",
        "52,52, 13,405",
        "52,52,13,405",
        "52.52° 13.405°",
        "52.52N 13.405E",
        "52.52N13.405E",
        "n52.52 e13.405",
        "N 52.52 E 13.405",
        "52.52 N, 13.405 E",
        "13.405E 52.52N",
        "52°31'12\"N 13°24'18\"E",
        "52° 31′ 12″ N, 13° 24′ 18″ E",
        "52°31'12''N, 13°24'18''E",
        "52° 31.2' 13° 24.3'",
        "52º31,2’N 13º24,3’E",
    ] {
        near(text, 52.52, 13.405);
    }
    near("-33.9, 18.4", -33.9, 18.4);
    near("33.9S 18.4E", -33.9, 18.4);
    near("\u{2212}33.9 \u{2212}18.4", -33.9, -18.4);
    near("40° 26′ 46″ N 79° 58′ 56″ W", 40.44611, -79.98222);
    near("52,13", 52.0, 13.0);
    near("52, 13,5", 52.0, 13.5);
    near("52,5, 13", 52.5, 13.0);
    near("-0, 0", 0.0, 0.0);
    near("90 180", 90.0, 180.0);
    near("-90 -180", -90.0, -180.0);
}

#[test]
fn what_is_no_point_is_told_apart() {
    let check = |text: &str, expected| assert_eq!(Point::read(text), Err(expected), "{text:?}");
    for text in [
        "",
        ",",
        "52",
        "52.52",
        "Berlin",
        "52.52,",
        ", 13",
        "1 2 3",
        "1e3, 2",
        "NaN, 1",
        "inf inf",
        "52.52N 13.4N",
        "52.52E 13.4W",
        "-52.52S 13.4E",
        "52°61'N 13°E",
        "52°31.5'12\"N 13°E",
        "52.5°31'N 13°E",
        "N S",
        "°, °",
        "0x10, 1",
        "52.52.1, 3",
        "52 31 12 N, 13 24 18 E",
        "５２, １３",
    ] {
        check(text, NoPoint::Unreadable);
    }
    check("52,52,13", NoPoint::Ambiguous);
    check("91, 0", NoPoint::Swapped);
    check("113.4, 52.52", NoPoint::Swapped);
    check("200, 10", NoPoint::Latitude);
    check("10, 181", NoPoint::Longitude);
    check("91N 10E", NoPoint::Swapped);
    check(&"1".repeat(MAX_LEN + 1), NoPoint::Unreadable);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64) {
        let written = Point { latitude, longitude }.to_string();
        let read = Point::read(&written).unwrap();
        prop_assert!((read.latitude - latitude).abs() <= 6e-6 && (read.longitude - longitude).abs() <= 6e-6);
        prop_assert_eq!(read.to_string(), written.clone());
        let german = written.replace(", ", "; ").replace('.', ",");
        prop_assert_eq!(Point::read(&german), Ok(read));
        let side = |it: f64, letters: [char; 2]| format!("{} {}", it.abs(), letters[usize::from(it < 0.0)]);
        let lettered = format!("{}, {}", side(read.longitude, ['E', 'W']), side(read.latitude, ['N', 'S']));
        prop_assert_eq!(Point::read(&lettered), Ok(read));
    }

    #[test]
    fn no_text_is_too_strange(text in "[-+0-9.,;/ °'\"NSEWx\\PC]{0,40}") {
        if let Ok(point) = Point::read(&text) {
            prop_assert!(point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0);
        }
    }
}
