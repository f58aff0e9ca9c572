//! What the program says of itself.

use crate::support::program::{run, run_with};

/// Every command with the flags it has to explain.
const COMMANDS: [(&str, &[&str]); 24] = [
    (
        "serve",
        &[
            "--data-dir",
            "--database-url",
            "--database-connections",
            "--listen",
            "--base-url",
            "--insecure-http",
            "--trusted-proxies",
            "--secret-key",
            "--secret-key-file",
            "--workers",
            "--font-dir",
            "--api-requests-per-minute",
            "--api-users-only",
            "COUNTERSIGN_LISTEN",
            "COUNTERSIGN_BASE_URL",
            "COUNTERSIGN_SECRET_KEY",
            "COUNTERSIGN_DATABASE_URL",
            "COUNTERSIGN_DATA_DIR",
            "COUNTERSIGN_FONT_DIR",
            "COUNTERSIGN_API_REQUESTS_PER_MINUTE",
            "COUNTERSIGN_API_USERS_ONLY",
        ],
    ),
    (
        "demo",
        &[
            "--data-dir",
            "--port",
            "--customers",
            "--password",
            "COUNTERSIGN_DEMO_PASSWORD",
            "--api-requests-per-minute",
        ],
    ),
    ("account create", &["<NAME>", "--type", "--cloud", "--environment", "--country", "--time-zone"]),
    ("account set", &["<ACCOUNT>", "--name", "--type", "--cloud", "--environment", "--country", "--time-zone"]),
    ("account list", &["--data-dir", "--database-url"]),
    ("user create", &["<EMAIL>", "--name", "--role", "--account", "--password-stdin"]),
    ("user role", &["<EMAIL>", "<ROLE>", "--account"]),
    ("user password", &["<EMAIL>", "--password-stdin"]),
    ("user disable", &["<EMAIL>"]),
    ("user enable", &["<EMAIL>"]),
    ("user list", &["--data-dir", "--database-url"]),
    ("api-client create", &["<NAME>", "--role", "--account"]),
    ("api-client revoke", &["<CLIENT>", "--account"]),
    ("api-client refresh-token", &["<CLIENT>", "--user", "--account"]),
    ("api-client token", &["<CLIENT>", "--user", "--account", "--secret-key", "--secret-key-file"]),
    ("api-client list", &["--data-dir", "--database-url"]),
    ("agreement-version add", &["<LABEL>", "--published-on", "--mandatory-from", "--template-id", "--link"]),
    ("agreement-version list", &["--data-dir", "--database-url"]),
    ("import customers", &["<FILE>", "--account", "--apply", "--dates", "--encoding", "--column"]),
    ("import indirect-resellers", &["<FILE>", "--account", "--apply", "--encoding", "--column"]),
    ("import subscriptions", &["<FILE>", "--account", "--apply", "--dates", "--encoding", "--column"]),
    ("import catalogue", &["<FILE>", "--data-dir", "--apply", "--encoding", "--column"]),
    ("audit verify", &["--data-dir", "--database-url", "--expect", "<SEQ:HASH>", "elsewhere"]),
    ("check", &["--data-dir", "--database-url"]),
];

#[tokio::test]
async fn every_command_explains_itself_and_its_flags() {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let help = help(&path).await;
        let inner = commands(&help);
        if inner.is_empty() {
            found.push(path.join(" "));
        }
        for command in inner {
            open.push([path.clone(), vec![command]].concat());
        }
    }
    found.sort();
    let mut known: Vec<&str> = COMMANDS.iter().map(|(command, _)| *command).collect();
    known.sort_unstable();
    assert_eq!(found, known);

    for (command, flags) in COMMANDS {
        let help = help(&command.split(' ').map(str::to_owned).collect::<Vec<_>>()).await;
        for part in flags.iter().chain(&["--log", "--log-format", "--help", "--version"]) {
            assert!(help.contains(part), "{command} does not explain {part}:\n{help}");
        }
    }
}

#[tokio::test]
async fn help_shows_no_secret() {
    let secrets = [
        ("COUNTERSIGN_SECRET_KEY", "a secret that is at least 32 characters"),
        ("COUNTERSIGN_DATABASE_URL", "postgres://somebody:a-secret-word@localhost/x"),
        ("COUNTERSIGN_DEMO_PASSWORD", "another secret altogether"),
    ];
    for command in ["serve", "demo", "audit verify"] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let ran = run_with(&args, &secrets, "").await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.out.contains("secret that") && !ran.out.contains("secret-word"), "{}", ran.out);
        assert!(!ran.out.contains("another secret"), "{}", ran.out);
    }
}

#[tokio::test]
async fn a_command_that_does_not_exist_is_refused() {
    for args in [&["serv"][..], &["user", "delete"], &["serve", "--prot", "1"], &[], &["user"]] {
        let ran = run(args).await;
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.err.contains("Usage:"), "{args:?}: {ran:?}");
    }
}

async fn help(path: &[String]) -> String {
    let ran = run(&[path, &["--help".to_owned()]].concat()).await;
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{path:?}");
    let first = ran.out.lines().next().unwrap_or_default();
    assert!(first.len() > 10 && !first.starts_with("Usage"), "{path:?} says what it does: {}", ran.out);
    ran.out
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .map(str::to_owned)
        .collect()
}
