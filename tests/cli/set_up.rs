//! Accounts, users and versions, beside a running portal: what is done counts from its next request.

use countersign::domain::audit::Action;

use super::{cli, cli_with, done, refused};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser,
        browser::Page,
        portal::{PASSWORD, email},
    },
};

on_sqlite! {
    async fn a_password_is_generated_and_printed_once(portal) {
        let out = done(portal, &["user", "create", "nora@test.example", "--name", "Nora Smit", "--role", "sales_agent"]).await;
        assert!(out.starts_with("Created nora@test.example as sales_agent in 1 partner account(s)\n"), "{out}");
        let password = generated(&out);
        let nora = portal.browser();
        assert_eq!(sign_in(&nora, "nora@test.example", &password).await.status, 303);
        assert!(nora.get("/customers").await.body.contains("Nora Smit"));

        let list = done(portal, &["user", "list"]).await;
        let line = list.lines().find(|line| line.starts_with("nora@")).unwrap();
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells, ["nora@test.example", "Nora", "Smit", "active", "sales_agent", "Noordster"]);
        assert!(!list.contains(&password) && !list.contains("argon2"), "{list}");
    }

    async fn a_password_from_standard_input_is_not_printed_and_not_too_short(portal) {
        let create = ["user", "create", "nora@test.example", "--name", "Nora", "--role", "manager", "--password-stdin"];
        for (input, why) in [
            ("kort genoeg\n", "a password has at least 12 characters"),
            ("", "a password has at least 12 characters"),
            (&format!("{}\n", "x".repeat(1025)), "a password has at most 1024 bytes"),
        ] {
            let ran = cli_with(portal, &create, input).await;
            assert_eq!((ran.code, ran.err), (1, format!("countersign: {why}\n")));
        }
        assert!(!done(portal, &["user", "list"]).await.contains("nora"));

        let password = "vierentwintig kleine bomen";
        let ran = cli_with(portal, &create, &format!("{password}\r\n")).await;
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(!ran.out.contains(password) && !ran.out.contains("Password"), "{}", ran.out);
        assert_eq!(sign_in(&portal.browser(), "nora@test.example", password).await.status, 303);
    }
}

on_both_databases! {
    async fn who_cannot_be_created_is_refused_with_a_sentence(portal) {
        let create = |email, role, account| ["user", "create", email, "--name", "Nora", "--role", role, "--account", account];
        refused(portal, &create("nora", "manager", "Noordster"), "\"nora\" is not an email address").await;
        refused(
            portal,
            &create("SALES@test.example", "manager", "Noordster"),
            "somebody signs in with that email address already",
        )
        .await;
        refused(
            portal,
            &create("nora@test.example", "manager", "Zuidster"),
            "there is no partner account \"Zuidster\"; see countersign account list",
        )
        .await;
        let ran = cli(portal, &create("nora@test.example", "boss", "Noordster")).await;
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("--role"), "{ran:?}");
        for command in ["password", "disable", "enable"] {
            let why = "nobody signs in with that email address; see countersign user list";
            refused(portal, &["user", command, "nora@test.example"], why).await;
        }
        assert!(!done(portal, &["user", "list"]).await.contains("nora"));
    }

    async fn a_disabled_users_open_session_is_refused_at_the_next_request(portal) {
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get("/customers").await.status, 200);
        let out = done(portal, &["user", "disable", "Sales@Test.Example"]).await;
        assert!(out.starts_with("Disabled"), "{out}");
        is_signed_out(&sales).await;
        let page = sign_in(&sales, &email("sales"), PASSWORD).await;
        assert_eq!(page.errors(), ["Email address or password is not correct"]);
        let line = done(portal, &["user", "list"]).await;
        assert!(line.lines().any(|line| line.starts_with("sales@") && line.contains("disabled")), "{line}");

        done(portal, &["user", "enable", &email("sales")]).await;
        is_signed_out(&sales).await;
        assert_eq!(sign_in(&sales, &email("sales"), PASSWORD).await.status, 303);
        assert_eq!(sales.get("/customers").await.status, 200);
    }

    async fn a_role_holds_from_the_next_request_on(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let update = format!("/customers/{customer}/agreements/new");
        let manager = portal.signed_in("manager").await;
        assert_eq!(manager.get(&update).await.status, 403);
        let out = done(portal, &["user", "role", &email("manager"), "sales_agent"]).await;
        assert_eq!(out, "manager@test.example is now sales_agent in Noordster\n");
        assert_eq!(manager.get(&update).await.status, 200);
        done(portal, &["user", "role", &email("manager"), "manager", "--account", "Noordster"]).await;
        assert_eq!(manager.get(&update).await.status, 403);
    }

    async fn a_new_password_ends_every_session_and_the_old_one_no_longer_works(portal) {
        let (one, other) = (portal.signed_in("sales").await, portal.signed_in("sales").await);
        let admin = portal.signed_in("admin").await;
        let out = done(portal, &["user", "password", &email("sales")]).await;
        is_signed_out(&one).await;
        is_signed_out(&other).await;
        assert_eq!(admin.get("/customers").await.status, 200, "somebody else's session stays");
        assert_ne!(sign_in(&one, &email("sales"), PASSWORD).await.status, 303);
        assert_eq!(sign_in(&one, &email("sales"), &generated(&out)).await.status, 303);

        let ran = cli_with(portal, &["user", "password", &email("sales"), "--password-stdin"], "weer een ander woord\n").await;
        assert_eq!(ran.code, 0, "{ran:?}");
        is_signed_out(&one).await;
        assert_eq!(sign_in(&one, &email("sales"), "weer een ander woord").await.status, 303);
    }

    async fn an_account_is_created_listed_and_changed_beside_the_running_portal(portal) {
        let sales = portal.signed_in("sales").await;
        let create = [
            "account", "create", "Zuidster", "--type", "indirect_reseller", "--environment", "sandbox", "--country", "be",
            "--time-zone", "Europe/Brussels", "--tenant-id", "11111111-2222-4333-8444-555555555555",
        ];
        let out = done(portal, &create).await;
        let id = out.trim_end().trim_start_matches("Created partner account Zuidster (").trim_end_matches(')').to_owned();
        assert!(done(portal, &["account", "list"]).await.lines().any(|line| {
            line.split_whitespace().eq([
                id.as_str(), "Zuidster", "indirect_reseller", "public", "sandbox", "Belgium", "Europe/Brussels",
                "11111111-2222-4333-8444-555555555555",
            ])
        }));
        refused(portal, &create, "another partner account has that name").await;
        assert!(!sales.get("/customers").await.body.contains("Zuidster"), "no role there yet");
        done(portal, &["user", "role", &email("sales"), "sales_agent", "--account", &id]).await;
        let page = sales.get("/customers").await;
        assert_eq!(page.texts("form.drop button"), ["Switch to Zuidster"]);
        let why = "there are several partner accounts; say which with --account";
        refused(portal, &["user", "role", &email("sales"), "manager"], why).await;

        let out = done(portal, &["account", "set", "Zuidster", "--name", "Poolster", "--environment", "production"]).await;
        assert_eq!(out, "Changed partner account Poolster\n");
        assert!(sales.get("/customers").await.body.contains("Switch to Poolster"));
        let list = done(portal, &["account", "list"]).await;
        let line = list.lines().find(|line| line.starts_with(&id)).unwrap();
        assert!(line.split_whitespace().eq([
            id.as_str(), "Poolster", "indirect_reseller", "public", "production", "Belgium", "Europe/Brussels",
            "11111111-2222-4333-8444-555555555555",
        ]), "{line}");
        done(portal, &["account", "set", "Noordster", "--time-zone", "Asia/Tokyo"]).await;
        assert!(sales.get("/customers").await.body.contains("Asia/Tokyo"));

        refused(portal, &["account", "set", "Poolster", "--name", "Noordster"], "another partner account has that name").await;
        for wrong in [
            &["account", "set", "Poolster"][..],
            &["account", "set", "Poolster", "--country", "XX"],
            &["account", "set", "Poolster", "--time-zone", "Europe/Atlantis"],
            &["account", "set", "Poolster", "--cloud", "cumulus"],
            &["account", "create", "Nova"],
        ] {
            assert_eq!(cli(portal, wrong).await.code, 2, "{wrong:?}");
        }
    }

    async fn a_version_counts_from_the_next_request_on(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let label = "Microsoft Customer Agreement, November 2026";
        let add = [
            "agreement-version", "add", label, "--published-on", "2026-11-01", "--mandatory-from", "2026-11-20", "--link",
            "https://example.com/agreement", "--link", "NL,nl-NL=https://example.com/overeenkomst",
        ];
        let update = format!("/customers/{customer}/agreements/new");
        assert!(!sales.get(&update).await.main().contains(label));
        let out = done(portal, &add).await;
        assert!(out.starts_with(&format!("Added {label} (")), "{out}");
        assert!(sales.get(&update).await.main().contains(label));
        let list = done(portal, &["agreement-version", "list"]).await;
        let lines: Vec<&str> = list.lines().collect();
        assert!(lines.len() == 3 && lines[1].contains("2020-01-31") && lines[2].contains("2026-11-20"), "{list}");
        assert!(lines[2].ends_with(label), "{list}");

        refused(portal, &add, "another version was published on that day").await;
        let early = ["agreement-version", "add", "x", "--published-on", "2026-10-01", "--mandatory-from", "2026-09-30"];
        refused(portal, &early, "a version cannot be mandatory before it is published").await;
        let future = ["agreement-version", "add", "x", "--published-on", "2999-10-01"];
        let sentence = "a version is added once it is published: the day lies in the future or before 2000";
        refused(portal, &future, sentence).await;
        assert_eq!(done(portal, &["agreement-version", "list"]).await, list);
    }

    async fn verify_says_ok_or_names_what_was_changed(portal) {
        let out = done(portal, &["audit", "verify"]).await;
        assert!(out.starts_with("OK: "), "{out}");
        let mut direct = crate::support::direct::Direct::connect(&portal.location).await;
        direct.execute("UPDATE users SET display_name = 'Mallory' WHERE display_name = 'Sales'").await;
        let ran = cli(portal, &["audit", "verify"]).await;
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.starts_with("WRONG: a row of users is not what the log says"), "{ran:?}");
        direct.execute("UPDATE users SET display_name = 'Sales' WHERE display_name = 'Mallory'").await;

        let out = done(portal, &["audit", "verify"]).await;
        assert!(out.starts_with("OK: ") && out.contains("\nAn earlier run said WRONG, on "), "{out}");
        assert_eq!(portal.events(Action::LogVerified).await, 3);
    }

    async fn a_hash_kept_elsewhere_must_be_in_the_log_whatever_came_after_it(portal) {
        let kept = |out: &str| {
            let line = out.lines().find_map(|line| line.strip_prefix("Keep this outside the database, for --expect: "));
            line.expect("a number and a hash").to_owned()
        };
        let first = kept(&done(portal, &["audit", "verify"]).await);
        portal.add_customer("Contoso B.V.").await;
        let second = kept(&done(portal, &["audit", "verify", "--expect", &first]).await);
        assert_ne!(first, second);
        done(portal, &["audit", "verify", "--expect", &first, "--expect", &second.to_uppercase()]).await;

        let (seq, hash) = second.split_once(':').expect("two parts");
        let turned: String = hash.chars().rev().collect();
        let beyond = format!("1000000:{hash}");
        for (expect, why) in [
            (format!("{seq}:{turned}"), format!("entry {seq} of the log has another hash than the one expected, {seq}:{turned}")),
            (beyond.clone(), format!("entry 1000000 of the log is gone, which was expected: {beyond}")),
        ] {
            let ran = cli(portal, &["audit", "verify", "--expect", &first, "--expect", &expect]).await;
            assert_eq!((ran.code, ran.out, ran.err), (1, format!("WRONG: {why}\n"), String::new()));
        }

        let verified = portal.events(Action::LogVerified).await;
        for (expect, why) in [
            ("", "a colon and its hash"),
            (hash, "a colon and its hash"),
            (&format!("0:{hash}"), "not the number of an entry"),
            (&format!("twelve:{hash}"), "not the number of an entry"),
            (&format!("12:{}", &hash[1..]), "64 hexadecimal digits"),
            (&format!("12:{turned}:"), "64 hexadecimal digits"),
        ] {
            let ran = cli(portal, &["audit", "verify", "--expect", &first, "--expect", expect]).await;
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{expect}: {ran:?}");
            assert!(ran.err.contains(why) && ran.err.contains("--expect <SEQ:HASH>"), "{expect}: {ran:?}");
        }
        assert_eq!(portal.events(Action::LogVerified).await, verified, "nothing was verified");
    }
}

on_sqlite! {
    async fn a_log_that_cannot_be_verified_is_not_called_wrong(portal) {
        let nowhere = portal.folder().join("nowhere").join("else");
        std::fs::write(portal.folder().join("nowhere"), "a file").expect("a file");
        let nowhere = nowhere.to_str().expect("a path");
        let ran = crate::support::program::run(&["audit", "verify", "--data-dir", nowhere]).await;
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.starts_with("countersign: "), "{ran:?}");
    }
}

fn generated(out: &str) -> String {
    let password = out.lines().find_map(|line| line.strip_prefix("Password: ")).expect("a password");
    assert!(password.len() >= 22, "{password}");
    assert_eq!(out.matches(password).count(), 1);
    password.to_owned()
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Page {
    browser.post("/sign-in", &[("email", email), ("password", password)]).await
}

async fn is_signed_out(browser: &Browser) {
    let page = browser.get("/customers").await;
    assert_eq!(page.status, 303);
    assert!(page.location().starts_with("/sign-in"), "{}", page.location());
}
