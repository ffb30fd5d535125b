//! What reading a feed costs, next to a bare scan of the same bytes: quick-xml's events and nothing done with them.
//!
//! `cargo bench --bench feed` shows both for a document of one entry and one of a hundred, and then how many bare scans
//! one reading is worth.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use divan::Bencher;
use divan::counter::BytesCount;
use flickr_conduit::feed;
use quick_xml::Reader;
use quick_xml::events::Event;

const SIZES: [usize; 2] = [1, 100];

fn main() {
    divan::main();
    for n_entries in SIZES {
        let document = document(n_entries);
        let (reading, scanning) = medians(&document);
        println!(
            "{n_entries} entries, {} bytes: read {reading:.1} µs, bare scan {scanning:.1} µs, ratio {:.2}",
            document.len(),
            reading / scanning
        );
    }
}

#[divan::bench(args = SIZES)]
fn read(bencher: Bencher<'_, '_>, n_entries: usize) {
    let document = document(n_entries);
    bencher.counter(BytesCount::of_str(&document)).bench(|| feed::read(black_box(document.as_bytes())));
}

#[divan::bench(args = SIZES)]
fn bare_scan(bencher: Bencher<'_, '_>, n_entries: usize) {
    let document = document(n_entries);
    bencher.counter(BytesCount::of_str(&document)).bench(|| scan(black_box(document.as_bytes())));
}

fn scan(bytes: &[u8]) -> usize {
    let mut reader = Reader::from_reader(bytes);
    let mut n_events = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return n_events,
            Ok(event) => {
                black_box(event);
                n_events += 1;
            }
        }
    }
}

/// Medians in microseconds, of runs that take turns so that a noisy moment is shared.
fn medians(document: &str) -> (f64, f64) {
    const RUNS: usize = 401;
    let (mut reading, mut scanning) = (Vec::with_capacity(RUNS), Vec::with_capacity(RUNS));
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e6
    };
    for _ in 0..RUNS {
        reading.push(time(&|| drop(black_box(feed::read(black_box(document.as_bytes()))))));
        scanning.push(time(&|| {
            black_box(scan(black_box(document.as_bytes())));
        }));
    }
    (median(reading), median(scanning))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A push document as Flickr's templates made them: escaped content, Media RSS and Flickr's own author elements.
fn document(n_entries: usize) -> String {
    let mut feed = String::from(
        r#"<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:flickr="urn:flickr:user" xmlns:media="http://search.yahoo.com/mrss/">
  <title>Photos of your contacts</title>
  <link rel="self" href="https://www.flickr.com/services/feeds/push" />
  <id>tag:flickr.com,2005:/push/contacts_photos</id>
  <updated>2012-09-12T22:00:00Z</updated>
"#,
    );
    for n in 0..n_entries {
        let id = 7_000_000_000 + n;
        let _ = write!(
            feed,
            r#"
  <entry>
    <title>A kitten, number {n} of the litter</title>
    <link rel="alternate" type="text/html" href="https://www.flickr.com/photos/12345678@N00/{id}/"/>
    <id>tag:flickr.com,2005:/photo/{id}</id>
    <published>2012-09-12T21:55:00Z</published>
    <updated>2012-09-12T22:00:00Z</updated>
    <dc:date.Taken>2012-09-10T12:00:00-08:00</dc:date.Taken>
    <content type="html">			&lt;p&gt;&lt;a href=&quot;https://www.flickr.com/people/kittens/&quot;&gt;Keeper of the Kittens&lt;/a&gt; posted a photo:&lt;/p&gt;

&lt;p&gt;&lt;a href=&quot;https://www.flickr.com/photos/12345678@N00/{id}/&quot; title=&quot;Kitten&quot;&gt;&lt;img src=&quot;https://live.staticflickr.com/65535/{id}_0123456789_m.jpg&quot; width=&quot;240&quot; height=&quot;160&quot; alt=&quot;Kitten&quot; /&gt;&lt;/a&gt;&lt;/p&gt;

&lt;p&gt;She opened her eyes this morning and was not impressed by what she saw of the world.&lt;/p&gt;</content>
    <author>
      <name>Keeper of the Kittens</name>
      <uri>https://www.flickr.com/people/12345678@N00/</uri>
      <flickr:nsid>12345678@N00</flickr:nsid>
      <flickr:buddyicon>https://farm5.staticflickr.com/4045/buddyicons/12345678@N00.jpg</flickr:buddyicon>
    </author>
    <media:content url="https://live.staticflickr.com/65535/{id}_0123456789_b.jpg" type="image/jpeg" height="683" width="1024"/>
    <media:title>Kitten</media:title>
    <media:description type="html">&lt;p&gt;She opened her eyes this morning.&lt;/p&gt;</media:description>
    <media:thumbnail url="https://live.staticflickr.com/65535/{id}_0123456789_s.jpg" height="75" width="75" />
    <media:credit role="photographer">Keeper of the Kittens</media:credit>
    <media:category scheme="urn:flickr:tags">kitten cat litter</media:category>
  </entry>
"#
        );
    }
    feed.push_str("</feed>\n");
    feed
}
