//! `countersign import`

mod catalogue;
mod customers;
mod file;
mod indirect_resellers;
mod messages;
mod subscriptions;

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

use self::file::{AccountOptions, Import, Options};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Import the file of Partner Center's Export customers. Shows what would happen; --apply does it
    Customers {
        /// The CSV file or Excel workbook: Microsoft ID, Company name, Primary domain name, Relationship; also Accepted directly
        file: PathBuf,
        #[command(flatten)]
        options: AccountOptions,
    },
    /// Import an indirect provider's list of indirect resellers. Shows what would happen; --apply does it
    IndirectResellers {
        /// The CSV file or Excel workbook: Name, MPN ID, Tenant ID, Agreement signed (yes or no)
        file: PathBuf,
        #[command(flatten)]
        options: AccountOptions,
    },
    /// Import the file of Partner Center's Export subscriptions. Shows what would happen; --apply does it
    Subscriptions {
        /// The CSV file or Excel workbook: Subscription ID, Subscription, Quantity, Status, Microsoft ID; also Offer ID, Auto renew,
        /// Billing cycle, Term, Renewal date or Commitment end date
        file: PathBuf,
        #[command(flatten)]
        options: AccountOptions,
    },
    /// Import the offers that every partner account can order. Shows what would happen; --apply does it
    Catalogue {
        /// The CSV file or Excel workbook: Offer ID, Offer name, Category, Segment, Billing, Minimum quantity, Maximum quantity,
        /// Billing cycles, Terms; also Prerequisite offer ID, Countries, Product ID, SKU ID, Availability ID
        file: PathBuf,
        #[command(flatten)]
        options: Options,
    },
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
