//! The demo.

use countersign::store::migrate::{Location, Place};

use crate::support::{
    Browser,
    direct::Direct,
    portal::PASSWORD,
    program::{Server, free_port, run},
};

#[tokio::test]
async fn the_demo_shows_every_standing_and_keeps_what_is_done_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo").to_str().unwrap().to_owned();
    let location = Location { at: Place::Sqlite(folder.path().join("demo/countersign.db")), connections: None };
    let port = free_port();
    let args = ["demo", "--data-dir", &data, "--port", &port.to_string()];

    let server = Server::start(&args, &[("COUNTERSIGN_DEMO_PASSWORD", PASSWORD)], port).await;
    assert_eq!(server.says("Countersign demo:").await, format!("Countersign demo: {}", server.url));
    assert!(server.says("Data folder:").await.ends_with(&data));
    assert_eq!(server.says("Password:").await.trim_start_matches("Password:").trim(), PASSWORD);
    for role in ["admin", "sales", "manager"] {
        assert!(server.said().contains(&format!("{role}@noordster.example")), "{}", server.said());
    }
    let sales = signed_in(&server, "sales", PASSWORD).await;
    signed_in(&server, "admin", PASSWORD).await;
    let manager = signed_in(&server, "manager", PASSWORD).await;
    for confirmation_status in ["not-confirmed", "confirmed", "reconfirmation-due"] {
        let page = manager.get(&format!("/customers?status={confirmation_status}")).await;
        assert!(page.texts("tbody tr").len() > 5, "{confirmation_status}");
    }
    let mut direct = Direct::connect(&location).await;
    let directly = "SELECT CAST(count(*) AS TEXT) FROM customers c JOIN partner_accounts a ON a.id = c.partner_account_id \
                    WHERE a.position = 0 AND accepted_directly = 1 AND date_agreed IS";
    assert_ne!(direct.text(&format!("{directly} NULL")).await, "0");
    assert_ne!(direct.text(&format!("{directly} NOT NULL")).await, "0");
    assert_eq!(direct.text(COUNT).await, "300");
    let accounts = "SELECT partner_type || ' ' || cloud || ' ' || environment || ' ' || CASE WHEN EXISTS \
                    (SELECT 1 FROM customers c WHERE c.partner_account_id = a.id) THEN 'customers' ELSE '' END \
                    FROM partner_accounts a ORDER BY position";
    assert_eq!(
        direct.rows(accounts).await.concat(),
        [
            "direct_bill_partner public production customers",
            "direct_bill_partner public sandbox customers",
            "direct_bill_partner 21vianet production customers",
            "indirect_provider public production customers",
            "indirect_reseller public production customers",
        ]
    );

    // Somebody works in it, and starts it again another day.
    let page = sales.get("/customers?status=not-confirmed").await;
    let update = page.attributes("tbody .row-acts a", "href").remove(0);
    let form = sales
        .form(&update)
        .await
        .with("first_name", "Anna")
        .with("last_name", "de Vries")
        .with("email", "anna@work.example")
        .with("date_agreed", "12-3-2026");
    assert_eq!(sales.submit(&form).await.status, 303);
    server.kill().await;
    is_sound(&data).await;

    let server = Server::start(&args, &[], port).await;
    assert!(!server.said().contains("Making up"), "{}", server.said());
    let password = server.says("Password:").await.trim_start_matches("Password:").trim().to_owned();
    assert_ne!(password, PASSWORD);
    let sales = signed_in(&server, "sales", &password).await;
    assert_eq!(sales.get("/customers?q=anna@work.example").await.texts("tbody tr").len(), 1, "the data was kept");
    assert_eq!(direct.text(COUNT).await, "300");
    server.kill().await;
    is_sound(&data).await;
}

#[tokio::test]
async fn the_demo_has_as_many_customers_as_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let port = free_port();
    let server =
        Server::start(&["demo", "--data-dir", data, "--port", &port.to_string(), "--customers", "40"], &[], port).await;
    let location = Location { at: Place::Sqlite(folder.path().join("countersign.db")), connections: None };
    assert_eq!(Direct::connect(&location).await.text(COUNT).await, "40");
    server.kill().await;
    is_sound(data).await;
}

#[tokio::test]
async fn the_demo_touches_no_database_that_holds_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let create =
        ["account", "create", "Noordster", "--country", "NL", "--time-zone", "Europe/Amsterdam", "--data-dir", data];
    assert_eq!(run(&create).await.code, 0);
    let list = ["account", "list", "--data-dir", data];
    let before = run(&list).await.out;
    let port = free_port().to_string();
    let ran = run(&["demo", "--data-dir", data, "--port", &port]).await;
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    assert_eq!(
        ran.err,
        format!("countersign: {data} holds other data than the demo's; choose another folder with --data-dir\n")
    );
    assert_eq!(run(&list).await.out, before);
    is_sound(data).await;
}

const COUNT: &str = "SELECT CAST(count(*) AS TEXT) FROM customers";

async fn signed_in(server: &Server, name: &str, password: &str) -> Browser {
    let browser = Browser::new(&server.url);
    let email = format!("{name}@noordster.example");
    let page = browser.post("/sign-in", &[("email", &email), ("password", password)]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    browser
}

async fn is_sound(data: &str) {
    let ran = run(&["audit", "verify", "--data-dir", data]).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("OK: "), "{ran:?}");
}
