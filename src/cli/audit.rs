//! `countersign audit`

use std::process::ExitCode;

use clap::Subcommand;

use super::data::open;
use crate::{
    actions::record_verification::record_verification,
    domain::{actor::Principal, kept_hash::KeptHash},
    settings::DataSettings,
    store::{
        verdict::Verdict,
        verifications,
        verify::{self, hex},
    },
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Walk the log and the rows it vouches for; says OK, or names the first that was altered outside Countersign
    ///
    /// Each run is an event in the log and keeps what it found for ever: the number and hash of the last entry, or what
    /// was wrong. A later run says WRONG when an entry no longer has the hash that an earlier run kept, or is gone, even
    /// if somebody computed every hash anew. A WRONG stays on the page Audit after a later OK.
    ///
    /// What this does not prove: whoever owns the database can write a new history together with all that earlier runs
    /// kept in it. Only a hash kept elsewhere shows that: keep the line that this command prints where the owner of the
    /// database cannot change it, and hand it back with --expect.
    ///
    /// Exit status: 0 OK, 1 WRONG, 2 the log could not be verified.
    Verify {
        #[command(flatten)]
        data: DataSettings,

        /// The number of an entry and the hash that it must have, as an earlier run printed them; may be given again
        #[arg(long, value_name = "SEQ:HASH")]
        expect: Vec<KeptHash>,
    },
}

/// Says what was found; an error where that could not be found out.
pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify { data, expect } = command;
    let db = open(&data).await?;
    let verdict = verify::verify_expecting(&db, &expect).await?;
    let record = record_verification(&db, Principal::command_line(), &verdict, &expect);
    // What was found is said first, whether or not it can be recorded.
    match &verdict {
        Verdict::Sound { entries, rows, head } => {
            println!("OK: {entries} entries and {rows} rows fit. Last hash {}", hex(head));
            if *entries > 0 {
                println!("Keep this outside the database, for --expect: {}", KeptHash { seq: *entries, hash: *head });
            }
            let before = verifications::last(&mut db.read().await?).await?;
            if let Some(at) = before.and_then(|before| before.wrong_at) {
                println!("An earlier run said WRONG, on {}; that stays recorded", at.format("%Y-%m-%d at %H:%M UTC"));
            }
            record.await?;
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Wrong(finding) => {
            println!("WRONG: {finding}");
            if let Err(error) = record.await {
                eprintln!("countersign: this could not be recorded: {:#}", anyhow::Error::new(error));
            }
            Ok(ExitCode::FAILURE)
        }
    }
}
