//! Customers: one row each, with a copy of the agreement that counts.

mod find;
mod page;
mod removal;
pub(super) mod row;
mod search_terms;

use chrono::NaiveDate;
use uuid::Uuid;

pub use find::{find, find_all, find_removed, lock, lock_removed, name_of};
pub use page::{Listed, Place, Which, page};
pub use removal::{remove, restore};
use row::ContactColumns;
pub use row::{Customer, NewCustomer};
pub use search_terms::has_domain;
use search_terms::{Kind, acceptor_terms, add_terms, contact_terms, set_terms};

use super::{Error, Read, WriteTx, counts, row::record, table};
use crate::domain::{
    agreement::Agreement,
    country::Country,
    customer::{Company, Contact, Qualification},
    fold::fold,
    partner_account::PartnerAccount,
    person::Person,
};

/// Adds a customer. The row is what the event seals.
pub async fn insert(
    tx: &mut WriteTx,
    account: &PartnerAccount,
    new: &NewCustomer<'_>,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let row = new.row(tx.clock.now(), event_id);
    let customer = table::insert(tx, row).await?;
    add_terms(tx, &customer).await?;
    tx.counts.add(customer.counted(account), 1);
    Ok(customer)
}

record! {
    /// A customer that may be the same as one to be.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Lookalike {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
    }
}

/// Customers of the account with the same folded name, unless they are known to be of another country, or with the same
/// registration number; at most five.
pub async fn lookalikes(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    company: &Company,
) -> Result<Vec<Lookalike>, Error> {
    conn.query(
        "SELECT id, company_name, domain FROM (SELECT id, company_name, domain FROM customers \
         WHERE partner_account_id = $1 AND name_fold = $2 AND (country = $3 OR country IS NULL) AND removed_at IS NULL LIMIT 5) named \
         UNION SELECT id, company_name, domain FROM (SELECT id, company_name, domain FROM customers \
         WHERE partner_account_id = $1 AND organization_registration_number = $4 AND removed_at IS NULL LIMIT 5) registered \
         ORDER BY company_name, id LIMIT 5",
    )
    .values((partner_account_id, fold(&company.name), company.country.map(Country::code), company.organization_registration_number.clone()))
    .all()
    .await
}

/// Replaces a customer's company, if nobody has edited it since `etag` was read. `None` when somebody has.
/// The row is what the event seals.
pub async fn set_company(
    tx: &mut WriteTx,
    before: &Customer,
    etag: i64,
    company: &Company,
    event_id: Uuid,
) -> Result<Option<Customer>, Error> {
    let now = tx.clock.now();
    let name_fold = fold(&company.name);
    let company = company.clone();
    let update = table::update::<Customer>(
        tx,
        "SET company_name = $1, name_fold = $2, country = $3, address_line1 = $4, address_line2 = $5, city = $6, \
         state = $7, postal_code = $8, organization_registration_number = $9, culture = $10, \
         company_etag = company_etag + 1, changed_at = $11, event_id = $12 WHERE seq = $13 AND company_etag = $14",
    );
    let after: Option<Customer> = update
        .values((company.name, name_fold, company.country, company.address_line1, company.address_line2, company.city))
        .values((company.state, company.postal_code, company.organization_registration_number, company.culture))
        .values((now, event_id, before.seq, etag))
        .optional()
        .await?;
    if let Some(after) = &after {
        set_terms(tx, after, Kind::Name, &[fold(&before.company_name)], &[fold(&after.company_name)]).await?;
        counts::recount_company(tx, before, after).await?;
    }
    Ok(after)
}

/// Replaces a customer's primary contact, if nobody has edited it since `etag` was read. `None` when somebody
/// has. The row is what the event seals.
pub async fn set_contact(
    tx: &mut WriteTx,
    before: &Customer,
    etag: i64,
    contact: &Contact,
    event_id: Uuid,
) -> Result<Option<Customer>, Error> {
    let now = tx.clock.now();
    let contact = ContactColumns::of(contact);
    let update = table::update::<Customer>(
        tx,
        "SET contact_first_name = $1, contact_last_name = $2, contact_email = $3, contact_email_ascii = $4, \
         contact_phone_number = $5, contact_phone_e164 = $6, contact_etag = contact_etag + 1, changed_at = $7, \
         event_id = $8 WHERE seq = $9 AND contact_etag = $10",
    );
    let after: Option<Customer> = update
        .values((contact.first_name, contact.last_name, contact.email, contact.email_ascii))
        .values((contact.phone_number, contact.phone_e164, now, event_id, before.seq, etag))
        .optional()
        .await?;
    if let Some(after) = &after {
        set_terms(tx, after, Kind::Contact, &contact_terms(before), &contact_terms(after)).await?;
    }
    Ok(after)
}

/// Sets what a customer qualifies for. The row is what the event seals.
pub async fn set_qualification(
    tx: &mut WriteTx,
    before: &Customer,
    qualification: Option<Qualification>,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = tx.clock.now();
    table::update::<Customer>(tx, "SET qualification = $1, changed_at = $2, event_id = $3 WHERE seq = $4")
        .values((qualification, now, event_id, before.seq))
        .one()
        .await
}

/// Sets what a file says of a customer: name and domain. The row is what the event seals.
pub async fn set_name_and_domain(
    tx: &mut WriteTx,
    before: &Customer,
    company_name: &str,
    domain: &str,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = tx.clock.now();
    let update = table::update::<Customer>(
        tx,
        "SET company_name = $1, name_fold = $2, domain = $3, company_etag = company_etag + 1, changed_at = $4, \
         event_id = $5 WHERE seq = $6",
    );
    let after: Customer = update
        .values((company_name.to_owned(), fold(company_name), domain.to_owned(), now, event_id, before.seq))
        .one()
        .await?;
    set_terms(tx, &after, Kind::Name, &[fold(&before.company_name)], &[fold(company_name)]).await?;
    set_terms(tx, &after, Kind::Domain, std::slice::from_ref(&before.domain), &[domain.to_owned()]).await?;
    Ok(after)
}

/// Copies the agreement that counts to the customer's row and counts the change of confirmation status. The row is what
/// the event seals.
pub async fn set_agreement(
    tx: &mut WriteTx,
    account: &PartnerAccount,
    before: &Customer,
    counting: &Agreement,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = tx.clock.now();
    let person = counting.acceptance.person();
    let update = table::update::<Customer>(
        tx,
        "SET agreement_id = $1, agreement_version_id = $2, agreement_published_on = $3, date_agreed = $4, \
         accepted_directly = $5, acceptor_name = $6, acceptor_email = $7, agent_id = $8, agreement_recorded_at = $9, \
         agreement_seq = agreement_seq + 1, changed_at = $10, event_id = $11 WHERE seq = $12",
    );
    let after: Customer = update
        .values((counting.id, counting.version_id, counting.published_on, counting.acceptance.date()))
        .values((
            person.is_none(),
            person.map(Person::full_name),
            person.map(|person| person.email.as_str().to_owned()),
            counting.recorded_by.id,
        ))
        .values((counting.recorded_at, now, event_id, before.seq))
        .one()
        .await?;
    set_terms(tx, &after, Kind::Acceptor, &acceptor_terms(before), &acceptor_terms(&after)).await?;
    counts::recount(tx, account, before, &after).await?;
    Ok(after)
}

record! {
    /// How many customers an account has, per country and version that counts.
    #[derive(Debug, Clone)]
    pub struct Count {
        /// The country's code; empty where none is known.
        pub country: String,
        /// The day the version was published; none for customers without an agreement.
        pub published_on: Option<NaiveDate>,
        /// See [`required_version_date`](crate::domain::agreement::AgreementVersions::required_version_date); the same in
        /// every row.
        pub required_version_date: Option<NaiveDate>,
        /// How many.
        pub customers: i64,
    }
}

/// The kept figures of an account, with `today` in its time zone.
pub async fn counts(conn: &mut dyn Read, partner_account_id: Uuid, today: NaiveDate) -> Result<Vec<Count>, Error> {
    conn.query(
        "SELECT n.country, v.published_on, \
         (SELECT max(m.published_on) FROM agreement_versions m WHERE m.mandatory_from <= $2) AS required_version_date, \
         CAST(SUM(n.customers) AS BIGINT) AS customers FROM customer_counts n \
         LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id \
         WHERE n.partner_account_id = $1 GROUP BY n.country, v.published_on",
    )
    .values((partner_account_id, today))
    .all()
    .await
}

/// The same of the customers whose effective confirmation an agent recorded.
pub async fn counts_of_agent(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    agent: Uuid,
    today: NaiveDate,
) -> Result<Vec<Count>, Error> {
    conn.query(
        "SELECT n.country, v.published_on, \
         (SELECT max(m.published_on) FROM agreement_versions m WHERE m.mandatory_from <= $2) AS required_version_date, \
         CAST(SUM(n.customers) AS BIGINT) AS customers FROM customer_counts n \
         LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id \
         WHERE n.partner_account_id = $1 AND n.agent_id = $3 GROUP BY n.country, v.published_on",
    )
    .values((partner_account_id, today, agent))
    .all()
    .await
}

record! {
    /// A user or an API client who recorded confirmations that count.
    #[derive(Debug, Clone)]
    pub struct Agent {
        /// The user or API client.
        pub id: Uuid,
        /// Their name.
        pub display_name: String,
    }
}

/// The users and API clients who recorded confirmations that count in the account, by name.
pub async fn agents(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<Agent>, Error> {
    conn.query(
        "SELECT a.id, a.display_name FROM \
         (SELECT id, display_name FROM users UNION ALL SELECT id, name FROM api_clients) a WHERE a.id IN \
         (SELECT n.agent_id FROM customer_counts n WHERE n.partner_account_id = $1 AND n.customers > 0) \
         ORDER BY a.display_name, a.id",
    )
    .bind(partner_account_id)
    .all()
    .await
}
