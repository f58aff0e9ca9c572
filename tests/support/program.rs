//! The program itself, as processes of its own.

use std::{
    io::{BufRead as _, BufReader, Read, Write as _},
    net::TcpListener,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use countersign::store::migrate::{Location, Place};

use super::{timing, until};

/// The longest that a command may run.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The secret key of every portal that a test serves.
pub const SECRET: &str = "the secret key of every test portal";

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A program about to be run, in none of the environment that was meant for the tests.
fn program<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Command {
    timing::begin();
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COUNTERSIGN_") {
            command.env_remove(name);
        }
    }
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub async fn run<S: AsRef<str>>(args: &[S]) -> Ran {
    run_with(args, &[], "").await
}

/// Runs a command with variables and standard input to its end.
pub async fn run_with<S: AsRef<str>>(args: &[S], variables: &[(&str, &str)], input: &str) -> Ran {
    let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    let mut command = program(&args);
    command.envs(variables.iter().copied());
    let mut process = Process::spawn(&mut command);
    process.0.stdin.take().expect("an input").write_all(input.as_bytes()).expect("a program that reads");
    let out = gather(process.0.stdout.take().expect("an output"));
    let err = gather(process.0.stderr.take().expect("an output"));
    let status = process.ended().await;
    Ran { code: status.code().expect("an exit code"), out: out.join().expect("text"), err: err.join().expect("text") }
}

fn gather(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("text");
        text
    })
}

/// The arguments that name a database.
pub fn data(location: &Location) -> [String; 2] {
    match &location.at {
        Place::Sqlite(path) => {
            ["--data-dir".to_owned(), path.parent().expect("a folder").to_str().expect("text").to_owned()]
        }
        Place::Postgres(url) => ["--database-url".to_owned(), url.clone()],
    }
}

/// A process that does not outlive the test.
struct Process(Child);

impl Process {
    fn spawn(command: &mut Command) -> Self {
        Self(command.spawn().expect("the program"))
    }

    async fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("the program ends", TIMEOUT, async || {
            status = self.0.try_wait().expect("a status");
            status.is_some()
        })
        .await;
        status.expect("a status")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do about a process that has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program that serves.
pub struct Server {
    /// Where.
    pub url: String,
    process: Process,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// Starts `serve` over plain HTTP on a port and waits for its first answer.
    pub async fn serve(location: &Location, port: u16) -> Self {
        let listen = format!("127.0.0.1:{port}");
        let [flag, value] = data(location);
        let args = ["serve", "--insecure-http", "--listen", &listen, &flag, &value];
        Self::start(&args, &[("COUNTERSIGN_SECRET_KEY", SECRET)], port).await
    }

    /// Starts something that serves on a port and waits for its first answer.
    pub async fn start(args: &[&str], variables: &[(&str, &str)], port: u16) -> Self {
        let mut command = program(args);
        command.envs(variables.iter().copied());
        let mut process = Process::spawn(&mut command);
        let said = Arc::new(Mutex::new(String::new()));
        listen_to(process.0.stdout.take().expect("an output"), &said);
        listen_to(process.0.stderr.take().expect("an output"), &said);
        let url = format!("http://127.0.0.1:{port}");
        let mut server = Self { url, process, said };
        let http = reqwest::Client::new();
        until("the program serves", TIMEOUT, async || {
            let ended = server.process.0.try_wait().expect("a status");
            assert!(ended.is_none(), "{args:?} ended at once: {}", server.said());
            http.get(format!("{}/readyz", server.url)).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        server
    }

    /// Everything it printed and logged so far.
    pub fn said(&self) -> String {
        self.said.lock().expect("text").clone()
    }

    /// Waits until it has printed or logged something, and gives that line.
    pub async fn says(&self, part: &str) -> String {
        let line = || self.said().lines().find(|line| line.contains(part)).map(str::to_owned);
        until(part, TIMEOUT, async || line().is_some()).await;
        line().expect("a line")
    }

    /// Ends it as a power cut would: no signal handler runs.
    pub async fn kill(mut self) {
        self.process.0.kill().expect("a process");
        self.process.ended().await;
    }
}

fn listen_to(stream: impl Read + Send + 'static, said: &Arc<Mutex<String>>) {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut said = said.lock().expect("text");
            said.push_str(&line);
            said.push('\n');
        }
    });
}

/// A port that nobody listens on, below those that outgoing connections take.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 10_000).expect("a small number");
    loop {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
