//! What a screen is called, and which page load it is.

use std::fmt;

/// The most characters of a screen's name.
pub const MAX_NAME: usize = 40;

/// What somebody calls a screen: 1 to [`MAX_NAME`] characters on one line, such as `kitchen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenName(String);

impl ScreenName {
    /// `text` without the space around it, when it is a name.
    ///
    /// # Errors
    /// What is wrong with it, and what is expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let name = text.trim();
        let n = name.chars().count();
        if n == 0 || n > MAX_NAME || name.chars().any(char::is_control) {
            let start: String = name.chars().take(MAX_NAME).collect();
            return Err(format!("screen is {start:?}: expected a name of 1 to {MAX_NAME} characters on one line"));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in small letters: who types it need not care.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for ScreenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which page load a screen is: 8 to 40 characters that the page has drawn. It tells a screen that comes back from
/// another one of the same name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instance(String);

impl Instance {
    /// `text` when it has the form.
    ///
    /// # Errors
    /// What is expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let known = text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
        if !known || !(8..=40).contains(&text.len()) {
            let start: String = text.chars().take(40).collect();
            return Err(format!("instance is {start:?}: expected 8 to 40 letters, digits, - or _"));
        }
        Ok(Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_forty_characters_without_the_space_around_it() {
        assert_eq!(ScreenName::read("  Küche 2 ").unwrap().as_str(), "Küche 2");
        assert_eq!(ScreenName::read("Küche").unwrap().folded(), "küche");
        assert!(ScreenName::read(&"猫".repeat(40)).is_ok());
        for wrong in ["", "  ", "a\u{7}b", "a\nb", &"猫".repeat(41)] {
            let sentence = ScreenName::read(wrong).unwrap_err();
            assert!(sentence.ends_with(": expected a name of 1 to 40 characters on one line"), "{sentence}");
            assert!(sentence.len() < 300, "{sentence}");
        }
    }

    #[test]
    fn an_instance_is_what_a_page_draws() {
        for good in ["abcdefgh", "A-b_9xyz", &"x".repeat(40)] {
            assert_eq!(Instance::read(good).unwrap().as_str(), good);
        }
        for wrong in ["", "short", "with space", "ümlauts!", &"x".repeat(41)] {
            assert!(Instance::read(wrong).is_err(), "{wrong}");
        }
    }
}
