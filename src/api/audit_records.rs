//! What happened in the account, as Partner Center tells it: the newest first, of the last 90 days, from the portal's log.
//! Whoever reads it is in the log too.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Days, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    agreements::instant,
    call::{ApiRequest, ApiResponse, guid},
    customers::CONTINUATION,
    fault::ApiError,
    json::Json,
    partner::partner_id,
    reader,
    wire::{Attributes, AuditDatum, AuditRecord, Collection, Link},
};
use crate::{
    actions::record_attempt::record_export,
    domain::{actor::ActorKind, audit::Action, fold::fold, partner_account::PartnerAccount},
    store::audit::{self, Cursor, Filter, Shown},
};

/// How many days back one may look.
const DAYS: u64 = 90;

/// How many days are told where no first one is named.
const DAYS_WHERE_NOT_NAMED: u64 = 30;

/// The most records on a page.
const SIZE_MAX: usize = 500;

/// The most entries of the log that are looked through for one page.
const LOOKED_AT_MAX: usize = 10_000;

/// `GET auditrecords`: a page of what happened.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let account = &call.actor.account;
    let size = size(call.parameter("size"))?;
    let wanted = match call.parameter("filter").filter(|text| !text.trim().is_empty()) {
        Some(text) => Wanted::read(text)?,
        None => Wanted::All,
    };
    let mut filter = span(call, account)?;
    if let Wanted::Customer(id) = wanted {
        filter.customer_id = Some(id);
    }
    let mut cursor = cursor(call)?;
    let named = ["startDate", "endDate", "filter"].map(|name| (name.to_owned(), call.parameter(name).into()));
    let named: serde_json::Map<_, _> = named.into_iter().collect();
    record_export(&call.api.db, &call.actor, json!({ "list": "audit", "format": "API", "filters": named })).await?;

    let mut conn = call.api.db.snapshot().await?;
    let mut records = Vec::new();
    let (mut looked_at, mut has_more) = (0, true);
    while has_more && records.len() < size && looked_at < LOOKED_AT_MAX {
        let found = audit::page(&mut conn, account.id, &filter, cursor, SIZE_MAX).await?;
        has_more = found.has_older;
        for shown in found.entries {
            if records.len() == size {
                has_more = true;
                break;
            }
            looked_at += 1;
            cursor = Some(Cursor { at: shown.logged.at, seq: shown.logged.seq, newer: false });
            if wanted.lets_through(&shown) {
                records.push(record(shown, account));
            }
        }
    }
    drop(conn);

    let mut page = Collection::of(records, "/auditrecords".to_owned());
    if let Some(cursor) = cursor.filter(|_| has_more) {
        let token = continuation(cursor);
        let mut address = form_urlencoded::Serializer::new(String::new());
        for name in ["startDate", "endDate", "size", "filter"] {
            if let Some(value) = call.parameter(name) {
                address.append_pair(name, value);
            }
        }
        address.append_pair("seekOperation", "Next");
        page.links.next = Some(Box::new(Link::page(format!("auditrecords?{}", address.finish()), &token)));
        page.continuation_token = Some(token);
    }
    ApiResponse::ok(&page)
}

fn size(text: Option<&str>) -> Result<usize, ApiError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(SIZE_MAX) };
    match text.parse() {
        Ok(0) => Ok(SIZE_MAX),
        Ok(size) => Ok(SIZE_MAX.min(size)),
        Err(_) => Err(ApiError::argument("size must be a whole number from 1 to 500.")),
    }
}

/// From which day on and until which day it is asked for, in the account's zone.
fn span(call: &ApiRequest<'_>, account: &PartnerAccount) -> Result<Filter, ApiError> {
    let today = account.today(call.api.db.clock.now());
    let day = |name: &str| {
        let text = call.parameter(name).map(str::trim).filter(|text| !text.is_empty());
        let wrong = || ApiError::argument(format!("{name} must be a day such as 2026-11-21."));
        text.map(|text| day(text, account).ok_or_else(wrong)).transpose()
    };
    let (first, last) = (day("startDate")?, day("endDate")?.unwrap_or(today).min(today));
    let earliest = today - Days::new(DAYS);
    let before_last = last.checked_sub_days(Days::new(DAYS_WHERE_NOT_NAMED)).unwrap_or(last);
    let first = first.unwrap_or_else(|| before_last.max(earliest));
    if first < earliest {
        return Err(ApiError::argument(format!("startDate must not be more than {DAYS} days ago.")));
    }
    if last < first {
        return Err(ApiError::argument(format!(
            "endDate must not be before startDate, nor more than {DAYS} days ago."
        )));
    }
    let until = last.checked_add_days(Days::new(1)).and_then(|day| account.begin_of(day));
    Ok(Filter { from: account.begin_of(first), until, ..Filter::default() })
}

/// A day as programs write it: ISO 8601, with a time or without; or month/day/year, as .NET does and the documentation
/// shows, with a time that is of no account.
fn day(text: &str, account: &PartnerAccount) -> Option<NaiveDate> {
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day);
    }
    if let Ok(day) = NaiveDate::parse_from_str(text.split(' ').next()?, "%m/%d/%Y") {
        return Some(day);
    }
    let time = instant(text)?;
    let is_day = time.time() == chrono::NaiveTime::MIN;
    Some(if is_day { time.date_naive() } else { account.today(time) })
}

/// The parameter `filter`, which is JSON.
#[derive(Deserialize)]
struct FilterParameter {
    value: Option<String>,
    operator: Option<String>,
    field: Option<String>,
}

/// Which records are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    All,
    /// About a customer.
    Customer(Uuid),
    /// About customers whose name has this in it, folded.
    CompanyName(String),
    /// Of a kind of resource, without underscores.
    ResourceType(String),
}

impl Wanted {
    fn read(text: &str) -> Result<Self, ApiError> {
        let wrong = |what: &str| ApiError::argument(format!("filter {what}"));
        let json =
            Json::read(text.as_bytes()).map_err(|_| wrong("must be JSON: {\"Field\":…,\"Value\":…,\"Operator\":…}"))?;
        if !matches!(json, Json::Object(_)) {
            return Err(wrong("has no Value"));
        }
        let given: FilterParameter = reader::read(&json).map_err(|_| wrong("must have texts as its members"))?;
        let value = given.value.ok_or_else(|| wrong("has no Value"))?;
        let (wanted, operator) = match given.field.unwrap_or_default().to_ascii_lowercase().as_str() {
            "customerid" => (Self::Customer(guid(&value).ok_or_else(|| wrong("needs a GUID as its Value"))?), "equals"),
            "companyname" => (Self::CompanyName(fold(&value)), "substring"),
            "resourcetype" => (Self::ResourceType(plain(&value)), "equals"),
            _ => return Err(wrong("knows the Fields CustomerId, CompanyName and ResourceType")),
        };
        if given.operator.is_some_and(|given| !given.eq_ignore_ascii_case(operator)) {
            return Err(wrong(&format!("knows the Operator {operator} only for this Field")));
        }
        Ok(wanted)
    }

    fn lets_through(&self, shown: &Shown) -> bool {
        match self {
            Self::All | Self::Customer(_) => true,
            Self::CompanyName(part) => shown.company_name.as_deref().is_some_and(|name| fold(name).contains(part)),
            Self::ResourceType(kind) => kinds(&shown.logged.action).is_some_and(|(known, _)| plain(known) == *kind),
        }
    }
}

fn plain(kind: &str) -> String {
    kind.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// What Partner Center calls the resource and the operation of an action.
fn kinds(action: &str) -> Option<(&'static str, &'static str)> {
    Some(match Action::from_code(action)? {
        Action::CustomerCreated | Action::CustomerImported => ("customer", "add_customer"),
        Action::CompanyEdited | Action::ContactEdited | Action::CustomerUpdatedByImport => {
            ("customer", "update_customer_billing_profile")
        }
        Action::CustomerDeleted => ("customer", "delete_customer"),
        Action::RelationshipRemoved => ("customer", "remove_partner_customer_relationship"),
        Action::QualificationSet => ("customer", "update_customer_qualification"),
        Action::OrderPlaced | Action::OrderBlocked => ("order", "create_order"),
        Action::QuantityChanged
        | Action::QuantityBlocked
        | Action::SubscriptionSuspended
        | Action::SubscriptionReactivated
        | Action::AutoRenewSwitchedOn
        | Action::AutoRenewSwitchedOff
        | Action::SubscriptionRenamed
        | Action::SubscriptionPartnerSet
        | Action::SubscriptionsImported => ("subscription", "update_subscription"),
        Action::AcceptanceConfirmed | Action::AcceptedDirectly => ("agreement", "create_agreement"),
        Action::UserCreated => ("partner_user", "create_partner_user"),
        Action::UserRoleSet | Action::UserPasswordSet | Action::UserDisabled | Action::UserEnabled => {
            ("partner_user", "update_partner_user")
        }
        Action::ApiClientCreated => ("application", "register_application"),
        Action::ApiClientRevoked => ("application", "unregister_application"),
        Action::RefreshTokenMade => ("application_credential", "add_application_credential"),
        _ => return None,
    })
}

fn record(shown: Shown, account: &PartnerAccount) -> AuditRecord {
    let entry = shown.logged;
    let kinds = kinds(&entry.action);
    let failed = matches!(
        Action::from_code(&entry.action),
        Some(Action::OrderBlocked | Action::QuantityBlocked | Action::Denied | Action::SignInFailed)
    );
    let is_client = entry.actor_kind == ActorKind::ApiClient.code();
    AuditRecord {
        partner_id: partner_id(account),
        customer_id: entry.customer_id,
        customer_name: shown.company_name,
        user_principal_name: entry.actor_name,
        application_id: entry.actor_id.filter(|_| is_client),
        resource_type: kinds.map(|(resource, _)| resource),
        operation_type: kinds.map(|(_, operation)| operation),
        resource_new_value: entry.detail,
        operation_date: entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        operation_status: if failed { "failed" } else { "succeeded" },
        customized_data: vec![
            AuditDatum { key: "Action", value: entry.action },
            AuditDatum { key: "EntryNumber", value: entry.seq.to_string() },
        ],
        attributes: Attributes::of("AuditRecord"),
    }
}

/// The entry behind which a page begins, from the token of the page before.
fn cursor(call: &ApiRequest<'_>) -> Result<Option<Cursor>, ApiError> {
    let token = call.header(CONTINUATION).map(str::trim).filter(|token| !token.is_empty());
    let operation = call.parameter("seekOperation").unwrap_or(if token.is_some() { "Next" } else { "First" });
    match (operation.to_ascii_lowercase().as_str(), token) {
        ("next" | "0", None) => Err(ApiError::argument("MS-ContinuationToken is missing.")),
        ("next" | "0", Some(token)) => {
            let cursor = read_continuation(token);
            cursor.map(Some).ok_or_else(|| ApiError::argument("MS-ContinuationToken is none of this portal's."))
        }
        ("first" | "2", _) => Ok(None),
        _ => Err(ApiError::argument("seekOperation must be Next or First.")),
    }
}

fn continuation(cursor: Cursor) -> String {
    let since = cursor.at - DateTime::UNIX_EPOCH;
    let at = since.num_microseconds().unwrap_or(i64::MAX);
    URL_SAFE_NO_PAD.encode([at.to_be_bytes(), cursor.seq.to_be_bytes()].concat())
}

fn read_continuation(token: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (at, seq) = bytes.split_at_checked(8)?;
    let number = |bytes: &[u8]| Some(i64::from_be_bytes(bytes.try_into().ok()?));
    let at: DateTime<Utc> = DateTime::UNIX_EPOCH.checked_add_signed(TimeDelta::microseconds(number(at)?))?;
    Some(Cursor { at, seq: number(seq)?, newer: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_goes_on_where_the_one_before_ended() {
        let cursor = Cursor { at: "2026-12-01T03:20:00.123Z".parse().unwrap(), seq: 7, newer: false };
        assert_eq!(read_continuation(&continuation(cursor)), Some(cursor));
        for token in ["", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(read_continuation(token), None, "{token}");
        }
    }

    #[test]
    fn a_filter_is_one_of_those_that_are_documented() {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
        let customer = format!(r#"{{"Field":"CustomerId","Value":"{}","Operator":"equals"}}"#, id.to_uppercase());
        assert_eq!(Wanted::read(&customer).unwrap(), Wanted::Customer(id.parse().unwrap()));
        let name = r#"{"field":"CompanyName","value":"Bri","operator":"substring"}"#;
        assert_eq!(Wanted::read(name).unwrap(), Wanted::CompanyName("bri".into()));
        let kind = r#"{"Field":"ResourceType","Value":"PartnerUser"}"#;
        assert_eq!(Wanted::read(kind).unwrap(), Wanted::ResourceType("partneruser".into()));
        for (filter, names) in [
            ("{", "JSON"),
            ("[]", "Value"),
            (r#"{"Field":"CustomerId"}"#, "Value"),
            (r#"{"Field":"CustomerId","Value":"x"}"#, "GUID"),
            (r#"{"Field":"CompanyName","Value":"x","Operator":"equals"}"#, "substring"),
            (r#"{"Field":"Other","Value":"x"}"#, "Fields"),
            (r#"{"Field":"CompanyName","Value":7}"#, "texts"),
        ] {
            let fault = Wanted::read(filter).unwrap_err();
            assert!(fault.description.contains(names), "{filter}: {}", fault.description);
        }
    }
}
