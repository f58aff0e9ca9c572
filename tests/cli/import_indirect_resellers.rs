//! An indirect provider's list of indirect resellers.

use countersign::{
    domain::{
        audit::Action,
        indirect_reseller::IndirectReseller,
        partner_account::{PartnerAccount, PartnerType},
    },
    store::indirect_resellers,
};

use super::{cli, done};
use crate::{
    on_both_databases, on_sqlite,
    support::{TestDb, direct::Direct, portal::account, program::Ran},
};

/// Three resellers, of whom one signed.
const FILE: &str = "\
Name,MPN ID,Tenant ID,Agreement signed
Wingtip Toys,4847383,11111111-1111-4111-8111-111111111111,yes
\"Bakker, Smit & Zn.\",0012,22222222-2222-4222-8222-222222222222,no
Café de Linde,12345678901234567890,33333333-3333-4333-8333-333333333333,
";

on_both_databases! {
    async fn a_dry_run_shows_the_resellers_and_changes_nothing(portal) {
        become_provider(portal).await;
        let before = state(portal).await;
        let ran = import(portal, FILE, false).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(said(&ran), [
            "Line Result Reseller Why",
            "2 new Wingtip Toys",
            "3 new Bakker, Smit & Zn.",
            "4 new Café de Linde",
            "",
            "3 new, 0 unchanged, 0 changed, 0 refused.",
            "4 lines in the file: 1 with the columns, 3 read, 0 skipped.",
            "Columns used: Name, MPN ID, Tenant ID, Agreement signed.",
            "Nothing was written. Run again with --apply to write this to Noordster.",
        ]);
        assert_eq!(state(portal).await, before);
    }

    async fn resellers_are_written_with_one_event_and_again_changes_nothing(portal) {
        become_provider(portal).await;
        let ran = import(portal, FILE, true).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.ends_with("Written to Noordster.\n"), "{}", ran.out);
        assert_eq!(
            known(portal, &portal.account).await,
            [
                reseller("0012", "Bakker, Smit & Zn.", '2', false),
                reseller("12345678901234567890", "Café de Linde", '3', false),
                reseller("4847383", "Wingtip Toys", '1', true),
            ]
        );
        assert_eq!(portal.events(Action::IndirectResellersImported).await, 1);
        assert_eq!(last_detail(portal).await, r#"{"new":3}"#);

        let after = state(portal).await;
        for file in [FILE.to_owned(), FILE.replace(',', ";").replace("Bakker; ", "Bakker, "), format!("\u{feff}{FILE}")] {
            let ran = import(portal, file, true).await;
            assert_eq!(said(&ran)[0], "0 new, 3 unchanged, 0 changed, 0 refused.");
            assert_eq!((ran.code, state(portal).await), (0, after.clone()), "nothing was written, nor an event added");
        }
    }

    async fn what_differs_of_a_reseller_is_changed_and_who_is_not_named_stays(portal) {
        become_provider(portal).await;
        import(portal, FILE, true).await;
        let file = "\
MPN ID;Naam;Tenant ID;Agreement signed;Land
4847383;Wingtip;44444444-4444-4444-8444-444444444444;nee;NL
0012;Bakker, Smit & Zn.;22222222-2222-4222-8222-222222222222;ja;NL
12;Twaalf;22222222-2222-4222-8222-222222222222;;NL
";
        for apply in [false, true] {
            let said = said(&import(portal, file, apply).await);
            assert_eq!(said[1..4], [
                "2 changed Wingtip name, tenant, agreement signed",
                "3 changed Bakker, Smit & Zn. agreement signed",
                "4 new Twaalf",
            ]);
            assert_eq!(said[5], "1 new, 0 unchanged, 2 changed, 0 refused.");
        }
        assert_eq!(
            known(portal, &portal.account).await,
            [
                reseller("0012", "Bakker, Smit & Zn.", '2', true),
                reseller("12345678901234567890", "Café de Linde", '3', false),
                reseller("12", "Twaalf", '2', false),
                reseller("4847383", "Wingtip", '4', false),
            ]
        );
        assert_eq!(portal.events(Action::IndirectResellersImported).await, 2);
        assert_eq!(last_detail(portal).await, r#"{"changed":2,"new":1}"#);
    }
}

on_sqlite! {
    async fn broken_lines_of_resellers_are_named_and_the_others_are_written(portal) {
        become_provider(portal).await;
        let file = "\
Name,MPN ID,Tenant ID,Agreement signed
,1,11111111-1111-4111-8111-111111111111,yes
Letters,MPN1,11111111-1111-4111-8111-111111111111,yes
Long,123456789012345678901,not-a-guid,perhaps
Too few,1
Good,1,11111111-1111-4111-8111-111111111111,yes
Other,1,11111111-1111-4111-8111-111111111111,yes
 Good ,1,11111111-1111-4111-8111-111111111111,1
";
        for (apply, good, first) in [(false, 1, "6 new Good"), (true, 1, "6 new Good"), (true, 0, "7 refused Other the MPN ID of line 6, with other details")] {
            let ran = import(portal, file, apply).await;
            assert_eq!(ran.code, 2, "{ran:?}");
            let said = said(&ran);
            assert_eq!(said[1..6], [
                "2 refused 1 Name: empty",
                "3 refused Letters MPN ID: not 1 to 20 digits",
                "4 refused Long MPN ID: not 1 to 20 digits; Tenant ID: not a GUID; Agreement signed: neither yes nor no",
                "5 refused Too few 2 cells where 4 were expected",
                first,
            ]);
            let counts = format!("{good} new, {} unchanged, 0 changed, 5 refused.", 2 - good);
            assert!(said.contains(&counts), "{said:?}");
        }
        assert_eq!(known(portal, &portal.account).await, [reseller("1", "Good", '1', true)]);
        assert_eq!(last_detail(portal).await, r#"{"new":1,"refused":5,"unchanged":1}"#);
    }

    async fn only_an_indirect_provider_has_resellers(portal) {
        let file = written(portal, FILE);
        for partner_type in [PartnerType::DirectBillPartner, PartnerType::IndirectReseller] {
            portal.set_account(&PartnerAccount { partner_type, ..portal.account.clone() }).await;
            let before = state(portal).await;
            for args in [&["import", "indirect-resellers", &file][..], &["import", "indirect-resellers", &file, "--apply"]] {
                let ran = cli(portal, args).await;
                assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
                let why = "Noordster is not the account of an indirect provider, who alone has indirect resellers";
                assert_eq!(ran.err, format!("countersign: {why}\n"));
            }
            assert_eq!(state(portal).await, before);
        }

        let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..account("Zuidster") };
        portal.add_account(&provider).await;
        done(portal, &["import", "indirect-resellers", &file, "--apply", "--account", "Zuidster"]).await;
        assert_eq!(known(portal, &provider).await.len(), 3);
        assert_eq!(known(portal, &portal.account).await, []);
    }

    async fn a_file_that_lists_no_resellers_is_refused_as_a_whole(portal) {
        become_provider(portal).await;
        let before = state(portal).await;
        for (file, why) in [
            ("", "the file is empty"),
            ("a,b\n1,2\n", "the first line must name the columns: Name, MPN ID, Tenant ID, Agreement signed"),
            ("Name,MPN ID,Tenant ID\n", "the file has no column Agreement signed"),
            ("Name,Tenant ID,Agreement signed\n", "the file has no column MPN ID"),
        ] {
            let ran = import(portal, file, true).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert_eq!(ran.err, format!("countersign: {why}\n"));
        }
        assert_eq!(state(portal).await, before);
    }
}

async fn become_provider(test_db: &TestDb) {
    let partner_type = PartnerType::IndirectProvider;
    test_db.set_account(&PartnerAccount { partner_type, ..test_db.account.clone() }).await;
}

/// Writes a file into the test's folder; its path.
fn written(test_db: &TestDb, file: impl AsRef<[u8]>) -> String {
    let path = test_db.folder().join("resellers.csv");
    std::fs::write(&path, file).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(test_db: &TestDb, file: impl AsRef<[u8]>, apply: bool) -> Ran {
    let path = written(test_db, file);
    let args: &[&str] = if apply {
        &["import", "indirect-resellers", &path, "--apply"]
    } else {
        &["import", "indirect-resellers", &path]
    };
    cli(test_db, args).await
}

/// What was printed, with single spaces.
fn said(ran: &Ran) -> Vec<String> {
    ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// A reseller whose tenant is made of one digit.
fn reseller(mpn_id: &str, name: &str, digit: char, agreement_signed: bool) -> IndirectReseller {
    let tenant_id = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace('x', &digit.to_string());
    let tenant_id = tenant_id.parse().expect("a GUID");
    IndirectReseller { mpn_id: mpn_id.to_owned(), name: name.to_owned(), tenant_id, agreement_signed }
}

/// The resellers of an account.
async fn known(test_db: &TestDb, account: &PartnerAccount) -> Vec<IndirectReseller> {
    let mut conn = test_db.db.snapshot().await.expect("a snapshot");
    indirect_resellers::all(&mut conn, account.id).await.expect("resellers")
}

/// The details of the latest import.
async fn last_detail(test_db: &TestDb) -> String {
    let sql = "SELECT detail FROM audit_log WHERE action = 'indirect_resellers_imported' ORDER BY seq DESC LIMIT 1";
    Direct::connect(&test_db.location).await.text(sql).await
}

/// How many resellers and entries of the log there are.
async fn state(test_db: &TestDb) -> [String; 2] {
    let mut direct = Direct::connect(&test_db.location).await;
    [
        direct.text("SELECT CAST(count(*) AS TEXT) FROM indirect_resellers").await,
        direct.text("SELECT CAST(max(seq) AS TEXT) FROM audit_log").await,
    ]
}
