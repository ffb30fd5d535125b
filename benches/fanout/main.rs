//! One event to many WebSockets: the real server beside the floor, in one program run.
//!
//! `cargo bench --bench fanout` prints the table of the README. `-- quick` takes a tenth of the time, and `-- only memory`
//! (or `fanout`, `together`, `stalled`, `paced`, `ingest`, `names`) one part. Linux only: it reads `/proc`.
//!
//! The *floor* is what the kernel asks for the same bytes: a process that answers a POST and calls `send()` once for each
//! client, in an epoll loop, and does nothing else. *bun* (uWebSockets inside) and *nchan* (nginx) are peers: measured
//! when `BENCH_BUN` names the program, and when nginx and its module are where Debian puts them; else they are said to be
//! absent. Each is a process of its own on the first core; the clients are this process, on the second. Each measurement
//! has a fresh process, and a ratio is between two of the same repetition.
//!
//! What is measured is CPU time of the server process for each delivery (an event to one client), all threads together.
//! Ours does more for an event than the others: it reads Atom, compresses nothing, drops repeats, commits to disk, and
//! writes a line of its log. So two ratios are printed: `whole` is all CPU over the deliveries; `delivery` is that less
//! what the same server takes for the same POSTs with no client at all (measured too, and printed), for both sides.

mod clients;
mod floor;
mod machine;
mod parts;
mod peers;
mod report;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some("floor") => floor::run().expect("the floor runs"),
        _ => parts::run(&arguments).expect("everything is accounted for"),
    }
}
