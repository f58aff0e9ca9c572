//! `countersign import`

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;

use super::{actor, open, print_table};
use crate::{
    actions::import_customers::{self, Fate, Part, Planned, Why},
    domain::{
        agreement::Refusal,
        customer_file::{self, Column, FileProblem, LineFault},
        invalid::Invalid,
    },
    settings::DataSettings,
};

/// Unchanged lines say nothing new; they are counted, not listed.
const LISTED_MAX: usize = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import the file of Partner Center's Export customers. Shows what would happen; --apply does it
    Customers {
        #[command(flatten)]
        data: DataSettings,
        /// The CSV file: Microsoft ID, Company name, Primary domain name, Relationship; also Accepted directly
        file: PathBuf,
        /// The partner account's name or id, where there are several
        #[arg(long)]
        account: Option<String>,
        /// Write what was shown, all in one go
        #[arg(long)]
        apply: bool,
    },
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Customers { data, file, account, apply } = command;
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let db = open(&data).await?;
    let actor = actor(&db, account.as_deref()).await?;
    let today = actor.account.today(db.clock.now());
    let read = customer_file::read(&bytes, today).map_err(|problem| anyhow::anyhow!(problem_words(problem)))?;

    let planned = if apply {
        import_customers::apply(&db, &actor, &read).await?
    } else {
        import_customers::plan(&db, &actor, &read).await?
    };
    report(&planned);
    if apply {
        println!("Written to {}.", actor.account.name);
    } else {
        println!("Nothing was written. Run again with --apply to write this to {}.", actor.account.name);
    }
    let refused = planned.iter().any(|line| matches!(line.fate, Fate::Refused(_)));
    Ok(if refused { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

fn report(planned: &[Planned]) {
    let rows: Vec<[String; 4]> = planned
        .iter()
        .filter(|line| line.fate != Fate::Unchanged)
        .take(LISTED_MAX)
        .map(|line| [line.number.to_string(), line.fate.code().to_owned(), line.shown.clone(), why(&line.fate)])
        .collect();
    if !rows.is_empty() {
        print_table(["Line", "Result", "Customer", "Why"], &rows);
        println!();
    }
    let count = |code: &str| planned.iter().filter(|line| line.fate.code() == code).count();
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
}

fn why(fate: &Fate) -> String {
    match fate {
        Fate::New | Fate::Unchanged => String::new(),
        Fate::Changed(parts) => parts
            .iter()
            .map(|part| match part {
                Part::CompanyName => "company name",
                Part::Domain => "primary domain",
                Part::AcceptedDirectly => "accepted directly",
            })
            .collect::<Vec<_>>()
            .join(", "),
        Fate::Refused(reasons) => reasons.iter().map(reason_words).collect::<Vec<_>>().join("; "),
    }
}

fn reason_words(why: &Why) -> String {
    match why {
        Why::Unreadable(LineFault::Cell { column, invalid }) => {
            format!("{}: {}", column_words(*column), invalid_words(*invalid))
        }
        Why::Unreadable(LineFault::CellCount { expected, found }) => {
            format!("{found} cells where {expected} were expected")
        }
        Why::Unreadable(LineFault::Repeats { earlier }) => format!("the same as line {earlier}"),
        Why::Unreadable(LineFault::SameMicrosoftId { earlier }) => {
            format!("the Microsoft ID of line {earlier}, with other details")
        }
        Why::Refused(Refusal::NotApplicable) => "accepted directly: agreements do not exist in this cloud".to_owned(),
        Why::Refused(Refusal::ProviderConfirms) => "accepted directly: the indirect provider records that".to_owned(),
        Why::Refused(Refusal::InTheFuture { today }) => format!("accepted directly: after today, {today}"),
        Why::Refused(other) => format!("accepted directly: {other:?}"),
    }
}

fn column_words(column: Column) -> &'static str {
    match column {
        Column::MicrosoftId => "Microsoft ID",
        Column::CompanyName => "Company name",
        Column::PrimaryDomain => "Primary domain name",
        Column::AcceptedDirectly => "Accepted directly",
    }
}

fn invalid_words(invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "empty".to_owned(),
        Invalid::TooLong { max } => format!("more than {max} characters"),
        Invalid::Unprintable => "contains characters that cannot be shown".to_owned(),
        Invalid::NotAGuid => "not a GUID".to_owned(),
        Invalid::NotADomain => "not a domain name".to_owned(),
        Invalid::DatePart(_) | Invalid::DateNotReal => "neither yes, no nor a date".to_owned(),
        Invalid::DateTooEarly => "before the year 2000".to_owned(),
        Invalid::DateInFuture { today } => format!("after today, {today}"),
        Invalid::NotAnEmail
        | Invalid::PhoneDigits
        | Invalid::UnknownCountry
        | Invalid::UnknownState
        | Invalid::UnknownLanguage => "not understood".to_owned(),
    }
}

fn problem_words(problem: FileProblem) -> String {
    match problem {
        FileProblem::Empty => "the file is empty".to_owned(),
        FileProblem::NotText => "the file is not text; export or save it as CSV".to_owned(),
        FileProblem::NoHeader => {
            "the first line must name the columns: Microsoft ID, Company name, Primary domain name".to_owned()
        }
        FileProblem::MissingColumn(column) => format!("the file has no column {}", column_words(column)),
        FileProblem::TooManyRows { max } => format!("the file has more than {max} lines; split it"),
    }
}
