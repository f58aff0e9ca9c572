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

use anyhow::Context as _;

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
const PATIENCE: Duration = Duration::from_secs(15);

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
        stream.set_read_timeout(Some(PATIENCE))?;
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
        anyhow::ensure!(length == end, "more came than was asked for");
        let head_text = std::str::from_utf8(&self.buffer[..head])?;
        Ok(Answer { status, head: head_text, body: &self.buffer[head + 4..end] })
    }

    fn read(&mut self, from: usize) -> anyhow::Result<usize> {
        if from == self.buffer.len() {
            self.buffer.resize(from * 2, 0);
        }
        let count = self.stream.read(&mut self.buffer[from..]).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => anyhow::anyhow!("no answer in {} s", PATIENCE.as_secs()),
            _ => error.into(),
        })?;
        anyhow::ensure!(count > 0, "the connection was closed");
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
    /// Processor time of the server meanwhile, where it is known.
    pub processor: Option<Duration>,
}

impl Sample {
    /// Adds what was measured another time.
    pub fn add(&mut self, other: Self) {
        self.join(other.times, other.errors, other.first_error);
        self.elapsed += other.elapsed;
        self.processor = match (self.processor, other.processor) {
            (Some(before), Some(now)) => Some(before + now),
            (before, now) => before.or(now),
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
    anyhow::ensure!(answer.status == load.status, "status {} where {} was expected", answer.status, load.status);
    *client = Some(connection);
    Ok(())
}
