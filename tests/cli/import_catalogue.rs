//! The catalogue of offers.

use countersign::{
    domain::{
        audit::Action,
        order::{Billing, BillingCycle, Category, Offer, Segment, TermDuration},
    },
    store::offers,
};

use super::{cli, done};
use crate::{
    on_both_databases, on_sqlite,
    support::{TestDb, direct::Direct, program::Ran},
};

/// Two new offers, of which one needs the other.
const FILE: &str = "\
Offer ID;Offer name;Category;Segment;Billing;Minimum quantity;Maximum quantity;Billing cycles;Terms;Prerequisite offer ID;Countries;Product ID;SKU ID;Availability ID
ADD-ON;Archiving;email;commercial;license;1;10000;monthly;P1Y;BASE;NL BE;CFQ7TTC0LH0Z;0002;
BASE;Exchange Online Kiosk;Email;education;license;5;300;annual / monthly;P1M P1Y;;*;CFQ7TTC0LH0L;0001;AVAIL
";

on_both_databases! {
    async fn a_dry_run_shows_the_offers_and_changes_nothing(portal) {
        let before = state(portal).await;
        let ran = import(portal, FILE, false).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(said(&ran), [
            "Line Result Offer Why",
            "2 new Archiving",
            "3 new Exchange Online Kiosk",
            "",
            "2 new, 0 unchanged, 0 changed, 0 refused.",
            "3 lines in the file: 1 with the columns, 2 read, 0 skipped.",
            "Columns used: Offer ID, Offer name, Category, Segment, Billing, Minimum quantity, Maximum quantity, \
             Billing cycles, Terms, Prerequisite offer ID, Countries, Product ID, SKU ID, Availability ID.",
            "Nothing was written. Run again with --apply to write this to the catalogue.",
        ]);
        assert_eq!(state(portal).await, before);
    }

    async fn offers_are_written_behind_the_others_with_one_event_and_again_changes_nothing(portal) {
        let before = all(portal).await;
        let ran = import(portal, FILE, true).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.ends_with("Written to the catalogue.\n"), "{}", ran.out);
        let after = all(portal).await;
        let (known, new) = after.split_at(before.len());
        assert_eq!(known, before, "what the file does not name stays");
        assert_eq!(new.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["ADD-ON", "BASE"]);
        assert_eq!(new[0].prerequisite_offer_id.as_deref(), Some("BASE"));
        assert_eq!(new[0].countries.iter().map(|country| country.code()).collect::<Vec<_>>(), ["BE", "NL"]);
        assert_eq!(new[1], Offer {
            id: "BASE".into(),
            name: "Exchange Online Kiosk".into(),
            category: Category::Email,
            segment: Segment::Education,
            billing: Billing::License,
            minimum_quantity: 5,
            maximum_quantity: 300,
            billing_cycles: vec![BillingCycle::Annual, BillingCycle::Monthly],
            term_durations: vec![TermDuration::Month, TermDuration::Year],
            prerequisite_offer_id: None,
            countries: Vec::new(),
        });
        assert_eq!(portal.events(Action::CatalogueImported).await, 1);
        assert_eq!(last_event(portal).await, ["", "command_line", r#"{"new":2}"#]);

        let written = state(portal).await;
        for file in [FILE.to_owned(), FILE.replace(',', "").replace(';', ","), format!("\u{feff}{FILE}")] {
            let ran = import(portal, file, true).await;
            assert_eq!(said(&ran)[0], "0 new, 2 unchanged, 0 changed, 0 refused.");
            assert_eq!((ran.code, state(portal).await), (0, written.clone()), "nothing was written, nor an event added");
        }
    }

    async fn what_differs_of_an_offer_is_changed_where_it_stands(portal) {
        import(portal, FILE, true).await;
        let before = all(portal).await;
        let file = "\
Offer name,Offer ID,Category,Segment,Billing,Minimum quantity,Maximum quantity,Billing cycles,Terms
Archiving,ADD-ON,security,nonprofit,license,2,9999,annual,P3Y
Azure plan,DZH318Z0BPS6,Azure,commercial,usage,1,1,monthly,P1M
Power BI Premium,800F4F3B-CFE1-42C1-9CEA-675512810488,Business applications,commercial,license,1,10000,monthly annual,P1Y P1M
";
        for apply in [false, true] {
            let said = said(&import(portal, file, apply).await);
            assert_eq!(said[1..3], [
                "2 changed Archiving category, segment, minimum quantity, maximum quantity, billing cycles, terms",
                "4 changed Power BI Premium name",
            ]);
            assert_eq!(said[4], "0 new, 1 unchanged, 2 changed, 0 refused.");
        }
        let after = all(portal).await;
        assert!(before.iter().zip(&after).all(|(before, after)| before.id == after.id), "{after:?}");
        let add_on = after.iter().find(|offer| offer.id == "ADD-ON").expect("an offer");
        assert_eq!((add_on.minimum_quantity, add_on.category), (2, Category::Security));
        let kept = (add_on.prerequisite_offer_id.as_deref(), add_on.countries.len());
        assert_eq!(kept, (Some("BASE"), 2), "what the file has no column for stays");
        let products = "SELECT product_id || ' ' || sku_id FROM offers WHERE id = 'ADD-ON'";
        assert_eq!(Direct::connect(&portal.location).await.text(products).await, "CFQ7TTC0LH0Z 0002");
        assert_eq!(last_event(portal).await, ["", "command_line", r#"{"changed":2,"unchanged":1}"#]);
    }
}

on_sqlite! {
    async fn broken_lines_of_offers_are_named_and_the_others_are_written(portal) {
        let file = "\
Offer ID;Offer name;Category;Segment;Billing;Minimum quantity;Maximum quantity;Billing cycles;Terms;Prerequisite offer ID;Countries
A B;Spaced;email;commercial;license;1;10;monthly;P1Y;;
LISTS;Lists;mail;everybody;free;1;10;weekly;P2Y;;Holland
LIMITS;Limits;email;commercial;license;0;1000001;monthly;P1Y;;
LESS;Less;email;commercial;license;10;9;monthly;P1Y;;
USAGE;By use;azure;commercial;usage;1;10;monthly;P1M;;
SELF;Itself;email;commercial;license;1;10;monthly;P1Y;SELF;
LOST;Lost;email;commercial;license;1;10;monthly;P1Y;NOWHERE;
LOST-TOO;Lost too;email;commercial;license;1;10;monthly;P1Y;LOST;
GOOD;Good;email;commercial;license;1;10;monthly;P1Y;800F4F3B-CFE1-42C1-9CEA-675512810488;
GOOD;Other;email;commercial;license;1;10;monthly;P1Y;;
GOOD; Good ;email;commercial;license;1;10;monthly;P1Y;800F4F3B-CFE1-42C1-9CEA-675512810488;*
";
        let refused = [
            "2 refused Spaced Offer ID: not letters, digits and signs without a space",
            "3 refused Lists Category: not one of email, microsoft-365, security, business-apps, azure; \
             Segment: not one of commercial, education, nonprofit, government; Billing: not one of license, usage; \
             Billing cycles: not one of monthly, annual; Terms: not one of P1M, P1Y, P3Y; \
             Countries: not * or the codes of countries",
            "4 refused Limits Minimum quantity: not a whole number of 1 or more; Maximum quantity: not between 1 and 1000000",
            "5 refused Less Maximum quantity: not between 10 and 1000000",
            "6 refused By use Maximum quantity: not 1",
            "7 refused Itself Prerequisite offer ID: not another offer of the file or the catalogue",
            "8 refused Lost Prerequisite offer ID: not another offer of the file or the catalogue",
            "9 refused Lost too Prerequisite offer ID: not another offer of the file or the catalogue",
            "11 refused Other the Offer ID of line 10, with other details",
        ];
        let before = all(portal).await;
        for (apply, new) in [(false, 1), (true, 1), (true, 0)] {
            let ran = import(portal, file, apply).await;
            assert_eq!(ran.code, 2, "{ran:?}");
            let said = said(&ran);
            for line in refused {
                assert!(said.iter().any(|said| said == line), "{line}: {said:#?}");
            }
            assert_eq!(said.contains(&"10 new Good".to_owned()), new == 1, "{said:?}");
            let counts = format!("{new} new, {} unchanged, 0 changed, 9 refused.", 2 - new);
            assert!(said.contains(&counts), "{said:?}");
        }
        let after = all(portal).await;
        assert_eq!((after.len(), after[before.len()].id.as_str()), (before.len() + 1, "GOOD"));
    }

    async fn a_catalogue_needs_no_partner_account(portal) {
        done(portal, &["account", "create", "Zuidster", "--country", "NL", "--time-zone", "Europe/Amsterdam"]).await;
        let ran = import(portal, FILE, true).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        let path = written(portal, FILE);
        let ran = cli(portal, &["import", "catalogue", &path, "--account", "Zuidster"]).await;
        assert_eq!(ran.code, 2, "{ran:?}");
    }
}

on_both_databases! {
    async fn an_imported_offer_can_be_ordered(portal) {
        import(portal, FILE, true).await;
        let customer = portal.add_direct_customer("Litware", None).await;
        let page = portal.signed_in("sales").await.get(&format!("/customers/{customer}/orders/new")).await;
        assert!(page.main().contains("Exchange Online Kiosk"), "{}", page.main());
    }
}

on_sqlite! {
    async fn a_file_that_lists_no_offers_is_refused_as_a_whole(portal) {
        let before = state(portal).await;
        let needed = "Offer ID, Offer name, Category, Segment, Billing, Minimum quantity, Maximum quantity, Billing cycles, Terms";
        for (file, why) in [
            ("", "the file is empty".to_owned()),
            ("a,b\n1,2\n", format!("the first line must name the columns: {needed}")),
            ("Offer ID,Offer name\n", "the file has no column Category".to_owned()),
        ] {
            let ran = import(portal, file, true).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert_eq!(ran.err, format!("countersign: {why}\n"));
        }
        assert_eq!(state(portal).await, before);
    }
}

/// Writes a file into the test's folder; its path.
fn written(test_db: &TestDb, file: impl AsRef<[u8]>) -> String {
    let path = test_db.folder().join("catalogue.csv");
    std::fs::write(&path, file).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(test_db: &TestDb, file: impl AsRef<[u8]>, apply: bool) -> Ran {
    let path = written(test_db, file);
    let args: &[&str] =
        if apply { &["import", "catalogue", &path, "--apply"] } else { &["import", "catalogue", &path] };
    cli(test_db, args).await
}

/// What was printed, with single spaces.
fn said(ran: &Ran) -> Vec<String> {
    ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The catalogue.
async fn all(test_db: &TestDb) -> Vec<Offer> {
    let mut conn = test_db.db.snapshot().await.expect("a snapshot");
    offers::all(&mut conn).await.expect("offers")
}

/// For which account the latest import was, who did it, and its details.
async fn last_event(test_db: &TestDb) -> Vec<String> {
    let mut direct = Direct::connect(&test_db.location).await;
    let account = if direct.is_sqlite() { "hex(partner_account_id)" } else { "partner_account_id::text" };
    let sql = format!(
        "SELECT COALESCE({account}, ''), actor_kind, detail FROM audit_log WHERE action = 'catalogue_imported' \
         ORDER BY seq DESC LIMIT 1"
    );
    direct.rows(&sql).await.remove(0)
}

/// How many offers and entries of the log there are.
async fn state(test_db: &TestDb) -> [String; 2] {
    let mut direct = Direct::connect(&test_db.location).await;
    [
        direct.text("SELECT CAST(count(*) AS TEXT) FROM offers").await,
        direct.text("SELECT CAST(max(seq) AS TEXT) FROM audit_log").await,
    ]
}
