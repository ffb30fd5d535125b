//! The outer rings of the tests: the router, the wire, the program, the browser, and the rules of the house.

mod browser;
mod callback;
mod docs;
mod floors;
mod hardening;
mod program;
mod router;
mod support;
mod wire;
