//! How fast the portal is: `cargo bench --bench portal`.
//!
//! Makes a database of 100,000 customers, serves it with the release build, drives it over loopback, and measures
//! in the same run what carries it with nothing of the portal in it: actix-web answering the same bytes from
//! memory, and the same transaction straight on `SQLite`. Absolute figures swing with the machine; what is claimed
//! are the ratios. A limit and what is compared with it take turns, so that both see the same machine.
//!
//! `PostgreSQL` is measured too where its server programs are found: a private cluster in a temporary folder, gone
//! at the end. `BENCH_POSTGRES=0` leaves it out.

mod limits;
mod load;

use std::{
    fmt::Write as _,
    fs::File,
    io::Write as _,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use limits::{BareConfirm, BareServer, Page};
use load::{Browser, Client, Load, Program, Sample, Spent, drive, float, interrupted};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// How many there are, unless `BENCH_CUSTOMERS` says otherwise: for comparing one size with another.
static CUSTOMERS: LazyLock<String> =
    LazyLock::new(|| std::env::var("BENCH_CUSTOMERS").unwrap_or_else(|_| "100000".to_owned()));
const EMAIL: &str = "admin@noordster.example";
const PASSWORD: &str = "only for the benchmark";
/// The account that most customers belong to.
const ACCOUNT_NAME: &str = "Noordster Cloud B.V.";

/// The turns that the measurements take.
const ROUNDS: usize = 6;
/// Of one measurement in one round.
const TIME: Duration = Duration::from_millis(650);
/// The most requests of one measurement in one round.
const COUNT: usize = 7_000;
/// The most confirmations of one round: forms by one client, forms by many, and without the portal.
const FORMS_ONE: usize = 700;
const FORMS_MANY: usize = 1_500;
/// Confirmations by a program in one round.
const FORMS_API: usize = 700;
const BARE_CONFIRMATIONS: usize = 6_000;

/// Clients that read pages.
const READERS: usize = 16;
/// Clients that confirm at the same time, and confirmations in one commit of the limit.
const MANY: usize = 32;
/// Different Account info pages that are read.
const ACCOUNTS: usize = 2_000;
/// Of them as many are answered by the bare server.
const BARE_ACCOUNTS: usize = 64;
/// Different texts that are searched for.
const SEARCHES: usize = 64;

/// Customers that are created in each round.
const FORMS_CREATE: usize = 200;
/// Orders that are placed, and numbers of licences that are changed, in each round.
const FORMS_ORDER: usize = 200;
/// What the customers of the two lists have, beside what the rounds add elsewhere.
const SUBSCRIPTIONS: usize = 200;
const ORDERS: usize = 2_000;
const LIST_FLOOR: f64 = 0.05;
const ACCOUNT_FLOOR: f64 = 0.15;
const STATUS_FLOOR: f64 = 0.15;
const CONFIRM_FLOOR: f64 = 0.3;
const P99_FLOOR: f64 = 15.0;
const IDLE_FLOOR: f64 = 30.0;
const LOAD_FLOOR: f64 = 80.0;
const START_FLOOR: f64 = 150.0;

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, but means something else.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("Measures for minutes; run it with: cargo bench --bench portal");
        return ExitCode::SUCCESS;
    }
    match stop_when_told().and_then(|()| run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// On an interrupt everything comes to its end, so that nothing is left running.
fn stop_when_told() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _entered = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        });
        load::interrupt();
    });
    Ok(())
}

fn go_on() -> anyhow::Result<()> {
    ensure!(!interrupted(), "interrupted");
    Ok(())
}

fn run() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data");
    std::fs::create_dir_all(&folder)?;
    let work = tempfile::Builder::new().prefix("run-").tempdir_in(&folder)?;
    let made = make_data(&folder)?;
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    println!(
        "Countersign {}, {} customers, {workers} workers, sign-in and log on",
        env!("CARGO_PKG_VERSION"),
        *CUSTOMERS
    );
    println!("Figures swing with the machine and whatever else it does; ratios within a run hold better.\n");

    let data = copy(&made, &work.path().join("portal"))?;
    let bare = copy(&made, &work.path().join("bare"))?;
    let known = Known::read(&bare.join(DATABASE))?;
    let place = Database::Sqlite(data);
    let bare_confirm = BareConfirm::open(&bare.join(DATABASE), known.account, EMAIL, known.ids())?;
    measure(&place, &known, Some(bare_confirm), workers, work.path())?;

    match postgres_programs() {
        _ if std::env::var_os("BENCH_POSTGRES").is_some_and(|value| value == "0") => {
            println!("PostgreSQL: left out, BENCH_POSTGRES is 0");
        }
        None => println!("PostgreSQL: left out, its server programs (initdb, pg_ctl) are not here"),
        Some(programs) => {
            let cluster = Cluster::start(&programs)?;
            fill_postgres(&cluster, &known, work.path())?;
            let place = Database::Postgres(cluster.url());
            measure(&place, &known, None, workers, work.path())?;
        }
    }
    Ok(())
}

// --- data --------------------------------------------------------------------------------------

const DATABASE: &str = "countersign.db";

/// The folder of the demo's database with all its customers; made once and kept while nothing changes that it
/// is made of.
fn make_data(folder: &Path) -> anyhow::Result<PathBuf> {
    let made = folder.join("customers");
    let marker = folder.join("customers.complete");
    let stamp = stamp()?;
    if std::fs::read_to_string(&marker).is_ok_and(|found| found == stamp) {
        return Ok(made);
    }
    for path in [&made, &marker] {
        std::fs::remove_dir_all(path).or_else(|_| std::fs::remove_file(path)).ok();
    }
    eprintln!("Making up {} customers, once …", *CUSTOMERS);
    let (output, log) = (folder.join("customers.out"), folder.join("customers.log"));
    let mut demo = portal_command(&log)?;
    demo.args(["demo", "--customers", &CUSTOMERS, "--port", &free_port()?.to_string(), "--data-dir"]).arg(&made);
    demo.env("COUNTERSIGN_DEMO_PASSWORD", PASSWORD).stdout(File::create(&output)?);
    let mut demo = Process::start(demo, &log)?;
    // It says who can sign in once everything is there.
    let there = || std::fs::read_to_string(&output).is_ok_and(|text| text.contains(EMAIL));
    demo.wait_until(Duration::from_mins(20), there)?;
    demo.stop();
    std::fs::write(&marker, stamp)?;
    Ok(made)
}

/// Changes with the schema and the demo's customers.
fn stamp() -> anyhow::Result<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let migrations = std::fs::read_dir(source.join("migrations/sqlite"))?;
    let mut files: Vec<PathBuf> = migrations.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.push(source.join("src/demo.rs"));
    files.sort();
    let mut stamp = format!("{} customers", *CUSTOMERS);
    for file in files {
        let hash = Sha256::digest(std::fs::read(&file)?);
        stamp.push('\n');
        for byte in hash {
            write!(stamp, "{byte:02x}")?;
        }
    }
    Ok(stamp)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        std::fs::copy(entry.path(), &copy)?;
        // Else the first commits measured would write the copy to disk.
        File::open(copy)?.sync_all()?;
    }
    Ok(to.to_owned())
}

/// What is known of the customers without asking the portal.
struct Known {
    /// The account that most of them belong to, where everybody lands.
    account: Uuid,
    /// Its customers, scattered: id and folded name.
    customers: Vec<(Uuid, String)>,
    /// All customers as lines of a file.
    csv: Vec<u8>,
}

impl Known {
    fn read(database: &Path) -> anyhow::Result<Self> {
        let at = rusqlite::Connection::open(database)?;
        let sql = "SELECT id FROM partner_accounts ORDER BY position LIMIT 1";
        let account = Uuid::from_bytes(at.query_row(sql, [], |row| row.get(0))?);

        let mut statement =
            at.prepare("SELECT partner_account_id, id, name_fold, company_name, domain FROM customers")?;
        let mut rows = statement.query([])?;
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["Microsoft ID", "Company name", "Primary domain name", "Relationship"])?;
        let mut customers = Vec::new();
        while let Some(row) = rows.next()? {
            let id = Uuid::from_bytes(row.get("id")?);
            let (name, domain): (String, String) = (row.get("company_name")?, row.get("domain")?);
            csv.write_record([id.to_string().as_str(), &name, &domain, "Reseller"])?;
            if row.get::<_, [u8; 16]>("partner_account_id")? == account.into_bytes() {
                customers.push((id, row.get("name_fold")?));
            }
        }
        // The same order in every run, unlike that of any index.
        customers.sort_by_cached_key(|(id, _)| Sha256::digest(id.as_bytes()));
        ensure!(customers.len() > ROUNDS * (FORMS_ONE + FORMS_MANY + FORMS_API), "only {} customers", customers.len());
        Ok(Self { account, customers, csv: csv.into_inner()? })
    }

    fn ids(&self) -> Vec<Uuid> {
        self.customers.iter().map(|(id, _)| *id).collect()
    }

    /// Different texts made of names.
    fn texts(&self, of: impl Fn(usize, &str) -> Option<String>) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        for (_, name) in &self.customers {
            if let Some(text) = of(texts.len(), name).filter(|text| !texts.contains(text)) {
                texts.push(text);
            }
            if texts.len() == SEARCHES {
                break;
            }
        }
        texts
    }

    /// The first four to six letters of names; the demo's names begin with few different words, so that each has
    /// thousands of hits.
    fn prefixes(&self) -> Vec<String> {
        self.texts(|number, name| Some(letters(name, 4 + number % 3)).filter(|text| text.len() >= 4))
    }

    /// Names all but for their legal form: few hits.
    fn names(&self) -> Vec<String> {
        self.texts(|_, name| Some(numbered(name)?.to_owned()))
    }

    /// Four to six letters in the middle of names, with many hits.
    fn middles(&self) -> Vec<String> {
        self.texts(|number, name| {
            let word = name.split(' ').skip(1).find(|word| letters(word, 7).len() >= 6)?;
            Some(letters(&word[1..], 4 + number % 3)).filter(|text| text.len() >= 4)
        })
    }

    /// All of a name but the first word and the legal form: few hits.
    fn ends(&self) -> Vec<String> {
        self.texts(|_, name| Some(numbered(name)?.split_once(' ')?.1.to_owned()))
    }
}

/// At most so many of the letters that the text begins with.
fn letters(text: &str, most: usize) -> String {
    text.chars().take_while(char::is_ascii_lowercase).take(most).collect()
}

/// The name without its legal form, when what is left ends with a number of its own.
fn numbered(name: &str) -> Option<&str> {
    let (name, _) = name.rsplit_once(' ')?;
    name.ends_with(|last: char| last.is_ascii_digit()).then_some(name)
}

// --- processes ---------------------------------------------------------------------------------

/// A process that is stopped when nobody needs it any more, by its id.
struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let program = command.get_program().to_owned();
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self { child, log: log.to_owned() })
    }

    fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for something that the process brings about.
    fn wait_until(&mut self, longest: Duration, there: impl Fn() -> bool) -> anyhow::Result<()> {
        let began = Instant::now();
        while !there() {
            go_on()?;
            if let Some(status) = self.child.try_wait()? {
                bail!("a process ended too early ({status}): {}", self.last_words());
            }
            ensure!(began.elapsed() < longest, "a process took too long: {}", self.last_words());
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Waits until it has done its work.
    fn finish(mut self, longest: Duration) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            go_on()?;
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("a process failed ({status}): {}", self.last_words()),
                None => ensure!(began.elapsed() < longest, "a process took too long: {}", self.last_words()),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(3)..].join("\n")
    }

    /// Asks it to end, and waits for that; in the end it is not asked.
    fn stop(&mut self) {
        let id = self.id().to_string();
        // The shell brings a kill of its own, where the machine has none.
        let asked = matches!(self.child.try_wait(), Ok(None))
            && Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().is_ok_and(|status| status.success());
        let began = Instant::now();
        while asked && began.elapsed() < Duration::from_secs(15) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The portal's program with none of the settings of whoever runs this.
fn portal_command(log: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("COUNTERSIGN_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::options().create(true).append(true).open(log)?);
    Ok(command)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Where the portal keeps its data.
enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Database {
    fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Makes a command of the portal use it.
    fn tell(&self, command: &mut Command) {
        match self {
            Self::Sqlite(folder) => command.env("COUNTERSIGN_DATA_DIR", folder),
            Self::Postgres(url) => {
                command.env("COUNTERSIGN_DATABASE_URL", url).env("COUNTERSIGN_SECRET_KEY", "bench ".repeat(8))
            }
        };
    }

    /// Starts the portal on it.
    fn serve(&self, folder: &Path) -> anyhow::Result<(Process, SocketAddr)> {
        let log = folder.join("portal.log");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = portal_command(&log)?;
        self.tell(&mut command);
        command.args(["serve", "--insecure-http", "--api-requests-per-minute", "0", "--listen", &address.to_string()]);
        Ok((Process::start(command, &log)?, address))
    }

    /// The access token of a program.
    fn access_token(&self, folder: &Path) -> anyhow::Result<String> {
        let (log, output) = (folder.join("token.log"), folder.join("token.out"));
        for step in [
            &["api-client", "create", "Bench", "--account", ACCOUNT_NAME][..],
            &["api-client", "token", "Bench", "--account", ACCOUNT_NAME],
        ] {
            let mut command = portal_command(&log)?;
            self.tell(&mut command);
            command.args(step).stdout(File::create(&output)?);
            Process::start(command, &log)?.finish(Duration::from_mins(1)).with_context(|| step[..2].join(" "))?;
        }
        Ok(std::fs::read_to_string(&output)?.trim().to_owned())
    }
}

/// What a process has for itself, in megabytes: `Private_Clean` and `Private_Dirty`.
fn private_memory(id: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let lines = text.lines().filter(|line| line.starts_with("Private_Clean:") || line.starts_with("Private_Dirty:"));
    let kibibytes: f64 = lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).sum();
    Some(kibibytes * 1024.0 / 1e6)
}

/// Processor time that a process or thread has used so far, and its name. Linux counts in hundredths of a second.
fn processor_time(folder: &Path) -> Option<(String, Duration)> {
    let text = std::fs::read_to_string(folder.join("stat")).ok()?;
    // The name, in parentheses, may hold spaces.
    let (name, fields) = text.rsplit_once(')')?;
    let hundredths: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some((name.split_once('(')?.1.to_owned(), Duration::from_millis(hundredths * 10)))
}

/// What server and clients have used so far. The server is the portal or, without it, the bare one in this process.
fn spent(portal: Option<u32>) -> Option<Spent> {
    let own = Path::new("/proc/self");
    let (_, all) = processor_time(own)?;
    if let Some(id) = portal {
        let (_, server) = processor_time(Path::new(&format!("/proc/{id}")))?;
        return Some(Spent { server, clients: all });
    }
    let threads = std::fs::read_dir(own.join("task")).ok()?.filter_map(|thread| processor_time(&thread.ok()?.path()));
    let server = threads.filter(|(name, _)| name.starts_with("actix")).map(|(_, time)| time).sum();
    Some(Spent { server, clients: all.saturating_sub(server) })
}

/// Drives a server and sees what it costs.
fn drive_and_count(portal: Option<u32>, load: Load<'_>) -> Sample {
    let before = spent(portal);
    let mut sample = drive(load);
    sample.spent = spent(portal).zip(before).map(|(after, before)| Spent {
        server: after.server.saturating_sub(before.server),
        clients: after.clients.saturating_sub(before.clients),
    });
    sample
}

/// Looks at a process's memory again and again, and remembers the most.
struct Watch {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<Option<f64>>,
}

impl Watch {
    fn start(id: u32) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            let mut most = None;
            while !told.load(Ordering::Relaxed) {
                let now = private_memory(id);
                most = if now > most { now } else { most };
                std::thread::sleep(Duration::from_millis(100));
            }
            most
        });
        Self { ended, thread }
    }

    fn end(self) -> Option<f64> {
        self.ended.store(true, Ordering::Relaxed);
        self.thread.join().ok().flatten()
    }
}

// --- PostgreSQL --------------------------------------------------------------------------------

/// The folder of `PostgreSQL`'s server programs, which Debian keeps off the path.
fn postgres_programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file());
    let debian = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        let newest = versions.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(|path| version(path))?;
        Some(newest.join("bin"))
    };
    on_path.or_else(debian).filter(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// A private cluster that syncs its commits to disk, as the portal demands.
struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    /// `PostgreSQL` refuses to run as root; then it runs as this user.
    user: Option<&'static str>,
    port: u16,
}

impl Cluster {
    fn start(programs: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("countersign-bench-").tempdir()?;
        let is = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output();
        let user = if is("id", &["-u"])?.stdout.trim_ascii() == b"0" {
            let user = if is("id", &["postgres"])?.status.success() { "postgres" } else { "nobody" };
            let owned = Command::new("chown").arg(user).arg(folder.path()).status()?;
            ensure!(owned.success(), "cannot give the cluster's folder to {user}");
            Some(user)
        } else {
            None
        };
        let cluster = Self { programs: programs.to_owned(), folder, user, port: free_port()? };
        let data = cluster.data();
        cluster
            .run("initdb", &["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", &data])?;
        let options =
            format!("-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c fsync=on", cluster.port);
        let log = format!("--log={}", cluster.folder.path().join("log").display());
        cluster.run("pg_ctl", &["start", "--wait", "--pgdata", &data, &log, "--options", &options])?;
        Ok(cluster)
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let path = self.programs.join(program);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(path);
                command
            }
            None => Command::new(path),
        };
        command.args(arguments).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let log = self.folder.path().join(format!("{program}.log"));
        let mut command = self.command(program, arguments);
        command.stderr(File::create(&log)?);
        Process::start(command, &log)?.finish(Duration::from_mins(5)).with_context(|| program.to_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        if Path::new(&data).join("postmaster.pid").exists() {
            self.command("pg_ctl", &["stop", "--wait", "--mode=immediate", "--pgdata", &data]).status().ok();
        }
    }
}

/// Fills an empty cluster as an administrator would: an account, a user, and a file of customers.
fn fill_postgres(cluster: &Cluster, known: &Known, work: &Path) -> anyhow::Result<()> {
    eprintln!("Importing {} customers into PostgreSQL …", *CUSTOMERS);
    let log = work.join("fill.log");
    let database = Database::Postgres(cluster.url());
    let file = work.join("customers.csv");
    std::fs::write(&file, &known.csv).with_context(|| format!("cannot write {}", file.display()))?;
    let file = file.display().to_string();
    let (account, longest) = (ACCOUNT_NAME, Duration::from_mins(20));
    let steps: [&[&str]; 3] = [
        &["account", "create", account, "--country", "NL", "--time-zone", "Europe/Amsterdam"],
        &["user", "create", EMAIL, "--name", "Joris Bakker", "--role", "admin_agent", "--password-stdin"],
        &["import", "customers", &file, "--apply"],
    ];
    for step in steps {
        let mut command = portal_command(&log)?;
        database.tell(&mut command);
        let mut process = Process::start(
            {
                command.args(step).stdin(Stdio::piped());
                command
            },
            &log,
        )?;
        if let Some(mut stdin) = process.child.stdin.take() {
            // Only one of them reads it.
            writeln!(stdin, "{PASSWORD}").ok();
        }
        process.finish(longest).with_context(|| step[..2].join(" "))?;
    }
    // Sooner than the server would by itself.
    let port = cluster.port.to_string();
    cluster.run("vacuumdb", &["--analyze", "--host=127.0.0.1", "--port", &port, "--username=postgres", "postgres"])
}

// --- measuring ---------------------------------------------------------------------------------

/// Opens the forms of customers, a few at a time, as nobody measures.
fn confirmations(browser: &Browser, customers: &[Uuid]) -> anyhow::Result<Vec<Vec<u8>>> {
    let some = |customers: &[Uuid]| -> anyhow::Result<Vec<Vec<u8>>> {
        let mut browser = browser.again()?;
        let forms = customers.iter().map(|customer| go_on().and_then(|()| browser.confirmation(*customer)));
        forms.collect()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            customers.chunks(customers.len().div_ceil(4)).map(|part| scope.spawn(move || some(part))).collect();
        let mut forms = Vec::with_capacity(customers.len());
        for part in parts {
            forms.extend(part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(forms)
    })
}

/// Confirms a customer and places so many orders of one subscription each.
fn has_ordered(browser: &mut Browser, customer: Uuid, orders: usize) -> anyhow::Result<()> {
    let form = browser.confirmation(customer)?;
    browser.sends(&form)?;
    for _ in 0..orders {
        go_on()?;
        let form = browser.order(customer)?;
        browser.sends(&form)?;
    }
    Ok(())
}

/// Pages that are read: what the table calls them, and the requests, taken in turn.
struct Scene {
    name: &'static str,
    address: SocketAddr,
    /// The portal's process; none for what is not the portal.
    portal: Option<u32>,
    requests: Vec<Vec<u8>>,
    sample: Sample,
}

impl Scene {
    /// A scene that failed is not run again, so that it does not spoil the others.
    fn run(&mut self) {
        if self.sample.errors > 0 {
            return;
        }
        let load = Load {
            address: self.address,
            requests: &self.requests,
            first: self.sample.times.len(),
            clients: READERS,
            status: 200,
            time: TIME,
            count: COUNT,
        };
        self.sample.add(drive_and_count(self.portal, load));
    }

    /// How it does against the scene that is its limit, if there is one.
    fn verdict(&self, scenes: &[Self]) -> Option<Verdict> {
        let (limit, floor) = match self.name {
            LIST => (BARE_LIST, LIST_FLOOR),
            ACCOUNT => (BARE_ACCOUNT, ACCOUNT_FLOOR),
            STATUS => (BARE_STATUS, STATUS_FLOOR),
            API_AGREEMENTS => (BARE_API_AGREEMENTS, ACCOUNT_FLOOR),
            API_PAGE => (BARE_API_PAGE, LIST_FLOOR),
            name if STEPS.contains(&name) => (BARE_STEP, ACCOUNT_FLOOR),
            _ => return None,
        };
        let limit = scenes.iter().find(|scene| scene.name == limit)?;
        Some(Verdict::page(&self.sample, &limit.sample, floor))
    }
}

/// Customers with orders, and the lists of what they ordered.
struct Orders {
    /// Orders, and changes a number of licences, in each round.
    buyer: Uuid,
    /// The pages of many subscriptions and of many orders.
    lists: [String; 2],
    /// The rows on the customers list and on each of these pages.
    rows: [usize; 3],
    placed: Sample,
    changed: Sample,
}

impl Orders {
    /// Places orders for customers who are not among those that the rounds confirm.
    fn place(browser: &mut Browser, ids: &[Uuid]) -> anyhow::Result<Self> {
        let [.., buyer, subscriber, orderer] = *ids else { bail!("too few customers") };
        eprintln!("Placing {} orders …", SUBSCRIPTIONS + ORDERS);
        for (customer, orders) in [(buyer, 0), (subscriber, SUBSCRIPTIONS), (orderer, ORDERS)] {
            has_ordered(browser, customer, orders)?;
        }
        let lists = [format!("/customers/{subscriber}/subscriptions"), format!("/customers/{orderer}/orders")];
        let mut rows = [0; 3];
        for (rows, path) in rows.iter_mut().zip(["/customers", &lists[0], &lists[1]]) {
            *rows = browser.page(path)?.text()?.matches("<th scope=\"row\">").count();
        }
        Ok(Self { buyer, lists, rows, placed: Sample::default(), changed: Sample::default() })
    }

    /// Places orders, then changes a number of licences of each subscription on a page: one client.
    fn round(&mut self, browser: &Browser, round: usize, portal: u32, load: Load<'_>) -> anyhow::Result<()> {
        let mut author = browser.again()?;
        let forms: Vec<Vec<u8>> =
            (0..FORMS_ORDER).map(|_| go_on().and_then(|()| author.order(self.buyer))).collect::<anyhow::Result<_>>()?;
        self.placed.add(drive_and_count(Some(portal), Load { requests: &forms, count: FORMS_ORDER, ..load }));
        // Each subscription once: a second form of the same would have been overtaken by the first.
        let mut author = browser.again()?;
        let forms: Vec<Vec<u8>> = author
            .quantities(self.buyer)?
            .iter()
            .map(|path| go_on().and_then(|()| author.quantity(path, 26 + round)))
            .collect::<anyhow::Result<_>>()?;
        self.changed.add(drive_and_count(Some(portal), Load { requests: &forms, count: forms.len(), ..load }));
        Ok(())
    }

    fn errors(&self) -> usize {
        self.placed.errors + self.changed.errors
    }

    /// Prints what a row of these lists costs beside one of the customers list.
    fn print_cost_of_rows(&self, scenes: &[Scene]) {
        let cost = |rows: usize, name: &str| {
            let sample = scenes.iter().find(|scene| scene.name == name)?.sample.cost()?;
            Some(sample.as_secs_f64() * 1e6 / float(rows))
        };
        let [customers, subscriptions, orders] = self.rows;
        let Some(most) = cost(customers, LIST) else { return };
        println!("  {LIST}, CPU us per row of {customers}: {most:.1}");
        for (rows, name) in [(subscriptions, SUBSCRIPTION_LIST), (orders, ORDER_LIST)] {
            let Some(cost) = cost(rows, name) else { continue };
            println!("  {name}, CPU us per row of {rows}: {cost:.1} (floor: {most:.1}) {}", word(cost <= most));
        }
    }
}

/// Serves a database, drives it and prints what came of it.
fn measure(
    database: &Database,
    known: &Known,
    mut bare: Option<BareConfirm>,
    workers: usize,
    work: &Path,
) -> anyhow::Result<()> {
    let (portal, address) = database.serve(work)?;
    first_answer(address)?;
    let browser = Browser::sign_in(address, EMAIL, PASSWORD)?;
    let mut searches = Search::all(known);
    for search in &mut searches {
        search.try_out(&browser)?;
    }
    drop(portal);
    let start = time_to_first_page(database, &browser.cookies, work)?;

    let (portal, address) = database.serve(work)?;
    first_answer(address)?;
    // Later than what the portal does at its start, so that what a sign-in leaves behind counts as idle memory.
    std::thread::sleep(Duration::from_secs(1));
    let mut browser = Browser::sign_in(address, EMAIL, PASSWORD)?;
    let list = Page::of(&browser.page("/customers")?);
    let mut pages = vec![list];
    let ids = known.ids();
    for id in &ids[..BARE_ACCOUNTS] {
        pages.push(Page::of(&browser.page(&format!("/customers/{id}/account"))?));
    }
    std::thread::sleep(Duration::from_secs(2));
    let idle = private_memory(portal.id());
    let mut orders = Orders::place(&mut browser, &ids)?;
    let watch = Watch::start(portal.id());

    let steps = browser.new_customer("benchsteps")?;
    pages.push(Page::of(&browser.page(&steps[0])?));
    pages.push(Page::of(&browser.page("/status")?));
    let program = Program { address, token: database.access_token(work)? };
    let template = read_api(&program, ids[0], &mut pages)?;

    let server = BareServer::start(pages, workers)?;
    let mut scenes = scenes(&ids, searches, &steps, &orders.lists, &browser, &program, portal.id(), &server);
    let [mut create, mut confirm_api] = std::array::from_fn(|_| Sample::default());
    let [mut confirm_one, mut confirm_many, mut bare_one, mut bare_many] = std::array::from_fn(|_| Sample::default());
    let mut customers = ids.as_slice();
    for round in 0..ROUNDS {
        for scene in &mut scenes {
            go_on()?;
            scene.run();
        }
        let domains = (0..FORMS_CREATE).map(|number| format!("bench{round}x{number}"));
        // A connection of its own: an idle one is closed after a while.
        let mut author = browser.again()?;
        let forms: Vec<Vec<u8>> =
            domains.map(|domain| go_on().and_then(|()| author.creation(&domain))).collect::<anyhow::Result<_>>()?;
        let load =
            Load { address, requests: &forms, first: 0, clients: 1, status: 303, time: TIME, count: FORMS_CREATE };
        create.add(drive_and_count(Some(portal.id()), load));
        orders.round(&browser, round, portal.id(), load)?;
        let (now, later) = customers.split_at(FORMS_API);
        customers = later;
        let bodies: Vec<Vec<u8>> = now.iter().map(|customer| program.confirmation(*customer, &template)).collect();
        let api = Load { requests: &bodies, status: 201, count: FORMS_API, ..load };
        confirm_api.add(drive_and_count(Some(portal.id()), api));
        for (clients, most, sample, bare_sample) in
            [(1, FORMS_ONE, &mut confirm_one, &mut bare_one), (MANY, FORMS_MANY, &mut confirm_many, &mut bare_many)]
        {
            let (now, later) = customers.split_at(most);
            customers = later;
            let forms = confirmations(&browser, now)?;
            if let Some(bare) = &mut bare {
                bare_sample.add(bare.run(clients, TIME, BARE_CONFIRMATIONS)?);
            }
            let load = Load { address, requests: &forms, first: 0, clients, status: 303, time: TIME, count: most };
            sample.add(drive_and_count(Some(portal.id()), load));
        }
    }
    go_on()?;
    let peak = watch.end();
    drop(server);
    drop(portal);

    let mut table = Table::default();
    for scene in &scenes {
        table.row(scene.name, READERS, 1, &scene.sample, scene.verdict(&scenes));
    }
    table.row("create customer, confirmed, with an order (POST)", 1, 1, &create, None);
    table.row("place order (POST)", 1, 1, &orders.placed, None);
    table.row("change number of licences (POST)", 1, 1, &orders.changed, None);
    let errors = confirm_api.errors + confirm_many.errors + confirm_one.errors + create.errors + orders.errors();
    let limits = bare.is_some().then_some([&bare_one, &bare_many]);
    confirmations_table(&mut table, [&confirm_api, &confirm_one, &confirm_many], limits);

    println!("{}", database.name());
    table.print();
    if let Database::Postgres(_) = database {
        println!("  Here confirmations start from nothing: the customers come from a file that tells of none.");
    }
    orders.print_cost_of_rows(&scenes);
    print_figure("errors when confirming, creating, ordering and changing", Some(float(errors)), "", 0.0);
    print_figure("private memory, idle", idle, "MB", IDLE_FLOOR);
    print_figure("private memory, most under this load", peak, "MB", LOAD_FLOOR);
    print_figure("start to the first page (median of 5)", Some(start), "ms", START_FLOOR);
    println!();
    Ok(())
}

/// Reads what programs read, for the bare server; the id of the text that customers accept now.
fn read_api(program: &Program, customer: Uuid, pages: &mut Vec<Page>) -> anyhow::Result<String> {
    let mut client = Client::connect(program.address)?;
    for path in [&api_agreements(customer), API_PAGE_PATH] {
        let answer = client.send(&program.get(path))?;
        ensure!(answer.status == 200, "{path} was answered with {}", answer.status);
        pages.push(Page::of(&answer));
    }
    let answer = client.send(&program.get("/v1/agreements?agreementType=*"))?;
    let (_, rest) = answer.text()?.split_once("\"templateId\":\"").context("no text of the agreement")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

/// Compares the confirmations with their limits.
fn confirmations_table(table: &mut Table, [api, one, many]: [&Sample; 3], bare: Option<[&Sample; 2]>) {
    let Some([bare_one, bare_many]) = bare else {
        table.row("confirm (POST)", 1, 1, one, None);
        table.row(API_CONFIRM, 1, 1, api, None);
        table.row("confirm (POST)", MANY, 1, many, None);
        return;
    };
    let ratio = |sample: &Sample| Some(Verdict::at_least(sample.rate() / bare_one.rate(), CONFIRM_FLOOR));
    table.row("bare SQLite, one confirmation per commit", 1, 1, bare_one, None);
    table.row("confirm (POST)", 1, 1, one, ratio(one));
    table.row(API_CONFIRM, 1, 1, api, ratio(api));
    table.row("bare SQLite, 32 per commit (times of commits)", 1, MANY, bare_many, None);
    let p99 = many.percentile(99).as_secs_f64() / bare_many.percentile(99).as_secs_f64().max(1e-9);
    table.row("confirm (POST)", MANY, 1, many, Some(Verdict::p99(p99)));
}

const BARE_LIST: &str = "bare actix-web, bytes of the customers list";
const LIST: &str = "customers list";
const BARE_ACCOUNT: &str = "bare actix-web, bytes of Account info";
const ACCOUNT: &str = "Account info";

const BARE_STATUS: &str = "bare actix-web, bytes of Confirmation status";
const STATUS: &str = "Confirmation status";

const BARE_API_AGREEMENTS: &str = "bare actix-web, bytes of API: GET agreements";
const API_AGREEMENTS: &str = "API: GET agreements of a customer";
const BARE_API_PAGE: &str = "bare actix-web, bytes of API: GET customers";
const API_PAGE: &str = "API: GET customers, page of 500";
const API_CONFIRM: &str = "API: POST agreement";
const API_PAGE_PATH: &str = "/v1/customers?size=500";

fn api_agreements(customer: Uuid) -> String {
    format!("/v1/customers/{customer}/agreements?agreementType=*")
}

const SUBSCRIPTION_LIST: &str = "subscriptions of a customer with 200";
const ORDER_LIST: &str = "orders of a customer with 2,000";

const BARE_STEP: &str = "bare actix-web, bytes of New customer, step 1";
const STEPS: [&str; 3] = ["New customer, step 1", "New customer, step 2", "New customer, step 3"];

/// What is searched for: what the table calls it, the texts, and what went wrong when they were tried.
struct Search {
    name: &'static str,
    texts: Vec<String>,
    failed: Option<String>,
}

impl Search {
    fn all(known: &Known) -> [Self; 4] {
        let search = |name, texts| Self { name, texts, failed: None };
        [
            search("search by prefix, 4 to 6 letters", known.prefixes()),
            search("search by prefix, nearly the whole name", known.names()),
            search("search in the middle, 4 to 6 letters", known.middles()),
            search("search in the middle, few hits", known.ends()),
        ]
    }

    fn path(text: &str) -> String {
        format!("/customers?{}", form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish())
    }

    /// Tries some of the texts. A search that finds nothing would be no measure, and one that takes longer than
    /// a measurement would only keep the portal from the others.
    fn try_out(&mut self, browser: &Browser) -> anyhow::Result<()> {
        ensure!(!self.texts.is_empty(), "nothing to search for");
        let mut browser = browser.again()?;
        for text in self.texts.iter().take(8) {
            go_on()?;
            let began = Instant::now();
            let found = browser.page(&Self::path(text)).and_then(|page| {
                ensure!(page.text()?.contains("<th scope=\"row\">"), "nothing was found");
                ensure!(began.elapsed() < TIME, "one answer took {:.1} s", began.elapsed().as_secs_f64());
                Ok(())
            });
            if let Err(error) = found {
                self.failed = Some(format!("{text:?}: {error:#}"));
                break;
            }
        }
        Ok(())
    }
}

#[expect(clippy::too_many_arguments, reason = "everything that is read")]
fn scenes(
    ids: &[Uuid],
    searches: [Search; 4],
    steps: &[String; 3],
    lists: &[String; 2],
    browser: &Browser,
    program: &Program,
    portal: u32,
    server: &BareServer,
) -> Vec<Scene> {
    let bare =
        |name, requests| Scene { name, address: server.address, portal: None, requests, sample: Sample::default() };
    let page = |name, requests| Scene {
        name,
        address: browser.address,
        portal: Some(portal),
        requests,
        sample: Sample::default(),
    };
    let bare_get = |number: usize| format!("GET /{number} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).into_bytes();
    let accounts = ids[..ACCOUNTS].iter().map(|id| browser.get(&format!("/customers/{id}/account"))).collect();
    let mut scenes = vec![
        bare(BARE_LIST, vec![bare_get(0)]),
        page(LIST, vec![browser.get("/customers")]),
        bare(BARE_ACCOUNT, (1..=BARE_ACCOUNTS).map(bare_get).collect()),
        page(ACCOUNT, accounts),
        bare(BARE_STATUS, vec![bare_get(BARE_ACCOUNTS + 2)]),
        page(STATUS, vec![browser.get("/status")]),
        bare(BARE_STEP, vec![bare_get(BARE_ACCOUNTS + 1)]),
        bare(BARE_API_AGREEMENTS, vec![bare_get(BARE_ACCOUNTS + 3)]),
        page(API_AGREEMENTS, ids[..ACCOUNTS].iter().map(|id| program.get(&api_agreements(*id))).collect()),
        bare(BARE_API_PAGE, vec![bare_get(BARE_ACCOUNTS + 4)]),
        page(API_PAGE, vec![program.get(API_PAGE_PATH)]),
    ];
    scenes.extend(STEPS.into_iter().zip(steps).map(|(name, path)| page(name, vec![browser.get(path)])));
    for (name, path) in [SUBSCRIPTION_LIST, ORDER_LIST].into_iter().zip(lists) {
        scenes.push(page(name, vec![browser.get(path)]));
    }
    for search in searches {
        let mut scene = page(search.name, search.texts.iter().map(|text| browser.get(&Search::path(text))).collect());
        scene.sample.errors = usize::from(search.failed.is_some());
        scene.sample.first_error = search.failed;
        scenes.push(scene);
    }
    scenes
}

/// From the start of the process to the customers list of somebody who is signed in already, in milliseconds.
fn time_to_first_page(database: &Database, cookies: &[(String, String)], work: &Path) -> anyhow::Result<f64> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let (portal, address) = database.serve(work)?;
        let client = first_answer(address)?;
        Browser { address, client, cookies: cookies.to_vec() }.page("/customers")?;
        times.push(began.elapsed());
        drop(portal);
    }
    times.sort_unstable();
    Ok(times[times.len() / 2].as_secs_f64() * 1000.0)
}

/// Connects as soon as the server listens.
fn first_answer(address: SocketAddr) -> anyhow::Result<Client> {
    let began = Instant::now();
    loop {
        go_on()?;
        match Client::connect(address) {
            Ok(client) => return Ok(client),
            Err(error) if began.elapsed() > Duration::from_secs(30) => {
                return Err(error).context("the portal does not listen");
            }
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

// --- the table ---------------------------------------------------------------------------------

/// A figure against its limit and its floor.
struct Verdict {
    ratio: String,
    floor: String,
    met: bool,
}

impl Verdict {
    /// A share of the limit's rate; beside it what the share would be if both had the machine for themselves, by
    /// the processor time of both sides.
    fn page(sample: &Sample, limit: &Sample, floor: f64) -> Self {
        let mut verdict = Self::at_least(sample.rate() / limit.rate(), floor);
        if let (Some(cost), Some(least)) = (sample.whole_cost(), limit.whole_cost()) {
            let by_cost = least.as_secs_f64() / cost.as_secs_f64().max(1e-9);
            verdict.ratio = format!("{} (by CPU {by_cost:.3})", verdict.ratio);
        }
        verdict
    }

    /// A share of the limit's rate.
    fn at_least(ratio: f64, floor: f64) -> Self {
        Self { ratio: format!("{ratio:.3}"), floor: format!(">= {floor}"), met: ratio >= floor }
    }

    /// A multiple of the limit's 99th percentile.
    fn p99(ratio: f64) -> Self {
        Self { ratio: format!("p99 {ratio:.1}x"), floor: format!("< {P99_FLOOR}x"), met: ratio < P99_FLOOR }
    }
}

fn word(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

#[derive(Default)]
struct Table {
    rows: Vec<[String; 10]>,
    errors: Vec<String>,
}

impl Table {
    /// `each` is how many of what is counted one measured time covers.
    fn row(&mut self, what: &str, clients: usize, each: usize, sample: &Sample, verdict: Option<Verdict>) {
        let millis = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
        let known = |figure: String| if sample.times.is_empty() { "-".to_owned() } else { figure };
        if let Some(error) = &sample.first_error {
            self.errors.push(format!("{what}, {clients} clients: {} errors, the first: {error}", sample.errors));
        }
        let met = verdict.as_ref().map_or("", |verdict| word(verdict.met)).to_owned();
        let (ratio, floor) = verdict.map_or_else(Default::default, |verdict| (verdict.ratio, verdict.floor));
        self.rows.push([
            what.to_owned(),
            clients.to_string(),
            known(format!("{:.0}", sample.rate() * float(each))),
            known(millis(sample.percentile(50))),
            known(millis(sample.percentile(99))),
            sample.cost().map_or_else(|| "-".to_owned(), |time| time.as_micros().to_string()),
            sample.errors.to_string(),
            ratio,
            floor,
            met,
        ]);
    }

    fn print(&self) {
        let head = ["what", "clients", "per second", "p50 ms", "p99 ms", "CPU us", "errors", "of limit", "floor", ""];
        let rows: Vec<[&str; 10]> =
            std::iter::once(head).chain(self.rows.iter().map(|row| row.each_ref().map(String::as_str))).collect();
        let widths: [usize; 10] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for row in rows {
            let mut line = String::from(" ");
            for (column, (cell, width)) in row.into_iter().zip(widths).enumerate() {
                let _ = if column == 0 { write!(line, " {cell:<width$}") } else { write!(line, "  {cell:>width$}") };
            }
            println!("{}", line.trim_end());
        }
        for error in &self.errors {
            println!("  ERROR {error}");
        }
    }
}

fn print_figure(what: &str, figure: Option<f64>, unit: &str, floor: f64) {
    match figure {
        Some(figure) => {
            let met = if floor == 0.0 { figure <= floor } else { figure < floor };
            println!("  {what}: {figure:.1} {unit} (floor: {floor:.0} {unit}) {}", word(met));
        }
        None => println!("  {what}: not known on this system"),
    }
}
