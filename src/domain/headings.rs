//! The headings by which columns of lists are known, in the languages and spellings of the programs that write them.

use std::{collections::HashMap, sync::LazyLock};

use super::fold::fold;

/// The folded letters and digits of a heading, by which a column is known.
pub fn letters(heading: &str) -> String {
    fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The code of a column and its place among the headings of that column, by the kind of list and the letters of a heading.
type Headings = HashMap<(&'static str, String), (&'static str, u8)>;

/// What a heading names in a list of this kind: the code of the column, and its place among the headings of that column.
/// Where a list has several of them the lowest place counts, so that a nickname never stands for a name.
pub fn named(kind: &str, heading: &str) -> Option<(&'static str, u8)> {
    static HEADINGS: LazyLock<Headings> = LazyLock::new(|| {
        let lines = include_str!("import_headings.csv").lines().skip(1).filter_map(|line| {
            let mut cells = line.split(',');
            let (kind, field, heading) = (cells.next()?, cells.next()?, cells.next()?);
            Some(((kind, letters(heading)), (field, cells.next()?.parse().ok()?)))
        });
        lines.collect()
    });
    HEADINGS.get(&(kind, letters(heading))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_heading_is_complete_and_names_one_column() {
        let mut seen = HashSet::new();
        let lines: Vec<&str> = include_str!("import_headings.csv").lines().skip(1).collect();
        assert!(lines.len() > 200);
        for line in lines {
            let [kind, field, heading, choice] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(seen.insert((kind, letters(heading))), "{line}");
            assert_eq!(named(kind, heading), Some((field, choice.parse().unwrap())), "{line}");
        }
    }

    #[test]
    fn case_accents_and_signs_of_a_heading_do_not_matter() {
        for heading in
            ["Microsoft ID", "microsoft_id", "MICROSOFT-ID", " Microsoft  Id: ", "customerId", "Id. de Microsoft"]
        {
            assert_eq!(named("customers", heading), Some(("microsoft_id", 1)), "{heading}");
        }
        assert_eq!(named("customers", "Relationship"), None);
        assert_eq!(named("customers", "Nom de l'entreprise"), named("customers", "Nom de l’entreprise"));
    }
}
