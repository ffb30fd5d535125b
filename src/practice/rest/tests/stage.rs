//! A realm for tests, and calls in it.

use jiff::Timestamp;
use serde_json::Value;

use super::super::{Answer, answer};
use crate::clock::Clock;
use crate::hub::endpoint;
use crate::hub::engine::{Hub, Settings};
use crate::hub::faults::Faults;
use crate::hub::people::Person;
use crate::hub::world::World;
use crate::practice::caller::{Caller, Perms};
use crate::practice::pace::Pace;
use crate::practice::realm::Realm;

pub(in crate::practice) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a literal")
}

/// A realm at noon, with so many photos of the hour before.
pub(in crate::practice) fn realm(uploads: u32) -> Realm {
    let clock = Clock::still(noon(), 1);
    let client = endpoint::client().expect("a client");
    let hub = Hub::new(Settings::default(), client, clock.clone(), Faults::default(), 1);
    let mut world = World::new(1, "http://practice.test".to_owned());
    world.uploads(uploads, noon());
    Realm::new("http://practice.test", clock, world, hub, Pace::new(0.0))
}

pub(super) fn caller(person: &Person, perms: Perms) -> Caller {
    Caller { nsid: person.nsid.to_owned(), perms }
}

/// A call with a key and `format=json`, as a query.
pub(super) async fn call(realm: &Realm, caller: Option<&Caller>, query: &str) -> Answer {
    let query = format!("api_key=k&format=json&{query}");
    let arguments: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    answer(realm, caller, &arguments).await
}

/// The answer of a call that succeeds.
pub(super) async fn ok(realm: &Realm, caller: Option<&Caller>, query: &str) -> Value {
    match call(realm, caller, query).await {
        Answer::Ok(value) => value,
        other => panic!("{query}: {other:?}"),
    }
}

/// The number with which a call fails; 0 when it does not.
pub(super) async fn code(realm: &Realm, caller: Option<&Caller>, query: &str) -> u32 {
    match call(realm, caller, query).await {
        Answer::Ok(_) => 0,
        Answer::Fail(fail) => fail.code,
        Answer::Down => 503,
    }
}
