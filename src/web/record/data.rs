//! What a record is made of.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    domain::{
        agreement::{AgreementVersion, ConfirmationStatus, confirmation_status},
        partner_account::PartnerAccount,
    },
    store::{
        agreements::{self, TextLink, VerifiedAgreement},
        customers::{self, Customer},
        verifications::{self, Verification},
    },
    web::{cx::ActorContext, error::Error},
};

/// Everything a record is made of, of one moment.
pub(super) struct Record {
    pub(super) account: PartnerAccount,
    pub(super) customer: Customer,
    /// The customer's confirmation status today.
    pub(super) confirmation_status: ConfirmationStatus,
    pub(super) proven: VerifiedAgreement,
    pub(super) version: AgreementVersion,
    pub(super) text: Option<TextLink>,
    pub(super) verification: Option<Verification>,
    /// When this was read, UTC.
    pub(super) made_at: DateTime<Utc>,
}

impl Record {
    pub(super) async fn load(cx: &ActorContext, customer: Uuid, agreement: Uuid) -> Result<Self, Error> {
        let made_at = cx.context.now;
        let account = cx.actor.account.clone();
        let mut conn = cx.state.db.snapshot().await?;
        let customer = customers::find(&mut conn, account.id, customer).await?.ok_or(Error::NotFound)?;
        let versions = agreements::versions(&mut conn).await?;
        let proven = agreements::proven(&mut conn, &customer, &versions, agreement).await?.ok_or(Error::NotFound)?;
        let version = versions.find(proven.agreement.version_id).ok_or(Error::NotFound)?.clone();
        let country = customer.country;
        let culture = country
            .map_or("en-US", |country| country.document_language(customer.culture.as_deref().unwrap_or("en-US")));
        let text = agreements::text_link(&mut conn, version.id, country, culture).await?;
        let verification = verifications::last(&mut conn).await?;
        let least = versions.required_version_date(cx.today);
        let confirmation_status = confirmation_status(&account, customer.agreement_published_on, least);
        Ok(Self { account, customer, confirmation_status, proven, version, text, verification, made_at })
    }

    pub(super) fn file_name(&self, extension: &str) -> String {
        format!("confirmation-{}.{extension}", self.proven.agreement.id)
    }
}
