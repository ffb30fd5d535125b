//! Topics as addresses: `{base}/topics/tags?tags=cat,kitten`.
//!
//! The path names the topic, and the query its arguments, called as those of `flickr.push.subscribe`. There is one address
//! that is written, whatever was asked for: arguments are in canonical form and order. Others that mean the same are read.

use url::Url;

use crate::topic::{BadArgument, Topic};

/// Where topics are, below the base.
pub const TOPICS: &str = "/topics/";
/// The longest address of a topic, in bytes: the most tags of the greatest length are longer, and nobody's.
const LONGEST: usize = 2048;

/// The address of a topic.
#[must_use]
pub fn write(base: &str, topic: &Topic) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(topic.arguments().iter().filter(|(name, _)| *name != "topic"));
    let (query, kind) = (query.finish(), topic.kind().name());
    // A comma is itself in a query, and easier on the eye.
    let query = query.replace("%2C", ",");
    if query.is_empty() { format!("{base}{TOPICS}{kind}") } else { format!("{base}{TOPICS}{kind}?{query}") }
}

/// Reads the address of a topic of this hub.
///
/// # Errors
/// What is wrong, in a sentence.
pub fn read(base: &str, address: &str) -> Result<Topic, String> {
    if address.len() > LONGEST {
        return Err(format!("expected at most {LONGEST} bytes"));
    }
    let not_ours = || format!("this hub has no topic of that address; its topics begin with {base}{TOPICS}");
    let (url, base) = Url::parse(address).ok().zip(Url::parse(base).ok()).ok_or_else(not_ours)?;
    let below = url.path().strip_prefix(base.path().trim_end_matches('/')).and_then(|it| it.strip_prefix(TOPICS));
    let name = below.filter(|_| url.origin() == base.origin()).ok_or_else(not_ours)?;
    of(name, url.query().unwrap_or_default()).map_err(|bad| bad.to_string())
}

/// The topic of this name, with the arguments of a query.
///
/// # Errors
/// The argument that is missing or wrong.
pub fn of(name: &str, query: &str) -> Result<Topic, BadArgument> {
    let find = |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(it, _)| it == name);
    Topic::from_arguments(|argument| match argument {
        "topic" => Some(name.to_owned()),
        other => find(other).map(|(_, value)| value.into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://hub.test";

    #[test]
    fn a_topic_has_one_address_and_is_found_by_others() {
        let check = |address: &str, written: &str| {
            let topic = read(BASE, address).unwrap_or_else(|wrong| panic!("{address}: {wrong}"));
            assert_eq!(write(BASE, &topic), written);
            assert_eq!(read(BASE, written), Ok(topic));
        };
        check("https://hub.test/topics/tags?tags=kitten", "https://hub.test/topics/tags?tags=kitten");
        check("https://hub.test:443/topics/tags?x=y&tags=Kitten%2CCat", "https://hub.test/topics/tags?tags=cat,kitten");
        check("https://hub.test/topics/tags?tags=a&topic=my_faves", "https://hub.test/topics/tags?tags=a");
        check("https://hub.test/topics/commons", "https://hub.test/topics/commons");
        check(
            "https://hub.test/topics/commons?nsids=8623220@N02",
            "https://hub.test/topics/commons?nsids=8623220%40N02",
        );
        check("https://hub.test/topics/my_faves", "https://hub.test/topics/my_faves");
        let geo = read(BASE, "https://hub.test/topics/geo?lat=1.5&lon=2").unwrap();
        assert_eq!(read(BASE, &write(BASE, &geo)), Ok(geo));
        let (mounted, tags) = ("http://localhost:8080/practice", Topic::tags(["é & ü"]).unwrap());
        assert_eq!(read(mounted, &write(mounted, &tags)), Ok(tags));
    }

    #[test]
    fn what_is_no_topic_of_ours_is_told_so() {
        let check = |address: &str, word: &str| {
            let wrong = read(BASE, address).unwrap_err();
            assert!(wrong.contains(word), "{address}: {wrong}");
        };
        check("https://other.test/topics/tags?tags=a", "no topic of that address");
        check("http://hub.test/topics/tags?tags=a", "no topic of that address");
        check("https://hub.test.evil.test/topics/tags?tags=a", "no topic of that address");
        check("https://hub.test/feeds/tags?tags=a", "no topic of that address");
        check("tags", "no topic of that address");
        check("https://hub.test/topics/airports", "no topic");
        check("https://hub.test/topics/tags", "at least one tag");
        check("https://hub.test/topics/geo?lat=99&lon=1", "lat");
        check(&format!("https://hub.test/topics/tags?tags={}", "a".repeat(2048)), "2048 bytes");
    }
}
