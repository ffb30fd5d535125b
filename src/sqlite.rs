//! How this house opens its SQLite files.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

/// Opens `path`, or makes it, and brings it to `schema`.
///
/// The journal is a write-ahead log, and a commit has reached the disk when it returns: it outlives a power cut, and
/// not only a kill.
///
/// # Errors
/// What SQLite says.
pub fn open(path: &Path, schema: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    prepare(&db)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch(schema)?;
    Ok(db)
}

/// Opens `path`, which is there, to read it beside whoever writes.
///
/// # Errors
/// What SQLite says.
pub fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    prepare(&db)?;
    Ok(db)
}

/// Empties the log beside the file, so that what was overwritten in the file is on no disk.
///
/// # Errors
/// What SQLite says, and when somebody reads for so long that it cannot be emptied.
pub fn empty_log(db: &Connection) -> rusqlite::Result<()> {
    let is_busy: bool = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    if is_busy { Err(rusqlite::Error::SqliteFailure(busy, None)) } else { Ok(()) }
}

fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(Duration::from_secs(5))?;
    // A statement keeps its plan. Otherwise SQLite looks for a better one whenever values are bound, and parses the statement
    // anew: a third of what an entry costs.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// What helps when a file cannot be opened, as a sentence.
pub fn remedy(cause: &rusqlite::Error) -> &'static str {
    match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "Move it away and start again: a new one begins, and callbacks stay valid"
        }
        _ => "Is DATA_DIR writable, and its disk not full?",
    }
}
