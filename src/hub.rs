//! The practice hub: an invented Flickr that pushes, in this same process.
//!
//! Flickr's own push has been silent since 2019, so the wire is practised against a hub of ours. It verifies a
//! callback and delivers to it over real HTTP, with Flickr's dialect: bare `mode`, `challenge` and `verify_token`, the
//! Atom of its public feeds with the push extras, tombstones for what was deleted.
//!
//! Read in this order: [`world`] invents what happens, [`atom`] writes it down, [`endpoint`] speaks to one callback,
//! [`outbox`] keeps what was not accepted yet, [`practice`] runs the four until told to stop. [`picture`] says which
//! files a photo has and [`painter`] draws them.
//!
//! **Invariant:** a photo's number decides its picture, its secret, its proportions and its owner, and everything else
//! about it (title, tags, place) until somebody on the practice Flickr says otherwise. So any process can draw any
//! practice photo, and describe it as it was posted, without having seen its upload.

pub mod atom;
pub mod dice;
pub mod endpoint;
pub mod engine;
pub mod faults;
pub mod outbox;
pub mod painter;
pub mod people;
pub mod picture;
pub mod practice;
pub mod task;
pub mod world;
