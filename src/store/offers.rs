//! The catalogue: what can be ordered.

use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    codes::CodeList,
    sql::{Sql, Value},
    table::{self, Table, table},
};
use crate::domain::{
    country::Country,
    order::{Billing, BillingCycle, CatalogueItem, Category, Offer, QUANTITY_MAX, Segment, TermDuration},
};

table! {
    struct Row: "offers" {
        id: String = key,
        position: i64 = kept,
        name: String,
        category: Category,
        segment: Segment,
        billing: Billing,
        product_id: String,
        sku_id: String,
        availability_id: String,
        minimum_quantity: i64,
        maximum_quantity: i64,
        billing_cycles: CodeList<BillingCycle>,
        term_durations: CodeList<TermDuration>,
        prerequisite_offer_id: Option<String>,
        countries: CodeList<Country>,
    }
}

impl From<Row> for CatalogueItem {
    fn from(row: Row) -> Self {
        Self {
            offer: Offer {
                id: row.id,
                name: row.name,
                category: row.category,
                segment: row.segment,
                billing: row.billing,
                minimum_quantity: row.minimum_quantity,
                maximum_quantity: row.maximum_quantity,
                billing_cycles: row.billing_cycles.0,
                term_durations: row.term_durations.0,
                prerequisite_offer_id: row.prerequisite_offer_id,
                countries: row.countries.0,
            },
            product_id: row.product_id,
            sku_id: row.sku_id,
            availability_id: row.availability_id,
        }
    }
}

/// Every offer, in the order of the catalogue.
pub async fn all(conn: &mut dyn Read) -> Result<Vec<Offer>, Error> {
    let rows: Vec<Row> = table::select::<Row>(conn, "ORDER BY position, id").all().await?;
    Ok(rows.into_iter().map(|row| CatalogueItem::from(row).offer).collect())
}

/// Every offer with all that the catalogue knows of it, in the order of the catalogue.
pub async fn items(conn: &mut dyn Read) -> Result<Vec<CatalogueItem>, Error> {
    let rows: Vec<Row> = table::select::<Row>(conn, "ORDER BY position, id").slow().all().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The offers that some names mean: ids, or a product, a SKU and an availability with colons between.
pub async fn named(conn: &mut dyn Read, names: &[&str]) -> Result<Vec<CatalogueItem>, Error> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(Row::COLUMNS);
    sql.push(" FROM offers WHERE ");
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
    let mut guids = names.iter().filter_map(|name| Uuid::try_parse(name).ok()).peekable();
    if guids.peek().is_some() {
        // The catalogue has them in upper or in lower case, programs in either.
        sql.push(" OR UPPER(id) IN (");
        for (place, guid) in guids.enumerate() {
            sql.push(if place == 0 { "" } else { ", " });
            sql.bind(Value::Text(guid.to_string().to_ascii_uppercase()));
        }
        sql.push(")");
    }
    let rows: Vec<Row> = sql.statement(conn).all().await?;
    Ok(rows.into_iter().map(Into::into).collect())
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

/// Locks the catalogue until the transaction ends. Readers do not wait.
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
    let CatalogueItem { offer, product_id, sku_id, availability_id } = item.clone();
    let row = Row {
        id: offer.id,
        position,
        name: offer.name,
        category: offer.category,
        segment: offer.segment,
        billing: offer.billing,
        product_id,
        sku_id,
        availability_id,
        minimum_quantity: offer.minimum_quantity,
        maximum_quantity: offer.maximum_quantity,
        billing_cycles: CodeList(offer.billing_cycles),
        term_durations: CodeList(offer.term_durations),
        prerequisite_offer_id: offer.prerequisite_offer_id,
        countries: CodeList(offer.countries),
    };
    table::put(tx, row).await.map(drop)
}
