//! What people do on a terminal beside a running server: `tail`, `deliver`, and the operator's link.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use crate::support::feeds;
use crate::support::program::{Program, command, mint, next_line};

struct Tail {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Tail {
    fn open(dir: &Path, args: &[&str]) -> Self {
        let mut command = command(dir);
        let mut child = command.arg("tail").args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        Self { lines: BufReader::new(child.stdout.take().unwrap()).lines(), _child: child }
    }

    async fn line(&mut self) -> String {
        next_line(&mut self.lines).await.expect("another line")
    }
}

/// Status, standard output and standard error of `flickr-conduit` with these arguments.
async fn run(dir: &Path, args: &[&str]) -> (bool, String, String) {
    let out = command(dir).args(args).output().await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (out.status.success(), text(out.stdout), text(out.stderr))
}

#[tokio::test]
async fn tail_follows_a_wall_over_a_killed_server_and_misses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let port = server.port;
    let minted = mint(dir.path(), port, "kittens").await;
    let client = flickr_conduit::hub::endpoint::client().unwrap();
    let post = async |ids| {
        let posted = client.post(&minted.callback).body(feeds::added(ids)).send().await.unwrap();
        assert!(posted.status().is_success());
    };
    post(1..2).await;
    let mut words = Tail::open(dir.path(), &[&minted.wall]);
    let mut json = Tail::open(dir.path(), &[&minted.stream, "--json", "--last", "0"]);
    assert_eq!(words.line().await, "following kittens");
    let first = words.line().await;
    assert!(first.starts_with("kittens  added  “") && first.contains("/1"), "{first}");
    let hello: serde_json::Value = serde_json::from_str(&json.line().await).unwrap();
    assert_eq!(hello["type"], "hello");
    post(2..3).await;
    assert!(words.line().await.contains("/2"));
    assert!(json.line().await.contains(r#""id":"2""#));

    server.kill().await;
    let server = Program::serve(dir.path(), port).await;
    post(3..4).await;
    assert_eq!(words.line().await, "following kittens");
    assert!(words.line().await.contains("/3"));
    assert!(json.line().await.contains(r#""type":"hello""#));
    assert!(json.line().await.contains(r#""id":"3""#));
    server.kill().await;
}

#[tokio::test]
async fn tail_gives_up_at_once_where_trying_again_cannot_help() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let (ok, _, said) =
        run(dir.path(), &["tail", &format!("http://localhost:{}/stream?token=no.no", server.port)]).await;
    assert!(!ok && said.contains("404") && said.contains("not one of this server's"), "{said}");
    let (ok, _, said) = run(dir.path(), &["tail", "http://localhost:1/nowhere"]).await;
    assert!(!ok && said.contains("expected a stream's address"), "{said}");
    server.kill().await;
}

#[tokio::test]
async fn deliver_plays_a_hub_and_the_log_tells_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = Program::serve(dir.path(), 0).await;
    let minted = mint(dir.path(), server.port, "kittens").await;
    let (ok, operator, _) = run(dir.path(), &["mint", "--operator", "--port", &server.port.to_string()]).await;
    let link = operator.strip_prefix("operator: ").unwrap().trim();
    assert!(ok && link.starts_with("http://localhost:"), "{operator}");
    let mut log = Tail::open(dir.path(), &[link]);

    let folder = dir.path().join("feeds");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("1.xml"), feeds::added(1..3)).unwrap();
    std::fs::write(folder.join("2.json"), "{}").unwrap();
    std::fs::write(folder.join("notes.txt"), "no feed").unwrap();
    let (folder, file) = (folder.to_str().unwrap(), folder.join("1.xml"));
    let token = ["--verify-token", &minted.verify_token];
    let (ok, said, _) =
        run(dir.path(), &["deliver", file.to_str().unwrap(), &minted.callback, token[0], token[1]]).await;
    assert!(ok && said.starts_with("verification: it echoed the challenge: subscribed\n"), "{said}");
    assert!(said.contains("1.xml: 200 in ") && said.contains(" ms: 2 new, 0 repeated"), "{said}");
    let (ok, said, failed) = run(dir.path(), &["deliver", folder, &minted.callback, "--rate", "100"]).await;
    assert!(!ok && failed.contains("1 of 2 deliveries were not taken"), "{failed}");
    assert!(
        said.contains("0 new, 2 repeated")
            && said.contains("2.json: 400 in")
            && said.contains("it cannot be read: not a feed"),
        "{said}"
    );

    for expected in
        ["kittens  verification from another hub: ", "2 entries, 2 new", "2 entries, 2 repeats", "Not a feed"]
    {
        let line = log.line().await;
        assert!(line.contains(expected), "{expected}: {line}");
    }
    let elsewhere = minted.callback.replace("kittens", "puppies");
    let (ok, said, _) = run(dir.path(), &["deliver", file.to_str().unwrap(), &elsewhere]).await;
    assert!(!ok && said.contains("404 in") && said.contains("not a callback of that server"), "{said}");
    let (ok, _, said) = run(dir.path(), &["deliver", folder, &elsewhere, token[0], token[1]]).await;
    assert!(!ok && said.contains("the verification was refused with 404"), "{said}");
    server.kill().await;
    let (ok, said, _) = run(dir.path(), &["deliver", file.to_str().unwrap(), &minted.callback]).await;
    assert!(!ok && said.contains("no answer: "), "{said}");
}
