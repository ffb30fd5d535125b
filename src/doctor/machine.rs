//! The machine: the folder, its disk, the key, and the clock.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::doctor::{Cause, Check, Group};
use crate::words::within;

/// Below this many bytes a disk counts as full: SQLite and a delivery need some.
const FULL: u64 = 8_000_000;
/// Below this many, somebody should know.
const SCARCE: u64 = 100_000_000;
/// How far the clock may be off: Flickr refuses what is signed further away.
const OFF: SignedDuration = SignedDuration::from_mins(5);
/// From here on somebody should know.
const SOMEWHAT_OFF: SignedDuration = SignedDuration::from_secs(60);
/// The file that is written to see whether files can be.
const PROBE: &str = "doctor";

/// What came of writing to a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// Whether a file could be written there, and if not, why.
    pub written: Result<(), Unwritten>,
    /// Bytes that are free; `None` when the system does not say.
    pub free: Option<u64>,
    /// Whether the server that runs can commit to its history; `None` when none runs.
    pub commits: Option<bool>,
}

/// Why nothing could be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unwritten {
    /// There is no room.
    Full,
    /// Anything else, in the system's words.
    Because(String),
}

impl Folder {
    /// Looks at `folder`, which is made if it is not there. Blocks.
    #[must_use]
    pub fn look(folder: &Path, commits: Option<bool>) -> Self {
        let path = folder.join(PROBE);
        let writing = || {
            std::fs::create_dir_all(folder)?;
            let mut file = File::create(&path)?;
            file.write_all(&[b'.'; 4096])?;
            file.sync_all()
        };
        let written = writing().map_err(|cause| match cause.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Unwritten::Full,
            _ => Unwritten::Because(cause.to_string()),
        });
        // It may never have come into being.
        let _ = std::fs::remove_file(&path);
        let free = rustix::fs::statvfs(folder).ok().map(|it| it.f_bavail.saturating_mul(it.f_frsize));
        Self { name: folder.display().to_string(), written, free, commits }
    }

    /// Judges.
    #[must_use]
    pub fn judge(&self) -> Check {
        let folder = self.name.clone();
        let full = |free| Cause::FolderFull { folder: folder.clone(), free };
        match (&self.written, self.free) {
            (Err(Unwritten::Full), _) => Check::bad(Group::Machine, "DATA_DIR", full(None)),
            (Err(Unwritten::Because(why)), _) => {
                Check::bad(Group::Machine, "DATA_DIR", Cause::FolderUnwritable { folder, why: why.clone() })
            }
            (Ok(()), _) if self.commits == Some(false) => {
                let why = "files can be written, and its history cannot; the server's log says why";
                Check::bad(Group::Machine, "DATA_DIR", Cause::FolderUnwritable { folder, why: why.into() })
            }
            (Ok(()), Some(free)) if free < FULL => Check::bad(Group::Machine, "DATA_DIR", full(Some(free))),
            (Ok(()), Some(free)) if free < SCARCE => Check::notice(Group::Machine, "DATA_DIR", full(Some(free))),
            (Ok(()), free) => {
                let room = free.map(|it| format!(", and its disk has {} MB left", it / 1_000_000)).unwrap_or_default();
                Check::good(Group::Machine, "DATA_DIR", format!("{folder} can be written to{room}."))
            }
        }
    }
}

/// How far our clock is ahead of Flickr's, judged; `theirs` is what its answer said, to the second.
#[must_use]
pub fn judge_clock(ours: Timestamp, theirs: Option<Timestamp>) -> Check {
    let Some(theirs) = theirs else {
        return Check::skipped(
            Group::Machine,
            "clock",
            "Flickr did not say what time it is, so nothing to compare with.",
        );
    };
    let off = ours.duration_since(theirs);
    let seconds = off.abs().as_secs().unsigned_abs();
    let cause = Cause::ClockOff { seconds, ahead: off.is_positive() };
    match off.abs() {
        far if far > OFF => Check::bad(Group::Machine, "clock", cause),
        far if far > SOMEWHAT_OFF => Check::notice(Group::Machine, "clock", cause),
        _ => Check::good(
            Group::Machine,
            "clock",
            format!("It agrees with Flickr's to {}.", within(Duration::from_secs(seconds.max(1)))),
        ),
    }
}

/// Whether the clock is too far off for signatures.
#[must_use]
pub fn is_far_off(ours: Timestamp, theirs: Option<Timestamp>) -> bool {
    theirs.is_some_and(|it| ours.duration_since(it).abs() > OFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(check: &Check) -> (&'static str, crate::doctor::Mood) {
        (check.cause().map_or("", Cause::code), check.told().mood)
    }

    #[test]
    fn a_folder_is_written_to_and_left_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let looked = Folder::look(&dir.path().join("new"), None);
        assert_eq!(looked.judge().cause(), None, "{looked:?}");
        assert_eq!(std::fs::read_dir(dir.path().join("new")).unwrap().count(), 0);
    }

    #[test]
    fn what_stands_in_the_way_of_writing_is_told() {
        use crate::doctor::Mood::{Bad, Good, Notice};
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        let looked = Folder::look(&dir.path().join("file/data"), None);
        assert_eq!(code(&looked.judge()), ("folder-unwritable", Bad), "{looked:?}");
        // The system's own full device.
        std::os::unix::fs::symlink("/dev/full", dir.path().join(PROBE)).unwrap();
        assert_eq!(code(&Folder::look(dir.path(), None).judge()), ("folder-full", Bad));

        let folder = |free, commits| Folder { name: "data".into(), written: Ok(()), free, commits };
        for (free, commits, expected) in [
            (Some(1_000), Some(true), ("folder-full", Bad)),
            (Some(50_000_000), None, ("folder-full", Notice)),
            (Some(500_000_000), None, ("", Good)),
            (None, None, ("", Good)),
            (Some(500_000_000), Some(false), ("folder-unwritable", Bad)),
        ] {
            assert_eq!(code(&folder(free, commits).judge()), expected, "{free:?} {commits:?}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_five_minutes_and_not_more() {
        use crate::doctor::Mood::{Bad, Good, Notice, Skipped};
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        for (off, expected) in [(0, Good), (60, Good), (-61, Notice), (300, Notice), (301, Bad), (-3_600, Bad)] {
            assert_eq!(judge_clock(at(off), Some(at(0))).told().mood, expected, "{off}");
        }
        assert_eq!(judge_clock(at(0), None).told().mood, Skipped);
        let ahead = judge_clock(at(900), Some(at(0))).told().said;
        assert!(ahead.contains("15 minutes ahead"), "{ahead}");
        let behind = judge_clock(at(-900), Some(at(0))).told().said;
        assert!(behind.contains("15 minutes behind Flickr's"), "{behind}");
    }
}
