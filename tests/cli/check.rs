//! The kept figures from the command line.

use super::cli;
use crate::{
    on_both_databases,
    support::{
        direct::Direct,
        portal::{day, person},
    },
};

on_both_databases! {
    async fn a_figure_that_is_wrong_is_named_and_the_command_fails(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let ran = cli(portal, &["check"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (0, "OK: 7 kept figures are what counting gives\n"));

        let mut direct = Direct::connect(&portal.location).await;
        direct.execute("UPDATE customer_counts SET customers = 7 WHERE customers = 1").await;
        let ran = cli(portal, &["check"]).await;
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.starts_with("WRONG: 7 is kept, 1 counted: Customers {"), "{ran:?}");

        direct.execute("UPDATE customer_counts SET customers = 1 WHERE customers = 7").await;
        assert_eq!(cli(portal, &["check"]).await.code, 0);
    }
}
