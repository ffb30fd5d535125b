//! The one thread that writes the history, many deliveries in one commit.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::bus::channels::Channels;
use crate::bus::row::Row;
use crate::bus::table::Table;
use crate::bus::{BusError, Published};
use crate::event_name::EventName;

/// How many deliveries wait for the writer; the next one waits for its turn, and its hub with it.
const QUEUE: usize = 1024;
/// How many events share one commit, and reach the listeners at one go: no more than an inbox takes easily.
const GROUP: usize = 512;

/// One delivery on its way to the history.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) name: EventName,
    pub(super) rows: Vec<Row>,
    pub(super) done: oneshot::Sender<Result<Published, BusError>>,
}

/// The way to the thread. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Message>,
    state: Arc<State>,
}

#[derive(Debug)]
enum Message {
    Job(Job),
    /// Deletes the history of these names.
    Forget(Vec<EventName>, oneshot::Sender<rusqlite::Result<()>>),
    /// Asks whether the history can be written.
    Probe(oneshot::Sender<bool>),
    Stop,
}

#[derive(Debug, Default)]
struct State {
    last_commit_failed: AtomicBool,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

/// Starts the thread.
pub(super) fn start(table: Table, channels: Channels) -> Writer {
    let (jobs, queue) = mpsc::channel(QUEUE);
    let state = Arc::new(State::default());
    let thread = std::thread::spawn({
        let state = state.clone();
        move || run(queue, table, &channels, &state.last_commit_failed)
    });
    if let Ok(mut slot) = state.thread.lock() {
        *slot = Some(thread);
    }
    Writer { jobs, state }
}

impl Writer {
    pub(super) async fn send(&self, job: Job) -> Result<(), BusError> {
        self.jobs.send(Message::Job(job)).await.map_err(|_| BusError::Closed)
    }

    pub(super) async fn forget(
        &self,
        names: Vec<EventName>,
        done: oneshot::Sender<rusqlite::Result<()>>,
    ) -> Result<(), BusError> {
        self.jobs.send(Message::Forget(names, done)).await.map_err(|_| BusError::Closed)
    }

    /// Whether the last commit worked, or a new one does.
    pub(super) async fn works(&self) -> bool {
        if !self.state.last_commit_failed.load(Ordering::Relaxed) {
            return !self.jobs.is_closed();
        }
        let (answer, works) = oneshot::channel();
        self.jobs.send(Message::Probe(answer)).await.is_ok() && works.await.unwrap_or(false)
    }

    pub(super) async fn close(&self) {
        let _ = self.jobs.send(Message::Stop).await;
        let thread = self.state.thread.lock().ok().and_then(|mut it| it.take());
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

fn run(mut queue: mpsc::Receiver<Message>, mut table: Table, channels: &Channels, last_commit_failed: &AtomicBool) {
    let mut stop = false;
    while !stop {
        let Some(first) = queue.blocking_recv() else { break };
        let (mut group, mut probes, mut forgets, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Job(job) => {
                    rows += job.rows.len();
                    group.push(job);
                }
                Message::Forget(names, done) => forgets.push((names, done)),
                Message::Probe(answer) => probes.push(answer),
                Message::Stop => {
                    // What was sent before is written; what comes later is refused.
                    stop = true;
                    queue.close();
                }
            }
            next = if rows < GROUP { queue.try_recv().ok() } else { None };
        }
        if !group.is_empty() {
            write(&mut table, channels, group, last_commit_failed);
        }
        for (names, done) in forgets {
            let _ = done.send(table.forget(&names));
        }
        if !probes.is_empty() {
            let works = table.commit(|appender| appender.touch()).is_ok();
            last_commit_failed.store(!works, Ordering::Relaxed);
            for answer in probes {
                let _ = answer.send(works);
            }
        }
    }
}

/// Commits the group, then hands it out, then tells the hubs. Whether it worked is known before any of them is told.
fn write(table: &mut Table, channels: &Channels, group: Vec<Job>, failed: &AtomicBool) {
    let committed = table.commit(|appender| {
        group.iter().map(|job| appender.append(&job.name, &job.rows)).collect::<Result<Vec<_>, _>>()
    });
    failed.store(committed.is_err(), Ordering::Relaxed);
    match committed {
        Ok(batches) => {
            for (job, (fresh, photos)) in group.into_iter().zip(batches) {
                let repeats = job.rows.len() - fresh.len();
                let listeners = if fresh.is_empty() { 0 } else { channels.hand_out(&fresh) };
                let published = Published { photos, repeats, listeners };
                // A hub that has hung up meanwhile will send again, and we will drop the repeat.
                let _ = job.done.send(Ok(published));
            }
        }
        Err(cause) => {
            let cause = Arc::new(cause);
            for job in group {
                let _ = job.done.send(Err(BusError::Write(cause.clone())));
            }
        }
    }
}
