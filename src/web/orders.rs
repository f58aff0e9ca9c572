//! Orders of a customer: the list, one order, and a new one.
//!
//! A new order is a draft that holds the offers as typed. It is saved before it is judged, so that nothing is lost when
//! the customer's standing holds it up: then the prompt comes, and leads back here.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    Portal,
    access::{May, PlaceOrders, ViewCustomers},
    account::{CustomerFrame, Fact, Here, customer_id, guid},
    agreements,
    error::Error,
    form::{self, Form, Problems},
    next::Next,
    offers::{Faults, OfferForm, Typed, entries, faults, sold_in, whole},
    page::{self, Flash, Frame},
    paths, session,
    visit::Visit,
    words,
};
use crate::{
    actions::{
        Done, Failure,
        place_order::{Items, Reviewed, Unplaced, place_order},
        record_attempt::record_blocked,
    },
    domain::{
        actor::Actor,
        agreement::Standing,
        audit::Action,
        field::Field,
        order::{self, Billing, BillingCycle, Line, Offer, TermDuration},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
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
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
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
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    facts: Vec<Fact>,
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
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
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
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
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
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let before = Form::decode(request.query_string().as_bytes()).get_raw("before").parse().ok();
    let mut at = portal.db.snapshot().await?;
    let customer = customers::find(&mut at, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let mut found = orders::list(&mut at, customer.seq, before, PAGE + 1).await?;
    drop(at);
    let has_older = page::cut(&mut found, PAGE);

    let frame = CustomerFrame::new(&customer, Here::Orders);
    let template = ListTemplate {
        frame: Frame::new(&visit, format!("{} – {}", fl!(t, "h-orders"), customer.company_name))
            .crumbs(frame.crumbs(fl!(t, "h-orders"))),
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
                who: words::who_code(&order.placed_by_kind, &order.placed_by_name, t),
            })
            .collect(),
        older: found.last().filter(|_| has_older).map(|order| format!("{}?before={}", paths::orders(id), order.id)),
        new_order: may_order(actor, id),
        customer: frame,
    };
    page::ok(&visit, &template)
}

fn may_order(actor: &Actor, customer: Uuid) -> Option<String> {
    actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(customer))
}

/// One order.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let (id, order_id) = (customer_id(&path.0)?, guid(&path.1)?);
    let mut at = portal.db.snapshot().await?;
    let customer = customers::find(&mut at, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let (order, lines) = orders::find(&mut at, customer.seq, order_id).await?.ok_or(Error::NotFound)?;
    drop(at);
    let frame = CustomerFrame::new(&customer, Here::Below);
    let heading = fl!(t, "h-order");
    let mut page = Frame::new(&visit, format!("{heading} – {}", customer.company_name)).crumbs(frame.crumbs(heading));
    let placed = visit.flash.is_some_and(|flash| flash == (Flash::OrderPlaced, order_id));
    page.flash = placed.then(|| fl!(t, "ok-order"));
    let template = OrderTemplate {
        frame: page,
        t,
        facts: vec![
            Fact {
                label: fl!(t, "fact-placed"),
                lines: vec![i18n::time(order.placed_at, actor.account.time_zone, language)],
            },
            Fact {
                label: fl!(t, "fact-placed-by"),
                lines: vec![words::who_code(&order.placed_by_kind, &order.placed_by_name, t)],
            },
            Fact { label: fl!(t, "fact-order-id"), lines: vec![order.id.to_string()] },
        ],
        lines: lines
            .iter()
            .map(|line| LineView {
                offer: line.offer_name.clone(),
                quantity: quantity_words(Billing::from_code(&line.billing), line.quantity, &visit),
                term: TermDuration::from_code(&line.term_duration)
                    .map(|term| words::term_duration(term, t))
                    .unwrap_or_default(),
                cycle: BillingCycle::from_code(&line.billing_cycle)
                    .map(|cycle| words::billing_cycle(cycle, t))
                    .unwrap_or_default(),
            })
            .collect(),
        new_order: may_order(actor, id),
        customer: frame,
    };
    page::ok(&visit, &template)
}

/// A number of licences; of what is charged by use that it is.
fn quantity_words(billing: Option<Billing>, quantity: i64, visit: &Visit) -> String {
    match billing {
        Some(Billing::Usage) => fl!(visit.words(), "by-use"),
        _ => i18n::number(quantity, visit.language),
    }
}

/// A new order: the offers, their review, or the prompt when the customer's standing holds it up.
pub async fn show_new(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let query = Form::decode(request.query_string().as_bytes());
    let kept = session::kept(&session, query.get_raw("kept")).map(|kept| Form::of(kept.fields));
    let draft_id = Uuid::try_parse(kept.as_ref().unwrap_or(&query).get_raw("draft")).ok();
    let customer = customer_id(request.match_info().query("customer"))?;
    let page = match NewOrder::load(&portal, &may.0, &visit, customer, draft_id).await? {
        Loaded::Page(page) => page,
        Loaded::Placed(page) => return Ok(page),
    };
    if !page.standing.gate_is_open() {
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
    let gone = typed.names_another(&page.offers).then(|| whole(fl!(visit.words(), "e-order-changed")));
    page.answer(StatusCode::OK, &typed, &gone.unwrap_or_default())
}

/// Next, or *Place order* on the review.
pub async fn save(
    may: May<PlaceOrders>,
    portal: Portal,
    visit: Visit,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let customer = customer_id(&path)?;
    let draft_id = Uuid::try_parse(form.get_raw("draft")).ok();
    let mut page = match NewOrder::load(&portal, &may.0, &visit, customer, draft_id).await? {
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
    portal: &'a Portal,
    actor: &'a Actor,
    visit: &'a Visit,
    customer: Customer,
    standing: Standing,
    /// What is sold to the customer.
    offers: Vec<Offer>,
    /// The ids of the offers that the customer has.
    owned: Vec<String>,
    draft: Option<OrderDraft>,
}

impl<'a> NewOrder<'a> {
    async fn load(
        portal: &'a Portal,
        actor: &'a Actor,
        visit: &'a Visit,
        customer_id: Uuid,
        draft_id: Option<Uuid>,
    ) -> Result<Loaded<'a>, Error> {
        let today = actor.account.today(visit.now);
        let mut at = portal.db.snapshot().await?;
        let info = customers::account_info(&mut at, actor.account.id, customer_id, today).await?;
        let info = info.ok_or(Error::NotFound)?;
        let (standing, customer) = (info.standing(&actor.account), info.customer);
        let draft = match draft_id {
            Some(id) => {
                Some(order_drafts::find(&mut at, Owner::of(actor), customer_id, id).await?.ok_or(Error::NotFound)?)
            }
            None => None,
        };
        if let Some(order) = draft.as_ref().and_then(|draft| draft.order_id) {
            return Ok(Loaded::Placed(page::see_other(portal, &paths::order(customer_id, order), None)));
        }
        let offers = sold_in(offers::all(&mut at).await?, customer.country());
        let owned = subscriptions::owned_offers(&mut at, customer.seq).await?;
        Ok(Loaded::Page(Box::new(Self { portal, actor, visit, customer, standing, offers, owned, draft })))
    }

    fn action(&self) -> String {
        paths::new_order(self.customer.id)
    }

    fn lines(&self, typed: &Typed) -> Result<Vec<Line>, Faults> {
        let t = self.visit.words();
        if typed.names_another(&self.offers) {
            return Err(whole(fl!(t, "e-order-changed")));
        }
        match typed.lines(&self.offers, &self.owned) {
            Ok(lines) => Ok(lines),
            Err(found) => Err(faults(found, t, self.visit.language)),
        }
    }

    /// Saves what was typed, then judges it.
    async fn keep(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let typed = Typed::of(form.pairs());
        let Some(submission) = form.submission(self.portal, self.actor, &self.action()) else {
            return self.answer(unprocessable, &typed, &whole(fl!(t, "e-submission-unknown")));
        };
        let id = self.draft.as_ref().map_or_else(|| submission.begun_id(), |draft| draft.id);
        let saved = match self.store(id, &entries(&form)).await {
            Ok(saved) => saved.ok_or(Error::NotFound)?,
            Err(error) => return Err(Error::send_again(error, &self.action(), form)),
        };
        if let Some(order) = saved.order_id {
            return Ok(page::see_other(self.portal, &paths::order(self.customer.id, order), None));
        }
        self.draft = Some(saved);
        match self.lines(&typed) {
            Err(faults) => self.answer(unprocessable, &typed, &faults),
            Ok(lines) if lines.is_empty() => self.answer(unprocessable, &typed, &whole(fl!(t, "e-order-nothing"))),
            Ok(_) if !self.standing.gate_is_open() => self.blocked().await,
            Ok(_) => Ok(page::see_other(self.portal, &paths::order_review(self.customer.id, id), None)),
        }
    }

    async fn store(&self, id: Uuid, entries: &Entries) -> Result<Option<OrderDraft>, crate::store::Error> {
        let mut house = self.portal.db.housekeeping().await?;
        let (owner, now) = (Owner::of(self.actor), self.visit.now);
        let draft = order_drafts::save(&mut house, owner, self.customer.id, id, entries, now).await?;
        house.commit().await?;
        Ok(draft)
    }

    /// Places the order of the draft, if it still is what the review showed.
    async fn place(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
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
        let Some(submission) = form.submission(self.portal, self.actor, &self.action()) else {
            return review(StatusCode::UNPROCESSABLE_ENTITY, fl!(t, "e-submission-unknown"));
        };
        if form.get(Field::Etag) != draft.revision.to_string() {
            return review(StatusCode::CONFLICT, fl!(t, "e-draft-changed"));
        }
        let order_id = self.portal.db.clock.id();
        let reviewed = Reviewed {
            order_id,
            customer_id: self.customer.id,
            draft_id: draft.id,
            revision: draft.revision,
            items: Items { lines: &lines, billing_cycle: typed.billing_cycle, term_duration: typed.term_duration },
        };
        let outcome = paths::order(self.customer.id, order_id);
        let flash = Some((Flash::OrderPlaced, order_id));
        match place_order(&self.portal.db, self.actor, reviewed, &submission, &outcome).await {
            Ok(Done::Now(())) => Ok(page::see_other(self.portal, &outcome, flash)),
            Ok(Done::Before(outcome)) => Ok(page::see_other(self.portal, &outcome, None)),
            Err(Failure::NoSuchCustomer | Failure::Refused(Unplaced::NoSuchDraft)) => Err(Error::NotFound),
            Err(Failure::SentOtherwise) => review(StatusCode::CONFLICT, fl!(t, "e-submission-used")),
            Err(Failure::Refused(Unplaced::PlacedBefore(order))) => {
                Ok(page::see_other(self.portal, &paths::order(self.customer.id, order), None))
            }
            Err(Failure::Refused(Unplaced::DraftChanged)) => review(StatusCode::CONFLICT, fl!(t, "e-draft-changed")),
            Err(Failure::Refused(Unplaced::Refused(order::Refusal::GateClosed(standing)))) => {
                self.standing = standing;
                self.blocked().await
            }
            Err(Failure::Refused(Unplaced::Refused(refusal))) => {
                review(StatusCode::CONFLICT, words::order_refusal(&refusal, t))
            }
            Err(Failure::Store(error)) => Err(Error::send_again(error, &self.action(), form)),
        }
    }

    /// The customer's standing holds the order up: that is recorded, and the prompt comes.
    async fn blocked(&self) -> Result<HttpResponse, Error> {
        let (db, id) = (&self.portal.db, self.customer.id);
        if let Err(error) = record_blocked(db, self.actor, id, Action::OrderBlocked, self.standing, None).await {
            tracing::error!(%error, "a blocked order cannot be recorded");
        }
        self.prompt(StatusCode::CONFLICT).await
    }

    /// *Complete the confirmation first*, or who can.
    async fn prompt(&self, status: StatusCode) -> Result<HttpResponse, Error> {
        let draft = self.draft.as_ref().map(|draft| draft.id);
        if self.actor.account.confirms() {
            let next = Next::Order { draft };
            return agreements::prompt(self.portal, self.actor, self.visit, self.customer.id, status, &next).await;
        }
        let typed = Typed::of(self.draft.as_ref().map(|draft| draft.entries.as_slice()).unwrap_or_default());
        self.answer(status, &typed, &[])
    }

    fn answer(&self, status: StatusCode, typed: &Typed, faults: &[(String, String)]) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
        let frame = CustomerFrame::new(&self.customer, Here::Below);
        let heading = fl!(t, "act-new-order");
        let mut page = Frame::new(self.visit, format!("{heading} – {}", self.customer.company_name))
            .crumbs(frame.crumbs(heading))
            .return_to(
                self.draft
                    .as_ref()
                    .map_or_else(|| self.action(), |draft| paths::kept_order(self.customer.id, draft.id)),
            );
        page.errors = OfferForm::errors(&self.offers, faults);
        let confirmed = self.visit.flash == Some((Flash::ConfirmationRecorded, self.customer.id));
        page.flash = confirmed.then(|| fl!(t, "ok-saved", company = self.customer.company_name.clone()));
        let template = NewOrderTemplate {
            frame: page,
            t,
            action: self.action(),
            submission: form::fresh_token(self.portal, self.actor, &self.action()),
            draft: self.draft.as_ref().map(|draft| draft.id),
            closed: (!self.standing.gate_is_open() && !self.actor.account.confirms())
                .then(|| fl!(t, "order-provider-confirms")),
            offers: OfferForm::new(&self.offers, typed, faults, t, self.visit.language),
            customer: frame,
        };
        page::render(self.visit, status, &template)
    }

    fn review(
        &self,
        status: StatusCode,
        draft: &OrderDraft,
        typed: &Typed,
        lines: &[Line],
        problems: &Problems,
    ) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
        let frame = CustomerFrame::new(&self.customer, Here::Below);
        let heading = fl!(t, "h-order-review");
        let template = ReviewTemplate {
            frame: Frame::new(self.visit, format!("{heading} – {}", self.customer.company_name))
                .crumbs(frame.crumbs(heading))
                .errors(problems)
                .return_to(paths::order_review(self.customer.id, draft.id)),
            t,
            action: self.action(),
            change: paths::kept_order(self.customer.id, draft.id),
            submission: form::fresh_token(self.portal, self.actor, &self.action()),
            draft: draft.id,
            etag: draft.revision.to_string(),
            lines: lines
                .iter()
                .map(|line| LineView {
                    offer: line.offer.name.clone(),
                    quantity: quantity_words(Some(line.offer.billing), line.quantity, self.visit),
                    term: words::term_duration(line.offer.term(typed.term_duration), t),
                    cycle: words::billing_cycle(line.offer.cycle(typed.billing_cycle), t),
                })
                .collect(),
            customer: frame,
        };
        page::render(self.visit, status, &template)
    }
}
