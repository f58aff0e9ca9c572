//! `countersign import`

mod catalogue;
mod customers;
mod indirect_resellers;
mod subscriptions;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{actor, open, print_table};
use crate::{
    actions::import::{PlannedRow, RowOutcome, counts},
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
        options: AccountOptions,
    },
    /// Import an indirect provider's list of indirect resellers. Shows what would happen; --apply does it
    IndirectResellers {
        /// The CSV file: Name, MPN ID, Tenant ID, Agreement signed (yes or no)
        file: PathBuf,
        #[command(flatten)]
        options: AccountOptions,
    },
    /// Import the file of Partner Center's Export subscriptions. Shows what would happen; --apply does it
    Subscriptions {
        /// The CSV file: Subscription ID, Subscription, Quantity, Status, Microsoft ID; also Offer ID, Auto renew,
        /// Billing cycle, Term, Renewal date
        file: PathBuf,
        #[command(flatten)]
        options: AccountOptions,
    },
    /// Import the offers that every partner account can order. Shows what would happen; --apply does it
    Catalogue {
        /// The CSV file: Offer ID, Offer name, Category, Segment, Billing, Minimum quantity, Maximum quantity,
        /// Billing cycles, Terms; also Prerequisite offer ID, Countries, Product ID, SKU ID, Availability ID
        file: PathBuf,
        #[command(flatten)]
        options: Options,
    },
}

#[derive(Debug, Args)]
pub(super) struct AccountOptions {
    /// The partner account's name or id, where there are several
    #[arg(long)]
    account: Option<String>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataSettings,
    /// Write what was shown, all in one go
    #[arg(long)]
    apply: bool,
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Customers { file, options } => {
            let (import, actor) = Import::into_account(&file, &options).await?;
            customers::run(&import, &actor).await
        }
        Command::IndirectResellers { file, options } => {
            let (import, actor) = Import::into_account(&file, &options).await?;
            indirect_resellers::run(&import, &actor).await
        }
        Command::Subscriptions { file, options } => {
            let (import, actor) = Import::into_account(&file, &options).await?;
            subscriptions::run(&import, &actor).await
        }
        Command::Catalogue { file, options } => {
            catalogue::run(&Import::open(&file, &options, "the catalogue").await?).await
        }
    }
}

/// A file on its way into the database.
struct Import {
    bytes: Vec<u8>,
    db: Db,
    /// What it goes into.
    into: String,
    apply: bool,
}

impl Import {
    async fn open(file: &Path, options: &Options, into: &str) -> anyhow::Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let db = open(&options.data).await?;
        Ok(Self { bytes, db, into: into.to_owned(), apply: options.apply })
    }

    async fn into_account(file: &Path, options: &AccountOptions) -> anyhow::Result<(Self, Actor)> {
        let import = Self::open(file, &options.options, "").await?;
        let actor = actor(&import.db, options.account.as_deref()).await?;
        Ok((Self { into: actor.account.name.clone(), ..import }, actor))
    }

    /// Says what became of the lines, or would.
    fn report<P: Copy, W>(&self, planned: &[PlannedRow<P, W>], words: &Words<P, W>) -> ExitCode {
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
    fn why(&self, fate: &RowOutcome<P, W>) -> String {
        match fate {
            RowOutcome::New | RowOutcome::Unchanged => String::new(),
            RowOutcome::Changed(parts) => parts.iter().copied().map(self.part).collect::<Vec<_>>().join(", "),
            RowOutcome::Refused(reasons) => reasons.iter().map(self.reason).collect::<Vec<_>>().join("; "),
        }
    }
}

/// A column with the name that it has in messages.
trait Column: csv_file::Column {
    /// The one that tells lines apart.
    const ID: Self;

    fn words(self) -> &'static str;

    /// What is said of a cell that should hold a date and holds none.
    fn not_a_date(self) -> &'static str {
        "not a date"
    }
}

fn fault_words<C: Column>(fault: LineFault<C>) -> String {
    match fault {
        LineFault::Cell { column, invalid } => format!("{}: {}", column.words(), invalid_words(column, invalid)),
        LineFault::CellCount { expected, found } => format!("{found} cells where {expected} were expected"),
        LineFault::Repeats { earlier } => format!("the same as line {earlier}"),
        LineFault::SameId { earlier } => format!("the {} of line {earlier}, with other details", C::ID.words()),
    }
}

fn invalid_words<C: Column>(column: C, invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "empty".to_owned(),
        Invalid::TooLong { max } => format!("more than {max} characters"),
        Invalid::Unprintable => "contains characters that cannot be shown".to_owned(),
        Invalid::NotAGuid => "not a GUID".to_owned(),
        Invalid::NotADomain => "not a domain name".to_owned(),
        Invalid::NotAnMpnId => "not 1 to 20 digits".to_owned(),
        Invalid::NotYesOrNo => "neither yes nor no".to_owned(),
        Invalid::DatePart(_) | Invalid::DateNotReal => column.not_a_date().to_owned(),
        Invalid::DateTooEarly => "before the year 2000".to_owned(),
        Invalid::DateInFuture { today } => format!("after today, {today}"),
        Invalid::NotAnOfferId => "not letters, digits and signs without a space".to_owned(),
        Invalid::NotOneOf { codes } => format!("not one of {}", codes.join(", ")),
        Invalid::UnknownCountry => "not * or the codes of countries".to_owned(),
        Invalid::PrerequisiteMissing => "not another offer of the file or the catalogue".to_owned(),
        Invalid::NotAQuantity => "not a whole number of 1 or more".to_owned(),
        Invalid::QuantityLimits { min, max } if min == max => format!("not {min}"),
        Invalid::QuantityLimits { min, max } => format!("not between {min} and {max}"),
        Invalid::NotAnEmail
        | Invalid::PhoneDigits
        | Invalid::UnknownState
        | Invalid::UnknownLanguage
        | Invalid::NotADomainPrefix
        | Invalid::DomainTaken
        | Invalid::NotARegistrationNumber { .. }
        | Invalid::NotTaken
        | Invalid::UnknownReseller
        | Invalid::SameQuantity => "not understood".to_owned(),
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
