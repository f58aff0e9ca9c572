//! Adding a published text of the agreement.

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Principal,
        agreement::AgreementVersion,
        audit::{Action, Event},
    },
    store::{
        self, Db,
        agreements::{self, TextLink},
    },
};

/// A version to be.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The name shown.
    pub label: String,
    /// Microsoft's template id.
    pub template_id: Uuid,
    /// The day of publication.
    pub published_on: NaiveDate,
    /// From this day earlier versions are no longer enough.
    pub mandatory_from: Option<NaiveDate>,
    /// Where the text can be read.
    pub links: Vec<TextLink>,
}

/// Why a version is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Another version was published on that day.
    SamePublicationDay,
    /// The day of publication has not come yet, anywhere, or lies before the year 2000: a version that is not
    /// published cannot be the latest.
    NotPublished,
    /// It would be mandatory before it is published, or after the year 9999.
    MandatoryTooEarlyOrLate,
}

/// Adds a version.
pub async fn add_agreement_version(
    db: &Db,
    who: Principal,
    new: NewVersion,
) -> Result<AgreementVersion, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let now = tx.clock.now();
    // Somewhere it is tomorrow already.
    let latest = (now + TimeDelta::hours(14)).date_naive();
    if new.published_on.year() < 2000 || new.published_on > latest {
        return Err(Failure::Refused(Refusal::NotPublished));
    }
    if new.mandatory_from.is_some_and(|from| from < new.published_on || from.year() > 9999) {
        return Err(Failure::Refused(Refusal::MandatoryTooEarlyOrLate));
    }
    let version = AgreementVersion {
        id: tx.clock.id(),
        label: new.label,
        template_id: new.template_id,
        published_on: new.published_on,
        mandatory_from: new.mandatory_from,
    };
    let mut event = Event::new(tx.clock.id(), now, who, Action::AgreementVersionAdded).with(json!({
        "label": version.label,
        "published_on": version.published_on,
        "mandatory_from": version.mandatory_from,
    }));
    let row = agreements::add_version(&mut tx, &version, event.id).await.map_err(|error| match error {
        store::Error::Conflict(_) => Failure::Refused(Refusal::SamePublicationDay),
        other => Failure::Store(other),
    })?;
    event.attach_digest(&row);
    for link in &new.links {
        event.attach_digest(&agreements::add_link(&mut tx, version.id, link, event.id).await?);
    }
    tx.commit(event).await?;
    Ok(version)
}
