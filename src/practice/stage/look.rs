//! The page of the stage.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::play;
use super::said::Said;
use crate::hub::engine::{Interest, Pushed, Subscription};
use crate::hub::faults::Fault;
use crate::hub::people::{self, PEOPLE, Person};
use crate::hub::picture::{SERVER, Size};
use crate::hub::world::Photo;
use crate::practice::form;
use crate::practice::realm::Realm;

/// Photos on the page.
const PHOTOS: usize = 24;
/// POSTs on the page.
const PUSHES: usize = 40;
/// Subscriptions on the page: a trial with a thousand must not make a page that no browser likes.
const SUBSCRIPTIONS: usize = 100;

/// Who looks, and what is said to them.
#[derive(Debug, Deserialize)]
pub(super) struct Looking {
    #[serde(rename = "as")]
    who: Option<String>,
    said: Option<String>,
}

#[derive(Template)]
#[template(path = "practice_stage.html")]
struct StagePage<'a> {
    prefix: &'a str,
    home: &'a str,
    base: &'a str,
    me: &'static Person,
    people: &'static [Person],
    said: Option<Said>,
    photos: Vec<Shot>,
    pushes: Vec<Push>,
    subscriptions: Vec<Wish>,
    more_subscriptions: usize,
    contacts: Vec<&'static Person>,
    followers: Vec<&'static Person>,
    rate: f64,
    faults: Vec<(Fault, u32)>,
}

/// A photo, and what the one who looks can do with it.
struct Shot {
    id: u64,
    owner: &'static Person,
    title: String,
    tags: String,
    public: bool,
    faves: usize,
    mine: bool,
    faved: bool,
    image: String,
    width: u32,
    height: u32,
}

/// A POST.
struct Push {
    ago: String,
    who: String,
    what: String,
    host: String,
    entries: usize,
    outcome: String,
    good: bool,
}

/// A subscription.
struct Wish {
    name: String,
    who: String,
    what: String,
    host: String,
    state: String,
}

/// `GET /?as=nsid`
pub(super) async fn look(State(realm): State<Realm>, Query(looking): Query<Looking>) -> Response {
    let me = looking.who.as_deref().and_then(people::find).unwrap_or(&PEOPLE[0]);
    let now = realm.clock.now();
    let photos = play::newest(&realm, me, PHOTOS).into_iter().map(|photo| Shot::of(photo, me)).collect();
    let subscriptions = play::subscriptions(&realm);
    let left = realm.faults.left();
    let times = |fault| left.iter().find(|(it, _)| *it == fault).map_or(0, |(_, times)| *times);
    let page = StagePage {
        prefix: form::prefix(&realm.base),
        home: form::home(&realm.base),
        base: &realm.base,
        me,
        people: play::everybody(),
        said: looking.said.as_deref().and_then(Said::of),
        photos,
        pushes: realm.hub.pushed().into_iter().take(PUSHES).map(|it| Push::of(it, now)).collect(),
        more_subscriptions: subscriptions.len().saturating_sub(SUBSCRIPTIONS),
        subscriptions: subscriptions.into_iter().take(SUBSCRIPTIONS).map(|it| Wish::of(it, now)).collect(),
        contacts: people::contacts(me.nsid),
        followers: people::followers(me.nsid),
        rate: realm.pace.rate(),
        faults: Fault::ALL.into_iter().map(|fault| (fault, times(fault))).collect(),
    };
    form::page(StatusCode::OK, &page)
}

impl Shot {
    fn of(photo: Photo, me: &Person) -> Self {
        let picture = photo.picture();
        let (width, height) = picture.pixels(Size::Long320);
        Self {
            id: photo.id,
            owner: photo.owner,
            public: photo.public,
            faves: photo.faves.len(),
            mine: photo.owner == me,
            faved: photo.faves.iter().any(|fave| fave.fan == me),
            tags: photo.tags.join(" "),
            title: photo.title,
            image: format!("{SERVER}/{}", picture.file(Size::Long320)),
            width,
            height,
        }
    }
}

impl Push {
    fn of(pushed: Pushed, now: Timestamp) -> Self {
        Self {
            ago: ago(pushed.at, now),
            who: who(&pushed.account),
            what: what(&pushed.interest),
            host: pushed.host,
            entries: pushed.entries,
            good: pushed.outcome.starts_with('2'),
            outcome: pushed.outcome,
        }
    }
}

impl Wish {
    fn of((name, subscription): (String, Subscription), now: Timestamp) -> Self {
        let state = match (subscription.pending, subscription.lease) {
            (true, _) if subscription.verify_attempts > 0 => {
                format!("not verified, though asked {} times", subscription.verify_attempts)
            }
            (true, _) => "not verified yet".to_owned(),
            (false, None) => "renewed by itself".to_owned(),
            (false, Some(_)) => {
                format!("its lease ends in {}", span(subscription.expiry.duration_since(now).as_secs()))
            }
        };
        Self {
            name,
            who: who(&subscription.account),
            what: what(&subscription.interest),
            host: subscription.callback.origin().ascii_serialization(),
            state,
        }
    }
}

fn who(account: &str) -> String {
    people::find(account).map_or(account, |person| person.name).to_owned()
}

fn what(interest: &Interest) -> String {
    match interest {
        Interest::Everything | Interest::Group(_) => interest.name().to_owned(),
        Interest::Topic(topic) => topic.to_string(),
    }
}

fn ago(then: Timestamp, now: Timestamp) -> String {
    match now.duration_since(then).as_secs() {
        ..1 => "now".to_owned(),
        seconds => format!("{} ago", span(seconds)),
    }
}

/// Seconds as a person says them.
fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ ..100 => format!("{seconds} s"),
        seconds @ ..6_000 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_one_word_or_two() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        for (then, words) in [(1001, "now"), (1000, "now"), (999, "1 s ago"), (901, "99 s ago"), (820, "3 min ago")] {
            assert_eq!(ago(at(then), at(1000)), words);
        }
        assert_eq!((span(6_000), span(-5)), ("1 h".to_owned(), "0 s".to_owned()));
    }
}
