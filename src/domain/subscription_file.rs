//! The list of subscriptions that Partner Center exports.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    fold::fold,
    identifiers::parse_guid,
    invalid::Invalid,
    list_columns::{self, ReadOptions},
    list_file::{self, Cells, ListFile, yes_or_no},
    order::{BillingCycle, OFFER_NAME_MAX, QUANTITY_MAX, SubscriptionStatus, TermDuration, parse_offer_id, quantity},
    sheet::Sheet,
    text::{refuse_lost, required, trimmed},
};

/// A file of subscriptions, line by line.
pub type SubscriptionFile = ListFile<Column, SubscriptionLine>;

/// One line of the file, shown by the subscription's name.
pub type Line = list_file::Line<Column, SubscriptionLine>;

/// Something wrong with one line, whose id is the subscription's.
pub type LineFault = list_file::LineFault<Column>;

/// Something wrong with the file as a whole.
pub type FileProblem = list_columns::FileProblem<Column>;

/// A subscription as a line of the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionLine {
    /// Its id.
    pub id: Uuid,
    /// The customer's tenant.
    pub microsoft_id: Uuid,
    /// 1–256 Unicode scalar values.
    pub name: String,
    /// Licences; none where a subscription that has ended has no number any more.
    pub quantity: Option<i64>,
    /// Whether it is in use.
    pub status: SubscriptionStatus,
    /// The offer's id, where the file says it.
    pub offer_id: Option<String>,
    /// Whether it renews by itself; none where the file has no such column.
    pub auto_renew: Option<bool>,
    /// How often it is charged.
    pub billing_cycle: BillingCycle,
    /// How long it binds.
    pub term_duration: TermDuration,
    /// When it renews; none where the file has no such column.
    pub renewal: Option<Renewal>,
}

/// When a subscription renews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    /// The day before, the last of its term; none where the cell is empty.
    pub commitment_ends_on: Option<NaiveDate>,
}

/// A column of the file that matters; any other is only named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// *Subscription ID*.
    SubscriptionId,
    /// *Subscription*: its name.
    Name,
    /// *Quantity*.
    Quantity,
    /// *Status*: active, suspended or ended.
    Status,
    /// *Microsoft ID* of the customer.
    MicrosoftId,
    /// *Offer ID*, which may be absent, as may the columns below.
    OfferId,
    /// *Auto renew*: yes or no; empty is yes.
    AutoRenew,
    /// *Billing cycle*; empty is monthly.
    BillingCycle,
    /// *Term*; empty is a year.
    Term,
    /// *Renewal date*; may be empty.
    RenewalDate,
    /// The last day of the term, as programs say it instead; may be empty.
    CommitmentEnd,
}

/// Reads a CSV file of subscriptions.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<SubscriptionFile, FileProblem> {
    list_file::read(bytes, options, subscription, |subscription| subscription.id)
}

/// Judges a table of subscriptions, as [`read`] does.
///
/// # Errors
///
/// Those of [`read`].
pub fn judge(sheet: &Sheet, options: &ReadOptions) -> Result<SubscriptionFile, FileProblem> {
    list_file::judge(sheet, options, subscription, |subscription| subscription.id)
}

impl list_columns::Column for Column {
    const KIND: &'static str = "subscriptions";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::SubscriptionId, "subscription_id"),
        (Self::Name, "name"),
        (Self::Quantity, "quantity"),
        (Self::Status, "status"),
        (Self::MicrosoftId, "microsoft_id"),
        (Self::OfferId, "offer_id"),
        (Self::AutoRenew, "auto_renew"),
        (Self::BillingCycle, "billing_cycle"),
        (Self::Term, "term"),
        (Self::RenewalDate, "renewal_date"),
        (Self::CommitmentEnd, "commitment_end"),
    ];
    const DAYS: &'static [Self] = &[Self::RenewalDate, Self::CommitmentEnd];
    const EITHER: &'static [(Self, Self)] = &[(Self::RenewalDate, Self::CommitmentEnd)];
    const NEEDED: &'static [Self] =
        &[Self::SubscriptionId, Self::Name, Self::Quantity, Self::Status, Self::MicrosoftId];
    const SHOWN: Self = Self::Name;
}

/// The subscription in a line, or every fault of it.
fn subscription(cells: &Cells<'_, Column>) -> Result<SubscriptionLine, Vec<LineFault>> {
    let mut faults = Vec::new();
    let id = cells.parse(Column::SubscriptionId, parse_guid).map_err(|fault| faults.push(fault));
    let name = cells.parse(Column::Name, |cell| required(cell, OFFER_NAME_MAX)).map_err(|fault| faults.push(fault));
    let status = cells.parse(Column::Status, status);
    let has_ended = status == Ok(SubscriptionStatus::Deleted);
    let quantity = cells.parse(Column::Quantity, |cell| licences(cell, has_ended)).map_err(|fault| faults.push(fault));
    let status = status.map_err(|fault| faults.push(fault));
    let microsoft_id = cells.parse(Column::MicrosoftId, parse_guid).map_err(|fault| faults.push(fault));
    let offer_id =
        cells.parse(Column::OfferId, |cell| filled(cell, parse_offer_id)).map_err(|fault| faults.push(fault));
    let auto_renew = cells
        .parse(Column::AutoRenew, |cell| filled(cell, |cell| yes_or_no(cell).ok_or(Invalid::NotYesOrNo)))
        .map_err(|fault| faults.push(fault));
    let billing_cycle = cells.parse(Column::BillingCycle, billing_cycle).map_err(|fault| faults.push(fault));
    let term_duration = cells.parse(Column::Term, term_duration).map_err(|fault| faults.push(fault));
    let renews_on = cells.day(Column::RenewalDate).map_err(|fault| faults.push(fault));
    let ends_on = cells.day(Column::CommitmentEnd).map_err(|fault| faults.push(fault));
    let (
        (Ok(id), Ok(name), Ok(quantity), Ok(status), Ok(microsoft_id)),
        (Ok(offer_id), Ok(auto_renew), Ok(billing_cycle), Ok(term_duration)),
        (Ok(renews_on), Ok(ends_on)),
    ) = (
        (id, name, quantity, status, microsoft_id),
        (offer_id, auto_renew, billing_cycle, term_duration),
        (renews_on, ends_on),
    )
    else {
        return Err(faults);
    };
    Ok(SubscriptionLine {
        id,
        microsoft_id,
        name,
        quantity,
        status,
        offer_id,
        auto_renew: cells.has(Column::AutoRenew).then_some(auto_renew.unwrap_or(true)),
        billing_cycle: billing_cycle.unwrap_or(BillingCycle::Monthly),
        term_duration: term_duration.unwrap_or(TermDuration::Year),
        renewal: (cells.has(Column::RenewalDate) || cells.has(Column::CommitmentEnd))
            .then_some(Renewal { commitment_ends_on: ends_on.or(renews_on.and_then(|day| day.pred_opt())) }),
    })
}

/// What a cell says, unless it is empty.
fn filled<T>(cell: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Result<Option<T>, Invalid> {
    if trimmed(cell).is_empty() { Ok(None) } else { parse(cell).map(Some) }
}

/// A number of licences, which what has ended may lack.
fn licences(cell: &str, has_ended: bool) -> Result<Option<i64>, Invalid> {
    if has_ended && matches!(trimmed(cell), "" | "0") {
        return Ok(None);
    }
    quantity(cell, (1, QUANTITY_MAX))?.ok_or(Invalid::Missing).map(Some)
}

fn status(cell: &str) -> Result<SubscriptionStatus, Invalid> {
    refuse_lost(cell)?;
    match fold(trimmed(cell)).as_str() {
        "" => Err(Invalid::Missing),
        "active" | "actief" => Ok(SubscriptionStatus::Active),
        "suspended" | "opgeschort" => Ok(SubscriptionStatus::Suspended),
        "deleted" | "verwijderd" | "expired" | "verlopen" | "disabled" | "uitgeschakeld" | "cancelled" | "canceled"
        | "geannuleerd" => Ok(SubscriptionStatus::Deleted),
        _ => Err(Invalid::NotOneOf { codes: SubscriptionStatus::CODES }),
    }
}

fn billing_cycle(cell: &str) -> Result<Option<BillingCycle>, Invalid> {
    let from_code = |cell: &str| BillingCycle::from_code(&trimmed(cell).to_ascii_lowercase());
    filled(cell, |cell| from_code(cell).ok_or(Invalid::NotOneOf { codes: BillingCycle::CODES }))
}

fn term_duration(cell: &str) -> Result<Option<TermDuration>, Invalid> {
    let from_code = |cell: &str| TermDuration::from_code(&trimmed(cell).to_ascii_uppercase());
    filled(cell, |cell| from_code(cell).ok_or(Invalid::NotOneOf { codes: TermDuration::CODES }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID_1: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const ID_2: &str = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const CUSTOMER: &str = "2a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const HEADER: &str = "Subscription ID,Subscription,Quantity,Status,Reseller,Microsoft ID";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
        read(file.as_ref(), &ReadOptions::on(day("2026-11-22"))).unwrap().lines
    }

    /// What a line comes to that has one column more.
    fn with(column: &str, cell: &str) -> Result<SubscriptionLine, Vec<LineFault>> {
        let file = format!("{HEADER},{column}\n{ID_1},Power BI Pro,5,Active,,{CUSTOMER},{cell}");
        lines(file).remove(0).content
    }

    fn fault(column: Column, invalid: Invalid) -> LineFault {
        LineFault::Cell { column, invalid }
    }

    #[test]
    fn the_export_of_subscriptions_is_read() {
        let file = format!("{HEADER}\r\n{ID_1},\"Power BI, Pro\",25,Active,Noordster,{CUSTOMER}\r\n");
        let [line] = &lines(file)[..] else { panic!("one line") };
        assert_eq!((line.number, line.shown.as_str()), (2, "Power BI, Pro"));
        let subscription = SubscriptionLine {
            id: ID_1.parse().unwrap(),
            microsoft_id: CUSTOMER.parse().unwrap(),
            name: "Power BI, Pro".into(),
            quantity: Some(25),
            status: SubscriptionStatus::Active,
            offer_id: None,
            auto_renew: None,
            billing_cycle: BillingCycle::Monthly,
            term_duration: TermDuration::Year,
            renewal: None,
        };
        assert_eq!(line.content, Ok(subscription));
    }

    #[test]
    fn a_status_is_understood_in_both_languages() {
        let read = |cell: &str| {
            let file = format!("{HEADER}\n{ID_1},A,5,{cell},,{CUSTOMER}");
            lines(file).remove(0).content.map(|subscription| subscription.status)
        };
        for cell in ["Active", " active ", "ACTIEF"] {
            assert_eq!(read(cell), Ok(SubscriptionStatus::Active), "{cell}");
        }
        for cell in ["Suspended", "opgeschort"] {
            assert_eq!(read(cell), Ok(SubscriptionStatus::Suspended), "{cell}");
        }
        for cell in [
            "Deleted",
            "EXPIRED",
            " disabled",
            "Cancelled",
            "canceled",
            "verwijderd",
            "Verlopen",
            "uitgeschakeld",
            "Geannuleerd",
            "\u{200b}Deleted\u{200e}",
        ] {
            assert_eq!(read(cell), Ok(SubscriptionStatus::Deleted), "{cell}");
        }
        assert_eq!(read(""), Err(vec![fault(Column::Status, Invalid::Missing)]));
        assert_eq!(read("Delet\u{fffd}d"), Err(vec![fault(Column::Status, Invalid::CharacterLost)]));
        let invalid = Invalid::NotOneOf { codes: SubscriptionStatus::CODES };
        for cell in ["Pending", "none", "not deleted"] {
            assert_eq!(read(cell), Err(vec![fault(Column::Status, invalid)]), "{cell}");
        }
    }

    #[test]
    fn only_what_has_ended_may_lack_a_number_of_licences() {
        let read = |status: &str, quantity: &str| {
            let file = format!("{HEADER}\n{ID_1},A,{quantity},{status},,{CUSTOMER}");
            lines(file).remove(0).content.map(|subscription| subscription.quantity)
        };
        assert_eq!(
            (read("Deleted", "0"), read("Deleted", ""), read("Deleted", "5")),
            (Ok(None), Ok(None), Ok(Some(5)))
        );
        assert_eq!(read("Deleted", "x"), Err(vec![fault(Column::Quantity, Invalid::NotAQuantity)]));
        assert_eq!(read("Active", "0"), Err(vec![fault(Column::Quantity, Invalid::NotAQuantity)]));
        assert_eq!(read("Suspended", ""), Err(vec![fault(Column::Quantity, Invalid::Missing)]));
    }

    #[test]
    fn what_more_a_file_may_say_is_read() {
        assert_eq!(with("Offer ID", "A-1").unwrap().offer_id.as_deref(), Some("A-1"));
        assert_eq!(with("Offer ID", "").unwrap().offer_id, None);
        for (cell, renews) in [("", true), ("yes", true), ("Ja", true), ("no", false), ("Nee", false)] {
            assert_eq!(with("Auto renew", cell).unwrap().auto_renew, Some(renews), "{cell}");
        }
        assert_eq!(with("Billing cycle", "Annual").unwrap().billing_cycle, BillingCycle::Annual);
        assert_eq!(with("Billing cycle", " ").unwrap().billing_cycle, BillingCycle::Monthly);
        assert_eq!(with("Term", "p3y").unwrap().term_duration, TermDuration::ThreeYears);
        assert_eq!(with("Term", "").unwrap().term_duration, TermDuration::Year);
        for (column, header, cell, invalid) in [
            (Column::OfferId, "Offer ID", "a b", Invalid::NotAnOfferId),
            (Column::AutoRenew, "Auto renew", "perhaps", Invalid::NotYesOrNo),
            (Column::BillingCycle, "Billing cycle", "weekly", Invalid::NotOneOf { codes: BillingCycle::CODES }),
            (Column::Term, "Term", "P2Y", Invalid::NotOneOf { codes: TermDuration::CODES }),
            (Column::RenewalDate, "Renewal date", "soon", Invalid::DateNotReal),
        ] {
            assert_eq!(with(header, cell), Err(vec![fault(column, invalid)]), "{cell}");
        }
    }

    #[test]
    fn a_term_ends_on_the_day_before_it_renews() {
        let ends = |cell: &str| with("Renewal date", cell).unwrap().renewal;
        for cell in ["2027-03-01", "1 mrt 2027", "46447"] {
            assert_eq!(ends(cell), Some(Renewal { commitment_ends_on: Some(day("2027-02-28")) }), "{cell}");
        }
        assert_eq!(ends("2020-01-01"), Some(Renewal { commitment_ends_on: Some(day("2019-12-31")) }));
        assert_eq!(ends(" "), Some(Renewal { commitment_ends_on: None }));
    }

    #[test]
    fn every_fault_of_a_subscription_is_named() {
        assert_eq!(
            lines(format!("{HEADER}\npower-bi,,0,,,contoso")).remove(0).content.unwrap_err(),
            [
                fault(Column::SubscriptionId, Invalid::NotAGuid),
                fault(Column::Name, Invalid::Missing),
                fault(Column::Quantity, Invalid::NotAQuantity),
                fault(Column::Status, Invalid::Missing),
                fault(Column::MicrosoftId, Invalid::NotAGuid),
            ]
        );
        let limits = Invalid::QuantityLimits { min: 1, max: 1_000_000 };
        for (cell, invalid) in [("1000001", limits), ("", Invalid::Missing), ("1.5", Invalid::NotAQuantity)] {
            let file = format!("{HEADER}\n{ID_1},A,{cell},Active,,{CUSTOMER}");
            let expected = Err(vec![fault(Column::Quantity, invalid)]);
            assert_eq!(lines(file).remove(0).content, expected, "{cell}");
        }
    }

    #[test]
    fn a_repeated_subscription_names_the_earlier_line() {
        let row = |id: &str, quantity: u8| format!("{id},A,{quantity},Active,,{CUSTOMER}");
        let file = [HEADER.to_owned(), row(ID_1, 1), row(ID_2, 1), row(&ID_1.to_uppercase(), 1), row(ID_2, 2)];
        let contents: Vec<_> = lines(file.join("\n")).into_iter().map(|line| line.content).collect();
        assert!(contents[0].is_ok() && contents[1].is_ok());
        assert_eq!(contents[2], Err(vec![LineFault::Repeats { earlier: 2 }]));
        assert_eq!(contents[3], Err(vec![LineFault::SameId { earlier: 3 }]));
    }

    #[test]
    fn a_file_without_a_column_that_subscriptions_need_is_refused() {
        for column in ["Subscription ID", "Subscription", "Quantity", "Status", "Microsoft ID"] {
            let header: Vec<&str> = HEADER.split(',').filter(|name| *name != column).collect();
            let options = ReadOptions::on(day("2026-11-22"));
            let problem = read(header.join(",").as_bytes(), &options).unwrap_err();
            assert!(matches!(problem, FileProblem::MissingColumn { .. }), "{column}: {problem:?}");
        }
        assert_eq!(lines(HEADER), []);
    }
}
