//! `countersign import`

mod customers;
mod indirect_resellers;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{actor, open, print_table};
use crate::{
    actions::import::{Fate, Planned, counts},
    domain::{
        actor::Actor,
        csv_file::{self, FileProblem, LineFault},
        invalid::Invalid,
    },
    settings::DataSettings,
    store::Db,
};

/// Unchanged lines say nothing new; they are counted, not listed.
const LISTED_MAX: usize = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import the file of Partner Center's Export customers. Shows what would happen; --apply does it
    Customers {
        /// The CSV file: Microsoft ID, Company name, Primary domain name, Relationship; also Accepted directly
        file: PathBuf,
        #[command(flatten)]
        options: Options,
    },
    /// Import an indirect provider's list of indirect resellers. Shows what would happen; --apply does it
    IndirectResellers {
        /// The CSV file: Name, MPN ID, Tenant ID, Agreement signed (yes or no)
        file: PathBuf,
        #[command(flatten)]
        options: Options,
    },
}

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataSettings,
    /// The partner account's name or id, where there are several
    #[arg(long)]
    account: Option<String>,
    /// Write what was shown, all in one go
    #[arg(long)]
    apply: bool,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Customers { file, options } => customers::run(&Import::open(&file, options).await?).await,
        Command::IndirectResellers { file, options } => {
            indirect_resellers::run(&Import::open(&file, options).await?).await
        }
    }
}

/// A file on its way into an account.
struct Import {
    bytes: Vec<u8>,
    db: Db,
    actor: Actor,
    apply: bool,
}

impl Import {
    async fn open(file: &Path, options: Options) -> anyhow::Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let db = open(&options.data).await?;
        let actor = actor(&db, options.account.as_deref()).await?;
        Ok(Self { bytes, db, actor, apply: options.apply })
    }

    /// Says what became of the lines, or would.
    fn report<P: Copy, W>(&self, planned: &[Planned<P, W>], words: &Words<P, W>) -> ExitCode {
        let rows: Vec<[String; 4]> = planned
            .iter()
            .filter(|line| !matches!(line.fate, Fate::Unchanged))
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
        let account = &self.actor.account.name;
        if self.apply {
            println!("Written to {account}.");
        } else {
            println!("Nothing was written. Run again with --apply to write this to {account}.");
        }
        if count("refused") > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
    }
}

/// What a report calls things.
struct Words<P, W> {
    /// What a line is about.
    noun: &'static str,
    /// A part that changes.
    part: fn(P) -> &'static str,
    /// A reason for which a line cannot be used.
    reason: fn(&W) -> String,
}

impl<P: Copy, W> Words<P, W> {
    fn why(&self, fate: &Fate<P, W>) -> String {
        match fate {
            Fate::New | Fate::Unchanged => String::new(),
            Fate::Changed(parts) => parts.iter().copied().map(self.part).collect::<Vec<_>>().join(", "),
            Fate::Refused(reasons) => reasons.iter().map(self.reason).collect::<Vec<_>>().join("; "),
        }
    }
}

/// A column with the name that it has in messages.
trait Column: csv_file::Column {
    /// The one that tells lines apart.
    const ID: Self;

    fn words(self) -> &'static str;
}

fn fault_words<C: Column>(fault: LineFault<C>) -> String {
    match fault {
        LineFault::Cell { column, invalid } => format!("{}: {}", column.words(), invalid_words(invalid)),
        LineFault::CellCount { expected, found } => format!("{found} cells where {expected} were expected"),
        LineFault::Repeats { earlier } => format!("the same as line {earlier}"),
        LineFault::SameId { earlier } => format!("the {} of line {earlier}, with other details", C::ID.words()),
    }
}

fn invalid_words(invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "empty".to_owned(),
        Invalid::TooLong { max } => format!("more than {max} characters"),
        Invalid::Unprintable => "contains characters that cannot be shown".to_owned(),
        Invalid::NotAGuid => "not a GUID".to_owned(),
        Invalid::NotADomain => "not a domain name".to_owned(),
        Invalid::NotAnMpnId => "not 1 to 20 digits".to_owned(),
        Invalid::NotYesOrNo => "neither yes nor no".to_owned(),
        Invalid::DatePart(_) | Invalid::DateNotReal => "neither yes, no nor a date".to_owned(),
        Invalid::DateTooEarly => "before the year 2000".to_owned(),
        Invalid::DateInFuture { today } => format!("after today, {today}"),
        Invalid::NotAnEmail
        | Invalid::PhoneDigits
        | Invalid::UnknownCountry
        | Invalid::UnknownState
        | Invalid::UnknownLanguage
        | Invalid::NotADomainPrefix
        | Invalid::DomainTaken
        | Invalid::NotARegistrationNumber { .. }
        | Invalid::NotTaken
        | Invalid::UnknownReseller
        | Invalid::PrerequisiteMissing
        | Invalid::NotAQuantity
        | Invalid::SameQuantity
        | Invalid::QuantityLimits { .. } => "not understood".to_owned(),
    }
}

fn problem<C: Column>(problem: FileProblem<C>) -> anyhow::Error {
    match problem {
        FileProblem::Empty => anyhow::anyhow!("the file is empty"),
        FileProblem::NotText => anyhow::anyhow!("the file is not text; export or save it as CSV"),
        FileProblem::NoHeader => {
            let columns = C::NEEDED.iter().map(|column| column.words()).collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("the first line must name the columns: {columns}")
        }
        FileProblem::MissingColumn(column) => anyhow::anyhow!("the file has no column {}", column.words()),
        FileProblem::TooManyRows { max } => anyhow::anyhow!("the file has more than {max} lines; split it"),
    }
}
