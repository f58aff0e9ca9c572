//! Hostile and unusual text through every field: it reads back as its normalised form or is refused at its
//! field, on a page that has no element more than with harmless text.

use std::collections::{HashMap, HashSet};

use countersign::{
    domain::{
        country::Country,
        customer::cultures,
        date_input::parse_date,
        identifiers::parse_domain_prefix,
        invalid::Invalid,
        person::{Email, Name, Phone},
        text,
    },
    store::migrate::Place,
    web::form::LIMIT,
};
use futures_util::future::join_all;
use reqwest::{
    Method,
    header::{HeaderName, HeaderValue},
};
use scraper::{Html, Selector};
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Database, Portal,
        browser::{Form, Page, encode},
        naughty_strings::{RAW, all},
        portal::day,
        raw,
    },
};

/// How a field reads what is typed: the text it is stored as, none when it is empty.
type Reads = fn(&str) -> Result<Option<String>, Invalid>;

/// A field of a form.
struct Field {
    name: &'static str,
    reads: Reads,
    /// What is typed instead of a string that is refused.
    good: &'static str,
}

/// A form about a customer.
struct Sheet {
    /// The page that shows it, behind the customer's address.
    page: &'static str,
    fields: &'static [Field],
}

const COMPANY: Sheet = Sheet {
    page: "account/company",
    fields: &[
        Field { name: "country", reads: country, good: "NL" },
        Field { name: "company_name", reads: |typed| text::required(typed, 256).map(Some), good: "Contoso B.V." },
        Field { name: "address_line1", reads: |typed| text::line(typed, 200), good: "Keizersgracht 1" },
        Field { name: "address_line2", reads: |typed| text::line(typed, 200), good: "Bovenste bel" },
        Field { name: "postal_code", reads: |typed| text::line(typed, 20), good: "1015 CJ" },
        Field { name: "city", reads: |typed| text::line(typed, 100), good: "Amsterdam" },
        Field { name: "state", reads: |typed| text::line(typed, 50), good: "Noord-Holland" },
        Field { name: "culture", reads: culture, good: "nl-NL" },
    ],
};

const CONTACT: Sheet = Sheet {
    page: "account/contact",
    fields: &[
        Field { name: "contact_first_name", reads: |typed| optional(first_name(typed)), good: "Noor" },
        Field { name: "contact_last_name", reads: |typed| optional(name(typed)), good: "Smit" },
        Field { name: "contact_email", reads: |typed| optional(address(typed)), good: "noor@contoso.example" },
        Field { name: "contact_phone_number", reads: phone, good: "020 555 01 17" },
    ],
};

const AGREEMENT: Sheet = Sheet {
    page: "agreements/new",
    fields: &[
        Field { name: "first_name", reads: first_name, good: "Anna" },
        Field { name: "last_name", reads: name, good: "de Vries" },
        Field { name: "email", reads: address, good: "anna@contoso.example" },
        Field { name: "phone_number", reads: phone, good: "020 555 01 18" },
        Field { name: "date_agreed", reads: date, good: "2026-03-12" },
    ],
};

fn name(typed: &str) -> Result<Option<String>, Invalid> {
    Name::parse(typed).map(|name| Some(name.to_string()))
}

/// The last name holds the same: of two without a letter or digit the first one is refused.
fn first_name(typed: &str) -> Result<Option<String>, Invalid> {
    let read = name(typed)?;
    if text::has_letter_or_digit(typed) { Ok(read) } else { Err(Invalid::NameWithoutLetter) }
}

fn address(typed: &str) -> Result<Option<String>, Invalid> {
    Email::parse(typed).map(|email| Some(email.to_string()))
}

fn phone(typed: &str) -> Result<Option<String>, Invalid> {
    // Where it is dialled decides its E.164 form, not whether it is accepted.
    Phone::parse(typed, None).map(|phone| phone.map(|phone| phone.to_string()))
}

fn date(typed: &str) -> Result<Option<String>, Invalid> {
    parse_date(typed, day("2026-11-22")).map(|date| Some(date.to_string()))
}

fn country(typed: &str) -> Result<Option<String>, Invalid> {
    match text::trimmed(typed) {
        "" => Ok(None),
        code => Country::parse(code).map(|country| Some(country.code().to_owned())).ok_or(Invalid::UnknownCountry),
    }
}

fn culture(typed: &str) -> Result<Option<String>, Invalid> {
    match text::trimmed(typed) {
        "" => Ok(None),
        typed => {
            let known = cultures().iter().find(|culture| culture.eq_ignore_ascii_case(typed));
            known.map(|culture| Some((*culture).to_owned())).ok_or(Invalid::UnknownLanguage)
        }
    }
}

fn optional(read: Result<Option<String>, Invalid>) -> Result<Option<String>, Invalid> {
    match read {
        Err(Invalid::Missing) => Ok(None),
        read => read,
    }
}

/// A page, parsed once.
struct Parsed(Html);

impl Parsed {
    fn of(page: &Page) -> Self {
        Self(Html::parse_document(&page.body))
    }

    fn elements(&self) -> usize {
        self.0.select(&Selector::parse("*").expect("a selector")).count()
    }

    /// What stands in the fields of the form that saves.
    fn values(&self) -> HashMap<String, String> {
        let controls =
            Selector::parse("main form[method=post] input, main form[method=post] select").expect("a selector");
        let chosen = Selector::parse("option[selected]").expect("a selector");
        let value = |control: scraper::ElementRef<'_>| match control.value().name() {
            "select" => {
                control.select(&chosen).next().and_then(|option| option.value().attr("value").map(str::to_owned))
            }
            _ => control.value().attr("value").map(str::to_owned),
        };
        let controls = self.0.select(&controls);
        controls
            .filter_map(|one| Some((one.value().attr("name")?.to_owned(), value(one).unwrap_or_default())))
            .collect()
    }

    /// The form that saves, with what stands in it.
    fn form(&self) -> Form {
        let form = Selector::parse("main form[method=post]").expect("a selector");
        let form = self.0.select(&form).next().expect("a form");
        let action = form.value().attr("action").expect("an action").to_owned();
        Form { action, fields: self.values().into_iter().collect() }
    }

    fn refused(&self) -> Vec<String> {
        let links = Selector::parse(".errors li a").expect("a selector");
        let href = |link: scraper::ElementRef<'_>| link.value().attr("href").unwrap_or_default()[1..].to_owned();
        self.0.select(&links).map(href).collect()
    }

    fn attribute(&self, selector: &str, attribute: &str) -> String {
        let found = Selector::parse(selector).expect("a selector");
        self.0.select(&found).next().and_then(|one| one.value().attr(attribute)).unwrap_or_default().to_owned()
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        let found = Selector::parse(selector).expect("a selector");
        self.0.select(&found).map(|one| one.text().collect::<String>()).collect()
    }

    /// Asserts that nothing on the page runs, loads, styles or leads away but what the portal put there.
    fn assert_inert(&self, what: &str) {
        const KNOWN: &[&str] = &[
            "html", "head", "meta", "title", "link", "script", "body", "a", "header", "svg", "use", "details",
            "summary", "nav", "ul", "ol", "li", "form", "label", "span", "input", "button", "div", "small", "p", "br",
            "main", "h1", "h2", "section", "dl", "dt", "dd", "strong", "footer", "select", "option", "aside", "table",
            "caption", "thead", "tbody", "tr", "th", "td", "wbr", "fieldset", "legend", "code", "pre",
        ];
        for element in self.0.select(&Selector::parse("*").expect("a selector")) {
            let name = element.value().name();
            assert!(KNOWN.contains(&name), "{what}: a <{name}>");
            for (attribute, value) in element.value().attrs() {
                assert!(!attribute.starts_with("on") && attribute != "style", "{what}: <{name} {attribute}={value:?}>");
                if ["href", "src", "action", "formaction"].contains(&attribute) {
                    let is_here =
                        value.starts_with(['/', '#']) && !value.starts_with("//") && !value.starts_with("/\\");
                    let is_text_of_agreement =
                        name == "a" && value.starts_with("https://") && !value.contains("hostile");
                    assert!(is_here || is_text_of_agreement, "{what}: <{name} {attribute}={value:?}>");
                }
            }
        }
        assert_eq!(self.texts("script").concat(), "", "{what}: a script in the page");
    }
}

/// Bytes as they stand in an address, every one escaped.
fn percent(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("%{byte:02x}"))
}

/// A value as a page can give it back: browsers read line ends as line feeds and have no NUL.
fn given_back(typed: &str) -> String {
    typed.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}")
}

/// What is stored of each field.
type Stored = HashMap<&'static str, Option<String>>;

/// Someone who fills in the forms of one customer, and knows how many elements the pages have with harmless text.
struct Clerk<'a> {
    browser: &'a Browser,
    customer: Uuid,
    elements: HashMap<String, usize>,
    stored: Stored,
    /// The addresses of those who were said to have accepted.
    emails: HashSet<String>,
    is_sqlite: bool,
}

impl Clerk<'_> {
    fn path(&self, page: &str) -> String {
        format!("/customers/{}/{page}", self.customer)
    }

    /// The number of elements of a form that comes back with these fields refused.
    async fn elements_when_refused(&mut self, form: &Form, sheet: &Sheet, refused: &[String]) -> usize {
        let key = format!("{} {refused:?}", sheet.page);
        if !self.elements.contains_key(&key) {
            // Too long for a name, no address, no number, no date, on no list.
            let bad = "x".repeat(300);
            let harmless = sheet.fields.iter().fold(form.clone(), |form, field| {
                form.with(field.name, if refused.iter().any(|name| name == field.name) { &bad } else { field.good })
            });
            let page = Parsed::of(&self.browser.submit(&harmless).await);
            assert_eq!(page.refused(), refused, "of harmless text the same fields are refused");
            self.elements.insert(key.clone(), page.elements());
        }
        self.elements[&key]
    }

    /// The form as it is shown, with what is stored.
    async fn form(&self, sheet: &Sheet) -> Form {
        let page = self.browser.get(&self.path(sheet.page)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        Parsed::of(&page).form()
    }

    /// Types a string into every field of a form. Returns what is then stored.
    async fn fill_in(&mut self, sheet: &Sheet, typed: &str, number: usize) -> Stored {
        let what = format!("{typed:?} in {}", sheet.page);
        let form = self.form(sheet).await;
        for (name, value) in self.stored.iter().filter(|(name, _)| sheet.page != AGREEMENT.page && form.has(name)) {
            assert_eq!(form.get(name), value.clone().unwrap_or_default(), "what was stored before {what}");
        }
        let mut stored = Stored::new();
        let (mut hostile, mut accepted, mut refused) = (form.clone(), form, Vec::new());
        // Never the same person twice.
        let email = format!("anna{number}@contoso.example");
        for field in sheet.fields {
            hostile = hostile.with(field.name, typed);
            let good = if field.name == "email" { &email } else { field.good };
            let (value, read) = match (field.reads)(typed) {
                // Of two confirmations the later day counts: an earlier one would not be shown.
                Ok(_) if field.name == "date_agreed" => (good, Some(good.to_owned())),
                // With its marks left out, an address is that of a person before.
                Ok(Some(read)) if field.name == "email" && !self.emails.insert(read.to_lowercase()) => {
                    (good, Some(good.to_owned()))
                }
                // Marks that are left out take their place in the form all the same.
                Ok(_) if typed.len() * 3 * sheet.fields.len() > LIMIT => (good, Some(good.to_owned())),
                Ok(read) => (typed, read),
                Err(_) => {
                    refused.push(field.name.to_owned());
                    // A string that is a country may be one in which the harmless language is not offered.
                    let none = field.name == "culture" && accepted.get("country") == typed;
                    if none { ("", None) } else { (good, Some(good.to_owned())) }
                }
            };
            accepted = accepted.with(field.name, value);
            stored.insert(field.name, read);
        }
        // What does not fit into a form in every field at once fits into each of them.
        if hostile.encoded().len() > LIMIT {
            assert_eq!(self.browser.submit(&hostile).await.status, 413, "{what}");
            for name in &refused {
                let page = self.browser.submit(&accepted.clone().with(name, typed)).await;
                assert_eq!((page.status, page.wrong_fields()), (422, vec![name.clone()]), "{what}");
                accepted = accepted.with("submission", &page.value("submission"));
            }
            refused.clear();
        }
        // What is refused never reaches a database: on the second one a part of it is enough.
        if !refused.is_empty() && (self.is_sqlite || number.is_multiple_of(4)) {
            let page = self.browser.submit(&hostile).await;
            assert_eq!(page.status, 422, "{what}: {}", page.body);
            let parsed = Parsed::of(&page);
            assert_eq!(parsed.refused(), refused, "{what}");
            let values = parsed.values();
            for field in sheet.fields {
                let is_choice = ["country", "culture"].contains(&field.name);
                assert!(
                    is_choice || values[field.name] == given_back(typed),
                    "{what}: {} came back as {values:?}",
                    field.name
                );
            }
            let wanted = self.elements_when_refused(&accepted, sheet, &refused).await;
            assert_eq!(parsed.elements(), wanted, "{what}: {}", page.body);
            accepted = accepted.with("submission", &values["submission"]);
        }
        let page = self.browser.submit(&accepted).await;
        assert_eq!(page.status, 303, "{what}: {:?}", page.errors());
        stored
    }

    /// Asserts that the account page tells exactly what is stored, with the elements of harmless text.
    async fn assert_told(&mut self, typed: &str, stored: &Stored) {
        let page = Parsed::of(&self.browser.get(&self.path("account")).await);
        let told = |field: &str| stored[field].clone().unwrap_or_default();
        let facts = page.texts("dd");
        let company = told("company_name");
        let contact = [told("contact_first_name"), told("contact_last_name")].join(" ").trim().to_owned();
        let acceptor = format!("{} {}", told("first_name"), told("last_name"));
        let place = [told("postal_code"), told("city")].join(" ").trim().to_owned();
        assert_eq!(page.texts(".over"), [company.as_str()], "{typed:?}");
        assert_eq!(page.texts("title"), [format!("Account info \u{2013} {company} \u{2013} Countersign")], "{typed:?}");
        assert_eq!(facts[0], company, "{typed:?}");
        let country = stored["country"].as_deref().and_then(Country::parse);
        let lines = [
            told("address_line1"),
            told("address_line2"),
            place,
            told("state"),
            country
                .map(|country| country.name(countersign::domain::language::Language::English).to_owned())
                .unwrap_or_default(),
        ];
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let or_nothing = |text: String| if text.is_empty() { "Not provided".to_owned() } else { text };
        assert_eq!(facts[3], or_nothing(lines.concat()), "{typed:?}");
        assert_eq!(facts[5], or_nothing(contact), "{typed:?}");
        assert_eq!(facts[6], or_nothing(told("contact_email")), "{typed:?}");
        assert_eq!(facts[7], or_nothing(told("contact_phone_number")), "{typed:?}");
        assert_eq!(page.texts("dd > strong"), [acceptor], "{typed:?}");
        assert_eq!(
            facts[8],
            format!("{} {}{}{}", told("first_name"), told("last_name"), told("email"), told("phone_number"))
        );

        let mut empty: Vec<&str> = stored.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        empty.sort_unstable();
        assert_eq!(page.elements(), self.elements_of_account(&empty).await, "{typed:?}");
    }

    /// The number of elements of the account page with harmless text in all fields but these.
    async fn elements_of_account(&mut self, empty: &[&str]) -> usize {
        let key = format!("account without {empty:?}");
        if !self.elements.contains_key(&key) {
            for sheet in [&COMPANY, &CONTACT, &AGREEMENT] {
                let form = self.form(sheet).await;
                let text = |field: &Field| if empty.contains(&field.name) { "" } else { field.good };
                let form = sheet.fields.iter().fold(form, |form, field| form.with(field.name, text(field)));
                // Never the same person twice.
                let email = format!("anna.{}@contoso.example", self.elements.len());
                let form = if sheet.page == AGREEMENT.page { form.with("email", &email) } else { form };
                assert_eq!(self.browser.submit(&form).await.status, 303);
            }
            let page = Parsed::of(&self.browser.get(&self.path("account")).await);
            page.assert_inert("harmless text");
            self.elements.insert(key.clone(), page.elements());
        }
        self.elements[&key]
    }
}

/// Takes some of the strings through the forms of a customer of their own.
async fn run_through(portal: &Portal, strings: &[String]) {
    let sales = portal.signed_in("sales").await;
    let customer = portal.add_customer("Contoso").await;
    let is_sqlite = matches!(portal.location.at, Place::Sqlite(_));
    let (elements, emails) = (HashMap::new(), HashSet::new());
    let mut clerk = Clerk { browser: &sales, customer, elements, stored: Stored::new(), emails, is_sqlite };
    clerk.elements_of_account(&[]).await;
    for (number, typed) in strings.iter().enumerate() {
        let mut stored = Stored::new();
        for sheet in [&COMPANY, &CONTACT, &AGREEMENT] {
            stored.extend(clerk.fill_in(sheet, typed, number).await);
        }
        let counted = clerk.elements.len();
        clerk.assert_told(typed, &stored).await;
        // Counting with harmless text overwrote it.
        clerk.stored = if clerk.elements.len() == counted { stored } else { Stored::new() };
    }
    for page in ["agreements", "history", "agreements/new?prefill=former", "agreements/new?prefill=primary_contact"] {
        let page = sales.get(&clerk.path(page)).await;
        assert_eq!(page.status, 200);
        Parsed::of(&page).assert_inert("pages about the customer");
    }
}

on_both_databases! {
    async fn a_string_in_a_field_reads_back_as_its_normal_form_or_is_refused_there(portal) {
        let strings: Vec<String> = all().collect();
        assert!(strings.len() > 300, "only {} strings", strings.len());
        // A few customers, so that none has a history without end; two at once, for the two sides of a request.
        let parts: Vec<&[String]> = strings.chunks(50).collect();
        for pair in parts.chunks(3) {
            join_all(pair.iter().map(|part| run_through(portal, part))).await;
        }
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers").await;
        assert_eq!(page.texts("tbody tr").len(), parts.len());
        Parsed::of(&page).assert_inert("the list");
    }
}

on_sqlite! {
    async fn bytes_that_are_no_text_are_refused_at_their_field(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let writes = portal.writes().await;
        for sheet in [&COMPANY, &CONTACT, &AGREEMENT] {
            let form = sales.form(&format!("/customers/{customer}/{}", sheet.page)).await;
            let form = sheet.fields.iter().fold(form, |form, field| form.with(field.name, field.good));
            let names: Vec<&str> = sheet.fields.iter().map(|field| field.name).collect();
            let with = |bad: &[&str], bytes: &[u8]| {
                let escaped = percent(bytes);
                let pairs = form.fields.iter().map(|(name, value)| {
                    if bad.contains(&name.as_str()) { format!("{name}={escaped}") } else { encode(&[(name, value)]) }
                });
                pairs.collect::<Vec<_>>().join("&")
            };
            for bytes in RAW {
                let page = sales.post_raw(&form.action, with(&names, bytes)).await;
                assert_eq!(page.status, 422, "{bytes:?}");
                let mut refused = page.wrong_fields();
                refused.sort_by_key(|name| names.iter().position(|one| one == name));
                assert_eq!(refused, names, "{bytes:?}");
                Parsed::of(&page).assert_inert(&format!("{bytes:?}"));
            }
            for name in &names {
                for bytes in [&b"Ren\xe9e"[..], b"\xff", b"a\x00b"] {
                    let page = sales.post_raw(&form.action, with(&[name], bytes)).await;
                    assert_eq!((page.status, page.wrong_fields()), (422, vec![(*name).to_owned()]), "{name}={bytes:?}");
                }
            }
            // As they are, without any escape.
            for bytes in RAW.iter().filter(|bytes| !bytes.contains(&b'&') && !bytes.contains(&b'%')) {
                let body = [format!("{}=", names[0]).as_bytes(), bytes].concat();
                let page = sales.post_raw(&form.action, body).await;
                assert_eq!(page.status, 422, "{bytes:?}");
                assert!(page.wrong_fields().contains(&names[0].to_owned()), "{bytes:?}");
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
    }
}

on_both_databases! {
    async fn strings_in_addresses_are_searched_for_or_ignored(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let (sales, stranger) = (portal.signed_in("sales").await, portal.browser());
        // Filters that make no sense are named, so they change what is there, whatever they say.
        let filters = ["status", "sort", "channel"];
        let filtered = filters.iter().fold("/customers?q=harmlessly&after=x".to_owned(), |path, name| path + "&" + name + "=harmlessly");
        let harmless = Parsed::of(&sales.get("/customers?q=harmlessly&after=x").await).elements();
        let harmless_filtered = Parsed::of(&sales.get(&filtered).await).elements();
        for (number, typed) in all().filter(|typed| typed.len() < 8_000).enumerate() {
            let query = |name: &str| encode(&[(name, &typed)]);
            let mut path = format!("/customers?{}&after=x", query("q"));
            // An address has an end.
            let is_filtered = typed.len() < 4_000;
            if is_filtered {
                path = filters.iter().fold(path, |path, name| format!("{path}&{}", query(name)));
            }
            let page = sales.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            let parsed = Parsed::of(&page);
            parsed.assert_inert(&path);
            let shown = parsed.attribute("main input#q", "value");
            assert_eq!(shown, given_back(typed.trim()), "{path}");
            if parsed.texts("tbody tr").is_empty() && !typed.is_empty() {
                assert_eq!(parsed.elements(), if is_filtered { harmless_filtered } else { harmless }, "{path}");
            }
            let (browser, path) = match number % 6 {
                0 => (&sales, format!("/customers?{}&{}&{}&q=c", query("before"), query("agent"), query("agreed_to"))),
                1 => (&sales, format!("/customers?{}&{}", query("country"), query("agreed_from"))),
                2 => (&sales, format!("/customers/{customer}/history?{}", query("before"))),
                3 => (&sales, format!("/customers/{customer}/agreements/new?{}&{}", query("prefill"), query("kept"))),
                4 => (&stranger, format!("/setup?{}", query("token"))),
                _ => (&stranger, format!("/sign-in?{}&{}", query("next"), query("ended"))),
            };
            let page = browser.get(&path).await;
            assert!([200, 404].contains(&page.status), "{path}: {}", page.status);
            Parsed::of(&page).assert_inert(&path);
        }
        for bytes in RAW {
            let escaped = percent(bytes);
            for path in ["/customers?q=", "/customers?after=", "/customers?country=", "/sign-in?next=", "/setup?token=", "/customers/"] {
                let page = sales.get(&format!("{path}{escaped}")).await;
                assert!([200, 303, 400, 404].contains(&page.status), "{path}{escaped}: {}", page.status);
            }
        }
    }
}

/// The text fields of the wizard's first step, with what each holds instead of a string that is refused.
const WIZARD: &[Field] = &[
    Field { name: "company_name", reads: |typed| text::required(typed, 256).map(Some), good: "Contoso B.V." },
    Field { name: "domain_prefix", reads: prefix, good: "contoso" },
    Field { name: "address_line1", reads: |typed| text::required(typed, 200).map(Some), good: "Keizersgracht 1" },
    Field { name: "address_line2", reads: |typed| text::line(typed, 200), good: "Bovenste bel" },
    Field { name: "postal_code", reads: |typed| text::required(typed, 20).map(Some), good: "1015 CJ" },
    Field { name: "city", reads: |typed| text::required(typed, 100).map(Some), good: "Amsterdam" },
    Field { name: "contact_first_name", reads: first_name, good: "Noor" },
    Field { name: "contact_last_name", reads: name, good: "Smit" },
    Field { name: "contact_email", reads: address, good: "noor@contoso.example" },
    Field { name: "contact_phone_number", reads: phone, good: "020 555 01 17" },
    Field { name: "date_agreed", reads: date, good: "2026-03-12" },
    Field { name: "first_name", reads: first_name, good: "Anna" },
    Field { name: "last_name", reads: name, good: "de Vries" },
    Field { name: "email", reads: address, good: "anna@contoso.example" },
    Field { name: "phone_number", reads: phone, good: "020 555 01 18" },
];

fn prefix(typed: &str) -> Result<Option<String>, Invalid> {
    parse_domain_prefix(typed).map(|domain| Some(domain.to_string()))
}

/// What Review tells of a field: the card, and the text in it.
fn on_review(field: &str) -> &'static str {
    match field {
        field if field.starts_with("contact_") => "#contact dd",
        "first_name" | "last_name" | "email" | "phone_number" => "#agreement dd",
        _ => "#company dd",
    }
}

on_sqlite! {
    async fn strings_in_the_wizard_are_refused_at_their_field_or_shown_on_review(portal) {
        let sales = portal.signed_in("sales").await;
        let writes = portal.writes().await;
        let empty = sales.form("/customers/new").await.with("accepted", "on").with("acceptor", "other");
        let good = WIZARD.iter().fold(empty.clone(), |form, field| form.with(field.name, field.good));
        let page = sales.submit(&good).await;
        let step = page.location().replace("/subscriptions", "/account");
        let skip = sales.form(&page.location()).await.with("skip", "on");
        assert_eq!(sales.submit(&skip).await.status, 303);
        let (mut shown, mut told) = (0, 0);
        for typed in all().filter(|typed| typed.len() < LIMIT / 64) {
            let form = Form { action: step.clone(), ..sales.form(&step).await };
            let hostile = WIZARD.iter().fold(form.clone(), |form, field| form.with(field.name, &typed));
            let refused: Vec<&str> =
                WIZARD.iter().filter(|field| (field.reads)(&typed).is_err()).map(|field| field.name).collect();
            let page = sales.submit(&hostile).await;
            if !refused.is_empty() {
                assert_eq!(page.status, 422, "{typed:?}");
                let parsed = Parsed::of(&page);
                parsed.assert_inert(&format!("{typed:?}"));
                assert_eq!(parsed.refused(), refused, "{typed:?}");
                let values = parsed.values();
                for field in WIZARD {
                    assert_eq!(values[field.name], given_back(&typed), "{typed:?} in {}", field.name);
                }
                told += 1;
            }
            let accepted = WIZARD.iter().fold(form, |form, field| {
                // A day that is read may lie before the version, which is another matter.
                let is_good = refused.contains(&field.name) || field.name == "date_agreed";
                form.with(field.name, if is_good { field.good } else { &typed })
            });
            let page = sales.submit(&accepted).await;
            assert_eq!(page.status, 303, "{typed:?}: {:?}", page.errors());
            let review = Parsed::of(&sales.get(&page.location()).await);
            review.assert_inert(&format!("the review of {typed:?}"));
            for field in WIZARD.iter().filter(|field| field.name != "date_agreed") {
                let Ok(Some(read)) = (field.reads)(&typed) else { continue };
                let facts = review.texts(on_review(field.name));
                assert!(facts.iter().any(|fact| fact.contains(&read)), "{typed:?} in {}: {facts:?}", field.name);
                shown += 1;
            }
            let list = Parsed::of(&sales.get("/customers").await);
            list.assert_inert(&format!("the drafts with {typed:?}"));
            if text::required(&typed, 256).is_ok() {
                assert_eq!(list.texts(".drafts a"), [text::shown(&typed)], "{typed:?}");
            }
        }
        assert!(shown > 1_000 && told > 100, "{shown} shown, {told} refused");
        assert_eq!(portal.writes().await, writes, "a draft writes nothing");
    }

    async fn strings_in_the_choices_and_hidden_fields_of_the_wizard_are_no_way_in(portal) {
        // A string in every fourth of the places, each place with a fourth of the strings.
        const PLACES: &[(usize, &str, &[u16])] = &[
            (0, "country", &[303, 422]),
            (0, "culture", &[303, 422]),
            (0, "accepted", &[303]),
            (0, "acceptor", &[303]),
            (0, "older_than_version", &[303]),
            (0, "agreement_version", &[422]),
            (0, "associated_partner_id", &[303]),
            (0, "submission", &[422]),
            (1, "state", &[422]),
            (1, "organization_registration_number", &[303, 422]),
            (2, "offer_id", &[404]),
            (2, "quantity", &[303, 422]),
            (2, "billing_cycle", &[303]),
            (2, "term_duration", &[303]),
            (2, "skip", &[303]),
            (2, "submission", &[422]),
            (3, "etag", &[409]),
            (3, "submission", &[422]),
        ];
        let sales = portal.signed_in("sales").await;
        let writes = portal.writes().await;
        let wizard = async || {
            let form = sales.form("/customers/new").await.with("accepted", "on").with("acceptor", "other");
            WIZARD.iter().fold(form, |form, field| form.with(field.name, field.good))
        };
        let follow = async |form: &Form| sales.form(&sales.submit(form).await.location()).await;
        let account = wizard().await;
        let abroad = wizard().await.with("country", "US").with("state", "WA").with("organization_registration_number", "");
        let subscriptions = follow(&wizard().await).await;
        let review = follow(&follow(&wizard().await).await.with("skip", "on")).await;
        let forms = [account, abroad, subscriptions, review];
        for (number, typed) in all().enumerate().filter(|(_, typed)| typed.len() < LIMIT / 8) {
            for (place, (form, field, statuses)) in PLACES.iter().enumerate() {
                let form = &forms[*form];
                if (number + place) % 4 != 0 || typed == form.get(field) {
                    continue;
                }
                let page = sales.submit(&form.clone().with(field, &typed)).await;
                assert!(statuses.contains(&page.status), "{field}={typed:?}: {} {:?}", page.status, page.errors());
                if !page.body.is_empty() {
                    Parsed::of(&page).assert_inert(&format!("{field}={typed:?}"));
                }
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
        assert_eq!(sales.submit(&forms[3]).await.status, 303, "the form itself was right");
    }
}

#[tokio::test]
async fn strings_in_hidden_fields_are_no_way_in() {
    let portal = Portal::start(Database::Sqlite).await;
    let customer = portal.add_customer("Contoso B.V.").await;
    let sales = portal.signed_in("sales").await;
    let company = sales.form(&format!("/customers/{customer}/account/company")).await;
    let update = sales.form(&format!("/customers/{customer}/agreements/new")).await;
    let update = AGREEMENT.fields.iter().fold(update, |form, field| form.with(field.name, field.good));
    let writes = portal.writes().await;
    for typed in all() {
        for (form, field, status) in
            [(&company, "etag", 409), (&company, "submission", 422), (&update, "agreement_version", 422)]
        {
            if field == "etag" && typed.parse::<i64>().ok() == company.get("etag").parse().ok() {
                continue;
            }
            let page = sales.submit(&form.clone().with(field, &typed)).await;
            assert_eq!(page.status, status, "{field}={typed:?}");
            if typed.contains(['<', '"', '\'']) {
                Parsed::of(&page).assert_inert(&format!("{field}={typed:?}"));
            }
        }
    }
    assert_eq!(portal.writes().await, writes, "nothing was written");
    portal.stop().await;
}

#[tokio::test]
async fn strings_in_paths_are_not_found() {
    let portal = Portal::start(Database::Sqlite).await;
    let sales = portal.cookie_of("sales").await;
    for (number, typed) in all().filter(|typed| typed.len() < 8_000).enumerate() {
        let escaped = percent(typed.as_bytes());
        let graphic: String = typed.chars().filter(char::is_ascii_graphic).collect();
        let paths = [
            format!("/customers/{escaped}/account"),
            format!("/customers/{graphic}/agreements/new"),
            format!("/{escaped}"),
            format!("/static/{escaped}/app.css"),
            format!("/customers/{escaped}/history"),
            format!("/static/x/{graphic}"),
        ];
        for path in [&paths[number % 6], &paths[(number + 1) % 6]] {
            let page = raw::get(&portal.url, path, &[("cookie", &sales)]).await;
            let is_other =
                graphic.is_empty() || graphic.contains(['?', '#', '/']) || [".", ".."].contains(&graphic.as_str());
            assert!([400, 404].contains(&page.status) || is_other && page.status < 400, "{path}: {}", page.status);
            if !page.body.is_empty() {
                Parsed::of(&page).assert_inert(path);
            }
        }
    }
    portal.stop().await;
}

#[tokio::test]
async fn strings_in_headers_and_cookies_change_nothing() {
    const NAMES: [&str; 9] = [
        "accept-language",
        "user-agent",
        "referer",
        "x-forwarded-for",
        "x-request-id",
        "accept",
        "if-none-match",
        "range",
        "forwarded",
    ];
    let portal = Portal::start(Database::Sqlite).await;
    let cookie = portal.cookie_of("sales").await;
    let http = reqwest::Client::new();
    for typed in all().filter(|typed| typed.len() < 4_000) {
        let Ok(value) = HeaderValue::from_bytes(typed.as_bytes()) else { continue };
        let mut request = http.get(format!("{}/customers", portal.url)).header("cookie", &cookie);
        for name in NAMES {
            request = request.header(HeaderName::from_static(name), &value);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{typed:?}");
        assert!(answer.text().await.expect("a page").contains("<html lang=\"en\">"), "{typed:?}");
        let cookies =
            ["countersign", "countersign-language", "countersign-flash", "x"].map(|name| format!("{name}={typed}"));
        let cookies = HeaderValue::from_bytes(cookies.join("; ").as_bytes()).expect("text that is a header");
        let answer = http.get(format!("{}/sign-in", portal.url)).header("cookie", cookies).send().await;
        assert_eq!(answer.expect("an answer").status(), 200, "{typed:?}");
    }
    portal.stop().await;
}

#[tokio::test]
async fn strings_at_the_door_are_only_wrong() {
    let portal = Portal::start(Database::Sqlite).await;
    let browser = portal.browser();
    for typed in all().filter(|typed| typed.len() < LIMIT / 12) {
        let page = browser.post("/preferences", &[("language", &typed), ("return_to", &typed)]).await;
        assert_eq!(page.status, 303, "{typed:?}");
        let location = page.location();
        assert!(location == "/" || location == typed, "{typed:?} leads to {location}");
        // Without a password nothing is judged, and the page gives everything else back.
        let fields =
            [("email", typed.as_str()), ("next", &typed), ("kept.first_name", &typed), (&format!("kept.{typed}"), "x")];
        let page = browser.post("/sign-in", &fields).await;
        assert_eq!(page.status, 422, "{typed:?}");
        let parsed = Parsed::of(&page);
        parsed.assert_inert(&format!("{typed:?}"));
        let values = parsed.values();
        assert_eq!(values["email"], given_back(&typed));
        assert_eq!(values["kept.first_name"], given_back(&typed));
    }
    for typed in ["\0", "a\0b@test.example", "' or 1=1 --", "\u{202e}", "sales@test.example\0"] {
        for password in ["x", "a\0b", "\u{1f58a}"] {
            let page = portal.browser().post("/sign-in", &[("email", typed), ("password", password)]).await;
            assert!([422, 429].contains(&page.status), "{typed:?}: {}", page.status);
        }
        portal.clock.advance(chrono::TimeDelta::minutes(15));
    }
    let page = browser.send(Method::GET, "/customers", None, &[]).await;
    assert_eq!(page.status, 303, "nobody is signed in");
    portal.stop().await;
}
