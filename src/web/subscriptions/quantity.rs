//! The number of licences of a subscription.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;

use super::{closed_words, customer_standing};
use crate::{
    actions::{
        Done, Failure,
        change_quantity::{self, Wanted, change_quantity},
        record_attempt::record_blocked,
    },
    domain::{
        actor::Actor,
        agreement::Standing,
        audit::Action,
        field::{Fault, Field},
        invalid::Invalid,
        order::{self, Billing},
        text,
    },
    i18n::{self, Words},
    store::{
        customers::Customer,
        offers, submissions,
        subscriptions::{self, SubscriptionRow},
    },
    web::{
        Portal,
        access::{May, PlaceOrders},
        account::{CustomerFrame, Here, customer_id, guid},
        agreements,
        error::Error,
        form::{self, FieldView, Form, Input, Problems},
        next::Next,
        page::{self, Flash, Frame},
        paths, session,
        visit::Visit,
        words,
    },
};

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
pub async fn show(
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
pub async fn save(
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
        let limits = offers::limits(&mut at, &subscription.offer_id).await?;
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
        let flash = Some((Flash::SubscriptionChanged, self.customer.id));
        let submission = form.submission(self.portal, self.actor, &self.action());
        // What this very form came to is shown again, before it is judged by what it changed itself.
        if let Some(submission) = &submission
            && let Some(outcome) =
                submissions::outcome(&mut self.portal.db.reader().await?, submission, self.visit.now).await?
        {
            return Ok(page::see_other(self.portal, &outcome, flash));
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
        if let Err(error) = record_blocked(db, self.actor, id, Action::QuantityBlocked, standing, None).await {
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
