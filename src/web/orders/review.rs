//! The review of a new order, which places it.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    draft::NewOrder,
    lines::{LineView, quantity_words},
};
use crate::{
    actions::place_order::{Items, PlaceOrderRefusal, Reviewed, place_order},
    domain::{
        field::Field,
        order::{self, Line},
    },
    i18n::Words,
    store::order_drafts::OrderDraft,
    web::{
        customer_header::{CustomerHeader, CustomerTab},
        enum_labels,
        error::Error,
        flash::Flash,
        form::{Form, Problems},
        form_answer::{FormAnswer, SentForm, idempotency_key},
        form_token,
        layout::PageLayout,
        offers::{Typed, whole},
        paths, respond,
    },
};

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

impl NewOrder<'_> {
    /// Places the order of the draft, if it still is what the review showed.
    pub(super) async fn place(&mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
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
        let submission = match idempotency_key(self.cx, &form, &self.action()) {
            Ok(submission) => submission,
            Err(problems) => {
                return self.review(StatusCode::UNPROCESSABLE_ENTITY, &draft, &typed, &lines, &problems);
            }
        };
        if form.get(Field::Etag) != draft.revision.to_string() {
            return review(StatusCode::CONFLICT, fl!(t, "e-draft-changed"));
        }
        let order_id = self.cx.state.db.clock.id();
        let reviewed = Reviewed {
            order_id,
            customer_id: self.customer.id,
            draft_id: draft.id,
            revision: draft.revision,
            items: Items { lines: &lines, billing_cycle: typed.billing_cycle, term_duration: typed.term_duration },
        };
        let outcome = paths::order(self.customer.id, order_id);
        let flash = Some((Flash::OrderPlaced, order_id));
        let done = place_order(&self.cx.state.db, &self.cx.actor, reviewed, &submission, &outcome).await;
        let sent = SentForm { form: &form, action: &self.action(), outcome: &outcome, flash, repeats_flash: false };
        let refusal = match sent.answer(self.cx, done)? {
            FormAnswer::Answered(response) => return Ok(response),
            FormAnswer::Back(status, problems) => return self.review(status, &draft, &typed, &lines, &problems),
            FormAnswer::Refused(refusal) => refusal,
        };
        match refusal {
            PlaceOrderRefusal::NoSuchDraft => Err(Error::NotFound),
            PlaceOrderRefusal::PlacedBefore(order) => {
                Ok(respond::see_other(&self.cx.state, &paths::order(self.customer.id, order), None))
            }
            PlaceOrderRefusal::DraftChanged => review(StatusCode::CONFLICT, fl!(t, "e-draft-changed")),
            PlaceOrderRefusal::Refused(order::Refusal::GateClosed(confirmation_status)) => {
                self.confirmation_status = confirmation_status;
                self.blocked(&draft, &lines).await
            }
            PlaceOrderRefusal::Refused(refusal) => {
                review(StatusCode::CONFLICT, enum_labels::order_refusal(&refusal, t))
            }
        }
    }

    /// The page that asks to place the order.
    pub(super) fn review(
        &self,
        status: StatusCode,
        draft: &OrderDraft,
        typed: &Typed,
        lines: &[Line],
        problems: &Problems,
    ) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let layout = CustomerHeader::new(&self.customer, CustomerTab::Below);
        let heading = fl!(t, "h-order-review");
        let template = ReviewTemplate {
            layout: PageLayout::new(&self.cx.context, format!("{heading} – {}", self.customer.company_name))
                .breadcrumbs(layout.breadcrumbs(heading))
                .errors(problems)
                .return_to(paths::order_review(self.customer.id, draft.id)),
            t,
            action: self.action(),
            change: paths::kept_order(self.customer.id, draft.id),
            submission: form_token::fresh_token(self.cx, &self.action()),
            draft: draft.id,
            etag: draft.revision.to_string(),
            lines: lines
                .iter()
                .map(|line| LineView {
                    offer: line.offer.name.clone(),
                    quantity: quantity_words(line.offer.billing, line.quantity, &self.cx.context),
                    term: enum_labels::term_duration(line.offer.term(typed.term_duration), t),
                    cycle: enum_labels::billing_cycle(line.offer.cycle(typed.billing_cycle), t),
                })
                .collect(),
            customer: layout,
        };
        respond::render(&self.cx.context, status, &template)
    }
}
