//! Customers: the list that clients page through, and one of them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    call::{ApiRequest, ApiResponse},
    fault::ApiError,
    json::Json,
    profiles, reader,
    wire::{Attributes, Collection, Customer, Link, Links},
};
use crate::{
    domain::{
        fold::fold,
        partner_account::{PartnerAccount, PartnerType},
    },
    store::{
        Read,
        customers::{self, Listed, Place, Which},
        indirect_resellers,
    },
};

/// The most customers on a page, and as many on one that names no size: many programs never ask for a second page.
const SIZE_MAX: i64 = 500;

/// Customers on a page of size 0, which means all of them.
const ALL: i64 = 10_000;

/// The header that a page goes on with.
pub const CONTINUATION: &str = "ms-continuationtoken";

/// `GET customers`: a page of customers in the order of their ids.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let size = size(call.parameter("size"))?;
    let filter = call.parameter("filter").filter(|text| !text.trim().is_empty()).map(filter).transpose()?;
    let place = place(call)?;
    let mut conn = call.api.db.snapshot().await?;
    let account = call.actor.account.id;
    let which = match filter {
        None => None,
        Some(Filter::CompanyName(value)) => Some(Which::CompanyName(value)),
        Some(Filter::Domain(value)) => Some(Which::Domain(value)),
        // Whose customers the account's own are is known of an indirect provider's account only.
        Some(Filter::IndirectProvider(value)) if is_provider(&call.actor.account, &value) => None,
        Some(Filter::IndirectProvider(_)) => Some(Which::AssociatedWith(Vec::new())),
        Some(Filter::IndirectReseller(value)) => {
            Some(Which::AssociatedWith(indirect_resellers_of(&mut conn, account, &value).await?))
        }
    };
    let mut rows = customers::page(&mut conn, account, which.as_ref(), place, size + 1).await?;
    drop(conn);
    let has_more = i64::try_from(rows.len()).is_ok_and(|rows| rows > size);
    let backwards = matches!(place, Place::Last | Place::Before(_));
    if has_more {
        // The one too many lies where the page was going.
        rows.remove(if backwards { 0 } else { rows.len() - 1 });
    }
    let has_next = if backwards { matches!(place, Place::Before(_)) } else { has_more };
    let has_previous = if backwards { has_more } else { matches!(place, Place::After(_)) };
    let token = rows.first().zip(rows.last()).map(|(first, last)| continuation(first.id, last.id));

    let mut page = Collection::of(rows.into_iter().map(listed).collect(), "/customers".to_owned());
    if let Some(token) = token {
        let link = |operation: &str| {
            let mut address = form_urlencoded::Serializer::new(String::new());
            address.append_pair("size", &if size == ALL { 0 } else { size }.to_string());
            if let Some(filter) = call.parameter("filter") {
                address.append_pair("filter", filter);
            }
            address.append_pair("seekOperation", operation);
            Box::new(Link::page(format!("customers?{}", address.finish()), &token))
        };
        page.links.next = has_next.then(|| link("Next"));
        page.links.previous = has_previous.then(|| link("Previous"));
        page.continuation_token = has_next.then_some(token);
    }
    ApiResponse::ok(&page)
}

/// `GET customers/{customer}`: all that is known of a customer.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    ApiResponse::ok(&whole(&customer))
}

/// All that is known of a customer.
pub fn whole(customer: &customers::Customer) -> Customer {
    Customer {
        id: customer.id,
        commerce_id: Some(customer.id),
        company_profile: profiles::company(customer.id, customer.company_name.clone(), customer.domain.clone()),
        billing_profile: Some(Box::new(profiles::billing(customer))),
        relationship_to_partner: "reseller",
        allow_delegated_access: Some(false),
        associated_partner_id: customer.associated_partner_id.clone(),
        user_credentials: None,
        links: Links::this(format!("/customers/{}", customer.id)),
        attributes: Attributes::of("Customer"),
    }
}

fn listed(row: Listed) -> Customer {
    Customer {
        id: row.id,
        commerce_id: None,
        company_profile: profiles::company(row.id, row.company_name, row.domain),
        billing_profile: None,
        relationship_to_partner: "reseller",
        allow_delegated_access: None,
        associated_partner_id: None,
        user_credentials: None,
        links: Links::this(format!("/customers/{}", row.id)),
        attributes: Attributes::of("Customer"),
    }
}

/// How many customers a page is to hold; clients that filter ask for 0, which is no limit.
fn size(text: Option<&str>) -> Result<i64, ApiError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(SIZE_MAX) };
    match text.parse::<i64>() {
        Ok(0) => Ok(ALL),
        Ok(size) if size > 0 => Ok(size.min(SIZE_MAX)),
        _ => Err(ApiError::argument("size must be a whole number from 0 to 500.")),
    }
}

/// The parameter `filter`, which is JSON.
#[derive(Deserialize)]
struct FilterParameter {
    value: Option<String>,
    operator: Option<String>,
    field: Option<String>,
}

/// What the customers are to begin with.
enum Filter {
    CompanyName(String),
    Domain(String),
    IndirectReseller(String),
    IndirectProvider(String),
}

/// Whether the account is the indirect provider whose name or tenant begins so.
fn is_provider(account: &PartnerAccount, value: &str) -> bool {
    let value = fold(value);
    let begins = |text: &str| fold(text).starts_with(&value);
    account.partner_type == PartnerType::IndirectProvider
        && (begins(&account.name) || account.tenant_id.is_some_and(|tenant| begins(&tenant.to_string())))
}

/// The MPN IDs of the account's indirect resellers whose tenant, MPN ID or name begins so.
async fn indirect_resellers_of(conn: &mut dyn Read, account: Uuid, value: &str) -> Result<Vec<String>, ApiError> {
    let value = fold(value);
    let resellers = indirect_resellers::all(conn, account).await?;
    let begins = |text: &str| fold(text).starts_with(&value);
    let wanted = resellers.into_iter().filter(|reseller| {
        begins(&reseller.tenant_id.to_string()) || begins(&reseller.mpn_id) || begins(&reseller.name)
    });
    Ok(wanted.map(|reseller| reseller.mpn_id).collect())
}

/// Reads a filter.
fn filter(text: &str) -> Result<Filter, ApiError> {
    let wrong = |what: &str| ApiError::argument(format!("filter {what}"));
    let json =
        Json::read(text.as_bytes()).map_err(|_| wrong("must be JSON: {\"Field\":…,\"Value\":…,\"Operator\":…}"))?;
    if !matches!(json, Json::Object(_)) {
        return Err(wrong("has no Value"));
    }
    let given: FilterParameter = reader::read(&json).map_err(|_| wrong("must have texts as its members"))?;
    let value = given.value.ok_or_else(|| wrong("has no Value"))?;
    let operator = given.operator.as_deref().unwrap_or("starts_with");
    if !["starts_with", "startswith"].iter().any(|known| operator.eq_ignore_ascii_case(known)) {
        return Err(wrong("knows the Operator starts_with only"));
    }
    match given.field.unwrap_or_default() {
        field if field.eq_ignore_ascii_case("CompanyName") => Ok(Filter::CompanyName(value)),
        field if field.eq_ignore_ascii_case("Domain") => Ok(Filter::Domain(value)),
        field if field.eq_ignore_ascii_case("IndirectReseller") => Ok(Filter::IndirectReseller(value)),
        field if field.eq_ignore_ascii_case("IndirectCloudSolutionProvider") => Ok(Filter::IndirectProvider(value)),
        _ => Err(wrong("knows the Fields CompanyName, Domain, IndirectReseller and IndirectCloudSolutionProvider")),
    }
}

/// Where a page lies, from its operation and the token of the page that it was asked for on.
fn place(call: &ApiRequest<'_>) -> Result<Place, ApiError> {
    let token = call.header(CONTINUATION).map(str::trim).filter(|token| !token.is_empty());
    let operation = call.parameter("seekOperation").unwrap_or(if token.is_some() { "Next" } else { "First" });
    let ids = || {
        let token = token.ok_or_else(|| ApiError::argument("MS-ContinuationToken is missing."))?;
        read_continuation(token).ok_or_else(|| ApiError::argument("MS-ContinuationToken is none of this portal's."))
    };
    match operation.to_ascii_lowercase().as_str() {
        "next" | "0" => Ok(Place::After(ids()?.1)),
        "previous" | "1" => Ok(Place::Before(ids()?.0)),
        "first" | "2" => Ok(Place::First),
        "last" | "3" => Ok(Place::Last),
        _ => Err(ApiError::argument("seekOperation must be Next, Previous, First or Last.")),
    }
}

fn continuation(first: Uuid, last: Uuid) -> String {
    URL_SAFE_NO_PAD.encode([first.as_bytes().as_slice(), last.as_bytes()].concat())
}

fn read_continuation(token: &str) -> Option<(Uuid, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (first, last) = bytes.split_at_checked(16)?;
    Some((Uuid::from_slice(first).ok()?, Uuid::from_slice(last).ok()?))
}
