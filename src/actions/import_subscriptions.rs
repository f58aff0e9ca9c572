//! Importing Partner Center's list of subscriptions.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;
use uuid::Uuid;

use super::import;
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        fold::fold,
        order::{Billing, Label, Offer},
        subscription_file::{Line, LineFault, SubscriptionFile, SubscriptionLine},
    },
    store::{
        self, Db, Read, WriteTx,
        customers::{self, Customer},
        offers,
        subscriptions::{self, NewSubscription, State, SubscriptionRow},
    },
};

/// What a line of the file comes to.
pub type RowOutcome = import::RowOutcome<Part, RejectReason>;

/// A line of the file with its fate.
pub type PlannedRow = import::PlannedRow<Part, RejectReason>;

/// A part of a subscription that a file can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Name,
    /// The number of licences.
    Quantity,
    /// Whether it is in use.
    Status,
    /// Whether it renews by itself.
    AutoRenew,
    /// When it renews.
    RenewalDate,
}

/// Why a line cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectReason {
    /// It cannot be read.
    Unreadable(LineFault),
    /// The account has no such customer.
    NoSuchCustomer,
    /// Another customer, of any account, has the subscription.
    OfAnotherCustomer,
}

/// Judges every line against what is known, and changes nothing.
pub async fn plan(db: &Db, actor: &Actor, file: &SubscriptionFile) -> Result<Vec<PlannedRow>, store::Error> {
    let mut conn = db.snapshot().await?;
    let mut planned = unreadable(file);
    for (customer_id, lines) in by_customer(file) {
        let customer = customers::find(&mut conn, actor.account.id, customer_id).await?;
        let judged = classify(&mut conn, customer.as_ref(), &lines).await?;
        planned.extend(judged.into_iter().map(Judged::planned));
    }
    planned.sort_by_key(|one| one.number);
    Ok(planned)
}

/// Writes every usable line in one change with an event for each customer, and says what became of each. No
/// confirmation status holds that up: what the file names exists already. Subscriptions that it does not name stay. Importing
/// the same file again changes nothing.
pub async fn apply(db: &Db, actor: &Actor, file: &SubscriptionFile) -> Result<Vec<PlannedRow>, store::Error> {
    let mut tx = db.write().await?;
    let offers = offers::all(&mut tx).await?;
    let catalogue = Catalogue::of(&offers);
    let mut planned = unreadable(file);
    let mut events = Vec::new();
    for (customer_id, lines) in by_customer(file) {
        let customer = customers::lock(&mut tx, actor.account.id, customer_id).await?;
        let judged = classify(&mut tx, customer.as_ref(), &lines).await?;
        let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), Action::SubscriptionsImported);
        let (mut new, mut changed) = (0, 0);
        for one in &judged {
            match (&one.fate, &one.known, &customer) {
                (RowOutcome::New, _, Some(customer)) => {
                    event.attach_digest(&add(&mut tx, &catalogue, customer, one.content, event.id).await?);
                    new += 1;
                }
                (RowOutcome::Changed(_), Some(known), Some(customer)) => {
                    event.attach_digest(&update(&mut tx, customer, known, one.content, event.id).await?);
                    changed += 1;
                }
                _ => {}
            }
        }
        planned.extend(judged.into_iter().map(Judged::planned));
        if !event.digests.is_empty() {
            events.push(event.about(customer_id).with(json!({ "new": new, "changed": changed })));
        }
    }
    planned.sort_by_key(|one| one.number);
    if let Some(last) = events.pop() {
        for event in events {
            tx.record(event);
        }
        tx.commit(last).await?;
    }
    Ok(planned)
}

/// A line that can be read, with what it comes to.
struct Judged<'a> {
    line: &'a Line,
    content: &'a SubscriptionLine,
    fate: RowOutcome,
    /// The subscription as it is.
    known: Option<SubscriptionRow>,
}

impl Judged<'_> {
    fn planned(self) -> PlannedRow {
        PlannedRow::of(self.line, self.fate)
    }
}

/// The lines that cannot be read.
fn unreadable(file: &SubscriptionFile) -> Vec<PlannedRow> {
    let fate = |line: &Line| match &line.content {
        Ok(_) => None,
        // The very same line once more does no harm.
        Err(_) if line.is_repeat() => Some(RowOutcome::Unchanged),
        Err(faults) => Some(RowOutcome::Refused(faults.iter().copied().map(RejectReason::Unreadable).collect())),
    };
    file.lines.iter().filter_map(|line| fate(line).map(|fate| PlannedRow::of(line, fate))).collect()
}

/// The lines that can be read, by their customers in the order of the ids, so that two imports cannot wait for each
/// other.
fn by_customer(file: &SubscriptionFile) -> BTreeMap<Uuid, Vec<(&Line, &SubscriptionLine)>> {
    let mut customers: BTreeMap<Uuid, Vec<_>> = BTreeMap::new();
    for line in &file.lines {
        if let Ok(content) = &line.content {
            customers.entry(content.microsoft_id).or_default().push((line, content));
        }
    }
    customers
}

/// Judges the lines of one customer.
async fn classify<'a>(
    conn: &mut dyn Read,
    customer: Option<&Customer>,
    lines: &[(&'a Line, &'a SubscriptionLine)],
) -> Result<Vec<Judged<'a>>, store::Error> {
    let mut rows: HashMap<Uuid, SubscriptionRow> = HashMap::new();
    if let Some(customer) = customer {
        let all = subscriptions::of_customer(conn, customer.seq).await?;
        rows.extend(all.into_iter().map(|row| (row.id, row)));
    }
    let mut judged = Vec::with_capacity(lines.len());
    for &(line, content) in lines {
        let known = rows.remove(&content.id);
        let fate = match &known {
            _ if customer.is_none() => RowOutcome::Refused(vec![RejectReason::NoSuchCustomer]),
            Some(known) => compare(known, content),
            None if subscriptions::is_known(conn, content.id).await? => {
                RowOutcome::Refused(vec![RejectReason::OfAnotherCustomer])
            }
            None => RowOutcome::New,
        };
        judged.push(Judged { line, content, fate, known });
    }
    Ok(judged)
}

fn compare(known: &SubscriptionRow, line: &SubscriptionLine) -> RowOutcome {
    let renews_otherwise = line.renewal.is_some_and(|renewal| renewal.commitment_ends_on != known.commitment_ends_on);
    let parts: Vec<Part> = [
        (Part::Name, known.offer_name != line.name),
        (Part::Quantity, line.quantity.is_some_and(|quantity| quantity != known.quantity)),
        (Part::Status, known.status != line.status),
        (Part::AutoRenew, line.auto_renew.is_some_and(|auto_renew| auto_renew != known.auto_renew)),
        (Part::RenewalDate, renews_otherwise),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect();
    if parts.is_empty() { RowOutcome::Unchanged } else { RowOutcome::Changed(parts) }
}

async fn add(
    tx: &mut WriteTx,
    catalogue: &Catalogue<'_>,
    customer: &Customer,
    line: &SubscriptionLine,
    event_id: Uuid,
) -> Result<SubscriptionRow, store::Error> {
    let offer = catalogue.offer(line);
    let new = NewSubscription {
        id: line.id,
        customer,
        order_id: None,
        offer_id: line.offer_id.as_deref().or(offer.map(|offer| offer.id.as_str())).unwrap_or_default(),
        offer_name: &line.name,
        billing: offer.map_or(Billing::License, |offer| offer.billing),
        state: state(line, 0, true),
        billing_cycle: line.billing_cycle,
        term_duration: line.term_duration,
        commitment_ends_on: line.renewal.and_then(|renewal| renewal.commitment_ends_on),
        label: Label::default(),
    };
    subscriptions::insert(tx, &new, event_id).await
}

async fn update(
    tx: &mut WriteTx,
    customer: &Customer,
    known: &SubscriptionRow,
    line: &SubscriptionLine,
    event_id: Uuid,
) -> Result<SubscriptionRow, store::Error> {
    let state = state(line, known.quantity, known.auto_renew);
    let ends_on = line.renewal.map_or(known.commitment_ends_on, |renewal| renewal.commitment_ends_on);
    subscriptions::set_imported(tx, customer, known, &line.name, state, ends_on, event_id).await
}

/// What a line says, with the number of licences and whether it renews by itself where the file does not say so.
fn state(line: &SubscriptionLine, quantity: i64, auto_renew: bool) -> State {
    State {
        quantity: line.quantity.unwrap_or(quantity),
        status: line.status,
        auto_renew: line.auto_renew.unwrap_or(auto_renew),
    }
}

/// The offers that subscriptions may be of.
struct Catalogue<'a> {
    by_id: HashMap<&'a str, &'a Offer>,
    by_name: HashMap<String, &'a Offer>,
}

impl<'a> Catalogue<'a> {
    fn of(offers: &'a [Offer]) -> Self {
        Self {
            by_id: offers.iter().map(|offer| (offer.id.as_str(), offer)).collect(),
            // Of several with one name, the first.
            by_name: offers.iter().rev().map(|offer| (fold(&offer.name), offer)).collect(),
        }
    }

    /// The one with the id that a line names or, where it names none, with the subscription's name.
    fn offer(&self, line: &SubscriptionLine) -> Option<&'a Offer> {
        match &line.offer_id {
            Some(id) => self.by_id.get(id.as_str()).copied(),
            None => self.by_name.get(&fold(&line.name)).copied(),
        }
    }
}
