//! Subscriptions of a customer: the list with its switches, the number of licences, and what renews when.

mod quantity;
mod renewals;
mod status;

pub use self::quantity::{save as save_quantity, show as show_quantity};
pub use self::renewals::show as renewals;
use self::{
    renewals::renewal_day,
    status::{closed_words, customer_status},
};

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::Value;
use uuid::Uuid;

use super::{
    access::{PlaceOrders, ViewCustomers},
    customer_header::{CustomerHeader, CustomerTab},
    cx::{ActorContext, Cx},
    error::Error,
    flash::Flash,
    form::{Form, Problems},
    form_answer::{FormAnswer, SentForm},
    form_token,
    layout::PageLayout,
    path_id::{CustomerId, SubscriptionId},
    paths,
    query::Query,
    request_context::RequestContext,
    respond,
};
use crate::{
    actions::switch_subscription::{self, Switch, switch_subscription},
    domain::{
        audit::Action,
        field::Field,
        order::{Billing, SubscriptionStatus},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        Read, audit,
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
    /// What the customer's confirmation status blocks, and the link for users who may confirm.
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
    status: SubscriptionStatus,
    renews: String,
    auto_renew: Option<bool>,
    order: Option<String>,
    acts: Option<RowActions>,
}

/// Actions offered to users with `PlaceOrders`.
struct RowActions {
    etag: i64,
    status: String,
    auto_renew: String,
    /// Where the number of licences changes; none while that is blocked, or where there is no number.
    quantity: Option<String>,
}

/// Every subscription of a customer.
pub async fn list(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId, query: Query) -> Result<HttpResponse, Error> {
    answer_list(&cx, id, query.parsed("after"), StatusCode::OK, &Problems::default()).await
}

async fn answer_list(
    cx: &ActorContext,
    id: Uuid,
    after: Option<Uuid>,
    status: StatusCode,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    let t = cx.context.words();
    let mut conn = cx.state.db.snapshot().await?;
    let (customer, confirmation_status) = customer_status(&mut conn, cx, id).await?;
    let mut found = subscriptions::list(&mut conn, customer.seq, after, PAGE + 1).await?;
    let flash = flash(&mut conn, cx, &customer).await?;
    drop(conn);
    let has_more = respond::truncate_page(&mut found, PAGE);

    let may_order = cx.actor.role.may(Permission::PlaceOrders);
    let today = cx.today;
    let rows =
        Rows { context: &cx.context, customer: id, may_order, is_open: confirmation_status.gate_is_open(), today };
    let confirms = may_order && cx.actor.account.confirms();
    let layout = CustomerHeader::new(&customer, CustomerTab::Subscriptions);
    let mut page = PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-subscriptions"), customer.company_name))
        .breadcrumbs(layout.breadcrumbs(fl!(t, "h-subscriptions")))
        .errors(problems)
        .return_to(paths::subscriptions(id));
    page.flash = flash;
    let has_licenses =
        found.iter().any(|row| row.billing == Billing::License && row.status != SubscriptionStatus::Deleted);
    let template = ListTemplate {
        layout: page,
        t,
        closed: (!rows.is_open && has_licenses)
            .then(|| (closed_words(&cx.actor, t), confirms.then(|| paths::update(id)))),
        more: found.last().filter(|_| has_more).map(|row| format!("{}?after={}", paths::subscriptions(id), row.id)),
        subscriptions: found.iter().map(|row| rows.view(row)).collect(),
        token: form_token::fresh_token(cx, &paths::subscriptions(id)),
        labels: Labels::new(t),
        renewals: paths::renewals(id),
        new_order: may_order.then(|| paths::new_order(id)),
        customer: layout,
    };
    respond::render(&cx.context, status, &template)
}

/// What the page before left to say of a subscription.
async fn flash(conn: &mut dyn Read, cx: &ActorContext, customer: &Customer) -> Result<Option<String>, Error> {
    let t = cx.context.words();
    if cx.context.flash == Some((Flash::ConfirmationRecorded, customer.id)) {
        return Ok(Some(fl!(t, "ok-saved", company = customer.company_name.clone())));
    }
    let Some((flash, _)) = cx.context.flash.filter(|(_, about)| *about == customer.id) else { return Ok(None) };
    match flash {
        Flash::SubscriptionChanged => {}
        Flash::SubscriptionSuspended => return Ok(Some(fl!(t, "ok-suspended"))),
        Flash::SubscriptionReactivated => return Ok(Some(fl!(t, "ok-reactivated"))),
        Flash::AutoRenewOn => return Ok(Some(fl!(t, "ok-auto-renew-on"))),
        Flash::AutoRenewOff => return Ok(Some(fl!(t, "ok-auto-renew-off"))),
        _ => return Ok(None),
    }
    let last = audit::last_change(conn, cx.actor.account.id, customer.id, &[Action::QuantityChanged]).await?;
    let detail: Value = last.and_then(|last| serde_json::from_str(&last.detail).ok()).unwrap_or_default();
    let number = |name: &str| i18n::number(detail[name].as_i64().unwrap_or_default(), cx.context.language);
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
    ended: String,
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
            ended: fl!(t, "sub-ended"),
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
        let has_ended = row.status == SubscriptionStatus::Deleted;
        Row {
            offer: row.offer_name.clone(),
            quantity: is_license.then(|| i18n::number(row.quantity, language)),
            status: row.status,
            renews: renewal_day(row, self.today)
                .filter(|_| !has_ended)
                .map(|day| i18n::date_short(day, language))
                .unwrap_or_default(),
            auto_renew: row.commitment_ends_on.filter(|_| !has_ended).map(|_| row.auto_renew),
            order: row.order_id.map(|order| paths::order(self.customer, order)),
            acts: (self.may_order && !has_ended).then(|| self.acts(row, is_license)),
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

/// Suspend or reactivate.
pub async fn set_status(
    cx: Cx<PlaceOrders>,
    CustomerId(id): CustomerId,
    SubscriptionId(subscription): SubscriptionId,
    form: Form,
) -> Result<HttpResponse, Error> {
    let wanted = match SubscriptionStatus::from_code(form.get_raw("status")) {
        Some(SubscriptionStatus::Active) => Some(Switch::Active(true)),
        Some(SubscriptionStatus::Suspended) => Some(Switch::Active(false)),
        Some(SubscriptionStatus::Deleted) | None => None,
    };
    let switching = Switching { cx: &cx, customer: id, subscription };
    switching.save(wanted, form, &paths::subscription_status(id, subscription)).await
}

/// Switch whether it renews by itself.
pub async fn set_auto_renew(
    cx: Cx<PlaceOrders>,
    CustomerId(id): CustomerId,
    SubscriptionId(subscription): SubscriptionId,
    form: Form,
) -> Result<HttpResponse, Error> {
    let wanted = match form.get_raw("auto_renew") {
        "on" => Some(Switch::AutoRenew(true)),
        "off" => Some(Switch::AutoRenew(false)),
        _ => None,
    };
    let switching = Switching { cx: &cx, customer: id, subscription };
    switching.save(wanted, form, &paths::auto_renew(id, subscription)).await
}

/// A subscription on its way to be switched. Nothing is typed, so the list as it is now says what came of it.
struct Switching<'a> {
    cx: &'a ActorContext,
    customer: Uuid,
    subscription: Uuid,
}

impl Switching<'_> {
    async fn save(&self, wanted: Option<Switch>, form: Form, action: &str) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let mut conn = self.cx.state.db.snapshot().await?;
        let (customer, _) = customer_status(&mut conn, self.cx, self.customer).await?;
        subscriptions::find(&mut conn, customer.seq, self.subscription).await?.ok_or(Error::NotFound)?;
        drop(conn);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let Some(wanted) = wanted else { return self.back(unprocessable, fl!(t, "e-switch")).await };
        let Some(submission) = form.submission_about(self.cx, &paths::subscriptions(self.customer), self.subscription)
        else {
            return self.back(unprocessable, fl!(t, "e-submission-unknown")).await;
        };
        let etag = form.get(Field::Etag).parse().unwrap_or_default();
        let outcome = paths::subscriptions(self.customer);
        let flash = match wanted {
            Switch::Active(true) => Flash::SubscriptionReactivated,
            Switch::Active(false) => Flash::SubscriptionSuspended,
            Switch::AutoRenew(true) => Flash::AutoRenewOn,
            Switch::AutoRenew(false) => Flash::AutoRenewOff,
        };
        let (db, actor) = (&self.cx.state.db, &self.cx.actor);
        let done =
            switch_subscription(db, actor, self.customer, self.subscription, etag, wanted, &submission, &outcome).await;
        let flash = Some((flash, self.customer));
        let sent = SentForm { form: &form, action, outcome: &outcome, flash, repeats_flash: true };
        match sent.answer(self.cx, done)? {
            FormAnswer::Answered(response) => Ok(response),
            FormAnswer::Refused(switch_subscription::Refusal::NoSuchSubscription) => Err(Error::NotFound),
            FormAnswer::Refused(switch_subscription::Refusal::Ended) => {
                self.back(StatusCode::CONFLICT, fl!(t, "e-subscription-ended")).await
            }
            // Nothing is typed: other entries with the same token mean that the list shown was another.
            FormAnswer::Back(..) | FormAnswer::Refused(switch_subscription::Refusal::Stale) => {
                self.back(StatusCode::CONFLICT, fl!(t, "e-subscription-stale")).await
            }
        }
    }

    async fn back(&self, status: StatusCode, words: String) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(words);
        answer_list(self.cx, self.customer, None, status, &problems).await
    }
}
