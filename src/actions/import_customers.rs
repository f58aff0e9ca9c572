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
        agreement::{Door, Refusal},
        audit::{Action, Event},
        customer::{Company, Contact},
        customer_file::{CustomerFile, CustomerLine, Line, LineFault},
        field::Field,
    },
    store::{
        self, Change, Db, Snapshot, agreements,
        customers::{self, NewCustomer},
    },
};

/// What a line of the file comes to.
pub type Fate = import::Fate<Part, Why>;

/// A line of the file with its fate.
pub type Planned = import::Planned<Part, Why>;

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
pub enum Why {
    /// It cannot be read.
    Unreadable(LineFault),
    /// Its acceptance cannot be recorded.
    Refused(Refusal),
}

/// Judges every line against what is known, and changes nothing.
pub async fn plan(db: &Db, actor: &Actor, file: &CustomerFile) -> Result<Vec<Planned>, store::Error> {
    let now = db.clock.now();
    let mut at = db.snapshot().await?;
    let mut planned = Vec::with_capacity(file.lines.len());
    for line in &file.lines {
        planned.push(judge(&mut at, actor, line, now).await?);
    }
    Ok(planned)
}

/// Writes every usable line in one change, and says what became of each. Importing the same file again
/// changes nothing.
pub async fn apply(db: &Db, actor: &Actor, file: &CustomerFile) -> Result<Vec<Planned>, Failure<Refusal>> {
    let mut change = db.change().await?;
    let now = change.clock.now();
    let mut planned = Vec::with_capacity(file.lines.len());
    // In the order of the ids, so that two imports cannot wait for each other.
    let mut lines: Vec<&Line> = file.lines.iter().collect();
    lines.sort_by_key(|line| line.content.as_ref().ok().map(|content| content.microsoft_id));
    for line in lines {
        let one = judge(&mut change, actor, line, now).await?;
        if let Ok(content) = &line.content {
            match &one.fate {
                Fate::New => {
                    add(&mut change, actor, content).await?;
                }
                Fate::Changed(parts) => update(&mut change, actor, content, parts).await?,
                Fate::Unchanged | Fate::Refused(_) => {}
            }
        }
        planned.push(one);
    }
    planned.sort_by_key(|one| one.number);
    let counts = counts(&planned);
    if counts.contains_key("new") || counts.contains_key("changed") {
        let event = Event::by(actor, change.clock.id(), now, Action::CustomersImported).with(json!(counts));
        change.commit(event).await?;
    }
    Ok(planned)
}

async fn judge(
    at: &mut Snapshot,
    actor: &Actor,
    line: &Line,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Planned, store::Error> {
    let planned = |fate| Planned::of(line, fate);
    let content = match &line.content {
        Ok(content) => content,
        // The very same line once more does no harm.
        Err(_) if line.is_repeat() => return Ok(planned(Fate::Unchanged)),
        Err(faults) => {
            return Ok(planned(Fate::Refused(faults.iter().copied().map(Why::Unreadable).collect())));
        }
    };
    let known = customers::find(at, actor.account.id, content.microsoft_id).await?;
    let mut parts = Vec::new();
    if let Some(direct) = content.accepted_directly {
        let versions = agreements::versions(at).await?;
        // One that comes back has what was recorded before it left.
        let removed = match &known {
            Some(_) => None,
            None => customers::find_removed(at, actor.account.id, content.microsoft_id).await?,
        };
        let recorded = match known.as_ref().or(removed.as_ref()) {
            Some(customer) => agreements::of_customer(at, customer.seq, &versions).await?,
            None => Vec::new(),
        };
        let today = actor.account.today(now);
        match crate::domain::agreement::accept_directly(direct.on, &actor.account, &versions, &recorded, today) {
            Ok(Some(_)) => parts.push(Part::AcceptedDirectly),
            Ok(None) => {}
            Err(refusal) => return Ok(planned(Fate::Refused(vec![Why::Refused(refusal)]))),
        }
    }
    let fate = match &known {
        None => Fate::New,
        Some(known) => {
            if known.company_name != content.company_name {
                parts.push(Part::CompanyName);
            }
            if known.domain != content.domain.as_str() {
                parts.push(Part::Domain);
            }
            if parts.is_empty() { Fate::Unchanged } else { Fate::Changed(parts) }
        }
    };
    Ok(planned(fate))
}

/// Adds a customer, with its direct acceptance where the line says so. Its Microsoft ID is the id. One that was removed
/// comes back, with everything that was recorded for it.
pub async fn add(change: &mut Change, actor: &Actor, line: &CustomerLine) -> Result<Uuid, Failure<Refusal>> {
    let event_id = change.clock.id();
    let (account, name, domain) = (&actor.account, &line.company_name, line.domain.as_str());
    let removed = customers::lock_removed(change, account.id, line.microsoft_id).await?;
    let customer = if let Some(removed) = removed {
        let back = customers::restore(change, &removed, event_id).await?;
        customers::set_name_and_domain(change, &back, name, domain, event_id).await?
    } else {
        let new = NewCustomer {
            partner_account_id: account.id,
            id: line.microsoft_id,
            company: &Company::named(name),
            domain,
            contact: &Contact::default(),
            associated_partner_id: None,
        };
        customers::insert(change, &new, event_id).await?
    };
    let mut event = Event::by(actor, event_id, change.clock.now(), Action::CustomerImported)
        .about(line.microsoft_id)
        .with(json!({ "company_name": name, "domain": domain }));
    event.seal(&customer);
    change.record(event);
    accept(change, actor, line).await?;
    Ok(line.microsoft_id)
}

async fn update(
    change: &mut Change,
    actor: &Actor,
    line: &CustomerLine,
    parts: &[Part],
) -> Result<(), Failure<Refusal>> {
    if parts.contains(&Part::CompanyName) || parts.contains(&Part::Domain) {
        let id = line.microsoft_id;
        // As it is now: somebody may have edited it since the line was judged.
        let known = customers::lock(change, actor.account.id, id).await?.ok_or(Failure::NoSuchCustomer)?;
        let texts = |name: &str, domain: &str| {
            [(Field::CompanyName, name.to_owned()), (Field::DomainPrefix, domain.to_owned())]
        };
        let detail =
            changes(&texts(&known.company_name, &known.domain), &texts(&line.company_name, line.domain.as_str()));
        let mut event = Event::by(actor, change.clock.id(), change.clock.now(), Action::CustomerUpdatedByImport)
            .about(id)
            .with(detail);
        let after =
            customers::set_name_and_domain(change, &known, &line.company_name, line.domain.as_str(), event.id).await?;
        event.seal(&after);
        change.record(event);
    }
    if parts.contains(&Part::AcceptedDirectly) {
        accept(change, actor, line).await?;
    }
    Ok(())
}

async fn accept(change: &mut Change, actor: &Actor, line: &CustomerLine) -> Result<(), Failure<Refusal>> {
    if let Some(direct) = line.accepted_directly {
        let event = accept_directly_within(change, actor, line.microsoft_id, direct.on, Door::Import).await?;
        if let Some(event) = event {
            change.record(event);
        }
    }
    Ok(())
}
