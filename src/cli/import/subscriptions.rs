//! `countersign import subscriptions`

use std::process::ExitCode;

use super::{
    file::Import,
    messages::{self, Words, fault_words, problem},
};
use crate::{
    actions::import_subscriptions::{self, Part, RejectReason},
    domain::{
        actor::Actor,
        subscription_file::{self, Column},
    },
};

pub(super) async fn run(import: &Import, actor: &Actor) -> anyhow::Result<ExitCode> {
    let Import { bytes, db, apply, options, .. } = import;
    let file = subscription_file::read(bytes, options).map_err(problem)?;
    let planned = if *apply {
        import_subscriptions::apply(db, actor, &file).await?
    } else {
        import_subscriptions::plan(db, actor, &file).await?
    };
    Ok(import.report(&file.report, &planned, &Words { noun: "Subscription", part: part_words, reason: reason_words }))
}

fn part_words(part: Part) -> &'static str {
    match part {
        Part::Name => "name",
        Part::Quantity => "quantity",
        Part::Status => "status",
        Part::AutoRenew => "auto renew",
        Part::RenewalDate => "renewal date",
    }
}

fn reason_words(why: &RejectReason) -> String {
    match why {
        RejectReason::Unreadable(fault) => fault_words(*fault),
        RejectReason::NoSuchCustomer => "no such customer".to_owned(),
        RejectReason::OfAnotherCustomer => "the subscription of another customer".to_owned(),
    }
}

impl messages::Column for Column {
    const ID: Self = Self::SubscriptionId;

    fn words(self) -> &'static str {
        match self {
            Self::SubscriptionId => "Subscription ID",
            Self::Name => "Subscription",
            Self::Quantity => "Quantity",
            Self::Status => "Status",
            Self::MicrosoftId => "Microsoft ID",
            Self::OfferId => "Offer ID",
            Self::AutoRenew => "Auto renew",
            Self::BillingCycle => "Billing cycle",
            Self::Term => "Term",
            Self::RenewalDate => "Renewal date",
            Self::CommitmentEnd => "Commitment end date",
        }
    }
}
