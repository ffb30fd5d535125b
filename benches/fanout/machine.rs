//! Processes, cores, CPU time and memory.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

pub(crate) type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// Where the server runs, and where the clients.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Core {
    Server,
    Clients,
}

/// Runs this process, and what it starts from now on, on one core; says whether there are two.
pub(crate) fn pin(core: Core) -> bool {
    static ALL: std::sync::OnceLock<Vec<usize>> = std::sync::OnceLock::new();
    let all = ALL.get_or_init(|| {
        let set = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
        (0..CpuSet::MAX_CPU).filter(|it| set.is_set(*it)).collect()
    });
    let [first, second, ..] = all[..] else { return false };
    let mut set = CpuSet::new();
    set.set(if matches!(core, Core::Server) { first } else { second });
    sched_setaffinity(None, &set).is_ok()
}

/// A process of ours with its folder, ended when it is dropped.
pub(crate) struct Process {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Process {
    /// Starts `command` on the server's core.
    pub(crate) fn start(mut command: Command, folder: tempfile::TempDir) -> Fallible<Self> {
        pin(Core::Server);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        pin(Core::Clients);
        Ok(Self { child: child?, _folder: folder })
    }

    pub(crate) fn stderr(&mut self) -> Option<std::process::ChildStderr> {
        self.child.stderr.take()
    }

    /// It and its children.
    fn ids(&self) -> Vec<u32> {
        let mut ids = vec![self.child.id()];
        let mut at = 0;
        while at < ids.len() {
            for task in tasks(ids[at]) {
                let children =
                    fs::read_to_string(format!("/proc/{}/task/{task}/children", ids[at])).unwrap_or_default();
                ids.extend(children.split_whitespace().filter_map(|it| it.parse::<u32>().ok()));
            }
            at += 1;
        }
        ids
    }

    /// What each of its threads has run so far.
    pub(crate) fn cpu(&self) -> Cpu {
        let each = self.ids().into_iter().flat_map(|id| tasks(id).into_iter().map(move |task| (id, task)));
        let of = |(id, task): (u32, u32)| {
            let stat = fs::read_to_string(format!("/proc/{id}/task/{task}/schedstat")).ok()?;
            Some((task, Duration::from_nanos(stat.split(' ').next()?.parse().ok()?)))
        };
        Cpu(each.filter_map(of).collect())
    }

    /// Bytes of its memory that are not shared with others.
    pub(crate) fn memory(&self) -> u64 {
        let of = |id| {
            let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
            let line = text.lines().find_map(|it| it.strip_prefix("Pss:"));
            line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
        };
        self.ids().into_iter().map(of).sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tasks(id: u32) -> Vec<u32> {
    let all = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    all.filter_map(|it| it.file_name().to_str()?.parse().ok()).collect()
}

/// CPU time by thread: one that ends takes its own out, and nothing of the others.
pub(crate) struct Cpu(HashMap<u32, Duration>);

impl Cpu {
    /// What was run since `before`.
    pub(crate) fn since(&self, before: &Self) -> Duration {
        let of = |(task, now): (&u32, &Duration)| now.saturating_sub(before.0.get(task).copied().unwrap_or_default());
        self.0.iter().map(of).sum()
    }
}

/// CPU time of this process so far.
pub(crate) fn own_cpu() -> Duration {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(0))
}
