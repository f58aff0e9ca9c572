//! The list of an indirect provider's indirect resellers.

use super::{
    identifiers::parse_guid,
    indirect_reseller::{IndirectReseller, parse_mpn_id},
    invalid::Invalid,
    list_columns::{self, ReadOptions},
    list_file::{self, Cells, ListFile, yes_or_no},
    sheet::Sheet,
    text::required,
};

/// The most Unicode scalar values in a reseller's name.
pub const NAME_MAX: usize = 256;

/// A file of indirect resellers, line by line.
pub type ResellerFile = ListFile<Column, IndirectReseller>;

/// One line of the file, shown by the reseller's name.
pub type Line = list_file::Line<Column, IndirectReseller>;

/// Something wrong with one line, whose id is the MPN ID.
pub type LineFault = list_file::LineFault<Column>;

/// Something wrong with the file as a whole.
pub type FileProblem = list_columns::FileProblem<Column>;

/// A column of the file that matters; any other is only named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// *Name*.
    Name,
    /// *MPN ID*.
    MpnId,
    /// *Tenant ID*.
    TenantId,
    /// *Agreement signed*: empty, no or yes. It may not be absent, which would read as no for everybody.
    AgreementSigned,
}

/// Reads a CSV file of indirect resellers.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<ResellerFile, FileProblem> {
    list_file::read(bytes, options, reseller, |reseller| reseller.mpn_id.clone())
}

/// Judges a table of indirect resellers, as [`read`] does.
///
/// # Errors
///
/// Those of [`read`].
pub fn judge(sheet: &Sheet, options: &ReadOptions) -> Result<ResellerFile, FileProblem> {
    list_file::judge(sheet, options, reseller, |reseller| reseller.mpn_id.clone())
}

impl list_columns::Column for Column {
    const KIND: &'static str = "indirect-resellers";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::Name, "name"),
        (Self::MpnId, "mpn_id"),
        (Self::TenantId, "tenant_id"),
        (Self::AgreementSigned, "agreement_signed"),
    ];
    const NEEDED: &'static [Self] = &[Self::Name, Self::MpnId, Self::TenantId, Self::AgreementSigned];
    const SHOWN: Self = Self::Name;
}

/// The reseller in a line, or every fault of it.
fn reseller(cells: &Cells<'_, Column>) -> Result<IndirectReseller, Vec<LineFault>> {
    let name = cells.parse(Column::Name, |cell| required(cell, NAME_MAX));
    let mpn_id = cells.parse(Column::MpnId, parse_mpn_id);
    let tenant_id = cells.parse(Column::TenantId, parse_guid);
    let signed = cells.parse(Column::AgreementSigned, |cell| yes_or_no(cell).ok_or(Invalid::NotYesOrNo));
    match (name, mpn_id, tenant_id, signed) {
        (Ok(name), Ok(mpn_id), Ok(tenant_id), Ok(agreement_signed)) => {
            Ok(IndirectReseller { mpn_id, name, tenant_id, agreement_signed })
        }
        (name, mpn_id, tenant_id, signed) => {
            Err([name.err(), mpn_id.err(), tenant_id.err(), signed.err()].into_iter().flatten().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT_1: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const TENANT_2: &str = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const HEADER: &str = "Name,MPN ID,Tenant ID,Agreement signed";

    fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
        read(file.as_ref(), &ReadOptions::default()).unwrap().lines
    }

    fn only(file: impl AsRef<[u8]>) -> IndirectReseller {
        let lines = lines(file);
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.into_iter().next().unwrap().content.unwrap()
    }

    fn faults(file: impl AsRef<[u8]>) -> Vec<LineFault> {
        lines(file).pop().unwrap().content.unwrap_err()
    }

    #[test]
    fn a_list_of_resellers_is_read() {
        let file = format!("{HEADER}\r\n\"Fourth Coffee, Inc.\", 4847383 ,{{{TENANT_1}}},Yes\r\n");
        let [line] = &lines(file)[..] else { panic!("one line") };
        assert_eq!((line.number, line.shown.as_str()), (2, "Fourth Coffee, Inc."));
        let reseller = line.content.as_ref().unwrap();
        assert_eq!(reseller.name, "Fourth Coffee, Inc.");
        assert_eq!(reseller.mpn_id, "4847383");
        assert_eq!(reseller.tenant_id.to_string(), TENANT_1);
        assert!(reseller.agreement_signed);
    }

    #[test]
    fn columns_are_found_by_name_whatever_stands_around_them() {
        for (header, delimiter) in [
            ("\u{feff}Country,AGREEMENT SIGNED,tenant id, Name ,mpn_id", ","),
            ("Land;Overeenkomst ondertekend;Tenant-ID;Naam;MPN ID", ";"),
            ("sep=\t\nX\tAgreementSigned\tMicrosoft ID\tReseller name\tPartner ID", "\t"),
        ] {
            let row = ["NL", "1", TENANT_1, "Fourth Coffee", "12"].join(delimiter);
            let reseller = only(format!("{header}\n{row}"));
            assert_eq!((reseller.name.as_str(), reseller.mpn_id.as_str()), ("Fourth Coffee", "12"), "{header:?}");
            assert!(reseller.agreement_signed);
        }
    }

    #[test]
    fn signed_is_empty_no_or_yes() {
        let read = |cell: &str| {
            let file = format!("{HEADER}\nA,1,{TENANT_1},{cell}");
            lines(file).remove(0).content.map(|reseller| reseller.agreement_signed)
        };
        for cell in ["", " ", "no", "Nee", "FALSE", "0"] {
            assert_eq!(read(cell), Ok(false), "{cell:?}");
        }
        for cell in ["yes", "JA", " True ", "1"] {
            assert_eq!(read(cell), Ok(true), "{cell:?}");
        }
        for cell in ["maybe", "2026-03-27", "2", "-"] {
            let fault = LineFault::Cell { column: Column::AgreementSigned, invalid: Invalid::NotYesOrNo };
            assert_eq!(read(cell), Err(vec![fault]), "{cell:?}");
        }
    }

    #[test]
    fn every_fault_of_a_reseller_is_named() {
        let cell = |column, invalid| LineFault::Cell { column, invalid };
        assert_eq!(
            faults(format!("{HEADER}\n,MPN 12,coffee,perhaps")),
            [
                cell(Column::Name, Invalid::Missing),
                cell(Column::MpnId, Invalid::NotAnMpnId),
                cell(Column::TenantId, Invalid::NotAGuid),
                cell(Column::AgreementSigned, Invalid::NotYesOrNo),
            ]
        );
        assert_eq!(
            faults(format!("{HEADER}\n{},,,", "x".repeat(257))),
            [
                cell(Column::Name, Invalid::TooLong { max: 256 }),
                cell(Column::MpnId, Invalid::Missing),
                cell(Column::TenantId, Invalid::Missing),
            ]
        );
        assert_eq!(faults(format!("{HEADER}\nA,1")), [LineFault::CellCount { expected: 4, found: 2 }]);
    }

    #[test]
    fn a_repeated_reseller_names_the_earlier_line() {
        let file = format!(
            "{HEADER}\nA,1,{TENANT_1},\nB,2,{TENANT_2},\n A ,1,{TENANT_1},no\nA,2,{TENANT_2},\nC,01,{TENANT_1},"
        );
        let contents: Vec<_> = lines(file).into_iter().map(|line| line.content).collect();
        assert!(contents[0].is_ok() && contents[1].is_ok() && contents[4].is_ok());
        assert_eq!(contents[2], Err(vec![LineFault::Repeats { earlier: 2 }]));
        assert_eq!(contents[3], Err(vec![LineFault::SameId { earlier: 3 }]));
    }

    #[test]
    fn a_file_without_one_of_the_columns_of_resellers_is_refused() {
        let missing = |column| FileProblem::MissingColumn { column, unused: Vec::new() };
        for (header, problem) in [
            ("", FileProblem::Empty),
            ("Country,City", FileProblem::NoHeader),
            ("MPN ID,Tenant ID,Agreement signed", missing(Column::Name)),
            ("Name,Tenant ID,Agreement signed", missing(Column::MpnId)),
            ("Name,MPN ID,Agreement signed", missing(Column::TenantId)),
            ("Name,MPN ID,Tenant ID", missing(Column::AgreementSigned)),
        ] {
            assert_eq!(read(header.as_bytes(), &ReadOptions::default()), Err(problem), "{header:?}");
        }
        assert_eq!(lines(HEADER), []);
    }
}
