//! The program `flickr-conduit`: the library's first user.

use std::process::ExitCode;

use clap::Parser;
use flickr_conduit::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse())
}
