//! Server-sent events out of the bytes of a response (the HTML standard, section 9.2.6), as far as our streams use them.

use std::mem;

/// A line that is longer is no stream of ours, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Event {
    /// The position after it, when it moved.
    pub(super) id: Option<String>,
    /// Its message.
    pub(super) data: String,
}

/// Collects bytes until they make events.
#[derive(Debug, Default)]
pub(super) struct Events {
    rest: Vec<u8>,
    event: Event,
}

/// This is no stream of events.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoEvents;

impl Events {
    /// Takes what came, and gives the events that are whole now.
    ///
    /// # Errors
    /// When a line does not end.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<Event>, NoEvents> {
        self.rest.extend_from_slice(bytes);
        let mut whole = Vec::new();
        let mut begin = 0;
        while let Some(length) = memchr::memchr(b'\n', &self.rest[begin..]) {
            let line = String::from_utf8_lossy(&self.rest[begin..begin + length]).into_owned();
            begin += length + 1;
            self.line(line.trim_end_matches('\r'), &mut whole);
        }
        self.rest.drain(..begin);
        if self.rest.len() > LONGEST { Err(NoEvents) } else { Ok(whole) }
    }

    fn line(&mut self, line: &str, whole: &mut Vec<Event>) {
        if line.is_empty() {
            let event = mem::take(&mut self.event);
            if !event.data.is_empty() {
                whole.push(event);
            }
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            "id" => self.event.id = Some(value.to_owned()),
            // Comments, the name of the event, which stands in the message too, and how long to wait, which we know.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: &str =
        "retry: 2000\nevent: hello\ndata: {\"a\":1}\n\n: a comment\nid: x:7\r\ndata: one\r\ndata:two\r\n\r\n\n";

    fn expected() -> Vec<Event> {
        let hello = Event { id: None, data: "{\"a\":1}".into() };
        vec![hello, Event { id: Some("x:7".into()), data: "one\ntwo".into() }]
    }

    proptest! {
        #[test]
        fn events_are_the_same_however_their_bytes_are_split(cuts in proptest::collection::vec(1_usize..20, 1..60)) {
            let (mut events, mut found, mut rest) = (Events::default(), Vec::new(), STREAM.as_bytes());
            for cut in cuts {
                let (now, later) = rest.split_at(cut.min(rest.len()));
                found.extend(events.take(now).unwrap());
                rest = later;
            }
            found.extend(events.take(rest).unwrap());
            prop_assert_eq!(found, expected());
        }
    }

    #[test]
    fn a_line_without_an_end_is_given_up() {
        let mut events = Events::default();
        assert_eq!(events.take(&vec![b'x'; LONGEST + 1]), Err(NoEvents));
    }
}
