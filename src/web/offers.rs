//! Offers with their numbers of licences, as the wizard and a new order ask for them.

use i18n_embed_fl::fl;

use super::{enum_labels, form::Form};
use crate::{
    domain::{
        country::Country,
        field::Field,
        invalid::Invalid,
        order::{Billing, BillingCycle, Category, Line, Offer, Segment, TermDuration, has_prerequisite},
    },
    i18n::{self, Language, Words},
    store::drafts::Entries,
};

/// The fields of such a form.
const FIELDS: [Field; 4] = [Field::OfferId, Field::Quantity, Field::BillingCycle, Field::TermDuration];

/// What a form brought of these fields, in order, to be kept in a draft.
pub fn entries(form: &Form) -> Entries {
    form.entries(&FIELDS)
}

/// What is sold to customers of a country.
pub fn sold_in(offers: Vec<Offer>, country: Option<Country>) -> Vec<Offer> {
    offers.into_iter().filter(|offer| offer.is_sold_in(country)).collect()
}

/// Offers as typed: a quantity for each, billing cycle and term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    quantities: Vec<(String, String)>,
    /// How often they are charged.
    pub billing_cycle: BillingCycle,
    /// How long they bind.
    pub term_duration: TermDuration,
}

impl Typed {
    /// Pairs each offer with the quantity that follows it.
    pub fn of(entries: &[(String, String)]) -> Self {
        let mut typed =
            Self { quantities: Vec::new(), billing_cycle: BillingCycle::Monthly, term_duration: TermDuration::Year };
        let mut offer: Option<&str> = None;
        for (name, value) in entries {
            match Field::from_code(name) {
                Some(Field::OfferId) => offer = Some(value),
                Some(Field::Quantity) => {
                    if let Some(offer) = offer.take() {
                        typed.quantities.push((offer.to_owned(), value.clone()));
                    }
                }
                Some(Field::BillingCycle) => {
                    typed.billing_cycle = BillingCycle::from_code(value).unwrap_or(typed.billing_cycle);
                }
                Some(Field::TermDuration) => {
                    typed.term_duration = TermDuration::from_code(value).unwrap_or(typed.term_duration);
                }
                _ => {}
            }
        }
        typed
    }

    /// Offers with a quantity, as typed.
    pub fn wanted(&self) -> Vec<(String, String)> {
        let wanted = self.quantities.iter().filter(|(_, quantity)| !quantity.trim().is_empty());
        wanted.map(|(offer, quantity)| (offer.clone(), quantity.trim().to_owned())).collect()
    }

    fn quantity(&self, offer: &Offer) -> &str {
        self.quantities
            .iter()
            .filter(|(id, _)| *id == offer.id)
            .map(|(_, quantity)| quantity.as_str())
            .find(|typed| !typed.trim().is_empty())
            .unwrap_or_default()
    }

    /// The lines that are ordered, or what is wrong with each: offer and reason. `owned` are the ids of the offers
    /// that the customer has.
    pub fn lines(&self, offers: &[Offer], owned: &[String]) -> Result<Vec<Line>, Vec<(String, Invalid)>> {
        let mut lines = Vec::new();
        let mut faults = Vec::new();
        for offer in offers {
            match offer.quantity(self.quantity(offer)) {
                Ok(Some(quantity)) => lines.push(Line::of(offer.clone(), quantity)),
                Ok(None) => {}
                Err(invalid) => faults.push((offer.id.clone(), invalid)),
            }
        }
        let alone = lines.iter().filter(|line| !has_prerequisite(&line.offer, &lines, owned));
        faults.extend(alone.map(|line| (line.offer.id.clone(), Invalid::PrerequisiteMissing)));
        if faults.is_empty() { Ok(lines) } else { Err(faults) }
    }

    /// Whether it names an offer that cannot be ordered (any more).
    pub fn names_another(&self, offers: &[Offer]) -> bool {
        self.quantities.iter().any(|(id, _)| offers.iter().all(|offer| offer.id != *id))
    }
}

/// What is wrong with such a form: an offer's id and words, or none of them and words about the whole.
pub type Faults = Vec<(String, String)>;

/// What is wrong with the whole of such a form.
pub fn whole(words: String) -> Faults {
    vec![(String::new(), words)]
}

/// Faults of lines in words.
pub fn faults(faults: Vec<(String, Invalid)>, t: &Words, language: Language) -> Faults {
    faults.into_iter().map(|(offer, invalid)| (offer, enum_labels::quantity(invalid, t, language))).collect()
}

/// The form on its way to the page.
pub struct OfferForm {
    /// The offers, by category.
    pub groups: Vec<Group>,
    /// Segments to choose from, each with its number; empty where there is but one.
    pub segments: Vec<(usize, Segment, String)>,
    /// Billing cycles, and whether each is chosen.
    pub cycles: Vec<(BillingCycle, String, bool)>,
    /// Terms, and whether each is chosen.
    pub terms: Vec<(TermDuration, String, bool)>,
}

/// Offers of one category. Choosing a category or a segment hides the others by style alone, so that nothing typed is
/// sent or lost; the style sheet knows them by number.
pub struct Group {
    /// The category.
    pub category: Category,
    /// The same in words.
    pub heading: String,
    /// Its offers.
    pub offers: Vec<OfferView>,
}

/// An offer with its box.
pub struct OfferView {
    /// The id of its box.
    pub id: String,
    /// The id of the offer.
    pub offer_id: String,
    /// To whom it is sold.
    pub segment: Segment,
    /// Its name.
    pub name: String,
    /// What helps to order it.
    pub hint: String,
    /// What was typed.
    pub quantity: String,
    /// Whether it has a number of licences.
    pub is_license: bool,
    /// What is wrong.
    pub error: Option<String>,
}

impl Group {
    /// The category's number in the style sheet.
    pub const fn number(&self) -> usize {
        self.category as usize
    }
}

impl OfferView {
    /// The segment's number in the style sheet.
    pub const fn segment_number(&self) -> usize {
        self.segment as usize
    }
}

impl OfferForm {
    /// The offers that are sold, with what was typed and what is wrong with it.
    pub fn new(offers: &[Offer], typed: &Typed, faults: &[(String, String)], t: &Words, language: Language) -> Self {
        let view = |(place, offer): (usize, &Offer)| OfferView {
            id: quantity_id(place),
            offer_id: offer.id.clone(),
            segment: offer.segment,
            name: offer.name.clone(),
            hint: hint(offer, offers, t, language),
            quantity: typed.quantity(offer).to_owned(),
            is_license: offer.billing == Billing::License,
            error: faults.iter().find(|(id, _)| *id == offer.id).map(|(_, words)| words.clone()),
        };
        let group = |category: &Category| Group {
            category: *category,
            heading: enum_labels::category(*category, t),
            offers: offers.iter().enumerate().filter(|(_, offer)| offer.category == *category).map(view).collect(),
        };
        let is_there = |segment: &&Segment| offers.iter().any(|offer| offer.segment == **segment);
        let segments: Vec<_> = Segment::ALL.iter().filter(is_there).collect();
        Self {
            groups: Category::ALL.iter().map(group).filter(|group| !group.offers.is_empty()).collect(),
            // One segment alone is no choice.
            segments: segments
                .iter()
                .filter(|_| segments.len() > 1)
                .map(|segment| (**segment as usize, **segment, enum_labels::segment(**segment, t)))
                .collect(),
            cycles: BillingCycle::ALL
                .iter()
                .map(|cycle| (*cycle, enum_labels::billing_cycle(*cycle, t), *cycle == typed.billing_cycle))
                .collect(),
            terms: TermDuration::ALL
                .iter()
                .map(|term| (*term, enum_labels::term_duration(*term, t), *term == typed.term_duration))
                .collect(),
        }
    }

    /// Faults for the summary of a page: the box, and the offer with what is wrong.
    pub fn errors(offers: &[Offer], faults: &[(String, String)]) -> Vec<super::layout::SummaryLine> {
        faults
            .iter()
            .map(|(id, words)| match offers.iter().enumerate().find(|(_, offer)| offer.id == *id) {
                Some((place, offer)) => (Some(quantity_id(place).into()), format!("{}: {words}", offer.name)),
                None => (None, words.clone()),
            })
            .collect()
    }
}

/// The id of an offer's box, by the offer's place among those that are sold.
fn quantity_id(place: usize) -> String {
    format!("quantity-{}", place + 1)
}

/// What helps to order an offer: what it belongs to, and its limits.
fn hint(offer: &Offer, offers: &[Offer], t: &Words, language: Language) -> String {
    let number = |number| i18n::number(number, language);
    let limits = match offer.billing {
        Billing::License => {
            fl!(t, "offer-limits", min = number(offer.minimum_quantity), max = number(offer.maximum_quantity))
        }
        Billing::Usage => fl!(t, "offer-usage"),
    };
    let needed = offer.prerequisite_offer_id.as_ref().and_then(|id| offers.iter().find(|offer| offer.id == *id));
    match needed {
        Some(needed) => format!("{} · {limits}", fl!(t, "offer-add-on", offer = needed.name.clone())),
        None => limits,
    }
}
