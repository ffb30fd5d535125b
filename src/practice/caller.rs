//! Who makes a REST call, and what they may do.

/// The account that an access token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Their account.
    pub nsid: String,
    /// What they allowed the application to do.
    pub perms: Perms,
}

/// What an application may do in somebody's name. Each includes those before it (documented: "write" includes "read").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Perms {
    /// See private things.
    Read,
    /// Add, change and fave.
    Write,
    /// Delete.
    Delete,
}

impl Perms {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Delete];

    /// Its name on the wire: `read`, `write`, `delete`.
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
        Self::ALL.into_iter().find(|perms| perms.name() == name)
    }
}
