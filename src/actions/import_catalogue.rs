//! Importing the catalogue of offers.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::import::{self, counts};
use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event},
        catalogue_file::{CatalogueFile, CatalogueLine, Column, LineFault, differences},
        invalid::Invalid,
        order::CatalogueItem,
    },
    store::{self, Db, offers},
};

/// What a line of the file comes to. The parts of an offer that can change are what its columns hold.
pub type RowOutcome = import::RowOutcome<Column, LineFault>;

/// A line of the file with its fate.
pub type PlannedRow = import::PlannedRow<Column, LineFault>;

/// How far apart offers stand that are added one after the other.
const STEP: i64 = 10;

/// Judges every line against what is known, and changes nothing.
pub async fn plan(db: &Db, file: &CatalogueFile) -> Result<Vec<PlannedRow>, store::Error> {
    let items = offers::items(&mut db.snapshot().await?).await?;
    Ok(judge_all(&by_id(&items), file))
}

/// Writes every usable line in one change with one event, and says what became of each. Offers that the file does
/// not name stay. Importing the same file again changes nothing.
pub async fn apply(db: &Db, who: Principal, file: &CatalogueFile) -> Result<Vec<PlannedRow>, store::Error> {
    let mut tx = db.write().await?;
    offers::lock(&mut tx).await?;
    let items = offers::items(&mut tx).await?;
    let known = by_id(&items);
    let planned = judge_all(&known, file);
    let mut position = offers::last_position(&mut tx).await?;
    for (line, one) in file.lines.iter().zip(&planned) {
        if let (Ok(content), RowOutcome::New | RowOutcome::Changed(_)) = (&line.content, &one.fate) {
            position += STEP;
            offers::put(&mut tx, &content.over(known.get(content.offer_id()).copied()), position).await?;
        }
    }
    let counts = counts(&planned);
    if counts.contains_key("new") || counts.contains_key("changed") {
        let event = Event::new(tx.clock.id(), tx.clock.now(), who, Action::CatalogueImported);
        tx.commit(event.with(json!(counts))).await?;
    }
    Ok(planned)
}

fn by_id(items: &[CatalogueItem]) -> HashMap<&str, &CatalogueItem> {
    items.iter().map(|item| (item.offer.id.as_str(), item)).collect()
}

fn judge_all(known: &HashMap<&str, &CatalogueItem>, file: &CatalogueFile) -> Vec<PlannedRow> {
    let there = after(known, file);
    file.lines
        .iter()
        .map(|line| {
            let fate = match &line.content {
                Ok(content) => classify(known, &there, content),
                // The very same line once more does no harm.
                Err(_) if line.is_repeat() => RowOutcome::Unchanged,
                Err(faults) => RowOutcome::Refused(faults.clone()),
            };
            PlannedRow::of(line, fate)
        })
        .collect()
}

fn classify(known: &HashMap<&str, &CatalogueItem>, there: &HashSet<&str>, line: &CatalogueLine) -> RowOutcome {
    if !has_prerequisite(there, line) {
        let invalid = Invalid::PrerequisiteMissing;
        return RowOutcome::Refused(vec![LineFault::Cell { column: Column::Prerequisite, invalid }]);
    }
    let Some(known) = known.get(line.offer_id()) else { return RowOutcome::New };
    let parts = differences(known, &line.over(Some(known)));
    if parts.is_empty() { RowOutcome::Unchanged } else { RowOutcome::Changed(parts) }
}

fn has_prerequisite(there: &HashSet<&str>, line: &CatalogueLine) -> bool {
    line.prerequisite().is_none_or(|needed| there.contains(needed))
}

/// The ids of the offers that the catalogue holds once the file is imported. A line whose prerequisite is not there
/// is refused, and with it those that have its offer as theirs.
fn after<'a>(known: &HashMap<&'a str, &CatalogueItem>, file: &'a CatalogueFile) -> HashSet<&'a str> {
    let mut lines: Vec<&CatalogueLine> = file.lines.iter().filter_map(|line| line.content.as_ref().ok()).collect();
    let mut there: HashSet<&str> = known.keys().copied().collect();
    there.extend(lines.iter().map(|line| line.offer_id()));
    loop {
        let (kept, refused): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| has_prerequisite(&there, line));
        if refused.is_empty() {
            return there;
        }
        for line in refused.iter().filter(|line| !known.contains_key(line.offer_id())) {
            there.remove(line.offer_id());
        }
        lines = kept;
    }
}
