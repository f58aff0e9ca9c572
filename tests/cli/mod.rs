//! The program from the command line.

mod check;
mod demo;
mod help;
mod import;
mod import_catalogue;
mod import_files;
mod import_indirect_resellers;
pub mod import_subscriptions;
mod import_workbook;
mod serve;
mod set_up;

use crate::support::{
    TestDb,
    program::{self, Ran},
};

/// Runs a command on a portal's database.
async fn cli(test_db: &TestDb, args: &[&str]) -> Ran {
    cli_with(test_db, args, "").await
}

/// Runs a command on a portal's database, with something on standard input.
async fn cli_with(test_db: &TestDb, args: &[&str], input: &str) -> Ran {
    let [flag, value] = program::data(&test_db.location);
    program::run_with(&[args, &[&flag, &value]].concat(), &[], input).await
}

/// What a command that must succeed printed.
async fn done(test_db: &TestDb, args: &[&str]) -> String {
    let ran = cli(test_db, args).await;
    assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    ran.out
}

/// Asserts that a command is refused, with a sentence.
async fn refused(test_db: &TestDb, args: &[&str], why: &str) {
    let ran = cli(test_db, args).await;
    assert_eq!(ran.code, 1, "{args:?}: {ran:?}");
    assert_eq!(ran.out, "", "{args:?}");
    assert_eq!(ran.err.trim_end(), format!("countersign: {why}"), "{args:?}");
}
