//! Which subscriptions a task concerns, without looking at all of them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::hub::engine::duty::Id;
use crate::hub::engine::grid::Grid;
use crate::hub::engine::subscription::Interest;
use crate::hub::task::Concerns;
use crate::topic::{Area, Kind, Topic};

/// The subscriptions under everything that a task may ask for.
#[derive(Debug, Default)]
pub(super) struct Index {
    everything: BTreeSet<Id>,
    accounts: HashMap<(Kind, String), BTreeSet<Id>>,
    tags: HashMap<String, BTreeSet<Id>>,
    institutions: HashMap<String, BTreeSet<Id>>,
    all_institutions: BTreeSet<Id>,
    woe_ids: HashMap<u32, BTreeSet<Id>>,
    place_ids: HashMap<String, BTreeSet<Id>>,
    circles: Grid,
    /// Everything that each subscriber has.
    subscribers: HashMap<String, BTreeSet<Id>>,
}

impl Index {
    /// From now on `id` is found by what `account` is interested in.
    pub(super) fn insert(&mut self, id: Id, account: &str, interest: &Interest) {
        enter(&mut self.subscribers, [account.to_owned()], id);
        let topic = match interest {
            Interest::Topic(topic) => topic,
            Interest::Everything => {
                self.everything.insert(id);
                return;
            }
            Interest::Group(_) => return,
        };
        match topic {
            Topic::Geo(Area::Woe(ids)) => enter(&mut self.woe_ids, ids.iter().copied(), id),
            Topic::Geo(Area::Places(ids)) => enter(&mut self.place_ids, ids.iter().cloned(), id),
            Topic::Geo(Area::Circle(circle)) => self.circles.insert(id, *circle),
            Topic::Commons(nsids) if nsids.is_empty() => {
                self.all_institutions.insert(id);
            }
            Topic::Commons(nsids) => enter(&mut self.institutions, nsids.iter().cloned(), id),
            Topic::Tags(tags) => enter(&mut self.tags, tags.iter().cloned(), id),
            personal => enter(&mut self.accounts, [(personal.kind(), account.to_owned())], id),
        }
    }

    /// What [`Self::insert`] did is undone.
    pub(super) fn remove(&mut self, id: Id, account: &str, interest: &Interest) {
        cross_out(&mut self.subscribers, [account.to_owned()], id);
        let topic = match interest {
            Interest::Topic(topic) => topic,
            Interest::Everything => {
                self.everything.remove(&id);
                return;
            }
            Interest::Group(_) => return,
        };
        match topic {
            Topic::Geo(Area::Woe(ids)) => cross_out(&mut self.woe_ids, ids.iter().copied(), id),
            Topic::Geo(Area::Places(ids)) => cross_out(&mut self.place_ids, ids.iter().cloned(), id),
            Topic::Geo(Area::Circle(_)) => self.circles.remove(id),
            Topic::Commons(nsids) if nsids.is_empty() => {
                self.all_institutions.remove(&id);
            }
            Topic::Commons(nsids) => cross_out(&mut self.institutions, nsids.iter().cloned(), id),
            Topic::Tags(tags) => cross_out(&mut self.tags, tags.iter().cloned(), id),
            personal => cross_out(&mut self.accounts, [(personal.kind(), account.to_owned())], id),
        }
    }

    /// The subscriptions that a task concerns, each once.
    pub(super) fn find(&self, concerns: &Concerns) -> BTreeSet<Id> {
        if !concerns.exactly.is_empty() {
            return concerns.exactly.iter().filter_map(|it| self.subscribers.get(it)).flatten().copied().collect();
        }
        let mut found = self.everything.clone();
        found.extend(concerns.accounts.iter().filter_map(|it| self.accounts.get(it)).flatten());
        found.extend(concerns.tags.iter().filter_map(|it| self.tags.get(it)).flatten());
        if let Some(institution) = &concerns.institution {
            found.extend(&self.all_institutions);
            found.extend(self.institutions.get(institution).into_iter().flatten());
        }
        if let Some(spot) = &concerns.spot {
            found.extend(spot.woe_ids.iter().filter_map(|it| self.woe_ids.get(it)).flatten());
            found.extend(spot.place_id.iter().filter_map(|it| self.place_ids.get(it)).flatten());
            found.extend(self.circles.find(spot));
        }
        found
    }
}

fn enter<K: Eq + Hash>(map: &mut HashMap<K, BTreeSet<Id>>, keys: impl IntoIterator<Item = K>, id: Id) {
    for key in keys {
        map.entry(key).or_default().insert(id);
    }
}

fn cross_out<K: Eq + Hash>(map: &mut HashMap<K, BTreeSet<Id>>, keys: impl IntoIterator<Item = K>, id: Id) {
    for key in keys {
        if let Some(ids) = map.get_mut(&key) {
            ids.remove(&id);
            if ids.is_empty() {
                map.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests;
