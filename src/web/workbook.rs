//! What is wrong with a workbook, in words.

use i18n_embed_fl::fl;

use crate::{
    domain::{
        sheet::MAX_ROWS,
        xlsx_file::{Limit, MAX_COLUMNS, MAX_FILE, Problem},
    },
    i18n::{self, Language, Words},
};

/// Why a workbook cannot be read, and what to do about it.
pub fn problem(problem: &Problem, t: &Words, language: Language) -> String {
    let number = |count: usize| i18n::number(count, language);
    match problem {
        Problem::FileTooLarge => fl!(t, "e-workbook-large", max = number(MAX_FILE / 1024 / 1024)),
        Problem::Markup => fl!(t, "e-workbook-markup"),
        Problem::OldFormat => fl!(t, "e-workbook-old"),
        Problem::Encrypted => fl!(t, "e-workbook-encrypted"),
        Problem::Binary => fl!(t, "e-workbook-binary"),
        Problem::NotAWorkbook => fl!(t, "e-workbook-other"),
        Problem::Damaged { part } => fl!(t, "e-workbook-damaged", part = part.clone()),
        Problem::Entities => fl!(t, "e-workbook-entities"),
        Problem::Bomb => fl!(t, "e-workbook-bomb"),
        Problem::TooMuch(Limit::Rows) => fl!(t, "e-workbook-rows", max = number(MAX_ROWS)),
        Problem::TooMuch(Limit::Columns) => fl!(t, "e-workbook-columns", max = number(MAX_COLUMNS)),
        Problem::TooMuch(Limit::Cells | Limit::Text | Limit::SharedStrings) => fl!(t, "e-workbook-text"),
        Problem::TooMuch(Limit::Parts | Limit::Formats) => fl!(t, "e-workbook-parts"),
        Problem::NoSheet => fl!(t, "e-workbook-no-sheet"),
        Problem::NoSuchSheet { names } => fl!(t, "e-workbook-no-such-sheet", names = names.join(", ")),
        Problem::NotCalculated { cell } => fl!(t, "e-workbook-formula", cell = cell.clone()),
    }
}
