//! The outer rings of the tests: the router, the wire, the program, the browser, and the rules of the house.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stands by panicking there")]

mod agreement;
mod alive;
mod browser;
mod callback;
mod docs;
mod first_minutes;
mod floors;
mod foreign;
mod hardening;
mod pages;
mod program;
mod router;
mod support;
mod weight;
mod wire;
