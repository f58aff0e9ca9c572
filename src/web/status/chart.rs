//! What was recorded in each week: the chart and the table of the same.

use chrono::{Datelike as _, Days, NaiveDate};
use i18n_embed_fl::fl;

use super::{
    counted::Counted,
    figures::{Figures, Recorded},
    list_query::Asked,
};
use crate::{domain::audit::Action, i18n, web::request_context::RequestContext};

pub(super) struct Weeks {
    pub(super) lead: String,
    pub(super) summary: String,
    pub(super) bars: Vec<Bar>,
    pub(super) rows: Vec<WeekView>,
}

/// A week in the chart, in percent of its width and pixels of its height.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) width: String,
    pub(super) middle: String,
    pub(super) y: i64,
    pub(super) height: i64,
    /// Over the bar; none where there is no room for it.
    pub(super) number: Option<String>,
    pub(super) number_y: i64,
    /// Under the bar.
    pub(super) week: Option<u32>,
    /// Whether there is no room for the words on a narrow screen.
    pub(super) is_alternate: bool,
    pub(super) is_now: bool,
}

pub(super) struct WeekView {
    pub(super) week: u32,
    pub(super) monday: String,
    pub(super) by_person: Counted,
    pub(super) directly: Counted,
    pub(super) all: String,
}

/// The weeks of a period, the last of which is that of today.
pub(super) fn weeks_chart(context: &RequestContext, asked: &Asked, figures: &Figures, today: NaiveDate) -> Weeks {
    let (t, language) = (context.words(), context.language);
    let weeks = &figures.weeks;
    let day = |monday: NaiveDate| i18n::date_short(monday, language);
    let most = weeks.iter().max_by_key(|(_, recorded)| recorded.all()).copied();
    let (most_week, most) = most.map_or((today, 0), |(monday, recorded)| (monday, recorded.all()));
    let now = weeks.last().map_or(0, |(_, recorded)| recorded.all());
    Weeks {
        lead: fl!(
            t,
            "status-weeks-lead",
            weeks = weeks.len(),
            from = weeks.first().map_or_else(String::new, |first| day(first.0))
        ),
        summary: if most == 0 {
            fl!(t, "status-nothing-recorded")
        } else {
            fl!(
                t,
                "status-weeks-summary",
                all = i18n::number(figures.recorded().all(), language),
                most = i18n::number(most, language),
                week = day(most_week),
                now = i18n::number(now, language)
            )
        },
        bars: bars(weeks, language),
        rows: weeks.iter().rev().map(|(monday, recorded)| week(asked, *monday, *recorded, language)).collect(),
    }
}

fn week(asked: &Asked, monday: NaiveDate, recorded: Recorded, language: i18n::Language) -> WeekView {
    let sunday = monday.checked_add_days(Days::new(6));
    let counted = |number, action| Counted::new(number, language, || asked.trail(action, monday, sunday));
    WeekView {
        week: monday.iso_week().week(),
        monday: i18n::date_short(monday, language),
        by_person: counted(recorded.by_person, Action::AcceptanceConfirmed),
        directly: counted(recorded.directly, Action::AcceptedDirectly),
        all: i18n::number(recorded.all(), language),
    }
}

/// The chart: its bars stand on a line, and the highest of them leaves room for its number.
fn bars(weeks: &[(NaiveDate, Recorded)], language: i18n::Language) -> Vec<Bar> {
    const FOOT: i64 = 172;
    const HIGHEST: i64 = 150;
    let (count, most) = (weeks.len(), weeks.iter().map(|(_, recorded)| recorded.all()).max().unwrap_or(0).max(1));
    // Of many weeks only some have room for words.
    let step = count.div_ceil(13).max(1);
    let percent = |numerator: usize, denominator: usize| {
        // Hundredths of a percent, so that no float is written.
        let hundredths = numerator * 10_000 / denominator.max(1);
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    };
    weeks
        .iter()
        .enumerate()
        .map(|(place, (monday, recorded))| {
            let all = recorded.all();
            // What is there at all can be seen.
            let height = (all * HIGHEST / most).max(i64::from(all > 0) * 2);
            let from_last = count - 1 - place;
            let has_words = from_last.is_multiple_of(step);
            Bar {
                x: percent(place * 6 + 1, count * 6),
                width: percent(4, count * 6),
                middle: percent(place * 2 + 1, count * 2),
                y: FOOT - height,
                height,
                number: (count <= 26 && all > 0).then(|| i18n::number(all, language)),
                number_y: FOOT - height - 6,
                week: has_words.then(|| monday.iso_week().week()),
                is_alternate: !(from_last / step).is_multiple_of(2) || (count > 13 && !has_words),
                is_now: from_last == 0,
            }
        })
        .collect()
}
