//! `countersign agreement-version`

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Subcommand;
use uuid::Uuid;

use super::{data::open, table::print_table};
use crate::{
    actions::{
        Failure,
        add_agreement_version::{NewVersion, Refusal, add_agreement_version},
    },
    domain::{actor::Principal, country::Country, text},
    settings::DataSettings,
    store::agreements::{self, TextLink},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add a published version of the agreement
    Add {
        #[command(flatten)]
        data: DataSettings,
        /// The name to show, such as "Microsoft Customer Agreement, October 2025"
        label: String,
        /// The day of publication, as 2025-10-01
        #[arg(long, value_name = "DATE")]
        published_on: NaiveDate,
        /// The day from which confirmations of earlier versions are no longer enough
        #[arg(long, value_name = "DATE")]
        mandatory_from: Option<NaiveDate>,
        /// Microsoft's template id; by default that of the latest version
        #[arg(long, value_name = "GUID")]
        template_id: Option<Uuid>,
        /// Where the text can be read: an address, or COUNTRY,LANGUAGE=ADDRESS such as NL,nl-NL=https://…; repeatable
        #[arg(long = "link", value_name = "LINK", value_parser = link)]
        links: Vec<TextLink>,
    },
    /// List the versions, oldest first
    List {
        #[command(flatten)]
        data: DataSettings,
    },
}

/// Reads a link with or without country and language.
fn link(text: &str) -> Result<TextLink, String> {
    let is_address = |address: &str| {
        address.starts_with("https://") && address.len() <= 2000 && address.chars().all(|c| c.is_ascii_graphic())
    };
    if is_address(text) {
        return Ok(TextLink { country: "*".into(), language: "*".into(), url: text.to_owned() });
    }
    let wrong = || "a link is https://… or COUNTRY,LANGUAGE=https://…".to_owned();
    let (which, address) = text.split_once('=').ok_or_else(wrong)?;
    let (country, language) = which.split_once(',').ok_or_else(wrong)?;
    let country = match country {
        "*" => "*",
        code => Country::parse(code).map(Country::code).ok_or_else(|| format!("{code:?} is not a country's code"))?,
    };
    if !is_address(address)
        || !language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '*')
        || language.is_empty()
    {
        return Err(wrong());
    }
    Ok(TextLink { country: country.to_owned(), language: language.to_owned(), url: address.to_owned() })
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add { data, label, published_on, mandatory_from, template_id, links } => {
            let db = open(&data).await?;
            let label = text::required(&label, 200).map_err(|_| anyhow::anyhow!("a label has 1 to 200 characters"))?;
            let template_id = match template_id {
                Some(template_id) => template_id,
                None => agreements::versions(&mut db.snapshot().await?).await?.latest().template_id,
            };
            let mut seen = std::collections::HashSet::new();
            let twice = links.iter().find(|link| !seen.insert((&link.country, &link.language)));
            anyhow::ensure!(twice.is_none(), "two links are for the same country and language");
            let new = NewVersion { label, template_id, published_on, mandatory_from, links };
            let version =
                add_agreement_version(&db, Principal::command_line(), new).await.map_err(|failure| match failure {
                    Failure::Refused(Refusal::SamePublicationDay) => {
                        anyhow::anyhow!("another version was published on that day")
                    }
                    Failure::Refused(Refusal::NotPublished) => {
                        anyhow::anyhow!(
                            "a version is added once it is published: the day lies in the future or before 2000"
                        )
                    }
                    Failure::Refused(Refusal::MandatoryTooEarlyOrLate) => {
                        anyhow::anyhow!("a version cannot be mandatory before it is published")
                    }
                    other => other.into(),
                })?;
            println!("Added {} ({})", version.label, version.id);
        }
        Command::List { data } => {
            let db = open(&data).await?;
            let versions = agreements::versions(&mut db.snapshot().await?).await?;
            let rows: Vec<[String; 4]> = versions
                .iter()
                .map(|version| {
                    [
                        version.id.to_string(),
                        version.published_on.to_string(),
                        version.mandatory_from.map(|from| from.to_string()).unwrap_or_default(),
                        version.label.clone(),
                    ]
                })
                .collect();
            print_table(["Id", "Published on", "Mandatory from", "Label"], &rows);
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::{TextLink, link};

    #[test]
    fn a_link_may_name_country_and_language() {
        let of = |country: &str, language: &str| TextLink {
            country: country.to_owned(),
            language: language.to_owned(),
            url: "https://x.example/a".to_owned(),
        };
        assert_eq!(link("https://x.example/a"), Ok(of("*", "*")));
        assert_eq!(link("nl,nl-NL=https://x.example/a"), Ok(of("NL", "nl-NL")));
        assert_eq!(link("*,de-DE=https://x.example/a"), Ok(of("*", "de-DE")));
        for wrong in [
            "",
            "x",
            "http://x.example",
            "XX,nl-NL=https://x.example",
            "NL=https://x.example",
            "NL,nl NL=https://x.example",
        ] {
            assert!(link(wrong).is_err(), "{wrong}");
        }
    }
}
