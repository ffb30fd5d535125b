use jiff::SignedDuration;

use super::*;
use crate::store::Serving;
use crate::store::subscription::Standing;
use crate::topic::Topic;

const AUTO: FlickrHub = FlickrHub::Auto;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn decide(hub: FlickrHub, standing: Standing, serving: Serving, now: i64) -> Choice {
    let it = Subscription {
        event: "1@N01-my_faves".parse().unwrap(),
        account: "1@N01".into(),
        topic: Topic::MyFaves,
        label: String::new(),
        created_at: at(0),
        wanted: true,
        standing,
        serving,
        watched_at: None,
        verified_at: None,
        last_delivery_at: None,
        deliveries: 0,
        events: 0,
    };
    let rhythm = Rhythm { silence: SignedDuration::from_secs(180), ..Rhythm::default() };
    choose(hub, &it, at(now), &rhythm)
}

fn asked() -> Standing {
    Standing { asked_at: Some(at(0)), ..Standing::default() }
}

fn confirmed() -> Standing {
    Standing { confirmed_at: Some(at(0)), ..asked() }
}

fn bridged(why: &str) -> Serving {
    Serving { bridged_at: Some(at(100)), why: Some(why.into()), ..Serving::default() }
}

fn is_bridge(choice: &Choice, word: &str) -> bool {
    matches!(choice, Choice::Bridge(why) if why.contains(word))
}

#[test]
fn the_push_comes_first_and_is_given_a_minute_to_verify() {
    assert_eq!(decide(AUTO, Standing::default(), Serving::default(), 0), Choice::Stays(None));
    assert_eq!(decide(AUTO, asked(), Serving::default(), 59), Choice::Stays(Some(at(60))));
    assert!(is_bridge(&decide(AUTO, asked(), Serving::default(), 60), "called back"));
    assert_eq!(decide(AUTO, confirmed(), Serving::default(), 10_000), Choice::Stays(None));
    let troubled = Standing { trouble: Some("Flickr is out of order.".into()), ..asked() };
    assert_eq!(decide(AUTO, troubled, Serving::default(), 10_000), Choice::Stays(None), "the failure itself decided");
}

#[test]
fn the_bridge_takes_over_when_the_push_is_silent_about_what_it_found() {
    let missed = Serving { missed_at: Some(at(500)), noticed_at: Some(at(520)), ..Serving::default() };
    assert_eq!(decide(AUTO, confirmed(), missed.clone(), 699), Choice::Stays(Some(at(700))));
    assert!(is_bridge(&decide(AUTO, confirmed(), missed.clone(), 700), "brought nothing"));
    let late = Serving { pushed_at: Some(at(510)), ..missed.clone() };
    assert_eq!(decide(AUTO, confirmed(), late, 10_000), Choice::Stays(None), "the push brought it, or what came after");
    let before = Serving { pushed_at: Some(at(499)), ..missed };
    assert!(is_bridge(&decide(AUTO, confirmed(), before, 700), "brought nothing"));
}

#[test]
fn the_push_serves_again_with_its_first_delivery() {
    let silent = bridged("It is silent.");
    assert_eq!(decide(AUTO, confirmed(), silent.clone(), 1_000), Choice::Stays(None), "to be subscribed is not enough");
    let before = Serving { pushed_at: Some(at(99)), ..silent.clone() };
    assert_eq!(decide(AUTO, confirmed(), before, 1_000), Choice::Stays(None));
    let lives = Serving { pushed_at: Some(at(101)), ..silent };
    assert_eq!(decide(AUTO, confirmed(), lives.clone(), 1_000), Choice::Push);
    assert_eq!(decide(AUTO, asked(), lives, 1_000), Choice::Stays(None), "it must be subscribed too");
}

#[test]
fn what_the_configuration_says_is_done_whatever_stood_there() {
    assert!(is_bridge(&decide(FlickrHub::Bridge, confirmed(), Serving::default(), 0), "FLICKR_HUB"));
    assert_eq!(decide(FlickrHub::Bridge, confirmed(), bridged("x"), 0), Choice::Stays(None));
    assert_eq!(decide(FlickrHub::Flickr, asked(), bridged("x"), 0), Choice::Push);
    assert_eq!(decide(FlickrHub::Flickr, asked(), Serving::default(), 10_000), Choice::Stays(None));
    assert_eq!(decide(AUTO, Standing::default(), bridged(CHOSEN), 0), Choice::Push);
}

#[test]
fn only_what_the_push_alone_cannot_do_is_a_reason_to_move() {
    let failed = |code| FlickrError::Failed { method: "flickr.push.subscribe", code, message: String::new() };
    for code in [2, 3, 4, 5, 6, 105, 106, 112] {
        assert!(moves(&failed(code)), "{code}");
    }
    for code in [95, 96, 97, 98, 99, 100] {
        assert!(!moves(&failed(code)), "{code}: nothing of Flickr's works then");
    }
    assert!(moves(&FlickrError::Status { status: 504, retry_after: None }));
    assert!(!moves(&FlickrError::Status { status: 429, retry_after: None }));
    assert!(!moves(&FlickrError::BudgetUsedUp { again_in: Default::default() }));
}
