//! One process for each DATA_DIR: two would give the same offset to different events.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Holds a folder for this process. Let go when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes `folder`, which is made when it is not there.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be written to.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let folder = folder.to_owned();
        let opened = std::fs::create_dir_all(&folder).and_then(|()| File::create(folder.join("lock")));
        let file = match opened {
            Ok(file) => file,
            Err(cause) => return Err(LockError::Unusable { folder, cause }),
        };
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Taken(folder)),
            Err(TryLockError::Error(cause)) => Err(LockError::Unusable { folder, cause }),
        }
    }
}

/// Why a folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else has it.
    #[error(
        "DATA_DIR {0} is in use by another flickr-conduit: stop that one, or give this one a --data-dir of its own"
    )]
    Taken(PathBuf),
    /// Nobody can have it.
    #[error("DATA_DIR {folder} cannot be used: {cause}. Name a folder that this user may write to")]
    Unusable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_by_one_and_free_when_that_one_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("new");
        let first = Lock::take(&folder).unwrap();
        let second = Lock::take(&folder).unwrap_err().to_string();
        assert!(second.contains("in use by another flickr-conduit: stop that one"), "{second}");
        drop(first);
        Lock::take(&folder).unwrap();
    }
}
