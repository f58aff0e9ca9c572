//! The catalogue: what can be ordered.

use super::{
    Error, Read, WriteTx,
    row::{Cells, Record, record},
    search::{Sql, Value},
};
use crate::domain::{
    country::Country,
    order::{Billing, BillingCycle, CatalogueItem, Category, Offer, QUANTITY_MAX, Segment, TermDuration},
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

const COLUMNS: &str = "id, name, category, segment, billing, minimum_quantity, maximum_quantity, billing_cycles, \
     term_durations, prerequisite_offer_id, countries";

struct ItemRow {
    offer: Row,
    product_id: String,
    sku_id: String,
    availability_id: String,
}

impl Record for ItemRow {
    fn read(cells: &mut impl Cells) -> Result<Self, Error> {
        Ok(Self {
            offer: Row::read(cells)?,
            product_id: cells.next("product_id")?,
            sku_id: cells.next("sku_id")?,
            availability_id: cells.next("availability_id")?,
        })
    }
}

impl TryFrom<ItemRow> for CatalogueItem {
    type Error = Error;

    fn try_from(row: ItemRow) -> Result<Self, Error> {
        Ok(Self {
            offer: row.offer.try_into()?,
            product_id: row.product_id,
            sku_id: row.sku_id,
            availability_id: row.availability_id,
        })
    }
}

/// Every offer, in the order of the catalogue.
pub async fn all(conn: &mut dyn Read) -> Result<Vec<Offer>, Error> {
    let rows: Vec<Row> = conn.assembled(format!("SELECT {COLUMNS} FROM offers ORDER BY position, id")).all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Every offer with all that the catalogue knows of it, in the order of the catalogue.
pub async fn items(conn: &mut dyn Read) -> Result<Vec<CatalogueItem>, Error> {
    let sql = format!("SELECT {COLUMNS}, product_id, sku_id, availability_id FROM offers ORDER BY position, id");
    let rows: Vec<ItemRow> = conn.assembled(sql).slow().all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The offers that some names mean: ids, or a product, a SKU and an availability with colons between.
pub async fn named(conn: &mut dyn Read, names: &[&str]) -> Result<Vec<CatalogueItem>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS);
    sql.push(", product_id, sku_id, availability_id FROM offers WHERE ");
    for (place, column) in ["id", "product_id || ':' || sku_id || ':' || availability_id"].into_iter().enumerate() {
        sql.push(if place == 0 { "" } else { " OR " });
        sql.push(column);
        sql.push(" IN (");
        for (place, name) in names.iter().enumerate() {
            sql.push(if place == 0 { "" } else { ", " });
            sql.bind(Value::Text((*name).to_owned()));
        }
        sql.push(")");
    }
    let rows: Vec<ItemRow> = sql.statement(conn).all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The fewest and the most licences of an offer; what the catalogue does not know has the widest limits.
pub async fn limits(conn: &mut dyn Read, id: &str) -> Result<(i64, i64), Error> {
    let row: Option<(i64, i64)> = conn
        .query("SELECT minimum_quantity, maximum_quantity FROM offers WHERE id = $1")
        .bind(id.to_owned())
        .optional()
        .await?;
    Ok(row.unwrap_or((1, QUANTITY_MAX)))
}

/// Waits until nobody else changes the catalogue, until the change ends. Whoever only reads it goes on.
pub async fn lock(tx: &mut WriteTx) -> Result<(), Error> {
    // The one writer of SQLite is lock enough.
    if !tx.is_sqlite() {
        tx.query("LOCK TABLE offers IN SHARE ROW EXCLUSIVE MODE").execute().await?;
    }
    Ok(())
}

/// The position of the last offer of the catalogue; 0 where there is none.
pub async fn last_position(conn: &mut dyn Read) -> Result<i64, Error> {
    let (last,): (i64,) = conn.query("SELECT COALESCE(MAX(position), 0) FROM offers").one().await?;
    Ok(last)
}

/// Adds an offer to the catalogue at a position, or changes the one with its id, which stays where it is.
pub async fn put(tx: &mut WriteTx, item: &CatalogueItem, position: i64) -> Result<(), Error> {
    let offer = &item.offer;
    let codes = |codes: Vec<&str>| codes.join(" ");
    let countries = match offer.countries.as_slice() {
        [] => "*".to_owned(),
        some => codes(some.iter().map(|country| country.code()).collect()),
    };
    tx.query(
        "INSERT INTO offers (id, position, name, category, segment, billing, product_id, sku_id, availability_id, \
             minimum_quantity, maximum_quantity, billing_cycles, term_durations, prerequisite_offer_id, countries) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, category = excluded.category, \
             segment = excluded.segment, billing = excluded.billing, product_id = excluded.product_id, \
             sku_id = excluded.sku_id, availability_id = excluded.availability_id, \
             minimum_quantity = excluded.minimum_quantity, maximum_quantity = excluded.maximum_quantity, \
             billing_cycles = excluded.billing_cycles, term_durations = excluded.term_durations, \
             prerequisite_offer_id = excluded.prerequisite_offer_id, countries = excluded.countries",
    )
    .bind(offer.id.clone())
    .bind(position)
    .bind(offer.name.clone())
    .bind(offer.category.code())
    .bind(offer.segment.code())
    .bind(offer.billing.code())
    .bind(item.product_id.clone())
    .bind(item.sku_id.clone())
    .bind(item.availability_id.clone())
    .bind(offer.minimum_quantity)
    .bind(offer.maximum_quantity)
    .bind(codes(offer.billing_cycles.iter().map(|cycle| cycle.code()).collect()))
    .bind(codes(offer.term_durations.iter().map(|term| term.code()).collect()))
    .bind(offer.prerequisite_offer_id.clone())
    .bind(countries)
    .execute()
    .await?;
    Ok(())
}
