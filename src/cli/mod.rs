//! The command line.

mod account;
mod agreement_version;
mod api_client;
mod audit;
mod check;
mod import;
mod serve;
mod user;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::{
    demo,
    domain::{actor::Actor, clock::Clock, partner_account::PartnerAccount, text},
    settings::{self, DataSettings, ServeSettings},
    store::{Db, migrate, partner_accounts},
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

/// Runs the program.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
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

async fn open(data: &DataSettings) -> anyhow::Result<Db> {
    Ok(migrate::open(&data.location()?, Clock::System).await?)
}

/// The account with this name or id; without one, the only account there is.
async fn find_account(db: &Db, name_or_id: Option<&str>) -> anyhow::Result<PartnerAccount> {
    let mut conn = db.snapshot().await?;
    if let Some(name_or_id) = name_or_id {
        return partner_accounts::find(&mut conn, name_or_id)
            .await?
            .with_context(|| format!("there is no partner account {name_or_id:?}; see countersign account list"));
    }
    let mut accounts = partner_accounts::all(&mut conn).await?;
    match accounts.len() {
        0 => anyhow::bail!("there is no partner account yet; see countersign account create --help"),
        1 => Ok(accounts.remove(0)),
        _ => anyhow::bail!("there are several partner accounts; say which with --account"),
    }
}

/// Somebody at the command line, acting for an account.
async fn actor(db: &Db, name_or_id: Option<&str>) -> anyhow::Result<Actor> {
    Ok(Actor::command_line(find_account(db, name_or_id).await?))
}

/// Prints rows under a head, each column as wide as its widest cell.
fn print_table<const N: usize>(head: [&str; N], rows: &[[String; N]]) {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| text::shown(cell))).collect();
    let mut widths = head.map(|cell| cell.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: [&str; N]| {
        let cells: Vec<String> = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        println!("{}", cells.join("  ").trim_end());
    };
    line(head);
    for row in rows {
        line(std::array::from_fn(|column| row[column].as_str()));
    }
}
