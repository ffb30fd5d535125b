use super::*;
use proptest::prelude::*;

#[test]
fn a_click_is_a_point_and_the_edges_are_the_edges_of_the_world() {
    let check = |x, y, latitude, longitude| {
        assert_eq!(View::WORLD.point_at(x, y), Point { latitude, longitude }, "{x}, {y}");
    };
    check(0.0, 0.0, 90.0, -180.0);
    check(720.0, 360.0, -90.0, 180.0);
    check(719.0, 359.0, -89.5, 179.5);
    check(360.0, 180.0, 0.0, 0.0);
    check(387.0, 75.0, 52.5, 13.5);
    check(-5.0, -5.0, 90.0, -180.0);
    check(1e9, 1e9, -90.0, 180.0);
}

#[test]
fn a_closer_look_is_more_exact() {
    let berlin = Point { latitude: 52.52, longitude: 13.405 };
    let close = View::WORLD.zoomed(4.0, Some(berlin)).zoomed(4.0, Some(berlin)).zoomed(4.0, Some(berlin));
    assert!(close.is_closest() && !close.is_world());
    let again = close.point_at(WIDTH / 2.0, HEIGHT / 2.0);
    assert_eq!((again.latitude, again.longitude), (52.52, 13.405));
    assert_eq!((View::WORLD.error_km(), close.error_km()), (28.0, 0.4));
    assert_eq!(close.zoomed(1.0 / 64.0, None), View::WORLD);
    assert_eq!(View::WORLD.zoomed(1.0 / 4.0, Some(berlin)), View::WORLD);
}

#[test]
fn what_a_page_remembered_is_put_right() {
    assert_eq!(View::read("0 0 720"), Some(View::WORLD));
    assert_eq!(View::read("-5 999 720"), Some(View::WORLD));
    assert_eq!(View::read("0 0 1e9"), Some(View::WORLD));
    assert!(View::read("0 0 0").unwrap().is_closest());
    for strange in ["", "1", "1 2", "1 2 3 4", "a b c", "NaN 0 720", "inf 0 720"] {
        assert_eq!(View::read(strange), None, "{strange}");
    }
}

#[test]
fn a_circle_is_drawn_wider_near_the_poles() {
    let pin = |latitude| Pin::of(1, &Circle::new(latitude, 0.0, 30.0, 1).unwrap(), true);
    assert!((pin(0.0).half_width - pin(0.0).half_height).abs() < 1e-9);
    assert!((pin(60.0).half_width / pin(60.0).half_height - 2.0).abs() < 1e-9);
    assert!(pin(90.0).half_width <= WIDTH);
}

proptest! {
    #[test]
    fn a_view_stays_on_the_map_and_is_read_back(
        (x, y, width) in (-1e4..1e4, -1e4..1e4, 0.0..1e4), factor in 0.01..100.0, at in (-10.0..800.0, -10.0..800.0),
    ) {
        let view = View { x, y, width }.within().zoomed(factor, None);
        prop_assert!(view.x >= 0.0 && view.x + view.width <= WIDTH + 1e-9);
        prop_assert!(view.y >= 0.0 && view.y + view.width / 2.0 <= HEIGHT + 1e-9);
        prop_assert_eq!(View::read(&view.to_text()), Some(view));
        let point = view.point_at(at.0, at.1);
        prop_assert!(point.latitude.abs() <= 90.0 && point.longitude.abs() <= 180.0);
        prop_assert_eq!(Point::read(&point.to_string()), Ok(point));
    }
}
