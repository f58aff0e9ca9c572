//! A file on its way into the database, and the report of what became of its lines.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;
use clap::Args;

use super::{
    super::{
        data::{actor, open},
        table::print_table,
    },
    messages::Words,
};
use crate::{
    actions::import::{PlannedRow, RowOutcome, counts},
    domain::actor::Actor,
    settings::DataSettings,
    store::Db,
};

/// Unchanged lines say nothing new; they are counted, not listed.
const LISTED_MAX: usize = 1000;

#[derive(Debug, Args)]
pub(in crate::cli) struct AccountOptions {
    /// The partner account's name or id, where there are several
    #[arg(long)]
    account: Option<String>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    #[command(flatten)]
    data: DataSettings,
    /// Write what was shown, all in one go
    #[arg(long)]
    apply: bool,
}

/// A file on its way into the database.
pub(super) struct Import {
    pub(super) bytes: Vec<u8>,
    pub(super) db: Db,
    /// What it goes into.
    pub(super) into: String,
    pub(super) apply: bool,
}

impl Import {
    pub(super) async fn open(file: &Path, options: &Options, into: &str) -> anyhow::Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let db = open(&options.data).await?;
        Ok(Self { bytes, db, into: into.to_owned(), apply: options.apply })
    }

    pub(super) async fn into_account(file: &Path, options: &AccountOptions) -> anyhow::Result<(Self, Actor)> {
        let import = Self::open(file, &options.options, "").await?;
        let actor = actor(&import.db, options.account.as_deref()).await?;
        Ok((Self { into: actor.account.name.clone(), ..import }, actor))
    }

    /// Says what became of the lines, or would.
    pub(super) fn report<P: Copy, W>(&self, planned: &[PlannedRow<P, W>], words: &Words<P, W>) -> ExitCode {
        let rows: Vec<[String; 4]> = planned
            .iter()
            .filter(|line| !matches!(line.fate, RowOutcome::Unchanged))
            .take(LISTED_MAX)
            .map(|line| {
                let why = words.why(&line.fate);
                [line.number.to_string(), line.fate.code().to_owned(), line.shown.clone(), why]
            })
            .collect();
        if !rows.is_empty() {
            print_table(["Line", "Result", words.noun, "Why"], &rows);
            println!();
        }
        let counts = counts(planned);
        let count = |code: &str| counts.get(code).copied().unwrap_or_default();
        let listed = planned.len() - count("unchanged");
        if listed > LISTED_MAX {
            println!("… and {} more lines.", listed - LISTED_MAX);
        }
        println!(
            "{} new, {} unchanged, {} changed, {} refused.",
            count("new"),
            count("unchanged"),
            count("changed"),
            count("refused")
        );
        let into = &self.into;
        if self.apply {
            println!("Written to {into}.");
        } else {
            println!("Nothing was written. Run again with --apply to write this to {into}.");
        }
        if count("refused") > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
    }
}
