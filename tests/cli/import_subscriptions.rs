//! Partner Center's list of subscriptions.

use countersign::{
    domain::{
        audit::Action,
        order::{Billing, SubscriptionStatus},
        partner_account::PartnerAccount,
    },
    store::{
        customers,
        subscriptions::{self, SubscriptionRow},
    },
};
use uuid::Uuid;

use super::cli;
use crate::{
    on_both_databases, on_sqlite,
    support::{
        TestDb,
        direct::Direct,
        portal::{account, day, person},
        program::Ran,
    },
};

const HEADER: &str = "Subscription ID,Subscription,Quantity,Status,Reseller,Microsoft ID";

on_both_databases! {
    async fn a_dry_run_shows_the_subscriptions_and_changes_nothing(portal) {
        let file = file(portal).await;
        let before = state(portal).await;
        let ran = import(portal, &file, false).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(said(&ran), [
            "Line Result Subscription Why",
            "2 new power bi pro",
            "3 new Azure plan",
            "4 new Visio Plan 2",
            "",
            "3 new, 0 unchanged, 0 changed, 0 refused.",
            "4 lines in the file: 1 with the columns, 3 read, 0 skipped.",
            "Columns used: Subscription ID, Subscription, Quantity, Status, Microsoft ID.",
            "Columns not used: Reseller.",
            "Nothing was written. Run again with --apply to write this to Noordster.",
        ]);
        assert_eq!(state(portal).await, before);
    }

    async fn subscriptions_are_written_with_an_event_for_each_customer_and_again_changes_nothing(portal) {
        let [contoso, fabrikam] = two_customers(portal).await;
        let file = rows(contoso, fabrikam);
        let ran = import(portal, &file, true).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.ends_with("Written to Noordster.\n"), "{}", ran.out);
        let [power_bi, azure] = &of(portal, contoso).await[..] else { panic!("two subscriptions") };
        assert_eq!(power_bi.id, id('1'));
        assert_eq!(power_bi.offer_name, "power bi pro");
        assert_eq!(power_bi.offer_id, "800F4F3B-CFE1-42C1-9CEA-675512810488", "the offer with that name");
        assert_eq!(power_bi.billing, Billing::License);
        assert_eq!((power_bi.order_id, power_bi.quantity, power_bi.etag), (None, 25, 1));
        assert_eq!(power_bi.status, SubscriptionStatus::Active);
        assert!(power_bi.auto_renew);
        assert_eq!((power_bi.billing_cycle.code(), power_bi.term_duration.code()), ("monthly", "P1Y"));
        assert_eq!(power_bi.commitment_ends_on, None);
        assert_eq!((azure.billing, azure.status), (Billing::Usage, SubscriptionStatus::Suspended));
        let [visio] = &of(portal, fabrikam).await[..] else { panic!("one subscription") };
        assert_eq!((visio.offer_id.as_str(), visio.billing), ("", Billing::License), "no offer is known");

        assert_eq!(events(portal, contoso).await, [r#"{"changed":0,"new":2}"#]);
        assert_eq!(events(portal, fabrikam).await, [r#"{"changed":0,"new":1}"#]);
        assert_eq!(portal.events(Action::SubscriptionsImported).await, 2);
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{contoso}/subscriptions")).await;
        assert!(page.main().contains("power bi pro"), "{}", page.main());
        let page = sales.get(&format!("/customers/{contoso}/history")).await;
        assert!(page.main().contains("imported subscriptions from a file."), "{}", page.main());

        let after = state(portal).await;
        for file in [file.clone(), file.replace(',', ";"), file.to_uppercase().replace("POWER BI PRO", "power bi pro").replace("AZURE PLAN", "Azure plan").replace("VISIO PLAN", "Visio Plan")] {
            let ran = import(portal, file, true).await;
            assert_eq!(said(&ran)[0], "0 new, 3 unchanged, 0 changed, 0 refused.", "{ran:?}");
            assert_eq!((ran.code, state(portal).await), (0, after.clone()), "nothing was written, nor an event added");
        }
    }

    async fn what_differs_of_a_subscription_is_changed_and_counted(portal) {
        let [contoso, fabrikam] = two_customers(portal).await;
        import(portal, rows(contoso, fabrikam), true).await;
        let file = format!(
            "{HEADER},Auto renew,Renewal date,Offer ID,Term,Billing cycle\n\
             {},Power BI Pro,30,Opgeschort,,{contoso},no,2027-03-01,,,\n\
             {},Azure plan,1,Suspended,,{contoso},,,OTHER,P3Y,annual\n\
             {},Teams,7,Actief,,{contoso},yes,1 mrt 2027,TEAMS,P3Y,annual\n",
            id('1'), id('2'), id('4'),
        );
        for apply in [false, true] {
            let said = said(&import(portal, &file, apply).await);
            assert_eq!(said[1..3], [
                "2 changed Power BI Pro name, quantity, status, auto renew, renewal date",
                "4 new Teams",
            ]);
            assert_eq!(said[4], "1 new, 1 unchanged, 1 changed, 0 refused.");
        }
        let [power_bi, azure, teams] = &of(portal, contoso).await[..] else { panic!("three subscriptions") };
        assert_eq!((power_bi.offer_name.as_str(), power_bi.quantity, power_bi.etag), ("Power BI Pro", 30, 2));
        assert_eq!(power_bi.status, SubscriptionStatus::Suspended);
        assert_eq!((power_bi.auto_renew, power_bi.commitment_ends_on), (false, Some(day("2027-02-28"))));
        assert_eq!((azure.offer_id.as_str(), azure.etag), ("DZH318Z0BPS6", 1));
        assert_eq!((teams.offer_id.as_str(), teams.term_duration.code()), ("TEAMS", "P3Y"));
        assert_eq!((teams.billing_cycle.code(), teams.commitment_ends_on), ("annual", Some(day("2027-02-28"))));
        assert_eq!(events(portal, contoso).await[1..], [r#"{"changed":1,"new":1}"#]);
        assert_eq!(events(portal, fabrikam).await.len(), 1, "nothing of this customer changed");

        let file = format!("{HEADER}\n{},Power BI Pro,31,Active,,{contoso}\n", id('1'));
        assert_eq!(said(&import(portal, file, true).await)[1], "2 changed Power BI Pro quantity, status");
        let power_bi = of(portal, contoso).await.remove(0);
        let kept = (power_bi.auto_renew, power_bi.commitment_ends_on, power_bi.etag);
        assert_eq!(kept, (false, Some(day("2027-02-28")), 3), "what the file has no column for stays");
    }
}

on_sqlite! {
    async fn broken_lines_of_subscriptions_are_named_and_the_others_are_written(portal) {
        let [contoso, fabrikam] = two_customers(portal).await;
        let elsewhere = account("Zuidster");
        portal.add_account(&elsewhere).await;
        let stranger = portal.add_customer_to(&elsewhere, "Stranger", None).await;
        let theirs = format!("{HEADER}\n{},Theirs,1,Active,,{stranger}\n", id('8'));
        assert_eq!(import_into(portal, &elsewhere, theirs).await.code, 0);
        let ours = format!("{HEADER}\n{},Ours,1,Active,,{fabrikam}\n", id('9'));
        assert_eq!(import(portal, ours, true).await.code, 0);

        let good = id('1');
        let file = format!(
            "{HEADER}\n\
             not-a-guid,Nought,0,Paused,,contoso\n\
             {},,1000001,Active,,{contoso}\n\
             {},Stranger,1,Active,,{stranger}\n\
             {},Theirs,1,Active,,{contoso}\n\
             {},Ours,1,Active,,{contoso}\n\
             {good},Good,1,Active,,{contoso}\n\
             {good},Good,2,Active,,{contoso}\n\
             {good}, Good ,1,ACTIVE,x,{contoso}\n\
             {good},Too few\n",
            id('2'), id('3'), id('8'), id('9'),
        );
        let refused = [
            "2 refused Nought Subscription ID: not a GUID; Quantity: not a whole number of 1 or more; \
             Status: not one of active, suspended, deleted; Microsoft ID: not a GUID".to_owned(),
            format!("3 refused {} Subscription: empty; Quantity: not between 1 and 1000000", id('2')),
            "4 refused Stranger no such customer".to_owned(),
            "5 refused Theirs the subscription of another customer".to_owned(),
            "6 refused Ours the subscription of another customer".to_owned(),
            "8 refused Good the Subscription ID of line 7, with other details".to_owned(),
            "10 refused Too few 2 cells where 6 were expected".to_owned(),
        ];
        for (apply, new) in [(false, 1), (true, 1), (true, 0)] {
            let ran = import(portal, &file, apply).await;
            assert_eq!(ran.code, 2, "{ran:?}");
            let said = said(&ran);
            for line in &refused {
                assert!(said.contains(line), "{line}: {said:#?}");
            }
            assert_eq!(said.contains(&"7 new Good".to_owned()), new == 1, "{said:?}");
            let counts = format!("{new} new, {} unchanged, 0 changed, 7 refused.", 2 - new);
            assert!(said.contains(&counts), "{said:?}");
        }
        assert_eq!(of(portal, contoso).await.len(), 1);
        assert_eq!(of(portal, fabrikam).await.len(), 1);
    }
}

on_both_databases! {
    async fn what_has_ended_elsewhere_ends_here_and_stays_in_the_history(portal) {
        let contoso = portal.add_customer("Contoso").await;
        let header = format!("{HEADER},Auto renew,Renewal date");
        let line = |id: Uuid, status: &str, quantity: &str| format!("{id},Visio,{quantity},{status},,{contoso},no,2026-12-10\n");
        let file = format!("{header}\n{}{}{}", line(id('1'), "Active", "5"), line(id('2'), "Active", "7"), line(id('3'), "Expired", "0"));
        assert_eq!(import(portal, &file, true).await.code, 0);
        let sales = portal.signed_in("sales").await;
        let list = format!("/customers/{contoso}/subscriptions");
        let renewals = format!("/customers/{contoso}/renewals");
        assert_eq!(sales.get(&renewals).await.texts("tbody tr").len(), 2);
        let status = sales.get("/status").await.main();
        assert!(status.contains("Visio"), "{status}");
        portal.confirm(contoso, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let quantity = sales.form(&format!("{list}/{}/quantity", id('1'))).await;
        let token = sales.get(&list).await.attributes(".row-acts form [name=submission]", "value").remove(0);

        for (status, said) in [("Verwijderd", "1 changed"), ("deleted", "0 changed"), ("DISABLED", "0 changed")] {
            let file = format!("{header}\n{}", line(id('1'), status, "0"));
            let ran = import(portal, &file, true).await;
            assert!(ran.code == 0 && ran.out.contains(said), "{status}: {ran:?}");
        }
        let rows = of(portal, contoso).await;
        let kept: Vec<_> = rows.iter().map(|row| (row.status, row.quantity)).collect();
        let ended = SubscriptionStatus::Deleted;
        assert_eq!(kept, [(ended, 5), (SubscriptionStatus::Active, 7), (ended, 0)]);

        let page = sales.get(&list).await;
        assert_eq!(page.main().matches("Ended").count(), 2, "{}", page.main());
        assert_eq!(page.attributes(".row-acts form", "action").len(), 1, "what has ended cannot be switched");
        assert_eq!(sales.get(&renewals).await.texts("tbody tr").len(), 1);
        let ended = "This subscription has ended and cannot be changed";
        for tail in ["status", "auto-renew"] {
            let action = format!("{list}/{}/{tail}", id('1'));
            let fields = [("submission", token.as_str()), ("etag", "2"), ("status", "active"), ("auto_renew", "on")];
            let page = sales.post(&action, &fields).await;
            assert_eq!((page.status, page.errors()), (409, vec![ended.to_owned()]), "{tail}");
        }
        let page = sales.get(&format!("{list}/{}/quantity", id('1'))).await;
        assert_eq!((page.status, page.errors()), (409, vec![ended.to_owned()]));
        let page = sales.submit(&quantity.with("quantity", "9")).await;
        assert_eq!((page.status, page.errors()), (409, vec![ended.to_owned()]));
        assert_eq!(portal.events(Action::QuantityBlocked).await, 0, "that is no change that was blocked");
        let check = cli(portal, &["check"]).await;
        assert_eq!(check.code, 0, "the kept counts agree: {check:?}");

        let back = format!("{header}\n{}", line(id('1'), "Active", "5"));
        assert_eq!(import(portal, &back, true).await.code, 0);
        assert_eq!(sales.get(&renewals).await.texts("tbody tr").len(), 2, "what is active again counts again");
    }

    async fn no_standing_holds_an_import_of_subscriptions_up(portal) {
        let contoso = portal.add_customer("Contoso").await;
        let file = format!("{HEADER}\n{},A,1,Active,,{contoso}\n", id('1'));
        assert_eq!(import(portal, file, true).await.code, 0);
        assert_eq!(of(portal, contoso).await.len(), 1);
        assert_eq!(portal.events(Action::OrderBlocked).await + portal.events(Action::QuantityBlocked).await, 0);
    }
}

on_sqlite! {
    async fn a_file_that_lists_no_subscriptions_is_refused_as_a_whole(portal) {
        let before = state(portal).await;
        let needed = "Subscription ID, Subscription, Quantity, Status, Microsoft ID";
        for (file, why) in [
            ("", "the file is empty".to_owned()),
            ("a,b\n1,2\n", format!("the first line must name the columns: {needed}")),
            ("Subscription ID,Subscription,Quantity,Status\n", "the file has no column Microsoft ID".to_owned()),
        ] {
            let ran = import(portal, file, true).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert_eq!(ran.err, format!("countersign: {why}\n"));
        }
        assert_eq!(state(portal).await, before);
    }
}

/// Two customers, whose confirmation status closes the gate.
async fn two_customers(test_db: &TestDb) -> [Uuid; 2] {
    [test_db.add_customer("Contoso").await, test_db.add_customer("Fabrikam").await]
}

/// Two subscriptions of one customer and one of another.
fn rows(contoso: Uuid, fabrikam: Uuid) -> String {
    format!(
        "{HEADER}\n\
         {},power bi pro,25,Active,Noordster,{contoso}\n\
         {},Azure plan,1,Suspended,Noordster,{contoso}\n\
         {},Visio Plan 2,3,active,Noordster,{fabrikam}\n",
        id('1'),
        id('2'),
        id('3'),
    )
}

/// The same, of customers that are there.
async fn file(test_db: &TestDb) -> String {
    let [contoso, fabrikam] = two_customers(test_db).await;
    rows(contoso, fabrikam)
}

/// An id that is made of one digit.
fn id(digit: char) -> Uuid {
    "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace('x', &digit.to_string()).parse().expect("a GUID")
}

/// Writes a file into the test's folder; its path.
fn written(test_db: &TestDb, file: impl AsRef<[u8]>) -> String {
    let path = test_db.folder().join("subscriptions.csv");
    std::fs::write(&path, file).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(test_db: &TestDb, file: impl AsRef<[u8]>, apply: bool) -> Ran {
    let path = written(test_db, file);
    let args = ["import", "subscriptions", &path, "--account", "Noordster", "--apply"];
    cli(test_db, &args[..if apply { 6 } else { 5 }]).await
}

/// Imports a file of which every line is good.
pub async fn imported(test_db: &TestDb, file: impl AsRef<[u8]>) {
    let ran = import(test_db, file, true).await;
    assert_eq!(ran.code, 0, "{ran:?}");
}

async fn import_into(test_db: &TestDb, account: &PartnerAccount, file: impl AsRef<[u8]>) -> Ran {
    let path = written(test_db, file);
    cli(test_db, &["import", "subscriptions", &path, "--account", &account.name, "--apply"]).await
}

/// What was printed, with single spaces.
fn said(ran: &Ran) -> Vec<String> {
    ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The subscriptions of a customer.
async fn of(test_db: &TestDb, customer: Uuid) -> Vec<SubscriptionRow> {
    let mut conn = test_db.db.snapshot().await.expect("a snapshot");
    let customer =
        customers::find(&mut conn, test_db.account.id, customer).await.expect("an answer").expect("a customer");
    subscriptions::of_customer(&mut conn, customer.seq).await.expect("subscriptions")
}

/// The details of the imports about a customer, the first one first.
async fn events(test_db: &TestDb, customer: Uuid) -> Vec<String> {
    let mut direct = Direct::connect(&test_db.location).await;
    let id = if direct.is_sqlite() { format!("X'{}'", customer.simple()) } else { format!("'{customer}'") };
    let sql = format!(
        "SELECT detail FROM audit_log WHERE action = 'subscriptions_imported' AND customer_id = {id} ORDER BY seq"
    );
    direct.rows(&sql).await.into_iter().flatten().collect()
}

/// How many subscriptions and entries of the log there are.
async fn state(test_db: &TestDb) -> [String; 2] {
    let mut direct = Direct::connect(&test_db.location).await;
    [
        direct.text("SELECT CAST(count(*) AS TEXT) FROM subscriptions").await,
        direct.text("SELECT CAST(max(seq) AS TEXT) FROM audit_log").await,
    ]
}
