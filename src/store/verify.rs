//! Checking the evidence: what earlier verifications and others kept of the log, its chain, and the business rows it
//! vouches for.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Db, Error, Read,
    agreements::{AgreementRow, LinkRow, VersionRow},
    api_clients::ApiClient,
    audit::{self, AuditEntry},
    customers::Customer,
    indirect_resellers,
    orders::{LineRow, OrderRow},
    partner_accounts,
    statement::Stmt,
    subscriptions::SubscriptionRow,
    table::{self, Table, Values, after_operator},
    users::{Membership, User},
    verdict::{Finding, Verdict},
    verifications::{self, VerificationRow},
};
use crate::domain::{
    audit::{AuditedRow, Hash, RowDigest},
    kept_hash::KeptHash,
};

const CHUNK: i64 = 1000;

/// The last digest the log holds of each row, and the event it came with.
type RecordedDigests = HashMap<(String, Vec<u8>), (Uuid, Hash)>;

/// Walks the log and every business row, as they are at one moment.
pub async fn verify(db: &Db) -> Result<Verdict, Error> {
    verify_expecting(db, &[]).await
}

/// The same, and the log must have these hashes too, which were kept elsewhere. What earlier verifications kept comes
/// first, then these: a log that was written anew as a whole fits itself.
pub async fn verify_expecting(db: &Db, expected: &[KeptHash]) -> Result<Verdict, Error> {
    let mut conn = db.snapshot().await?;
    let contradiction = match verifications::contradiction(&mut conn, expected).await {
        Err(Error::Corrupt(what)) => Some(Finding::Row(<VerificationRow as Table>::TABLE, what)),
        contradiction => contradiction?,
    };
    if let Some(finding) = contradiction {
        return Ok(Verdict::Wrong(finding));
    }
    let mut vouched = RecordedDigests::new();
    let (entries, head) = match walk(&mut conn, &mut vouched).await? {
        Ok(end) => end,
        Err(finding) => return Ok(Verdict::Wrong(finding)),
    };
    let rows = vouched.len();
    if let Err(finding) = check_rows(&mut conn, &mut vouched).await? {
        return Ok(Verdict::Wrong(finding));
    }
    if let Some(((table, key), _)) = vouched.into_iter().min_by(|one, other| one.0.cmp(&other.0)) {
        return Ok(Verdict::Wrong(Finding::Missing(table, hex(&key))));
    }
    Ok(Verdict::Sound { entries, rows, head })
}

async fn walk(conn: &mut dyn Read, vouched: &mut RecordedDigests) -> Result<Result<(i64, Hash), Finding>, Error> {
    let (mut after, mut seq, mut prev) = (i64::MIN, 0, [0; 32]);
    loop {
        let select = table::select::<AuditEntry>(conn, "WHERE seq > $1 ORDER BY seq LIMIT $2");
        let chunk: Vec<AuditEntry> = match select.values((after, CHUNK)).all().await {
            Err(Error::Corrupt(what)) => return Ok(Err(Finding::Row(AuditEntry::TABLE, what))),
            chunk => chunk?,
        };
        if chunk.is_empty() {
            break;
        }
        for row in chunk {
            if row.seq != seq + 1 {
                return Ok(Err(Finding::Gap(seq + 1)));
            }
            seq = row.seq;
            after = seq;
            match row.check(&prev) {
                Some((hash, digests)) => {
                    prev = hash;
                    let id = row.id;
                    vouched.extend(digests.into_iter().map(|digest| ((digest.table, digest.key), (id, digest.hash))));
                }
                None => return Ok(Err(Finding::Entry(seq))),
            }
        }
    }
    let head: Option<audit::Head> = conn.query("SELECT seq, hash FROM audit_head WHERE id = 1").optional().await?;
    if !head.as_ref().is_some_and(|head| head.seq == seq && head.hash == prev) {
        return Ok(Err(Finding::Head(head.map_or(seq, |head| head.seq))));
    }
    Ok(Ok((seq, prev)))
}

async fn check_rows(conn: &mut dyn Read, vouched: &mut RecordedDigests) -> Result<Result<(), Finding>, Error> {
    let mut checked = Checked { vouched, finding: None };
    checked.all::<partner_accounts::Row>(conn).await?;
    checked.all::<indirect_resellers::Row>(conn).await?;
    checked.all::<User>(conn).await?;
    checked.all::<Membership>(conn).await?;
    checked.all::<ApiClient>(conn).await?;
    checked.all_but_seed(conn, &VersionRow::seeded()).await?;
    checked.all_but_seed(conn, &LinkRow::seeded()).await?;
    let rest = "WHERE seq > $1 ORDER BY seq LIMIT $2";
    checked.chunks(conn, rest, |last: Option<&Customer>| (last.map_or(i64::MIN, |row| row.seq), CHUNK)).await?;
    checked.chunks_by_id(conn, |row: &AgreementRow| row.id).await?;
    checked.chunks_by_id(conn, |row: &OrderRow| row.id).await?;
    let rest = "WHERE (order_id, line_number) > ($1, $2) ORDER BY order_id, line_number LIMIT $3";
    let place = |last: Option<&LineRow>| {
        let (order_id, line_number) = last.map_or((Uuid::nil(), i64::MIN), |row| (row.order_id, row.line_number));
        (order_id, line_number, CHUNK)
    };
    checked.chunks(conn, rest, place).await?;
    checked.chunks_by_id(conn, |row: &SubscriptionRow| row.id).await?;
    checked.verifications(conn).await?;
    Ok(checked.finding.map_or(Ok(()), Err))
}

/// Rows that were held against the log, up to the first that does not fit.
struct Checked<'v> {
    vouched: &'v mut RecordedDigests,
    finding: Option<Finding>,
}

impl Checked<'_> {
    /// Checks a whole table.
    async fn all<R: Table + AuditedRow>(&mut self, conn: &mut dyn Read) -> Result<(), Error> {
        let rows = self.read::<R>(table::select::<R>(conn, "")).await?;
        self.rows(&rows);
        Ok(())
    }

    /// The same where the schema brings a row, which has no event; only it brings it.
    async fn all_but_seed<R: Table + AuditedRow>(&mut self, conn: &mut dyn Read, seed: &R) -> Result<(), Error> {
        let is_seed = |row: &R| row.event_id().is_none() && RowDigest::of(row) == RowDigest::of(seed);
        let mut rows = self.read::<R>(table::select::<R>(conn, "")).await?;
        rows.retain(|row| !is_seed(row));
        self.rows(&rows);
        Ok(())
    }

    /// The verdicts kept so far. One that found something wrong may stand without an event: the log took none then.
    async fn verifications(&mut self, conn: &mut dyn Read) -> Result<(), Error> {
        let mut rows = self.read::<VerificationRow>(table::select::<VerificationRow>(conn, "")).await?;
        rows.retain(|row| row.is_sound || row.event_id.is_some());
        self.rows(&rows);
        Ok(())
    }

    /// Checks a table of any length, chunk by chunk, as long as nothing is wrong: `place` gives the values that the
    /// next chunk is asked for by, behind the last row that was read.
    async fn chunks<R: Table + AuditedRow, V: Values>(
        &mut self,
        conn: &mut dyn Read,
        rest: &str,
        place: impl Fn(Option<&R>) -> V,
    ) -> Result<(), Error> {
        let mut values = place(None);
        while self.finding.is_none() {
            let chunk = self.read::<R>(table::select::<R>(conn, rest).values(values)).await?;
            if chunk.is_empty() {
                break;
            }
            values = place(chunk.last());
            self.rows(&chunk);
        }
        Ok(())
    }

    /// The same in the order of ids. The first id there can be is nil, which `>` alone would not find.
    async fn chunks_by_id<R: Table + AuditedRow>(
        &mut self,
        conn: &mut dyn Read,
        id: impl Fn(&R) -> Uuid,
    ) -> Result<(), Error> {
        let mut after = None;
        while self.finding.is_none() {
            let rest = format!("WHERE id {} $1 ORDER BY id LIMIT $2", after_operator(after));
            let select = table::select::<R>(conn, &rest).values((after.unwrap_or_default(), CHUNK));
            let chunk = self.read::<R>(select).await?;
            let Some(last) = chunk.last() else { break };
            after = Some(id(last));
            self.rows(&chunk);
        }
        Ok(())
    }

    /// The rows of a statement; one with an invalid value is a finding.
    async fn read<R: Table>(&mut self, select: Stmt<'_>) -> Result<Vec<R>, Error> {
        match select.all().await {
            Err(Error::Corrupt(what)) => {
                self.finding.get_or_insert(Finding::Row(R::TABLE, what));
                Ok(Vec::new())
            }
            rows => rows,
        }
    }

    fn rows<R: AuditedRow>(&mut self, rows: &[R]) {
        for row in rows {
            if self.finding.is_none() {
                self.finding = check(row, self.vouched);
            }
        }
    }
}

/// Holds a row against the log, and takes it off the list of rows that must be there.
fn check<R: AuditedRow>(row: &R, vouched: &mut RecordedDigests) -> Option<Finding> {
    let digest = RowDigest::of(row);
    let expected = vouched.remove(&(digest.table.clone(), digest.key.clone()));
    let fits = expected.is_some_and(|(event_id, hash)| hash == digest.hash && row.event_id() == Some(event_id));
    (!fits).then(|| Finding::Row(<R as AuditedRow>::TABLE, hex(&digest.key)))
}

/// Bytes as text.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
