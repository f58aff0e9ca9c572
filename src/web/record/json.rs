//! The record for machines. Times are UTC, as RFC 3339 has them; days have no zone.

use chrono::{NaiveDate, SecondsFormat};
use serde::Serialize;
use uuid::Uuid;

use super::data::Record;
use crate::{
    domain::{agreement::Acceptance, person::Phone},
    store::verify::hex,
    web::audit::LogLine,
};

/// A record.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    id: Uuid,
    /// Whether it is the confirmation that counts, and the customer's confirmation status with it, when this was made.
    counts: bool,
    confirmation_status: &'static str,
    made_at: String,
    partner_account: Named<'a>,
    customer: CustomerPart<'a>,
    acceptance: AcceptancePart<'a>,
    agreement_version: VersionPart<'a>,
    recorded: RecordedPart<'a>,
    proof: Proof<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: Uuid,
    name: &'a str,
}

#[derive(Serialize)]
struct CustomerPart<'a> {
    microsoft_id: Uuid,
    company_name: &'a str,
    domain: &'a str,
}

/// Nulls where the customer accepted directly with Microsoft.
#[derive(Serialize)]
struct AcceptancePart<'a> {
    accepted_directly: bool,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    email: Option<&'a str>,
    phone_number: Option<&'a str>,
    date_agreed: Option<NaiveDate>,
}

#[derive(Serialize)]
struct VersionPart<'a> {
    id: Uuid,
    label: &'a str,
    template_id: Uuid,
    published_on: NaiveDate,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct RecordedPart<'a> {
    by_kind: &'static str,
    by_id: Option<Uuid>,
    by_name: &'a str,
    channel: &'static str,
    at: String,
    time_zone: &'static str,
}

/// The row's hash, and the entry of the log that holds it, as in the export of the audit log.
#[derive(Serialize)]
struct Proof<'a> {
    row_hash: String,
    /// Whether row and entry fit each other, when this was made.
    fits: bool,
    entry: Option<LogLine<'a>>,
    /// When the whole log was verified last, up to which entry, and whether that still holds.
    verified: Option<Verified>,
}

#[derive(Serialize)]
struct Verified {
    at: String,
    seq: Option<i64>,
    holds: bool,
    /// When a verification found something wrong, the last time that one did.
    wrong_at: Option<String>,
}

fn utc(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl<'a> Document<'a> {
    pub(super) fn of(record: &'a Record) -> Self {
        let (account, customer, version) = (&record.account, &record.customer, &record.version);
        let (proven, agreement) = (&record.proven, &record.proven.agreement);
        let person = agreement.acceptance.person();
        Self {
            id: agreement.id,
            counts: proven.counts,
            confirmation_status: record.confirmation_status.code(),
            made_at: utc(record.made_at),
            partner_account: Named { id: account.id, name: &account.name },
            customer: CustomerPart {
                microsoft_id: customer.id,
                company_name: &customer.company_name,
                domain: &customer.domain,
            },
            acceptance: AcceptancePart {
                accepted_directly: matches!(agreement.acceptance, Acceptance::Direct { .. }),
                first_name: person.map(|person| person.first_name.as_str()),
                last_name: person.map(|person| person.last_name.as_str()),
                email: person.map(|person| person.email.as_str()),
                phone_number: person.and_then(|person| person.phone.as_ref()).map(Phone::as_str),
                date_agreed: agreement.acceptance.date(),
            },
            agreement_version: VersionPart {
                id: version.id,
                label: &version.label,
                template_id: version.template_id,
                published_on: version.published_on,
                text: record.text.as_ref().map(|text| text.url.as_str()),
            },
            recorded: RecordedPart {
                by_kind: agreement.recorded_by.kind.code(),
                by_id: agreement.recorded_by.id,
                by_name: &agreement.recorded_by.name,
                channel: agreement.channel.code(),
                at: utc(agreement.recorded_at),
                time_zone: account.time_zone.name(),
            },
            proof: Proof {
                row_hash: hex(&proven.digest.hash),
                fits: proven.holds(),
                entry: proven.entry.as_ref().map(LogLine::of),
                verified: record.verification.as_ref().map(|verification| Verified {
                    at: utc(verification.at),
                    seq: verification.entry_seq,
                    holds: verification.holds(),
                    wrong_at: verification.wrong_at.map(utc),
                }),
            },
        }
    }
}
