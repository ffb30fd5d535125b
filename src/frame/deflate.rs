//! permessage-deflate (RFC 7692): messages that are compressed once, for all who asked for it.
//!
//! Compressing for each client costs twenty times what sending does. Without context takeover (section 7.1.1) a message
//! does not depend on the ones before it, so that its compressed bytes, too, are the same for everybody.

use flate2::{Compress, Compression, FlushCompress, Status};

/// What we answer to an offer that we take. Clients keep no context either, since what they say is not even read.
pub const ACCEPTED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// What ends a flushed block, and is left out of a message (section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// Shorter messages do not become shorter.
const WORTH_IT: usize = 64;

/// Whether a `Sec-WebSocket-Extensions` header offers what we can do.
///
/// An offer is declined when it asks for a smaller window than ours of 15 bits (section 7.1.2.1), or for anything that the
/// RFC does not know (section 7.1).
pub fn is_offered(header: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        parts.next() == Some("permessage-deflate") && parts.all(is_fine)
    })
}

fn is_fine(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)));
    let value = value.map(|it| it.trim().trim_matches('"'));
    match (name.trim(), value) {
        ("server_no_context_takeover" | "client_no_context_takeover" | "client_max_window_bits", None) => true,
        ("client_max_window_bits", Some(bits)) => (8..=15).any(|it| bits == it.to_string()),
        ("server_max_window_bits", Some(bits)) => bits == "15",
        _ => false,
    }
}

/// Compresses messages, one by one.
#[derive(Debug)]
pub struct Deflater(Compress);

impl Default for Deflater {
    fn default() -> Self {
        Self(Compress::new(Compression::fast(), false))
    }
}

impl Deflater {
    /// The payload of a compressed message, or `None` when `message` is shorter as it is.
    pub fn deflate(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        if message.len() < WORTH_IT {
            return None;
        }
        self.0.reset();
        let mut deflated = Vec::with_capacity(message.len());
        // Ends before everything was taken only when the result would be no shorter.
        let status = self.0.compress_vec(message, &mut deflated, FlushCompress::Sync).ok()?;
        let whole = status == Status::Ok && self.0.total_in() == message.len() as u64 && deflated.ends_with(&TAIL);
        deflated.truncate(deflated.len().saturating_sub(TAIL.len()));
        (whole && deflated.len() < message.len()).then_some(deflated)
    }
}

#[cfg(test)]
mod tests {
    use flate2::{Decompress, FlushDecompress};
    use proptest::prelude::*;

    use super::*;

    fn inflate(payload: &[u8], len: usize) -> Vec<u8> {
        let mut inflated = Vec::with_capacity(len + 64);
        let whole = [payload, &TAIL].concat();
        Decompress::new(false).decompress_vec(&whole, &mut inflated, FlushDecompress::Sync).unwrap();
        inflated
    }

    #[test]
    fn only_offers_that_we_can_keep_are_taken() {
        let check = |header, expected| assert_eq!(is_offered(header), expected, "{header}");
        // Chromium, Firefox, Safari.
        check("permessage-deflate; client_max_window_bits", true);
        check("permessage-deflate", true);
        check("x-webkit-deflate-frame, permessage-deflate ;server_no_context_takeover", true);
        check("permessage-deflate; client_max_window_bits=10; server_max_window_bits=\"15\"", true);
        check("permessage-deflate; server_max_window_bits=10", false);
        check("permessage-deflate; server_max_window_bits=10, permessage-deflate", true);
        check("permessage-deflate; server_max_window_bits", false);
        check("permessage-deflate; client_max_window_bits=16", false);
        check("permessage-deflate; mystery", false);
        check("permessage-bzip2", false);
        check("", false);
    }

    #[test]
    fn what_does_not_become_shorter_stays_as_it_is() {
        let mut deflater = Deflater::default();
        assert_eq!(deflater.deflate(b"{\"type\":\"ping\"}"), None);
        // xorshift: noise, the same each time.
        let mut seed = 88_172_645_463_325_252_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_be_bytes()[0]
        })
        .take(500)
        .collect();
        assert_eq!(deflater.deflate(&noise), None);
        let message = b"{\"type\":\"photo\"}".repeat(40);
        assert_eq!(
            inflate(&deflater.deflate(&message).unwrap(), message.len()),
            message,
            "and it still works after that"
        );
    }

    proptest! {
        #[test]
        fn a_client_reads_each_compressed_message_without_the_ones_before(
            messages in prop::collection::vec("[a-f\":{},]{0,800}", 1..5),
        ) {
            let mut deflater = Deflater::default();
            for message in messages {
                if let Some(deflated) = deflater.deflate(message.as_bytes()) {
                    prop_assert_eq!(inflate(&deflated, message.len()), message.as_bytes());
                }
            }
        }
    }
}
