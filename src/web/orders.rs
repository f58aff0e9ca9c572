//! Orders of a customer: the list, one order, and a new one.
//!
//! A new order is a draft that holds the offers as typed. It is saved before it is judged, so that nothing is lost when
//! the customer's confirmation status holds it up: then the prompt comes, and leads back here.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    access::{May, PlaceOrders, ViewCustomers},
    account::{CustomerHeader, CustomerTab, SummaryRow, customer_id, guid},
    agreements, enum_labels,
    error::Error,
    form::{self, Form, Problems},
    next::Next,
    offers::{Faults, OfferForm, Typed, entries, faults, sold_in, whole},
    page::{self, Flash, PageLayout},
    paths,
    request_context::RequestContext,
    session,
};
use crate::{
    actions::{
        Failure, Outcome,
        place_order::{Items, PlaceOrderRefusal, Reviewed, place_order},
        record_attempt::record_blocked,
    },
    domain::{
        actor::Actor,
        agreement::ConfirmationStatus,
        audit::Action,
        field::Field,
        order::{self, Billing, Line, Offer},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        agreements::account_info,
        customers::{self, Customer},
        drafts::{Entries, Owner},
        offers,
        order_drafts::{self, OrderDraft},
        orders, subscriptions,
    },
};

/// Orders on a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "orders.html")]
struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    orders: Vec<Listed>,
    older: Option<String>,
    new_order: Option<String>,
}

struct Listed {
    href: String,
    placed: String,
    what: String,
    quantity: String,
    who: String,
}

#[derive(Template)]
#[template(path = "order.html")]
struct OrderTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    facts: Vec<SummaryRow>,
    lines: Vec<LineView>,
    new_order: Option<String>,
}

struct LineView {
    offer: String,
    quantity: String,
    term: String,
    cycle: String,
}

#[derive(Template)]
#[template(path = "new_order.html")]
struct NewOrderTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    action: String,
    submission: String,
    draft: Option<Uuid>,
    /// Why nothing can be ordered, where nobody here can change that.
    closed: Option<String>,
    offers: OfferForm,
}

#[derive(Template)]
#[template(path = "order_review.html")]
struct ReviewTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    action: String,
    change: String,
    submission: String,
    draft: Uuid,
    etag: String,
    lines: Vec<LineView>,
}

/// Every order of a customer, newest first.
pub async fn list(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let before = Form::decode(request.query_string().as_bytes()).get_raw("before").parse().ok();
    let mut conn = state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let mut found = orders::list(&mut conn, customer.seq, before, PAGE + 1).await?;
    drop(conn);
    let has_older = page::truncate_page(&mut found, PAGE);

    let layout = CustomerHeader::new(&customer, CustomerTab::Orders);
    let template = ListTemplate {
        layout: PageLayout::new(&context, format!("{} – {}", fl!(t, "h-orders"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-orders"))),
        t,
        orders: found
            .iter()
            .map(|order| Listed {
                href: paths::order(id, order.id),
                placed: i18n::time(order.placed_at, actor.account.time_zone, language),
                what: match order.lines - 1 {
                    0 => order.first_offer.clone(),
                    more => fl!(t, "order-and-more", offer = order.first_offer.clone(), more = more),
                },
                quantity: i18n::number(order.quantity, language),
                who: enum_labels::who(order.placed_by_kind, &order.placed_by_name, t),
            })
            .collect(),
        older: found.last().filter(|_| has_older).map(|order| format!("{}?before={}", paths::orders(id), order.id)),
        new_order: may_order(actor, id),
        customer: layout,
    };
    page::ok(&context, &template)
}

fn may_order(actor: &Actor, customer: Uuid) -> Option<String> {
    actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(customer))
}

/// One order.
pub async fn show(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let (id, order_id) = (customer_id(&path.0)?, guid(&path.1)?);
    let mut conn = state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let (order, lines) = orders::find(&mut conn, customer.seq, order_id).await?.ok_or(Error::NotFound)?;
    drop(conn);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let heading = fl!(t, "h-order");
    let mut page = PageLayout::new(&context, format!("{heading} – {}", customer.company_name))
        .breadcrumbs(layout.breadcrumbs(heading));
    let placed = context.flash.is_some_and(|flash| flash == (Flash::OrderPlaced, order_id));
    page.flash = placed.then(|| fl!(t, "ok-order"));
    let template = OrderTemplate {
        layout: page,
        t,
        facts: vec![
            SummaryRow {
                label: fl!(t, "fact-placed"),
                lines: vec![i18n::time(order.placed_at, actor.account.time_zone, language)],
            },
            SummaryRow {
                label: fl!(t, "fact-placed-by"),
                lines: vec![enum_labels::who(order.placed_by_kind, &order.placed_by_name, t)],
            },
            SummaryRow { label: fl!(t, "fact-order-id"), lines: vec![order.id.to_string()] },
        ],
        lines: lines
            .iter()
            .map(|line| LineView {
                offer: line.offer_name.clone(),
                quantity: quantity_words(line.billing, line.quantity, &context),
                term: enum_labels::term_duration(line.term_duration, t),
                cycle: enum_labels::billing_cycle(line.billing_cycle, t),
            })
            .collect(),
        new_order: may_order(actor, id),
        customer: layout,
    };
    page::ok(&context, &template)
}

/// A number of licences; of what is charged by use that it is.
fn quantity_words(billing: Billing, quantity: i64, context: &RequestContext) -> String {
    match billing {
        Billing::Usage => fl!(context.words(), "by-use"),
        Billing::License => i18n::number(quantity, context.language),
    }
}

/// A new order: the offers, their review, or the prompt when the customer's confirmation status holds it up.
pub async fn show_new(
    may: May<PlaceOrders>,
    state: AppState,
    context: RequestContext,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let query = Form::decode(request.query_string().as_bytes());
    let kept = session::kept(&session, query.get_raw("kept")).map(|kept| Form::of(kept.fields));
    let draft_id = Uuid::try_parse(kept.as_ref().unwrap_or(&query).get_raw("draft")).ok();
    let customer = customer_id(request.match_info().query("customer"))?;
    let page = match NewOrder::load(&state, &may.0, &context, customer, draft_id).await? {
        Loaded::Page(page) => page,
        Loaded::Placed(page) => return Ok(page),
    };
    if !page.confirmation_status.gate_is_open() {
        return page.prompt(StatusCode::OK).await;
    }
    let entries = match (&kept, &page.draft) {
        (Some(kept), _) if !entries(kept).is_empty() => entries(kept),
        (_, Some(draft)) => draft.entries.clone(),
        _ => Entries::new(),
    };
    let typed = Typed::of(&entries);
    if query.get_raw("review") == "on"
        && let (Some(draft), Ok(lines)) = (&page.draft, page.lines(&typed))
        && !lines.is_empty()
    {
        return page.review(StatusCode::OK, draft, &typed, &lines, &Problems::default());
    }
    let gone = typed.names_another(&page.offers).then(|| whole(fl!(context.words(), "e-order-changed")));
    page.answer(StatusCode::OK, &typed, &gone.unwrap_or_default())
}

/// Next, or *Place order* on the review.
pub async fn save(
    may: May<PlaceOrders>,
    state: AppState,
    context: RequestContext,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let customer = customer_id(&path)?;
    let draft_id = Uuid::try_parse(form.get_raw("draft")).ok();
    let mut page = match NewOrder::load(&state, &may.0, &context, customer, draft_id).await? {
        Loaded::Page(page) => page,
        Loaded::Placed(page) => return Ok(page),
    };
    if form.get_raw("place") == "on" { page.place(form).await } else { page.keep(form).await }
}

enum Loaded<'a> {
    Page(Box<NewOrder<'a>>),
    /// The draft has become an order: this page tells of it.
    Placed(HttpResponse),
}

/// A new order for a customer, as things are now.
struct NewOrder<'a> {
    state: &'a AppState,
    actor: &'a Actor,
    context: &'a RequestContext,
    customer: Customer,
    confirmation_status: ConfirmationStatus,
    /// What is sold to the customer.
    offers: Vec<Offer>,
    /// The ids of the offers that the customer has.
    owned: Vec<String>,
    draft: Option<OrderDraft>,
}

impl<'a> NewOrder<'a> {
    async fn load(
        state: &'a AppState,
        actor: &'a Actor,
        context: &'a RequestContext,
        customer_id: Uuid,
        draft_id: Option<Uuid>,
    ) -> Result<Loaded<'a>, Error> {
        let today = actor.account.today(context.now);
        let mut conn = state.db.snapshot().await?;
        let info = account_info(&mut conn, actor.account.id, customer_id, today).await?;
        let info = info.ok_or(Error::NotFound)?;
        let (confirmation_status, customer) = (info.confirmation_status(&actor.account), info.customer);
        let draft = match draft_id {
            Some(id) => {
                Some(order_drafts::find(&mut conn, Owner::of(actor), customer_id, id).await?.ok_or(Error::NotFound)?)
            }
            None => None,
        };
        if let Some(order) = draft.as_ref().and_then(|draft| draft.order_id) {
            return Ok(Loaded::Placed(page::see_other(state, &paths::order(customer_id, order), None)));
        }
        let offers = sold_in(offers::all(&mut conn).await?, customer.country);
        let owned = subscriptions::owned_offers(&mut conn, customer.seq).await?;
        Ok(Loaded::Page(Box::new(Self { state, actor, context, customer, confirmation_status, offers, owned, draft })))
    }

    fn action(&self) -> String {
        paths::new_order(self.customer.id)
    }

    fn lines(&self, typed: &Typed) -> Result<Vec<Line>, Faults> {
        let t = self.context.words();
        if typed.names_another(&self.offers) {
            return Err(whole(fl!(t, "e-order-changed")));
        }
        match typed.lines(&self.offers, &self.owned) {
            Ok(lines) => Ok(lines),
            Err(found) => Err(faults(found, t, self.context.language)),
        }
    }

    /// Saves what was typed, then judges it.
    async fn keep(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let typed = Typed::of(form.pairs());
        let Some(submission) = form.submission(self.state, self.actor, &self.action()) else {
            return self.answer(unprocessable, &typed, &whole(fl!(t, "e-submission-unknown")));
        };
        let id = self.draft.as_ref().map_or_else(|| submission.derived_id(), |draft| draft.id);
        let saved = match self.store(id, &entries(&form)).await {
            Ok(saved) => saved.ok_or(Error::NotFound)?,
            Err(error) => return Err(Error::send_again(error, &self.action(), form)),
        };
        if let Some(order) = saved.order_id {
            return Ok(page::see_other(self.state, &paths::order(self.customer.id, order), None));
        }
        self.draft = Some(saved);
        match self.lines(&typed) {
            Err(faults) => self.answer(unprocessable, &typed, &faults),
            Ok(lines) if lines.is_empty() => self.answer(unprocessable, &typed, &whole(fl!(t, "e-order-nothing"))),
            Ok(_) if !self.confirmation_status.gate_is_open() => self.blocked().await,
            Ok(_) => Ok(page::see_other(self.state, &paths::order_review(self.customer.id, id), None)),
        }
    }

    async fn store(&self, id: Uuid, entries: &Entries) -> Result<Option<OrderDraft>, crate::store::Error> {
        let mut tx = self.state.db.maintenance().await?;
        let (owner, now) = (Owner::of(self.actor), self.context.now);
        let draft = order_drafts::save(&mut tx, owner, self.customer.id, id, entries, now).await?;
        tx.commit().await?;
        Ok(draft)
    }

    /// Places the order of the draft, if it still is what the review showed.
    async fn place(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let draft = self.draft.clone().ok_or(Error::NotFound)?;
        let typed = Typed::of(&draft.entries);
        let lines = match self.lines(&typed) {
            Ok(lines) if !lines.is_empty() => lines,
            Ok(_) => {
                return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole(fl!(t, "e-order-nothing")));
            }
            Err(faults) => return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &faults),
        };
        let review = |status, words: String| self.review(status, &draft, &typed, &lines, &Problems::whole(words));
        let Some(submission) = form.submission(self.state, self.actor, &self.action()) else {
            return review(StatusCode::UNPROCESSABLE_ENTITY, fl!(t, "e-submission-unknown"));
        };
        if form.get(Field::Etag) != draft.revision.to_string() {
            return review(StatusCode::CONFLICT, fl!(t, "e-draft-changed"));
        }
        let order_id = self.state.db.clock.id();
        let reviewed = Reviewed {
            order_id,
            customer_id: self.customer.id,
            draft_id: draft.id,
            revision: draft.revision,
            items: Items { lines: &lines, billing_cycle: typed.billing_cycle, term_duration: typed.term_duration },
        };
        let outcome = paths::order(self.customer.id, order_id);
        let flash = Some((Flash::OrderPlaced, order_id));
        match place_order(&self.state.db, self.actor, reviewed, &submission, &outcome).await {
            Ok(Outcome::Done(())) => Ok(page::see_other(self.state, &outcome, flash)),
            Ok(Outcome::Replayed(outcome)) => Ok(page::see_other(self.state, &outcome, None)),
            Err(Failure::NoSuchCustomer | Failure::Refused(PlaceOrderRefusal::NoSuchDraft)) => Err(Error::NotFound),
            Err(Failure::IdempotencyMismatch) => review(StatusCode::CONFLICT, fl!(t, "e-submission-used")),
            Err(Failure::Refused(PlaceOrderRefusal::PlacedBefore(order))) => {
                Ok(page::see_other(self.state, &paths::order(self.customer.id, order), None))
            }
            Err(Failure::Refused(PlaceOrderRefusal::DraftChanged)) => {
                review(StatusCode::CONFLICT, fl!(t, "e-draft-changed"))
            }
            Err(Failure::Refused(PlaceOrderRefusal::Refused(order::Refusal::GateClosed(confirmation_status)))) => {
                self.confirmation_status = confirmation_status;
                self.blocked().await
            }
            Err(Failure::Refused(PlaceOrderRefusal::Refused(refusal))) => {
                review(StatusCode::CONFLICT, enum_labels::order_refusal(&refusal, t))
            }
            Err(Failure::Store(error)) => Err(Error::send_again(error, &self.action(), form)),
        }
    }

    /// The customer's confirmation status holds the order up: that is recorded, and the prompt comes.
    async fn blocked(&self) -> Result<HttpResponse, Error> {
        let (db, id) = (&self.state.db, self.customer.id);
        if let Err(error) =
            record_blocked(db, self.actor, id, Action::OrderBlocked, self.confirmation_status, None).await
        {
            tracing::error!(error = %crate::telemetry::chain(&error), "recording a blocked order failed");
        }
        self.prompt(StatusCode::CONFLICT).await
    }

    /// *Complete the confirmation first*, or who can.
    async fn prompt(&self, status: StatusCode) -> Result<HttpResponse, Error> {
        let draft = self.draft.as_ref().map(|draft| draft.id);
        if self.actor.account.confirms() {
            let next = Next::Order { draft };
            return agreements::prompt(self.state, self.actor, self.context, self.customer.id, status, &next).await;
        }
        let typed = Typed::of(self.draft.as_ref().map(|draft| draft.entries.as_slice()).unwrap_or_default());
        self.answer(status, &typed, &[])
    }

    fn answer(&self, status: StatusCode, typed: &Typed, faults: &[(String, String)]) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let layout = CustomerHeader::new(&self.customer, CustomerTab::Below);
        let heading = fl!(t, "act-new-order");
        let mut page = PageLayout::new(self.context, format!("{heading} – {}", self.customer.company_name))
            .breadcrumbs(layout.breadcrumbs(heading))
            .return_to(
                self.draft
                    .as_ref()
                    .map_or_else(|| self.action(), |draft| paths::kept_order(self.customer.id, draft.id)),
            );
        page.errors = OfferForm::errors(&self.offers, faults);
        let confirmed = self.context.flash == Some((Flash::ConfirmationRecorded, self.customer.id));
        page.flash = confirmed.then(|| fl!(t, "ok-saved", company = self.customer.company_name.clone()));
        let template = NewOrderTemplate {
            layout: page,
            t,
            action: self.action(),
            submission: form::fresh_token(self.state, self.actor, &self.action()),
            draft: self.draft.as_ref().map(|draft| draft.id),
            closed: (!self.confirmation_status.gate_is_open() && !self.actor.account.confirms())
                .then(|| fl!(t, "order-provider-confirms")),
            offers: OfferForm::new(&self.offers, typed, faults, t, self.context.language),
            customer: layout,
        };
        page::render(self.context, status, &template)
    }

    fn review(
        &self,
        status: StatusCode,
        draft: &OrderDraft,
        typed: &Typed,
        lines: &[Line],
        problems: &Problems,
    ) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let layout = CustomerHeader::new(&self.customer, CustomerTab::Below);
        let heading = fl!(t, "h-order-review");
        let template = ReviewTemplate {
            layout: PageLayout::new(self.context, format!("{heading} – {}", self.customer.company_name))
                .breadcrumbs(layout.breadcrumbs(heading))
                .errors(problems)
                .return_to(paths::order_review(self.customer.id, draft.id)),
            t,
            action: self.action(),
            change: paths::kept_order(self.customer.id, draft.id),
            submission: form::fresh_token(self.state, self.actor, &self.action()),
            draft: draft.id,
            etag: draft.revision.to_string(),
            lines: lines
                .iter()
                .map(|line| LineView {
                    offer: line.offer.name.clone(),
                    quantity: quantity_words(line.offer.billing, line.quantity, self.context),
                    term: enum_labels::term_duration(line.offer.term(typed.term_duration), t),
                    cycle: enum_labels::billing_cycle(line.offer.cycle(typed.billing_cycle), t),
                })
                .collect(),
            customer: layout,
        };
        page::render(self.context, status, &template)
    }
}
