//! A file on its way into the database, and the report of what became of its lines.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;
use clap::Args;

use super::{
    super::{
        data::{actor, open},
        table::print_table,
    },
    messages::{self, Words, skip_words, understood},
};
use crate::{
    actions::import::{PlannedRow, RowOutcome, counts},
    domain::{
        actor::Actor, encoding::NamedEncoding, file_day::DateOrder, list_columns::ReadOptions, list_file::ReadReport,
    },
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
    /// Which comes first in the file's dates, day-first or month-first, where the dates do not show it themselves
    #[arg(long, value_name = "ORDER")]
    dates: Option<String>,
    /// The file's encoding, where it is neither UTF-8 nor UTF-16: windows-1252, windows-1250, windows-1251, cp850,
    /// macintosh, shift_jis or another label of the WHATWG
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// A column that the file calls otherwise, such as "Company name=Klant"; may be given several times
    #[arg(long = "column", value_name = "FIELD=HEADING")]
    columns: Vec<String>,
    /// The sheet of a workbook, where it is not the first one that is visible
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl Options {
    /// What was said of the file; a day of no account yet.
    fn read_options(&self) -> anyhow::Result<ReadOptions> {
        let dates = match &self.dates {
            None => None,
            Some(code) => Some(DateOrder::from_code(code).with_context(|| {
                format!("--dates is {code:?}: it has to be one of {}", DateOrder::CODES.join(", "))
            })?),
        };
        let encoding = match &self.encoding {
            None => None,
            Some(label) => Some(NamedEncoding::parse(label).with_context(|| {
                format!("--encoding is {label:?}, which is not known; such as windows-1252, windows-1250, cp850 or macintosh")
            })?),
        };
        let column = |text: &String| match text.split_once('=') {
            Some((field, heading)) if !field.trim().is_empty() && !heading.trim().is_empty() => {
                Ok((field.trim().to_owned(), heading.trim().to_owned()))
            }
            _ => {
                Err(anyhow::anyhow!("--column is {text:?}: it has to be FIELD=HEADING, such as \"Company name=Klant\""))
            }
        };
        let columns = self.columns.iter().map(column).collect::<anyhow::Result<_>>()?;
        Ok(ReadOptions { dates, encoding, columns, sheet: self.sheet.clone(), ..ReadOptions::default() })
    }
}

/// A file on its way into the database.
pub(super) struct Import {
    pub(super) bytes: Vec<u8>,
    pub(super) db: Db,
    /// What it goes into.
    pub(super) into: String,
    pub(super) apply: bool,
    /// What was said of the file.
    pub(super) options: ReadOptions,
}

impl Import {
    pub(super) async fn open(file: &Path, options: &Options, into: &str) -> anyhow::Result<Self> {
        let read_options = options.read_options()?;
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let db = open(&options.data).await?;
        Ok(Self { bytes, db, into: into.to_owned(), apply: options.apply, options: read_options })
    }

    pub(super) async fn into_account(file: &Path, options: &AccountOptions) -> anyhow::Result<(Self, Actor)> {
        let import = Self::open(file, &options.options, "").await?;
        let actor = actor(&import.db, options.account.as_deref()).await?;
        let (today, zone) = (actor.account.today(import.db.clock.now()), actor.account.time_zone);
        let options = ReadOptions { today, zone, ..import.options };
        Ok((Self { into: actor.account.name.clone(), options, ..import }, actor))
    }

    /// Says what became of the lines, or would.
    pub(super) fn report<C: messages::Column, P: Copy, W>(
        &self,
        read: &ReadReport<C>,
        planned: &[PlannedRow<P, W>],
        words: &Words<P, W>,
    ) -> ExitCode {
        let told = planned.iter().filter(|line| !matches!(line.fate, RowOutcome::Unchanged)).map(|line| {
            let why = words.why(&line.fate);
            (line.number, [line.number.to_string(), line.fate.code().to_owned(), line.shown.clone(), why])
        });
        let skipped = read.skipped.iter().map(|line| {
            let why = skip_words(line.why).to_owned();
            (line.number, [line.number.to_string(), "skipped".to_owned(), line.shown.clone(), why])
        });
        let mut rows: Vec<(u64, [String; 4])> = told.chain(skipped).collect();
        rows.sort_by_key(|(number, _)| *number);
        let more = rows.len().saturating_sub(LISTED_MAX);
        rows.truncate(LISTED_MAX);
        let rows: Vec<[String; 4]> = rows.into_iter().map(|(_, row)| row).collect();
        if !rows.is_empty() {
            print_table(["Line", "Result", words.noun, "Why"], &rows);
            println!();
        }
        let counts = counts(planned);
        let count = |code: &str| counts.get(code).copied().unwrap_or_default();
        if more > 0 {
            println!("… and {more} more lines.");
        }
        println!(
            "{} new, {} unchanged, {} changed, {} refused.",
            count("new"),
            count("unchanged"),
            count("changed"),
            count("refused")
        );
        for sentence in understood(read, planned.len()) {
            println!("{sentence}");
        }
        let into = &self.into;
        if self.apply {
            println!("Written to {into}.");
        } else {
            println!("Nothing was written. Run again with --apply to write this to {into}.");
        }
        if count("refused") > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
    }
}
