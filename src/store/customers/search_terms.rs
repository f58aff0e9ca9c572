//! What a customer is looked for by: kept beside the row, so that a search for a beginning is one range of an index.

use uuid::Uuid;

use super::row::Customer;
use crate::{
    domain::fold::fold,
    store::{Error, Read, WriteTx},
};

/// What a customer is looked for by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Domain,
    Name,
    Contact,
    Acceptor,
}

impl Kind {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Acceptor => "acceptor",
        }
    }
}

pub(super) fn contact_terms(customer: &Customer) -> Vec<String> {
    let first = customer.contact_first_name.as_deref().unwrap_or_default();
    let last = customer.contact_last_name.as_deref().unwrap_or_default();
    terms([Some(&format!("{first} {last}")), Some(last), customer.contact_email.as_deref()])
}

pub(super) fn acceptor_terms(customer: &Customer) -> Vec<String> {
    let name = customer.acceptor_name.as_deref();
    let last = name.and_then(|name| name.split_once(' ')).map(|(_, last)| last);
    terms([name, last, customer.acceptor_email.as_deref()])
}

fn terms(texts: [Option<&str>; 3]) -> Vec<String> {
    let mut terms: Vec<String> = texts.into_iter().flatten().map(fold).filter(|term| !term.is_empty()).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Adds all search terms of a customer that has none.
pub(super) async fn add_terms(tx: &mut WriteTx, customer: &Customer) -> Result<(), Error> {
    set_terms(tx, customer, Kind::Domain, &[], std::slice::from_ref(&customer.domain)).await?;
    set_terms(tx, customer, Kind::Name, &[], &[fold(&customer.company_name)]).await?;
    set_terms(tx, customer, Kind::Contact, &[], &contact_terms(customer)).await?;
    set_terms(tx, customer, Kind::Acceptor, &[], &acceptor_terms(customer)).await
}

/// Takes all search terms of a customer away, so that nothing finds it.
pub(super) async fn remove_terms(tx: &mut WriteTx, customer: &Customer) -> Result<(), Error> {
    tx.query("DELETE FROM customer_terms WHERE partner_account_id = $1 AND customer_seq = $2")
        .values((customer.partner_account_id, customer.seq))
        .execute()
        .await
        .map(drop)
}

/// Brings the search terms of one kind from what they were to what they are: at most two statements.
pub(super) async fn set_terms(
    tx: &mut WriteTx,
    customer: &Customer,
    kind: Kind,
    before: &[String],
    after: &[String],
) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    let term = |terms: &[String], number: usize| terms.get(number).cloned();
    if !before.is_empty() {
        tx.query(
            "DELETE FROM customer_terms WHERE partner_account_id = $1 AND customer_seq = $2 AND kind = $3 \
                 AND term IN ($4, $5, $6)",
        )
        .values((
            customer.partner_account_id,
            customer.seq,
            kind.code(),
            term(before, 0),
            term(before, 1),
            term(before, 2),
        ))
        .execute()
        .await?;
    }
    let sql = match after.len() {
        0 => return Ok(()),
        1 => "INSERT INTO customer_terms (partner_account_id, customer_seq, kind, term) VALUES ($1, $2, $3, $4)",
        2 => {
            "INSERT INTO customer_terms (partner_account_id, customer_seq, kind, term) VALUES ($1, $2, $3, $4), ($1, $2, $3, $5)"
        }
        _ => {
            "INSERT INTO customer_terms (partner_account_id, customer_seq, kind, term) \
             VALUES ($1, $2, $3, $4), ($1, $2, $3, $5), ($1, $2, $3, $6)"
        }
    };
    let mut statement = tx.query(sql).bind(customer.partner_account_id).bind(customer.seq).bind(kind.code());
    for term in after.iter().take(3) {
        statement = statement.bind(term.clone());
    }
    statement.execute().await.map(drop)
}

/// Whether a customer of the account has this primary domain.
pub async fn has_domain(conn: &mut dyn Read, partner_account_id: Uuid, domain: &str) -> Result<bool, Error> {
    let row: Option<(i64,)> = conn
        .query(
            "SELECT customer_seq FROM customer_terms WHERE partner_account_id = $1 AND term = $2 AND kind = $3 LIMIT 1",
        )
        .values((partner_account_id, domain.to_owned(), Kind::Domain.code()))
        .optional()
        .await?;
    Ok(row.is_some())
}
