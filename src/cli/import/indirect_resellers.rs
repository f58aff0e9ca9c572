//! `countersign import indirect-resellers`

use std::process::ExitCode;

use super::{
    file::Import,
    messages::{self, Words, fault_words, problem},
};
use crate::{
    actions::{
        Failure,
        import_indirect_resellers::{self, Part, Refusal},
    },
    domain::{
        actor::Actor,
        reseller_file::{self, Column},
    },
};

pub(super) async fn run(import: &Import, actor: &Actor) -> anyhow::Result<ExitCode> {
    let Import { bytes, db, apply, options, .. } = import;
    let file = reseller_file::read(bytes, options).map_err(problem)?;
    let planned = if *apply {
        import_indirect_resellers::apply(db, actor, &file).await
    } else {
        import_indirect_resellers::plan(db, actor, &file).await
    };
    let planned = planned.map_err(|failure| match failure {
        Failure::Refused(Refusal::NotAnIndirectProvider) => anyhow::anyhow!(
            "{} is not the account of an indirect provider, who alone has indirect resellers",
            actor.account.name
        ),
        other => other.into(),
    })?;
    Ok(import.report(
        &file.report,
        &planned,
        &Words { noun: "Reseller", part: part_words, reason: |fault| fault_words(*fault) },
    ))
}

fn part_words(part: Part) -> &'static str {
    match part {
        Part::Name => "name",
        Part::TenantId => "tenant",
        Part::AgreementSigned => "agreement signed",
    }
}

impl messages::Column for Column {
    const ID: Self = Self::MpnId;

    fn words(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::MpnId => "MPN ID",
            Self::TenantId => "Tenant ID",
            Self::AgreementSigned => "Agreement signed",
        }
    }
}
