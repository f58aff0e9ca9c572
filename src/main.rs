//! The `countersign` program.

use std::process::ExitCode;

use clap::Parser as _;
use countersign::cli::{self, Cli};

fn main() -> ExitCode {
    cli::run(Cli::parse())
}
