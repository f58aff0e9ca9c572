//! The log: lines of text or JSON to standard error, ids only.

use clap::{Args, ValueEnum};
use tracing_subscriber::{EnvFilter, fmt};

/// How the log is written.
#[derive(Debug, Clone, Args)]
pub struct LogSettings {
    /// What is logged: error, warn, info, debug, or a filter such as info,countersign=debug
    #[arg(
        long = "log",
        help_heading = "Log",
        env = "COUNTERSIGN_LOG",
        default_value = "info",
        value_name = "FILTER",
        global = true
    )]
    pub filter: String,

    /// The form of log lines: text or json
    #[arg(
        long = "log-format",
        help_heading = "Log",
        hide_possible_values = true,
        env = "COUNTERSIGN_LOG_FORMAT",
        default_value = "text",
        value_name = "FORM",
        global = true
    )]
    pub format: LogFormat,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts the log, once per process. What is written by others' code below a warning is left out.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = ["actix_server=warn", "actix_session=error", "i18n_embed=warn", "sqlx=error"]
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match settings.format {
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
