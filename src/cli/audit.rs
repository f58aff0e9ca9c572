//! `countersign audit`

use std::process::ExitCode;

use clap::Subcommand;

use super::data::open;
use crate::{
    settings::DataSettings,
    store::verify::{self, Finding, Verdict, hex},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk the log and the rows it vouches for; says OK, or names the first that was changed behind the portal's back
    Verify {
        #[command(flatten)]
        data: DataSettings,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify { data } = command;
    let db = open(&data).await?;
    let verdict = verify::verify(&db).await?;
    let code = match &verdict {
        Verdict::Sound { entries, rows, head } => {
            println!("OK: {entries} entries and {rows} rows fit. Last hash {}", hex(head));
            ExitCode::SUCCESS
        }
        Verdict::Wrong(finding) => {
            println!("WRONG: {}", words(finding));
            ExitCode::FAILURE
        }
    };
    // The page Audit says when the whole log was verified last. What was found is said here first, whether or not it
    // can be kept.
    verify::keep(&db, &verdict).await?;
    Ok(code)
}

fn words(finding: &Finding) -> String {
    match finding {
        Finding::Gap(seq) => format!("entry {seq} of the log is missing"),
        Finding::Entry(seq) => format!("entry {seq} of the log was changed, or one before it"),
        Finding::Head(seq) => format!("the log does not end with entry {seq}, as its head says"),
        Finding::Row(table, key) => format!("a row of {table} is not what the log says (key {key})"),
        Finding::Missing(table, key) => format!("a row of {table} is gone (key {key})"),
    }
}
