//! The table of all operations, one row each: method, path, permission, caller, summary, query, body, status, answer and
//! handler. Requests are routed by it, and [`super::openapi`] describes the API from it.

use std::sync::LazyLock;

use actix_web::http::Method;
use schemars::SchemaGenerator;

use super::{
    agreements, audit_records,
    bodies::{
        Address, BillingProfileChange, BulkAttestation, CartContents, NewAgreement, NewCustomer, NewOrder,
        NewQualification, QualificationCode, RelationshipChange, SubscriptionChange,
    },
    bulk,
    call::{Body, CallerKind, Operation, Parameter, PathParameter, PathValues},
    carts, catalogue, compliance, customers, new_customer, orders, partner, profiles, qualifications,
    reader::IfObject,
    relationships, subscriptions, validations,
    wire::{self, Collection},
};
use crate::domain::role::Permission;

macro_rules! parameters {
    ($($const:ident $place:ident $name:literal $kind:literal $description:literal;)+) => {
        $(const $const: Parameter =
            Parameter { name: $name, place: stringify!($place), kind: $kind, description: $description };)+
    };
}
parameters! {
    AGREEMENT_TYPE query "agreementType" "string"
        "MicrosoftCustomerAgreement, the one type there is; MicrosoftCloudAgreement was retired. Left out, or *, it means \
         every type.";
    AUDIT_FILTER query "filter" "string"
        "JSON: {\"Field\":\"CustomerId\", \"CompanyName\" or \"ResourceType\",\"Value\":…,\"Operator\":…}: equals, of \
         CompanyName substring";
    AUDIT_SEEK query "seekOperation" "string" "Next or First; the header MS-ContinuationToken says from where.";
    AUDIT_SIZE query "size" "integer" "Records on a page: 1 to 500, 500 when left out.";
    CONTINUATION_TOKEN header "MS-ContinuationToken" "string"
        "From where the page goes on: continuationToken of the answer before.";
    CONTINUATION_TOKEN_PARAMETER query "continuation_token" "string" "continuationToken of the answer before.";
    END_DATE query "endDate" "string" "The last day, such as 2026-11-21; today when left out.";
    PARTNER_MPN_ID query "mpn_id" "string" "Only what has this partner on record.";
    RELATIONSHIP_TYPE query "relationship_type" "string"
        "IsIndirectCloudSolutionProviderOf for indirect resellers, or IsIndirectResellerOf.";
    START_DATE query "startDate" "string"
        "The first day, at most 90 days ago; 30 days before the last one when left out.";
    COUNTRY query "country" "string" "Two letters; left out it is the account's country.";
    FILTER query "filter" "string"
        "JSON: {\"Field\":\"CompanyName\", \"Domain\", \"IndirectReseller\" or \"IndirectCloudSolutionProvider\",\"Value\":…,\
         \"Operator\":\"starts_with\"}";
    LANGUAGE query "language" "string" "A culture such as nl-NL; en-US where it is not offered.";
    MPN_ID query "mpnId" "string" "The reseller's MPN ID; or tenantId.";
    OFFERS_SIZE query "size" "integer" "The most offers, up to 1,000.";
    OFFER_CATEGORY_ID query "offer_category_id" "string" "Only offers of this category.";
    OFFSET query "offset" "integer" "How many offers to leave out at the beginning.";
    ORDER_ID query "order_id" "string" "Only what came of this order.";
    SEEK_OPERATION query "seekOperation" "string"
        "Next, Previous, First or Last; the header MS-ContinuationToken says from where.";
    SIZE query "size" "integer" "Customers on a page: 1 to 500, 500 when left out; 0 is up to 10,000.";
    TENANT_ID query "tenantId" "string" "The reseller's tenant; or mpnId.";
    TEXT_COUNTRY query "country" "string" "Two upper-case letters; US when left out.";
}

macro_rules! schema_of {
    () => {
        None
    };
    ($type:ty) => {
        Some(SchemaGenerator::subschema_for::<$type>)
    };
}

macro_rules! operations {
    ($($method:ident $path:literal $permission:ident $caller:ident $summary:literal
        [$($parameter:expr),*] $(body $body:ty,)? $status:literal $($answer:ty)? => $handler:path;)+) => {
        /// Every operation.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            method: Method::$method,
            path: $path,
            permission: Permission::$permission,
            caller: CallerKind::$caller,
            summary: $summary,
            parameters: &[$($parameter),*],
            body: schema_of!($($body)?),
            status: $status,
            answer: schema_of!($($answer)?),
            run: |call| Box::pin($handler(call $(, Body::<$body>::of(call))?)),
        }),+];
    };
}
operations! {
    GET "agreements" ViewCustomers UserIfConfigured "The text that customers accept now"
        [AGREEMENT_TYPE] 200 Collection<wire::AgreementMetaData> => agreements::metadata;
    GET "agreementtemplates/{template}/document" ViewCustomers UserIfConfigured "Where a text can be read"
        [LANGUAGE, TEXT_COUNTRY] 200 wire::AgreementDocument => agreements::document;
    GET "auditrecords" Administer Either
        "What happened in the account, newest first; reading it is recorded in the log"
        [START_DATE, END_DATE, AUDIT_FILTER, AUDIT_SIZE, AUDIT_SEEK, CONTINUATION_TOKEN]
        200 Collection<wire::AuditRecord> => audit_records::list;
    GET "compliance/csp/agreementstatus" ViewCustomers UserIfConfigured "Whether an indirect reseller signed its own agreement"
        [MPN_ID, TENANT_ID] 200 wire::AgreementStatus => compliance::agreement_status;
    GET "countryvalidationrules/{country}" ViewCustomers Either "What a country asks of a company"
        [] 200 wire::CountryValidationRules => validations::country_rules;
    POST "createbulkreattestation" ConfirmAcceptance UserIfConfigured
        "Confirm for many customers, up to 1,000; the answer says of each what became of it"
        [] body Vec<BulkAttestation>, 200 Collection<wire::BulkAttestationResult> => bulk::attest;
    GET "customers" ViewCustomers Either "A page of customers"
        [SIZE, FILTER, SEEK_OPERATION, CONTINUATION_TOKEN] 200 Collection<wire::Customer> => customers::list;
    POST "customers" EditCustomers Either "Create a customer; only this answer has the administrator's password"
        [] body NewCustomer, 201 wire::Customer => new_customer::create;
    GET "customers/relationshiprequests" ViewCustomers Either "Where a customer accepts the partner as its reseller"
        [] 200 wire::RelationshipRequest => relationships::request;
    DELETE "customers/{customer}" EditCustomers Either
        "Delete a customer of a sandbox; what was recorded for it stays in the audit trail"
        [] 204 => relationships::delete;
    GET "customers/{customer}" ViewCustomers Either "All that is known of a customer"
        [] 200 wire::Customer => customers::get;
    PATCH "customers/{customer}" EditCustomers Either
        "End the relationship with a customer who has no active subscription"
        [] body RelationshipChange, 200 wire::Customer => relationships::change;
    GET "customers/{customer}/agreements" ViewCustomers UserIfConfigured
        "What is confirmed for a customer, newest first"
        [AGREEMENT_TYPE] 200 Collection<wire::Agreement> => agreements::list;
    POST "customers/{customer}/agreements" ConfirmAcceptance UserIfConfigured
        "Confirm that a customer accepted the agreement"
        [] body NewAgreement, 201 wire::Agreement => agreements::confirm;
    POST "customers/{customer}/carts" PlaceOrders Either "Make a cart"
        [] body CartContents, 201 wire::Cart => carts::create;
    GET "customers/{customer}/carts/{cart}" ViewCustomers Either "A cart"
        [] 200 wire::Cart => carts::get;
    PUT "customers/{customer}/carts/{cart}" PlaceOrders Either "Replace the line items of a cart"
        [] body CartContents, 200 wire::Cart => carts::put;
    POST "customers/{customer}/carts/{cart}/checkout" PlaceOrders Either
        "Place the orders of a cart, all or none; 403 with code 13605 while the agreement is not accepted"
        [] 201 wire::CartCheckoutResult => carts::check_out;
    GET "customers/{customer}/directsignedmicrosoftcustomeragreementstatus" ViewCustomers UserIfConfigured
        "Whether a customer accepted with Microsoft itself"
        [] 200 wire::DirectSignedStatus => agreements::direct_status;
    GET "customers/{customer}/offercategories" ViewCustomers Either "The groups of what can be ordered in a country"
        [COUNTRY] 200 Collection<wire::OfferCategory> => catalogue::list_categories;
    GET "customers/{customer}/offers" ViewCustomers Either "What can be ordered in a country"
        [COUNTRY, OFFER_CATEGORY_ID, OFFSET, OFFERS_SIZE] 200 Collection<wire::Offer> => catalogue::list_offers;
    GET "customers/{customer}/offers/{offer}" ViewCustomers Either "An offer"
        [COUNTRY] 200 wire::Offer => catalogue::get_offer;
    GET "customers/{customer}/orders" ViewCustomers Either "What a customer has ordered, the oldest first"
        [] 200 Collection<wire::Order> => orders::list;
    POST "customers/{customer}/orders" PlaceOrders Either
        "Place an order; 403 with code 13605 while the agreement is not accepted"
        [] body NewOrder, 201 wire::Order => orders::place;
    GET "customers/{customer}/orders/{order}" ViewCustomers Either "An order"
        [] 200 wire::Order => orders::get;
    GET "customers/{customer}/orders/{order}/provisioningstatus" ViewCustomers Either
        "What became of the lines of an order"
        [] 200 Collection<wire::OrderLineItemProvisioningStatus> => orders::provisioning_status;
    GET "customers/{customer}/products" ViewCustomers Either "Products sold in a country"
        [COUNTRY] 200 Collection<wire::Product> => catalogue::list_products;
    GET "customers/{customer}/products/{product}" ViewCustomers Either "A product"
        [COUNTRY] 200 wire::Product => catalogue::get_product;
    GET "customers/{customer}/products/{product}/skus" ViewCustomers Either "The SKUs of a product"
        [COUNTRY] 200 Collection<wire::Sku> => catalogue::list_skus;
    GET "customers/{customer}/products/{product}/skus/{sku}" ViewCustomers Either "A SKU"
        [COUNTRY] 200 wire::Sku => catalogue::get_sku;
    GET "customers/{customer}/products/{product}/skus/{sku}/availabilities" ViewCustomers Either
        "How a SKU can be bought" [COUNTRY] 200 Collection<wire::Availability> => catalogue::list_availabilities;
    GET "customers/{customer}/products/{product}/skus/{sku}/availabilities/{availability}" ViewCustomers Either
        "A SKU as it can be bought" [COUNTRY] 200 wire::Availability => catalogue::get_availability;
    GET "customers/{customer}/profiles/billing" ViewCustomers Either "Whom a customer's bills are for"
        [] 200 wire::BillingProfile => profiles::get_billing;
    PUT "customers/{customer}/profiles/billing" EditCustomers Either
        "Change whom a customer's bills are for; what is left out stays"
        [] body BillingProfileChange, 200 wire::BillingProfile => profiles::put_billing;
    GET "customers/{customer}/profiles/company" ViewCustomers Either "A customer's company"
        [] 200 wire::CompanyProfile => profiles::get_company;
    GET "customers/{customer}/qualification" ViewCustomers Either "What a customer qualifies for, as one word"
        [] 200 String => qualifications::get;
    PUT "customers/{customer}/qualification" EditCustomers Either
        "Say what a customer qualifies for, by a word or its number"
        [] body QualificationCode, 200 String => qualifications::put;
    GET "customers/{customer}/qualifications" ViewCustomers Either "What a customer qualifies for"
        [] 200 Vec<wire::Qualification> => qualifications::list;
    POST "customers/{customer}/qualifications" EditCustomers Either "Say what a customer qualifies for"
        [] body IfObject<NewQualification>, 201 wire::Qualification => qualifications::create;
    GET "customers/{customer}/relationships" ViewCustomers Either "The indirect reseller who sells to a customer"
        [] 200 Collection<wire::PartnerRelationship> => relationships::of_customer;
    GET "customers/{customer}/subscriptions" ViewCustomers Either "What a customer has"
        [ORDER_ID, PARTNER_MPN_ID] 200 Collection<wire::Subscription> => subscriptions::list;
    GET "customers/{customer}/subscriptions/{subscription}" ViewCustomers Either "A subscription"
        [] 200 wire::Subscription => subscriptions::get;
    PATCH "customers/{customer}/subscriptions/{subscription}" PlaceOrders Either
        "Change quantity, status, autoRenewEnabled, friendlyName or partnerId, one at a time"
        [] body SubscriptionChange, 200 wire::Subscription => subscriptions::change;
    GET "customers/{customer}/subscriptions/{subscription}/addons" ViewCustomers Either
        "What a customer has of the add-ons to the offer of a subscription"
        [] 200 Collection<wire::Subscription> => subscriptions::add_ons;
    GET "customers/{customer}/subscriptions/{subscription}/provisioningstatus" ViewCustomers Either
        "What became of a subscription"
        [] 200 wire::SubscriptionProvisioningStatus => subscriptions::provisioning_status;
    HEAD "domains/{domain}" ViewCustomers Either
        "Whether a customer has a domain: 200 when one has, 404 when it is free" [] 200 => validations::domain;
    GET "offercategories" ViewCustomers Either "The groups of what can be ordered in a country"
        [COUNTRY] 200 Collection<wire::OfferCategory> => catalogue::list_categories;
    GET "offers" ViewCustomers Either "What can be ordered in a country"
        [COUNTRY, OFFER_CATEGORY_ID, OFFSET, OFFERS_SIZE] 200 Collection<wire::Offer> => catalogue::list_offers;
    GET "offers/{offer}" ViewCustomers Either "An offer"
        [COUNTRY] 200 wire::Offer => catalogue::get_offer;
    GET "offers/{offer}/addons" ViewCustomers Either "The add-ons to an offer"
        [COUNTRY] 200 Collection<wire::Offer> => catalogue::list_add_ons;
    GET "partners/customeragreementrecords" ViewCustomers UserIfConfigured "What is recorded of every customer"
        [CONTINUATION_TOKEN_PARAMETER] 200 wire::CustomerAgreementRecords => bulk::records;
    GET "products" ViewCustomers Either "Products sold in a country"
        [COUNTRY] 200 Collection<wire::Product> => catalogue::list_products;
    GET "products/{product}" ViewCustomers Either "A product"
        [COUNTRY] 200 wire::Product => catalogue::get_product;
    GET "products/{product}/skus" ViewCustomers Either "The SKUs of a product"
        [COUNTRY] 200 Collection<wire::Sku> => catalogue::list_skus;
    GET "products/{product}/skus/{sku}" ViewCustomers Either "A SKU"
        [COUNTRY] 200 wire::Sku => catalogue::get_sku;
    GET "products/{product}/skus/{sku}/availabilities" ViewCustomers Either "How a SKU can be bought"
        [COUNTRY] 200 Collection<wire::Availability> => catalogue::list_availabilities;
    GET "products/{product}/skus/{sku}/availabilities/{availability}" ViewCustomers Either "A SKU as it can be bought"
        [COUNTRY] 200 wire::Availability => catalogue::get_availability;
    GET "profiles/billing" ViewCustomers Either "Whom the partner's bills are for"
        [] 200 wire::PartnerBillingProfile => partner::billing;
    GET "profiles/legalbusiness" ViewCustomers Either "The partner as a legal person"
        [] 200 wire::LegalBusinessProfile => partner::legal_business;
    GET "profiles/mpn" ViewCustomers Either "The partner in the Microsoft partner network"
        [] 200 wire::MpnProfile => partner::mpn;
    GET "profiles/organization" ViewCustomers Either "The partner's organization"
        [] 200 wire::OrganizationProfile => partner::organization;
    GET "profiles/support" ViewCustomers Either "Where customers get help from the partner"
        [] 200 wire::SupportProfile => partner::support;
    GET "relationships" ViewCustomers Either "The partner's relationships with other partners"
        [RELATIONSHIP_TYPE] 200 Collection<wire::PartnerRelationship> => relationships::of_partner;
    POST "validations/address" ViewCustomers Either "Whether an address could be one of its country"
        [] body Address, 200 wire::AddressValidation => validations::address;
}

/// The most segments of a path.
const SEGMENTS_MAX: usize = 8;

/// A segment of an operation's path.
enum Segment {
    Word(&'static str),
    Parameter(PathParameter),
}

/// An operation with the segments of its path.
struct Route {
    operation: &'static Operation,
    segments: Vec<Segment>,
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let segment = |text: &'static str| PathParameter::of_segment(text).map_or(Segment::Word(text), Segment::Parameter);
    let route =
        |operation: &'static Operation| Route { operation, segments: operation.path.split('/').map(segment).collect() };
    OPERATIONS.iter().map(route).collect()
});

impl Route {
    /// The values of the parameters, where the segments fit.
    fn values<'p>(&self, given: &[&'p str]) -> Option<PathValues<'p>> {
        let mut values = PathValues::default();
        if self.segments.len() != given.len() {
            return None;
        }
        for (segment, given) in self.segments.iter().zip(given) {
            match segment {
                Segment::Word(word) if word.eq_ignore_ascii_case(given) => {}
                Segment::Word(_) => return None,
                Segment::Parameter(parameter) => values.set(*parameter, given),
            }
        }
        Some(values)
    }
}

/// The operation that a method and a path mean, with the values of the path's parameters. Words fold case, and slashes may
/// be doubled or stand at the end.
pub fn find<'p>(method: &Method, path: &'p str) -> Option<(&'static Operation, PathValues<'p>)> {
    let mut segments = [""; SEGMENTS_MAX];
    let mut count = 0;
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        *segments.get_mut(count)? = segment;
        count += 1;
    }
    let given = &segments[..count];
    let mut routes = ROUTES.iter().filter(|route| route.operation.method == *method);
    routes.find_map(|route| Some((route.operation, route.values(given)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_in_any_case_and_with_any_slashes() {
        let id = "0F8FAD5B-D9CB-469F-A165-70867728950E";
        for path in [
            format!("customers/{id}/agreements"),
            format!("/Customers/{id}/AGREEMENTS"),
            format!("//customers//{id}/agreements/"),
        ] {
            let (operation, values) = find(&Method::GET, &path).unwrap();
            assert_eq!(operation.path, "customers/{customer}/agreements", "{path}");
            assert_eq!(values.get(PathParameter::Customer), Some(id), "{path}");
            assert_eq!(values.get(PathParameter::Order), None, "{path}");
        }
    }

    #[test]
    fn every_operation_is_found_at_its_own_path() {
        for operation in OPERATIONS {
            let (found, _) = find(&operation.method, operation.path).unwrap();
            assert_eq!((&found.method, found.path), (&operation.method, operation.path));
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (method, path) in [
            (Method::GET, ""),
            (Method::GET, "customers/1/agreements/2"),
            (Method::GET, "customers/1/2/3/4/5/6/7/8/9/10"),
            (Method::DELETE, "agreements"),
            (Method::HEAD, "agreements"),
            (Method::GET, "devices"),
        ] {
            assert!(find(&method, path).is_none(), "{method} {path}");
        }
    }
}
