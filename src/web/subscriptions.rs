//! Subscriptions of a customer: the list with its switches, the number of licences, and what renews when.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::Value;
use uuid::Uuid;

use super::{
    Portal,
    access::{May, PlaceOrders, ViewCustomers},
    account::{CustomerFrame, Here, customer_id, guid},
    agreements,
    error::Error,
    form::{self, FieldView, Form, Input, Problems},
    next::Next,
    page::{self, Badge, Flash, Frame},
    paths, session,
    visit::Visit,
    words,
};
use crate::{
    actions::{
        Done, Failure,
        change_quantity::{self, Wanted, change_quantity},
        record_attempt::record_blocked,
        switch_subscription::{self, Switch, switch_subscription},
    },
    domain::{
        actor::Actor,
        agreement::Standing,
        audit::Action,
        field::{Fault, Field},
        invalid::Invalid,
        order::{self, Billing, SubscriptionStatus, TermDuration},
        role::Permission,
        text,
    },
    i18n::{self, Words},
    store::{
        self, Snapshot, audit,
        customers::{self, Customer},
        offers,
        subscriptions::{self, SubscriptionRow},
    },
};

/// Subscriptions on a page.
const PAGE: i64 = 50;

/// The most that are looked at for what renews when.
const RENEWALS: i64 = 200;

#[derive(Template)]
#[template(path = "subscriptions.html")]
struct ListTemplate {
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    /// What the customer's standing holds up, and the way out for whoever may take it.
    closed: Option<(String, Option<String>)>,
    subscriptions: Vec<Row>,
    more: Option<String>,
    renewals: String,
    new_order: Option<String>,
}

struct Row {
    offer: String,
    quantity: String,
    status: String,
    is_active: bool,
    renews: String,
    auto_renew: Option<bool>,
    order: Option<String>,
    acts: Option<Acts>,
}

/// What whoever may can do with a subscription.
struct Acts {
    etag: i64,
    status: String,
    status_token: String,
    auto_renew: String,
    auto_renew_token: String,
    /// Where the number of licences changes; none while that is held up, or where there is none.
    quantity: Option<String>,
}

/// Every subscription of a customer.
pub async fn list(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let id = customer_id(request.match_info().query("customer"))?;
    let after = Form::decode(request.query_string().as_bytes()).get_raw("after").parse().ok();
    answer_list(&portal, &may.0, &visit, id, after, StatusCode::OK, &Problems::default()).await
}

async fn answer_list(
    portal: &Portal,
    actor: &Actor,
    visit: &Visit,
    id: Uuid,
    after: Option<Uuid>,
    status: StatusCode,
    problems: &Problems,
) -> Result<HttpResponse, Error> {
    let t = visit.words();
    let mut at = portal.db.snapshot().await?;
    let (customer, standing) = customer_standing(&mut at, actor, visit, id).await?;
    let mut found = subscriptions::of_customer(&mut at, customer.seq, after, PAGE + 1).await?;
    let flash = flash(&mut at, actor, visit, &customer).await?;
    drop(at);
    let has_more = page::cut(&mut found, PAGE);

    let may_order = actor.role.may(Permission::PlaceOrders);
    let today = actor.account.today(visit.now);
    let rows = Rows { portal, actor, visit, customer: id, may_order, is_open: standing.gate_is_open(), today };
    let confirms = may_order && actor.account.confirms();
    let frame = CustomerFrame::new(&customer, Here::Subscriptions);
    let mut page = Frame::new(visit, format!("{} – {}", fl!(t, "h-subscriptions"), customer.company_name))
        .crumbs(frame.crumbs(fl!(t, "h-subscriptions")))
        .errors(problems)
        .return_to(paths::subscriptions(id));
    page.flash = flash;
    let has_licenses = found.iter().any(|row| row.billing().is_ok_and(|billing| billing == Billing::License));
    let template = ListTemplate {
        frame: page,
        t,
        closed: (!rows.is_open && has_licenses).then(|| (closed_words(actor, t), confirms.then(|| paths::update(id)))),
        more: found.last().filter(|_| has_more).map(|row| format!("{}?after={}", paths::subscriptions(id), row.id())),
        subscriptions: found.iter().map(|row| rows.view(row)).collect::<Result<Vec<Row>, store::Error>>()?,
        renewals: paths::renewals(id),
        new_order: may_order.then(|| paths::new_order(id)),
        customer: frame,
    };
    page::render(visit, status, &template)
}

fn closed_words(actor: &Actor, t: &Words) -> String {
    if actor.account.confirms() { fl!(t, "block-licences") } else { fl!(t, "reseller-text") }
}

/// A customer of the account, and where it stands.
async fn customer_standing(
    at: &mut Snapshot,
    actor: &Actor,
    visit: &Visit,
    id: Uuid,
) -> Result<(Customer, Standing), Error> {
    let today = actor.account.today(visit.now);
    let info = customers::account_info(at, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let standing = info.standing(&actor.account);
    Ok((info.customer, standing))
}

/// What the page before left to say of a subscription.
async fn flash(at: &mut Snapshot, actor: &Actor, visit: &Visit, customer: &Customer) -> Result<Option<String>, Error> {
    let t = visit.words();
    if visit.flash == Some((Flash::ConfirmationRecorded, customer.id)) {
        return Ok(Some(fl!(t, "ok-saved", company = customer.company_name.clone())));
    }
    let Some((flash, _)) = visit.flash.filter(|(_, about)| *about == customer.id) else { return Ok(None) };
    match flash {
        Flash::SubscriptionChanged => {}
        Flash::SubscriptionSuspended => return Ok(Some(fl!(t, "ok-suspended"))),
        Flash::SubscriptionReactivated => return Ok(Some(fl!(t, "ok-reactivated"))),
        Flash::AutoRenewOn => return Ok(Some(fl!(t, "ok-auto-renew-on"))),
        Flash::AutoRenewOff => return Ok(Some(fl!(t, "ok-auto-renew-off"))),
        _ => return Ok(None),
    }
    let last = audit::last_change(at, actor.account.id, customer.id, &[Action::QuantityChanged]).await?;
    let detail: Value = last.and_then(|last| serde_json::from_str(&last.detail).ok()).unwrap_or_default();
    let number = |name: &str| i18n::number(detail[name].as_i64().unwrap_or_default(), visit.language);
    let offer = detail["offer"].as_str().unwrap_or_default().to_owned();
    Ok(Some(fl!(t, "ok-quantity", from = number("from"), to = number("to"), offer = offer)))
}

/// What every row of the list depends on.
struct Rows<'a> {
    portal: &'a Portal,
    actor: &'a Actor,
    visit: &'a Visit,
    customer: Uuid,
    may_order: bool,
    is_open: bool,
    today: NaiveDate,
}

impl Rows<'_> {
    fn view(&self, row: &SubscriptionRow) -> Result<Row, store::Error> {
        let (t, language) = (self.visit.words(), self.visit.language);
        let (billing, status) = (row.billing()?, row.status()?);
        let is_license = billing == Billing::License;
        Ok(Row {
            offer: row.offer_name.clone(),
            quantity: if is_license { i18n::number(row.quantity, language) } else { fl!(t, "by-use") },
            is_active: status == SubscriptionStatus::Active,
            status: status_words(status, t),
            renews: renewal_day(row, self.today).map(|day| i18n::date_short(day, language)).unwrap_or_default(),
            auto_renew: row.commitment_ends_on.map(|_| row.auto_renew),
            order: row.order_id.map(|order| paths::order(self.customer, order)),
            acts: self.may_order.then(|| self.acts(row, is_license)),
        })
    }

    fn acts(&self, row: &SubscriptionRow, is_license: bool) -> Acts {
        let token = |path: &str| form::fresh_token(self.portal, self.actor, path);
        let status = paths::subscription_status(self.customer, row.id());
        let auto_renew = paths::auto_renew(self.customer, row.id());
        Acts {
            etag: row.etag,
            status_token: token(&status),
            status,
            auto_renew_token: token(&auto_renew),
            auto_renew,
            quantity: (is_license && self.is_open).then(|| paths::quantity(self.customer, row.id())),
        }
    }
}

fn status_words(status: SubscriptionStatus, t: &Words) -> String {
    match status {
        SubscriptionStatus::Active => fl!(t, "sub-active"),
        SubscriptionStatus::Suspended => fl!(t, "sub-suspended"),
    }
}

/// The day on which it renews next by itself, or ends.
fn renewal_day(row: &SubscriptionRow, today: NaiveDate) -> Option<NaiveDate> {
    let last = row.commitment_ends_on?;
    match TermDuration::from_code(&row.term_duration) {
        Some(term) if row.auto_renew => term.next_renewal(last, today),
        _ => last.succ_opt(),
    }
}

/// Suspend or reactivate.
pub async fn set_status(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (id, subscription) = (customer_id(&path.0)?, guid(&path.1)?);
    let wanted = SubscriptionStatus::from_code(form.get_raw("status")).map(Switch::Status);
    let switching = Switching { portal: &portal, actor: &may.0, visit: &visit, customer: id, subscription };
    switching.save(wanted, form, &paths::subscription_status(id, subscription)).await
}

/// Switch whether it renews by itself.
pub async fn set_auto_renew(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let (id, subscription) = (customer_id(&path.0)?, guid(&path.1)?);
    let wanted = match form.get_raw("auto_renew") {
        "on" => Some(Switch::AutoRenew(true)),
        "off" => Some(Switch::AutoRenew(false)),
        _ => None,
    };
    let switching = Switching { portal: &portal, actor: &may.0, visit: &visit, customer: id, subscription };
    switching.save(wanted, form, &paths::auto_renew(id, subscription)).await
}

/// A subscription on its way to be switched. Nothing is typed, so the list as it is now says what came of it.
struct Switching<'a> {
    portal: &'a Portal,
    actor: &'a Actor,
    visit: &'a Visit,
    customer: Uuid,
    subscription: Uuid,
}

impl Switching<'_> {
    async fn save(&self, wanted: Option<Switch>, form: Form, action: &str) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
        let mut at = self.portal.db.snapshot().await?;
        let (customer, _) = customer_standing(&mut at, self.actor, self.visit, self.customer).await?;
        subscriptions::find(&mut at, customer.seq, self.subscription).await?.ok_or(Error::NotFound)?;
        drop(at);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let Some(wanted) = wanted else { return self.back(unprocessable, fl!(t, "e-switch")).await };
        let Some(submission) = form.submission(self.portal, self.actor, action) else {
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
        let (db, actor) = (&self.portal.db, self.actor);
        let done =
            switch_subscription(db, actor, self.customer, self.subscription, etag, wanted, &submission, &outcome).await;
        match done {
            Ok(Done::Now(()) | Done::Before(_)) => {
                Ok(page::see_other(self.portal, &outcome, Some((flash, self.customer))))
            }
            Err(Failure::NoSuchCustomer | Failure::Refused(switch_subscription::Refusal::NoSuchSubscription)) => {
                Err(Error::NotFound)
            }
            Err(Failure::SentOtherwise | Failure::Refused(switch_subscription::Refusal::Stale)) => {
                self.back(StatusCode::CONFLICT, fl!(t, "e-subscription-stale")).await
            }
            Err(Failure::Store(error)) => Err(Error::send_again(error, action, form)),
        }
    }

    async fn back(&self, status: StatusCode, words: String) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(words);
        answer_list(self.portal, self.actor, self.visit, self.customer, None, status, &problems).await
    }
}

#[derive(Template)]
#[template(path = "quantity.html")]
struct QuantityTemplate {
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    offer: String,
    now: String,
    action: String,
    submission: String,
    etag: String,
    /// What the customer's standing holds up, and the way out where there is one.
    closed: Option<(String, Option<String>)>,
    /// A decrease to look at once more: the change in words, and the hidden entries.
    check: Option<(String, Vec<(&'static str, String)>)>,
    fields: Vec<FieldView>,
}

/// The form that changes a number of licences.
pub async fn show_quantity(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let ids = request.match_info();
    let change = Change::load(&portal, &may.0, &visit, ids.query("customer"), ids.query("subscription")).await?;
    let query = Form::decode(request.query_string().as_bytes());
    let kept = session::kept(&session, query.get_raw("kept")).map(|kept| Form::of(kept.fields));
    let quantity = vec![(Field::Quantity.code().to_owned(), query.get(Field::Quantity).to_owned())];
    let form = kept.unwrap_or_else(|| Form::of(quantity));
    change.answer(StatusCode::OK, &form, &Problems::default(), None, None)
}

/// Changes a number of licences, after a look at it when it goes down.
pub async fn save_quantity(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    path: web::Path<(String, String)>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let change = Change::load(&portal, &may.0, &visit, &path.0, &path.1).await?;
    change.save(form).await
}

/// A change of a number of licences, as things are now.
struct Change<'a> {
    portal: &'a Portal,
    actor: &'a Actor,
    visit: &'a Visit,
    customer: Customer,
    standing: Standing,
    subscription: SubscriptionRow,
    limits: (i64, i64),
}

/// The limits of what is not in the catalogue.
const LIMITS: (i64, i64) = (1, 1_000_000);

impl<'a> Change<'a> {
    async fn load(
        portal: &'a Portal,
        actor: &'a Actor,
        visit: &'a Visit,
        customer: &str,
        subscription: &str,
    ) -> Result<Self, Error> {
        let (id, subscription) = (customer_id(customer)?, guid(subscription)?);
        let mut at = portal.db.snapshot().await?;
        let (customer, standing) = customer_standing(&mut at, actor, visit, id).await?;
        let subscription = subscriptions::find(&mut at, customer.seq, subscription).await?.ok_or(Error::NotFound)?;
        // What is charged by use has no number that could change.
        if subscription.billing()? != Billing::License {
            return Err(Error::NotFound);
        }
        let offers = offers::all(&mut at).await?;
        let limits = offers
            .iter()
            .find(|offer| offer.id == subscription.offer_id)
            .map_or(LIMITS, |offer| (offer.minimum_quantity, offer.maximum_quantity));
        Ok(Self { portal, actor, visit, customer, standing, subscription, limits })
    }

    fn action(&self) -> String {
        paths::quantity(self.customer.id, self.subscription.id())
    }

    fn next(&self, form: &Form) -> Next {
        Next::Quantity { subscription: self.subscription.id(), quantity: form.get(Field::Quantity).to_owned() }
    }

    async fn save(&self, form: Form) -> Result<HttpResponse, Error> {
        let (t, language) = (self.visit.words(), self.visit.language);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let quantity = order::quantity(form.get(Field::Quantity), self.limits);
        let reason = text::line(form.get(Field::Reason), 500);
        let mut faults = Vec::new();
        match &quantity {
            Ok(Some(quantity)) if *quantity == self.subscription.quantity => {
                faults.push(Fault { field: Field::Quantity, invalid: Invalid::SameQuantity });
            }
            Ok(Some(_)) => {}
            Ok(None) => faults.push(Fault { field: Field::Quantity, invalid: Invalid::NotAQuantity }),
            Err(invalid) => faults.push(Fault { field: Field::Quantity, invalid: *invalid }),
        }
        if let Err(invalid) = &reason {
            faults.push(Fault { field: Field::Reason, invalid: *invalid });
        }
        let faults = form.with_unreadable(faults);
        let (Ok(Some(quantity)), Ok(reason), true) = (quantity, reason, faults.is_empty()) else {
            let problems = Problems::of(&faults, t, language, None);
            return self.answer(unprocessable, &form, &problems, None, None);
        };
        let Some(submission) = form.submission(self.portal, self.actor, &self.action()) else {
            let problems = Problems::whole(fl!(t, "e-submission-unknown"));
            return self.answer(unprocessable, &form, &problems, None, None);
        };
        if !self.standing.gate_is_open() {
            return self.blocked(&form, self.standing).await;
        }
        let etag = form.get(Field::Etag).parse().unwrap_or_default();
        if etag != self.subscription.etag {
            return self.stale(&form, &self.subscription);
        }
        if quantity < self.subscription.quantity && form.get(Field::DecreaseConfirmed) != "on" {
            return self.answer(StatusCode::OK, &form, &Problems::default(), None, Some(quantity));
        }
        let wanted = Wanted {
            customer_id: self.customer.id,
            subscription_id: self.subscription.id(),
            etag,
            quantity,
            reason: reason.as_deref(),
        };
        let outcome = paths::subscriptions(self.customer.id);
        let flash = Some((Flash::SubscriptionChanged, self.customer.id));
        match change_quantity(&self.portal.db, self.actor, wanted, &submission, &outcome).await {
            Ok(Done::Now(()) | Done::Before(_)) => Ok(page::see_other(self.portal, &outcome, flash)),
            Err(Failure::NoSuchCustomer | Failure::Refused(change_quantity::Refusal::NoSuchSubscription)) => {
                Err(Error::NotFound)
            }
            Err(Failure::SentOtherwise) => {
                let problems = Problems::whole(fl!(t, "e-submission-used"));
                self.answer(StatusCode::CONFLICT, &form, &problems, None, None)
            }
            Err(Failure::Refused(change_quantity::Refusal::GateClosed(standing))) => {
                self.blocked(&form, standing).await
            }
            Err(Failure::Refused(change_quantity::Refusal::Suspended)) => {
                let problems = Problems::whole(fl!(t, "e-suspended"));
                self.answer(unprocessable, &form, &problems, None, None)
            }
            Err(Failure::Refused(change_quantity::Refusal::Stale(now))) => self.stale(&form, &now),
            Err(Failure::Store(error)) => Err(Error::send_again(error, &self.action(), form)),
        }
    }

    /// Somebody changed the subscription meanwhile: both numbers are shown.
    fn stale(&self, form: &Form, now: &SubscriptionRow) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(fl!(self.visit.words(), "e-subscription-stale"));
        self.answer(StatusCode::CONFLICT, form, &problems, Some(now), None)
    }

    /// The customer's standing holds the change up: that is recorded, and the prompt comes.
    async fn blocked(&self, form: &Form, standing: Standing) -> Result<HttpResponse, Error> {
        let (db, id) = (&self.portal.db, self.customer.id);
        if let Err(error) = record_blocked(db, self.actor, id, Action::QuantityBlocked, standing).await {
            tracing::error!(%error, "a blocked change of licences cannot be recorded");
        }
        if self.actor.account.confirms() {
            let next = self.next(form);
            return agreements::prompt(self.portal, self.actor, self.visit, id, StatusCode::CONFLICT, &next).await;
        }
        self.answer(StatusCode::CONFLICT, form, &Problems::default(), None, None)
    }

    fn answer(
        &self,
        status: StatusCode,
        form: &Form,
        problems: &Problems,
        stale: Option<&SubscriptionRow>,
        check: Option<i64>,
    ) -> Result<HttpResponse, Error> {
        let (t, language) = (self.visit.words(), self.visit.language);
        let number = |number| i18n::number(number, language);
        let now = stale.unwrap_or(&self.subscription);
        let frame = CustomerFrame::new(&self.customer, Here::Below);
        let heading = fl!(t, "act-change-number");
        let (min, max) = self.limits;
        let mut quantity = FieldView::new(Field::Quantity, fl!(t, "f-new-quantity"), Input::Number, form, problems)
            .hint(fl!(t, "f-new-quantity-hint", min = number(min), max = number(max)));
        quantity.theirs = stale.map(|now| number(now.quantity));
        let reason = words::optional_label(Field::Reason, t);
        let mut page = Frame::new(self.visit, format!("{heading} – {}", self.subscription.offer_name))
            .crumbs(frame.crumbs(heading))
            .errors(problems)
            .return_to(self.action());
        let confirmed = self.visit.flash == Some((Flash::ConfirmationRecorded, self.customer.id));
        page.flash = confirmed.then(|| fl!(t, "ok-saved", company = self.customer.company_name.clone()));
        let confirms = self.actor.account.confirms();
        let template = QuantityTemplate {
            frame: page,
            t,
            offer: self.subscription.offer_name.clone(),
            now: number(now.quantity),
            action: self.action(),
            submission: form::fresh_token(self.portal, self.actor, &self.action()),
            etag: match (stale, form.get(Field::Etag)) {
                (None, typed) if !typed.is_empty() => typed.to_owned(),
                _ => now.etag.to_string(),
            },
            closed: (!self.standing.gate_is_open())
                .then(|| (closed_words(self.actor, t), confirms.then(|| self.next(form).update(self.customer.id)))),
            check: check.map(|quantity| {
                let change = fl!(
                    t,
                    "quantity-change",
                    from = number(now.quantity),
                    to = number(quantity),
                    by = number(now.quantity - quantity)
                );
                let hidden = [Field::Quantity, Field::Reason].map(|field| (field.code(), form.get(field).to_owned()));
                (change, hidden.to_vec())
            }),
            fields: vec![quantity, FieldView::new(Field::Reason, reason, Input::Text, form, problems)],
            customer: frame,
        };
        page::render(self.visit, status, &template)
    }
}

#[derive(Template)]
#[template(path = "renewals.html")]
struct RenewalsTemplate {
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    badge: Badge,
    renewals: Vec<Renewal>,
}

struct Renewal {
    day: String,
    offer: String,
    quantity: String,
    term: String,
    /// What happens on that day.
    what: String,
    /// Whether the customer's standing would hold it up.
    is_blocked: bool,
}

/// What of a customer renews when, and what of it the customer's standing would hold up.
pub async fn renewals(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(&path)?;
    let mut at = portal.db.snapshot().await?;
    let (customer, standing) = customer_standing(&mut at, actor, &visit, id).await?;
    let found = subscriptions::ending(&mut at, customer.seq, RENEWALS).await?;
    drop(at);
    let today = actor.account.today(visit.now);
    let mut found: Vec<_> = found.into_iter().map(|row| (renewal_day(&row, today), row)).collect();
    found.sort_by_key(|(day, _)| *day);
    let frame = CustomerFrame::new(&customer, Here::Below);
    let template = RenewalsTemplate {
        frame: Frame::new(&visit, format!("{} – {}", fl!(t, "h-renewals"), customer.company_name))
            .crumbs(frame.crumbs(fl!(t, "h-renewals"))),
        t,
        badge: Badge::of(standing, t),
        renewals: found
            .iter()
            .map(|(day, row)| Renewal {
                day: day.map(|day| i18n::date_short(day, language)).unwrap_or_default(),
                offer: row.offer_name.clone(),
                quantity: i18n::number(row.quantity, language),
                term: TermDuration::from_code(&row.term_duration)
                    .map(|term| words::term_duration(term, t))
                    .unwrap_or_default(),
                what: match (row.auto_renew, standing.gate_is_open()) {
                    (true, _) => fl!(t, "renews-by-itself"),
                    (false, true) => fl!(t, "renews-by-hand"),
                    (false, false) => fl!(t, "renewal-blocked"),
                },
                is_blocked: !row.auto_renew && !standing.gate_is_open(),
            })
            .collect(),
        customer: frame,
    };
    page::ok(&visit, &template)
}
