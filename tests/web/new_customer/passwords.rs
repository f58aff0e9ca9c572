//! The temporary password: for one person, once, and nowhere to be read.

use chrono::TimeDelta;
use countersign::{app, domain::role::Role};
use futures_util::future::join_all;
use reqwest::Method;

use super::{leads_on, password, step_1, to_review};
use crate::{
    on_both_databases,
    support::{Browser, Portal, direct::Direct, portal::account},
};

/// Creates a customer whose page nobody has opened yet; the page's address.
async fn unopened(browser: &Browser, domain: &str) -> String {
    let form = step_1(browser).await.with("accepted", "on").with("domain_prefix", domain);
    let review = to_review(browser, &form).await;
    leads_on(browser, &browser.form(&review).await).await
}

/// Everything that the database holds, as text; bytes as hexadecimal digits.
async fn everything(portal: &Portal) -> String {
    let mut direct = Direct::connect(&portal.location).await;
    let tables = if direct.is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    } else {
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    };
    let tables: Vec<String> = direct.rows(tables).await.into_iter().map(|mut row| row.remove(0)).collect();
    for table in
        ["audit_log", "customers", "customer_drafts", "idempotency_keys", "sessions", "temporary_passwords", "users"]
    {
        assert!(tables.iter().any(|one| one == table), "{table} is looked into");
    }
    let mut everything = String::new();
    for table in &tables {
        let rows = if direct.is_sqlite() {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns: Vec<String> = direct.rows(&columns).await.iter().map(|row| row[0].clone()).collect();
            let text = columns.iter().map(|column| {
                format!("CASE typeof(\"{column}\") WHEN 'blob' THEN lower(hex(\"{column}\")) ELSE coalesce(CAST(\"{column}\" AS TEXT), '') END")
            });
            direct.rows(&format!("SELECT {} FROM \"{table}\"", text.collect::<Vec<_>>().join(", "))).await
        } else {
            direct.rows(&format!("SELECT CAST(one AS TEXT) FROM \"{table}\" one")).await
        };
        rows.iter().flatten().for_each(|value| {
            everything.push_str(value);
            everything.push('\n');
        });
    }
    everything
}

fn assert_unknown(secret: &str, everything: &str, when: &str) {
    let hex = secret.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert!(!everything.contains(secret) && !everything.contains(&hex), "{when} the database knows the password");
}

on_both_databases! {
    async fn nothing_that_is_stored_holds_the_password_before_or_after_it_is_shown(portal) {
        let sales = portal.signed_in("sales").await;
        let path = unopened(&sales, "hartog").await;
        let before = everything(portal).await;
        assert!(before.contains("hartog.onmicrosoft.com") && before.contains("lotte@hartog.example"), "it is all there");
        let secret = password(&sales.get(&path).await).expect("a password");
        assert!(secret.len() == 16 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
        assert_unknown(&secret, &before, "before");
        assert_unknown(&secret, &everything(portal).await, "afterwards");
        app::purge(&portal.db).await.expect("a purge");
        // The very bytes of the files, with what was deleted and what is not folded in yet.
        for file in std::fs::read_dir(portal.folder()).expect("a folder") {
            let path = file.expect("a file").path();
            let bytes = std::fs::read(&path).expect("bytes");
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{} holds it", path.display());
        }
        let other = unopened(&sales, "hartog2").await;
        assert_ne!(password(&sales.get(&other).await).expect("a password"), secret, "each has its own");
    }

    async fn of_sixteen_who_open_the_page_at_once_one_sees_the_password(portal) {
        let sales = portal.signed_in("sales").await;
        let path = unopened(&sales, "hartog").await;
        let pages = join_all((0..16).map(|_| sales.get(&path))).await;
        assert_eq!(pages.iter().map(|page| page.status).collect::<Vec<_>>(), [200; 16]);
        assert_eq!(pages.iter().filter_map(password).count(), 1);
    }

    async fn the_password_waits_ten_minutes_to_the_second_and_only_a_page_uses_it_up(portal) {
        let sales = portal.signed_in("sales").await;
        let (early, late) = (unopened(&sales, "hartog").await, unopened(&sales, "hartog2").await);
        portal.clock.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        app::purge(&portal.db).await.expect("a purge");
        for path in [&early, &late] {
            let head = sales.send(Method::HEAD, path, None, &[]).await;
            assert_eq!((head.status, head.body.as_str(), head.header("cache-control")), (200, "", "no-store"));
        }
        let account = early.replace("/created", "/account");
        for path in [account.as_str(), &early.replace("/created", "/history"), "/customers"] {
            assert_eq!(sales.get(path).await.status, 200);
        }
        assert_eq!(password(&sales.get(&early).await).map(|secret| secret.len()), Some(16));
        portal.clock.advance(TimeDelta::seconds(1));
        let page = sales.get(&late).await;
        assert_eq!(password(&page), None);
        assert!(page.main().contains("Was shown once, or more than 10 minutes ago."), "{}", page.main());
        sales.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        assert_eq!(sales.get(&late).await.texts("#temporary-password"), [""; 0]);
    }

    async fn nobody_else_sees_the_password_or_uses_it_up(portal) {
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_user("both", Role::SalesAgent, &[portal.account.clone(), other.clone()]).await;
        let both = portal.signed_in("both").await;
        let here = portal.account.id.to_string();
        both.post("/partner-account", &[("partner_account", &here)]).await;
        let path = unopened(&both, "hartog").await;
        for name in ["sales", "admin"] {
            let page = portal.signed_in(name).await.get(&path).await;
            assert_eq!((page.status, password(&page)), (200, None), "{name}");
        }
        assert_eq!(portal.signed_in("manager").await.get(&path).await.status, 403);
        let page = portal.browser().get(&path).await;
        assert_eq!(page.status, 303);
        assert!(page.location().starts_with("/sign-in?next="), "{}", page.location());
        both.post("/partner-account", &[("partner_account", &other.id.to_string())]).await;
        assert_eq!(both.get(&path).await.status, 404, "in the other account there is no such customer");
        both.post("/partner-account", &[("partner_account", &here)]).await;
        // Another session of the same user may be another window of theirs.
        assert!(password(&portal.signed_in("both").await.get(&path).await).is_some());
        assert_eq!(password(&both.get(&path).await), None);
    }

    async fn a_customer_that_was_not_created_here_has_no_such_page(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get(&format!("/customers/{customer}/created")).await.status, 404);
        assert_eq!(sales.post(&format!("/customers/{customer}/created"), &[]).await.status, 405);
    }
}
