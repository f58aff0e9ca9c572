use chrono_tz::Tz;

use super::*;
use crate::domain::{
    country::Country,
    partner_account::{Cloud, Environment, PartnerType},
    person::{Email, Name, Phone},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn account() -> PartnerAccount {
    PartnerAccount {
        id: Uuid::from_u128(1),
        name: "Noordster".into(),
        partner_type: PartnerType::DirectBillPartner,
        cloud: Cloud::Public,
        environment: Environment::Production,
        country: Country::parse("NL").unwrap(),
        time_zone: Tz::Europe__Amsterdam,
        tenant_id: None,
    }
}

/// Versions with ids 1, 2, … published and mandatory on the given days.
fn versions(days: &[(&str, Option<&str>)]) -> AgreementVersions {
    let version = |(number, (published_on, mandatory_from)): (u128, &(&str, Option<&str>))| AgreementVersion {
        id: Uuid::from_u128(number),
        label: format!("Version {number}"),
        template_id: Uuid::nil(),
        published_on: day(published_on),
        mandatory_from: mandatory_from.map(day),
    };
    AgreementVersions::new((1..).zip(days).map(version).collect()).unwrap()
}

fn anna() -> Person {
    Person {
        first_name: Name::parse("Anna").unwrap(),
        last_name: Name::parse("de Vries").unwrap(),
        email: Email::parse("anna@contoso.example").unwrap(),
        phone: Phone::parse("+31 20 555 01 17", Country::parse("NL")).unwrap(),
    }
}

fn agreement(agreement_seq: i64, version: u128, published_on: &str, acceptance: Acceptance) -> Agreement {
    Agreement {
        id: Uuid::from_u128(100 + u128::try_from(agreement_seq).unwrap()),
        agreement_seq,
        version_id: Uuid::from_u128(version),
        published_on: day(published_on),
        acceptance,
        channel: Channel::AccountInfo,
        recorded_by: Principal::command_line(),
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

fn by_anna(on: &str) -> Acceptance {
    Acceptance::By { person: anna(), on: day(on) }
}

fn attestation(on: &str, version: u128) -> Attestation {
    Attestation {
        person: anna(),
        date_agreed: day(on),
        version_id: Uuid::from_u128(version),
        predates_version_acknowledged: false,
    }
}

const TODAY: &str = "2026-11-22";

#[test]
fn the_gate_is_open_for_confirmed_and_not_applicable_only() {
    let open: Vec<_> =
        ConfirmationStatus::ALL.iter().filter(|confirmation_status| confirmation_status.gate_is_open()).collect();
    assert_eq!(open, [&ConfirmationStatus::Confirmed, &ConfirmationStatus::NotApplicable]);
}

#[test]
fn a_standing_follows_from_the_counting_version_and_the_mandatory_ones() {
    let v = versions(&[("2020-01-31", None), ("2025-10-01", Some("2026-02-01")), ("2026-11-01", Some("2026-11-23"))]);
    for (counting, today, expected) in [
        (None, TODAY, ConfirmationStatus::NotConfirmed),
        (Some("2020-01-31"), "2026-01-31", ConfirmationStatus::Confirmed),
        (Some("2020-01-31"), "2026-02-01", ConfirmationStatus::ReconfirmationDue),
        (Some("2025-10-01"), "2026-02-01", ConfirmationStatus::Confirmed),
        (Some("2025-10-01"), TODAY, ConfirmationStatus::Confirmed),
        (Some("2025-10-01"), "2026-11-23", ConfirmationStatus::ReconfirmationDue),
        (Some("2026-11-01"), "2026-11-23", ConfirmationStatus::Confirmed),
    ] {
        let least = v.required_version_date(day(today));
        assert_eq!(confirmation_status(&account(), counting.map(day), least), expected, "{counting:?} on {today}");
    }
}

#[test]
fn in_a_national_cloud_every_standing_is_not_applicable() {
    for &cloud in Cloud::ALL {
        let account = PartnerAccount { cloud, ..account() };
        let expected =
            if cloud == Cloud::Public { ConfirmationStatus::NotConfirmed } else { ConfirmationStatus::NotApplicable };
        assert_eq!(confirmation_status(&account, None, None), expected, "{cloud}");
    }
}

#[test]
fn an_older_version_that_becomes_mandatory_later_does_not_undo_a_newer_confirmation() {
    let v = versions(&[("2025-01-01", Some("2026-06-01")), ("2025-10-01", None)]);
    assert_eq!(
        confirmation_status(&account(), Some(day("2025-10-01")), v.required_version_date(day(TODAY))),
        ConfirmationStatus::Confirmed
    );
}

#[test]
fn the_latest_version_counts_then_the_latest_day_then_the_last_recorded() {
    let one = agreement(1, 2, "2025-10-01", by_anna("2025-11-01"));
    let newer_version = agreement(2, 3, "2026-11-01", by_anna("2025-10-02"));
    let newer_day = agreement(3, 2, "2025-10-01", by_anna("2025-12-01"));
    let same_day = agreement(4, 2, "2025-10-01", by_anna("2025-12-01"));
    let no_day = agreement(5, 2, "2025-10-01", Acceptance::Direct { on: None });
    let count = |recorded: &[&Agreement]| {
        let recorded: Vec<_> = recorded.iter().map(|one| (*one).clone()).collect();
        counting(&recorded).map(|one| one.agreement_seq)
    };
    assert_eq!(count(&[]), None);
    assert_eq!(count(&[&one, &newer_version, &newer_day]), Some(2));
    assert_eq!(count(&[&one, &newer_day]), Some(3));
    assert_eq!(count(&[&same_day, &newer_day]), Some(4));
    assert_eq!(count(&[&one, &no_day]), Some(1), "an unknown day is before every known one");
    assert_eq!(count(&[&no_day]), Some(5));
}

#[test]
fn a_confirmation_is_for_the_version_on_its_day_or_the_oldest() {
    let v = versions(&[("2020-01-31", None), ("2025-10-01", None)]);
    for (date, expected) in [("2019-06-01", 1), ("2020-01-31", 1), ("2025-09-30", 1), ("2025-10-01", 2), (TODAY, 2)] {
        assert_eq!(v.on(day(date)).id, Uuid::from_u128(expected), "{date}");
    }
}

#[test]
fn a_day_up_to_today_is_accepted_and_tomorrow_refused() {
    let v = versions(&[("2020-01-31", None)]);
    let confirm = |on| confirm(&attestation(on, 1), &account(), &v, &[], day(TODAY)).map(|version| version.id);
    assert_eq!(confirm(TODAY), Ok(Uuid::from_u128(1)));
    assert_eq!(confirm("2026-11-23"), Err(Refusal::InTheFuture { today: day(TODAY) }));
}

#[test]
fn a_day_before_publication_must_be_ticked() {
    let v = versions(&[("2025-10-01", None)]);
    let unticked = attestation("2025-09-30", 1);
    let expected = Err(Refusal::OlderThanVersion { published_on: day("2025-10-01") });
    assert_eq!(confirm(&unticked, &account(), &v, &[], day(TODAY)).map(|_| ()), expected);
    let ticked = Attestation { predates_version_acknowledged: true, ..unticked };
    assert!(confirm(&ticked, &account(), &v, &[], day(TODAY)).is_ok());
}

#[test]
fn only_the_latest_version_can_be_confirmed() {
    let v = versions(&[("2020-01-31", None), ("2025-10-01", None)]);
    let refusal =
        |version| confirm(&attestation(TODAY, version), &account(), &v, &[], day(TODAY)).map(|_| ()).unwrap_err();
    assert_eq!(refusal(1), Refusal::StaleVersion { latest: v.latest().clone() });
    assert_eq!(refusal(9), Refusal::UnknownVersion);
}

#[test]
fn the_same_again_is_refused_for_the_same_version_only() {
    let v = versions(&[("2020-01-31", None), ("2025-10-01", None)]);
    let try_again = |version, published_on| {
        let recorded = [agreement(1, version, published_on, by_anna("2025-10-02"))];
        confirm(&attestation(TODAY, 2), &account(), &v, &recorded, day(TODAY)).map(|_| ())
    };
    let same = Refusal::SameAgain { on: Some(day("2025-10-02")), by: "Anna de Vries".into() };
    assert_eq!(try_again(2, "2025-10-01"), Err(same));
    assert_eq!(try_again(1, "2020-01-31"), Ok(()), "confirming a new version by the same person is not the same again");
}

#[test]
fn the_same_again_looks_at_names_email_and_phone_and_not_at_the_day() {
    type Change = fn(&mut Person);
    let changes: [(&str, bool, Change); 8] = [
        ("nothing", true, |_| {}),
        ("case of names", true, |p| p.first_name = Name::parse("ANNA").unwrap()),
        ("case of email", true, |p| p.email = Email::parse("Anna@Contoso.Example").unwrap()),
        ("writing of phone", true, |p| p.phone = Phone::parse("020-5550117", Country::parse("NL")).unwrap()),
        ("first name", false, |p| p.first_name = Name::parse("Anne").unwrap()),
        ("accents", false, |p| p.first_name = Name::parse("Ánna").unwrap()),
        ("email", false, |p| p.email = Email::parse("a@contoso.example").unwrap()),
        ("no phone", false, |p| p.phone = None),
    ];
    let v = versions(&[("2020-01-31", None)]);
    let recorded = [agreement(1, 1, "2020-01-31", by_anna("2026-03-12"))];
    for (what, same, change) in changes {
        let mut attestation = attestation(TODAY, 1);
        change(&mut attestation.person);
        let refused = confirm(&attestation, &account(), &v, &recorded, day(TODAY)).is_err();
        assert_eq!(refused, same, "{what}");
    }
}

#[test]
fn neither_a_national_cloud_nor_an_indirect_reseller_records() {
    let v = versions(&[("2020-01-31", None)]);
    let national = PartnerAccount { cloud: Cloud::Vianet, ..account() };
    let reseller = PartnerAccount { partner_type: PartnerType::IndirectReseller, ..account() };
    let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..account() };
    let sandbox = PartnerAccount { environment: Environment::Sandbox, ..account() };
    let confirm = |account| confirm(&attestation(TODAY, 1), account, &v, &[], day(TODAY)).map(|_| ());
    assert_eq!(confirm(&national), Err(Refusal::NotApplicable));
    assert_eq!(confirm(&reseller), Err(Refusal::ProviderConfirms));
    assert_eq!((confirm(&provider), confirm(&sandbox)), (Ok(()), Ok(())));
    assert_eq!(accept_directly(None, &reseller, &v, &[], day(TODAY)), Err(Refusal::ProviderConfirms));
}

#[test]
fn a_direct_acceptance_counts_for_its_day_or_for_what_was_latest_when_recorded() {
    let v = versions(&[("2020-01-31", None), ("2025-10-01", None)]);
    let accept = |on: Option<&str>, recorded: &[Agreement]| {
        accept_directly(on.map(day), &account(), &v, recorded, day(TODAY))
            .map(|version| version.map(|version| version.id))
    };
    assert_eq!(accept(None, &[]), Ok(Some(Uuid::from_u128(2))));
    assert_eq!(accept(Some("2024-05-05"), &[]), Ok(Some(Uuid::from_u128(1))));
    assert_eq!(accept(Some("2026-11-23"), &[]), Err(Refusal::InTheFuture { today: day(TODAY) }));
    let dated = [agreement(1, 1, "2020-01-31", Acceptance::Direct { on: Some(day("2024-05-05")) })];
    assert_eq!(accept(Some("2024-05-05"), &dated), Ok(None), "the same is known already");
    assert_eq!(accept(None, &dated), Ok(None), "a file without a day says nothing new");
    assert_eq!(accept(Some("2026-05-05"), &dated), Ok(Some(Uuid::from_u128(2))));
}
