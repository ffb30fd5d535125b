//! A text that must not be printed, and where it may come from.

use std::fmt;

/// A secret text. Its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being printed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text that was given, or the first line of the file that was named. An empty one counts as absent, as
    /// platforms set variables that somebody left blank.
    ///
    /// # Errors
    /// A sentence that goes on after the variable's name.
    pub(super) fn choose(name: &str, text: Option<String>, file: Option<String>) -> Result<Option<Self>, String> {
        let text = text.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        match (text, file.filter(|it| !it.trim().is_empty())) {
            (Some(_), Some(file)) => Err(format!("is given twice, by itself and by {name}_FILE ({file}): remove one")),
            (Some(text), None) => Ok(Some(Self(text))),
            (None, None) => Ok(None),
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(content) => match content.lines().next().map(str::trim).filter(|it| !it.is_empty()) {
                    Some(line) => Ok(Some(Self::new(line))),
                    None => Err(format!("is to be read from {file}, whose first line is empty")),
                },
                Err(cause) => Err(format!("is to be read from {file}, which cannot be: {cause}")),
            },
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
