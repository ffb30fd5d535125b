//! What is measured.

use std::time::{Duration, Instant};

use crate::clients::Clients;
use crate::machine::{Core, Fallible, own_cpu, pin};
use crate::peers::{self, Peer, Server};
use crate::report::{line, median, micros, spread};

/// Each is done so often; medians are printed.
const ROUNDS: usize = 3;
/// How many deliveries of each go before what is measured.
const WARM: usize = 20;

/// Everything, or one part.
pub(crate) fn run(arguments: &[String]) -> Fallible<()> {
    let quick = if arguments.iter().any(|it| it == "quick") { 10 } else { 1 };
    let only = arguments.iter().position(|it| it == "only").and_then(|at| arguments.get(at + 1));
    let wants = |part: &str| only.is_none_or(|it| it == part);
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let two = pin(Core::Clients);
    println!(
        "{}; medians of {ROUNDS} repetitions",
        if two { "server on one core, clients on another" } else { "one core" }
    );
    if wants("fanout") {
        let peers = Peer::all();
        for n in [100, 1000, 5000] {
            fanout(&peers, n, 200_000 / n / quick)?;
        }
    }
    if wants("together") {
        together(1000, 300 / quick)?;
    }
    if wants("memory") {
        memory(10_000)?;
    }
    if wants("stalled") {
        stalled(400 / quick)?;
    }
    if wants("paced") {
        paced(1000, 50.0, 300 / quick)?;
        one(500 / quick)?;
    }
    if wants("ingest") {
        ingest(1000 / quick)?;
    }
    // A minute, and gigabytes on the disk: when it is asked for.
    if only.is_some_and(|it| it == "names") {
        names(10_000 / quick)?;
    }
    Ok(())
}

/// A server with clients, and how far the numbers of its events are.
struct Run {
    server: Server,
    clients: Clients,
    n: usize,
    next: usize,
}

impl Run {
    fn new(peer: &Peer) -> Fallible<Self> {
        let server = peer.start()?;
        let mut clients = Clients::new()?;
        clients.publisher(server.port)?;
        Ok(Self { server, clients, n: 0, next: 0 })
    }

    fn open(&mut self, n: usize) -> Fallible<()> {
        let path = self.server.stream(0)?;
        for _ in 0..n {
            self.clients.open(self.server.port, &path, self.next)?;
        }
        self.n += n;
        Ok(())
    }

    /// So many deliveries, one after the other, each with so many events: the next begins when everybody has the one
    /// before. The server's CPU for each delivery, and how long the slowest client of each waited.
    fn deliver(&mut self, deliveries: usize, events: usize) -> Fallible<(Duration, Vec<Duration>)> {
        let request = |at: usize| self.server.request(0, self.next + at * events, events);
        let requests = (0..deliveries).map(request).collect::<Fallible<Vec<_>>>()?;
        let before = self.server.process.cpu();
        let mut waited = Vec::new();
        for request in &requests {
            let (received, answers) = (self.clients.received() + self.n * events, self.clients.answers() + 1);
            let begun = Instant::now();
            self.clients.deliver(request)?;
            self.clients.until(received, 0)?;
            waited.push(begun.elapsed());
            self.clients.until(0, answers)?;
        }
        self.next += deliveries * events;
        let cpu = self.server.process.cpu().since(&before);
        Ok((cpu / u32::try_from(deliveries)?, waited))
    }
}

/// CPU for each delivery to one client, whole and without what a POST takes.
fn fanout(peers: &[Peer], n: usize, deliveries: usize) -> Fallible<()> {
    println!(
        "\n{n} clients, events of one photo, {deliveries} of them; µs of server CPU for each delivery to a client"
    );
    let deliveries = deliveries.max(10);
    let mut all = vec![(Vec::new(), Vec::new(), Vec::new()); peers.len()];
    for _ in 0..ROUNDS {
        for (peer, of) in peers.iter().zip(&mut all) {
            let mut run = Run::new(peer)?;
            run.deliver(WARM, 1)?;
            let (alone, _) = run.deliver(deliveries.clamp(100, 500), 1)?;
            run.open(n)?;
            run.deliver(WARM.min(deliveries), 1)?;
            let (cpu, _) = run.deliver(deliveries, 1)?;
            of.0.push(micros(cpu) / n as f64);
            of.1.push(micros(cpu.saturating_sub(alone)) / n as f64);
            of.2.push(micros(alone));
        }
    }
    let ratios =
        |of: &[f64], floor: &[f64]| -> Vec<f64> { of.iter().zip(floor).map(|(it, floor)| it / floor).collect() };
    for (at, peer) in peers.iter().enumerate() {
        let (whole, part, alone) = &all[at];
        println!(
            "  {:<6} whole {:>6.2}  x{:<5.2} delivery {:>6.2}  x{:<5.2} a POST alone {:>6.0}   (repetitions within {:.0} %)",
            peer.name(),
            median(whole.clone()),
            median(ratios(whole, &all[0].0)),
            median(part.clone()),
            median(ratios(part, &all[0].1)),
            median(alone.clone()),
            spread(whole) * 100.0,
        );
    }
    let ours = peers.iter().position(|it| *it == Peer::Ours).unwrap_or(0);
    line("ours beside the floor, whole", median(ratios(&all[ours].0, &all[0].0)), "", Some(1.15));
    line("ours beside the floor, delivery", median(ratios(&all[ours].1, &all[0].1)), "", Some(1.15));
    for (at, peer) in peers.iter().enumerate().skip(2) {
        line(&format!("ours beside {}, whole", peer.name()), median(ratios(&all[ours].0, &all[at].0)), "", Some(1.0));
        line(
            &format!("ours beside {}, delivery", peer.name()),
            median(ratios(&all[ours].1, &all[at].1)),
            "",
            Some(1.0),
        );
    }
    Ok(())
}

/// Ten events in one delivery beside one.
fn together(n: usize, deliveries: usize) -> Fallible<()> {
    println!("\n{n} clients, ten events in one delivery beside one");
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let mut run = Run::new(&Peer::Ours)?;
        run.open(n)?;
        run.deliver(WARM, 1)?;
        let (one, _) = run.deliver(deliveries, 1)?;
        let (ten, _) = run.deliver(deliveries, 10)?;
        ratios.push(micros(ten) / 10.0 / micros(one));
    }
    line("CPU per event, ten together beside one alone", median(ratios), "", Some(0.2));
    Ok(())
}

/// Idle connections.
fn memory(n: usize) -> Fallible<()> {
    println!("\n{n} idle connections");
    let mut each = Vec::new();
    for _ in 0..ROUNDS {
        let mut run = Run::new(&Peer::Ours)?;
        // What the first connections make for all, and what threads that read the history have.
        run.open(200)?;
        run.deliver(WARM, 1)?;
        let before = run.server.process.memory();
        run.open(n)?;
        run.clients.poll(Some(Duration::from_millis(500)))?;
        let after = run.server.process.memory();
        each.push((after as f64 - before as f64) / n as f64 / 1024.0);
    }
    line("memory of the process for each, in user space", median(each), " KB", Some(2.0));
    Ok(())
}

/// Some that stopped reading.
fn stalled(deliveries: usize) -> Fallible<()> {
    println!("\n900 clients, with and without 100 others that stopped reading; {deliveries} events");
    let (mut cpu, mut p50, mut p99, mut memory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut both = Vec::new();
        for stalled in [0, 100] {
            let mut run = Run::new(&Peer::Ours)?;
            run.open(900)?;
            let path = run.server.stream(0)?;
            for _ in 0..stalled {
                run.clients.open_stalled(run.server.port, &path)?;
            }
            // Enough for the kernel to be full.
            run.deliver(WARM, 20)?;
            let before = run.server.process.memory();
            let (cpu, waited) = run.deliver(deliveries, 1)?;
            both.push((
                micros(cpu),
                quantile(&waited, 50),
                quantile(&waited, 99),
                run.server.process.memory() - before.min(run.server.process.memory()),
            ));
        }
        cpu.push(both[1].0 / both[0].0);
        p50.push(both[1].1 / both[0].1);
        p99.push(both[1].2 / both[0].2);
        memory.push(both[1].3 as f64 / 1024.0 / 100.0);
    }
    line("CPU with them beside without", median(cpu), "", Some(1.1));
    line("p50 until the last of the 900 has it, with them beside without", median(p50), "", Some(1.1));
    line("p99 of the same", median(p99), "", Some(1.1));
    line("memory that came to be during these events, for each of the 100", median(memory), " KB", None);
    Ok(())
}

/// At a pace, not one after the other.
fn paced(n: usize, rate: f64, events: usize) -> Fallible<()> {
    println!("\n{n} clients, {rate} events a second, {events} of them; from the POST to the last client");
    let mut all = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for _ in 0..ROUNDS {
        for (peer, of) in [Peer::Floor, Peer::Ours].iter().zip(&mut all) {
            let mut run = Run::new(peer)?;
            run.open(n)?;
            run.deliver(WARM, 1)?;
            let waited = pace(&mut run, rate, events)?;
            of.0.push(quantile(&waited, 50));
            of.1.push(quantile(&waited, 99));
        }
    }
    for (name, of) in ["floor", "ours"].iter().zip(&all) {
        println!("  {name:<6} p50 {:>7.0} µs   p99 {:>7.0} µs", median(of.0.clone()), median(of.1.clone()));
    }
    let ratios = all[1].1.iter().zip(&all[0].1).map(|(ours, floor)| ours / floor).collect();
    line("p99, ours beside the floor", median(ratios), "", Some(1.5));
    Ok(())
}

fn pace(run: &mut Run, rate: f64, events: usize) -> Fallible<Vec<Duration>> {
    let requests = (0..events).map(|at| run.server.request(0, run.next + at, 1)).collect::<Fallible<Vec<_>>>()?;
    let mut waited = Vec::new();
    let begun = Instant::now();
    for (at, request) in requests.iter().enumerate() {
        let due = begun + Duration::from_secs_f64(at as f64 / rate);
        while Instant::now() < due {
            run.clients.poll(Some(due.saturating_duration_since(Instant::now())))?;
        }
        let (received, answers) = (run.clients.received() + run.n, run.clients.answers() + 1);
        run.clients.deliver(request)?;
        run.clients.until(received, 0)?;
        // One that was late by itself is late for its reader too.
        waited.push(due.elapsed());
        run.clients.until(0, answers)?;
    }
    run.next += events;
    Ok(waited)
}

/// The whole path for one.
fn one(events: usize) -> Fallible<()> {
    println!("\none delivery to one client, from the POST to the client");
    for peer in [Peer::Floor, Peer::Ours] {
        let mut run = Run::new(&peer)?;
        run.open(1)?;
        run.deliver(WARM, 1)?;
        let (_, waited) = run.deliver(events, 1)?;
        println!("  {:<6} p50 {:>6.0} µs   p99 {:>6.0} µs", peer.name(), quantile(&waited, 50), quantile(&waited, 99));
    }
    Ok(())
}

/// From a POST of 20 entries to committed and handed to a socket.
fn ingest(deliveries: usize) -> Fallible<()> {
    const ENTRIES: usize = 20;
    let bytes = peers::atom(0, ENTRIES).len();
    println!(
        "\na delivery of {ENTRIES} entries, {bytes} bytes, to committed and handed to a client; CPU of the server for each"
    );
    let mut parse = Vec::new();
    let (mut cpu, mut wall) = (vec![Vec::new(); 2], vec![Vec::new(); 2]);
    for _ in 0..ROUNDS {
        let bodies: Vec<_> = (0..deliveries).map(|at| peers::atom(at * ENTRIES, ENTRIES)).collect();
        pin(Core::Server);
        let before = own_cpu();
        for body in &bodies {
            assert_eq!(flickr_conduit::feed::read(body.as_bytes())?.events.len(), ENTRIES);
        }
        parse.push(micros(own_cpu() - before) / deliveries as f64);
        pin(Core::Clients);
        for (way, at_once) in [1, 32].into_iter().enumerate() {
            let mut run = Run::new(&Peer::Ours)?;
            run.open(1)?;
            (1..at_once).try_for_each(|_| run.clients.publisher(run.server.port))?;
            // Each publisher has an event name; the client follows the first.
            let name = |at: usize| at % at_once;
            let request = |at: usize| run.server.request(name(at), at / at_once * ENTRIES, ENTRIES);
            let requests = (0..deliveries).map(request).collect::<Fallible<Vec<_>>>()?;
            let before = run.server.process.cpu();
            let begun = Instant::now();
            for request in &requests {
                while !run.clients.deliver(request)? {
                    run.clients.poll(None)?;
                }
            }
            run.clients.until(deliveries.div_ceil(at_once) * ENTRIES, deliveries)?;
            wall[way].push(micros(begun.elapsed()) / deliveries as f64);
            cpu[way].push(micros(run.server.process.cpu().since(&before)) / deliveries as f64);
        }
    }
    println!("  parse alone {:>6.0} µs", median(parse.clone()));
    for (way, at_once) in ["one at a time", "32 at once, each another event name"].iter().enumerate() {
        println!("  {at_once}: CPU {:.0} µs, wall {:.0} µs each", median(cpu[way].clone()), median(wall[way].clone()));
        let ratios = cpu[way].iter().zip(&parse).map(|(cpu, parse)| cpu / parse).collect();
        line(&format!("CPU beside the parse alone, {at_once}"), median(ratios), "", Some(4.0));
    }
    Ok(())
}

/// Many event names with full histories, and a client for each.
fn names(n: usize) -> Fallible<()> {
    use flickr_conduit::bus::{Bus, HISTORY};
    use flickr_conduit::photo::{Change, PhotoEvent};

    println!("\n{n} event names with {HISTORY} events each");
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bus = Bus::open(folder.path(), &flickr_conduit::clock::Clock::system())?;
    let begun = Instant::now();
    runtime.block_on(async {
        let photos: Vec<_> = (0..HISTORY)
            .map(|id| PhotoEvent {
                title: Some(format!("Photo {id}")),
                ..PhotoEvent::new(Change::Added, id.to_string())
            })
            .collect();
        for name in 0..n {
            let name = peers::event(name).parse().map_err(|_| "a name")?;
            bus.publish(&name, &photos).await.map_err(|cause| cause.to_string())?;
        }
        bus.close().await;
        Ok::<_, String>(())
    })?;
    let bytes: u64 =
        std::fs::read_dir(folder.path())?.flatten().filter_map(|it| it.metadata().ok()).map(|it| it.len()).sum();
    println!("  written in {:.0} s, {:.0} MB on disk", begun.elapsed().as_secs_f64(), bytes as f64 / 1e6);
    let server = Peer::Ours.start_in(folder)?;
    let mut clients = Clients::new()?;
    clients.publisher(server.port)?;
    let fresh = server.process.memory();
    for name in 0..n {
        clients.open(server.port, &server.stream(name)?, 0)?;
    }
    let followed = server.process.memory();
    for name in 0..n {
        while !clients.deliver(&server.request(name, 0, 1)?)? {
            clients.poll(None)?;
        }
    }
    clients.until(n, n)?;
    println!(
        "  memory of the process: {:.1} MB at the start, {:.1} MB with a client for each name ({:.2} KB each), {:.1} MB after \
         an event for each",
        fresh as f64 / 1e6,
        followed as f64 / 1e6,
        (followed as f64 - fresh as f64) / n as f64 / 1024.0,
        server.process.memory() as f64 / 1e6,
    );
    Ok(())
}

/// What so many of a hundred do not exceed, in microseconds.
fn quantile(of: &[Duration], percent: usize) -> f64 {
    let mut of: Vec<_> = of.iter().map(|it| micros(*it)).collect();
    of.sort_by(f64::total_cmp);
    let at = (of.len() * percent).div_ceil(100);
    of.get(at.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
