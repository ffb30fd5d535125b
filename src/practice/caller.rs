//! Who calls the REST API, as their signature says.

/// Somebody who signed in, through an application that they allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Their account.
    pub nsid: String,
    /// What they allowed the application.
    pub perms: Perms,
}

/// What an application may do; each includes the ones before it (documented of Flickr's `authorize`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Perms {
    /// See what the person sees, and subscribe to it.
    Read,
    /// And change it, fave too.
    Write,
    /// And delete it.
    Delete,
}

impl Perms {
    /// Its name in addresses and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }

    /// The permission of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Delete].into_iter().find(|it| it.name() == name)
    }
}
