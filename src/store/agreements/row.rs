//! The rows of agreement versions, of links to their texts, and of agreements.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    domain::{
        actor::{ActorKind, Principal},
        agreement::{Acceptance, Agreement, AgreementVersion, Channel},
        partner_account::PartnerAccount,
        person::{Email, Name, Person, Phone},
        status::week_of,
    },
    store::{
        Error,
        audit::salt,
        counts::key::{ALL_COUNTRIES, Key, country_code},
        customers::row::Customer,
        table::table,
    },
};

table! {
    /// A row of `agreement_versions`.
    #[derive(Debug, Clone)]
    pub struct VersionRow: audited "agreement_versions" {
        pub(crate) id: Uuid = key,
        pub(crate) label: String,
        pub(crate) template_id: Uuid,
        pub(crate) published_on: NaiveDate,
        pub(crate) mandatory_from: Option<NaiveDate>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) event_id: Option<Uuid>,
        pub(crate) salt: Vec<u8>,
    }
}

impl VersionRow {
    /// The version that the schema brings.
    pub(crate) fn seeded() -> Self {
        let id = Uuid::from_u128(0x117a_77b0_9360_443b_8795_c6de_dc75_0cf9);
        let published_on = NaiveDate::from_ymd_opt(2020, 1, 31).expect("a day of the calendar");
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

table! {
    /// A row of `agreement_version_links`.
    #[derive(Debug, Clone)]
    pub struct LinkRow: audited "agreement_version_links" {
        pub(crate) agreement_version_id: Uuid = key,
        pub(crate) country: String = key,
        pub(crate) language: String = key,
        pub(crate) url: String,
        pub(crate) event_id: Option<Uuid>,
        pub(crate) salt: Vec<u8>,
    }
}

impl LinkRow {
    /// The link that the schema brings.
    pub(crate) fn seeded() -> Self {
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

table! {
    /// A row of `agreements`.
    #[derive(Debug, Clone)]
    pub struct AgreementRow: audited "agreements" {
        /// Its id.
        pub id: Uuid = key,
        pub(crate) customer_seq: i64,
        pub(crate) agreement_seq: i64,
        pub(crate) agreement_version_id: Uuid,
        pub(crate) first_name: Option<String>,
        pub(crate) last_name: Option<String>,
        pub(crate) email: Option<String>,
        pub(crate) email_ascii: Option<String>,
        pub(crate) phone_number: Option<String>,
        pub(crate) phone_e164: Option<String>,
        pub(crate) date_agreed: Option<NaiveDate>,
        pub(crate) channel: Channel,
        pub(crate) recorded_by_kind: ActorKind,
        pub(crate) recorded_by_id: Option<Uuid>,
        pub(crate) recorded_by_name: String,
        pub(crate) recorded_at: DateTime<Utc>,
        pub(crate) event_id: Uuid,
        pub(crate) salt: Vec<u8>,
    }
}

impl AgreementRow {
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
            channel: agreement.channel,
            recorded_by_kind: agreement.recorded_by.kind,
            recorded_by_id: agreement.recorded_by.id,
            recorded_by_name: agreement.recorded_by.name.clone(),
            recorded_at: agreement.recorded_at,
            event_id,
            salt: salt().to_vec(),
        }
    }

    /// What it is counted under, of a customer of the account, whose zone decides the week.
    pub(crate) fn counted(&self, account: &PartnerAccount, customer: &Customer) -> [Key; 2] {
        [country_code(customer.country), ALL_COUNTRIES.to_owned()].map(|country| Key::Agreements {
            partner_account_id: customer.partner_account_id,
            country,
            week: week_of(account.today(self.recorded_at)),
            agent_id: self.recorded_by_id.unwrap_or_default(),
            channel: self.channel,
            // The person who accepted directly with Microsoft is not known.
            accepted_directly: self.email.is_none(),
        })
    }

    /// The agreement of this row, whose version was published on the given day.
    pub fn agreement(self, published_on: NaiveDate) -> Result<Agreement, Error> {
        let missing = Error::Corrupt(format!("date_agreed of agreements {}", self.id));
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
            channel: self.channel,
            recorded_by: Principal {
                kind: self.recorded_by_kind,
                id: self.recorded_by_id,
                name: self.recorded_by_name,
            },
            recorded_at: self.recorded_at,
        })
    }
}
