//! The catalogue of offers as a file.

use super::{
    country::Country,
    fold::fold,
    invalid::Invalid,
    list_columns::{self, ReadOptions},
    list_file::{self, Cells, ListFile},
    order::{
        Billing, BillingCycle, CatalogueItem, Category, OFFER_NAME_MAX, Offer, QUANTITY_MAX, Segment, TermDuration,
        parse_offer_id, quantity,
    },
    sheet::Sheet,
    text::{line, required, trimmed},
};

/// The most Unicode scalar values in the id of a product, a SKU or an availability.
const PRODUCT_ID_MAX: usize = 100;

/// A file of offers, line by line.
pub type CatalogueFile = ListFile<Column, CatalogueLine>;

/// One line of the file, shown by the offer's name.
pub type Line = list_file::Line<Column, CatalogueLine>;

/// Something wrong with one line, whose id is the offer's.
pub type LineFault = list_file::LineFault<Column>;

/// Something wrong with the file as a whole.
pub type FileProblem = list_columns::FileProblem<Column>;

/// An offer as a line of the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueLine {
    item: CatalogueItem,
    /// The columns that the file does not have.
    absent: Vec<Column>,
}

impl CatalogueLine {
    /// The offer's id.
    pub fn offer_id(&self) -> &str {
        &self.item.offer.id
    }

    /// The id of the offer that it names as prerequisite.
    pub fn prerequisite(&self) -> Option<&str> {
        self.item.offer.prerequisite_offer_id.as_deref()
    }

    /// What the catalogue is to hold, where it holds `known` now: what the file has no column for stays.
    pub fn over(&self, known: Option<&CatalogueItem>) -> CatalogueItem {
        let mut item = self.item.clone();
        let Some(known) = known else { return item };
        for column in &self.absent {
            match column {
                Column::Prerequisite => item.offer.prerequisite_offer_id.clone_from(&known.offer.prerequisite_offer_id),
                Column::Countries => item.offer.countries.clone_from(&known.offer.countries),
                Column::ProductId => item.product_id.clone_from(&known.product_id),
                Column::SkuId => item.sku_id.clone_from(&known.sku_id),
                Column::AvailabilityId => item.availability_id.clone_from(&known.availability_id),
                _ => {}
            }
        }
        item
    }
}

/// The columns in which two items differ.
pub fn differences(one: &CatalogueItem, other: &CatalogueItem) -> Vec<Column> {
    let (a, b) = (&one.offer, &other.offer);
    [
        (Column::OfferId, a.id != b.id),
        (Column::Name, a.name != b.name),
        (Column::Category, a.category != b.category),
        (Column::Segment, a.segment != b.segment),
        (Column::Billing, a.billing != b.billing),
        (Column::MinimumQuantity, a.minimum_quantity != b.minimum_quantity),
        (Column::MaximumQuantity, a.maximum_quantity != b.maximum_quantity),
        (Column::BillingCycles, a.billing_cycles != b.billing_cycles),
        (Column::Terms, a.term_durations != b.term_durations),
        (Column::Prerequisite, a.prerequisite_offer_id != b.prerequisite_offer_id),
        (Column::Countries, a.countries != b.countries),
        (Column::ProductId, one.product_id != other.product_id),
        (Column::SkuId, one.sku_id != other.sku_id),
        (Column::AvailabilityId, one.availability_id != other.availability_id),
    ]
    .into_iter()
    .filter_map(|(column, differs)| differs.then_some(column))
    .collect()
}

/// A column of the file that matters; any other is only named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// *Offer ID*.
    OfferId,
    /// *Offer name*.
    Name,
    /// *Category*, by its code or its English name.
    Category,
    /// *Segment*, by its code.
    Segment,
    /// *Billing*: license or usage.
    Billing,
    /// *Minimum quantity*.
    MinimumQuantity,
    /// *Maximum quantity*.
    MaximumQuantity,
    /// *Billing cycles*: one or more.
    BillingCycles,
    /// *Terms*: one or more, the usual one first.
    Terms,
    /// *Prerequisite offer ID*, which may be absent, as may the columns below.
    Prerequisite,
    /// *Countries*: ISO codes; empty or `*` for everywhere.
    Countries,
    /// *Product ID*.
    ProductId,
    /// *SKU ID*.
    SkuId,
    /// *Availability ID*.
    AvailabilityId,
}

/// The columns that may be absent.
const OPTIONAL: [Column; 5] =
    [Column::Prerequisite, Column::Countries, Column::ProductId, Column::SkuId, Column::AvailabilityId];

/// Reads a CSV file of offers.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<CatalogueFile, FileProblem> {
    list_file::read(bytes, options, item, |line| line.offer_id().to_owned())
}

/// Judges a table of offers, as [`read`] does.
///
/// # Errors
///
/// Those of [`read`].
pub fn judge(sheet: &Sheet, options: &ReadOptions) -> Result<CatalogueFile, FileProblem> {
    list_file::judge(sheet, options, item, |line| line.offer_id().to_owned())
}

impl list_columns::Column for Column {
    const KIND: &'static str = "catalogue";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::OfferId, "offer_id"),
        (Self::Name, "name"),
        (Self::Category, "category"),
        (Self::Segment, "segment"),
        (Self::Billing, "billing"),
        (Self::MinimumQuantity, "minimum_quantity"),
        (Self::MaximumQuantity, "maximum_quantity"),
        (Self::BillingCycles, "billing_cycles"),
        (Self::Terms, "terms"),
        (Self::Prerequisite, "prerequisite"),
        (Self::Countries, "countries"),
        (Self::ProductId, "product_id"),
        (Self::SkuId, "sku_id"),
        (Self::AvailabilityId, "availability_id"),
    ];
    const NEEDED: &'static [Self] = &[
        Self::OfferId,
        Self::Name,
        Self::Category,
        Self::Segment,
        Self::Billing,
        Self::MinimumQuantity,
        Self::MaximumQuantity,
        Self::BillingCycles,
        Self::Terms,
    ];
    const SHOWN: Self = Self::Name;
}

/// The offer in a line, or every fault of it.
fn item(cells: &Cells<'_, Column>) -> Result<CatalogueLine, Vec<LineFault>> {
    let mut faults = Vec::new();
    let id = cells.parse(Column::OfferId, parse_offer_id).map_err(|fault| faults.push(fault));
    let name = cells.parse(Column::Name, |cell| required(cell, OFFER_NAME_MAX)).map_err(|fault| faults.push(fault));
    let category = cells.parse(Column::Category, category).map_err(|fault| faults.push(fault));
    let segment = cells
        .parse(Column::Segment, |cell| one(cell, Segment::from_code, Segment::CODES))
        .map_err(|fault| faults.push(fault));
    let billing = cells
        .parse(Column::Billing, |cell| one(cell, Billing::from_code, Billing::CODES))
        .map_err(|fault| faults.push(fault));
    // What is charged by use has no number.
    let most = if billing == Ok(Billing::Usage) { 1 } else { QUANTITY_MAX };
    let minimum =
        cells.parse(Column::MinimumQuantity, |cell| number(cell, (1, most))).map_err(|fault| faults.push(fault));
    let maximum = cells
        .parse(Column::MaximumQuantity, |cell| number(cell, (minimum.unwrap_or(1), most)))
        .map_err(|fault| faults.push(fault));
    let billing_cycles = cells
        .parse(Column::BillingCycles, |cell| several(cell, BillingCycle::from_code, BillingCycle::CODES))
        .map_err(|fault| faults.push(fault));
    let term_durations = cells
        .parse(Column::Terms, |cell| {
            several(cell, |code| TermDuration::from_code(&code.to_ascii_uppercase()), TermDuration::CODES)
        })
        .map_err(|fault| faults.push(fault));
    let prerequisite = cells
        .parse(Column::Prerequisite, |cell| prerequisite(cell, id.as_deref().unwrap_or_default()))
        .map_err(|fault| faults.push(fault));
    let countries = cells.parse(Column::Countries, countries).map_err(|fault| faults.push(fault));
    let [product_id, sku_id, availability_id] =
        [Column::ProductId, Column::SkuId, Column::AvailabilityId].map(|column| {
            cells
                .parse(column, |cell| Ok(line(cell, PRODUCT_ID_MAX)?.unwrap_or_default()))
                .map_err(|fault| faults.push(fault))
        });
    let (
        (Ok(id), Ok(name), Ok(category), Ok(segment), Ok(billing), Ok(minimum_quantity), Ok(maximum_quantity)),
        (Ok(billing_cycles), Ok(term_durations), Ok(prerequisite_offer_id), Ok(countries)),
        (Ok(product_id), Ok(sku_id), Ok(availability_id)),
    ) = (
        (id, name, category, segment, billing, minimum, maximum),
        (billing_cycles, term_durations, prerequisite, countries),
        (product_id, sku_id, availability_id),
    )
    else {
        return Err(faults);
    };
    let offer = Offer {
        id,
        name,
        category,
        segment,
        billing,
        minimum_quantity,
        maximum_quantity,
        billing_cycles,
        term_durations,
        prerequisite_offer_id,
        countries,
    };
    Ok(CatalogueLine {
        item: CatalogueItem { offer, product_id, sku_id, availability_id },
        absent: OPTIONAL.into_iter().filter(|column| !cells.has(*column)).collect(),
    })
}

fn category(cell: &str) -> Result<Category, Invalid> {
    match fold(cell).as_str() {
        "microsoft 365 and office" => Ok(Category::Microsoft365),
        "security and identity" => Ok(Category::Security),
        "business applications" => Ok(Category::BusinessApps),
        // The others are called by their codes.
        _ => one(cell, Category::from_code, Category::CODES),
    }
}

/// The thing with this code, in any case.
fn one<T>(cell: &str, from_code: impl Fn(&str) -> Option<T>, codes: &'static [&'static str]) -> Result<T, Invalid> {
    match trimmed(cell) {
        "" => Err(Invalid::Missing),
        code => from_code(&code.to_ascii_lowercase()).ok_or(Invalid::NotOneOf { codes }),
    }
}

/// The things with these codes, in any case, each once.
fn several<T: PartialEq>(
    cell: &str,
    from_code: impl Fn(&str) -> Option<T>,
    codes: &'static [&'static str],
) -> Result<Vec<T>, Invalid> {
    let mut several = Vec::new();
    for word in words(cell) {
        let one = one(word, &from_code, codes)?;
        if !several.contains(&one) {
            several.push(one);
        }
    }
    if several.is_empty() { Err(Invalid::Missing) } else { Ok(several) }
}

fn number(cell: &str, limits: (i64, i64)) -> Result<i64, Invalid> {
    quantity(cell, limits)?.ok_or(Invalid::Missing)
}

fn prerequisite(cell: &str, of: &str) -> Result<Option<String>, Invalid> {
    match parse_offer_id(cell) {
        Err(Invalid::Missing) => Ok(None),
        Ok(id) if id == of => Err(Invalid::PrerequisiteMissing),
        other => other.map(Some),
    }
}

/// In the order of their codes; none for everywhere.
fn countries(cell: &str) -> Result<Vec<Country>, Invalid> {
    if matches!(trimmed(cell), "" | "*") {
        return Ok(Vec::new());
    }
    let countries: Option<Vec<Country>> = words(cell).map(Country::parse).collect();
    // Only separators are not everywhere.
    let mut countries = countries.filter(|countries| !countries.is_empty()).ok_or(Invalid::UnknownCountry)?;
    countries.sort_by_key(|country| country.code());
    countries.dedup();
    Ok(countries)
}

/// What stands between spaces, commas and slashes.
fn words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | '/')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Offer ID;Offer name;Category;Segment;Billing;Minimum quantity;Maximum quantity;\
                          Billing cycles;Terms;Prerequisite offer ID;Countries;Product ID;SKU ID;Availability ID";
    const ROW: &str = "A-1;Exchange;email;commercial;license;1;300;monthly annual;P1Y P1M;B-2;NL BE;CFQ7;0001;X";

    fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
        read(file.as_ref(), &ReadOptions::default()).unwrap().lines
    }

    /// What the row comes to with one of its cells replaced.
    fn with(column: usize, cell: &str) -> Result<CatalogueItem, Vec<LineFault>> {
        let mut cells: Vec<&str> = ROW.split(';').collect();
        cells[column] = cell;
        lines(format!("{HEADER}\n{}", cells.join(";"))).remove(0).content.map(|line| line.item)
    }

    fn fault(column: Column, invalid: Invalid) -> LineFault {
        LineFault::Cell { column, invalid }
    }

    fn country(code: &str) -> Country {
        Country::parse(code).unwrap()
    }

    #[test]
    fn a_catalogue_is_read() {
        let [line] = &lines(format!("{HEADER}\r\n{ROW}\r\n"))[..] else { panic!("one line") };
        assert_eq!((line.number, line.shown.as_str()), (2, "Exchange"));
        let item = CatalogueItem {
            offer: Offer {
                id: "A-1".into(),
                name: "Exchange".into(),
                category: Category::Email,
                segment: Segment::Commercial,
                billing: Billing::License,
                minimum_quantity: 1,
                maximum_quantity: 300,
                billing_cycles: vec![BillingCycle::Monthly, BillingCycle::Annual],
                term_durations: vec![TermDuration::Year, TermDuration::Month],
                prerequisite_offer_id: Some("B-2".into()),
                countries: vec![country("BE"), country("NL")],
            },
            product_id: "CFQ7".into(),
            sku_id: "0001".into(),
            availability_id: "X".into(),
        };
        assert_eq!(line.content, Ok(CatalogueLine { item, absent: Vec::new() }));
    }

    #[test]
    fn a_category_has_a_code_and_an_english_name() {
        for (cell, category) in [
            ("email", Category::Email),
            ("Email", Category::Email),
            ("microsoft-365", Category::Microsoft365),
            (" Microsoft 365  and Office ", Category::Microsoft365),
            ("Security and identity", Category::Security),
            ("BUSINESS APPLICATIONS", Category::BusinessApps),
            ("Azure", Category::Azure),
        ] {
            assert_eq!(with(2, cell).unwrap().offer.category, category, "{cell}");
        }
        let invalid = Invalid::NotOneOf { codes: Category::CODES };
        assert_eq!(with(2, "Mail"), Err(vec![fault(Column::Category, invalid)]));
    }

    #[test]
    fn cycles_and_terms_are_lists_whose_order_counts() {
        for (cell, cycles) in [
            ("annual", &[BillingCycle::Annual][..]),
            ("annual, Monthly", &[BillingCycle::Annual, BillingCycle::Monthly]),
            ("monthly/annual/monthly", &[BillingCycle::Monthly, BillingCycle::Annual]),
        ] {
            assert_eq!(with(7, cell).unwrap().offer.billing_cycles, cycles, "{cell}");
        }
        let terms = [TermDuration::ThreeYears, TermDuration::Month];
        assert_eq!(with(8, "p3y / P1M,").unwrap().offer.term_durations, terms);
        for empty in ["", ",", " / "] {
            assert_eq!(with(8, empty), Err(vec![fault(Column::Terms, Invalid::Missing)]), "{empty:?}");
        }
        let invalid = Invalid::NotOneOf { codes: TermDuration::CODES };
        assert_eq!(with(8, "P1Y P2Y"), Err(vec![fault(Column::Terms, invalid)]));
    }

    #[test]
    fn countries_are_codes_or_all() {
        for all in ["", " ", "*"] {
            assert_eq!(with(10, all).unwrap().offer.countries, [], "{all:?}");
        }
        assert_eq!(with(10, "nl, BE NL").unwrap().offer.countries, [country("BE"), country("NL")]);
        for cell in ["Netherlands", "NL XX", "* NL", ","] {
            assert_eq!(with(10, cell), Err(vec![fault(Column::Countries, Invalid::UnknownCountry)]), "{cell:?}");
        }
    }

    #[test]
    fn the_minimum_is_one_or_more_and_the_maximum_no_less() {
        for (column, at, cell, invalid) in [
            (Column::MinimumQuantity, 5, "0", Invalid::NotAQuantity),
            (Column::MinimumQuantity, 5, "", Invalid::Missing),
            (Column::MinimumQuantity, 5, "1000001", Invalid::QuantityLimits { min: 1, max: 1_000_000 }),
            (Column::MaximumQuantity, 5, "301", Invalid::QuantityLimits { min: 301, max: 1_000_000 }),
            (Column::MaximumQuantity, 6, "1000001", Invalid::QuantityLimits { min: 1, max: 1_000_000 }),
            (Column::MaximumQuantity, 6, "many", Invalid::NotAQuantity),
            (Column::MaximumQuantity, 4, "usage", Invalid::QuantityLimits { min: 1, max: 1 }),
        ] {
            assert_eq!(with(at, cell), Err(vec![fault(column, invalid)]), "{cell:?}");
        }
        assert_eq!(with(6, "1 000 000").unwrap().offer.maximum_quantity, 1_000_000);
    }

    #[test]
    fn an_offer_is_not_its_own_prerequisite() {
        assert_eq!(with(9, "").unwrap().offer.prerequisite_offer_id, None);
        assert_eq!(with(9, "A-1"), Err(vec![fault(Column::Prerequisite, Invalid::PrerequisiteMissing)]));
        assert_eq!(with(9, "A 2"), Err(vec![fault(Column::Prerequisite, Invalid::NotAnOfferId)]));
    }

    #[test]
    fn every_fault_of_an_offer_is_named() {
        let row = "a b;;x;x;x;-1;;x;;é;x;\u{7};;";
        let codes = |codes| Invalid::NotOneOf { codes };
        assert_eq!(
            lines(format!("{HEADER}\n{row}")).remove(0).content.unwrap_err(),
            [
                fault(Column::OfferId, Invalid::NotAnOfferId),
                fault(Column::Name, Invalid::Missing),
                fault(Column::Category, codes(Category::CODES)),
                fault(Column::Segment, codes(Segment::CODES)),
                fault(Column::Billing, codes(Billing::CODES)),
                fault(Column::MinimumQuantity, Invalid::NotAQuantity),
                fault(Column::MaximumQuantity, Invalid::Missing),
                fault(Column::BillingCycles, codes(BillingCycle::CODES)),
                fault(Column::Terms, Invalid::Missing),
                fault(Column::Prerequisite, Invalid::NotAnOfferId),
                fault(Column::Countries, Invalid::UnknownCountry),
                fault(Column::ProductId, Invalid::Unprintable),
            ]
        );
    }

    #[test]
    fn what_the_file_has_no_column_for_stays() {
        let header: Vec<&str> = HEADER.split(';').take(9).collect();
        let row: Vec<&str> = ROW.split(';').take(9).collect();
        let line = lines(format!("{}\n{}", header.join(";"), row.join(";"))).remove(0).content.unwrap();
        let known = CatalogueItem { product_id: "other".into(), ..with(1, "Old name").unwrap() };
        let after = CatalogueItem { product_id: "other".into(), ..with(1, "Exchange").unwrap() };
        assert_eq!(line.over(Some(&known)), after);
        assert_eq!(differences(&known, &after), [Column::Name]);
        let new = line.over(None);
        assert_eq!((new.offer.prerequisite_offer_id, new.offer.countries), (None, Vec::new()));
        assert_eq!([new.product_id, new.sku_id, new.availability_id], [""; 3]);
    }

    #[test]
    fn a_file_without_a_column_that_offers_need_is_refused() {
        let header: Vec<&str> = HEADER.split(';').collect();
        for (at, &column) in <Column as list_columns::Column>::NEEDED.iter().enumerate() {
            let mut header = header.clone();
            header[at] = "Other";
            let problem = FileProblem::MissingColumn { column, unused: vec!["Other".to_owned()] };
            assert_eq!(read(header.join(";").as_bytes(), &ReadOptions::default()), Err(problem));
        }
        assert_eq!(lines(HEADER), []);
    }
}
