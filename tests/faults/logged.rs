//! What the log says of a fault.

use serde_json::Value;

use crate::support::{
    Browser, Database, TestDb,
    direct::Direct,
    portal::{PASSWORD, email, postgres},
    program::{Server, data, free_port, run_with},
};

#[tokio::test]
async fn a_fault_is_logged_with_the_id_that_its_page_shows_on_sqlite() {
    fault_is_logged(Database::Sqlite, "no such table: agreements").await;
}

#[tokio::test]
async fn a_fault_is_logged_with_the_id_that_its_page_shows_on_postgres() {
    if postgres().is_none() {
        eprintln!("left out: COUNTERSIGN_TEST_POSTGRES is not set");
        return;
    }
    fault_is_logged(Database::Postgres, "relation \"agreements\" does not exist").await;
}

async fn fault_is_logged(kind: Database, cause: &str) {
    let test_db = TestDb::prepare(kind, None).await;
    let (customer, user) = (test_db.add_customer("Contoso B.V.").await, test_db.user("sales").await);
    test_db.db.close().await;
    let path = format!("/customers/{customer}/agreements");

    for (format, level) in [("text", "info"), ("json", "error")] {
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        let [flag, value] = data(&test_db.location);
        let args = ["serve", "--insecure-http", "--listen", &listen, &flag, &value, "--log-format", format];
        let key = ("COUNTERSIGN_SECRET_KEY", crate::support::program::SECRET);
        let server = Server::start(&args, &[key, ("COUNTERSIGN_LOG", level)], port).await;
        let browser = Browser::new(&server.url);
        let page = browser.post("/sign-in", &[("email", &email("sales")), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        assert_eq!(browser.get(&path).await.status, 200);

        let mut direct = Direct::connect(&test_db.location).await;
        direct.execute("ALTER TABLE agreements RENAME TO away").await;
        let page = browser.get(&format!("{path}?q=anna@contoso.example")).await;
        direct.execute("ALTER TABLE away RENAME TO agreements").await;
        assert_eq!(page.status, 500, "{}", page.body);
        let id = page.texts(".id").concat();
        assert_eq!(id, page.header("x-request-id"));

        let line = server.says(&id).await;
        assert!(line.contains("the database and the program disagree: ") && line.contains("internal error"), "{line}");
        assert!(line.replace('\\', "").contains(cause), "{line}");
        if format == "json" {
            let line: Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(line["level"], "ERROR");
            let span = &line["span"];
            assert_eq!((&span["request_id"], &span["method"]), (&id.into(), &"GET".into()));
            assert_eq!(span["route"], "/customers/{customer}/agreements");
            assert_eq!(span["user_id"], user.to_string());
            assert_eq!(span["account_id"], test_db.account.id.to_string());
        } else {
            let account = test_db.account.id;
            let span = format!(
                "request{{request_id={id} method=GET user_id={user} account_id={account} route=/customers/{{customer}}/agreements}}"
            );
            assert!(line.contains("ERROR") && line.contains(&span), "{line}");
            server.says(&format!("{span}: request path=\"{path}\" status=500")).await;
        }
        let said = server.said();
        for personal in ["Contoso", "Noordster", "Sales", &email("sales"), "anna@", PASSWORD] {
            assert!(!said.contains(personal), "{personal} is in the log: {said}");
        }
        server.kill().await;
    }
}

#[tokio::test]
async fn a_log_filter_that_is_not_valid_is_refused_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("data");
    for filter in ["verbose", "countersign=loud", ""] {
        let args = ["account", "list", "--data-dir", folder.to_str().unwrap(), "--log", filter];
        let ran = run_with(&args, &[], "").await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        let why = format!("countersign: the log filter {filter:?} is not valid: ");
        assert!(ran.err.starts_with(&why) && ran.err.lines().count() == 1, "{ran:?}");
        assert!(!folder.exists(), "nothing was begun");
    }
}

#[tokio::test]
async fn a_slow_statement_is_logged_without_its_values() {
    let test_db = TestDb::prepare(Database::Sqlite, None).await;
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(log.reopen().unwrap()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let mut conn = test_db.db.read().await.expect("a reader");
    let count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT MAX(i) FROM n";
    for most in [10_i64, 7_654_321] {
        let (counted,): (i64,) = crate::support::sql(&mut conn, count).bind(most).one().await.expect("a number");
        assert_eq!(counted, most);
    }
    drop(guard);
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert_eq!(said.matches("slow statement").count(), 1, "{said}");
    assert!(said.contains(&format!("sql={count}")) && !said.contains("7654321"), "{said}");
}
