//! Customers: one row each, with a copy of the agreement that counts.

mod page;
mod removal;
mod search_terms;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub use page::{Listed, Place, Which, page};
pub use removal::{find_removed, lock_removed, remove, restore};
pub use search_terms::has_domain;
use search_terms::{Kind, acceptor_terms, add_terms, contact_terms, set_terms};

use super::{
    Error, Read, WriteTx,
    agreements::{self, AgreementRow},
    audit::salt,
    counts,
    row::{Cells, Record, record},
};
use crate::domain::{
    agreement::{Agreement, ConfirmationStatus, confirmation_status},
    audit::{AuditedRow, CanonicalEncoder},
    country::Country,
    customer::{Company, Contact, Qualification},
    fold::fold,
    partner_account::PartnerAccount,
    person::{Email, Name, Phone},
};

record! {
    /// A row of `customers`.
    #[derive(Debug, Clone)]
    pub struct Customer {
        /// The row's number inside the store.
        pub seq: i64,
        /// The partner account it belongs to.
        pub partner_account_id: Uuid,
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The primary domain.
        pub domain: String,
        country: Option<String>,
        /// First line of the address.
        pub address_line1: Option<String>,
        /// Second line of the address.
        pub address_line2: Option<String>,
        /// City.
        pub city: Option<String>,
        /// State or province.
        pub state: Option<String>,
        /// Postal code.
        pub postal_code: Option<String>,
        /// The language of documents, for example `nl-NL`.
        pub culture: Option<String>,
        contact_first_name: Option<String>,
        contact_last_name: Option<String>,
        contact_email: Option<String>,
        contact_email_ascii: Option<String>,
        contact_phone_number: Option<String>,
        contact_phone_e164: Option<String>,
        /// Counts the edits of the company.
        pub company_etag: i64,
        /// Counts the edits of the primary contact.
        pub contact_etag: i64,
        /// Counts the changes of confirmation status.
        pub agreement_seq: i64,
        agreement_id: Option<Uuid>,
        agreement_version_id: Option<Uuid>,
        /// The day the version of the agreement that counts was published.
        pub agreement_published_on: Option<NaiveDate>,
        date_agreed: Option<NaiveDate>,
        accepted_directly: bool,
        acceptor_name: Option<String>,
        acceptor_email: Option<String>,
        agent_id: Option<Uuid>,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        /// The number under which the company is registered.
        pub organization_registration_number: Option<String>,
        /// The MPN ID of the indirect reseller.
        pub associated_partner_id: Option<String>,
        qualification: Option<String>,
        /// When it was removed, UTC; whoever finds a customer finds none that was.
        removed_at: Option<DateTime<Utc>>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

/// The columns of [`Customer`], of a table called `customers`.
const COLUMNS: &str = "customers.seq, customers.partner_account_id, customers.id, customers.company_name, customers.domain, \
     customers.country, customers.address_line1, customers.address_line2, customers.city, customers.state, \
     customers.postal_code, customers.culture, customers.contact_first_name, customers.contact_last_name, \
     customers.contact_email, customers.contact_email_ascii, customers.contact_phone_number, customers.contact_phone_e164, \
     customers.company_etag, customers.contact_etag, customers.agreement_seq, customers.agreement_id, \
     customers.agreement_version_id, customers.agreement_published_on, customers.date_agreed, customers.accepted_directly, \
     customers.acceptor_name, customers.acceptor_email, customers.agent_id, customers.created_at, customers.changed_at, \
     customers.organization_registration_number, customers.associated_partner_id, customers.qualification, customers.removed_at, \
     customers.event_id, customers.salt";

/// The condition that a customer is the account's and was not removed.
const PRESENT: &str = "partner_account_id = $1 AND id = $2 AND removed_at IS NULL";

impl AuditedRow for Customer {
    const TABLE: &'static str = "customers";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.partner_account_id);
        encoder.guid(self.id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.int(self.seq);
        encoder.text(&self.company_name);
        encoder.text(&self.domain);
        for text in [
            &self.country,
            &self.address_line1,
            &self.address_line2,
            &self.city,
            &self.state,
            &self.postal_code,
            &self.culture,
            &self.contact_first_name,
            &self.contact_last_name,
            &self.contact_email,
            &self.contact_email_ascii,
            &self.contact_phone_number,
            &self.contact_phone_e164,
            &self.acceptor_name,
            &self.acceptor_email,
        ] {
            encoder.optional_text(text.as_deref());
        }
        encoder.int(self.company_etag);
        encoder.int(self.contact_etag);
        encoder.int(self.agreement_seq);
        encoder.optional(self.agreement_id, CanonicalEncoder::guid);
        encoder.optional(self.agreement_version_id, CanonicalEncoder::guid);
        encoder.optional(self.agreement_published_on, CanonicalEncoder::date);
        encoder.optional(self.date_agreed, CanonicalEncoder::date);
        encoder.flag(self.accepted_directly);
        encoder.optional(self.agent_id, CanonicalEncoder::guid);
        encoder.time(self.created_at);
        encoder.time(self.changed_at);
        // Columns added later come with their name and only where they hold something, so that a row that was
        // sealed before they were there still fits.
        for (name, text) in [
            ("organization_registration_number", &self.organization_registration_number),
            ("associated_partner_id", &self.associated_partner_id),
            ("qualification", &self.qualification),
        ] {
            if let Some(text) = text {
                encoder.text(name);
                encoder.text(text);
            }
        }
        if let Some(removed_at) = self.removed_at {
            encoder.text("removed_at");
            encoder.time(removed_at);
        }
    }
}

impl Customer {
    /// The country, where known.
    pub fn country(&self) -> Option<Country> {
        self.country.as_deref().and_then(Country::parse)
    }

    /// What it qualifies for besides commercial offers.
    pub fn qualification(&self) -> Result<Option<Qualification>, Error> {
        let read = |code: &String| {
            Qualification::from_code(code)
                .ok_or_else(|| Error::Corrupt(format!("qualification of customer {}", self.id)))
        };
        self.qualification.as_ref().map(read).transpose()
    }

    /// The company, as it may be edited.
    pub fn company(&self) -> Company {
        Company {
            name: self.company_name.clone(),
            country: self.country(),
            address_line1: self.address_line1.clone(),
            address_line2: self.address_line2.clone(),
            city: self.city.clone(),
            state: self.state.clone(),
            postal_code: self.postal_code.clone(),
            organization_registration_number: self.organization_registration_number.clone(),
            culture: self.culture.clone(),
        }
    }

    /// The primary contact.
    pub fn contact(&self) -> Contact {
        Contact {
            first_name: self.contact_first_name.clone().map(Name::from_stored),
            last_name: self.contact_last_name.clone().map(Name::from_stored),
            email: self
                .contact_email
                .clone()
                .map(|typed| Email::from_stored(typed.clone(), self.contact_email_ascii.clone().unwrap_or(typed))),
            phone: self
                .contact_phone_number
                .clone()
                .map(|typed| Phone::from_stored(typed, self.contact_phone_e164.clone())),
        }
    }

    /// The agreement that counts.
    pub fn agreement_id(&self) -> Option<Uuid> {
        self.agreement_id
    }

    /// The version of the agreement that counts.
    pub(super) fn agreement_version_id(&self) -> Option<Uuid> {
        self.agreement_version_id
    }

    /// The user who recorded the agreement that counts.
    pub(super) fn agent_id(&self) -> Option<Uuid> {
        self.agent_id
    }

    /// The country's code; empty where none is known.
    pub(super) fn country_code(&self) -> &str {
        self.country.as_deref().unwrap_or_default()
    }
}

/// A customer with the agreement that counts. Agreements never change, so two statements see one moment.
#[derive(Debug, Clone)]
pub struct AccountInfo {
    /// The customer.
    pub customer: Customer,
    /// The agreement that counts.
    pub agreement: Option<Agreement>,
    /// The label of its version.
    pub version_label: Option<String>,
    /// See [`required_version_date`](crate::domain::agreement::AgreementVersions::required_version_date).
    pub required_version_date: Option<NaiveDate>,
}

impl AccountInfo {
    /// Where the customer stands in its account, on the day it was read for.
    pub fn confirmation_status(&self, account: &PartnerAccount) -> ConfirmationStatus {
        confirmation_status(account, self.customer.agreement_published_on, self.required_version_date)
    }
}

struct AccountInfoRow {
    customer: Customer,
    version_label: Option<String>,
    required_version_date: Option<NaiveDate>,
}

impl Record for AccountInfoRow {
    fn read(cells: &mut impl Cells) -> Result<Self, Error> {
        Ok(Self {
            customer: Customer::read(cells)?,
            version_label: cells.next("version_label")?,
            required_version_date: cells.next("required_version_date")?,
        })
    }
}

/// What Account info shows of a customer of the account, with `today` in the account's time zone.
pub async fn account_info(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    id: Uuid,
    today: NaiveDate,
) -> Result<Option<AccountInfo>, Error> {
    let row: Option<AccountInfoRow> = conn
        .assembled(format!(
            "SELECT {COLUMNS}, v.label AS version_label, \
             (SELECT max(m.published_on) FROM agreement_versions m WHERE m.mandatory_from <= $3) AS required_version_date \
             FROM customers LEFT JOIN agreement_versions v ON v.id = customers.agreement_version_id \
             WHERE customers.partner_account_id = $1 AND customers.id = $2 AND customers.removed_at IS NULL"
        ))
        .bind(partner_account_id)
        .bind(id)
        .bind(today)
        .optional()
        .await?;
    let Some(AccountInfoRow { customer, version_label, required_version_date }) = row else { return Ok(None) };
    let agreement = match customer.agreement_id.zip(customer.agreement_published_on) {
        Some((agreement_id, published_on)) => {
            let row: AgreementRow = conn
                .assembled(format!("SELECT {} FROM agreements g WHERE g.id = $1", agreements::COLUMNS))
                .bind(agreement_id)
                .one()
                .await?;
            Some(row.agreement(published_on)?)
        }
        None => None,
    };
    Ok(Some(AccountInfo { customer, agreement, version_label, required_version_date }))
}

/// A customer of the account.
pub async fn find(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    one(conn, partner_account_id, id, PRESENT, "").await
}

/// The customer that fits a condition on its account and id, locked or not.
async fn one(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    id: Uuid,
    condition: &str,
    lock: &str,
) -> Result<Option<Customer>, Error> {
    let select = conn.assembled(format!("SELECT {COLUMNS} FROM customers WHERE {condition}{lock}"));
    select.bind(partner_account_id).bind(id).optional().await
}

/// The company name of a customer of the account.
pub async fn name_of(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = conn
        .assembled(format!("SELECT company_name FROM customers WHERE {PRESENT}"))
        .bind(partner_account_id)
        .bind(id)
        .optional()
        .await?;
    Ok(row.map(|(name,)| name))
}

/// A customer of the account whom nobody else changes until the change ends: the lock that every change of a
/// customer takes before it reads anything.
pub async fn lock(tx: &mut WriteTx, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let lock = tx.for_update();
    one(tx, partner_account_id, id, PRESENT, lock).await
}

/// Customers in the order of their row numbers, those that were removed among them, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read, after: i64, limit: i64) -> Result<Vec<Customer>, Error> {
    conn.assembled(format!("SELECT {COLUMNS} FROM customers WHERE seq > $1 ORDER BY seq LIMIT $2"))
        .bind(after)
        .bind(limit)
        .all()
        .await
}

/// A customer to be.
#[derive(Debug, Clone)]
pub struct NewCustomer<'a> {
    /// The partner account it belongs to.
    pub partner_account_id: Uuid,
    /// The Microsoft ID.
    pub id: Uuid,
    /// The company.
    pub company: &'a Company,
    /// The primary domain.
    pub domain: &'a str,
    /// The primary contact.
    pub contact: &'a Contact,
    /// The MPN ID of the indirect reseller.
    pub associated_partner_id: Option<&'a str>,
}

/// Adds a customer. The row is what the event seals.
pub async fn insert(tx: &mut WriteTx, new: &NewCustomer<'_>, event_id: Uuid) -> Result<Customer, Error> {
    let now = tx.clock.now();
    let NewCustomer { company, contact, .. } = new;
    let customer: Customer = tx
        .assembled(format!(
            "INSERT INTO customers (partner_account_id, id, company_name, name_fold, domain, country, address_line1, \
             address_line2, city, state, postal_code, organization_registration_number, culture, associated_partner_id, \
             contact_first_name, contact_last_name, contact_email, contact_email_ascii, contact_phone_number, \
             contact_phone_e164, company_etag, contact_etag, agreement_seq, accepted_directly, created_at, changed_at, event_id, \
             salt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1, 1, \
             0, $21, $22, $22, $23, $24) RETURNING {COLUMNS}"
        ))
        .bind(new.partner_account_id)
        .bind(new.id)
        .bind(company.name.clone())
        .bind(fold(&company.name))
        .bind(new.domain.to_owned())
        .bind(company.country.map(Country::code))
        .bind(company.address_line1.clone())
        .bind(company.address_line2.clone())
        .bind(company.city.clone())
        .bind(company.state.clone())
        .bind(company.postal_code.clone())
        .bind(company.organization_registration_number.clone())
        .bind(company.culture.clone())
        .bind(new.associated_partner_id.map(str::to_owned))
        .bind(contact.first_name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(contact.last_name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(contact.email.as_ref().map(|email| email.as_str().to_owned()))
        .bind(contact.email.as_ref().map(|email| email.ascii().to_owned()))
        .bind(contact.phone.as_ref().map(|phone| phone.as_str().to_owned()))
        .bind(contact.phone.as_ref().and_then(|phone| phone.e164().map(str::to_owned)))
        .bind(false)
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await?;
    add_terms(tx, &customer).await?;
    counts::customer(&mut tx.counts, &customer, 1);
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

/// Customers of the account with the same folded name and country, or the same registration number; at most five.
pub async fn lookalikes(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    company: &Company,
) -> Result<Vec<Lookalike>, Error> {
    conn.query(
        "SELECT id, company_name, domain FROM (SELECT id, company_name, domain FROM customers \
         WHERE partner_account_id = $1 AND name_fold = $2 AND country = $3 AND removed_at IS NULL LIMIT 5) named \
         UNION SELECT id, company_name, domain FROM (SELECT id, company_name, domain FROM customers \
         WHERE partner_account_id = $1 AND organization_registration_number = $4 AND removed_at IS NULL LIMIT 5) registered \
         ORDER BY company_name, id LIMIT 5",
    )
    .bind(partner_account_id)
    .bind(fold(&company.name))
    .bind(company.country.map(Country::code))
    .bind(company.organization_registration_number.clone())
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
    let after: Option<Customer> = tx
        .assembled(format!(
            "UPDATE customers SET company_name = $1, name_fold = $2, country = $3, address_line1 = $4, address_line2 = $5, \
             city = $6, state = $7, postal_code = $8, culture = $9, company_etag = company_etag + 1, changed_at = $10, \
             event_id = $11, organization_registration_number = $14 WHERE seq = $12 AND company_etag = $13 RETURNING {COLUMNS}"
        ))
        .bind(company.name.clone())
        .bind(fold(&company.name))
        .bind(company.country.map(Country::code))
        .bind(company.address_line1.clone())
        .bind(company.address_line2.clone())
        .bind(company.city.clone())
        .bind(company.state.clone())
        .bind(company.postal_code.clone())
        .bind(company.culture.clone())
        .bind(now)
        .bind(event_id)
        .bind(before.seq)
        .bind(etag)
        .bind(company.organization_registration_number.clone())
        .optional()
        .await?;
    if let Some(after) = &after {
        set_terms(tx, after, Kind::Name, &[fold(&before.company_name)], &[fold(&after.company_name)]).await?;
        counts::recount(tx, before, after).await?;
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
    let after: Option<Customer> = tx
        .assembled(format!(
            "UPDATE customers SET contact_first_name = $1, contact_last_name = $2, contact_email = $3, \
             contact_email_ascii = $4, contact_phone_number = $5, contact_phone_e164 = $6, contact_etag = contact_etag + 1, \
             changed_at = $7, event_id = $8 WHERE seq = $9 AND contact_etag = $10 RETURNING {COLUMNS}"
        ))
        .bind(contact.first_name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(contact.last_name.as_ref().map(|name| name.as_str().to_owned()))
        .bind(contact.email.as_ref().map(|email| email.as_str().to_owned()))
        .bind(contact.email.as_ref().map(|email| email.ascii().to_owned()))
        .bind(contact.phone.as_ref().map(|phone| phone.as_str().to_owned()))
        .bind(contact.phone.as_ref().and_then(|phone| phone.e164().map(str::to_owned)))
        .bind(now)
        .bind(event_id)
        .bind(before.seq)
        .bind(etag)
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
    tx.assembled(format!(
        "UPDATE customers SET qualification = $1, changed_at = $2, event_id = $3 WHERE seq = $4 RETURNING {COLUMNS}"
    ))
    .bind(qualification.map(|qualification| qualification.code().to_owned()))
    .bind(now)
    .bind(event_id)
    .bind(before.seq)
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
    let after: Customer = tx
        .assembled(format!(
            "UPDATE customers SET company_name = $1, name_fold = $2, domain = $3, company_etag = company_etag + 1, \
             changed_at = $4, event_id = $5 WHERE seq = $6 RETURNING {COLUMNS}"
        ))
        .bind(company_name.to_owned())
        .bind(fold(company_name))
        .bind(domain.to_owned())
        .bind(now)
        .bind(event_id)
        .bind(before.seq)
        .one()
        .await?;
    set_terms(tx, &after, Kind::Name, &[fold(&before.company_name)], &[fold(company_name)]).await?;
    set_terms(tx, &after, Kind::Domain, std::slice::from_ref(&before.domain), &[domain.to_owned()]).await?;
    Ok(after)
}

/// Copies the agreement that counts to the customer's row and counts the change of confirmation status. The row is what the event seals.
pub async fn set_agreement(
    tx: &mut WriteTx,
    before: &Customer,
    counting: &Agreement,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = tx.clock.now();
    let person = counting.acceptance.person();
    let after: Customer = tx
        .assembled(format!(
            "UPDATE customers SET agreement_id = $1, agreement_version_id = $2, agreement_published_on = $3, date_agreed = $4, \
             accepted_directly = $5, acceptor_name = $6, acceptor_email = $7, agent_id = $8, agreement_seq = agreement_seq + 1, \
             changed_at = $9, event_id = $10 \
             WHERE seq = $11 RETURNING {COLUMNS}"
        ))
        .bind(counting.id)
        .bind(counting.version_id)
        .bind(counting.published_on)
        .bind(counting.acceptance.date())
        .bind(person.is_none())
        .bind(person.map(crate::domain::person::Person::full_name))
        .bind(person.map(|person| person.email.as_str().to_owned()))
        .bind(counting.recorded_by.id)
        .bind(now)
        .bind(event_id)
        .bind(before.seq)
        .one()
        .await?;
    set_terms(tx, &after, Kind::Acceptor, &acceptor_terms(before), &acceptor_terms(&after)).await?;
    counts::recount(tx, before, &after).await?;
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
    .bind(partner_account_id)
    .bind(today)
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
