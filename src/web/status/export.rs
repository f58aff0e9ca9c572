//! The figures of the page as a file, one a row, with what each of them counts.

use actix_web::{HttpResponse, http::Method};
use i18n_embed_fl::fl;
use serde_json::json;

use super::{
    blocked::{self, LISTED},
    figures::{Recorded, StatusCounts},
    labels::{agent_name, as_of, country_name, weeks},
    list_query::Asked,
    read::Read,
};
use crate::{
    actions::record_attempt::record_export,
    domain::{agreement::ConfirmationStatus, status::RENEWAL_WINDOWS},
    i18n::Words,
    store,
    web::{
        access::ViewCustomers,
        badge::Badge,
        cx::{ActorContext, Cx},
        enum_labels,
        error::Error,
        export::{self, Cell, Document, Format, RowSink, Rows},
        query::Query,
    },
};

/// The figures as a file, in the format that its address ends with.
pub async fn export(
    cx: Cx<ViewCustomers>,
    format: Format,
    method: Method,
    query: Query,
) -> Result<HttpResponse, Error> {
    let t = cx.context.words();
    let (asked, _) = Asked::of(&query);
    let document = Document {
        format,
        name: fl!(t, "nav-status"),
        day: cx.today,
        head: vec![
            fl!(t, "status-col-part"),
            fl!(t, "status-col-of"),
            fl!(t, "status-col-what"),
            fl!(t, "status-col-number"),
        ],
        zone: cx.actor.account.time_zone,
    };
    if method == Method::HEAD {
        return Ok(export::head(&document));
    }

    let place = cx.state.exports.begin()?;
    let filters: serde_json::Map<_, _> =
        asked.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    record_export(
        &cx.state.db,
        &cx.actor,
        json!({ "list": "status", "format": format.extension(), "filters": filters }),
    )
    .await?;

    let mut conn = cx.state.db.snapshot().await?;
    let read = Read::of(&mut conn, &cx, &asked).await?;
    drop(conn);
    export::answer(place, document, rows(&cx, &asked, &read)).await
}

/// A row: the part of the page, of whom or when, what is counted, how many.
type Row = [Cell; 4];

struct FigureRows(Vec<Row>);

impl Rows for FigureRows {
    async fn write(self, out: &mut RowSink) -> Result<(), store::Error> {
        for row in &self.0 {
            if !out.row(row).await {
                break;
            }
        }
        Ok(())
    }
}

fn rows(cx: &ActorContext, asked: &Asked, read: &Read) -> FigureRows {
    let t = cx.context.words();
    let figures = &read.figures;
    let mut rows = Vec::new();
    let mut add = |part: &str, of: Cell, what: String, number: i64| {
        rows.push([Cell::Text(part.to_owned()), of, Cell::Text(what), Cell::Number(number)]);
    };
    let customers = fl!(t, "nav-customers");
    let as_of = Cell::Text(as_of(cx));
    let status_counts: &[ConfirmationStatus] = if cx.actor.account.agreements_apply() {
        ConfirmationStatus::ALL
    } else {
        &[ConfirmationStatus::NotApplicable]
    };
    for &confirmation_status in status_counts {
        add(
            &customers,
            as_of.clone(),
            Badge::of(confirmation_status, t).word,
            figures.status_counts.of(confirmation_status),
        );
    }
    if !cx.actor.account.agreements_apply() {
        return FigureRows(rows);
    }

    let now = fl!(t, "status-blocked");
    add(&now, Cell::Empty, fl!(t, "status-file-waiting"), read.waiting.first().map_or(0, |first| first.all));
    let renewals = fl!(t, "status-renewals");
    for (&days, count) in RENEWAL_WINDOWS.iter().zip(figures.at_risk) {
        add(&renewals, Cell::Text(fl!(t, "status-file-days", days = days)), fl!(t, "status-file-subscriptions"), count);
    }
    let by_country = fl!(t, "status-by-country");
    for one in &figures.countries {
        let name = Cell::Text(country_name(&one.code, &cx.context));
        each_status(&one.status_counts, t, |what, number| add(&by_country, name.clone(), what, number));
    }
    let by_agent = fl!(t, "status-by-agent");
    let recorded_in = fl!(t, "status-recorded-in", period = weeks(asked.period, t));
    for one in &figures.agents {
        let name = Cell::Text(agent_name(one, t));
        add(&by_agent, name.clone(), Badge::of(ConfirmationStatus::Confirmed, t).word, one.status_counts.confirmed);
        add(
            &by_agent,
            name.clone(),
            Badge::of(ConfirmationStatus::ReconfirmationDue, t).word,
            one.status_counts.reconfirmation_due,
        );
        add(&by_agent, name, recorded_in.clone(), one.recorded.all());
    }
    let by_channel = fl!(t, "status-by-channel");
    for (channel, recorded) in &figures.channels {
        add(&by_channel, Cell::Text(enum_labels::channel(*channel, t)), recorded_in.clone(), recorded.all());
    }
    let by_week = fl!(t, "status-weeks");
    for (monday, recorded) in &figures.weeks {
        let Recorded { by_person, directly } = *recorded;
        add(&by_week, Cell::Date(*monday), fl!(t, "status-by-person"), by_person);
        add(&by_week, Cell::Date(*monday), fl!(t, "status-directly"), directly);
    }
    let left = fl!(t, "status-left");
    for ((monday, _), still) in figures.weeks.iter().zip(figures.left.iter().skip(1)) {
        add(&by_week, Cell::Date(*monday), left.clone(), *still);
    }
    let waiting = fl!(t, "status-blocked");
    for one in read.waiting.iter().take(LISTED) {
        add(&waiting, Cell::Text(one.company_name.clone()), fl!(t, "status-file-licences"), one.licences);
    }
    let urgent = fl!(t, "status-urgent");
    for one in (blocked::Shown { cx, asked, read }).urgent_reasons() {
        add(&urgent, Cell::Text(one.name.to_owned()), one.why, one.licences);
    }
    FigureRows(rows)
}

fn each_status(status_counts: &StatusCounts, t: &Words, mut add: impl FnMut(String, i64)) {
    for confirmation_status in
        [ConfirmationStatus::NotConfirmed, ConfirmationStatus::ReconfirmationDue, ConfirmationStatus::Confirmed]
    {
        add(Badge::of(confirmation_status, t).word, status_counts.of(confirmation_status));
    }
}
