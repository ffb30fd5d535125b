//! The SECRET_KEY that nobody gave: made once and kept beside the history.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::{Clock, NoRandomness};
use crate::config::{Config, Secret};

/// Where the secret that is used came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From SECRET_KEY or SECRET_KEY_FILE.
    Given,
    /// From a file that an earlier start made.
    Kept(PathBuf),
    /// Made now, and kept in this file.
    Made(PathBuf),
}

/// The secret that was given, or the one kept in `DATA_DIR/secret_key`, which is made when it is not there.
///
/// # Errors
/// When the file can be neither read nor written, or is not readable by us alone.
pub fn find_or_make(config: &Config, clock: &Clock) -> Result<(Secret, Origin), SecretKeyError> {
    if let Some(given) = &config.secret_key {
        return Ok((given.clone(), Origin::Given));
    }
    let path = config.data_dir.join("secret_key");
    if let Some(kept) = read(&path)? {
        return Ok((kept, Origin::Kept(path)));
    }
    let made = URL_SAFE_NO_PAD.encode(clock.random::<32>()?);
    let draft = config.data_dir.join(format!("secret_key.{:x}", u64::from_be_bytes(clock.random()?)));
    match write(&config.data_dir, &draft, &path, &made) {
        Ok(()) => Ok((Secret::new(made), Origin::Made(path))),
        // Another process was quicker: its key counts.
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => match read(&path)? {
            Some(kept) => Ok((kept, Origin::Kept(path))),
            None => Err(SecretKeyError::Write { path, cause }),
        },
        Err(cause) => Err(SecretKeyError::Write { path, cause }),
    }
}

fn read(path: &Path) -> Result<Option<Secret>, SecretKeyError> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 43 => Ok(Some(Secret::new(text.trim()))),
        Ok(_) => Err(SecretKeyError::Damaged(path.to_owned())),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(SecretKeyError::Read { path: path.to_owned(), cause }),
    }
}

/// Writes the whole file beside its place and then links it there, so that nobody ever reads half a key.
fn write(folder: &Path, draft: &Path, path: &Path, secret: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let written = (|| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
        writeln!(file, "{secret}")?;
        file.sync_all()?;
        fs::hard_link(draft, path)
    })();
    let removed = fs::remove_file(draft);
    written.and(removed)
}

/// Why there is no SECRET_KEY.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The file is there and cannot be read.
    #[error("SECRET_KEY cannot be read from {path}: {cause}. Give SECRET_KEY, or make DATA_DIR readable")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file is not there and cannot be made.
    #[error("SECRET_KEY cannot be kept in {path}: {cause}. Give SECRET_KEY, or a DATA_DIR that can be written")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Too short to be one that we made.
    #[error("{0} does not hold a key that this program made: restore it, or delete it and subscribe everything anew")]
    Damaged(PathBuf),
    /// No randomness to make it from.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_for_our_eyes_only_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::local(&dir.path().join("new"));
        let (made, origin) = find_or_make(&config, &Clock::system()).unwrap();
        let path = config.data_dir.join("secret_key");
        assert_eq!(origin, Origin::Made(path.clone()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(find_or_make(&config, &Clock::system()).unwrap(), (made, Origin::Kept(path)));
        assert_eq!(fs::read_dir(&config.data_dir).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_key_that_was_given_leaves_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config { secret_key: Some(Secret::new("given")), ..Config::local(dir.path()) };
        assert_eq!(find_or_make(&config, &Clock::system()).unwrap(), (Secret::new("given"), Origin::Given));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_key_is_never_replaced_in_silence() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret_key"), "").unwrap();
        let error = find_or_make(&Config::local(dir.path()), &Clock::system()).unwrap_err();
        assert!(error.to_string().contains("restore it"), "{error}");
    }
}
