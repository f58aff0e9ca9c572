//! Agreement versions and the agreements recorded for customers.

pub(super) mod row;

use chrono::NaiveDate;
use uuid::Uuid;

pub use row::{AgreementRow, LinkRow, VersionRow};

use super::{
    Error, Read, WriteTx,
    audit::{self, AuditEntry, salt},
    customers::Customer,
    row::record,
    table::{self, Table, after_operator},
};
use crate::domain::{
    agreement::{Agreement, AgreementVersion, AgreementVersions, ConfirmationStatus, confirmation_status},
    audit::RowDigest,
    country::Country,
    partner_account::PartnerAccount,
};

/// All versions.
pub async fn versions(conn: &mut dyn Read) -> Result<AgreementVersions, Error> {
    let rows: Vec<VersionRow> = table::select::<VersionRow>(conn, "").all().await?;
    AgreementVersions::new(rows.into_iter().map(Into::into).collect())
        .ok_or_else(|| Error::Corrupt("there is no agreement version".into()))
}

/// All versions, which stay as they are until the change ends: takes the version set's lock, shared.
pub async fn lock_versions_shared(tx: &mut WriteTx) -> Result<AgreementVersions, Error> {
    // The one writer of SQLite is lock enough.
    if !tx.is_sqlite() {
        tx.query("SELECT id FROM agreement_version_set WHERE id = 1 FOR SHARE").execute().await?;
    }
    versions(tx).await
}

/// Adds a version; takes the version set's lock. The row is what the event seals.
pub async fn add_version(tx: &mut WriteTx, version: &AgreementVersion, event_id: Uuid) -> Result<VersionRow, Error> {
    tx.query("UPDATE agreement_version_set SET revision = revision + 1 WHERE id = 1").execute().await?;
    let version = version.clone();
    let row = VersionRow {
        id: version.id,
        label: version.label,
        template_id: version.template_id,
        published_on: version.published_on,
        mandatory_from: version.mandatory_from,
        created_at: tx.clock.now(),
        event_id: Some(event_id),
        salt: salt().to_vec(),
    };
    table::insert(tx, row).await
}

/// Adds a link to a version's text. The row is what the event seals.
pub async fn add_link(tx: &mut WriteTx, version_id: Uuid, link: &TextLink, event_id: Uuid) -> Result<LinkRow, Error> {
    let TextLink { country, language, url } = link.clone();
    let (event_id, salt) = (Some(event_id), salt().to_vec());
    table::insert(tx, LinkRow { agreement_version_id: version_id, country, language, url, event_id, salt }).await
}

record! {
    /// Where a version's text can be read, in the customer's country and language or the nearest there is.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct TextLink {
        /// The country the text is for; `*` for all.
        pub country: String,
        /// The language of the text; `*` where the address serves several.
        pub language: String,
        /// The address.
        pub url: String,
    }
}

/// The link to a version's text: for country and language, else for the country, else for the language, else
/// for all.
pub async fn text_link(
    conn: &mut dyn Read,
    version_id: Uuid,
    country: Option<Country>,
    language: &str,
) -> Result<Option<TextLink>, Error> {
    conn.query(
        "SELECT country, language, url FROM agreement_version_links WHERE agreement_version_id = $1 \
         AND country IN ($2, '*') AND language IN ($3, 'en-US', '*') \
         ORDER BY CASE WHEN country = $2 THEN 0 ELSE 1 END, CASE WHEN language = $3 THEN 0 WHEN language = '*' THEN 2 ELSE 1 END \
         LIMIT 1",
    )
    .values((version_id, country.map_or("*", Country::code), language.to_owned()))
    .optional()
    .await
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

record! {
    struct AccountInfoRow {
        customer: Customer = record,
        version_label: Option<String>,
        required_version_date: Option<NaiveDate>,
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
            "SELECT {}, v.label AS version_label, \
             (SELECT max(m.published_on) FROM agreement_versions m WHERE m.mandatory_from <= $3) AS required_version_date \
             FROM customers c LEFT JOIN agreement_versions v ON v.id = c.agreement_version_id \
             WHERE c.partner_account_id = $1 AND c.id = $2 AND c.removed_at IS NULL",
            Customer::columns_of("c")
        ))
        .values((partner_account_id, id, today))
        .optional()
        .await?;
    let Some(AccountInfoRow { customer, version_label, required_version_date }) = row else { return Ok(None) };
    let agreement = match customer.agreement_id.zip(customer.agreement_published_on) {
        Some((agreement_id, published_on)) => {
            let row: AgreementRow =
                table::select::<AgreementRow>(conn, "WHERE id = $1").bind(agreement_id).one().await?;
            Some(row.agreement(published_on)?)
        }
        None => None,
    };
    Ok(Some(AccountInfo { customer, agreement, version_label, required_version_date }))
}

/// Everything recorded for a customer, newest first.
pub async fn of_customer(
    conn: &mut dyn Read,
    customer_seq: i64,
    versions: &AgreementVersions,
) -> Result<Vec<Agreement>, Error> {
    let select = table::select::<AgreementRow>(conn, "WHERE customer_seq = $1 ORDER BY agreement_seq DESC");
    let rows: Vec<AgreementRow> = select.bind(customer_seq).all().await?;
    rows.into_iter().map(|row| of_row(row, versions)).collect()
}

fn of_row(row: AgreementRow, versions: &AgreementVersions) -> Result<Agreement, Error> {
    let version = versions.find(row.agreement_version_id);
    let version = version.ok_or_else(|| Error::Corrupt(format!("agreement_version_id of agreements {}", row.id)))?;
    row.agreement(version.published_on)
}

record! {
    /// What counts of what is recorded for a customer.
    #[derive(Debug, Clone)]
    pub struct LastOfCustomer {
        /// The customer's Microsoft ID.
        pub customer_id: Uuid,
        /// The publication of the version; none where nothing is recorded.
        pub agreement_published_on: Option<NaiveDate>,
        /// Who accepted; none for what was accepted directly with Microsoft.
        pub first_name: Option<String>,
        /// The same.
        pub last_name: Option<String>,
        /// The same.
        pub email: Option<String>,
        /// The same.
        pub phone_number: Option<String>,
        /// The day of acceptance, where it is known.
        pub date_agreed: Option<NaiveDate>,
    }
}

/// What counts for each customer of an account, in the order of their ids: at most `limit`, behind the customer `after`.
pub async fn last_of_customers(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<LastOfCustomer>, Error> {
    let operator = after_operator(after);
    conn.assembled(format!(
        "SELECT c.id AS customer_id, c.agreement_published_on, a.first_name, a.last_name, a.email, a.phone_number, \
         a.date_agreed FROM customers c LEFT JOIN agreements a ON a.id = c.agreement_id \
         WHERE c.partner_account_id = $1 AND c.removed_at IS NULL AND c.id {operator} $2 ORDER BY c.id LIMIT $3"
    ))
    .values((partner_account_id, after.unwrap_or_default(), limit))
    .all()
    .await
}

/// A confirmation, and what the log vouches for it by.
#[derive(Debug, Clone)]
pub struct VerifiedAgreement {
    /// The confirmation.
    pub agreement: Agreement,
    /// Whether it is the one that counts now.
    pub counts: bool,
    /// The hash of its row as it is now.
    pub digest: RowDigest,
    /// The entry of the log that recorded it; none when that is gone.
    pub entry: Option<AuditEntry>,
}

impl VerifiedAgreement {
    /// Whether the row is as the entry recorded it, and the entry's own hashes fit.
    pub fn holds(&self) -> bool {
        let checked = self.entry.as_ref().and_then(|entry| entry.check(&entry.prev_hash));
        checked.is_some_and(|(_, digests)| digests.contains(&self.digest))
    }
}

/// One confirmation of a customer.
pub async fn proven(
    conn: &mut dyn Read,
    customer: &Customer,
    versions: &AgreementVersions,
    id: Uuid,
) -> Result<Option<VerifiedAgreement>, Error> {
    let select = table::select::<AgreementRow>(conn, "WHERE id = $1 AND customer_seq = $2");
    let row: Option<AgreementRow> = select.values((id, customer.seq)).optional().await?;
    let Some(row) = row else { return Ok(None) };
    let entry = audit::entry(conn, row.event_id).await?;
    Ok(Some(VerifiedAgreement {
        counts: customer.agreement_id == Some(id),
        digest: RowDigest::of(&row),
        agreement: of_row(row, versions)?,
        entry,
    }))
}

/// Records an agreement. The row is what the event seals.
pub async fn insert(
    tx: &mut WriteTx,
    account: &PartnerAccount,
    customer: &Customer,
    row: AgreementRow,
) -> Result<AgreementRow, Error> {
    tx.counts.add(row.counted(account, customer), 1);
    table::insert(tx, row).await
}
