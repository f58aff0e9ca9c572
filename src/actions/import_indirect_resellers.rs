//! Importing an indirect provider's list of indirect resellers.

use std::collections::HashMap;

use serde_json::json;

use super::{
    Failure,
    import::{self, counts},
};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        indirect_reseller::IndirectReseller,
        partner_account::{PartnerAccount, PartnerType},
        reseller_file::{Line, LineFault, ResellerFile},
    },
    store::{self, Db, Read, indirect_resellers, partner_accounts},
};

/// What a line of the file comes to.
pub type RowOutcome = import::RowOutcome<Part, LineFault>;

/// A line of the file with its fate.
pub type PlannedRow = import::PlannedRow<Part, LineFault>;

/// A part of an indirect reseller that a file can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Name,
    /// Its tenant.
    TenantId,
    /// Whether it signed the agreement.
    AgreementSigned,
}

/// Why a file is refused as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The account is not an indirect provider's, and nobody else has indirect resellers.
    NotAnIndirectProvider,
}

/// Judges every line against what is known, and changes nothing.
pub async fn plan(db: &Db, actor: &Actor, file: &ResellerFile) -> Result<Vec<PlannedRow>, Failure<Refusal>> {
    has_resellers(&actor.account)?;
    Ok(judge_all(&mut db.snapshot().await?, actor, file).await?)
}

/// Writes every usable line in one change with one event, and says what became of each. Resellers that the file
/// does not name stay. Importing the same file again changes nothing.
pub async fn apply(db: &Db, actor: &Actor, file: &ResellerFile) -> Result<Vec<PlannedRow>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    // Two imports into one account wait for each other here.
    let account = partner_accounts::lock(&mut tx, actor.account.id).await?;
    has_resellers(account.as_ref().unwrap_or(&actor.account))?;
    let planned = judge_all(&mut tx, actor, file).await?;
    let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), Action::IndirectResellersImported)
        .with(json!(counts(&planned)));
    for (line, one) in file.lines.iter().zip(&planned) {
        if let (Ok(reseller), RowOutcome::New | RowOutcome::Changed(_)) = (&line.content, &one.fate) {
            let row = indirect_resellers::put(&mut tx, actor.account.id, reseller, event.id).await?;
            event.attach_digest(&row);
        }
    }
    if !event.digests.is_empty() {
        tx.commit(event).await?;
    }
    Ok(planned)
}

fn has_resellers(account: &PartnerAccount) -> Result<(), Failure<Refusal>> {
    match account.partner_type {
        PartnerType::IndirectProvider => Ok(()),
        PartnerType::DirectBillPartner | PartnerType::IndirectReseller => {
            Err(Failure::Refused(Refusal::NotAnIndirectProvider))
        }
    }
}

async fn judge_all(conn: &mut dyn Read, actor: &Actor, file: &ResellerFile) -> Result<Vec<PlannedRow>, store::Error> {
    let known = indirect_resellers::all(conn, actor.account.id).await?;
    let known: HashMap<&str, &IndirectReseller> =
        known.iter().map(|reseller| (reseller.mpn_id.as_str(), reseller)).collect();
    Ok(file.lines.iter().map(|line| PlannedRow::of(line, classify(&known, line))).collect())
}

fn classify(known: &HashMap<&str, &IndirectReseller>, line: &Line) -> RowOutcome {
    let reseller = match &line.content {
        Ok(reseller) => reseller,
        // The very same line once more does no harm.
        Err(_) if line.is_repeat() => return RowOutcome::Unchanged,
        Err(faults) => return RowOutcome::Refused(faults.clone()),
    };
    let Some(known) = known.get(reseller.mpn_id.as_str()) else { return RowOutcome::New };
    let parts: Vec<Part> = [
        (Part::Name, known.name != reseller.name),
        (Part::TenantId, known.tenant_id != reseller.tenant_id),
        (Part::AgreementSigned, known.agreement_signed != reseller.agreement_signed),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect();
    if parts.is_empty() { RowOutcome::Unchanged } else { RowOutcome::Changed(parts) }
}
