//! Agreement versions, confirmations and the confirmation status that follows from them.
//!
//! A *confirmation* is the partner's statement that a customer accepted one version of the Microsoft
//! Customer Agreement, on a day, by a person. Nobody at the partner accepts for a customer. Where the
//! customer accepted with Microsoft itself, only the fact is known, and perhaps the day.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{actor::Principal, codes::codes, partner_account::PartnerAccount, person::Person};

codes! {
    /// Where a customer stands. Computed, never stored.
    pub enum ConfirmationStatus {
        /// No agreement counts. The gate is closed.
        NotConfirmed = "not-confirmed",
        /// One counts. The gate is open.
        Confirmed = "confirmed",
        /// One counts, but a later version has become mandatory. The gate is closed.
        ReconfirmationDue = "reconfirmation-due",
        /// Agreements do not exist in the account's cloud. Nothing is gated.
        NotApplicable = "not-applicable",
    }
}

impl ConfirmationStatus {
    /// Whether orders and licence counts may change.
    pub const fn gate_is_open(self) -> bool {
        matches!(self, Self::Confirmed | Self::NotApplicable)
    }
}

codes! {
    /// A confirmation status, or several, to filter customers by.
    pub enum StatusFilter {
        /// See [`ConfirmationStatus::NotConfirmed`].
        NotConfirmed = "not-confirmed",
        /// See [`ConfirmationStatus::Confirmed`].
        Confirmed = "confirmed",
        /// See [`ConfirmationStatus::ReconfirmationDue`].
        ReconfirmationDue = "reconfirmation-due",
        /// See [`ConfirmationStatus::NotApplicable`].
        NotApplicable = "not-applicable",
        /// Those for whom orders and licence changes are refused.
        Blocked = "blocked",
    }
}

impl StatusFilter {
    /// Whether customers of this status are wanted.
    pub fn has(self, status: ConfirmationStatus) -> bool {
        match self {
            Self::NotConfirmed => status == ConfirmationStatus::NotConfirmed,
            Self::Confirmed => status == ConfirmationStatus::Confirmed,
            Self::ReconfirmationDue => status == ConfirmationStatus::ReconfirmationDue,
            Self::NotApplicable => status == ConfirmationStatus::NotApplicable,
            Self::Blocked => !status.gate_is_open(),
        }
    }
}

codes! {
    /// by which channel a confirmation came in.
    pub enum Channel {
        /// The wizard for a new customer.
        NewCustomer = "new_customer",
        /// The Update form on Account info.
        AccountInfo = "account_info",
        /// The prompt in front of an order.
        OrderPrompt = "order_prompt",
        /// A selection of the list of customers, confirmed with one date.
        Selection = "selection",
        /// A file.
        Import = "import",
        /// The Partner Center API.
        Api = "api",
    }
}

/// A published text of the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementVersion {
    /// The portal's own id.
    pub id: Uuid,
    /// The name shown, for example "Microsoft Customer Agreement, October 2025".
    pub label: String,
    /// Microsoft's template id; several versions may share it.
    pub template_id: Uuid,
    /// The day of publication; no two versions share one.
    pub published_on: NaiveDate,
    /// From this day a confirmation of an earlier version no longer opens the gate.
    pub mandatory_from: Option<NaiveDate>,
}

/// All versions, in the order of publication. Never empty: the first is there from the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementVersions(Vec<AgreementVersion>);

impl AgreementVersions {
    /// Takes the versions in any order. `None` when there is none.
    pub fn new(mut versions: Vec<AgreementVersion>) -> Option<Self> {
        versions.sort_by_key(|version| version.published_on);
        (!versions.is_empty()).then_some(Self(versions))
    }

    /// The version published last: what "the latest Microsoft customer agreement" means.
    pub fn latest(&self) -> &AgreementVersion {
        &self.0[self.0.len() - 1]
    }

    /// The version with this id.
    pub fn find(&self, id: Uuid) -> Option<&AgreementVersion> {
        self.0.iter().find(|version| version.id == id)
    }

    /// The version published last on or before `date`, or the oldest when none was: an acceptance of 2020
    /// never counts for a text of 2026.
    pub fn on(&self, date: NaiveDate) -> &AgreementVersion {
        self.0.iter().rev().find(|version| version.published_on <= date).unwrap_or(&self.0[0])
    }

    /// The version with a template that was published last on or before `date`, or the oldest with it; none when no
    /// version has it.
    pub fn of_template(&self, template_id: Uuid, date: NaiveDate) -> Option<&AgreementVersion> {
        let mut with_it = self.0.iter().filter(|version| version.template_id == template_id);
        let oldest = with_it.clone().next();
        with_it.rfind(|version| version.published_on <= date).or(oldest)
    }

    /// The publication day that an agreement's version must have reached to be enough on `today`: that of
    /// the last published version that is mandatory by then.
    pub fn required_version_date(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.required(today).map(|version| version.published_on)
    }

    /// The last published version that is mandatory on `today`: see [`Self::required_version_date`].
    pub fn required(&self, today: NaiveDate) -> Option<&AgreementVersion> {
        self.0.iter().rev().find(|version| version.mandatory_from.is_some_and(|from| from <= today))
    }

    /// The version that is the next to become mandatory after `today` and asks more than what is mandatory now, with the
    /// day.
    pub fn next_mandatory(&self, today: NaiveDate) -> Option<(&AgreementVersion, NaiveDate)> {
        let required = self.required_version_date(today);
        let ahead = self.0.iter().filter_map(|version| Some((version, version.mandatory_from?)));
        ahead
            .filter(|(version, from)| *from > today && required.is_none_or(|required| version.published_on > required))
            // Of two that become mandatory on one day the later one decides.
            .min_by_key(|(version, from)| (*from, std::cmp::Reverse(version.published_on)))
    }

    /// The versions, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &AgreementVersion> {
        self.0.iter()
    }
}

/// The confirmation status of a customer whose counting agreement is for a version published on `counting`.
/// `least` is [`AgreementVersions::required_version_date`].
pub fn confirmation_status(
    account: &PartnerAccount,
    counting: Option<NaiveDate>,
    least: Option<NaiveDate>,
) -> ConfirmationStatus {
    match counting {
        _ if !account.agreements_apply() => ConfirmationStatus::NotApplicable,
        None => ConfirmationStatus::NotConfirmed,
        Some(published_on) if least.is_some_and(|least| published_on < least) => ConfirmationStatus::ReconfirmationDue,
        Some(_) => ConfirmationStatus::Confirmed,
    }
}

/// Who accepted: a person, or nobody known because the customer accepted directly with Microsoft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// A person, on a day.
    By {
        /// A copy of the person's details: later changes elsewhere do not reach it.
        person: Person,
        /// The day of acceptance.
        on: NaiveDate,
    },
    /// Directly with Microsoft; the day may be known.
    Direct {
        /// The day of acceptance, when Microsoft told it.
        on: Option<NaiveDate>,
    },
}

impl Acceptance {
    /// The day of acceptance, where known.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::By { on, .. } => Some(*on),
            Self::Direct { on } => *on,
        }
    }

    /// The person, where known.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::By { person, .. } => Some(person),
            Self::Direct { .. } => None,
        }
    }
}

/// One recorded acceptance. Append-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: Uuid,
    /// Its place among the customer's: a later one is larger.
    pub agreement_seq: i64,
    /// For which version.
    pub version_id: Uuid,
    /// The day that version was published.
    pub published_on: NaiveDate,
    /// Who accepted and when.
    pub acceptance: Acceptance,
    /// by which channel it came in.
    pub channel: Channel,
    /// Who recorded it.
    pub recorded_by: Principal,
    /// When it was recorded, UTC.
    pub recorded_at: DateTime<Utc>,
}

/// The agreement that counts: for the version published last, then with the latest day of acceptance
/// (an unknown day is before every known one), then recorded last.
pub fn counting(agreements: &[Agreement]) -> Option<&Agreement> {
    agreements.iter().max_by_key(|one| (one.published_on, one.acceptance.date(), one.agreement_seq))
}

/// What a form or a program attests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Who accepted.
    pub person: Person,
    /// On which day.
    pub date_agreed: NaiveDate,
    /// The version that was shown.
    pub version_id: Uuid,
    /// That the day lies before that version's publication was seen and ticked.
    pub predates_version_acknowledged: bool,
}

/// What a program attests. It saw no version: the day of acceptance tells which one it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateAttestation {
    /// Who accepted.
    pub person: Person,
    /// On which day.
    pub date_agreed: NaiveDate,
    /// Microsoft's id of the text, which several versions may share.
    pub template_id: Uuid,
}

/// Why a confirmation is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Agreements do not exist in the account's cloud.
    NotApplicable,
    /// The account is an indirect reseller's: its indirect provider confirms.
    ProviderConfirms,
    /// There is no version with that id.
    UnknownVersion,
    /// Another version became the latest meanwhile.
    StaleVersion {
        /// The one that is the latest now.
        latest: AgreementVersion,
    },
    /// The day is not yet over in the account's time zone, nor begun.
    InTheFuture {
        /// Today there.
        today: NaiveDate,
    },
    /// The day lies before the version's publication: possible, but it must be ticked.
    OlderThanVersion {
        /// The day of publication.
        published_on: NaiveDate,
    },
    /// The same person is recorded for the same version already.
    SameAgain {
        /// The day on record.
        on: Option<NaiveDate>,
        /// The name on record.
        by: String,
    },
}

/// Decides whether an attestation may be recorded, given everything recorded so far.
///
/// `today` is the day in the account's time zone, read after the locks are held.
pub fn confirm<'v>(
    attestation: &Attestation,
    account: &PartnerAccount,
    versions: &'v AgreementVersions,
    recorded: &[Agreement],
    today: NaiveDate,
) -> Result<&'v AgreementVersion, Refusal> {
    may_record(account)?;
    let version = versions.find(attestation.version_id).ok_or(Refusal::UnknownVersion)?;
    if version.id != versions.latest().id {
        return Err(Refusal::StaleVersion { latest: versions.latest().clone() });
    }
    if attestation.date_agreed > today {
        return Err(Refusal::InTheFuture { today });
    }
    not_again(&attestation.person, version, recorded)?;
    if attestation.date_agreed < version.published_on && !attestation.predates_version_acknowledged {
        return Err(Refusal::OlderThanVersion { published_on: version.published_on });
    }
    Ok(version)
}

/// Decides the same for what a program attests: the version is the one with its template that was published last on or
/// before the day of acceptance.
pub fn confirm_by_template<'v>(
    attestation: &TemplateAttestation,
    account: &PartnerAccount,
    versions: &'v AgreementVersions,
    recorded: &[Agreement],
    today: NaiveDate,
) -> Result<&'v AgreementVersion, Refusal> {
    may_record(account)?;
    let version =
        versions.of_template(attestation.template_id, attestation.date_agreed).ok_or(Refusal::UnknownVersion)?;
    if attestation.date_agreed > today {
        return Err(Refusal::InTheFuture { today });
    }
    not_again(&attestation.person, version, recorded)?;
    Ok(version)
}

/// Refuses a person who is recorded for the version already.
fn not_again(person: &Person, version: &AgreementVersion, recorded: &[Agreement]) -> Result<(), Refusal> {
    let same = recorded
        .iter()
        .filter(|one| one.version_id == version.id)
        .find_map(|one| one.acceptance.person().filter(|known| known.is_same_as(person)).map(|known| (one, known)));
    match same {
        Some((same, known)) => Err(Refusal::SameAgain { on: same.acceptance.date(), by: known.full_name() }),
        None => Ok(()),
    }
}

/// Decides for which version a direct acceptance counts: the one published last on its day or, without a
/// day, the latest when it is recorded. `Ok(None)` when the same is recorded already.
pub fn accept_directly<'v>(
    on: Option<NaiveDate>,
    account: &PartnerAccount,
    versions: &'v AgreementVersions,
    recorded: &[Agreement],
    today: NaiveDate,
) -> Result<Option<&'v AgreementVersion>, Refusal> {
    may_record(account)?;
    if on.is_some_and(|on| on > today) {
        return Err(Refusal::InTheFuture { today });
    }
    let known = recorded.iter().any(|one| match &one.acceptance {
        Acceptance::Direct { on: known } => on.is_none() || *known == on,
        Acceptance::By { .. } => false,
    });
    Ok((!known).then(|| on.map_or_else(|| versions.latest(), |on| versions.on(on))))
}

/// Whether the account's staff may record agreements at all.
fn may_record(account: &PartnerAccount) -> Result<(), Refusal> {
    if !account.agreements_apply() {
        Err(Refusal::NotApplicable)
    } else if account.confirms() {
        Ok(())
    } else {
        Err(Refusal::ProviderConfirms)
    }
}

#[cfg(test)]
mod tests;
