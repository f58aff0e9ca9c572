//! Confirmation status: every figure is what counting one by one gives, and leads to the list that it counted.

use std::fmt::Write as _;

use chrono::{Datelike as _, Days, NaiveDate, TimeDelta};
use countersign::{
    actions::{edit_customer, import_subscriptions},
    domain::{
        actor::{Actor, Principal},
        agreement::Channel,
        audit::Action,
        country::Country,
        customer::Company,
        list_columns::ReadOptions,
        partner_account::{Cloud, PartnerAccount, PartnerType},
        role::Role,
        subscription_file,
    },
    store::{counts, customers},
};
use uuid::Uuid;

use super::{
    customers::statements,
    orders::{EXCHANGE, quantity},
};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        direct::Direct,
        portal::{account, day, person},
        rng::SeededRng,
    },
};

/// A customer as the test remembers it.
struct Remembered {
    name: String,
    country: &'static str,
    /// The Monday of the week in which it was added.
    added: NaiveDate,
    /// The agent of each confirmation, the Monday of its week, and whether it is for the version that is enough.
    recorded: Vec<(usize, NaiveDate, bool)>,
    /// The last days of the terms of what renews by hand, each of a year.
    by_hand: Vec<NaiveDate>,
}

impl Remembered {
    fn confirmation_status(&self) -> &'static str {
        match self.recorded.last() {
            None => "not-confirmed",
            Some((_, _, false)) => "reconfirmation-due",
            Some(_) => "confirmed",
        }
    }
}

/// The days from a Monday up to a day.
fn monday(of: NaiveDate) -> NaiveDate {
    of - Days::new(of.weekday().num_days_from_monday().into())
}

/// Moves a customer to a country.
async fn moves(portal: &Portal, actor: &Actor, id: Uuid, country: &str) {
    let mut tx = portal.db.write().await.unwrap();
    let known = customers::find(&mut tx, actor.account.id, id).await.unwrap().unwrap();
    let company = Company { country: Country::parse(country), ..known.company() };
    let event = edit_customer::edit_company_within(&mut tx, actor, id, known.company_etag, &company).await.unwrap();
    tx.commit(event).await.unwrap();
}

/// Gives a customer subscriptions of a year that end on the given days and renew by hand, and one that renews by itself.
async fn subscribes(portal: &Portal, actor: &Actor, id: Uuid, ends: &[NaiveDate]) {
    let mut file = "Subscription ID,Subscription,Quantity,Status,Reseller,Microsoft ID,Auto renew,Renewal date,\
                    Term\n"
        .to_owned();
    let by_hand = ends.iter().map(|end| (end, "no"));
    for (end, auto_renew) in by_hand.chain(ends.iter().take(1).map(|end| (end, "yes"))) {
        let renews = *end + Days::new(1);
        let subscription = portal.clock.id();
        writeln!(file, "{subscription},Power BI Pro,5,Active,,{id},{auto_renew},{renews},P1Y").unwrap();
    }
    let today = actor.account.today(portal.clock.now());
    let file = subscription_file::read(file.as_bytes(), &ReadOptions::on(today)).expect("a file");
    let planned = import_subscriptions::apply(&portal.db, actor, &file).await.unwrap();
    assert!(planned.iter().all(|one| matches!(one.fate, countersign::actions::import::RowOutcome::New)), "{planned:?}");
}

fn figures(page: &Page) -> Vec<String> {
    page.texts(".figures > *").iter().map(|text| text.split(' ').collect::<Vec<_>>().join(" ")).collect()
}

/// The number in the figure of a confirmation status, and where it leads.
fn figure(page: &Page, place: usize) -> i64 {
    page.texts(".figures b")[place].replace(',', "").parse().expect("a number")
}

/// How many customers a list has, all pages.
async fn listed(browser: &Browser, path: &str) -> i64 {
    let separator = if path.contains('?') { '&' } else { '?' };
    let csv = path.replacen("/customers", "/customers/export.csv", 1);
    let file = browser.get(&format!("{csv}{separator}separator=comma")).await;
    assert_eq!(file.status, 200, "{csv}");
    i64::try_from(file.body.lines().count()).unwrap() - 1
}

/// Customers as they came about in four hundred days, and everything that is true of them, remembered beside the portal.
struct Population {
    agents: [Uuid; 2],
    customers: Vec<Remembered>,
    today: NaiveDate,
}

const COUNTRIES: [&str; 3] = ["NL", "BE", ""];

impl Population {
    async fn grow(portal: &Portal) -> Self {
        let mut rng = SeededRng::new(11);
        let mut agents = Vec::new();
        for name in ["anna", "bram"] {
            let id = portal.add_user(name, Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
            agents.push(Actor {
                who: Principal::user(id, name),
                role: Role::SalesAgent,
                account: portal.account.clone(),
            });
        }
        let desk = Actor::command_line(portal.account.clone());
        let start = portal.clock.now() - TimeDelta::days(400);
        let mut all = Vec::new();
        portal.clock.set(start);
        // The first version in one half of the time, the newer one in the other.
        for step in 0..80 {
            portal.clock.set(start + TimeDelta::days(step * 5));
            let today = portal.account.today(portal.clock.now());
            // Most are there from the start, the others come one by one up to the last week.
            let more = if step == 0 { 16 } else { usize::from(step % 4 == 3) };
            for _ in 0..more {
                let name = format!("Customer {:02}", all.len());
                let id = portal.add_customer(&name).await;
                let country = COUNTRIES[rng.below(3)];
                moves(portal, &desk, id, country).await;
                let added = monday(today);
                all.push((id, Remembered { name, country, added, recorded: Vec::new(), by_hand: Vec::new() }));
            }
            if step == 40 {
                portal.add_version("Newer", &today.to_string(), Some("2026-11-20")).await;
            }
            let (place, agent) = (rng.below(all.len().min(30)), rng.below(2));
            let (id, one) = &mut all[place];
            let who = person("Anna", "de Vries", &format!("anna{step}@contoso.example"));
            portal.confirm_as(&agents[agent], Channel::AccountInfo, *id, &who, today).await;
            one.recorded.push((agent, monday(today), step >= 40));
            if rng.below(4) == 0 {
                one.country = COUNTRIES[rng.below(3)];
                moves(portal, &desk, *id, one.country).await;
            }
        }
        portal.clock.set(start + TimeDelta::days(400));
        let today = portal.account.today(portal.clock.now());
        for (id, one) in all.iter_mut().step_by(2) {
            // Some renew within the windows, some later; of a term that is over the next one counts.
            let ends = [3, 45, 88, 120, -340].into_iter().filter(|_| rng.below(2) == 0);
            one.by_hand = ends.map(|days| today + TimeDelta::days(days)).collect();
            subscribes(portal, &desk, *id, &one.by_hand).await;
        }
        let ids: Vec<Uuid> = agents.iter().filter_map(|agent| agent.who.id).collect();
        Self { agents: ids.try_into().unwrap(), customers: all.into_iter().map(|(_, one)| one).collect(), today }
    }

    /// Whom a filter of the page leaves.
    fn in_country(&self, asked: &str) -> Vec<&Remembered> {
        let here = self.customers.iter().filter(|one| match asked {
            "" => true,
            "unknown" => one.country.is_empty(),
            country => one.country == country,
        });
        here.collect()
    }
}

/// How many have a confirmation status, of those whose last confirmation is the agent's, if one is asked for.
fn with_status(here: &[&Remembered], confirmation_status: &str, agent: Option<usize>) -> i64 {
    let counted = here.iter().filter(|one| one.confirmation_status() == confirmation_status);
    let last_by = |one: &Remembered| one.recorded.last().map(|(by, ..)| *by);
    count(counted.filter(|one| agent.is_none() || last_by(one) == agent))
}

/// How many were recorded in each of the weeks up to that of a day.
fn by_week(here: &[&Remembered], weeks: u64, today: NaiveDate, agent: Option<usize>) -> Vec<i64> {
    let first = monday(today) - Days::new(7 * (weeks - 1));
    let weeks = (0..weeks).map(|week| first + Days::new(7 * week));
    let recorded = || here.iter().flat_map(|one| &one.recorded);
    weeks
        .map(|asked| count(recorded().filter(|(by, week, _)| *week == asked && agent.is_none_or(|agent| agent == *by))))
        .collect()
}

/// How many were left at the end of each week: added by then, and blocked today or confirmed later. Before them how many
/// were left when the first began.
fn left(here: &[&Remembered], weeks: u64, today: NaiveDate, agent: Option<usize>) -> Vec<i64> {
    let first = monday(today) - Days::new(7 * weeks);
    let ends = (0..=weeks).map(|week| first + Days::new(7 * week + 6));
    let asked = here.iter().filter(|one| agent.is_none() || one.recorded.last().map(|(by, ..)| *by) == agent);
    let asked: Vec<_> = asked.collect();
    let is_left = |one: &&&&Remembered, end: NaiveDate| {
        let blocked = one.confirmation_status() != "confirmed";
        one.added <= end && (blocked || one.recorded.last().is_some_and(|(_, week, _)| *week > end))
    };
    ends.map(|end| count(asked.iter().filter(|one| is_left(one, end)))).collect()
}

/// The next day on which something of a customer renews by hand, within ninety days.
fn next_renewal(one: &Remembered, today: NaiveDate) -> Option<NaiveDate> {
    let days = one.by_hand.iter().map(|end| {
        let renews = *end + Days::new(1);
        if renews <= today { renews.with_year(renews.year() + 1).unwrap() } else { renews }
    });
    days.filter(|day| (*day - today).num_days() <= 90).min()
}

/// Whom to ask first: by the next renewal, then by licences, then whoever came first.
fn most_urgent(here: &[&Remembered], today: NaiveDate, agent: Option<usize>) -> Vec<String> {
    let licences = |one: &Remembered| 5 * (one.by_hand.len() + usize::from(!one.by_hand.is_empty()));
    let blocked = here.iter().filter(|one| one.confirmation_status() != "confirmed");
    let mut blocked: Vec<_> = blocked
        .filter(|one| agent.is_none() || one.recorded.last().map(|(by, ..)| *by) == agent)
        // No index leads from an agent to the customers with the most licences.
        .filter(|one| agent.is_none() || next_renewal(one, today).is_some())
        .collect();
    blocked.sort_by_key(|one| {
        let renews = next_renewal(one, today);
        (renews.is_none(), renews, std::cmp::Reverse(licences(one)), one.name.clone())
    });
    blocked.iter().take(10).map(|one| one.name.clone()).collect()
}

/// How much renews by hand within some days, of whoever is not confirmed.
fn at_risk(here: &[&Remembered], window: i64, today: NaiveDate) -> usize {
    let closed = here.iter().filter(|one| one.confirmation_status() != "confirmed");
    let ends = closed.flat_map(|one| &one.by_hand);
    ends.filter(|end| {
        let mut renews = **end + Days::new(1);
        if renews <= today {
            renews = renews.with_year(renews.year() + 1).unwrap();
        }
        (renews - today).num_days() <= window
    })
    .count()
}

fn count<T>(of: impl Iterator<Item = T>) -> i64 {
    i64::try_from(of.count()).unwrap()
}

on_both_databases! {
    async fn every_figure_is_what_counting_one_by_one_gives(portal) {
        let population = Population::grow(portal).await;
        let today = population.today;
        let manager = portal.signed_in("manager").await;
        for country in ["", "NL", "unknown"] {
            let here = population.in_country(country);
            for agent in [None, Some(0), Some(1)] {
                let agent_id = agent.map_or_else(String::new, |agent: usize| population.agents[agent].to_string());
                for (period, weeks) in [("", 13), ("4w", 4), ("26w", 26), ("52w", 52)] {
                    let query = format!("country={country}&agent={agent_id}&period={period}");
                    let page = manager.get(&format!("/status?{query}")).await;
                    assert_eq!(page.status, 200, "{query}");
                    let links = page.attributes(".figures a", "href");
                    for (place, confirmation_status) in ["not-confirmed", "reconfirmation-due", "confirmed"].into_iter().enumerate() {
                        let shown = figure(&page, place);
                        assert_eq!(shown, with_status(&here, confirmation_status, agent), "{confirmation_status} of {query}");
                        if period.is_empty() {
                            assert_eq!(listed(&manager, &links[place]).await, shown, "the list of {confirmation_status} of {query}");
                        }
                    }

                    let mut shown: Vec<i64> = page
                        .texts("[aria-label='Confirmations recorded per week'] tbody td:nth-child(5)")
                        .iter()
                        .map(|number| number.parse().unwrap())
                        .collect();
                    shown.reverse();
                    assert_eq!(shown, by_week(&here, weeks, today, agent), "{query}");

                    let plain = left(&here, weeks, today, agent);
                    let mut shown: Vec<i64> = page
                        .texts("[aria-label='Confirmations recorded per week'] tbody td:last-child")
                        .iter()
                        .map(|number| number.parse().unwrap())
                        .collect();
                    shown.reverse();
                    assert_eq!(shown, plain[1..], "still to confirm of {query}");
                    let blocked = with_status(&here, "not-confirmed", agent) + with_status(&here, "reconfirmation-due", agent);
                    assert_eq!(shown.last(), Some(&blocked), "the last point is the headline");
                    let whole = blocked + with_status(&here, "confirmed", agent);
                    let headline = page.texts("#h-headline").concat();
                    assert!(headline.starts_with(&format!("{blocked} of {whole} customers (")), "{headline}");
                    let change = blocked - plain[plain.len() - 2];
                    let change = match change {
                        0 => "No change since Monday".to_owned(),
                        1.. => format!("{change} more since Monday"),
                        ..0 => format!("{} fewer since Monday", -change),
                    };
                    assert_eq!(page.texts(".change"), [change], "{query}");

                    let windows = [30, 60, 90].map(|window| format!("{window} days: {}", at_risk(&here, window, today)));
                    assert_eq!(page.texts(".windows li"), windows, "{query}");
                    let urgent = page.texts("section[aria-labelledby=urgent] tbody th");
                    assert_eq!(urgent, most_urgent(&here, today, agent), "{query}");
                }
            }
        }
        let (kept, wrong) = counts::differences(&mut portal.db.snapshot().await.unwrap()).await.unwrap();
        assert!(kept > 20 && wrong.is_empty(), "{kept} {wrong:?}");
    }

    async fn each_number_leads_to_a_list_as_long(portal) {
        Population::grow(portal).await;
        let manager = portal.signed_in("manager").await;
        let page = manager.get("/status").await;
        for table in ["by-country", "by-agent"] {
            let numbers = page.texts(&format!("section[aria-labelledby={table}] td a"));
            let links = page.attributes(&format!("section[aria-labelledby={table}] td a"), "href");
            assert!(numbers.len() > 3, "{table}");
            for (number, link) in numbers.iter().zip(links) {
                assert_eq!(listed(&manager, &link).await.to_string(), *number, "{link}");
            }
        }
        // Each week leads to the entries of the trail that it counted.
        let numbers = page.texts("[aria-label='Confirmations recorded per week'] td a");
        let links = page.attributes("[aria-label='Confirmations recorded per week'] td a", "href");
        assert!(numbers.len() > 10);
        for (number, link) in numbers.iter().zip(links) {
            let trail = manager.get(&link).await;
            assert_eq!(trail.texts(".events li").len().to_string(), *number, "{link}");
        }
    }

    async fn a_kept_figure_that_is_wrong_is_found(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let differences = async || counts::differences(&mut portal.db.snapshot().await.unwrap()).await.unwrap();
        assert_eq!(differences().await, (7, vec![]));
        let mut direct = Direct::connect(&portal.location).await;
        direct.execute("UPDATE agreement_counts SET agreements = 4").await;
        direct.execute("UPDATE customer_counts SET customers = customers + 5 WHERE customers = 1").await;
        let (_, wrong) = differences().await;
        let figures: Vec<(i64, i64)> = wrong.iter().map(|one| (one.kept, one.counted)).collect();
        assert_eq!(figures, [(6, 1), (4, 1), (4, 1)], "of all countries, too");

        direct.execute("UPDATE agreement_counts SET agreements = 1").await;
        direct.execute("UPDATE customer_week_counts SET customers = 3 WHERE country = '*'").await;
        direct.execute("UPDATE customers SET licences = 9").await;
        let (_, wrong) = differences().await;
        let figures: Vec<(i64, i64)> = wrong.iter().map(|one| (one.kept, one.counted)).collect();
        assert_eq!(figures, [(9, 0), (6, 1), (3, 1), (3, 1)]);
        direct.execute("UPDATE customer_week_counts SET customers = 1").await;
        direct.execute("UPDATE customers SET licences = 0").await;
        direct.execute("UPDATE customer_counts SET customers = 1 WHERE customers = 6").await;
        assert_eq!(differences().await, (7, vec![]));
    }

    async fn with_a_day_ahead_the_line_counts_against_its_version(portal) {
        // 22 November 2026 is a Sunday.
        let customers = [("2026-09-01", Some("2026-09-02")), ("2026-09-01", Some("2026-11-03")), ("2026-11-18", None), ("2026-09-01", None)];
        let mut ids = Vec::new();
        for (number, (added, confirmed)) in customers.iter().enumerate() {
            portal.clock.set(format!("{added}T09:00:00Z").parse().unwrap());
            ids.push((portal.add_customer(&format!("Customer {number}")).await, *confirmed));
        }
        portal.clock.set("2026-09-02T09:00:00Z".parse().unwrap());
        portal.confirm(ids[0].0, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-09-02")).await;
        portal.add_version("Newer", "2026-09-02", Some("2027-01-04")).await;
        portal.clock.set("2026-11-03T09:00:00Z".parse().unwrap());
        portal.confirm(ids[1].0, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-11-03")).await;
        portal.clock.set("2026-11-22T09:05:00Z".parse().unwrap());
        let page = portal.signed_in("manager").await.get("/status?period=4w").await;
        assert_eq!(page.texts("#h-headline"), ["2 of 4 customers (50 %) are blocked"], "one with the older version is not");
        assert_eq!(page.texts(".change"), ["1 more since Monday"]);
        assert_eq!(page.texts("#weeks"), ["Deadline: Newer is mandatory from 4 January 2027"]);
        let left = page.texts("[aria-label='Confirmations recorded per week'] tbody td:last-child");
        assert_eq!(left, ["3", "2", "2", "3"], "newest first");
        // 43 days are six whole weeks.
        assert_eq!(page.texts(".pace dd"), ["1 a week, 43 days left"], "only three full weeks are read");
        let page = portal.signed_in("manager").await.get("/status").await;
        assert_eq!(page.texts(".pace dd"), ["1 a week, 43 days left", "0.3 a week", "14 February 2027 41 days late"]);
        assert_eq!(page.texts("#weeks ~ .badge"), ["Behind"]);
    }

    async fn a_version_that_is_mandatory_is_named_with_its_day(portal) {
        for number in 0..2 {
            let id = portal.add_customer(&format!("Customer {number}")).await;
            portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        }
        portal.add_customer("Contoso").await;
        let manager = portal.signed_in("manager").await;
        let said = manager.get("/status").await.texts("#headline > p").concat();
        assert_eq!(said, "No order can be placed and no licence count changed for them. 1 has no confirmation.");
        portal.add_version("Newer", "2026-11-01", Some("2026-11-20")).await;
        let page = manager.get("/status").await;
        assert_eq!(page.texts("#h-headline"), ["3 of 3 customers (100 %) are blocked"]);
        assert_eq!(
            page.texts("#headline > p").concat(),
            "No order can be placed and no licence count changed for them. 1 has no confirmation. 2 accepted an earlier \
             version than Newer, which has been mandatory since 20 November 2026."
        );
    }

    async fn the_weeks_follow_the_zone_of_the_account(portal) {
        // Sunday evening in Amsterdam, Monday morning in Auckland.
        portal.clock.set("2026-11-22T20:00:00Z".parse().unwrap());
        let id = portal.add_customer("Contoso").await;
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let week = async || Direct::connect(&portal.location).await.rows("SELECT CAST(week AS TEXT) FROM agreement_counts WHERE country = '*'").await.concat();
        assert_eq!(week().await, ["2026-11-16"]);
        portal.set_account(&PartnerAccount { time_zone: "Pacific/Auckland".parse().unwrap(), ..portal.account.clone() }).await;
        assert_eq!(week().await, ["2026-11-23"]);
        let customers = "SELECT CAST(week AS TEXT) FROM customer_week_counts WHERE country = '*'";
        let mut direct = Direct::connect(&portal.location).await;
        assert_eq!(direct.rows(customers).await.concat(), ["2026-11-23", "2026-11-23"]);
    }

    async fn what_the_gate_holds_up_is_listed_and_counted_for_thirty_days(portal) {
        let sales = portal.signed_in("sales").await;
        let manager = portal.signed_in("manager").await;
        let contoso = portal.add_customer("Contoso").await;
        portal.confirm(contoso, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let form = quantity(sales.form(&format!("/customers/{contoso}/orders/new")).await, EXCHANGE, "25");
        let review = sales.form(&sales.submit(&form).await.location()).await;
        let page = manager.get("/status").await;
        assert_eq!(page.texts("#blocked + .meta"), ["No order waits for a confirmation"]);

        portal.add_version("Newer", "2026-11-01", Some("2026-11-22")).await;
        let refused = sales.submit(&review).await;
        assert_eq!(refused.status, 409, "{}", refused.main());
        let page = manager.get("/status").await;
        assert_eq!(page.texts("#blocked + .meta"), ["1 order waits for a confirmation"]);
        let row = page.texts("section[aria-labelledby=blocked] tbody tr").concat();
        for part in ["Contoso", "Order: Exchange Online (Plan 1)", "25", "since today", "Sales"] {
            assert!(row.contains(part), "{part} in {row}");
        }
        assert_eq!(page.texts("#blocked ~ .meta")[1], "25 licences");
        let under = page.texts(".under")[0].clone();
        let blocked = portal.events(Action::OrderBlocked).await;
        assert!(blocked > 0 && under.contains(&format!("{blocked} order")), "{under}");
        let link = page.attributes(".under a", "href").remove(0);
        assert_eq!(i64::try_from(manager.get(&link).await.texts(".events li").len()).unwrap(), blocked, "{link}");

        portal.clock.advance(TimeDelta::days(29));
        let manager = portal.signed_in("manager").await;
        assert!(manager.get("/status").await.texts(".under")[0].contains(&format!("{blocked} order")));
        portal.clock.advance(TimeDelta::days(1));
        let manager = portal.signed_in("manager").await;
        assert!(manager.get("/status").await.texts(".under")[0].contains("0 orders"));
    }
}

on_sqlite! {
    async fn a_manager_lands_on_the_figures_and_an_agent_among_the_customers(portal) {
        assert_eq!(portal.signed_in("manager").await.get("/").await.location(), "/status");
        for name in ["sales", "admin"] {
            assert_eq!(portal.signed_in(name).await.get("/").await.location(), "/customers");
        }
    }

    async fn a_filter_with_nonsense_is_named_and_ignored(portal) {
        portal.add_customer("Contoso").await;
        let manager = portal.signed_in("manager").await;
        let page = manager.get("/status?period=3x&country=Atlantis&agent=nobody").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.texts(".msg[role=status]").len(), 3, "{}", page.main());
        assert_eq!(figure(&page, 0), 1);
        let page = manager.get("/status?period=4w&country=NL").await;
        assert_eq!(page.attributes(".filters option[selected]", "value"), ["4w", "NL"]);
        assert_eq!(figure(&page, 0), 0);
    }

    async fn nothing_is_held_up_in_a_national_cloud(portal) {
        portal.add_customer("Contoso").await;
        portal.set_account(&PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() }).await;
        let page = portal.signed_in("manager").await.get("/status").await;
        assert_eq!(figures(&page).len(), 1, "{:?}", figures(&page));
        assert_eq!(figure(&page, 0), 1);
        assert!(page.main().contains("21Vianet"), "{}", page.main());
        assert_eq!(page.texts("h2"), [""; 0]);
    }

    async fn an_indirect_reseller_reads_who_confirms(portal) {
        portal.add_customer("Contoso").await;
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        let page = portal.signed_in("manager").await.get("/status").await;
        assert!(page.main().contains("indirect provider"), "{}", page.main());
        assert_eq!(figure(&page, 0), 1);
    }

    async fn everyone_confirmed_and_nobody_there_say_so(portal) {
        let manager = portal.signed_in("manager").await;
        assert!(manager.get("/status").await.main().contains("No customers yet"));
        let id = portal.add_customer("Contoso").await;
        assert!(!manager.get("/status").await.main().contains("Everyone is confirmed"));
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        assert!(manager.get("/status").await.main().contains("Everyone is confirmed, as of 22 November 2026"));
    }
}

on_both_databases! {
    async fn the_customers_of_another_account_are_not_counted(portal) {
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "Fabrikam Geheim", None).await;
        portal.add_customer("Contoso").await;
        let page = portal.signed_in("manager").await.get("/status").await;
        assert_eq!(figure(&page, 0), 1);
        assert!(!page.body.contains("Geheim"));
    }

    async fn the_figures_leave_as_files_and_the_log_says_so(portal) {
        for number in 0..3 {
            portal.add_customer(&format!("Contoso {number}")).await;
        }
        let manager = portal.signed_in("manager").await;
        let file = manager.get("/status/export.csv?separator=semicolon&country=unknown").await;
        assert_eq!(file.status, 200);
        assert!(file.header("content-type").starts_with("text/csv"), "{}", file.header("content-type"));
        let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "Part;Of;What;Number");
        assert!(lines.iter().any(|line| line.starts_with("Customers;As of 22 November 2026 10:05 CET") && line.ends_with("Not confirmed;3")), "{lines:?}");
        assert!(lines.contains(&"By country/region;Not provided;Not confirmed;3"), "{lines:?}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("Most urgent;Contoso")).count(), 3);
        assert_eq!(manager.get("/status/export.xlsx").await.status, 200);
        assert_eq!(portal.events(Action::Exported).await, 2);
    }

    async fn the_page_asks_a_fixed_number_of_things_however_many_customers(portal) {
        let manager = portal.signed_in("manager").await;
        portal.add_customer("Contoso").await;
        let path = ["/status".to_owned()];
        let few = statements(portal, &manager, &path).await;
        for number in 0..30 {
            let id = portal.add_customer(&format!("Fabrikam {number}")).await;
            if number % 2 == 0 {
                portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
            }
        }
        assert_eq!(statements(portal, &manager, &path).await, few);
    }

    async fn figures_that_nothing_changed_are_not_read_anew(portal) {
        portal.add_customer("Contoso").await;
        let manager = portal.signed_in("manager").await;
        let path = ["/status".to_owned()];
        let made = statements(portal, &manager, &path).await;
        let kept = statements(portal, &manager, &path).await;
        assert!(kept < made, "{kept:?} statements instead of {made:?}");
        assert_eq!(statements(portal, &manager, &["/status?period=4w".to_owned()]).await, made);
        portal.add_customer("Fabrikam").await;
        assert_eq!(statements(portal, &manager, &path).await, made);
    }

    async fn whatever_changes_is_on_the_page_at_once(portal) {
        let contoso = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let manager = portal.signed_in("manager").await;
        let dutch = portal.signed_in("admin").await;
        dutch.post("/preferences", &[("language", "nl"), ("return_to", "/status")]).await;
        let urgent = async || manager.get("/status").await.texts("section[aria-labelledby=urgent] tbody th").concat();
        let lead = async |browser: &Browser| browser.get("/status").await.texts("#blocked + .meta").concat();
        assert_eq!(urgent().await, "Contoso");

        let actor = Actor::command_line(portal.account.clone());
        let mut tx = portal.db.write().await.unwrap();
        let known = customers::find(&mut tx, portal.account.id, contoso).await.unwrap().unwrap();
        let company = Company { name: "Contoso Renamed".to_owned(), ..known.company() };
        let event = edit_customer::edit_company_within(&mut tx, &actor, contoso, known.company_etag, &company).await.unwrap();
        tx.commit(event).await.unwrap();
        assert_eq!(urgent().await, "Contoso Renamed");

        let fabrikam = portal.add_customer("Fabrikam").await;
        portal.confirm(fabrikam, &person("Anna", "de Vries", "anna@fabrikam.example"), day("2026-03-12")).await;
        let form = quantity(sales.form(&format!("/customers/{fabrikam}/orders/new")).await, EXCHANGE, "25");
        portal.add_version("Newer", "2026-11-01", Some("2026-11-22")).await;
        assert_eq!(lead(&manager).await, "No order waits for a confirmation");
        assert_eq!(lead(&dutch).await, "Er wacht geen bestelling op een bevestiging");
        sales.submit(&form).await;
        assert_eq!(lead(&manager).await, "1 order waits for a confirmation");
        assert_eq!(lead(&dutch).await, "1 bestelling wacht op een bevestiging");
        // What somebody is filling in is not in the log.
        Direct::connect(&portal.location).await.execute("DELETE FROM order_drafts").await;
        assert_eq!(lead(&manager).await, "No order waits for a confirmation");

        // Neither is the day.
        portal.clock.set("2026-11-22T22:50:00Z".parse().unwrap());
        let manager = portal.signed_in("manager").await;
        let why = async || manager.get("/status").await.texts("section[aria-labelledby=urgent] tbody td:nth-child(2)")[0].clone();
        assert_eq!(why().await, "No licences. Without confirmation: since today");
        portal.clock.set("2026-11-22T23:10:00Z".parse().unwrap());
        assert_eq!(why().await, "No licences. Without confirmation: 1 day");
    }
}
