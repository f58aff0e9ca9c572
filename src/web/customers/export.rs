//! The list of customers as a file: exactly the rows of its address, all pages.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::Method};
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::record_attempt::record_export,
    domain::{
        agreement::{Channel, ConfirmationStatus, confirmation_status},
        partner_account::PartnerAccount,
    },
    i18n::{Language, Words},
    store::{
        self, Snapshot, agreements, customers,
        search::{self, Exported, MIDDLE_MAX},
    },
    web::{
        access::ViewCustomers,
        badge::Badge,
        cx::Cx,
        enum_labels,
        error::Error,
        export::{self, Cell, Document, Format, RowSink, Rows, zoned},
        list_query::ListQuery,
        query::Query,
    },
};

/// Which columns of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    /// Those of the page.
    Screen,
    /// All that is known of the customer and of the agreement that counts.
    All,
}

impl Columns {
    fn asked(code: &str) -> Self {
        if code == Self::All.code() { Self::All } else { Self::Screen }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::All => "all",
        }
    }
}

/// The list as a file, in the format that its address ends with.
pub async fn export(
    cx: Cx<ViewCustomers>,
    format: Format,
    method: Method,
    query: Query,
) -> Result<HttpResponse, Error> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let today = cx.today;
    let list_query = ListQuery::by(&cx.actor, &query, today);
    let search = list_query.query(None);
    let columns = Columns::asked(query.get_raw("columns"));
    let shown = columns_of(columns, &cx.actor.account);
    let document = Document {
        format,
        name: fl!(t, "nav-customers"),
        day: today,
        head: shown.iter().map(|column| column.words(&cx.actor.account, t)).collect(),
        zone: cx.actor.account.time_zone,
    };
    if method == Method::HEAD {
        return Ok(export::head(&document));
    }

    let place = cx.state.exports.begin()?;
    if search.q.is_some() {
        // What the list does not show whole cannot be exported whole.
        let mut conn = cx.state.db.snapshot().await?;
        let unfiltered = search::Query { q: search.q.clone(), ..search::Query::default() };
        let found = search::list(&mut conn, cx.actor.account.id, &unfiltered, None).await?;
        if found.too_many() {
            return Err(Error::SearchTooWide { max: MIDDLE_MAX });
        }
    }
    let filters: serde_json::Map<_, _> =
        list_query.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let what = json!({
        "list": "customers",
        "format": format.extension(),
        "columns": columns.code(),
        "filters": filters,
    });
    record_export(&cx.state.db, &cx.actor, what).await?;

    let mut conn = cx.state.db.snapshot().await?;
    let counts = customers::counts(&mut conn, cx.actor.account.id, today).await?;
    let versions = agreements::versions(&mut conn).await?;
    let rows = CustomerRows {
        at: conn,
        account: cx.actor.account.clone(),
        query: search,
        least: counts.first().and_then(|count| count.required_version_date),
        shown,
        labels: Labels::new(t, language),
        versions: versions.iter().map(|version| (version.id, version.label.clone())).collect(),
    };
    export::answer(place, document, rows).await
}

/// A column of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    MicrosoftId,
    Company,
    Domain,
    Country,
    ConfirmationStatus,
    DateAgreed,
    AcceptedBy,
    AcceptorEmail,
    AcceptorPhone,
    AcceptedDirectly,
    Version,
    RecordedBy,
    RecordedAt,
    Channel,
    Created,
    Changed,
}

/// The columns, from left to right. In a national cloud nobody is confirmed, and nothing is said of it.
fn columns_of(columns: Columns, account: &PartnerAccount) -> Vec<Column> {
    use Column::{
        AcceptedBy, AcceptedDirectly, AcceptorEmail, AcceptorPhone, Changed, Channel, Company, ConfirmationStatus,
        Country, Created, DateAgreed, Domain, MicrosoftId, RecordedAt, RecordedBy, Version,
    };
    match (columns, account.agreements_apply()) {
        (Columns::Screen, true) => {
            vec![Company, Domain, Country, ConfirmationStatus, DateAgreed, AcceptedBy, RecordedBy, Version, Changed]
        }
        (Columns::Screen, false) => vec![Company, Domain, Country, Changed],
        (Columns::All, true) => vec![
            MicrosoftId,
            Company,
            Domain,
            Country,
            ConfirmationStatus,
            DateAgreed,
            AcceptedBy,
            AcceptorEmail,
            AcceptorPhone,
            AcceptedDirectly,
            Version,
            RecordedBy,
            RecordedAt,
            Channel,
            Created,
            Changed,
        ],
        (Columns::All, false) => vec![MicrosoftId, Company, Domain, Country, Created, Changed],
    }
}

impl Column {
    /// The words over it. Those of the id, the company and the domain are known to the import of customers.
    fn words(self, account: &PartnerAccount, t: &Words) -> String {
        match self {
            Self::MicrosoftId => fl!(t, "microsoft-id"),
            Self::Company => fl!(t, "col-company"),
            Self::Domain => fl!(t, "f-domain"),
            Self::Country => fl!(t, "f-country"),
            Self::ConfirmationStatus => fl!(t, "col-agreement"),
            Self::DateAgreed => fl!(t, "f-date"),
            Self::AcceptedBy => fl!(t, "col-accepted-by"),
            Self::AcceptorEmail => fl!(t, "f-email"),
            Self::AcceptorPhone => fl!(t, "export-phone"),
            Self::AcceptedDirectly => fl!(t, "export-directly"),
            Self::Version => fl!(t, "f-version"),
            Self::RecordedBy => fl!(t, "recorded-by"),
            Self::RecordedAt => zoned(&fl!(t, "export-recorded-at"), account.time_zone, t),
            Self::Channel => fl!(t, "export-channel"),
            Self::Created => zoned(&fl!(t, "export-created"), account.time_zone, t),
            Self::Changed => zoned(&fl!(t, "col-changed"), account.time_zone, t),
        }
    }
}

/// Words that rows say, looked up once.
struct Labels {
    status_counts: HashMap<ConfirmationStatus, String>,
    channels: HashMap<Channel, String>,
    directly: String,
    yes: String,
    t: &'static Words,
    language: Language,
}

impl Labels {
    fn new(t: &'static Words, language: Language) -> Self {
        Self {
            status_counts: ConfirmationStatus::ALL
                .iter()
                .map(|&confirmation_status| (confirmation_status, Badge::of(confirmation_status, t).word))
                .collect(),
            channels: Channel::ALL.iter().map(|&channel| (channel, enum_labels::channel(channel, t))).collect(),
            directly: fl!(t, "accepted-directly"),
            yes: fl!(t, "export-yes"),
            t,
            language,
        }
    }
}

/// The rows of one moment.
struct CustomerRows {
    at: Snapshot,
    account: PartnerAccount,
    query: search::Query,
    least: Option<NaiveDate>,
    shown: Vec<Column>,
    labels: Labels,
    /// The labels of the agreement versions.
    versions: HashMap<Uuid, String>,
}

impl Rows for CustomerRows {
    async fn write(self, out: &mut RowSink) -> Result<(), store::Error> {
        let Self { mut at, account, query, least, shown, labels, versions } = self;
        search::export(&mut at, account.id, &query, least, async |row| {
            let confirmation_status = confirmation_status(&account, row.agreement_published_on, least);
            let cells: Vec<Cell> =
                shown.iter().map(|column| column.cell(&row, confirmation_status, &labels, &versions)).collect();
            out.row(&cells).await
        })
        .await
    }
}

impl Column {
    fn cell(
        self,
        row: &Exported,
        confirmation_status: ConfirmationStatus,
        labels: &Labels,
        versions: &HashMap<Uuid, String>,
    ) -> Cell {
        let directly = row.agreement_version_id.is_some() && row.acceptor_name.is_none();
        match self {
            Self::MicrosoftId => Cell::Text(row.id.to_string()),
            Self::Company => Cell::Text(row.company_name.clone()),
            Self::Domain => Cell::Text(row.domain.clone()),
            Self::Country => Cell::text(row.country.map(|country| country.name(labels.language))),
            Self::ConfirmationStatus => Cell::text(labels.status_counts.get(&confirmation_status).cloned()),
            Self::DateAgreed => Cell::date(row.date_agreed),
            Self::AcceptedBy if directly => Cell::Text(labels.directly.clone()),
            Self::AcceptedBy => Cell::text(row.acceptor_name.clone()),
            Self::AcceptorEmail => Cell::text(row.acceptor_email.clone()),
            Self::AcceptorPhone => Cell::text(row.phone_number.clone()),
            // As the import of customers reads it: the day, or yes where no day is known.
            Self::AcceptedDirectly if !directly => Cell::Empty,
            Self::AcceptedDirectly => row.date_agreed.map_or_else(|| Cell::Text(labels.yes.clone()), Cell::Date),
            Self::Version => Cell::text(row.agreement_version_id.and_then(|id| versions.get(&id)).cloned()),
            Self::RecordedBy => Cell::text(
                row.recorded_by_kind
                    .zip(row.recorded_by_name.as_deref())
                    .map(|(kind, name)| enum_labels::who(kind, name, labels.t)),
            ),
            Self::RecordedAt => Cell::time(row.recorded_at),
            Self::Channel => Cell::text(row.channel.and_then(|channel| labels.channels.get(&channel)).cloned()),
            Self::Created => Cell::Time(row.created_at),
            Self::Changed => Cell::Time(row.changed_at),
        }
    }
}
