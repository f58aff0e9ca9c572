//! Sentences that are shown under a condition are true whenever they are shown, and absent when they are not.

use countersign::domain::partner_account::{PartnerAccount, PartnerType};

use super::orders::{EXCHANGE, quantity};
use crate::{
    on_sqlite,
    support::portal::{day, person},
};

const MUST_DIFFER: &str = "This version is already confirmed.";
const CONTINUES: &str = "Save the confirmation and you continue with the order.";
const LINES: &str = "Your order lines are saved.";
const ASK: &str = "record both here";

on_sqlite! {
    async fn a_different_person_is_asked_for_only_where_this_version_is_confirmed(portal) {
        let sales = portal.signed_in("sales").await;
        let nobody = portal.add_customer("Nobody").await;
        let direct = portal.add_direct_customer("Direct", Some(day("2026-03-12"))).await;
        let confirmed = portal.add_customer("Confirmed").await;
        portal.confirm(confirmed, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let said = async |customer| {
            sales.get(&format!("/customers/{customer}/agreements/new")).await.main().contains(MUST_DIFFER)
        };
        assert_eq!([said(nobody).await, said(direct).await, said(confirmed).await], [false, false, true]);

        // A newer version: the same person may confirm it, whether or not it is mandatory.
        for (published_on, mandatory_from) in [("2026-11-01", None), ("2026-11-02", Some("2026-11-22"))] {
            portal.add_version(published_on, published_on, mandatory_from).await;
            assert!(!said(confirmed).await, "{published_on}");
        }
        let form = sales.form(&format!("/customers/{confirmed}/agreements/new")).await;
        let form = form.with("first_name", "Anna").with("last_name", "de Vries").with("email", "anna@contoso.example");
        assert_eq!(sales.submit(&form.with("date_agreed", "21-11-2026")).await.status, 303);
        assert!(said(confirmed).await);
    }

    async fn the_prompt_promises_lines_only_where_there_are_some_and_calls_nobody_unconfirmed_who_is(portal) {
        let sales = portal.signed_in("sales").await;
        let due = portal.add_customer("Due").await;
        portal.confirm(due, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let form = quantity(sales.form(&format!("/customers/{due}/orders/new")).await, EXCHANGE, "25");
        portal.add_version("Newer", "2026-11-01", Some("2026-11-22")).await;
        let none = portal.add_customer("None").await;
        for (customer, consequence) in
            [(none, "Until this customer’s acceptance is confirmed"), (due, "A newer version of the agreement is mandatory")]
        {
            let page = sales.get(&format!("/customers/{customer}/orders/new")).await;
            let warning = page.texts(".msg.warn").concat();
            assert!(page.main().contains(CONTINUES) && !page.main().contains(LINES), "{}", page.main());
            assert!(warning.contains(consequence) && !page.main().contains("no confirmation yet"), "{warning}");
        }
        let page = sales.submit(&form).await;
        assert!(page.main().contains(CONTINUES) && page.main().contains(LINES), "{}", page.main());
        // The plain form stands in front of nothing.
        let page = sales.get(&format!("/customers/{due}/agreements/new")).await;
        assert!(!page.main().contains(CONTINUES) && page.texts(".msg.warn").is_empty(), "{}", page.main());
    }

    async fn whoever_cannot_record_is_not_asked_to(portal) {
        let customer = portal.add_customer("Contoso").await;
        let path = format!("/customers/{customer}/account");
        for (name, asked) in [("sales", true), ("admin", true), ("manager", false)] {
            let page = portal.signed_in(name).await.get(&path).await;
            assert!(page.main().contains("No acceptance has been recorded."), "{name}: {}", page.main());
            assert_eq!(page.main().contains(ASK), asked, "{name}");
        }
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        let page = portal.signed_in("sales").await.get(&path).await;
        assert!(!page.main().contains(ASK) && page.main().contains("indirect provider"), "{}", page.main());
    }
}
