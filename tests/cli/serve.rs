//! Starting to serve.

use countersign::store::migrate::{Location, Place};

use crate::support::{
    Browser,
    program::{Server, free_port, run, run_with},
};

#[tokio::test]
async fn an_empty_database_gets_its_first_admin_through_a_link_that_works_once() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location { at: Place::Sqlite(folder.path().join("countersign.db")), connections: None };
    let port = free_port();
    let server = Server::serve(&location, port).await;
    let said = server.says("/setup?token=").await;
    let link = said.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    let path = link.strip_prefix(&server.url).expect("a link to this portal");

    let browser = Browser::new(&server.url);
    assert_eq!(browser.get("/setup?token=x").await.status, 404);
    assert_eq!(browser.get("/setup").await.status, 404);
    let form = browser.form(path).await;
    let page = browser.submit(&form).await;
    assert_eq!(page.status, 422, "an empty form");
    assert_eq!(page.wrong_fields(), ["partner_account_name", "country", "time_zone", "name", "email", "password"]);
    let form = page
        .form()
        .with("partner_account_name", "Noordster")
        .with("partner_type", "direct_bill_partner")
        .with("country", "NL")
        .with("time_zone", "Europe/Amsterdam")
        .with("name", "Joris Bakker")
        .with("email", "joris@noordster.example")
        .with("password", "kort");
    let page = browser.submit(&form).await;
    assert_eq!(page.wrong_fields(), ["password"]);
    let page = browser.submit(&form.clone().with("password", "een heel lang wachtwoord")).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let page = browser.follow(page).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Joris Bakker") && page.body.contains("Admin agent"), "{}", page.body);

    let other = Browser::new(&server.url);
    assert_eq!(other.get(path).await.status, 404, "the link is used up");
    let again = form.with("password", "een heel lang wachtwoord").with("email", "mallory@noordster.example");
    assert_eq!(other.submit(&again).await.status, 404);
    server.kill().await;

    let server = Server::serve(&location, port).await;
    let page = browser.get("/customers").await;
    assert_eq!(page.status, 200, "the session is still there");
    server.says("serving").await;
    assert!(!server.said().contains("/setup?token="), "{}", server.said());
}

#[tokio::test]
async fn each_start_replaces_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location { at: Place::Sqlite(folder.path().join("countersign.db")), connections: None };
    let port = free_port();
    let mut paths = Vec::new();
    for _ in 0..2 {
        let server = Server::serve(&location, port).await;
        let line = server.says("/setup?token=").await;
        let (_, path) = line.split_once(&server.url).unwrap();
        paths.push(path.to_owned());
        let browser = Browser::new(&server.url);
        assert_eq!(browser.get(path).await.status, 200);
        if let [first, _] = paths.as_slice() {
            assert_eq!(browser.get(first).await.status, 404);
        }
        server.kill().await;
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = ["--data-dir", data.to_str().unwrap()];
    let (url, key) = ("COUNTERSIGN_DATABASE_URL", "COUNTERSIGN_SECRET_KEY");
    let nowhere = "postgres://nobody@127.0.0.1:9/none";
    for (args, variables, why) in [
        (&["serve"][..], &[][..], "set the address that browsers use with --base-url or COUNTERSIGN_BASE_URL"),
        (&["serve"], &[("COUNTERSIGN_LISTN", "x")], "unknown variable COUNTERSIGN_LISTN; known are "),
        (&["account", "list"], &[("COUNTERSIGN_TEST_POSTGRES", "x")], "unknown variable COUNTERSIGN_TEST_POSTGRES"),
        (&["serve", "--base-url", "http://x.example"], &[], "the base address must be https:// and a host"),
        (
            &["serve", "--insecure-http", "--listen", "0.0.0.0:8080"],
            &[],
            "--insecure-http serves loopback addresses only",
        ),
        (
            &["serve", "--insecure-http", "--font-dir", "/nowhere"],
            &[],
            "the folder of fonts /nowhere: No such file or directory",
        ),
        (&["serve", "--insecure-http"], &[(key, "short")], "the secret key needs at least 32 characters"),
        (&["serve", "--insecure-http"], &[(url, nowhere)], "with PostgreSQL the secret key must be set"),
        (
            &["serve", "--insecure-http", "--secret-key-file", "/nowhere"],
            &[],
            "cannot read /nowhere: No such file or directory",
        ),
    ] {
        let ran = run_with(&[args, &at].concat(), variables, "").await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}: {ran:?}");
        assert!(ran.err.starts_with(&format!("countersign: {why}")), "{args:?}: {ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{args:?}: {ran:?}");
        assert!(!data.exists(), "{args:?} left something behind");
    }
    let ran = run(&["user", "list", "--database-url", nowhere]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.err.starts_with("countersign: the database cannot be opened: "), "{ran:?}");
}
