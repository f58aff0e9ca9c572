//! Changes made by somebody who owns the database and goes around the portal.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use countersign::{
    actions::{
        import_indirect_resellers, import_subscriptions, manage_api_clients, record_verification::record_verification,
        remove_customer::remove_customer,
    },
    domain::{
        actor::{Actor, Principal},
        list_columns::ReadOptions,
        partner_account::{PartnerAccount, PartnerType},
        removal::Removal,
        reseller_file,
        role::Role,
        subscription_file,
    },
    store::{
        idempotency::IdempotencyKey,
        verdict::{Finding, Verdict},
        verify,
    },
};

use crate::{
    on_both_databases,
    support::{
        Browser, Portal,
        direct::Direct,
        portal::{account, day, person, with_phone},
        rng::SeededRng,
    },
};

/// The tables that the log vouches for, row by row.
const EVIDENCE: [&str; 14] = [
    "partner_accounts",
    "indirect_resellers",
    "users",
    "memberships",
    "api_clients",
    "agreement_versions",
    "agreement_version_links",
    "customers",
    "agreements",
    "orders",
    "order_lines",
    "subscriptions",
    "audit_log",
    "audit_verifications",
];

/// The other tables.
const NOT_EVIDENCE: [(&str, &str); 25] = [
    ("audit_head", "is checked against the log"),
    ("agreement_version_set", "is a lock"),
    ("sessions", "comes and goes without events"),
    ("sign_in_attempts", "comes and goes without events"),
    ("setup_tokens", "comes and goes without events"),
    ("idempotency_keys", "comes and goes without events"),
    ("customer_drafts", "comes and goes without events"),
    ("order_drafts", "comes and goes without events"),
    ("selections", "comes and goes without events"),
    ("carts", "comes and goes without events"),
    ("refresh_tokens", "comes and goes; who made one is in the log"),
    ("temporary_passwords", "comes and goes without events"),
    ("offers", "is a list to choose from; orders hold copies"),
    ("customer_terms", "is made from customers"),
    ("customer_names", "is made from customers"),
    ("customer_names_data", "is made from customers"),
    ("customer_names_idx", "is made from customers"),
    ("customer_names_docsize", "is made from customers"),
    ("customer_names_config", "is made from customers"),
    ("customer_counts", "is made from customers"),
    ("customer_week_counts", "is made from customers"),
    ("agreement_counts", "is made from agreements"),
    ("renewal_counts", "is made from subscriptions"),
    ("schema_migrations", "is the schema's"),
    ("sqlite_sequence", "is the database's"),
];

/// The columns of evidence that anybody may change without a trace.
const FREE: [(&str, &str, &str); 4] = [
    ("partner_accounts", "position", "the order of a list"),
    ("users", "language", "a preference, which has no event"),
    ("customers", "name_fold", "made from company_name, for search"),
    ("customers", "licences", "a kept figure, which countersign check counts anew"),
];

on_both_databases! {
    async fn every_change_of_every_column_of_every_row_is_found_and_named(portal) {
        everything_once(portal).await;
        verdicts(portal).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        let mut rng = SeededRng::new(1);
        let mut changes = 0;
        for table in EVIDENCE {
            let columns = columns(&mut direct, table).await;
            for row in salts(&mut direct, table).await {
                for column in &columns {
                    if FREE.iter().any(|(free, name, _)| *free == table && column.name == *name) {
                        continue;
                    }
                    for to in column.other_values(&mut direct, table, &row, &mut rng).await {
                        is_found(portal, &mut direct, table, column, &row, &to).await;
                        changes += 1;
                    }
                }
            }
        }
        assert!(changes > 500, "{changes} changes");
        portal.assert_sound().await;
    }

    async fn every_table_and_column_is_evidence_or_is_known_not_to_be(portal) {
        let mut direct = Direct::connect(&portal.location).await;
        let tables = if direct.is_sqlite() {
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
        } else {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'"
        };
        for table in direct.rows(tables).await.into_iter().flatten() {
            let known = EVIDENCE.contains(&table.as_str()) || NOT_EVIDENCE.iter().any(|(name, _)| *name == table);
            assert!(known, "is {table} evidence?");
        }
        for (table, name, _) in FREE {
            assert!(columns(&mut direct, table).await.iter().any(|column| column.name == name), "{table}.{name}");
        }
    }

    async fn what_is_gone_is_missed(portal) {
        everything_once(portal).await;
        verdicts(portal).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        for table in EVIDENCE.into_iter().filter(|table| *table != "audit_log") {
            for row in salts(&mut direct, table).await {
                let seeded = table.starts_with("agreement_version") && row.chars().all(|c| "xX'0\\E".contains(c));
                if seeded {
                    continue;
                }
                direct.execute(&format!("CREATE TABLE kept AS SELECT * FROM {table} WHERE salt = {row}")).await;
                direct.execute(&format!("DELETE FROM {table} WHERE salt = {row}")).await;
                let finding = finding(portal, "a change").await;
                assert!(matches!(&finding, Finding::Missing(name, _) if name == table), "{table} {row}: {finding:?}");
                direct.execute(&format!("INSERT INTO {table} SELECT * FROM kept")).await;
                direct.execute("DROP TABLE kept").await;
            }
        }
        portal.assert_sound().await;
    }

    async fn what_was_never_recorded_is_found_wherever_it_is_slipped_in(portal) {
        everything_once(portal).await;
        verdicts(portal).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        let nil = if direct.is_sqlite() { "zeroblob(16)" } else { "'00000000-0000-0000-0000-000000000000'::uuid" };
        let high = if direct.is_sqlite() {
            "X'ffffffffffffffffffffffffffffffff'"
        } else {
            "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"
        };
        for (table, row) in [
            ("agreements", vec![("id", nil), ("agreement_seq", "1000")]),
            ("agreements", vec![("id", high), ("agreement_seq", "1000")]),
            ("customers", vec![("id", high), ("seq", "-1")]),
            ("customers", vec![("id", high), ("seq", "0")]),
            ("customers", vec![("id", nil), ("seq", "1000")]),
            ("users", vec![("id", nil), ("email_fold", "'mallory@test.example'")]),
            ("memberships", vec![("user_id", nil)]),
            ("partner_accounts", vec![("id", nil), ("name", "'Zuidster'")]),
            ("indirect_resellers", vec![("mpn_id", "'1'")]),
            ("agreement_versions", vec![("id", nil), ("published_on", "'2020-02-01'")]),
            ("agreement_versions", vec![("id", nil), ("published_on", "'2020-02-01'"), ("event_id", "NULL")]),
            ("audit_verifications", vec![("id", nil), ("seq", "1000")]),
            ("audit_log", vec![("seq", "-1"), ("id", nil), ("prev_hash", "salt")]),
            ("audit_log", vec![("seq", "0"), ("id", nil), ("prev_hash", "salt")]),
            ("audit_log", vec![("seq", "(SELECT max(seq) + 1 FROM audit_log)"), ("id", nil), ("prev_hash", "salt")]),
        ] {
            let all: Vec<String> = columns(&mut direct, table).await.into_iter().map(|column| column.name).collect();
            let values: Vec<&str> = all
                .iter()
                .map(|name| row.iter().find(|(column, _)| column == name).map_or(name.as_str(), |(_, value)| value))
                .collect();
            let (columns, values) = (all.join(", "), values.join(", "));
            direct.execute(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
            direct.execute(&format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} ORDER BY {columns} LIMIT 1")).await;
            let finding = finding(portal, "a change").await;
            let named = match &finding {
                Finding::Row(name, _) => *name == table,
                Finding::Gap(_) | Finding::Entry(_) | Finding::Head(_) => table == "audit_log",
                Finding::Missing(..) | Finding::Rewritten(..) | Finding::Gone(..) => false,
            };
            assert!(named, "{table} {row:?}: {finding:?}");
            direct.execute(&format!("DELETE FROM {table}")).await;
            direct.execute(&format!("INSERT INTO {table} SELECT * FROM kept")).await;
            direct.execute("DROP TABLE kept").await;
        }
        portal.assert_sound().await;
    }

    async fn entries_of_the_log_that_are_dropped_swapped_or_cut_off_are_found(portal) {
        everything_once(portal).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        let last: i64 = direct.text("SELECT CAST(max(seq) AS TEXT) FROM audit_log").await.parse().unwrap();
        assert!(last > 8);
        direct.execute("CREATE TABLE kept AS SELECT * FROM audit_log").await;

        for (statements, expected) in [
            (vec!["DELETE FROM audit_log WHERE seq = 1"], Finding::Gap(1)),
            (vec!["DELETE FROM audit_log WHERE seq = 4"], Finding::Gap(4)),
            (vec!["DELETE FROM audit_log WHERE seq > 5"], Finding::Head(last)),
            (vec!["DELETE FROM audit_log"], Finding::Head(last)),
            (
                vec![
                    "UPDATE audit_log SET seq = -1 WHERE seq = 3",
                    "UPDATE audit_log SET seq = 3 WHERE seq = 4",
                    "UPDATE audit_log SET seq = 4 WHERE seq = -1",
                ],
                Finding::Entry(3),
            ),
            (
                // Renumbered, so that no gap is left.
                vec![
                    "DELETE FROM audit_log WHERE seq = 3",
                    "UPDATE audit_log SET seq = -seq WHERE seq > 3",
                    "UPDATE audit_log SET seq = -seq - 1 WHERE seq < 0",
                ],
                Finding::Entry(3),
            ),
        ] {
            for statement in &statements {
                assert!(direct.execute(statement).await > 0, "{statement}");
            }
            assert_eq!(finding(portal, "a change").await, expected, "{statements:?}");
            direct.execute("DELETE FROM audit_log").await;
            direct.execute("INSERT INTO audit_log SELECT * FROM kept").await;
        }

        // The tail cut and the head moved back: the rows that the tail vouched for are found.
        direct.execute("DELETE FROM audit_log WHERE seq > 8").await;
        direct.execute("CREATE TABLE old_head AS SELECT * FROM audit_head").await;
        direct.execute("UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit_log WHERE seq = 8)").await;
        assert!(matches!(finding(portal, "a change").await, Finding::Row(..)));
        direct.execute("INSERT INTO audit_log SELECT * FROM kept WHERE seq > 8").await;
        for (column, value) in [("seq", "seq + 1"), ("seq", "seq - 1"), ("hash", "(SELECT hash FROM audit_log WHERE seq = 1)")] {
            direct.execute("DELETE FROM audit_head").await;
            direct.execute("INSERT INTO audit_head SELECT * FROM old_head").await;
            direct.execute(&format!("UPDATE audit_head SET {column} = {value}")).await;
            assert!(matches!(finding(portal, "a change").await, Finding::Head(_)), "{column} = {value}");
        }
        direct.execute("DELETE FROM audit_head").await;
        direct.execute("INSERT INTO audit_head SELECT * FROM old_head").await;
        direct.execute("DROP TABLE kept").await;
        direct.execute("DROP TABLE old_head").await;
        portal.assert_sound().await;
    }
}

/// A row or more of everything that the log vouches for, with and without what may be absent.
async fn everything_once(portal: &Portal) {
    let bare = portal.add_customer("Fabrikam").await;
    let full = portal.add_customer("Contoso B.V.").await;
    let leaving = portal.add_direct_customer("Litware", None).await;
    portal.add_direct_customer("Tailspin", Some(day("2024-05-06"))).await;
    let anna = person("Anna", "de Vries", "anna@contoso.example");
    portal.confirm(full, &anna, day("2026-03-12")).await;
    portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-23")).await;
    portal.add_version("Microsoft Customer Agreement, October 2026", "2026-10-01", None).await;
    portal.confirm(full, &with_phone(&anna, "020 555 01 17"), day("2026-11-20")).await;
    let sales = portal.signed_in("sales").await;
    let company = sales.form(&format!("/customers/{full}/account/company")).await;
    let company = company
        .with("country", "NL")
        .with("address_line1", "Kerkstraat 1")
        .with("city", "Amsterdam")
        .with("postal_code", "1017 GC");
    assert_eq!(sales.submit(&company).await.status, 303);
    let contact = sales.form(&format!("/customers/{full}/account/contact")).await;
    let contact = contact
        .with("contact_first_name", "Noor")
        .with("contact_last_name", "’t Hart")
        .with("contact_email", "noor@contoso.example")
        .with("contact_phone_number", "020 555 01 18");
    assert_eq!(sales.submit(&contact).await.status, 303);
    create_by_hand(&sales).await;
    let subscriptions = format!(
        "Subscription ID,Subscription,Quantity,Status,Microsoft ID\n\
         33333333-3333-4333-8333-333333333333,Power BI Pro,25,Active,{full}\n"
    );
    let subscriptions =
        subscription_file::read(subscriptions.as_bytes(), &ReadOptions::on(day("2026-11-22"))).expect("a file");
    let here = Actor::command_line(portal.account.clone());
    import_subscriptions::apply(&portal.db, &here, &subscriptions).await.expect("an import");
    let submission = IdempotencyKey { token_hash: [1; 32], fields_hash: [1; 32] };
    remove_customer(&portal.db, &here, leaving, Removal::EndRelationship, &submission, "").await.expect("a removal");
    // What is refused is logged too.
    let page = portal.signed_in("manager").await.get(&format!("/customers/{bare}/agreements/new")).await;
    assert_eq!(page.status, 403);
    let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..account("Oosterlicht") };
    portal.add_account(&provider).await;
    let resellers = b"Name,MPN ID,Tenant ID,Agreement signed\n\
        Wingtip Toys,4847383,11111111-1111-4111-8111-111111111111,yes\n\
        Fourth Coffee,12,22222222-2222-4222-8222-222222222222,no\n";
    let resellers = reseller_file::read(resellers, &ReadOptions::default()).expect("a file");
    import_indirect_resellers::apply(&portal.db, &Actor::command_line(provider), &resellers).await.expect("an import");
    for name in ["Billing", "Orders"] {
        let who = Principal::command_line();
        manage_api_clients::create_api_client(&portal.db, who, &portal.account, name, Role::SalesAgent, [7; 32])
            .await
            .expect("a client");
    }
    manage_api_clients::revoke_api_client(&portal.db, Principal::command_line(), &portal.account, "Orders")
        .await
        .expect("a client");
}

/// Verdicts of both kinds.
async fn verdicts(portal: &Portal) {
    let sound = verify::verify(&portal.db).await.expect("a verdict");
    for verdict in [sound, Verdict::Wrong(Finding::Gap(1))] {
        record_verification(&portal.db, Principal::command_line(), &verdict, &[]).await.expect("recorded");
    }
}

/// Goes through the wizard: a customer with everything that one can have, and an order.
async fn create_by_hand(sales: &Browser) {
    let form = sales.form("/customers/new").await;
    let form = [
        ("country", "HU"),
        ("company_name", "Adatum Kft."),
        ("domain_prefix", "adatum"),
        ("address_line1", "Fő utca 1"),
        ("address_line2", "II. emelet"),
        ("postal_code", "1037"),
        ("city", "Budapest"),
        ("state", "Pest"),
        ("organization_registration_number", "01234567890"),
        ("contact_first_name", "Zoltán"),
        ("contact_last_name", "Nagy"),
        ("contact_email", "zoltan@adatum.example"),
        ("contact_phone_number", "+36 1 555 0117"),
        ("accepted", "on"),
        ("date_agreed", "2026-11-20"),
        ("acceptor", "primary_contact"),
    ]
    .into_iter()
    .fold(form, |form, (name, value)| form.with(name, value));
    let page = sales.submit(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let mut form = sales.form(&page.location()).await;
    let quantity = form.fields.iter_mut().find(|(name, _)| name == "quantity").expect("an offer");
    "25".clone_into(&mut quantity.1);
    let page = sales.submit(&form).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let page = sales.submit(&sales.form(&page.location()).await).await;
    assert_eq!(page.status, 303, "{}", page.body);
}

async fn finding(portal: &Portal, what: &str) -> Finding {
    match verify::verify(&portal.db).await.expect("a verdict") {
        Verdict::Wrong(finding) => finding,
        sound @ Verdict::Sound { .. } => panic!("{what} was not found: {sound:?}"),
    }
}

/// Changes a value, sees that it is found under the right name, and changes it back.
async fn is_found(portal: &Portal, direct: &mut Direct, table: &'static str, column: &Column, row: &str, to: &str) {
    let name = &column.name;
    let seq = match table {
        "audit_log" => direct.text(&format!("SELECT CAST(seq AS TEXT) FROM audit_log WHERE salt = {row}")).await,
        _ => String::new(),
    };
    let from = column.literal(direct, table, row).await;
    assert_eq!(
        direct.execute(&format!("UPDATE {table} SET {name} = {to} WHERE salt = {row}")).await,
        1,
        "{table}.{name}"
    );
    let what = format!("{table}.{name} of {row} from {from} to {to}");
    let finding = finding(portal, &what).await;
    let named = match &finding {
        Finding::Row(found, _) => *found == table,
        Finding::Missing(found, _) => found == table,
        Finding::Gap(found) | Finding::Entry(found) => found.to_string() == seq,
        Finding::Head(_) => table == "audit_log" && name == "seq",
        // The hash that was kept of an entry comes first.
        Finding::Rewritten(found, _) | Finding::Gone(found, _) => {
            found.to_string() == seq || table == "audit_verifications" && name.starts_with("entry_")
        }
    };
    assert!(named, "{what}: {finding:?}");
    let row = if name == "salt" { to } else { row };
    assert_eq!(direct.execute(&format!("UPDATE {table} SET {name} = {from} WHERE salt = {row}")).await, 1, "{what}");
}

/// The salts of a table, as literals: every row has one of its own.
async fn salts(direct: &mut Direct, table: &str) -> Vec<String> {
    let quote = if direct.is_sqlite() { "quote(salt)" } else { "quote_nullable(salt::text)" };
    let salts: Vec<String> = direct.rows(&format!("SELECT {quote} FROM {table}")).await.into_iter().flatten().collect();
    assert!(!salts.is_empty(), "{table} is empty");
    salts
}

/// A column as the database's catalogue describes it.
struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

async fn columns(direct: &mut Direct, table: &str) -> Vec<Column> {
    let sql = if direct.is_sqlite() {
        format!(
            "SELECT name, lower(type), CASE \"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END FROM pragma_table_info('{table}')"
        )
    } else {
        format!(
            "SELECT column_name::text, udt_name::text, is_nullable::text FROM information_schema.columns \
             WHERE table_name = '{table}' ORDER BY ordinal_position"
        )
    };
    let columns: Vec<Column> = direct
        .rows(&sql)
        .await
        .into_iter()
        .map(|row| Column { name: row[0].clone(), kind: row[1].clone(), nullable: row[2] == "YES" })
        .collect();
    assert!(columns.len() > 4, "{table}");
    columns
}

impl Column {
    /// The value in a row, as a literal.
    async fn literal(&self, direct: &mut Direct, table: &str, row: &str) -> String {
        let name = &self.name;
        let quoted =
            if direct.is_sqlite() { format!("quote({name})") } else { format!("quote_nullable({name}::text)") };
        direct.text(&format!("SELECT {quoted} FROM {table} WHERE salt = {row}")).await
    }

    /// Other values of the same kind, as literals.
    async fn other_values(&self, direct: &mut Direct, table: &str, row: &str, rng: &mut SeededRng) -> Vec<String> {
        let literal = self.literal(direct, table, row).await;
        if literal == "NULL" {
            return vec![self.some_value().to_owned()];
        }
        let mut others = match self.kind.as_str() {
            "integer" | "int8" => {
                let number: i64 = literal.trim_matches('\'').parse().expect("a number");
                // One and nought may be yes and no.
                vec![if number > 1 { number + 1000 } else { 1 - number }.to_string()]
            }
            "bool" => vec![format!("NOT '{}'::bool", literal.trim_matches('\''))],
            "blob" | "bytea" | "uuid" => vec![with_a_digit_changed(&literal, rng)],
            "timestamptz" => vec![
                format!("{literal}::timestamptz + interval '1 second'"),
                format!("{literal}::timestamptz - interval '1 millisecond'"),
            ],
            "date" => vec![format!("{literal}::date + 1")],
            "text" => other_texts(&literal),
            other => panic!("{table}.{}: {other} is a new kind of column", self.name),
        };
        if self.nullable {
            others.push("NULL".to_owned());
        }
        others
    }

    fn some_value(&self) -> &'static str {
        match self.kind.as_str() {
            "integer" | "int8" => "7",
            "blob" => "X'01010101010101010101010101010101'",
            "uuid" => "'01010101-0101-0101-0101-010101010101'",
            _ if self.name.ends_with("_at") => "'2026-01-01T00:00:00.000Z'",
            // Text where a day may be stored as text.
            _ => "'2026-01-01'",
        }
    }
}

/// Bytes or a GUID with one hexadecimal digit that differs.
fn with_a_digit_changed(literal: &str, rng: &mut SeededRng) -> String {
    let first = literal.find(['x', '\'']).map_or(0, |at| at + 1);
    let digits: Vec<usize> =
        literal.char_indices().filter(|(at, c)| *at >= first && c.is_ascii_hexdigit()).map(|(at, _)| at).collect();
    let at = digits[rng.below(digits.len())];
    let digit = u8::from_str_radix(&literal[at..=at], 16).expect("a digit");
    let changed = digit ^ (1 << rng.below(4));
    format!("{}{changed:x}{}", &literal[..at], &literal[at + 1..])
}

/// A text that differs: a time or a day by a little, others by what is easily overlooked.
fn other_texts(literal: &str) -> Vec<String> {
    let text = &literal[1..literal.len() - 1];
    if let Ok(time) = DateTime::<FixedOffset>::parse_from_rfc3339(text) {
        return [TimeDelta::seconds(1), TimeDelta::milliseconds(-1)]
            .map(|by| format!("'{}'", (time + by).to_rfc3339()))
            .to_vec();
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return vec![format!("'{}'", day.succ_opt().expect("a day"))];
    }
    let mut others = vec![format!("'{text} '"), format!("'x{text}'")];
    let turned: String =
        text.chars().map(|c| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() }).collect();
    if turned != text {
        others.push(format!("'{turned}'"));
    }
    others
}
