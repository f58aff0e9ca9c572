//! The fields that people fill in, and what can be wrong with them.

use super::{codes::codes, invalid::Invalid};

codes! {
    /// A field of a form; its code is its name on the wire.
    pub enum Field {
        /// Of the person who accepted.
        FirstName = "first_name",
        /// Of the person who accepted.
        LastName = "last_name",
        /// Of the person who accepted, or of who signs in.
        Email = "email",
        /// Of the person who accepted.
        PhoneNumber = "phone_number",
        /// The day of acceptance.
        DateAgreed = "date_agreed",
        /// The version that was shown.
        AgreementVersion = "agreement_version",
        /// That the day before publication was seen.
        OlderThanVersion = "older_than_version",
        /// That everybody of a selection accepted was checked.
        Attest = "attest",
        /// The company's name.
        CompanyName = "company_name",
        /// The company's country or region.
        Country = "country",
        /// The primary domain.
        DomainPrefix = "domain_prefix",
        /// First line of the address.
        AddressLine1 = "address_line1",
        /// Second line of the address.
        AddressLine2 = "address_line2",
        /// City.
        City = "city",
        /// State or province.
        State = "state",
        /// Postal code.
        PostalCode = "postal_code",
        /// The number under which the company is registered.
        OrganizationRegistrationNumber = "organization_registration_number",
        /// The company's language and country for documents.
        Culture = "culture",
        /// Of the primary contact.
        ContactFirstName = "contact_first_name",
        /// Of the primary contact.
        ContactLastName = "contact_last_name",
        /// Of the primary contact.
        ContactEmail = "contact_email",
        /// Of the primary contact.
        ContactPhoneNumber = "contact_phone_number",
        /// The MPN ID of the indirect reseller.
        AssociatedPartnerId = "associated_partner_id",
        /// That the customer has accepted the agreement.
        Accepted = "accepted",
        /// Who accepted: the primary contact or another person.
        Acceptor = "acceptor",
        /// An offer of an order's line.
        OfferId = "offer_id",
        /// The licences of an order's line.
        Quantity = "quantity",
        /// How often an order is charged.
        BillingCycle = "billing_cycle",
        /// How long an order binds.
        TermDuration = "term_duration",
        /// Why something is done.
        Reason = "reason",
        /// That a smaller number of licences was looked at once more.
        DecreaseConfirmed = "decrease_confirmed",
        /// The password of who signs in.
        Password = "password",
        /// The name of a user or a partner account.
        Name = "name",
        /// The partner account's name at the first set-up.
        PartnerAccountName = "partner_account_name",
        /// The partner account's type at the first set-up.
        PartnerType = "partner_type",
        /// The partner account's time zone at the first set-up.
        TimeZone = "time_zone",
        /// The name of an API client.
        ClientName = "client_name",
        /// What an API client may do.
        Role = "role",
        /// The one-time token of a form.
        IdempotencyKey = "submission",
        /// The state of a block when its form was shown.
        Etag = "etag",
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which field.
    pub field: Field,
    /// What is wrong.
    pub invalid: Invalid,
}

/// Collects faults while fields are read, so that all are told at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Takes a field's value, or notes its fault.
    pub fn take<T>(&mut self, field: Field, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|invalid| self.0.push(Fault { field, invalid })).ok()
    }

    /// Notes a fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// The whole, when nothing was wrong.
    pub fn finish<T>(self, whole: Option<T>) -> Result<T, Vec<Fault>> {
        match whole {
            Some(whole) if self.0.is_empty() => Ok(whole),
            _ => Err(self.0),
        }
    }
}
