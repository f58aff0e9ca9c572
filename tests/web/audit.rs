//! The trail of an account: what it shows and what its file holds, beside a plain reading of the whole log.

use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use countersign::domain::{
    actor::{ActorKind, Principal},
    audit::{Action, Event},
    role::Role,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use super::customers::statements;
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::encode,
        direct::Direct,
        naughty_strings,
        portal::{account, day, person},
        rng::SeededRng,
        until,
    },
};

/// An entry as it stands in the log.
struct Plain {
    seq: i64,
    at: DateTime<Utc>,
    account: Option<Uuid>,
    kind: String,
    actor: Option<Uuid>,
    action: String,
    customer: Option<Uuid>,
}

async fn whole_log(portal: &Portal) -> Vec<Plain> {
    type Left = (i64, DateTime<Utc>, Option<Uuid>);
    type Right = (String, Option<Uuid>, String, Option<Uuid>);
    let mut conn = portal.db.snapshot().await.expect("a snapshot");
    let left = crate::support::sql(&mut conn, "SELECT seq, at, partner_account_id FROM audit_log ORDER BY seq");
    let left: Vec<Left> = left.all().await.expect("a log");
    let right =
        crate::support::sql(&mut conn, "SELECT actor_kind, actor_id, action, customer_id FROM audit_log ORDER BY seq");
    let right: Vec<Right> = right.all().await.expect("a log");
    let whole = left.into_iter().zip(right);
    whole
        .map(|((seq, at, account), (kind, actor, action, customer))| Plain {
            seq,
            at,
            account,
            kind,
            actor,
            action,
            customer,
        })
        .collect()
}

/// What is asked for, as the address has it and as the test counts it.
#[derive(Debug, Default, Clone)]
struct Wanted {
    query: Vec<(&'static str, String)>,
    kind: Option<&'static str>,
    actor: Option<Uuid>,
    action: Option<&'static str>,
    customer: Option<Uuid>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Wanted {
    fn query(&self) -> String {
        let pairs: Vec<(&str, &str)> = self.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        encode(&pairs)
    }

    /// The numbers of the entries, newest first.
    fn count(&self, log: &[Plain], account: Uuid, members: &HashSet<Uuid>) -> Vec<i64> {
        let concerns = |entry: &Plain| match (entry.account, entry.action.as_str()) {
            (Some(of), _) => of == account,
            (None, "agreement_version_added" | "catalogue_imported" | "log_verified") => true,
            (None, "signed_in" | "sign_in_failed") => entry.actor.is_some_and(|actor| members.contains(&actor)),
            (None, _) => false,
        };
        let mut found: Vec<(DateTime<Utc>, i64)> = log
            .iter()
            .filter(|entry| concerns(entry))
            .filter(|entry| self.actor.is_none_or(|actor| entry.actor == Some(actor)))
            .filter(|entry| self.kind.is_none_or(|kind| entry.kind == kind && entry.actor.is_none()))
            .filter(|entry| self.action.is_none_or(|action| entry.action == action))
            .filter(|entry| self.customer.is_none_or(|customer| entry.customer == Some(customer)))
            .filter(|entry| self.from.is_none_or(|from| amsterdam(entry.at) >= from))
            .filter(|entry| self.to.is_none_or(|to| amsterdam(entry.at) <= to))
            .map(|entry| (entry.at, entry.seq))
            .collect();
        found.sort_unstable();
        found.into_iter().rev().map(|(_, seq)| seq).collect()
    }
}

/// The day in Amsterdam in winter.
fn amsterdam(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::hours(1)).date_naive()
}

/// Events of every kind by everybody about anybody, in three accounts and in none.
async fn happenings(portal: &Portal, rng: &mut SeededRng, count: usize, users: &[Uuid], customers: &[Uuid]) {
    let other = account("Zuiderzon");
    let names = naughty_strings::STRINGS;
    for number in 0..count {
        if rng.below(3) != 0 {
            portal.clock.advance(TimeDelta::milliseconds(i64::try_from(rng.below(7_000_000)).expect("small")));
        }
        let name = names[number % names.len()];
        let who = match rng.below(5) {
            0 => Principal::command_line(),
            1 => Principal::anonymous(),
            _ => Principal::user(users[rng.below(users.len())], name.replace('\0', "")),
        };
        let action = Action::ALL[rng.below(Action::ALL.len())];
        let mut tx = portal.db.write().await.expect("a change");
        let make = |tx: &countersign::store::WriteTx, who: Principal| {
            Event::new(tx.clock.id(), tx.clock.now(), who, action)
                .with(json!({ "label": name, "offer": name, "changes": [{ "field": "company_name", "from": name, "to": "x" }] }))
        };
        let mut event = make(&tx, who.clone());
        match rng.below(6) {
            0 => {}
            1 => event = event.within(other.id),
            _ => event = event.within(portal.account.id),
        }
        if rng.below(2) == 0 && event.partner_account_id.is_some() {
            event = event.about(customers[rng.below(customers.len())]);
        }
        // Several in the same millisecond.
        if rng.below(4) == 0 {
            let twin = make(&tx, who).within(portal.account.id);
            tx.record(twin);
        }
        tx.commit(event).await.expect("a commit");
    }
}

struct House {
    users: Vec<Uuid>,
    members: HashSet<Uuid>,
    customers: Vec<Uuid>,
    days: Vec<NaiveDate>,
}

async fn tx(portal: &Portal, rng: &mut SeededRng, count: usize) -> House {
    let other = account("Zuiderzon");
    portal.add_account(&other).await;
    let stranger = portal.add_user("stranger", Role::AdminAgent, std::slice::from_ref(&other)).await;
    let mut users = vec![stranger];
    let mut members = HashSet::new();
    for name in ["bo", "chris"] {
        let id =
            portal.add_user(name, Role::SalesAgent, &[portal.account.clone(), other.clone()][..=users.len() % 2]).await;
        members.insert(id);
        users.push(id);
    }
    let mut customers = Vec::new();
    for name in ["Contoso B.V.", "Fabrikam <b>", "Woodgrove"] {
        customers.push(portal.add_customer(name).await);
    }
    portal.add_same_customer_to(&other, customers[0], "Contoso Geheim").await;
    happenings(portal, rng, count, &users, &customers).await;
    let log = whole_log(portal).await;
    let mut days: Vec<NaiveDate> = log.iter().map(|entry| amsterdam(entry.at)).collect();
    days.sort_unstable();
    days.dedup();
    House { users, members, customers, days }
}

/// Filters at random, each as somebody might type it.
fn some_filter(rng: &mut SeededRng, tx: &House) -> Wanted {
    let mut wanted = Wanted::default();
    match rng.below(5) {
        0 => {
            let user = tx.users[rng.below(tx.users.len())];
            wanted.actor = Some(user);
            wanted.query.push(("actor", user.to_string()));
        }
        1 => {
            let kind = ["command_line", "anonymous"][rng.below(2)];
            wanted.kind = Some(kind);
            wanted.query.push(("actor", kind.to_owned()));
        }
        _ => {}
    }
    if rng.below(3) == 0 {
        let action = Action::CODES[rng.below(Action::CODES.len())];
        wanted.action = Some(action);
        wanted.query.push(("type", action.to_owned()));
    }
    if rng.below(3) == 0 {
        let customer = tx.customers[rng.below(tx.customers.len())];
        wanted.customer = Some(customer);
        let typed = [
            customer.to_string(),
            format!(" {{{}}} ", customer.to_string().to_uppercase()),
            customer.simple().to_string(),
        ];
        wanted.query.push(("customer", typed[rng.below(3)].clone()));
    }
    for name in ["from", "to"] {
        if rng.below(3) == 0 {
            let day = tx.days[rng.below(tx.days.len())];
            let typed = day.format(["%Y-%m-%d", "%-d-%-m-%Y", "%-d %B %Y"][rng.below(3)]).to_string();
            wanted.query.push((name, typed));
            *(if name == "from" { &mut wanted.from } else { &mut wanted.to }) = Some(day);
        }
    }
    wanted
}

/// The numbers of the entries on a page.
fn numbers(page: &Page) -> Vec<i64> {
    let number = |text: String| {
        let digits: String = text
            .split("entry ")
            .nth(1)
            .expect("a number")
            .chars()
            .take_while(|c| *c != ' ')
            .filter(char::is_ascii_digit)
            .collect();
        digits.parse().expect("a number")
    };
    page.texts(".events li > .meta").into_iter().map(number).collect()
}

fn link(page: &Page, name: &str) -> Option<String> {
    page.attributes(".pager .acts a", "href").into_iter().find(|href| href.contains(&format!("{name}=")))
}

/// The numbers of all pages, to the oldest; then the way back must show the same.
async fn walk(browser: &Browser, query: &str) -> Vec<i64> {
    let mut page = browser.get(&format!("/audit?{query}")).await;
    let mut pages = Vec::new();
    loop {
        assert_eq!(page.status, 200, "{query}");
        pages.push(numbers(&page));
        assert!(pages.last().is_some_and(|page| page.len() <= 50));
        match link(&page, "before") {
            Some(href) => page = browser.get(&href).await,
            None => break,
        }
    }
    for expected in pages.iter().rev().skip(1) {
        page = browser.get(&link(&page, "after").expect("a way back")).await;
        assert_eq!(&numbers(&page), expected, "{query}");
    }
    assert!(pages.len() == 1 || link(&page, "after").is_none(), "{query}: nothing is newer than the newest");
    pages.concat()
}

async fn export(portal: &Portal, cookie: &str, query: &str) -> Vec<Value> {
    let page = portal
        .browser()
        .send(reqwest::Method::GET, &format!("/audit/export.jsonl?{query}"), None, &[("cookie", cookie)])
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.header("content-type"), "application/x-ndjson");
    assert_eq!(
        page.header("content-disposition"),
        format!("attachment; filename=\"audit-{}.jsonl\"", amsterdam(portal.clock.now()))
    );
    assert!(page.body.is_empty() || page.body.ends_with('\n'));
    page.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn bytes(line: &Value, name: &str) -> Vec<u8> {
    hex(line[name].as_str().unwrap_or_else(|| panic!("{name} in {line}")))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|place| u8::from_str_radix(&text[place..place + 2], 16).expect("hexadecimal"))
        .collect()
}

/// Makes the hashes of a line again, as the documentation of the export tells it, and nothing else.
fn rehash(line: &Value) -> (Vec<u8>, Vec<u8>) {
    fn sized(to: &mut Vec<u8>, bytes: &[u8]) {
        to.extend(u32::try_from(bytes.len()).expect("short").to_be_bytes());
        to.extend(bytes);
    }
    fn guid(to: &mut Vec<u8>, value: &Value) {
        to.push(u8::from(!value.is_null()));
        to.extend(value.as_str().map(|text| hex(&text.replace('-', ""))).unwrap_or_default());
    }
    let text = |name: &str| line[name].as_str().expect("text").as_bytes();
    let mut private = Vec::new();
    sized(&mut private, &bytes(line, "salt"));
    sized(&mut private, text("actor_name"));
    sized(&mut private, text("detail"));
    let mut leaf = vec![1];
    leaf.extend(hex(&line["id"].as_str().expect("an id").replace('-', "")));
    let at: DateTime<Utc> = line["at"].as_str().expect("a time").parse().expect("a time");
    leaf.extend(at.timestamp_millis().to_be_bytes());
    guid(&mut leaf, &line["partner_account_id"]);
    sized(&mut leaf, text("actor_kind"));
    guid(&mut leaf, &line["actor_id"]);
    sized(&mut leaf, text("action"));
    guid(&mut leaf, &line["customer_id"]);
    leaf.extend(Sha256::digest(&private));
    let rows = line["rows"].as_array().expect("rows");
    leaf.extend(i64::try_from(rows.len()).expect("few").to_be_bytes());
    for row in rows {
        sized(&mut leaf, row["table"].as_str().expect("a table").as_bytes());
        sized(&mut leaf, &bytes(row, "key"));
        leaf.extend(bytes(row, "hash"));
    }
    let leaf_hash = Sha256::digest([&[0], leaf.as_slice()].concat()).to_vec();
    let seq = line["seq"].as_i64().expect("a number").to_be_bytes();
    let whole = [b"countersign-audit-v1\0".as_slice(), &seq, &bytes(line, "prev_hash"), &leaf_hash].concat();
    (leaf_hash, Sha256::digest(whole).to_vec())
}

on_both_databases! {
    async fn any_filter_shows_each_entry_of_the_account_once_in_the_order_of_time_and_the_file_holds_the_same(portal) {
        let mut rng = SeededRng::new(5_006);
        let mut tx = tx(portal, &mut rng, 400).await;
        let sales = portal.signed_in("sales").await;
        let cookie = portal.cookie_of("manager").await;
        for name in ["admin", "sales", "manager"] {
            let mut conn = portal.db.read().await.expect("a reader");
            let (id,): (Uuid,) = crate::support::sql(&mut conn, "SELECT id FROM users WHERE email = $1").bind(format!("{name}@test.example")).one().await.expect("a user");
            tx.members.insert(id);
            tx.users.push(id);
        }
        let (mut entries, mut rounds) = (0, 0);
        for round in 0..60 {
            let wanted = if round == 0 { Wanted::default() } else { some_filter(&mut rng, &tx) };
            let query = wanted.query();
            let expected = wanted.count(&whole_log(portal).await, portal.account.id, &tx.members);
            assert_eq!(walk(&sales, &query).await, expected, "{query}");
            entries += expected.len();
            rounds += usize::from(!expected.is_empty());

            let lines = export(portal, &cookie, &query).await;
            let mut expected = wanted.count(&whole_log(portal).await, portal.account.id, &tx.members);
            expected.reverse();
            let exported: Vec<i64> = lines.iter().map(|line| line["seq"].as_i64().expect("a number")).collect();
            assert_eq!(exported, expected, "{query}");
        }
        assert!(entries > 1_000 && rounds > 25, "{entries} entries in {rounds} rounds");
    }

    async fn the_lines_of_the_file_hash_to_the_chain(portal) {
        let mut rng = SeededRng::new(7);
        tx(portal, &mut rng, 80).await;
        let customer = portal.add_customer("Hashed & <sealed>").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let cookie = portal.cookie_of("admin").await;
        let lines = export(portal, &cookie, "").await;
        let (mut linked, mut sealed) = (0, 0);
        for line in &lines {
            let (leaf_hash, hash) = rehash(line);
            assert_eq!(leaf_hash, bytes(line, "leaf_hash"), "{line}");
            assert_eq!(hash, bytes(line, "hash"), "{line}");
            sealed += line["rows"].as_array().expect("rows").len();
            let before = lines.iter().find(|one| one["seq"].as_i64() == line["seq"].as_i64().map(|seq| seq - 1));
            if let Some(before) = before {
                assert_eq!(before["hash"], line["prev_hash"], "{line}");
                linked += 1;
            }
        }
        assert!(lines.len() > 60 && linked > 30 && sealed > 5, "{} lines, {linked} linked, {sealed} rows", lines.len());
        // The hashes tell a changed line.
        let mut changed = lines[lines.len() - 1].clone();
        changed["detail"] = json!(format!("{} ", changed["detail"].as_str().expect("text")));
        assert_ne!(rehash(&changed).1, bytes(&changed, "hash"));
    }

    async fn an_export_is_an_event_that_says_what_was_asked_for(portal) {
        let cookie = portal.cookie_of("manager").await;
        let lines = export(portal, &cookie, "type=signed_in&from=yesterday&to=nonsense&actor=command_line").await;
        assert!(lines.is_empty(), "{lines:?}");
        assert_eq!(portal.events(Action::Exported).await, 1);
        let lines = export(portal, &cookie, "type=exported").await;
        assert_eq!(lines.len(), 2, "the export itself is the last entry of the file");
        let detail: Value = serde_json::from_str(lines[0]["detail"].as_str().expect("text")).expect("JSON");
        let filters = json!({ "actor": "command_line", "type": "signed_in", "from": "2026-11-21" });
        assert_eq!(detail, json!({ "list": "audit", "format": "jsonl", "filters": filters }));
        let page = portal.signed_in("sales").await.get("/audit?type=exported").await;
        assert!(page.main().contains("Manager exported a list: Audit (jsonl)."), "{}", page.main());
    }

    async fn entries_of_another_account_never_appear(portal) {
        let mut rng = SeededRng::new(3);
        let tx = tx(portal, &mut rng, 120).await;
        let log = whole_log(portal).await;
        let foreign: HashSet<i64> = log.iter().filter(|entry| entry.account == Some(account("Zuiderzon").id)).map(|entry| entry.seq).collect();
        assert!(foreign.len() > 10);
        let stranger = tx.users[0];
        let sales = portal.signed_in("sales").await;
        for query in ["", "actor=command_line", "type=customer_imported", &format!("actor={stranger}"), &format!("customer={}", tx.customers[0])] {
            let shown = walk(&sales, query).await;
            assert!(shown.iter().all(|seq| !foreign.contains(seq)), "{query}");
            let page = sales.get(&format!("/audit?{query}")).await;
            assert!(!page.body.contains("Geheim") && !page.body.contains("Zuiderzon"), "{query}");
        }
        // Nor is the neighbour offered as somebody to ask for, or the sign-in of the neighbour shown.
        portal.signed_in("stranger").await;
        let newest = sales.get("/audit?type=signed_in").await;
        assert!(!newest.main().contains("Stranger signed in."), "{}", newest.main());
        assert!(!newest.texts("#actor option").contains(&"Stranger".to_owned()));
        let neighbour = portal.signed_in("stranger").await.get("/audit?type=signed_in").await;
        assert!(neighbour.main().contains("Stranger signed in."), "{}", neighbour.main());
    }
}

on_sqlite! {
    async fn a_filter_that_makes_no_sense_is_named_and_ignored(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let all = numbers(&sales.get("/audit").await);
        let sense = |name: &str, typed: &str| match name {
            "actor" => ActorKind::from_code(typed).is_some_and(|kind| kind != ActorKind::User),
            "type" => Action::from_code(typed).is_some(),
            // Milliseconds and a number, before or after which there may be nothing.
            "before" | "after" => typed.split_once('.').is_some_and(|(millis, seq)| {
                millis.parse::<i64>().is_ok_and(|millis| millis >= 0) && seq.parse::<i64>().is_ok()
            }),
            _ => false,
        };
        let mut told = 0;
        for typed in naughty_strings::all().filter(|typed| typed.len() < 2_000) {
            for name in ["actor", "type", "customer", "from", "to", "before", "after"] {
                if sense(name, &typed) {
                    continue;
                }
                let query = encode(&[(name, typed.as_str())]);
                let page = sales.get(&format!("/audit?{query}")).await;
                assert_eq!(page.status, 200, "{query}");
                let notes = page.texts(".messages .msg");
                if typed.trim().is_empty() && !["before", "after"].contains(&name) || typed.is_empty() {
                    assert!(notes.is_empty(), "{query}: {notes:?}");
                } else if !["before", "after"].contains(&name) && notes.is_empty() {
                    // A day or an id in another form, such as digits that are a GUID.
                    assert!(page.texts(".chips li").len() == 3, "{query} is neither told nor used");
                    continue;
                } else {
                    assert_eq!(notes.len(), 1, "{query}: {notes:?}");
                    told += 1;
                }
                assert_eq!(numbers(&page), all, "{query}");
                assert!(page.texts(".chips").is_empty(), "{query}");
            }
        }
        assert!(told > 1_000, "{told}");
        for (query, note) in [
            ("actor=user", "User or program: “user” is not understood, so this filter is ignored."),
            ("type=nonsense", "Event: “nonsense” is not understood, so this filter is ignored."),
            ("customer=Contoso", "Customer: “Contoso” is not understood, so this filter is ignored."),
            ("from=31-2-2026", "From: “31-2-2026” is not understood, so this filter is ignored."),
            ("to=1999-12-31", "To: “1999-12-31” is not understood, so this filter is ignored."),
            ("before=9999999999999999.1", "The list has changed. These are the newest entries."),
            ("before=-1.1", "The list has changed. These are the newest entries."),
            ("after=1.x", "The list has changed. These are the newest entries."),
        ] {
            let page = sales.get(&format!("/audit?{query}")).await;
            assert_eq!(page.texts(".messages .msg"), [note], "{query}");
            assert_eq!(numbers(&page), all, "{query}");
        }
        // What does make sense beside it is used.
        let page = sales.get(&format!("/audit?from=nonsense&customer={customer}&type=customer_imported")).await;
        assert_eq!(numbers(&page).len(), 1);
        assert_eq!(page.texts(".messages .msg").len(), 1);
        assert_eq!(page.attributes("#from", "value"), ["nonsense"], "what was typed stays");
    }

    async fn a_chip_names_each_filter_and_takes_it_away(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let query = format!("actor=command_line&type=customer_imported&customer={customer}&from=22-11-2026&to=today");
        let page = sales.get(&format!("/audit?{query}")).await;
        let chips: Vec<String> = page.texts(".chips li:not(.bare)");
        assert_eq!(chips.len(), 5);
        for (chip, words) in chips.iter().zip(["User or program: An administrator (command line)", "Event: Customer added from a file", "Customer: Contoso B.V.", "From: 22 Nov 2026", "To: 22 Nov 2026"]) {
            assert!(chip.starts_with(words), "{chip}");
        }
        let removes = page.attributes(".chips li:not(.bare) a", "href");
        for (number, href) in removes.iter().enumerate() {
            let page = sales.get(href).await;
            assert_eq!(page.texts(".chips li:not(.bare)").len(), 4, "{href}");
            assert!(!page.texts(".chips li:not(.bare)").contains(&chips[number]), "{href}");
            assert_eq!(page.attributes("main .cmds a", "href"), [href.replace("/audit?", "/audit/export.jsonl?")]);
        }
        assert!(page.texts("option[selected]").contains(&"An administrator (command line)".to_owned()));
    }
}

on_both_databases! {
    async fn the_page_says_whether_the_log_is_as_it_was(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let sales = portal.signed_in("sales").await;
        let said = async |query: &str| sales.get(&format!("/audit?{query}")).await.texts("#integrity p");
        let fit = "Entries on this page verified: no changes found.";
        assert_eq!(said("").await, ["The whole log has not been verified yet: run “countersign audit verify” on the server.", fit]);

        let last = whole_log(portal).await.len();
        portal.verify_and_record().await;
        assert_eq!(said("").await, [format!("Chain verified 1–{last}, 22 November 2026 10:05 CET"), fit.to_owned()]);
        assert_eq!(said("type=user_enabled").await.len(), 1, "of no entries nothing is said");

        let mut direct = Direct::connect(&portal.location).await;
        let confirmed = whole_log(portal).await.into_iter().find(|entry| entry.action == "acceptance_confirmed").expect("an entry").seq;
        let triggers = if direct.is_sqlite() {
            "DROP TRIGGER audit_log_refuse_update"
        } else {
            "DROP TRIGGER audit_log_refuse_change ON audit_log"
        };
        direct.execute(triggers).await;
        direct.execute(&format!("UPDATE audit_log SET detail = replace(detail, 'Anna', 'Hanna') WHERE seq = {confirmed}")).await;
        let wrong = format!("Altered outside Countersign, or the entry before was: entry {confirmed}. Run countersign audit verify.");
        assert_eq!(said("").await[1], wrong);
        assert_eq!(said("type=signed_in").await[1], fit, "only the entries shown are checked");

        portal.verify_and_record().await;
        assert!(said("type=signed_in").await[0].starts_with("The log was altered outside Countersign"), "{:?}", said("").await);
        let page = sales.get("/audit?type=log_verified").await;
        let found = format!("entry {confirmed} of the log was changed, or one before it");
        assert!(page.main().contains("(WRONG)") && page.main().contains(&found), "{}", page.main());

        // A later verdict that everything fits does not take the other one's place.
        direct.execute(&format!("UPDATE audit_log SET detail = replace(detail, 'Hanna', 'Anna') WHERE seq = {confirmed}")).await;
        portal.clock.advance(TimeDelta::days(1));
        let sales = portal.signed_in("sales").await;
        let page = async |query: &str| sales.get(&format!("/audit?{query}")).await;
        let last = whole_log(portal).await.len();
        portal.verify_and_record().await;
        let said = page("").await.texts("#integrity p");
        let [whole, shown] = said.as_slice() else { panic!("{said:?}") };
        assert!(whole.starts_with("22 November 2026 10:05 CET: a verification found") && whole.contains("(WRONG)"), "{whole}");
        assert!(whole.ends_with(&format!("Chain verified again 1–{last}, 23 November 2026 10:05 CET.")), "{whole}");
        assert_eq!(shown, fit);
        assert_eq!(page("").await.texts("#integrity.bad p").len(), 2, "it is shown as bad");
        let again = page("type=log_verified").await;
        assert!(again.main().contains(&format!("verified the whole log up to entry {last}: no changes found.")), "{}", again.main());
        assert_eq!(numbers(&again).len(), 3, "each verification is an event");

        // A log that was written anew after it was verified does not pass as verified.
        direct.execute(&format!("CREATE TABLE kept AS SELECT hash FROM audit_log WHERE seq = {last}")).await;
        let flipped = if direct.is_sqlite() { "zeroblob(32)" } else { "decode(repeat('00', 32), 'hex')" };
        direct.execute(&format!("UPDATE audit_log SET hash = {flipped} WHERE seq = {last}")).await;
        assert!(page("type=user_enabled").await.texts("#integrity p")[0].starts_with("The log was altered outside Countersign"));
        direct.execute(&format!("UPDATE audit_log SET hash = (SELECT hash FROM kept) WHERE seq = {last}")).await;
        direct.execute("DROP TABLE kept").await;
    }

    async fn everybody_who_is_signed_in_reads_the_same_trail_in_sentences(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{customer}/account/company")).await.with("company_name", "Contoso <i> B.V.");
        assert_eq!(sales.submit(&form).await.status, 303);
        for name in ["manager", "sales", "admin"] {
            let browser = portal.signed_in(name).await;
            let page = browser.get("/audit?to=today").await;
            let main = page.main();
            for part in [
                "Days and times in Europe/Amsterdam", "22 November 2026", "10:05 CET", "Sales edited the company.", "Contoso <i> B.V.", "Company name",
                "Sales signed in.", "An administrator (command line) gave Sales the role Sales agent.", "An administrator (command line) imported a file of customers.",
                "\"from\":\"Contoso B.V.\"",
            ] {
                assert!(main.contains(part), "{part} is missing for {name}: {main}");
            }
            assert!(page.attributes(".events a", "href").contains(&format!("/customers/{customer}/history")));
            assert_eq!(page.attributes(".rail [aria-current=page]", "href"), ["/audit"]);
            let hashes = page.texts(".events .hash");
            assert_eq!(hashes.len(), numbers(&page).len());
            assert!(hashes.iter().all(|hash| hash.len() == 64 && hex(hash).len() == 32));
        }
        let history = sales.get(&format!("/customers/{customer}/history")).await;
        assert_eq!(history.texts(".events .hash").len(), 2);
        assert!(history.main().contains("\"from\":\"Contoso B.V.\"") && history.texts(".events a").is_empty());
        let dutch = portal.browser();
        dutch.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        dutch.post("/sign-in", &[("email", "manager@test.example"), ("password", crate::support::portal::PASSWORD)]).await;
        let page = dutch.get("/audit").await;
        assert_eq!(page.texts("h1"), ["Auditlogboek"]);
        assert!(page.main().contains("Sales heeft het bedrijf bewerkt."), "{}", page.main());
    }

    async fn the_page_takes_as_many_statements_for_many_entries_as_for_few(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let paths = ["/audit".to_owned(), "/audit?type=customer_imported&from=2026-11-22".to_owned(), format!("/audit?customer={customer}")];
        let few = statements(portal, &sales, &paths).await;
        for number in 0..60 {
            portal.add_customer(&format!("Alpine {number:02}")).await;
            portal.confirm(customer, &person("Anna", &format!("de Vries {number}"), "anna@contoso.example"), day("2026-03-12")).await;
        }
        let many = statements(portal, &sales, &paths).await;
        assert_eq!(few, many);
        assert!(many.iter().all(|count| *count <= 5), "{many:?}");
        let page = sales.get("/audit").await;
        assert_eq!(numbers(&page).len(), 50);
        assert!(page.body.len() < 50_000, "{} bytes", page.body.len());
    }

    async fn a_client_that_goes_away_ends_the_export(portal) {
        let actor = Principal::user(Uuid::from_u128(9), "Anna");
        let mut tx = portal.db.write().await.expect("a change");
        let padding = "x".repeat(1_000);
        for number in 0..6_000 {
            let event = Event::new(tx.clock.id(), tx.clock.now(), actor.clone(), Action::Denied).within(portal.account.id);
            tx.record(event.with(json!({ "permission": "import", "number": number, "padding": padding })));
        }
        let last = Event::new(tx.clock.id(), tx.clock.now(), actor, Action::Denied).within(portal.account.id);
        tx.commit(last).await.expect("a commit");
        let cookie = portal.cookie_of("manager").await;
        let stalled = async || {
            let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
            socket.set_recv_buffer_size(4096).expect("a small buffer");
            let address = portal.url.trim_start_matches("http://").parse().expect("an address");
            let mut stream = socket.connect(address).await.expect("a connection");
            let request = format!("GET /audit/export.jsonl HTTP/1.1\r\nHost: countersign.test\r\nCookie: {cookie}\r\n\r\n");
            stream.write_all(request.as_bytes()).await.expect("a request");
            let mut begin = [0; 15];
            stream.read_exact(&mut begin).await.expect("an answer");
            assert_eq!(&begin, b"HTTP/1.1 200 OK");
            stream
        };
        let (first, second) = (stalled().await, stalled().await);
        let small = "/audit/export.jsonl?type=user_created";
        let browser = portal.signed_in("manager").await;
        assert_eq!(browser.get(small).await.status, 503, "two at once");
        assert_eq!(browser.get("/audit").await.status, 200, "pages go on");
        drop(first);
        until("a place", Duration::from_secs(5), async || browser.get(small).await.status == 200).await;
        drop(second);
        until("another", Duration::from_secs(5), async || export_count(&browser).await > 6_000).await;
    }
}

async fn export_count(browser: &Browser) -> usize {
    let page = browser.get("/audit/export.jsonl").await;
    if page.status == 200 { page.body.lines().count() } else { 0 }
}
