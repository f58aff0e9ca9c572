//! The command line.

mod account;
mod agreement_version;
mod api_client;
mod audit;
mod check;
mod data;
mod import;
mod serve;
mod table;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    demo,
    settings::{self, ServeSettings},
    telemetry::{self, LogSettings},
};

/// Confirm that customers accepted the Microsoft Customer Agreement, and keep the proof.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    log: LogSettings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal
    Serve(Box<ServeSettings>),
    /// Serve a portal with fictitious customers, to try things out
    Demo(demo::Options),
    /// Partner accounts
    #[command(subcommand)]
    Account(account::Command),
    /// Users and their roles
    #[command(subcommand)]
    User(user::Command),
    /// Programs that speak the Partner Center API
    #[command(subcommand)]
    ApiClient(api_client::Command),
    /// Versions of the Microsoft Customer Agreement
    #[command(subcommand)]
    AgreementVersion(agreement_version::Command),
    /// Import files from Partner Center
    #[command(subcommand)]
    Import(import::Command),
    /// Count everything again, and say which kept figures are wrong
    Check(check::Options),
    /// The log of everything that happened
    #[command(subcommand)]
    Audit(audit::Command),
}

/// Runs the program, and says why it did not do what it was asked.
pub fn run(cli: Cli) -> ExitCode {
    // Scripts tell a log that is WRONG, which is 1, from one that could not be verified.
    let not_done = if matches!(cli.command, Command::Audit(_)) { ExitCode::from(2) } else { ExitCode::FAILURE };
    run_command(cli).unwrap_or_else(|error| {
        // The whole chain of causes, on one line.
        eprintln!("countersign: {error:#}");
        not_done
    })
}

fn run_command(cli: Cli) -> anyhow::Result<ExitCode> {
    telemetry::start(&cli.log)?;
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    settings::refuse_unknown_variables(variables)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(settings) => serve::run(&settings).await,
            Command::Demo(options) => demo::run(&options).await,
            Command::Account(command) => account::run(command).await,
            Command::User(command) => user::run(command).await,
            Command::ApiClient(command) => api_client::run(command).await,
            Command::AgreementVersion(command) => agreement_version::run(command).await,
            Command::Import(command) => import::run(command).await,
            Command::Check(options) => check::run(options).await,
            Command::Audit(command) => audit::run(command).await,
        }
    })
}
