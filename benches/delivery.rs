//! A whole delivery: POST of 20 entries over loopback to committed and published, beside the parse alone.
//!
//! Prints medians of wall time and of this process's CPU time (client, server and writer together) for each delivery,
//! and the ratio of the CPU to that of parsing the same bytes. The history is a real one, with a commit to disk for
//! each delivery; 32 at a time show what the group commit gives.

use std::fmt::Write;
use std::time::{Duration, Instant};

use flickr_conduit::{Conduit, config::Config, feed};
use tokio::net::TcpListener;

const ENTRIES: u64 = 20;
const DELIVERIES: u64 = 1000;
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let bytes = body(0).len();
    println!("a delivery of {ENTRIES} entries, {bytes} bytes; medians of {ROUNDS} rounds of {DELIVERIES}");
    let parse = median((0..ROUNDS).map(|_| parse_alone()).collect());
    println!("parse alone              cpu {:>7.1} µs", micros(parse));
    for at_once in [1, 32] {
        let rounds: Vec<_> = (0..ROUNDS).map(|_| runtime.block_on(deliver(at_once))).collect();
        let cpu = median(rounds.iter().map(|it| it.0).collect());
        let wall = median(rounds.iter().map(|it| it.1).collect());
        let ratio = cpu.as_secs_f64() / parse.as_secs_f64();
        println!(
            "POST to published, {at_once:>2} at a time: cpu {:>7.1} µs, wall {:>7.1} µs each; cpu beside parse alone: x{ratio:.2}",
            micros(cpu),
            micros(wall)
        );
    }
}

/// CPU time of parsing one delivery.
fn parse_alone() -> Duration {
    let bodies: Vec<_> = (0..DELIVERIES).map(body).collect();
    let began = cpu_time();
    for body in &bodies {
        assert_eq!(feed::read(body.as_bytes()).expect("a feed").events.len() as u64, ENTRIES);
    }
    (cpu_time() - began) / u32::try_from(DELIVERIES).expect("few")
}

/// CPU and wall time of one delivery, client included.
async fn deliver(at_once: u64) -> (Duration, Duration) {
    let dir = tempfile::tempdir().expect("a folder");
    let conduit = Conduit::open(&Config::local(dir.path()), 0).expect("a conduit");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let callback = conduit.mint("bench").expect("a callback").callback;
    let path = &callback[callback.find("/callback").expect("a callback")..];
    let address = format!("http://{}{path}", listener.local_addr().expect("an address"));
    let stop = conduit.shutdown().stopping.clone();
    let serving = tokio::spawn({
        let (conduit, app) = (conduit.clone(), conduit.router());
        async move { conduit.serve(listener, app, std::future::pending()).await }
    });
    let client = flickr_conduit::hub::endpoint::client().expect("a client");
    let bodies: Vec<_> = (0..DELIVERIES).map(body).collect();
    let (cpu, wall) = (cpu_time(), Instant::now());
    let mut hubs = Vec::new();
    for hub in 0..at_once {
        let own: Vec<_> = bodies
            .iter()
            .skip(usize::try_from(hub).expect("few"))
            .step_by(usize::try_from(at_once).expect("few"))
            .cloned()
            .collect();
        let (client, address) = (client.clone(), address.clone());
        hubs.push(tokio::spawn(async move {
            for body in own {
                let posted = client.post(&address).body(body).send().await.expect("an answer");
                assert!(posted.status().is_success());
            }
        }));
    }
    for hub in hubs {
        hub.await.expect("a hub");
    }
    let n = u32::try_from(DELIVERIES).expect("few");
    let taken = ((cpu_time() - cpu) / n, wall.elapsed() / n);
    stop.cancel();
    serving.await.expect("a server").expect("served");
    taken
}

/// User and system time of this process so far, in the kernel's ticks of 10 ms.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit_once(") ").expect("a name in brackets").1.split(' ').collect();
    let ticks: u64 = fields[11..13].iter().map(|it| it.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
}

fn median(mut of: Vec<Duration>) -> Duration {
    of.sort();
    of[of.len() / 2]
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// A delivery whose photos no other has.
fn body(n: u64) -> String {
    let mut feed = String::from(
        r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:flickr="urn:flickr:user" xmlns:media="http://search.yahoo.com/mrss/">
  <title>Photos from your contacts</title>
"#,
    );
    for id in 53_000_000_000 + n * ENTRIES..53_000_000_000 + (n + 1) * ENTRIES {
        write!(
            feed,
            r#"  <entry>
    <title>Photo &amp; number {id}</title>
    <link rel="alternate" type="text/html" href="https://www.flickr.com/photos/12345678@N00/{id}/"/>
    <id>tag:flickr.com,2005:/photo/{id}</id>
    <published>2026-11-22T11:00:00Z</published>
    <updated>2026-11-22T11:00:00Z</updated>
    <flickr:date_taken>2026-11-21T09:12:44-08:00</flickr:date_taken>
    <content type="html">&lt;p&gt;&lt;a href=&quot;https://www.flickr.com/people/nolan/&quot;&gt;Nolan&lt;/a&gt; posted a photo:&lt;/p&gt;
&lt;p&gt;&lt;img src=&quot;https://live.staticflickr.com/65535/{id}_0123456789_m.jpg&quot; width=&quot;240&quot; height=&quot;160&quot; /&gt;&lt;/p&gt;</content>
    <author>
      <name>Nolan</name>
      <uri>https://www.flickr.com/people/nolan/</uri>
      <flickr:nsid>12345678@N00</flickr:nsid>
    </author>
    <flickr:update type="created"/>
    <media:content url="https://live.staticflickr.com/65535/{id}_0123456789_b.jpg" type="image/jpeg" height="683" width="1024"/>
    <media:thumbnail url="https://live.staticflickr.com/65535/{id}_0123456789_s.jpg" height="75" width="75"/>
    <media:category scheme="urn:flickr:tags">kitten cat sofa</media:category>
  </entry>
"#
        )
        .expect("memory");
    }
    feed + "</feed>\n"
}
