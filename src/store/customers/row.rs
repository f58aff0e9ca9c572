//! A customer's row.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    domain::{
        country::Country,
        customer::{Company, Contact, Qualification},
        fold::fold,
        partner_account::PartnerAccount,
        person::{Email, Name, Phone},
    },
    store::{
        audit::salt,
        counts::key::{Key, Weeks, country_code, weeks_of},
        table::{UNNUMBERED, table},
    },
};

table! {
    /// A row of `customers`.
    #[derive(Debug, Clone)]
    pub struct Customer: audited "customers" {
        /// The row's number inside the store.
        pub seq: i64 = made,
        /// The partner account it belongs to.
        pub partner_account_id: Uuid = key,
        /// The Microsoft ID.
        pub id: Uuid = key,
        /// The company's name.
        pub company_name: String,
        /// Made from the name, for searching and sorting.
        pub(crate) name_fold: String = undigested,
        /// The primary domain.
        pub domain: String,
        /// The country, where known.
        pub country: Option<Country>,
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
        /// The number under which the company is registered.
        pub organization_registration_number: Option<String>,
        /// The language of documents, for example `nl-NL`.
        pub culture: Option<String>,
        /// The MPN ID of the indirect reseller.
        pub associated_partner_id: Option<String>,
        /// What it qualifies for besides commercial offers.
        pub qualification: Option<Qualification>,
        pub(crate) contact_first_name: Option<String>,
        pub(crate) contact_last_name: Option<String>,
        pub(crate) contact_email: Option<String>,
        pub(crate) contact_email_ascii: Option<String>,
        pub(crate) contact_phone_number: Option<String>,
        pub(crate) contact_phone_e164: Option<String>,
        /// Counts the edits of the company.
        pub company_etag: i64,
        /// Counts the edits of the primary contact.
        pub contact_etag: i64,
        /// Counts the changes of confirmation status.
        pub agreement_seq: i64,
        /// The agreement that counts.
        pub agreement_id: Option<Uuid>,
        pub(crate) agreement_version_id: Option<Uuid>,
        /// The day the version of the agreement that counts was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// When the agreement that counts was recorded, UTC.
        pub(crate) agreement_recorded_at: Option<DateTime<Utc>>,
        pub(crate) date_agreed: Option<NaiveDate>,
        pub(crate) accepted_directly: bool,
        pub(crate) acceptor_name: Option<String>,
        pub(crate) acceptor_email: Option<String>,
        pub(crate) agent_id: Option<Uuid>,
        pub(crate) licences: i64 = undigested,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) changed_at: DateTime<Utc>,
        /// When it was removed, UTC; the finders leave out removed customers.
        pub(crate) removed_at: Option<DateTime<Utc>>,
        pub(crate) event_id: Uuid,
        pub(crate) salt: Vec<u8>,
    }
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

impl NewCustomer<'_> {
    /// The row that it becomes.
    pub(crate) fn row(&self, now: DateTime<Utc>, event_id: Uuid) -> Customer {
        let Company { name, country, .. } = self.company;
        let company = self.company.clone();
        let contact = ContactColumns::of(self.contact);
        Customer {
            seq: UNNUMBERED,
            partner_account_id: self.partner_account_id,
            id: self.id,
            company_name: name.clone(),
            name_fold: fold(name),
            domain: self.domain.to_owned(),
            country: *country,
            address_line1: company.address_line1,
            address_line2: company.address_line2,
            city: company.city,
            state: company.state,
            postal_code: company.postal_code,
            organization_registration_number: company.organization_registration_number,
            culture: company.culture,
            associated_partner_id: self.associated_partner_id.map(str::to_owned),
            qualification: None,
            contact_first_name: contact.first_name,
            contact_last_name: contact.last_name,
            contact_email: contact.email,
            contact_email_ascii: contact.email_ascii,
            contact_phone_number: contact.phone_number,
            contact_phone_e164: contact.phone_e164,
            company_etag: 1,
            contact_etag: 1,
            agreement_seq: 0,
            agreement_id: None,
            agreement_version_id: None,
            agreement_published_on: None,
            agreement_recorded_at: None,
            date_agreed: None,
            accepted_directly: false,
            acceptor_name: None,
            acceptor_email: None,
            agent_id: None,
            licences: 0,
            created_at: now,
            changed_at: now,
            removed_at: None,
            event_id,
            salt: salt().to_vec(),
        }
    }
}

/// A contact as the columns hold it.
pub(crate) struct ContactColumns {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_ascii: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) phone_e164: Option<String>,
}

impl ContactColumns {
    pub(crate) fn of(contact: &Contact) -> Self {
        Self {
            first_name: contact.first_name.as_ref().map(|name| name.as_str().to_owned()),
            last_name: contact.last_name.as_ref().map(|name| name.as_str().to_owned()),
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
            email_ascii: contact.email.as_ref().map(|email| email.ascii().to_owned()),
            phone_number: contact.phone.as_ref().map(|phone| phone.as_str().to_owned()),
            phone_e164: contact.phone.as_ref().and_then(|phone| phone.e164().map(str::to_owned)),
        }
    }
}

impl Customer {
    /// The company, as it may be edited.
    pub fn company(&self) -> Company {
        Company {
            name: self.company_name.clone(),
            country: self.country,
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

    /// What it is counted under, by the weeks of its account.
    pub(crate) fn counted(&self, account: &PartnerAccount) -> impl Iterator<Item = Key> {
        let customers = Key::Customers {
            partner_account_id: self.partner_account_id,
            country: country_code(self.country),
            agent_id: self.agent_id.unwrap_or_default(),
            agreement_version_id: self.agreement_version_id.unwrap_or_default(),
        };
        let weeks = weeks_of(
            account,
            Weeks {
                partner_account_id: self.partner_account_id,
                country: country_code(self.country),
                agent_id: self.agent_id,
                agreement_version_id: self.agreement_version_id,
                created_at: self.created_at,
                recorded_at: self.agreement_recorded_at,
            },
        );
        std::iter::once(customers).chain(weeks)
    }
}
