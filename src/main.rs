//! The `countersign` program.

use std::process::ExitCode;

use clap::Parser as _;
use countersign::cli::{self, Cli};

fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            // The whole chain of causes, on one line.
            eprintln!("countersign: {error:#}");
            ExitCode::FAILURE
        }
    }
}
