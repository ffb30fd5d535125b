//! Licences by their number in the REST API.

/// The address of a licence's text (documented of `flickr.photos.licenses.getInfo`). All rights reserved, 0, has none.
#[must_use]
pub fn address(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "https://creativecommons.org/licenses/by-nc-sa/2.0/",
        2 => "https://creativecommons.org/licenses/by-nc/2.0/",
        3 => "https://creativecommons.org/licenses/by-nc-nd/2.0/",
        4 => "https://creativecommons.org/licenses/by/2.0/",
        5 => "https://creativecommons.org/licenses/by-sa/2.0/",
        6 => "https://creativecommons.org/licenses/by-nd/2.0/",
        7 => "https://www.flickr.com/commons/usage/",
        8 => "https://www.usa.gov/copyright.shtml",
        9 => "https://creativecommons.org/publicdomain/zero/1.0/",
        10 => "https://creativecommons.org/publicdomain/mark/1.0/",
        _ => return None,
    })
}
