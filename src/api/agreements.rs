//! The agreement's text, and confirming that a customer accepted it.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    bodies::NewAgreement,
    call::{ApiRequest, ApiResponse, Body, PathParameter, guid, text},
    fault::{ApiError, Code},
    properties::words,
    wire::{
        Agreement, AgreementDocument, AgreementMetaData, CUSTOMER_AGREEMENT, Collection, Contact, DirectSignedStatus,
    },
};
use crate::{
    actions::confirm_agreement::confirm_by_template,
    domain::{
        agreement::{Acceptance, Refusal, TemplateAttestation},
        country::Country,
        invalid::Invalid,
        partner_account::PartnerAccount,
        person::{Email, Name, Person, Phone},
        text::has_letter_or_digit,
    },
    store::{Read, agreements, customers::Customer},
};

/// A type that was retired in 2020; nothing here is of it.
const CLOUD_AGREEMENT: &str = "MicrosoftCloudAgreement";

/// The id of its text.
const CLOUD_TEMPLATE: Uuid = Uuid::from_u128(0x998b_88de_aa99_4388_a42c_1b35_17d4_9490);

/// The language of a text for whom none is named.
const ANY_LANGUAGE: &str = "en-US";

/// `GET agreements`: the text that customers accept now.
pub async fn metadata(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let mut items = Vec::new();
    if asks_for_customer_agreement(call)? {
        let mut conn = call.api.db.snapshot().await?;
        let versions = agreements::versions(&mut conn).await?;
        let latest = versions.latest();
        items.push(AgreementMetaData {
            template_id: latest.template_id.to_string(),
            agreement_type: CUSTOMER_AGREEMENT,
            agreement_link: link(&mut conn, latest.id, None, ANY_LANGUAGE).await?.unwrap_or_default(),
            version_rank: versions.iter().count(),
        });
    }
    ApiResponse::ok(&Collection::of(items, "/agreements".to_owned()))
}

/// `GET agreementtemplates/{template}/document`: where the text can be read in a country and a language. What is not
/// offered there is answered with what is: the United States for the country, American English for the language.
pub async fn document(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let template = call.part(PathParameter::Template);
    let country = call.parameter("country").filter(|code| code.chars().all(|c| c.is_ascii_uppercase()));
    let country = country.and_then(Country::parse).or_else(|| Country::parse("US"));
    let Some(country) = country else { return Err(ApiError::internal("there is no United States")) };
    let language = country.document_language(call.parameter("language").unwrap_or(ANY_LANGUAGE));

    let mut conn = call.api.db.snapshot().await?;
    let versions = agreements::versions(&mut conn).await?;
    // Ids of templates do not fold case.
    let version = versions.iter().filter(|version| version.template_id.to_string() == template).last();
    let version = version.ok_or_else(|| no_such_template(template))?;
    let display_uri = link(&mut conn, version.id, Some(country), language).await?.ok_or_else(ApiError::not_found)?;
    let separator = if display_uri.contains('?') { '&' } else { '?' };
    let download_uri = format!("{display_uri}{separator}download={}", call.api.db.clock.id().simple());
    ApiResponse::ok(&AgreementDocument { display_uri, download_uri, language, country: country.code() })
}

/// `GET customers/{customer}/agreements`: what is confirmed for a customer, newest first.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let asked = asks_for_customer_agreement(call)?;
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let mut items = Vec::new();
    if asked {
        let versions = agreements::versions(&mut conn).await?;
        for agreement in agreements::of_customer(&mut conn, customer.seq, &versions).await? {
            let Acceptance::By { person, on } = agreement.acceptance else { continue };
            let version = versions.find(agreement.version_id).ok_or_else(|| ApiError::internal("a version is gone"))?;
            items.push(wire(agreement.recorded_by.id, &person, version.template_id, &midnight(on)));
        }
    }
    ApiResponse::ok(&Collection::of(items, format!("/customers/{}/agreements", customer.id)))
}

/// `POST customers/{customer}/agreements`: confirms that a person accepted on a day.
pub async fn confirm(call: &ApiRequest<'_>, body: Body<'_, NewAgreement>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    let given = body.read()?;
    let attestation = attestation(&given, &customer, &call.actor.account, call.api.db.clock.now())?;
    let body = text(&confirmed(call, &attestation))?;
    let submission = call.submission();
    let done = confirm_by_template(&call.api.db, &call.actor, customer.id, &attestation, &submission, &body)
        .await
        .map_err(|failure| ApiError::of(failure, |refusal| refused(refusal, &attestation)))?;
    Ok(ApiResponse::created(done.outcome(body)))
}

/// A confirmation as the answer to the request that made it has it: what is recorded, not what was sent.
pub fn confirmed(call: &ApiRequest<'_>, attestation: &TemplateAttestation) -> Agreement {
    wire(call.actor.who.id, &attestation.person, attestation.template_id, &midnight(attestation.date_agreed))
}

/// `GET customers/{customer}/directSignedMicrosoftCustomerAgreementStatus`: whether a customer accepted with Microsoft
/// itself.
pub async fn direct_status(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let versions = agreements::versions(&mut conn).await?;
    let recorded = agreements::of_customer(&mut conn, customer.seq, &versions).await?;
    let is_signed = recorded.iter().any(|one| matches!(one.acceptance, Acceptance::Direct { .. }));
    ApiResponse::ok(&DirectSignedStatus { is_signed })
}

/// Refuses where there are no agreements at all.
pub fn applies(call: &ApiRequest<'_>) -> Result<(), ApiError> {
    if call.actor.account.agreements_apply() {
        return Ok(());
    }
    let cloud = call.actor.account.cloud;
    Err(ApiError::new(
        Code::NotSupportedInEnvironment,
        format!("Agreements are not supported in this environment: the account's cloud is {cloud}."),
    ))
}

/// Whether a list is to hold what is of the one type there is.
fn asks_for_customer_agreement(call: &ApiRequest<'_>) -> Result<bool, ApiError> {
    match call.parameter("agreementType").unwrap_or_default().trim() {
        "" | "*" => Ok(true),
        kind if kind.eq_ignore_ascii_case(CUSTOMER_AGREEMENT) => Ok(true),
        kind if kind.eq_ignore_ascii_case(CLOUD_AGREEMENT) => Ok(false),
        _ => Err(ApiError::property(format!("agreementType must be {CUSTOMER_AGREEMENT}, {CLOUD_AGREEMENT} or *."))),
    }
}

async fn link(
    conn: &mut dyn Read,
    version: Uuid,
    country: Option<Country>,
    language: &str,
) -> Result<Option<String>, ApiError> {
    Ok(agreements::text_link(conn, version, country, language).await?.map(|link| link.url))
}

fn wire(user_id: Option<Uuid>, person: &Person, template: Uuid, date_agreed: &str) -> Agreement {
    Agreement {
        user_id,
        primary_contact: Contact {
            first_name: person.first_name.to_string(),
            last_name: person.last_name.to_string(),
            email: person.email.to_string(),
            phone_number: person.phone.as_ref().map(ToString::to_string),
        },
        template_id: template.to_string(),
        date_agreed: date_agreed.to_owned(),
        kind: CUSTOMER_AGREEMENT,
        agreement_link: None,
    }
}

fn midnight(day: NaiveDate) -> String {
    format!("{day}T00:00:00Z")
}

/// What the body attests.
pub fn attestation(
    given: &NewAgreement,
    customer: &Customer,
    account: &PartnerAccount,
    now: DateTime<Utc>,
) -> Result<TemplateAttestation, ApiError> {
    let template_id = guid(&given.template_id).ok_or_else(|| no_such_template(&given.template_id))?;
    if given.kind.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case(CUSTOMER_AGREEMENT)) {
        return Err(ApiError::property(format!(
            "type must be {CUSTOMER_AGREEMENT}, the type of templateId, or be left out."
        )));
    }
    let contact = &given.primary_contact;
    let wrong = |name: &str, invalid| ApiError::property(format!("primaryContact.{name} {}", words(invalid)));
    let email = Email::parse(&contact.email).map_err(|invalid| wrong("email", invalid))?;
    let phone = Phone::parse(contact.phone_number.as_deref().unwrap_or_default(), customer.country)
        .map_err(|invalid| wrong("phoneNumber", invalid))?;
    let first_name = Name::parse(&contact.first_name).map_err(|invalid| wrong("firstName", invalid))?;
    let last_name = Name::parse(&contact.last_name).map_err(|invalid| wrong("lastName", invalid))?;
    if ![&first_name, &last_name].into_iter().any(|name| has_letter_or_digit(name.as_str())) {
        return Err(wrong("firstName", Invalid::NameWithoutLetter));
    }
    let person = Person { first_name, last_name, email, phone };
    let date_agreed =
        day_agreed(&given.date_agreed, account, now).map_err(|why| ApiError::property(format!("dateAgreed {why}")))?;
    Ok(TemplateAttestation { person, date_agreed, template_id })
}

/// The day of the account on which somebody accepted. A day without a time, or at midnight UTC, is that day wherever the
/// account is; any other time is the day that it falls on in the account's zone. Clocks and zones may run ahead of the
/// account's by a day: what lies no further in the future is today.
fn day_agreed(text: &str, account: &PartnerAccount, now: DateTime<Utc>) -> Result<NaiveDate, &'static str> {
    const FORM: &str = "must be a day such as 2026-11-21, or a time such as 2026-11-21T07:13:59Z.";
    const FUTURE: &str = "must not be in the future.";
    let instant = instant(text).ok_or(FORM)?;
    let today = account.today(now);
    let day = if instant.time() == NaiveTime::MIN {
        let day = instant.date_naive();
        if today.checked_add_days(Days::new(1)).is_some_and(|tomorrow| day > tomorrow) {
            return Err(FUTURE);
        }
        day
    } else {
        if instant > now + TimeDelta::hours(24) {
            return Err(FUTURE);
        }
        instant.with_timezone(&account.time_zone).date_naive()
    };
    if day.year() < 2000 {
        return Err("must not be before the year 2000.");
    }
    Ok(day.min(today))
}

/// A day or a time in one of the forms that languages write: with seconds or without, an offset as `Z`, `+01:00`, `+0100`
/// or `+01`, the name of a zone in brackets behind it; `/Date(…)/` with milliseconds since 1970. Without an offset it is UTC.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    // Beyond, a zone could lead out of what a date can hold.
    read_instant(text.trim()).filter(|time| (1..=9999).contains(&time.year()))
}

fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        // An offset behind it says where it was written, not when.
        let end = milliseconds.rfind(['+', '-']).filter(|place| *place > 0).unwrap_or(milliseconds.len());
        return DateTime::from_timestamp_millis(milliseconds[..end].parse().ok()?);
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    let text = text.strip_suffix(']').and_then(|text| text.split_once('[')).map_or(text, |(time, _)| time);
    let mut text = text.to_ascii_uppercase().replace(',', ".");
    if text.get(10..11) == Some(" ") {
        text.replace_range(10..11, "T");
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"].iter().find_map(|form| {
        let with_offset = DateTime::parse_from_str(&text, &format!("{form}%#z")).map(|time| time.to_utc());
        with_offset.or_else(|_| NaiveDateTime::parse_from_str(&text, form).map(|time| time.and_utc())).ok()
    })
}

fn no_such_template(template: &str) -> ApiError {
    let template: String = template.chars().take(64).collect();
    if guid(&template) == Some(CLOUD_TEMPLATE) {
        return ApiError::property(format!("templateId: Template ID '{template}' is no longer supported."));
    }
    ApiError::property(format!(
        "templateId: there is no template '{template}'. GET /v1/agreements?agreementType=* names it."
    ))
}

/// Why a confirmation is refused.
pub fn refused(refusal: Refusal, attestation: &TemplateAttestation) -> ApiError {
    match refusal {
        Refusal::NotApplicable => {
            ApiError::new(Code::NotSupportedInEnvironment, "Agreements are not supported in this environment.")
        }
        Refusal::ProviderConfirms => ApiError::new(
            Code::RoleLacksRights,
            "The account is an indirect reseller's: its indirect provider must confirm the customer's acceptance.",
        ),
        Refusal::UnknownVersion | Refusal::StaleVersion { .. } => {
            no_such_template(&attestation.template_id.to_string())
        }
        Refusal::InTheFuture { .. } => ApiError::property("dateAgreed must not be in the future."),
        // Nobody is asked to tick this here: the version follows from the day.
        Refusal::OlderThanVersion { published_on } => {
            ApiError::property(format!("dateAgreed is before the publication of the agreement on {published_on}."))
        }
        Refusal::SameAgain { on, by } => {
            let on = on.map(|day| format!(" on {day}")).unwrap_or_default();
            ApiError::new(
                Code::PartnerConfirmedAgreementAlreadyExists,
                format!("It is confirmed already that {by} accepted this agreement{on}."),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::partner_account::{Cloud, Environment, PartnerType};

    fn account(zone: &str) -> PartnerAccount {
        PartnerAccount {
            id: Uuid::nil(),
            name: "Noordster".into(),
            partner_type: PartnerType::DirectBillPartner,
            cloud: Cloud::Public,
            environment: Environment::Production,
            country: Country::parse("NL").unwrap(),
            time_zone: zone.parse().unwrap(),
            tenant_id: None,
        }
    }

    fn day(text: &str, zone: &str) -> Result<String, &'static str> {
        let now = "2026-11-22T23:30:00Z".parse().unwrap();
        day_agreed(text, &account(zone), now).map(|day| day.to_string())
    }

    #[test]
    fn every_form_that_languages_write_is_read_and_nothing_else() {
        for text in [
            "2026-11-20T10:00:00Z",
            "2026-11-20T10:00Z",
            "2026-11-20t10:00z",
            "2026-11-20 10:00:00Z",
            "2026-11-20 10:00",
            "2026-11-20T10:00",
            "2026-11-20T10:00:00.123456789Z",
            "2026-11-20T10:00:00,5Z",
            "2026-11-20T11:00+01:00",
            "2026-11-20T11:00:00+0100",
            "2026-11-20T11:00:00+01",
            "2026-11-20 11:00:00 +0100",
            "2026-11-20T11:00+01:00[Europe/Amsterdam]",
            "2026-11-20T05:00-0500",
            "/Date(1795168800000)/",
            "/Date(1795168800000+0100)/",
            " 2026-11-20T10:00:00Z ",
        ] {
            let read = instant(text).map(|time| time.format("%Y-%m-%dT%H:%M:%S").to_string());
            assert_eq!(read.as_deref(), Some("2026-11-20T10:00:00"), "{text}");
        }
        for text in [
            "20-11-2026",
            "11/20/2026",
            "2026-11-20T",
            "2026-11-20T10",
            "2026-11-20T24:00:00Z",
            "2026-11-20T10:00:00X",
            "2026-11-20T10:00:00+25:00",
            "2026-11-20T10:00:00Z 2026",
            "1795168800000",
            "/Date(x)/",
            "/Date(8210298412799999)/",
            "/Date(9223372036854775807)/",
            "-262143-01-01T01:00:00Z",
            "-262143-01-01",
            "+262142-12-31T23:00:00Z",
            "/Date()/",
            "é026-11-20T10:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_a_day_ahead_at_most_is_today_and_says_so() {
        // Where it is 04:20 on 1 December, and where it is 19:20 on 30 November.
        let now = "2026-12-01T03:20:00Z".parse().unwrap();
        let day = |text: &str, zone: &str| day_agreed(text, &account(zone), now).map(|day| day.to_string());
        let (amsterdam, los_angeles) = ("Europe/Amsterdam", "America/Los_Angeles");
        for (text, in_amsterdam, in_los_angeles) in [
            ("2026-11-30", Some("2026-11-30"), Some("2026-11-30")),
            ("2026-11-30T00:00:00+01:00", Some("2026-11-30"), Some("2026-11-29")),
            ("2026-12-01", Some("2026-12-01"), Some("2026-11-30")),
            ("2026-12-01T00:00:00Z", Some("2026-12-01"), Some("2026-11-30")),
            ("2026-12-01T03:20:00Z", Some("2026-12-01"), Some("2026-11-30")),
            ("2026-12-01T23:30:00Z", Some("2026-12-01"), Some("2026-11-30")),
            ("2026-12-02", Some("2026-12-01"), None),
            ("2026-12-02T03:20:00Z", Some("2026-12-01"), Some("2026-11-30")),
            ("2026-12-02T03:20:01Z", None, None),
            ("2026-12-03", None, None),
        ] {
            assert_eq!(day(text, amsterdam).ok().as_deref(), in_amsterdam, "{text}");
            assert_eq!(day(text, los_angeles).ok().as_deref(), in_los_angeles, "{text}");
        }
    }

    #[test]
    fn a_time_is_its_day_in_the_account() {
        assert_eq!(day("2026-11-20T23:30:00Z", "Europe/Amsterdam").unwrap(), "2026-11-21");
        assert_eq!(day("2026-11-20T23:30:00.1234567Z", "America/New_York").unwrap(), "2026-11-20");
        assert_eq!(day("2026-11-20T17:30:00-08:00", "Europe/Amsterdam").unwrap(), "2026-11-21");
        assert_eq!(day("2026-11-20T23:30:00", "Europe/Amsterdam").unwrap(), "2026-11-21", "no zone is UTC");
    }

    #[test]
    fn a_bare_day_and_midnight_are_that_day_everywhere() {
        for zone in ["Pacific/Kiritimati", "Pacific/Niue", "Europe/Amsterdam"] {
            for text in ["2026-11-20", "2026-11-20T00:00:00.000Z", "2026-11-20T00:00:00"] {
                assert_eq!(day(text, zone).unwrap(), "2026-11-20", "{text} {zone}");
            }
        }
    }

    #[test]
    fn now_is_never_in_the_future_by_a_zone_or_a_clock() {
        assert_eq!(day("2026-11-23T22:00:00Z", "America/New_York").unwrap(), "2026-11-22", "no later than today");
        assert_eq!(day("2026-11-23", "America/New_York").unwrap(), "2026-11-22");
        assert!(day("2026-11-23T23:30:01Z", "Europe/Amsterdam").is_err());
        assert!(day("2026-11-25", "Europe/Amsterdam").is_err());
    }

    #[test]
    fn an_unset_date_and_no_date_are_refused() {
        for text in ["0001-01-01T00:00:00", "1999-12-31", "", "yesterday", "2026-02-30", "2026-13-01T00:00:00Z"] {
            assert!(day(text, "Europe/Amsterdam").is_err(), "{text}");
        }
    }
}
