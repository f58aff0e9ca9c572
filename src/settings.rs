//! Settings: flags and `COUNTERSIGN_*` variables, parsed once into types.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use ipnet::IpNet;

use crate::{
    api,
    secret::Secret,
    store::migrate::{Location, Place},
    web::record::{FontError, Fonts},
};

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DataSettings {
    /// Folder of the embedded database and the generated secret key
    #[arg(long, help_heading = "Data", env = "COUNTERSIGN_DATA_DIR", default_value = "data", value_name = "FOLDER")]
    pub data_dir: PathBuf,

    /// PostgreSQL 14 or later instead of the embedded SQLite: postgres://user@host/database
    #[arg(long, help_heading = "Data", env = "COUNTERSIGN_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Connections to PostgreSQL, or readers of SQLite
    #[arg(long, help_heading = "Data", env = "COUNTERSIGN_DATABASE_CONNECTIONS", value_name = "NUMBER")]
    pub database_connections: Option<u32>,
}

/// The server's secret key.
#[derive(Debug, Clone, Default, Args)]
pub struct KeySettings {
    /// The server's secret key, at least 32 characters; without it one is generated into the data folder
    #[arg(long, env = "COUNTERSIGN_SECRET_KEY", value_name = "TEXT", hide_env_values = true)]
    pub secret_key: Option<String>,

    /// A file that holds the secret key
    #[arg(long, env = "COUNTERSIGN_SECRET_KEY_FILE", value_name = "FILE", conflicts_with = "secret_key")]
    pub secret_key_file: Option<PathBuf>,
}

impl KeySettings {
    /// The secret key: as set, else from the data folder, where it is made at the first start.
    pub fn secret(&self, data: &DataSettings) -> Result<Secret, SettingsError> {
        let text = match (&self.secret_key, &self.secret_key_file) {
            (Some(text), _) => text.clone(),
            (None, Some(path)) => read(path)?,
            (None, None) if data.database_url.is_some() => return Err(SettingsError::NoSecret),
            (None, None) => generated(&data.data_dir)?,
        };
        Secret::from_text(&text).ok_or(SettingsError::ShortSecret)
    }
}

/// How the portal is served.
#[derive(Debug, Clone, Args)]
pub struct ServeSettings {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataSettings,

    /// Address and port to listen on
    #[arg(long, env = "COUNTERSIGN_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// The https:// address that browsers use, host and port only
    #[arg(long, env = "COUNTERSIGN_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,

    /// Serve plain HTTP on a loopback address, for trying things out
    #[arg(long, env = "COUNTERSIGN_INSECURE_HTTP")]
    pub insecure_http: bool,

    /// Networks of reverse proxies whose X-Forwarded-For is believed, comma separated
    #[arg(long, env = "COUNTERSIGN_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORK")]
    pub trusted_proxies: Vec<IpNet>,

    /// The server's secret key.
    #[command(flatten)]
    pub key: KeySettings,

    /// Threads that serve requests
    #[arg(long, env = "COUNTERSIGN_WORKERS", value_name = "NUMBER")]
    pub workers: Option<usize>,

    /// Folder of fonts (.ttf, .otf) for names in other scripts than Latin, Greek and Cyrillic on PDF records
    #[arg(long, env = "COUNTERSIGN_FONT_DIR", value_name = "FOLDER")]
    pub font_dir: Option<PathBuf>,

    /// What of the API is set.
    #[command(flatten)]
    pub api: ApiSettings,
}

/// What of the API is set.
#[derive(Debug, Clone, Args)]
pub struct ApiSettings {
    /// Requests that an API client may make in a minute; 0 is no limit
    #[arg(long, env = "COUNTERSIGN_API_REQUESTS_PER_MINUTE", default_value_t = 500, value_name = "NUMBER")]
    pub api_requests_per_minute: u32,

    /// Let the API's agreements only to programs that act as a user, with a refresh token
    #[arg(long, env = "COUNTERSIGN_API_USERS_ONLY")]
    pub api_users_only: bool,
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self { api_requests_per_minute: 500, api_users_only: false }
    }
}

impl ApiSettings {
    /// What they mean to the API.
    pub fn options(&self) -> api::Options {
        api::Options { requests_per_minute: self.api_requests_per_minute, users_only: self.api_users_only }
    }
}

/// Every variable there is; another one that begins the same is refused as a mistake.
const VARIABLES: &[&str] = &[
    "COUNTERSIGN_DATA_DIR",
    "COUNTERSIGN_DATABASE_URL",
    "COUNTERSIGN_DATABASE_CONNECTIONS",
    "COUNTERSIGN_LISTEN",
    "COUNTERSIGN_BASE_URL",
    "COUNTERSIGN_INSECURE_HTTP",
    "COUNTERSIGN_TRUSTED_PROXIES",
    "COUNTERSIGN_SECRET_KEY",
    "COUNTERSIGN_SECRET_KEY_FILE",
    "COUNTERSIGN_WORKERS",
    "COUNTERSIGN_FONT_DIR",
    "COUNTERSIGN_API_REQUESTS_PER_MINUTE",
    "COUNTERSIGN_API_USERS_ONLY",
    "COUNTERSIGN_LOG",
    "COUNTERSIGN_LOG_FORMAT",
    "COUNTERSIGN_DEMO_PASSWORD",
];

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// An unknown variable.
    #[error("unknown variable {0}; known are {known}", known = VARIABLES.join(", "))]
    UnknownVariable(String),
    /// No base address.
    #[error(
        "set the address that browsers use with --base-url or COUNTERSIGN_BASE_URL, such as https://countersign.example; \
         to try things out on this machine, use --insecure-http"
    )]
    NoBaseUrl,
    /// A base address that is none.
    #[error("the base address must be https:// and a host, with a port at most, not {0:?}")]
    BaseUrl(String),
    /// A base address with letters outside ASCII in its host.
    #[error("write the host of the base address as browsers send it: {written} instead of {host}")]
    InternationalHost {
        /// The host as it was set.
        host: String,
        /// The host to set.
        written: String,
    },
    /// Plain HTTP elsewhere than on loopback.
    #[error("--insecure-http serves loopback addresses only, not {0}")]
    InsecureElsewhere(SocketAddr),
    /// `PostgreSQL` without a key of its own.
    #[error(
        "with PostgreSQL the secret key must be set: COUNTERSIGN_SECRET_KEY or COUNTERSIGN_SECRET_KEY_FILE, the same for every process"
    )]
    NoSecret,
    /// A key that is too short.
    #[error("the secret key needs at least 32 characters")]
    ShortSecret,
    /// A folder of fonts that cannot be used.
    #[error("the folder of fonts {path}: {error}")]
    Fonts {
        /// The folder.
        path: String,
        /// Why.
        error: FontError,
    },
    /// A file that cannot be read or written.
    #[error("{what} {path}: {error}")]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: String,
        /// What came of it.
        error: std::io::Error,
    },
}

/// Refuses unknown variables: a mistyped setting would otherwise be ignored in silence.
pub fn refuse_unknown_variables(names: impl IntoIterator<Item = String>) -> Result<(), SettingsError> {
    names
        .into_iter()
        .find(|name| name.starts_with("COUNTERSIGN_") && !VARIABLES.contains(&name.as_str()))
        .map_or(Ok(()), |name| Err(SettingsError::UnknownVariable(name)))
}

impl DataSettings {
    /// Where the database is. The data folder is made when it is needed.
    pub fn location(&self) -> Result<Location, SettingsError> {
        let at = if let Some(url) = &self.database_url {
            Place::Postgres(url.clone())
        } else {
            make_folder(&self.data_dir)?;
            Place::Sqlite(self.data_dir.join("countersign.db"))
        };
        Ok(Location { at, connections: self.database_connections })
    }
}

impl ServeSettings {
    /// The fonts of the PDFs.
    pub fn fonts(&self) -> Result<Fonts, SettingsError> {
        let Some(folder) = &self.font_dir else { return Ok(Fonts::bundled()) };
        Fonts::with_folder(folder).map_err(|error| SettingsError::Fonts { path: folder.display().to_string(), error })
    }

    /// The address that browsers use, and whether it is HTTPS.
    pub fn base(&self) -> Result<(String, bool), SettingsError> {
        if self.insecure_http {
            if !self.listen.ip().is_loopback() {
                return Err(SettingsError::InsecureElsewhere(self.listen));
            }
            let base = self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.listen));
            return Ok((base_address(&base, &["http", "https"])?, false));
        }
        let base = self.base_url.as_deref().ok_or(SettingsError::NoBaseUrl)?;
        Ok((base_address(base, &["https"])?, true))
    }
}

/// A base address as browsers write it in `Origin`: lower case, without the port that its scheme has anyway.
fn base_address(typed: &str, schemes: &[&str]) -> Result<String, SettingsError> {
    let wrong = || SettingsError::BaseUrl(typed.to_owned());
    let (scheme, authority) = typed.trim().trim_end_matches('/').split_once("://").ok_or_else(wrong)?;
    let scheme = scheme.to_ascii_lowercase();
    if !schemes.contains(&scheme.as_str()) {
        return Err(wrong());
    }
    let bracketed = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port) = if let Some((address, after)) = bracketed {
        let address: std::net::Ipv6Addr = address.parse().map_err(|_| wrong())?;
        (format!("[{address}]"), after)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        (authority[..end].to_lowercase(), &authority[end..])
    };
    if !host.is_ascii() {
        let written = idna::domain_to_ascii(&host).map_err(|_| wrong())?;
        return Err(SettingsError::InternationalHost { host, written });
    }
    let is_host = host.starts_with('[') || host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c));
    if host.is_empty() || !is_host {
        return Err(wrong());
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse::<std::num::NonZeroU16>().map_err(|_| wrong())?.get())
        }
        _ => return Err(wrong()),
    };
    let usual = if scheme == "https" { 443 } else { 80 };
    Ok(match port.filter(|port| *port != usual) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

fn generated(folder: &std::path::Path) -> Result<String, SettingsError> {
    use std::io::Write as _;
    make_folder(folder)?;
    let path = folder.join("secret.key");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(mut file) => {
            let text = Secret::random_text();
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(|error| failed("cannot write", &path, error))?;
            Ok(text)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(&path),
        Err(error) => Err(failed("cannot write", &path, error)),
    }
}

fn read(path: &std::path::Path) -> Result<String, SettingsError> {
    std::fs::read_to_string(path).map_err(|error| failed("cannot read", path, error))
}

fn make_folder(path: &std::path::Path) -> Result<(), SettingsError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed("cannot make folder", path, error))
}

fn failed(what: &'static str, path: &std::path::Path, error: std::io::Error) -> SettingsError {
    SettingsError::File { what, path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ServeSettings {
        ServeSettings {
            data: DataSettings { data_dir: "data".into(), database_url: None, database_connections: None },
            listen: ([127, 0, 0, 1], 8080).into(),
            base_url: None,
            insecure_http: false,
            trusted_proxies: Vec::new(),
            key: KeySettings::default(),
            workers: None,
            font_dir: None,
            api: ApiSettings::default(),
        }
    }

    #[test]
    fn a_mistyped_variable_is_refused() {
        let names = |name: &str| [name.to_owned(), "PATH".to_owned()];
        assert!(refuse_unknown_variables(names("COUNTERSIGN_LISTEN")).is_ok());
        assert!(refuse_unknown_variables(names("COUNTERSIGN_LISTN")).is_err());
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        let insecure = ServeSettings { insecure_http: true, ..settings() };
        assert_eq!(insecure.base().unwrap(), ("http://127.0.0.1:8080".to_owned(), false));
        let elsewhere = ServeSettings { listen: ([0, 0, 0, 0], 8080).into(), ..insecure };
        assert!(elsewhere.base().is_err());
    }

    #[test]
    fn the_base_address_is_https_and_a_host() {
        let with = |base: &str| ServeSettings { base_url: Some(base.to_owned()), ..settings() }.base();
        assert_eq!(with("https://countersign.example/").unwrap(), ("https://countersign.example".to_owned(), true));
        for wrong in ["http://countersign.example", "https://", "https://a b", "https://a/path", "countersign.example"]
        {
            assert!(with(wrong).is_err(), "{wrong}");
        }
        assert!(settings().base().is_err());
    }

    #[test]
    fn the_base_address_is_written_as_browsers_write_it() {
        let with = |base: &str| ServeSettings { base_url: Some(base.to_owned()), ..settings() }.base();
        for (set, base) in [
            ("https://HOST.example", "https://host.example"),
            ("HTTPS://Host.Example/", "https://host.example"),
            ("https://host.example:443", "https://host.example"),
            ("https://host.example:0443/", "https://host.example"),
            ("https://host.example:8443", "https://host.example:8443"),
            ("https://host.example:80", "https://host.example:80"),
            (" https://host.example ", "https://host.example"),
            ("https://XN--MNCHEN-3YA.example", "https://xn--mnchen-3ya.example"),
            ("https://192.0.2.7:443", "https://192.0.2.7"),
            ("https://[2001:DB8:0:0::1]:443", "https://[2001:db8::1]"),
            ("https://[::1]:8443", "https://[::1]:8443"),
        ] {
            assert_eq!(with(set).unwrap(), (base.to_owned(), true), "{set}");
        }
        for wrong in [
            "https://host.example:",
            "https://host.example:0",
            "https://host.example:99999",
            "https://host.example:+443",
            "https://host.example:443:443",
            "https://user@host.example",
            "https://host.example?x",
            "https://host.example#x",
            "https://[::1",
            "https://[::g]",
            "https://[::1]x",
            "https:host.example",
            "ftp://host.example",
        ] {
            assert!(matches!(with(wrong), Err(SettingsError::BaseUrl(_))), "{wrong}");
        }
        for (host, written) in
            [("münchen.example", "xn--mnchen-3ya.example"), ("MÜNCHEN.example", "xn--mnchen-3ya.example")]
        {
            let error = with(&format!("https://{host}")).unwrap_err().to_string();
            assert!(error.contains(written), "{error}");
        }
        let insecure =
            |base: &str| ServeSettings { base_url: Some(base.to_owned()), insecure_http: true, ..settings() }.base();
        assert_eq!(insecure("http://LOCALHOST:80/").unwrap(), ("http://localhost".to_owned(), false));
        assert_eq!(insecure("http://localhost:443").unwrap(), ("http://localhost:443".to_owned(), false));
    }

    #[test]
    fn postgres_needs_a_secret_of_its_own() {
        let mut settings = settings();
        settings.data.database_url = Some("postgres://localhost/x".into());
        assert!(matches!(settings.key.secret(&settings.data), Err(SettingsError::NoSecret)));
        settings.key.secret_key = Some("short".into());
        assert!(matches!(settings.key.secret(&settings.data), Err(SettingsError::ShortSecret)));
    }
}
