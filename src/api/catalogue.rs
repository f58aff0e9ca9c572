//! The catalogue: offers as orders name them, and products, SKUs and availabilities as carts do. Below a customer it holds
//! what is sold in the customer's country.

use std::collections::HashSet;

use super::{
    call::{ApiRequest, ApiResponse, PathParameter},
    fault::ApiError,
    wire::{
        Attributes, Availability, AvailabilityTerm, CUSTOMER_AGREEMENT, Collection, ItemType, Link, Links, Offer,
        OfferCategory, OfferProduct, Product, ProductLinks, Sku, SkuLinks,
    },
};
use crate::{
    domain::{
        country::Country,
        order::{Billing, BillingCycle, CatalogueItem, Category, TermDuration},
    },
    store::offers,
};

/// The most offers on a page.
const SIZE_MAX: usize = 1000;

/// `GET offers`, also below a customer: what can be ordered in a country, a page of it where one is asked for.
pub async fn list_offers(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let number = |name: &'static str, least: usize| {
        let text = call.parameter(name).map(str::trim).filter(|text| !text.is_empty());
        let read = |text: &str| text.parse::<usize>().ok().filter(|number| *number >= least);
        text.map(|text| {
            read(text).ok_or_else(|| ApiError::argument(format!("{name} must be a whole number from {least} on.")))
        })
        .transpose()
    };
    let (offset, size) = (number("offset", 0)?.unwrap_or(0), number("size", 1)?.unwrap_or(SIZE_MAX).min(SIZE_MAX));
    let sold = Sold::load(call).await?;
    let category = call.parameter("offer_category_id").filter(|id| !id.is_empty());
    let wanted = |item: &&CatalogueItem| category.is_none_or(|id| item.offer.category.code().eq_ignore_ascii_case(id));
    let items = sold.items.iter().zip(1..).filter(|(item, _)| wanted(item)).skip(offset).take(size);
    ApiResponse::ok(&Collection::of(
        items.map(|(item, rank)| sold.offer(item, rank)).collect(),
        format!("{}/offers", sold.base),
    ))
}

/// `GET offers/{offer}`, also below a customer.
pub async fn get_offer(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let found = CatalogueItem::named(&sold.items, call.part(PathParameter::Offer)).ok_or_else(ApiError::not_found)?;
    let mut ranked = sold.items.iter().zip(1..);
    let (item, rank) = ranked.find(|(item, _)| std::ptr::eq(*item, found)).ok_or_else(ApiError::not_found)?;
    ApiResponse::ok(&sold.offer(item, rank))
}

/// `GET offers/{offer}/addons`: what is an add-on to an offer.
pub async fn list_add_ons(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let of = CatalogueItem::named(&sold.items, call.part(PathParameter::Offer)).ok_or_else(ApiError::not_found)?;
    let id = &of.offer.id;
    let ranked = sold.items.iter().zip(1..).filter(|(item, _)| item.offer.prerequisite_offer_id.as_ref() == Some(id));
    let items = ranked.map(|(item, rank)| sold.offer(item, rank)).collect();
    ApiResponse::ok(&Collection::of(items, format!("/offers/{id}/addons")))
}

/// `GET offercategories`, also below a customer: the groups of what is sold in a country, as the catalogue has them.
pub async fn list_categories(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let mut seen = Vec::new();
    for item in &sold.items {
        if !seen.contains(&item.offer.category) {
            seen.push(item.offer.category);
        }
    }
    let items = seen.into_iter().map(|category| sold.category(category)).collect();
    ApiResponse::ok(&Collection::of(items, format!("{}/offercategories", sold.base)))
}

/// `GET products`, also below a customer.
pub async fn list_products(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let products = first_of_each(sold.complete(), |item| &item.product_id);
    let products = products.into_iter().map(|item| sold.product(item)).collect();
    ApiResponse::ok(&Collection::of(products, format!("{}/products", sold.base)))
}

/// `GET products/{product}`, also below a customer.
pub async fn get_product(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let item = sold.below(call).next().ok_or_else(ApiError::not_found)?;
    ApiResponse::ok(&sold.product(item))
}

/// `GET products/{product}/skus`, also below a customer.
pub async fn list_skus(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let skus = first_of_each(sold.below(call), |item| &item.sku_id);
    let first = skus.first().ok_or_else(ApiError::not_found)?;
    let uri = format!("{}/products/{}/skus", sold.base, first.product_id);
    ApiResponse::ok(&Collection::of(skus.iter().map(|item| sold.sku(item)).collect(), uri))
}

/// `GET products/{product}/skus/{sku}`, also below a customer.
pub async fn get_sku(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let item = sold.below(call).next().ok_or_else(ApiError::not_found)?;
    ApiResponse::ok(&sold.sku(item))
}

/// `GET products/{product}/skus/{sku}/availabilities`, also below a customer.
pub async fn list_availabilities(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let items: Vec<&CatalogueItem> = sold.below(call).collect();
    let first = items.first().ok_or_else(ApiError::not_found)?;
    let uri = format!("{}/products/{}/skus/{}/availabilities", sold.base, first.product_id, first.sku_id);
    ApiResponse::ok(&Collection::of(items.iter().map(|item| sold.availability(item)).collect(), uri))
}

/// `GET products/{product}/skus/{sku}/availabilities/{availability}`, also below a customer.
pub async fn get_availability(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let sold = Sold::load(call).await?;
    let item = sold.below(call).next().ok_or_else(ApiError::not_found)?;
    ApiResponse::ok(&sold.availability(item))
}

/// The first item of each with the same id, in order.
fn first_of_each<'i>(
    items: impl Iterator<Item = &'i CatalogueItem>,
    id: fn(&CatalogueItem) -> &String,
) -> Vec<&'i CatalogueItem> {
    let mut seen = HashSet::new();
    items.filter(|item| seen.insert(id(item))).collect()
}

/// What is sold in a country.
struct Sold {
    items: Vec<CatalogueItem>,
    /// The ids of offers to which others are add-ons.
    with_add_ons: HashSet<String>,
    /// None for a customer whose country is not known.
    country: Option<Country>,
    /// What addresses begin with: nothing, or the customer.
    base: String,
    /// Whether a customer must have accepted the agreement.
    gated: bool,
}

impl Sold {
    async fn load(call: &ApiRequest<'_>) -> Result<Self, ApiError> {
        let mut conn = call.api.db.snapshot().await?;
        let named = call.parameter("country").map(str::trim).filter(|code| !code.is_empty());
        let named = named
            .map(|code| {
                Country::parse(code).ok_or_else(|| ApiError::argument("country must be two letters of ISO 3166."))
            })
            .transpose()?;
        let account = &call.actor.account;
        let (country, base) = if call.path_values.get(PathParameter::Customer).is_some() {
            let customer = call.customer(&mut conn).await?;
            (customer.country, format!("/customers/{}", customer.id))
        } else {
            (Some(named.unwrap_or(account.country)), String::new())
        };
        let mut items = offers::items(&mut conn).await?;
        items.retain(|item| item.offer.is_sold_in(country));
        let with_add_ons = items.iter().filter_map(|item| item.offer.prerequisite_offer_id.clone()).collect();
        Ok(Self { items, with_add_ons, country, base, gated: account.agreements_apply() })
    }

    /// What has a product, a SKU and an availability.
    fn complete(&self) -> impl Iterator<Item = &CatalogueItem> {
        self.items.iter().filter(|item| item.id().is_some())
    }

    /// What lies below the address's product, its SKU and its availability, as far as the address names them.
    fn below<'s>(&'s self, call: &'s ApiRequest<'_>) -> impl Iterator<Item = &'s CatalogueItem> {
        let fits = |parameter, id: &str| call.path_values.get(parameter).is_none_or(|named| named == id);
        self.complete().filter(move |item| {
            fits(PathParameter::Product, &item.product_id)
                && fits(PathParameter::Sku, &item.sku_id)
                && fits(PathParameter::Availability, &item.availability_id)
        })
    }

    fn code(&self) -> Option<&'static str> {
        self.country.map(Country::code)
    }

    fn offer(&self, item: &CatalogueItem, rank: usize) -> Offer {
        let offer = &item.offer;
        let known = |id: &str| if id.is_empty() { offer.id.clone() } else { id.to_owned() };
        Offer {
            id: offer.id.clone(),
            name: offer.name.clone(),
            description: offer.name.clone(),
            minimum_quantity: offer.minimum_quantity,
            maximum_quantity: offer.maximum_quantity,
            rank,
            locale: LOCALE,
            country: self.code(),
            category: self.category(offer.category),
            prerequisite_offers: offer.prerequisite_offer_id.iter().cloned().collect(),
            is_add_on: offer.prerequisite_offer_id.is_some(),
            has_add_ons: self.with_add_ons.contains(&offer.id),
            is_available_for_purchase: true,
            billing: offer.billing.code(),
            supported_billing_cycles: cycles(&offer.billing_cycles),
            is_auto_renewable: offer.billing == Billing::License,
            is_trial: false,
            product: OfferProduct { id: known(&item.product_id), name: offer.name.clone(), unit: unit(offer.billing) },
            unit_type: unit(offer.billing),
            links: Links::this(format!("{}/offers/{}", self.base, offer.id)),
            attributes: Attributes::of("Offer"),
        }
    }

    fn category(&self, category: Category) -> OfferCategory {
        OfferCategory {
            id: category.code(),
            name: category.code(),
            rank: 1,
            locale: LOCALE,
            country: self.code(),
            attributes: Attributes::of("OfferCategory"),
        }
    }

    /// The product of an item. The catalogue has no other name for it than the first offer's.
    fn product(&self, item: &CatalogueItem) -> Product {
        let uri = format!("{}/products/{}", self.base, item.product_id);
        Product {
            id: item.product_id.clone(),
            title: item.offer.name.clone(),
            description: item.offer.name.clone(),
            product_type: ItemType { id: "OnlineServicesNCE", display_name: "OnlineServicesNCE" },
            is_microsoft_product: true,
            publisher_name: "Microsoft",
            links: ProductLinks { skus: Link::to(format!("{uri}/skus")), this: Link::to(uri) },
            attributes: Attributes::of("Product"),
        }
    }

    fn sku(&self, item: &CatalogueItem) -> Sku {
        let uri = format!("{}/products/{}/skus/{}", self.base, item.product_id, item.sku_id);
        Sku {
            id: item.sku_id.clone(),
            product_id: item.product_id.clone(),
            title: item.offer.name.clone(),
            description: item.offer.name.clone(),
            minimum_quantity: item.offer.minimum_quantity,
            maximum_quantity: item.offer.maximum_quantity,
            is_trial: false,
            supported_billing_cycles: cycles(&item.offer.billing_cycles),
            purchase_prerequisites: if self.gated { vec![CUSTOMER_AGREEMENT] } else { Vec::new() },
            inventory_variables: Vec::new(),
            provisioning_variables: Vec::new(),
            links: SkuLinks { availabilities: Link::to(format!("{uri}/availabilities")), this: Link::to(uri) },
            attributes: Attributes::of("Sku"),
        }
    }

    fn availability(&self, item: &CatalogueItem) -> Availability {
        let CatalogueItem { offer, product_id, sku_id, availability_id } = item;
        let uri = format!("{}/products/{product_id}/skus/{sku_id}/availabilities/{availability_id}", self.base);
        let terms = offer.term_durations.iter().flat_map(|term| {
            offer.billing_cycles.iter().map(|cycle| AvailabilityTerm {
                id: format!("{}-{}", term.code(), cycle.code()),
                duration: term.code(),
                description: describe(*term, *cycle),
                billing_cycle: cycle.code(),
            })
        });
        Availability {
            id: availability_id.clone(),
            product_id: product_id.clone(),
            sku_id: sku_id.clone(),
            catalog_item_id: item.id().expect("only items with all three ids are availabilities"),
            segment: offer.segment.code(),
            country: self.code(),
            is_purchasable: true,
            is_renewable: offer.billing == Billing::License,
            terms: terms.collect(),
            product: self.product(item),
            sku: self.sku(item),
            links: Links::this(uri),
            attributes: Attributes::of("Availability"),
        }
    }
}

/// The language of the catalogue's names; they are as Microsoft writes them.
const LOCALE: &str = "en-US";

fn unit(billing: Billing) -> &'static str {
    match billing {
        Billing::License => "Licenses",
        Billing::Usage => "Usage",
    }
}

fn cycles(cycles: &[BillingCycle]) -> Vec<&'static str> {
    cycles.iter().map(|cycle| cycle.code()).collect()
}

fn describe(term: TermDuration, cycle: BillingCycle) -> String {
    let term = match term {
        TermDuration::Month => "One month",
        TermDuration::Year => "One year",
        TermDuration::ThreeYears => "Three years",
    };
    format!("{term}, charged {}", if cycle == BillingCycle::Monthly { "every month" } else { "every year" })
}
