//! Subscriptions of a customer: the list with its switches, the number of licences, and what renews when.

mod quantity;
mod renewals;

pub use quantity::{save as save_quantity, show as show_quantity};
pub use renewals::show as renewals;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::Value;
use uuid::Uuid;

use super::{
    AppState,
    access::{May, PlaceOrders, ViewCustomers},
    account::{CustomerHeader, CustomerTab, customer_id, guid},
    error::Error,
    form::{self, Form, Problems},
    page::{self, Flash, PageLayout},
    paths,
    request_context::RequestContext,
};
use crate::{
    actions::{
        Failure, Outcome,
        switch_subscription::{self, Switch, switch_subscription},
    },
    domain::{
        actor::Actor,
        agreement::ConfirmationStatus,
        audit::Action,
        field::Field,
        order::{Billing, SubscriptionStatus},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        Read, agreements, audit,
        customers::Customer,
        subscriptions::{self, Listed},
    },
};

/// Subscriptions on a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    /// What the customer's confirmation status holds up, and the way out for whoever may take it.
    closed: Option<(String, Option<String>)>,
    subscriptions: Vec<Row>,
    /// The token of the page, which serves the form of each row once.
    token: String,
    labels: Labels,
    more: Option<String>,
    renewals: String,
    new_order: Option<String>,
}

struct Row {
    offer: String,
    /// Licences; none for what is charged by use.
    quantity: Option<String>,
    is_active: bool,
    renews: String,
    auto_renew: Option<bool>,
    order: Option<String>,
    acts: Option<RowActions>,
}

/// What whoever may can do with a subscription.
struct RowActions {
    etag: i64,
    status: String,
    auto_renew: String,
    /// Where the number of licences changes; none while that is held up, or where there is none.
    quantity: Option<String>,
}

/// Every subscription of a customer.
pub async fn list(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = customer_id(request.match_info().query("customer"))?;
    let after = Form::decode(request.query_string().as_bytes()).get_raw("after").parse().ok();
    answer_list(&state, &may.0, &context, id, after, StatusCode::OK, &Problems::default()).await
}

async fn answer_list(
    state: &AppState,
    actor: &Actor,
    context: &RequestContext,
    id: Uuid,
    after: Option<Uuid>,
    status: StatusCode,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let mut conn = state.db.snapshot().await?;
    let (customer, confirmation_status) = customer_status(&mut conn, actor, context, id).await?;
    let mut found = subscriptions::list(&mut conn, customer.seq, after, PAGE + 1).await?;
    let flash = flash(&mut conn, actor, context, &customer).await?;
    drop(conn);
    let has_more = page::truncate_page(&mut found, PAGE);

    let may_order = actor.role.may(Permission::PlaceOrders);
    let today = actor.account.today(context.now);
    let rows = Rows { context, customer: id, may_order, is_open: confirmation_status.gate_is_open(), today };
    let confirms = may_order && actor.account.confirms();
    let layout = CustomerHeader::new(&customer, CustomerTab::Subscriptions);
    let mut page = PageLayout::new(context, format!("{} – {}", fl!(t, "h-subscriptions"), customer.company_name))
        .breadcrumbs(layout.breadcrumbs(fl!(t, "h-subscriptions")))
        .errors(problems)
        .return_to(paths::subscriptions(id));
    page.flash = flash;
    let has_licenses = found.iter().any(|row| row.billing == Billing::License);
    let template = ListTemplate {
        layout: page,
        t,
        closed: (!rows.is_open && has_licenses).then(|| (closed_words(actor, t), confirms.then(|| paths::update(id)))),
        more: found.last().filter(|_| has_more).map(|row| format!("{}?after={}", paths::subscriptions(id), row.id)),
        subscriptions: found.iter().map(|row| rows.view(row)).collect(),
        token: form::fresh_token(state, actor, &paths::subscriptions(id)),
        labels: Labels::new(t),
        renewals: paths::renewals(id),
        new_order: may_order.then(|| paths::new_order(id)),
        customer: layout,
    };
    page::render(context, status, &template)
}

fn closed_words(actor: &Actor, t: &Words) -> String {
    if actor.account.confirms() { fl!(t, "block-licences") } else { fl!(t, "reseller-text") }
}

/// A customer of the account, and where it stands.
async fn customer_status(
    conn: &mut dyn Read,
    actor: &Actor,
    context: &RequestContext,
    id: Uuid,
) -> Result<(Customer, ConfirmationStatus), Error> {
    let today = actor.account.today(context.now);
    let info = agreements::account_info(conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let confirmation_status = info.confirmation_status(&actor.account);
    Ok((info.customer, confirmation_status))
}

/// What the page before left to say of a subscription.
async fn flash(
    conn: &mut dyn Read,
    actor: &Actor,
    context: &RequestContext,
    customer: &Customer,
) -> Result<Option<String>, Error> {
    let t = context.words();
    if context.flash == Some((Flash::ConfirmationRecorded, customer.id)) {
        return Ok(Some(fl!(t, "ok-saved", company = customer.company_name.clone())));
    }
    let Some((flash, _)) = context.flash.filter(|(_, about)| *about == customer.id) else { return Ok(None) };
    match flash {
        Flash::SubscriptionChanged => {}
        Flash::SubscriptionSuspended => return Ok(Some(fl!(t, "ok-suspended"))),
        Flash::SubscriptionReactivated => return Ok(Some(fl!(t, "ok-reactivated"))),
        Flash::AutoRenewOn => return Ok(Some(fl!(t, "ok-auto-renew-on"))),
        Flash::AutoRenewOff => return Ok(Some(fl!(t, "ok-auto-renew-off"))),
        _ => return Ok(None),
    }
    let last = audit::last_change(conn, actor.account.id, customer.id, &[Action::QuantityChanged]).await?;
    let detail: Value = last.and_then(|last| serde_json::from_str(&last.detail).ok()).unwrap_or_default();
    let number = |name: &str| i18n::number(detail[name].as_i64().unwrap_or_default(), context.language);
    let offer = detail["offer"].as_str().unwrap_or_default().to_owned();
    Ok(Some(fl!(t, "ok-quantity", from = number("from"), to = number("to"), offer = offer)))
}

/// The words that every row says, looked up once.
struct Labels {
    order: String,
    licences: String,
    status: String,
    by_use: String,
    active: String,
    suspended: String,
    renews: String,
    auto_renew: String,
    on: String,
    off: String,
    change_number: String,
    suspend: String,
    reactivate: String,
    switch_off: String,
    switch_on: String,
}

impl Labels {
    fn new(t: &Words) -> Self {
        Self {
            order: fl!(t, "col-order"),
            licences: fl!(t, "col-licences"),
            status: fl!(t, "col-status"),
            by_use: fl!(t, "by-use"),
            active: fl!(t, "sub-active"),
            suspended: fl!(t, "sub-suspended"),
            renews: fl!(t, "col-renews"),
            auto_renew: fl!(t, "col-auto-renew"),
            on: fl!(t, "on"),
            off: fl!(t, "off"),
            change_number: fl!(t, "act-change-number"),
            suspend: fl!(t, "act-suspend"),
            reactivate: fl!(t, "act-reactivate"),
            switch_off: fl!(t, "act-switch-off"),
            switch_on: fl!(t, "act-switch-on"),
        }
    }
}

/// What every row of the list depends on.
struct Rows<'a> {
    context: &'a RequestContext,
    customer: Uuid,
    may_order: bool,
    is_open: bool,
    today: NaiveDate,
}

impl Rows<'_> {
    fn view(&self, row: &Listed) -> Row {
        let language = self.context.language;
        let is_license = row.billing == Billing::License;
        Row {
            offer: row.offer_name.clone(),
            quantity: is_license.then(|| i18n::number(row.quantity, language)),
            is_active: row.status == SubscriptionStatus::Active,
            renews: renewal_day(row, self.today).map(|day| i18n::date_short(day, language)).unwrap_or_default(),
            auto_renew: row.commitment_ends_on.map(|_| row.auto_renew),
            order: row.order_id.map(|order| paths::order(self.customer, order)),
            acts: self.may_order.then(|| self.acts(row, is_license)),
        }
    }

    fn acts(&self, row: &Listed, is_license: bool) -> RowActions {
        RowActions {
            etag: row.etag,
            status: paths::subscription_status(self.customer, row.id),
            auto_renew: paths::auto_renew(self.customer, row.id),
            quantity: (is_license && self.is_open).then(|| paths::quantity(self.customer, row.id)),
        }
    }
}

/// The day on which it renews next by itself, or ends.
fn renewal_day(row: &Listed, today: NaiveDate) -> Option<NaiveDate> {
    let last = row.commitment_ends_on?;
    if row.auto_renew { row.term_duration.next_renewal(last, today) } else { last.succ_opt() }
}

/// Suspend or reactivate.
pub async fn set_status(
    may: May<PlaceOrders>,
    state: AppState,
    context: RequestContext,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (id, subscription) = (customer_id(&path.0)?, guid(&path.1)?);
    let wanted = SubscriptionStatus::from_code(form.get_raw("status")).map(Switch::Status);
    let switching = Switching { state: &state, actor: &may.0, context: &context, customer: id, subscription };
    switching.save(wanted, form, &paths::subscription_status(id, subscription)).await
}

/// Switch whether it renews by itself.
pub async fn set_auto_renew(
    may: May<PlaceOrders>,
    state: AppState,
    context: RequestContext,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (id, subscription) = (customer_id(&path.0)?, guid(&path.1)?);
    let wanted = match form.get_raw("auto_renew") {
        "on" => Some(Switch::AutoRenew(true)),
        "off" => Some(Switch::AutoRenew(false)),
        _ => None,
    };
    let switching = Switching { state: &state, actor: &may.0, context: &context, customer: id, subscription };
    switching.save(wanted, form, &paths::auto_renew(id, subscription)).await
}

/// A subscription on its way to be switched. Nothing is typed, so the list as it is now says what came of it.
struct Switching<'a> {
    state: &'a AppState,
    actor: &'a Actor,
    context: &'a RequestContext,
    customer: Uuid,
    subscription: Uuid,
}

impl Switching<'_> {
    async fn save(&self, wanted: Option<Switch>, form: Form, action: &str) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let mut conn = self.state.db.snapshot().await?;
        let (customer, _) = customer_status(&mut conn, self.actor, self.context, self.customer).await?;
        subscriptions::find(&mut conn, customer.seq, self.subscription).await?.ok_or(Error::NotFound)?;
        drop(conn);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let Some(wanted) = wanted else { return self.back(unprocessable, fl!(t, "e-switch")).await };
        let Some(submission) =
            form.submission_about(self.state, self.actor, &paths::subscriptions(self.customer), self.subscription)
        else {
            return self.back(unprocessable, fl!(t, "e-submission-unknown")).await;
        };
        let etag = form.get(Field::Etag).parse().unwrap_or_default();
        let outcome = paths::subscriptions(self.customer);
        let flash = match wanted {
            Switch::Status(SubscriptionStatus::Active) => Flash::SubscriptionReactivated,
            Switch::Status(SubscriptionStatus::Suspended) => Flash::SubscriptionSuspended,
            Switch::AutoRenew(true) => Flash::AutoRenewOn,
            Switch::AutoRenew(false) => Flash::AutoRenewOff,
        };
        let (db, actor) = (&self.state.db, self.actor);
        let done =
            switch_subscription(db, actor, self.customer, self.subscription, etag, wanted, &submission, &outcome).await;
        match done {
            Ok(Outcome::Done(()) | Outcome::Replayed(_)) => {
                Ok(page::see_other(self.state, &outcome, Some((flash, self.customer))))
            }
            Err(Failure::NoSuchCustomer | Failure::Refused(switch_subscription::Refusal::NoSuchSubscription)) => {
                Err(Error::NotFound)
            }
            Err(Failure::IdempotencyMismatch | Failure::Refused(switch_subscription::Refusal::Stale)) => {
                self.back(StatusCode::CONFLICT, fl!(t, "e-subscription-stale")).await
            }
            Err(Failure::Store(error)) => Err(Error::send_again(error, action, form)),
        }
    }

    async fn back(&self, status: StatusCode, words: String) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(words);
        answer_list(self.state, self.actor, self.context, self.customer, None, status, &problems).await
    }
}
