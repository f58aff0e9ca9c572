//! A browser without scripts: cookies, links and forms, and pages read as a person would.

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, LOCATION},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};

/// The longest that an answer may take.
const TIMEOUT: std::time::Duration = std::time::Duration::from_mins(1);

/// A browser with cookies of its own. It shows redirects instead of following them.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    url: String,
}

impl Browser {
    /// A browser that knows one portal.
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build()
            .expect("a client");
        Self { http, url: url.to_owned() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_raw(path, encode(fields)).await
    }

    /// Sends a form's body as it is.
    pub async fn post_raw(&self, path: &str, body: impl Into<Vec<u8>>) -> Page {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, Some(body.into()), &form).await
    }

    /// Sends any request.
    pub async fn send(&self, method: Method, path: &str, body: Option<Vec<u8>>, headers: &[(&str, &str)]) -> Page {
        self.try_send(method, path, body, headers).await.expect("a whole answer")
    }

    /// Sends any request to a server that may go away.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
        headers: &[(&str, &str)],
    ) -> Result<Page, reqwest::Error> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.bytes().await?;
        Ok(Page { status: status.as_u16(), headers, body: String::from_utf8_lossy(&body).into_owned() })
    }

    /// Opens a page and takes its form, filled in as it comes.
    pub async fn form(&self, path: &str) -> Form {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.form()
    }

    /// Follows where a page leads, to the page that stays.
    pub async fn follow(&self, page: Page) -> Page {
        let mut page = page;
        while page.is_redirect() {
            page = self.get(&page.location()).await;
        }
        page
    }

    /// Sends a form.
    pub async fn submit(&self, form: &Form) -> Page {
        self.post(&form.action, &form.pairs()).await
    }

    /// Begins a new customer, up to the step Subscriptions. The draft's id.
    pub async fn draft(&self) -> String {
        let form = [
            ("company_name", "Woodgrove B.V."),
            ("domain_prefix", "woodgrove"),
            ("address_line1", "Kerkstraat 1"),
            ("postal_code", "1017 GC"),
            ("city", "Amsterdam"),
            ("contact_first_name", "Noor"),
            ("contact_last_name", "’t Hart"),
            ("contact_email", "noor@woodgrove.example"),
        ]
        .into_iter()
        .fold(self.form("/customers/new").await, |form, (name, value)| form.with(name, value));
        let page = self.submit(&form).await;
        assert_eq!(page.status, 303, "{}", page.body);
        page.location().split('/').nth(3).expect("a draft").to_owned()
    }

    /// Opens a page of a server that may go away.
    pub async fn try_get(&self, path: &str) -> Result<Page, reqwest::Error> {
        self.try_send(Method::GET, path, None, &[]).await
    }

    /// Sends a form to a server that may go away.
    pub async fn try_submit(&self, form: &Form) -> Result<Page, reqwest::Error> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.try_send(Method::POST, &form.action, Some(form.encoded().into_bytes()), &headers).await
    }
}

/// What a browser was answered.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Page {
    /// Whether it leads elsewhere.
    pub fn is_redirect(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|status| status.is_redirection())
    }

    /// Where it leads.
    pub fn location(&self) -> String {
        self.headers.get(LOCATION).expect("a location").to_str().expect("text").to_owned()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// The values of `Set-Cookie`.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text")).collect()
    }

    /// Name and value of the session cookie that it sets.
    pub fn session_cookie(&self) -> String {
        let cookies = self.set_cookies();
        let is_session =
            |cookie: &&&str| cookie.starts_with("countersign=") || cookie.starts_with("__Host-countersign=");
        let cookie = cookies.iter().find(is_session).unwrap_or_else(|| panic!("no session in {cookies:?}"));
        cookie.split(';').next().unwrap_or_default().to_owned()
    }

    /// The text of everything that a selector finds, white space folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        document.select(&Selector::parse(selector).expect("a selector")).map(text).collect()
    }

    /// The text of the main part.
    pub fn main(&self) -> String {
        self.texts("main").join(" ")
    }

    /// The title.
    pub fn title(&self) -> String {
        self.texts("title").join(" ")
    }

    /// An attribute of everything that a selector finds.
    pub fn attributes(&self, selector: &str, attribute: &str) -> Vec<String> {
        let document = Html::parse_document(&self.body);
        document
            .select(&Selector::parse(selector).expect("a selector"))
            .filter_map(|element| element.value().attr(attribute).map(str::to_owned))
            .collect()
    }

    /// What the error summary says.
    pub fn errors(&self) -> Vec<String> {
        self.texts(".errors li")
    }

    /// The fields that the error summary links to.
    pub fn wrong_fields(&self) -> Vec<String> {
        self.attributes(".errors li a", "href")
            .into_iter()
            .map(|href| href.trim_start_matches('#').to_owned())
            .collect()
    }

    /// What was typed into a field, as it came back.
    pub fn value(&self, field: &str) -> String {
        self.form().get(field)
    }

    /// The form that saves, as it stands on the page.
    pub fn form(&self) -> Form {
        self.form_selected("main form[method=post]")
    }

    /// The form that is sent to an address, as it stands on the page.
    pub fn form_at(&self, action: &str) -> Form {
        self.form_selected(&format!("main form[method=post][action=\"{action}\"]"))
    }

    fn form_selected(&self, selector: &str) -> Form {
        let document = Html::parse_document(&self.body);
        let forms = Selector::parse(selector).expect("a selector");
        let form = document.select(&forms).next().unwrap_or_else(|| panic!("no form on {}", self.body));
        let mut fields = Vec::new();
        let controls = Selector::parse("input, select, textarea").expect("a selector");
        for control in form.select(&controls) {
            let Some(name) = control.value().attr("name") else { continue };
            let kind = control.value().attr("type").unwrap_or_default();
            if ["checkbox", "radio"].contains(&kind) && control.value().attr("checked").is_none() {
                continue;
            }
            let value = match control.value().name() {
                "select" => {
                    // Without a choice a browser takes the first.
                    let chosen = Selector::parse("option[selected]").expect("a selector");
                    let first = Selector::parse("option").expect("a selector");
                    let option = control.select(&chosen).next().or_else(|| control.select(&first).next());
                    option.and_then(|option| option.value().attr("value")).unwrap_or_default()
                }
                _ => control.value().attr("value").unwrap_or_default(),
            };
            fields.push((name.to_owned(), value.to_owned()));
        }
        Form { action: form.value().attr("action").expect("an action").to_owned(), fields }
    }
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A form with what stands in it.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Names and values in order.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// The same with another value in a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(one, _)| one == name) {
            Some((_, field)) => value.clone_into(field),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// What stands in a field.
    pub fn get(&self, name: &str) -> String {
        self.fields.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Whether it has a field.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(one, _)| one == name)
    }

    /// Names and values.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    /// The body that a browser sends.
    pub fn encoded(&self) -> String {
        encode(&self.pairs())
    }
}

/// Encodes a form as browsers do.
pub fn encode(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
