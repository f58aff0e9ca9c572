//! The figures of the page as a file, one a row, with what each of them counts.

use actix_web::{HttpRequest, HttpResponse, http::Method};
use i18n_embed_fl::fl;
use serde_json::json;

use super::{Asked, Read, Recorded, Standings, agent_name, as_of, country_name, door_name, weeks};
use crate::{
    actions::record_attempt::record_export,
    domain::{actor::Actor, agreement::Standing, status::RENEWAL_WINDOWS},
    i18n::Words,
    store,
    web::{
        Portal,
        access::{May, ViewCustomers},
        error::Error,
        export::{self, Cell, Document, Format, Out, Rows, Separator},
        form::Form,
        page::Badge,
        visit::Visit,
    },
};

/// The figures as CSV.
pub async fn csv(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let form = Form::decode(request.query_string().as_bytes());
    let separator = Separator::asked(form.get_raw("separator"), visit.language);
    answer(&may.0, &portal, &visit, &request, &form, Format::Csv(separator)).await
}

/// The figures as a workbook.
pub async fn xlsx(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let form = Form::decode(request.query_string().as_bytes());
    answer(&may.0, &portal, &visit, &request, &form, Format::Xlsx).await
}

async fn answer(
    actor: &Actor,
    portal: &Portal,
    visit: &Visit,
    request: &HttpRequest,
    form: &Form,
    format: Format,
) -> Result<HttpResponse, Error> {
    let t = visit.words();
    let (asked, _) = Asked::of(form);
    let document = Document {
        format,
        name: fl!(t, "nav-status"),
        day: actor.account.today(visit.now),
        head: vec![
            fl!(t, "status-col-part"),
            fl!(t, "status-col-of"),
            fl!(t, "status-col-what"),
            fl!(t, "status-col-number"),
        ],
        zone: actor.account.time_zone,
    };
    if request.method() == Method::HEAD {
        return Ok(export::head(&document));
    }

    let place = portal.exports.begin()?;
    let filters: serde_json::Map<_, _> =
        asked.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    record_export(&portal.db, actor, json!({ "list": "status", "format": format.extension(), "filters": filters }))
        .await?;

    let mut at = portal.db.snapshot().await?;
    let read = Read::of(&mut at, actor, &asked, visit).await?;
    drop(at);
    export::answer(place, document, rows(actor, visit, &asked, &read)).await
}

/// A row: the part of the page, of whom or when, what is counted, how many.
type Row = [Cell; 4];

struct FigureRows(Vec<Row>);

impl Rows for FigureRows {
    async fn write(self, out: &mut Out) -> Result<(), store::Error> {
        for row in &self.0 {
            if !out.row(row).await {
                break;
            }
        }
        Ok(())
    }
}

fn rows(actor: &Actor, visit: &Visit, asked: &Asked, read: &Read) -> FigureRows {
    let t = visit.words();
    let figures = &read.figures;
    let mut rows = Vec::new();
    let mut add = |part: &str, of: Cell, what: String, number: i64| {
        rows.push([Cell::Text(part.to_owned()), of, Cell::Text(what), Cell::Number(number)]);
    };
    let customers = fl!(t, "nav-customers");
    let as_of = Cell::Text(as_of(visit.now, actor, visit));
    let standings: &[Standing] =
        if actor.account.agreements_apply() { Standing::ALL } else { &[Standing::NotApplicable] };
    for &standing in standings {
        add(&customers, as_of.clone(), Badge::of(standing, t).word, figures.standings.of(standing));
    }
    if !actor.account.agreements_apply() {
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
        let name = Cell::Text(country_name(&one.code, visit));
        each_standing(&one.standings, t, |what, number| add(&by_country, name.clone(), what, number));
    }
    let by_agent = fl!(t, "status-by-agent");
    let recorded_in = fl!(t, "status-recorded-in", period = weeks(asked.period, t));
    for one in &figures.agents {
        let name = Cell::Text(agent_name(one, t));
        add(&by_agent, name.clone(), Badge::of(Standing::Confirmed, t).word, one.standings.confirmed);
        add(&by_agent, name.clone(), Badge::of(Standing::ConfirmAgain, t).word, one.standings.confirm_again);
        add(&by_agent, name, recorded_in.clone(), one.recorded.all());
    }
    let by_door = fl!(t, "status-by-door");
    for (code, recorded) in &figures.doors {
        add(&by_door, Cell::Text(door_name(code, t)), recorded_in.clone(), recorded.all());
    }
    let by_week = fl!(t, "status-weeks");
    for (monday, recorded) in &figures.weeks {
        let Recorded { by_person, directly } = *recorded;
        add(&by_week, Cell::Date(*monday), fl!(t, "status-by-person"), by_person);
        add(&by_week, Cell::Date(*monday), fl!(t, "status-directly"), directly);
    }
    let oldest = fl!(t, "status-oldest");
    for one in &read.oldest {
        let days = (actor.account.today(visit.now) - actor.account.today(one.created_at)).num_days().max(0);
        add(&oldest, Cell::Text(one.company_name.clone()), fl!(t, "status-file-age"), days);
    }
    FigureRows(rows)
}

fn each_standing(standings: &Standings, t: &Words, mut add: impl FnMut(String, i64)) {
    for standing in [Standing::NotConfirmed, Standing::ConfirmAgain, Standing::Confirmed] {
        add(Badge::of(standing, t).word, standings.of(standing));
    }
}
