//! Partner types and clouds, also for whoever sends what the page does not ask.

use countersign::{
    actions::import_indirect_resellers,
    domain::{
        actor::Actor,
        audit::Action,
        list_columns::ReadOptions,
        partner_account::{Cloud, PartnerAccount, PartnerType},
        reseller_file,
    },
};

use super::{EXCHANGE, created, customers, leads_on, quantity, step_1, to_review};
use crate::{
    on_both_databases, on_sqlite,
    support::{Portal, portal::account},
};

async fn add_resellers(portal: &Portal, account: &PartnerAccount, file: &str) {
    let file = reseller_file::read(file.as_bytes(), &ReadOptions::default()).expect("a file");
    import_indirect_resellers::apply(&portal.db, &Actor::command_line(account.clone()), &file)
        .await
        .expect("an import");
}

on_both_databases! {
    async fn a_reseller_is_of_ones_own_account_and_asked_for_by_indirect_providers_only(portal) {
        let sales = portal.signed_in("sales").await;
        assert!(!sales.form("/customers/new").await.has("associated_partner_id"), "a direct bill partner has none");
        let (id, _) = created(&sales, &step_1(&sales).await.with("associated_partner_id", "4847383")).await;
        let page = sales.get(&format!("/customers/{id}/account")).await.main();
        assert!(!page.contains("4847383"), "{page}");

        let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..portal.account.clone() };
        portal.set_account(&provider).await;
        let other = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..account("Zuiderzon") };
        portal.add_account(&other).await;
        let head = "Name,MPN ID,Tenant ID,Agreement signed\n";
        add_resellers(portal, &provider, &format!("{head}Kustlijn ICT,4847383,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c11,yes\nDuin & Zn,4847384,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c12,no\n")).await;
        add_resellers(portal, &other, &format!("{head}Geheim,9999999,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c13,yes\n")).await;
        let page = sales.get("/customers/new").await;
        let mut options = page.attributes("#associated_partner_id option", "value");
        options.sort_unstable();
        assert_eq!(options, ["", "4847383", "4847384"]);
        assert!(page.main().contains("Duin & Zn (MPN ID 4847384), partner agreement not signed"), "{}", page.main());
        for unknown in ["9999999", "1", "Kustlijn ICT", "4847383x"] {
            let form = step_1(&sales).await.with("domain_prefix", "hartog2").with("associated_partner_id", unknown);
            let page = sales.submit(&form).await;
            assert_eq!((page.status, page.wrong_fields()), (422, vec!["associated_partner_id".to_owned()]), "{unknown}");
            assert_eq!(page.errors(), ["Choose an indirect reseller from the list"]);
        }
        let form = step_1(&sales).await.with("domain_prefix", "hartog2").with("associated_partner_id", "4847384");
        let review = to_review(&sales, &form).await;
        assert!(sales.get(&review).await.texts("#company dd").contains(&"Duin & Zn".to_owned()));
        let path = leads_on(&sales, &sales.form(&review).await).await;
        let page = sales.get(&path.replace("/created", "/account")).await.main();
        assert!(page.contains("4847384"), "{page}");
        let (id, _) = created(&sales, &step_1(&sales).await.with("domain_prefix", "hartog3")).await;
        let page = sales.get(&format!("/customers/{id}/account")).await.main();
        assert!(!page.contains("484738"), "it may be left out: {page}");
    }
}

on_sqlite! {
    async fn an_indirect_reseller_confirms_nobody_whatever_it_sends(portal) {
        let reseller = PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() };
        portal.set_account(&reseller).await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers/new").await;
        for field in ["accepted", "date_agreed", "acceptor", "first_name", "last_name", "email", "phone_number", "agreement_version"] {
            assert!(!page.form().has(field), "{field}");
        }
        let version = portal.latest_version().await.id.to_string();
        let tampered = step_1(&sales).await.with("accepted", "on").with("acceptor", "primary_contact").with("agreement_version", &version);
        let path = leads_on(&sales, &tampered).await;
        let page = sales.get(&path).await;
        assert!(page.main().contains("your indirect provider has to confirm") && !page.form().has("offer_id"), "{}", page.main());
        let ordered = page.form().with("offer_id", EXCHANGE).with("quantity", "5");
        assert_eq!(sales.submit(&ordered).await.status, 422);
        let review = leads_on(&sales, &page.form()).await;
        // The lines of the refused form are kept in the draft, not ordered.
        let path = leads_on(&sales, &sales.form(&review).await).await;
        assert!(sales.get(&path).await.main().contains("Not confirmed"));
        for action in [Action::AcceptanceConfirmed, Action::OrderPlaced] {
            assert_eq!(portal.events(action).await, 0, "{action}");
        }
        let id = path.split('/').nth(2).expect("an id");
        assert!(!sales.get(&format!("/customers/{id}/agreements")).await.main().contains("Lotte"));
    }

    async fn in_no_national_cloud_is_there_anything_to_confirm_or_to_hold_an_order_up(portal) {
        let sales = portal.signed_in("sales").await;
        for (number, (cloud, name)) in [
            (Cloud::Vianet, "Operated by 21Vianet"),
            (Cloud::Germany, "Microsoft Cloud Germany"),
            (Cloud::UsGovernment, "Microsoft Cloud for US Government"),
        ]
        .into_iter()
        .enumerate()
        {
            portal.set_account(&PartnerAccount { cloud, ..portal.account.clone() }).await;
            let page = sales.get("/customers/new").await;
            assert!(page.main().contains(name) && !page.form().has("accepted") && !page.form().has("date_agreed"), "{}", page.main());
            let version = portal.latest_version().await.id.to_string();
            let form = step_1(&sales).await.with("domain_prefix", &format!("hartog{number}"));
            // Also when it is sent nevertheless, nothing is recorded.
            let form = form.with("accepted", "on").with("agreement_version", &version).with("date_agreed", "1 jan 2099");
            let path = leads_on(&sales, &form).await;
            let review = leads_on(&sales, &quantity(sales.form(&path).await, EXCHANGE, "5")).await;
            assert!(sales.get(&review).await.texts("#agreement dd").concat().contains(name));
            let page = sales.get(&leads_on(&sales, &sales.form(&review).await).await).await;
            assert!(page.main().contains("Not applicable") && page.main().contains("5 licences"), "{}", page.main());
        }
        assert_eq!((customers(portal).await, portal.events(Action::OrderPlaced).await), (3, 3));
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
    }
}
