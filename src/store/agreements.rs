//! Agreement versions and the agreements recorded for customers.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::{self, AuditEntry, salt},
    counts,
    customers::Customer,
    row::record,
};
use crate::domain::{
    actor::{ActorKind, Principal},
    agreement::{Acceptance, Agreement, AgreementVersion, AgreementVersions, Channel},
    audit::{AuditedRow, CanonicalEncoder, RowDigest},
    country::Country,
    partner_account::PartnerAccount,
    person::{Email, Name, Person, Phone},
};

record! {
    /// A row of `agreement_versions`.
    #[derive(Debug, Clone)]
    pub struct VersionRow {
        id: Uuid,
        label: String,
        template_id: Uuid,
        published_on: NaiveDate,
        mandatory_from: Option<NaiveDate>,
        created_at: DateTime<Utc>,
        event_id: Option<Uuid>,
        salt: Vec<u8>,
    }
}

impl AuditedRow for VersionRow {
    const TABLE: &'static str = "agreement_versions";
    fn event_id(&self) -> Option<Uuid> {
        self.event_id
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.text(&self.label);
        encoder.guid(self.template_id);
        encoder.date(self.published_on);
        encoder.optional(self.mandatory_from, CanonicalEncoder::date);
        encoder.time(self.created_at);
    }
}

impl VersionRow {
    /// The version that the migrations bring.
    pub(super) fn seeded() -> Self {
        let id = Uuid::from_u128(0x117a_77b0_9360_443b_8795_c6de_dc75_0cf9);
        let published_on = NaiveDate::from_ymd_opt(2020, 1, 31).unwrap_or_default();
        Self {
            id,
            label: "Microsoft Customer Agreement, January 2020".to_owned(),
            template_id: id,
            published_on,
            mandatory_from: None,
            created_at: published_on.and_time(chrono::NaiveTime::MIN).and_utc(),
            event_id: None,
            salt: vec![0; 16],
        }
    }
}

impl From<VersionRow> for AgreementVersion {
    fn from(row: VersionRow) -> Self {
        Self {
            id: row.id,
            label: row.label,
            template_id: row.template_id,
            published_on: row.published_on,
            mandatory_from: row.mandatory_from,
        }
    }
}

/// Every version row, for the verifier.
pub(super) async fn version_rows(conn: &mut dyn Read) -> Result<Vec<VersionRow>, Error> {
    conn.query(
        "SELECT id, label, template_id, published_on, mandatory_from, created_at, event_id, salt FROM agreement_versions",
    )
    .all()
    .await
}

/// All versions.
pub async fn versions(conn: &mut dyn Read) -> Result<AgreementVersions, Error> {
    let rows = version_rows(conn).await?;
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
    let now = tx.clock.now();
    tx.query(
        "INSERT INTO agreement_versions \
             (id, label, template_id, published_on, mandatory_from, created_at, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             RETURNING id, label, template_id, published_on, mandatory_from, created_at, event_id, salt",
    )
    .bind(version.id)
    .bind(version.label.clone())
    .bind(version.template_id)
    .bind(version.published_on)
    .bind(version.mandatory_from)
    .bind(now)
    .bind(event_id)
    .bind(salt().to_vec())
    .one()
    .await
}

record! {
    /// A row of `agreement_version_links`.
    #[derive(Debug, Clone)]
    pub struct LinkRow {
        agreement_version_id: Uuid,
        country: String,
        language: String,
        url: String,
        event_id: Option<Uuid>,
        salt: Vec<u8>,
    }
}

impl AuditedRow for LinkRow {
    const TABLE: &'static str = "agreement_version_links";
    fn event_id(&self) -> Option<Uuid> {
        self.event_id
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.agreement_version_id);
        encoder.text(&self.country);
        encoder.text(&self.language);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.text(&self.url);
    }
}

impl LinkRow {
    /// The link that the migrations bring.
    pub(super) fn seeded() -> Self {
        Self {
            agreement_version_id: VersionRow::seeded().id,
            country: "*".to_owned(),
            language: "*".to_owned(),
            url: "https://aka.ms/customeragreement".to_owned(),
            event_id: None,
            salt: vec![0; 16],
        }
    }
}

/// Every link, for the verifier.
pub(super) async fn link_rows(conn: &mut dyn Read) -> Result<Vec<LinkRow>, Error> {
    conn.query("SELECT agreement_version_id, country, language, url, event_id, salt FROM agreement_version_links")
        .all()
        .await
}

/// Adds a link to a version's text. The row is what the event seals.
pub async fn add_link(tx: &mut WriteTx, version_id: Uuid, link: &TextLink, event_id: Uuid) -> Result<LinkRow, Error> {
    tx.query(
        "INSERT INTO agreement_version_links (agreement_version_id, country, language, url, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6) RETURNING agreement_version_id, country, language, url, event_id, salt",
    )
    .bind(version_id)
    .bind(link.country.clone())
    .bind(link.language.clone())
    .bind(link.url.clone())
    .bind(event_id)
    .bind(salt().to_vec())
    .one()
    .await
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
    .bind(version_id)
    .bind(country.map_or("*", Country::code))
    .bind(language.to_owned())
    .optional()
    .await
}

record! {
    /// A row of `agreements`.
    #[derive(Debug, Clone)]
    pub struct AgreementRow {
        id: Uuid,
        customer_seq: i64,
        agreement_seq: i64,
        agreement_version_id: Uuid,
        first_name: Option<String>,
        last_name: Option<String>,
        email: Option<String>,
        email_ascii: Option<String>,
        phone_number: Option<String>,
        phone_e164: Option<String>,
        date_agreed: Option<NaiveDate>,
        channel: String,
        recorded_by_kind: String,
        recorded_by_id: Option<Uuid>,
        recorded_by_name: String,
        recorded_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl AuditedRow for AgreementRow {
    const TABLE: &'static str = "agreements";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.int(self.customer_seq);
        encoder.int(self.agreement_seq);
        encoder.guid(self.agreement_version_id);
        for text in
            [&self.first_name, &self.last_name, &self.email, &self.email_ascii, &self.phone_number, &self.phone_e164]
        {
            encoder.optional_text(text.as_deref());
        }
        encoder.optional(self.date_agreed, CanonicalEncoder::date);
        encoder.text(&self.channel);
        encoder.text(&self.recorded_by_kind);
        encoder.optional(self.recorded_by_id, CanonicalEncoder::guid);
        encoder.text(&self.recorded_by_name);
        encoder.time(self.recorded_at);
    }
}

impl AgreementRow {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The row that records an agreement of a customer.
    pub fn new(agreement: &Agreement, customer_seq: i64, event_id: Uuid) -> Self {
        let person = agreement.acceptance.person();
        let phone = person.and_then(|person| person.phone.as_ref());
        Self {
            id: agreement.id,
            customer_seq,
            agreement_seq: agreement.agreement_seq,
            agreement_version_id: agreement.version_id,
            first_name: person.map(|person| person.first_name.as_str().to_owned()),
            last_name: person.map(|person| person.last_name.as_str().to_owned()),
            email: person.map(|person| person.email.as_str().to_owned()),
            email_ascii: person.map(|person| person.email.ascii().to_owned()),
            phone_number: phone.map(|phone| phone.as_str().to_owned()),
            phone_e164: phone.and_then(|phone| phone.e164().map(str::to_owned)),
            date_agreed: agreement.acceptance.date(),
            channel: agreement.channel.code().to_owned(),
            recorded_by_kind: agreement.recorded_by.kind.code().to_owned(),
            recorded_by_id: agreement.recorded_by.id,
            recorded_by_name: agreement.recorded_by.name.clone(),
            recorded_at: agreement.recorded_at,
            event_id,
            salt: salt().to_vec(),
        }
    }

    /// When it was recorded, UTC.
    pub(super) fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// The user who recorded it.
    pub(super) fn recorded_by_id(&self) -> Option<Uuid> {
        self.recorded_by_id
    }

    /// The channel's code.
    pub(super) fn channel(&self) -> &str {
        &self.channel
    }

    /// Whether the customer accepted directly with Microsoft.
    pub(super) fn is_direct(&self) -> bool {
        self.email.is_none()
    }

    /// The agreement of this row, whose version was published on the given day.
    pub fn agreement(self, published_on: NaiveDate) -> Result<Agreement, Error> {
        let corrupt = |what: &str| Error::Corrupt(format!("{what} of agreement {}", self.id));
        let channel = Channel::from_code(&self.channel).ok_or_else(|| corrupt("channel"))?;
        let kind = ActorKind::from_code(&self.recorded_by_kind).ok_or_else(|| corrupt("recorder"))?;
        let missing = corrupt("day of acceptance");
        let acceptance = match (self.first_name, self.last_name, self.email) {
            (Some(first_name), Some(last_name), Some(email)) => Acceptance::By {
                person: Person {
                    first_name: Name::from_stored(first_name),
                    last_name: Name::from_stored(last_name),
                    email: Email::from_stored(email.clone(), self.email_ascii.unwrap_or(email)),
                    phone: self.phone_number.map(|typed| Phone::from_stored(typed, self.phone_e164)),
                },
                on: self.date_agreed.ok_or(missing)?,
            },
            _ => Acceptance::Direct { on: self.date_agreed },
        };
        Ok(Agreement {
            id: self.id,
            agreement_seq: self.agreement_seq,
            version_id: self.agreement_version_id,
            published_on,
            acceptance,
            channel,
            recorded_by: Principal { kind, id: self.recorded_by_id, name: self.recorded_by_name },
            recorded_at: self.recorded_at,
        })
    }
}

/// The columns of [`AgreementRow`], of a table called `g`.
pub(super) const COLUMNS: &str = "g.id, g.customer_seq, g.agreement_seq, g.agreement_version_id, g.first_name, g.last_name, \
     g.email, g.email_ascii, g.phone_number, g.phone_e164, g.date_agreed, g.channel, g.recorded_by_kind, g.recorded_by_id, \
     g.recorded_by_name, g.recorded_at, g.event_id, g.salt";

/// Every agreement row from the first on, or after `after`, in the order of ids, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read, after: Option<Uuid>, limit: i64) -> Result<Vec<AgreementRow>, Error> {
    // The first id there can be is nil, which nothing but `>=` finds.
    let than = if after.is_some() { ">" } else { ">=" };
    conn.assembled(format!("SELECT {COLUMNS} FROM agreements g WHERE g.id {than} $1 ORDER BY g.id LIMIT $2"))
        .bind(after.unwrap_or_default())
        .bind(limit)
        .all()
        .await
}

/// The rows of a customer.
pub(super) async fn rows_of_customer(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<AgreementRow>, Error> {
    conn.assembled(format!("SELECT {COLUMNS} FROM agreements g WHERE g.customer_seq = $1"))
        .bind(customer_seq)
        .all()
        .await
}

/// Everything recorded for a customer, newest first.
pub async fn of_customer(
    conn: &mut dyn Read,
    customer_seq: i64,
    versions: &AgreementVersions,
) -> Result<Vec<Agreement>, Error> {
    let rows: Vec<AgreementRow> = conn
        .assembled(format!(
            "SELECT {COLUMNS} FROM agreements g WHERE g.customer_seq = $1 ORDER BY g.agreement_seq DESC"
        ))
        .bind(customer_seq)
        .all()
        .await?;
    rows.into_iter()
        .map(|row| {
            let version = versions.find(row.agreement_version_id);
            let published_on = version
                .map(|version| version.published_on)
                .ok_or_else(|| Error::Corrupt(format!("version of agreement {}", row.id)))?;
            row.agreement(published_on)
        })
        .collect()
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
    let row: Option<AgreementRow> = conn
        .assembled(format!("SELECT {COLUMNS} FROM agreements g WHERE g.id = $1 AND g.customer_seq = $2"))
        .bind(id)
        .bind(customer.seq)
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let entry = audit::entry(conn, row.event_id).await?;
    let version = versions.find(row.agreement_version_id);
    let version = version.ok_or_else(|| Error::Corrupt(format!("version of agreement {id}")))?;
    Ok(Some(VerifiedAgreement {
        counts: customer.agreement_id() == Some(id),
        digest: RowDigest::of(&row),
        agreement: row.agreement(version.published_on)?,
        entry,
    }))
}

/// Records an agreement.
pub async fn insert(
    tx: &mut WriteTx,
    account: &PartnerAccount,
    customer: &Customer,
    row: &AgreementRow,
) -> Result<(), Error> {
    counts::agreement(&mut tx.counts, account, customer, row, 1);
    let row = row.clone();
    tx
        .query(
            "INSERT INTO agreements (id, customer_seq, agreement_seq, agreement_version_id, first_name, last_name, email, \
             email_ascii, phone_number, phone_e164, date_agreed, channel, recorded_by_kind, recorded_by_id, recorded_by_name, \
             recorded_at, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        )
        .bind(row.id)
        .bind(row.customer_seq)
        .bind(row.agreement_seq)
        .bind(row.agreement_version_id)
        .bind(row.first_name)
        .bind(row.last_name)
        .bind(row.email)
        .bind(row.email_ascii)
        .bind(row.phone_number)
        .bind(row.phone_e164)
        .bind(row.date_agreed)
        .bind(row.channel)
        .bind(row.recorded_by_kind)
        .bind(row.recorded_by_id)
        .bind(row.recorded_by_name)
        .bind(row.recorded_at)
        .bind(row.event_id)
        .bind(row.salt)
        .execute()
        .await
        .map(drop)
}
