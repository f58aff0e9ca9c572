//! The catalogue: what can be ordered.

use super::{Error, Snapshot, row::record};
use crate::domain::{
    country::Country,
    order::{Billing, BillingCycle, Category, Offer, Segment, TermDuration},
};

record! {
    struct Row {
        id: String,
        name: String,
        category: String,
        segment: String,
        billing: String,
        minimum_quantity: i64,
        maximum_quantity: i64,
        billing_cycles: String,
        term_durations: String,
        prerequisite_offer_id: Option<String>,
        countries: String,
    }
}

impl TryFrom<Row> for Offer {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = |what: &str| Error::Corrupt(format!("{what} of offer {}", row.id));
        let countries = match row.countries.as_str() {
            "*" => Vec::new(),
            codes => {
                codes.split(' ').map(Country::parse).collect::<Option<Vec<_>>>().ok_or_else(|| corrupt("countries"))?
            }
        };
        let billing_cycles = row.billing_cycles.split(' ').map(BillingCycle::from_code).collect::<Option<Vec<_>>>();
        let term_durations = row.term_durations.split(' ').map(TermDuration::from_code).collect::<Option<Vec<_>>>();
        Ok(Self {
            category: Category::from_code(&row.category).ok_or_else(|| corrupt("category"))?,
            billing: Billing::from_code(&row.billing).ok_or_else(|| corrupt("billing"))?,
            billing_cycles: billing_cycles.ok_or_else(|| corrupt("billing cycles"))?,
            segment: Segment::from_code(&row.segment).ok_or_else(|| corrupt("segment"))?,
            term_durations: term_durations.ok_or_else(|| corrupt("terms"))?,
            prerequisite_offer_id: row.prerequisite_offer_id,
            countries,
            minimum_quantity: row.minimum_quantity,
            maximum_quantity: row.maximum_quantity,
            name: row.name,
            id: row.id,
        })
    }
}

/// Every offer, in the order of the catalogue.
pub async fn all(at: &mut Snapshot) -> Result<Vec<Offer>, Error> {
    let rows: Vec<Row> = at
        .query(
            "SELECT id, name, category, segment, billing, minimum_quantity, maximum_quantity, billing_cycles, \
             term_durations, prerequisite_offer_id, countries FROM offers ORDER BY position, id",
        )
        .all()
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}
