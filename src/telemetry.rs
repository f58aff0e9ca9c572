//! The log: lines of text or JSON to standard error, ids only, and the span that says which request a line belongs to.

use std::{backtrace::Backtrace, error::Error, fmt::Display, panic::PanicHookInfo};

use clap::{Args, ValueEnum};
use tracing::{Level, Span, field};
use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt};

use crate::domain::actor::{Actor, ActorKind};

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

/// Why a log filter is refused.
#[derive(Debug, thiserror::Error)]
#[error(
    "the log filter {filter:?} is not valid: {reason}; give error, warn, info, debug, trace or off, or target=level"
)]
pub struct FilterError {
    filter: String,
    reason: String,
}

/// Starts the log, once per process. Libraries log warnings at most.
pub fn start(settings: &LogSettings) -> Result<(), FilterError> {
    // What a client does to its own connection, a malformed header or a broken stream, is no error of the portal.
    let filter =
        ["actix_http::h1::dispatcher=off", "actix_server=warn", "actix_session=error", "i18n_embed=warn", "sqlx=error"]
            .iter()
            .map(|directive| directive.parse().expect("a directive"))
            .fold(filter(&settings.filter)?, EnvFilter::add_directive);
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match settings.format {
        LogFormat::Text => log.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    log_panics();
    Ok(())
}

/// Reads a filter. A word that is no level is refused: `tracing` would take a misspelt level for the name of a target,
/// and log nothing at all.
fn filter(text: &str) -> Result<EnvFilter, FilterError> {
    let refuse = |reason: String| FilterError { filter: text.to_owned(), reason };
    for directive in text.split(',') {
        // An empty level would parse.
        let is_level = !directive.is_empty() && directive.parse::<LevelFilter>().is_ok();
        if !is_level && !directive.contains(['=', '[']) {
            return Err(refuse(format!("{directive:?} is no level")));
        }
    }
    EnvFilter::try_new(text).map_err(|error| refuse(error.to_string()))
}

/// Writes panics to the log, where their line carries the request's id. Without a log they go to standard error as
/// usual.
fn log_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if !tracing::enabled!(Level::ERROR) {
            return usual(info);
        }
        let location = info.location().map(field::display);
        tracing::error!(location, panic = info.payload_as_str(), "panicked");
        let backtrace = Backtrace::capture();
        if backtrace.status() == std::backtrace::BacktraceStatus::Captured {
            eprintln!("{backtrace}");
        }
    }));
}

/// The span of one HTTP request. Every line that is logged while it is entered carries its fields. Work that leaves the
/// task of the request (`spawn`, `spawn_blocking`) has to enter it again.
///
/// It has the level of errors: a filter that lets an error through must not leave out whose error it is.
pub fn request_span(request_id: &str, method: &str) -> Span {
    tracing::error_span!(
        "request",
        request_id = %request_id,
        method = %method,
        route = field::Empty,
        user_id = field::Empty,
        client_id = field::Empty,
        account_id = field::Empty,
    )
}

/// Records the route template of the current request, such as `/customers/{customer}`. Once per request.
pub fn record_route(route: &str) {
    Span::current().record("route", field::display(route));
}

/// Records who makes the current request, and in which partner account. Once per request.
pub fn record_actor(actor: &Actor) {
    let span = Span::current();
    if let Some(id) = actor.who.id {
        let field = if actor.who.kind == ActorKind::ApiClient { "client_id" } else { "user_id" };
        span.record(field, field::display(id));
    }
    span.record("account_id", field::display(actor.account.id));
}

/// An error with its causes (`source()`), for the log. A cause that the text before ends with is not repeated.
pub fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Display + 'e {
    std::fmt::from_fn(move |out| {
        let mut last = error.to_string();
        out.write_str(&last)?;
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !last.ends_with(&text) {
                write!(out, ": {text}")?;
                last = text;
            }
            cause = error.source();
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Failed {
        text: &'static str,
        source: Option<Box<Failed>>,
    }

    fn failed(texts: &[&'static str]) -> Option<Box<Failed>> {
        let (text, causes) = texts.split_first()?;
        Some(Box::new(Failed { text, source: failed(causes) }))
    }

    #[test]
    fn a_chain_has_every_cause_once() {
        for (texts, expected) in [
            (&["one"][..], "one"),
            (&["one", "two", "three"], "one: two: three"),
            (&["one: two", "two", "three"], "one: two: three"),
            (&["one: two: three", "two: three", "three"], "one: two: three"),
        ] {
            assert_eq!(chain(&*failed(texts).expect("an error")).to_string(), expected);
        }
    }

    #[test]
    fn a_filter_is_a_list_of_levels() {
        for good in ["info", "ERROR", "off", "info,countersign=debug", "warn,[request]=trace"] {
            assert!(filter(good).is_ok(), "{good}");
        }
        for bad in ["", "verbose", "info,verbose", "countersign=loud", "info,,"] {
            assert!(filter(bad).is_err(), "{bad}");
        }
    }
}
