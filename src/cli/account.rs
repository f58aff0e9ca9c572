//! `countersign account`

use std::process::ExitCode;

use chrono_tz::Tz;
use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{
    data::{find_account, open},
    table::print_table,
};
use crate::{
    actions::{
        Failure,
        manage_partner_accounts::{Refusal, change_partner_account, create_partner_account},
    },
    domain::{
        actor::Principal,
        country::Country,
        language::Language,
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        text,
    },
    settings::DataSettings,
    store::partner_accounts,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a partner account
    Create {
        #[command(flatten)]
        data: DataSettings,
        /// The company's name
        name: String,
        /// direct_bill_partner, indirect_provider or indirect_reseller
        #[arg(long = "type", default_value = "direct_bill_partner", value_name = "TYPE")]
        partner_type: PartnerType,
        /// public, 21vianet, germany or us_government
        #[arg(long, default_value = "public")]
        cloud: Cloud,
        /// production or sandbox
        #[arg(long, default_value = "production")]
        environment: Environment,
        /// The market country's two-letter code, such as NL
        #[arg(long, value_parser = country)]
        country: Country,
        /// The time zone that decides what today is, such as Europe/Amsterdam
        #[arg(long)]
        time_zone: Tz,
        /// The Microsoft ID of the partner's own tenant, a GUID
        #[arg(long)]
        tenant_id: Option<Uuid>,
    },
    /// Change a partner account; what is not named stays
    Set {
        #[command(flatten)]
        data: DataSettings,
        /// Its name or id
        account: String,
        #[command(flatten)]
        change: Change,
    },
    /// List the partner accounts
    List {
        #[command(flatten)]
        data: DataSettings,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct Change {
    /// The company's name
    #[arg(long)]
    name: Option<String>,
    /// direct_bill_partner, indirect_provider or indirect_reseller
    #[arg(long = "type", value_name = "TYPE")]
    partner_type: Option<PartnerType>,
    /// public, 21vianet, germany or us_government
    #[arg(long)]
    cloud: Option<Cloud>,
    /// production or sandbox
    #[arg(long)]
    environment: Option<Environment>,
    /// The market country's two-letter code
    #[arg(long, value_parser = country)]
    country: Option<Country>,
    /// The time zone that decides what today is
    #[arg(long)]
    time_zone: Option<Tz>,
    /// The Microsoft ID of the partner's own tenant, a GUID
    #[arg(long)]
    tenant_id: Option<Uuid>,
}

fn country(code: &str) -> Result<Country, String> {
    Country::parse(code).ok_or_else(|| "not the two-letter code of a country".to_owned())
}

pub(super) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Create { data, name, partner_type, cloud, environment, country, time_zone, tenant_id } => {
            let db = open(&data).await?;
            let name = account_name(&name)?;
            let id = db.clock.id();
            let account = PartnerAccount { id, name, partner_type, cloud, environment, country, time_zone, tenant_id };
            create_partner_account(&db, Principal::command_line(), &account).await.map_err(refused)?;
            println!("Created partner account {} ({})", account.name, account.id);
        }
        Command::Set { data, account, change } => {
            let db = open(&data).await?;
            let id = find_account(&db, Some(&account)).await?.id;
            let name = change.name.as_deref().map(account_name).transpose()?;
            let after = change_partner_account(&db, Principal::command_line(), id, |before| PartnerAccount {
                id,
                name: name.unwrap_or(before.name),
                partner_type: change.partner_type.unwrap_or(before.partner_type),
                cloud: change.cloud.unwrap_or(before.cloud),
                environment: change.environment.unwrap_or(before.environment),
                country: change.country.unwrap_or(before.country),
                time_zone: change.time_zone.unwrap_or(before.time_zone),
                tenant_id: change.tenant_id.or(before.tenant_id),
            })
            .await
            .map_err(refused)?;
            println!("Changed partner account {}", after.name);
        }
        Command::List { data } => {
            let db = open(&data).await?;
            let rows: Vec<[String; 8]> = partner_accounts::all(&mut db.snapshot().await?)
                .await?
                .into_iter()
                .map(|account| {
                    [
                        account.id.to_string(),
                        account.name.clone(),
                        account.partner_type.to_string(),
                        account.cloud.to_string(),
                        account.environment.to_string(),
                        account.country.name(Language::English).to_owned(),
                        account.time_zone.to_string(),
                        account.tenant_id.map(|id| id.to_string()).unwrap_or_default(),
                    ]
                })
                .collect();
            print_table(["Id", "Name", "Type", "Cloud", "Environment", "Country", "Time zone", "Tenant ID"], &rows);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn account_name(typed: &str) -> anyhow::Result<String> {
    text::required(typed, 100).map_err(|_| anyhow::anyhow!("a name has 1 to 100 characters that can be shown"))
}

fn refused(failure: Failure<Refusal>) -> anyhow::Error {
    match failure {
        Failure::Refused(Refusal::SameName) => anyhow::anyhow!("another partner account has that name"),
        other => other.into(),
    }
}
