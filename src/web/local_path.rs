//! A path of ours that somebody is sent on to.

/// Longer ones are nobody's page.
const MAX_LEN: usize = 512;

/// A path on this server, query included. It never leads to another host, whatever somebody wrote into a link of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// `text` when it is one. It begins with one slash; a second one, or a backslash, which browsers take for one, would
    /// name a host. Tabs and line ends, which browsers drop, are in none (WHATWG URL, basic URL parser).
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = text.starts_with('/') && !text.starts_with("//");
        (plain && local && text.len() <= MAX_LEN).then(|| Self(text.to_owned()))
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where somebody chooses what they want to see.
impl Default for LocalPath {
    fn default() -> Self {
        Self("/topics".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    #[test]
    fn what_names_another_host_is_no_local_path() {
        let read = |text| LocalPath::read(text).is_some();
        assert!(read("/walls?done=named") && read("/") && read("/topics?wall=new&next=https://evil.example/"));
        for other in ["", "walls", "//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example/"] {
            assert!(!read(other), "{other}");
        }
        assert!(!read("/\t/evil.example") && !read("/\n/evil.example") && !read(" //evil.example") && !read("/ä"));
        assert!(!read(&format!("/{}", "x".repeat(MAX_LEN))));
    }

    proptest! {
        #[test]
        fn no_local_path_leaves_this_server(text in r"[/\\.:@a-z?#\t\n%0-9 ä-]{0,30}") {
            let home = Url::parse("https://wall.example.org/").unwrap();
            if let Some(path) = LocalPath::read(&text) {
                let landed = home.join(path.as_str());
                prop_assert_eq!(landed.map(|it| it.origin()), Ok(home.origin()));
            }
        }
    }
}
