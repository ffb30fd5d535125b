//! # flickr-conduit
//!
//! A subscriber-side endpoint for Flickr's push feeds: hubs verify our callbacks and POST feed documents to them, and
//! a moment later the photos are on a wall in a browser. A library ([`Conduit`]) and a program; the program is the
//! library's first user.
//!
//! # The flow
//!
//! 1. Somebody signs in ([`web::signin`]) and ticks topics ([`web::topics`]); [`subscriber`] writes it down and asks the hub
//!    by Flickr's API ([`flickr`]), again and again. Or somebody mints a callback by hand ([`conduit`]). Either way it is
//!    a readable event name under a MAC ([`signing`]): no database is needed to recognise it.
//!    Where Flickr's own push does not work ([`subscriber::choice`]), [`hub::bridge`] is the hub: it asks Flickr.
//! 2. The hub calls it with a challenge; [`web::callback`] recognises it, [`handshake`] decides, the challenge goes back.
//! 3. The hub POSTs a feed to it; [`web::delivery`] reads it within its limits.
//! 4. [`feed`] turns the bytes into photo events ([`photo`]), and says what it could not read, and where.
//! 5. [`bus`] writes them to the history, many deliveries in one commit, and drops repeats. Now the hub gets its 2xx.
//! 6. The bus hands them to the inbox of every listener of that event name, encoded once.
//! 7. [`web::stream`] sends them to browsers and programs: WebSocket, server-sent events or JSON, one message format.
//! 8. A stream may be that of a screen ([`screens`]): it is told what its wall does not show, and what a remote
//!    ([`web::remote`]) orders.
//! 9. On a wall (`static/wall.js`), `stream.js` receives, `deck.js` chooses, `presenter.js` loads, `stage.js` shows.
//!
//! # The map, floor by floor
//!
//! A file may `use crate::` only from floors below its own; `tests/it/floors.rs` holds this.
//!
//! | floor | modules |
//! | --- | --- |
//! | 7 run | [`cli`] what was typed · [`conduit`] the library's face · [`serve`] listener and end · [`demo`] · [`shows`] what `serve` shows without an account · [`practice`] the practice Flickr: API, feeds, pages and pictures · [`logging`] |
//! | 6 http | [`web`] the route table · [`web::callback`] · [`web::delivery`] · [`web::stream`] · [`web::wall`] · [`web::screen`] what a screen says · [`web::remote`] drives screens · [`web::front`] · [`web::signin`] · [`web::session`] who is signed in · [`web::topics`] · [`web::subscriptions`] · [`web::walls`] · [`web::account`] · [`web::debug`] what hubs asked and delivered, in words · [`web::static_file`] · [`web::health`] · [`web::origin`] who may listen · [`web::public`] what strangers ask our hub · [`web::layers`] |
//! | 5 handed | [`state`] handles for handlers · [`error`] the one error of the HTTP edge · [`metrics`] · [`shutdown`] · [`strangers`] who asks for what is not ours · [`screens`] those that are connected, and what each is told · [`assets`] static files, compiled in · [`fanout`] one event to many WebSockets · [`doctor`] looks at everything that can be wrong · [`fave`] a fave on purpose, followed with a stopwatch |
//! | 4 work | [`subscriber`] keeps what people asked for true at the hub · [`hub`] the engine that pushes as Flickr's did, the invented world that it pushes from, the [bridge](hub::bridge) that asks Flickr, and how strangers may use it ([`hub::public`], [`hub::reach`]) |
//! | 3 world | [`bus`] channels and history · [`flickr`] its OAuth and REST API · [`store`] callbacks, accounts, subscriptions, walls · [`delivery_log`] what hubs asked and delivered, and what became of it · [`secret_key`] the SECRET_KEY that was made here · [`lock`] one process for each DATA_DIR |
//! | 2 pure | [`feed`] bytes to photo events · [`handshake`] a verification to a verdict · [`signing`] keys, capabilities, encryption · [`sqlite`] how its files are opened · [`tls`] whom we trust on the net · [`qr`] an address as a QR code · [`frame`] WebSocket frames, as bytes · [`words`] what many sentences are made of |
//! | 1 data | [`photo`] · [`event_name`] · [`topic`] what can be subscribed to · [`settings`] how a wall behaves, by its address · [`config`] · [`clock`] now, and randomness |
//!
//! # Invariants
//!
//! - A hub gets its 2xx only when its events are on disk; a `kill -9` loses nothing acknowledged.
//! - One bad entry never costs another; one slow browser never slows another.
//! - Who is not a holder of a capability learns nothing, not even that it exists, and not by the clock either.
//! - What Flickr sends is text and never markup; what it does not say is absent and never invented.
//! - Time and randomness come from [`clock`], the environment from [`config`]; there are no globals.
//! - What somebody wants is written down before a hub is asked; a verification is answered while our own call is open.
//! - What nobody watches costs no call, and comes back with the first who does.
//! - What two hubs tell is published once; which of them serves, no screen can see.
//! - A stranger makes us call public addresses only, and not often.
//! - Every queue is bounded and every task is waited for.
//!
//! # Tests
//!
//! `tests/run` runs all of them, from the inside out: tables and properties beside the code, then in `tests/it` the
//! router (`callback`, `router`, `pages`, `settings`, `weight`, `hardening`), the wire (`wire`, `screens`), subscriptions
//! against a hub that does wrong (`alive`), the bridge against a Flickr without push (`bridge`), other people's implementations
//! of OAuth (`agreement`) and of WebSub (`foreign`), what the delivery log
//! says (`delivery_log`), many clients at once (`fanout`), everything that can be wrong (`doctor`), the program as a process
//! (`program`, `terminal`), Chromium (`browser`, `remote`, `builder`, `first_minutes`, `control`, `layouts`, `debugging`,
//! `fave`; `chaos` and `endurance` on a time of their own), and the rules of the house (`floors`, `docs`). The
//! wall's scripts have theirs in `tests/js`.

pub mod assets;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod conduit;
pub mod config;
pub mod delivery_log;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod event_name;
pub mod fanout;
pub mod fave;
pub mod feed;
pub mod flickr;
pub mod frame;
pub mod handshake;
pub mod hub;
pub mod lock;
pub mod logging;
pub mod metrics;
pub mod photo;
pub mod practice;
pub mod qr;
pub mod screens;
pub mod secret_key;
pub mod serve;
pub mod settings;
pub mod shows;
pub mod shutdown;
pub mod signing;
pub mod sqlite;
pub mod state;
pub mod store;
pub mod strangers;
pub mod subscriber;
pub mod tls;
pub mod topic;
pub mod web;
pub mod words;

pub use conduit::Conduit;
pub use photo::PhotoEvent;
