//! Tags as Flickr compares them.

/// The longest tag, in characters.
pub const MAX_LEN: usize = 100;

/// What Flickr calls the clean form of a tag: lower case, without spaces and punctuation, so that `New York` and
/// `new-york` are one. A machine tag (`namespace:predicate=value`) keeps its signs.
#[must_use]
pub fn normal(raw: &str) -> String {
    let is_machine = raw.split_once(':').is_some_and(|(space, rest)| !space.is_empty() && rest.contains('='));
    let keep =
        |c: &char| !c.is_whitespace() && !c.is_control() && (*c != ',' && (is_machine || !c.is_ascii_punctuation()));
    raw.chars().filter(keep).flat_map(char::to_lowercase).collect()
}
