//! The first answer of the page: how many are blocked, by what, and whether that gets better.

use i18n_embed_fl::fl;

use super::{counted::percent, figures::StatusCounts, list_query::Asked, read::Read};
use crate::{
    domain::{agreement::ConfirmationStatus, status::Share},
    i18n::{self, Language, Words},
    web::{badge::Badge, cx::ActorContext},
};

pub(super) struct Headline {
    /// None where nothing is gated.
    pub(super) words: Option<String>,
    pub(super) change: Option<Change>,
    /// What follows from it and what makes it so.
    pub(super) why: Vec<String>,
    pub(super) bar: Vec<Segment>,
    pub(super) figures: Vec<FigureView>,
}

/// How many more or fewer than at the end of last Sunday.
pub(super) struct Change {
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) words: String,
}

/// A part of the bar, in percent of its width.
pub(super) struct Segment {
    pub(super) class: &'static str,
    pub(super) x: String,
    pub(super) width: String,
}

pub(super) struct FigureView {
    pub(super) class: &'static str,
    pub(super) number: String,
    pub(super) words: String,
    pub(super) href: String,
}

/// The share of a part in words; none of nothing.
pub(super) fn share_words(part: i64, whole: i64, t: &Words) -> Option<String> {
    Some(match Share::of(part, whole)? {
        Share::AlmostNone => fl!(t, "share-almost-none"),
        Share::Percent(percent) => fl!(t, "share-percent", percent = percent),
        Share::AlmostAll => fl!(t, "share-almost-all"),
    })
}

/// The first answer, for whom the page is asked.
pub(super) fn headline(cx: &ActorContext, asked: &Asked, read: &Read) -> Headline {
    let (t, language) = (cx.context.words(), cx.context.language);
    let counts = &read.figures.status_counts;
    if !cx.actor.account.agreements_apply() {
        let figures = vec![figure(ConfirmationStatus::NotApplicable, counts, asked, t, language)];
        return Headline { words: None, change: None, why: Vec::new(), bar: Vec::new(), figures };
    }
    let number = |number| i18n::number(number, language);
    let (blocked, all) = (counts.closed(), counts.applicable());
    let words = match share_words(blocked, all, t) {
        Some(share) => {
            fl!(t, "status-headline", count = blocked, blocked = number(blocked), all = number(all), share = share)
        }
        None => fl!(t, "status-no-match"),
    };
    let mut why = Vec::new();
    if blocked > 0 {
        why.push(fl!(t, "status-consequence"));
    }
    if counts.not_confirmed > 0 {
        why.push(fl!(t, "status-none-recorded", count = counts.not_confirmed, shown = number(counts.not_confirmed)));
    }
    if let Some(version) = read.versions.required(cx.today).filter(|_| counts.reconfirmation_due > 0) {
        let since = version.mandatory_from.map(|day| i18n::date_long(day, language)).unwrap_or_default();
        let count = counts.reconfirmation_due;
        let label = version.label.clone();
        why.push(fl!(t, "status-accepted-earlier", count = count, shown = number(count), version = label, day = since));
    }
    let shown =
        [ConfirmationStatus::NotConfirmed, ConfirmationStatus::ReconfirmationDue, ConfirmationStatus::Confirmed];
    Headline {
        words: Some(words),
        change: (all > 0).then(|| change(read.figures.since_monday, t, language)),
        why,
        bar: bar(shown.map(|status| (class(status), counts.of(status))), all),
        figures: shown.into_iter().map(|status| figure(status, counts, asked, t, language)).collect(),
    }
}

fn change(since_monday: i64, t: &Words, language: Language) -> Change {
    let shown = i18n::number(since_monday.abs(), language);
    match since_monday {
        0 => Change { class: "meta", icon: "na", words: fl!(t, "status-same") },
        ..0 => Change { class: "fewer", icon: "fewer", words: fl!(t, "status-fewer", shown = shown) },
        1.. => Change { class: "more", icon: "up", words: fl!(t, "status-more", shown = shown) },
    }
}

/// The class of a status in the chart.
fn class(status: ConfirmationStatus) -> &'static str {
    match status {
        ConfirmationStatus::NotConfirmed => "c-none",
        ConfirmationStatus::ReconfirmationDue => "c-due",
        ConfirmationStatus::Confirmed => "c-ok",
        ConfirmationStatus::NotApplicable => "c-na",
    }
}

fn figure(
    status: ConfirmationStatus,
    counts: &StatusCounts,
    asked: &Asked,
    t: &Words,
    language: Language,
) -> FigureView {
    FigureView {
        class: class(status),
        number: i18n::number(counts.of(status), language),
        words: Badge::of(status, t).word,
        href: asked.customers(status),
    }
}

/// The parts side by side; what is there at all can be seen.
fn bar<const N: usize>(parts: [(&'static str, i64); N], all: i64) -> Vec<Segment> {
    let mut before = 0;
    let mut bar = Vec::new();
    for (class, customers) in parts.into_iter().filter(|(_, customers)| *customers > 0) {
        bar.push(Segment { class, x: percent(before, all), width: percent(customers, all) });
        before += customers;
    }
    bar
}
