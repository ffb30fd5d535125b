//! The real program as a process of its own.

use std::path::Path;
use std::process::Stdio;

use flickr_conduit::conduit::Minted;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::LIMIT;

/// `flickr-conduit` with nothing of the tester's environment but the path.
pub(crate) fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flickr-conduit"));
    command.env_clear().env("DATA_DIR", data_dir).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// A running server.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) port: u16,
    /// Lines of standard output that follow what was read to find the port.
    pub(crate) log: tokio::task::JoinHandle<Vec<String>>,
}

impl Program {
    /// `serve` on `port`; 0 takes any.
    pub(crate) async fn serve(data_dir: &Path, port: u16) -> Self {
        let mut command = command(data_dir);
        command.args(["serve", "--port", &port.to_string()]);
        Self::start(command).await
    }

    /// Starts `command`, and waits until it listens.
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut seen = Vec::new();
        let port = loop {
            let line = next_line(&mut log).await.unwrap_or_else(|| panic!("it ended before it listened: {seen:#?}"));
            seen.push(line.clone());
            let line: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if line["message"] == "listening" {
                break line["address"].as_str().unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
            }
        };
        let log = tokio::spawn(async move {
            while let Ok(Some(line)) = log.next_line().await {
                seen.push(line);
            }
            seen
        });
        Self { child, port, log }
    }

    /// SIGKILL: no last word.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM, and how it ended; with all that it logged.
    pub(crate) async fn terminate(mut self) -> (std::process::ExitStatus, Vec<String>) {
        signal(&self.child, "TERM");
        let status = timeout(std::time::Duration::from_secs(10), self.child.wait()).await.expect("it ends in 10 s");
        (status.unwrap(), self.log.await.unwrap())
    }
}

/// Sends a signal with the system's own `kill`.
pub(crate) fn signal(child: &Child, name: &str) {
    let pid = child.id().expect("it still runs").to_string();
    assert!(std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
}

/// The next line, or `None` at the end.
pub(crate) async fn next_line<R: AsyncRead + Unpin>(lines: &mut Lines<BufReader<R>>) -> Option<String> {
    timeout(LIMIT, lines.next_line()).await.expect("a line in time").unwrap()
}

/// What `mint` prints for `event` when the server is on `port`.
pub(crate) async fn mint(data_dir: &Path, port: u16, event: &str) -> Minted {
    mint_at(data_dir, &format!("http://localhost:{port}"), event).await
}

/// The same for a server that is reached at `public_url`.
pub(crate) async fn mint_at(data_dir: &Path, public_url: &str, event: &str) -> Minted {
    let out = command(data_dir).args(["mint", event, "--public-url", public_url]).output().await.unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    };
    Minted {
        callback: value("callback"),
        verify_token: value("verify_token"),
        stream: value("stream"),
        wall: value("wall"),
        remote: value("remote"),
    }
}
