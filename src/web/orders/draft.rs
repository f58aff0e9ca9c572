//! A new order as it is filled in: its draft, what is sold to the customer, and the page that asks.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    actions::{
        record_attempt::{KeptOrder, record_blocked_order},
        save_draft,
    },
    domain::{
        agreement::ConfirmationStatus,
        order::{Billing, Line, Offer},
    },
    i18n::Words,
    store::{
        agreements::account_info,
        customers::Customer,
        drafts::{Entries, Owner},
        offers,
        order_drafts::{self, OrderDraft},
        subscriptions,
    },
    web::{
        agreements,
        customer_header::{CustomerHeader, CustomerTab},
        cx::ActorContext,
        error::Error,
        flash::Flash,
        form_token,
        layout::PageLayout,
        next::Next,
        offers::{Faults, OfferForm, Typed, faults, sold_in, whole},
        paths, respond,
    },
};

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

/// Which draft an address names.
pub(super) fn draft_key(cx: &ActorContext, customer_id: Uuid, id: Uuid) -> order_drafts::Key {
    order_drafts::Key { partner_account_id: cx.actor.account.id, customer_id, id }
}

pub(super) enum Loaded<'a> {
    Page(Box<NewOrder<'a>>),
    /// The draft has become an order: this page tells of it.
    Placed(HttpResponse),
}

/// A new order for a customer, as things are now.
pub(super) struct NewOrder<'a> {
    pub(super) cx: &'a ActorContext,
    pub(super) customer: Customer,
    pub(super) confirmation_status: ConfirmationStatus,
    /// What is sold to the customer.
    pub(super) offers: Vec<Offer>,
    /// The ids of the offers that the customer has.
    pub(super) owned: Vec<String>,
    pub(super) draft: Option<OrderDraft>,
}

impl<'a> NewOrder<'a> {
    pub(super) async fn load(
        cx: &'a ActorContext,
        customer_id: Uuid,
        draft_id: Option<Uuid>,
    ) -> Result<Loaded<'a>, Error> {
        let today = cx.today;
        let mut conn = cx.state.db.snapshot().await?;
        let info = account_info(&mut conn, cx.actor.account.id, customer_id, today).await?;
        let info = info.ok_or(Error::NotFound)?;
        let (confirmation_status, customer) = (info.confirmation_status(&cx.actor.account), info.customer);
        let draft = match draft_id {
            Some(id) => {
                Some(order_drafts::find(&mut conn, draft_key(cx, customer_id, id)).await?.ok_or(Error::NotFound)?)
            }
            None => None,
        };
        if let Some(order) = draft.as_ref().and_then(|draft| draft.order_id) {
            return Ok(Loaded::Placed(respond::see_other(&cx.state, &paths::order(customer_id, order), None)));
        }
        let offers = sold_in(offers::all(&mut conn).await?, customer.country);
        let owned = subscriptions::owned_offers(&mut conn, customer.seq).await?;
        Ok(Loaded::Page(Box::new(Self { cx, customer, confirmation_status, offers, owned, draft })))
    }

    pub(super) fn action(&self) -> String {
        paths::new_order(self.customer.id)
    }

    pub(super) fn lines(&self, typed: &Typed) -> Result<Vec<Line>, Faults> {
        let t = self.cx.context.words();
        if typed.names_another(&self.offers) {
            return Err(whole(fl!(t, "e-order-changed")));
        }
        match typed.lines(&self.offers, &self.owned) {
            Ok(lines) => Ok(lines),
            Err(found) => Err(faults(found, t, self.cx.context.language)),
        }
    }

    /// Saves the draft as typed.
    pub(super) async fn store(&self, id: Uuid, entries: &Entries) -> Result<Option<OrderDraft>, crate::store::Error> {
        let (owner, now) = (Owner::of(&self.cx.actor), self.cx.context.now);
        save_draft::save_order(&self.cx.state.db, owner, self.customer.id, id, entries, now).await
    }

    /// The customer's confirmation status holds the order up: that is recorded, and the prompt comes.
    pub(super) async fn blocked(&self, draft: &OrderDraft, lines: &[Line]) -> Result<HttpResponse, Error> {
        let licences = lines.iter().filter(|line| line.offer.billing == Billing::License).map(|line| line.quantity);
        let kept = KeptOrder { draft_id: draft.id, licences: licences.sum() };
        let (db, actor, status) = (&self.cx.state.db, &self.cx.actor, self.confirmation_status);
        if let Err(error) = record_blocked_order(db, actor, self.customer.id, status, kept).await {
            tracing::error!(error = %crate::telemetry::chain(&error), "recording a blocked order failed");
        }
        self.prompt(StatusCode::CONFLICT).await
    }

    /// *Complete the confirmation first*, or who can.
    pub(super) async fn prompt(&self, status: StatusCode) -> Result<HttpResponse, Error> {
        let draft = self.draft.as_ref().map(|draft| draft.id);
        if self.cx.actor.account.confirms() {
            let next = Next::Order { draft };
            return agreements::prompt(self.cx, self.customer.id, status, &next).await;
        }
        let typed = Typed::of(self.draft.as_ref().map(|draft| draft.entries.as_slice()).unwrap_or_default());
        self.answer(status, &typed, &[])
    }

    pub(super) fn answer(
        &self,
        status: StatusCode,
        typed: &Typed,
        faults: &[(String, String)],
    ) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let layout = CustomerHeader::new(&self.customer, CustomerTab::Below);
        let heading = fl!(t, "act-new-order");
        let mut page = PageLayout::new(&self.cx.context, format!("{heading} – {}", self.customer.company_name))
            .breadcrumbs(layout.breadcrumbs(heading))
            .return_to(
                self.draft
                    .as_ref()
                    .map_or_else(|| self.action(), |draft| paths::kept_order(self.customer.id, draft.id)),
            );
        page.errors = OfferForm::errors(&self.offers, faults);
        let confirmed = self.cx.context.flash == Some((Flash::ConfirmationRecorded, self.customer.id));
        page.flash = confirmed.then(|| fl!(t, "ok-saved", company = self.customer.company_name.clone()));
        let template = NewOrderTemplate {
            layout: page,
            t,
            action: self.action(),
            submission: form_token::fresh_token(self.cx, &self.action()),
            draft: self.draft.as_ref().map(|draft| draft.id),
            closed: (!self.confirmation_status.gate_is_open() && !self.cx.actor.account.confirms())
                .then(|| fl!(t, "order-provider-confirms")),
            offers: OfferForm::new(&self.offers, typed, faults, t, self.cx.context.language),
            customer: layout,
        };
        respond::render(&self.cx.context, status, &template)
    }
}
