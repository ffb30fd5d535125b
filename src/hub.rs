//! The hubs: an engine that pushes as Flickr's did, and what it pushes from: an invented world, or Flickr, asked.
//!
//! Flickr's own push has been silent since 2019, so the wire is practised against a hub of ours. It verifies callbacks
//! and delivers to them over real HTTP, with Flickr's dialect: bare `mode`, `challenge` and `verify_token`, the Atom of
//! its public feeds with the push extras, tombstones for what was deleted.
//!
//! Read in this order: in the [`world`] something happens, to photos of invented [`people`]; [`atom`] writes it down;
//! the two make a [`task`]; the [`engine`] finds whom it concerns and delivers it, by way of an [`endpoint`], with the
//! [`faults`] that somebody asked for. [`public`] opens it to strangers, whose callbacks must be within [`reach`].
//! [`picture`] says which files a photo has and [`painter`] draws them.
//!
//! The [`bridge`] is a hub with the same engine, whose source is no invented world but Flickr, which it asks.
//!
//! **Invariant:** a photo's number decides its picture, its secret, its proportions and its owner, and everything else
//! about it (title, tags, place) until somebody on the practice Flickr says otherwise. So any process can draw any
//! practice photo, and describe it as it was posted, without having seen its upload.

pub mod atom;
pub mod bridge;
pub mod dice;
pub mod endpoint;
pub mod engine;
pub mod faults;
pub mod painter;
pub mod people;
pub mod picture;
pub mod public;
pub mod reach;
pub mod task;
pub mod world;
