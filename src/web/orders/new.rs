//! Filling in a new order.

use actix_web::{HttpResponse, http::StatusCode};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::draft::{Loaded, NewOrder};
use crate::{
    store::drafts::Entries,
    web::{
        access::PlaceOrders,
        cx::Cx,
        error::Error,
        form::{Form, Problems},
        offers::{Typed, entries, whole},
        path_id::CustomerId,
        paths,
        preserved::Preserved,
        query::Query,
        respond,
    },
};

/// A new order: the offers, their review, or the prompt when the customer's confirmation status blocks it.
pub async fn show_new(
    cx: Cx<PlaceOrders>,
    CustomerId(customer): CustomerId,
    query: Query,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let draft_id = Uuid::try_parse(kept.as_ref().unwrap_or(&query).get_raw("draft")).ok();
    let page = match NewOrder::load(&cx, customer, draft_id).await? {
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
    let gone = typed.names_another(&page.offers).then(|| whole(fl!(cx.context.words(), "e-order-changed")));
    page.answer(StatusCode::OK, &typed, &gone.unwrap_or_default())
}

/// Next, or *Place order* on the review.
pub async fn save(cx: Cx<PlaceOrders>, CustomerId(customer): CustomerId, form: Form) -> Result<HttpResponse, Error> {
    let draft_id = Uuid::try_parse(form.get_raw("draft")).ok();
    let mut page = match NewOrder::load(&cx, customer, draft_id).await? {
        Loaded::Page(page) => page,
        Loaded::Placed(page) => return Ok(page),
    };
    if form.get_raw("place") == "on" { page.place(form).await } else { page.keep(form).await }
}

impl NewOrder<'_> {
    /// Saves what was typed, then judges it.
    async fn keep(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let typed = Typed::of(form.pairs());
        let Some(submission) = form.submission(self.cx, &self.action()) else {
            return self.answer(unprocessable, &typed, &whole(fl!(t, "e-submission-unknown")));
        };
        let id = self.draft.as_ref().map_or_else(|| submission.derived_id(), |draft| draft.id);
        let saved = match self.store(id, &entries(&form)).await {
            Ok(saved) => saved.ok_or(Error::NotFound)?,
            Err(error) => return Err(Error::send_again(error, &self.action(), form.into_pairs())),
        };
        if let Some(order) = saved.order_id {
            return Ok(respond::see_other(&self.cx.state, &paths::order(self.customer.id, order), None));
        }
        let draft = saved.clone();
        self.draft = Some(saved);
        match self.lines(&typed) {
            Err(faults) => self.answer(unprocessable, &typed, &faults),
            Ok(lines) if lines.is_empty() => self.answer(unprocessable, &typed, &whole(fl!(t, "e-order-nothing"))),
            Ok(lines) if !self.confirmation_status.gate_is_open() => self.blocked(&draft, &lines).await,
            Ok(_) => Ok(respond::see_other(&self.cx.state, &paths::order_review(self.customer.id, id), None)),
        }
    }
}
