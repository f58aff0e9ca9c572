//! The list of customers as files: what stands in them beside what a plain reading of the population says.

use std::{collections::HashMap, time::Duration};

use calamine::{Data, Reader as _};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use countersign::{
    actions::{confirm_agreement, import_customers},
    domain::{
        actor::{Actor, Principal},
        agreement::{Attestation, Channel},
        audit::{Action, Event},
        csv_marks,
        customer_file::{self, AcceptedDirectly, COMPANY_NAME_MAX, CustomerLine},
        identifiers::DomainName,
        list_columns::ReadOptions,
        partner_account::{Cloud, PartnerAccount},
        person::{Name, Person, Phone},
        text,
    },
    store::ReadConn,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal, naughty_strings,
        portal::{account, day, person},
        rng::SeededRng,
        until,
    },
};

const ALL: &str = "Microsoft ID|Company|Primary domain|Country/region|Agreement|Agreement acceptance date|Accepted by|\
    Email address|Phone number|Accepted directly|Agreement version|Recorded by|Recorded at (Europe/Amsterdam)|\
    Recorded via|Added (Europe/Amsterdam)|Last change (Europe/Amsterdam)";
const SCREEN: &str = "Company|Primary domain|Country/region|Agreement|Agreement acceptance date|Accepted by|Recorded by|\
    Agreement version|Last change (Europe/Amsterdam)";
const FIRST_VERSION: &str = "Microsoft Customer Agreement, January 2020";

/// A file as it came.
pub struct Download {
    status: u16,
    headers: HashMap<String, String>,
    /// What came.
    pub body: Vec<u8>,
}

impl Download {
    /// Asks for a file as whoever has this cookie.
    pub async fn of(portal: &Portal, cookie: &str, path: &str) -> Self {
        let client = reqwest::Client::new();
        let response =
            client.get(format!("{}{path}", portal.url)).header("cookie", cookie).send().await.expect("an answer");
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let (status, headers) = (response.status().as_u16(), response.headers().iter().map(header).collect());
        Self { status, headers, body: response.bytes().await.expect("a whole body").to_vec() }
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The rows under the header, and the header.
    fn csv(&self, separator: char) -> (String, Vec<Vec<String>>) {
        assert_eq!(self.status, 200, "{}", self.text());
        let text = self.text().strip_prefix('\u{feff}').expect("a byte order mark");
        let mut rows = plain_csv(text, separator);
        let head = rows.remove(0).join("|");
        (head, rows)
    }

    fn xlsx(&self, sheet: &str) -> Vec<Vec<Data>> {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(self.body.clone())).expect("a workbook");
        assert_eq!(book.sheet_names(), [sheet]);
        book.worksheet_range(sheet).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
    }
}

/// RFC 4180 read letter by letter.
fn plain_csv(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            _ if quoted => cell.push(letter),
            '\r' => {
                assert_eq!(letters.next(), Some('\n'), "a line ends with CR LF");
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\n' => panic!("a line ends without CR"),
            _ if letter == separator => row.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    assert!(!quoted && row.is_empty() && cell.is_empty(), "the file ends with a whole line");
    rows
}

/// What a spreadsheet gets of a text.
fn marked(text: &str) -> String {
    csv_marks::marked(text).into_owned()
}

/// A customer as the test made it.
struct Known {
    id: Uuid,
    name: String,
    domain: String,
    country: Option<(&'static str, &'static str)>,
    created: DateTime<Utc>,
    changed: DateTime<Utc>,
    accepted: Option<Accepted>,
}

struct Accepted {
    person: Option<Person>,
    on: Option<NaiveDate>,
    version: String,
    recorded_by: String,
    recorded_at: DateTime<Utc>,
    channel: &'static str,
    /// A later version has become mandatory.
    outdated: bool,
}

fn local(at: DateTime<Utc>) -> String {
    // Amsterdam in November.
    (at + TimeDelta::hours(1)).format("%Y-%m-%d %H:%M:%S").to_string()
}

impl Known {
    fn confirmation_status(&self) -> (&'static str, &'static str) {
        match &self.accepted {
            None => ("not-confirmed", "Not confirmed"),
            Some(accepted) if accepted.outdated => ("reconfirmation-due", "Reconfirmation due"),
            Some(_) => ("confirmed", "Confirmed"),
        }
    }

    /// The cells of all columns as text, not marked.
    fn cells(&self) -> Vec<String> {
        let accepted = self.accepted.as_ref();
        let person = accepted.and_then(|accepted| accepted.person.as_ref());
        let on = accepted.and_then(|accepted| accepted.on).map(|day| day.to_string()).unwrap_or_default();
        let is_direct = accepted.is_some() && person.is_none();
        let directly = match (is_direct, on.as_str()) {
            (false, _) => String::new(),
            (true, "") => "yes".to_owned(),
            (true, on) => on.to_owned(),
        };
        let by = match person {
            Some(person) => format!("{} {}", person.first_name.as_str(), person.last_name.as_str()),
            None if is_direct => "Accepted directly with Microsoft".to_owned(),
            None => String::new(),
        };
        let of = |part: fn(&Accepted) -> String| accepted.map(part).unwrap_or_default();
        vec![
            self.id.to_string(),
            self.name.clone(),
            self.domain.clone(),
            self.country.map(|(_, name)| name.to_owned()).unwrap_or_default(),
            self.confirmation_status().1.to_owned(),
            on,
            by,
            person.map(|person| person.email.as_str().to_owned()).unwrap_or_default(),
            person.and_then(|person| person.phone.as_ref()).map(|phone| phone.as_str().to_owned()).unwrap_or_default(),
            directly,
            of(|accepted| accepted.version.clone()),
            of(|accepted| accepted.recorded_by.clone()),
            of(|accepted| local(accepted.recorded_at)),
            of(|accepted| accepted.channel.to_owned()),
            local(self.created),
            local(self.changed),
        ]
    }

    /// The cells of the columns on screen.
    fn on_screen(&self) -> Vec<String> {
        let all = self.cells();
        [1, 2, 3, 4, 5, 6, 11, 10, 15].map(|place| all[place].clone()).to_vec()
    }
}

/// Names that people may type and that spreadsheets, archives and XML stumble over.
fn hostile_names() -> Vec<String> {
    let formulas = [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+31 20",
        "-2+3",
        "@SUM(A1)",
        "'t Stoepje",
        "''",
        "'=1",
        "_x0041_ _x000D_",
        "a;b,c\td",
        "\"",
        "\"\"",
        "<c t=\"s\">&amp;</c>",
        "007",
        "1E5",
        "2026-11-22",
        "TRUE",
    ];
    let all = formulas.iter().map(|&text| text.to_owned()).chain(naughty_strings::all());
    let mut names: Vec<String> = all.filter_map(|typed| text::required(&typed, COMPANY_NAME_MAX).ok()).collect();
    names.dedup();
    names
}

const COUNTRIES: [(&str, &str); 3] = [("NL", "Netherlands"), ("BE", "Belgium"), ("DE", "Germany")];

/// Customers with hostile names and people, of every confirmation status, through every channel.
async fn population(portal: &Portal, rng: &mut SeededRng, count: usize) -> Vec<Known> {
    let names = hostile_names();
    let people: Vec<Name> = names.iter().filter_map(|name| Name::parse(name).ok()).collect();
    assert!(names.len() > 100 && people.len() > 50, "{} names, {} people", names.len(), people.len());
    let mut known = Vec::new();
    for number in 0..count {
        portal.clock.advance(TimeDelta::milliseconds(61_001));
        // The first of them one after the other, the rest at random: each run has what matters most.
        let name = names[if number < 20 { number } else { rng.below(names.len()) }].clone();
        let id = portal.clock.id();
        let domain = format!("c{number}.onmicrosoft.com");
        let direct =
            (rng.below(6) == 0).then(|| AcceptedDirectly { on: (rng.below(2) == 0).then(|| day("2024-02-29")) });
        add(portal, &portal.account, id, &name, &domain, direct).await;
        let now = portal.clock.now();
        let accepted = direct.map(|direct| Accepted {
            person: None,
            on: direct.on,
            version: FIRST_VERSION.to_owned(),
            recorded_by: "An administrator (command line)".to_owned(),
            recorded_at: now,
            channel: "Import",
            outdated: false,
        });
        known.push(Known { id, name, domain, country: None, created: now, changed: now, accepted });
    }
    let sales = portal.signed_in("sales").await;
    for customer in known.iter_mut().step_by(5) {
        let country = COUNTRIES[rng.below(COUNTRIES.len())];
        let form = sales.form(&format!("/customers/{}/account/company", customer.id)).await.with("country", country.0);
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 303, "{:?}: {:?}", customer.name, page.errors());
        customer.country = Some(country);
        customer.changed = portal.clock.now();
    }
    for version in [FIRST_VERSION, "=Newer"] {
        if version != FIRST_VERSION {
            portal.add_version(version, "2026-10-01", Some("2026-11-01")).await;
            known
                .iter_mut()
                .filter_map(|customer| customer.accepted.as_mut())
                .for_each(|accepted| accepted.outdated = true);
        }
        for customer in &mut known {
            if customer.accepted.is_some() || rng.below(3) != 0 {
                continue;
            }
            portal.clock.advance(TimeDelta::seconds(59));
            confirm(portal, rng, customer, version, &people).await;
        }
    }
    known
}

async fn confirm(portal: &Portal, rng: &mut SeededRng, customer: &mut Known, version: &str, people: &[Name]) {
    let mut one = || people[rng.below(people.len())].clone();
    let (first_name, last_name, agent) = (one(), one(), one());
    let phone = if rng.below(2) == 0 { "+31 20 555 01 23" } else { "" };
    let someone = Person {
        first_name,
        last_name,
        phone: Phone::parse(phone, None).expect("a phone"),
        ..person("A", "B", "+plus@contoso.example")
    };
    let on = day(["2026-11-02", "2026-11-22", "2026-10-31"][rng.below(3)]);
    let (channel, door_words) = [
        (Channel::NewCustomer, "New customer"),
        (Channel::AccountInfo, "Account info"),
        (Channel::OrderPrompt, "Order"),
        (Channel::Api, "API"),
    ][rng.below(4)];
    let who = Principal::user(Uuid::from_u128(5), agent.as_str());
    let actor = Actor { who, ..Actor::command_line(portal.account.clone()) };
    let attestation = Attestation {
        person: someone.clone(),
        date_agreed: on,
        version_id: portal.latest_version().await.id,
        predates_version_acknowledged: true,
    };
    let mut tx = portal.db.write().await.expect("a change");
    let (_, event) = confirm_agreement::confirm_within(&mut tx, &actor, customer.id, &attestation, channel)
        .await
        .expect("a confirmation");
    tx.commit(event).await.expect("a commit");
    let now = portal.clock.now();
    customer.changed = now;
    customer.accepted = Some(Accepted {
        person: Some(someone),
        on: Some(on),
        version: version.to_owned(),
        recorded_by: agent.as_str().to_owned(),
        recorded_at: now,
        channel: door_words,
        outdated: false,
    });
}

async fn add(
    portal: &Portal,
    to: &PartnerAccount,
    id: Uuid,
    name: &str,
    domain: &str,
    direct: Option<AcceptedDirectly>,
) {
    let line = CustomerLine {
        microsoft_id: id,
        company_name: name.to_owned(),
        domain: DomainName::parse(domain).expect("a domain"),
        accepted_directly: direct,
    };
    add_all(portal, to, &[line]).await;
}

async fn add_all(portal: &Portal, to: &PartnerAccount, lines: &[CustomerLine]) {
    let actor = Actor::command_line(to.clone());
    let mut tx = portal.db.write().await.expect("a change");
    for line in lines {
        import_customers::add(&mut tx, &actor, line).await.expect("a customer");
    }
    let event = Event::by(&actor, portal.clock.id(), portal.clock.now(), Action::CustomersImported).with(json!({}));
    tx.commit(event).await.expect("a commit");
}

/// The ids that the pages of the list show, first to last.
async fn listed(browser: &Browser, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut page = browser.get(&format!("/customers?{query}")).await;
    loop {
        assert_eq!(page.status, 200, "{query}");
        let hrefs = page.attributes("tbody th a", "href");
        ids.extend(hrefs.iter().map(|href| href.split('/').nth(2).expect("an id").to_owned()));
        let next = page.attributes(".pager .acts a", "href").into_iter().find(|href| href.contains("after="));
        match next {
            Some(href) => page = browser.get(&href).await,
            None => return ids,
        }
    }
}

/// A query with one to four choices.
fn some_query(rng: &mut SeededRng, known: &[Known]) -> (String, Option<&'static str>, Option<&'static str>, bool) {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let confirmation_status =
        [None, Some("not-confirmed"), Some("confirmed"), Some("reconfirmation-due")][rng.below(4)];
    let country = [None, None, Some("NL"), Some("BE"), Some("unknown")][rng.below(5)];
    let sort = ["", "name", "-name", "agreed", "-agreed", "created", "-created", "nonsense"][rng.below(8)];
    let searching = rng.below(3) == 0;
    if let Some(confirmation_status) = confirmation_status {
        query.append_pair("status", confirmation_status);
    }
    if let Some(country) = country {
        query.append_pair("country", country);
    }
    if searching {
        let name = &known[rng.below(known.len())].name;
        let begin: String = name.chars().take(1 + rng.below(4)).collect();
        query.append_pair("q", &begin);
    }
    query.append_pair("sort", sort);
    (query.finish(), confirmation_status, country, searching)
}

async fn last_export(portal: &Portal) -> Value {
    let mut conn: ReadConn = portal.db.read().await.expect("a reader");
    let (detail,): (String,) = crate::support::sql(
        &mut conn,
        "SELECT detail FROM audit_log WHERE action = 'exported' ORDER BY seq DESC LIMIT 1",
    )
    .one()
    .await
    .expect("an export");
    serde_json::from_str(&detail).expect("JSON")
}

/// Many customers whose rows are long, so that no buffer holds them.
async fn crowd(portal: &Portal, count: usize) {
    let lines: Vec<CustomerLine> = (0..count)
        .map(|number| CustomerLine {
            microsoft_id: portal.clock.id(),
            company_name: format!("{number:06} {}", "\u{1f98a}".repeat(240)),
            domain: DomainName::parse(&format!("crowd{number}.onmicrosoft.com")).expect("a domain"),
            accepted_directly: None,
        })
        .collect();
    add_all(portal, &portal.account, &lines).await;
}

/// A client that asks and reads no more than the begin of the answer.
async fn stalled(portal: &Portal, cookie: &str, path: &str) -> tokio::net::TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let address = portal.url.trim_start_matches("http://").parse().expect("an address");
    let mut stream = socket.connect(address).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: countersign.test\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut begin = [0; 15];
    stream.read_exact(&mut begin).await.expect("an answer");
    assert_eq!(&begin, b"HTTP/1.1 200 OK");
    stream
}

on_both_databases! {
    async fn files_hold_exactly_the_rows_of_the_list_in_its_order_and_every_value_of_them(portal) {
        let mut rng = SeededRng::new(20_261_126);
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "=Fabrikam Geheim", None).await;
        let known = population(portal, &mut rng, 130).await;
        let by_id: HashMap<String, &Known> = known.iter().map(|one| (one.id.to_string(), one)).collect();
        let manager = portal.signed_in("manager").await;
        let cookie = portal.cookie_of("manager").await;
        let mut rows = 0;
        for round in 0..40 {
            let (query, confirmation_status, country, searching) =
                if round == 0 { (String::new(), None, None, false) } else { some_query(&mut rng, &known) };
            let expected = listed(&manager, &query).await;
            rows += expected.len();
            if !searching {
                let mut plain: Vec<String> = known
                    .iter()
                    .filter(|one| confirmation_status.is_none_or(|confirmation_status| one.confirmation_status().0 == confirmation_status))
                    .filter(|one| country.is_none_or(|country| one.country.map_or("unknown", |(code, _)| code) == country))
                    .map(|one| one.id.to_string())
                    .collect();
                let mut sorted = expected.clone();
                plain.sort();
                sorted.sort();
                assert_eq!(sorted, plain, "{query}");
            }
            let semicolon = rng.below(2) == 0;
            let (name, separator) = if semicolon { ("semicolon", ';') } else { ("comma", ',') };

            let file = Download::of(portal, &cookie, &format!("/customers/export.csv?{query}&columns=all&separator={name}")).await;
            let (head, csv) = file.csv(separator);
            assert_eq!(head, ALL);
            let ids: Vec<&String> = csv.iter().map(|row| &row[0]).collect();
            assert_eq!(ids, expected.iter().collect::<Vec<_>>(), "{query}");
            for row in &csv {
                let cells: Vec<String> = by_id[&row[0]].cells().iter().map(|cell| marked(cell)).collect();
                assert_eq!(*row, cells, "{query}");
            }

            let file = Download::of(portal, &cookie, &format!("/customers/export.csv?{query}&separator={name}")).await;
            let (head, csv) = file.csv(separator);
            assert_eq!(head, SCREEN);
            let cells = |id: &String| by_id[id].on_screen().iter().map(|cell| marked(cell)).collect::<Vec<_>>();
            assert_eq!(csv, expected.iter().map(cells).collect::<Vec<_>>(), "{query}");

            let file = Download::of(portal, &cookie, &format!("/customers/export.xlsx?{query}&columns=all")).await;
            let sheet = file.xlsx("Customers");
            assert_eq!(sheet[0].iter().map(ToString::to_string).collect::<Vec<_>>().join("|"), ALL);
            assert_eq!(sheet.len(), expected.len() + 1, "{query}");
            for (row, id) in sheet[1..].iter().zip(&expected) {
                let cells = by_id[id].cells();
                for (place, (cell, text)) in row.iter().zip(&cells).enumerate() {
                    assert_cell(place, cell, text);
                }
            }
            assert!(!file.body.windows(6).any(|part| part == b"Geheim"));
        }
        assert!(rows > 500, "only {rows} rows");
    }

    async fn an_exported_file_imports_back_to_the_same_customers(portal) {
        let mut rng = SeededRng::new(7);
        let known = population(portal, &mut rng, 60).await;
        let today = portal.account.today(portal.clock.now());
        for (language, separators) in [("en", ["", "semicolon"]), ("nl", ["", "comma"])] {
            for separator in separators {
                let sales = portal.signed_in("sales").await;
                sales.post("/preferences", &[("language", language), ("return_to", "/")]).await;
                let cookie = portal.cookie_of("sales").await;
                let file = Download::of(portal, &cookie, &format!("/customers/export.csv?columns=all&separator={separator}&sort=created")).await;
                let head = file.text().lines().next().expect("a header").to_owned();
                let expected = if separator == "semicolon" || (language == "nl" && separator.is_empty()) { ';' } else { ',' };
                assert!(head.contains(expected), "{head}");
                assert!(head.contains("(Europe/Amsterdam)"), "{head}");
                let as_exported = file.text().to_owned();
                // As a spreadsheet of the United States, the Netherlands or Germany saves it again.
                let mut files = vec![as_exported.clone()];
                for (delimiter, form) in [(',', "%-m/%-d/%Y"), (';', "%-d-%-m-%Y"), (';', "%d.%m.%Y"), ('\t', "%-d-%-m-%Y")] {
                    files.push(saved_again(&as_exported, expected, delimiter, form));
                }
                for file in files {
                    let lines = customer_file::read(file.as_bytes(), &ReadOptions::on(today)).expect("a file of customers").lines;
                    assert_eq!(lines.len(), known.len());
                    for (line, one) in lines.iter().zip(&known) {
                        let direct = one.accepted.as_ref().filter(|accepted| accepted.person.is_none());
                        let expected = CustomerLine {
                            microsoft_id: one.id,
                            company_name: one.name.clone(),
                            domain: DomainName::parse(&one.domain).expect("a domain"),
                            accepted_directly: direct.map(|accepted| AcceptedDirectly { on: accepted.on }),
                        };
                        assert_eq!(line.content, Ok(expected));
                    }
                }
            }
        }
    }
}

/// A file with another delimiter, and with its days as `form` writes them.
fn saved_again(text: &str, from: char, to: char, form: &str) -> String {
    let ascii = |sign: char| u8::try_from(sign).expect("a sign of ASCII");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(ascii(from)).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(ascii(to)).from_writer(Vec::new());
    let mut name = None;
    for record in reader.records() {
        let record = record.expect("a row");
        name =
            name.or_else(|| record.iter().position(|head| head.starts_with("Company") || head.starts_with("Bedrijf")));
        let cells = record
            .iter()
            .enumerate()
            .map(|(place, cell)| match cell.parse::<NaiveDate>() {
                // A name is no day, whatever it looks like.
                Ok(day) if Some(place) != name => day.format(form).to_string(),
                _ => cell.to_owned(),
            })
            .collect::<Vec<_>>();
        writer.write_record(cells).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("a file")).expect("text")
}

on_sqlite! {
    async fn a_file_has_a_name_with_its_day_and_is_kept_by_nobody(portal) {
        portal.add_customer("Contoso B.V.").await;
        let cookie = portal.cookie_of("manager").await;
        for (path, media, name) in [
            ("/customers/export.csv", "text/csv; charset=utf-8; header=present", "customers-2026-11-22.csv"),
            ("/customers/export.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "customers-2026-11-22.xlsx"),
        ] {
            let file = Download::of(portal, &cookie, path).await;
            assert_eq!(file.status, 200);
            assert_eq!(file.headers["content-type"], media);
            assert_eq!(file.headers["content-disposition"], format!("attachment; filename=\"{name}\""));
            assert_eq!(file.headers["cache-control"], "no-store");
        }
    }
}

on_both_databases! {
    async fn each_export_is_an_event_that_says_what_was_asked_for(portal) {
        portal.add_customer("Contoso B.V.").await;
        let cookie = portal.cookie_of("manager").await;
        let path = "/customers/export.csv?q=con&status=not-confirmed&country=atlantis&sort=-name&columns=nonsense&after=x";
        let (_, rows) = Download::of(portal, &cookie, path).await.csv(',');
        assert_eq!(rows.len(), 1, "what makes no sense is ignored");
        assert_eq!(portal.events(Action::Exported).await, 1);
        let filters = json!({ "q": "con", "status": "not-confirmed", "sort": "-name" });
        let expected = json!({ "list": "customers", "format": "csv", "columns": "screen", "filters": filters });
        assert_eq!(last_export(portal).await, expected);
        Download::of(portal, &cookie, "/customers/export.xlsx?columns=all").await;
        assert_eq!(portal.events(Action::Exported).await, 2);
        let expected = json!({ "list": "customers", "format": "xlsx", "columns": "all", "filters": {} });
        assert_eq!(last_export(portal).await, expected);
        let head = portal.browser().send(reqwest::Method::HEAD, "/customers/export.csv", None, &[("cookie", &cookie)]).await;
        assert_eq!(head.status, 200);
        assert_eq!(portal.events(Action::Exported).await, 2, "nobody got a row");
    }
}

on_sqlite! {
    async fn in_a_national_cloud_a_file_says_nothing_of_agreements(portal) {
        portal.add_customer("Contoso B.V.").await;
        portal.set_account(&PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() }).await;
        let cookie = portal.cookie_of("manager").await;
        let (head, rows) = Download::of(portal, &cookie, "/customers/export.csv?status=confirmed").await.csv(',');
        assert_eq!(head, "Company|Primary domain|Country/region|Last change (Europe/Amsterdam)");
        assert_eq!(rows.len(), 1);
        let (head, _) = Download::of(portal, &cookie, "/customers/export.csv?columns=all").await.csv(',');
        assert_eq!(head, "Microsoft ID|Company|Primary domain|Country/region|Added (Europe/Amsterdam)|Last change (Europe/Amsterdam)");
    }

    async fn the_control_on_the_list_carries_the_query_of_the_list(portal) {
        portal.add_customer("Contoso B.V.").await;
        let manager = portal.signed_in("manager").await;
        let page = manager.get("/customers?q=con&status=not-confirmed&sort=-name&after=x").await;
        assert_eq!(page.attributes("#export-form", "action"), ["/customers/export.csv"]);
        assert_eq!(page.attributes("#export button", "formaction"), ["/customers/export.xlsx"]);
        let names = page.attributes("#export-form input", "name");
        let values = page.attributes("#export-form input", "value");
        let pairs: Vec<String> = names.iter().zip(&values).map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(pairs, ["q=con", "status=not-confirmed", "sort=-name"]);
        assert_eq!(page.attributes("#export option[selected]", "value"), ["comma"]);
        manager.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        let page = manager.get("/customers").await;
        assert_eq!(page.texts("#export summary"), ["Exporteren"]);
        assert_eq!(page.attributes("#export option[selected]", "value"), ["semicolon"]);
        assert!(manager.get("/customers?q=zzz").await.texts("#export summary").is_empty(), "there is nothing to export");
    }
}

on_both_databases! {
    async fn a_search_whose_hits_are_not_all_listed_is_refined_before_it_is_exported(portal) {
        let lines: Vec<CustomerLine> = (0..501).map(|number| CustomerLine {
            microsoft_id: portal.clock.id(),
            company_name: format!("x{number} Middle"),
            domain: DomainName::parse(&format!("m{number}.onmicrosoft.com")).expect("a domain"),
            accepted_directly: None,
        }).collect();
        add_all(portal, &portal.account, &lines).await;
        let (sales, cookie) = (portal.signed_in("sales").await, portal.cookie_of("sales").await);
        let page: Page = sales.get("/customers?q=middle").await;
        assert!(page.main().contains("More than 500 names") && page.texts("#export summary").is_empty());
        for path in ["/customers/export.csv?q=middle", "/customers/export.xlsx?q=middle&country=NL&status=confirmed"] {
            let page = sales.get(path).await;
            assert_eq!((page.status, page.texts("main h1").join("")), (422, "The search finds too much to export".into()));
            assert!(page.main().contains("More than 500 names"));
        }
        assert_eq!(portal.events(Action::Exported).await, 0);
        let (_, rows) = Download::of(portal, &cookie, "/customers/export.csv?q=x1").await.csv(',');
        assert_eq!(rows.len(), 111, "by the begin of a name every hit is there");
    }

    async fn a_client_that_goes_away_ends_the_export_and_frees_its_snapshot(portal) {
        crowd(portal, 4_000).await;
        let cookie = portal.cookie_of("manager").await;
        let path = "/customers/export.csv?columns=all";
        let first = stalled(portal, &cookie, path).await;
        let second = stalled(portal, &cookie, path).await;
        let refused = Download::of(portal, &cookie, path).await;
        assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (503, "30"));
        assert!(refused.text().contains("Too many exports at once"));
        assert_eq!(portal.events(Action::Exported).await, 2);
        let page = portal.signed_in("sales").await.get("/customers").await;
        assert_eq!(page.status, 200, "pages go on");
        drop(first);
        let most = Duration::from_secs(5);
        until("a place", most, async || Download::of(portal, &cookie, "/customers/export.csv?q=000001").await.status == 200).await;
        drop(second);
        // Every connection there is can be had again.
        let all = async {
            let mut snapshots = Vec::new();
            for _ in 0..portal.db.connections() {
                snapshots.push(portal.db.snapshot().await.expect("a snapshot"));
            }
        };
        tokio::time::timeout(most, all).await.expect("every connection");
        let whole = Download::of(portal, &cookie, path).await;
        assert_eq!(whole.csv(',').1.len(), 4_000);
    }

    async fn a_file_shows_one_moment_however_long_it_takes(portal) {
        crowd(portal, 4_000).await;
        let cookie = portal.cookie_of("manager").await;
        let mut reading = stalled(portal, &cookie, "/customers/export.csv?sort=-created").await;
        for number in 0..5 {
            portal.add_customer(&format!("Late {number}")).await;
        }
        let id = portal.add_customer("zzz").await;
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let mut body = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        while !body.ends_with(b"\r\n0\r\n\r\n") {
            let length = tokio::time::timeout(Duration::from_secs(20), reading.read(&mut chunk)).await.expect("more").expect("bytes");
            assert!(length > 0, "the file breaks off");
            body.extend_from_slice(&chunk[..length]);
        }
        let text = String::from_utf8_lossy(&body);
        assert!(!text.contains("Late ") && !text.contains("zzz"));
        assert_eq!(text.matches("crowd").count(), 4_000);
    }
}

/// Times and days are typed, text is text.
fn assert_cell(place: usize, cell: &Data, text: &str) {
    match cell {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let expected =
                if place == 5 || place == 9 { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") };
            assert_eq!(expected, text, "column {place}");
        }
        Data::String(found) => {
            assert_eq!(found, text, "column {place}");
            assert!(![5, 12, 14, 15].contains(&place), "column {place} is typed");
        }
        Data::Empty => assert_eq!(text, "", "column {place}"),
        other => panic!("column {place}: {other:?} for {text:?}"),
    }
}
