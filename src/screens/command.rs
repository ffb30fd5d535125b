//! What a screen can be told.

/// One thing for a screen to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Show the next photo.
    Next,
    /// Show the photo before.
    Previous,
    /// Stay with what is on show.
    Pause,
    /// Go on.
    Play,
    /// Go dark.
    Sleep,
    /// Be bright again.
    Wake,
    /// Show what the screen is called.
    Name,
    /// Show the wall of this link instead.
    Open(String),
}

impl Command {
    /// Its word in a message.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Previous => "previous",
            Self::Pause => "pause",
            Self::Play => "play",
            Self::Sleep => "sleep",
            Self::Wake => "wake",
            Self::Name => "name",
            Self::Open(_) => "open",
        }
    }

    /// The link of the wall to show instead.
    #[must_use]
    pub fn wall(&self) -> Option<&str> {
        match self {
            Self::Open(link) => Some(link),
            _ => None,
        }
    }
}
