//! `countersign import catalogue`

use std::process::ExitCode;

use super::{
    file::Import,
    messages::{self, Words, fault_words, problem},
};
use crate::{
    actions::import_catalogue,
    domain::{
        actor::Principal,
        catalogue_file::{self, Column},
    },
};

pub(super) async fn run(import: &Import) -> anyhow::Result<ExitCode> {
    let Import { bytes, db, apply, options, .. } = import;
    let file = catalogue_file::read(bytes, options).map_err(problem)?;
    let planned = if *apply {
        import_catalogue::apply(db, Principal::command_line(), &file).await?
    } else {
        import_catalogue::plan(db, &file).await?
    };
    Ok(import.report(
        &file.report,
        &planned,
        &Words { noun: "Offer", part: part_words, reason: |fault| fault_words(*fault) },
    ))
}

fn part_words(part: Column) -> &'static str {
    match part {
        Column::OfferId => "offer ID",
        Column::Name => "name",
        Column::Category => "category",
        Column::Segment => "segment",
        Column::Billing => "billing",
        Column::MinimumQuantity => "minimum quantity",
        Column::MaximumQuantity => "maximum quantity",
        Column::BillingCycles => "billing cycles",
        Column::Terms => "terms",
        Column::Prerequisite => "prerequisite",
        Column::Countries => "countries",
        Column::ProductId => "product ID",
        Column::SkuId => "SKU ID",
        Column::AvailabilityId => "availability ID",
    }
}

impl messages::Column for Column {
    const ID: Self = Self::OfferId;

    fn words(self) -> &'static str {
        match self {
            Self::OfferId => "Offer ID",
            Self::Name => "Offer name",
            Self::Category => "Category",
            Self::Segment => "Segment",
            Self::Billing => "Billing",
            Self::MinimumQuantity => "Minimum quantity",
            Self::MaximumQuantity => "Maximum quantity",
            Self::BillingCycles => "Billing cycles",
            Self::Terms => "Terms",
            Self::Prerequisite => "Prerequisite offer ID",
            Self::Countries => "Countries",
            Self::ProductId => "Product ID",
            Self::SkuId => "SKU ID",
            Self::AvailabilityId => "Availability ID",
        }
    }
}
