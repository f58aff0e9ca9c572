//! Programs that create customers, and what they look up before.

use chrono::TimeDelta;
use countersign::{
    actions::import_indirect_resellers,
    domain::{
        actor::Actor,
        audit::Action,
        list_columns::ReadOptions,
        partner_account::{PartnerAccount, PartnerType},
        reseller_file,
        role::Role,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, answer, with};
use crate::{on_both_databases, on_sqlite, support::Portal};

/// A customer as the documentation writes one.
pub(super) fn customer() -> Value {
    json!({
        "companyProfile": { "domain": "contoso.onmicrosoft.com" },
        "billingProfile": {
            "culture": "EN-US",
            "email": "noor@contoso.example",
            "language": "En",
            "companyName": "Contoso",
            "defaultAddress": {
                "firstName": "Noor", "lastName": "’t Hart", "addressLine1": "4567 Main Ave", "city": "Redmond",
                "state": "WA", "postalCode": "98052", "country": "US", "phoneNumber": "425-555-0101",
            },
        },
    })
}

async fn customer_of(portal: &Portal) -> Uuid {
    let mut conn = portal.db.read().await.expect("a reader");
    let (id,): (Uuid,) = crate::support::sql(&mut conn, "SELECT id FROM customers").one().await.expect("a customer");
    id
}

async fn customers(portal: &Portal) -> i64 {
    portal.events(Action::CustomerCreated).await
}

on_both_databases! {
    async fn a_program_creates_a_customer_and_learns_the_password_once(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let made = program.post("/v1/customers", &customer()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let made = made.json();
        let id = made["id"].as_str().expect("an id").to_owned();
        assert_eq!((&made["commerceId"], &made["companyProfile"]["tenantId"]), (&made["id"], &made["id"]));
        assert_eq!(made["billingProfile"]["culture"], "en-US");
        assert_eq!(made["userCredentials"]["userName"], "admin");
        let password = made["userCredentials"]["password"].as_str().expect("a text").to_owned();
        assert_eq!(password.chars().count(), 16);
        let read = program.get(&format!("/v1/customers/{id}")).await;
        assert!(!read.text.contains(&password) && read.json().get("userCredentials").is_none());
        assert_eq!(read.json()["billingProfile"], made["billingProfile"]);

        // In the pages it is like any other, and not confirmed.
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{id}/account")).await;
        assert!(page.body.contains("4567 Main Ave") && page.body.contains("Not confirmed"), "{}", page.body);
        let history = sales.get(&format!("/customers/{id}/history")).await.body;
        assert!(history.contains("Billing"), "the program's name: {history}");
        portal.assert_sound().await;
    }

    async fn a_customer_of_a_program_is_what_the_pages_make_of_the_same_entries(portal) {
        let sales = portal.signed_in("sales").await;
        let draft = sales.draft().await;
        let skipped = sales.form(&format!("/customers/new/{draft}/subscriptions")).await.with("skip", "on");
        let review = sales.submit(&skipped).await.location();
        assert_eq!(sales.submit(&sales.form(&review).await).await.status, 303);
        let program = Program::of(portal, Role::SalesAgent).await;
        let body = json!({
            "companyProfile": { "domain": "woodgrovetoo.onmicrosoft.com" },
            "billingProfile": { "companyName": "Woodgrove B.V.", "email": "noor@woodgrove.example", "defaultAddress": {
                "country": "NL", "addressLine1": "Kerkstraat 1", "postalCode": "1017 GC", "city": "Amsterdam", "firstName": "Noor", "lastName": "’t Hart",
            } },
        });
        assert_eq!(program.post("/v1/customers", &body).await.status, 201);

        let mut conn = portal.db.read().await.expect("a reader");
        let rows: Vec<(String, String, String, String, String, String)> = crate::support::sql(&mut conn, "SELECT company_name || '|' || country || '|' || COALESCE(state, '-'), address_line1 || '|' || COALESCE(address_line2, '-'), \
                 city || '|' || postal_code, culture || '|' || COALESCE(organization_registration_number, '-'), \
                 contact_first_name || '|' || contact_last_name || '|' || contact_email || '|' || COALESCE(contact_phone_number, '-'), \
                 name_fold || '|' || COALESCE(associated_partner_id, '-') FROM customers ORDER BY created_at, seq",
            )
            .all()
            .await
            .expect("rows");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0], rows[1]);
        let details: Vec<(String,)> = crate::support::sql(&mut conn, "SELECT detail FROM audit_log WHERE action = 'customer_created' ORDER BY seq")
            .all()
            .await
            .expect("entries");
        let [page, api] = [0, 1].map(|place| details[place].0.replace("woodgrovetoo", "woodgrove"));
        assert_eq!(page, api);
    }

    async fn the_same_request_creates_one_customer_and_says_the_password_again(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let send = async |body: Value| {
            let request = program.request("POST", "/v1/customers").header("content-type", "application/json");
            answer(request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645").body(body.to_string())).await
        };
        let first = send(customer()).await;
        for _ in 0..4 {
            let again = send(customer()).await;
            assert_eq!((again.status, again.json()), (201, first.json()));
        }
        assert_eq!(customers(portal).await, 1);
        send(with(customer(), "/billingProfile/companyName", json!("Fabrikam"))).await.assert_fault(400, 3000, "MS-RequestId");
        // A request of its own is another customer, whose domain is taken.
        program.post("/v1/customers", &customer()).await.assert_fault(400, 3000, "companyProfile.domain");
        assert_eq!(customers(portal).await, 1);
    }

    async fn after_a_day_a_request_is_a_new_one_and_the_password_is_forgotten(portal) {
        let mut program = Program::of(portal, Role::SalesAgent).await;
        let send = async |program: &Program| {
            let request = program.request("POST", "/v1/customers").header("content-type", "application/json");
            answer(request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645").body(customer().to_string())).await
        };
        assert_eq!(send(&program).await.status, 201);
        let kept = async || {
            let mut conn = portal.db.read().await.expect("a reader");
            let rows: Vec<(String,)> = crate::support::sql(&mut conn, "SELECT outcome FROM idempotency_keys").all().await.expect("rows");
            rows.len()
        };
        assert_eq!(kept().await, 1);
        portal.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
        program.renew(portal.account.id).await;
        countersign::app::purge(&portal.db).await.expect("a purge");
        assert_eq!(kept().await, 0);
        send(&program).await.assert_fault(400, 3000, "companyProfile.domain");
    }

    async fn a_request_id_that_is_a_day_old_means_nothing_any_more(portal) {
        let mut program = Program::of(portal, Role::SalesAgent).await;
        let confirm = async |program: &Program, body: &Value| {
            let path = super::agreements_of(customer_of(portal).await);
            let request = program.request("POST", &path).header("content-type", "application/json");
            answer(request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645").body(body.to_string())).await
        };
        portal.add_customer("Contoso").await;
        let first = super::confirmation();
        assert_eq!(confirm(&program, &first).await.status, 201);
        let other = with(first, "/primaryContact/firstName", json!("Bea"));
        confirm(&program, &other).await.assert_fault(400, 3000, "MS-RequestId");
        portal.clock.advance(TimeDelta::hours(24) + TimeDelta::seconds(1));
        program.renew(portal.account.id).await;
        assert_eq!(confirm(&program, &other).await.status, 201);
    }
}

on_sqlite! {
    async fn names_in_any_case_and_nulls_create_a_customer_too(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let body = r#"{"Id":null,"CommerceId":null,"CompanyProfile":{"TenantId":null,"Domain":"fabrikam.onmicrosoft.com","CompanyName":null,
            "OrganizationRegistrationNumber":null,"Links":null,"Attributes":{"Etag":null,"ObjectType":"CustomerCompanyProfile"}},
            "BillingProfile":{"Id":null,"FirstName":null,"LastName":null,"Email":"joe@fabrikam.example","Culture":"nl-NL","Language":"Nl",
            "CompanyName":"Fabrikam","DefaultAddress":{"Country":"NL","Region":null,"City":"Delft","State":null,"AddressLine1":"Markt 1",
            "AddressLine2":null,"PostalCode":"2611gp","FirstName":"Joep","LastName":"Smit","PhoneNumber":null},"Links":null},
            "RelationshipToPartner":"none","AllowDelegatedAccess":null,"UserCredentials":null,"AssociatedPartnerId":null}"#;
        let made = program.post_text("/v1/customers", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.json()["billingProfile"]["defaultAddress"]["postalCode"], "2611 GP");
    }

    async fn what_is_wrong_with_a_customer_is_named_and_nothing_is_written(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let address = "/billingProfile/defaultAddress";
        for (path, value, code, names) in [
            ("/companyProfile/domain".to_owned(), json!("con toso"), 3000, "companyProfile.domain"),
            ("/companyProfile/domain".to_owned(), json!("contoso.example"), 3000, "companyProfile.domain"),
            ("/companyProfile/domain".to_owned(), Value::Null, 3000, "companyProfile.domain is missing"),
            ("/companyProfile".to_owned(), json!([]), 3000, "companyProfile must be an object"),
            ("/billingProfile/email".to_owned(), json!("noor@"), 3000, "billingProfile.email"),
            ("/billingProfile/culture".to_owned(), json!("xx-XX"), 3000, "billingProfile.culture"),
            ("/billingProfile/companyName".to_owned(), json!(7), 3000, "billingProfile.companyName must be a string"),
            ("/billingProfile".to_owned(), Value::Null, 3000, "billingProfile.companyName is missing"),
            (format!("{address}/country"), json!("XX"), 3000, "billingProfile.defaultAddress.country"),
            (format!("{address}/state"), json!("ZZ"), 3000, "billingProfile.defaultAddress.state"),
            (format!("{address}/postalCode"), json!(""), 3000, "billingProfile.defaultAddress.postalCode"),
            (format!("{address}/addressLine1"), json!("x".repeat(201)), 3000, "200"),
            (format!("{address}/firstName"), json!("a\u{202e}b"), 3000, "billingProfile.defaultAddress.firstName"),
        ] {
            program.post("/v1/customers", &with(customer(), &path, value)).await.assert_fault(400, code, names);
        }
        let hungarian = with(customer(), address, json!({
            "firstName": "Anna", "lastName": "Nagy", "addressLine1": "Fő utca 1", "city": "Budapest", "postalCode": "1011", "country": "HU",
        }));
        program.post("/v1/customers", &hungarian).await.assert_fault(400, 600_049, "companyProfile.organizationRegistrationNumber");
        let mut with_number = hungarian.clone();
        with_number["companyProfile"]["organizationRegistrationNumber"] = json!("x");
        program.post("/v1/customers", &with_number).await.assert_fault(400, 600_050, "as in the country");
        let rules = program.get("/v1/countryvalidationrules/HU").await.json();
        with_number["companyProfile"]["organizationRegistrationNumber"] = rules["customerOrganizationRegistrationNumberSample"].clone();
        program.post("/v1/customers", &with_number).await.assert_fault(400, 600_051, "phoneNumber");
        program.post("/v1/customers", &json!([])).await.assert_fault(400, 3000, "object");
        assert_eq!(customers(portal).await, 0);
    }
}

on_both_databases! {
    async fn a_domain_is_taken_or_free(portal) {
        portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::Manager).await;
        for (path, status) in [
            ("/v1/domains/contoso.onmicrosoft.com", 200), ("/v1/Domains/CONTOSO.onmicrosoft.com", 200),
            ("/v1/domains/fabrikam.onmicrosoft.com", 404), ("/v1/domains/x", 400),
        ] {
            let given = answer(program.request("HEAD", path)).await;
            assert_eq!((given.status, given.text.as_str()), (status, ""), "{path}");
        }
    }
}

on_sqlite! {
    async fn a_country_says_what_it_asks_for(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let american = program.get("/v1/countryvalidationrules/us").await.json();
        assert_eq!((&american["iso2Code"], &american["isStateRequired"]), (&json!("US"), &json!(true)));
        assert!(american["supportedStatesList"].as_array().is_some_and(|states| states.contains(&json!("WA"))));
        assert_eq!(american["countryCallingCodesList"], json!(["1"]));
        let hungarian = program.get("/v1/countryvalidationrules/HU").await.json();
        assert_eq!(hungarian["customerOrganizationRegistrationNumberRequired"], true);
        assert_eq!(hungarian["customerOrganizationRegistrationNumberRegex"], "^.{5,22}$");
        for (country, required, sample) in [("BR", true, json!("01.234.456/5432-10")), ("IQ", true, json!(null)), ("NL", false, json!(null))] {
            let rules = program.get(&format!("/v1/countryvalidationrules/{country}")).await.json();
            assert_eq!(rules["customerOrganizationRegistrationNumberRequired"], required, "{country}");
            assert_eq!(rules["customerOrganizationRegistrationNumberSample"], sample, "{country}");
        }
        for (country, cultures) in [
            ("GB", json!(["en-GB", "en-US"])), ("PT", json!(["pt-PT", "en-US"])), ("BE", json!(["fr-BE", "nl-BE", "en-US"])),
            ("US", json!(["en-US", "es-US"])), ("RS", json!(["sr-Latn-RS", "sr-Cyrl-RS", "en-US"])), ("AQ", json!(["en-US"])),
        ] {
            let rules = program.get(&format!("/v1/countryvalidationrules/{country}")).await.json();
            assert_eq!((&rules["defaultCulture"], &rules["supportedCulturesList"]), (&cultures[0], &cultures), "{country}");
        }
        assert_eq!((&hungarian["defaultCulture"], &hungarian["supportedLanguagesList"]), (&json!("hu-HU"), &json!(["en", "hu"])));
        assert_eq!(hungarian["attributes"], json!({ "objectType": "CountryValidationRules" }));
        program.get("/v1/countryvalidationrules/XX").await.assert_fault(404, 1000, "country");
    }

    async fn a_culture_is_any_language_of_a_region_and_comes_back_as_it_is_written(portal) {
        let program = Program::of(portal, Role::AdminAgent).await;
        for (number, (country, given, culture, language)) in [
            ("GB", "en-GB", "en-GB", "en"), ("GB", "EN-gb", "en-GB", "en"), ("GG", "en-GB", "en-GB", "en"), ("IE", "en-IE", "en-IE", "en"),
            ("NZ", "en-NZ", "en-NZ", "en"), ("SG", "en-SG", "en-SG", "en"), ("BE", "nl-BE", "nl-BE", "nl"), ("BE", "fr-be", "fr-BE", "fr"),
            ("AT", "de-AT", "de-AT", "de"), ("CH", "de-CH", "de-CH", "de"), ("AX", "sv-FI", "sv-FI", "sv"), ("TW", "zh-TW", "zh-TW", "zh"),
            ("NL", "fy-NL", "fy-NL", "fy"), ("NL", "sr-latn-rs", "sr-Latn-RS", "sr"), ("NL", "en-150", "en-150", "en"),
        ].into_iter().enumerate() {
            let mut wanted = customer();
            wanted["companyProfile"]["domain"] = json!(format!("culture{number}.onmicrosoft.com"));
            wanted["billingProfile"]["culture"] = json!(given);
            let address = &mut wanted["billingProfile"]["defaultAddress"];
            address["country"] = json!(country);
            address["postalCode"] = json!("1000");
            let made = program.post("/v1/customers", &wanted).await;
            assert_eq!(made.status, 201, "{country} {given}: {}", made.text);
            let made = made.json();
            assert_eq!((&made["billingProfile"]["culture"], &made["billingProfile"]["language"]), (&json!(culture), &json!(language)), "{country}");
            let path = format!("/v1/customers/{}/profiles/billing", made["id"].as_str().expect("an id"));
            let mut profile = program.get(&path).await.json();
            profile["culture"] = json!("nL-bE");
            let request = program.request("PUT", &path).header("content-type", "application/json");
            let changed = answer(request.body(profile.to_string())).await;
            assert_eq!((changed.status, changed.json()["culture"].clone()), (200, json!("nl-BE")), "{country}");
        }
    }

    async fn a_registration_number_is_taken_everywhere_and_kept_as_it_came(portal) {
        let program = Program::of(portal, Role::AdminAgent).await;
        for (number, (country, state, given, kept)) in [
            ("BR", "SP", "12345678000195", "12345678000195"), ("ZA", "", "4123456789", "4123456789"), ("IN", "DL", "abcde2345a", "ABCDE2345A"),
            ("PL", "", "1234567890", "1234567890"), ("NL", "", "12345678", "12345678"), ("US", "WA", "12-3456789", "12-3456789"),
        ].into_iter().enumerate() {
            let mut wanted = customer();
            wanted["companyProfile"] = json!({ "domain": format!("number{number}.onmicrosoft.com"), "organizationRegistrationNumber": given });
            let address = &mut wanted["billingProfile"]["defaultAddress"];
            address["country"] = json!(country);
            address["state"] = json!(state);
            address["postalCode"] = json!("10000");
            let made = program.post("/v1/customers", &wanted).await;
            assert_eq!(made.status, 201, "{country}: {}", made.text);
            let id = made.json()["id"].as_str().expect("an id").to_owned();
            let company = program.get(&format!("/v1/customers/{id}/profiles/company")).await.json();
            assert_eq!(company["organizationRegistrationNumber"], kept, "{country}");
        }
    }

    async fn an_address_is_judged_by_its_country(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let address = json!({ "addressLine1": "Markt 1", "city": "Delft", "postalCode": "2611gp", "country": "NL", "firstName": "Joep" });
        let path = "/v1/validations/address";
        let given = program.post(path, &address).await.json();
        assert_eq!((&given["status"], &given["originalAddress"]["postalCode"]), (&json!("Verified"), &json!("2611gp")));
        assert_eq!(given["suggestedAddresses"][0]["postalCode"], "2611 GP");
        assert_eq!(given["suggestedAddresses"][0]["firstName"], "Joep");
        let given = program.post(path, &with(address.clone(), "/postalCode", json!("2611 GP"))).await.json();
        assert_eq!((&given["status"], &given["suggestedAddresses"]), (&json!("Verified"), &json!([])));
        let given = program.post(path, &with(address.clone(), "/postalCode", json!("26"))).await.json();
        assert_eq!(given["status"], "InteractionRequired");
        assert!(given["validationMessage"].as_str().is_some_and(|words| words.contains("postalCode")));
        let given = program.post(path, &with(address.clone(), "/country", json!("BT"))).await.json();
        assert_eq!(given["status"], "NotValidated");
        program.post(path, &with(address.clone(), "/city", json!(""))).await.assert_fault(400, 2007, "city is missing");
        program.post(path, &with(address.clone(), "/country", Value::Null)).await.assert_fault(400, 2007, "country");
        program.post(path, &with(address, "/firstName", json!(1))).await.assert_fault(400, 3000, "firstName");
    }
}

on_both_databases! {
    async fn a_resellers_own_agreement_is_looked_up_by_either_id(portal) {
        let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..portal.account.clone() };
        portal.set_account(&provider).await;
        let tenant = Uuid::from_u128(7);
        let resellers = format!("Name,MPN ID,Tenant ID,Agreement signed\nWingtip Toys,1234567,{tenant},yes\nFourth Coffee,7654321,{},no\n", Uuid::from_u128(8));
        let resellers = reseller_file::read(resellers.as_bytes(), &ReadOptions::default()).expect("a file");
        import_indirect_resellers::apply(&portal.db, &Actor::command_line(provider.clone()), &resellers).await.expect("an import");
        let program = Program::of(portal, Role::Manager).await;
        let path = "/v1/compliance/csp/agreementstatus";
        for query in ["mpnId=1234567".to_owned(), format!("tenantId={tenant}")] {
            assert_eq!(program.get(&format!("{path}?{query}")).await.json(), json!({ "isAgreementSigned": true }));
        }
        let sales = Program::of_account(portal, &portal.account, "Orders", Role::SalesAgent).await;
        let mut sold = customer();
        sold["associatedPartnerId"] = json!("1234567");
        let sold = sales.post("/v1/customers", &sold).await.json();
        assert_eq!(sold["associatedPartnerId"], "1234567");
        portal.add_customer("Fabrikam").await;
        for (value, count) in [(tenant.to_string(), 1), ("1234".to_owned(), 1), ("wing".to_owned(), 1), ("7654321".to_owned(), 0), ("x".to_owned(), 0)] {
            let filter = json!({ "Field": "IndirectReseller", "Value": value, "Operator": "starts_with" }).to_string();
            let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            let found = program.get(&format!("/v1/customers?size=0&filter={filter}")).await.json();
            assert_eq!(found["totalCount"], count, "{value}");
        }
        let (unsigned, nobody) = (Uuid::from_u128(8), Uuid::from_u128(9));
        for (query, code, names) in [
            (String::new(), 2001, "One of"),
            ("?mpnId=&tenantId=".to_owned(), 2001, "One of"),
            ("?mpnId=1&tenantId=2".to_owned(), 2000, "Only one"),
            ("?mpnId=x".to_owned(), 2000, "mpnId"),
            ("?tenantId=x".to_owned(), 2000, "tenantId"),
            ("?mpnId=99999".to_owned(), 2200, "no such"),
            (format!("?tenantId={nobody}"), 2205, "no such"),
            ("?mpnId=7654321".to_owned(), 2203, "Fourth Coffee has not signed"),
            (format!("?tenantId={unsigned}"), 2206, "Fourth Coffee has not signed"),
        ] {
            program.get(&format!("{path}{query}")).await.assert_fault(400, code, names);
        }
        for (value, count) in [(provider.name.to_lowercase(), 2), (provider.tenant_id.expect("a tenant").to_string(), 2), ("x".to_owned(), 0)] {
            let filter = json!({ "Field": "IndirectCloudSolutionProvider", "Value": value, "Operator": "starts_with" }).to_string();
            let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            let found = program.get(&format!("/v1/customers?size=0&filter={filter}")).await.json();
            assert_eq!(found["totalCount"], count, "{value}");
        }
    }
}
