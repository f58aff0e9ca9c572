//! What is said of carts, orders and subscriptions.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::common::{Attributes, Link, Links};

/// What an order asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderLineItem {
    /// From 0 on.
    pub line_item_number: i64,
    /// The offer's id.
    pub offer_id: String,
    /// What it became.
    pub subscription_id: Uuid,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: &'static str,
    /// Always a new one.
    pub transaction_type: &'static str,
    /// What the program called it, or the offer's name as it was.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// The MPN ID of the partner on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<String>,
    /// Where what it became is.
    pub links: OrderLineItemLinks,
}

/// Where to look from a line item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrderLineItemLinks {
    /// The subscription.
    pub subscription: Link,
}

/// An order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// The same.
    pub alternate_id: Uuid,
    /// The customer.
    pub reference_customer_id: Uuid,
    /// How often it is charged.
    pub billing_cycle: &'static str,
    /// What it asked for.
    pub line_items: Vec<OrderLineItem>,
    /// When it was placed, UTC.
    pub creation_date: DateTime<Utc>,
    /// Always completed: what is placed here is placed.
    pub status: &'static str,
    /// Always a purchase.
    pub transaction_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// A subscription.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub id: Uuid,
    /// The offer's id.
    pub offer_id: String,
    /// The offer's name.
    pub offer_name: String,
    /// What a program called it, or the offer's name.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// What the quantity counts.
    pub unit_type: &'static str,
    /// When it began here, UTC.
    pub creation_date: DateTime<Utc>,
    /// The same.
    pub effective_start_date: DateTime<Utc>,
    /// The last day of its term; far away for what is charged by use.
    pub commitment_end_date: String,
    /// Active or suspended.
    pub status: &'static str,
    /// Whether it renews by itself.
    pub auto_renew_enabled: bool,
    /// By licences or by use.
    pub billing_type: &'static str,
    /// How often it is charged.
    pub billing_cycle: &'static str,
    /// Not known here.
    pub has_purchasable_addons: bool,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// Always a subscription.
    pub contract_type: &'static str,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: &'static str,
    /// The order it came from; none for what was ordered elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<Uuid>,
    /// The MPN ID of the partner on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// Where it is.
    pub links: SubscriptionLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// Where to look from a subscription.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubscriptionLinks {
    /// The offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Link>,
    /// The subscription itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// What a program is about to order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    /// Its id.
    pub id: Uuid,
    /// When it was made, UTC.
    pub creation_timestamp: DateTime<Utc>,
    /// When it was changed last, UTC.
    pub last_modified_timestamp: DateTime<Utc>,
    /// When it can no longer be checked out, UTC.
    pub expiration_timestamp: DateTime<Utc>,
    /// The name of who changed it last.
    pub last_modified_user: String,
    /// Active or Ordered.
    pub status: &'static str,
    /// What is in it.
    pub line_items: Vec<CartLineItem>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// A line of a cart.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartLineItem {
    /// From 0 on.
    pub id: i64,
    /// What is ordered, as the program named it.
    pub catalog_item_id: String,
    /// What the program calls it, or the offer's name.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// How often it is charged.
    pub billing_cycle: &'static str,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: &'static str,
    /// Lines with the same group become one order.
    pub order_group: String,
    /// The partner on record, where there is one.
    pub participants: Vec<Participant>,
}

/// A partner of a line.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Participant {
    /// Always the reseller.
    pub key: &'static str,
    /// The partner's MPN ID.
    pub value: String,
}

/// What became of a subscription.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionProvisioningStatus {
    /// Always success: what is placed here is a subscription at once.
    pub status: &'static str,
    /// Licences.
    pub quantity: i64,
    /// The last day of its term; none for what is charged by use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// What it is.
    pub attributes: Attributes,
}

/// What became of a line of an order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderLineItemProvisioningStatus {
    /// From 0 on.
    pub line_item_number: i64,
    /// Always Fulfilled: what is placed here is a subscription at once.
    pub status: &'static str,
    /// How many licences are in which state.
    pub quantity_provisioning_information: Vec<QuantityProvisioningStatus>,
}

/// How many licences are in a state.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QuantityProvisioningStatus {
    /// Licences.
    pub quantity: i64,
    /// Always Fulfilled.
    pub status: &'static str,
}

/// What checking a cart out came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CartCheckoutResult {
    /// All of its orders.
    pub orders: Vec<Order>,
    /// What it is.
    pub attributes: Attributes,
}
