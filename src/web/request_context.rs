//! Who comes, in which language: read once per request and shared by everything that serves it.

use std::{cell::RefCell, net::IpAddr, rc::Rc};

use actix_session::SessionExt as _;
use actix_web::{HttpMessage as _, HttpRequest, http::header};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{AppState, error::Error, flash::Flash, request_id::RequestId, session};
use crate::{
    i18n::{self, Language, Words},
    telemetry,
};

/// The cookie that remembers the language of somebody who is not signed in.
pub const LANGUAGE_COOKIE: &str = "countersign-language";

/// A request's visitor.
#[derive(Debug, Clone)]
pub struct RequestContext(Rc<Parts>);

/// See [`RequestContext`].
#[derive(Debug)]
pub struct Parts {
    /// The language of the answer.
    pub language: Language,
    /// Whether somebody is signed in.
    pub session: session::State,
    /// Path and query of the request.
    pub path_and_query: String,
    /// What the page before left to say.
    pub flash: Option<(Flash, Uuid)>,
    /// Names the request in log and error pages.
    pub request_id: String,
    /// When the request came, UTC.
    pub now: DateTime<Utc>,
    /// What was typed into the form that the request brought.
    pub sent: RefCell<Vec<(String, String)>>,
}

impl RequestContext {
    /// The visitor of a request, from its session and cookies.
    pub fn of(request: &HttpRequest) -> Self {
        if let Some(context) = request.extensions().get::<Self>() {
            return context.clone();
        }
        let session = session::State::of(&request.get_session());
        if let Some(session) = session.session() {
            telemetry::record_actor(&session.actor);
        }
        let context = Self::new(request, session);
        request.extensions_mut().insert(context.clone());
        context
    }

    /// A visitor of whom no session is known, for the layers outside sessions.
    pub fn anonymous(request: &HttpRequest) -> Self {
        Self::new(request, session::State::None)
    }

    fn new(request: &HttpRequest, session: session::State) -> Self {
        let chosen = session.session().and_then(|session| session.language);
        let cookie = || request.cookie(LANGUAGE_COOKIE).and_then(|cookie| Language::from_code(cookie.value()));
        let language = chosen.or_else(cookie).or_else(|| accepted(request)).unwrap_or(Language::English);
        let path_and_query = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let request_id = request.extensions().get::<RequestId>().expect("every request gets an id first").0.clone();
        let now = request.app_data::<AppState>().expect("the server is given its portal").db.clock.now();
        Self(Rc::new(Parts {
            language,
            flash: Flash::of(request),
            session,
            path_and_query,
            request_id,
            now,
            sent: RefCell::default(),
        }))
    }

    /// The words of the visitor's language.
    pub fn words(&self) -> &'static Words {
        i18n::words(self.language)
    }
}

impl std::ops::Deref for RequestContext {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl actix_web::FromRequest for RequestContext {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request)))
    }
}

/// The first of the portal's languages that the browser asks for.
fn accepted(request: &HttpRequest) -> Option<Language> {
    let header = request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut wanted: Vec<(f32, &str)> = header
        .split(',')
        .map(|part| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(1.0);
            (weight, tag.trim())
        })
        .filter(|(weight, _)| *weight > 0.0)
        .collect();
    wanted.sort_by(|one, other| other.0.total_cmp(&one.0));
    wanted.iter().find_map(|(_, tag)| Language::from_code(tag.split('-').next().unwrap_or_default()))
}

/// The network address a request came from: that of the peer or, behind trusted proxies, the last part of
/// `X-Forwarded-For` that is not a trusted proxy's. What stands before that part is anybody's word. Of an IPv6
/// address the network counts (/64), since a client that has one address there has them all.
pub fn client_address(request: &HttpRequest, state: &AppState) -> Option<IpAddr> {
    let trusted = |address: &IpAddr| state.address.trusted_proxies.iter().any(|network| network.contains(address));
    let mut client = request.peer_addr()?.ip().to_canonical();
    let forwarded: Vec<&str> = request
        .headers()
        .get_all("X-Forwarded-For")
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    let mut parts = forwarded.into_iter().rev();
    while trusted(&client) {
        let Some(address) = parts.next().and_then(forwarded_address) else { break };
        client = address;
    }
    Some(match client {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        IpAddr::V4(_) => client,
    })
}

/// An address as proxies write it: with or without a port, IPv6 in brackets or not.
fn forwarded_address(part: &str) -> Option<IpAddr> {
    let part = part.trim();
    let address: Option<IpAddr> = part.parse().ok();
    let with_port = || part.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip());
    let in_brackets = || part.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(with_port).or_else(in_brackets).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_is_read_as_proxies_write_it() {
        for (part, address) in [
            (" 192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:4711", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(forwarded_address(part), address.parse().ok(), "{part}");
        }
        for nonsense in ["", "x", "unknown", "192.0.2", "192.0.2.7, 192.0.2.8"] {
            assert_eq!(forwarded_address(nonsense), None, "{nonsense}");
        }
    }
}
