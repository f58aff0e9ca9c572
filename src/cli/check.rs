//! `countersign check`

use std::process::ExitCode;

use clap::Args;

use super::data::open;
use crate::{settings::DataSettings, store::counts};

#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataSettings,
}

/// Prints each figure that is wrong.
pub(super) async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let db = open(&options.data).await?;
    let (figures, wrong) = counts::differences(&mut db.snapshot().await?).await?;
    if wrong.is_empty() {
        println!("OK: {figures} kept figures are what counting gives");
        return Ok(ExitCode::SUCCESS);
    }
    for one in &wrong {
        println!("WRONG: {} is kept, {} counted: {}", one.kept, one.counted, one.what);
    }
    Ok(ExitCode::FAILURE)
}
