//! The route table: every address, method, handler and guard in one list.

use actix_web::{
    FromRequest, Handler, HttpRequest, Responder, Route, guard,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{
    access::{Access, Guarded},
    account, agreement_list, agreements, api_clients, api_reference, assets, audit, customers, dates, edit_customer,
    error::Error,
    error_pages::catch_panic,
    health, history, new_customer, orders,
    paths::pattern,
    preferences, record, selection, setup, sign_in, status, subscriptions,
};

/// Who may do what at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The pattern of the address.
    pub path: &'static str,
    /// `GET` or `POST`; what answers GET answers HEAD.
    pub method: Verb,
    /// Who passes the guard.
    pub access: Access,
}

/// The methods that addresses have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Writes.
    Post,
}

/// The table while it is put together.
#[derive(Default)]
pub struct Routes(Vec<(Entry, Route)>);

/// Every page of the portal.
pub fn routes() -> Routes {
    Routes::default()
        .get(pattern::HEALTHZ, health::healthz)
        .get(pattern::READYZ, health::readyz)
        .get(pattern::STATIC, assets::serve)
        .get(pattern::SIGN_IN, sign_in::show)
        .post(pattern::SIGN_IN, sign_in::sign_in)
        .post(pattern::SIGN_OUT, sign_in::sign_out)
        .get(pattern::SETUP, setup::show)
        .post(pattern::SETUP, setup::set_up)
        .post(pattern::PREFERENCES, preferences::set)
        .post(pattern::PARTNER_ACCOUNT, preferences::switch_account)
        .get(pattern::HOME, customers::home)
        .get(pattern::CUSTOMERS, customers::list)
        .get(pattern::CUSTOMERS_CSV, customers::export)
        .get(pattern::CUSTOMERS_XLSX, customers::export)
        .get(pattern::QUEUE, customers::queue)
        .get(pattern::CONFIRM, selection::show)
        .post(pattern::CONFIRM, selection::post)
        .get(pattern::CONFIRM_CSV, selection::export_csv)
        .get(pattern::NEW_CUSTOMER, new_customer::show_new)
        .post(pattern::NEW_CUSTOMER, new_customer::save_new)
        .get(pattern::NEW_CUSTOMER_DOMAIN, new_customer::check_domain)
        .get(pattern::DRAFT_ACCOUNT, new_customer::show)
        .post(pattern::DRAFT_ACCOUNT, new_customer::save)
        .get(pattern::DRAFT_SUBSCRIPTIONS, new_customer::show_subscriptions)
        .post(pattern::DRAFT_SUBSCRIPTIONS, new_customer::save_subscriptions)
        .get(pattern::DRAFT_REVIEW, new_customer::show_review)
        .post(pattern::DRAFT_REVIEW, new_customer::create)
        .post(pattern::DRAFT_DISCARD, new_customer::discard)
        .get(pattern::CREATED, new_customer::show_created)
        .get(pattern::CUSTOMER, account::customer)
        .get(pattern::ACCOUNT, account::show)
        .get(pattern::COMPANY, edit_customer::show_company)
        .post(pattern::COMPANY, edit_customer::save_company)
        .get(pattern::CONTACT, edit_customer::show_contact)
        .post(pattern::CONTACT, edit_customer::save_contact)
        .get(pattern::AGREEMENTS, agreement_list::list)
        .post(pattern::AGREEMENTS, agreements::save)
        .get(pattern::UPDATE, agreements::show_form)
        .get(pattern::RECORD_PDF, record::pdf)
        .get(pattern::RECORD_JSON, record::json)
        .get(pattern::RECORD, record::show)
        .get(pattern::SUBSCRIPTIONS, subscriptions::list)
        .get(pattern::QUANTITY, subscriptions::show_quantity)
        .post(pattern::QUANTITY, subscriptions::save_quantity)
        .post(pattern::SUBSCRIPTION_STATUS, subscriptions::set_status)
        .post(pattern::AUTO_RENEW, subscriptions::set_auto_renew)
        .get(pattern::RENEWALS, subscriptions::renewals)
        .get(pattern::ORDERS, orders::list)
        .get(pattern::NEW_ORDER, orders::show_new)
        .post(pattern::NEW_ORDER, orders::save)
        .post(pattern::ORDER_DRAFT_DISCARD, orders::discard)
        .get(pattern::ORDER, orders::show)
        .get(pattern::HISTORY, history::show)
        .get(pattern::DATES, dates::read)
        .get(pattern::STATUS, status::show)
        .get(pattern::STATUS_CSV, status::export)
        .get(pattern::STATUS_XLSX, status::export)
        .get(pattern::STATUS_CHECK, status::check_form)
        .post(pattern::STATUS_CHECK, status::check)
        .post(pattern::STATUS_CHECK_CSV, status::export_check_csv)
        .get(pattern::API_CLIENTS, api_clients::show)
        .post(pattern::API_CLIENTS, api_clients::create)
        .post(pattern::API_CLIENT_REVOKE, api_clients::revoke)
        .post(pattern::API_CLIENT_REFRESH_TOKEN, api_clients::refresh_token)
        .get(pattern::API_REFERENCE, api_reference::show)
        .get(pattern::AUDIT, audit::show)
        .get(pattern::AUDIT_JSONL, audit::jsonl)
}

impl Routes {
    fn get<F, Args>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Guarded + 'static,
        F::Output: Responder + 'static,
    {
        let get_or_head = guard::Any(guard::Get()).or(guard::Head());
        self.with(path, Verb::Get, Args::ACCESS, web::route().guard(get_or_head).to(handler))
    }

    fn post<F, Args>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Guarded + 'static,
        F::Output: Responder + 'static,
    {
        self.with(path, Verb::Post, Args::ACCESS, web::post().to(handler))
    }

    fn with(mut self, path: &'static str, method: Verb, access: Access, route: Route) -> Self {
        self.0.push((Entry { path, method, access }, route));
        self
    }

    /// The table itself, for tests.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        self.0.iter().map(|(entry, _)| *entry)
    }

    /// Hands the table to the server. Another method than those listed is answered with 405 and what is allowed.
    pub fn install(self, config: &mut ServiceConfig) {
        let mut rest = self.0;
        while let Some((first, _)) = rest.first() {
            let path = first.path;
            let (here, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(entry, _)| entry.path == path);
            rest = others;
            let allow = here
                .iter()
                .map(|(entry, _)| match entry.method {
                    Verb::Get => "GET, HEAD",
                    Verb::Post => "POST",
                })
                .collect::<Vec<_>>()
                .join(", ");
            let resource = here.into_iter().fold(web::resource(path), |resource, (_, route)| resource.route(route));
            let refuse = web::to(move |_: HttpRequest| {
                let allow = allow.clone();
                async move { Err::<&'static str, _>(Error::MethodNotAllowed { allow }) }
            });
            config.service(resource.default_service(refuse).wrap(from_fn(catch_panic)));
        }
        config.default_service(web::to(|| async { Err::<&'static str, _>(Error::NotFound) }));
    }
}
