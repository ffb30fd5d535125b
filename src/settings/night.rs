//! When a screen sleeps: `22:00-07:00`, or `mon-fri 19:00-07:30; sat,sun 23:00-09:00`.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// More spans than a week needs are a mistake.
const MAX_SPANS: usize = 14;
/// The days as they are written, and in the order in which people count them; 0 is Sunday, as in JavaScript's `getDay`.
const DAYS: [(&str, &str, u8); 7] = [
    ("mon", "monday", 1),
    ("tue", "tuesday", 2),
    ("wed", "wednesday", 3),
    ("thu", "thursday", 4),
    ("fri", "friday", 5),
    ("sat", "saturday", 6),
    ("sun", "sunday", 0),
];

/// Spans of time in which the screen sleeps; none means never.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Night {
    spans: Vec<Span>,
}

/// From one time of a day to another, on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The days on which it begins, 0 to 6 from Sunday, sorted.
    pub days: Vec<u8>,
    /// Minutes after midnight, 0 to 1439.
    pub from: u16,
    /// Minutes after midnight, 0 to 1440. One that is not after `from` is on the next day.
    pub to: u16,
}

impl Night {
    /// Its spans, in the order in which they were written.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }
}

/// Why a text says no night: what was expected, as the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotANight(String);

fn wrong<T>(sentence: impl Into<String>) -> Result<T, NotANight> {
    Err(NotANight(sentence.into()))
}

impl FromStr for Night {
    type Err = NotANight;

    fn from_str(text: &str) -> Result<Self, NotANight> {
        let spans = text.split(';').map(str::trim).filter(|it| !it.is_empty());
        let spans = spans.map(str::parse).collect::<Result<Vec<Span>, _>>()?;
        match spans.len() {
            0..=MAX_SPANS => Ok(Self { spans }),
            n => wrong(format!("expected at most {MAX_SPANS} spans of time, and not {n}")),
        }
    }
}

impl FromStr for Span {
    type Err = NotANight;

    /// Days, where they are not all, and two times with a hyphen (or a dash, which phones make of it).
    fn from_str(text: &str) -> Result<Self, NotANight> {
        let text = text.replace(['–', '—'], "-").to_lowercase();
        let times_at = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (days, times) = text.split_at(times_at);
        let days = read_days(days.trim())?;
        let Some((from, to)) = times.split_once('-') else {
            return wrong(match times.trim() {
                "" => "expected times such as 22:00-07:00".to_owned(),
                one => format!("expected when it begins and when it ends, such as {one}-07:00"),
            });
        };
        let (from, to) = (minutes(from)?, minutes(to)?);
        if from == DAY {
            return wrong("a night that begins at 24:00 begins at 00:00 of the next day");
        }
        Ok(Self { days, from, to })
    }
}

/// `mon-fri,sun`; nothing means all.
fn read_days(text: &str) -> Result<Vec<u8>, NotANight> {
    if text.is_empty() {
        return Ok((0..7).collect());
    }
    let mut days = Vec::new();
    // A comma or a space after the last day is no day of its own.
    for part in text.split([',', ' ']).map(str::trim).filter(|it| !it.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        // Friday to Monday goes over the end of the week.
        let n = (last + 7 - first) % 7;
        days.extend((0..=n).map(|it| DAYS[(first + it) % 7].2));
    }
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// Where a day stands in [`DAYS`].
fn day(text: &str) -> Result<usize, NotANight> {
    let text = text.trim();
    let found = DAYS.iter().position(|(short, long, _)| [*short, *long].contains(&text));
    match found {
        Some(at) => Ok(at),
        None => wrong(format!("{text:?} is no day, expected mon, tue, wed, thu, fri, sat or sun")),
    }
}

/// `7:30` in minutes.
fn minutes(text: &str) -> Result<u16, NotANight> {
    let text = text.trim();
    let number = |it: &str, most: u16| {
        let is_plain = (1..=2).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_digit());
        it.parse::<u16>().ok().filter(|it| is_plain && *it <= most)
    };
    let read = text.split_once(':').filter(|(_, minutes)| minutes.len() == 2);
    let read = read.and_then(|(hours, minutes)| Some(60 * number(hours, 24)? + number(minutes, 59)?));
    match read.filter(|it| *it <= DAY) {
        Some(minutes) => Ok(minutes),
        None => wrong(format!("{text:?} is no time of day, expected one from 00:00 to 24:00")),
    }
}

impl fmt::Display for Night {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, span) in self.spans.iter().enumerate() {
            let between = if n == 0 { "" } else { "; " };
            write!(f, "{between}{span}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_there: Vec<bool> = DAYS.iter().map(|(_, _, number)| self.days.contains(number)).collect();
        if is_there.contains(&false) {
            let mut parts = Vec::new();
            let mut at = 0;
            while at < 7 {
                let n = is_there[at..].iter().take_while(|it| **it).count();
                match n {
                    0 => {}
                    1 | 2 => parts.extend(DAYS[at..at + n].iter().map(|it| it.0.to_owned())),
                    _ => parts.push(format!("{}-{}", DAYS[at].0, DAYS[at + n - 1].0)),
                }
                at += n.max(1);
            }
            write!(f, "{} ", parts.join(","))?;
        }
        let Self { from, to, .. } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        serde_json::to_string(&text.parse::<Night>().unwrap()).unwrap()
    }

    #[test]
    fn a_night_is_read_as_people_write_it() {
        let all = r#""days":[0,1,2,3,4,5,6]"#;
        assert_eq!(json("22:00-07:00"), format!("[{{{all},\"from\":1320,\"to\":420}}]"));
        assert_eq!(json(" 7:05 – 24:00 ; "), format!("[{{{all},\"from\":425,\"to\":1440}}]"));
        assert_eq!(
            json("Mon-Fri 19:00-07:30; sat,sun 23:00-09:00"),
            r#"[{"days":[1,2,3,4,5],"from":1140,"to":450},{"days":[0,6],"from":1380,"to":540}]"#
        );
        assert_eq!(json("friday-mon, wed 1:00-2:00"), r#"[{"days":[0,1,3,5,6],"from":60,"to":120}]"#);
        assert_eq!(json(";"), "[]");
    }

    #[test]
    fn it_is_written_in_one_way() {
        let written = |text: &str| text.parse::<Night>().unwrap().to_string();
        for (given, expected) in [
            ("22:00-7:00", "22:00-07:00"),
            ("sun,sat,fri,mon 0:00-24:00", "mon,fri-sun 00:00-24:00"),
            ("sat sun 23:00-09:00;mon-sun 1:00-2:00", "sat,sun 23:00-09:00; 01:00-02:00"),
        ] {
            assert_eq!(written(given), expected);
            assert_eq!(written(expected), expected);
        }
    }

    #[test]
    fn what_is_no_night_is_told_with_the_part_that_is_wrong() {
        let many = "1:00-2:00;".repeat(15);
        for (given, expected) in [
            ("always", r#""always" is no day, expected mon, tue, wed, thu, fri, sat or sun"#),
            ("mo-fr 22:00-7:00", r#""mo" is no day, expected mon, tue, wed, thu, fri, sat or sun"#),
            ("mon-", r#""" is no day, expected mon, tue, wed, thu, fri, sat or sun"#),
            ("mon", "expected times such as 22:00-07:00"),
            ("22:00", "expected when it begins and when it ends, such as 22:00-07:00"),
            ("22-7", r#""22" is no time of day, expected one from 00:00 to 24:00"#),
            ("22:00-25:00", r#""25:00" is no time of day, expected one from 00:00 to 24:00"#),
            ("22:00-24:01", r#""24:01" is no time of day, expected one from 00:00 to 24:00"#),
            ("22:00-7:60", r#""7:60" is no time of day, expected one from 00:00 to 24:00"#),
            ("22:00-07:00, 12:00-13:00", r#""07:00, 12:00-13:00" is no time of day, expected one from 00:00 to 24:00"#),
            ("24:00-07:00", "a night that begins at 24:00 begins at 00:00 of the next day"),
            (&many, "expected at most 14 spans of time, and not 15"),
        ] {
            assert_eq!(given.parse::<Night>().unwrap_err().to_string(), expected, "{given}");
        }
    }
}
