//! Clients that keep their connection, and what they measure.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use uuid::Uuid;

/// Set when the program was told to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes everything that looks at [`interrupted`] end early.
pub fn interrupt() {
    INTERRUPTED.store(true, Ordering::Relaxed);
}

/// Whether the program was told to stop.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// An answer, read to its end.
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// Status line and headers.
    pub head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// Names and values of the headers.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        headers(self.head)
    }

    /// The body as text.
    pub fn text(&self) -> anyhow::Result<&str> {
        Ok(std::str::from_utf8(self.body)?)
    }
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.split("\r\n").skip(1).filter_map(|line| line.split_once(':')).map(|(name, value)| (name, value.trim()))
}

/// How long a client waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// One connection to a server.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(10))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { stream, buffer: vec![0; 64 * 1024] })
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&mut self, request: &[u8]) -> anyhow::Result<Answer<'_>> {
        self.stream.write_all(request)?;
        let mut length = 0;
        let head = loop {
            // What ended the bytes before may be the beginning of the blank line.
            let searched = usize::saturating_sub(length, 3);
            length += self.read(length)?;
            let found = self.buffer[searched..length].windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(at) = found {
                break searched + at;
            }
        };
        let (status, body) = understand(&self.buffer[..head])?;
        let end = head + 4 + body;
        while length < end {
            length += self.read(length)?;
        }
        ensure!(length == end, "more came than was asked for");
        let head_text = std::str::from_utf8(&self.buffer[..head])?;
        Ok(Answer { status, head: head_text, body: &self.buffer[head + 4..end] })
    }

    fn read(&mut self, from: usize) -> anyhow::Result<usize> {
        if from == self.buffer.len() {
            self.buffer.resize(from * 2, 0);
        }
        let count = self.stream.read(&mut self.buffer[from..]).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => anyhow::anyhow!("no answer in {} s", TIMEOUT.as_secs()),
            _ => error.into(),
        })?;
        ensure!(count > 0, "the connection was closed");
        Ok(count)
    }
}

/// Status and length of the body.
fn understand(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let head = std::str::from_utf8(head)?;
    let status = head.get(9..12).and_then(|code| code.parse().ok()).context("no HTTP answer")?;
    let length = headers(head).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, length)| length.parse().ok()).context("an answer without its length")?;
    Ok((status, length))
}

/// Somebody signed in.
pub struct Browser {
    /// The portal.
    pub address: SocketAddr,
    /// The connection to it.
    pub client: Client,
    /// What the portal gave to keep: names and values.
    pub cookies: Vec<(String, String)>,
}

impl Browser {
    /// Signs in.
    pub fn sign_in(address: SocketAddr, email: &str, password: &str) -> anyhow::Result<Self> {
        let mut browser = Self { address, client: Client::connect(address)?, cookies: Vec::new() };
        let request = browser.post("/sign-in", &[("email", email), ("password", password), ("next", "/customers")]);
        let answer = browser.client.send(&request)?;
        ensure!(answer.status == 303, "signing in was answered with {}", answer.status);
        let cookies = answer.headers().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let pair = |cookie: &str| {
            let (name, value) = cookie.split(';').next()?.split_once('=')?;
            (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
        };
        browser.cookies = cookies.filter_map(|(_, cookie)| pair(cookie)).collect();
        ensure!(!browser.cookies.is_empty(), "signing in gave no cookie");
        Ok(browser)
    }

    fn head(&self, method: &str, path: &str) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\nAccept-Language: en\r\n\
             Sec-Fetch-Site: same-origin\r\n",
            self.address
        );
        if !cookies.is_empty() {
            head.push_str("Cookie: ");
            head.push_str(&cookies.join("; "));
            head.push_str("\r\n");
        }
        head
    }

    /// The request for a page.
    pub fn get(&self, path: &str) -> Vec<u8> {
        (self.head("GET", path) + "\r\n").into_bytes()
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let head = self.head("POST", path);
        let length = body.len();
        format!("{head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}")
            .into_bytes()
    }

    /// Opens a page that must be there.
    pub fn page(&mut self, path: &str) -> anyhow::Result<Answer<'_>> {
        let request = self.get(path);
        let answer = self.client.send(&request)?;
        ensure!(answer.status == 200, "{path} was answered with {}", answer.status);
        Ok(answer)
    }

    /// The same person on a connection of its own.
    pub fn again(&self) -> anyhow::Result<Self> {
        Ok(Self { address: self.address, client: Client::connect(self.address)?, cookies: self.cookies.clone() })
    }

    /// The Update form of a customer, filled in by a person of its own, ready to be sent.
    pub fn confirmation(&mut self, customer: Uuid) -> anyhow::Result<Vec<u8>> {
        let page = self.page(&format!("/customers/{customer}/agreements/new"))?;
        let (submission, version) = (hidden(page.text()?, "submission")?, hidden(page.text()?, "agreement_version")?);
        let last_name = format!("Confirmation {customer}");
        let fields = [
            ("submission", submission.as_str()),
            ("agreement_version", &version),
            ("next", "account"),
            ("first_name", "Bench"),
            ("last_name", &last_name),
            ("email", &format!("{customer}@bench.example")),
            ("phone_number", ""),
            ("date_agreed", "today"),
        ];
        Ok(self.post(&format!("/customers/{customer}/agreements"), &fields))
    }
}

impl Browser {
    /// Sends a form that leads on; where to.
    fn leads_on(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let request = self.post(path, fields);
        let answer = self.client.send(&request)?;
        ensure!(answer.status == 303, "{path} was answered with {}", answer.status);
        let location = answer.headers().find(|(name, _)| name.eq_ignore_ascii_case("location"));
        location.map(|(_, location)| location.to_owned()).context("an answer that leads nowhere")
    }

    /// Fills in a new customer with a confirmation up to Review; the addresses of the three steps.
    pub fn new_customer(&mut self, domain: &str) -> anyhow::Result<[String; 3]> {
        let page = self.page("/customers/new")?;
        let (submission, version) = (hidden(page.text()?, "submission")?, hidden(page.text()?, "agreement_version")?);
        let fields = [
            ("submission", submission.as_str()),
            ("country", "NL"),
            ("company_name", "Bench B.V."),
            ("domain_prefix", domain),
            ("address_line1", "Kerkstraat 1"),
            ("postal_code", "1017 GC"),
            ("city", "Amsterdam"),
            ("culture", "nl-NL"),
            ("contact_first_name", "Bench"),
            ("contact_last_name", "Bench"),
            ("contact_email", "bench@bench.example"),
            ("accepted", "on"),
            ("date_agreed", "today"),
            ("acceptor", "primary_contact"),
            ("agreement_version", &version),
        ];
        let subscriptions = self.leads_on("/customers/new", &fields)?;
        let submission = hidden(self.page(&subscriptions)?.text()?, "submission")?;
        let fields = [
            ("submission", submission.as_str()),
            ("billing_cycle", "monthly"),
            ("offer_id", "195416C1-3447-423A-B37B-EE59A99A19C4"),
            ("quantity", "25"),
        ];
        let review = self.leads_on(&subscriptions, &fields)?;
        Ok([review.replace("/review", "/account"), subscriptions, review])
    }

    /// The form that creates a customer, with a confirmation and an order, ready to be sent.
    pub fn creation(&mut self, domain: &str) -> anyhow::Result<Vec<u8>> {
        let [_, _, review] = self.new_customer(domain)?;
        let page = self.page(&review)?;
        let (submission, etag) = (hidden(page.text()?, "submission")?, hidden(page.text()?, "etag")?);
        Ok(self.post(&review, &[("submission", &submission), ("etag", &etag)]))
    }

    /// An order of one subscription, filled in up to Review, ready to be sent.
    pub fn order(&mut self, customer: Uuid) -> anyhow::Result<Vec<u8>> {
        let path = format!("/customers/{customer}/orders/new");
        let submission = hidden(self.page(&path)?.text()?, "submission")?;
        let fields = [
            ("submission", submission.as_str()),
            ("billing_cycle", "monthly"),
            ("offer_id", "195416C1-3447-423A-B37B-EE59A99A19C4"),
            ("quantity", "25"),
        ];
        let review = self.leads_on(&path, &fields)?;
        let page = self.page(&review)?;
        let text = page.text()?;
        let (submission, draft, etag) = (hidden(text, "submission")?, hidden(text, "draft")?, hidden(text, "etag")?);
        Ok(self.post(&path, &[("submission", &submission), ("draft", &draft), ("etag", &etag), ("place", "on")]))
    }

    /// The form that gives a subscription more licences, filled in, ready to be sent.
    pub fn quantity(&mut self, path: &str, quantity: usize) -> anyhow::Result<Vec<u8>> {
        let page = self.page(path)?;
        let (submission, etag) = (hidden(page.text()?, "submission")?, hidden(page.text()?, "etag")?);
        Ok(self.post(path, &[("submission", &submission), ("etag", &etag), ("quantity", &quantity.to_string())]))
    }

    /// Where the numbers of licences on the first page of a customer's subscriptions are changed.
    pub fn quantities(&mut self, customer: Uuid) -> anyhow::Result<Vec<String>> {
        let page = self.page(&format!("/customers/{customer}/subscriptions"))?;
        let hrefs = page.text()?.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        Ok(hrefs.filter(|href| href.ends_with("/quantity")).map(str::to_owned).collect())
    }

    /// Sends a form that was made ready and must lead on.
    pub fn sends(&mut self, request: &[u8]) -> anyhow::Result<()> {
        let answer = self.client.send(request)?;
        ensure!(answer.status == 303, "a form was answered with {}", answer.status);
        Ok(())
    }
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> anyhow::Result<String> {
    let (_, rest) =
        page.split_once(&format!("name=\"{name}\" value=\"")).with_context(|| format!("no field {name}"))?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// A program with an access token.
pub struct Program {
    /// The portal.
    pub address: SocketAddr,
    /// The token.
    pub token: String,
}

impl Program {
    fn head(&self, method: &str, path: &str) -> String {
        let Self { address, token } = self;
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n"
        )
    }

    /// The request for a resource.
    pub fn get(&self, path: &str) -> Vec<u8> {
        (self.head("GET", path) + "\r\n").into_bytes()
    }

    /// The confirmation of a customer by a person of its own, ready to be sent.
    pub fn confirmation(&self, customer: Uuid, template: &str) -> Vec<u8> {
        let body = format!(
            r#"{{"primaryContact":{{"firstName":"Bench","lastName":"Program {customer}","email":"{customer}@bench.example"}},"dateAgreed":"2026-11-20T00:00:00Z","templateId":"{template}","type":"MicrosoftCustomerAgreement"}}"#
        );
        let head = self.head("POST", &format!("/v1/customers/{customer}/agreements"));
        let length = body.len();
        format!("{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    }
}

/// What is sent, by how many clients, and when it ends.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    /// The server.
    pub address: SocketAddr,
    /// Requests, taken in turn by whichever client is free.
    pub requests: &'a [Vec<u8>],
    /// The number of the first one.
    pub first: usize,
    /// How many clients there are, each with one request under way.
    pub clients: usize,
    /// The status of every answer; any other is an error.
    pub status: u16,
    /// No request is sent after this time.
    pub time: Duration,
    /// No more requests are sent than this.
    pub count: usize,
}

/// What was measured.
#[derive(Debug, Default, Clone)]
pub struct Sample {
    /// How long each answer took.
    pub times: Vec<Duration>,
    /// Answers that were not as they must be, and requests without an answer.
    pub errors: usize,
    /// What was wrong with the first of them.
    pub first_error: Option<String>,
    /// How long it all took.
    pub elapsed: Duration,
    /// Processor time of server and clients meanwhile, where it is known.
    pub spent: Option<Spent>,
}

/// Processor time.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// Of the server.
    pub server: Duration,
    /// Of its clients.
    pub clients: Duration,
}

impl Sample {
    /// Adds what was measured another time.
    pub fn add(&mut self, other: Self) {
        self.join(other.times, other.errors, other.first_error);
        self.elapsed += other.elapsed;
        self.spent = match (self.spent, other.spent) {
            (Some(one), Some(other)) => {
                Some(Spent { server: one.server + other.server, clients: one.clients + other.clients })
            }
            (one, other) => one.or(other),
        };
    }

    /// Adds what another client measured at the same time.
    fn join(&mut self, times: Vec<Duration>, errors: usize, first_error: Option<String>) {
        self.times.extend(times);
        self.errors += errors;
        self.first_error = self.first_error.take().or(first_error);
    }

    /// Answers per second.
    pub fn rate(&self) -> f64 {
        float(self.times.len()) / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Processor time of the server for one answer.
    pub fn cost(&self) -> Option<Duration> {
        self.spent?.server.checked_div(u32::try_from(self.times.len()).ok()?)
    }

    /// Processor time of both sides for one answer.
    pub fn whole_cost(&self) -> Option<Duration> {
        let spent = self.spent?;
        (spent.server + spent.clients).checked_div(u32::try_from(self.times.len()).ok()?)
    }

    /// The time that this many of a hundred answers took at most.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(at).copied().unwrap_or_default()
    }
}

/// A count as a number to divide by.
pub fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// After so many errors a client gives up.
const ERRORS_MAX: usize = 20;

/// Sends the load. Connections are made before the clock starts.
pub fn drive(load: Load<'_>) -> Sample {
    let tickets = AtomicUsize::new(0);
    let start = Barrier::new(load.clients + 1);
    let mut sample = Sample::default();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..load.clients).map(|_| scope.spawn(|| one_client(load, &tickets, &start))).collect();
        start.wait();
        let began = Instant::now();
        for client in clients {
            let one = client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            sample.join(one.times, one.errors, one.first_error);
        }
        sample.elapsed = began.elapsed();
    });
    sample
}

fn one_client(load: Load<'_>, tickets: &AtomicUsize, start: &Barrier) -> Sample {
    let mut sample = Sample::default();
    let mut client = Client::connect(load.address).ok();
    start.wait();
    let began = Instant::now();
    while began.elapsed() < load.time && sample.errors < ERRORS_MAX && !interrupted() {
        let ticket = tickets.fetch_add(1, Ordering::Relaxed);
        if ticket >= load.count {
            break;
        }
        let request = &load.requests[(load.first + ticket) % load.requests.len()];
        let sent = Instant::now();
        let came = exchange(load, &mut client, request);
        match came {
            Ok(()) => sample.times.push(sent.elapsed()),
            Err(error) => sample.join(Vec::new(), 1, Some(format!("{error:#}"))),
        }
    }
    sample
}

fn exchange(load: Load<'_>, client: &mut Option<Client>, request: &[u8]) -> anyhow::Result<()> {
    // After an error the connection is not to be trusted.
    let mut connection = match client.take() {
        Some(connection) => connection,
        None => Client::connect(load.address)?,
    };
    let answer = connection.send(request)?;
    ensure!(answer.status == load.status, "status {} where {} was expected", answer.status, load.status);
    *client = Some(connection);
    Ok(())
}
