//! What helps against a cause.

use crate::doctor::Cause;

const BRIDGED: &str = "Photos come by the bridge meanwhile.";

impl Cause {
    /// What helps, as a sentence.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NoPublicUrl { .. } => "Set PUBLIC_URL to the address by which the internet reaches this server, such as https://wall.example.org; for trying out on this machine nothing needs to be done.".into(),
            Self::WrongHost { port, found: Some(found), .. } => format!("Point its proxy at port {port} of this machine, or set PUBLIC_URL={found}, where this server answers."),
            Self::WrongHost { port, found: None, .. } => format!("Point its proxy at port {port} of this machine, or correct PUBLIC_URL."),
            Self::SentOn { to, .. } => format!("Set PUBLIC_URL to the address at the end of the way, as it seems {to}."),
            Self::OtherConduit { .. } => "Stop the other one (an old deployment?), point the proxy at this one, or correct PUBLIC_URL.".into(),
            Self::WrongScheme { right, .. } => format!("Set PUBLIC_URL={right}"),
            Self::WrongPort { found: Some(found), .. } => format!("Set PUBLIC_URL={found}, or let its port lead here."),
            Self::WrongPort { found: None, port, .. } => format!("This server listens on port {port}: correct the port in PUBLIC_URL (or PORT), or start the proxy that should listen there."),
            Self::ProxyFindsNobody { bind, port, .. } => {
                if bind.starts_with("127.") || bind.starts_with("[::1]") {
                    format!("Point the proxy at port {port}. If it runs on another machine or in a container, BIND=0.0.0.0 lets it in.")
                } else {
                    format!("Point the proxy at port {port} of this machine.")
                }
            }
            Self::NoSuchHost { .. } => "Correct PUBLIC_URL, or make the DNS entry (a new one may take an hour to be known).".into(),
            Self::NoWay { bind, .. } => format!("Open the firewall, or forward the port to this machine. This server listens at {bind}; with BIND=127.0.0.1 only a proxy on this machine gets in, BIND=0.0.0.0 lets all in."),
            Self::BadCertificate { .. } => "Renew its certificate, or have it signed by an authority that browsers trust; a hub refuses it too.".into(),
            Self::NotFromOutside { .. } => "For Flickr's push set PUBLIC_URL to an address on the internet; the bridge (FLICKR_HUB=auto or bridge) works without.".into(),
            Self::QueryStripped { .. } => "Let the proxy pass the address on as it came: nginx `proxy_pass http://127.0.0.1:8080;` without a path, Apache without `?` in a RewriteRule, a CDN with “forward query strings”.".into(),
            Self::StreamBuffered { .. } => "Switch buffering off for /stream: nginx `proxy_buffering off;`, Apache `flushpackets=on`, and no compression of text/event-stream there.".into(),
            Self::StreamRefused { .. } => "Let the proxy pass GET /stream with Accept: text/event-stream on.".into(),
            Self::SocketsBlocked { .. } => "Let the proxy pass upgrades on: nginx `proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";`. Until then walls fall back to event streams.".into(),
            Self::PortTaken { .. } => "Stop the program that is there, or choose another PORT.".into(),

            Self::KeyWrong { .. } => "Copy the key again from www.flickr.com/services/apps/by/me: perhaps a character is missing, key and secret are swapped, or the app was deleted.".into(),
            Self::SecretWrong { .. } => "Copy the secret that stands beside that key at www.flickr.com/services/apps/by/me.".into(),
            Self::ClockOff { .. } => "Set the clock, and let it be kept: `timedatectl set-ntp true`; a container has the clock of its host.".into(),
            Self::BudgetUsedUp { .. } => "It goes on by itself. If it happens again and again, follow fewer topics, or see whether another program uses the same FLICKR_KEY.".into(),

            Self::TokenRevoked { .. } => "Sign in again on the front page: everything else stays and goes on by itself.".into(),
            Self::PermissionMissing { .. } => "Sign in again, and allow reading when Flickr asks.".into(),
            Self::NotPro { bridged: true, .. } => "Nothing needs to be done; FLICKR_HUB=bridge saves the push being tried now and then.".into(),
            Self::NotPro { bridged: false, .. } => "FLICKR_HUB=auto lets the bridge serve instead; or make the account Pro.".into(),
            Self::SecretKeyChanged { .. } => "Restore the old SECRET_KEY (or DATA_DIR/secret_key). If it is lost: sign in again, and subscribe anew what was minted by hand.".into(),
            Self::StrangeCallbacks { .. } => "If that is yours, it was minted under another SECRET_KEY (a lost DATA_DIR makes a new one): restore that, or mint and subscribe it anew. If not, somebody guesses, and nothing needs to be done.".into(),

            Self::CallbackTooLong { bridged, .. } => and_bridged("Choose a shorter PUBLIC_URL, or for a name minted by hand a shorter one.", *bridged),
            Self::CallbackInUse { bridged, .. } => and_bridged("Unsubscribe it on the subscriptions page and choose it again; a second server with this SECRET_KEY and PUBLIC_URL would do this too: stop it.", *bridged),
            Self::VerificationPending { bridged, .. } => and_bridged("See that PUBLIC_URL is good above; it is tried again by itself.", *bridged),
            Self::HubRefuses { bridged, .. } => and_bridged("If PUBLIC_URL is good above, it is the hub: Flickr's has answered this to everybody since 2019, and FLICKR_HUB=auto lets the bridge serve.", *bridged),
            Self::HubNeverCalls { bridged, .. } => and_bridged("If PUBLIC_URL is good above, a firewall that lets this machine in and not the world, or a silent hub: FLICKR_HUB=auto lets the bridge serve.", *bridged),
            Self::Subscription { bridged, .. } => and_bridged("", *bridged),

            Self::TokenDiffers { .. } => "It was subscribed with another SECRET_KEY, or with another token than `mint` prints: restore SECRET_KEY, or subscribe it anew (Renew now on the subscriptions page).".into(),
            Self::NotParsed { .. } => "It is not what hubs send (Atom, RSS or Flickr's JSON): see its bytes, and what the hub is told to deliver; a proxy that changes bodies does this too.".into(),
            Self::NobodySubscribed { like: Some(like), .. } => format!("Somebody follows “{like}”: is one of the names misspelt? `mint` prints the wall and the stream of each."),
            Self::NobodySubscribed { event, like: None, .. } => format!("Open its wall (`flickr-conduit mint {event}` prints it), or let the hub deliver to the callback of the name that you follow."),
            Self::Ended { .. } => "A hub drops it then by itself. To have it back, subscribe it again.".into(),
            Self::NotStored { .. } => "See DATA_DIR above: is its disk full?".into(),
            Self::NothingHappened { .. } => "Nothing needs to be done. To see something come, fave a photo: /debug/fave.".into(),
            Self::Silent { .. } => "Fave a photo and watch it travel (/debug/fave), or let FLICKR_HUB=auto look.".into(),
            Self::NobodyWatches { .. } => "Open a wall that shows it.".into(),
            // Their sentences say it.
            Self::NoFlickr { .. } | Self::BridgeTroubled { .. } | Self::FolderUnusable { .. } => String::new(),

            Self::FolderUnwritable { .. } => "Let the user who runs this write there (chown, a volume that is mounted read-only?), or name another DATA_DIR.".into(),
            Self::FolderFull { .. } => "Make room: a hub is told to try again meanwhile, and no photo comes. LOG_DELIVERIES=0 keeps less.".into(),
            Self::ServerSilent { .. } => "It may be hung or just starting: see its log; stop it and start it again.".into(),
        }
    }
}

fn and_bridged(remedy: &str, bridged: bool) -> String {
    match (remedy, bridged) {
        ("", true) => BRIDGED.into(),
        (remedy, true) => format!("{BRIDGED} {remedy}"),
        (remedy, false) => remedy.into(),
    }
}
