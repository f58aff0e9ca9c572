//! Step 2, Subscriptions: what is ordered with the customer. May be skipped.

use actix_web::{HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;

use super::{Found, Rules, Step, Steps, find, may_order, owner};
use crate::{
    domain::{
        actor::Actor,
        country::Country,
        field::Field,
        invalid::Invalid,
        new_customer::NewCustomer,
        order::{Billing, BillingCycle, Category, Line, Offer, TermDuration, has_prerequisite},
    },
    i18n::{self, Words},
    store::{
        drafts::{self, Draft, Entries},
        offers,
    },
    web::{
        Portal,
        access::{EditCustomers, May},
        error::Error,
        form::{self, Form},
        page::{self, Frame},
        paths,
        visit::Visit,
        words,
    },
};

#[derive(Template)]
#[template(path = "new_customer/subscriptions.html")]
struct SubscriptionsTemplate {
    frame: Frame,
    t: &'static Words,
    steps: Steps,
    action: String,
    back: String,
    discard: Option<String>,
    submission: String,
    /// Why nothing can be ordered, with the way back where there is one.
    closed: Option<String>,
    groups: Vec<Group>,
    cycles: Vec<(BillingCycle, String, bool)>,
    terms: Vec<(TermDuration, String, bool)>,
}

/// Offers of one category. Choosing a category hides the other groups by style alone, so that nothing typed is sent
/// or lost.
struct Group {
    category: Category,
    heading: String,
    offers: Vec<OfferView>,
}

struct OfferView {
    /// The id of its box.
    id: String,
    offer_id: String,
    name: String,
    hint: String,
    quantity: String,
    is_license: bool,
    error: Option<String>,
}

/// The step as typed: a quantity for each offer, and the cycle.
pub(super) struct Typed {
    quantities: Vec<(String, String)>,
    cycle: BillingCycle,
    term: TermDuration,
}

impl Typed {
    /// Pairs each offer with the quantity that follows it.
    pub(super) fn of(entries: &[(String, String)]) -> Self {
        let mut typed = Self { quantities: Vec::new(), cycle: BillingCycle::Monthly, term: TermDuration::Year };
        let mut offer: Option<&str> = None;
        for (name, value) in entries {
            match Field::from_code(name) {
                Some(Field::OfferId) => offer = Some(value),
                Some(Field::Quantity) => {
                    if let Some(offer) = offer.take() {
                        typed.quantities.push((offer.to_owned(), value.clone()));
                    }
                }
                Some(Field::BillingCycle) => typed.cycle = BillingCycle::from_code(value).unwrap_or(typed.cycle),
                Some(Field::TermDuration) => typed.term = TermDuration::from_code(value).unwrap_or(typed.term),
                _ => {}
            }
        }
        typed
    }

    pub(super) fn cycle(&self) -> BillingCycle {
        self.cycle
    }

    pub(super) fn term(&self) -> TermDuration {
        self.term
    }

    fn quantity(&self, offer: &Offer) -> &str {
        let of = |(id, _): &&(String, String)| *id == offer.id;
        self.quantities
            .iter()
            .filter(of)
            .map(|(_, quantity)| quantity.as_str())
            .find(|typed| !typed.trim().is_empty())
            .unwrap_or_default()
    }

    /// The lines that are ordered, or what is wrong with each: offer and reason.
    pub(super) fn lines(&self, offers: &[Offer]) -> Result<Vec<Line>, Vec<(String, Invalid)>> {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for offer in offers {
            match offer.quantity(self.quantity(offer)) {
                Ok(Some(quantity)) => lines.push(Line { offer: offer.clone(), quantity }),
                Ok(None) => {}
                Err(invalid) => faults.push((offer.id.clone(), invalid)),
            }
        }
        let alone = lines.iter().filter(|line| !has_prerequisite(&line.offer, &lines, &[]));
        faults.extend(alone.map(|line| (line.offer.id.clone(), Invalid::PrerequisiteMissing)));
        if faults.is_empty() { Ok(lines) } else { Err(faults) }
    }

    /// Whether it names an offer that cannot be ordered (any more).
    pub(super) fn names_another(&self, offers: &[Offer]) -> bool {
        self.quantities.iter().any(|(id, _)| offers.iter().all(|offer| offer.id != *id))
    }
}

/// What is sold to customers of a country.
pub(super) fn sold_in(offers: Vec<Offer>, country: Option<Country>) -> Vec<Offer> {
    offers.into_iter().filter(|offer| offer.is_sold_in(country)).collect()
}

/// The step's page.
pub async fn show(
    may: May<EditCustomers>,
    portal: Portal,
    visit: Visit,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let step = match StepPage::load(&portal, &may.0, &visit, &path).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let typed = Typed::of(&step.draft.subscriptions);
    // What was chosen before the country was another, or before the offer went.
    let gone = typed.names_another(&step.offers).then(|| (String::new(), fl!(visit.words(), "e-order-changed")));
    step.answer(StatusCode::OK, &typed, gone.as_slice())
}

/// Next or Skip.
pub async fn save(
    may: May<EditCustomers>,
    portal: Portal,
    visit: Visit,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let t = visit.words();
    let step = match StepPage::load(&portal, &may.0, &visit, &path).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let id = step.draft.id;
    let typed = Typed::of(form.pairs());
    if typed.names_another(&step.offers) {
        return Err(Error::NotFound);
    }
    if form.submission(&portal, &may.0, &paths::draft_subscriptions(id)).is_none() {
        let whole = vec![(String::new(), fl!(t, "e-submission-unknown"))];
        return step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole);
    }
    let skips = form.get_raw("skip") == "on";
    let lines = if skips { Ok(Vec::new()) } else { typed.lines(&step.offers) };
    let is_closed = lines.as_ref().is_ok_and(|lines| !lines.is_empty()) && !may_order(&may.0, &step.customer);
    let is_answered = lines.is_ok() && !is_closed;
    let is_asked = |name: &str| ASKED.iter().any(|f| f.code() == name);
    let entries: Entries =
        if skips { Entries::new() } else { form.pairs().iter().filter(|(name, _)| is_asked(name)).cloned().collect() };
    if let Err(error) = step.keep(&entries, is_answered || step.draft.subscriptions_answered).await {
        return Err(Error::send_again(error, &paths::draft_subscriptions(id), form));
    }
    match lines {
        Err(faults) => {
            let faults: Vec<(String, String)> = faults
                .into_iter()
                .map(|(offer, invalid)| (offer, words::quantity(invalid, t, visit.language)))
                .collect();
            step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &faults)
        }
        Ok(_) if is_closed => {
            let whole = vec![(String::new(), fl!(t, "e-order-closed"))];
            step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole)
        }
        Ok(_) => Ok(page::see_other(&portal, &paths::draft_review(id), None)),
    }
}

/// The fields of this step.
const ASKED: [Field; 4] = [Field::OfferId, Field::Quantity, Field::BillingCycle, Field::TermDuration];

enum Loaded<'a> {
    Step(Box<StepPage<'a>>),
    /// The step before is missing, or the customer is there already: this page leads on.
    Elsewhere(HttpResponse),
}

struct StepPage<'a> {
    portal: &'a Portal,
    actor: &'a Actor,
    visit: &'a Visit,
    draft: Draft,
    customer: NewCustomer,
    /// What is sold to the customer.
    offers: Vec<Offer>,
}

impl<'a> StepPage<'a> {
    async fn load(portal: &'a Portal, actor: &'a Actor, visit: &'a Visit, path: &str) -> Result<Loaded<'a>, Error> {
        let mut at = portal.db.snapshot().await?;
        let draft = match find(&mut at, portal, actor, path).await? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(Loaded::Elsewhere(page)),
        };
        let rules = Rules::load(&mut at, actor, visit.now).await?;
        let Ok(customer) = rules.read(actor, &Form::of(draft.account.clone())) else {
            return Ok(Loaded::Elsewhere(page::see_other(portal, &paths::draft_account(draft.id), None)));
        };
        let offers = sold_in(offers::all(&mut at).await?, customer.company.country);
        Ok(Loaded::Step(Box::new(Self { portal, actor, visit, draft, customer, offers })))
    }

    async fn keep(&self, entries: &Entries, answered: bool) -> Result<(), crate::store::Error> {
        let mut house = self.portal.db.housekeeping().await?;
        let (owner, now) = (owner(self.actor), self.visit.now);
        drafts::save_subscriptions(&mut house, owner, self.draft.id, entries, answered, now).await?;
        house.commit().await
    }

    fn answer(&self, status: StatusCode, typed: &Typed, faults: &[(String, String)]) -> Result<HttpResponse, Error> {
        let t = self.visit.words();
        let id = self.draft.id;
        let open = may_order(self.actor, &self.customer);
        let closed = match (open, self.actor.account.confirms()) {
            (true, _) => None,
            (false, true) => Some(fl!(t, "wizard-order-closed")),
            (false, false) => Some(fl!(t, "wizard-order-provider")),
        };
        let offers: &[Offer] = if open { &self.offers } else { &[] };
        let mut groups: Vec<Group> = Vec::new();
        for kind in Category::ALL {
            let group: Vec<OfferView> = offers
                .iter()
                .filter(|offer| offer.category == *kind)
                .map(|offer| self.offer(offer, typed, faults))
                .collect();
            if !group.is_empty() {
                groups.push(Group { category: *kind, heading: words::category(*kind, t), offers: group });
            }
        }
        let steps = Steps::new(Step::Subscriptions, t);
        let mut frame = steps.frame(self.visit).return_to(paths::draft_subscriptions(id));
        frame.errors = faults
            .iter()
            .map(|(offer, words)| match self.place(offer) {
                Some((place, offer)) => (Some(quantity_id(place)), format!("{}: {words}", offer.name)),
                None => (None, words.clone()),
            })
            .map(|(field, words)| (field.map(Into::into), words))
            .collect();
        let template = SubscriptionsTemplate {
            frame,
            t,
            action: paths::draft_subscriptions(id),
            back: format!("{}#agreement", paths::draft_account(id)),
            discard: Some(paths::draft_discard(id)),
            submission: form::fresh_token(self.portal, self.actor, &paths::draft_subscriptions(id)),
            closed,
            groups,
            cycles: BillingCycle::ALL
                .iter()
                .map(|cycle| (*cycle, words::billing_cycle(*cycle, t), *cycle == typed.cycle))
                .collect(),
            terms: TermDuration::ALL
                .iter()
                .map(|term| (*term, words::term_duration(*term, t), *term == typed.term))
                .collect(),
            steps,
        };
        page::render(self.visit, status, &template)
    }

    /// What helps to order an offer: its limits, and what it belongs to.
    fn hint(&self, offer: &Offer) -> String {
        let t = self.visit.words();
        let number = |number| i18n::number(number, self.visit.language);
        let limits = match offer.billing {
            Billing::License => {
                fl!(t, "offer-limits", min = number(offer.minimum_quantity), max = number(offer.maximum_quantity))
            }
            Billing::Usage => fl!(t, "offer-usage"),
        };
        let needed = offer.prerequisite_offer_id.as_deref().and_then(|id| self.place(id));
        match needed {
            Some((_, needed)) => format!("{} · {limits}", fl!(t, "offer-add-on", offer = needed.name.clone())),
            None => limits,
        }
    }

    /// An offer among those that are sold, and its place.
    fn place(&self, offer_id: &str) -> Option<(usize, &Offer)> {
        self.offers.iter().enumerate().find(|(_, offer)| offer.id == offer_id)
    }

    fn offer(&self, offer: &Offer, typed: &Typed, faults: &[(String, String)]) -> OfferView {
        let place = self.place(&offer.id).map(|(place, _)| place).unwrap_or_default();
        let is_license = offer.billing == Billing::License;
        OfferView {
            id: quantity_id(place),
            offer_id: offer.id.clone(),
            name: offer.name.clone(),
            hint: self.hint(offer),
            quantity: typed.quantity(offer).to_owned(),
            is_license,
            error: faults.iter().find(|(id, _)| *id == offer.id).map(|(_, words)| words.clone()),
        }
    }
}

/// The id of an offer's box.
fn quantity_id(place: usize) -> String {
    format!("quantity-{}", place + 1)
}
