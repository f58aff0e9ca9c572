//! The number of licences of a subscription.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::status::{closed_words, customer_status};
use crate::{
    actions::{
        change_quantity::{self, Wanted, change_quantity},
        record_attempt::record_blocked,
    },
    domain::{
        agreement::ConfirmationStatus,
        audit::Action,
        field::{Fault, Field},
        invalid::Invalid,
        order::{self, Billing, SubscriptionStatus},
        text,
    },
    i18n::{self, Words},
    store::{
        customers::Customer,
        idempotency, offers,
        subscriptions::{self, SubscriptionRow},
    },
    web::{
        access::PlaceOrders,
        agreements,
        customer_header::{CustomerHeader, CustomerTab},
        cx::{ActorContext, Cx},
        enum_labels,
        error::Error,
        flash::Flash,
        form::{FieldView, Form, Input, Problems},
        form_answer::{FormAnswer, SentForm},
        form_token,
        layout::PageLayout,
        next::Next,
        path_id::{CustomerId, SubscriptionId},
        paths,
        preserved::Preserved,
        query::Query,
        respond,
    },
};

#[derive(Template)]
#[template(path = "quantity.html")]
struct QuantityTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    offer: String,
    now: String,
    action: String,
    submission: String,
    etag: String,
    /// What the customer's confirmation status blocks, and the link onward where there is one.
    closed: Option<(String, Option<String>)>,
    check: Option<Check>,
    fields: Vec<FieldView>,
}

/// A decrease that has to be confirmed.
struct Check {
    heading: String,
    change: String,
    consequence: String,
    /// Names and values of the entries that are sent again.
    hidden: Vec<(&'static str, String)>,
}

/// The form that changes a number of licences.
pub async fn show(
    cx: Cx<PlaceOrders>,
    CustomerId(id): CustomerId,
    SubscriptionId(subscription): SubscriptionId,
    query: Query,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let change = Change::load(&cx, id, subscription).await?;
    let quantity = vec![(Field::Quantity.code().to_owned(), query.get(Field::Quantity).to_owned())];
    let form = kept.unwrap_or_else(|| Form::of(quantity));
    if change.subscription.status == SubscriptionStatus::Deleted {
        return change.ended(&form);
    }
    change.answer(StatusCode::OK, &form, &Problems::default(), None, None)
}

/// Changes a number of licences, after a look at it when it goes down.
pub async fn save(
    cx: Cx<PlaceOrders>,
    CustomerId(id): CustomerId,
    SubscriptionId(subscription): SubscriptionId,
    form: Form,
) -> Result<HttpResponse, Error> {
    let change = Change::load(&cx, id, subscription).await?;
    change.save(form).await
}

/// A change of a number of licences, as things are now.
struct Change<'a> {
    cx: &'a ActorContext,
    customer: Customer,
    confirmation_status: ConfirmationStatus,
    subscription: SubscriptionRow,
    limits: (i64, i64),
}

impl<'a> Change<'a> {
    async fn load(cx: &'a ActorContext, id: Uuid, subscription: Uuid) -> Result<Self, Error> {
        let mut conn = cx.state.db.snapshot().await?;
        let (customer, confirmation_status) = customer_status(&mut conn, cx, id).await?;
        let subscription = subscriptions::find(&mut conn, customer.seq, subscription).await?.ok_or(Error::NotFound)?;
        // What is charged by use has no number that could change.
        if subscription.billing != Billing::License {
            return Err(Error::NotFound);
        }
        let limits = offers::limits(&mut conn, &subscription.offer_id).await?;
        Ok(Self { cx, customer, confirmation_status, subscription, limits })
    }

    fn action(&self) -> String {
        paths::quantity(self.customer.id, self.subscription.id)
    }

    fn next(&self, form: &Form) -> Next {
        Next::Quantity { subscription: self.subscription.id, quantity: form.get(Field::Quantity).to_owned() }
    }

    async fn save(&self, form: Form) -> Result<HttpResponse, Error> {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let flash = Some((Flash::SubscriptionChanged, self.customer.id));
        let submission = form.submission(self.cx, &self.action());
        // What this very form came to is shown again, before it is judged by what it changed itself.
        if let Some(submission) = &submission
            && let Some(outcome) =
                idempotency::outcome(&mut self.cx.state.db.read().await?, submission, self.cx.context.now).await?
        {
            return Ok(respond::see_other(&self.cx.state, &outcome, flash));
        }
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
        let Some(submission) = submission else {
            let problems = Problems::whole(fl!(t, "e-submission-unknown"));
            return self.answer(unprocessable, &form, &problems, None, None);
        };
        if self.subscription.status == SubscriptionStatus::Deleted {
            return self.ended(&form);
        }
        if !self.confirmation_status.gate_is_open() {
            return self.blocked(&form, self.confirmation_status).await;
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
            subscription_id: self.subscription.id,
            etag,
            quantity,
            reason: reason.as_deref(),
        };
        let outcome = paths::subscriptions(self.customer.id);
        let done = change_quantity(&self.cx.state.db, &self.cx.actor, wanted, &submission, &outcome).await;
        let sent = SentForm { form: &form, action: &self.action(), outcome: &outcome, flash, repeats_flash: true };
        match sent.answer(self.cx, done)? {
            FormAnswer::Answered(response) => Ok(response),
            FormAnswer::Back(status, problems) => self.answer(status, &form, &problems, None, None),
            FormAnswer::Refused(change_quantity::Refusal::NoSuchSubscription) => Err(Error::NotFound),
            FormAnswer::Refused(change_quantity::Refusal::GateClosed(confirmation_status)) => {
                self.blocked(&form, confirmation_status).await
            }
            FormAnswer::Refused(change_quantity::Refusal::Suspended) => {
                let problems = Problems::whole(fl!(t, "e-suspended"));
                self.answer(unprocessable, &form, &problems, None, None)
            }
            FormAnswer::Refused(change_quantity::Refusal::Ended) => self.ended(&form),
            FormAnswer::Refused(change_quantity::Refusal::Stale(now)) => self.stale(&form, &now),
        }
    }

    /// What has ended at Microsoft stays as it was.
    fn ended(&self, form: &Form) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(fl!(self.cx.context.words(), "e-subscription-ended"));
        self.answer(StatusCode::CONFLICT, form, &problems, None, None)
    }

    /// Somebody changed the subscription meanwhile: both numbers are shown.
    fn stale(&self, form: &Form, now: &SubscriptionRow) -> Result<HttpResponse, Error> {
        let problems = Problems::whole(fl!(self.cx.context.words(), "e-subscription-stale"));
        self.answer(StatusCode::CONFLICT, form, &problems, Some(now), None)
    }

    /// The customer's confirmation status holds the change up: that is recorded, and the prompt comes.
    async fn blocked(&self, form: &Form, confirmation_status: ConfirmationStatus) -> Result<HttpResponse, Error> {
        let (db, id) = (&self.cx.state.db, self.customer.id);
        if let Err(error) =
            record_blocked(db, &self.cx.actor, id, Action::QuantityBlocked, confirmation_status, None).await
        {
            tracing::error!(error = %crate::telemetry::chain(&error), "recording a blocked licence change failed");
        }
        if self.cx.actor.account.confirms() {
            let next = self.next(form);
            return agreements::prompt(self.cx, id, StatusCode::CONFLICT, &next).await;
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
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let number = |number| i18n::number(number, language);
        let now = stale.unwrap_or(&self.subscription);
        let layout = CustomerHeader::new(&self.customer, CustomerTab::Below);
        let heading = fl!(t, "act-change-number");
        let (min, max) = self.limits;
        let mut quantity = FieldView::new(Field::Quantity, fl!(t, "f-new-quantity"), Input::Number, form, problems)
            .hint(fl!(t, "f-new-quantity-hint", min = number(min), max = number(max)));
        quantity.current_value = stale.map(|now| number(now.quantity));
        let reason = enum_labels::optional_label(Field::Reason, t);
        let mut page = PageLayout::new(&self.cx.context, format!("{heading} – {}", self.subscription.offer_name))
            .breadcrumbs(layout.breadcrumbs(heading))
            .errors(problems)
            .return_to(self.action());
        let confirmed = self.cx.context.flash == Some((Flash::ConfirmationRecorded, self.customer.id));
        page.flash = confirmed.then(|| fl!(t, "ok-saved", company = self.customer.company_name.clone()));
        let confirms = self.cx.actor.account.confirms();
        let template = QuantityTemplate {
            layout: page,
            t,
            offer: self.subscription.offer_name.clone(),
            now: number(now.quantity),
            action: self.action(),
            submission: form_token::fresh_token(self.cx, &self.action()),
            etag: match (stale, form.get(Field::Etag)) {
                (None, typed) if !typed.is_empty() => typed.to_owned(),
                _ => now.etag.to_string(),
            },
            closed: (!self.confirmation_status.gate_is_open())
                .then(|| (closed_words(&self.cx.actor, t), confirms.then(|| self.next(form).update(self.customer.id)))),
            check: check.map(|quantity| {
                let change = fl!(
                    t,
                    "quantity-change",
                    from = number(now.quantity),
                    to = number(quantity),
                    by = number(now.quantity - quantity)
                );
                let hidden = [Field::Quantity, Field::Reason].map(|field| (field.code(), form.get(field).to_owned()));
                let fewer = now.quantity - quantity;
                Check {
                    heading: fl!(t, "quantity-check", to = number(quantity)),
                    change,
                    consequence: fl!(t, "quantity-check-text", count = fewer, by = number(fewer)),
                    hidden: hidden.to_vec(),
                }
            }),
            fields: vec![quantity, FieldView::new(Field::Reason, reason, Input::Text, form, problems)],
            customer: layout,
        };
        respond::render(&self.cx.context, status, &template)
    }
}
