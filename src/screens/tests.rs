//! The registry: who is in it, how much fits, and what it hands on.

use jiff::{SignedDuration, Timestamp};

use super::*;

fn name(text: &str) -> ScreenName {
    ScreenName::read(text).unwrap()
}

fn instance(n: usize) -> Instance {
    Instance::read(&format!("instance-{n}")).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn a_screen_is_there_until_it_leaves_and_says_what_it_shows() {
    let screens = Screens::default();
    let kitchen = screens.enter("cats", &[], &name("Kitchen"), &instance(1), at(1)).unwrap();
    let hall = screens.enter("cats", &[], &name("hall"), &instance(2), at(2)).unwrap();
    let far = screens.enter("dogs", &[], &name("Attic"), &instance(3), at(3)).unwrap();
    let names = |links: &[&str]| -> Vec<String> {
        screens.of(links.iter().copied()).iter().map(|it| it.name.to_string()).collect()
    };
    assert_eq!(names(&["cats"]), ["hall", "Kitchen"], "by name, whatever the case");
    assert_eq!(names(&["cats", "dogs"]), ["Attic", "hall", "Kitchen"]);
    assert_eq!(names(&["birds"]), [""; 0]);

    let showing = Showing { waiting: 3, ..Showing::default() };
    assert!(screens.report("cats", &instance(1), showing.clone()).is_some());
    assert!(screens.report("dogs", &instance(1), showing.clone()).is_none(), "the instance is one of another wall");
    assert_eq!(screens.of(["cats"])[1].showing.as_deref(), Some(&showing));
    drop(kitchen);
    assert!(screens.report("cats", &instance(1), showing).is_none());
    assert_eq!((names(&["cats"]).len(), screens.count()), (1, 2));
    drop((hall, far));
    assert_eq!(screens.count(), 0);
    assert!(screens.lock().walls.is_empty(), "nothing is left of a wall without screens");
}

#[tokio::test]
async fn commands_come_in_order_and_do_not_pile_up() {
    let screens = Screens::default();
    let mut kitchen = screens.enter("cats", &[], &name("kitchen"), &instance(1), at(1)).unwrap();
    let there = screens.of(["cats"]).remove(0);
    assert_eq!(screens.send(&there, Command::Next), Sent::Yes);
    assert_eq!(screens.send(&there, Command::Open("dogs".into())), Sent::Yes);
    assert_eq!(kitchen.command().await, Some(Command::Next));
    assert_eq!(kitchen.command().await, Some(Command::Open("dogs".into())));
    let sent = (0..QUEUE + 3).map(|_| screens.send(&there, Command::Next)).collect::<Vec<_>>();
    assert_eq!(sent.iter().filter(|it| **it == Sent::Full).count(), 3);
    drop(kitchen);
    assert_eq!(screens.send(&there, Command::Next), Sent::Gone);
}

#[tokio::test]
async fn a_screen_that_comes_back_before_it_left_takes_its_own_place() {
    let screens = Screens::default();
    let mut old = screens.enter("cats", &[], &name("kitchen"), &instance(1), at(1)).unwrap();
    assert!(screens.report("cats", &instance(1), Showing { waiting: 3, ..Showing::default() }).is_some());
    let mut new = screens.enter("cats", &[], &name("kitchen 2"), &instance(1), at(2)).unwrap();
    let there = screens.of(["cats"]);
    assert_eq!((there.len(), there[0].name.as_str(), there[0].since), (1, "kitchen 2", at(2)));
    assert_eq!(there[0].showing.as_ref().unwrap().waiting, 3, "it goes on showing what it showed");
    assert_eq!(screens.send(&there[0], Command::Next), Sent::Yes);
    assert_eq!(old.command().await, None);
    assert_eq!(new.command().await, Some(Command::Next));
    drop(old);
    assert_eq!(screens.count(), 1, "the old stream takes nothing with it");
    drop(new);
    assert_eq!(screens.count(), 0);
}

#[test]
fn there_is_room_for_so_many_and_no_more() {
    let screens = Screens::default();
    let enter = |wall: &str, n| screens.enter(wall, &[], &name("screen"), &instance(n), at(1));
    let of_one_wall: Vec<_> = (0..MAX_OF_A_WALL).map(|n| enter("cats", n).unwrap()).collect();
    assert!(enter("cats", MAX_OF_A_WALL).is_none());
    assert!(enter("cats", 0).is_some(), "who is there already may come back");
    assert_eq!(screens.count(), MAX_OF_A_WALL - 1, "and has left, since nobody holds its place now");
    let others: Vec<_> =
        (0..MAX - MAX_OF_A_WALL + 1).map(|n| enter(&format!("wall-{}", n / MAX_OF_A_WALL), n).unwrap()).collect();
    assert_eq!(screens.count(), MAX);
    assert!(enter("another", 1).is_none());
    drop(of_one_wall);
    assert!(enter("another", 1).is_some());
    drop(others);
    assert_eq!(screens.count(), 0);
    let later = at(1) + SignedDuration::from_hours(1);
    assert!(screens.enter("cats", &[], &name("screen"), &instance(1), later).is_some());
}
