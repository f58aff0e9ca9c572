//! The trail as JSON lines, from which its hashes can be made again.
//!
//! One object a line, oldest first: by time, then by number. With SHA-256, numbers big-endian, `text` for its length in
//! bytes (4 bytes) and its UTF-8, `bytes` alike, and 0 or 1 (one byte) before what may be absent:
//!
//! - `private` = hash of bytes(`salt`), text(`actor_name`), text(`detail`); `detail` is JSON as text, exactly as hashed;
//! - `leaf` = 1 (one byte), `id` (16 bytes), `at` (milliseconds since 1970, 8 bytes), optional `partner_account_id`,
//!   text(`actor_kind`), optional `actor_id`, text(`action`), optional `customer_id`, `private`, the number of `rows`
//!   (8 bytes), and for each of them text(`table`), bytes(`key`), `hash`;
//! - `leaf_hash` = hash of a zero byte and `leaf`;
//! - `hash` = hash of the text `countersign-audit-v1` and a zero byte, `seq` (8 bytes), `prev_hash`, `leaf_hash`.
//!
//! `prev_hash` is the `hash` of the entry with the number before; of entry 1 it is zeros.

use actix_web::{HttpResponse, http::Method};
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::list_query::Asked;
use crate::{
    actions::record_attempt::record_export,
    store::{
        audit::{self, AuditEntry},
        verify::hex,
    },
    web::{
        access::ViewCustomers,
        cx::Cx,
        error::Error,
        export::{Lines, answer_lines, lines_head},
        query::Query,
    },
};

const MEDIA_TYPE: &str = "application/x-ndjson";

/// An entry as a line.
#[derive(Serialize)]
pub struct LogLine<'a> {
    seq: i64,
    id: Uuid,
    at: String,
    partner_account_id: Option<Uuid>,
    actor_kind: &'a str,
    actor_id: Option<Uuid>,
    actor_name: &'a str,
    action: &'a str,
    customer_id: Option<Uuid>,
    detail: &'a str,
    salt: String,
    rows: Vec<Row>,
    leaf_hash: String,
    prev_hash: String,
    hash: String,
}

/// A row that the entry wrote.
#[derive(Serialize)]
struct Row {
    table: String,
    key: String,
    hash: String,
}

impl<'a> LogLine<'a> {
    /// The line of an entry.
    pub fn of(entry: &'a AuditEntry) -> Self {
        // Of an entry whose leaf is not its own no rows are known; its hashes do not fit either, and tell so.
        let rows = entry.digests().unwrap_or_default().into_iter();
        Self {
            seq: entry.seq,
            id: entry.id,
            at: entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            partner_account_id: entry.partner_account_id,
            actor_kind: &entry.actor_kind,
            actor_id: entry.actor_id,
            actor_name: &entry.actor_name,
            action: &entry.action,
            customer_id: entry.customer_id,
            detail: &entry.detail,
            salt: hex(&entry.salt),
            rows: rows.map(|row| Row { table: row.table, key: hex(&row.key), hash: hex(&row.hash) }).collect(),
            leaf_hash: hex(&entry.leaf_hash),
            prev_hash: hex(&entry.prev_hash),
            hash: hex(&entry.hash),
        }
    }
}

/// Every entry that the filters of the address let through, all pages.
pub async fn jsonl(cx: Cx<ViewCustomers>, method: Method, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let today = cx.today;
    let file_name = format!("audit-{today}.jsonl");
    if method == Method::HEAD {
        return Ok(lines_head(MEDIA_TYPE, &file_name));
    }
    let (asked, _) = Asked::of(&query, today);
    let place = cx.state.exports.begin()?;
    let filters: serde_json::Map<_, _> =
        asked.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    record_export(&cx.state.db, actor, json!({ "list": "audit", "format": "jsonl", "filters": filters })).await?;

    let mut conn = cx.state.db.snapshot().await?;
    let (account, filter) = (actor.account.id, asked.filter(&actor.account));
    Ok(answer_lines(place, MEDIA_TYPE, &file_name, async move |lines: &mut Lines| {
        let mut line = Vec::new();
        audit::export(&mut conn, account, &filter, async |entry| {
            line.clear();
            serde_json::to_writer(&mut line, &LogLine::of(&entry)).is_ok() && lines.line(&line).await
        })
        .await
    }))
}
