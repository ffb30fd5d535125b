//! `flickr-conduit doctor`, as a process.

use std::process::Output;

use tokio::process::Command;

use crate::support::practice::{PracticeFlickr, haste};
use crate::support::program::{Program, command};

fn doctor(folder: &std::path::Path, flickr: &PracticeFlickr, port: u16) -> Command {
    let mut doctor = command(folder);
    doctor.arg("doctor").args(["--port", &port.to_string(), "--flickr-url", &flickr.base]);
    doctor.env("FLICKR_KEY", "practice-key").env("FLICKR_SECRET", "practice-secret");
    doctor
}

fn text(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A port that nobody has.
async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn it_works_before_the_first_start_and_leaves_the_port_free() {
    let (dir, flickr) = (tempfile::tempdir().unwrap(), PracticeFlickr::new(haste()).await);
    let port = free_port().await;
    let out = doctor(dir.path(), &flickr, port).output().await.unwrap();
    let told = text(&out);
    assert_eq!(out.status.code(), Some(0), "{told}");
    assert!(told.contains("PUBLIC_URL   ! PUBLIC_URL is not set") && told.contains("FLICKR_KEY   ✓"), "{told}");
    assert!(told.trim_end().ends_with("nothing wrong; 1 more thing is to be known."), "{told}");
    let server = Program::serve(dir.path(), port).await;
    server.kill().await;
    flickr.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_on_a_line_with_its_remedy_and_in_the_exit_code() {
    let (dir, flickr) = (tempfile::tempdir().unwrap(), PracticeFlickr::new(haste()).await);
    let port = free_port().await;
    let mut wrong = doctor(dir.path(), &flickr, port);
    wrong.env("FLICKR_SECRET", "practice-secrets").env("PUBLIC_URL", "http://127.0.0.1:9");
    let out = wrong.output().await.unwrap();
    let told = text(&out);
    assert_eq!(out.status.code(), Some(1), "{told}");
    let line = |name: &str| told.lines().find(|it| it.starts_with(name)).unwrap_or_else(|| panic!("{name}: {told}"));
    assert!(
        line("PUBLIC_URL").contains(&format!("this server answers at http://127.0.0.1:{port}. Set PUBLIC_URL=")),
        "{told}"
    );
    assert!(
        line("FLICKR_KEY").contains("FLICKR_SECRET is not its secret (signature_invalid). Copy the secret"),
        "{told}"
    );

    let mut json = doctor(dir.path(), &flickr, port);
    let out = json.arg("--json").output().await.unwrap();
    for line in text(&out).lines() {
        let it: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(it["name"].is_string() && it["mood"].is_string(), "{it}");
    }
    flickr.stop().await;
}

#[tokio::test]
async fn a_server_that_runs_is_asked_and_not_disturbed() {
    let (dir, flickr) = (tempfile::tempdir().unwrap(), PracticeFlickr::new(haste()).await);
    let mut serve = command(dir.path());
    serve.args(["serve", "--port", "0", "--flickr-url", &flickr.base]);
    let server = Program::start(serve).await;
    // The command is given another port than the server has: what the server noted counts.
    let out = doctor(dir.path(), &flickr, 8099).output().await.unwrap();
    let told = text(&out);
    let heard = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(heard.contains(&format!("asking it, at http://127.0.0.1:{}", server.port)), "{heard}");
    assert!(told.contains(&format!("http://localhost:{}", server.port)) && told.contains("proxy socket ✓"), "{told}");
    assert_eq!(out.status.code(), Some(0), "{told}");

    let mut other = doctor(dir.path(), &flickr, 8099);
    let out = other.env("SECRET_KEY", "another key than the server has").output().await.unwrap();
    assert!(text(&out).starts_with("SECRET_KEY   ✗"), "{}", text(&out));
    assert_eq!(out.status.code(), Some(1));
    let (status, _) = server.terminate().await;
    assert!(status.success());
    flickr.stop().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_and_a_port_that_is_taken_are_told() {
    let (dir, flickr) = (tempfile::tempdir().unwrap(), PracticeFlickr::new(haste()).await);
    std::fs::write(dir.path().join("file"), "").unwrap();
    let out = doctor(&dir.path().join("file/data"), &flickr, free_port().await).output().await.unwrap();
    assert!(text(&out).starts_with("DATA_DIR     ✗ DATA_DIR") && text(&out).contains("chown"), "{}", text(&out));

    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let out = doctor(dir.path(), &flickr, port).output().await.unwrap();
    let told = text(&out);
    assert!(told.contains(&format!("cannot listen on 127.0.0.1:{port}: another program is there")), "{told}");
    assert_eq!(out.status.code(), Some(1));
    flickr.stop().await;
}
