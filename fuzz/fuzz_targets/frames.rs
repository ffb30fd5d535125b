//! `cargo +nightly fuzz run frames`: whatever a WebSocket client sends, and in whatever pieces it comes, nothing panics and
//! the pieces change nothing.

#![no_main]

use flickr_conduit::frame::reader::{FrameReader, Heard, Wrong};
use libfuzzer_sys::fuzz_target;

/// Everything that was heard, and how it ended.
fn read(pieces: &[&[u8]], compressed: bool) -> (Vec<Heard>, Option<Wrong>) {
    let (mut reader, mut all) = (FrameReader::new(compressed), Vec::new());
    for piece in pieces {
        match reader.read(piece) {
            Ok(heard) => {
                let is_over = heard.close.is_some();
                all.push(heard);
                if is_over {
                    break;
                }
            }
            Err(wrong) => return (all, Some(wrong)),
        }
    }
    (all, None)
}

fuzz_target!(|input: (bool, u8, &[u8])| {
    let (compressed, size, bytes) = input;
    let pieces: Vec<&[u8]> = bytes.chunks(usize::from(size).max(1)).collect();
    let (in_pieces, ended) = read(&pieces, compressed);
    let (whole, wrong) = read(&[bytes], compressed);
    assert_eq!(ended, wrong);
    // Of several pings in one piece the last counts, so the last of all is the same.
    let close = |all: &[Heard]| all.iter().find_map(|it| it.close);
    assert_eq!(close(&in_pieces), close(&whole));
    if wrong.is_none() {
        let ping = |all: &[Heard]| all.iter().rev().find_map(|it| it.ping.clone());
        assert_eq!(ping(&in_pieces), ping(&whole));
    }
});
