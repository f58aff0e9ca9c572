//! Importing Partner Center's list of customers.

use serde_json::json;
use uuid::Uuid;

use super::{
    Failure,
    confirm_agreement::accept_directly_within,
    edit_customer::changes,
    import::{self, counts},
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Channel, Refusal},
        audit::{Action, Event},
        customer::{Company, Contact},
        customer_file::{CustomerFile, CustomerLine, Line, LineFault},
        field::Field,
    },
    store::{
        self, Db, Read, WriteTx, agreements,
        customers::{self, NewCustomer},
    },
};

/// What a line of the file comes to.
pub type RowOutcome = import::RowOutcome<Part, RejectReason>;

/// A line of the file with its fate.
pub type PlannedRow = import::PlannedRow<Part, RejectReason>;

/// A part of a customer that a file can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The company's name.
    CompanyName,
    /// The primary domain.
    Domain,
    /// That the customer accepted directly with Microsoft.
    AcceptedDirectly,
}

/// Why a line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RejectReason {
    /// It cannot be read.
    Unreadable(LineFault),
    /// Its acceptance cannot be recorded.
    Refused(Refusal),
}

/// Judges every line against what is known, and changes nothing.
pub async fn plan(db: &Db, actor: &Actor, file: &CustomerFile) -> Result<Vec<PlannedRow>, store::Error> {
    let now = db.clock.now();
    let mut conn = db.snapshot().await?;
    let mut planned = Vec::with_capacity(file.lines.len());
    for line in &file.lines {
        planned.push(classify(&mut conn, actor, line, now).await?);
    }
    Ok(planned)
}

/// Writes every usable line in one change, and says what became of each. Importing the same file again
/// changes nothing.
pub async fn apply(db: &Db, actor: &Actor, file: &CustomerFile) -> Result<Vec<PlannedRow>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let now = tx.clock.now();
    let mut planned = Vec::with_capacity(file.lines.len());
    // In the order of the ids, so that two imports cannot wait for each other.
    let mut lines: Vec<&Line> = file.lines.iter().collect();
    lines.sort_by_key(|line| line.content.as_ref().ok().map(|content| content.microsoft_id));
    for line in lines {
        let one = classify(&mut tx, actor, line, now).await?;
        if let Ok(content) = &line.content {
            match &one.fate {
                RowOutcome::New => {
                    add(&mut tx, actor, content).await?;
                }
                RowOutcome::Changed(parts) => update(&mut tx, actor, content, parts).await?,
                RowOutcome::Unchanged | RowOutcome::Refused(_) => {}
            }
        }
        planned.push(one);
    }
    planned.sort_by_key(|one| one.number);
    let counts = counts(&planned);
    if counts.contains_key("new") || counts.contains_key("changed") {
        let event = Event::by(actor, tx.clock.id(), now, Action::CustomersImported).with(json!(counts));
        tx.commit(event).await?;
    }
    Ok(planned)
}

async fn classify(
    conn: &mut dyn Read,
    actor: &Actor,
    line: &Line,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<PlannedRow, store::Error> {
    let planned = |fate| PlannedRow::of(line, fate);
    let content = match &line.content {
        Ok(content) => content,
        // The very same line once more does no harm.
        Err(_) if line.is_repeat() => return Ok(planned(RowOutcome::Unchanged)),
        Err(faults) => {
            return Ok(planned(RowOutcome::Refused(faults.iter().copied().map(RejectReason::Unreadable).collect())));
        }
    };
    let known = customers::find(conn, actor.account.id, content.microsoft_id).await?;
    let mut parts = Vec::new();
    if let Some(direct) = content.accepted_directly {
        let versions = agreements::versions(conn).await?;
        // One that comes back has what was recorded before it left.
        let removed = match &known {
            Some(_) => None,
            None => customers::find_removed(conn, actor.account.id, content.microsoft_id).await?,
        };
        let recorded = match known.as_ref().or(removed.as_ref()) {
            Some(customer) => agreements::of_customer(conn, customer.seq, &versions).await?,
            None => Vec::new(),
        };
        let today = actor.account.today(now);
        match crate::domain::agreement::accept_directly(direct.on, &actor.account, &versions, &recorded, today) {
            Ok(Some(_)) => parts.push(Part::AcceptedDirectly),
            Ok(None) => {}
            Err(refusal) => return Ok(planned(RowOutcome::Refused(vec![RejectReason::Refused(refusal)]))),
        }
    }
    let fate = match &known {
        None => RowOutcome::New,
        Some(known) => {
            if known.company_name != content.company_name {
                parts.push(Part::CompanyName);
            }
            if known.domain != content.domain.as_str() {
                parts.push(Part::Domain);
            }
            if parts.is_empty() { RowOutcome::Unchanged } else { RowOutcome::Changed(parts) }
        }
    };
    Ok(planned(fate))
}

/// Adds a customer, with its direct acceptance where the line says so. Its Microsoft ID is the id. One that was removed
/// comes back, with everything that was recorded for it.
pub async fn add(tx: &mut WriteTx, actor: &Actor, line: &CustomerLine) -> Result<Uuid, Failure<Refusal>> {
    let event_id = tx.clock.id();
    let (account, name, domain) = (&actor.account, &line.company_name, line.domain.as_str());
    let removed = customers::lock_removed(tx, account.id, line.microsoft_id).await?;
    let customer = if let Some(removed) = removed {
        let back = customers::restore(tx, &removed, event_id).await?;
        customers::set_name_and_domain(tx, &back, name, domain, event_id).await?
    } else {
        let new = NewCustomer {
            partner_account_id: account.id,
            id: line.microsoft_id,
            company: &Company::named(name),
            domain,
            contact: &Contact::default(),
            associated_partner_id: None,
        };
        customers::insert(tx, account, &new, event_id).await?
    };
    let mut event = Event::by(actor, event_id, tx.clock.now(), Action::CustomerImported)
        .about(line.microsoft_id)
        .with(json!({ "company_name": name, "domain": domain }));
    event.attach_digest(&customer);
    tx.record(event);
    accept(tx, actor, line).await?;
    Ok(line.microsoft_id)
}

async fn update(tx: &mut WriteTx, actor: &Actor, line: &CustomerLine, parts: &[Part]) -> Result<(), Failure<Refusal>> {
    if parts.contains(&Part::CompanyName) || parts.contains(&Part::Domain) {
        let id = line.microsoft_id;
        // As it is now: somebody may have edited it since the line was judged.
        let known = customers::lock(tx, actor.account.id, id).await?.ok_or(Failure::NoSuchCustomer)?;
        let texts = |name: &str, domain: &str| {
            [(Field::CompanyName, name.to_owned()), (Field::DomainPrefix, domain.to_owned())]
        };
        let detail =
            changes(&texts(&known.company_name, &known.domain), &texts(&line.company_name, line.domain.as_str()));
        let mut event =
            Event::by(actor, tx.clock.id(), tx.clock.now(), Action::CustomerUpdatedByImport).about(id).with(detail);
        let after =
            customers::set_name_and_domain(tx, &known, &line.company_name, line.domain.as_str(), event.id).await?;
        event.attach_digest(&after);
        tx.record(event);
    }
    if parts.contains(&Part::AcceptedDirectly) {
        accept(tx, actor, line).await?;
    }
    Ok(())
}

async fn accept(tx: &mut WriteTx, actor: &Actor, line: &CustomerLine) -> Result<(), Failure<Refusal>> {
    if let Some(direct) = line.accepted_directly {
        let event = accept_directly_within(tx, actor, line.microsoft_id, direct.on, Channel::Import).await?;
        if let Some(event) = event {
            tx.record(event);
        }
    }
    Ok(())
}
