//! A wall, as its screens are told of it.

use serde::Serialize;

use crate::event_name::EventName;
use crate::store;
use crate::store::view::View as Stored;
use crate::topic::{Kind, Topic};

/// What a screen must know of its wall.
#[derive(Debug, PartialEq, Serialize)]
pub struct View {
    title: String,
    events: Vec<Shown>,
    hidden: Vec<String>,
    muted: Vec<Muted>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Shown {
    event: EventName,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

#[derive(Debug, PartialEq, Serialize)]
struct Muted {
    nsid: String,
    name: String,
}

impl View {
    /// What it is of.
    #[must_use]
    pub fn names(&self) -> Vec<EventName> {
        self.events.iter().map(|it| it.event.clone()).collect()
    }

    /// What is told of what is stored.
    #[must_use]
    pub fn of(view: Stored) -> Self {
        Self {
            title: view.title,
            events: view.events.into_iter().map(Shown::of).collect(),
            hidden: view.not_shown.hidden.into_iter().map(|it| it.photo).collect(),
            muted: view.not_shown.muted.into_iter().map(|it| Muted { nsid: it.nsid, name: it.name }).collect(),
        }
    }
}

impl Shown {
    fn of(it: store::view::Shown) -> Self {
        let store::view::Shown { event, topic, label } = it;
        Self {
            topic: topic.as_ref().map(|it| Kind::name(it.kind())),
            words: topic.as_ref().map(Topic::to_string),
            tags: match topic {
                Some(Topic::Tags(tags)) => Some(tags),
                _ => None,
            },
            event,
            label,
        }
    }
}
