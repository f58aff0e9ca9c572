//! The list of a workbook's sheets, and where its parts lie.

use quick_xml::events::Event;

use crate::domain::sheet::DateSystem;

use super::{
    archive::Archive,
    problem::{Limit, Problem},
    xml::{attribute, is_on},
};

/// The most sheets.
const MAX_SHEETS: usize = 1_000;

/// What a workbook says of its parts.
pub(super) struct Workbook {
    sheets: Vec<SheetPart>,
    pub(super) date_system: DateSystem,
    pub(super) styles: Option<String>,
    pub(super) shared_strings: Option<String>,
}

/// A sheet of cells.
pub(super) struct SheetPart {
    pub(super) name: String,
    pub(super) part: String,
    is_visible: bool,
}

/// A sheet's name, its relationship, and whether it is visible.
type Named = (String, String, bool);

/// A relationship of a part to another.
struct Relationship {
    id: String,
    /// The last part of its type's address, such as `worksheet`.
    kind: String,
    part: String,
}

impl Workbook {
    pub(super) fn read(archive: &mut Archive<'_>) -> Result<Self, Problem> {
        if !archive.has("_rels/.rels") {
            return Err(Problem::NotAWorkbook);
        }
        let main = relationships(archive, "_rels/.rels", "")?;
        let main = main.into_iter().find(|one| one.kind == "officeDocument").ok_or(Problem::NotAWorkbook)?.part;
        if !archive.has(&main) {
            return Err(Problem::Damaged { part: main });
        }
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let of_main = format!("{folder}/_rels/{file}.rels");
        let of_main = of_main.trim_start_matches('/');
        if !archive.has(of_main) {
            return Err(Problem::NotAWorkbook);
        }
        let parts = relationships(archive, of_main, folder)?;
        let (sheets, date_system) = sheets(archive, &main)?;
        let part = |kind: &str| parts.iter().find(|one| one.kind == kind).map(|one| one.part.clone());
        let sheets = sheets
            .into_iter()
            .filter_map(|(name, id, is_visible)| {
                let part = parts.iter().find(|one| one.id == id && one.kind == "worksheet")?;
                Some(SheetPart { name, part: part.part.clone(), is_visible })
            })
            .collect();
        Ok(Self { sheets, date_system, styles: part("styles"), shared_strings: part("sharedStrings") })
    }

    /// The sheet that is asked for, or the first one that is visible; and the names of the other visible ones.
    pub(super) fn choose(&self, name: Option<&str>) -> Result<(&SheetPart, Vec<String>), Problem> {
        let names = |except: Option<&SheetPart>| {
            let visible = self.sheets.iter().filter(|sheet| sheet.is_visible);
            let others = visible.filter(|sheet| except.is_none_or(|except| !std::ptr::eq(*sheet, except)));
            others.map(|sheet| sheet.name.clone()).collect::<Vec<_>>()
        };
        let chosen = match name {
            None => self.sheets.iter().find(|sheet| sheet.is_visible).ok_or(Problem::NoSheet)?,
            Some(name) => {
                let exact = self.sheets.iter().find(|sheet| sheet.name == name);
                let folded = || self.sheets.iter().find(|sheet| sheet.name.to_lowercase() == name.to_lowercase());
                exact.or_else(folded).ok_or_else(|| Problem::NoSuchSheet { names: names(None) })?
            }
        };
        Ok((chosen, names(Some(chosen))))
    }
}

/// Name, relationship and visibility of each sheet, and from which day it counts.
fn sheets(archive: &mut Archive<'_>, part: &str) -> Result<(Vec<Named>, DateSystem), Problem> {
    archive.read(part, |xml| {
        let mut sheets = Vec::new();
        let mut date_system = DateSystem::From1900;
        let mut is_workbook = false;
        while let Some(event) = xml.next()? {
            let Event::Start(tag) = event else { continue };
            match tag.local_name().as_ref() {
                "workbook" => is_workbook = true,
                "workbookPr" if is_on(&tag, "date1904") => date_system = DateSystem::From1904,
                "sheet" if sheets.len() == MAX_SHEETS => return Err(Problem::TooMuch(Limit::Parts)),
                "sheet" => {
                    let is_visible = !matches!(attribute(&tag, "state").as_deref(), Some("hidden" | "veryHidden"));
                    let (name, id) = (attribute(&tag, "name"), attribute(&tag, "id"));
                    sheets.push((name.unwrap_or_default(), id.unwrap_or_default(), is_visible));
                }
                _ => {}
            }
        }
        if is_workbook { Ok((sheets, date_system)) } else { Err(Problem::NotAWorkbook) }
    })
}

/// The relationships in a part, of a part that lies in `folder`, to parts of the package.
fn relationships(archive: &mut Archive<'_>, part: &str, folder: &str) -> Result<Vec<Relationship>, Problem> {
    archive.read(part, |xml| {
        let mut all = Vec::new();
        while let Some(event) = xml.next()? {
            let Event::Start(tag) = event else { continue };
            if tag.local_name().as_ref() != "Relationship"
                || attribute(&tag, "TargetMode").as_deref() == Some("External")
            {
                continue;
            }
            if all.len() == MAX_SHEETS + 100 {
                return Err(Problem::TooMuch(Limit::Parts));
            }
            let (id, kind, target) = (attribute(&tag, "Id"), attribute(&tag, "Type"), attribute(&tag, "Target"));
            let (Some(id), Some(kind), Some(target)) = (id, kind, target) else { continue };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            if let Some(part) = inside(folder, &target) {
                all.push(Relationship { id, kind, part });
            }
        }
        Ok(all)
    })
}

/// The name of a part from where it is named; none for one outside the package.
fn inside(folder: &str, target: &str) -> Option<String> {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in from.split('/').chain(target.split('/')).filter(|step| !matches!(*step, "" | ".")) {
        if step == ".." {
            steps.pop()?;
        } else {
            steps.push(step);
        }
    }
    Some(steps.join("/"))
}
