//! What a page says after something was done. The address carries a code and never a text: a link from elsewhere must
//! not put words into our mouth.

/// The sentence for the code in `done=`.
#[must_use]
pub fn read(query: Option<&str>) -> Option<&'static str> {
    let (_, code) = form_urlencoded::parse(query?.as_bytes()).find(|(name, _)| name == "done")?;
    Some(match &*code {
        "named" => "The name is changed.",
        "renewed" => "The hub is being asked again. Reload this page in a moment to see what it said.",
        "ended" => "The subscription has ended here, and the hub is being told.",
        "revoked" => "The wall is no more: its link opens nothing now.",
        "remote" => "The remote has a new link. The one before drives nothing any more.",
        "trouble" => "Your wall is there, but something below does not work yet.",
        _ => return None,
    })
}
