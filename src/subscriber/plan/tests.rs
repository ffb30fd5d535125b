use super::*;
use crate::store::subscription::Standing;
use crate::topic::Topic;
use proptest::prelude::*;

const ME: &str = "1@N01";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn subscription(tag: &str, standing: Standing) -> Subscription {
    let topic = Topic::tags([tag]).unwrap();
    Subscription {
        event: topic.event_name(ME).unwrap(),
        account: ME.into(),
        topic,
        label: String::new(),
        created_at: at(0),
        wanted: true,
        standing,
        serving: Default::default(),
        watched_at: None,
        verified_at: None,
        last_delivery_at: None,
        deliveries: 0,
        events: 0,
    }
}

struct World {
    subscriptions: Vec<Subscription>,
    watched: bool,
    permitted: bool,
    check_at: Option<Timestamp>,
}

impl World {
    fn of(subscription: Subscription) -> Self {
        Self { subscriptions: vec![subscription], watched: true, permitted: true, check_at: Some(at(3600)) }
    }

    fn plan(&self, now: i64) -> Plan {
        let watched = self.subscriptions.iter().filter(|_| self.watched).map(|it| it.event.clone()).collect();
        let view = View {
            now: at(now),
            hub: FlickrHub::Flickr,
            subscriptions: &self.subscriptions,
            watched: &watched,
            permitted: &HashSet::from_iter(self.permitted.then(|| ME.to_owned())),
            check_at: &self.check_at.map(|it| (ME.to_owned(), it)).into_iter().collect(),
        };
        plan(&view, &Rhythm::default())
    }
}

fn confirmed() -> Standing {
    Standing { asked_at: Some(at(0)), confirmed_at: Some(at(0)), ..Standing::default() }
}

const DAY: i64 = 24 * 3600;

#[test]
fn what_is_wanted_and_missing_is_subscribed() {
    let world = World::of(subscription("cat", Standing::default()));
    let event = world.subscriptions[0].event.clone();
    assert_eq!(world.plan(0), Plan { steps: vec![Step::Subscribe(event)], next: None });
    assert_eq!(
        World { watched: false, ..World::of(subscription("cat", Standing::default())) }.plan(0),
        Plan::default()
    );
    assert_eq!(
        World { permitted: false, ..World::of(subscription("cat", Standing::default())) }.plan(0),
        Plan::default()
    );
}

#[test]
fn a_failure_is_tried_again_at_its_time_and_a_lasting_one_never() {
    let failed = Standing { trouble: Some("503".into()), failures: 2, retry_at: Some(at(30)), ..Standing::default() };
    let world = World::of(subscription("cat", failed.clone()));
    assert_eq!(world.plan(29), Plan { steps: vec![], next: Some(at(30)) });
    assert_eq!(world.plan(30).steps.len(), 1);
    let world = World::of(subscription("cat", Standing { lasting: true, ..failed }));
    assert_eq!(world.plan(1000), Plan::default());
}

#[test]
fn a_subscription_that_was_silent_for_longer_than_a_lease_is_dead() {
    let mut world = World::of(subscription("cat", confirmed()));
    // The checks come and go.
    let plan = |world: &mut World, now: i64| {
        world.check_at = Some(at(now + 3600));
        world.plan(now)
    };
    assert_eq!(plan(&mut world, DAY).steps, []);
    assert_eq!(plan(&mut world, DAY + 300).steps.len(), 1, "no sign for a day and five minutes");
    world.subscriptions[0].last_delivery_at = Some(at(1000));
    assert_eq!(plan(&mut world, DAY + 300).steps, [], "a delivery is a sign");
    world.subscriptions[0].verified_at = Some(at(DAY));
    assert_eq!(
        plan(&mut world, 2 * DAY + 299),
        Plan { steps: vec![], next: Some(at(2 * DAY + 300)) },
        "so is a renewal"
    );
}

#[test]
fn what_was_planned_by_a_clock_that_was_wrong_is_due_at_once() {
    let failed = Standing { trouble: Some("503".into()), retry_at: Some(at(400 * DAY)), ..Standing::default() };
    assert_eq!(World::of(subscription("cat", failed)).plan(0).steps.len(), 1);
}

#[test]
fn who_sleeps_wakes_with_the_first_watcher() {
    let asleep = Standing { asleep_at: Some(at(10)), ..confirmed() };
    let mut world = World { watched: false, ..World::of(subscription("cat", asleep)) };
    assert_eq!(world.plan(20), Plan::default());
    world.watched = true;
    assert_eq!(world.plan(20).steps, [Step::Subscribe(world.subscriptions[0].event.clone())]);
}

#[test]
fn a_hub_that_was_asked_has_a_minute_to_verify() {
    let asked = Standing { asked_at: Some(at(0)), ..Standing::default() };
    let world = World::of(subscription("cat", asked));
    assert_eq!(world.plan(59), Plan { steps: vec![], next: Some(at(60)) });
    assert_eq!(world.plan(60).steps.len(), 1);
}

#[test]
fn an_account_of_which_something_is_watched_is_checked_in_time_and_at_once_after_a_start() {
    let mut world = World::of(subscription("cat", confirmed()));
    world.check_at = Some(at(600));
    assert_eq!(world.plan(599), Plan { steps: vec![], next: Some(at(600)) });
    assert_eq!(world.plan(600).steps, [Step::Check(ME.into())]);
    world.check_at = None;
    assert_eq!(world.plan(0).steps, [Step::Check(ME.into())]);
    world.watched = false;
    assert_eq!(world.plan(0), Plan::default(), "nobody watches: no call is spent");
}

#[test]
fn what_has_ended_is_told_to_the_hub_and_in_the_end_let_be() {
    let ended = |standing| Subscription { wanted: false, ..subscription("cat", standing) };
    let event = ended(confirmed()).event;
    assert_eq!(World::of(ended(confirmed())).plan(0).steps, [Step::Unsubscribe(event.clone())]);
    for world in [
        World::of(ended(Standing::default())),
        World::of(ended(Standing { failures: 8, ..confirmed() })),
        World::of(ended(Standing { lasting: true, ..confirmed() })),
        World { permitted: false, ..World::of(ended(confirmed())) },
    ] {
        assert_eq!(world.plan(0).steps, [Step::Remove(event.clone())]);
    }
    let later = Standing { failures: 1, retry_at: Some(at(9)), ..confirmed() };
    assert_eq!(World { watched: false, ..World::of(ended(later)) }.plan(0), Plan { steps: vec![], next: Some(at(9)) });
}

fn any_moment() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of((-200_000..80_000_i64).prop_map(at))
}

prop_compose! {
    fn any_standing()(
        moments in [any_moment(), any_moment(), any_moment(), any_moment(), any_moment()],
        trouble in any::<bool>(), lasting in any::<bool>(), failures in 0..12_u32,
    ) -> Standing {
        let [asked_at, confirmed_at, expires_at, asleep_at, retry_at] = moments;
        let trouble = trouble.then(|| "trouble".into());
        Standing { asked_at, confirmed_at, expires_at, asleep_at, trouble, lasting, failures, retry_at }
    }
}

proptest! {
    #[test]
    fn nothing_is_planned_twice_nor_for_what_may_not_be_asked(
        standings in prop::collection::vec((any_standing(), any::<bool>()), 1..6),
        watched in any::<bool>(), permitted in any::<bool>(), check_at in any_moment(),
    ) {
        let subscriptions = standings.into_iter().enumerate().map(|(n, (standing, wanted))| {
            Subscription { wanted, ..subscription(&format!("t{n}"), standing) }
        });
        let world = World { subscriptions: subscriptions.collect(), watched, permitted, check_at };
        let plan = world.plan(0);
        let distinct: HashSet<_> = plan.steps.iter().collect();
        prop_assert_eq!(distinct.len(), plan.steps.len());
        let calls = plan.steps.iter().any(|it| !matches!(it, Step::Remove(_)));
        prop_assert!(permitted || !calls, "without a permission no call is made");
        prop_assert!(plan.next.is_none_or(|it| it > at(0)), "the next look lies ahead");
        for it in &world.subscriptions {
            let subscribes = plan.steps.contains(&Step::Subscribe(it.event.clone()));
            prop_assert!(!subscribes || (it.wanted && watched && !it.standing.lasting));
            prop_assert!(!subscribes || it.standing.retry_at.is_none_or(|retry| retry <= at(0)));
        }
    }

    #[test]
    fn pauses_grow_up_to_their_bound(failures in 1..40_u32, chance in 0.0..1.0) {
        let rhythm = Rhythm::default();
        let pause = rhythm.pause(failures, chance);
        prop_assert!(pause >= rhythm.first_pause.mul_f64(0.74) && pause <= rhythm.longest_pause.mul_f64(1.26));
        prop_assert!(rhythm.pause(failures + 1, chance) >= pause);
    }
}
