//! The day that lies ahead, and whether it will be met.

use i18n_embed_fl::fl;

use super::{chart::Ahead, read::Read};
use crate::{
    domain::status::{PACE_WEEKS, Pace, done_on},
    i18n::{self, Language, Words},
    web::cx::ActorContext,
};

pub(super) struct Deadline {
    pub(super) heading: String,
    pub(super) verdict: Verdict,
    /// Label, figure, what the figure is of.
    pub(super) facts: Vec<(String, String, String)>,
}

/// Whether it will be met: class, icon, words.
pub(super) struct Verdict {
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: String,
}

/// What lies ahead, if anything does.
pub(super) fn ahead(cx: &ActorContext, read: &Read) -> Option<Ahead> {
    let (_, day) = read.versions.next_mandatory(cx.today)?;
    Some(Ahead { day, pace: Pace::needed(left(read), cx.today, day) })
}

fn left(read: &Read) -> i64 {
    read.figures.left.last().copied().unwrap_or_default()
}

/// The deadline in words.
pub(super) fn deadline(cx: &ActorContext, read: &Read, ahead: Ahead) -> Option<Deadline> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let (version, day) = read.versions.next_mandatory(cx.today)?;
    let left = left(read);
    // The last of the weeks is not over.
    let full = read.figures.weeks.iter().rev().skip(1);
    let full: Vec<i64> = full.take(usize::try_from(PACE_WEEKS).ok()?).map(|(_, recorded)| recorded.all()).collect();
    let is_known = full.len() == usize::try_from(PACE_WEEKS).ok()?;
    let recorded: i64 = full.iter().sum();
    let done = done_on(left, recorded, cx.today).filter(|_| is_known || left == 0);

    let mut facts = vec![needed(ahead.pace, t, language)];
    if is_known {
        facts.push((fl!(t, "status-recent"), average(recorded, language), fl!(t, "status-a-week")));
    }
    if left > 0 && is_known {
        facts.push(match done {
            Some(done) => {
                let early = (day - done).num_days();
                let shown = i18n::number(early.abs(), language);
                let early_words = match early {
                    0 => fl!(t, "status-on-the-day"),
                    1.. => fl!(t, "status-days-early", days = early, shown = shown),
                    ..0 => fl!(t, "status-days-late", days = early.abs(), shown = shown),
                };
                (fl!(t, "status-at-pace"), i18n::date_long(done, language), early_words)
            }
            None => (fl!(t, "status-at-pace"), "–".to_owned(), fl!(t, "status-nothing-recorded")),
        });
    }
    let verdict = if left == 0 {
        Verdict { class: "ok", icon: "ok", words: fl!(t, "status-all-done") }
    } else if done.is_some_and(|done| done <= day) {
        Verdict { class: "ok", icon: "ok", words: fl!(t, "status-on-course") }
    } else {
        Verdict { class: "warn", icon: "warn", words: fl!(t, "status-behind") }
    };
    Some(Deadline {
        heading: fl!(t, "status-deadline", version = version.label.clone(), day = i18n::date_long(day, language)),
        verdict,
        facts,
    })
}

fn needed(pace: Pace, t: &Words, language: Language) -> (String, String, String) {
    let days = i18n::number(pace.days, language);
    let of = if pace.weeks > 0 {
        fl!(t, "status-a-week-days", days = pace.days, shown = days)
    } else {
        fl!(t, "status-all-days", days = pace.days, shown = days)
    };
    (fl!(t, "status-pace-needed"), i18n::number(pace.needed, language), of)
}

/// How many a week, with one decimal where it is not whole.
fn average(recorded: i64, language: Language) -> String {
    let tenths = (recorded * 10 + PACE_WEEKS / 2) / PACE_WEEKS;
    let whole = i18n::number(tenths / 10, language);
    let mark = match language {
        Language::English => '.',
        Language::Dutch => ',',
    };
    if tenths % 10 == 0 { whole } else { format!("{whole}{mark}{}", tenths % 10) }
}
