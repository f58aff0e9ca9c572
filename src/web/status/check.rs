//! Pre-flight: who of a list can be ordered for today, and why not. It reads; nothing of the list is kept.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::json;

use crate::{
    actions::record_attempt::record_export,
    domain::{
        agreement::{ConfirmationStatus, confirmation_status},
        partner_account::PartnerAccount,
        preflight::{self, FileList, Line, MAX_LINES, Problem, SheetRead, Wanted},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        self, agreements,
        preflight::{Named, beginning, find},
    },
    web::{
        access::ViewCustomers,
        badge::Badge,
        cx::{ActorContext, Cx},
        error::Error,
        export::{self, Cell, Document, Format, RowSink, Rows, Separator},
        layout::{PageLayout, Section},
        paths,
        request_context::RequestContext,
        respond,
        upload::Upload,
        workbook,
    },
};

#[derive(Template)]
#[template(path = "check.html")]
struct CheckTemplate {
    layout: PageLayout,
    t: &'static Words,
    lines: String,
    lines_error: Option<String>,
    file_error: Option<String>,
    separator: &'static str,
    answer: Option<AnswerView>,
}

struct AnswerView {
    summary: String,
    /// What was read of a workbook.
    notes: Vec<String>,
    /// Who cannot be ordered for, then who can.
    parts: [Part; 2],
}

struct Part {
    heading: String,
    rows: Vec<RowView>,
}

struct RowView {
    number: String,
    typed: String,
    /// Name and address; none where nobody is named, or several are.
    customer: Option<(String, String)>,
    answer: String,
    badge: Option<Badge>,
    /// What to do about it: address and words.
    act: Option<(String, String)>,
}

/// The form.
pub async fn form(cx: Cx<ViewCustomers>) -> Result<HttpResponse, Error> {
    respond::ok(&cx.context, &Shown { context: &cx.context, lines: String::new() }.template(None, None))
}

/// The answer, line by line.
pub async fn check(cx: Cx<ViewCustomers>, upload: Upload) -> Result<HttpResponse, Error> {
    let (list, lines) = read_list(&upload);
    let shown = Shown { context: &cx.context, lines };
    match list {
        Ok(FileList { lines, sheet }) => {
            let checked = Checked::of(&cx, lines).await?;
            let notes = sheet.map_or_else(Vec::new, |sheet| notes(&sheet, cx.context.words()));
            respond::ok(&cx.context, &shown.template(None, Some(checked.view(&cx, notes))))
        }
        Err(fault) => {
            respond::render(&cx.context, StatusCode::UNPROCESSABLE_ENTITY, &shown.template(Some(fault), None))
        }
    }
}

/// The same answer as CSV.
pub async fn export_csv(cx: Cx<ViewCustomers>, upload: Upload) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let (list, lines) = read_list(&upload);
    let list = match list {
        Ok(list) => list.lines,
        Err(fault) => {
            let template = Shown { context: &cx.context, lines }.template(Some(fault), None);
            return respond::render(&cx.context, StatusCode::UNPROCESSABLE_ENTITY, &template);
        }
    };
    let separator = Separator::asked(upload.form.get_raw("separator"), cx.context.language);
    let head = [
        fl!(t, "check-col-line"),
        fl!(t, "check-col-typed"),
        fl!(t, "col-company"),
        fl!(t, "f-domain"),
        fl!(t, "microsoft-id"),
        fl!(t, "col-agreement"),
        fl!(t, "check-col-answer"),
    ];
    let document = Document {
        format: Format::Csv(separator),
        name: fl!(t, "check-title"),
        day: cx.today,
        head: head.into(),
        zone: actor.account.time_zone,
    };
    let place = cx.state.exports.begin()?;
    let what = json!({ "list": "preflight", "format": "csv", "lines": list.len() });
    record_export(&cx.state.db, actor, what).await?;
    let checked = Checked::of(&cx, list).await?;
    let rows: Vec<[Cell; 7]> = checked.lines.iter().map(|line| checked.cells(line, &cx.context)).collect();
    export::answer(place, document, AnswerRows(rows)).await
}

struct AnswerRows(Vec<[Cell; 7]>);

impl Rows for AnswerRows {
    async fn write(self, out: &mut RowSink) -> Result<(), store::Error> {
        for row in &self.0 {
            if !out.row(row).await {
                break;
            }
        }
        Ok(())
    }
}

/// At which field a list is wrong, and how.
type Fault = (&'static str, Problem);

/// What was pasted, with what the file has behind it; beside it the text that the page shows again.
fn read_list(upload: &Upload) -> (Result<FileList, Fault>, String) {
    let typed = upload.form.get_raw("lines");
    let pasted = preflight::pasted(typed);
    let Some(file) = &upload.file else {
        return (
            pasted.map(|lines| FileList { lines, sheet: None }).map_err(|problem| ("lines", problem)),
            typed.to_owned(),
        );
    };
    let FileList { lines: file, sheet } = match preflight::file(file) {
        Ok(file) => file,
        Err(problem) => return (Err(("file", problem)), typed.to_owned()),
    };
    let mut lines = match pasted {
        Ok(lines) => lines,
        Err(Problem::Empty) => Vec::new(),
        Err(problem) => return (Err(("lines", problem)), typed.to_owned()),
    };
    // A browser forgets the file: the page shows its lines as if they had been pasted.
    let shown: Vec<&str> = typed.lines().chain(file.iter().map(|line| line.typed.as_str())).collect();
    let shown = shown.join("\n");
    let before = u64::try_from(typed.lines().count()).expect("a count fits");
    let both = lines.len() + file.len();
    if both > MAX_LINES {
        return (Err(("file", Problem::TooMany { lines: both })), typed.to_owned());
    }
    lines.extend(file.into_iter().zip(before + 1..).map(|(line, number)| Line { number, ..line }));
    (Ok(FileList { lines, sheet }), shown)
}

/// A list with who is named in it, of one moment.
struct Checked {
    lines: Vec<Line>,
    found: HashMap<Wanted, Named>,
    /// How many customers have names that begin with a name that none has.
    beginning: HashMap<String, i64>,
    least: Option<NaiveDate>,
    account: PartnerAccount,
}

/// What is said of a line.
enum CheckAnswer<'a> {
    Nobody,
    Several(i64),
    /// No customer is called so, but some are called so and more.
    Beginning(i64),
    One(&'a Named, ConfirmationStatus),
}

impl Checked {
    async fn of(cx: &ActorContext, lines: Vec<Line>) -> Result<Self, Error> {
        let account = cx.actor.account.clone();
        let mut conn = cx.state.db.snapshot().await?;
        let least = agreements::versions(&mut conn).await?.required_version_date(cx.today);
        let found = find(&mut conn, account.id, lines.iter().flat_map(wanted)).await?;
        let unknown = lines.iter().filter(|line| !wanted(line).any(|wanted| found.contains_key(wanted)));
        let unknown: Vec<&str> = unknown.filter_map(begun).collect();
        let beginning = beginning(&mut conn, account.id, unknown.into_iter()).await?;
        Ok(Self { lines, found, beginning, least, account })
    }

    fn said(&self, line: &Line) -> CheckAnswer<'_> {
        match wanted(line).find_map(|wanted| self.found.get(wanted)) {
            None => match begun(line).and_then(|name| self.beginning.get(name)) {
                Some(&count) => CheckAnswer::Beginning(count),
                None => CheckAnswer::Nobody,
            },
            Some(named) if named.customers > 1 => CheckAnswer::Several(named.customers),
            Some(named) => {
                CheckAnswer::One(named, confirmation_status(&self.account, named.agreement_published_on, self.least))
            }
        }
    }

    fn is_open(&self, line: &Line) -> bool {
        matches!(self.said(line), CheckAnswer::One(_, confirmation_status) if confirmation_status.gate_is_open())
    }

    fn view(&self, cx: &ActorContext, notes: Vec<String>) -> AnswerView {
        let (t, language) = (cx.context.words(), cx.context.language);
        let (open, closed): (Vec<&Line>, Vec<&Line>) = self.lines.iter().partition(|line| self.is_open(line));
        let number = |count: usize| i18n::number(count, language);
        let rows = |lines: &[&Line]| lines.iter().map(|line| self.row(line, cx)).collect();
        AnswerView {
            summary: fl!(t, "check-summary", open = number(open.len()), all = number(self.lines.len())),
            notes,
            parts: [
                Part { heading: fl!(t, "check-h-closed", count = number(closed.len())), rows: rows(&closed) },
                Part { heading: fl!(t, "check-h-open", count = number(open.len())), rows: rows(&open) },
            ],
        }
    }

    fn row(&self, line: &Line, cx: &ActorContext) -> RowView {
        let t = cx.context.words();
        let said = self.said(line);
        let customer = match said {
            CheckAnswer::One(named, _) => Some((named.company_name.clone(), paths::account(named.id))),
            _ => None,
        };
        let (badge, act) = match said {
            CheckAnswer::One(named, confirmation_status) => {
                let may_confirm = self.account.confirms() && cx.actor.role.may(Permission::ConfirmAcceptance);
                let act = (may_confirm && !confirmation_status.gate_is_open())
                    .then(|| (paths::update(named.id), fl!(t, "act-update-agreement")));
                (Some(Badge::of(confirmation_status, t)), act)
            }
            CheckAnswer::Several(_) | CheckAnswer::Beginning(_) => {
                let list = paths::with_query(paths::CUSTOMERS, [("q", preflight::without_bullet(&line.typed))]);
                (None, Some((list, fl!(t, "check-which"))))
            }
            CheckAnswer::Nobody => (None, None),
        };
        RowView {
            number: i18n::number(line.number, cx.context.language),
            typed: line.typed.clone(),
            customer,
            answer: answer(&said, t),
            badge,
            act,
        }
    }

    fn cells(&self, line: &Line, context: &RequestContext) -> [Cell; 7] {
        let t = context.words();
        let said = self.said(line);
        let (named, confirmation_status) = match said {
            CheckAnswer::One(named, confirmation_status) => (Some(named), Some(confirmation_status)),
            _ => (None, None),
        };
        [
            Cell::Number(i64::try_from(line.number).expect("a line number fits")),
            Cell::Text(line.typed.clone()),
            Cell::text(named.map(|named| named.company_name.clone())),
            Cell::text(named.map(|named| named.domain.clone())),
            Cell::text(named.map(|named| named.id.to_string())),
            Cell::text(confirmation_status.map(|confirmation_status| Badge::of(confirmation_status, t).word)),
            Cell::Text(answer(&said, t)),
        ]
    }
}

/// What a person should know of a workbook that was read.
fn notes(sheet: &SheetRead, t: &Words) -> Vec<String> {
    let name = || sheet.names.read.clone();
    let others = (!sheet.names.others.is_empty())
        .then(|| fl!(t, "check-others", sheet = name(), others = sheet.names.others.join(", ")));
    let hidden = (sheet.hidden_rows > 0).then(|| fl!(t, "check-hidden", sheet = name(), count = sheet.hidden_rows));
    others.into_iter().chain(hidden).collect()
}

/// What a line names, the surest first.
fn wanted(line: &Line) -> impl Iterator<Item = &Wanted> {
    line.wanted.iter().chain(&line.without_bullet)
}

/// The name with which those of customers may begin.
fn begun(line: &Line) -> Option<&str> {
    match line.without_bullet.as_ref().or(line.wanted.as_ref()) {
        // One sign begins too many.
        Some(Wanted::Name(name)) if name.chars().nth(1).is_some() => Some(name),
        _ => None,
    }
}

/// Whether a customer can be ordered for today, or why not.
fn answer(said: &CheckAnswer<'_>, t: &Words) -> String {
    match said {
        CheckAnswer::Nobody => fl!(t, "check-nobody"),
        &CheckAnswer::Several(count) => fl!(t, "check-several", count = count),
        &CheckAnswer::Beginning(count) => fl!(t, "check-beginning", count = count),
        CheckAnswer::One(_, ConfirmationStatus::Confirmed) => fl!(t, "check-yes"),
        CheckAnswer::One(_, ConfirmationStatus::NotApplicable) => fl!(t, "check-not-needed"),
        CheckAnswer::One(_, ConfirmationStatus::NotConfirmed) => fl!(t, "check-not-confirmed"),
        CheckAnswer::One(_, ConfirmationStatus::ReconfirmationDue) => fl!(t, "check-reconfirmation-due"),
    }
}

/// The page around the form.
struct Shown<'a> {
    context: &'a RequestContext,
    lines: String,
}

impl Shown<'_> {
    fn template(self, fault: Option<Fault>, answer: Option<AnswerView>) -> CheckTemplate {
        let (t, language) = (self.context.words(), self.context.language);
        let words = fault.map(|(field, problem)| (field, problem_words(field, problem, t, language)));
        let at = |name: &str| words.as_ref().filter(|(field, _)| *field == name).map(|(_, words)| words.clone());
        let title = fl!(t, "check-title");
        let mut layout = PageLayout::new(self.context, title.clone())
            .below(Section::Status, [(paths::STATUS.to_owned(), fl!(t, "nav-status")), (String::new(), title)])
            .return_to(paths::STATUS_CHECK.to_owned());
        layout.errors = words.iter().map(|(field, words)| (Some((*field).into()), words.clone())).collect();
        CheckTemplate {
            layout,
            t,
            lines_error: at("lines"),
            file_error: at("file"),
            lines: self.lines,
            separator: Separator::asked("", language).code(),
            answer,
        }
    }
}

fn problem_words(field: &str, problem: Problem, t: &Words, language: i18n::Language) -> String {
    let number = |count: usize| i18n::number(count, language);
    match problem {
        Problem::Empty if field == "file" => fl!(t, "e-check-file-empty"),
        Problem::Empty => fl!(t, "e-check-empty"),
        Problem::TooMany { lines } => fl!(t, "e-check-too-many", found = number(lines), max = number(MAX_LINES)),
        Problem::NotText => fl!(t, "e-check-not-text"),
        Problem::Encoding { line } => fl!(t, "e-check-encoding", line = line.to_string()),
        Problem::Quote { line } => fl!(t, "e-check-quote", line = line.to_string()),
        Problem::Workbook(problem) => workbook::problem(&problem, t, language),
    }
}
