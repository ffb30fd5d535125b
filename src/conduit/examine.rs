//! A conduit's doctor, and where a running one is found by it.

use std::path::Path;

use crate::conduit::Conduit;
use crate::delivery_log::Scope;
use crate::doctor::{self, Check, ExamineError, Runs};

/// The file in DATA_DIR that says where the server that runs there is reached from this machine.
const DOOR: &str = "door";

impl Conduit {
    /// Looks at everything that can be wrong. `runs` says whether it is at work, or was opened to be looked at.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    pub async fn examine(&self, runs: Runs) -> Result<Vec<Check>, ExamineError> {
        doctor::examine(&self.state, &Scope::Everything, runs).await
    }

    /// Writes down where it is reached from this machine. Nothing hangs on it but the doctor and the fave test of the
    /// command line.
    pub(super) fn note_door(&self, door: &str) {
        let path = self.state.site.data_dir.join(DOOR);
        if let Err(cause) = std::fs::write(&path, format!("{door}\n")) {
            tracing::warn!(path = %path.display(), %cause, "where this server is reached cannot be noted for `doctor`");
        }
    }

    /// It is reached no more.
    pub(super) fn forget_door(&self) {
        let _ = std::fs::remove_file(self.state.site.data_dir.join(DOOR));
    }
}

/// Where the server that runs on `folder` is reached from this machine, if it said so.
#[must_use]
pub fn door(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(DOOR)).ok()?;
    text.lines().next().map(str::to_owned).filter(|it| it.starts_with("http"))
}
