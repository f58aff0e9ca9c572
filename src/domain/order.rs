//! Offers, and what may be ordered of them.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    agreement::ConfirmationStatus, codes::codes, country::Country, indirect_reseller::parse_mpn_id, invalid::Invalid,
    text,
};

codes! {
    /// How an offer is charged.
    pub enum Billing {
        /// By the number of licences, which nobody may change while the gate is closed.
        License = "license",
        /// By use; there is no number to change.
        Usage = "usage",
    }
}

codes! {
    /// How often an order is charged.
    pub enum BillingCycle {
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Annual = "annual",
    }
}

codes! {
    /// How long a subscription binds: an ISO 8601 period.
    pub enum TermDuration {
        /// A month.
        Month = "P1M",
        /// A year.
        Year = "P1Y",
        /// Three years.
        ThreeYears = "P3Y",
    }
}

impl TermDuration {
    fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Year => 12,
            Self::ThreeYears => 36,
        }
    }

    /// The day on which what ends on `last` renews next, seen from `today`: the day after, or a number of whole terms
    /// later.
    pub fn next_renewal(self, last: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let first = last.succ_opt()?;
        (0..).map_while(|terms| first.checked_add_months(Months::new(terms * self.months()))).find(|day| *day > today)
    }

    /// The last day of a term that begins on `first`.
    pub fn last_day(self, first: NaiveDate) -> NaiveDate {
        let next = first.checked_add_months(Months::new(self.months())).and_then(|next| next.pred_opt());
        next.expect("terms end before the calendar does")
    }
}

codes! {
    /// What offers are grouped by.
    pub enum Category {
        /// Email.
        Email = "email",
        /// Office and Microsoft 365.
        Microsoft365 = "microsoft-365",
        /// Security and identity.
        Security = "security",
        /// Business applications.
        BusinessApps = "business-apps",
        /// Azure.
        Azure = "azure",
    }
}

codes! {
    /// To whom offers are sold.
    pub enum Segment {
        /// Companies.
        Commercial = "commercial",
        /// Schools and universities.
        Education = "education",
        /// Charities.
        Nonprofit = "nonprofit",
        /// Authorities.
        Government = "government",
    }
}

codes! {
    /// The state of a subscription.
    pub enum SubscriptionStatus {
        /// In use.
        Active = "active",
        /// Switched off for a while.
        Suspended = "suspended",
        /// Ended at Microsoft: deleted, expired or disabled. It stays in the history and cannot be changed.
        Deleted = "deleted",
    }
}

/// Something that can be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id, as Partner Center names it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its group.
    pub category: Category,
    /// To whom it is sold.
    pub segment: Segment,
    /// How it is charged.
    pub billing: Billing,
    /// The fewest licences.
    pub minimum_quantity: i64,
    /// The most licences.
    pub maximum_quantity: i64,
    /// How often it may be charged; never empty.
    pub billing_cycles: Vec<BillingCycle>,
    /// How long it may bind, the usual term first; never empty.
    pub term_durations: Vec<TermDuration>,
    /// The id of the offer that a customer must have or order too, of an add-on.
    pub prerequisite_offer_id: Option<String>,
    /// Where it is sold; empty for everywhere.
    pub countries: Vec<Country>,
}

impl Offer {
    /// Whether it is sold to customers of a country.
    pub fn is_sold_in(&self, country: Option<Country>) -> bool {
        self.countries.is_empty() || country.is_some_and(|country| self.countries.contains(&country))
    }

    /// How often a subscription of it is charged in an order with this cycle: what it does not support becomes
    /// what it does.
    pub fn cycle(&self, wanted: BillingCycle) -> BillingCycle {
        let supported = self.billing_cycles.contains(&wanted);
        if supported { wanted } else { self.billing_cycles.first().copied().unwrap_or(wanted) }
    }

    /// How long a subscription of it binds in an order with this term.
    pub fn term(&self, wanted: TermDuration) -> TermDuration {
        let supported = self.term_durations.contains(&wanted);
        if supported { wanted } else { self.term_durations.first().copied().unwrap_or(wanted) }
    }

    /// Reads a number of licences: digits, with spaces between if one likes; any other separator could mean two
    /// numbers. Nothing typed is nothing ordered.
    ///
    /// # Errors
    ///
    /// [`Invalid::NotAQuantity`]; [`Invalid::QuantityLimits`] for a number outside the offer's limits.
    pub fn quantity(&self, typed: &str) -> Result<Option<i64>, Invalid> {
        quantity(typed, (self.minimum_quantity, self.maximum_quantity))
    }
}

/// An offer with the ids by which Partner Center knows what it sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueItem {
    /// The offer.
    pub offer: Offer,
    /// The product; empty where it is not known, as are the others.
    pub product_id: String,
    /// The product's SKU.
    pub sku_id: String,
    /// The SKU's availability.
    pub availability_id: String,
}

impl CatalogueItem {
    /// The id by which carts and orders of the new commerce name it: product, SKU and availability. `None` where one of
    /// them is not known.
    pub fn id(&self) -> Option<String> {
        let parts = [self.product_id.as_str(), &self.sku_id, &self.availability_id];
        parts.iter().all(|part| !part.is_empty()).then(|| parts.join(":"))
    }

    /// Whether a program means it by this: the offer's id, or the id above.
    fn is_named(&self, name: &str) -> bool {
        self.offer.id == name || self.id().as_deref() == Some(name)
    }

    /// The one of some items that a program means. GUIDs fold case, as languages write them in either; one that is written
    /// exactly so comes first.
    pub fn named<'i>(items: &'i [Self], name: &str) -> Option<&'i Self> {
        let guid = Uuid::try_parse(name).ok();
        let same = |item: &&Self| guid.is_some() && Uuid::try_parse(&item.offer.id).ok() == guid;
        items.iter().find(|item| item.is_named(name)).or_else(|| items.iter().find(same))
    }
}

/// The most characters in the id of an offer.
pub const OFFER_ID_MAX: usize = 100;

/// The most Unicode scalar values in the name of an offer.
pub const OFFER_NAME_MAX: usize = 256;

/// The most licences of anything.
pub const QUANTITY_MAX: i64 = 1_000_000;

/// Reads the id of an offer.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty; [`Invalid::TooLong`]; [`Invalid::NotAnOfferId`] for anything but graphic ASCII.
pub fn parse_offer_id(typed: &str) -> Result<String, Invalid> {
    text::refuse_lost(typed)?;
    match text::trimmed(typed) {
        "" => Err(Invalid::Missing),
        id if !id.bytes().all(|b| b.is_ascii_graphic()) => Err(Invalid::NotAnOfferId),
        id if id.len() > OFFER_ID_MAX => Err(Invalid::TooLong { max: OFFER_ID_MAX }),
        id => Ok(id.to_owned()),
    }
}

/// See [`Offer::quantity`], with the fewest and the most licences.
pub fn quantity(typed: &str, (min, max): (i64, i64)) -> Result<Option<i64>, Invalid> {
    text::refuse_lost(typed)?;
    let digits: String = text::trimmed(typed).chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Invalid::NotAQuantity);
    }
    // More digits than a number holds are above every limit.
    let quantity = digits.parse().unwrap_or(i64::MAX);
    match quantity {
        0 => Err(Invalid::NotAQuantity),
        _ if (min..=max).contains(&quantity) => Ok(Some(quantity)),
        _ => Err(Invalid::QuantityLimits { min, max }),
    }
}

/// What a program says of something that it orders besides what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// What it calls it; none for the offer's name.
    pub friendly_name: Option<String>,
    /// The MPN ID of the partner on record.
    pub partner_id: Option<String>,
}

/// The most Unicode scalar values in what a program calls a subscription.
pub const FRIENDLY_NAME_MAX: usize = 256;

/// Reads what a program calls a subscription; nothing, or the offer's name, is no name of its own.
///
/// # Errors
///
/// [`Invalid::TooLong`] and [`Invalid::Unprintable`].
pub fn parse_friendly_name(typed: &str, offer_name: &str) -> Result<Option<String>, Invalid> {
    Ok(text::line(typed, FRIENDLY_NAME_MAX)?.filter(|name| name != offer_name))
}

/// Reads the MPN ID of the partner on record; nothing is none.
///
/// # Errors
///
/// [`Invalid::NotAnMpnId`].
pub fn parse_partner_id(typed: &str) -> Result<Option<String>, Invalid> {
    if typed.trim().is_empty() { Ok(None) } else { parse_mpn_id(typed).map(Some) }
}

/// An offer and how many licences of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The offer.
    pub offer: Offer,
    /// Licences, within the offer's limits.
    pub quantity: i64,
    /// What is said of it besides.
    pub label: Label,
}

impl Line {
    /// A line of which nothing else is said.
    pub fn of(offer: Offer, quantity: i64) -> Self {
        Self { offer, quantity, label: Label::default() }
    }
}

/// Why an order is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The customer's confirmation status closes the gate.
    GateClosed(ConfirmationStatus),
    /// It has no lines.
    Nothing,
    /// An offer is not sold, or not to customers of this country.
    NotSold {
        /// The offer's id.
        offer_id: String,
    },
    /// An add-on without the offer that it belongs to.
    Prerequisite {
        /// The add-on's id.
        offer_id: String,
    },
    /// A number of licences lies outside the offer's limits.
    Quantity {
        /// The offer's id.
        offer_id: String,
    },
}

/// Whether a line is no add-on, or comes with the offer that it belongs to; `owned` are the ids of the offers that
/// the customer has.
pub fn has_prerequisite(offer: &Offer, lines: &[Line], owned: &[String]) -> bool {
    offer
        .prerequisite_offer_id
        .as_ref()
        .is_none_or(|needed| owned.contains(needed) || lines.iter().any(|line| line.offer.id == *needed))
}

/// Decides whether an order may be placed for a customer of a country who has subscriptions of the offers `owned`.
pub fn place(
    confirmation_status: ConfirmationStatus,
    lines: &[Line],
    country: Option<Country>,
    owned: &[String],
) -> Result<(), Refusal> {
    if !confirmation_status.gate_is_open() {
        return Err(Refusal::GateClosed(confirmation_status));
    }
    if lines.is_empty() {
        return Err(Refusal::Nothing);
    }
    for Line { offer, quantity, .. } in lines {
        if !offer.is_sold_in(country) {
            return Err(Refusal::NotSold { offer_id: offer.id.clone() });
        }
        if !has_prerequisite(offer, lines, owned) {
            return Err(Refusal::Prerequisite { offer_id: offer.id.clone() });
        }
        if !(offer.minimum_quantity..=offer.maximum_quantity).contains(quantity) {
            return Err(Refusal::Quantity { offer_id: offer.id.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        Offer {
            id: "195416C1-3447-423A-B37B-EE59A99A19C4".into(),
            name: "Exchange Online (Plan 1)".into(),
            category: Category::Email,
            billing: Billing::License,
            minimum_quantity: 2,
            maximum_quantity: 300,
            billing_cycles: vec![BillingCycle::Monthly],
            segment: Segment::Commercial,
            term_durations: vec![TermDuration::Year],
            prerequisite_offer_id: None,
            countries: Vec::new(),
        }
    }

    #[test]
    fn a_quantity_is_digits_within_the_limits_of_the_offer() {
        let limits = Err(Invalid::QuantityLimits { min: 2, max: 300 });
        for (typed, read) in [
            ("", Ok(None)),
            ("  ", Ok(None)),
            ("2", Ok(Some(2))),
            (" 2 50 ", Ok(Some(250))),
            ("0025", Ok(Some(25))),
            ("300", Ok(Some(300))),
            ("1", limits),
            ("301", limits),
            ("99999999999999999999999", limits),
        ] {
            assert_eq!(offer().quantity(typed), read, "{typed:?}");
        }
        for typed in ["0", "-1", "+1", "1.5", "1,5", "1.000", "1,000", "1e9", "x", "٣", "２", "1 licence"] {
            assert_eq!(offer().quantity(typed), Err(Invalid::NotAQuantity), "{typed:?}");
        }
    }

    #[test]
    fn the_id_of_an_offer_is_graphic_ascii() {
        for id in ["195416C1-3447-423A-B37B-EE59A99A19C4", "CFQ7TTC0LH16:0001", "!", &"x".repeat(100)] {
            assert_eq!(parse_offer_id(&format!(" {id}\t")), Ok(id.to_owned()));
        }
        assert_eq!(parse_offer_id("  "), Err(Invalid::Missing));
        assert_eq!(parse_offer_id(&"x".repeat(101)), Err(Invalid::TooLong { max: 100 }));
        for id in ["a b", "é", "a\0b", "a\u{200b}b"] {
            assert_eq!(parse_offer_id(id), Err(Invalid::NotAnOfferId), "{id:?}");
        }
    }

    #[test]
    fn nothing_is_ordered_past_a_closed_gate() {
        let lines = [Line::of(offer(), 5)];
        for (confirmation_status, open) in [
            (ConfirmationStatus::Confirmed, true),
            (ConfirmationStatus::NotApplicable, true),
            (ConfirmationStatus::NotConfirmed, false),
            (ConfirmationStatus::ReconfirmationDue, false),
        ] {
            let expected = if open { Ok(()) } else { Err(Refusal::GateClosed(confirmation_status)) };
            assert_eq!(place(confirmation_status, &lines, None, &[]), expected);
        }
    }

    #[test]
    fn an_order_has_lines_of_offers_sold_there_within_their_limits() {
        let open = ConfirmationStatus::Confirmed;
        assert_eq!(place(open, &[], None, &[]), Err(Refusal::Nothing));
        let here = Country::parse("NL");
        let offer_id = offer().id;
        let abroad = Offer { countries: Country::parse("BE").into_iter().collect(), ..offer() };
        let not_sold = Err(Refusal::NotSold { offer_id: offer_id.clone() });
        assert_eq!(place(open, &[Line::of(abroad.clone(), 5)], here, &[]), not_sold);
        assert_eq!(place(open, &[Line::of(abroad, 5)], None, &[]), not_sold);
        for quantity in [-1, 0, 1, 301, i64::MAX] {
            let refused = Err(Refusal::Quantity { offer_id: offer_id.clone() });
            assert_eq!(place(open, &[Line::of(offer(), quantity)], here, &[]), refused, "{quantity}");
        }
    }

    #[test]
    fn an_add_on_needs_the_offer_it_belongs_to() {
        let base = Line::of(offer(), 5);
        let add_on = Offer { id: "add-on".into(), prerequisite_offer_id: Some(offer().id), ..offer() };
        let line = Line::of(add_on, 5);
        let alone = [line.clone()];
        let refused = Err(Refusal::Prerequisite { offer_id: "add-on".into() });
        assert_eq!(place(ConfirmationStatus::Confirmed, &alone, None, &[]), refused);
        assert_eq!(place(ConfirmationStatus::Confirmed, &[line, base], None, &[]), Ok(()));
        assert_eq!(place(ConfirmationStatus::Confirmed, &alone, None, &[offer().id]), Ok(()));
    }

    #[test]
    fn a_term_ends_on_the_day_before_its_anniversary() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (term, first, last) in [
            (TermDuration::Year, "2026-11-22", "2027-11-21"),
            (TermDuration::Month, "2027-01-31", "2027-02-27"),
            (TermDuration::Year, "2028-02-29", "2029-02-27"),
            (TermDuration::ThreeYears, "2026-01-01", "2028-12-31"),
        ] {
            assert_eq!(term.last_day(day(first)), day(last), "{first}");
        }
    }

    #[test]
    fn what_renews_by_itself_renews_term_after_term() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (term, last, today, next) in [
            (TermDuration::Year, "2027-11-21", "2026-11-22", "2027-11-22"),
            (TermDuration::Year, "2021-02-02", "2026-11-22", "2027-02-03"),
            (TermDuration::Year, "2026-11-21", "2026-11-22", "2027-11-22"),
            (TermDuration::Month, "2026-01-30", "2026-02-20", "2026-02-28"),
        ] {
            assert_eq!(term.next_renewal(day(last), day(today)), Some(day(next)), "{last}");
        }
        assert_eq!(TermDuration::Year.next_renewal(NaiveDate::MAX, day("2026-11-22")), None);
    }

    #[test]
    fn an_offer_is_charged_as_it_can_be() {
        assert_eq!(offer().cycle(BillingCycle::Monthly), BillingCycle::Monthly);
        assert_eq!(offer().cycle(BillingCycle::Annual), BillingCycle::Monthly);
        assert_eq!(offer().term(TermDuration::ThreeYears), TermDuration::Year);
    }
}
