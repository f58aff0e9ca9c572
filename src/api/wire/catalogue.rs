//! What is said of the catalogue.

use schemars::JsonSchema;
use serde::Serialize;

use super::common::{Attributes, Link, Links};

/// Something that can be ordered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the members that programs read")]
pub struct Offer {
    /// Its id, as orders name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The same.
    pub description: String,
    /// The fewest licences.
    pub minimum_quantity: i64,
    /// The most licences.
    pub maximum_quantity: i64,
    /// Its place in the catalogue, from 1 on.
    pub rank: usize,
    /// The language of the names.
    pub locale: &'static str,
    /// Where it is sold, of those that were asked for.
    pub country: Option<&'static str>,
    /// Its group.
    pub category: OfferCategory,
    /// What a customer must have or order too.
    pub prerequisite_offers: Vec<String>,
    /// Whether there is such.
    pub is_add_on: bool,
    /// Whether others are add-ons to it.
    pub has_add_ons: bool,
    /// Always: what is not sold is left out.
    pub is_available_for_purchase: bool,
    /// By licences or by use.
    pub billing: &'static str,
    /// How often it may be charged.
    pub supported_billing_cycles: Vec<&'static str>,
    /// Whether it has a term that can begin again.
    pub is_auto_renewable: bool,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// What it is an offer of.
    pub product: OfferProduct,
    /// What the quantity counts.
    pub unit_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// What offers are grouped by.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferCategory {
    /// Its code.
    pub id: &'static str,
    /// The same.
    pub name: &'static str,
    /// They have no order.
    pub rank: usize,
    /// The language of the name.
    pub locale: &'static str,
    /// The country that was asked for.
    pub country: Option<&'static str>,
    /// What it is.
    pub attributes: Attributes,
}

/// What an offer is of.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferProduct {
    /// The product's id, or the offer's where that is not known.
    pub id: String,
    /// The offer's name.
    pub name: String,
    /// What the quantity counts.
    pub unit: &'static str,
}

/// A product of the new commerce.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its id.
    pub id: String,
    /// The name of its first offer.
    pub title: String,
    /// The same.
    pub description: String,
    /// Its kind.
    pub product_type: ItemType,
    /// Nothing else is sold here.
    pub is_microsoft_product: bool,
    /// Whose it is.
    pub publisher_name: &'static str,
    /// Where it is.
    pub links: ProductLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// A kind of product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemType {
    /// Its code.
    pub id: &'static str,
    /// The same.
    pub display_name: &'static str,
}

/// Where to look from a product.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProductLinks {
    /// Its SKUs.
    pub skus: Link,
    /// The product itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// A variant of a product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sku {
    /// Its id, unique in the product.
    pub id: String,
    /// The product's id.
    pub product_id: String,
    /// The offer's name.
    pub title: String,
    /// The same.
    pub description: String,
    /// The fewest licences.
    pub minimum_quantity: i64,
    /// The most licences.
    pub maximum_quantity: i64,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// How often it may be charged.
    pub supported_billing_cycles: Vec<&'static str>,
    /// What a customer must have accepted before it is ordered.
    pub purchase_prerequisites: Vec<&'static str>,
    /// Nothing has to be asked for.
    pub inventory_variables: Vec<&'static str>,
    /// The same.
    pub provisioning_variables: Vec<&'static str>,
    /// Where it is.
    pub links: SkuLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// Where to look from a SKU.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SkuLinks {
    /// Its availabilities.
    pub availabilities: Link,
    /// The SKU itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// A SKU as it can be bought.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    /// Its id, unique in the SKU.
    pub id: String,
    /// The product's id.
    pub product_id: String,
    /// The SKU's id.
    pub sku_id: String,
    /// What carts and orders name: product, SKU and availability with colons between.
    pub catalog_item_id: String,
    /// To whom it is sold.
    pub segment: &'static str,
    /// The country that was asked for.
    pub country: Option<&'static str>,
    /// Always: what is not sold is left out.
    pub is_purchasable: bool,
    /// Whether its term can begin again.
    pub is_renewable: bool,
    /// How long and how often.
    pub terms: Vec<AvailabilityTerm>,
    /// The product.
    pub product: Product,
    /// The SKU.
    pub sku: Sku,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// How long something binds and how often it is charged.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityTerm {
    /// Both in one.
    pub id: String,
    /// An ISO 8601 period.
    pub duration: &'static str,
    /// In words.
    pub description: String,
    /// How often it is charged.
    pub billing_cycle: &'static str,
}
