//! Other people's programs, in Python: an environment of their own, and a run to a good end.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

/// For an installation, or one script.
const PATIENCE: Duration = Duration::from_secs(240);

/// A python that has `package` (of PyPI, with its version), which is imported as `module`. The environment is kept for
/// the next run.
pub(crate) async fn python(module: &str, package: &str) -> PathBuf {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("venv-{module}"));
    let python = venv.join("bin/python");
    if !python.exists() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv), None).await;
    }
    let import = format!("import {module}");
    let there = Command::new(&python).args(["-c", &import]).stderr(Stdio::null()).status().await;
    if !there.is_ok_and(|it| it.success()) {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package];
        succeed(Command::new(&python).args(pip), None).await;
    }
    python
}

/// Runs a program to its good end, and shows what it said when the end is another.
pub(crate) async fn succeed(command: &mut Command, input: Option<String>) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} (is python3 installed?): {error}"));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default().as_bytes()).await.unwrap();
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("it ends in time").unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}\n{wrong}");
    output
}
