//! `countersign import customers`

use std::process::ExitCode;

use super::{
    file::Import,
    messages::{self, Words, fault_words, problem},
};
use crate::{
    actions::import_customers::{self, Part, RejectReason},
    domain::{
        actor::Actor,
        agreement::Refusal,
        customer_file::{self, Column},
    },
};

pub(super) async fn run(import: &Import, actor: &Actor) -> anyhow::Result<ExitCode> {
    let Import { bytes, db, apply, options, .. } = import;
    let file = customer_file::read(bytes, options).map_err(problem)?;
    let planned = if *apply {
        import_customers::apply(db, actor, &file).await?
    } else {
        import_customers::plan(db, actor, &file).await?
    };
    Ok(import.report(&file.report, &planned, &Words { noun: "Customer", part: part_words, reason: reason_words }))
}

fn part_words(part: Part) -> &'static str {
    match part {
        Part::CompanyName => "company name",
        Part::Domain => "primary domain",
        Part::AcceptedDirectly => "accepted directly",
    }
}

fn reason_words(why: &RejectReason) -> String {
    match why {
        RejectReason::Unreadable(fault) => fault_words(*fault),
        RejectReason::Refused(Refusal::NotApplicable) => {
            "accepted directly: agreements do not exist in this cloud".to_owned()
        }
        RejectReason::Refused(Refusal::ProviderConfirms) => {
            "accepted directly: the indirect provider records that".to_owned()
        }
        RejectReason::Refused(Refusal::InTheFuture { today }) => format!("accepted directly: after today, {today}"),
        RejectReason::Refused(other) => format!("accepted directly: {other:?}"),
    }
}

impl messages::Column for Column {
    const ID: Self = Self::MicrosoftId;

    fn words(self) -> &'static str {
        match self {
            Self::MicrosoftId => "Microsoft ID",
            Self::CompanyName => "Company name",
            Self::PrimaryDomain => "Primary domain name",
            Self::AcceptedDirectly => "Accepted directly",
        }
    }

    fn not_a_date(self) -> &'static str {
        "neither yes, no nor a date"
    }
}
