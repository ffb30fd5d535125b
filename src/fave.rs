//! The fave test: somebody faves a photo on purpose, and a stopwatch follows it from hop to hop.
//!
//! [`trace`] is one fave on its way, a pure function of what the delivery log tells; here is the registry of those that
//! run and ran. Who faves, and what is waited for, is [`crate::web::debug::fave`]'s.

pub mod trace;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::delivery_log::Scope;
pub use trace::{Around, Hop, Stand, Trace};

/// Tests that are kept: of all viewers together.
const KEPT: usize = 50;
/// Tests that run at one time; each changes something at Flickr.
const RUNNING: usize = 4;

/// The tests that run and ran. Cheap to clone; all clones are one. It ends with the process.
#[derive(Debug, Clone, Default)]
pub struct Faves(Arc<Mutex<Tests>>);

#[derive(Debug, Default)]
struct Tests {
    last: u64,
    all: VecDeque<(u64, Scope, Test)>,
}

/// One test.
#[derive(Debug, Clone)]
pub struct Test {
    /// Who faves.
    pub who: String,
    /// What is heard: the subscription, in words.
    pub heard: String,
    /// The title of the photo, once it is known.
    pub title: Option<String>,
    /// How far it has come.
    pub trace: Trace,
    /// What became of cleaning up, once it is done.
    pub cleaned: Option<String>,
}

/// A test in words, for pages and other processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its number.
    pub id: u64,
    /// Whether all is over, the cleaning up too.
    pub over: bool,
    /// Whether it came all the way.
    pub well: bool,
    /// What is done, in a sentence.
    pub doing: String,
    /// The hops, in order.
    pub hops: Vec<HopTold>,
    /// How it ended, in a sentence; empty while it runs.
    pub summary: String,
    /// What became of cleaning up; empty while it is not done.
    pub cleaned: String,
    /// The record of the delivery, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
}

/// A hop in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopTold {
    /// Its name.
    pub name: String,
    /// `waiting`, `came`, `missing` or `skipped`.
    pub stand: String,
    /// When it came by: `+0.42 s`; empty otherwise.
    pub time: String,
    /// What is known of it, or what is wrong.
    pub said: String,
    /// Of a missing one, what that usually means.
    pub usually: String,
}

impl Faves {
    /// Takes in a test that begins; its number. `None` when enough are running, or one of this viewer's is.
    pub fn begin(&self, scope: &Scope, test: Test) -> Option<u64> {
        let mut tests = self.lock();
        let runs = |it: &&(u64, Scope, Test)| it.2.cleaned.is_none();
        let mine = tests.all.iter().filter(runs).any(|(_, owner, _)| owner == scope);
        if mine || tests.all.iter().filter(runs).count() >= RUNNING {
            return None;
        }
        tests.last += 1;
        let id = tests.last;
        tests.all.push_back((id, scope.clone(), test));
        while tests.all.len() > KEPT {
            tests.all.pop_front();
        }
        Some(id)
    }

    /// Changes a test.
    pub fn change<T>(&self, id: u64, change: impl FnOnce(&mut Test) -> T) -> Option<T> {
        let mut tests = self.lock();
        tests.all.iter_mut().find(|(it, _, _)| *it == id).map(|(_, _, test)| change(test))
    }

    /// The test of this number, if it is this viewer's.
    #[must_use]
    pub fn get(&self, scope: &Scope, id: u64) -> Option<Told> {
        let tests = self.lock();
        let mine = |it: &&(u64, Scope, Test)| it.0 == id && (it.1 == *scope || *scope == Scope::Everything);
        tests.all.iter().find(mine).map(|(id, _, test)| test.told(*id))
    }

    /// The newest test of this viewer's.
    #[must_use]
    pub fn newest(&self, scope: &Scope) -> Option<Told> {
        let tests = self.lock();
        tests.all.iter().rev().find(|it| it.1 == *scope).map(|(id, _, test)| test.told(*id))
    }

    fn lock(&self) -> MutexGuard<'_, Tests> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Test {
    /// In words.
    #[must_use]
    pub fn told(&self, id: u64) -> Told {
        let hops = self.trace.stands().map(|(hop, stand)| HopTold::of(hop, stand)).collect();
        let what = self.title.as_ref().map_or_else(|| "a photo".into(), |it| format!("“{it}”"));
        let summary = match (self.trace.total_ms(), self.trace.next()) {
            (Some(ms), _) => format!("It came all the way in {}.", time(ms)),
            (None, Some(hop)) if self.trace.is_over() => format!("Missing: {}.", hop.name()),
            _ => String::new(),
        };
        Told {
            id,
            over: self.trace.is_over() && self.cleaned.is_some(),
            well: self.trace.is_well(),
            doing: format!("{} faves {what}; it must arrive as an event of {}.", self.who, self.heard),
            hops,
            summary,
            cleaned: self.cleaned.clone().unwrap_or_default(),
            record: self.trace.record(),
        }
    }
}

impl Told {
    /// No test yet: its hops wait.
    #[must_use]
    pub fn blank() -> Self {
        let hops = Hop::ALL.map(|hop| HopTold::of(hop, &Stand::Waiting)).to_vec();
        let empty = String::new;
        let (doing, summary, cleaned) = (empty(), empty(), empty());
        Self { id: 0, over: true, well: false, doing, hops, summary, cleaned, record: None }
    }
}

impl HopTold {
    fn of(hop: Hop, stand: &Stand) -> Self {
        let empty = String::new;
        let (word, time, said, usually) = match stand {
            Stand::Waiting => ("waiting", empty(), empty(), empty()),
            Stand::Came { ms, detail } => ("came", format!("+{}", time(*ms)), detail.clone(), empty()),
            Stand::Missing { why, usually } => ("missing", empty(), why.clone(), usually.clone()),
            Stand::NotReached => ("skipped", empty(), empty(), empty()),
        };
        Self { name: hop.name().into(), stand: word.into(), time, said, usually }
    }
}

/// Milliseconds as a stopwatch shows them: `0.42 s`.
fn time(ms: i64) -> String {
    format!("{}.{:02} s", ms / 1_000, ms % 1_000 / 10)
}
