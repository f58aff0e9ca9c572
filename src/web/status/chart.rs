//! What is left to confirm and what was recorded in each week: two panels on one time axis, and the table of the same.
//!
//! Places along the axis are hundredths of a week; the chart is as wide as its card, so that they are written in percent.

use chrono::{Datelike as _, Days, NaiveDate};
use i18n_embed_fl::fl;

use super::{
    counted::{Counted, decimal, percent},
    figures::{Figures, Recorded},
    list_query::Asked,
};
use crate::{
    domain::{
        audit::Action,
        status::{Pace, week_of},
    },
    i18n::{self, Language, Words},
    web::request_context::RequestContext,
};

/// The upper panel, in pixels.
const TOP: i64 = 28;
/// See [`TOP`].
const BOTTOM: i64 = 152;
/// Where the bars stand, and the highest of them.
const FOOT: i64 = 250;
/// See [`FOOT`].
const HIGHEST: i64 = 62;

pub(super) struct Weeks {
    pub(super) lead: String,
    pub(super) summary: String,
    pub(super) chart: Chart,
    pub(super) rows: Vec<WeekView>,
}

pub(super) struct Chart {
    /// Lines across the upper panel: height, number.
    pub(super) grid: Vec<(i64, String)>,
    /// The box of the line that is drawn in weeks and customers.
    pub(super) view_box: String,
    pub(super) line: String,
    pub(super) area: String,
    /// From now to nobody left on the last day.
    pub(super) pace: Option<PaceLine>,
    pub(super) today: Mark,
    pub(super) deadline: Option<Mark>,
    /// The first point and the last.
    pub(super) dots: [Dot; 2],
    pub(super) bars: Vec<Bar>,
    /// Week numbers: place, number, whether it has no room on a narrow screen.
    pub(super) weeks: Vec<(String, u32, bool)>,
}

pub(super) struct PaceLine {
    pub(super) from: (String, String),
    pub(super) to: (String, String),
    /// The pace in words, where there is room for them: where they begin, and how high.
    pub(super) words: Option<(String, i64, String)>,
}

/// A line down the panel with its words.
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) words: String,
    /// To which side of the line the words stand.
    pub(super) class: &'static str,
}

/// A point of the line with its number.
pub(super) struct Dot {
    pub(super) x: String,
    pub(super) y: i64,
    pub(super) number: String,
    pub(super) number_x: String,
    pub(super) number_y: i64,
    pub(super) class: &'static str,
}

/// A week's bar, in percent of the width and pixels of the height.
pub(super) struct Bar {
    pub(super) x: String,
    pub(super) width: String,
    pub(super) middle: String,
    pub(super) y: i64,
    pub(super) height: i64,
    /// Over the bar; none where there is no room for it.
    pub(super) number: Option<String>,
    pub(super) number_y: i64,
    /// Whether there is no room for the number on a narrow screen.
    pub(super) is_alternate: bool,
    pub(super) is_now: bool,
}

pub(super) struct WeekView {
    pub(super) week: u32,
    pub(super) monday: String,
    pub(super) by_person: Counted,
    pub(super) directly: Counted,
    pub(super) all: String,
    pub(super) added: String,
    pub(super) left: String,
}

/// What lies ahead: the day, and the pace that it asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    pub(super) day: NaiveDate,
    pub(super) pace: Pace,
}

/// The weeks of a period, the last of which is that of today.
pub(super) fn weeks_chart(
    context: &RequestContext,
    asked: &Asked,
    figures: &Figures,
    today: NaiveDate,
    ahead: Option<Ahead>,
) -> Weeks {
    let (t, language) = (context.words(), context.language);
    let number = |number: i64| i18n::number(number, language);
    let (weeks, left) = (&figures.weeks, &figures.left);
    let first_week = weeks.first().map_or_else(String::new, |(monday, _)| i18n::date_long(*monday, language));
    let ends = [left.first(), left.last()].map(|end| number(end.copied().unwrap_or_default()));
    let [first, now] = ends;
    let recorded = number(figures.recorded().all());
    let mut summary = fl!(t, "status-chart-summary", first = first, week = first_week, now = now, recorded = recorded);
    if let Some(ahead) = ahead.filter(|ahead| ahead.pace.needed > 0 && ahead.pace.weeks > 0) {
        let day = i18n::date_long(ahead.day, language);
        summary = format!("{summary} {}", fl!(t, "status-chart-needed", needed = number(ahead.pace.needed), day = day));
    }
    let rows = weeks.iter().zip(&figures.added).zip(left.iter().skip(1)).rev();
    Weeks {
        lead: if ahead.is_some() { fl!(t, "status-chart-lead-pace") } else { fl!(t, "status-chart-lead") },
        summary,
        chart: Axis::new(weeks, today, ahead).chart(figures, t, language),
        rows: rows
            .map(|(((monday, recorded), added), left)| WeekView {
                added: number(*added),
                left: number(*left),
                ..week(asked, *monday, *recorded, language)
            })
            .collect(),
    }
}

fn week(asked: &Asked, monday: NaiveDate, recorded: Recorded, language: Language) -> WeekView {
    let sunday = monday.checked_add_days(Days::new(6));
    let counted = |number, action| Counted::new(number, language, || asked.trail(action, monday, sunday));
    WeekView {
        week: monday.iso_week().week(),
        monday: i18n::date_short(monday, language),
        by_person: counted(recorded.by_person, Action::AcceptanceConfirmed),
        directly: counted(recorded.directly, Action::AcceptedDirectly),
        all: i18n::number(recorded.all(), language),
        added: String::new(),
        left: String::new(),
    }
}

/// The time axis: the weeks of the period, and those up to the day that lies ahead, at most as many again.
struct Axis<'a> {
    weeks: &'a [(NaiveDate, Recorded)],
    ahead: Option<Ahead>,
    columns: i64,
    now: i64,
    /// Where the day that lies ahead is, also beyond the axis.
    deadline: Option<i64>,
}

impl<'a> Axis<'a> {
    fn new(weeks: &'a [(NaiveDate, Recorded)], today: NaiveDate, ahead: Option<Ahead>) -> Self {
        let past = i64::try_from(weeks.len()).expect("a small number");
        let monday = week_of(today);
        let place = |day: NaiveDate| (past - 1) * 100 + (day - monday).num_days() * 100 / 7;
        let deadline = ahead.map(|ahead| place(ahead.day));
        let columns = deadline.map_or(past, |deadline| (deadline / 100 + 1).min(2 * past));
        // What was recorded today counts.
        let now = place(today) + 14;
        Self { weeks, ahead, columns, now, deadline }
    }

    fn percent(&self, place: i64) -> String {
        percent(place, self.columns * 100)
    }

    fn chart(&self, figures: &Figures, t: &Words, language: Language) -> Chart {
        let number = |number: i64| i18n::number(number, language);
        let left: Vec<i64> = figures.left.iter().map(|left| (*left).max(0)).collect();
        let top = round_up(left.iter().max().copied().unwrap_or_default());
        let height = |left: i64| TOP + (BOTTOM - TOP) * (top - left) / top;
        let last_place = left.len().saturating_sub(1);
        let points: Vec<String> = left
            .iter()
            .enumerate()
            .map(|(place, left)| {
                let x = if place == last_place { self.now } else { i64::try_from(place).unwrap_or_default() * 100 };
                format!("{},{}", decimal(x), top - left)
            })
            .collect();
        let (first, now) = (left.first().copied().unwrap_or_default(), left.last().copied().unwrap_or_default());
        let line = points.join(" ");
        let shown_ahead = self.columns * 100 - self.now;
        // Words to the right of now would leave the chart where little of it lies ahead.
        let is_narrow = shown_ahead * 100 < self.columns * 100 * 20;
        let middle = (top > 1).then_some(top / 2);
        Chart {
            grid: std::iter::once(top).chain(middle).map(|left| (height(left), number(left))).collect(),
            view_box: format!("0 0 {} {top}", self.columns),
            area: format!("0,{top} {line} {},{top}", decimal(self.now)),
            line,
            pace: self.pace(now, top, t, language),
            today: Mark {
                x: self.percent(self.now),
                words: fl!(t, "status-today"),
                class: if is_narrow { "end" } else { "" },
            },
            deadline: self.deadline.zip(self.ahead).map(|(place, ahead)| {
                let day = i18n::date_short(ahead.day, language);
                Mark {
                    x: self.percent(place.min(self.columns * 100)),
                    words: if place < self.columns * 100 { day } else { format!("{day} →") },
                    class: "end",
                }
            }),
            dots: [
                Dot {
                    x: self.percent(0),
                    y: height(first),
                    number: number(first),
                    number_x: percent(1, 100),
                    number_y: if height(first) > BOTTOM - 24 { height(first) - 10 } else { height(first) + 20 },
                    class: "start",
                },
                Dot {
                    x: self.percent(self.now),
                    y: height(now),
                    number: number(now),
                    number_x: self.percent(if is_narrow {
                        self.now - self.columns
                    } else {
                        self.now + self.columns * 3 / 2
                    }),
                    number_y: (height(now) - 8).max(TOP + 12),
                    class: if is_narrow { "end" } else { "start" },
                },
            ],
            bars: self.bars(language),
            weeks: self.week_numbers(),
        }
    }

    /// The way from what is left now to nobody left on the day that lies ahead.
    fn pace(&self, left: i64, top: i64, t: &Words, language: Language) -> Option<PaceLine> {
        let (deadline, ahead) = self.deadline.zip(self.ahead).filter(|_| left > 0)?;
        let edge = (self.columns * 100).min(deadline);
        let whole = (deadline - self.now).max(1);
        let left_at_edge = left - left * (edge - self.now) / whole;
        let middle = self.now + (edge - self.now) * 2 / 5;
        let height = BOTTOM - (BOTTOM - TOP) * left * 3 / 5 / top;
        let has_room = ahead.pace.weeks > 0 && (edge - self.now) * 100 > self.columns * 100 * 25;
        Some(PaceLine {
            from: (decimal(self.now), (top - left).to_string()),
            to: (decimal(edge), (top - left_at_edge).to_string()),
            words: has_room.then(|| {
                let needed = i18n::number(ahead.pace.needed, language);
                (self.percent(middle), (height - 12).max(TOP + 14), fl!(t, "status-needed-short", needed = needed))
            }),
        })
    }

    /// The bars stand on a line, and the highest of them leaves room for its number.
    fn bars(&self, language: Language) -> Vec<Bar> {
        let most = self.weeks.iter().map(|(_, recorded)| recorded.all()).max().unwrap_or(0).max(1);
        let last = self.weeks.len().saturating_sub(1);
        let bar = |(place, (_, recorded)): (usize, &(NaiveDate, Recorded))| {
            let all = recorded.all();
            // What is there at all can be seen.
            let height = (all * HIGHEST / most).max(i64::from(all > 0) * 2);
            let start = i64::try_from(place).unwrap_or_default() * 100;
            Bar {
                x: self.percent(start + 16),
                width: self.percent(68),
                middle: self.percent(start + 50),
                y: FOOT - height,
                height,
                number: (self.columns <= 39).then(|| i18n::number(all, language)),
                number_y: FOOT - height - 4,
                is_alternate: self.columns > 6 && !(last - place).is_multiple_of(2),
                is_now: place == last,
            }
        };
        self.weeks.iter().enumerate().map(bar).collect()
    }

    fn week_numbers(&self) -> Vec<(String, u32, bool)> {
        // Of many weeks only some have room for their numbers.
        let step = (self.columns + 25) / 26;
        let Some((first, _)) = self.weeks.first() else { return Vec::new() };
        let last = i64::try_from(self.weeks.len()).unwrap_or_default() - 1;
        (0..self.columns)
            .filter(|place| (last - place) % step == 0)
            .filter_map(|place| {
                let monday = first.checked_add_days(Days::new(u64::try_from(place).ok()? * 7))?;
                let is_alternate = self.columns > 6 && (last - place) / step % 2 != 0;
                Some((self.percent(place * 100 + 50), monday.iso_week().week(), is_alternate))
            })
            .collect()
    }
}

/// The first round number that is not less.
fn round_up(most: i64) -> i64 {
    let mut power = 1;
    loop {
        for steps in [1, 2, 3, 4, 5, 6, 8, 10] {
            if most <= steps * power {
                return steps * power;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::round_up;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        for (most, top) in
            [(0, 1), (1, 1), (3, 3), (7, 8), (10, 10), (11, 20), (78, 80), (206, 300), (100_001, 200_000)]
        {
            assert_eq!(round_up(most), top, "{most}");
        }
    }
}
