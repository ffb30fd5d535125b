use proptest::prelude::*;

use super::*;

const SECOND: Millis = 1_000;
const HOUR: Millis = 3_600 * SECOND;

fn schedule(needs: &[(u32, Need)]) -> Schedule<u32> {
    let mut schedule = Schedule::new(Pace::default());
    schedule.keep(wanted(needs), 0);
    schedule
}

fn wisher(owner: &str, need: Need) -> Wisher {
    Wisher { topic: "tags", owner: owner.to_owned(), need, guest: owner == "guests" }
}

/// All of them find one topic, for somebody each.
fn wanted(needs: &[(u32, Need)]) -> Wanted<u32> {
    let mut wanted = Wanted::default();
    for (source, need) in needs {
        match need {
            Need::Routine => wanted.routine(*source),
            need => wanted.wish(wisher(&source.to_string(), *need), [*source]),
        }
    }
    wanted
}

/// Asks whenever it may until `end`, where `brings` says how many events a source brings at that moment; the moments of
/// all calls.
fn run(
    schedule: &mut Schedule<u32>,
    begin: Millis,
    end: Millis,
    mut brings: impl FnMut(u32, Millis) -> usize,
) -> Vec<(Millis, u32)> {
    let (mut now, mut calls) = (begin, Vec::new());
    while now < end {
        match schedule.next(now) {
            Next::Ask(source) => {
                calls.push((now, source));
                schedule.answered(&source, brings(source, now), now + 200);
            }
            Next::Wait(until) => now = until.max(now + 1),
            Next::Nothing => break,
        }
    }
    calls
}

fn of(calls: &[(Millis, u32)], source: u32, since: Millis) -> usize {
    calls.iter().filter(|(at, it)| *it == source && *at >= since).count()
}

#[test]
fn a_quiet_source_is_asked_at_its_pace_and_a_busy_one_more_often() {
    let mut two = schedule(&[(1, Need::Served), (2, Need::Served)]);
    let calls = run(&mut two, 0, 2 * HOUR, |source, _| usize::from(source == 2));
    let (quiet, busy) = (of(&calls, 1, HOUR), of(&calls, 2, HOUR));
    assert!((88..=91).contains(&quiet), "each 40 s: {quiet}");
    assert!((220..=240).contains(&busy), "each 15 s: {busy}");
}

#[test]
fn more_than_the_budget_serves_are_asked_seldomer_and_the_busy_ones_lose_least() {
    let needs: Vec<_> = (0..400).map(|n| (n, Need::Served)).collect();
    let mut many = schedule(&needs);
    // Ten of them bring something each time.
    let calls = run(&mut many, 0, 6 * HOUR, |source, _| usize::from(source < 10));
    let lately: Vec<_> = calls.iter().filter(|(at, _)| *at >= 5 * HOUR).collect();
    assert!((3_200..=3_310).contains(&lately.len()), "the budget is used and not exceeded: {}", lately.len());
    let busy: usize = (0..10).map(|it| of(&calls, it, 5 * HOUR)).sum();
    let quiet: usize = (10..400).map(|it| of(&calls, it, 5 * HOUR)).sum();
    assert!(busy / 10 > 8 * quiet / 390, "{} and {}", busy / 10, quiet / 390);
    assert!(quiet / 390 >= 2, "nobody is never asked: {}", quiet / 390);
}

#[test]
fn what_is_only_a_backup_costs_little() {
    let mut mixed = schedule(&[(1, Need::Backup), (2, Need::Routine)]);
    let calls = run(&mut mixed, 0, HOUR, |_, _| 1);
    assert!((29..=31).contains(&of(&calls, 1, 0)), "each 2 min");
    assert!((2..=3).contains(&of(&calls, 2, 0)), "each half hour");
}

#[test]
fn the_longest_wait_is_half_an_hour_as_long_as_a_quarter_of_the_budget_serves_that() {
    let check = |n: u32, longest: Millis| {
        let needs: Vec<_> = (0..n).map(|n| (n, Need::Served)).collect();
        let mut many = schedule(&needs);
        // A few are so busy that they could use all of it.
        let calls = run(&mut many, 0, 6 * HOUR, |source, _| 5 * usize::from(source < 30));
        let mut last = vec![HOUR; n as usize];
        for (at, source) in calls.into_iter().filter(|(at, _)| *at >= HOUR) {
            let waited = at - last[source as usize];
            assert!(waited <= longest, "of {n} sources {source} waited {waited} ms");
            last[source as usize] = at;
        }
    };
    check(400, 1_950 * SECOND);
    check(1_000, 4_600 * SECOND);
}

#[test]
fn a_source_that_fails_rests_longer_each_time_and_the_others_go_on() {
    let mut two = schedule(&[(1, Need::Served), (2, Need::Served)]);
    let (mut now, mut failed) = (0, Vec::new());
    while now < HOUR {
        match two.next(now) {
            Next::Ask(1) => {
                failed.push(now);
                two.failed(&1, Duration::from_secs(30), now);
            }
            Next::Ask(other) => two.answered(&other, 0, now),
            Next::Wait(until) => now = until,
            Next::Nothing => break,
        }
    }
    let gaps: Vec<_> = failed.windows(2).map(|it| (it[1] - it[0]) / SECOND).collect();
    assert!(gaps.windows(2).all(|it| it[0] <= it[1]) && gaps.len() <= 7 && gaps[gaps.len() - 1] > 900, "{gaps:?}");
}

#[test]
fn nobody_is_asked_while_it_is_held_and_what_was_put_back_comes_first() {
    let mut two = schedule(&[(1, Need::Served), (2, Need::Served)]);
    assert_eq!(two.next(0), Next::Ask(1));
    two.put_back(&1);
    two.hold(60 * SECOND);
    assert_eq!(two.held(10), Some(60 * SECOND));
    assert_eq!(two.next(10), Next::Wait(60 * SECOND));
    assert!(!two.squeeze_in(10));
    assert_eq!(two.next(60 * SECOND), Next::Ask(1), "as if it had not been asked");
    assert_eq!(two.held(60 * SECOND), None);
}

#[test]
fn whoever_brings_a_hundred_new_sources_again_and_again_does_not_starve_the_others() {
    let mut some = Schedule::new(Pace::default());
    let (mut now, mut calls, mut kept) = (0, Vec::new(), u32::MAX);
    while now < HOUR {
        let round = u32::try_from(now / (100 * SECOND)).unwrap();
        if round != kept {
            kept = round;
            let mut wanted = Wanted::default();
            wanted.wish(wisher("1@N01", Need::Served), [1]);
            wanted.wish(wisher("2@N01", Need::Served), (0..100).map(|it| 1_000 * (round + 1) + it));
            some.keep(wanted, now);
        }
        calls.extend(run(&mut some, now, now + SECOND, |_, _| 0));
        now += SECOND;
    }
    let asked = of(&calls, 1, 0);
    assert!(asked > 45, "each 40 s without the other: {asked}");
}

#[test]
fn what_strangers_alone_wait_for_takes_a_quarter_of_the_calls_at_most() {
    let mut wanted = Wanted::default();
    wanted.wish(wisher("1@N01", Need::Served), [1]);
    (100..400).for_each(|n| wanted.wish(wisher("guests", Need::Served), [n]));
    let mut some = Schedule::new(Pace::default());
    some.keep(wanted, 0);
    let calls = run(&mut some, 0, HOUR, |source, _| 9 * usize::from(source >= 100));
    let strangers = calls.iter().filter(|(_, it)| *it >= 100).count();
    assert!(strangers <= 3_300 / 4 + 5, "{strangers}");
    assert!(of(&calls, 1, 0) >= 80, "{}", of(&calls, 1, 0));
}

#[test]
fn an_account_with_many_busy_topics_does_not_drown_anothers_wall() {
    let mut wanted = Wanted::default();
    wanted.wish(wisher("1@N01", Need::Served), [1]);
    (100..200).for_each(|n| wanted.wish(wisher("2@N01", Need::Served), [n]));
    let mut some = Schedule::new(Pace::default());
    some.keep(wanted, 0);
    let calls =
        run(&mut some, 0, 2 * HOUR, |source, now| if source == 1 { usize::from(now % HOUR < 40 * SECOND) } else { 5 });
    let asked = of(&calls, 1, HOUR);
    assert!(asked >= 30, "each two minutes at least: {asked}");
}

#[test]
fn what_is_wished_no_longer_is_asked_no_longer_and_what_is_new_is_asked_at_once() {
    let mut some = schedule(&[(1, Need::Served)]);
    assert_eq!(some.next(0), Next::Ask(1));
    some.answered(&1, 0, 1);
    some.keep(wanted(&[(2, Need::Served)]), 10);
    assert_eq!((some.len(), some.next(1_090)), (1, Next::Ask(2)));
    some.keep(Wanted::default(), 20);
    assert!(some.is_empty());
    assert_eq!(some.next(HOUR), Next::Nothing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is wished and found: never a burst, never more than the hour allows, and everybody is asked.
    #[test]
    fn no_hour_ever_exceeds_the_budget(n in 1_u32..300, every in 1_usize..7, seed in 0_u64..1_000) {
        let needs: Vec<_> = (0..n).map(|it| (it, if it % 11 == 0 { Need::Backup } else { Need::Served })).collect();
        let mut some = schedule(&needs);
        let mut chance = seed;
        let calls = run(&mut some, 0, 2 * HOUR, |_, _| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::from(chance.rotate_left(31).is_multiple_of(every as u64))
        });
        prop_assert!(calls.windows(2).all(|it| it[1].0 - it[0].0 >= 1_090));
        for (at, _) in calls.iter().step_by(50) {
            let hour = calls.iter().filter(|(it, _)| (*at..*at + HOUR).contains(it)).count();
            prop_assert!(hour <= 3_600, "{hour}");
        }
        prop_assert!((0..n).all(|it| of(&calls, it, 0) > 0));
    }
}
