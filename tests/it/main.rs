//! The outer rings of the tests: the router, the wire, the program, the browser, and the rules of the house.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where it stands by panicking there")]

mod agreement;
mod alive;
mod bridge;
mod browser;
mod builder;
mod callback;
mod chaos;
mod control;
mod debugging;
mod delivery_log;
mod docs;
mod doctor;
mod endurance;
mod fanout;
mod fave;
mod first_minutes;
mod floors;
mod foreign;
mod hardening;
mod layouts;
mod pages;
mod program;
mod remote;
mod router;
mod screens;
mod settings;
mod support;
mod terminal;
mod warp;
mod weight;
mod wire;
