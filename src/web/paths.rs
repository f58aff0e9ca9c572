//! Every address of the portal. Templates and redirects spell addresses only through here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

/// Route patterns, as the route table spells them.
pub mod pattern {
    /// See [`super::HOME`].
    pub const HOME: &str = "/";
    /// See [`super::SIGN_IN`].
    pub const SIGN_IN: &str = "/sign-in";
    /// See [`super::SIGN_OUT`].
    pub const SIGN_OUT: &str = "/sign-out";
    /// The first set-up.
    pub const SETUP: &str = "/setup";
    /// See [`super::PREFERENCES`].
    pub const PREFERENCES: &str = "/preferences";
    /// See [`super::PARTNER_ACCOUNT`].
    pub const PARTNER_ACCOUNT: &str = "/partner-account";
    /// See [`super::CUSTOMERS`].
    pub const CUSTOMERS: &str = "/customers";
    /// See [`super::CUSTOMERS_CSV`].
    pub const CUSTOMERS_CSV: &str = "/customers/export.csv";
    /// See [`super::CUSTOMERS_XLSX`].
    pub const CUSTOMERS_XLSX: &str = "/customers/export.xlsx";
    /// See [`super::NEW_CUSTOMER`].
    pub const NEW_CUSTOMER: &str = "/customers/new";
    /// See [`super::NEW_CUSTOMER_DOMAIN`].
    pub const NEW_CUSTOMER_DOMAIN: &str = "/customers/new/domain";
    /// See [`super::draft_account`].
    pub const DRAFT_ACCOUNT: &str = "/customers/new/{draft}/account";
    /// See [`super::draft_subscriptions`].
    pub const DRAFT_SUBSCRIPTIONS: &str = "/customers/new/{draft}/subscriptions";
    /// See [`super::draft_review`].
    pub const DRAFT_REVIEW: &str = "/customers/new/{draft}/review";
    /// See [`super::draft_discard`].
    pub const DRAFT_DISCARD: &str = "/customers/new/{draft}/discard";
    /// See [`super::created`].
    pub const CREATED: &str = "/customers/{customer}/created";
    /// A customer.
    pub const CUSTOMER: &str = "/customers/{customer}";
    /// See [`super::account`].
    pub const ACCOUNT: &str = "/customers/{customer}/account";
    /// See [`super::company`].
    pub const COMPANY: &str = "/customers/{customer}/account/company";
    /// See [`super::contact`].
    pub const CONTACT: &str = "/customers/{customer}/account/contact";
    /// See [`super::agreements`].
    pub const AGREEMENTS: &str = "/customers/{customer}/agreements";
    /// See [`super::update`].
    pub const UPDATE: &str = "/customers/{customer}/agreements/new";
    /// See [`super::record`].
    pub const RECORD: &str = "/customers/{customer}/agreements/{agreement}";
    /// See [`super::record_pdf`].
    pub const RECORD_PDF: &str = "/customers/{customer}/agreements/{agreement}.pdf";
    /// See [`super::record_json`].
    pub const RECORD_JSON: &str = "/customers/{customer}/agreements/{agreement}.json";
    /// See [`super::subscriptions`].
    pub const SUBSCRIPTIONS: &str = "/customers/{customer}/subscriptions";
    /// See [`super::quantity`].
    pub const QUANTITY: &str = "/customers/{customer}/subscriptions/{subscription}/quantity";
    /// See [`super::subscription_status`].
    pub const SUBSCRIPTION_STATUS: &str = "/customers/{customer}/subscriptions/{subscription}/status";
    /// See [`super::auto_renew`].
    pub const AUTO_RENEW: &str = "/customers/{customer}/subscriptions/{subscription}/auto-renew";
    /// See [`super::orders`].
    pub const ORDERS: &str = "/customers/{customer}/orders";
    /// See [`super::new_order`].
    pub const NEW_ORDER: &str = "/customers/{customer}/orders/new";
    /// See [`super::order_draft_discard`].
    pub const ORDER_DRAFT_DISCARD: &str = "/customers/{customer}/orders/drafts/{draft}/discard";
    /// See [`super::order`].
    pub const ORDER: &str = "/customers/{customer}/orders/{order}";
    /// See [`super::renewals`].
    pub const RENEWALS: &str = "/customers/{customer}/renewals";
    /// See [`super::history`].
    pub const HISTORY: &str = "/customers/{customer}/history";
    /// See [`super::CONFIRM`].
    pub const CONFIRM: &str = "/customers/confirm";
    /// See [`super::selection_csv`].
    pub const CONFIRM_CSV: &str = "/customers/confirm/not-confirmed.csv";
    /// See [`super::QUEUE`].
    pub const QUEUE: &str = "/customers/queue";
    /// See [`super::DATES`].
    pub const DATES: &str = "/dates";
    /// See [`super::STATUS`].
    pub const STATUS: &str = "/status";
    /// See [`super::STATUS_CSV`].
    pub const STATUS_CSV: &str = "/status/export.csv";
    /// See [`super::STATUS_XLSX`].
    pub const STATUS_XLSX: &str = "/status/export.xlsx";
    /// See [`super::STATUS_CHECK`].
    pub const STATUS_CHECK: &str = "/status/check";
    /// See [`super::STATUS_CHECK_CSV`].
    pub const STATUS_CHECK_CSV: &str = "/status/check/export.csv";
    /// See [`super::AUDIT`].
    pub const AUDIT: &str = "/audit";
    /// See [`super::AUDIT_JSONL`].
    pub const AUDIT_JSONL: &str = "/audit/export.jsonl";
    /// See [`super::API_CLIENTS`].
    pub const API_CLIENTS: &str = "/api-clients";
    /// See [`super::api_client_revoke`].
    pub const API_CLIENT_REVOKE: &str = "/api-clients/{client}/revoke";
    /// See [`super::api_client_refresh_token`].
    pub const API_CLIENT_REFRESH_TOKEN: &str = "/api-clients/{client}/refresh-token";
    /// See [`super::API_REFERENCE`].
    pub const API_REFERENCE: &str = "/help/api";
    /// A file of `static/`.
    pub const STATIC: &str = "/static/{hash}/{name}";
    /// Whether the process lives.
    pub const HEALTHZ: &str = "/healthz";
    /// Whether the database answers.
    pub const READYZ: &str = "/readyz";
}

/// Where everybody lands.
pub const HOME: &str = pattern::HOME;
/// Sign in.
pub const SIGN_IN: &str = pattern::SIGN_IN;
/// Sign out.
pub const SIGN_OUT: &str = pattern::SIGN_OUT;
/// Language.
pub const PREFERENCES: &str = pattern::PREFERENCES;
/// Switch to another partner account.
pub const PARTNER_ACCOUNT: &str = pattern::PARTNER_ACCOUNT;
/// The list of customers.
pub const CUSTOMERS: &str = pattern::CUSTOMERS;
/// The list of customers as CSV.
pub const CUSTOMERS_CSV: &str = pattern::CUSTOMERS_CSV;
/// The list of customers as a workbook.
pub const CUSTOMERS_XLSX: &str = pattern::CUSTOMERS_XLSX;

/// Takes a selection of customers, and confirms it.
pub const CONFIRM: &str = pattern::CONFIRM;

/// The page of a selection.
pub fn selection(id: Uuid) -> String {
    format!("{CONFIRM}?selection={id}")
}

/// Who of a selection was not confirmed, as CSV.
pub fn selection_csv(id: Uuid) -> String {
    format!("{}?selection={id}", pattern::CONFIRM_CSV)
}

/// Leads on to the form of the next blocked customer of a list.
pub const QUEUE: &str = pattern::QUEUE;

/// Says how a date is read.
pub const DATES: &str = pattern::DATES;

/// Confirmation status.
pub const STATUS: &str = pattern::STATUS;
/// The figures of the confirmation status as CSV.
pub const STATUS_CSV: &str = pattern::STATUS_CSV;
/// The figures of the confirmation status as a workbook.
pub const STATUS_XLSX: &str = pattern::STATUS_XLSX;

/// Pre-flight: who of a list can be ordered for.
pub const STATUS_CHECK: &str = pattern::STATUS_CHECK;
/// The answer as CSV.
pub const STATUS_CHECK_CSV: &str = pattern::STATUS_CHECK_CSV;

/// The trail of the partner account.
pub const AUDIT: &str = pattern::AUDIT;
/// The trail as JSON lines.
pub const AUDIT_JSONL: &str = pattern::AUDIT_JSONL;

/// The programs that act for the partner account.
pub const API_CLIENTS: &str = pattern::API_CLIENTS;

/// What programs may ask for.
pub const API_REFERENCE: &str = pattern::API_REFERENCE;
/// The same for programs.
pub const OPENAPI: &str = "/openapi.json";

/// Ends an API client.
pub fn api_client_revoke(client: Uuid) -> String {
    format!("{API_CLIENTS}/{client}/revoke")
}

/// Authorises an API client to act as the current user.
pub fn api_client_refresh_token(client: Uuid) -> String {
    format!("{API_CLIENTS}/{client}/refresh-token")
}

/// The wizard for a new customer.
pub const NEW_CUSTOMER: &str = pattern::NEW_CUSTOMER;
/// Whether a primary domain is free.
pub const NEW_CUSTOMER_DOMAIN: &str = pattern::NEW_CUSTOMER_DOMAIN;

/// Step 1 of a draft.
pub fn draft_account(draft: Uuid) -> String {
    format!("/customers/new/{draft}/account")
}

/// Step 2 of a draft.
pub fn draft_subscriptions(draft: Uuid) -> String {
    format!("/customers/new/{draft}/subscriptions")
}

/// Step 3 of a draft.
pub fn draft_review(draft: Uuid) -> String {
    format!("/customers/new/{draft}/review")
}

/// Throws a draft away.
pub fn draft_discard(draft: Uuid) -> String {
    format!("/customers/new/{draft}/discard")
}

/// The page that a new customer ends with.
pub fn created(customer: Uuid) -> String {
    format!("/customers/{customer}/created")
}

/// The customer whom a path made by [`created`] names.
pub fn created_customer(path: &str) -> Option<Uuid> {
    Uuid::try_parse(path.strip_prefix("/customers/")?.strip_suffix("/created")?).ok()
}

/// Account info of a customer.
pub fn account(customer: Uuid) -> String {
    format!("/customers/{customer}/account")
}

/// The form that edits a customer's company.
pub fn company(customer: Uuid) -> String {
    format!("/customers/{customer}/account/company")
}

/// The form that edits a customer's primary contact.
pub fn contact(customer: Uuid) -> String {
    format!("/customers/{customer}/account/contact")
}

/// Every confirmation of a customer; its form posts here too.
pub fn agreements(customer: Uuid) -> String {
    format!("/customers/{customer}/agreements")
}

/// The Update form.
pub fn update(customer: Uuid) -> String {
    format!("/customers/{customer}/agreements/new")
}

/// Whether an address is the API's, which knows its callers by what they bring and never by a cookie.
pub fn is_api_path(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_token = path.ends_with("/oauth2/token") || path.ends_with("/oauth2/v2.0/token");
    is_token || ["v1", "v1.0"].iter().any(|version| first.eq_ignore_ascii_case(version))
}

/// The record of one confirmation.
pub fn record(customer: Uuid, agreement: Uuid) -> String {
    format!("/customers/{customer}/agreements/{agreement}")
}

/// The same as a PDF.
pub fn record_pdf(customer: Uuid, agreement: Uuid) -> String {
    format!("/customers/{customer}/agreements/{agreement}.pdf")
}

/// The same for machines.
pub fn record_json(customer: Uuid, agreement: Uuid) -> String {
    format!("/customers/{customer}/agreements/{agreement}.json")
}

/// The subscriptions of a customer.
pub fn subscriptions(customer: Uuid) -> String {
    format!("/customers/{customer}/subscriptions")
}

/// The form that changes a number of licences.
pub fn quantity(customer: Uuid, subscription: Uuid) -> String {
    format!("/customers/{customer}/subscriptions/{subscription}/quantity")
}

/// Suspends or reactivates a subscription.
pub fn subscription_status(customer: Uuid, subscription: Uuid) -> String {
    format!("/customers/{customer}/subscriptions/{subscription}/status")
}

/// Switches whether a subscription renews by itself.
pub fn auto_renew(customer: Uuid, subscription: Uuid) -> String {
    format!("/customers/{customer}/subscriptions/{subscription}/auto-renew")
}

/// What a customer has ordered.
pub fn orders(customer: Uuid) -> String {
    format!("/customers/{customer}/orders")
}

/// A new order.
pub fn new_order(customer: Uuid) -> String {
    format!("/customers/{customer}/orders/new")
}

/// A new order with what was filled in of it.
pub fn kept_order(customer: Uuid, draft: Uuid) -> String {
    format!("/customers/{customer}/orders/new?draft={draft}")
}

/// Throws away an order that is not placed.
pub fn order_draft_discard(customer: Uuid, draft: Uuid) -> String {
    format!("/customers/{customer}/orders/drafts/{draft}/discard")
}

/// The review of a new order.
pub fn order_review(customer: Uuid, draft: Uuid) -> String {
    format!("/customers/{customer}/orders/new?draft={draft}&review=on")
}

/// One order.
pub fn order(customer: Uuid, order: Uuid) -> String {
    format!("/customers/{customer}/orders/{order}")
}

/// What renews when.
pub fn renewals(customer: Uuid) -> String {
    format!("/customers/{customer}/renewals")
}

/// Everything that happened to a customer.
pub fn history(customer: Uuid) -> String {
    format!("/customers/{customer}/history")
}

/// The link of the first set-up.
pub fn setup(base: &str, token: &str) -> String {
    format!("{base}{}?token={token}", pattern::SETUP)
}

/// The sign-in page, which leads back to a local path.
pub fn sign_in(next: &str) -> String {
    format!("{SIGN_IN}?next={}", encode(next))
}

/// The page on which a form that posts to `path` is found, whether or not its entries are worth keeping.
pub fn page_of_form(path: &str) -> String {
    let of_customer = || {
        let (customer, tail) = path.strip_prefix("/customers/")?.split_once('/')?;
        tail.starts_with("subscriptions/").then_some(subscriptions(Uuid::try_parse(customer).ok()?))
    };
    let of_client = || path.starts_with(API_CLIENTS).then(|| API_CLIENTS.to_owned());
    form_page(path).or_else(of_customer).or_else(of_client).unwrap_or_else(|| CUSTOMERS.to_owned())
}

/// The page of the form that posts to `path`; forms that are not worth keeping have none.
pub fn form_page(path: &str) -> Option<String> {
    if [NEW_CUSTOMER, API_CLIENTS].contains(&path) {
        return Some(path.to_owned());
    }
    if let Some(step) = path.strip_prefix("/customers/new/") {
        let (draft, tail) = step.split_once('/')?;
        Uuid::try_parse(draft).ok()?;
        return ["account", "subscriptions", "review"].contains(&tail).then(|| path.to_owned());
    }
    let rest = path.strip_prefix("/customers/")?;
    let (customer, tail) = rest.split_once('/')?;
    let customer = Uuid::try_parse(customer).ok()?;
    match tail {
        "agreements" => Some(update(customer)),
        "account/company" => Some(company(customer)),
        "account/contact" => Some(contact(customer)),
        "orders/new" => Some(new_order(customer)),
        _ => {
            let subscription = tail.strip_prefix("subscriptions/")?.strip_suffix("/quantity")?;
            Some(quantity(customer, Uuid::try_parse(subscription).ok()?))
        }
    }
}

/// A path of this portal, or nothing: never another host's address. A browser reads `//host`, `/\host` and the
/// like with tabs or line breaks in between as another host's.
pub fn local(path: &str) -> Option<&str> {
    let safe = path.starts_with('/')
        && !path[1..].starts_with(['/', '\\'])
        && path.len() <= 2000
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    safe.then_some(path)
}

const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/');

/// An address with parameters.
pub fn with_query<V: AsRef<str>>(path: &str, pairs: impl IntoIterator<Item = (&'static str, V)>) -> String {
    let mut address = path.to_owned();
    for (name, value) in pairs {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value.as_ref()));
    }
    address
}

/// Text as part of a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_led_back_to() {
        for path in ["/", "/customers", "/customers?q=a%20b&sort=-name", "/a//b"] {
            assert_eq!(local(path), Some(path));
        }
        for path in [
            "",
            "customers",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            "javascript:alert(1)",
            " /customers",
            "/cust omers",
            "/caf\u{e9}",
            "/a\\b",
            "/\u{0}",
        ] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_form_is_shown_again_on_its_own_page() {
        let id = Uuid::from_u128(1);
        assert_eq!(form_page(&agreements(id)), Some(update(id)));
        assert_eq!(form_page(&company(id)), Some(company(id)));
        assert_eq!(form_page(&contact(id)), Some(contact(id)));
        assert_eq!(form_page(&new_order(id)), Some(new_order(id)));
        assert_eq!(form_page(&quantity(id, id)), Some(quantity(id, id)));
        assert_eq!(form_page(&auto_renew(id, id)), None);
        for path in [NEW_CUSTOMER.to_owned(), draft_account(id), draft_subscriptions(id), draft_review(id)] {
            assert_eq!(form_page(&path).as_deref(), Some(path.as_str()));
        }
        assert_eq!(form_page(&draft_discard(id)), None);
        assert_eq!(form_page(&order_draft_discard(id, id)), None);
        assert_eq!(form_page("/sign-out"), None);
        assert_eq!(page_of_form(&auto_renew(id, id)), subscriptions(id));
        assert_eq!(page_of_form(&agreements(id)), update(id));
        assert_eq!(page_of_form(&api_client_revoke(id)), API_CLIENTS);
        for path in [draft_discard(id), "/customers/x/subscriptions/y".to_owned(), String::new()] {
            assert_eq!(page_of_form(&path), CUSTOMERS);
        }
        assert_eq!(form_page("/customers/x/agreements"), None);
    }
}
