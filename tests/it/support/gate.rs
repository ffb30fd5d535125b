//! A proxy before a server, as people misconfigure them. Each connection carries one request.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What it does wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Habit {
    /// Nothing.
    Passes,
    /// It cuts the query off.
    StripsQuery,
    /// It reads `%20` and writes `+`.
    RewritesQuery,
    /// It holds an event stream back until it ends.
    BuffersStreams,
    /// It passes no upgrade on.
    RefusesUpgrades,
    /// It is another server.
    IsAnother,
    /// It finds nobody behind it.
    FindsNobody,
    /// It sends everybody on to another origin.
    SendsOn(String),
    /// It hangs up.
    HangsUp,
}

/// Opens a proxy with this habit to the server on the port that `server` has at the time. Returns its own port.
pub(crate) async fn gate(habit: Habit, server: watch::Receiver<u16>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (habit, to) = (habit.clone(), *server.borrow());
            // Whoever hangs up ends it, and that is no concern of the test's.
            tokio::spawn(async move { carry(client, &habit, to).await.ok() });
        }
    });
    port
}

async fn carry(mut client: TcpStream, habit: &Habit, to: u16) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.windows(4).any(|it| it == b"\r\n\r\n") {
        let mut piece = [0; 4096];
        let n = client.read(&mut piece).await?;
        if n == 0 || *habit == Habit::HangsUp {
            return Ok(());
        }
        head.extend_from_slice(&piece[..n]);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let (line, rest) = text.split_once("\r\n").unwrap();
    let (is_upgrade, is_stream) =
        (text.to_lowercase().contains("\r\nupgrade:"), text.to_lowercase().contains("accept: text/event-stream"));
    let answer = |status: &str, more: &str, body: &str| {
        let size = body.len();
        format!("HTTP/1.1 {status}\r\nserver: nginx\r\n{more}content-length: {size}\r\nconnection: close\r\n\r\n{body}")
    };
    let refusal = match habit {
        Habit::IsAnother => Some(answer("200 OK", "", "<h1>Welcome to nginx!</h1>")),
        Habit::FindsNobody => Some(answer("502 Bad Gateway", "", "<h1>502</h1>")),
        Habit::SendsOn(origin) => {
            let path = line.split(' ').nth(1).unwrap_or("/");
            Some(answer("301 Moved Permanently", &format!("location: {origin}{path}\r\n"), ""))
        }
        Habit::RefusesUpgrades if is_upgrade => Some(answer("426 Upgrade Required", "", "")),
        _ => None,
    };
    if let Some(answer) = refusal {
        client.write_all(answer.as_bytes()).await?;
        return client.shutdown().await;
    }
    let line = match habit {
        Habit::StripsQuery => match line.split_once('?') {
            Some((path, _)) => format!("{path} HTTP/1.1"),
            None => line.to_owned(),
        },
        Habit::RewritesQuery => line.replace("%20", "+"),
        _ => line.to_owned(),
    };
    let close = if is_upgrade { "" } else { "connection: close\r\n" };
    let mut server = TcpStream::connect(("127.0.0.1", to)).await?;
    server.write_all(format!("{line}\r\n{close}{rest}").as_bytes()).await?;
    if is_stream && *habit == Habit::BuffersStreams {
        let mut all = Vec::new();
        // The stream has no end, so neither has this.
        server.read_to_end(&mut all).await?;
        return client.write_all(&all).await;
    }
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
