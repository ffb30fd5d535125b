//! What the engine knows, and how one thing follows from another. Nothing here waits.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::hub::dice::Dice;
use crate::hub::engine::agenda::Agenda;
use crate::hub::engine::backoff::pause;
use crate::hub::engine::book::Book;
use crate::hub::engine::duty::Duty;
use crate::hub::engine::duty::Id;
use crate::hub::engine::flight::{Answer, Call, Job, Mishap, Post};
use crate::hub::engine::index::Index;
use crate::hub::engine::lanes::{Lanes, Speed};
use crate::hub::engine::lobby::Lobby;
use crate::hub::engine::mailbox::Element;
use crate::hub::engine::pushed::{Counts, Log, Pushed};
use crate::hub::engine::recent::Recent;
use crate::hub::engine::settings::Settings;
use crate::hub::engine::waiting::Waiting;
use crate::hub::faults::{Fault, Faults};
use crate::hub::task::Task;

/// All of it, behind one lock that is never held for long.
#[derive(Debug)]
pub(super) struct State {
    pub(super) settings: Settings,
    pub(super) faults: Faults,
    pub(super) dice: Dice,
    pub(super) waiting: Waiting,
    pub(super) book: Book,
    pub(super) index: Index,
    pub(super) agenda: Agenda,
    lanes: Lanes,
    /// Strangers have lanes of their own, so that they hold up nobody else.
    guest_lanes: Lanes,
    pub(super) lobby: Lobby,
    pub(super) recent: Recent,
    pub(super) counts: Counts,
    pub(super) log: Log,
}

impl State {
    pub(super) fn new(settings: Settings, faults: Faults, seed: u64) -> Self {
        Self {
            waiting: Waiting::new(settings.waiting),
            lanes: Lanes::new(settings.fast, settings.slow),
            guest_lanes: Lanes::new(settings.guests.fast, settings.guests.slow),
            lobby: Lobby::new(&settings.guests),
            recent: Recent::new(settings.recent),
            settings,
            faults,
            dice: Dice::new(seed),
            book: Book::default(),
            index: Index::default(),
            agenda: Agenda::default(),
            counts: Counts::default(),
            log: Log::default(),
        }
    }

    /// Something happened.
    pub(super) fn happened(&mut self, task: Task, now: Instant) {
        let cost = self.waiting.put(task, now + self.settings.delay);
        self.counts.swallowed += cost.swallowed;
        self.counts.dropped += cost.dropped;
    }

    /// Does all that is due, and returns the calls to make.
    pub(super) fn step(&mut self, now: Instant, wall: Timestamp) -> Vec<Job> {
        while let Some(task) = self.waiting.due(now) {
            self.hand_out(&task, now);
            self.recent.note(task);
        }
        while let Some(duty) = self.agenda.due(now) {
            let guest = self.book.get(duty.id()).is_some_and(|it| it.guest.is_some());
            if let Some(speed) = self.speed(duty) {
                self.lanes(guest).join(speed, duty);
            }
        }
        let mut jobs = Vec::new();
        for guest in [false, true] {
            while let Some((speed, duty)) = self.lanes(guest).next() {
                let call = match duty {
                    Duty::Push(id) => self.post(id, now, wall).map(Call::Post),
                    Duty::Ask(id) => self.question(id, duty, now).map(Call::Ask),
                    Duty::Lease(id) => self.renewal(id, duty, now).map(Call::Ask),
                };
                match call {
                    Some(call) => jobs.push(Job { duty, speed, guest, call }),
                    None => self.lanes(guest).release(speed),
                }
            }
        }
        jobs
    }

    /// The lanes of guests, or of everybody else.
    pub(super) fn lanes(&mut self, guest: bool) -> &mut Lanes {
        if guest { &mut self.guest_lanes } else { &mut self.lanes }
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Option<Instant> {
        self.waiting.next().into_iter().chain(self.agenda.next()).min()
    }

    /// The end of a subscription, whatever the reason: nothing is left of it.
    pub(super) fn remove(&mut self, id: Id) {
        let Some(record) = self.book.remove(id) else { return };
        self.index.remove(id, &record.account, &record.interest);
        for duty in [Duty::Push(id), Duty::Ask(id), Duty::Lease(id)] {
            self.agenda.cancel(duty);
        }
    }

    /// Puts a task into the queues of all whom it concerns.
    fn hand_out(&mut self, task: &Task, now: Instant) {
        for id in self.index.find(&task.concerns) {
            let Some(record) = self.book.get_mut(id) else { continue };
            let element = Element { photo: task.key.photo, xml: task.element.clone() };
            self.counts.dropped += u64::from(record.mail.put(element));
            if !record.mail.busy {
                self.schedule(id, now);
            }
        }
    }

    /// Enters the next delivery of a subscription into the agenda, if there is one. None may be under way.
    fn schedule(&mut self, id: Id, now: Instant) {
        let Some(record) = self.book.get_mut(id) else { return };
        record.mail.busy = false;
        if let Some(at) = record.mail.next(now) {
            self.agenda.set(Duty::Push(id), at);
        }
    }

    /// Which lane a duty belongs in; none when its subscription is gone, or the duty needs no call.
    fn speed(&mut self, duty: Duty) -> Option<Speed> {
        let slow_if = |it: bool| if it { Speed::Slow } else { Speed::Fast };
        match duty {
            Duty::Push(id) => {
                let mail = &mut self.book.get_mut(id)?.mail;
                mail.busy = true;
                Some(mail.speed)
            }
            Duty::Ask(id) => Some(slow_if(self.book.get(id)?.wish.as_ref()?.attempts > 0)),
            Duty::Lease(id) => {
                let record = self.book.get(id)?;
                if record.lease.is_some() {
                    self.expire(id);
                    return None;
                }
                Some(slow_if(record.renewals > 0))
            }
        }
    }

    /// The next delivery of a subscription.
    fn post(&mut self, id: Id, now: Instant, wall: Timestamp) -> Option<Post> {
        let Self { settings, faults, book, .. } = self;
        let record = book.get_mut(id)?;
        let mail = &mut record.mail;
        let elements = mail.gather(settings.bundle, now).to_vec();
        let mut mishap = None;
        if !elements.is_empty() && !mail.spared {
            mail.spared = true;
            if faults.strike(Fault::Lost) {
                mail.spend(now);
                let outcome = "never sent, on purpose".to_owned();
                let size = mail.accepted();
                self.count_accepted(size);
                self.note(id, &elements, outcome, wall);
                self.schedule(id, now);
                return None;
            }
            if mail.is_in_order() && faults.strike(Fault::OutOfOrder) {
                mail.set_aside(now + settings.aside);
                self.schedule(id, now);
                return None;
            }
            if faults.strike(Fault::Late) {
                mail.hold(settings.late, now);
                self.schedule(id, now);
                return None;
            }
            if faults.strike(Fault::Malformed) {
                mishap = Some(Mishap::Malformed);
            } else if faults.strike(Fault::Doubled) {
                mishap = Some(Mishap::Doubled);
            }
        }
        if elements.is_empty() {
            self.schedule(id, now);
            return None;
        }
        if faults.strike(Fault::Garbled) {
            mishap = Some(Mishap::Garbled);
        }
        mail.spend(now);
        let (callback, title, guest) = (record.callback.clone(), record.interest.title(), record.guest.clone());
        Some(Post { callback, title, elements, mishap, guest })
    }

    /// A delivery was answered: `posts` says how, one for each POST; `answer` is what counts.
    pub(super) fn posted(
        &mut self,
        id: Id,
        post: &Post,
        posts: Vec<String>,
        answer: &Answer,
        took: Duration,
        wall: Timestamp,
    ) {
        for outcome in posts {
            self.note(id, &post.elements, outcome, wall);
        }
        let now = Instant::now();
        let Some(record) = self.book.get_mut(id) else { return };
        match answer {
            Answer::Accepted => {
                record.mail.speed = if took > self.settings.slow_after { Speed::Slow } else { Speed::Fast };
                let size = record.mail.accepted();
                self.count_accepted(size);
            }
            Answer::Gone => {
                info!(
                    account = record.account,
                    host = record.host(),
                    "hub: a callback answered 410, its subscription is over"
                );
                self.counts.failed += 1;
                self.remove(id);
            }
            Answer::Refused(why) => {
                record.mail.failures += 1;
                let Settings { retry, retry_most, patience, .. } = self.settings;
                let pause = pause(retry, retry_most, record.mail.failures, &mut self.dice);
                let dropped = record.mail.refused(pause, patience, now);
                let (account, host, retry_ms) = (&record.account, record.host(), pause.as_millis());
                warn!(account, host, why, dropped, retry_ms, "hub: a delivery was not accepted");
                self.counts.failed += 1;
                self.counts.dropped += u64::try_from(dropped).unwrap_or(0);
                // Who asks anew meanwhile is alive.
                if dropped > 0 && record.guest.is_some() && record.wish.is_none() {
                    self.dismiss(id, "no delivery was accepted for too long", now);
                    return;
                }
            }
        }
        self.schedule(id, now);
    }

    fn count_accepted(&mut self, elements: usize) {
        self.counts.deliveries += 1;
        self.counts.entries += u64::try_from(elements).unwrap_or(0);
    }

    fn note(&mut self, id: Id, elements: &[Element], outcome: String, at: Timestamp) {
        let Some(record) = self.book.get(id) else { return };
        self.log.add(Pushed {
            at,
            account: record.account.clone(),
            interest: record.interest.clone(),
            host: record.host(),
            photos: elements.iter().map(|it| it.photo).collect(),
            entries: elements.len(),
            outcome,
        });
    }
}
